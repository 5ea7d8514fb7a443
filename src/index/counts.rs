//! Matches → how many there are of each value of a column.

use std::collections::BTreeMap;

use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::StrColumn,
};

/// Counts the matches by the value of a column of strings.
pub(super) struct CountByValue(pub &'static str);

/// The counts of one segment, by the number of the value.
pub(super) struct SegmentCounts {
    column: Option<StrColumn>,
    counts: Vec<u64>,
}

impl Collector for CountByValue {
    type Fruit = BTreeMap<String, u64>;
    type Child = SegmentCounts;

    fn for_segment(&self, _segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentCounts> {
        let column = reader.fast_fields().str(self.0)?;
        let values = column.as_ref().map_or(0, |column| column.num_terms());
        Ok(SegmentCounts { column, counts: vec![0; values] })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<BTreeMap<String, u64>>) -> tantivy::Result<BTreeMap<String, u64>> {
        let mut total = BTreeMap::new();
        for (value, count) in segments.into_iter().flatten() {
            *total.entry(value).or_default() += count;
        }
        Ok(total)
    }
}

impl SegmentCollector for SegmentCounts {
    type Fruit = BTreeMap<String, u64>;

    fn collect(&mut self, doc: DocId, _score: Score) {
        let value = self.column.as_ref().and_then(|column| column.ords().first(doc));
        let slot = value.and_then(|value| self.counts.get_mut(usize::try_from(value).ok()?));
        if let Some(count) = slot {
            *count += 1;
        }
    }

    fn harvest(self) -> BTreeMap<String, u64> {
        let Some(column) = self.column else { return BTreeMap::new() };
        let seen = self.counts.into_iter().enumerate().filter(|&(_, count)| count > 0);
        seen.filter_map(|(value, count)| {
            let mut name = String::new();
            // A value that was counted stands in the dictionary of its segment.
            column.ord_to_str(value as u64, &mut name).ok()?.then_some((name, count))
        })
        .collect()
    }
}
