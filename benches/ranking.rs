//! A collection and queries → what lemmas cost an index in time and disk, and how long a query takes.
//!
//! The collection is made here, the same each time; or it is in the folder that `OBA_BENCH_DATA` names: `documents.jsonl`,
//! and `queries.tsv` with the columns id, language, kind, text and document. What is compared takes turns, so that a
//! machine that grows slower meanwhile does so for both.

// Bytes, documents and queries are counted far below the 2^53 that an f64 holds exactly.
#![allow(clippy::cast_precision_loss)]

use std::{
    env, fs,
    fs::File,
    hint::black_box,
    io::{BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use oba::{
    analysis::{Analyzer, Rules},
    index::{Find, Index, IndexWriter, Ranking},
    ingest::{Silent, Source, ingest},
    query::{Query, parse},
};
use serde_json::json;
use tempfile::TempDir;

/// How often each variant is measured; odd, so that there is a middle one.
const ROUNDS: usize = 3;

/// How many hits a query asks for.
const LIMIT: usize = 10;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let collection = match env::var_os("OBA_BENCH_DATA").filter(|dir| !dir.is_empty()) {
        Some(dir) => Collection::read(Path::new(&dir)),
        None => generated::collection(folder.path()),
    };
    let lemmas = indexing(&collection.documents);

    let index = Index::open(lemmas.path()).expect("an index");
    let mut analyzer = Analyzer::new(index.rules());
    // Queries as the service asks them, read beforehand: the finding alone is measured.
    let read = |text: &String| parse(text, &mut analyzer).query.condensed();
    let queries: Vec<Query> = collection.queries.iter().map(read).collect();
    let find = |ranking: Ranking| {
        let index = &index;
        move |query: &Query| {
            let find = Find { offset: 0, limit: LIMIT, language: None, ranking, is_counted: false };
            index.find(query, find).expect("an answer").matches.len()
        }
    };
    let (full, plain) = (find(Ranking::Full), find(Ranking::Plain));
    latency(&queries, &[Variant { name: "both stages", find: &full }, Variant { name: "plain BM25", find: &plain }]);
}

/// Documents and what is asked of them.
struct Collection {
    documents: PathBuf,
    queries: Vec<String>,
}

impl Collection {
    fn read(dir: &Path) -> Self {
        let table = fs::read_to_string(dir.join("queries.tsv")).expect("a table of queries");
        let queries = table.lines().filter_map(|line| line.split('\t').nth(3)).map(str::to_owned).collect();
        Self { documents: dir.join("documents.jsonl"), queries }
    }
}

/// What one run of indexing took.
struct Cost {
    elapsed: Duration,
    megabytes: f64,
    documents: u64,
    disk_bytes: u64,
}

/// Measures indexing with lemmas and without; gives back an index with them.
fn indexing(documents: &Path) -> TempDir {
    let [with, without] = [Rules { lemmas: true }, Rules { lemmas: false }];
    let (mut lemmas, mut stems, mut kept) = (Vec::new(), Vec::new(), None);
    for _ in 0..ROUNDS {
        // The last index goes before the next is made: two at once would share the memory that files are cached in.
        drop(kept.take());
        stems.push(index(documents, without).0);
        let (cost, dir) = index(documents, with);
        lemmas.push(cost);
        kept = Some(dir);
    }
    let (lemmas, stems) = (middle(lemmas), middle(stems));
    println!("indexing {} documents, {:.1} MB; the middle of {ROUNDS} rounds", lemmas.documents, lemmas.megabytes);
    println!("{:14}  seconds    MB/s   disk MB", "");
    for (name, cost) in [("lemmas", &lemmas), ("stems alone", &stems)] {
        let (seconds, disk) = (cost.elapsed.as_secs_f64(), cost.disk_bytes as f64 / 1e6);
        println!("{name:14}  {seconds:>7.2}  {:>6.2}  {disk:>8.1}", cost.megabytes / seconds);
    }
    let seconds = lemmas.elapsed.as_secs_f64() / stems.elapsed.as_secs_f64();
    let disk = lemmas.disk_bytes as f64 / stems.disk_bytes as f64;
    println!("{:14}  {seconds:>7.3}  {:>6.3}  {disk:>8.3}\n", "lemmas / stems", 1.0 / seconds);
    kept.expect("there is a round")
}

/// Indexes documents as `oba index --rebuild` does, to the last merge.
fn index(documents: &Path, rules: Rules) -> (Cost, TempDir) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let lines = BufReader::with_capacity(1 << 20, File::open(documents).expect("documents"));
    let sources = vec![Source::Lines("documents".to_owned(), Box::new(lines))];
    let started = Instant::now();
    let mut writer = IndexWriter::rebuild(dir.path(), Some(rules)).expect("a writer");
    let report = ingest(&mut writer, sources, dir.path(), &Silent, &false.into()).expect("they are indexed");
    writer.close().expect("the last merge");
    let elapsed = started.elapsed();
    let disk_bytes = Index::open(dir.path()).and_then(|index| index.disk_bytes()).expect("an index");
    (Cost { elapsed, megabytes: report.bytes as f64 / 1e6, documents: report.documents, disk_bytes }, dir)
}

fn middle(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by_key(|cost| cost.elapsed);
    costs.swap_remove(costs.len() / 2)
}

/// A way to find: a query → how many hits it has.
struct Variant<'f> {
    name: &'static str,
    find: &'f dyn Fn(&Query) -> usize,
}

