//! What was typed behind the commands that ask the index → what is asked.

use clap::Args;
use oba::{
    index::Order,
    language::Label,
    query::{Condition, Matching},
    search::RepairMode,
};

/// What to search for, and how much to show.
// Each is a flag of its own.
#[allow(clippy::struct_excessive_bools)]
#[derive(Debug, Args)]
pub(super) struct SearchArguments {
    /// The query (after -- where it begins with a sign)
    ///
    /// Words in any form, "phrases", "phrases"~3 with words between, +must, -not, AND OR NOT or И ИЛИ НЕ in capitals,
    /// brackets, title:word, language:ru, date:2021-01..2021-12, source:"name", prefix*, !form as typed, word^2.
    #[arg(required = true, value_name = "QUERY")]
    pub query: Vec<String>,
    /// How many hits to show, at most 100 [default: 20]
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// How many hits to pass over
    #[arg(long, value_name = "N")]
    pub offset: Option<usize>,
    /// Only documents of this language: en, ru, mixed or other
    #[arg(long, value_name = "LABEL")]
    pub language: Option<Label>,
    /// Only documents that meet a condition, such as 'date >= 2021 AND source IN [Reuters, "Газета.Ru"]'
    ///
    /// Members: id, language, date, year, source, and those that were declared when indexing (--filterable). Comparisons:
    /// = != > >= < <= IN [a, b] TO EXISTS, joined by AND, OR, NOT and brackets.
    #[arg(long, value_name = "CONDITION")]
    pub filter: Option<Condition>,
    /// In what order to show hits: relevance, date, source or a declared member, with :asc or :desc
    #[arg(long, value_name = "NAME:WAY,…", value_delimiter = ',')]
    pub sort: Vec<Order>,
    /// Walk through all hits: * for the first page, then the nextCursor that each page gives (with --json)
    #[arg(long, value_name = "CURSOR", conflicts_with = "offset")]
    pub cursor: Option<String>,
    /// Count the hits by language, year, source or declared members
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub facets: Vec<String>,
    /// How many of the words have to match: any, most (two thirds of them, rounded up) or all [default: any]
    #[arg(long, value_name = "HOW")]
    pub matching: Option<Matching>,
    /// Read the last word of the query as the beginning of one, too
    #[arg(long)]
    pub typing: bool,
    /// Whether names are found in the other alphabet, too (Lavrov and Лавров): on or off
    #[arg(long, value_name = "on|off", default_value = "on", value_parser = ["on", "off"], hide_possible_values = true)]
    pub names: String,
    /// What to do about words that were probably meant otherwise: auto, suggest or off [default: auto]
    #[arg(long, value_name = "HOW")]
    pub repair: Option<RepairMode>,
    /// Show one hit of each group of near duplicates, such as a press release on several sites
    #[arg(long, conflicts_with = "cursor")]
    pub collapse: bool,
    /// Show the parts of each score, which add up to it
    #[arg(long)]
    pub explain: bool,
    /// How many passages to show of each document, at most 10 [default: 3]
    #[arg(long, value_name = "N")]
    pub fragments: Option<usize>,
    /// How long a passage is, 20 to 1,000 characters [default: 200]
    #[arg(long, value_name = "CHARACTERS")]
    pub fragment_size: Option<usize>,
    /// Print JSON, as the HTTP API answers it
    #[arg(long)]
    pub json: bool,
}

/// What to complete.
#[derive(Debug, Args)]
pub(super) struct SuggestArguments {
    /// The query, as far as it is typed (after -- where it begins with a sign)
    #[arg(required = true, value_name = "QUERY")]
    pub query: Vec<String>,
    /// How many suggestions to show, at most 20 [default: 8]
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Only from documents of this language: en, ru, mixed or other
    #[arg(long, value_name = "LABEL")]
    pub language: Option<Label>,
    /// Print JSON, as the HTTP API answers it
    #[arg(long)]
    pub json: bool,
}

/// What documents have to be like.
#[derive(Debug, Args)]
pub(super) struct SimilarArguments {
    /// The id of the document
    #[arg(value_name = "ID")]
    pub id: String,
    /// How many documents to show, at most 100 [default: 10]
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Print JSON, as the HTTP API answers it
    #[arg(long)]
    pub json: bool,
}
