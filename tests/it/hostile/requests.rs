//! The requests, made by their numbers: the same ones each time.

/// A request, and what may be answered to it.
pub(super) struct Hostile {
    pub bytes: Vec<u8>,
    /// Whether it ends before its end.
    pub is_half: bool,
    /// The statuses that are honest; 0 for a connection that is closed without a word.
    pub honest: &'static [u16],
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        // The constants are Knuth's; the upper half of the bits is good enough.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.roll(from.len())]
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        let length = self.roll(most);
        (0..length).map(|_| u8::try_from(self.roll(256)).expect("a byte")).collect()
    }
}

const WORDS: [&str; 12] = [
    "visit",
    "визит",
    "министр",
    "Tashkent",
    "Ташкент",
    "the",
    "и",
    "ghbdtn",
    "Lavrov",
    "Мирзиёев",
    "e-mail",
    "росси\u{301}и",
];

/// Pieces of queries that parsers stumble over.
const SIGNS: [&str; 24] = [
    "(",
    ")",
    "((",
    "\"",
    "«",
    "»",
    "~99999999999",
    "^1e999",
    "*",
    "?",
    "-",
    "+",
    "!",
    "|",
    " AND ",
    " ИЛИ ",
    " NOT ",
    "title:",
    "дата:..",
    "date:9999-99-99",
    "language:",
    "\u{0}",
    "\u{202e}",
    "\u{1F468}\u{200D}\u{1F467}",
];

/// Escapes that are none, or of what is no UTF-8: lone, overlong, surrogates, beyond the end, cut off.
const ESCAPES: [&str; 14] = [
    "%",
    "%z",
    "%zz",
    "%00",
    "%C0%AF",
    "%E0%80%AF",
    "%F0%80%80%AF",
    "%ED%A0%80",
    "%F4%90%80%80",
    "%FF%FE",
    "%D0",
    "%D0%",
    "%u0416",
    "%25%30%30",
];

const REFUSED: &[u16] = &[400, 403, 404, 405, 411, 413, 414, 415, 431, 501, 505];
const REFUSED_OR_CLOSED: &[u16] = &[0, 400, 403, 404, 405, 408, 411, 413, 414, 415, 431, 501, 505];
const ANSWERED: &[u16] = &[200];
const ANSWERED_OR_REFUSED: &[u16] = &[200, 400, 403, 404, 405, 413, 414, 431];

