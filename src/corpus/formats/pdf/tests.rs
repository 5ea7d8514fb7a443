//! PDFs that are made here, with and without the table that tells their letters.

use std::fmt::Write;

use lopdf::{Dictionary, Document as Pdf, Object, Stream, dictionary, text_string};

use super::{super::package::tests::survives, read};

/// A PDF of one page with this drawing, this font and these resources beside it.
fn pdf(content: &str, font: Dictionary, beside: Dictionary, info: Dictionary) -> Vec<u8> {
    let mut document = Pdf::with_version("1.5");
    let pages = document.new_object_id();
    let font = stored(font, &mut document);
    let beside = stored(beside, &mut document);
    let font = document.add_object(font);
    let content = document.add_object(Stream::new(Dictionary::new(), content.as_bytes().to_vec()));
    let mut resources = dictionary! { "Font" => dictionary! { "F1" => font } };
    resources.extend(&beside);
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content, "Resources" => resources,
    });
    let all = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    document.objects.insert(pages, Object::Dictionary(all));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    let info = document.add_object(info);
    document.trailer.set("Root", catalog);
    document.trailer.set("Info", info);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

/// A dictionary whose streams are objects of the document, as they have to be.
fn stored(dictionary: Dictionary, document: &mut Pdf) -> Dictionary {
    let mut stored = Dictionary::new();
    for (key, value) in dictionary {
        stored.set(
            key,
            match value {
                Object::Stream(stream) => Object::Reference(document.add_object(stream)),
                Object::Dictionary(inner) => Object::Dictionary(self::stored(inner, document)),
                value => value,
            },
        );
    }
    stored
}

fn simple_font() -> Dictionary {
    dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding" }
}

/// A font whose codes are numbers of drawings: the letters of Russian from 1 on, and of English behind them.
fn wide_font(has_table: bool) -> (Dictionary, impl Fn(&str) -> String) {
    let letters: Vec<char> = ('А'..='я').chain('A'..='z').chain([' ', '.', ',', '-']).collect();
    let mut font = dictionary! {
        "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "AAAAAA+Serif", "Encoding" => "Identity-H",
        "DescendantFonts" => vec![Object::Dictionary(dictionary! { "Type" => "Font", "Subtype" => "CIDFontType2", "DW" => 500 })],
    };
    if has_table {
        let mut table =
            String::from("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapType 2 def\n");
        table += "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n";
        writeln!(table, "{} beginbfchar", letters.len()).unwrap();
        for (number, letter) in letters.iter().enumerate() {
            writeln!(table, "<{:04X}> <{:04X}>", number + 1, u32::from(*letter)).unwrap();
        }
        table += "endbfchar\nendcmap\nend\nend";
        font.set("ToUnicode", Object::Stream(Stream::new(Dictionary::new(), table.into_bytes())));
    }
    let code = move |text: &str| {
        text.chars().fold(String::new(), |mut hex, letter| {
            let number = letters.iter().position(|&known| known == letter).unwrap() + 1;
            write!(hex, "{number:04X}").unwrap();
            hex
        })
    };
    (font, code)
}

fn lines(code: impl Fn(&str) -> String, lines: &[&str]) -> String {
    let shown = lines.iter().map(|line| format!("<{}> Tj T*", code(line))).collect::<Vec<_>>().join("\n");
    format!("BT /F1 10 Tf 12 TL 50 700 Td\n{shown}\nET")
}

const RUSSIAN: [&str; 3] =
    ["Министры обсудили перевозки и сотруд-", "ничество, state visit to Tashkent and", "железную дорогу через горы."];

#[test]
fn letters_are_told_by_the_table_of_their_font() {
    let (font, code) = wide_font(true);
    let info = dictionary! {
        "Title" => text_string("Визит в Ташкент"), "Author" => text_string("Anna"), "CreationDate" => text_string("D:20211119100000Z"),
    };
    let document = read(&pdf(&lines(code, &RUSSIAN), font, Dictionary::new(), info)).unwrap();
    assert_eq!(
        document.text,
        "Министры обсудили перевозки и сотрудничество, state visit to Tashkent and железную дорогу через горы."
    );
    assert_eq!((document.title.as_str(), &document.members["author"]), ("Визит в Ташкент", &"Anna".into()));
    assert_eq!((document.date, &document.members["created"]), (None, &"2021-11-19".into()));
}

