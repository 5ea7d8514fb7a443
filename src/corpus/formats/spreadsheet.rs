//! Sheets of Excel or `OpenDocument` → document: a line a row, tabs between cells, the name of each sheet above it.

use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{Cell, DataRef, ExcelDateTime, Reader, Xlsb, Xlsx};

use super::{
    office,
    open_document::{self, is_default_name},
    package::Package,
};
use crate::corpus::{Document, ReadError, read::Parsed};

const FORMAT: &str = "spreadsheet";

/// The document that sheets are.
pub(in crate::corpus) fn read(bytes: &[u8]) -> Parsed {
    let mut package = Package::open(bytes, FORMAT)?;
    let names = package.names();
    let has = |name: &str| names.iter().any(|known| known == name);
    // Those of OpenDocument hold their cells as they look, dates too, and repeat empty ones a million times: only their text is
    // read.
    if has("content.xml") {
        return open_document::read(bytes).map(undated);
    }
    package.check_size()?;
    let is_binary = has("xl/workbook.bin");
    // A damaged file may trip its parser; that is the file's failure and not the run's.
    let text = catch_unwind(AssertUnwindSafe(|| if is_binary { binary_sheets(bytes) } else { sheets(bytes) }))
        .unwrap_or_else(|_| Err(ReadError::damaged(FORMAT, &"its parser failed on it")))?;
    let mut package = Package::open(bytes, FORMAT)?;
    Ok(undated(office::properties(&mut package)?.document(text, None)))
}

/// A date in the first rows is one of the things that a table tells of, and not of the table.
fn undated(document: Document) -> Document {
    Document { date: None, ..document }
}

fn sheets(bytes: &[u8]) -> Result<String, ReadError> {
    let damaged = |error: &calamine::XlsxError| ReadError::damaged(FORMAT, error);
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let mut text = Sheets::default();
    for name in workbook.sheet_names() {
        // A sheet may be a chart, which has no cells.
        let Ok(mut cells) = workbook.worksheet_cells_reader(&name) else { continue };
        text.begin(&name);
        while let Some(cell) = cells.next_cell().map_err(|error| damaged(&error))? {
            text.add(&cell);
        }
    }
    Ok(text.finish())
}

fn binary_sheets(bytes: &[u8]) -> Result<String, ReadError> {
    let damaged = |error: &calamine::XlsbError| ReadError::damaged(FORMAT, error);
    let mut workbook = Xlsb::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let mut text = Sheets::default();
    for name in workbook.sheet_names() {
        let Ok(mut cells) = workbook.worksheet_cells_reader(&name) else { continue };
        text.begin(&name);
        while let Some(cell) = cells.next_cell().map_err(|error| damaged(&error))? {
            text.add(&cell);
        }
    }
    Ok(text.finish())
}

/// The text of sheets, as their cells come: a table of a million empty rows is never made.
#[derive(Default)]
struct Sheets {
    text: String,
    /// The name of the sheet that has no cell yet.
    waiting: Option<String>,
    row: Option<u32>,
}

impl Sheets {
    fn begin(&mut self, name: &str) {
        self.waiting = Some(if is_default_name(name) { String::new() } else { name.to_owned() });
        self.row = None;
    }

    fn add(&mut self, cell: &Cell<DataRef<'_>>) {
        let Some(value) = shown(cell.get_value()) else { return };
        if let Some(name) = self.waiting.take() {
            for piece in ["", name.as_str()] {
                self.text.push_str(piece);
                if !self.text.is_empty() && !self.text.ends_with("\n\n") {
                    self.text.push_str("\n\n");
                }
            }
        }
        let (row, _) = cell.get_position();
        if let Some(last) = self.row {
            self.text.push(if last == row { '\t' } else { '\n' });
        }
        self.row = Some(row);
        self.text.extend(value.split_whitespace().flat_map(|word| [word, " "]));
        self.text.pop();
    }

    fn finish(self) -> String {
        self.text
    }
}

