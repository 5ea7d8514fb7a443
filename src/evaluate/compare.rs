//! The measures of two runs, query by query → what changed.

use serde::Serialize;

use super::{Estimate, QueryScores};

/// What changed from another run to this one.
///
/// The runs are compared query by query, so the standard error is that of the change: much smaller than that of either
/// mean where most queries stay as they were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// How much nDCG@10 grew.
    pub ndcg_at_10: Estimate,
    /// How much MRR@10 grew.
    pub mrr_at_10: Estimate,
    /// How much recall@100 grew.
    pub recall_at_100: Estimate,
    /// How many queries have a higher nDCG@10.
    pub rose: usize,
    /// How many queries have a lower nDCG@10.
    pub fell: usize,
}

impl Change {
    /// The change over pairs of the same query, first in the other run and then in this one.
    pub(super) fn of<'s>(pairs: impl Iterator<Item = (&'s QueryScores, &'s QueryScores)>) -> Self {
        let pairs: Vec<_> = pairs.map(|(before, after)| (before.scores, after.scores)).collect();
        let ndcg: Vec<f64> = pairs.iter().map(|(before, after)| after.ndcg_at_10 - before.ndcg_at_10).collect();
        let mrr: Vec<f64> = pairs.iter().map(|(before, after)| after.mrr_at_10 - before.mrr_at_10).collect();
        let recall: Vec<f64> = pairs.iter().map(|(before, after)| after.recall_at_100 - before.recall_at_100).collect();
        Self {
            ndcg_at_10: Estimate::of(&ndcg),
            mrr_at_10: Estimate::of(&mrr),
            recall_at_100: Estimate::of(&recall),
            rose: ndcg.iter().filter(|&&change| change > 0.0).count(),
            fell: ndcg.iter().filter(|&&change| change < 0.0).count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::Scores;

    fn query(ndcg_at_10: f64, mrr_at_10: f64) -> QueryScores {
        let scores = Scores { ndcg_at_10, mrr_at_10, recall_at_100: 1.0 };
        QueryScores { id: String::new(), groups: Vec::new(), scores }
    }

    #[test]
    fn what_rose_and_what_fell_is_counted_by_ndcg() {
        let before = [query(0.5, 1.0), query(0.5, 1.0), query(0.0, 0.0), query(1.0, 1.0)];
        let after = [query(0.75, 0.5), query(0.5, 1.0), query(0.25, 0.5), query(0.5, 1.0)];
        let change = Change::of(before.iter().zip(&after));
        assert_eq!((change.rose, change.fell), (2, 1));
        assert!(change.ndcg_at_10.mean.abs() < 1e-12 && change.mrr_at_10.mean.abs() < 1e-12, "{change:?}");
        assert_eq!(change.recall_at_100, Estimate { mean: 0.0, standard_error: Some(0.0) });
    }
}
