//! Matches, the first of them first → the same without those that say what an earlier one says.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use tantivy::{DocAddress, Searcher, SegmentOrdinal};

use super::Columns;

/// Which matches are folded to the first of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Folding {
    /// None: each document stands for itself.
    #[default]
    None,
    /// Copies: those of the same title and text.
    Copies,
    /// Near duplicates: those of one group.
    Groups,
}

/// The first matches, folded.
pub(in crate::index) struct Folded<T> {
    /// What is left.
    pub kept: Vec<T>,
    /// How many matches were looked at.
    pub seen: u64,
    /// Whether these were all there are.
    pub is_all: bool,
}

/// The first `wanted` matches that are left. `list` gives the first matches up to a number, in an order that does not depend on
/// the number; it is asked for more where too many are folded, twice as many each time.
pub(in crate::index) fn fold<T>(
    searcher: &Searcher,
    folding: Folding,
    wanted: usize,
    address: impl Fn(&T) -> DocAddress,
    mut list: impl FnMut(usize) -> tantivy::Result<Vec<T>>,
) -> tantivy::Result<Folded<T>> {
    let mut keys = Keys { searcher, folding, opened: HashMap::new() };
    let mut depth = wanted;
    loop {
        let mut kept = list(depth)?;
        let (seen, is_all) = (kept.len() as u64, kept.len() < depth);
        if folding != Folding::None {
            keys.retain_first(&mut kept, &address)?;
        }
        if is_all || kept.len() >= wanted {
            kept.truncate(wanted);
            return Ok(Folded { kept, seen, is_all });
        }
        depth = 2 * depth.max(1);
    }
}

/// What tells of each document what it is folded by.
struct Keys<'s> {
    searcher: &'s Searcher,
    folding: Folding,
    /// Of the segments that were asked for.
    opened: HashMap<SegmentOrdinal, Columns>,
}

impl Keys<'_> {
    fn retain_first<T>(&mut self, list: &mut Vec<T>, address: impl Fn(&T) -> DocAddress) -> tantivy::Result<()> {
        let mut seen = HashSet::with_capacity(list.len());
        let mut is_first = Vec::with_capacity(list.len());
        for entry in list.iter() {
            let key = self.key(address(entry))?;
            is_first.push(key.is_none_or(|key| seen.insert(key)));
        }
        let mut is_first = is_first.into_iter();
        list.retain(|_| is_first.next().unwrap_or(true));
        Ok(())
    }

    fn key(&mut self, address: DocAddress) -> tantivy::Result<Option<u64>> {
        let columns = match self.opened.entry(address.segment_ord) {
            Entry::Occupied(opened) => opened.into_mut(),
            Entry::Vacant(place) => place.insert(Columns::open(self.searcher.segment_reader(address.segment_ord))?),
        };
        Ok(match self.folding {
            Folding::None => None,
            Folding::Copies => columns.content(address.doc_id),
            Folding::Groups => columns.group(address.doc_id),
        })
    }
}
