//! What whoever operates the server sees of it.
//!
//! 1. Its description is of all that it answers: real answers in both languages are as it says.
//! 2. How it is, is told in clear states; what is wrong with the disk does not end searches.
//! 3. Figures have few labels, and nothing that anybody asked for in them.
//! 4. The log has one line a request, with its id and without its query; where it cannot be written, all else goes on.

use std::{fs, os::unix::fs::PermissionsExt, process::Command, thread::sleep, time::Duration};

use serde_json::{Value, json};

use crate::program::{Place, encoded};

fn place() -> Place {
    let place = Place::new();
    place.write(
        "documents.jsonl",
        concat!(
            "{\"id\": \"ru/1\", \"title\": \"Визит\", \"text\": \"Государственный визит в Ташкент начался в пятницу.\", \"date\": \"2021-11\", \"source\": \"Газета\", \"раздел\": [\"политика\", null]}\n",
            "{\"id\": \"en/1\", \"title\": \"Visit\", \"text\": \"The state visit of Lavrov to Tashkent began on Friday.\", \"price\": 0.1}\n",
            "{\"id\": \"odd\", \"title\": 5, \"source\": 7, \"date\": \"last spring\", \"snippet\": \"x\", \"score\": \"y\", \"text\": \"The program received a visit. Программа и визит.\"}\n",
        ),
    );
    assert_eq!(place.run(&["index", "documents.jsonl"]).status.code(), Some(0));
    place
}

/// Whether a value is of the shape that a description has for an answer.
fn check(description: &Value, method: &str, route: &str, status: u16, value: &Value) {
    let answer = &description["paths"][route][method]["responses"][status.to_string()];
    let schema = &answer["content"]["application/json"]["schema"];
    assert!(schema.is_object(), "{method} {route} {status} is not described");
    let mut schema = schema.clone();
    schema["components"] = description["components"].clone();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let faults: Vec<String> = validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "{method} {route} {status}: {faults:?} in {value}");
}

#[test]
fn answers_are_as_they_are_described() {
    let place = place();
    let server = place.serve();
    let (status, description) = server.json("/openapi.json");
    assert_eq!((status, &description["openapi"]), (200, &json!("3.1.0")));
    let rich = "limit=5&facets=language,year,source&explain=true&offsets=utf16&sort=date:desc&filter=date%20EXISTS";
    let russian = ["визит в Ташкент", "Лавров", "програма", "ghbdtn", "", "«", "пингвин", "(визит OR"];
    let english = ["state visit", "Lavrov", "recieved", "ышд", "*", "vis*", "penguin", "\"visit to\"~3"];
    for query in russian.into_iter().chain(english) {
        let query = encoded(query);
        for path in [
            format!("/search?q={query}"),
            format!("/search?q={query}&{rich}"),
            format!("/search?q={query}&cursor=*"),
            format!("/search?q={query}&repair=suggest&fragments=0"),
        ] {
            let (status, answer) = server.json(&path);
            assert_eq!(status, 200, "{path}");
            check(&description, "get", "/search", status, &answer);
        }
        let (status, answer) = server.json(&format!("/suggest?q={query}"));
        check(&description, "get", "/suggest", status, &answer);
    }
    for body in [json!({ "q": "визит", "facets": ["language"] }), json!({ "q": "visit", "limt": 5 }), json!([])] {
        let (status, answer) = server.post("/search", &body.to_string());
        check(&description, "post", "/search", status, &answer);
    }
    for id in ["ru%2F1", "en%2F1", "odd", "%D0%BD%D0%B5%D1%82", "%FF"] {
        let (status, answer) = server.json(&format!("/documents/{id}"));
        check(&description, "get", "/documents/{id}", status, &answer);
        let (status, answer) = server.json(&format!("/documents/{id}/similar?limit=3"));
        check(&description, "get", "/documents/{id}/similar", status, &answer);
    }
    for path in ["/stats", "/health", "/health/live", "/health/ready", "/verify", "/snapshots", "/openapi.json"] {
        let (status, answer) = server.json(path);
        assert_eq!(status, 200, "{path}");
        check(&description, "get", path, status, &answer);
    }
    for (path, route) in
        [("/search?q=a&limit=x", "/search"), ("/suggest", "/suggest"), ("/export?filter=%3D", "/export")]
    {
        let (status, answer) = server.json(path);
        assert_eq!(status, 400, "{path}");
        check(&description, "get", route, status, &answer);
    }
    let (status, made) = server.post("/snapshots", "");
    check(&description, "post", "/snapshots", status, &made);
    let (status, answer) = server.json("/snapshots");
    check(&description, "get", "/snapshots", status, &answer);
    let (status, answer) = server.delete("/snapshots/none");
    check(&description, "delete", "/snapshots/{name}", status, &answer);
}

