//! A font of a PDF: which letters its codes are, and how wide.

use std::collections::HashMap;

use lopdf::{Dictionary, Document, Encoding, Object, dictionary};

use super::table;

/// The most bytes that the table of a font may unpack to.
const MAX_TABLE_BYTES: usize = 16 * 1024 * 1024;

/// The most codes whose widths are told.
const MAX_WIDTHS: usize = 1 << 16;

/// How wide a letter is where that is not told, in thousandths of the size of the font.
const USUAL_WIDTH: f32 = 500.0;

/// A font, as far as it tells what is read.
#[derive(Debug, Default)]
pub(super) struct Font {
    /// Whether a code has two bytes.
    is_wide: bool,
    /// Whether codes are those of Unicode.
    is_unicode: bool,
    letters: HashMap<u16, String>,
    widths: HashMap<u16, f32>,
    usual_width: f32,
    /// The size of its units, where a letter is a drawing.
    unit: f32,
}

/// A letter of a string: what it is, and how wide it is, as a share of the size of the font.
pub(super) struct Glyph {
    pub text: String,
    pub width: f32,
    /// Whether it is the space of one byte, which is widened where lines are filled.
    pub is_space: bool,
}

impl Font {
    /// The font that a dictionary describes.
    pub(super) fn of(dictionary: &Dictionary, document: &Document) -> Self {
        let is_wide = name(dictionary, b"Subtype", document) == b"Type0";
        let mut font = Self { is_wide, usual_width: USUAL_WIDTH, unit: 0.001, ..Self::default() };
        if is_wide {
            let encoding = name(dictionary, b"Encoding", document);
            font.is_unicode =
                [&b"UCS2"[..], b"UTF16"].iter().any(|part| encoding.windows(part.len()).any(|w| w == *part));
            font.wide_widths(dictionary, document);
        } else {
            font.base(dictionary, document);
            font.narrow_widths(dictionary, document);
        }
        font.read_table(dictionary, document);
        font
    }

    /// The letters of a string. A code that no table knows is a replacement character: that it was there is not forgotten.
    pub(super) fn glyphs<'f>(&'f self, bytes: &'f [u8]) -> impl Iterator<Item = Glyph> + 'f {
        let step = if self.is_wide { 2 } else { 1 };
        bytes.chunks(step).map(move |code| {
            let number = code.iter().fold(0, |number, &byte| number << 8 | u16::from(byte));
            let text = match self.letters.get(&number) {
                Some(letters) => letters.clone(),
                None if self.is_unicode => String::from_utf16_lossy(&[number]),
                None => '\u{FFFD}'.to_string(),
            };
            let width = self.widths.get(&number).copied().unwrap_or(self.usual_width) * self.unit;
            Glyph { text, width, is_space: step == 1 && number == 32 }
        })
    }

    /// The letters by the table that a font has for those who read it.
    fn read_table(&mut self, dictionary: &Dictionary, document: &Document) {
        // It stands above the encoding, which in a part of a font names but places of drawings.
        let Ok(table) = dictionary.get_deref(b"ToUnicode", document).and_then(Object::as_stream) else { return };
        if let Ok(content) = table.get_plain_content_with_limit(MAX_TABLE_BYTES) {
            self.letters.extend(table::read(&content));
        }
    }

    /// The letters by the encoding.
    fn base(&mut self, dictionary: &Dictionary, document: &Document) {
        let encoding = dictionary.get_deref(b"Encoding", document).ok();
        let described = encoding.and_then(|encoding| encoding.as_dict().ok());
        let base = match described {
            Some(described) => name(described, b"BaseEncoding", document),
            None => encoding.and_then(|encoding| encoding.as_name().ok()).unwrap_or_default(),
        };
        // A TrueType font without encoding is mostly one of Windows.
        let base = match base {
            b"" if name(dictionary, b"Subtype", document) == b"TrueType" => &b"WinAnsiEncoding"[..],
            b"" => &b"StandardEncoding"[..],
            base => base,
        };
        let only = dictionary! { "Type" => "Font", "Encoding" => Object::Name(base.to_vec()) };
        if let Ok(encoding) = only.get_font_encoding(document) {
            for code in 0..=u8::MAX {
                let letters = encoding.bytes_to_string(&[code]).unwrap_or_default();
                if !letters.is_empty() {
                    self.letters.insert(u16::from(code), letters);
                }
            }
        }
        let differences = described.and_then(|described| described.get_deref(b"Differences", document).ok());
        let mut code = 0;
        for object in differences.and_then(|object| object.as_array().ok()).into_iter().flatten() {
            match object {
                Object::Integer(number) => code = u16::try_from(*number).unwrap_or(0),
                Object::Name(glyph) if code <= 0xFF => {
                    match named(glyph, document) {
                        Some(letters) => self.letters.insert(code, letters),
                        None => self.letters.remove(&code),
                    };
                    code += 1;
                }
                _ => {}
            }
        }
    }

