//! The page's line about what says the same as a hit.

use maud::{Markup, html};

use crate::search::Hit;

/// Where else the document of a hit is, and how many near duplicates were folded into it; nothing where there is neither.
pub(super) fn duplicates(hit: &Hit) -> Markup {
    let more = hit.copies.saturating_sub(hit.other_paths.len() as u64);
    let folded = hit.group_size.map_or(0, |size| size.saturating_sub(1));
    html! {
        @if hit.copies > 0 {
            p.copies {
                "Also " span lang="ru" { "Также" } ": "
                @for (n, path) in hit.other_paths.iter().enumerate() { @if n > 0 { " · " } span.path { (path) } }
                @if more > 0 { " · +" (more) }
            }
        }
        @if folded > 0 {
            p.copies { "More like it " span lang="ru" { "Ещё почти таких же" } ": " (folded) }
        }
    }
}
