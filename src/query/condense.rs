//! Query as typed → query as it is asked of an index.

use super::{Clause, Expression, Matching, Occurrence, Query, QueryWord};

impl Query {
    /// The query with this for what it does not say itself: how many of its words have to match.
    #[must_use]
    pub fn with_matching(mut self, matching: Matching) -> Self {
        for clause in &mut self.clauses {
            if let Expression::Group(group) = &mut clause.expression {
                *group = std::mem::take(group).with_matching(matching);
            }
        }
        self.matching = self.matching.or(Some(matching));
        self
    }

    /// The query without what is said twice, and without its function words, which say little and stand in every
    /// document; they stay in phrases, where they were demanded or excluded, and where nothing else was asked for. Its
    /// weights are those of its words, and words that need not match stand in one list, however they were grouped: an
    /// index is fastest with a plain list.
    #[must_use]
    pub fn condensed(self) -> Self {
        let is_wordy = self.says_more();
        self.condensed_in(is_wordy, false, 1.0)
    }

    fn condensed_in(self, is_wordy: bool, is_excluded: bool, boost: f32) -> Self {
        let matching = self.matching.unwrap_or_default();
        let mut condensed = Self { clauses: Vec::new(), matching: self.matching };
        for clause in self.clauses {
            let boost = boost * clause.boost;
            let is_optional = clause.occurrence == Occurrence::Should;
            match clause.expression {
                // What is excluded is excluded as it was typed, and not each of its parts.
                Expression::Compound(compound) if is_optional && matching == Matching::Any && !is_excluded => {
                    for word in compound.words {
                        condensed.add(clause.occurrence, Expression::Word(word), is_wordy, boost);
                    }
                }
                Expression::Group(group) => {
                    let is_wordy = if is_optional { is_wordy } else { group.says_more() };
                    let is_excluded = is_excluded || clause.occurrence == Occurrence::MustNot;
                    let group = group.condensed_in(is_wordy, is_excluded, boost);
                    if is_optional && matching == Matching::Any && group.is_list() {
                        for inner in group.clauses {
                            condensed.add(inner.occurrence, inner.expression, is_wordy, inner.boost);
                        }
                    } else if !group.clauses.is_empty() {
                        condensed.push(Clause::new(clause.occurrence, Expression::Group(group)));
                    }
                }
                expression => condensed.add(clause.occurrence, expression, is_wordy, boost),
            }
        }
        condensed
    }

    /// Whether its clauses are alternatives of which one is enough.
    fn is_list(&self) -> bool {
        self.matching.unwrap_or_default() == Matching::Any
            && self.clauses.iter().all(|clause| clause.occurrence == Occurrence::Should)
    }

    fn add(&mut self, occurrence: Occurrence, mut expression: Expression, is_wordy: bool, boost: f32) {
        let is_idle = |word: &QueryWord| is_wordy && occurrence == Occurrence::Should && is_function_word(word);
        match &mut expression {
            Expression::Word(word) if is_idle(word) => return,
            Expression::Word(word) => word.weight = boost,
            Expression::Compound(compound) => {
                compound.words.retain(|word| !is_idle(word));
                compound.words.iter_mut().for_each(|word| word.weight = boost);
            }
            Expression::Phrase(phrase) => phrase.words.iter_mut().for_each(|word| word.weight = boost),
            _ => {}
        }
        self.push(Clause { occurrence, expression, boost });
    }

    /// Adds a clause, once: a word that is typed twice is asked for once.
    fn push(&mut self, clause: Clause) {
        let is_same = |known: &Clause| {
            known.occurrence == clause.occurrence && known.expression.asks_the_same(&clause.expression)
        };
        if !self.clauses.iter().any(is_same) {
            self.clauses.push(clause);
        }
    }

    /// Whether something is asked for beside function words.
    fn says_more(&self) -> bool {
        let wanted = self.clauses.iter().filter(|clause| clause.occurrence != Occurrence::MustNot);
        wanted.into_iter().any(|clause| match &clause.expression {
            Expression::Word(word) => clause.occurrence == Occurrence::Must || !is_function_word(word),
            Expression::Compound(compound) => {
                clause.occurrence == Occurrence::Must || compound.words.iter().any(|word| !is_function_word(word))
            }
            Expression::Group(group) => group.says_more(),
            Expression::Filter(_) => false,
            Expression::Phrase(_) | Expression::Prefix(_) => true,
        })
    }
}

/// Whether a word says little; one that is asked for as typed says what it says.
fn is_function_word(word: &QueryWord) -> bool {
    word.reading.is_stop_word && !word.is_exact
}

impl Expression {
    /// Whether another expression finds the same documents.
    fn asks_the_same(&self, other: &Self) -> bool {
        let same =
            |a: &[QueryWord], b: &[QueryWord]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.asks_the_same(b));
        match (self, other) {
            (Self::Word(a), Self::Word(b)) => a.asks_the_same(b),
            (Self::Compound(a), Self::Compound(b)) => same(&a.words, &b.words),
            (Self::Phrase(a), Self::Phrase(b)) => a.slop == b.slop && same(&a.words, &b.words),
            (Self::Prefix(a), Self::Prefix(b)) => (&a.form, a.is_in_title) == (&b.form, b.is_in_title),
            (Self::Filter(a), Self::Filter(b)) => a == b,
            _ => false,
        }
    }
}
