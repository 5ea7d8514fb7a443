//! The page's part with documents like one.

use maud::{Markup, html};

use super::{Choices, about, language_code, percent_encoded};
use crate::search::Similar;

/// Links to the documents; nothing where there are none.
pub(super) fn similar(choices: &Choices, similar: &Similar) -> Markup {
    html! {
        @if !similar.hits.is_empty() {
            section.similar aria-labelledby="similar" {
                h2 #similar lang="en" { "Similar " span lang="ru" { "Похожие" } }
                ul {
                    @for hit in &similar.hits {
                        @let title = if hit.title.is_empty() { &hit.id } else { &hit.title };
                        li lang=[language_code(&hit.language)] {
                            a href={ (choices.base()) "/view/" (percent_encoded(&hit.id)) } { (title) }
                            " "
                            p.about { (about(&hit.language, hit.date.as_deref(), hit.source.as_deref())) }
                        }
                    }
                }
            }
        }
    }
}
