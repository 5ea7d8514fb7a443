//! The commands, each a few steps over the library.

use std::{
    io::{self, BufReader, IsTerminal, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use oba::{
    analysis::Analyzer,
    corpus::{
        ReadOptions,
        sandbox::{self, ProcessLimits},
    },
    http::{self, App},
    index::{Facet, Index, IndexWriter, LiveIndex, Options},
    ingest::{self, IngestError, Report, Source, ingest},
    language::{Passage, Shares, detect, passages},
    search::{self, Request, Shown},
    snippet::Limits,
};
use serde_json::json;

use super::{
    Failure, Outcome,
    arguments::SearchArguments,
    print::{self, Style},
    progress::Progress,
    settings::Settings,
};

/// How long a run that was told to stop may take to end in good order.
const PATIENCE: Duration = Duration::from_secs(2);

/// Indexes paths.
pub(super) fn index(
    settings: &Settings,
    paths: Vec<PathBuf>,
    rebuild: bool,
    options: Options,
    read: ReadOptions,
) -> Result<Outcome, Failure> {
    let dir = settings.index.value.as_path();
    let stop = stop_on_signal()?;
    let reading = reading(read)?;
    let mut writer = if rebuild { IndexWriter::rebuild(dir, options)? } else { IndexWriter::open(dir, options)? };
    let progress = Progress::new();
    let sources = paths.into_iter().map(source).collect();
    let report = ingest(&mut writer, sources, dir, &reading, &progress, &stop);
    progress.finish();
    let report = report?;
    writer.close()?;
    writeln!(io::stdout(), "{}", summary(&report, dir))?;
    Ok(if report.skipped == 0 { Outcome::Done } else { Outcome::Partly })
}

/// How files are read: formats that are no text by this same program, in a process of its own.
fn reading(read: ReadOptions) -> io::Result<ingest::Options> {
    let apart = Some((std::env::current_exe()?, ProcessLimits::default()));
    Ok(ingest::Options { read, apart })
}

/// Reads files that are asked for on standard input: what [`index`] starts beside itself.
pub(super) fn read_files(memory_bytes: u64) -> Result<Outcome, Failure> {
    sandbox::serve(io::stdin().lock(), io::stdout().lock(), memory_bytes)?;
    Ok(Outcome::Done)
}

/// What a path on the command line means; - is standard input.
pub(super) fn source(path: PathBuf) -> Source {
    if path.as_os_str() == "-" {
        return Source::Lines("standard input".to_owned(), Box::new(BufReader::with_capacity(1 << 20, io::stdin())));
    }
    Source::Path(path)
}

/// A flag that an interrupt, or a request to end, raises. A run that does not end by itself soon, because it waits for
/// input, is ended: that is safe at any moment, for a commit is made whole or not at all.
pub(super) fn stop_on_signal() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        raised.store(true, Ordering::Relaxed);
        std::thread::sleep(PATIENCE);
        eprintln!("oba: {}", IngestError::Stopped);
        std::process::exit(2);
    })?;
    Ok(stop)
}

fn summary(report: &Report, dir: &Path) -> String {
    let seconds = report.elapsed.as_secs_f64();
    // Bytes and documents of a run are far below 2^52, where an f64 becomes inexact.
    #[allow(clippy::cast_precision_loss)]
    let (megabytes, documents) = (report.bytes as f64 / 1e6, report.documents as f64);
    let some = |count: u64, what: &str| if count > 0 { format!("{count} {what}") } else { String::new() };
    let parts = [
        format!("Indexed {} documents into {}", report.documents, dir.display()),
        some(report.replaced, "replaced earlier ones"),
        some(report.skipped, "skipped"),
        format!("{megabytes:.1} MB in {seconds:.1} s"),
        format!("{:.0} documents and {:.1} MB a second", documents / seconds, megabytes / seconds),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

/// Searches.
pub(super) fn search(settings: &Settings, arguments: &SearchArguments) -> Result<Outcome, Failure> {
    let query = arguments.query.join(" ");
    let default = Limits::default();
    let limits = Limits {
        fragments: arguments.fragments.unwrap_or(default.fragments),
        fragment_chars: arguments.fragment_size.unwrap_or(default.fragment_chars),
    };
    let request = Request::new(query, arguments.limit, arguments.offset, arguments.language)?
        .showing(Shown { limits, ..Shown::default() })?
        .with_condition(arguments.filter.clone())
        .from_cursor(arguments.cursor.clone())
        .explained(arguments.explain)
        .sorted_by(arguments.sort.clone())?
        .counting(arguments.facets.iter().map(|name| Facet::of(name)).collect())?
        .with_matching(arguments.matching.unwrap_or_default())
        .while_typing(arguments.typing)
        .with_names(arguments.names == "on")
        .with_repair(arguments.repair.unwrap_or_default());
    let index = Index::open(&settings.index.value)?;
    let answer = search::search(&index, &request)?;
    let mut out = io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&answer)?)?;
    } else {
        print::answer(&mut out, &answer, Style::of_stdout())?;
        if let Some(cursor) = &answer.next_cursor {
            eprintln!("The next page: --cursor {cursor}");
        }
        for line in answer.warnings.iter().cloned().chain(print::repairs(&answer.repairs)) {
            eprintln!("{line}");
        }
        match (answer.hits.len(), answer.estimated_total_hits) {
            (_, 0) => eprintln!("Nothing found."),
            (shown, total) => eprintln!("{shown} of {total} hits, {} ms", answer.processing_time_ms),
        }
    }
    Ok(if answer.estimated_total_hits == 0 { Outcome::Partly } else { Outcome::Done })
}

