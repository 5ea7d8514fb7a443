//! The last letters of a word in one number, so that they are compared with a piece of another at once.

use super::rules::MAX_PIECE;

/// The last letters of a word, as many as a piece has at most, in one number: the last of them in the lowest bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tail(u128);

/// Some letters, that are compared with the last ones of a word at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    letters: Tail,
    pub length: usize,
}

/// As many bits as a character has.
const CHAR_BITS: usize = 21;

const _: () = assert!(CHAR_BITS * MAX_PIECE <= 128 && char::MAX as u32 >> CHAR_BITS == 0);

impl Tail {
    /// The same with one more letter behind it.
    pub(super) fn with(self, letter: char) -> Self {
        Self(self.0 << CHAR_BITS | u128::from(u32::from(letter))).last(MAX_PIECE)
    }

    /// So many letters at its end.
    fn last(self, letters: usize) -> Self {
        Self(self.0 & ((1 << (CHAR_BITS * letters)) - 1))
    }

    /// Whether the word ends with a piece.
    pub(super) fn ends_with(self, piece: Piece) -> bool {
        self.last(piece.length) == piece.letters
    }

    /// Whether the last letter is this one.
    pub(super) fn is_behind(self, letter: char) -> bool {
        self.last(1) == Self::default().with(letter)
    }
}

impl Piece {
    /// The piece of at most [`MAX_PIECE`] letters.
    pub(super) fn of(letters: &[char]) -> Self {
        let tail = letters.iter().fold(Tail::default(), |tail, &letter| tail.with(letter));
        Self { letters: tail, length: letters.len() }
    }

    /// Its first letters, so many.
    pub(super) fn beginning(self, length: usize) -> Self {
        Self { letters: Tail(self.letters.0 >> (CHAR_BITS * (self.length - length))), length }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_ends_with_the_letters_that_were_read_last() {
        for word in ["shcherbakov", "щербаков", "я", "𐍈𐍈𐍈𐍈𐍈𐍈"] {
            let letters: Vec<char> = word.chars().collect();
            let mut tail = Tail::default();
            for (n, &letter) in letters.iter().enumerate() {
                tail = tail.with(letter);
                assert!(tail.is_behind(letter) && !tail.is_behind('-'));
                for length in 1..=MAX_PIECE {
                    let piece = Piece::of(&letters[..length.min(letters.len())]);
                    let is_end = letters[..=n].ends_with(&letters[..piece.length]);
                    assert_eq!(tail.ends_with(piece), is_end, "{length} of {word}, {n}");
                    for begun in 1..piece.length {
                        let is_end = letters[..=n].ends_with(&letters[..begun]);
                        assert_eq!(
                            tail.ends_with(piece.beginning(begun)),
                            is_end,
                            "{begun} of {length} of {word}, {n}"
                        );
                    }
                }
            }
        }
    }
}
