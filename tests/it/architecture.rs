//! The house keeps its layers.
//!
//! 1. A module uses only modules below it.
//! 2. Each foreign library lives in one folder.
//! 3. The pure modules touch no file, clock or socket.

use std::{fs, path::Path};

use crate::program::project;

/// The modules, from the lowest up.
const LAYERS: [&str; 12] = [
    "text", "language", "analysis", "query", "snippet", "corpus", "index", "ingest", "search", "evaluate", "live",
    "http",
];

/// Which folder a library is named in, and in no other.
const LIBRARIES: [(&str, &str); 38] = [
    ("compact_str", "text"),
    ("smallvec", "analysis"),
    ("tantivy", "index"),
    ("tantivy_fst", "index"),
    ("self_cell", "index"),
    ("levenshtein_automata", "index"),
    ("rustix", "index"),
    ("axum", "http"),
    ("tower_http", "http"),
    ("prometheus_client", "http"),
    ("memory_stats", "http"),
    ("maud", "http"),
    ("hyper", "http"),
    ("hyper_util", "http"),
    ("lru", "http"),
    ("governor", "http"),
    ("tokio_io_timeout", "http"),
    ("whatlang", "language"),
    ("rust_stemmers", "language"),
    ("chardetng", "corpus"),
    ("pulldown_cmark", "corpus"),
    ("flate2", "corpus"),
    ("bzip2", "corpus"),
    ("liblzma", "corpus"),
    ("rlimit", "corpus"),
    ("dom_smoothie", "corpus"),
    ("scraper", "corpus"),
    ("mail_parser", "corpus"),
    ("csv", "corpus"),
    ("lopdf", "corpus"),
    ("quick_xml", "corpus"),
    ("calamine", "corpus"),
    ("ureq", "live"),
    ("clap", "cli"),
    ("sd_notify", "cli"),
    ("tracing_subscriber", "cli"),
    ("notify", "cli"),
    ("indicatif", "cli"),
];

/// Where the shapes of answers stand, from which their description is derived: schemars is named there as serde is, on the
/// types, and in no other folder.
const SHAPES: [&str; 4] = ["index", "search", "live", "http"];

const PURE: [&str; 5] = ["text", "language", "analysis", "query", "snippet"];

const IMPURE: [&str; 8] =
    ["std::fs", "std::net", "std::io", "std::env", "std::process", "Instant", "SystemTime", "tokio"];

/// Every source file with the top module that it belongs to, without its comments.
fn sources() -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    collect(&project().join("src"), &mut found);
    assert!(found.len() > 30, "the sources are found");
    found
}

fn collect(folder: &Path, found: &mut Vec<(String, String, String)>) {
    for entry in fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let inside = path.strip_prefix(project().join("src")).expect("inside").to_owned();
            let module = inside.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
            let code = fs::read_to_string(&path).expect("UTF-8");
            let code = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
            found.push((inside.display().to_string(), module, code));
        }
    }
}

/// The modules of this crate that a file names, as `crate::name` or inside `use crate::{…}`.
fn used_modules(code: &str) -> Vec<&'static str> {
    let code: String = code.split_whitespace().collect::<Vec<_>>().join(" ");
    let grouped: String = code
        .match_indices("crate::{")
        .filter_map(|(at, _)| {
            let rest = &code[at + "crate::{".len()..];
            let mut depth = 1;
            let end = rest.find(|c| {
                depth += i32::from(c == '{') - i32::from(c == '}');
                depth == 0
            })?;
            Some(top_level_names(&rest[..end]))
        })
        .collect();
    let is_used = |layer: &&str| code.contains(&format!("crate::{layer}")) || grouped.contains(&format!(" {layer} "));
    LAYERS.into_iter().filter(is_used).collect()
}

/// The first names of a group of imports: ` index search ` of `index::{A, B}, search::c`.
fn top_level_names(group: &str) -> String {
    let mut depth = 0;
    let mut names = String::from(" ");
    for character in group.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            c if depth == 0 && (c.is_alphanumeric() || c == '_') => names.push(c),
            _ if depth == 0 => names.push(' '),
            _ => {}
        }
    }
    names + " "
}

#[test]
fn a_module_uses_only_modules_below_it() {
    let rank = |module: &str| LAYERS.iter().position(|layer| *layer == module);
    for (file, module, code) in sources() {
        let Some(own) = rank(&module) else { continue };
        for used in used_modules(&code) {
            assert!(
                rank(used).is_some_and(|used| used <= own),
                "{file} is in {module} and uses {used}, which is above it"
            );
        }
    }
}

#[test]
fn the_test_of_layers_can_fail() {
    assert_eq!(used_modules("use crate::{\n    index::{Find, Index},\n    text::Span,\n};"), ["text", "index"]);
    assert_eq!(used_modules("let x = crate::http::serve;"), ["http"]);
    assert_eq!(used_modules("use super::index; use crates::index;"), [""; 0]);
}

#[test]
fn every_module_has_its_layer() {
    let names = fs::read_to_string(project().join("src/lib.rs")).expect("UTF-8");
    for module in names.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')) {
        assert!(LAYERS.contains(&module), "{module} has no layer");
    }
}

#[test]
fn each_library_lives_in_one_folder() {
    for (file, module, code) in sources() {
        for (library, home) in LIBRARIES {
            let is_named = code.contains(&format!("{library}::")) || code.contains(&format!("use {library}"));
            assert!(!is_named || module == home, "{file} names {library}, which lives in {home}");
        }
    }
}

#[test]
fn shapes_are_described_where_they_stand() {
    let naming: Vec<_> = sources().into_iter().filter(|(_, _, code)| code.contains("schemars")).collect();
    assert!(!naming.is_empty());
    for (file, module, _) in naming {
        assert!(SHAPES.contains(&module.as_str()), "{file} names schemars, which is for shapes of answers");
    }
}

#[test]
fn the_pure_modules_touch_no_file_clock_or_socket() {
    for (file, module, code) in sources().into_iter().filter(|(_, module, _)| PURE.contains(&module.as_str())) {
        for word in IMPURE {
            assert!(!code.contains(word), "{file} is in {module}, which is pure, and names {word}");
        }
    }
}
