//! What a route is: what it does, takes, answers and refuses, as its row in the table says it.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Value, json};

use crate::http::{Code, asked::INDEX};

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Place {
    Query,
    Path,
}

/// A parameter of a route.
#[derive(Debug, Clone)]
pub(in crate::http) struct Parameter {
    pub place: Place,
    pub name: &'static str,
    pub is_required: bool,
    /// Its type and bounds, as JSON Schema.
    pub schema: Value,
    pub description: String,
}

/// What an answer holds.
#[derive(Clone, Copy)]
pub(in crate::http) enum Content {
    Nothing,
    /// JSON of a type.
    Json(fn(&mut SchemaGenerator) -> Schema),
    /// A text of a media type.
    Text(&'static str),
}

/// What a route is.
#[derive(Clone)]
pub(in crate::http) struct Operation {
    pub id: Cow<'static, str>,
    pub summary: &'static str,
    pub parameters: Vec<Parameter>,
    /// The bodies that are taken: of each its media type and its schema.
    pub bodies: Vec<(&'static str, Value)>,
    /// Whether it may be asked without a body, too.
    pub is_body_optional: bool,
    /// Status, what it means, what it holds: the answer of a request that is not refused, of which there may be several.
    pub answers: Vec<(u16, &'static str, Content)>,
    pub refusals: Vec<Code>,
}

impl Operation {
    /// A route by a name of its own and by what it does. Any route may fail, and may be asked too much.
    pub(in crate::http) fn new(id: &'static str, summary: &'static str) -> Self {
        let refusals = vec![Code::Internal];
        Self {
            id: id.into(),
            summary,
            parameters: Vec::new(),
            bodies: Vec::new(),
            is_body_optional: false,
            answers: Vec::new(),
            refusals,
        }
    }

    /// The same, of an index that the path names.
    pub(in crate::http) fn of_index(&self) -> Self {
        let named = Self { id: format!("{}OfIndex", self.id).into(), ..self.clone() };
        named.at_index().refuses(&[Code::IndexNotFound])
    }

    /// Takes the name of an index as a part of the path.
    pub(in crate::http) fn at_index(self) -> Self {
        let schema = json!({ "type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,63}$" });
        let description = "The name of the index.".to_owned();
        self.with(Parameter { place: Place::Path, name: INDEX, is_required: true, schema, description })
    }

    /// Takes a parameter in the query string, which may be left out.
    pub(in crate::http) fn takes(self, name: &'static str, schema: Value, description: impl Into<String>) -> Self {
        self.with(Parameter { place: Place::Query, name, is_required: false, schema, description: description.into() })
    }

    /// Takes a parameter in the query string.
    pub(in crate::http) fn needs(self, name: &'static str, schema: Value, description: impl Into<String>) -> Self {
        self.with(Parameter { place: Place::Query, name, is_required: true, schema, description: description.into() })
    }

    /// Takes a part of the path.
    pub(in crate::http) fn at(self, name: &'static str, description: impl Into<String>) -> Self {
        let schema = json!({ "type": "string", "minLength": 1 });
        self.with(Parameter { place: Place::Path, name, is_required: true, schema, description: description.into() })
    }

    /// Takes what is described elsewhere.
    pub(in crate::http) fn with(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// Takes a JSON body of a schema.
    pub(in crate::http) fn body(mut self, schema: Value) -> Self {
        self.bodies.push(("application/json", schema));
        self
    }

    /// Takes no body, too.
    pub(in crate::http) fn or_no_body(mut self) -> Self {
        self.is_body_optional = true;
        self
    }

    /// Takes a text of a media type as a body, too.
    pub(in crate::http) fn body_text(mut self, media_type: &'static str) -> Self {
        self.bodies.push((media_type, json!({ "type": "string" })));
        self
    }

    /// Answers with JSON of a type.
    pub(in crate::http) fn gives<T: JsonSchema>(mut self, status: u16, description: &'static str) -> Self {
        self.answers.push((status, description, Content::Json(SchemaGenerator::subschema_for::<T>)));
        self
    }

    /// Answers with a text of a media type.
    pub(in crate::http) fn gives_text(mut self, media_type: &'static str, description: &'static str) -> Self {
        self.answers.push((200, description, Content::Text(media_type)));
        self
    }

    /// Answers without a body.
    pub(in crate::http) fn gives_nothing(mut self, status: u16, description: &'static str) -> Self {
        self.answers.push((status, description, Content::Nothing));
        self
    }

    /// May be refused for these.
    pub(in crate::http) fn refuses(mut self, codes: &[Code]) -> Self {
        self.refusals.extend(codes);
        self
    }
}
