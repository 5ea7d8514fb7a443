//! Documents → what an index of them costs in time and disk: with lemmas, without, and in bare tantivy.

use std::{
    fs,
    fs::File,
    io::BufReader,
    path::Path,
    time::{Duration, Instant},
};

use oba::{
    analysis::Rules,
    index::{Index, IndexWriter},
    ingest::{Options, Silent, Source, ingest},
};

use crate::{BARE, OBA, bare};

/// How often each variant is measured; odd, so that there is a middle one.
const ROUNDS: usize = 3;

/// What one run of indexing took.
pub struct Cost {
    elapsed: Duration,
    disk_bytes: u64,
}

/// Measures all variants, and leaves an index with lemmas and a bare one in the folder.
pub fn measure(documents: &Path, indexes: &Path) {
    let (lemmas, stems) = (Rules { lemmas: true }, Rules { lemmas: false });
    let variants: [(&str, &dyn Fn() -> Cost); 3] = [
        ("stems alone", &|| oba(documents, &indexes.join(OBA), stems)),
        ("lemmas", &|| oba(documents, &indexes.join(OBA), lemmas)),
        ("bare tantivy", &|| bare(documents, &indexes.join(BARE))),
    ];
    let mut costs: Vec<Vec<Cost>> = variants.iter().map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        for ((_, index), costs) in variants.iter().zip(&mut costs) {
            costs.push(index());
        }
    }
    let megabytes = fs::metadata(documents).expect("documents").len() as f64 / 1e6;
    println!("indexing {megabytes:.1} MB; the middle of {ROUNDS} rounds");
    println!("{:16}  seconds    MB/s   disk MB", "");
    for ((name, _), costs) in variants.iter().zip(costs) {
        let cost = middle(costs);
        let (seconds, disk) = (cost.elapsed.as_secs_f64(), cost.disk_bytes as f64 / 1e6);
        println!("{name:16}  {seconds:>7.2}  {:>6.2}  {disk:>8.1}", megabytes / seconds);
    }
    println!();
}

/// Indexes documents as `oba index --rebuild` does, to the last merge.
pub fn oba(documents: &Path, dir: &Path, rules: Rules) -> Cost {
    empty(dir);
    let lines = BufReader::with_capacity(1 << 20, File::open(documents).expect("documents"));
    let sources = vec![Source::Lines("documents".to_owned(), Box::new(lines))];
    let started = Instant::now();
    let mut writer = IndexWriter::rebuild(dir, Some(rules)).expect("a writer");
    ingest(&mut writer, sources, dir, &Options::default(), &Silent, &false.into()).expect("they are indexed");
    writer.close().expect("the last merge");
    let elapsed = started.elapsed();
    let disk_bytes = Index::open(dir).and_then(|index| index.disk_bytes()).expect("an index");
    Cost { elapsed, disk_bytes }
}

/// Indexes documents in bare tantivy, to the last merge.
pub fn bare(documents: &Path, dir: &Path) -> Cost {
    empty(dir);
    let started = Instant::now();
    bare::index(documents, dir);
    let elapsed = started.elapsed();
    Cost { elapsed, disk_bytes: bare::disk_bytes(dir) }
}

fn empty(dir: &Path) {
    if dir.exists() {
        fs::remove_dir_all(dir).expect("a folder of ours");
    }
    fs::create_dir_all(dir).expect("a new folder");
}

fn middle(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by_key(|cost| cost.elapsed);
    costs.swap_remove(costs.len() / 2)
}
