//! Clauses → one clause: the shape of the tree.
//!
//! Every tree is built here and nowhere else, so that one query has one tree: no group of a single clause, no alternatives
//! among alternatives, no brackets that change nothing.

use super::{Clause, Expression, Matching, Occurrence, Query};

/// Clauses as one: alternatives, or such as stand side by side. `None` where there are none.
pub(super) fn join(matching: Option<Matching>, clauses: impl IntoIterator<Item = Clause>) -> Option<Clause> {
    let mut joined = Vec::new();
    for clause in clauses {
        match matching {
            Some(_) => add_alternative(&mut joined, clause),
            None => add(&mut joined, clause),
        }
    }
    let is_single = joined.len() == 1;
    if joined.is_empty() {
        return None;
    }
    if is_single && joined[0].occurrence != Occurrence::MustNot {
        return joined.pop().map(|only| Clause { occurrence: Occurrence::Should, ..only });
    }
    let group = Query { clauses: joined, matching: matching.filter(|_| !is_single) };
    Some(Clause::new(Occurrence::Should, Expression::Group(group)))
}

/// Clauses as a whole query.
pub(super) fn root(clauses: Vec<Clause>, matching: Option<Matching>) -> Query {
    let mut joined = Vec::new();
    for clause in clauses {
        match matching {
            Some(_) => add_alternative(&mut joined, clause),
            None => add(&mut joined, clause),
        }
    }
    let is_group = |clause: &Clause| {
        clause.occurrence != Occurrence::MustNot
            && !clause.is_boosted()
            && matches!(clause.expression, Expression::Group(_))
    };
    if joined.len() == 1
        && is_group(&joined[0])
        && let Some(Clause { expression: Expression::Group(group), .. }) = joined.pop()
    {
        return group;
    }
    Query { matching: matching.filter(|_| joined.len() > 1), clauses: joined }
}

/// Adds a clause to those that stand side by side with it.
fn add(clauses: &mut Vec<Clause>, mut clause: Clause) {
    if clause.occurrence == Occurrence::Should {
        // A filter leaves out what it does not name, with no sign before it.
        if clause.expression.is_filter() {
            clause.occurrence = Occurrence::Must;
        } else if !clause.is_boosted() {
            // Words in brackets that only stand there are words: «Война (роман Толстого)».
            match clause.expression {
                Expression::Group(group) if group.is_plain() => return clauses.extend(group.clauses),
                expression => clause.expression = expression,
            }
        }
    }
    clauses.push(clause);
}

/// Adds a clause to its alternatives: one of them is enough, so a demand says nothing, and an exclusion is what all other
/// documents satisfy.
fn add_alternative(clauses: &mut Vec<Clause>, mut clause: Clause) {
    match clause.occurrence {
        Occurrence::Should | Occurrence::Must => clause.occurrence = Occurrence::Should,
        Occurrence::MustNot => {
            let all_others = Query { clauses: vec![clause], matching: None };
            clause = Clause::new(Occurrence::Should, Expression::Group(all_others));
        }
    }
    match clause.expression {
        Expression::Group(Query { clauses: inner, matching: Some(_) })
            if (clause.boost - 1.0).abs() <= f32::EPSILON =>
        {
            clauses.extend(inner);
        }
        expression => clauses.push(Clause { expression, ..clause }),
    }
}

/// The clause with a weight of its own; filters have none.
pub(super) fn boosted(mut clause: Clause, boost: f32) -> Clause {
    if (boost - 1.0).abs() <= f32::EPSILON || clause.expression.is_filter() {
        return clause;
    }
    if clause.is_boosted() {
        let inner = Query { clauses: vec![clause], matching: None };
        clause = Clause::new(Occurrence::Should, Expression::Group(inner));
    }
    clause.boost = boost;
    clause
}

impl Query {
    /// Whether its clauses are words that may match and nothing more.
    fn is_plain(&self) -> bool {
        self.matching.is_none() && self.clauses.iter().all(|clause| clause.occurrence == Occurrence::Should)
    }

    /// The query with no more than so many groups one in another; what stands deeper stands in the last of them.
    pub(super) fn limited(self, depth: usize) -> Self {
        if self.depth() <= depth {
            return self;
        }
        let (clauses, matching) = self.limited_clauses(depth);
        root(clauses, matching)
    }

    fn limited_clauses(&self, depth: usize) -> (Vec<Clause>, Option<Matching>) {
        let mut limited = Vec::new();
        for clause in &self.clauses {
            match &clause.expression {
                Expression::Group(group) if depth == 0 => group.add_leaves(clause.occurrence, &mut limited),
                Expression::Group(group) => {
                    let (clauses, matching) = group.limited_clauses(depth - 1);
                    let inner = join(matching, clauses);
                    let inner = inner.map(|inner| Clause { occurrence: clause.occurrence, ..inner });
                    limited.extend(inner.map(|inner| boosted(inner, clause.boost)));
                }
                _ => limited.push(clause.clone()),
            }
        }
        // A group that is no longer there may have been what made an alternative of an exclusion.
        let is_mixed = depth == 0 && limited.iter().any(|clause| clause.occurrence == Occurrence::MustNot);
        (limited, self.matching.filter(|_| !is_mixed))
    }

    /// Adds all that stands in the tree and is no group.
    fn add_leaves(&self, around: Occurrence, found: &mut Vec<Clause>) {
        for clause in &self.clauses {
            let is_excluded = [around, clause.occurrence].contains(&Occurrence::MustNot);
            let occurrence = if is_excluded { Occurrence::MustNot } else { Occurrence::Should };
            match &clause.expression {
                Expression::Group(group) => group.add_leaves(occurrence, found),
                expression => {
                    found.push(Clause { occurrence, expression: expression.clone(), boost: clause.boost });
                }
            }
        }
    }
}
