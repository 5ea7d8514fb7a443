//! The columns of a table → the members of documents.

use serde_json::{Map, Number, Value};

use crate::{
    corpus::{Document, clues},
    language::Label,
};

/// What a column is of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Role {
    Id,
    Title,
    Text,
    Date,
    Source,
    Language,
    /// A member of this name.
    Member(String),
}

impl Role {
    /// The role that a name means, in English or in Russian.
    fn named(name: &str) -> Option<Self> {
        Some(match name.trim().to_lowercase().as_str() {
            "id" => Self::Id,
            "title" | "заголовок" | "название" => Self::Title,
            "text" | "текст" => Self::Text,
            "date" | "дата" => Self::Date,
            "source" | "источник" => Self::Source,
            "lang" | "language" | "язык" => Self::Language,
            _ => return None,
        })
    }
}

/// What the columns of a table are.
#[derive(Debug)]
pub(super) struct Columns {
    /// The role of each column, and its name.
    columns: Vec<(Role, String)>,
    has_text: bool,
}

impl Columns {
    /// The columns by their names; what was said of them, as `(member, column)`, stands above what their names mean.
    pub(super) fn of(names: &[String], said: &[(String, String)]) -> Self {
        let mut columns: Vec<(Role, String)> = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let name = name.trim();
            let name = if name.is_empty() { (at + 1).to_string() } else { name.to_owned() };
            let is_said = |column: &str| column.to_lowercase() == name.to_lowercase();
            let role = match said.iter().find(|(_, column)| is_said(column)) {
                Some((member, _)) => Role::named(member).unwrap_or_else(|| Role::Member(member.clone())),
                None => Role::named(&name)
                    // Another column was said to be that.
                    .filter(|role| !said.iter().any(|(member, _)| Role::named(member).as_ref() == Some(role)))
                    .unwrap_or_else(|| Role::Member(name.clone())),
            };
            // Of two columns of one role the first has it.
            let is_taken = !matches!(role, Role::Member(_)) && columns.iter().any(|(known, _)| *known == role);
            columns.push((if is_taken { Role::Member(name.clone()) } else { role }, name));
        }
        let has_text = columns.iter().any(|(role, _)| *role == Role::Text);
        Self { columns, has_text }
    }

    /// The document of a row. Without a column of text, its text are all columns that have no other role, a line each.
    pub(super) fn document(&self, values: Vec<String>) -> Document {
        let mut document = Document::default();
        let mut lines = Vec::new();
        for (at, value) in values.into_iter().enumerate() {
            // A row may be longer than the row of names.
            let number = (at + 1).to_string();
            let unnamed = (Role::Member(number.clone()), number);
            let (role, name) = self.columns.get(at).unwrap_or(&unnamed);
            let value = value.trim().to_owned();
            if value.is_empty() {
                continue;
            }
            match role {
                Role::Id => document.id = value,
                Role::Title => document.title = value,
                Role::Text => document.text = value,
                Role::Source => document.source = Some(value),
                Role::Date => match clues::date_of_value(&value) {
                    Some(date) => document.date = Some(date),
                    None => add(&mut document.members, name, value),
                },
                Role::Language => match Label::from_tag(&value) {
                    Some(label) => document.declared = Some(label),
                    None => add(&mut document.members, name, value),
                },
                Role::Member(member) => {
                    lines.push(format!("{name}: {value}"));
                    add(&mut document.members, member, value);
                }
            }
        }
        if !self.has_text {
            document.text = lines.join("\n");
        }
        if document.text.is_empty() {
            document.text.clone_from(&document.title);
        }
        if document.title.is_empty() {
            document.title = clues::title(&document.text);
        }
        document
    }
}

/// Adds a value as a member: a number where it is written as one, so that it can be compared; 007 is none. Values of columns of one
/// name are a list.
fn add(members: &mut Map<String, Value>, name: &str, value: String) {
    let number =
        value.parse().ok().map(|number: i64| Number::from(number)).filter(|number| number.to_string() == value);
    let number = number.or_else(|| Number::from_f64(value.parse().ok()?).filter(|number| number.to_string() == value));
    let value = number.map_or(Value::String(value), Value::Number);
    match members.get_mut(name) {
        None => drop(members.insert(name.to_owned(), value)),
        Some(Value::Array(values)) => values.push(value),
        Some(known) => *known = Value::Array(vec![known.take(), value]),
    }
}
