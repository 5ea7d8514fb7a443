//! What the formats of Office Open XML share: properties of a document, and the relationships of its parts.

use super::{
    markup::{Piece, walk},
    package::Package,
    properties::Properties,
};
use crate::corpus::ReadError;

/// The properties of a document; none where they are missing or damaged, since the text can be read without them.
pub(super) fn properties(package: &mut Package<'_>) -> Result<Properties, ReadError> {
    let mut properties = Properties::default();
    let Some(xml) = package.text("docProps/core.xml")? else { return Ok(properties) };
    let mut inside = String::new();
    let _ = walk(&xml, "properties", |piece| match piece {
        Piece::Open(element) => element.name().clone_into(&mut inside),
        Piece::Close(_) => inside.clear(),
        Piece::Text(text) => match inside.as_str() {
            "title" => properties.title.get_or_insert_default().push_str(&text),
            "creator" => properties.author.get_or_insert_default().push_str(&text),
            "created" => properties.created.get_or_insert_default().push_str(&text),
            _ => {}
        },
    });
    Ok(properties)
}

/// A part that another one names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Relation {
    /// How it is named there.
    pub id: String,
    /// The last part of its type: `slide`, `notesSlide`.
    pub kind: String,
    /// Its name in the package.
    pub target: String,
}

/// The parts that a part of a package names.
pub(super) fn relations(package: &mut Package<'_>, part: &str) -> Result<Vec<Relation>, ReadError> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let Some(xml) = package.text(&format!("{folder}/_rels/{name}.rels"))? else { return Ok(Vec::new()) };
    let mut relations = Vec::new();
    walk(&xml, "relationships", |piece| {
        if let Piece::Open(element) = piece
            && let (Some(id), Some(kind), Some(target)) =
                (element.attribute("Id"), element.attribute("Type"), element.attribute("Target"))
        {
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            relations.push(Relation { id, kind, target: resolved(folder, &target) });
        }
    })?;
    Ok(relations)
}

/// A name within a package, as it is written in a folder of it: `../notes/1.xml`, or `/ppt/notes/1.xml`.
pub(super) fn resolved(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let from_root = target.starts_with('/');
    for part in folder.split('/').filter(|_| !from_root).chain(target.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::{super::package::tests::packed, *};

    #[test]
    fn parts_are_named_from_where_they_are_named() {
        assert_eq!(resolved("ppt/slides", "../notes/1.xml"), "ppt/notes/1.xml");
        assert_eq!(resolved("ppt", "/ppt/slides/1.xml"), "ppt/slides/1.xml");
        assert_eq!(resolved("", "../../a.xml"), "a.xml");
    }

    #[test]
    fn properties_are_read() {
        let core = "<cp:coreProperties><dc:title>Визит &amp; visit</dc:title><dc:creator>Лавров</dc:creator>
            <dcterms:created>2021-11-19T10:00:00Z</dcterms:created></cp:coreProperties>";
        let bytes = packed(&[("docProps/core.xml", core)]);
        let found = properties(&mut Package::open(&bytes, "text").unwrap()).unwrap();
        assert_eq!(found.title.as_deref(), Some("Визит & visit"));
        assert_eq!(found.author.as_deref(), Some("Лавров"));
        assert_eq!(found.created.as_deref(), Some("2021-11-19T10:00:00Z"));
    }
}
