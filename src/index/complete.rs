//! The beginning of a word → the most frequent words that begin so.
//!
//! A dictionary is sorted, so the words of a beginning stand together in it; but a letter or two begin more of them than can be
//! looked through while a person types. So the beginnings of very many words are looked through once for an index that is
//! open, all in one pass, and the best words of each are kept. All other beginnings are looked through when they are asked for.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use tantivy::{Searcher, termdict::TermStreamer};

use super::{Index, IndexError, deadline::Pulse, schema::Fields};

/// The most words of a beginning, the most frequent ones.
const MAX_WORDS: usize = 50;

/// The words of a beginning of more words than this are kept; so many are looked through in a fraction of a millisecond.
const MANY: usize = 1_000;

/// The longest beginnings that are kept, in characters: longer ones have many words only among numbers and encoded data.
const MAX_KEPT_CHARS: usize = 12;

/// How many beginnings are remembered that were asked for: a query asks twice, for its matches and for their snippets, and
/// people begin to type alike.
const REMEMBERED: usize = 256;

/// Some words as they are written, with the number of documents that hold each, the most frequent first.
pub type WordCounts = Arc<[(Arc<str>, u64)]>;

/// The words of beginnings, as far as they are known.
#[derive(Default)]
pub(super) struct Beginnings {
    /// Of all beginnings of many words.
    kept: RwLock<Kept>,
    /// Of some of those that were asked for.
    remembered: Mutex<HashMap<Box<str>, WordCounts>>,
}

/// The words of all beginnings of many words.
#[derive(Default, Clone)]
struct Kept {
    words: Arc<HashMap<Box<str>, WordCounts>>,
    /// Whether they are those of this state of the index, and not of one before.
    is_own: bool,
}

impl Beginnings {
    /// The beginnings of a later state of the same index. Until that is looked through, those of many words are answered as they
    /// were before: the most frequent of a thousand words are the same after some more documents.
    pub(super) fn after(before: &Self) -> Self {
        let kept = Kept { is_own: false, ..before.kept() };
        Self { kept: RwLock::new(kept), remembered: Mutex::default() }
    }

    /// The words that begin so.
    pub(super) fn words(&self, beginning: &str, searcher: &Searcher, fields: &Fields) -> tantivy::Result<WordCounts> {
        let kept = self.kept().words.get(beginning).cloned();
        let known = kept.or_else(|| self.remembered().get(beginning).cloned());
        if let Some(words) = known {
            return Ok(words);
        }
        let mut best = Best::default();
        visit(beginning, searcher, fields, |word, count| best.offer(&mut None, word, count))?;
        let words = best.take();
        let mut remembered = self.remembered();
        if remembered.len() >= REMEMBERED {
            remembered.clear();
        }
        remembered.insert(beginning.into(), Arc::clone(&words));
        Ok(words)
    }

    /// Looks through the whole dictionary, once, for the beginnings of many words.
    pub(super) fn keep(&self, searcher: &Searcher, fields: &Fields) -> tantivy::Result<()> {
        if !self.kept().is_own {
            // Another thread may be faster; it finds the same.
            let words = Arc::new(beginnings_of_many(searcher, fields)?);
            *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Kept { words, is_own: true };
        }
        Ok(())
    }

    fn kept(&self) -> Kept {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, HashMap<Box<str>, WordCounts>> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Index {
    /// The words that begin so, as they are written, each with the number of documents that hold it, the most frequent first:
    /// those that a prefix stands for, at most 50.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn words_that_begin(&self, beginning: &str) -> Result<WordCounts, IndexError> {
        let words = self.beginnings().words(beginning, self.searcher(), self.fields());
        words.map_err(IndexError::engine(self.dir()))
    }

    /// Looks through all words once, so that the short beginnings of words are known: otherwise each is looked for when it
    /// is asked for, which takes milliseconds for one letter or two. Worth it for whoever answers many queries.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn prepare_beginnings(&self) -> Result<(), IndexError> {
        self.beginnings().keep(self.searcher(), self.fields()).map_err(IndexError::engine(self.dir()))
    }
}

/// All beginnings of many words, with the best words of each.
fn beginnings_of_many(searcher: &Searcher, fields: &Fields) -> tantivy::Result<HashMap<Box<str>, WordCounts>> {
    let mut kept = HashMap::new();
    // The beginnings of the word that was read last, by their length in characters.
    let mut open: Vec<Best> = Vec::new();
    open.resize_with(MAX_KEPT_CHARS, Best::default);
    let mut last = String::new();
    visit("", searcher, fields, |word, count| {
        let same = last.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
        close(&mut kept, &mut open, &last, same);
        let mut shared = None;
        for (best, _) in open.iter_mut().zip(word.chars()) {
            best.offer(&mut shared, word, count);
        }
        last.clear();
        last.push_str(word);
    })?;
    close(&mut kept, &mut open, &last, 0);
    Ok(kept)
}

/// Ends the beginnings of a word that have more than so many characters, and keeps those of many words.
fn close(kept: &mut HashMap<Box<str>, WordCounts>, open: &mut [Best], word: &str, chars: usize) {
    let ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
    for (best, end) in open.iter_mut().zip(ends).skip(chars) {
        if best.count > MANY {
            kept.insert(word[..end].into(), best.take());
        } else {
            best.clear();
        }
    }
}

