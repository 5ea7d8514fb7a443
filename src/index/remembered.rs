//! What was looked for once, remembered as long as an index is open.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
};

use foldhash::fast::RandomState;

/// What was found by some keys: at most `MAX` of them, then all are forgotten.
#[derive(Debug)]
pub(super) struct Remembered<K, V, const MAX: usize>(Mutex<HashMap<K, V, RandomState>>);

impl<K, V, const MAX: usize> Default for Remembered<K, V, MAX> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone, const MAX: usize> Remembered<K, V, MAX> {
    /// What was found by a key, or what is found now. Nobody waits while something is looked for: two that ask for the same at once
    /// both look.
    ///
    /// # Errors
    /// Where `find` has one; then nothing is remembered.
    pub(super) fn get_or<Q, E>(&self, key: &Q, find: impl FnOnce() -> Result<V, E>) -> Result<V, E>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known().get(key) {
            return Ok(found.clone());
        }
        let found = find()?;
        let mut known = known();
        if known.len() >= MAX {
            known.clear();
        }
        known.insert(key.to_owned(), found.clone());
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_looked_for_once_until_there_are_too_many() {
        let remembered = Remembered::<String, usize, 2>::default();
        let mut looks = 0;
        let mut length = |word: &str| {
            remembered.get_or(word, || {
                looks += 1;
                if word.is_empty() { Err("nothing") } else { Ok(word.chars().count()) }
            })
        };
        assert_eq!(["визит", "visits", "визит"].map(&mut length), [Ok(5), Ok(6), Ok(5)]);
        assert_eq!([length(""), length("")], [Err("nothing"); 2], "an error is not remembered");
        assert_eq!(["и", "визит"].map(&mut length), [Ok(1), Ok(5)], "the third made room for itself");
        assert_eq!(looks, 6);
    }
}
