//! Matches → the first of them in an order that is not that of relevance.

use std::{cmp::Ordering, collections::BinaryHeap, str::FromStr};

use serde::{Deserialize, Serialize};
use tantivy::{
    DocAddress, DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::{Column, MonotonicallyMappableToU64, StrColumn},
    query::Weight,
};

use super::{
    deadline::{Pulse, each, each_scored},
    schema::{DATE, Fields, SOURCE, TIE_BREAKER},
    walk::rounded,
};

/// The most keys that one order is made of.
pub const MAX_ORDERS: usize = 3;

/// What hits are sorted by, and which way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Order {
    /// By what.
    pub by: SortBy,
    /// The greatest first, or the least. What has no value comes last either way.
    pub is_descending: bool,
}

/// What hits can be sorted by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SortBy {
    /// How well the words match; nearness, headings and form do not count.
    Relevance,
    /// When it was published.
    Date,
    /// Who published it.
    Source,
    /// A member that was declared filterable: numbers by their size, and after them texts by their letters.
    Member(String),
}

/// A text that is no order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no order; write a name and a direction, such as date:desc or source:asc")]
pub struct NotAnOrder(String);

impl FromStr for Order {
    type Err = NotAnOrder;

    fn from_str(text: &str) -> Result<Self, NotAnOrder> {
        let refuse = || NotAnOrder(text.to_owned());
        let (name, direction) = text.trim().rsplit_once(':').ok_or_else(refuse)?;
        let is_descending = match direction {
            "asc" => false,
            "desc" => true,
            _ => return Err(refuse()),
        };
        let by = match name {
            "" => return Err(refuse()),
            "relevance" => SortBy::Relevance,
            "date" => SortBy::Date,
            "source" => SortBy::Source,
            name => SortBy::Member(name.to_owned()),
        };
        Ok(Self { by, is_descending })
    }
}

/// A value by which a document is sorted, comparable over all segments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum SortValue {
    /// A number, mapped so that the order stays.
    Number(u64),
    /// A text.
    Text(String),
}

/// Where a document stands in an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SortKey {
    pub values: Vec<Option<SortValue>>,
    pub tie: u64,
}

/// Collects the first matches in an order, all those behind a key, where there is one.
pub(super) struct Sorted<'o> {
    pub fields: &'o Fields,
    pub orders: &'o [Order],
    pub depth: usize,
    pub after: Option<&'o SortKey>,
}

/// A value by which a document is sorted, comparable within its segment: numbers before texts, texts by twice the place in
/// the dictionary and one, so that a text that the segment lacks has a place too.
type LocalValue = (bool, u64);

type LocalValues = [Option<LocalValue>; MAX_ORDERS];

/// The first matches, in order, and how many there are.
pub(super) struct First {
    pub matches: Vec<(SortKey, DocAddress)>,
    pub total: u64,
}

/// The first matches of one segment.
pub(super) struct SegmentSorted {
    segment: SegmentOrdinal,
    columns: Vec<ValueColumn>,
    ties: Option<Column<u64>>,
    directions: Vec<bool>,
    depth: usize,
    after: Option<(LocalValues, u64)>,
    heap: BinaryHeap<Place>,
    total: u64,
}

/// Where a document stands among the others of its segment, the last on top of the heap.
struct Place {
    values: LocalValues,
    tie: u64,
    doc: DocId,
    /// The directions as bits, so that places can be compared by themselves.
    descending: u8,
}

/// Where the values of one key are read.
enum ValueColumn {
    Relevance,
    Date(Option<Column<i64>>),
    Text(Option<StrColumn>),
    Member { numbers: Option<Column<f64>>, texts: Option<StrColumn> },
}