/// The most frequent of some words, the least of them on top; of equally frequent ones the first in the alphabet.
#[derive(Default)]
struct Best {
    heap: BinaryHeap<Reverse<(u64, Reverse<Arc<str>>)>>,
    /// How many words there were.
    count: usize,
}

impl Best {
    /// Takes in a word if it is frequent enough; what several take in, they share. They come in the order of the alphabet.
    fn offer(&mut self, shared: &mut Option<Arc<str>>, word: &str, count: u64) {
        self.count += 1;
        let is_full = self.heap.len() == MAX_WORDS;
        if is_full && self.heap.peek().is_some_and(|Reverse((least, _))| count <= *least) {
            return;
        }
        let word = Arc::clone(shared.get_or_insert_with(|| word.into()));
        if is_full {
            self.heap.pop();
        }
        self.heap.push(Reverse((count, Reverse(word))));
    }

    /// The words, the most frequent first; nothing is left.
    fn take(&mut self) -> WordCounts {
        let words = std::mem::take(&mut self.heap).into_sorted_vec();
        self.count = 0;
        words.into_iter().map(|Reverse((count, Reverse(word)))| (word, count)).collect()
    }

    fn clear(&mut self) {
        self.heap.clear();
        self.count = 0;
    }
}

/// Visits the words that begin so in the order of the alphabet, each with the number of documents that hold it.
fn visit(
    beginning: &str,
    searcher: &Searcher,
    fields: &Fields,
    mut visit: impl FnMut(&str, u64),
) -> tantivy::Result<()> {
    let readers = searcher.segment_readers().iter().map(|reader| reader.inverted_index(fields.forms));
    let dictionaries = readers.collect::<tantivy::Result<Vec<_>>>()?;
    let beginning = beginning.as_bytes();
    let mut streams = Vec::new();
    for dictionary in &dictionaries {
        let mut stream = dictionary.terms().range().ge(beginning).into_stream()?;
        if go_on(&mut stream, beginning) {
            streams.push(stream);
        }
    }
    let (mut word, pulse) = (Vec::new(), Pulse::new());
    while let Some(least) = streams.iter().map(TermStreamer::key).min() {
        pulse.check()?;
        word.clear();
        word.extend_from_slice(least);
        let mut count = 0;
        streams.retain_mut(|stream| {
            let is_other = stream.key() != word;
            if !is_other {
                count += u64::from(stream.value().doc_freq);
            }
            is_other || go_on(stream, beginning)
        });
        // Words are UTF-8, as all text.
        if let Ok(word) = std::str::from_utf8(&word) {
            visit(word, count);
        }
    }
    Ok(())
}

/// Reads the next word of a stream; whether there is one that begins so.
fn go_on(stream: &mut TermStreamer<'_>, beginning: &[u8]) -> bool {
    stream.advance() && stream.key().starts_with(beginning)
}

#[cfg(test)]
mod tests {
    use tantivy::{IndexWriter, indexer::NoMergePolicy};

    use super::*;
    use crate::{
        analysis::Rules,
        index::{schema, tokenizer},
    };

    /// A made word of one alphabet: some begin alike, and most are rare.
    fn word(number: usize, letters: &str) -> String {
        let letters: Vec<char> = letters.chars().collect();
        let mut rest = number * 7_919 % 5_000;
        let mut word = String::new();
        for _ in 0..5 {
            word.push(letters[rest % letters.len()]);
            rest /= letters.len();
        }
        word
    }

    #[test]
    fn what_is_kept_is_what_is_found_by_looking_through() -> tantivy::Result<()> {
        let (schema, fields) = schema::schema(&[]);
        let mut index = tantivy::Index::create_in_ram(schema);
        index.set_tokenizers(tokenizer::manager(Rules::default()));
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        for segment in 0..3 {
            for document in 0..40 {
                let numbers = (0..150).map(|n| (document * 150 + n) % (2_000 + 900 * segment));
                let text: Vec<_> = numbers.flat_map(|n| [word(n, "абвгд"), word(n * n, "abcde")]).collect();
                writer.add_document(tantivy::doc!(fields.forms => text.join(" ")))?;
            }
            writer.commit()?;
        }
        let searcher = index.reader()?.searcher();
        assert_eq!(searcher.segment_readers().len(), 3);
        let (looking, keeping) = (Beginnings::default(), Beginnings::default());
        keeping.keep(&searcher, &fields)?;
        let mut lengths = Vec::new();
        for beginning in ["", "а", "аб", "абв", "a", "ab", "aba", "e", "ж", "абвгд"] {
            let found = looking.words(beginning, &searcher, &fields)?;
            assert_eq!(keeping.words(beginning, &searcher, &fields)?, found, "{beginning:?}");
            assert!(found.iter().all(|(word, _)| word.starts_with(beginning)));
            assert!(found.is_sorted_by_key(|(word, count)| (Reverse(*count), Arc::clone(word))));
            lengths.push(found.len());
        }
        assert_eq!((lengths[0], lengths[1], lengths[8]), (MAX_WORDS, MAX_WORDS, 0));
        Ok(())
    }
}
