//! A tree with a document of every format and of old encodings, made here: each is found by a Russian and an English word from
//! its middle, and told in the report for what it is.

use std::io::Write;

use serde_json::Value;

use crate::program::{Place, text};

/// A Russian and an English word for the middle of each document, which stand in no other.
const WORDS: [(&str, &str); 24] = [
    ("арбалет", "anvil"),
    ("бархан", "bobbin"),
    ("вереск", "cobbler"),
    ("гончар", "dredger"),
    ("жемчуг", "ermine"),
    ("зодчий", "falconry"),
    ("иволга", "gooseberry"),
    ("кузнец", "hawthorn"),
    ("лещина", "inkwell"),
    ("мозаика", "juniper"),
    ("наковальня", "kerosene"),
    ("орешник", "lighthouse"),
    ("парусник", "mulberry"),
    ("рябина", "nutmeg"),
    ("скворец", "orchard"),
    ("тростник", "pheasant"),
    ("удочка", "quarry"),
    ("фонарь", "reindeer"),
    ("хоровод", "saddle"),
    ("циркуль", "thistle"),
    ("черника", "umbrella"),
    ("шиповник", "walrus"),
    ("ястреб", "yarrow"),
    ("янтарь", "zeppelin"),
];

/// A text of some paragraphs with the words of a number in its middle.
fn paragraphs(number: usize) -> [String; 3] {
    let (russian, english) = WORDS[number];
    [
        "Первый абзац говорит о погоде на следующей неделе.".to_owned(),
        format!("В середине стоит слово {russian}, а за ним another word, {english}, in the middle of a sentence."),
        "The last paragraph speaks of the weather of last week.".to_owned(),
    ]
}

fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        // The type of a document stands first and is not packed.
        let method =
            if *name == "mimetype" { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).expect("a file");
        writer.write_all(content.as_bytes()).expect("written");
    }
    writer.finish().expect("written").into_inner()
}

/// The paragraphs, each between two pieces of markup.
fn each(number: usize, before: &str, after: &str) -> String {
    paragraphs(number).map(|paragraph| format!("{before}{paragraph}{after}")).concat()
}

