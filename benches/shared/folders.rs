//! What benchmarks do with folders: name them, fill them with an index of oba, weigh them.

use std::{
    env,
    fs::{self, File},
    io::BufReader,
    path::{Path, PathBuf},
};

use oba::{
    index::IndexWriter,
    ingest::{Options, Silent, Source, ingest},
};

/// The folder that a variable of the environment names.
pub fn folder(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Indexes documents as `oba index --rebuild` does, to the last merge.
pub fn index(documents: &Path, dir: &Path) {
    let lines = BufReader::with_capacity(1 << 20, File::open(documents).expect("documents"));
    let sources = vec![Source::Lines("documents".to_owned(), Box::new(lines))];
    let mut writer = IndexWriter::rebuild(dir, None).expect("a writer");
    ingest(&mut writer, sources, dir, &Options::default(), &Silent, &false.into()).expect("they are indexed");
    writer.close().expect("the last merge");
}

/// The bytes of all files in a folder and below.
pub fn size(dir: &Path) -> u64 {
    let entries = fs::read_dir(dir).expect("readable").map(|entry| entry.expect("readable"));
    let sizes = entries.map(|entry| {
        let data = entry.metadata().expect("readable");
        if data.is_dir() { size(&entry.path()) } else { data.len() }
    });
    sizes.sum()
}
