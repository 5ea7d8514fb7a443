//! What tantivy does alone: a field and a stemmer for each language, the best hits, its own snippets of their stored texts.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
    thread::available_parallelism,
};

use serde_json::Value;
use tantivy::{
    Index, Searcher, TantivyDocument, Term,
    collector::{Count, TopDocs},
    query::{FuzzyTermQuery, Query, QueryParser},
    schema::{Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value as _},
    snippet::SnippetGenerator,
    tokenizer::{Language, LowerCaser, SimpleTokenizer, Stemmer, TextAnalyzer},
};

use crate::collection::is_russian;

/// Memory for each thread, as oba has it.
const MEMORY_PER_THREAD: usize = 64 * 1024 * 1024;

/// The fields of text, which are named as their analysis is.
const ENGLISH: &str = "en";
const RUSSIAN: &str = "ru";

/// An index in bare tantivy.
pub struct Bare {
    searcher: Searcher,
    parser: QueryParser,
    fields: Fields,
}

impl Bare {
    pub fn open(dir: &Path) -> Self {
        let index = analysed(Index::open_in_dir(dir).expect("an index"));
        let fields = Fields::of(&index.schema());
        let parser = QueryParser::for_index(&index, vec![fields.english, fields.russian]);
        Self { searcher: index.reader().expect("a reader").searcher(), parser, fields }
    }

    /// Reads a query; one word as the beginning of words, if it is a prefix.
    pub fn read(&self, query: &str, is_prefix: bool) -> Box<dyn Query> {
        if !is_prefix {
            return self.parse(query);
        }
        let field = if is_russian(query) { self.fields.russian } else { self.fields.english };
        Box::new(FuzzyTermQuery::new_prefix(Term::from_field_text(field, &query.to_lowercase()), 0, true))
    }

    /// The ids of the best documents, in all their bytes.
    pub fn ids(&self, query: &dyn Query, limit: usize) -> usize {
        let best = TopDocs::with_limit(limit).order_by_score();
        let hits = self.searcher.search(query, &best).expect("an answer");
        let ids = hits.into_iter().map(|(_, address)| {
            let document: TantivyDocument = self.searcher.doc(address).expect("a document");
            document.get_first(self.fields.id).and_then(|value| value.as_str()).map_or(0, str::len)
        });
        ids.sum()
    }

    /// How many documents a query finds.
    pub fn count(&self, query: &dyn Query) -> usize {
        self.searcher.search(query, &Count).expect("an answer")
    }

    /// Answers a query as a service would: the ids of the best documents, with their snippets as HTML.
    pub fn answer(&self, query: &dyn Query, limit: usize, max_size: usize) -> Vec<(String, String)> {
        let best = TopDocs::with_limit(limit).order_by_score();
        let hits = self.searcher.search(query, &best).expect("an answer");
        let mut generators = [None, None];
        let shown = hits.into_iter().map(|(_, address)| {
            let document: TantivyDocument = self.searcher.doc(address).expect("a document");
            let of = |field| document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
            let text = of(self.fields.text);
            let generator =
                generators[usize::from(is_russian(text))].get_or_insert_with(|| self.generator(query, text, max_size));
            (of(self.fields.id).to_owned(), generator.snippet(text).to_html())
        });
        shown.collect()
    }

    /// The passage of a text that tantivy shows for a query; of no more than `max_size`, which it counts in bytes.
    pub fn passage(&self, query: &str, text: &str, max_size: usize) -> String {
        let query = self.parse(query);
        self.generator(query.as_ref(), text, max_size).snippet(text).fragment().to_owned()
    }

    /// Reads words, `+words` and `"phrases"`.
    pub fn parse(&self, query: &str) -> Box<dyn Query> {
        self.parser.parse_query_lenient(query).0
    }

    /// What makes snippets of texts in the language of this one.
    fn generator(&self, query: &dyn Query, text: &str, max_size: usize) -> SnippetGenerator {
        let mut generator =
            SnippetGenerator::create(&self.searcher, query, self.fields.of_text(text)).expect("a generator");
        generator.set_max_num_chars(max_size);
        generator
    }
}

/// Indexes title and text as one field, by language, and keeps both with the id.
pub fn index(documents: &Path, dir: &Path) {
    std::fs::create_dir_all(dir).expect("writable");
    let index = analysed(Index::create_in_dir(dir, schema()).expect("a new index"));
    let fields = Fields::of(&index.schema());
    let threads = available_parallelism().map_or(1, usize::from);
    let mut writer =
        index.writer_with_num_threads::<TantivyDocument>(threads, threads * MEMORY_PER_THREAD).expect("a writer");
    for line in BufReader::with_capacity(1 << 20, File::open(documents).expect("documents")).lines() {
        let value: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let of = |name: &str| value[name].as_str().unwrap_or_default();
        let words = fields.of_text(of("text"));
        let mut document = TantivyDocument::default();
        for (field, text) in [
            (fields.id, of("id")),
            (fields.title, of("title")),
            (fields.text, of("text")),
            (words, of("title")),
            (words, of("text")),
        ] {
            document.add_text(field, text);
        }
        writer.add_document(document).expect("room for a document");
    }
    writer.commit().expect("a commit");
    writer.wait_merging_threads().expect("the last merge");
}

struct Fields {
    id: Field,
    title: Field,
    text: Field,
    english: Field,
    russian: Field,
}

impl Fields {
    fn of(schema: &Schema) -> Self {
        let field = |name| schema.get_field(name).expect("a field");
        Self {
            id: field("id"),
            title: field("title"),
            text: field("text"),
            english: field(ENGLISH),
            russian: field(RUSSIAN),
        }
    }

    fn of_text(&self, text: &str) -> Field {
        if is_russian(text) { self.russian } else { self.english }
    }
}

fn schema() -> Schema {
    let mut schema = Schema::builder();
    schema.add_text_field("id", STRING | STORED);
    schema.add_text_field("title", STORED);
    schema.add_text_field("text", STORED);
    for name in [ENGLISH, RUSSIAN] {
        let indexing =
            TextFieldIndexing::default().set_tokenizer(name).set_index_option(IndexRecordOption::WithFreqsAndPositions);
        schema.add_text_field(name, TextOptions::default().set_indexing_options(indexing));
    }
    schema.build()
}

fn analysed(index: Index) -> Index {
    for (name, language) in [(ENGLISH, Language::English), (RUSSIAN, Language::Russian)] {
        let analyzer = TextAnalyzer::builder(SimpleTokenizer::default()).filter(LowerCaser);
        index.tokenizers().register(name, analyzer.filter(Stemmer::new(language)).build());
    }
    index
}