fn docx(n: usize) -> Vec<u8> {
    let body = each(n, "<w:p><w:r><w:t>", "</w:t></w:r></w:p>");
    let document = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    zip(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", &document)])
}

fn odt(n: usize) -> Vec<u8> {
    let body = each(n, "<text:p>", "</text:p>");
    let content = format!(
        "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:text>{body}</office:text>\
         </office:body></office:document-content>"
    );
    zip(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", &content)])
}

fn epub(n: usize) -> Vec<u8> {
    let page = format!("<html xmlns=\"http://www.w3.org/1999/xhtml\"><body>{}</body></html>", each(n, "<p>", "</p>"));
    let container = "<container xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles>\
                     <rootfile full-path=\"book.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>";
    let package = "<package xmlns=\"http://www.idpf.org/2007/opf\"><metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
                   <dc:title>Книга</dc:title></metadata><manifest><item id=\"a\" href=\"a.xhtml\" \
                   media-type=\"application/xhtml+xml\"/></manifest><spine><itemref idref=\"a\"/></spine></package>";
    let files = [
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", container),
        ("book.opf", package),
        ("a.xhtml", page.as_str()),
    ];
    zip(&files)
}

fn pptx(n: usize) -> Vec<u8> {
    let slide = format!(
        "<p:sld xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><p:cSld><p:spTree><p:sp><p:txBody>{}</p:txBody></p:sp>\
         </p:spTree></p:cSld></p:sld>",
        each(n, "<a:p><a:r><a:t>", "</a:t></a:r></a:p>")
    );
    let presentation = "<p:presentation xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" \
                        xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><p:sldIdLst>\
                        <p:sldId id=\"256\" r:id=\"rId1\"/></p:sldIdLst></p:presentation>";
    let relations = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship \
                     Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/slide\" \
                     Target=\"slides/slide1.xml\"/></Relationships>";
    let files = [
        ("ppt/presentation.xml", presentation),
        ("ppt/_rels/presentation.xml.rels", relations),
        ("ppt/slides/slide1.xml", slide.as_str()),
    ];
    zip(&files)
}

/// Rich text with every letter that is not ASCII by its number.
fn rtf(n: usize) -> String {
    let escape = |c: char| if c.is_ascii() { c.to_string() } else { format!("\\u{}?", c as u32) };
    let body = paragraphs(n).map(|paragraph| paragraph.chars().map(escape).collect::<String>()).join("\\par ");
    format!("{{\\rtf1\\ansi\\ansicpg1251\\deff0 {{\\fonttbl{{\\f0 Times;}}}}\\f0 {body}\\par }}")
}

/// A message with the text in its body and a file with the text of another number.
fn message(n: usize, attached: usize) -> String {
    format!(
        "From: Ivan <ivan@example.org>\r\nTo: b@example.org\r\nSubject: Letter\r\nDate: Fri, 19 Nov 2021 10:00:00 +0500\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=edge\r\n\r\n--edge\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}\r\n--edge\r\n\
         Content-Type: text/plain; charset=utf-8; name=\"note.txt\"\r\nContent-Disposition: attachment; filename=\"note.txt\"\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n{}\r\n--edge--\r\n",
        paragraphs(n).join("\r\n\r\n"),
        paragraphs(attached).join("\r\n\r\n"),
    )
}

/// A sheet with a row for each paragraph.
fn xlsx(n: usize) -> Vec<u8> {
    let row = |(at, paragraph): (usize, String)| {
        let row = at + 1;
        format!(
            "<row r='{row}'><c r='A{row}'><v>{row}</v></c><c r='B{row}' t='inlineStr'><is><t>{paragraph}</t></is></c></row>"
        )
    };
    let rows: String = paragraphs(n).into_iter().enumerate().map(row).collect();
    let relations = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='rId1' \
             Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}' Target='{target}'/></Relationships>"
        )
    };
    let workbook = "<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' \
                    xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sheets>\
                    <sheet name='Смета' sheetId='1' r:id='rId1'/></sheets></workbook>";
    let sheet = format!(
        "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>{rows}</sheetData></worksheet>"
    );
    let types = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>";
    zip(&[
        ("[Content_Types].xml", types),
        ("_rels/.rels", &relations("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", &relations("worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", &sheet),
    ])
}

/// A page with a line for each paragraph, its letters numbered as in Unicode.
fn pdf(n: usize) -> Vec<u8> {
    use lopdf::{Document, Object, Stream, dictionary};
    let table = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <0000> <FFFF> \
                 endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end";
    let line = |(at, paragraph): (usize, String)| {
        let codes: Vec<String> = paragraph.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
        let codes = codes.concat();
        format!("BT /F1 9 Tf 20 {} Td <{codes}> Tj ET\n", 800 - 14 * at)
    };
    let content: String = paragraphs(n).into_iter().enumerate().map(line).collect();
    let mut pdf = Document::with_version("1.5");
    let pages = pdf.new_object_id();
    let table = pdf.add_object(Stream::new(dictionary! {}, table.into()));
    let descendant = pdf.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "CIDFontType2", "BaseFont" => "Times", "DW" => 500,
    });
    let font = pdf.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "Times", "Encoding" => "Identity-H",
        "DescendantFonts" => vec![descendant.into()], "ToUnicode" => table,
    });
    let content = pdf.add_object(Stream::new(dictionary! {}, content.into()));
    let page = pdf.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content,
        "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    });
    let kids = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    pdf.objects.insert(pages, Object::Dictionary(kids));
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    pdf.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).expect("written");
    bytes
}

#[test]
fn what_was_mended_is_told_on_the_terminal_and_in_the_report() {
    let place = Place::new();
    let [mended, twice] = ["Визит министра начался в пятницу утром.", "Доклад министра о хлопке и воде."]
        .map(|text| encoding_rs::WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned());
    place.write("tree/mended.txt", &mended);
    place.write(
        "tree/a.jsonl",
        format!("{{\"id\": \"a\", \"text\": \"visit\"}}\n{{\"id\": \"b\", \"text\": \"{twice}\"}}\n"),
    );
    // Of a file that is wrong in each line, some lines are told.
    place.write("tree/wrong.jsonl", "это не JSON\n".repeat(500));
    place.write("tree/sheet.xlsx", xlsx(22));
    let done = place.run(&["index", "tree", "--report", "report.jsonl", "--column", "text=Смета"]);
    let told = text(&done.stderr);
    assert_eq!(done.status.code(), Some(1), "{told}");
    for (name, what) in [("tree/mended.txt", "twice"), ("tree/a.jsonl:2", "twice"), ("tree/sheet.xlsx", "--column")] {
        let line = told.lines().find(|line| line.starts_with("note ") && line.contains(name));
        assert!(line.is_some_and(|line| line.contains(what)), "{name} in {told}");
    }
    assert_eq!(told.matches("skipped ").count(), 20, "{told}");
    assert!(told.contains("and 480 more of the same file"), "{told}");
    let report = std::fs::read_to_string(place.path("report.jsonl")).expect("a report");
    let line = report.lines().find(|line| line.contains("a.jsonl")).expect("a line");
    assert!(line.contains("line 2: "), "{line}");
    assert_eq!((place.ids("хлопок"), place.ids("!утром")), (vec!["b".to_owned()], vec!["tree/mended.txt".to_owned()]));
    let again = text(&place.run(&["index", "tree", "--column", "text=Смета"]).stderr);
    assert!(!again.contains("note "), "{again}");
}

