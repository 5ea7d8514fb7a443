//! Rich Text Format → document.
//!
//! A byte above ASCII is a letter of the code page of its font, so that one file may hold several; a newer letter is a number,
//! with letters behind it for programs that know no such numbers, which are passed over.

mod state;
mod tokens;

use std::collections::HashMap;

use encoding_rs::{Encoding, WINDOWS_1252};

use self::{
    state::{Group, Paragraph, Table, Target, letter},
    tokens::{Token, Tokens},
};
use super::{
    blocks::Blocks,
    code_pages, mojibake,
    properties::{Properties, is_private},
};
use crate::corpus::{ReadError, read::Parsed};

const FORMAT: &str = "RTF";

/// The character set of fonts whose letters are pictures.
const SYMBOLS: i32 = 2;

/// The document that a file of RTF is.
pub(in crate::corpus) fn read(bytes: &[u8]) -> Parsed {
    let start = bytes.windows(5).take(64).position(|bytes| bytes == b"{\\rtf");
    let start = start.ok_or_else(|| ReadError::damaged(FORMAT, &"it does not begin as one"))?;
    let mut rtf = Rtf::default();
    rtf.read(&bytes[start..]);
    let mut text = rtf.finish();
    if let Some(mended) = mojibake::mended(&text) {
        text = mended;
    }
    let properties = Properties { title: rtf.title.take(), author: rtf.author.take(), created: None };
    Ok(properties.document(text, None))
}

#[derive(Default)]
struct Rtf {
    groups: Vec<Group>,
    blocks: Blocks,
    /// The texts around the one that is written apart, and those that were and wait for the end of the paragraph.
    outer: Vec<(Blocks, Paragraph)>,
    apart: Vec<String>,
    /// The character set of each font, or the code page that it names.
    fonts: HashMap<i32, i32>,
    pages: HashMap<i32, &'static Encoding>,
    page: Option<&'static Encoding>,
    default_font: i32,
    /// Letters that wait to be decoded: some code pages have two bytes a letter.
    bytes: Vec<u8>,
    /// The first half of a letter of two numbers.
    half: Option<u16>,
    /// How many letters are still to be passed over.
    to_pass: usize,
    paragraph: Paragraph,
    title: Option<String>,
    author: Option<String>,
}

impl Rtf {
    fn read(&mut self, bytes: &[u8]) {
        for token in Tokens::of(bytes) {
            match token {
                Token::Open => self.open(),
                Token::Close => self.close(),
                Token::Optional => self.group().is_optional = true,
                Token::Byte(byte) => self.byte(byte),
                Token::Character(character) => self.character(character),
                Token::Word("u", number) => self.unicode(number.unwrap_or(0)),
                Token::Word(word, number) => self.word(word, number),
            }
        }
        self.flush();
    }

    fn open(&mut self) {
        self.flush();
        self.to_pass = 0;
        let group = Group { is_apart: false, is_optional: false, ..*self.group() };
        self.groups.push(group);
    }

    fn close(&mut self) {
        self.flush();
        self.to_pass = 0;
        let Some(group) = self.groups.pop() else { return };
        if group.is_apart
            && let Some((blocks, paragraph)) = self.outer.pop()
        {
            self.apart.push(std::mem::replace(&mut self.blocks, blocks).finish());
            self.paragraph = paragraph;
        }
    }

    /// The group that is open; text outside of all is of no group.
    fn group(&mut self) -> &mut Group {
        if self.groups.is_empty() {
            let font = self.default_font;
            self.groups.push(Group {
                target: Target::Body,
                passed: 1,
                font,
                is_hidden: false,
                is_apart: false,
                is_optional: false,
            });
        }
        let last = self.groups.len() - 1;
        &mut self.groups[last]
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        self.flush();
        if self.to_pass > 0 && letter(word).is_some() {
            self.to_pass -= 1;
            return;
        }
        // Some write a number and no letter behind it, whatever they promised.
        self.to_pass = 0;
        let is_optional = std::mem::take(&mut self.group().is_optional);
        let is_known = self.destination(word) || self.property(word, number);
        if !is_known && is_optional {
            self.group().target = Target::Nowhere;
        }
        if !is_known && self.group().target == Target::Body && !self.group().is_hidden {
            self.mark(word);
        }
    }

