//! SeekStorm, asked what the benchmark asks of oba and of bare tantivy.
//!
//! `index DOCUMENTS FOLDER` indexes lines of JSON and prints what that cost. `ask FOLDER` reads a query a line, `TASK<tab>KIND<tab>TEXT`,
//! and prints what it took, `CPU<tab>CLOCK` in nanoseconds, and how many hits or documents there were.
//!
//! One shard, as the benchmark compares one segment; words of any alphabet, Russian stems (one stemmer serves an index; Latin words
//! stay as they are), pairs of frequent words, no completion and no correction of spelling, which are not asked for.

use std::{
    collections::HashSet,
    fs::{self, File},
    io::{BufRead, BufReader, Write, stdin, stdout},
    path::Path,
    time::{Duration, Instant},
};

use rustix::time::{ClockId, clock_gettime};
use seekstorm::{
    commit::Commit,
    highlighter::{Highlight, highlighter},
    index::{
        AccessType, Close, Clustering, DocumentCompression, FrequentwordType, IndexArc, IndexDocuments,
        IndexMetaObject, LexicalSimilarity, NgramSet, StemmerType, StopwordType, TokenizerType, create_index,
        open_index,
    },
    search::{QueryRewriting, QueryType, ResultObject, ResultType, Search, SearchMode},
    vector::Inference,
};
use serde_json::{Value, json};

/// Title and text are searched, and given back with the id.
const SCHEMA: &str = r#"[
    {"field": "id", "field_type": "Text", "store": true, "index_lexical": false},
    {"field": "title", "field_type": "Text", "store": true, "index_lexical": true},
    {"field": "text", "field_type": "Text", "store": true, "index_lexical": true}
]"#;

/// Documents are handed over so many at once.
const BATCH: usize = 1_000;

/// As the benchmark asks of the others.
const HITS: usize = 10;
const FRAGMENTS: usize = 3;
const FRAGMENT_CHARS: usize = 200;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["index", documents, dir] => runtime.block_on(index(Path::new(documents), Path::new(dir))),
        ["ask", dir] => runtime.block_on(ask(Path::new(dir))),
        _ => panic!("index DOCUMENTS FOLDER, or ask FOLDER"),
    }
}

async fn index(documents: &Path, dir: &Path) {
    let started = Instant::now();
    let schema = serde_json::from_str(SCHEMA).expect("a schema");
    let index = create_index(dir, meta(), &schema, &Vec::new(), true, Some(1)).await.expect("a new index");
    let mut batch = Vec::with_capacity(BATCH);
    for line in BufReader::with_capacity(1 << 20, File::open(documents).expect("documents")).lines() {
        let value: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let of = |name: &str| value[name].as_str().unwrap_or_default();
        let document = json!({ "id": of("id"), "title": of("title"), "text": of("text") });
        batch.push(serde_json::from_value(document).expect("a document"));
        if batch.len() == BATCH {
            index.index_documents(std::mem::take(&mut batch)).await;
        }
    }
    index.index_documents(batch).await;
    index.commit().await;
    index.close().await;
    let cost =
        json!({ "seconds": started.elapsed().as_secs_f64(), "cpu": cpu().as_secs_f64(), "peak": peak_memory_mb() });
    println!("{cost}");
}

fn meta() -> IndexMetaObject {
    IndexMetaObject {
        id: 0,
        name: "bench".to_owned(),
        lexical_similarity: LexicalSimilarity::Bm25f,
        tokenizer: TokenizerType::UnicodeAlphanumeric,
        stemmer: StemmerType::Russian,
        stop_words: StopwordType::None,
        frequent_words: FrequentwordType::English,
        ngram_indexing: NgramSet::NgramFF as u8,
        document_compression: DocumentCompression::Snappy,
        access_type: AccessType::Mmap,
        spelling_correction: None,
        query_completion: None,
        clustering: Clustering::None,
        inference: Inference::None,
        segment_number_bits: 11,
    }
}

async fn ask(dir: &Path) {
    let index = open_index(dir).await.expect("an index");
    for line in stdin().lock().lines() {
        let line = line.expect("a line");
        let mut parts = line.splitn(3, '\t');
        let mut part = || parts.next().expect("TASK, KIND, TEXT");
        let (task, kind, text) = (part(), part(), part());
        let (started, before) = (Instant::now(), cpu());
        let found = answer(&index, task, kind, text).await;
        let (clock, cpu) = (started.elapsed(), cpu().saturating_sub(before));
        writeln!(stdout(), "{}\t{}\t{found}", cpu.as_nanos(), clock.as_nanos()).expect("somebody listens");
    }
}

/// Does one task; a number that depends on all of its work.
async fn answer(index: &IndexArc, task: &str, kind: &str, text: &str) -> usize {
    let query_type = if kind == "all" { QueryType::Intersection } else { QueryType::Union };
    match task {
        "count" => search(index, text, query_type, ResultType::Count).await.result_count_total,
        "ids" => {
            let found = search(index, text, query_type, ResultType::Topk).await;
            shown(index, &found, Vec::new(), &HashSet::from(["id".to_owned()])).await
        }
        _ => {
            let found = search(index, text, query_type, ResultType::Topk).await;
            let fields = HashSet::from(["id".to_owned(), "text".to_owned()]);
            let highlight = Highlight {
                field: "text".to_owned(),
                fragment_number: FRAGMENTS,
                fragment_size: FRAGMENT_CHARS,
                ..Highlight::default()
            };
            shown(index, &found, vec![highlight], &fields).await
        }
    }
}

async fn search(index: &IndexArc, text: &str, query_type: QueryType, result_type: ResultType) -> ResultObject {
    let none = Vec::new;
    index
        .search(
            text.to_owned(),
            None,
            query_type,
            SearchMode::Lexical,
            false,
            0,
            HITS,
            result_type,
            false,
            none(),
            Vec::new(),
            Vec::new(),
            Vec::new(),
            QueryRewriting::SearchOnly,
        )
        .await
}

/// The bytes of what is shown of the hits.
async fn shown(index: &IndexArc, found: &ResultObject, highlights: Vec<Highlight>, fields: &HashSet<String>) -> usize {
    let highlighter = match highlights.is_empty() {
        true => None,
        false => Some(highlighter(index, highlights, found.query_terms.clone()).await),
    };
    let open = index.read().await;
    let mut bytes = 0;
    for hit in &found.results {
        let document = open.get_document(hit.doc_id, false, &highlighter, fields, &Vec::new()).await;
        bytes += document.expect("a document").values().filter_map(Value::as_str).map(str::len).sum::<usize>();
    }
    bytes
}

/// What this process has taken of the processors.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or_default(), time.tv_nsec.try_into().unwrap_or_default())
}

/// The most memory that this process held, in megabytes; 0 where the system does not tell.
fn peak_memory_mb() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse::<f64>().ok()).unwrap_or_default() / 1e3
}
