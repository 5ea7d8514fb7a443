//! Writers, each with documents of its own, that remember what they were told; and whether the server holds to it.
//!
//! What was acknowledged is there, in this version and no other; what was refused is not; what was asked and never answered is there
//! whole or not at all.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    mem::take,
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    Chance,
    program::{Server, encoded, ids},
    texts::{letters, text},
};

/// How many ids each writer has: few enough that many are written again.
const IDS: u64 = 100;

/// How many sources each writer has, by which it deletes.
const SOURCES: u64 = 6;

/// An answer may take so long where system calls are watched.
const PATIENCE: Duration = Duration::from_mins(2);

/// So many of the last tasks, and of the last documents that are gone, are looked for.
const REMEMBERED: usize = 5;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Document {
    /// A number that stands in no other text and in no other version of this one.
    number: u64,
    source: String,
}

type Documents = BTreeMap<String, Document>;

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Accepted,
    /// With this status and code.
    Refused(u16, String),
    /// No answer came; what the client says of it.
    Open(String),
}

/// One who writes, one request after the other.
pub(crate) struct Writer {
    name: u64,
    chance: Chance,
    /// What there is, by all that was answered.
    told: Documents,
    /// What there is if the request that was not answered was done.
    open: Option<Documents>,
    /// Numbers of documents that are gone.
    gone: Vec<u64>,
    tasks: Vec<u64>,
    numbers: u64,
    agent: ureq::Agent,
    /// Whether it waits now and then until what it sent is found.
    pub is_patient: bool,
    pub accepted: u64,
    pub refused: BTreeMap<(u16, String), u64>,
    pub unanswered: u64,
}

/// A request of a writer.
struct Request {
    method: &'static str,
    path: String,
    content_type: &'static str,
    body: String,
    /// What there is when it is done.
    after: Documents,
}

