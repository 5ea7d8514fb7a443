//! What was typed → what is meant.

use std::{path::PathBuf, str::FromStr};

use clap::{Args, Parser, Subcommand};

use super::{
    backup::ExportArguments,
    guard_settings::GuardArguments,
    keys::KeysCommand,
    search_arguments::{SearchArguments, SimilarArguments, SuggestArguments},
};

/// Full-text search for collections that mix English and Russian.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
#[command(
    after_help = "Settings come from the flag, then the environment, then oba.toml in the working folder, then the \
    default; `oba config` prints which."
)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub settings: SettingArguments,
    #[command(subcommand)]
    pub command: Command,
}

/// Settings that were given as flags.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct SettingArguments {
    /// The folder of the index [default: index] [environment: `OBA_INDEX`]
    #[arg(long, global = true, value_name = "DIR")]
    pub index: Option<PathBuf>,
    /// The address to serve on [default: 127.0.0.1:7700] [environment: `OBA_LISTEN`]
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// The folder for what the server keeps beside the index [default: its name with -home] [environment: `OBA_HOME`]
    #[arg(long, global = true, value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// How the server writes its log: auto, text or json [default: auto] [environment: `OBA_LOG_FORMAT`]
    #[arg(long, global = true, value_name = "FORMAT")]
    pub log_format: Option<String>,
    /// Whether the server writes queries to its log: true or false [default: false] [environment: `OBA_LOG_QUERIES`]
    #[arg(long, global = true, value_name = "BOOL")]
    pub log_queries: Option<String>,
    #[command(flatten)]
    pub guard: GuardArguments,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Index folders, files, or JSON Lines from standard input (-)
    ///
    /// Documents of an id that is in the index already take the place of the earlier ones. Exits with 0 when all was
    /// indexed, 1 when something was skipped, 2 when it failed.
    Index(IndexArguments),
    /// Index folders and keep the index up with what changes in them, until it is stopped
    ///
    /// What is new or changed is found within two seconds, what is gone goes. Exits with 0 when it is stopped, 2 when it failed.
    Watch(WatchArguments),
    /// Delete documents by their ids, or all that was read from a file by its id
    ///
    /// Exits with 0 when all of them were there, 1 when some were not, 2 when it failed.
    Delete {
        /// The ids
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
    /// Search from the command line
    ///
    /// Exits with 0 when something was found, 1 when nothing was, 2 when it failed.
    Search(SearchArguments),
    /// Complete a query that is being typed: its last word and whole titles, one a line
    ///
    /// Exits with 0 when something was found, 1 when nothing was, 2 when it failed.
    Suggest(SuggestArguments),
    /// Show the documents that are like one
    ///
    /// Exits with 0 when something was found, 1 when nothing was, 2 when it failed.
    Similar(SimilarArguments),
    /// Serve the search page and the HTTP API
    Serve,
    /// Show how a text is analysed: its words with place in bytes, alphabet and term; its language and passages
    Analyze {
        /// The text
        #[arg(required = true, allow_hyphen_values = true)]
        text: Vec<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show the figures of the index
    Stats {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make, list and revoke the keys that let clients in
    ///
    /// They are kept in the home of the server, which notices changes within a second.
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Write a whole copy of the index into a new folder, beside anything that runs
    ///
    /// The copy is an index itself: --index DIR searches it.
    Snapshot {
        /// The folder, which must not be there yet, or be empty
        dir: PathBuf,
    },
    /// Check a snapshot and put it in the place of the index, in one step
    Restore {
        /// The folder of the snapshot
        dir: PathBuf,
    },
    /// Look whether the index is as it was written: every checksum, count and document
    ///
    /// Exits with 0 when it is, 2 when it is damaged or cannot be read.
    Verify {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make one segment of all that the index has: faster to search, and free of what was deleted
    Optimize,
    /// Write every document as a line of JSON that `oba index` reads again
    Export(ExportArguments),
    /// Show each setting and where its value comes from
    Config,
    /// Read files that are asked for on standard input: what `oba index` starts beside itself
    #[command(hide = true)]
    ReadFiles {
        /// The most memory that may be taken, in bytes
        #[arg(long)]
        memory: u64,
    },
    /// Measure how well queries with known answers are answered
    ///
    /// Indexes the documents into a temporary folder, asks every query as the service would, and prints nDCG@10, MRR@10
    /// and recall@100 with their standard errors, as `trec_eval -c` counts them. Exits with 0, or 2 when it failed.
    Evaluate(EvaluateArguments),
}

/// An encoding, by one of the names that the web knows it by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Encoding(pub &'static encoding_rs::Encoding);

impl FromStr for Encoding {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        // Programs of DOS and of Russian Windows call theirs by numbers of their own.
        let label = name.strip_prefix("cp").or_else(|| name.strip_prefix("CP")).map(|number| match number {
            "866" => "ibm866".to_owned(),
            number => format!("windows-{number}"),
        });
        let found = encoding_rs::Encoding::for_label_no_replacement(name.as_bytes())
            .or_else(|| encoding_rs::Encoding::for_label_no_replacement(label?.as_bytes()));
        found.map(Self).ok_or_else(|| {
            "no such encoding is known; name one such as utf-8, utf-16le, windows-1251, koi8-r, cp866, iso-8859-5, \
             x-mac-cyrillic or windows-1252"
                .to_owned()
        })
    }
}

/// A member and the column of a table that it is in.
fn column(text: &str) -> Result<(String, String), String> {
    match text.split_once('=').map(|(member, column)| (member.trim(), column.trim())) {
        Some((member, column)) if !member.is_empty() && !column.is_empty() => {
            Ok((member.to_owned(), column.to_owned()))
        }
        _ => Err("write it as MEMBER=COLUMN, such as text=Содержание".to_owned()),
    }
}

/// What to keep an index up with.
#[derive(Debug, Args)]
pub(super) struct WatchArguments {
    /// Folders and files to watch
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub files: FileArguments,
}

/// Which files are read.
#[derive(Debug, Args)]
pub(super) struct FileArguments {
    /// Only files that match a pattern, such as '*.md' or 'letters/**'
    #[arg(long, value_name = "PATTERN")]
    pub include: Vec<String>,
    /// No files that match a pattern; patterns may also stand in .obaignore files
    #[arg(long, value_name = "PATTERN")]
    pub exclude: Vec<String>,
    /// The encoding of all files that are text, where it is not found rightly by itself, such as windows-1251 or koi8-r
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<Encoding>,
    /// Which column of tables is which member of documents, where its name does not tell: text=Содержание
    ///
    /// Members are id, title, text, date, source, lang and any other name. May be given several times.
    #[arg(long = "column", value_name = "MEMBER=COLUMN", value_parser = column)]
    pub columns: Vec<(String, String)>,
}

/// What to index, and how.
// Each is a flag of its own.
#[allow(clippy::struct_excessive_bools)]
#[derive(Debug, Args)]
pub(super) struct IndexArguments {
    /// Folders and files to index; - for JSON Lines on standard input
    #[arg(required_unless_present = "files_from", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Build a new index and put it in the place of the old one when it is done
    #[arg(long)]
    pub rebuild: bool,
    /// Stem words and leave the dictionary out: люди no longer finds человек
    #[arg(long)]
    pub no_lemmas: bool,
    /// Members of the documents by which can be filtered, sorted and counted, beside id, language, date and source
    ///
    /// They are declared once, when the index is built.
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub filterable: Option<Vec<String>>,
    /// Delete the documents of files that were below the paths and are gone
    #[arg(long)]
    pub prune: bool,
    /// Show what would be done with each file, and do nothing
    #[arg(long, conflicts_with_all = ["report", "rebuild"])]
    pub dry_run: bool,
    /// Read the paths of files from a file, one a line; - for standard input
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,
    /// The paths of --files-from end with a zero byte each, as `find -print0` writes them
    #[arg(short = '0', long, requires = "files_from")]
    pub null: bool,
    #[command(flatten)]
    pub files: FileArguments,
    /// Write a line of JSON for each file: what it was taken for, its language, or why it was skipped
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// What to evaluate: one judged collection, all collections of a folder, known items, snippets, the detection of languages,
/// or stems.
#[derive(Debug, Args)]
pub(super) struct EvaluateArguments {
    /// The documents: JSON Lines, a folder, or - for JSON Lines on standard input
    #[arg(long, value_name = "FILE", required_unless_present_any = ["all", "detection", "stemming", "names", "spelling"])]
    pub documents: Option<PathBuf>,
    /// The queries: JSON Lines of {"id", "text", "lang"}
    #[arg(long, value_name = "FILE", required_unless_present_any = ["all", "known_items", "detection", "stemming", "names", "spelling"])]
    pub queries: Option<PathBuf>,
    /// The judgements, as TREC writes them: query 0 document grade
    #[arg(long, value_name = "FILE")]
    #[arg(required_unless_present_any = ["all", "known_items", "detection", "stemming", "names", "spelling", "snippets"])]
    pub judgements: Option<PathBuf>,
    /// Write what was found as a TREC run file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["all", "known_items"])]
    pub run: Option<PathBuf>,
    /// Show what changed from another run to this one
    #[arg(long, value_name = "FILE", conflicts_with_all = ["all", "known_items"])]
    pub compare: Option<PathBuf>,
    /// Queries that were each taken from one document: query, language, kind, text and document, parted by tabs
    #[arg(long, value_name = "FILE", conflicts_with_all = ["all", "queries", "judgements"])]
    pub known_items: Option<PathBuf>,
    /// Evaluate each collection in a folder: a folder with corpus.jsonl, queries.jsonl and qrels.tsv
    #[arg(long, value_name = "DIR", conflicts_with_all = ["documents", "queries", "judgements"])]
    pub all: Option<PathBuf>,
    /// Measure snippets instead of ranking, where answers.jsonl lies beside the queries
    ///
    /// Prints the share of questions whose first document is the one that answers, whose answering sentence is shown
    /// whole in the snippet of that document, and whose answer is. A line of answers.jsonl is {"id", "doc", "answers"}: the
    /// question, the document that answers it, and the words in it that do.
    #[arg(long, conflicts_with_all = ["judgements", "run", "compare", "known_items", "detection"])]
    pub snippets: bool,
    /// Measure the detection of languages instead, on texts: expected, class and text, parted by tabs
    ///
    /// The expected value is a language tag, mixed or other; mix30 counts as mixed. No label is right for any other word.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["all", "documents", "queries", "judgements", "run", "compare", "known_items"]
    )]
    pub detection: Option<PathBuf>,
    /// Compare stems with those of a reference vocabulary instead: word and stem, parted by tabs
    ///
    /// A word is of the language of its alphabet. Prints how many agree, and each that differs: word, expected, given.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["all", "documents", "queries", "judgements", "run", "compare", "known_items", "detection"]
    )]
    pub stemming: Option<PathBuf>,
    /// Compare names in both alphabets instead: Latin name and Russian spellings (parted by |), parted by tabs
    ///
    /// Prints how many are found each way, how many of different names are taken for the same, and each that is not found.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["all", "documents", "queries", "judgements", "run", "compare", "known_items", "detection", "stemming"]
    )]
    pub names: Option<PathBuf>,
    /// Misspell so many words of the index (--index) in each language and way instead, and ask for them
    ///
    /// The words are drawn by a fixed rule. Prints how many are searched for as they were meant, how many more are suggested so,
    /// and how many are searched for as another word.
    #[arg(
        long,
        value_name = "WORDS",
        conflicts_with_all = ["all", "documents", "queries", "judgements", "run", "compare", "known_items", "detection", "stemming", "names"]
    )]
    pub spelling: Option<usize>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