    /// A word that tells where the text of its group goes.
    fn destination(&mut self, word: &str) -> bool {
        let target = self.group().target;
        let next = match (word, target) {
            ("fonttbl", _) => Target::Fonts,
            ("info", _) => Target::Info,
            ("title", Target::Info) => Target::Title,
            ("author", Target::Info) => Target::Author,
            (
                "colortbl" | "stylesheet" | "pict" | "header" | "headerl" | "headerr" | "headerf" | "footer"
                | "footerl" | "footerr" | "footerf" | "fldinst" | "nonshppict" | "shprslt" | "xe" | "tc" | "txe"
                | "rxe" | "objdata" | "atnid" | "atnauthor" | "atnref" | "atndate" | "atnparent" | "falt" | "panose"
                | "filetbl",
                _,
            ) => Target::Nowhere,
            ("shpinst" | "upr", Target::Body | Target::Container) => Target::Container,
            ("ud", Target::Container) => Target::Body,
            // The same once more, in letters that need no code page.
            ("ud", Target::Info) => {
                self.title = None;
                Target::Info
            }
            ("shptxt", Target::Container) | ("footnote" | "annotation", Target::Body) => {
                self.begin_apart();
                return true;
            }
            ("listtext" | "pntext", Target::Body) => {
                if !self.paragraph.is_item {
                    self.paragraph.is_item = true;
                    self.write("• ");
                }
                Target::Nowhere
            }
            _ => return false,
        };
        // What stands in a group that goes nowhere goes nowhere too.
        if target != Target::Nowhere {
            self.group().target = next;
        }
        true
    }

    fn begin_apart(&mut self) {
        let group = self.group();
        group.target = Target::Body;
        if !std::mem::replace(&mut group.is_apart, true) {
            self.outer.push((std::mem::take(&mut self.blocks), std::mem::take(&mut self.paragraph)));
        }
    }

    /// A word that tells how what follows is to be read.
    fn property(&mut self, word: &str, number: Option<i32>) -> bool {
        let value = number.unwrap_or(0);
        match word {
            "ansicpg" => self.page = code_pages::of_number(value),
            "mac" => self.page = code_pages::of_number(10000),
            "deff" => self.default_font = value,
            "f" => self.group().font = value,
            "plain" => {
                let font = self.default_font;
                let group = self.group();
                (group.font, group.is_hidden) = (font, false);
            }
            "fcharset" if self.group().target == Target::Fonts => {
                let font = self.group().font;
                self.fonts.insert(font, value);
            }
            "cpg" if self.group().target == Target::Fonts => {
                let font = self.group().font;
                self.pages.extend(code_pages::of_number(value).map(|page| (font, page)));
            }
            "uc" => self.group().passed = usize::try_from(value).unwrap_or(0).min(16),
            "v" | "deleted" => self.group().is_hidden = number != Some(0),
            "pard" if self.paragraph.table == Table::Row => self.paragraph.table = Table::Outside,
            "intbl" | "trowd" if self.paragraph.table == Table::Outside => self.paragraph.table = Table::Row,
            _ => return false,
        }
        true
    }

    /// A word that stands for a letter or a break.
    fn mark(&mut self, word: &str) {
        match word {
            "par" | "sect" | "page" | "column" => self.end_paragraph(),
            "line" | "softline" | "lbr" => self.blocks.line(),
            "cell" => {
                self.begin_cell();
                self.paragraph.table = Table::Row;
                self.blocks.close_cell();
            }
            "row" => {
                if self.paragraph.table == Table::Cell {
                    self.blocks.close_cell();
                }
                self.blocks.row();
                self.tell_apart();
                self.paragraph = Paragraph { was_row: true, start: self.blocks.mark(), ..Paragraph::default() };
            }
            "nestcell" | "nestrow" => self.write(" "),
            _ => self.write(letter(word).unwrap_or_default()),
        }
    }