#[test]
fn the_check_of_descriptions_can_fail() {
    let place = place();
    let description = place.serve().json("/openapi.json").1;
    let wrong = [json!({ "query": "визит" }), json!({ "message": "no", "code": "internal" }), json!([])];
    for value in wrong {
        let checked = std::panic::catch_unwind(|| check(&description, "get", "/search", 400, &value));
        assert!(checked.is_err(), "{value}");
    }
}

#[test]
fn a_route_that_is_asked_otherwise_says_how_it_may_be_asked() {
    let place = place();
    let server = place.serve();
    let (status, allow) = server.send_for_header("PATCH", "/search", "визит", "allow");
    assert_eq!((status, allow.as_deref()), (405, Some("GET,HEAD,POST")));
    let (status, allow) = server.send_for_header("DELETE", "/stats", "visit", "allow");
    assert_eq!((status, allow.as_deref()), (405, Some("GET,HEAD")));
}

#[test]
fn what_is_wrong_with_the_disk_is_told_and_searches_go_on() {
    let place = place();
    let server = place.serve();
    let (status, ready) = server.json("/health/ready");
    assert_eq!((status, &ready["status"], &ready["documents"]), (200, &json!("ready"), &json!(3)), "{ready}");
    assert!(ready["freeBytes"].as_u64().is_some_and(|bytes| bytes > 0));
    assert_eq!(server.json("/health/live"), (200, json!({ "status": "available" })));
    let found = |query: &str| server.json(&format!("/search?q={}", encoded(query)));
    let state = || {
        let (status, ready) = server.json("/health/ready");
        assert_eq!((status, &ready["status"]), (200, &json!("degraded")), "{ready}");
        assert!(ready["problems"][0].as_str().is_some_and(|problem| problem.contains("index")), "{ready}");
        ready["index"].as_str().expect("a state").to_owned()
    };
    let check = || {
        for query in ["визит", "visit"] {
            let (status, answer) = found(query);
            assert_eq!((status, answer["hits"].as_array().map(Vec::len)), (200, Some(2)), "{query}");
        }
    };
    let manifest = fs::read(place.path("index/manifest.json")).expect("readable");
    place.write("index/manifest.json", "{");
    assert_eq!(state(), "stale");
    check();
    place.write("index/manifest.json", manifest);
    fs::rename(place.path("index"), place.path("elsewhere")).expect("renamed");
    assert_eq!(state(), "stale");
    check();
    fs::rename(place.path("elsewhere"), place.path("index")).expect("renamed");
    assert_eq!(server.json("/health/ready").1["status"], "ready");
    // Whoever may do everything is refused nothing.
    fs::set_permissions(place.path("index"), fs::Permissions::from_mode(0o000)).expect("ours");
    let is_refused = fs::read_dir(place.path("index")).is_err();
    if is_refused {
        assert_eq!(state(), "stale");
        check();
    }
    fs::set_permissions(place.path("index"), fs::Permissions::from_mode(0o755)).expect("ours");
}

#[test]
fn figures_count_by_routes_and_hold_nothing_that_was_asked_for() {
    let place = place();
    let server = place.serve();
    for query in ["визит", "пингвин", "visit", "recieved", "визит", "визит"] {
        assert_eq!(server.get(&format!("/search?q={}", encoded(query))).0, 200);
    }
    for path in ["/documents/ru%2F1", "/documents/secret", "/nowhere/secret", "/search?q=secret&limit=x"] {
        server.get(path);
    }
    let (status, figures) = server.get("/metrics");
    assert_eq!(status, 200);
    for line in [
        "http_requests_total{method=\"GET\",route=\"/search\",status=\"200\"} 6",
        "http_requests_total{method=\"GET\",route=\"/search\",status=\"400\"} 1",
        "http_requests_total{method=\"GET\",route=\"/documents/{id}\",status=\"404\"} 1",
        "http_requests_total{method=\"GET\",route=\"none\",status=\"404\"} 1",
        "http_request_duration_seconds_count{route=\"/search\"} 7",
        "http_requests_in_flight 1",
        "oba_searches_total 6",
        "oba_searches_without_hits_total 1",
        "oba_searches_kept_total 1",
        "oba_searches_waiting 0",
        "oba_index_documents{index=\"default\"} 3",
        "oba_index_segments{index=\"default\"} 1",
        "oba_index_deleted_documents{index=\"default\"} 0",
    ] {
        assert!(figures.lines().any(|known| known == line), "{line} in:\n{figures}");
    }
    assert!(figures.contains("oba_repairs_total{kind=\"spelling\","), "{figures}");
    let number = |name: &str| figures.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok());
    assert!(number("process_resident_memory_bytes").is_some_and(|bytes| bytes > 1e6));
    assert!(number("oba_index_size_bytes{index=\"default\"}").is_some_and(|bytes| bytes > 1e3));
    assert!(!figures.contains("secret") && !figures.contains("визит"), "{figures}");
    assert!(figures.ends_with("# EOF\n"));
    // However many paths are asked for, there is one figure for all of them.
    let lines = figures.lines().count();
    for n in 0..50 {
        server.get(&format!("/nowhere/{n}"));
        server.get(&format!("/documents/nobody-{n}"));
    }
    assert!(server.get("/metrics").1.lines().count() <= lines + 20);
}