impl Writer {
    pub(crate) fn new(name: u64) -> Self {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE)).build();
        Self {
            name,
            chance: Chance::new(name + 1),
            told: Documents::new(),
            open: None,
            gone: Vec::new(),
            tasks: Vec::new(),
            numbers: 0,
            agent: agent.into(),
            is_patient: true,
            accepted: 0,
            refused: BTreeMap::new(),
            unanswered: 0,
        }
    }

    pub(crate) fn some(count: u64) -> Vec<Self> {
        (0..count).map(Self::new).collect()
    }

    /// Sends one request: documents, many of them, or a deletion.
    pub(crate) fn write(&mut self, server: &Server) -> Outcome {
        let request = match self.chance.below(40) {
            0 => self.stream(),
            1..=6 => self.deletion(),
            7..=10 => self.deletion_by_source(),
            _ => self.addition(),
        };
        self.send(server, request)
    }

    /// Sends documents that take about a megabyte on the disk.
    pub(crate) fn write_much(&mut self, server: &Server) -> Outcome {
        let mut after = self.told.clone();
        let documents: Vec<Value> = (0..2)
            .map(|_| {
                let text = text(50, &mut self.chance);
                let mut document = self.document(&text, &mut after);
                document["вложение"] = letters(400_000, &mut self.chance).into();
                document
            })
            .collect();
        let body = Value::from(documents).to_string();
        self.send(server, Request { method: "PUT", path: "/documents".into(), content_type: JSON, body, after })
    }

    /// Sends the deletion of all that this writer has.
    pub(crate) fn delete_all(&mut self, server: &Server) -> Outcome {
        let sources: Vec<String> = (0..SOURCES).map(|n| format!("{:?}", self.source(n))).collect();
        let filter = format!("source IN [{}]", sources.join(", "));
        let path = format!("/documents?filter={}", encoded(&filter));
        self.send(server, Request::deletion(path, Documents::new()))
    }

    fn addition(&mut self) -> Request {
        let mut after = self.told.clone();
        let documents: Vec<Value> = (0..=self.chance.below(6))
            .map(|_| {
                let text = text(20 + self.chance.below(60), &mut self.chance);
                self.document(&text, &mut after)
            })
            .collect();
        let path = if self.chance.below(10) == 0 && self.is_patient { "/documents?wait=true" } else { "/documents" };
        let method = if self.chance.below(2) == 0 { "PUT" } else { "POST" };
        Request { method, path: path.into(), content_type: JSON, body: Value::from(documents).to_string(), after }
    }

    /// So much that it does not wait in memory.
    fn stream(&mut self) -> Request {
        let mut after = self.told.clone();
        let lines: String = (0..30)
            .map(|_| {
                let text = text(2_000, &mut self.chance);
                self.document(&text, &mut after).to_string() + "\n"
            })
            .collect();
        Request { method: "POST", path: "/documents".into(), content_type: "application/x-ndjson", body: lines, after }
    }

    fn deletion(&mut self) -> Request {
        let mut after = self.told.clone();
        let id = self.id();
        after.remove(&id);
        Request::deletion(format!("/documents/{}", encoded(&id)), after)
    }

    fn deletion_by_source(&mut self) -> Request {
        let mut after = self.told.clone();
        let n = self.chance.below(SOURCES);
        let source = self.source(n);
        after.retain(|_, document| document.source != source);
        let filter = format!("source = {source:?}");
        Request::deletion(format!("/documents?filter={}", encoded(&filter)), after)
    }

    fn document(&mut self, text: &str, after: &mut Documents) -> Value {
        self.numbers += 1;
        let number = (self.name + 1) * 1_000_000_000 + self.numbers;
        let id = self.id();
        let n = self.chance.below(SOURCES);
        let source = self.source(n);
        after.insert(id.clone(), Document { number, source: source.clone() });
        json!({ "id": id, "title": "Запись of a writer", "text": format!("{text} {number}"), "source": source, "number": number })
    }

    fn id(&mut self) -> String {
        format!("{}/документ {}", self.prefix(), self.chance.below(IDS))
    }

    fn prefix(&self) -> String {
        format!("writer {}", self.name)
    }

    fn source(&self, n: u64) -> String {
        let name = if n.is_multiple_of(2) { "Вестник" } else { "The Herald" };
        format!("{name} {}-{n}", self.name)
    }

    fn send(&mut self, server: &Server, request: Request) -> Outcome {
        assert!(self.open.is_none(), "what is open is looked for first");
        let Request { method, path, content_type, body, after } = request;
        let address = format!("http://{}{path}", server.address());
        let asked = ureq::http::Request::builder().method(method).uri(address).header("content-type", content_type);
        let answer = self.agent.run(asked.body(body).expect("a request")).and_then(|mut response| {
            let status = response.status().as_u16();
            Ok((status, response.body_mut().read_to_string()?))
        });
        let (status, body) = match answer {
            Ok(answer) => answer,
            Err(error) => {
                self.open = Some(after);
                self.unanswered += 1;
                return Outcome::Open(format!("{method} {path} {content_type}: {error}"));
            }
        };
        let answer: Value = serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {status} {body}"));
        if matches!(status, 200 | 202) {
            assert_ne!(answer["status"], "failed", "{answer}");
            self.becomes(after);
            self.tasks.push(answer["taskId"].as_u64().expect("a number"));
            self.tasks.drain(..self.tasks.len().saturating_sub(REMEMBERED));
            self.accepted += 1;
            return Outcome::Accepted;
        }
        let code = answer["code"].as_str().expect("a code").to_owned();
        *self.refused.entry((status, code.clone())).or_default() += 1;
        Outcome::Refused(status, code)
    }

    fn becomes(&mut self, after: Documents) {
        let before = std::mem::replace(&mut self.told, after);
        let is_gone = |(id, document): &(String, Document)| self.told.get(id) != Some(document);
        self.gone.extend(before.into_iter().filter(is_gone).map(|(_, document)| document.number));
        self.gone.drain(..self.gone.len().saturating_sub(REMEMBERED));
    }

    /// Looks for all that this writer was told: among all documents of the server, each by its id, and by a search.
    fn check(&mut self, server: &Server, exported: &BTreeMap<String, u64>) {
        let prefix = self.prefix() + "/";
        let found: BTreeMap<&str, u64> = exported
            .iter()
            .filter(|(id, _)| id.starts_with(&prefix))
            .map(|(id, number)| (id.as_str(), *number))
            .collect();
        if let Some(after) = take(&mut self.open).filter(|after| numbers(after) == found) {
            self.becomes(after);
        }
        assert_eq!(numbers(&self.told), found, "what writer {} was told and what is there", self.name);
        for n in 0..IDS {
            let id = format!("{prefix}документ {n}");
            let (status, document) = server.json(&format!("/documents/{}", encoded(&id)));
            let told = self.told.get(&id).map(|document| document.number);
            assert_eq!((document["number"].as_u64(), status), (told, told.map_or(404, |_| 200)), "{id}: {document}");
        }
        for (id, document) in &self.told {
            assert_eq!(searched(server, document.number), [id.as_str()], "a search for {document:?}");
        }
        for number in &self.gone {
            assert_eq!(searched(server, *number), [""; 0], "a search for {number}, which is gone");
        }
        for task in &self.tasks {
            let (status, task) = server.json(&format!("/tasks/{task}"));
            assert_eq!((status, task["status"].as_str()), (200, Some("succeeded")), "{task}");
        }
    }
}

