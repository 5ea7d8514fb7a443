//! Matches → how many there are, of each value of some members.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::{Column, StrColumn},
    query::Weight,
};

use super::{
    deadline::{Pulse, each},
    schema::{DATE, Fields, LANGUAGE, SOURCE_NAME, comparison_key},
};
use crate::language::Label;

/// A member of documents whose values can be counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Facet {
    /// The language label. It is counted without regard to the language that is asked for, so that the others can be chosen.
    Language,
    /// Who published it.
    Source,
    /// The year in which it was published.
    Year,
    /// A member that was declared filterable.
    Member(String),
}

impl Facet {
    /// The facet of a name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        match name {
            "language" => Self::Language,
            "source" => Self::Source,
            "year" => Self::Year,
            name => Self::Member(name.to_owned()),
        }
    }
}

impl fmt::Display for Facet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Language => "language",
            Self::Source => "source",
            Self::Year => "year",
            Self::Member(name) => name,
        })
    }
}

/// How many documents match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub total: u64,
    /// By the values of each facet that was asked for, in that order; the values in no order.
    pub facets: Vec<BTreeMap<String, u64>>,
}

/// Counts the matches of one language, or of all, and the values of some facets.
pub(super) struct Counter<'f> {
    pub fields: &'f Fields,
    pub facets: &'f [Facet],
    pub language: Option<Label>,
}

/// The counts of one segment.
pub(super) struct SegmentCounter {
    total: u64,
    language: Option<Wanted>,
    facets: Vec<Values>,
}

/// The number of the label that is counted, and where those of the documents stand; nothing is counted where no document of
/// the segment has it.
struct Wanted {
    column: StrColumn,
    ord: Option<u64>,
}

/// The values of one facet in one segment, and how often each was counted.
struct Values {
    column: ValueColumn,
    /// Whether documents of every language are counted.
    is_of_all: bool,
}

enum ValueColumn {
    Text { column: StrColumn, counts: Vec<u64> },
    Year { column: Column<i64>, counts: HashMap<i64, u64> },
    None,
}

impl Collector for Counter<'_> {
    type Fruit = Counts;
    type Child = SegmentCounter;

    fn for_segment(&self, _segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentCounter> {
        let columns = reader.fast_fields();
        let text = |name: &str| -> tantivy::Result<ValueColumn> {
            Ok(columns.str(name)?.map_or(ValueColumn::None, |column| {
                let counts = vec![0; column.num_terms()];
                ValueColumn::Text { column, counts }
            }))
        };
        let values = |facet: &Facet| -> tantivy::Result<Values> {
            let column = match facet {
                Facet::Language => text(LANGUAGE)?,
                Facet::Source => text(SOURCE_NAME)?,
                Facet::Year => columns.column_opt(DATE)?.map_or(ValueColumn::None, |column| {
                    let counts = HashMap::new();
                    ValueColumn::Year { column, counts }
                }),
                Facet::Member(name) => match self.fields.member(name) {
                    Some(member) => text(&member.text_column)?,
                    None => ValueColumn::None,
                },
            };
            Ok(Values { column, is_of_all: *facet == Facet::Language })
        };
        let facets = self.facets.iter().map(values).collect::<tantivy::Result<_>>()?;
        let language = match (self.language, columns.str(LANGUAGE)?) {
            (Some(label), Some(column)) => {
                let ord = column.dictionary().term_ord(label.code())?;
                Some(Wanted { column, ord })
            }
            _ => None,
        };
        Ok(SegmentCounter { total: 0, language, facets })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn collect_segment(&self, weight: &dyn Weight, segment: u32, reader: &SegmentReader) -> tantivy::Result<Counts> {
        let mut counter = self.for_segment(segment, reader)?;
        each(weight, reader, &mut |doc| counter.collect(doc, 0.0))?;
        let counts = counter.harvest();
        // What was left out for want of time was not counted.
        Pulse::new().check()?;
        Ok(counts)
    }

    fn merge_fruits(&self, segments: Vec<Counts>) -> tantivy::Result<Counts> {
        let mut all = Counts { total: 0, facets: vec![BTreeMap::new(); self.facets.len()] };
        for segment in segments {
            all.total += segment.total;
            for (values, of_segment) in all.facets.iter_mut().zip(segment.facets) {
                for (value, count) in of_segment {
                    *values.entry(value).or_default() += count;
                }
            }
        }
        for (facet, values) in self.facets.iter().zip(&mut all.facets) {
            if *facet != Facet::Language && *facet != Facet::Year {
                *values = one_spelling(std::mem::take(values));
            }
        }
        Ok(all)
    }
}

/// The values with those counted together that filters take for one; the most frequent spelling stands for them.
fn one_spelling(values: BTreeMap<String, u64>) -> BTreeMap<String, u64> {
    let mut by_key: BTreeMap<String, (u64, u64, String)> = BTreeMap::new();
    for (value, count) in values {
        let (total, most, spelling) = by_key.entry(comparison_key(&value)).or_default();
        *total += count;
        if count > *most {
            (*most, *spelling) = (count, value);
        }
    }
    by_key.into_values().map(|(total, _, spelling)| (spelling, total)).collect()
}

impl SegmentCollector for SegmentCounter {
    type Fruit = Counts;

    fn collect(&mut self, doc: DocId, _score: Score) {
        let is_wanted = self.language.as_ref().is_none_or(|Wanted { column, ord }| column.ords().first(doc) == *ord);
        self.total += u64::from(is_wanted);
        for Values { column, is_of_all } in &mut self.facets {
            if is_wanted || *is_of_all {
                column.count(doc);
            }
        }
    }

    fn harvest(self) -> Counts {
        Counts { total: self.total, facets: self.facets.into_iter().map(|values| values.column.harvest()).collect() }
    }
}

impl ValueColumn {
    fn count(&mut self, doc: DocId) {
        match self {
            Self::Text { column, counts } => {
                for value in column.ords().values_for_doc(doc) {
                    if let Some(count) = usize::try_from(value).ok().and_then(|value| counts.get_mut(value)) {
                        *count += 1;
                    }
                }
            }
            Self::Year { column, counts } => {
                if let Some(date) = column.first(doc) {
                    // Dates are numbers of eight digits, of which the first four are the year.
                    *counts.entry(date / 10_000).or_default() += 1;
                }
            }
            Self::None => {}
        }
    }

    fn harvest(self) -> BTreeMap<String, u64> {
        match self {
            Self::Text { column, counts } => {
                let pulse = Pulse::new();
                let seen = counts.into_iter().enumerate().filter(|&(_, count)| count > 0);
                let seen = seen.take_while(|_| !pulse.is_over());
                seen.filter_map(|(value, count)| {
                    let mut name = String::new();
                    // A value that was counted stands in the dictionary of its segment.
                    column.ord_to_str(value as u64, &mut name).ok()?.then_some((name, count))
                })
                .collect()
            }
            Self::Year { counts, .. } => counts.into_iter().map(|(year, count)| (year.to_string(), count)).collect(),
            Self::None => BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::one_spelling;

    #[test]
    fn spellings_of_one_source_are_counted_together() {
        let values = [("«Газета.Ru»", 3), ("Газета.ru", 2), ("The Times", 1)];
        let counted = one_spelling(values.map(|(name, count)| (name.to_owned(), count)).into());
        let expected = [("«Газета.Ru»", 5), ("The Times", 1)];
        assert_eq!(counted, expected.map(|(name, count)| (name.to_owned(), count)).into());
    }
}
