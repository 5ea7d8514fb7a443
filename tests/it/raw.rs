//! Requests byte by byte, for what no client would send.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

/// How long an answer may take on a machine that does other things.
const PATIENCE: Duration = Duration::from_mins(1);

/// An answer, or as much of one as came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RawAnswer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl RawAnswer {
    fn of(bytes: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
        Some(Self { status, head: head.to_lowercase(), body: body.to_owned() })
    }

    /// The code of a refusal; nothing for other answers.
    pub(crate) fn code(&self) -> String {
        let body: Option<Value> = serde_json::from_str(&self.body).ok();
        body.and_then(|body| Some(body["code"].as_str()?.to_owned())).unwrap_or_default()
    }

    /// The value of a header, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        let line = self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_default()
    }
}

/// Connects to a server.
pub(crate) fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
    stream.set_write_timeout(Some(PATIENCE)).expect("a socket");
    stream
}

/// All that a server answers until it closes the connection; `None` where that is no answer of HTTP.
pub(crate) fn answer(mut stream: &TcpStream) -> Option<RawAnswer> {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => {}
        // A server that has heard enough may close before all was sent.
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {}
        Err(error) => panic!("the server neither answers nor closes: {error}"),
    }
    RawAnswer::of(&bytes)
}

/// Sends bytes and says that these are all; what is answered.
pub(crate) fn send(address: &str, bytes: &[u8]) -> Option<RawAnswer> {
    let mut stream = connect(address);
    // A server that has heard enough may close before all was sent.
    let _ = stream.write_all(bytes);
    answer(&stream)
}

/// The answer to a request without a body, with headers of its own.
pub(crate) fn ask(address: &str, method: &str, path: &str, headers: &[(&str, &str)]) -> RawAnswer {
    let mut request = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
    let own = [("host", address)];
    let own = own.iter().filter(|_| !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")));
    for (name, value) in own.chain(headers) {
        request.extend([name, ": ", value, "\r\n"]);
    }
    send(address, (request + "\r\n").as_bytes()).expect("an answer")
}