pub(super) fn escaped(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn get(target: &str, honest: &'static [u16]) -> Hostile {
    let bytes = format!("GET {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").into_bytes();
    Hostile { bytes, is_half: false, honest }
}

fn post(body: &[u8], honest: &'static [u16]) -> Hostile {
    let head = format!(
        "POST /search HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    Hostile { bytes: [head.as_bytes(), body].concat(), is_half: false, honest }
}

fn head(line: &str, headers: &[u8], honest: &'static [u16]) -> Hostile {
    let bytes = [line.as_bytes(), b"\r\nhost: localhost\r\nconnection: close\r\n", headers, b"\r\n"].concat();
    Hostile { bytes, is_half: false, honest }
}

/// The request of a number.
pub(super) fn hostile(number: u64) -> Hostile {
    let mut dice = Dice(number);
    dice.roll(2);
    match number % 12 {
        0 => get(&format!("/search?q={}", escaped(&tangle(&mut dice))), ANSWERED),
        1 => get(&format!("/suggest?q={}", escaped(&tangle(&mut dice))), ANSWERED),
        2 => wrong_escapes(&mut dice),
        3 => wrong_values(&mut dice),
        4 => wrong_body(&mut dice),
        5 => deep_body(&mut dice),
        6 => huge(&mut dice),
        7 => half_sent(&mut dice),
        8 => wrong_line(&mut dice),
        9 => wrong_lengths(&mut dice),
        10 => wrong_headers(&mut dice),
        _ => wrong_ids(&mut dice),
    }
}

/// A query of words and signs, up to some thousand characters.
fn tangle(dice: &mut Dice) -> String {
    let pieces = 1 + dice.roll(200);
    let repeated = 1 + if dice.roll(4) == 0 { dice.roll(2_000) } else { 0 };
    let mut text: String = (0..pieces)
        .flat_map(|_| if dice.roll(2) == 0 { [dice.pick(&WORDS), " "] } else { [dice.pick(&SIGNS), ""] })
        .collect();
    text.push_str(&dice.pick(&SIGNS).repeat(repeated));
    text.chars().take(4_000).collect()
}

fn wrong_escapes(dice: &mut Dice) -> Hostile {
    let mut target = dice.pick(&["/search?q=", "/suggest?q=", "/documents/", "/view/", "/?q=", "/"]).to_owned();
    for _ in 0..=dice.roll(20) {
        target.push_str(dice.pick(&ESCAPES));
        target.push_str(&escaped(dice.pick(&WORDS)));
    }
    get(&target, ANSWERED_OR_REFUSED)
}

fn wrong_values(dice: &mut Dice) -> Hostile {
    let name = dice.pick(&[
        "limit",
        "offset",
        "language",
        "filter",
        "sort",
        "facets",
        "cursor",
        "explain",
        "matching",
        "fragments",
        "fragmentSize",
        "offsets",
        "предел",
        "q",
    ]);
    let value = match dice.roll(6) {
        0 => dice
            .pick(&["-1", "1e9", "NaN", "18446744073709551616", "99999999999999999999", "٣", "0x10", "1 000"])
            .to_owned(),
        1 => format!("{}визит{}", "(".repeat(1 + dice.roll(2_000)), ")".repeat(dice.roll(2_000))),
        2 => "NOT ".repeat(1 + dice.roll(900)),
        3 => format!("id IN [{}]", vec!["ключ"; 1 + dice.roll(1_000)].join(", ")),
        4 => format!("{}:{}", dice.pick(&WORDS), dice.pick(&SIGNS)),
        _ => String::from_utf8_lossy(&dice.bytes(300)).into_owned(),
    };
    get(&format!("/search?q={}&{}={}", escaped("визит"), escaped(name), escaped(&value)), ANSWERED_OR_REFUSED)
}

fn wrong_body(dice: &mut Dice) -> Hostile {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let body = match dice.roll(9) {
        0 => dice.bytes(5_000),
        1 => utf16("{\"q\": \"визит\"}"),
        2 => b"{\"q\": \"\xd0\"}".to_vec(),
        3 => b"{\"q\": \"\xff\xfe visit\"}".to_vec(),
        4 => "{\"q\": \"\\ud800 визит\"}".as_bytes().to_vec(),
        5 => format!("{{\"q\": {}}}", "9".repeat(1 + dice.roll(5_000))).into_bytes(),
        6 => "{\"q\": \"visit\", \"q\": \"визит\"}".as_bytes().to_vec(),
        7 => "{\"q\": \"визит\"".as_bytes().to_vec(),
        _ => format!("{{\"q\": \"визит\", \"limit\": -{}.5e{}}}", dice.roll(10), dice.roll(999)).into_bytes(),
    };
    post(&body, REFUSED)
}

fn deep_body(dice: &mut Dice) -> Hostile {
    let depth = 1 + dice.roll(20_000);
    let body = match dice.roll(4) {
        0 => "[".repeat(depth),
        1 => format!("{}{}", "[".repeat(depth), "]".repeat(depth)),
        2 => "{\"q\":".repeat(depth.min(10_000)),
        _ => format!("{{\"q\": \"visit\", \"facets\": {}1{}}}", "[".repeat(depth), "]".repeat(depth)),
    };
    post(body.as_bytes(), REFUSED)
}

fn huge(dice: &mut Dice) -> Hostile {
    let bytes = 70_000 + dice.roll(400_000);
    match dice.roll(5) {
        0 => post(format!("{{\"q\": \"{}\"}}", "ж".repeat(bytes / 2)).as_bytes(), &[0, 413]),
        1 => get(&format!("/search?q={}", "%D0%B6".repeat(bytes / 6)), REFUSED_OR_CLOSED),
        2 => head("GET /health HTTP/1.1", format!("x: {}\r\n", "я".repeat(bytes / 2)).as_bytes(), REFUSED_OR_CLOSED),
        3 => head("GET /health HTTP/1.1", "x: y\r\n".repeat(bytes / 6).as_bytes(), REFUSED_OR_CLOSED),
        _ => {
            let length = format!("content-length: {}\r\n", u64::MAX - dice.roll(9) as u64);
            Hostile { is_half: true, ..head("POST /search HTTP/1.1", length.as_bytes(), REFUSED_OR_CLOSED) }
        }
    }
}

fn half_sent(dice: &mut Dice) -> Hostile {
    let whole = match dice.roll(3) {
        0 => post("{\"q\": \"государственный визит\"}".as_bytes(), ANSWERED),
        1 => get(&format!("/search?q={}", escaped("state visit")), ANSWERED),
        _ => {
            head("POST /search HTTP/1.1", "transfer-encoding: chunked\r\n\r\n20\r\n{\"q\": \"виз".as_bytes(), ANSWERED)
        }
    };
    let end = 1 + dice.roll(whole.bytes.len() - 1);
    Hostile { bytes: whole.bytes[..end].to_vec(), is_half: true, honest: REFUSED_OR_CLOSED }
}

fn wrong_line(dice: &mut Dice) -> Hostile {
    let line = match dice.roll(10) {
        0 => "GET /health HTTP/9.9".to_owned(),
        1 => "GET  /health  HTTP/1.1".to_owned(),
        2 => "get /health HTTP/1.1".to_owned(),
        3 => "ВЗЯТЬ /health HTTP/1.1".to_owned(),
        4 => "GET /поиск?q=визит HTTP/1.1".to_owned(),
        5 => "CONNECT example.org:443 HTTP/1.1".to_owned(),
        6 => "OPTIONS * HTTP/1.1".to_owned(),
        7 => format!("{} /search HTTP/1.1", "A".repeat(1 + dice.roll(3_000))),
        8 => "PRI * HTTP/2.0\r\n\r\nSM\r\n".to_owned(),
        _ => String::from_utf8_lossy(&dice.bytes(500)).into_owned(),
    };
    head(&line, b"", REFUSED_OR_CLOSED)
}

fn wrong_lengths(dice: &mut Dice) -> Hostile {
    let headers = dice.pick(&[
        "content-length: -1\r\n",
        "content-length: 5\r\ncontent-length: 6\r\n",
        "content-length: ٣\r\n",
        "content-length: 18446744073709551616\r\n",
        "content-length: 4\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        "transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\nвизит",
        "transfer-encoding: chunked\r\n\r\n-5\r\nvisit",
        "transfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n",
        "transfer-encoding: gzip\r\n\r\nвизит",
        "transfer-encoding: identity\r\ncontent-length: 3\r\n\r\n{{{",
    ]);
    Hostile { is_half: true, ..head("POST /search HTTP/1.1", headers.as_bytes(), REFUSED_OR_CLOSED) }
}

fn wrong_headers(dice: &mut Dice) -> Hostile {
    let headers: Vec<u8> = match dice.roll(8) {
        0 => b"x: \x00\r\n".to_vec(),
        1 => b"x y: z\r\n".to_vec(),
        2 => b": z\r\n".to_vec(),
        3 => b"x: a\r\n b\r\n".to_vec(),
        4 => [&b"authorization: Basic "[..], &dice.bytes(100), b"\r\n"].concat(),
        5 => "authorization: Bearer ключ\r\norigin: null\r\nx-forwarded-for: визит, , ::\r\n".as_bytes().to_vec(),
        6 => [&b"host: "[..], &dice.bytes(60), b"\r\n"].concat(),
        _ => b"expect: 100-continue\r\nupgrade: h2c\r\nrange: bytes=0-,0-,0-\r\n".to_vec(),
    };
    // What means nothing here does no harm.
    head("GET /search?q=visit HTTP/1.1", &headers, &[0, 200, 400, 403, 431])
}

fn wrong_ids(dice: &mut Dice) -> Hostile {
    let id = dice.pick(&[
        "..%2f..%2f..%2fetc%2fpasswd",
        "../../../../etc/passwd",
        "%2e%2e/%2e%2e/index/manifest.json",
        "%2fetc%2fpasswd",
        "%00",
        "visit-ru%00.txt",
        "..%5c..%5cWindows",
        "%D0%BD%D0%B5%D1%82/similar",
        "-home%2fkeys.json",
        "file:%2f%2f%2fetc%2fpasswd",
    ]);
    let long = "%D0%B6".repeat(dice.roll(3_000));
    get(&format!("{}{id}{long}", dice.pick(&["/documents/", "/view/", "/documents/../"])), &[400, 404])
}
