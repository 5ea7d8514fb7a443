//! Matches → where the words of a pattern stand in them, read from the postings.

use std::collections::BTreeMap;

use tantivy::{DocId, DocSet, TERMINATED, postings::Postings, schema::IndexRecordOption};

use super::{Index, Match, deadline::Pulse, lookup::Lookup};
use crate::{
    snippet::{Pattern, Place},
    text::words,
};

/// The most places of one term that are read of one document; of a word that is more frequent its first places show as much.
const MAX_PLACES: usize = 2_000;

/// Where the words of a pattern stand in a document, in order; numbered as the index numbers words, through the title and
/// then the text.
#[derive(Debug, Clone, Default)]
pub struct Places(Vec<Place>);

impl Places {
    /// The places in the title, and those in the text, each numbered from its beginning: what is asked for once, for they are
    /// numbered anew.
    #[must_use]
    pub fn in_title_and_text(&mut self, title: &str) -> (&[Place], &[Place]) {
        let Self(places) = self;
        if title.is_empty() {
            return (&[], places);
        }
        // The engine leaves one number free between title and text.
        let text_starts = words(title).count() + 1;
        let first = places.partition_point(|place| place.position < text_starts);
        let (in_title, in_text) = places.split_at_mut(first);
        for place in &mut *in_text {
            place.position -= text_starts;
        }
        (in_title, in_text)
    }
}

/// The places of the words of a pattern in each of some matches.
pub(super) fn places(index: &Index, matches: &[Match], pattern: &Pattern) -> tantivy::Result<Vec<Places>> {
    let Index { searcher, fields, lookups, .. } = index;
    let look = |(word, term): (usize, &str)| Ok((word, lookups.get(searcher, fields.body, term)?));
    let terms: Vec<(usize, Lookup)> = pattern.terms().map(look).collect::<tantivy::Result<_>>()?;
    let mut by_segment: BTreeMap<u32, Vec<(DocId, usize)>> = BTreeMap::new();
    for (n, found) in matches.iter().enumerate() {
        by_segment.entry(found.address.segment_ord).or_default().push((found.address.doc_id, n));
    }
    let mut places = vec![Vec::new(); matches.len()];
    let (mut positions, pulse) = (Vec::new(), Pulse::new());
    for (segment, mut docs) in by_segment {
        docs.sort_unstable();
        for (word, term) in &terms {
            let Some(mut postings) = term.postings(searcher, segment, IndexRecordOption::WithFreqsAndPositions)? else {
                continue;
            };
            for &(doc, n) in &docs {
                pulse.check_now()?;
                let at = if postings.doc() < doc { postings.seek(doc) } else { postings.doc() };
                if at == TERMINATED {
                    break;
                }
                if at == doc {
                    postings.positions(&mut positions);
                    let place = |&position: &u32| Place { position: position as usize, word: *word };
                    places[n].extend(positions.iter().take(MAX_PLACES).map(place));
                }
            }
        }
    }
    let in_order = places.into_iter().map(|mut places: Vec<Place>| {
        places.sort_unstable();
        places.dedup();
        Places(places)
    });
    Ok(in_order.collect())
}
