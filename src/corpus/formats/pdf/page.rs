//! A page of a PDF → the runs of text on it, each where it stands.

use std::{collections::HashMap, rc::Rc};

use lopdf::{
    Dictionary, Document, Object, ObjectId,
    content::{Content, Operation},
    decode_text_string,
};

use super::font::Font;
use crate::corpus::ReadError;

/// The most bytes that the drawing of a page may unpack to.
const MAX_PAGE_BYTES: usize = 64 * 1024 * 1024;

/// How deep drawings may stand in one another, and how many a page may have.
const MAX_DEPTH: usize = 8;
const MAX_DRAWINGS: usize = 2_000;

/// The most states that may be kept at once.
const MAX_STATES: usize = 256;

/// Letters that were written with one stroke of the pen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    pub text: String,
    /// Where it begins and ends along its line, and where its line stands: upwards.
    pub x: f32,
    pub end: f32,
    pub y: f32,
    /// The size of its font.
    pub size: f32,
}

/// What is drawn on a page.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub runs: Vec<Run>,
    pub has_pictures: bool,
}

/// The fonts of a document, by where their descriptions stand.
pub(super) type Fonts = HashMap<usize, Rc<Font>>;

/// Reads a page.
pub(super) fn read(document: &Document, page: ObjectId, fonts: &mut Fonts) -> Result<Page, ReadError> {
    let content = document.get_page_content_with_limit(page, MAX_PAGE_BYTES);
    let content = content.map_err(|error| ReadError::damaged("PDF", &error))?;
    let (own, referred) = document.get_page_resources(page).map_err(|error| ReadError::damaged("PDF", &error))?;
    let mut resources: Vec<&Dictionary> = own.into_iter().collect();
    resources.extend(referred.iter().filter_map(|id| document.get_dictionary(*id).ok()));
    let mut pen = Pen { document, fonts, page: Page::default(), drawings: 0, marks: 0, meant: None };
    pen.draw(&content, &resources, Matrix::ONE, 0);
    Ok(pen.page)
}

/// A matrix of the plane: a, b, c, d, e, f.
#[derive(Debug, Clone, Copy)]
struct Matrix([f32; 6]);

impl Matrix {
    const ONE: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// What does this first and the other then.
    fn then(self, other: Self) -> Self {
        let (first, second) = (self.0, other.0);
        let row = |x: f32, y: f32, at: usize| x * second[at] + y * second[2 + at];
        let [across, up] = [0, 1].map(|at| row(first[4], first[5], at) + second[4 + at]);
        Self([
            row(first[0], first[1], 0),
            row(first[0], first[1], 1),
            row(first[2], first[3], 0),
            row(first[2], first[3], 1),
            across,
            up,
        ])
    }

    fn moved(x: f32, y: f32) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    fn of(operands: &[Object]) -> Option<Self> {
        let numbers: Vec<f32> = operands.iter().filter_map(|object| object.as_float().ok()).collect();
        Some(Self(numbers.try_into().ok()?))
    }
}

/// How text is written.
#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f32,
    between_letters: f32,
    between_words: f32,
    stretch: f32,
    leading: f32,
    rise: f32,
}

struct Pen<'d> {
    document: &'d Document,
    fonts: &'d mut Fonts,
    page: Page,
    drawings: usize,
    /// How many marks are open, and what is meant by what is drawn within one of them: its number there, and the text until it is
    /// written.
    marks: usize,
    meant: Option<(usize, String)>,
}

/// Where the next letter and the line stand.
struct Place {
    text: Matrix,
    line: Matrix,
}

impl Place {
    fn next_line(&mut self, x: f32, y: f32) {
        self.line = Matrix::moved(x, y).then(self.line);
        self.text = self.line;
    }
}

