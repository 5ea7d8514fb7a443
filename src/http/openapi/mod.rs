//! The table of routes → `OpenAPI` 3.1.
//!
//! What is described is what the rows say; the shapes of answers are derived from the types that are written as JSON.

mod described;
mod indexes;
mod operation;
mod writes;

pub(super) use described::*;
pub(super) use indexes::*;
pub(super) use operation::Operation;
pub(super) use writes::*;

use std::collections::BTreeMap;

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{Code, error::RefusalBody};
use operation::{Content, Parameter, Place};

/// The description of routes, each with its method, path, and what is said of it.
pub(super) fn description<'r>(routes: impl Iterator<Item = (&'r str, &'r str, &'r Operation)>) -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut schemas = settings.into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for (method, path, operation) in routes {
        let of_path = paths.entry(path).or_insert_with(|| json!({}));
        of_path[method.to_lowercase()] = described(operation, &mut schemas);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "oba",
            "description": env!("CARGO_PKG_DESCRIPTION"),
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": env!("CARGO_PKG_LICENSE"), "identifier": env!("CARGO_PKG_LICENSE") },
        },
        "paths": paths,
        "components": { "schemas": schemas.take_definitions(true) },
    })
}

fn described(operation: &Operation, schemas: &mut SchemaGenerator) -> Value {
    let mut answers = Map::new();
    for &(status, description, content) in &operation.answers {
        let content = match content {
            Content::Nothing => None,
            Content::Json(schema) => Some(json!({ "application/json": { "schema": schema(schemas) } })),
            Content::Text(media_type) => Some(json!({ media_type: { "schema": { "type": "string" } } })),
        };
        let mut answer = json!({ "description": description });
        if let Some(content) = content {
            answer["content"] = content;
        }
        answers.insert(status.to_string(), answer);
    }
    // Pages tell of a refusal in HTML.
    let is_page = operation.answers.iter().any(|(_, _, content)| matches!(content, Content::Text("text/html")));
    for (status, codes) in by_status(&operation.refusals) {
        let answer = if is_page { refused_page(&codes) } else { refused(&codes, schemas) };
        // An answer of the same status that is no refusal says more.
        answers.entry(status.to_string()).or_insert(answer);
    }
    let mut shown = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "parameters": operation.parameters.iter().map(parameter).collect::<Vec<_>>(),
        "responses": answers,
    });
    if !operation.bodies.is_empty() {
        let bodies = operation.bodies.iter();
        let content: Map<String, Value> =
            bodies.map(|(media_type, schema)| ((*media_type).to_owned(), json!({ "schema": schema }))).collect();
        shown["requestBody"] = json!({ "required": !operation.is_body_optional, "content": content });
    }
    shown
}

fn by_status(codes: &[Code]) -> BTreeMap<u16, Vec<&'static str>> {
    let mut by_status: BTreeMap<u16, Vec<&'static str>> = BTreeMap::new();
    for code in codes {
        let names = by_status.entry(code.status().as_u16()).or_default();
        if !names.contains(&code.name()) {
            names.push(code.name());
        }
    }
    by_status
}

fn refused(codes: &[&str], schemas: &mut SchemaGenerator) -> Value {
    let shape = schemas.subschema_for::<RefusalBody>();
    let schema = json!({ "allOf": [shape, { "properties": { "code": { "enum": codes } } }] });
    json!({ "description": codes.join(", "), "content": { "application/json": { "schema": schema } } })
}

fn refused_page(codes: &[&str]) -> Value {
    json!({ "description": codes.join(", "), "content": { "text/html": { "schema": { "type": "string" } } } })
}

fn parameter(parameter: &Parameter) -> Value {
    json!({
        "name": parameter.name,
        "in": match parameter.place {
            Place::Query => "query",
            Place::Path => "path",
        },
        "required": parameter.is_required,
        "description": parameter.description,
        "schema": parameter.schema,
    })
}
