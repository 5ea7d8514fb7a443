//! The languages that share an alphabet with English or Russian → files of what is frequent in them.
//!
//! Each file names the letters of its language, and then frequent words, words that an apostrophe joins to the next
//! (`l'`), and endings behind a hyphen (`-ung`), in normal form. Where people type a Latin letter in place of one that
//! their keyboard lacks, as i for і, it is among the letters. All of them were compiled for oba, from no corpus.

use whatlang::Lang;

use super::Alphabet;

/// What is frequent in a language: the name by which whatlang knows it, if it does, and its file.
pub(super) type Frequent = (Option<Lang>, &'static str);

/// The neighbours that write in `alphabet`.
pub(super) fn neighbours(alphabet: Alphabet) -> &'static [Frequent] {
    match alphabet {
        Alphabet::Latin => LATIN,
        Alphabet::Cyrillic => CYRILLIC,
        _ => &[],
    }
}

const LATIN: &[Frequent] = &[
    (Some(Lang::Afr), include_str!("af.txt")),
    (Some(Lang::Cat), include_str!("ca.txt")),
    (Some(Lang::Ces), include_str!("cs.txt")),
    (Some(Lang::Dan), include_str!("da.txt")),
    (Some(Lang::Deu), include_str!("de.txt")),
    (Some(Lang::Epo), include_str!("eo.txt")),
    (Some(Lang::Spa), include_str!("es.txt")),
    (Some(Lang::Est), include_str!("et.txt")),
    (Some(Lang::Fin), include_str!("fi.txt")),
    (Some(Lang::Fra), include_str!("fr.txt")),
    (Some(Lang::Hrv), include_str!("hr.txt")),
    (Some(Lang::Hun), include_str!("hu.txt")),
    (Some(Lang::Ind), include_str!("id.txt")),
    (Some(Lang::Ita), include_str!("it.txt")),
    (Some(Lang::Lat), include_str!("la.txt")),
    (Some(Lang::Lit), include_str!("lt.txt")),
    (Some(Lang::Lav), include_str!("lv.txt")),
    (Some(Lang::Nld), include_str!("nl.txt")),
    (Some(Lang::Nob), include_str!("no.txt")),
    (Some(Lang::Pol), include_str!("pl.txt")),
    (Some(Lang::Por), include_str!("pt.txt")),
    (Some(Lang::Ron), include_str!("ro.txt")),
    (None, include_str!("ru-latn.txt")),
    (Some(Lang::Slk), include_str!("sk.txt")),
    (Some(Lang::Slv), include_str!("sl.txt")),
    (None, include_str!("sq.txt")),
    (Some(Lang::Swe), include_str!("sv.txt")),
    (None, include_str!("sw.txt")),
    (Some(Lang::Tgl), include_str!("tl.txt")),
    (Some(Lang::Tur), include_str!("tr.txt")),
    (Some(Lang::Vie), include_str!("vi.txt")),
];

const CYRILLIC: &[Frequent] = &[
    (Some(Lang::Bel), include_str!("be.txt")),
    (Some(Lang::Bul), include_str!("bg.txt")),
    (None, include_str!("kk.txt")),
    (None, include_str!("ky.txt")),
    (Some(Lang::Mkd), include_str!("mk.txt")),
    (None, include_str!("mn.txt")),
    (Some(Lang::Srp), include_str!("sr.txt")),
    (None, include_str!("tg.txt")),
    (None, include_str!("tt.txt")),
    (Some(Lang::Ukr), include_str!("uk.txt")),
    (None, include_str!("uz-cyrl.txt")),
];
