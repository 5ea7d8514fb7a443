//! The encoding of bytes that declare none, by the statistics of letters.
//!
//! chardetng knows many encodings and knows Russian by single letters; short texts in KOI8-R, ISO 8859-5 or that of the old
//! Macintosh it often takes for something else. So the Russian encodings, and the one of the west, are measured here first: each
//! reads the words that are not ASCII, and the reading that is the likeliest counts. Where none is likely, chardetng decides.

use std::sync::LazyLock;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, IBM866, ISO_8859_5, KOI8_R, KOI8_U, WINDOWS_1251, WINDOWS_1252, X_MAC_CYRILLIC};

use crate::language::{Alphabet, Profile};

/// chardetng reads five megabytes a second; this many bytes tell as much as more.
const DETECTION_BYTES: usize = 64 * 1024;

/// How many bytes of words that are not ASCII are measured.
const MEASURED_BYTES: usize = 8 * 1024;

/// The encodings of Russian, the more usual of two that read the same letters first, with what speaks against each before a
/// letter is read, as a logarithm.
const RUSSIAN: [(&Encoding, f32); 6] =
    [(WINDOWS_1251, 0.0), (KOI8_R, 1.0), (IBM866, 1.0), (ISO_8859_5, 3.0), (X_MAC_CYRILLIC, 3.0), (KOI8_U, 3.0)];

/// The mean of the measure, for each byte that is not ASCII, below which a reading is no language. Russian has -2.7, and letters
/// by chance have -5.
const LEAST: f32 = -4.2;

/// The mean above which all is what stands in texts of the west, and above which chardetng, which takes a single × for a letter of
/// the east of Europe, is not asked.
const SURELY_WESTERN: f32 = -3.1;

/// The encoding that bytes which are no UTF-8 look like.
pub(super) fn encoding(bytes: &[u8]) -> &'static Encoding {
    let words = Words::of(bytes);
    let (russian, likelihood) = words.likeliest_russian();
    let western = words.western();
    if likelihood > western && likelihood > LEAST {
        return russian;
    }
    match by_chardetng(bytes) {
        // What it takes for Russian is better told by the letters, or is none.
        found if RUSSIAN.iter().any(|(encoding, _)| *encoding == found) => {
            if likelihood > western {
                russian
            } else {
                WINDOWS_1252
            }
        }
        found if found == WINDOWS_1252 && western < LEAST && likelihood > western => russian,
        found if found.is_single_byte() && western > SURELY_WESTERN => WINDOWS_1252,
        found => found,
    }
}

/// Whether bytes are Russian in one of its encodings, more likely than anything of the west.
pub(super) fn is_russian(bytes: &[u8]) -> bool {
    let words = Words::of(bytes);
    let (_, likelihood) = words.likeliest_russian();
    likelihood > words.western() && likelihood > LEAST
}

/// The encoding that chardetng finds in the part around the first byte that is not ASCII.
fn by_chardetng(bytes: &[u8]) -> &'static Encoding {
    let first = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let start = first.saturating_sub(DETECTION_BYTES / 2);
    let end = bytes.len().min(start + DETECTION_BYTES);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[start..end], true);
    detector.guess(None, Utf8Detection::Deny)
}

/// The words of a text that are not ASCII.
struct Words<'b> {
    found: Vec<&'b [u8]>,
    /// How many bytes of them are not ASCII.
    high: f32,
    /// Whether they stand here and there in a text of ASCII.
    are_few: bool,
}

impl<'b> Words<'b> {
    // Counts of a few thousand are exact in an f32.
    #[allow(clippy::cast_precision_loss)]
    fn of(bytes: &'b [u8]) -> Self {
        let (mut words, mut plain, mut length, mut high) = (Vec::new(), 0, 0, 0);
        for word in bytes.split(u8::is_ascii_whitespace) {
            if word.is_ascii() {
                plain += usize::from(word.iter().any(u8::is_ascii_alphabetic));
                continue;
            }
            length += word.len();
            high += word.iter().filter(|byte| !byte.is_ascii()).count();
            words.push(&word[..word.len().min(MEASURED_BYTES)]);
            if length >= MEASURED_BYTES {
                break;
            }
        }
        let are_few = plain > 4 * words.len();
        Self { found: words, high: high.max(1) as f32, are_few }
    }

    fn likeliest_russian(&self) -> (&'static Encoding, f32) {
        let mut best = (WINDOWS_1251, f32::MIN);
        for (encoding, rarity) in RUSSIAN {
            let table = table(encoding);
            let words: Vec<Vec<char>> = self.found.iter().map(|word| read(word, table)).collect();
            // Marks alone are of no language.
            if !words.iter().flatten().any(|&c| is_cyrillic(c)) {
                continue;
            }
            let sum = words.iter().map(|word| russian(word)).sum::<f32>() - 6.0 * lonely_quotes(&words) - rarity;
            // Single Russian letters in a text of Latin ones are rather letters with accents: à la carte.
            let likelihood = sum / self.high - if self.are_few { 0.7 } else { 0.0 };
            if likelihood > best.1 {
                best = (encoding, likelihood);
            }
        }
        best
    }