#[test]
fn a_text_without_meaning_is_refused() {
    let (font, code) = wide_font(false);
    let error = read(&pdf(&lines(code, &RUSSIAN), font, Dictionary::new(), Dictionary::new())).unwrap_err();
    assert!(error.to_string().contains("ToUnicode"), "{error}");
    for rubbish in ["???????? ??? ?????? ??????? ????", "!\"#$%& '#$!%( $#%*+ !\"#$ %&'# $!%$ #%*+ #$%& !\"#"] {
        let content = format!("BT /F1 10 Tf ({}) Tj ET", rubbish.replace('(', "\\("));
        let error = read(&pdf(&content, simple_font(), Dictionary::new(), Dictionary::new())).unwrap_err();
        assert!(error.to_string().contains("rubbish"), "{error}");
    }
}

#[test]
fn russian_in_the_letters_of_the_west_is_mended() {
    let shown: String = encoding_rs::WINDOWS_1251.encode("Министры обсудили перевозки, visit").0.iter().fold(
        String::new(),
        |mut hex, byte| {
            write!(hex, "{byte:02X}").unwrap();
            hex
        },
    );
    let info = dictionary! { "Title" => text_string("report.doc") };
    let document =
        read(&pdf(&format!("BT /F1 10 Tf <{shown}> Tj ET"), simple_font(), Dictionary::new(), info)).unwrap();
    assert_eq!(document.text, "Министры обсудили перевозки, visit");
    assert_eq!(document.title, document.text);
}

#[test]
fn drawings_are_named_by_their_encoding() {
    let mut font = simple_font();
    let differences: Vec<Object> =
        vec![65.into(), "afii10018".into(), "uni0438".into(), "afii10073".into(), "fi".into(), "g17".into()];
    font.set("Encoding", dictionary! { "Type" => "Encoding", "Differences" => differences });
    let document = read(&pdf("BT /F1 10 Tf (ABC DDD EFGH) Tj ET", font, Dictionary::new(), Dictionary::new())).unwrap();
    assert_eq!(document.text, "Биз fififi FGH");
}

#[test]
fn spaces_are_gaps_and_drawings_within_are_read() {
    let inner = Stream::new(
        dictionary! { "Type" => "XObject", "Subtype" => "Form" },
        b"BT /F1 10 Tf 0 100 Td (Inner text) Tj ET /X0 Do".to_vec(),
    );
    let beside = dictionary! { "XObject" => dictionary! { "X0" => Object::Stream(inner) } };
    let content = "BT /F1 10 Tf 0 200 Td [(Sta) 20 (te) -300 (visit)] TJ ET /X0 Do";
    let document = read(&pdf(content, simple_font(), beside, Dictionary::new())).unwrap();
    assert_eq!(document.text, "State visit\n\nInner text");
}

#[test]
fn what_is_meant_stands_for_what_is_drawn() {
    let content = "BT /F1 10 Tf 12 TL 0 200 Td (Locomo) Tj /Span <</ActualText <FEFF00AD>>> BDC ( ) Tj EMC 0 0 Td 30 0 Td (tives and horticul) Tj
        /Span <</ActualText <FEFF00AD>>> BDC (-) Tj EMC -30 -12 Td (ture, first) Tj /P <</MCID 1>> BDC ( and) Tj EMC /Span /M BDC ( x) Tj (y) Tj EMC ( last) Tj ET";
    let beside =
        dictionary! { "Properties" => dictionary! { "M" => dictionary! { "ActualText" => text_string(" визит") } } };
    let document = read(&pdf(content, simple_font(), beside, Dictionary::new())).unwrap();
    assert_eq!(document.text, "Locomotives and horticulture, first and визит last");
}

#[test]
fn scans_and_empty_pages_say_what_they_are() {
    let picture = Stream::new(dictionary! { "Type" => "XObject", "Subtype" => "Image" }, vec![0]);
    let beside = dictionary! { "XObject" => dictionary! { "X0" => Object::Stream(picture) } };
    let error = read(&pdf("q /X0 Do Q", simple_font(), beside, Dictionary::new())).unwrap_err();
    assert!(error.to_string().contains("scan"), "{error}");
    let error = read(&pdf("", simple_font(), Dictionary::new(), Dictionary::new())).unwrap_err();
    assert!(error.to_string().contains("empty"), "{error}");
}

#[test]
fn damaged_files_are_refused() {
    assert!(read(b"%PDF-1.7\nVisit").is_err());
    let (font, code) = wide_font(true);
    let bytes = pdf(&lines(code, &RUSSIAN), font, Dictionary::new(), Dictionary::new());
    survives(&bytes, |bytes| drop(read(bytes)));
}
