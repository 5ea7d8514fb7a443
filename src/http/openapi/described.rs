//! What is said of each route.

use serde_json::{Map, Value, json};

use super::{
    Operation,
    operation::{Parameter, Place},
};
use crate::{
    http::{
        Code,
        backup::{SnapshotList, VerifyAnswer},
        operating::{Live, Ready},
    },
    index::KeptSnapshot,
    search::{
        Answer, DocumentAnswer, FRAGMENT_CHARS, MAX_FRAGMENTS, MAX_LIMIT, MAX_SUGGESTIONS, MAX_TAG_CHARS, MAX_WINDOW,
        Similar, Stats, Suggestions,
    },
};

/// What is wrong with parameters.
pub(super) const WRONG: [Code; 3] = [Code::UnknownParameter, Code::MissingParameter, Code::InvalidParameter];

/// A language label; empty as if it were left out.
fn label() -> Value {
    json!({ "type": "string", "enum": ["", "en", "ru", "mixed", "other"] })
}

fn count(most: usize, default: usize) -> Value {
    json!({ "type": "integer", "minimum": 0, "maximum": most, "default": default })
}

fn one_of(values: &[&str], default: &str) -> Value {
    json!({ "type": "string", "enum": values, "default": default })
}

pub(super) fn text() -> Value {
    json!({ "type": "string" })
}

/// The parameters of a search, in the order in which they are read.
pub(in crate::http) fn search_parameters() -> Vec<Parameter> {
    let flag = || json!({ "type": "boolean", "default": false });
    let tag = |default: &str| json!({ "type": "string", "maxLength": MAX_TAG_CHARS, "default": default });
    let (fewest, most) = (FRAGMENT_CHARS.start(), FRAGMENT_CHARS.end());
    let length = json!({ "type": "integer", "minimum": fewest, "maximum": most, "default": 200 });
    let parameter = |name, schema, description: &str| Parameter {
        place: Place::Query,
        name,
        is_required: name == "q",
        schema,
        description: description.to_owned(),
    };
    vec![
        parameter("q", text(), "The query; of more than 1,000 characters the first."),
        parameter("limit", count(MAX_LIMIT, 20), "How many hits to give."),
        parameter("offset", count(MAX_WINDOW, 0), "How many hits to pass over; with limit at most 1,000."),
        parameter("language", label(), "Only documents of this label."),
        parameter("filter", text(), "Only documents that meet a condition, such as date >= 2021 AND source = Вестник."),
        parameter("sort", text(), "In what order hits come, such as date:desc,relevance."),
        parameter("facets", text(), "By what matches are counted, such as language,year."),
        parameter("cursor", text(), "* for the first page of a walk through all hits, then what nextCursor gives."),
        parameter("explain", flag(), "Whether each hit has the parts of its score."),
        parameter("matching", one_of(&["", "any", "most", "all"], "any"), "How many of the words have to match."),
        parameter("typing", flag(), "Whether the last word may be the beginning of one."),
        parameter(
            "repair",
            one_of(&["", "auto", "suggest", "off"], "auto"),
            "What is done about words that were meant otherwise.",
        ),
        parameter("fragments", count(MAX_FRAGMENTS, 3), "How many passages a snippet has."),
        parameter("fragmentSize", length, "How long a passage is, in characters."),
        parameter("highlightPreTag", tag("<mark>"), "What stands before a marked word."),
        parameter("highlightPostTag", tag("</mark>"), "What stands behind it."),
        parameter(
            "offsets",
            json!({ "type": "string", "enum": ["", "byte", "codepoint", "utf16"] }),
            "In what unit each part says where it stands.",
        ),
        parameter("names", one_of(&["on", "off"], "on"), "Whether names are found in the other alphabet, too."),
        parameter("collapse", flag(), "Whether near duplicates are folded to the best of them; not with a cursor."),
    ]
}

/// The same as a JSON body: numbers may be texts, lists may be lists, and null is as if it were left out.
fn search_body() -> Value {
    let mut properties = Map::new();
    for Parameter { name, mut schema, description, .. } in search_parameters() {
        let mut also = vec![json!({ "type": "null" })];
        match schema["type"].as_str() {
            Some("integer") => also.push(json!({ "type": "string", "pattern": "^[0-9]+$" })),
            Some("boolean") => also.push(json!({ "type": "string", "enum": ["true", "false"] })),
            _ => {}
        }
        match name {
            "sort" | "facets" => also.push(json!({ "type": "array", "items": { "type": "string" } })),
            "q" => also.clear(),
            _ => {}
        }
        let default = schema.as_object_mut().and_then(|schema| schema.remove("default"));
        let mut described = json!({ "description": description });
        also.insert(0, schema);
        described["anyOf"] = also.into();
        if let Some(default) = default {
            described["default"] = default;
        }
        properties.insert(name.to_owned(), described);
    }
    json!({ "type": "object", "required": ["q"], "properties": properties, "additionalProperties": false })
}

pub(in crate::http) fn page() -> Operation {
    // People come with addresses that were cut and decorated on their way: what is not known is passed over there.
    let described = Operation::new("page", "The search page; with a query or a filter, its results.");
    let named = [
        ("q", "The query."),
        ("language", "Only documents of this label."),
        ("year", "Only documents of this year."),
        ("source", "Only documents of this source."),
        ("sort", "newest or oldest; by relevance where it is left out."),
        ("matching", "How many of the words have to match."),
        ("names", "Whether names are found in the other alphabet, too."),
        ("repair", "What is done about words that were meant otherwise."),
        ("offset", "How many hits to pass over."),
    ];
    let described = named.into_iter().fold(described, |described, (name, says)| described.takes(name, text(), says));
    described.gives_text("text/html", "The page.").refuses(&WRONG).refuses(&[Code::Overloaded, Code::SearchTimeout])
}

