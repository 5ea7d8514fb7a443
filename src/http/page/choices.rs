//! What is chosen on the page → the request for it, and the addresses of pages with one choice changed.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    http::{Code, Refusal, parameters},
    index::{Facet, Order, SortBy},
    query::Condition,
    search::Request,
};

/// The parameters that the page knows; it has no limit of its own choosing.
const NAMES: [&str; 10] =
    ["q", "language", "year", "source", "sort", "matching", "names", "collapse", "repair", "offset"];

/// Those that are its own; the others are those of a search.
const OWN: [&str; 3] = ["year", "source", "sort"];

/// What is escaped in an address: all that RFC 3986 does not call unreserved.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The orders of hits other than the best first, by the name that addresses have for them.
pub(super) const NEWEST: &str = "newest";
pub(super) const OLDEST: &str = "oldest";

/// What is chosen on a page of results.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::http) struct Choices {
    values: [Option<String>; NAMES.len()],
    /// What stands before the paths of the index that is searched: nothing for the default one.
    base: String,
}

impl Choices {
    /// The choices of an address. A link may have gathered parameters of others on its way; a page is shown all the same.
    pub(in crate::http) fn of(pairs: Vec<(String, String)>) -> Self {
        let mut choices = Self::default();
        for (name, value) in pairs {
            if let Some(place) = NAMES.iter().position(|known| *known == name) {
                choices.values[place] = Some(value).filter(|value| !value.trim().is_empty());
            }
        }
        choices
    }

    /// The same, on the page of an index whose paths stand behind this.
    pub(in crate::http) fn under(self, base: String) -> Self {
        Self { base, ..self }
    }

    /// What stands before the paths of the index that is searched.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// What was chosen by a name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let place = NAMES.iter().position(|known| *known == name)?;
        self.values[place].as_deref()
    }

    /// The query.
    pub(super) fn query(&self) -> &str {
        self.get("q").unwrap_or_default()
    }

    /// Whether there is nothing to search for.
    pub(in crate::http) fn is_empty(&self) -> bool {
        self.get("q").is_none()
    }

    /// All that was chosen but the query and the page of results.
    pub(super) fn beside_query(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let given = NAMES.into_iter().zip(&self.values).filter_map(|(name, value)| Some((name, value.as_deref()?)));
        given.filter(|(name, _)| !matches!(*name, "q" | "offset" | "repair"))
    }

    /// The same with another choice, from its first page on.
    pub(super) fn with(&self, name: &str, value: Option<&str>) -> Self {
        let mut changed = self.clone();
        for (place, known) in NAMES.into_iter().enumerate() {
            if known == name {
                changed.values[place] = value.map(str::to_owned);
            } else if known == "offset" {
                // Another choice has other pages.
                changed.values[place] = None;
            }
        }
        changed
    }

    /// The same without what leaves out documents.
    pub(super) fn without_filters(&self) -> Self {
        self.with("language", None).with("year", None).with("source", None)
    }

    /// Whether documents are left out whatever their words.
    pub(super) fn is_filtered(&self) -> bool {
        ["language", "year", "source"].into_iter().any(|name| self.get(name).is_some())
    }

    /// The address of the page.
    pub(super) fn address(&self) -> String {
        let given = NAMES.into_iter().zip(&self.values).filter_map(|(name, value)| Some((name, value.as_deref()?)));
        let pairs: Vec<String> = given.map(|(name, value)| format!("{name}={}", percent_encoded(value))).collect();
        format!("{}/?{}", self.base, pairs.join("&"))
    }

    /// The request for the page.
    pub(in crate::http) fn request(&self) -> Result<Request, Refusal> {
        let given = NAMES.into_iter().zip(&self.values).filter(|(name, _)| !OWN.contains(name));
        let pairs = given.filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)));
        let request = parameters::from_pairs(pairs.collect())?;
        let year = self.get("year").map(|year| {
            let known = year.parse().ok().and_then(Condition::year);
            known.ok_or_else(|| refused(format!("year is {year:?}; it takes a year such as 2021.")))
        });
        let conditions = [year.transpose()?, self.get("source").map(Condition::source)];
        let by_date = |is_descending| vec![Order { by: SortBy::Date, is_descending }];
        let orders = match self.get("sort") {
            None => Vec::new(),
            Some(NEWEST) => by_date(true),
            Some(OLDEST) => by_date(false),
            Some(other) => return Err(refused(format!("sort is {other:?}; it takes {NEWEST} or {OLDEST}."))),
        };
        let request = request.with_condition(conditions.into_iter().flatten().reduce(Condition::and));
        let request = request.sorted_by(orders);
        let request = request.and_then(|request| request.counting(vec![Facet::Language, Facet::Year, Facet::Source]));
        request.map_err(|error| refused(error.to_string()))
    }
}

fn refused(message: String) -> Refusal {
    Refusal::new(Code::InvalidParameter, message)
}

/// A text as a part of an address: all but letters, digits and `-._~` as `%XX`.
pub(super) fn percent_encoded(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices(pairs: &[(&str, &str)]) -> Choices {
        Choices::of(pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    #[test]
    fn an_address_holds_what_is_chosen_and_nothing_else() {
        let chosen = choices(&[
            ("source", "«Газета»"),
            ("q", "визит"),
            ("offset", "20"),
            ("utm_source", "letter"),
            ("year", ""),
        ]);
        assert_eq!(chosen.get("year"), None);
        let encoded = percent_encoded("визит");
        assert_eq!(chosen.address(), format!("/?q={encoded}&source={}&offset=20", percent_encoded("«Газета»")));
        assert_eq!(chosen.with("source", None).address(), format!("/?q={encoded}"));
        assert_eq!(chosen.with("sort", Some(NEWEST)).without_filters().address(), format!("/?q={encoded}&sort=newest"));
        let named = chosen.clone().under("/indexes/press".to_owned());
        assert_eq!(named.with("source", None).address(), format!("/indexes/press/?q={encoded}"));
        assert!(chosen.is_filtered() && !chosen.without_filters().is_filtered());
    }

    #[test]
    fn wrong_choices_are_refused() {
        assert!(
            choices(&[("q", "visit"), ("year", "2021"), ("sort", "oldest"), ("matching", "all")]).request().is_ok()
        );
        for wrong in [("year", "вчера"), ("year", "0"), ("sort", "best"), ("language", "de"), ("offset", "-1")] {
            assert!(choices(&[("q", "визит"), wrong]).request().is_err(), "{wrong:?}");
        }
    }
}
