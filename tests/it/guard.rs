//! Who is let in, and how much a server bears.
//!
//! 1. Keys open what their kind allows, in both ways of showing them, until they are revoked.
//! 2. Without keys a server is open to its own machine alone: by its names, and for no other site.
//! 3. Whoever asks too often is told when to come back.
//! 4. A search ends by its deadline, whatever it is at.

use std::{
    sync::Arc,
    thread::sleep,
    time::{Duration, Instant},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use oba::{
    index::{Deadline, Facet, Index, IndexError, Order},
    search::{Request, SearchError, SimilarRequest, SuggestRequest, search, similar, suggest},
};

use crate::{
    program::{Place, Server, encoded, text},
    raw::{RawAnswer, ask},
};

fn place() -> Place {
    Place::with_documents(&[
        ("visit-ru", "Государственный визит в Ташкент начался в пятницу."),
        ("visit-en", "The state visit to Tashkent began on Friday."),
    ])
}

/// Makes a key; it and its id.
pub(crate) fn add_key(place: &Place, kind: &str, name: &str) -> (String, String) {
    let done = place.run(&["keys", "add", "--kind", kind, "--name", name]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let listed = text(&place.run(&["keys", "list"]).stdout);
    let line = listed.lines().find(|line| line.ends_with(name)).expect("the key is listed");
    (text(&done.stdout).trim().to_owned(), line.split(' ').next().expect("an id").to_owned())
}

type Header = (&'static str, String);

/// Status and code of a request with some headers.
fn asked(server: &Server, path: &str, headers: &[Header]) -> (u16, String) {
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = ask(server.address(), "GET", path, &headers);
    (answer.status, answer.code())
}

fn bearer(key: &str) -> Header {
    ("authorization", format!("Bearer {key}"))
}

fn basic(user: &str, key: &str) -> Header {
    ("authorization", format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{key}"))))
}

/// Waits until something is so, a generous time.
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_mins(1), "{what}");
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_key_opens_what_its_kind_allows_until_it_is_revoked() {
    let place = place();
    let server = place.serve();
    let search = format!("/search?q={}", encoded("визит visit"));
    assert_eq!(asked(&server, &search, &[]).0, 200);
    let (key, id) = add_key(&place, "search", "страница page");
    wait_until("the first key is noticed", || asked(&server, &search, &[]) == (401, "missing_key".into()));
    for path in [
        search.as_str(),
        "/",
        "/view/visit-ru",
        "/suggest?q=vis",
        "/documents/visit-ru",
        "/documents/visit-en/similar",
        "/stats",
    ] {
        assert_eq!(asked(&server, path, &[]), (401, "missing_key".into()), "{path}");
        assert_eq!(asked(&server, path, &[bearer("oba_wrong")]), (401, "invalid_key".into()), "{path}");
        assert_eq!(asked(&server, path, &[("authorization", "Bearer ключ".into())]), (401, "invalid_key".into()));
        for header in [bearer(&key), basic("anybody", &key), basic("Иван", &key), basic("", &key)] {
            assert_eq!(asked(&server, path, &[header]).0, 200, "{path}");
        }
    }
    for path in ["/health", "/style.css", "/complete.js"] {
        assert_eq!(asked(&server, path, &[]).0, 200, "{path}");
    }
    let refused = ask(server.address(), "GET", &search, &[]);
    assert!(refused.head.contains("www-authenticate: basic realm=\"oba\""), "{}", refused.head);
    assert_eq!(place.run(&["keys", "revoke", "00000000"]).status.code(), Some(1));
    let (other, _) = add_key(&place, "admin", "другой other");
    wait_until("a second key is noticed", || asked(&server, &search, &[bearer(&other)]).0 == 200);
    assert!(place.run(&["keys", "revoke", &id]).status.success());
    wait_until("a revoked key is noticed", || asked(&server, &search, &[bearer(&key)]) == (401, "invalid_key".into()));
    assert_eq!(asked(&server, &search, &[bearer(&other)]).0, 200);
}

#[test]
fn keys_are_listed_without_what_opens() {
    let place = place();
    let (key, id) = add_key(&place, "write", "Почта mail");
    let listed = place.run(&["keys", "list", "--json"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).expect("JSON");
    assert_eq!(
        (&listed[0]["id"], &listed[0]["kind"], &listed[0]["name"]),
        (&id.into(), &"write".into(), &"Почта mail".into())
    );
    assert!(!listed.to_string().contains(&key[4..]) && listed[0].get("hash").is_none(), "{listed}");
    let wrong = place.run(&["keys", "add", "--kind", "всё"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("search, write and admin"), "{}", text(&wrong.stderr));
}

#[test]
fn what_is_public_needs_no_key() {
    let place = place();
    let (key, _) = add_key(&place, "search", "k");
    let server = place.serve_with(&["--public-search"]);
    for path in ["/search?q=visit", "/", "/suggest?q=%D0%B2%D0%B8%D0%B7", "/documents/visit-ru"] {
        assert_eq!(asked(&server, path, &[]).0, 200, "{path}");
        assert_eq!(asked(&server, path, &[bearer(&key)]).0, 200, "{path}");
        assert_eq!(asked(&server, path, &[bearer("oba_wrong")]), (401, "invalid_key".into()), "{path}");
    }
    let config = text(&place.command(&["config"]).env("OBA_PUBLIC_SEARCH", "true").output().expect("it runs").stdout);
    assert!(config.contains("public_search") && config.contains("environment, OBA_PUBLIC_SEARCH"), "{config}");
}

#[test]
fn without_keys_only_the_machine_itself_is_answered() {
    let place = place();
    let server = place.serve();
    let port = server.address().rsplit(':').next().expect("a port").to_owned();
    let by_host = |host: &str| asked(&server, "/search?q=visit", &[("Host", host.to_owned())]);
    for host in ["localhost", &format!("localhost:{port}"), "127.0.0.1", &format!("[::1]:{port}")] {
        assert_eq!(by_host(host).0, 200, "{host}");
    }
    for host in ["evil.example", &format!("evil.example:{port}"), "xn--e1afmkfd.xn--p1ai", "localhost.evil.example", ""]
    {
        assert_eq!(by_host(host), (403, "host_not_allowed".into()), "{host}");
    }
    let whole = ask(server.address(), "GET", "http://evil.example/search?q=visit", &[]);
    assert_eq!(whole.code(), "host_not_allowed");
    let (key, _) = add_key(&place, "search", "k");
    wait_until("the key is noticed", || {
        let headers = [("Host", "search.example.org"), ("authorization", &format!("Bearer {key}"))];
        ask(server.address(), "GET", "/search?q=visit", &headers).status == 200
    });
}

#[test]
fn a_door_that_is_open_to_others_is_refused_with_what_to_do() {
    let place = place();
    for arguments in
        [&["serve", "--listen", "0.0.0.0:0"][..], &["serve", "--listen", "[::]:0"], &["serve", "--behind-proxy"]]
    {
        let refused = place.run(arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(text(&refused.stderr).contains("oba keys add --kind admin"), "{}", text(&refused.stderr));
    }
    add_key(&place, "admin", "k");
    let server = place.serve_with(&["--listen", "0.0.0.0:0"]);
    assert_eq!(asked(&server, "/search?q=visit", &[]), (401, "missing_key".into()));
}

#[test]
fn other_sites_read_only_where_they_are_listed() {
    let place = place();
    let server = place.serve_with(&["--allow-origins", "https://example.org"]);
    let from = |origin: &str, method: &str, headers: &[(&str, &str)]| -> RawAnswer {
        ask(server.address(), method, "/search?q=visit", &[&[("origin", origin)], headers].concat())
    };
    let listed = from("https://example.org", "GET", &[]);
    assert_eq!((listed.status, listed.header("access-control-allow-origin")), (200, "https://example.org"));
    assert_eq!(from("https://evil.example", "GET", &[]).header("access-control-allow-origin"), "");
    let asks = [("access-control-request-method", "POST"), ("access-control-request-headers", "authorization")];
    let preflight = from("https://example.org", "OPTIONS", &asks);
    assert_eq!(preflight.status, 200);
    assert!(preflight.header("access-control-allow-methods").contains("post"), "{}", preflight.head);
    assert!(preflight.header("access-control-allow-headers").contains("authorization"), "{}", preflight.head);
    assert_eq!(from("https://evil.example", "OPTIONS", &asks).header("access-control-allow-origin"), "");
    assert_eq!(listed.header("x-frame-options"), "deny");
}

#[test]
fn who_asks_too_often_is_told_when_to_come_back() {
    let place = place();
    let (key, _) = add_key(&place, "search", "k");
    let server = place.serve_with(&["--requests-per-second", "1", "--burst", "5", "--behind-proxy"]);
    let from = |address: &str| {
        let headers = [("x-forwarded-for", address), ("authorization", &format!("Bearer {key}"))];
        ask(server.address(), "GET", "/search?q=visit", &headers)
    };
    let first: Vec<RawAnswer> = (0..30).map(|_| from("192.0.2.9, 192.0.2.1")).collect();
    assert!(first[..5].iter().all(|answer| answer.status == 200), "{first:?}");
    let refused = first.iter().find(|answer| answer.status != 200).expect("one is too many");
    assert_eq!((refused.status, refused.code().as_str()), (429, "too_many_requests"));
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0), "{}", refused.head);
    // What the client wrote itself names nobody.
    assert_eq!(from("192.0.2.1, 192.0.2.2").status, 200);
    wait_until("the bucket fills again", || from("192.0.2.1").status == 200);
}

#[test]
fn a_search_ends_by_its_deadline_whatever_it_asks_for() {
    let place = place();
    let index = Index::open(&place.path("index")).expect("an index");
    let request = |q: &str| Request::new(q, None, None, None).expect("in bounds");
    let by_date: Order = "date:desc".parse().expect("an order");
    let requests = [
        request("визит visit"),
        request("\"визит в Ташкент\"~3 \"state visit\""),
        request("ви* vis*"),
        request("+визит -погода (Ташкент OR Tashkent)"),
        request("Зюганидзе Abrakadabrov"),
        request("програма recieve"),
        request("").from_cursor(Some("*".into())),
        request("визит visit").from_cursor(Some("*".into())),
        request("visit").explained(true),
        request("визит").counting(vec![Facet::Language, Facet::Year]).expect("in bounds"),
        request("visit").sorted_by(vec![by_date]).expect("in bounds"),
    ];
    let over = || Deadline::new(Instant::now(), Arc::default());
    for request in &requests {
        assert!(search(&index, request).is_ok(), "{request:?}");
        let late = over().hold(|| search(&index, request));
        assert!(matches!(late, Err(SearchError::Index(IndexError::OutOfTime))), "{request:?}: {late:?}");
    }
    for q in ["визит таш", "visit tash", "ghbd"] {
        let request = SuggestRequest::new(q, None, None).expect("in bounds");
        assert!(suggest(&index, &request).is_ok(), "{q}");
        let late = over().hold(|| suggest(&index, &request).and_then(|_| Deadline::check()));
        assert!(matches!(late, Err(IndexError::OutOfTime)), "{q}: {late:?}");
    }
    for id in ["visit-ru", "visit-en"] {
        let request = SimilarRequest::new(id, None).expect("in bounds");
        assert!(similar(&index, &request).is_ok_and(|similar| similar.is_some()), "{id}");
        let late = over().hold(|| similar(&index, &request));
        assert!(matches!(late, Err(IndexError::OutOfTime)), "{id}");
    }
    // What was cut short was not kept for the next.
    assert_eq!(search(&index, &requests[2]).map(|answer| answer.hits.len()).ok(), Some(2));
}