/// A value as it is read; none for one that is empty or an error.
fn shown(value: &DataRef<'_>) -> Option<String> {
    let shown = match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(moment) => moment_shown(*moment),
        DataRef::Error(_) | DataRef::Empty => return None,
    };
    Some(shown).filter(|shown| !shown.trim().is_empty())
}

/// A moment as ISO 8601 writes it, as far as it is given: a day, a day and a time, a time alone.
fn moment_shown(moment: ExcelDateTime) -> String {
    let (year, month, day, hours, minutes, ..) = moment.to_ymd_hms_milli();
    let time = format!("{hours:02}:{minutes:02}");
    if moment.is_duration() {
        return moment.as_f64().to_string();
    }
    match (moment.as_f64() < 1.0, (hours, minutes) == (0, 0)) {
        (true, _) => time,
        (false, true) => format!("{year:04}-{month:02}-{day:02}"),
        (false, false) => format!("{year:04}-{month:02}-{day:02} {time}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::package::tests::{packed, survives, survives_inside},
        *,
    };

    fn xlsx() -> Vec<u8> {
        packed(&[
            (
                "[Content_Types].xml",
                "<Types><Override PartName='/xl/workbook.xml' ContentType='application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/></Types>",
            ),
            (
                "_rels/.rels",
                "<Relationships><Relationship Id='rId1' \
                 Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' \
                 Target='xl/workbook.xml'/></Relationships>",
            ),
            (
                "xl/workbook.xml",
                "<workbook xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sheets>\
                 <sheet name='Бюджет' sheetId='1' r:id='rId1'/><sheet name='Лист2' sheetId='2' r:id='rId2'/></sheets></workbook>",
            ),
            (
                "xl/_rels/workbook.xml.rels",
                "<Relationships>\
                 <Relationship Id='rId1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet' Target='worksheets/sheet1.xml'/>\
                 <Relationship Id='rId2' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet' Target='worksheets/sheet2.xml'/>\
                 </Relationships>",
            ),
            (
                "xl/styles.xml",
                "<styleSheet><cellXfs count='2'><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>",
            ),
            (
                "xl/worksheets/sheet1.xml",
                "<worksheet><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>Статья расходов</t></is></c><c r='B1' t='inlineStr'><is><t>Cost</t></is></c></row>\
                 <row r='1048576'><c r='A1048576' t='inlineStr'><is><t>Поезд</t></is></c><c r='B1048576'><v>1500</v></c><c r='XFD1048576' s='1'><v>44519</v></c></row></sheetData></worksheet>",
            ),
            (
                "xl/worksheets/sheet2.xml",
                "<worksheet><sheetData><row r='1'><c r='A1'><v>2.5</v></c></row></sheetData></worksheet>",
            ),
        ])
    }

    #[test]
    fn rows_are_lines_and_names_of_sheets_stand_above() {
        let document = read(&xlsx()).unwrap();
        assert_eq!(document.text, "Бюджет\n\nСтатья расходов\tCost\nПоезд\t1500\t2021-11-19\n\n2.5");
        assert_eq!((document.title.as_str(), document.date), ("Бюджет", None));
    }

    #[test]
    fn sheets_of_open_document_are_read_too() {
        let content = "<table:table table:name='Лист1'><table:table-row><table:table-cell><text:p>19.11.2021</text:p></table:table-cell>\
            <table:table-cell><text:p>визит</text:p></table:table-cell></table:table-row></table:table>";
        let document = read(&packed(&[("content.xml", content)])).unwrap();
        assert_eq!((document.text.as_str(), document.date), ("19.11.2021\tвизит", None));
    }

    #[test]
    fn damaged_files_are_refused() {
        assert!(read(&packed(&[("xl/workbook.xml", "<x")])).is_err());
        let valid = xlsx();
        survives(&valid, |bytes| drop(read(bytes)));
        survives_inside(&valid, |bytes| drop(read(bytes)));
    }
}
