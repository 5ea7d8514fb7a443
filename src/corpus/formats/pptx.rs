//! A presentation of `PowerPoint` → document: its slides in their order, each with its notes.

use std::collections::{HashMap, HashSet};

use super::{
    blocks::Blocks,
    markup::{Piece, walk},
    office::{properties, relations},
    package::Package,
};
use crate::corpus::{ReadError, read::Parsed};

const FORMAT: &str = "presentation";

/// The document that a presentation is.
pub(in crate::corpus) fn read(bytes: &[u8]) -> Parsed {
    let mut package = Package::open(bytes, FORMAT)?;
    let (mut text, mut heading) = (Blocks::default(), None);
    for slide in slides(&mut package)? {
        let Some(xml) = package.text(&slide)? else { continue };
        let title = shapes(&xml, &mut text)?;
        heading = heading.or(title);
        for relation in relations(&mut package, &slide)? {
            if matches!(relation.kind.as_str(), "notesSlide" | "comments")
                && let Some(xml) = package.text(&relation.target)?
            {
                shapes(&xml, &mut text)?;
            }
        }
    }
    Ok(properties(&mut package)?.document(text.finish(), heading.as_deref()))
}

/// The names of the slides, in their order.
fn slides(package: &mut Package<'_>) -> Result<Vec<String>, ReadError> {
    let main = package.needed("ppt/presentation.xml")?;
    let relations = relations(package, "ppt/presentation.xml")?;
    let by_id: HashMap<&str, &str> = relations.iter().map(|found| (found.id.as_str(), found.target.as_str())).collect();
    // A slide that is named twice is read once, so that no text grows by being named.
    let (mut slides, mut seen) = (Vec::new(), HashSet::new());
    walk(&main, FORMAT, |piece| {
        if let Piece::Open(element) = piece
            && element.name() == "sldId"
            && let Some(id) = element.attribute_as_written("r:id")
        {
            slides
                .extend(by_id.get(id.as_str()).filter(|target| seen.insert(**target)).map(|&target| target.to_owned()));
        }
    })?;
    Ok(slides)
}

/// Writes the text of the shapes of a slide; its title.
fn shapes(xml: &str, text: &mut Blocks) -> Result<Option<String>, ReadError> {
    let (mut title, mut title_start) = (None, None);
    // Whether text is open, and how many elements whose text is no text of the slide: its number, or the same once more.
    let (mut in_text, mut skipped) = (false, 0_usize);
    // Whether the shape is one that the layout gives each slide: number, date, foot.
    let mut is_fixture = false;
    text.block();
    walk(xml, FORMAT, |piece| match piece {
        Piece::Open(element) => match element.name() {
            "Fallback" => skipped += 1,
            _ if skipped > 0 => {}
            "sp" => (is_fixture, title_start) = (false, None),
            "ph" => match element.attribute("type").as_deref() {
                Some("title" | "ctrTitle") => title_start = Some(text.mark()),
                Some("sldNum" | "dt" | "ftr" | "hdr") => is_fixture = true,
                _ => {}
            },
            // Comments hold their text in an element of its own.
            "t" | "text" => in_text = true,
            "br" => text.line(),
            "tc" => text.open_cell(),
            _ => {}
        },
        Piece::Close(name) => match name {
            "Fallback" => skipped = skipped.saturating_sub(1),
            _ if skipped > 0 => {}
            "t" | "text" => in_text = false,
            "p" => text.line(),
            "txBody" | "cm" | "tbl" => {
                if let Some(start) = title_start.take().filter(|_| title.is_none()) {
                    title = Some(text.since(start).replace('\n', " "));
                }
                text.block();
            }
            "tc" => text.close_cell(),
            "tr" => text.row(),
            "sp" => is_fixture = false,
            _ => {}
        },
        Piece::Text(piece) => {
            if in_text && skipped == 0 && !is_fixture {
                text.exact(&piece);
            }
        }
    })?;
    text.block();
    Ok(title.filter(|title| !title.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::{
        super::package::tests::{packed, survives, survives_inside},
        *,
    };

    fn shape(kind: &str, text: &str) -> String {
        format!(
            "<p:sp><p:nvPr><p:ph type='{kind}'/></p:nvPr><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
        )
    }

    fn pptx() -> Vec<u8> {
        let relation = |id: &str, kind: &str, target: &str| {
            format!("<Relationship Id='{id}' Type='http://x/relationships/{kind}' Target='{target}'/>")
        };
        let second = format!(
            "<p:sld>{}{}{}</p:sld>",
            shape("title", "Итоги"),
            shape("body", "Growth of trade"),
            shape("sldNum", "1")
        );
        let table = "<a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>Год</a:t></a:r></a:p></a:txBody></a:tc>\
            <a:tc><a:txBody><a:p><a:r><a:t>2021</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl>";
        packed(&[
            (
                "ppt/presentation.xml",
                "<p:sldIdLst><p:sldId id='9' r:id='rId2'/><p:sldId id='8' r:id='rId1'/></p:sldIdLst>",
            ),
            (
                "ppt/_rels/presentation.xml.rels",
                &format!(
                    "<R>{}{}</R>",
                    relation("rId1", "slide", "slides/slide1.xml"),
                    relation("rId2", "slide", "slides/slide2.xml")
                ),
            ),
            ("ppt/slides/slide1.xml", table),
            ("ppt/slides/slide2.xml", &second),
            (
                "ppt/slides/_rels/slide2.xml.rels",
                &format!("<R>{}</R>", relation("rId1", "notesSlide", "../notes/n.xml")),
            ),
            ("ppt/notes/n.xml", &shape("body", "Сказать о росте")),
        ])
    }

    #[test]
    fn slides_come_in_their_order_with_their_notes() {
        let document = read(&pptx()).unwrap();
        assert_eq!(document.title, "Итоги");
        assert_eq!(document.text, "Итоги\n\nGrowth of trade\n\nСказать о росте\n\nГод\t2021");
    }

    #[test]
    fn damaged_files_are_refused() {
        assert!(read(&packed(&[("ppt/slides/slide1.xml", "")])).is_err());
        let valid = pptx();
        survives(&valid, |bytes| drop(read(bytes)));
        survives_inside(&valid, |bytes| drop(read(bytes)));
    }
}