/// Measures how long each query takes in each variant, as the middle of the rounds.
fn latency(queries: &[Query], variants: &[Variant]) {
    let mut times = vec![vec![Vec::with_capacity(ROUNDS); queries.len()]; variants.len()];
    // The first round, which brings the files into memory, is not counted.
    for round in 0..=ROUNDS {
        for (variant, times) in variants.iter().zip(&mut times) {
            for (query, times) in queries.iter().zip(times) {
                let started = Instant::now();
                black_box((variant.find)(query));
                if round > 0 {
                    times.push(started.elapsed());
                }
            }
        }
    }
    println!("{} queries, {LIMIT} hits each; each the middle of {ROUNDS} rounds", queries.len());
    println!("{:14}  median µs  99th percentile µs", "");
    for (variant, times) in variants.iter().zip(&mut times) {
        let mut middles: Vec<Duration> = times.iter_mut().map(|times| percentile(times, 50)).collect();
        let (median, high) = (percentile(&mut middles, 50).as_micros(), percentile(&mut middles, 99).as_micros());
        println!("{:14}  {median:>9}  {high:>18}", variant.name);
    }
}

/// The time that so many percent of them do not go beyond.
fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times.get((times.len() * percent).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default()
}

/// A collection out of nothing: stems and endings of both languages, drawn as words are in real texts, a few often and
/// most of them seldom.
mod generated {
    use super::{BufWriter, Collection, File, Path, Write, json};

    const DOCUMENTS: usize = 20_000;

    /// So many documents give two queries, one in each language.
    const QUERY_EVERY: usize = 50;

    const ENGLISH: Language = Language {
        function_words: &[
            "the", "of", "and", "to", "in", "a", "is", "for", "that", "with", "was", "on", "by", "it", "are",
        ],
        stems: &[
            "minister", "report", "visit", "answer", "search", "letter", "station", "record", "season", "farm",
            "engine", "harbour", "paint", "market", "mountain", "train", "garden", "winter", "signal", "journal",
            "question", "bridge", "island", "window", "teacher", "village", "border", "matter", "number", "summer",
            "forest", "kitchen", "student", "doctor", "printer", "lantern", "member", "network", "author", "factor",
            "sailor", "river", "corner", "tower",
        ],
        endings: &["", "s", "ed", "ing", "er", "ers"],
        syllables: &["ra", "te", "lo", "mi", "ku", "ven", "dor", "sa", "pli", "ton"],
    };

    const RUSSIAN: Language = Language {
        function_words: &["и", "в", "не", "на", "что", "с", "по", "для", "как", "это", "из", "к", "от", "за", "о"],
        stems: &[
            "министр",
            "отчёт",
            "визит",
            "ответ",
            "поиск",
            "вокзал",
            "сезон",
            "двигател",
            "порт",
            "рынок",
            "поезд",
            "сад",
            "сигнал",
            "журнал",
            "вопрос",
            "мост",
            "остров",
            "учител",
            "деревн",
            "границ",
            "номер",
            "лес",
            "кухн",
            "студент",
            "доктор",
            "фонар",
            "автор",
            "моряк",
            "берег",
            "угол",
            "башн",
            "город",
            "дорог",
            "письм",
            "школ",
            "завод",
            "книг",
            "команд",
            "картин",
            "улиц",
            "погод",
            "машин",
            "работ",
            "систем",
        ],
        endings: &["", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах"],
        syllables: &["ра", "те", "ло", "ми", "ку", "вен", "дор", "са", "пли", "тон"],
    };

    struct Language {
        function_words: &'static [&'static str],
        stems: &'static [&'static str],
        endings: &'static [&'static str],
        /// What names are made of, which no dictionary holds.
        syllables: &'static [&'static str],
    }

    impl Language {
        fn word(&self, random: &mut Random) -> String {
            match random.below(10) {
                0..4 => random.seldom(self.function_words).to_owned(),
                4..9 => format!("{}{}", random.seldom(self.stems), random.seldom(self.endings)),
                _ => (0..2 + random.below(2)).map(|_| random.seldom(self.syllables)).collect(),
            }
        }
    }

    /// Writes the documents into a folder.
    pub(super) fn collection(dir: &Path) -> Collection {
        let documents = dir.join("documents.jsonl");
        let mut out = BufWriter::new(File::create(&documents).expect("writable"));
        let mut random = Random(1);
        let mut queries = Vec::new();
        for number in 0..DOCUMENTS {
            let language = if number % 2 == 0 { &ENGLISH } else { &RUSSIAN };
            let words: Vec<String> = (0..40 + random.below(400)).map(|_| language.word(&mut random)).collect();
            let sentences: Vec<String> = words.chunks(12).map(|words| words.join(" ") + ".").collect();
            let document =
                json!({ "id": number.to_string(), "title": words[..3].join(" "), "text": sentences.join(" ") });
            writeln!(out, "{document}").expect("writable");
            if number % QUERY_EVERY < 2 {
                let asked = words[12..13 + random.below(5)].join(" ");
                queries.push(if random.below(4) == 0 { format!("\"{asked}\"") } else { asked });
            }
        }
        out.flush().expect("writable");
        Collection { documents, queries }
    }

    /// Numbers that look drawn and are the same each time: splitmix64.
    struct Random(u64);

    impl Random {
        fn next(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = self.0;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^ (mixed >> 31)
        }

        fn below(&mut self, bound: usize) -> usize {
            // A remainder below the bound is no larger than it.
            usize::try_from(self.next() % bound as u64).unwrap_or_default()
        }

        /// One of them; the later in the list, the more seldom.
        fn seldom<T: Copy>(&mut self, items: &[T]) -> T {
            let reach = 1 + self.below(items.len());
            items[self.below(reach)]
        }
    }
}