#[test]
fn every_format_and_encoding_is_read() {
    let place = Place::new();
    let plain = |n: usize| paragraphs(n).join("\n\n");
    let page = |n: usize| {
        format!(
            "<!DOCTYPE html><html><head><title>Page</title></head><body><nav><a href='/'>Главная</a></nav><article><h1>Page</h1>\
             {}</article></body></html>",
            each(n, "<p>", "</p>")
        )
    };
    let fb2 = |n: usize| {
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><FictionBook><description><title-info><book-title>Книга</book-title>\
             </title-info></description><body><section>{}</section></body></FictionBook>",
            each(n, "<p>", "</p>")
        )
    };
    let [first, middle, last] = paragraphs(5);
    let cues = format!(
        "1\n00:00:01,000 --> 00:00:02,000\n{first}\n\n2\n00:00:03,000 --> 00:00:04,000\n{middle}\n\n3\n00:00:05,000 --> 00:00:06,000\n{last}\n"
    );
    let table = format!("title;text\nRow;\"{}\"\n", plain(6).replace('\n', " "));
    let utf16: Vec<u8> = plain(15).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let encoded = |encoding: &'static encoding_rs::Encoding, n: usize| encoding.encode(&plain(n)).0.into_owned();
    let json = |n: usize| serde_json::json!([{ "title": "List", "text": plain(n) }]).to_string();
    // The number of the words, the file, the part of it in which they stand, and what it is told to be.
    let files: [(usize, &str, &str, &str, Vec<u8>); 22] = [
        (0, "a.txt", "", "text", plain(0).into()),
        (1, "b.md", "", "markdown", format!("---\ntitle: Heading\n---\n\n{}", plain(1)).into()),
        (2, "c.html", "", "html", page(2).into()),
        (3, "d.json", "1", "json", json(3).into()),
        (4, "e.fb2", "", "fb2", fb2(4).into()),
        (5, "f.srt", "", "subtitles", cues.into()),
        (6, "g.csv", "2", "csv", table.into()),
        (7, "h.rtf", "", "rtf", rtf(7).into()),
        (8, "i.docx", "", "docx", docx(8)),
        (9, "j.odt", "", "opendocument", odt(9)),
        (10, "k.epub", "", "epub", epub(10)),
        (11, "l.pptx", "", "pptx", pptx(11)),
        (12, "m.eml", "", "email", message(12, 13).into()),
        (14, "n.zip", "папка/n.txt", "text", zip(&[("папка/n.txt", &plain(14))])),
        (15, "o.txt", "", "text", utf16),
        (16, "p.txt", "", "text", encoded(encoding_rs::WINDOWS_1251, 16)),
        (17, "q.txt", "", "text", encoded(encoding_rs::KOI8_R, 17)),
        (18, "r.txt", "", "text", encoded(encoding_rs::IBM866, 18)),
        (19, "s.txt", "", "text", encoded(encoding_rs::ISO_8859_5, 19)),
        (22, "u.xlsx", "", "spreadsheet", xlsx(22)),
        (23, "v.pdf", "", "pdf", pdf(23)),
        (
            20,
            "t.mbox",
            "1",
            "email",
            format!("From ivan@example.org Fri Nov 19 10:00:00 2021\n{}", message(20, 21)).into(),
        ),
    ];
    for (_, name, _, _, bytes) in &files {
        place.write(&format!("tree/{name}"), bytes);
    }
    for round in ["new", "as it was"] {
        let done = place.run(&["index", "tree", "--report", "report.jsonl"]);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
        let report = std::fs::read_to_string(place.path("report.jsonl")).expect("a report");
        let lines: Vec<Value> = report.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        for (n, name, part, format, _) in &files {
            let id = if part.is_empty() { format!("tree/{name}") } else { format!("tree/{name}/{part}") };
            let line = lines.iter().find(|line| line["file"] == id.as_str());
            let line = line.unwrap_or_else(|| panic!("{id} in {lines:?}"));
            assert_eq!((&line["format"], &line["reason"]), (&Value::from(*format), &Value::Null), "{id}, {round}");
            let (russian, english) = WORDS[*n];
            for word in [russian, english] {
                assert_eq!(place.ids(&format!("!{word}")), [id.as_str()], "{word}, {round}");
            }
        }
    }
    let attached = place.ids(&format!("!{}", WORDS[13].1));
    assert_eq!(attached, ["tree/m.eml/note.txt"]);
    assert_eq!(place.ids(&format!("!{}", WORDS[21].1)), ["tree/t.mbox/1/note.txt"]);
}