/// Serves until it is told to stop.
pub(super) fn serve(settings: &Settings) -> Result<Outcome, Failure> {
    let filter = tracing_subscriber::EnvFilter::try_from_env("OBA_LOG");
    tracing_subscriber::fmt()
        .with_env_filter(filter.unwrap_or_else(|_| "info".into()))
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    let index = LiveIndex::open(&settings.index.value)?;
    let documents = index.current().documents();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let address = settings.listen.value;
        let listener = tokio::net::TcpListener::bind(address).await.map_err(|error| cannot_listen(address, &error))?;
        writeln!(io::stdout(), "Serving {documents} documents on http://{}", listener.local_addr()?)?;
        http::serve(App::new(index), listener, signal()).await?;
        Ok(Outcome::Done)
    })
}

fn cannot_listen(address: std::net::SocketAddr, error: &io::Error) -> Failure {
    let advice = match error.kind() {
        io::ErrorKind::AddrInUse => "another program listens there; choose another port with --listen",
        io::ErrorKind::PermissionDenied => "ports below 1024 need rights; choose another port with --listen",
        _ => "choose another address with --listen",
    };
    format!("cannot listen on {address}: {error}; {advice}").into()
}

/// Resolves when the program is told to stop.
async fn signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    // Without a handler the program cannot be told to stop in good order; it then ends as the system ends it.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Shows how a text is analysed.
pub(super) fn analyze(text: &str, json: bool) -> Result<Outcome, Failure> {
    let mut out = io::stdout().lock();
    let detection = detect(text);
    let passages = passages(text);
    let shares = Shares::of(&passages);
    let mut analyzer = Analyzer::default();
    if json {
        let words: Vec<_> = analyzer
            .tokens(text)
            .map(|token| {
                let reading = &token.reading;
                json!({
                    "text": token.word.text,
                    "start": token.word.span.start,
                    "end": token.word.span.end,
                    "alphabet": reading.alphabet.name(),
                    "form": reading.form,
                    "terms": reading.terms,
                    "stopWord": reading.is_stop_word,
                    "compound": token.is_compound,
                })
            })
            .collect();
        let shown = json!({
            "language": detection.label.code(),
            "confidence": detection.confidence,
            "latin": detection.latin,
            "cyrillic": detection.cyrillic,
            "shares": { "en": shares.english, "ru": shares.russian, "mixed": shares.mixed, "other": shares.other },
            "passages": passages.iter().map(|passage| passage_json(passage, text)).collect::<Vec<_>>(),
            "unit": "byte",
            "words": words,
        });
        writeln!(out, "{}", serde_json::to_string_pretty(&shown)?)?;
    } else {
        print::tokens(&mut out, analyzer.tokens(text))?;
        writeln!(
            out,
            "language {} (confidence {:.2}; Latin letters {:.0} %, Cyrillic {:.0} %)",
            detection.label,
            detection.confidence,
            detection.latin * 100.0,
            detection.cyrillic * 100.0
        )?;
        print::passages(&mut out, &passages, text)?;
    }
    Ok(Outcome::Done)
}

fn passage_json(passage: &Passage, text: &str) -> serde_json::Value {
    let Passage { span, label, letters } = passage;
    json!({ "language": label.code(), "start": span.start, "end": span.end, "letters": letters, "text": span.of(text) })
}

/// Shows the figures of the index.
pub(super) fn stats(settings: &Settings, json: bool) -> Result<Outcome, Failure> {
    let stats = search::stats(&Index::open(&settings.index.value)?)?;
    let mut out = io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&stats)?)?;
    } else {
        print::stats(&mut out, &stats)?;
    }
    Ok(Outcome::Done)
}

/// Shows each setting and where its value comes from.
pub(super) fn config(settings: &Settings) -> Result<Outcome, Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "index   {}  ({})", settings.index.value.display(), settings.index.origin)?;
    writeln!(out, "listen  {}  ({})", settings.listen.value, settings.listen.origin)?;
    Ok(Outcome::Done)
}