impl Pen<'_> {
    fn draw(&mut self, content: &[u8], resources: &[&Dictionary], matrix: Matrix, depth: usize) {
        let mut state = State {
            matrix,
            font: None,
            size: 1.0,
            between_letters: 0.0,
            between_words: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        let mut kept: Vec<State> = Vec::new();
        let mut place = Place { text: Matrix::ONE, line: Matrix::ONE };
        // What cannot be read ends a drawing; what was drawn before stays.
        for Operation { operator, operands } in Content::decode_iter(content).map_while(Result::ok) {
            let number = |at: usize| operands.get(at).and_then(|object| object.as_float().ok()).unwrap_or(0.0);
            match operator.as_str() {
                "q" if kept.len() < MAX_STATES => kept.push(state.clone()),
                "Q" => state = kept.pop().unwrap_or(state),
                "cm" => {
                    if let Some(matrix) = Matrix::of(&operands) {
                        state.matrix = matrix.then(state.matrix);
                    }
                }
                "BT" => place = Place { text: Matrix::ONE, line: Matrix::ONE },
                "Tc" => state.between_letters = number(0),
                "Tw" => state.between_words = number(0),
                "Tz" => state.stretch = number(0) / 100.0,
                "TL" => state.leading = number(0),
                "Ts" => state.rise = number(0),
                "Tf" => {
                    let name = operands.first().and_then(|name| name.as_name().ok()).unwrap_or_default();
                    state.font = self.font(name, resources);
                    state.size = number(1);
                }
                "Td" => place.next_line(number(0), number(1)),
                "TD" => {
                    state.leading = -number(1);
                    place.next_line(number(0), number(1));
                }
                "Tm" => {
                    if let Some(matrix) = Matrix::of(&operands) {
                        (place.text, place.line) = (matrix, matrix);
                    }
                }
                "T*" => place.next_line(0.0, -state.leading),
                "Tj" | "TJ" => self.show(&operands, &state, &mut place),
                "'" => {
                    place.next_line(0.0, -state.leading);
                    self.show(&operands, &state, &mut place);
                }
                "\"" => {
                    (state.between_words, state.between_letters) = (number(0), number(1));
                    place.next_line(0.0, -state.leading);
                    self.show(operands.get(2..).unwrap_or_default(), &state, &mut place);
                }
                "BMC" => self.marks += 1,
                "BDC" => self.mark(operands.get(1), resources),
                "EMC" => {
                    self.meant = self.meant.take().filter(|(mark, _)| *mark < self.marks);
                    self.marks = self.marks.saturating_sub(1);
                }
                "BI" => self.page.has_pictures = true,
                "Do" => {
                    let name = operands.first().and_then(|name| name.as_name().ok()).unwrap_or_default();
                    self.drawing(name, resources, state.matrix, depth);
                }
                _ => {}
            }
        }
    }

    /// Begins a mark. It may tell the text that is meant by the letters within: a soft hyphen by what is drawn as a space or a
    /// hyphen, two letters by a ligature.
    fn mark(&mut self, properties: Option<&Object>, resources: &[&Dictionary]) {
        self.marks += 1;
        let properties = match properties {
            Some(Object::Name(name)) => find(b"Properties", name, resources, self.document),
            properties => properties,
        };
        let meant = properties.and_then(|properties| properties.as_dict().ok()?.get(b"ActualText").ok());
        if let Some(text) = meant.and_then(|text| decode_text_string(text).ok()).filter(|_| self.meant.is_none()) {
            self.meant = Some((self.marks, text));
        }
    }

    /// Shows strings and moves between them.
    fn show(&mut self, operands: &[Object], state: &State, place: &mut Place) {
        for operand in operands {
            match operand {
                Object::String(bytes, _) => self.write(bytes, state, place),
                Object::Array(pieces) => {
                    for piece in pieces {
                        if let Object::String(bytes, _) = piece {
                            self.write(bytes, state, place);
                        } else if let Ok(back) = piece.as_float() {
                            let moved = -back / 1000.0 * state.size * state.stretch;
                            place.text = Matrix::moved(moved, 0.0).then(place.text);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn write(&mut self, bytes: &[u8], state: &State, place: &mut Place) {
        let Some(font) = &state.font else { return };
        let start = Matrix::moved(0.0, state.rise).then(place.text).then(state.matrix);
        let (mut text, mut advance, mut seen) = (String::new(), 0.0, 0.0);
        for glyph in font.glyphs(bytes) {
            let words = if glyph.is_space { state.between_words } else { 0.0 };
            let width = glyph.width * state.size;
            text.push_str(&glyph.text);
            seen = advance + width * state.stretch;
            advance += (width + state.between_letters + words) * state.stretch;
        }
        place.text = Matrix::moved(advance, 0.0).then(place.text);
        if let Some((_, meant)) = &mut self.meant {
            text = std::mem::take(meant);
        }
        // What is not seen takes no place.
        if text == "\u{AD}" {
            seen = 0.0;
        }
        let [along_x, along_y, up_x, up_y, x, y] = start.0;
        let along = along_x.hypot(along_y);
        if text.is_empty() || !(along.is_finite() && along > 0.0 && x.is_finite() && y.is_finite()) {
            return;
        }
        // Along the line that the text is written on, however it is turned.
        let (turn_x, turn_y) = (along_x / along, along_y / along);
        let (x, y) = (x * turn_x + y * turn_y, y * turn_x - x * turn_y);
        let size = (state.size * up_x.hypot(up_y)).abs();
        self.page.runs.push(Run { text, x, end: x + seen * along, y, size });
    }

    fn font(&mut self, name: &[u8], resources: &[&Dictionary]) -> Option<Rc<Font>> {
        let document = self.document;
        let found = find(b"Font", name, resources, document)?.as_dict().ok()?;
        let font = self.fonts.entry(std::ptr::from_ref(found).addr());
        Some(Rc::clone(font.or_insert_with(|| Rc::new(Font::of(found, document)))))
    }

    /// Draws what stands apart and is named: a picture, or a drawing with text of its own.
    fn drawing(&mut self, name: &[u8], resources: &[&Dictionary], matrix: Matrix, depth: usize) {
        let Some(stream) = find(b"XObject", name, resources, self.document).and_then(|found| found.as_stream().ok())
        else {
            return;
        };
        self.drawings += 1;
        if stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"Image") {
            self.page.has_pictures = true;
            return;
        }
        if depth >= MAX_DEPTH || self.drawings > MAX_DRAWINGS {
            return;
        }
        let Ok(content) = stream.get_plain_content_with_limit(MAX_PAGE_BYTES) else { return };
        let own = stream.dict.get_deref(b"Resources", self.document).and_then(Object::as_dict).ok();
        let resources: Vec<&Dictionary> = own.into_iter().chain(resources.iter().copied()).collect();
        let moved = stream.dict.get_deref(b"Matrix", self.document).and_then(Object::as_array).ok();
        let moved = moved.and_then(|numbers| Matrix::of(numbers)).unwrap_or(Matrix::ONE);
        self.draw(&content, &resources, moved.then(matrix), depth + 1);
    }
}

/// Something that resources name.
fn find<'d>(kind: &[u8], name: &[u8], resources: &[&'d Dictionary], document: &'d Document) -> Option<&'d Object> {
    resources.iter().find_map(|resources| {
        let named = resources.get_deref(kind, document).and_then(Object::as_dict).ok()?;
        named.get_deref(name, document).ok()
    })
}
