//! Files of each format, of texts that are made here.

use std::{fs, io::Write, path::Path};

use lopdf::{Document, Object, Stream, dictionary};
use zip::{ZipWriter, write::SimpleFileOptions};

/// How many files there are of each format, and how many paragraphs each of them has.
const FILES: usize = 40;
const PARAGRAPHS: usize = 120;

const WORDS: [&str; 24] = [
    "министр",
    "визит",
    "хлопок",
    "заседание",
    "погода",
    "станция",
    "река",
    "письмо",
    "в",
    "на",
    "и",
    "который",
    "minister",
    "visit",
    "cotton",
    "session",
    "weather",
    "station",
    "river",
    "letter",
    "the",
    "of",
    "and",
    "which",
];

/// A paragraph in one language, by its number.
fn paragraph(number: usize) -> String {
    let half = WORDS.len() / 2;
    let list = if number.is_multiple_of(2) { &WORDS[..half] } else { &WORDS[half..] };
    let words = (0..40 + number % 30).map(|n| list[(n * n + n * number + number) % half]);
    words.collect::<Vec<_>>().join(" ") + "."
}

fn paragraphs(file: usize) -> Vec<String> {
    (0..PARAGRAPHS).map(|n| paragraph(file * PARAGRAPHS + n)).collect()
}

/// Writes all files into a folder.
pub fn files(folder: &Path) {
    for file in 0..FILES {
        let paragraphs = paragraphs(file);
        let plain = paragraphs.join("\n\n");
        let each = |before: &str, after: &str| {
            paragraphs.iter().map(|text| [before, text, after].concat()).collect::<String>()
        };
        let write = |ending: &str, bytes: &[u8]| {
            fs::write(folder.join(format!("{file}.{ending}")), bytes).expect("writable");
        };
        write("txt", plain.as_bytes());
        write("1251.txt", &encoding_rs::WINDOWS_1251.encode(&plain).0);
        write("md", format!("# Letter\n\n{plain}").as_bytes());
        write(
            "html",
            format!("<!DOCTYPE html><title>Letter</title><article>{}</article>", each("<p>", "</p>")).as_bytes(),
        );
        let fb2 = each("<p>", "</p>");
        write(
            "fb2",
            format!("<?xml version='1.0'?><FictionBook><body><section>{fb2}</section></body></FictionBook>").as_bytes(),
        );
        write("csv", format!("title,text\n{}", each("Letter,\"", "\"\n")).as_bytes());
        write("srt", subtitles(&paragraphs).as_bytes());
        write("rtf", rtf(&paragraphs).as_bytes());
        let head =
            "From: a@example.org\nTo: b@example.org\nSubject: Letter\nContent-Type: text/plain; charset=utf-8\n\n";
        write("eml", format!("{head}{plain}").as_bytes());
        let word = format!(
            "<w:document xmlns:w='w'><w:body>{}</w:body></w:document>",
            each("<w:p><w:r><w:t>", "</w:t></w:r></w:p>")
        );
        write("docx", &package(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", &word)]));
        let open = format!(
            "<office:document-content xmlns:office='o' xmlns:text='t'><office:body><office:text>{}</office:text></office:body></office:document-content>",
            each("<text:p>", "</text:p>")
        );
        write("odt", &package(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", &open)]));
        write("zip", &package(&[("letter.txt", &plain)]));
        write("txt.gz", &gzip(plain.as_bytes()));
        write("txt.zst", &zstd::encode_all(plain.as_bytes(), 3).expect("memory"));
        write("pdf", &pdf(&paragraphs));
    }
}

fn subtitles(paragraphs: &[String]) -> String {
    let cue = |(n, text): (usize, &String)| {
        format!("{}\n00:{:02}:00,000 --> 00:{:02}:30,000\n{text}\n\n", n + 1, n % 60, n % 60)
    };
    paragraphs.iter().enumerate().map(cue).collect()
}

fn rtf(paragraphs: &[String]) -> String {
    let escaped = |c: char| if c.is_ascii() { c.to_string() } else { format!("\\u{}?", c as u32) };
    let body: String =
        paragraphs.join("\n").chars().map(|c| if c == '\n' { "\\par ".to_owned() } else { escaped(c) }).collect();
    format!("{{\\rtf1\\ansi {body}}}")
}

fn package(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).expect("memory");
        writer.write_all(content.as_bytes()).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// Pages of lines, their letters numbered as in Unicode.
fn pdf(paragraphs: &[String]) -> Vec<u8> {
    let table = "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap";
    let mut pdf = Document::with_version("1.5");
    let pages = pdf.new_object_id();
    let table = pdf.add_object(Stream::new(dictionary! {}, table.into()));
    let descendant = pdf.add_object(dictionary! { "Type" => "Font", "Subtype" => "CIDFontType2", "DW" => 500 });
    let font = pdf.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "Times", "Encoding" => "Identity-H",
        "DescendantFonts" => vec![descendant.into()], "ToUnicode" => table,
    });
    let mut kids: Vec<Object> = Vec::new();
    for page in paragraphs.chunks(8) {
        let words = page.iter().flat_map(|text| text.split(' ')).collect::<Vec<_>>();
        let line = |(at, words): (usize, &[&str])| {
            let codes: Vec<String> = words.join(" ").encode_utf16().map(|unit| format!("{unit:04X}")).collect();
            format!("BT /F1 9 Tf 20 {} Td <{}> Tj ET\n", 800 - 12 * at, codes.concat())
        };
        let content: String = words.chunks(9).enumerate().map(line).collect();
        let mut stream = Stream::new(dictionary! {}, content.into());
        stream.compress().expect("memory");
        let content = pdf.add_object(stream);
        let page = pdf.add_object(dictionary! {
            "Type" => "Page", "Parent" => pages, "Contents" => content,
            "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
            "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        });
        kids.push(page.into());
    }
    let count = i64::try_from(kids.len()).unwrap_or_default();
    pdf.objects.insert(pages, Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }));
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    pdf.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).expect("memory");
    bytes
}
