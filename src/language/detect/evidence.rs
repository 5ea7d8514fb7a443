//! The words of one alphabet in a text → whether they are in the language that oba serves in that alphabet.
//!
//! A word speaks for every language that lists it, half as much for those whose endings it bears, against those that lack
//! one of its letters, and against English or Russian where its ending is one that they never have. English or Russian must then hold its own against the best of its neighbours. What the words
//! leave open is put to whatlang, as one voice more.

use super::{
    rivals::{Bearers, Languages, Listed, OWN, Rivals},
    share,
    word::{Says, Voice},
};
use crate::{language::Profile, text::head};

/// The votes of a word for a language that lists it.
const WORD: i32 = 2;

/// The votes of an ending: neighbours share many of them, and any name may bear one.
const ENDING: i32 = 1;

/// The votes of a word against a language that lacks one of its letters, or never has it or its ending.
const LETTER: i32 = 2;

/// A word is counted up to this often: a table says the same few words a hundred times.
const MAX_COUNTED: u8 = 4;

/// The votes of the alphabet itself, for most texts of a collection of English and Russian are in one of the two: enough
/// to settle a draw, as between names, and less than a word.
const HEAD_START: f32 = 0.5;

/// A lead of this many votes a word is clear; of fewer than the first count it is in no text, of more than the second in
/// every one, since words that come again are not counted without end.
const CLEAR_VOTES_A_WORD: f32 = 0.3;
const MIN_CLEAR_VOTES: f32 = 6.0;
const MAX_CLEAR_VOTES: f32 = 40.0;

/// The votes of whatlang for the language that it names, where it is sure and has read this many words at least: of two
/// words of Kazakh it is as sure as of a page.
const WHATLANG_VOTES: f32 = 4.0;
const WHATLANG_MIN_WORDS: f32 = 10.0;

/// whatlang reads its whole input at a few megabytes a second; this many characters are as telling as more.
const WHATLANG_MAX_CHARS: usize = 400;

/// Words up to this count go by their alphabet, which is a guess: no neighbour can be told by a word or two.
const MAX_LONE_WORDS: usize = 2;
const LONE_WORDS_CONFIDENCE: f32 = 0.3;

/// Where more than this share of the letters is foreign to a language, words that are not clearly its own are in another.
const MAX_FOREIGN: f32 = 0.04;

/// Whether words are in the language that their alphabet suggests, and how sure that is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Verdict {
    Yes(f32),
    No(f32),
}

/// What the words of one alphabet in a text say for and against each language of that alphabet.
pub(super) struct Evidence {
    pub(super) profile: &'static Profile,
    rivals: &'static Rivals,
    votes: [i32; Languages::BITS as usize],
    pub(super) words: usize,
    pub(super) letters: usize,
    /// Letters that the own language lacks, in words in lower case: a few names would fill a short text with them.
    foreign_letters: usize,
    /// How often each of the listed words was counted; empty until the first of them, for most texts have one alphabet.
    seen: Vec<u8>,
    /// The first words, up to what whatlang may read, each with a space after it.
    text: String,
}

impl Evidence {
    pub(super) fn new(profile: &'static Profile, rivals: &'static Rivals) -> Self {
        let votes = [0; Languages::BITS as usize];
        let (seen, text) = (Vec::new(), String::new());
        Self { profile, rivals, votes, words: 0, letters: 0, foreign_letters: 0, seen, text }
    }

    /// Takes a word, and what it says.
    pub(super) fn add(&mut self, word: &str, says: &Says) {
        self.letters += says.letters;
        if says.is_identifier {
            return;
        }
        self.words += 1;
        self.foreign_letters += if says.is_lower_case { says.foreign } else { 0 };
        self.vote(says.unable, -LETTER);
        match says.voice {
            Voice::Listed(Listed { bearers, number, .. }) if self.is_fresh(number) => self.vote_for(bearers, WORD),
            Voice::Ending(bearers) => self.vote_for(bearers, ENDING),
            _ => {}
        }
        if self.text.len() < WHATLANG_MAX_CHARS * 2 {
            self.text.push_str(word);
            self.text.push(' ');
        }
    }

    /// Counts a listed word; whether it was counted less than it may be.
    fn is_fresh(&mut self, number: usize) -> bool {
        if self.seen.is_empty() {
            self.seen.resize(self.rivals.word_count(), 0);
        }
        let seen = &mut self.seen[number];
        let fresh = *seen < MAX_COUNTED;
        *seen += u8::from(fresh);
        fresh
    }

    /// Votes for the languages that have a word or an ending, and against the own one where it never has it.
    fn vote_for(&mut self, bearers: Bearers, votes: i32) {
        self.vote(bearers.languages, votes);
        // The first word may be what a cut has left of a longer one.
        if bearers.never_own && self.words > 1 {
            self.vote(OWN, -LETTER);
        }
    }

    fn vote(&mut self, mut languages: Languages, votes: i32) {
        while languages != 0 {
            self.votes[languages.trailing_zeros() as usize] += votes;
            languages &= languages - 1;
        }
    }

    /// Weighs all that was added.
    pub(super) fn verdict(&self) -> Verdict {
        if self.letters == 0 {
            return Verdict::No(0.0);
        }
        let words = as_f32(self.words);
        let mut lead = self.lead(None);
        let clear = (words * CLEAR_VOTES_A_WORD).clamp(MIN_CLEAR_VOTES, MAX_CLEAR_VOTES);
        let foreign = share(self.foreign_letters, self.letters);
        if foreign > MAX_FOREIGN && lead < clear {
            return Verdict::No((0.5 + foreign * 5.0).min(1.0));
        }
        if self.words <= MAX_LONE_WORDS {
            return Verdict::Yes(LONE_WORDS_CONFIDENCE);
        }
        if (lead + HEAD_START).abs() <= self.whatlang_votes() {
            lead = self.lead(whatlang::detect(head(&self.text, WHATLANG_MAX_CHARS)));
        }
        lead += HEAD_START;
        let sure = lead.abs() / (lead.abs() + MIN_CLEAR_VOTES);
        if lead >= 0.0 { Verdict::Yes(sure) } else { Verdict::No(sure) }
    }

    /// The most votes that whatlang can have: whoever leads by more does not need its opinion, which takes longer than
    /// all the rest.
    fn whatlang_votes(&self) -> f32 {
        WHATLANG_VOTES * (as_f32(self.words) / WHATLANG_MIN_WORDS).min(1.0)
    }

    /// By how many votes the own language is ahead of the best of the others, among them languages without a file, for
    /// which nothing speaks but whatlang.
    fn lead(&self, whatlang: Option<whatlang::Info>) -> f32 {
        let mut votes = self.votes.map(as_votes);
        let mut unknown = 0.0;
        if let Some(info) = whatlang {
            // Confidences are probabilities: an f32 keeps more of them than they mean.
            #[allow(clippy::cast_possible_truncation)]
            let confidence = info.confidence() as f32;
            let more = confidence * self.whatlang_votes();
            match self.rivals.position(info.lang()) {
                Some(at) => votes[at] += more,
                None => unknown = more,
            }
        }
        let [own, others @ ..] = votes;
        own - others.into_iter().fold(unknown, f32::max)
    }
}

// Counts of a bounded sample are far below the 2^24 that an f32 holds exactly.
#[allow(clippy::cast_precision_loss)]
fn as_votes(votes: i32) -> f32 {
    votes as f32
}

#[allow(clippy::cast_precision_loss)]
fn as_f32(count: usize) -> f32 {
    count as f32
}