    fn narrow_widths(&mut self, dictionary: &Dictionary, document: &Document) {
        let number = |dictionary: &Dictionary, key| dictionary.get_deref(key, document).and_then(Object::as_float).ok();
        if let Ok(matrix) = dictionary.get_deref(b"FontMatrix", document).and_then(Object::as_array)
            && let Some(unit) = matrix.first().and_then(|unit| unit.as_float().ok())
            && unit > 0.0
        {
            self.unit = unit;
        }
        let missing = dictionary.get_deref(b"FontDescriptor", document).and_then(Object::as_dict).ok();
        if let Some(width) =
            missing.and_then(|descriptor| number(descriptor, b"MissingWidth")).filter(|&width| width > 0.0)
        {
            self.usual_width = width;
        }
        let first = number(dictionary, b"FirstChar").unwrap_or(0.0);
        let Ok(widths) = dictionary.get_deref(b"Widths", document).and_then(Object::as_array) else { return };
        for (code, width) in (0..=0xFF_u16).skip(small(first)).zip(widths) {
            if let Some(width) = resolved(width, document).as_float().ok().filter(|&width| width > 0.0) {
                self.widths.insert(code, width);
            }
        }
    }

    fn wide_widths(&mut self, dictionary: &Dictionary, document: &Document) {
        let Some(below) = dictionary
            .get_deref(b"DescendantFonts", document)
            .and_then(Object::as_array)
            .ok()
            .and_then(|fonts| resolved(fonts.first()?, document).as_dict().ok())
        else {
            return;
        };
        self.usual_width = below.get_deref(b"DW", document).and_then(Object::as_float).unwrap_or(1000.0);
        let Ok(widths) = below.get_deref(b"W", document).and_then(Object::as_array) else { return };
        // Either a code and a list of widths from it on, or two codes and a width for all between.
        let mut pieces = widths.iter().map(|object| resolved(object, document));
        while let (Some(first), Some(second)) = (pieces.next(), pieces.next()) {
            let Ok(first) = first.as_float() else { return };
            if let Ok(list) = second.as_array() {
                for (code, width) in (0..=u16::MAX).skip(small(first)).zip(list) {
                    self.widths.extend(resolved(width, document).as_float().ok().map(|width| (code, width)));
                }
            } else if let (Ok(last), Some(Ok(width))) = (second.as_float(), pieces.next().map(Object::as_float)) {
                let codes = (0..=u16::MAX).skip(small(first)).take(small(last - first + 1.0));
                self.widths.extend(codes.map(|code| (code, width)));
            }
            if self.widths.len() > MAX_WIDTHS {
                return;
            }
        }
    }
}

/// A number of a file as a count.
fn small(number: f32) -> usize {
    // It is between bounds that an usize holds.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let count = number.clamp(0.0, 65_536.0) as usize;
    count
}

fn resolved<'d>(object: &'d Object, document: &'d Document) -> &'d Object {
    document.dereference(object).map_or(object, |(_, object)| object)
}

fn name<'d>(dictionary: &'d Dictionary, key: &[u8], document: &'d Document) -> &'d [u8] {
    dictionary.get_deref(key, document).and_then(Object::as_name).unwrap_or_default()
}

/// The letters of a drawing by its name: `afii10017`, `uni0410`; none for one such as `g17`.
fn named(glyph: &[u8], document: &Document) -> Option<String> {
    let glyph = glyph.split(|&byte| byte == b'.').next().filter(|glyph| !glyph.is_empty())?;
    if let Some(digits) = glyph.strip_prefix(b"uni").or_else(|| glyph.strip_prefix(b"u"))
        && (4..=6).contains(&digits.len())
        && let Some(letter) = std::str::from_utf8(digits).ok().and_then(|digits| u32::from_str_radix(digits, 16).ok())
    {
        return char::from_u32(letter).map(String::from);
    }
    // The library knows the names, and shows them through fonts alone.
    let differences = vec![Object::Integer(0), Object::Name(glyph.to_vec())];
    let encoding = dictionary! { "Type" => "Encoding", "Differences" => differences };
    let font = dictionary! { "Type" => "Font", "Encoding" => encoding };
    match font.get_font_encoding(document) {
        Ok(encoding @ Encoding::Differences(_)) => {
            encoding.bytes_to_string(&[0]).ok().filter(|letters| !letters.is_empty())
        }
        _ => None,
    }
}
