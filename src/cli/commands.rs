//! The commands, each a few steps over the library.

use std::{
    io::{self, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use oba::{
    analysis::Analyzer,
    http::{self, App, Guard, Limits, keys::LiveKeys},
    index::{Facet, Index, allow_open_files, do_without_huge_pages},
    language::{Passage, Shares, detect, passages},
    live::{IndexName, Indexes},
    search::{self, Request, Shown},
    snippet,
    text::ShortText,
};
use serde_json::json;

use super::{
    Failure, Outcome, logging,
    print::{self, Style},
    search_arguments::SearchArguments,
    settings::{Setting, Settings},
    systemd,
};

/// Searches.
pub(super) fn search(settings: &Settings, arguments: &SearchArguments) -> Result<Outcome, Failure> {
    let query = arguments.query.join(" ");
    let default = snippet::Limits::default();
    let limits = snippet::Limits {
        fragments: arguments.fragments.unwrap_or(default.fragments),
        fragment_chars: arguments.fragment_size.unwrap_or(default.fragment_chars),
    };
    let request = Request::new(query, arguments.limit, arguments.offset, arguments.language)?
        .showing(Shown { limits, ..Shown::default() })?
        .with_condition(arguments.filter.clone())
        .from_cursor(arguments.cursor.clone())
        .explained(arguments.explain)
        .collapsed(arguments.collapse)
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
    logging::start(settings.log_format.value);
    do_without_huge_pages();
    let address = settings.listen.value;
    let files = allow_open_files();
    tracing::debug!(files, "so many files may be open");
    let guard = Guard::new(settings.guard.policy(), LiveKeys::open(&settings.home.value)?, address)?;
    let indexes = Arc::new(Indexes::open(&settings.index.value, &settings.home.value)?);
    let live = indexes.get(&IndexName::default())?;
    let what = if live.is_new() {
        format!("a new, empty index in {}", settings.index.value.display())
    } else {
        format!("{} documents", live.index().documents())
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await.map_err(|error| cannot_listen(address, &error))?;
        indexes.announce(&format!("http://{}", reachable(listener.local_addr()?)))?;
        writeln!(io::stdout(), "Serving {what} on http://{}", listener.local_addr()?)?;
        systemd::ready();
        let app = App::new(Arc::clone(&indexes), &settings.home.value)
            .with_search_timeout(settings.guard.search_timeout.value)
            .logging_queries(settings.log_queries.value);
        http::serve(app, guard, listener, Limits::default(), systemd::stopping_after(signal())).await?;
        Ok(Outcome::Done)
    });
    // Searches that were cut off end by their deadline; nobody waits for them.
    runtime.shutdown_background();
    // What was accepted is committed, however the serving ended.
    indexes.close();
    served
}

/// The address by which this machine reaches a listener, which may listen on all of its addresses.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> Failure {
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
                    "form": reading.form.as_str(),
                    "terms": reading.terms.iter().map(ShortText::as_str).collect::<Vec<_>>(),
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
    let folder =
        |name, setting: &Setting<PathBuf>| (name, setting.value.display().to_string(), setting.origin.to_string());
    let listen = &settings.listen;
    let mut lines = vec![
        folder("index", &settings.index),
        ("listen", listen.value.to_string(), listen.origin.to_string()),
        folder("home", &settings.home),
    ];
    let format = &settings.log_format;
    lines.push(("log_format", format.value.name().to_owned(), format.origin.to_string()));
    lines.push(("log_queries", settings.log_queries.value.to_string(), settings.log_queries.origin.to_string()));
    lines.extend(settings.guard.lines());
    for (name, value, origin) in lines {
        writeln!(out, "{name:6}  {value}  ({origin})")?;
    }
    Ok(Outcome::Done)
}
