//! What tantivy does alone: one field of text, its own analysis, no second stage.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
    thread::available_parallelism,
};

use serde_json::Value;
use tantivy::{
    Index, IndexReader, TantivyDocument,
    collector::TopDocs,
    query::{Query, QueryParser},
    schema::{Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{Language, LowerCaser, SimpleTokenizer, Stemmer, TextAnalyzer},
};

use crate::collection::Question;

/// Memory for each thread, as `oba` has it.
const MEMORY_PER_THREAD: usize = 64 * 1024 * 1024;

/// The name of the analysis.
const TERMS: &str = "terms";

/// An index in bare tantivy, with the queries that are asked of it.
pub struct Bare {
    reader: IndexReader,
    queries: Vec<Box<dyn Query>>,
}

impl Bare {
    pub fn open(dir: &Path, questions: &[Question]) -> Self {
        let index = analysed(Index::open_in_dir(dir).expect("an index"));
        let body = index.schema().get_field("body").expect("a field");
        let parser = QueryParser::for_index(&index, vec![body]);
        let read = |question: &Question| parser.parse_query_lenient(&question.text).0;
        Self { queries: questions.iter().map(read).collect(), reader: index.reader().expect("a reader") }
    }

    /// How many hits a query has, up to a limit.
    pub fn find(&self, query: usize, limit: usize) -> usize {
        let best = TopDocs::with_limit(limit).order_by_score();
        self.reader.searcher().search(&self.queries[query], &best).expect("an answer").len()
    }
}

/// Indexes title and text as one field, and keeps them with the id.
pub fn index(documents: &Path, dir: &Path) {
    let (schema, fields) = schema();
    let index = analysed(Index::create_in_dir(dir, schema).expect("a new index"));
    let threads = available_parallelism().map_or(1, usize::from);
    let mut writer =
        index.writer_with_num_threads::<TantivyDocument>(threads, threads * MEMORY_PER_THREAD).expect("a writer");
    for line in BufReader::with_capacity(1 << 20, File::open(documents).expect("documents")).lines() {
        let line = line.expect("a line");
        let value: Value = serde_json::from_str(&line).expect("JSON");
        let mut document = TantivyDocument::default();
        for (name, field) in [("id", fields.id), ("title", fields.body), ("text", fields.body)] {
            document.add_text(field, value[name].as_str().unwrap_or_default());
        }
        writer.add_document(document).expect("room for a document");
    }
    writer.commit().expect("a commit");
    writer.wait_merging_threads().expect("the last merge");
}

/// The bytes that an index takes on disk.
pub fn disk_bytes(dir: &Path) -> u64 {
    let reader = Index::open_in_dir(dir).and_then(|index| index.reader()).expect("an index");
    reader.searcher().space_usage().expect("sizes").total().get_bytes()
}

struct Fields {
    id: Field,
    body: Field,
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let indexing =
        TextFieldIndexing::default().set_tokenizer(TERMS).set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let body = TextOptions::default().set_indexing_options(indexing).set_stored();
    let fields = Fields { id: schema.add_text_field("id", STRING | STORED), body: schema.add_text_field("body", body) };
    (schema.build(), fields)
}

/// An index with its analysis. A stemmer leaves the words of the other alphabet as they are, so both serve one field.
fn analysed(index: Index) -> Index {
    let chain = TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(LowerCaser)
        .filter(Stemmer::new(Language::English))
        .filter(Stemmer::new(Language::Russian));
    index.tokenizers().register(TERMS, chain.build());
    index
}
