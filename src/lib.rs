//! # oba
//!
//! Full-text search for collections that mix English and Russian.
pub mod analysis;
pub mod corpus;
pub mod evaluate;
pub mod http;
pub mod index;
pub mod ingest;
pub mod language;
pub mod query;
pub mod search;
pub mod snippet;
pub mod text;