    /// A letter by its number, which is signed.
    fn unicode(&mut self, number: i32) {
        self.flush();
        self.group().is_optional = false;
        // A number above what 16 bits hold is written by some as it is.
        let letters = match u16::try_from(number).or_else(|_| u16::try_from(number.saturating_add(0x1_0000))) {
            Ok(unit) => match (self.half.take(), unit) {
                (None, 0xD800..=0xDBFF) => {
                    self.half = Some(unit);
                    String::new()
                }
                (Some(high), _) => char::decode_utf16([high, unit]).flatten().collect(),
                (None, _) => char::decode_utf16([unit]).flatten().collect(),
            },
            Err(_) => u32::try_from(number).ok().and_then(char::from_u32).into_iter().collect(),
        };
        // Fonts of symbols are shown through numbers that have no meaning.
        let letters: String = letters.chars().filter(|&c| !is_private(c)).collect();
        self.write(&letters);
        self.to_pass = self.group().passed;
    }

    fn byte(&mut self, byte: u8) {
        self.group().is_optional = false;
        if self.to_pass > 0 {
            self.to_pass -= 1;
        } else {
            self.bytes.push(byte);
        }
    }

    fn character(&mut self, character: char) {
        self.flush();
        if self.to_pass > 0 {
            self.to_pass -= 1;
        } else {
            self.write(character.encode_utf8(&mut [0; 4]));
        }
    }

    /// Writes the letters that wait to be decoded, by the code page of their font.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let font = self.group().font;
        let charset = self.fonts.get(&font).copied().unwrap_or(0);
        if charset == SYMBOLS && bytes.iter().any(|byte| !byte.is_ascii()) {
            return;
        }
        let of_font = self.pages.get(&font).copied().or_else(|| code_pages::of_charset(charset));
        let page = of_font.or(self.page).unwrap_or(WINDOWS_1252);
        self.write(&page.decode_without_bom_handling(&bytes).0);
    }

    fn write(&mut self, text: &str) {
        let Group { target, is_hidden, .. } = *self.group();
        match target {
            Target::Body if !is_hidden && !text.is_empty() => {
                if self.paragraph.table != Table::Outside {
                    self.begin_cell();
                } else if std::mem::take(&mut self.paragraph.was_row) {
                    self.blocks.block();
                    self.paragraph.start = self.blocks.mark();
                }
                self.blocks.exact(text);
            }
            Target::Title => self.title.get_or_insert_default().push_str(text),
            Target::Author => self.author.get_or_insert_default().push_str(text),
            _ => {}
        }
    }

    fn begin_cell(&mut self) {
        if std::mem::replace(&mut self.paragraph.table, Table::Cell) != Table::Cell {
            if std::mem::take(&mut self.paragraph.was_item) {
                self.blocks.block();
            }
            self.blocks.open_cell();
        }
    }

    fn end_paragraph(&mut self) {
        let paragraph = &mut self.paragraph;
        if paragraph.is_item {
            self.blocks.line();
        } else {
            if paragraph.was_item {
                self.blocks.set_off(paragraph.start);
            }
            self.blocks.block();
        }
        if self.outer.is_empty() && self.paragraph.table != Table::Cell {
            self.tell_apart();
        }
        let paragraph = &mut self.paragraph;
        paragraph.was_item = std::mem::take(&mut paragraph.is_item);
        paragraph.start = self.blocks.mark();
    }

    /// Writes what was written apart, behind the paragraph in which it stood.
    fn tell_apart(&mut self) {
        for text in std::mem::take(&mut self.apart).into_iter().filter(|text| !text.is_empty()) {
            self.blocks.block();
            self.blocks.exact_paragraphs(&text);
            self.blocks.block();
        }
    }

    fn finish(&mut self) -> String {
        while !self.groups.is_empty() {
            self.close();
        }
        self.end_paragraph();
        self.tell_apart();
        std::mem::take(&mut self.blocks).finish()
    }
}

#[cfg(test)]
mod tests;
