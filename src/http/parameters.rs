//! Names and values, from a query string or a JSON body → a search request.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Value, error::Category};

use super::{
    Code, Refusal,
    given::{self, invalid, label, missing_query, number},
};
use crate::{
    index::{Facet, OffsetUnit, Order},
    query::{Condition, Matching},
    search::{RepairMode, Request, Shown},
    snippet::{Limits, Tags},
};

/// The most hits of an answer that tells the parts of their scores: to explain a hit costs more than to find it.
const MAX_EXPLAINED: usize = 20;

/// The parameters of a search.
pub(super) const NAMES: [&str; 19] = [
    "q",
    "limit",
    "offset",
    "language",
    "filter",
    "sort",
    "facets",
    "cursor",
    "explain",
    "matching",
    "typing",
    "repair",
    "fragments",
    "fragmentSize",
    "highlightPreTag",
    "highlightPostTag",
    "offsets",
    "names",
    "collapse",
];

/// Those whose values are texts.
const TEXTS: [&str; 5] = ["q", "filter", "cursor", "highlightPreTag", "highlightPostTag"];

/// Those whose values are true or false.
const FLAGS: [&str; 3] = ["explain", "typing", "collapse"];

/// Those that may be lists in JSON: of texts, or in one text with commas between.
const LISTS: [&str; 2] = ["sort", "facets"];

/// The request that a query string asks for.
pub(super) fn from_pairs(pairs: Vec<(String, String)>) -> Result<Request, Refusal> {
    let mut given = Given::default();
    for (name, value) in pairs {
        given.set(&name, value)?;
    }
    given.request()
}

/// The request that a JSON body asks for.
pub(super) fn from_json(body: &[u8]) -> Result<Request, Refusal> {
    let refuse = |why: String| Refusal::new(Code::InvalidJson, why);
    let Members(members) = serde_json::from_slice(body).map_err(|error| match error.classify() {
        Category::Data => refuse("The body is not a JSON object such as {\"q\": \"визит\", \"limit\": 20}.".into()),
        _ => refuse(format!("The body is not JSON: {error}.")),
    })?;
    let mut given = Given::default();
    for (name, value) in members {
        match value {
            Value::Null => {
                slot(&name)?;
            }
            Value::String(text) => given.set(&name, text)?,
            Value::Number(number) if !TEXTS.contains(&name.as_str()) => given.set(&name, number.to_string())?,
            Value::Bool(value) if FLAGS.contains(&name.as_str()) => given.set(&name, value.to_string())?,
            Value::Array(values) if LISTS.contains(&name.as_str()) => given.set(&name, list(&name, &values)?)?,
            other => {
                slot(&name)?;
                let message = format!("{name} cannot be {other}; give a string or a number.");
                return Err(Refusal::new(Code::InvalidParameter, message));
            }
        }
    }
    given.request()
}

/// The members of a JSON object as they stand in it, so that it is seen where one is given twice.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Each)
    }
}

/// The values that were given, each at most once.
#[derive(Default)]
struct Given([Option<String>; NAMES.len()]);

impl Given {
    fn set(&mut self, name: &str, value: String) -> Result<(), Refusal> {
        given::set(&mut self.0, &NAMES, name, value)
    }

    fn request(self) -> Result<Request, Refusal> {
        let [
            q,
            limit,
            offset,
            language,
            filter,
            sort,
            facets,
            cursor,
            explain,
            matching,
            typing,
            repair,
            fragments,
            fragment_chars,
            pre_tag,
            post_tag,
            offsets,
            names,
            collapse,
        ] = self.0;
        let q = q.ok_or_else(missing_query)?;
        let limit = limit.map(|value| number("limit", &value)).transpose()?;
        let offset = offset.map(|value| number("offset", &value)).transpose()?;
        let language = language.filter(|value| !value.is_empty()).map(|value| label(&value)).transpose()?;
        let condition = filter.filter(|value| !value.trim().is_empty()).map(|value| condition(&value)).transpose()?;
        let orders = parts(sort.as_deref()).map(order).collect::<Result<_, _>>()?;
        let facets = parts(facets.as_deref()).map(Facet::of).collect();
        let matching = matching.filter(|value| !value.is_empty()).map(|value| how_many(&value)).transpose()?;
        let explain = explain.map(|value| flag("explain", &value)).transpose()?;
        if explain == Some(true) && limit.is_some_and(|limit| limit > MAX_EXPLAINED) {
            return Err(invalid(format!(
                "limit is more than the {MAX_EXPLAINED} hits of an answer that is explained."
            )));
        }
        let typing = typing.map(|value| flag("typing", &value)).transpose()?;
        let collapse = collapse.map(|value| flag("collapse", &value)).transpose()?;
        let names = names.map(|value| switch("names", &value)).transpose()?;
        let repair = repair.filter(|value| !value.is_empty()).map(|value| repair_mode(&value)).transpose()?;
        let default = Shown::default();
        let shown = Shown {
            limits: Limits {
                fragments: or("fragments", fragments, default.limits.fragments)?,
                fragment_chars: or("fragmentSize", fragment_chars, default.limits.fragment_chars)?,
            },
            tags: Tags { pre: pre_tag.unwrap_or(default.tags.pre), post: post_tag.unwrap_or(default.tags.post) },
            offsets: offsets.filter(|value| !value.is_empty()).map(|value| unit(&value)).transpose()?,
        };
        let request = Request::new(q, limit, offset, language).and_then(|request| request.showing(shown));
        let request = request.and_then(|request| request.sorted_by(orders)?.counting(facets));
        let request = request.map_err(|error| invalid(error.to_string()))?;
        Ok(request
            .with_condition(condition)
            .explained(explain.unwrap_or_default())
            .collapsed(collapse.unwrap_or_default())
            .from_cursor(cursor.filter(|value| !value.is_empty()))
            .with_matching(matching.unwrap_or_default())
            .while_typing(typing.unwrap_or_default())
            .with_names(names.unwrap_or(true))
            .with_repair(repair.unwrap_or_default()))
    }
}

