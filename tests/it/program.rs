//! Runs the real program in folders of its own.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with documents and an index, that vanishes in the end.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// A place with an index of these documents, each an id and a text.
    pub(crate) fn with_documents(documents: &[(&str, &str)]) -> Self {
        let place = Self::new();
        place.write("documents.jsonl", json_lines(documents));
        let done = place.run(&["index", "documents.jsonl"]);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("writable");
        fs::write(path, content).expect("writable");
    }

    /// The program with arguments, in this folder, without settings from outside.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_oba"));
        command.args(arguments).current_dir(self.folder.path());
        let settings = std::env::vars_os().map(|(name, _)| name);
        for name in settings.filter(|name| name == "NO_COLOR" || name.to_string_lossy().starts_with("OBA_")) {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program runs")
    }

    /// Runs the program with something on its standard input.
    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(arguments);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("it reads");
        child.wait_with_output().expect("it ends")
    }

    /// The answer to a search, as JSON.
    pub(crate) fn search(&self, query: &str) -> Value {
        self.search_with(&[], query)
    }

    /// The answer to a search with further options, as JSON.
    pub(crate) fn search_with(&self, options: &[&str], query: &str) -> Value {
        let arguments = [&["search", "--json", "--limit", "100"], options, &["--", query]].concat();
        let output = self.run(&arguments);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{query}: {}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("JSON")
    }

    /// The ids of all hits, best first.
    pub(crate) fn ids(&self, query: &str) -> Vec<String> {
        ids(&self.search(query))
    }

    /// Starts the server on a free port.
    pub(crate) fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    /// Starts the server on a free port with further arguments. What it logs is in the file `log`.
    pub(crate) fn serve_with(&self, arguments: &[&str]) -> Server {
        // What the server says goes to a file, for whoever has to find out what went wrong.
        let log = fs::File::create(self.path("log")).expect("writable");
        self.serve_logging(arguments, log)
    }

    /// Starts the server with further arguments, its log going somewhere.
    pub(crate) fn serve_logging(&self, arguments: &[&str], log: impl Into<Stdio>) -> Server {
        let free = if arguments.contains(&"--listen") { &[][..] } else { &["--listen", "127.0.0.1:0"] };
        let mut command = self.command(&[&["serve"], free, arguments].concat());
        command.stderr(log);
        Server::begin(command).unwrap_or_else(|line| panic!("no address: {line}"))
    }

    /// Runs the program; its exit code and what it printed.
    pub(crate) fn done(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let output = self.run(arguments);
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    }
}

/// A running server; it ends with the value.
pub(crate) struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts a server by a command; what it says instead of an address, where it does not come up.
    pub(crate) fn begin(mut command: Command) -> Result<Self, String> {
        let child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        // What does not come up is ended with the value.
        let mut server = Self { child, address: String::new() };
        let mut line = String::new();
        // An output that is no text is no address.
        let _ = BufReader::new(server.child.stdout.take().expect("piped")).read_line(&mut line);
        let address = line.trim().rsplit(' ').next().unwrap_or_default().replace("0.0.0.0", "127.0.0.1");
        if !address.starts_with("http://127.0.0.1:") {
            return Err(line);
        }
        server.address = address;
        Ok(server)
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its host and port.
    pub(crate) fn address(&self) -> &str {
        self.address.trim_start_matches("http://")
    }

    /// Kills it, as nothing can be caught: what it did until then has to do.
    pub(crate) fn kill(&self) {
        let sent = Command::new("kill").args(["-KILL", &self.id().to_string()]).status().expect("kill is there");
        assert!(sent.success());
    }

    pub(crate) fn wait(mut self) -> Option<i32> {
        self.child.wait().expect("it ends").code()
    }

    /// Status and body of a GET request.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let mut response = agent().get(format!("{}{path}", self.address)).call().expect("an answer");
        let status = response.status().as_u16();
        (status, response.body_mut().read_to_string().expect("text"))
    }

    /// A header of the answer to a GET request.
    pub(crate) fn header(&self, path: &str, name: &str) -> String {
        let response = agent().get(format!("{}{path}", self.address)).call().expect("an answer");
        response.headers()[name].to_str().expect("ASCII").to_owned()
    }

    /// Status and JSON of a GET request.
    pub(crate) fn json(&self, path: &str) -> (u16, Value) {
        let (status, body) = self.get(path);
        (status, serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}")))
    }

    /// Status and JSON of a DELETE request; null where there is no body.
    pub(crate) fn delete(&self, path: &str) -> (u16, Value) {
        let mut response = agent().delete(format!("{}{path}", self.address)).call().expect("an answer");
        let status = response.status().as_u16();
        let body = response.body_mut().read_to_string().expect("text");
        (status, serde_json::from_str(&body).unwrap_or_default())
    }

    /// Status, and one header of the answer, of a request with a body.
    pub(crate) fn send_for_header(&self, method: &str, path: &str, body: &str, header: &str) -> (u16, Option<String>) {
        let request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.address));
        let response = agent().run(request.body(body.to_owned()).expect("a request")).expect("an answer");
        (response.status().as_u16(), header_of(&response, header))
    }

    /// Status, and one header of the answer, of a request that names itself.
    pub(crate) fn send_with(&self, method: &str, path: &str, id: &str, header: &str) -> (u16, Option<String>) {
        let id = ureq::http::HeaderValue::from_bytes(id.as_bytes()).expect("a header");
        let request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.address));
        let request = request.header("x-request-id", id).body(()).expect("a request");
        let response = agent().run(request).expect("an answer");
        (response.status().as_u16(), header_of(&response, header))
    }

    /// The body of a GET request, as it comes.
    pub(crate) fn stream(&self, path: &str) -> impl Read + use<> {
        agent().get(format!("{}{path}", self.address)).call().expect("an answer").into_body().into_reader()
    }

    /// Status and JSON of a request with a body, or with an empty one.
    pub(crate) fn send(&self, method: &str, path: &str, content_type: &str, body: &str) -> (u16, Value) {
        let request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.address));
        let request = request.header("content-type", content_type).body(body.to_owned()).expect("a request");
        let mut response = agent().run(request).expect("an answer");
        let status = response.status().as_u16();
        let body = response.body_mut().read_to_string().expect("text");
        (status, serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}")))
    }

    /// Status and JSON of a POST request.
    pub(crate) fn post(&self, path: &str, body: &str) -> (u16, Value) {
        let request = agent().post(format!("{}{path}", self.address)).content_type("application/json");
        let mut response = request.send(body).expect("an answer");
        let status = response.status().as_u16();
        let body = response.body_mut().read_to_string().expect("text");
        (status, serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn header_of(response: &ureq::http::Response<ureq::Body>, name: &str) -> Option<String> {
    Some(response.headers().get(name)?.to_str().expect("ASCII").to_owned())
}

/// A client that takes every status for an answer.
fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

/// JSON Lines of documents, each an id and a text.
pub(crate) fn json_lines(documents: &[(&str, &str)]) -> String {
    let lines = documents.iter().map(|(id, text)| serde_json::json!({ "id": id, "text": text }).to_string() + "\n");
    lines.collect()
}

pub(crate) fn ids(answer: &Value) -> Vec<String> {
    let hits = answer["hits"].as_array().expect("hits");
    hits.iter().map(|hit| hit["id"].as_str().expect("an id").to_owned()).collect()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A query as a part of an address.
pub(crate) fn encoded(query: &str) -> String {
    percent_encoding::utf8_percent_encode(query, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The folder of the project.
pub(crate) fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
