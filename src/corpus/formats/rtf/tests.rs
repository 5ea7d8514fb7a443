//! RTF as Word, `WordPad` and others write it.

use super::{super::package::tests::survives, read};

fn text(rtf: &str) -> String {
    read(rtf.as_bytes()).unwrap().text
}

#[test]
fn letters_are_read_by_the_code_page_of_their_font() {
    let rtf = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fswiss\fcharset204{\*\fname Arial;}Arial Cyr;}}
\f1\'c2\'e8\'e7\'e8\'f2\f0  of caf\'e9\par\f1 \'c3{\b\'ee\'f0}\'ee\'e4\par}";
    assert_eq!(text(rtf), "Визит of café\n\nГород");
    let by_the_file = r"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0\fcharset0 Arial;}}\'c2\'e8\'e7\'e8\'f2 visit}";
    assert_eq!(text(by_the_file), "Визит visit");
    let lost = r"{\rtf1\ansi \'cc\'e8\'ed\'e8\'f1\'f2\'f0 \'ef\'f0\'e8\'e1\'fb\'eb \'f3\'f2\'f0\'ee\'ec}";
    assert_eq!(text(lost), "Министр прибыл утром");
}

#[test]
fn numbers_are_letters_and_what_stands_for_them_is_passed_over() {
    assert_eq!(text(r"{\rtf1\uc1\u1042\'c2\u1080?\u1079 ?\u1080\u1090?.}"), "Визит.");
    assert_eq!(text(r"{\rtf1{\uc0\u1044\u1072} \uc2\u1044 ab\u1072 cd!}"), "Да Да!");
    assert_eq!(text(r"{\rtf1 a \u-10179?\u-8704? \u8212\emdash b}"), "a 😀 —b");
}

#[test]
fn what_is_no_text_is_left_out() {
    let rtf = r"{\rtf1\ansi{\fonttbl{\f0 Times;}}{\colortbl;\red0;}{\stylesheet{\s1 heading;}}{\*\generator Riched20;}
{\info{\title State visit}{\author Anna}{\operator x}}{\header Page}{\pict\pngblip 89504e}
Text{\field{\*\fldinst HYPERLINK x}{\fldrslt  of a link}}\v hidden\v0\~and\_more \{\}{\nonshppict{\pict 00}}{\*\unknown no}\par}";
    let document = read(rtf.as_bytes()).unwrap();
    assert_eq!(document.text, "Text of a link and-more {}");
    assert_eq!((document.title.as_str(), &document.members["author"]), ("State visit", &"Anna".into()));
}

#[test]
fn tables_lists_notes_and_boxes_are_text() {
    let rtf = r"{\rtf1\ansi Before\par\trowd\pard\intbl A\cell B\par b\cell\row\trowd C\cell\cell\row\pard After{\footnote A note}\par
{\listtext\bullet\tab}one\par{\listtext\bullet\tab}two\par\pard Behind
{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt A box\par}}{\shprslt{\*\do}}} them\par}";
    assert_eq!(text(rtf), "Before\n\nA\tB b\nC\n\nAfter\n\nA note\n\n• one\n• two\n\nBehind them\n\nA box");
}

#[test]
fn titles_are_found_in_unicode_too() {
    let rtf = r"{\rtf1{\info{\upr{\title ????? ?}{\*\ud\uc0{\title \u1042\u1080\u1079\u1080\u1090}}}}x}";
    assert_eq!(read(rtf.as_bytes()).unwrap().title, "Визит");
}

#[test]
fn damaged_files_are_refused_or_read_as_far_as_they_go() {
    assert!(read(b"RTF").is_err());
    assert_eq!(text(r"{\rtf1 Visit}}} more"), "Visit more");
    assert_eq!(text(r"{\rtf1 {{{Visit"), "Visit");
    let rtf = r"{\rtf1\ansicpg1251{\fonttbl{\f0\fcharset204 A;}}\'c2\u1042? a\cell\row{\footnote x\par}{\*\shpinst{\shptxt z}}}";
    survives(rtf.as_bytes(), |bytes| drop(read(bytes)));
}