fn slot(name: &str) -> Result<usize, Refusal> {
    given::slot(name, &NAMES)
}

/// The number that was given, or another where none was.
fn or(name: &str, value: Option<String>, default: usize) -> Result<usize, Refusal> {
    value.map_or(Ok(default), |value| number(name, &value))
}

fn unit(value: &str) -> Result<OffsetUnit, Refusal> {
    value.parse().map_err(|error| invalid(format!("offsets: {error}.")))
}

/// The parts of a list, which stand in one text with commas between.
fn parts(list: Option<&str>) -> impl Iterator<Item = &str> {
    list.unwrap_or_default().split(',').map(str::trim).filter(|part| !part.is_empty())
}

/// The texts of a JSON list as one text.
fn list(name: &str, values: &[Value]) -> Result<String, Refusal> {
    let texts: Option<Vec<&str>> = values.iter().map(Value::as_str).collect();
    texts.map(|texts| texts.join(",")).ok_or_else(|| invalid(format!("{name} takes a list of texts.")))
}

pub(super) fn condition(value: &str) -> Result<Condition, Refusal> {
    value.parse().map_err(|error| invalid(format!("filter: {error}.")))
}

fn order(value: &str) -> Result<Order, Refusal> {
    value.parse().map_err(|error| invalid(format!("sort: {error}.")))
}

fn how_many(value: &str) -> Result<Matching, Refusal> {
    value.parse().map_err(|error| invalid(format!("matching: {error}.")))
}

fn repair_mode(value: &str) -> Result<RepairMode, Refusal> {
    value.parse().map_err(|error| invalid(format!("repair: {error}.")))
}

fn flag(name: &str, value: &str) -> Result<bool, Refusal> {
    value.parse().map_err(|_| invalid(format!("{name} is {value:?}; it takes true or false.")))
}

fn switch(name: &str, value: &str) -> Result<bool, Refusal> {
    match value {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(invalid(format!("{name} is {value:?}; it takes on or off."))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Result<Request, Refusal> {
        from_pairs(pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    fn refused(result: Result<Request, Refusal>) -> (Code, String) {
        let refusal = result.expect_err("refused");
        (refusal.code, refusal.message)
    }

    #[test]
    fn both_ways_of_asking_ask_the_same() {
        let asked = pairs(&[
            ("q", "визит"),
            ("limit", "5"),
            ("offset", "10"),
            ("language", "ru"),
            ("matching", "all"),
            ("typing", "true"),
            ("repair", "off"),
        ]);
        let body = r#"{"q": "визит", "limit": 5, "offset": "10", "language": "ru", "matching": "all", "typing": true,
            "repair": "off"}"#;
        assert_eq!(asked, from_json(body.as_bytes()));
        assert!(asked.is_ok());
        assert_eq!(pairs(&[("q", "visit"), ("language", "")]), from_json(br#"{"q": "visit", "language": null}"#));
    }

    #[test]
    fn unknown_names_are_refused_with_the_nearest_valid_one() {
        let (code, message) = refused(pairs(&[("q", "visit"), ("limt", "5")]));
        assert_eq!(code, Code::UnknownParameter);
        assert!(message.ends_with("did you mean limit?"), "{message}");
        let (_, message) = refused(from_json(br#"{"q": "visit", "lang": "ru"}"#));
        assert!(message.ends_with("did you mean language?"), "{message}");
        let (_, message) = refused(pairs(&[("xyzzy", "1")]));
        assert!(message.ends_with(&format!("there are {}.", NAMES.join(", "))), "{message}");
    }

    #[test]
    fn values_that_cannot_be_are_refused() {
        for wrong in [
            ("limit", "-1"),
            ("limit", "ten"),
            ("limit", "101"),
            ("offset", "1000"),
            ("language", "de"),
            ("matching", "some"),
            ("typing", "1"),
            ("collapse", "yes"),
            ("names", "no"),
            ("repair", "always"),
        ] {
            assert_eq!(refused(pairs(&[("q", "visit"), wrong])).0, Code::InvalidParameter, "{wrong:?}");
        }
        let long = "ж".repeat(101);
        for wrong in [("fragments", "11"), ("fragmentSize", "5"), ("offsets", "letters"), ("highlightPreTag", &long)] {
            assert_eq!(refused(pairs(&[("q", "визит"), wrong])).0, Code::InvalidParameter, "{wrong:?}");
        }
        assert_eq!(refused(pairs(&[])).0, Code::MissingParameter);
        assert_eq!(refused(pairs(&[("q", "a"), ("q", "b")])).0, Code::InvalidParameter);
        let twice = refused(from_json("{\"q\": \"визит\", \"q\": \"visit\"}".as_bytes()));
        assert_eq!(twice, (Code::InvalidParameter, "q is given twice.".to_owned()));
        assert_eq!(refused(from_json(br#"{"q": 5}"#)).0, Code::InvalidParameter);
        assert_eq!(refused(from_json(br#"{"q": "a", "limit": [1]}"#)).0, Code::InvalidParameter);
        assert_eq!(refused(from_json(b"[]")).0, Code::InvalidJson);
        assert_eq!(refused(from_json("{\"q\": \"визит".as_bytes())).0, Code::InvalidJson);
    }
}
