//! The measures of each query → their means, by group and overall.

use std::collections::BTreeMap;

use serde::Serialize;

use super::measures::{Scores, real};

/// A mean and how sure it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// The mean; 0 of nothing.
    pub mean: f64,
    /// The standard error of the mean; `None` where fewer than two values tell nothing of it.
    pub standard_error: Option<f64>,
}

impl Estimate {
    /// The mean of values, and its standard error: their standard deviation (that of a sample, with n − 1) by √n.
    #[must_use]
    pub fn of(values: &[f64]) -> Self {
        if values.is_empty() {
            return Self::default();
        }
        let count = real(values.len());
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let standard_error = (values.len() > 1).then(|| (squares / (count - 1.0) / count).sqrt());
        Self { mean, standard_error }
    }
}

/// The means over a group of queries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// How many queries the means are of.
    pub queries: usize,
    /// See [`Scores::ndcg_at_10`].
    pub ndcg_at_10: Estimate,
    /// See [`Scores::mrr_at_10`].
    pub mrr_at_10: Estimate,
    /// See [`Scores::recall_at_100`].
    pub recall_at_100: Estimate,
}

impl Figures {
    /// The means over queries.
    #[must_use]
    pub fn of<'s>(scores: impl IntoIterator<Item = &'s Scores>) -> Self {
        let scores: Vec<&Scores> = scores.into_iter().collect();
        let estimate = |measure: fn(&Scores) -> f64| {
            Estimate::of(&scores.iter().map(|scores| measure(scores)).collect::<Vec<_>>())
        };
        Self {
            queries: scores.len(),
            ndcg_at_10: estimate(|scores| scores.ndcg_at_10),
            mrr_at_10: estimate(|scores| scores.mrr_at_10),
            recall_at_100: estimate(|scores| scores.recall_at_100),
        }
    }
}

/// Something of each group of queries, and of all of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Grouped<T> {
    /// By group, such as the language of the queries.
    pub groups: BTreeMap<String, T>,
    /// Over all queries, those that belong to no group too.
    pub all: T,
}

impl<T> Grouped<T> {
    /// What `summary` makes of the members of each group, and of all members. A member may belong to several groups.
    pub(super) fn of<M, G>(
        members: &[M],
        groups_of: impl Fn(&M) -> G,
        summary: impl Fn(&mut dyn Iterator<Item = &M>) -> T,
    ) -> Self
    where
        G: IntoIterator<Item = String>,
    {
        let mut by_group: BTreeMap<String, Vec<&M>> = BTreeMap::new();
        for member in members {
            for group in groups_of(member) {
                by_group.entry(group).or_default().push(member);
            }
        }
        let groups = by_group.into_iter().map(|(group, members)| (group, summary(&mut members.into_iter()))).collect();
        Self { groups, all: summary(&mut members.iter()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_comes_with_its_standard_error() {
        // The deviations from 0.5 are −0.5, 0, 0.5 and 0: variance 0.5 / 3, standard error √(0.5 / 3 / 4) = 0.2041.
        let estimate = Estimate::of(&[0.0, 0.5, 1.0, 0.5]);
        assert_eq!(
            (format!("{:.4}", estimate.mean), estimate.standard_error.map(|error| format!("{error:.4}"))),
            ("0.5000".to_owned(), Some("0.2041".to_owned()))
        );
        assert_eq!(Estimate::of(&[0.25]), Estimate { mean: 0.25, standard_error: None });
        assert_eq!(Estimate::of(&[]), Estimate { mean: 0.0, standard_error: None });
    }

    #[test]
    fn members_of_no_group_count_overall() {
        let members = [("ru", 1), ("en", 2), ("ru", 4), ("", 8)];
        let groups_of = |member: &(&str, i32)| (!member.0.is_empty()).then(|| member.0.to_owned());
        let grouped = Grouped::of(&members, groups_of, |members| members.map(|member| member.1).sum::<i32>());
        assert_eq!(grouped.groups, BTreeMap::from([("en".to_owned(), 2), ("ru".to_owned(), 5)]));
        assert_eq!(grouped.all, 15);
    }
}
