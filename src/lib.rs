//! Full-text search for collections that mix English and Russian.
//!
//! The modules stand in layers, each using only those before it:
//!
//! | module | turns | into |
//! | --- | --- | --- |
//! | [`text`] | text | words and gaps, normal forms |
//! | [`language`] | alphabets, words, texts | languages and their rules |
//! | [`analysis`] | text | terms, for index, query and snippet alike |
//! | [`query`] | what was typed | a tree of analysed terms |
//! | [`snippet`] | text and matched terms | the passages to show |
//! | [`corpus`] | folders and files | documents |
//! | [`index`] | documents | an index on disk; queries into matches |
//! | [`ingest`] | sources | an index, with a report |
//! | [`search`] | a request | an answer |
//! | [`live`] | documents, one request after another | an index that is searched meanwhile |
//! | [`http`] | an index | a service with a page |
//!
//! A first search:
//!
//! ```
//! use oba::{index::{Index, IndexWriter}, ingest::{Options, Silent, Source, ingest}, search::{Request, search}};
//!
//! let folder = tempfile::tempdir()?;
//! let dir = folder.path().join("index");
//! let lines = r#"{"id": "ru", "text": "Министры встретились в Ташкенте."}
//! {"id": "en", "text": "The ministers met in Tashkent."}"#;
//!
//! let mut writer = IndexWriter::open(&dir, None)?;
//! let sources = vec![Source::Lines("lines".into(), Box::new(lines.as_bytes()))];
//! ingest(&mut writer, sources, &dir, &Options::default(), &Silent, &false.into())?;
//! writer.close()?;
//!
//! let answer = search(&Index::open(&dir)?, &Request::new("министр", None, None, None)?)?;
//! assert_eq!(answer.hits[0].snippet.html, "<mark>Министры</mark> встретились в Ташкенте.");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod analysis;
pub mod corpus;
pub mod evaluate;
pub mod http;
pub mod index;
pub mod ingest;
pub mod language;
pub mod live;
pub mod query;
pub mod search;
pub mod snippet;
pub mod text;
