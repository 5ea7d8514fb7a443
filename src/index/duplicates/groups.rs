//! A document that comes → the group of near duplicates that it belongs to.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use tantivy::{
    DocId, DocSet, SegmentReader, TERMINATED, TantivyDocument, Term, columnar::Column, schema::IndexRecordOption,
};

use super::{
    Columns, Signature,
    signature::{Near, Sketch},
};
use crate::index::{
    Index,
    schema::{Fields, SKETCH},
};

/// So many documents that share a band are looked at in each segment. Those that share one and are no near duplicates are
/// few; where they are many, they share what they are full of, and so do the first of them.
const MAX_OF_BAND: usize = 64;

/// After so many documents in a row that belong to groups which were looked at, the rest of those that share a band are taken to do
/// so, too: of a text that is there a thousand times each would be looked at for each of its bands.
const MAX_KNOWN: usize = 8;

/// So many documents are remembered until readers see them, some hundred bytes each; of more, those that came first are
/// forgotten, half of them at once.
const MAX_RECENT: usize = 200_000;

/// The groups of the documents of an index that is written.
#[derive(Default)]
pub(in crate::index) struct Groups {
    /// The documents that readers see.
    index: Option<Arc<Index>>,
    /// Those that came since, and those of them that came first.
    recent: Recent,
    older: Recent,
}

/// Where a document belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// The group: the content of its founder.
    pub group: u64,
    /// The sketch of its founder; `None` where it has none.
    pub sketch: Option<Sketch>,
}

/// Documents that no reader sees yet.
#[derive(Default)]
struct Recent {
    places: Vec<Place>,
    by_content: HashMap<u64, u32>,
    /// The last document of each band, and for each document and band the one before.
    by_band: HashMap<u64, u32>,
    chain: Vec<(u32, u32)>,
}

impl Groups {
    /// The groups of an index, from what readers see of it.
    pub(in crate::index) fn of(index: Option<Arc<Index>>) -> Self {
        Self { index, ..Self::default() }
    }

    /// Adds the values by which the duplicates of a document are known.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub(in crate::index) fn add(
        &mut self,
        signature: &Signature,
        document: &mut TantivyDocument,
        fields: &Fields,
    ) -> tantivy::Result<()> {
        let Place { group, sketch } = self.place(signature)?;
        document.add_u64(fields.content, signature.content);
        if group != signature.content {
            document.add_u64(fields.group, group);
        }
        for number in sketch.iter().flat_map(Sketch::numbers) {
            document.add_u64(fields.sketch, number);
        }
        for &band in signature.near.iter().flat_map(|near| &near.bands) {
            document.add_u64(fields.bands, band);
        }
        Ok(())
    }

    /// The group of a document, which is remembered. A document that was deleted since the last commit may still be found: its
    /// group is a name, and one that nobody else has says nothing.
    fn place(&mut self, signature: &Signature) -> tantivy::Result<Place> {
        let place = match self.of_copy(signature.content)? {
            Some(place) => place,
            None => self.nearest(signature)?,
        };
        if self.recent.places.len() >= MAX_RECENT / 2 {
            self.older = std::mem::take(&mut self.recent);
        }
        self.recent.remember(signature, place);
        Ok(place)
    }

    fn of_copy(&self, content: u64) -> tantivy::Result<Option<Place>> {
        let known = [&self.recent, &self.older].into_iter().find_map(|recent| recent.of_copy(content));
        match (known, &self.index) {
            (None, Some(index)) => {
                let mut found = None;
                for segment in index.searcher().segment_readers() {
                    let term = Term::from_field_u64(index.fields().content, content);
                    found = found.or(first(segment, &term)?);
                }
                Ok(found)
            }
            (known, _) => Ok(known),
        }
    }

    /// The group whose founder is most like a document; its own, where none is near.
    fn nearest(&self, signature: &Signature) -> tantivy::Result<Place> {
        let own = Place { group: signature.content, sketch: signature.near.as_ref().map(|near| near.sketch) };
        let Some(near) = &signature.near else { return Ok(own) };
        let mut best = Nearest { near, best: None, judged: HashSet::default() };
        self.recent.offer(near, &mut best);
        self.older.offer(near, &mut best);
        if let Some(index) = &self.index {
            for segment in index.searcher().segment_readers() {
                offer(segment, index.fields(), near, &mut best)?;
            }
        }
        Ok(best.best.map_or(own, |(_, place)| place))
    }
}

/// The group that is nearest so far.
struct Nearest<'n> {
    near: &'n Near,
    best: Option<(f32, Place)>,
    /// The groups that were offered: all their members carry the sketch of one founder.
    judged: HashSet<u64>,
}

impl Nearest<'_> {
    /// Takes note of a group; whether it is offered for the first time.
    fn is_new(&mut self, group: u64) -> bool {
        self.judged.insert(group)
    }

    fn offer(&mut self, place: Place) {
        let Some(sketch) = place.sketch.filter(|founder| self.near.is_of(founder)) else { return };
        let likeness = sketch.likeness(&self.near.sketch);
        // Of equal ones the same, in whatever order they are met.
        let is_better = |(best, than): &(f32, Place)| (likeness, than.group) > (*best, place.group);
        if self.best.as_ref().is_none_or(is_better) {
            self.best = Some((likeness, place));
        }
    }
}

