//! The process that parses: it reads requests from its standard input until that ends.

use std::{
    io::{self, Read, Write},
    path::PathBuf,
};

use super::wire::{self, Answer, Request, Sent};
use crate::corpus::read_file;

/// Answers requests to read files, with no more memory than so many bytes.
///
/// # Errors
/// Where the parent is gone.
pub fn serve(mut input: impl Read, mut output: impl Write, memory_bytes: u64) -> io::Result<()> {
    limit_memory(memory_bytes)?;
    while let Some(request) = wire::read::<Request>(&mut input)? {
        let mut sent = Ok(());
        read_file(&path_of(&request.path), &request.options(), &mut |part| {
            if sent.is_ok() {
                sent = wire::write(&mut output, &Answer::Part(Box::new(Sent::of(part))));
            }
        });
        sent?;
        wire::write(&mut output, &Answer::End)?;
    }
    Ok(())
}

#[cfg(unix)]
fn limit_memory(bytes: u64) -> io::Result<()> {
    rlimit::setrlimit(rlimit::Resource::AS, bytes, bytes)?;
    // What a crash leaves behind is of no use to anybody.
    rlimit::setrlimit(rlimit::Resource::CORE, 0, 0)
}

#[cfg(not(unix))]
fn limit_memory(_bytes: u64) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    PathBuf::from(OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