/// The order of two documents: what has no value is last, whatever the direction.
fn compare<V: Ord>(a: &[Option<V>], b: &[Option<V>], is_descending: impl Fn(usize) -> bool) -> Ordering {
    let pairs = a.iter().zip(b).enumerate();
    let unequal = pairs.map(|(n, pair)| match pair {
        (Some(a), Some(b)) if is_descending(n) => b.cmp(a),
        (Some(a), Some(b)) => a.cmp(b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    unequal.into_iter().find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
}

impl Collector for Sorted<'_> {
    type Fruit = First;
    type Child = SegmentSorted;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentSorted> {
        let columns: Vec<ValueColumn> = self
            .orders
            .iter()
            .map(|order| ValueColumn::open(&order.by, self.fields, reader))
            .collect::<Result<_, _>>()?;
        let after = match self.after {
            Some(key) => {
                let mut values = LocalValues::default();
                for ((local, value), column) in values.iter_mut().zip(&key.values).zip(&columns) {
                    *local = value.as_ref().map(|value| column.local(value)).transpose()?.flatten();
                }
                Some((values, key.tie))
            }
            None => None,
        };
        Ok(SegmentSorted {
            segment,
            columns,
            ties: reader.fast_fields().column_opt(TIE_BREAKER)?,
            directions: self.orders.iter().map(|order| order.is_descending).collect(),
            depth: self.depth,
            after,
            heap: BinaryHeap::with_capacity(self.depth + 1),
            total: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.orders.iter().any(|order| order.by == SortBy::Relevance)
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: u32,
        reader: &SegmentReader,
    ) -> tantivy::Result<Self::Fruit> {
        let mut sorted = self.for_segment(segment, reader)?;
        if self.requires_scoring() {
            each_scored(weight, reader, &mut |doc, score| sorted.collect(doc, score))?;
        } else {
            each(weight, reader, &mut |doc| sorted.collect(doc, 0.0))?;
        }
        Ok(sorted.harvest())
    }

    fn merge_fruits(&self, segments: Vec<Self::Fruit>) -> tantivy::Result<Self::Fruit> {
        let total = segments.iter().map(|segment| segment.total).sum();
        let mut matches: Vec<_> = segments.into_iter().flat_map(|segment| segment.matches).collect();
        matches.sort_by(|(a, _), (b, _)| {
            compare(&a.values, &b.values, |n| self.orders[n].is_descending).then(a.tie.cmp(&b.tie))
        });
        matches.truncate(self.depth);
        Ok(First { matches, total })
    }
}

impl SegmentCollector for SegmentSorted {
    type Fruit = First;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.total += 1;
        let mut values = LocalValues::default();
        for (value, column) in values.iter_mut().zip(&self.columns) {
            *value = column.value(doc, score);
        }
        let descending = (0..).zip(&self.directions).map(|(n, &is_descending)| u8::from(is_descending) << n).sum();
        let tie = self.ties.as_ref().and_then(|ties| ties.first(doc)).unwrap_or_default();
        let place = Place { values, tie, doc, descending };
        let is_passed = |(values, tie)| place <= Place { values, tie, doc, descending };
        if self.after.is_some_and(is_passed) {
            return;
        }
        if self.heap.len() < self.depth {
            self.heap.push(place);
        } else if let Some(mut last) = self.heap.peek_mut().filter(|last| place < **last) {
            *last = place;
        }
    }

    fn harvest(self) -> Self::Fruit {
        let Self { segment, columns, heap, total, .. } = self;
        let key = |place: Place| {
            let values = columns.iter().zip(place.values).map(|(column, value)| column.global(value?)).collect();
            (SortKey { values, tie: place.tie }, DocAddress::new(segment, place.doc))
        };
        First { matches: heap.into_sorted_vec().into_iter().map(key).collect(), total }
    }
}

impl ValueColumn {
    fn open(by: &SortBy, fields: &Fields, reader: &SegmentReader) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        Ok(match by {
            SortBy::Relevance => Self::Relevance,
            SortBy::Date => Self::Date(columns.column_opt(DATE)?),
            SortBy::Source => Self::Text(columns.str(SOURCE)?),
            SortBy::Member(name) => match fields.member(name) {
                Some(member) => Self::Member {
                    numbers: columns.column_opt(&member.number_column)?,
                    texts: columns.str(&member.key_column)?,
                },
                None => Self::Text(None),
            },
        })
    }

    fn value(&self, doc: DocId, score: Score) -> Option<LocalValue> {
        let number = |number: u64| (false, number);
        let text = |column: &StrColumn| column.ords().first(doc).map(|ord| (true, 2 * ord + 1));
        match self {
            Self::Relevance => Some(number(f64::from(rounded(score)).to_u64())),
            Self::Date(dates) => dates.as_ref()?.first(doc).map(|date| number(date.to_u64())),
            Self::Text(texts) => text(texts.as_ref()?),
            Self::Member { numbers, texts } => {
                let first = numbers.as_ref().and_then(|numbers| numbers.first(doc));
                first.map(|first| number(first.to_u64())).or_else(|| text(texts.as_ref()?))
            }
        }
    }

    /// A value of this segment as all segments know it.
    fn global(&self, (is_text, value): LocalValue) -> Option<SortValue> {
        let texts = match self {
            Self::Text(texts) | Self::Member { texts, .. } if is_text => texts.as_ref()?,
            _ => return Some(SortValue::Number(value)),
        };
        let mut text = String::new();
        // A value that stands in a column stands in its dictionary.
        texts.ord_to_str(value / 2, &mut text).ok()?.then_some(SortValue::Text(text))
    }

    /// A value as this segment has it or would have it.
    fn local(&self, value: &SortValue) -> tantivy::Result<Option<LocalValue>> {
        let (texts, text) = match (self, value) {
            (_, SortValue::Number(number)) => return Ok(Some((false, *number))),
            (Self::Text(Some(texts)) | Self::Member { texts: Some(texts), .. }, SortValue::Text(text)) => (texts, text),
            // A segment without the column has no values to compare with.
            _ => return Ok(Some((true, 0))),
        };
        let dictionary = texts.dictionary();
        if let Some(ord) = dictionary.term_ord(text)? {
            return Ok(Some((true, 2 * ord + 1)));
        }
        let mut before = dictionary.range().lt(text.as_bytes()).into_stream()?;
        let (mut smaller, pulse) = (0, Pulse::new());
        while before.advance() {
            pulse.check()?;
            smaller += 1;
        }
        Ok(Some((true, 2 * smaller)))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(&self.values, &other.values, |n| self.descending >> n & 1 == 1).then(self.tie.cmp(&other.tie))
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Place {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read() {
        let order = |by, is_descending| Ok(Order { by, is_descending });
        assert_eq!("date:desc".parse(), order(SortBy::Date, true));
        assert_eq!(" source:asc".parse(), order(SortBy::Source, false));
        assert_eq!("цена:asc".parse(), order(SortBy::Member("цена".into()), false));
        for wrong in ["", "date", "date:down", ":asc", "desc"] {
            assert!(wrong.parse::<Order>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_has_no_value_is_last_either_way() {
        let values = |value: Option<u64>| [value.map(|value| (false, value))];
        for is_descending in [false, true] {
            let order = |a, b| compare(&values(a), &values(b), |_| is_descending);
            assert_eq!(order(Some(1), None), Ordering::Less);
            assert_eq!(order(None, Some(1)), Ordering::Greater);
            assert_eq!(order(Some(1), Some(2)) == Ordering::Less, !is_descending);
        }
    }
}