const JSON: &str = "application/json";

impl Request {
    fn deletion(path: String, after: Documents) -> Self {
        Self { method: "DELETE", path, content_type: JSON, body: String::new(), after }
    }
}

/// Looks for all that the writers were told, when the server has done it; how many documents there are.
pub(crate) fn check(writers: &mut [Writer], server: &Server) -> usize {
    settle(server);
    // An error is no line of a document.
    let documents = BufReader::new(server.stream("/export")).lines().map(|line| {
        let document: Value = serde_json::from_str(&line.expect("text")).expect("JSON");
        (document["id"].as_str().expect("an id").to_owned(), document["number"].as_u64().expect("a number"))
    });
    let mut exported = BTreeMap::new();
    for (id, number) in documents {
        assert_eq!(exported.insert(id.clone(), number), None, "{id} is there twice");
    }
    for writer in writers {
        writer.check(server, &exported);
    }
    exported.len()
}

/// Waits until the server is well and has done all that it accepted.
pub(crate) fn settle(server: &Server) {
    until("the server is well and has done all", || {
        let (_, ready) = server.json("/health/ready");
        if ready["writer"] == "healthy" && ready["tasksWaiting"] == 0 { Ok(()) } else { Err(ready.to_string()) }
    });
}

/// Waits for what is to become true; it tells how it is until then.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> Result<(), String>) {
    let started = Instant::now();
    while let Err(state) = is_so() {
        assert!(started.elapsed() < PATIENCE, "waited in vain until {what}: {state}");
        sleep(Duration::from_millis(20));
    }
}

/// How many requests of some writers were accepted, refused, each by its status and code, and never answered.
pub(crate) fn told(writers: &[Writer]) -> String {
    let accepted: u64 = writers.iter().map(|writer| writer.accepted).sum();
    let unanswered: u64 = writers.iter().map(|writer| writer.unanswered).sum();
    let mut refused: BTreeMap<String, u64> = BTreeMap::new();
    for ((status, code), count) in writers.iter().flat_map(|writer| &writer.refused) {
        *refused.entry(format!("{status} {code}")).or_default() += count;
    }
    format!("{accepted} requests accepted, refused {refused:?}, {unanswered} not answered")
}

fn numbers(documents: &Documents) -> BTreeMap<&str, u64> {
    documents.iter().map(|(id, document)| (id.as_str(), document.number)).collect()
}

/// The documents that hold a number.
fn searched(server: &Server, number: u64) -> Vec<String> {
    let (status, answer) = server.json(&format!("/search?q=!{number}&repair=off&names=off"));
    assert_eq!(status, 200, "{answer}");
    ids(&answer)
}
