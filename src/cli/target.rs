//! The index of a command that writes: its own, or that of a running server.

use std::path::Path;

use oba::{
    index::{IndexError, IndexWriter, Options},
    ingest::Sink,
    live::{Replacement, ServerSink, apply_journal},
};

use super::Failure;

/// What a command writes to.
pub(super) enum Target {
    Own(Box<IndexWriter>),
    Server(Box<ServerSink>),
    /// One of its own, for a server to take in the place of what that has.
    Replacement(Box<IndexWriter>, Replacement),
}

impl Target {
    /// Opens the index in `dir`, or finds the server that holds it.
    pub(super) fn open(dir: &Path, options: impl Into<Options>) -> Result<Self, Failure> {
        let options = options.into();
        // What a server accepted before it was killed comes before what is read now.
        apply_journal(dir)?;
        match IndexWriter::open(dir, options.clone()) {
            Ok(writer) => Ok(Self::Own(Box::new(writer))),
            Err(locked @ IndexError::Locked { .. }) => match ServerSink::connect(dir, &options)? {
                Some(sink) => Ok(Self::Server(Box::new(sink))),
                None => Err(locked.into()),
            },
            Err(error) => Err(error.into()),
        }
    }

    /// Opens an index to be built anew in the place of the one in `dir`, beside the server that holds that, if one does.
    pub(super) fn rebuild(dir: &Path, options: Options) -> Result<Self, Failure> {
        match IndexWriter::rebuild(dir, options.clone()) {
            Ok(writer) => Ok(Self::Own(Box::new(writer))),
            Err(locked @ IndexError::Locked { .. }) => match Replacement::begin(dir)? {
                Some(place) => {
                    let writer = IndexWriter::rebuild(place.folder(), options)?;
                    Ok(Self::Replacement(Box::new(writer), place))
                }
                None => Err(locked.into()),
            },
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn sink(&mut self) -> &mut dyn Sink {
        match self {
            Self::Own(writer) | Self::Replacement(writer, _) => &mut **writer,
            Self::Server(sink) => &mut **sink,
        }
    }

    /// Ends writing in good order; what was committed stays in any case, but for what a server does not take.
    pub(super) fn close(self) -> Result<(), Failure> {
        match self {
            Self::Own(writer) => Ok(writer.close().map(drop)?),
            Self::Server(_) => Ok(()),
            Self::Replacement(writer, place) => {
                writer.close()?;
                Ok(place.publish()?)
            }
        }
    }
}