/// The lines that a server writes while it answers, and ends.
fn log_of(place: &Place, options: &[&str], ask: impl Fn(&crate::program::Server)) -> Vec<String> {
    let log = fs::File::create(place.path("log")).expect("writable");
    let server = place.serve_logging(options, log);
    ask(&server);
    assert!(Command::new("kill").args(["-TERM", &server.id().to_string()]).status().expect("kill is there").success());
    assert_eq!(server.wait(), Some(0));
    fs::read_to_string(place.path("log")).expect("readable").lines().map(str::to_owned).collect()
}

#[test]
fn the_log_has_a_line_for_each_request_and_no_query() {
    let place = place();
    let ask = |server: &crate::program::Server| {
        let (_, id) =
            server.send_with("GET", &format!("/search?q={}", encoded("визит секрет")), "request-7", "x-request-id");
        assert_eq!(id.as_deref(), Some("request-7"));
        let (_, id) = server.send_with("GET", "/documents/secret", "нет такого", "x-request-id");
        assert!(id.is_some_and(|id| id.len() == 36));
        let (_, id) = server.send_with("GET", "/search?q=secret", &"x".repeat(65), "x-request-id");
        assert!(id.is_some_and(|id| id.len() == 36));
    };
    let lines = log_of(&place, &[], ask);
    let events: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let requests: Vec<&Value> = events.iter().filter(|event| event["message"] == "answered").collect();
    assert_eq!(requests.len(), 3, "{lines:?}");
    assert_eq!(
        (&requests[0]["route"], &requests[0]["status"], &requests[0]["method"], &requests[0]["span"]["id"]),
        (&json!("/search"), &json!(200), &json!("GET"), &json!("request-7"))
    );
    assert!(requests.iter().all(|request| request["milliseconds"].is_u64()));
    assert_eq!((&requests[1]["route"], &requests[1]["status"]), (&json!("/documents/{id}"), &json!(404)));
    let all = lines.join("\n");
    for secret in ["секрет", "secret", &encoded("секрет")] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
    let text = log_of(&place, &["--log-format", "text", "--log-queries", "true"], ask).join("\n");
    assert!(
        text.contains("request-7") && text.contains("визит секрет") && text.contains("route=\"/search\""),
        "{text}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_log_that_cannot_be_written_stops_nothing() {
    let place = place();
    // Every write to it fails as on a full disk.
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let server = place.serve_logging(&[], full);
    assert_eq!(server.json("/health"), (200, json!({ "status": "available" })));
    server.put(&json!([{ "id": "ru", "text": "Урожай хлопка" }, { "id": "en", "text": "The cotton harvest" }]));
    assert_eq!((server.found("хлопок"), server.found("harvests")), (vec!["ru".to_owned()], vec!["en".to_owned()]));
}

#[cfg(target_os = "linux")]
#[test]
fn the_server_keeps_no_huge_pages_of_what_it_gave_back() {
    let place = place();
    let server = place.serve();
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).expect("it runs");
    // Linux tells since 5.0.
    let told = status.lines().find_map(|line| line.strip_prefix("THP_enabled:"));
    assert!(told.is_none_or(|told| told.trim() == "0"), "{status}");
}

#[test]
fn who_started_the_server_is_told_how_it_is() {
    use std::os::unix::net::UnixDatagram;
    let place = place();
    let socket = UnixDatagram::bind(place.path("notify")).expect("a socket");
    socket.set_read_timeout(Some(Duration::from_mins(1))).expect("set");
    let mut command = place.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("NOTIFY_SOCKET", place.path("notify")).env("WATCHDOG_USEC", "300000");
    let mut child =
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().expect("starts");
    let told = || {
        let mut buffer = [0; 256];
        let length = socket.recv(&mut buffer).expect("told");
        String::from_utf8_lossy(&buffer[..length]).trim().to_owned()
    };
    assert_eq!(told(), "READY=1");
    assert_eq!((told(), told()), ("WATCHDOG=1".to_owned(), "WATCHDOG=1".to_owned()));
    sleep(Duration::from_millis(50));
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill is there").success());
    let mut last = told();
    while last == "WATCHDOG=1" {
        last = told();
    }
    assert_eq!(last, "STOPPING=1");
    assert!(child.wait().expect("it ends").success());
}