pub(in crate::http) fn view() -> Operation {
    Operation::new("view", "A document on the page.")
        .at("id", "The id of the document, / as %2F.")
        .gives_text("text/html", "The page.")
        .refuses(&[Code::DocumentNotFound, Code::InvalidParameter, Code::Overloaded, Code::SearchTimeout])
}

pub(in crate::http) fn style() -> Operation {
    Operation::new("style", "How the page looks.").gives_text("text/css", "The style.")
}

pub(in crate::http) fn script() -> Operation {
    Operation::new("script", "What completes what is typed on the page.").gives_text("text/javascript", "The script.")
}

pub(in crate::http) fn search_by_string() -> Operation {
    let described = Operation::new("search", "Searches.");
    search_parameters()
        .into_iter()
        .fold(described, Operation::with)
        .gives::<Answer>(200, "The hits, best first.")
        .refuses(&WRONG)
        .refuses(&[Code::Overloaded, Code::SearchTimeout])
}

pub(in crate::http) fn search_by_body() -> Operation {
    Operation::new("searchByBody", "Searches, with the same names in JSON.")
        .body(search_body())
        .gives::<Answer>(200, "The hits, best first.")
        .refuses(&WRONG)
        .refuses(&[Code::InvalidJson, Code::BodyTooLarge, Code::Overloaded, Code::SearchTimeout])
}

pub(in crate::http) fn suggest() -> Operation {
    Operation::new("suggest", "What a query that is being typed may become.")
        .needs("q", text(), "The query, as far as it is typed.")
        .takes("limit", count(MAX_SUGGESTIONS, 8), "How many suggestions to give.")
        .takes("language", label(), "Only from documents of this label.")
        .gives::<Suggestions>(200, "Words, then titles, the best of each first.")
        .refuses(&WRONG)
        .refuses(&[Code::Overloaded, Code::SearchTimeout])
}

pub(in crate::http) fn document() -> Operation {
    Operation::new("document", "One document whole.")
        .at("id", "Its id, / as %2F.")
        .gives::<DocumentAnswer>(200, "The document.")
        .refuses(&[Code::DocumentNotFound, Code::InvalidParameter, Code::Overloaded, Code::SearchTimeout])
}

pub(in crate::http) fn similar() -> Operation {
    Operation::new("similar", "The documents that are like one.")
        .at("id", "Its id, / as %2F.")
        .takes("limit", count(MAX_LIMIT, 10), "How many documents to give.")
        .gives::<Similar>(200, "The documents, the most alike first.")
        .refuses(&WRONG)
        .refuses(&[Code::DocumentNotFound, Code::Overloaded, Code::SearchTimeout])
}

pub(in crate::http) fn stats() -> Operation {
    Operation::new("stats", "Counts, size and manifest of the index.")
        .gives::<Stats>(200, "The figures.")
        .refuses(&[Code::Overloaded, Code::SearchTimeout])
}

pub(in crate::http) fn health() -> Operation {
    Operation::new("health", "Whether the server runs.").gives::<Live>(200, "It does.")
}

pub(in crate::http) fn live() -> Operation {
    Operation::new("live", "Whether the server runs: restart it where this does not answer.")
        .gives::<Live>(200, "It does.")
}

pub(in crate::http) fn ready() -> Operation {
    Operation::new("ready", "Whether searches can be answered, and what an operator should look at.")
        .gives::<Ready>(200, "Searches are answered.")
        .gives::<Ready>(503, "Searches cannot be answered.")
}

pub(in crate::http) fn metrics() -> Operation {
    Operation::new("metrics", "Figures for Prometheus.")
        .gives_text("application/openmetrics-text", "The figures, in the text format of OpenMetrics 1.0.")
}

pub(in crate::http) fn openapi() -> Operation {
    Operation::new("openapi", "This description.").gives::<Map<String, Value>>(200, "OpenAPI 3.1.")
}

pub(in crate::http) fn snapshots() -> Operation {
    Operation::new("snapshots", "The snapshots that are kept.").gives::<SnapshotList>(200, "The newest first.")
}

pub(in crate::http) fn make_snapshot() -> Operation {
    Operation::new("makeSnapshot", "Makes a whole copy of the index in the home of the server.")
        .gives::<KeptSnapshot>(201, "It is made.")
        .refuses(&[Code::Overloaded, Code::StorageFull])
}

pub(in crate::http) fn delete_snapshot() -> Operation {
    Operation::new("deleteSnapshot", "Deletes a snapshot.")
        .at("name", "Its name, as GET /snapshots gives it.")
        .gives_nothing(204, "It is deleted.")
        .refuses(&[Code::SnapshotNotFound, Code::InvalidParameter, Code::Overloaded, Code::StorageFull])
}

pub(in crate::http) fn verify() -> Operation {
    Operation::new("verify", "Looks whether the index is as it was written: every checksum, count and document.")
        .gives::<VerifyAnswer>(200, "What was found; clean says whether nothing is wrong.")
        .refuses(&[Code::Overloaded])
}

pub(in crate::http) fn export() -> Operation {
    Operation::new("export", "Every document as a line of JSON that can be indexed again.")
        .takes("filter", text(), "Only documents that meet a condition, as in a search.")
        .gives_text("application/x-ndjson", "The lines.")
        .refuses(&WRONG)
        .refuses(&[Code::Overloaded])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameters_that_are_described_are_those_that_are_read() {
        let names: Vec<&str> = search_parameters().iter().map(|parameter| parameter.name).collect();
        assert_eq!(names, crate::http::parameters::NAMES);
    }
}