impl Recent {
    fn of_copy(&self, content: u64) -> Option<Place> {
        self.by_content.get(&content).map(|&document| self.places[document as usize])
    }

    fn remember(&mut self, signature: &Signature, place: Place) {
        let document = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        self.places.push(place);
        self.by_content.insert(signature.content, document);
        for &band in signature.near.iter().flat_map(|near| &near.bands) {
            let link = u32::try_from(self.chain.len()).unwrap_or(u32::MAX);
            let before = self.by_band.insert(band, link).unwrap_or(u32::MAX);
            self.chain.push((document, before));
        }
    }

    fn offer(&self, near: &Near, best: &mut Nearest<'_>) {
        for band in &near.bands {
            let mut link = self.by_band.get(band).copied();
            let mut patience = Patience::default();
            while patience.is_left()
                && let Some(&(document, before)) = link.and_then(|link| self.chain.get(link as usize))
            {
                let place = self.places[document as usize];
                if patience.takes(best.is_new(place.group)) {
                    best.offer(place);
                }
                link = Some(before);
            }
        }
    }
}

/// How many more documents of a band are looked at.
#[derive(Default)]
struct Patience {
    seen: usize,
    known: usize,
}

impl Patience {
    fn is_left(&self) -> bool {
        self.seen < MAX_OF_BAND && self.known < MAX_KNOWN
    }

    /// Counts a document, which is of a new group or not; says so.
    fn takes(&mut self, is_new: bool) -> bool {
        self.seen += 1;
        self.known = if is_new { 0 } else { self.known + 1 };
        is_new
    }
}

/// Where the documents of a segment belong.
struct Places {
    columns: Columns,
    sketches: Option<Column<u64>>,
}

impl Places {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Self { columns: Columns::open(segment)?, sketches: segment.fast_fields().column_opt(SKETCH)? })
    }

    fn of(&self, doc: DocId) -> Option<Place> {
        let group = self.columns.group(doc)?;
        let sketch = self.sketches.as_ref().and_then(|sketches| Sketch::from_numbers(sketches.values_for_doc(doc)));
        Some(Place { group, sketch })
    }
}

/// Where the first document of a term belongs.
fn first(segment: &SegmentReader, term: &Term) -> tantivy::Result<Option<Place>> {
    let postings = segment.inverted_index(term.field())?.read_postings(term, IndexRecordOption::Basic)?;
    let Some(doc) = postings.map(|postings| postings.doc()).filter(|&doc| doc != TERMINATED) else { return Ok(None) };
    Ok(Places::open(segment)?.of(doc))
}

/// Offers the groups of those documents of a segment that share a band with another.
fn offer(segment: &SegmentReader, fields: &Fields, near: &Near, best: &mut Nearest<'_>) -> tantivy::Result<()> {
    let terms = segment.inverted_index(fields.bands)?;
    let mut places = None;
    for &band in &near.bands {
        let term = Term::from_field_u64(fields.bands, band);
        let Some(mut postings) = terms.read_postings(&term, IndexRecordOption::Basic)? else { continue };
        let places = match &mut places {
            Some(places) => places,
            None => places.insert(Places::open(segment)?),
        };
        let mut patience = Patience::default();
        while patience.is_left() && postings.doc() != TERMINATED {
            let group = places.columns.group(postings.doc());
            if patience.takes(group.is_some_and(|group| best.is_new(group)))
                && let Some(place) = places.of(postings.doc())
            {
                best.offer(place);
            }
            postings.advance();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text that shares all but some of its words with others of its kind.
    fn signature(kind: &str, own: &str) -> Signature {
        let shared: Vec<String> = (0..90).map(|n| format!("{kind}{} начался", n * n % 71)).collect();
        Signature::of("", &format!("{own}\n{}", shared.join(" ")))
    }

    #[test]
    fn documents_join_the_group_of_the_first_like_them() -> tantivy::Result<()> {
        let mut groups = Groups::default();
        let founder = groups.place(&signature("визит", "The Times"))?;
        assert_eq!(founder.group, signature("визит", "The Times").content);
        assert_eq!(groups.place(&signature("визит", "Вестник сообщает"))?, founder);
        assert_eq!(groups.place(&signature("визит", "Вестник сообщает"))?, founder, "a copy");
        assert_ne!(groups.place(&signature("harvest", "The Times"))?.group, founder.group);
        let short = Signature::of("Визит", "Короткий текст.");
        assert_eq!(groups.place(&short)?, Place { group: short.content, sketch: None });
        Ok(())
    }

    #[test]
    fn what_came_first_is_forgotten_first() -> tantivy::Result<()> {
        let mut groups = Groups::default();
        let founder = groups.place(&signature("визит", "The Times"))?;
        groups.older = std::mem::take(&mut groups.recent);
        assert_eq!(groups.place(&signature("визит", "Вестник"))?, founder);
        groups.recent = Recent::default();
        groups.older = Recent::default();
        assert_ne!(groups.place(&signature("визит", "Вестник"))?, founder);
        Ok(())
    }
}
