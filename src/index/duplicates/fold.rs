//! Matches, the first of them first → the same without those that say what an earlier one says.

use std::collections::HashSet;

use tantivy::DocAddress;

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
    keys: &Keys,
    wanted: usize,
    address: impl Fn(&T) -> DocAddress,
    mut list: impl FnMut(usize) -> tantivy::Result<Vec<T>>,
) -> tantivy::Result<Folded<T>> {
    let mut depth = wanted;
    loop {
        let mut kept = list(depth)?;
        let (seen, is_all) = (kept.len() as u64, kept.len() < depth);
        if keys.folding != Folding::None {
            keys.retain_first(&mut kept, &address);
        }
        if is_all || kept.len() >= wanted {
            kept.truncate(wanted);
            return Ok(Folded { kept, seen, is_all });
        }
        depth = 2 * depth.max(1);
    }
}

/// What tells of each document what it is folded by.
pub(in crate::index) struct Keys<'c> {
    /// By the number of the segment.
    pub columns: &'c [Columns],
    pub folding: Folding,
}

impl Keys<'_> {
    fn retain_first<T>(&self, list: &mut Vec<T>, address: impl Fn(&T) -> DocAddress) {
        let mut seen = HashSet::with_capacity(list.len());
        list.retain(|entry| self.key(address(entry)).is_none_or(|key| seen.insert(key)));
    }

    fn key(&self, address: DocAddress) -> Option<u64> {
        let columns = &self.columns[address.segment_ord as usize];
        match self.folding {
            Folding::None => None,
            Folding::Copies => columns.content(address.doc_id),
            Folding::Groups => columns.group(address.doc_id),
        }
    }
}
