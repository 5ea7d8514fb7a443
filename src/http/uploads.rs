//! Bodies of documents → operations: one object, an array, or a stream of lines of any length.

use std::{
    io::{self, BufReader, Read},
    pin::Pin,
};

use axum::body::{Body, Bytes, HttpBody};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::{Code, Refusal};
use crate::{
    corpus::{Line, LineReader, ReadError, decode},
    live::{Incoming, Operation},
};

/// The largest body that is not a stream, in bytes: it is read whole.
pub(super) const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

/// The longest line of a stream, in bytes: one document.
const MAX_LINE_BYTES: u64 = 16 * 1024 * 1024;

/// So many lines that were passed over are told with their reason; of more, only how many there were.
const MAX_TOLD: usize = 100;

/// So many pieces of a stream wait for whoever reads it, of some kilobytes each.
const PIECES: usize = 16;

/// A line that was passed over.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SkippedLine {
    line: u64,
    message: String,
}

/// The lines of a stream that were passed over.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SkippedLines {
    skipped: Vec<SkippedLine>,
    skipped_total: u64,
}

/// The documents of a body that is a JSON object or an array of such. Anything wrong refuses all of it.
pub(super) fn documents(body: &[u8]) -> Result<Vec<Operation>, Refusal> {
    let value = serde_json::from_slice(body).map_err(|error| {
        let message = format!("The body is not JSON: {error}. For JSON Lines send Content-Type: application/x-ndjson.");
        Refusal::new(Code::InvalidJson, message)
    })?;
    match value {
        Value::Array(values) if values.is_empty() => {
            Err(Refusal::new(Code::InvalidDocument, "The array holds no document; nothing was indexed."))
        }
        Value::Array(values) => {
            let place =
                |n: usize, error: &ReadError| refused(&format!("Document {} of the array, [{n}]", n + 1), error);
            let documents = values.into_iter().enumerate();
            documents.map(|(n, value)| Operation::add(value).map_err(|error| place(n, &error))).collect()
        }
        value => Ok(vec![Operation::add(value).map_err(|error| refused("The document", &error))?]),
    }
}

fn refused(place: &str, error: &ReadError) -> Refusal {
    Refusal::new(Code::InvalidDocument, format!("{place}: {error}. Nothing was indexed."))
}

/// Reads the documents of a stream of lines; wrong lines are passed over, and told.
pub(super) fn documents_of_lines(lines: Lines, incoming: &mut Incoming) -> Result<SkippedLines, Refusal> {
    let mut reader = LineReader::with_limit(BufReader::with_capacity(64 * 1024, lines), MAX_LINE_BYTES);
    let mut skipped = SkippedLines::default();
    loop {
        let line = reader.next_line().map_err(|error| {
            let message = format!("The body ended before its end ({error}). Nothing was indexed; send it again.");
            Refusal::new(Code::InvalidJson, message)
        })?;
        let Some(Line { number, content }) = line else { return Ok(skipped) };
        match content.and_then(|content| document(&content)) {
            Ok(operation) => incoming.push(&operation)?,
            Err(error) => {
                skipped.skipped_total += 1;
                if skipped.skipped.len() < MAX_TOLD {
                    skipped.skipped.push(SkippedLine { line: number, message: error.to_string() });
                }
            }
        }
    }
}

fn document(line: &[u8]) -> Result<Operation, ReadError> {
    Operation::add(serde_json::from_str(&decode(line, Some(encoding_rs::UTF_8))?.text)?)
}

impl SkippedLines {
    /// What is told of a stream that holds no document at all.
    pub(super) fn refusal(&self) -> Refusal {
        let why = match self.skipped.first() {
            Some(SkippedLine { line, message }) => format!("line {line}: {message}"),
            None => "the body is empty".to_owned(),
        };
        let message =
            format!("There is no document in the stream ({why}). A line is {{\"id\": …, \"title\": …, \"text\": …}}.");
        Refusal::new(Code::InvalidDocument, message)
    }
}

/// A body on its way to a thread that reads it.
enum Piece {
    Bytes(Bytes),
    End,
}

/// A body as a thread reads it. One that breaks off is an error, and no end.
pub(super) struct Lines {
    pieces: Receiver<Piece>,
    piece: Bytes,
    is_ended: bool,
}

/// The other end of [`Lines`].
pub(super) struct Pump(Sender<Piece>);

/// A way for a body from here to a thread.
pub(super) fn lines() -> (Pump, Lines) {
    let (send, pieces) = channel(PIECES);
    (Pump(send), Lines { pieces, piece: Bytes::new(), is_ended: false })
}

impl Pump {
    /// Hands a body over, as fast as it is read, until it ends, breaks off, or nobody reads it any more.
    pub(super) async fn run(self, mut body: Body) {
        loop {
            let frame = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
            let piece = match frame {
                None => Piece::End,
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(bytes) => Piece::Bytes(bytes),
                    // Trailers say nothing to us.
                    Err(_) => continue,
                },
                Some(Err(_)) => return,
            };
            let is_end = matches!(piece, Piece::End);
            if self.0.send(piece).await.is_err() || is_end {
                return;
            }
        }
    }
}

impl Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() && !self.is_ended {
            match self.pieces.blocking_recv() {
                Some(Piece::Bytes(bytes)) => self.piece = bytes,
                Some(Piece::End) => self.is_ended = true,
                None => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the connection broke off")),
            }
        }
        let length = self.piece.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.piece.split_to(length));
        Ok(length)
    }
}