    fn western(&self) -> f32 {
        let table = table(WINDOWS_1252);
        let words: Vec<Vec<char>> = self.found.iter().map(|word| read(word, table)).collect();
        (words.iter().map(|word| western(word)).sum::<f32>() - 6.0 * lonely_quotes(&words)) / self.high
    }
}

/// The characters of the upper half of each encoding that is measured; made once, for fields of tables are short and many.
static TABLES: LazyLock<Vec<(&'static Encoding, [char; 128])>> = LazyLock::new(|| {
    let encodings = RUSSIAN.iter().map(|(encoding, _)| *encoding).chain([WINDOWS_1252]);
    let table = |encoding: &'static Encoding| {
        std::array::from_fn(|at| {
            let byte = u8::try_from(at + 128).unwrap_or_default();
            encoding.decode_without_bom_handling(&[byte]).0.chars().next().unwrap_or('\u{FFFD}')
        })
    };
    encodings.map(|encoding| (encoding, table(encoding))).collect()
});

fn table(encoding: &'static Encoding) -> &'static [char; 128] {
    let known = TABLES.iter().find(|(known, _)| *known == encoding);
    known.map_or(&['\u{FFFD}'; 128], |(_, table)| table)
}

fn read(word: &[u8], table: &[char; 128]) -> Vec<char> {
    word.iter()
        .map(|&byte| table.get(usize::from(byte).wrapping_sub(128)).copied().unwrap_or(char::from(byte)))
        .collect()
}

/// How likely a word is Russian: the logarithm, as a sum over its characters that are not ASCII.
fn russian(word: &[char]) -> f32 {
    let Some(profile) = Profile::of_alphabet(Alphabet::Cyrillic) else { return f32::MIN };
    let marks = (0..word.len()).filter(|&at| !is_cyrillic(word[at]));
    let mut sum: f32 = marks.map(|at| mark(word, at)).sum();
    for run in word.chunk_by(|&a, &b| is_cyrillic(a) == is_cyrillic(b)).filter(|run| is_cyrillic(run[0])) {
        let lower: String = run.iter().flat_map(|c| c.to_lowercase()).collect();
        let folded = lower.replace('ё', "е");
        let known = folded.chars().filter(|&c| profile.letters.contains(c)).count();
        let unknown = run.len() - known.min(run.len());
        // Letters of the neighbours that share an encoding with Russian.
        let near = folded.chars().filter(|&c| "іїєґў".contains(c)).count().min(unknown);
        let parts = folded.split(|c| !profile.letters.contains(c)).filter(|part| !part.is_empty());
        sum += parts.map(|part| profile.likelihood(part) * count(part.chars().count() + 1)).sum::<f32>();
        // The edges of a word are pairs too; counting them, a mean of letters stays one.
        sum += 0.5 * count(known.min(1))
            - 9.0 * count(unknown - near)
            - 4.0 * count(near)
            - 0.5 * count(lower.matches('ё').count());
        sum -= 5.0 * count(run.windows(2).filter(|pair| pair[0].is_lowercase() && pair[1].is_uppercase()).count());
        // Text in capitals is rarer; the encodings of one another turn the case.
        let capitals = run.iter().filter(|c| c.is_uppercase()).count();
        sum -= 0.3 * count(capitals.saturating_sub(1));
    }
    // A word of both alphabets is a mistake, but for such as «IT-отдел».
    let is_mixed = word.windows(2).filter(|pair| {
        pair.iter().any(|&c| is_cyrillic(c)) && pair.iter().any(|&c| Alphabet::of_character(c) == Alphabet::Latin)
    });
    sum - 6.0 * count(is_mixed.count())
}

/// How likely a word is of a language of the west: single letters with accents between those of ASCII.
fn western(word: &[char]) -> f32 {
    let is_accented = |c: char| !c.is_ascii() && Alphabet::of_character(c) == Alphabet::Latin;
    let mut sum = 0.0;
    for (at, &c) in word.iter().enumerate().filter(|(_, c)| !c.is_ascii()) {
        let before = at.checked_sub(1).map(|at| word[at]);
        if !is_accented(c) {
            sum += mark(word, at);
            continue;
        }
        sum -= if "éèêëàâäáãåçíìîïñóòôöúùûüæœøßÉÀÄÖÜÅØ".contains(c) {
            3.0
        } else {
            4.5
        };
        sum -= if before.is_some_and(is_accented) { 4.0 } else { 0.0 };
        sum -= if c.is_uppercase() && before.is_some_and(char::is_lowercase) { 4.0 } else { 0.0 };
    }
    sum
}

/// How likely the character at a place of a word is, which is no letter of the language.
fn mark(word: &[char], at: usize) -> f32 {
    let (before, after) = (at.checked_sub(1).map(|at| word[at]), word.get(at + 1).copied());
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let is_good = match word[at] {
        c if c.is_ascii() => return 0.0,
        '«' | '„' | '‘' => !is_word(before) && after.is_some(),
        '“' => is_word(before) != is_word(after),
        '»' | '”' | '…' => before.is_some() && !is_word(after),
        '’' => before.is_some(),
        // Where Russian puts a dash, there are spaces around it.
        '–' | '—' => ![before, after].into_iter().flatten().any(is_cyrillic),
        '\u{A0}' | '№' | '©' | '®' | '™' | '°' | '§' | '€' | '£' | '•' | '·' | '×' | '±' | 'µ' | '½' | '²' => {
            !is_word(before) || !is_word(after)
        }
        // Lines of frames are long.
        '\u{2500}'..='\u{259F}' if before == Some(word[at]) => return -0.5,
        '\u{80}'..='\u{9F}' | '\u{FFFD}' => return -10.0,
        _ => return -6.0,
    };
    if is_good { -2.5 } else { -5.0 }
}

/// How many quotation marks have no other, which each encoding puts elsewhere.
fn lonely_quotes(words: &[Vec<char>]) -> f32 {
    let number = |quote| words.iter().flatten().filter(|&&c| c == quote).count();
    let (low, six, nine) = (number('„'), number('“'), number('”'));
    let pairs = [six.abs_diff(nine) + low, low.abs_diff(six) + nine, low.abs_diff(nine) + six];
    count(number('«').abs_diff(number('»')) + pairs.into_iter().min().unwrap_or_default())
}

fn is_cyrillic(character: char) -> bool {
    Alphabet::of_character(character) == Alphabet::Cyrillic
}

// Words are far shorter than the 2^24 that an f32 counts to.
#[allow(clippy::cast_precision_loss)]
fn count(number: usize) -> f32 {
    number as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, encoding: &'static Encoding) -> &'static str {
        let (bytes, _, is_unknown) = encoding.encode(text);
        assert!(!is_unknown, "{text} in {}", encoding.name());
        super::encoding(&bytes).name()
    }

    #[test]
    fn short_texts_are_read_in_every_encoding_of_russian() {
        for (encoding, _) in &RUSSIAN[..5] {
            for text in ["Привет, редакция!", "Акт приёмки оборудования", "съезд", "ОТЧЁТ О РАБОТЕ ОТДЕЛА"]
            {
                let (bytes, ..) = encoding.encode(text);
                let found = super::encoding(&bytes);
                assert_eq!(
                    found.decode_without_bom_handling(&bytes).0,
                    text,
                    "{} as {}",
                    encoding.name(),
                    found.name()
                );
            }
        }
    }

    #[test]
    fn english_stays_what_it_is() {
        for text in
            ["It’s a “naïve” plan — the café’s", "À la carte: £5", "The résumé of Señor Núñez", "© 2020 Acme", "5 °C"]
        {
            assert_eq!(found(text, WINDOWS_1252), "windows-1252", "{text}");
        }
    }

    #[test]
    fn other_languages_are_left_to_chardetng() {
        let chinese = "全文搜索引擎为英文和俄文文档建立索引，并按相关性排序。部长们讨论了运输和能源领域的合作。";
        assert_eq!(found(chinese, encoding_rs::GBK), "GBK");
        let greek = "Οι υπουργοί συζήτησαν τη συνεργασία στους τομείς των μεταφορών και της ενέργειας στην Τασκένδη";
        assert!(["windows-1253", "ISO-8859-7"].contains(&found(greek, encoding_rs::WINDOWS_1253)));
        assert_eq!(found("Für die Straße nach München — über Köln", WINDOWS_1252), "windows-1252");
    }

    #[test]
    fn one_word_in_a_text_of_the_other_language_is_enough() {
        let text = "He said that the Russian word for peace, мир, means also world, and so it was understood.";
        for encoding in [WINDOWS_1251, KOI8_R] {
            assert_eq!(found(text, encoding), encoding.name());
        }
    }

    #[test]
    fn polish_in_its_other_encoding_is_left_to_chardetng() {
        let polish = "Ministrowie omówili współpracę w dziedzinie łączności, a także żeglugę śródlądową";
        assert_eq!(found(polish, encoding_rs::ISO_8859_2), "ISO-8859-2");
    }

    #[test]
    fn neighbours_in_the_same_alphabet_are_read() {
        let ukrainian = "Міністри закордонних справ обговорили співпрацю у сфері енергетики й транспорту в Україні";
        for encoding in [WINDOWS_1251, KOI8_U] {
            assert_eq!(found(ukrainian, encoding), encoding.name());
        }
    }

    #[test]
    fn frames_of_old_tables_do_not_mislead() {
        let table = "┌──────────┬─────┐\r\n│ Название │ Шт. │\r\n├──────────┼─────┤\r\n│ Насос    │ 12  │\r\n└──────────┴─────┘";
        for encoding in [IBM866, KOI8_R] {
            assert_eq!(found(table, encoding), encoding.name());
        }
    }
}
