//! Ranked documents and their grades → how good the ranking is, as `trec_eval` counts it.

use super::{judgements::Grades, run::Ranked};

/// How far down nDCG and MRR look.
const TOP: usize = 10;

/// How far down recall looks: also how many documents a query has to find.
pub(super) const DEPTH: usize = 100;

/// The measures of one query, each from 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Scores {
    /// nDCG@10 (`ndcg_cut_10`): the grades of the first ten, each divided by log₂(rank + 1), against the best that is
    /// possible. The gain is the grade itself, not 2^grade.
    pub ndcg_at_10: f64,
    /// One divided by the rank of the first document that answers the query, 0 where none of the first ten does
    /// (`recip_rank` of a run cut at ten).
    pub mrr_at_10: f64,
    /// How many of all documents that answer it are among the first hundred (`recall_100`).
    pub recall_at_100: f64,
}

impl Scores {
    /// The measures of what a query found, best first. A document that was not judged is taken for one that does not
    /// answer it; a query that no judged document answers has 0 in each.
    #[must_use]
    pub fn of(found: &[Ranked], judged: &Grades) -> Self {
        let grades: Vec<i32> =
            found.iter().take(DEPTH).map(|ranked| judged.get(&ranked.document).copied().unwrap_or(0)).collect();
        let top = &grades[..grades.len().min(TOP)];
        let first = (1_u32..).zip(top).find(|&(_, &grade)| grade > 0);
        let relevant = judged.values().filter(|&&grade| grade > 0).count();
        let retrieved = grades.iter().filter(|&&grade| grade > 0).count();
        Self {
            ndcg_at_10: quotient(gain(top), ideal_gain(judged)),
            mrr_at_10: first.map_or(0.0, |(rank, _)| 1.0 / f64::from(rank)),
            recall_at_100: quotient(real(retrieved), real(relevant)),
        }
    }
}

/// The discounted cumulative gain of grades, best rank first.
fn gain(grades: &[i32]) -> f64 {
    let gains = (1_u32..).zip(grades).filter(|&(_, &grade)| grade > 0);
    // A sum of nothing is −0, which would be written with its sign.
    gains.map(|(rank, &grade)| f64::from(grade) / f64::from(rank + 1).log2()).fold(0.0, |sum, gain| sum + gain)
}

/// The gain of the best ranking that is possible.
fn ideal_gain(judged: &Grades) -> f64 {
    let mut grades: Vec<i32> = judged.values().copied().collect();
    grades.sort_unstable_by(|a, b| b.cmp(a));
    grades.truncate(TOP);
    gain(&grades)
}

fn quotient(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// A count as a real number.
pub(super) fn real(count: usize) -> f64 {
    // Counts of documents and queries are far below 2^52, where an f64 becomes inexact.
    #[allow(clippy::cast_precision_loss)]
    let real = count as f64;
    real
}

#[cfg(test)]
mod tests {
    //! 1. On a case with ties, made by hand, the measures are `trec_eval`'s to four digits.
    //! 2. nDCG and MRR look at ten documents, recall at a hundred.
    //! 3. What was not judged, and grades of 0 and below, add nothing.

    use super::*;
    use crate::evaluate::Run;

    fn scores(found: &[(&str, f32)], judged: &[(&str, i32)]) -> Scores {
        let mut run = Run::default();
        let ranked = found.iter().map(|&(document, score)| Ranked { document: document.into(), score });
        run.add("q", ranked.collect());
        let judged = judged.iter().map(|&(document, grade)| (document.to_owned(), grade)).collect();
        Scores::of(run.of_query("q"), &judged)
    }

    #[track_caller]
    fn check(scores: Scores, ndcg: &str, mrr: &str, recall: &str) {
        let shown = [scores.ndcg_at_10, scores.mrr_at_10, scores.recall_at_100].map(|value| format!("{value:.4}"));
        assert_eq!(shown, [ndcg, mrr, recall]);
    }

    #[test]
    fn ties_are_ordered_as_in_trec_eval() {
        // By score, then by id from last to first: d9 (5.0), then of the three at 4.0 d4, d3, d1, then d7 (2.0).
        // Grades in that order: 0 (not judged), 1, 0 (judged so), 3, 2.
        // DCG  = 1/log2(3) + 3/log2(5) + 2/log2(6)             = 0.63093 + 1.29203 + 0.77371 = 2.69667
        // The judged grades from best to worst: 3, 2, 1, 1, 0 (d8 with 1 is never found).
        // IDCG = 3/log2(2) + 2/log2(3) + 1/log2(4) + 1/log2(5) = 3 + 1.26186 + 0.5 + 0.43068 = 5.19254
        // nDCG = 2.69667 / 5.19254 = 0.51934; the first that answers is at rank 2; 3 of 4 are found.
        let found = [("d1", 4.0), ("d3", 4.0), ("d4", 4.0), ("d7", 2.0), ("d9", 5.0)];
        let judged = [("d1", 3), ("d3", 0), ("d4", 1), ("d7", 2), ("d8", 1)];
        check(scores(&found, &judged), "0.5193", "0.5000", "0.7500");
    }

    #[test]
    fn the_order_of_ties_is_that_of_bytes() {
        // "b" > "a" > "B" in bytes, and "10" < "9": the only answer, "10", comes last of four, at 1/log2(5) = 0.43068.
        check(scores(&[("10", 1.0), ("9", 1.0), ("B", 1.0), ("a", 1.0)], &[("10", 1)]), "0.4307", "0.2500", "1.0000");
        // Cyrillic after Latin: "ж" is first of two.
        check(scores(&[("z", 1.0), ("ж", 1.0)], &[("ж", 1)]), "1.0000", "1.0000", "1.0000");
    }

    #[test]
    fn ten_documents_count_for_ndcg_and_mrr_and_a_hundred_for_recall() {
        let ids: Vec<String> = (1..=120).map(|rank| format!("d{rank:03}")).collect();
        let found: Vec<(&str, f32)> =
            ids.iter().zip((0_u8..120).rev()).map(|(id, n)| (id.as_str(), n.into())).collect();
        check(scores(&found, &[("d010", 1)]), &format!("{:.4}", 1.0 / 11_f64.log2()), "0.1000", "1.0000");
        check(scores(&found, &[("d011", 1)]), "0.0000", "0.0000", "1.0000");
        check(scores(&found, &[("d100", 1), ("d101", 1)]), "0.0000", "0.0000", "0.5000");
    }

    #[test]
    fn the_best_possible_ranking_counts_ten_documents_too() {
        let ids: Vec<String> = (0..12).map(|n| format!("d{n:02}")).collect();
        let found: Vec<(&str, f32)> = ids.iter().map(|id| (id.as_str(), 1.0)).collect();
        let judged: Vec<(&str, i32)> = ids.iter().map(|id| (id.as_str(), 1)).collect();
        check(scores(&found, &judged), "1.0000", "1.0000", "1.0000");
    }

    #[test]
    fn what_does_not_answer_adds_nothing() {
        check(scores(&[("a", 2.0), ("b", 1.0)], &[("a", -2), ("c", 1)]), "0.0000", "0.0000", "0.0000");
        check(scores(&[("a", 2.0)], &[("a", 0)]), "0.0000", "0.0000", "0.0000");
        check(scores(&[], &[("a", 1)]), "0.0000", "0.0000", "0.0000");
    }
}
