//! The names by which a server is asked, and the sites that ask it.
//!
//! A page of another site can make a browser ask a server on its own machine: by a name of its own that it lets point there, and
//! by a request that needs no answer. So a server without keys answers to the names of its own machine alone, and changes nothing
//! for another site.

use std::{net::IpAddr, str::FromStr};

use axum::http::{HeaderMap, HeaderValue, Uri, header, uri::Authority};

use crate::http::{Code, Refusal};

/// The other sites whose pages may ask.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Origins {
    /// None.
    #[default]
    None,
    /// Any, to read; to change something a key as a token is needed.
    Any,
    /// These.
    These(Vec<HeaderValue>),
}

/// A text that is no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no origin; write each as https://example.org, with its port if it has one, or * for all")]
pub struct UnknownOrigin(String);

impl FromStr for Origins {
    type Err = UnknownOrigin;

    /// Origins, parted by commas.
    fn from_str(text: &str) -> Result<Self, UnknownOrigin> {
        let mut origins = Vec::new();
        for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            if name == "*" {
                return Ok(Self::Any);
            }
            let refuse = || UnknownOrigin(name.to_owned());
            let is_whole = authority(name).is_some_and(|authority| name.ends_with(&format!("://{authority}")));
            if !is_whole {
                return Err(refuse());
            }
            // Browsers send names in small letters.
            origins.push(name.to_ascii_lowercase().parse().map_err(|_| refuse())?);
        }
        Ok(if origins.is_empty() { Self::None } else { Self::These(origins) })
    }
}

impl std::fmt::Display for Origins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Any => f.write_str("*"),
            Self::These(origins) => {
                let names: Vec<&str> = origins.iter().filter_map(|origin| origin.to_str().ok()).collect();
                f.write_str(&names.join(","))
            }
        }
    }
}

/// Refuses a request by a name that is not one of the machine itself.
///
/// # Errors
/// Where the request names another host, or none.
pub(super) fn check_host(uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
    let host = host(uri, headers);
    if host.as_ref().is_some_and(|host| is_loopback(host.host())) {
        return Ok(());
    }
    let named = host.map_or_else(|| "no host".to_owned(), |host| format!("the host {:?}", host.as_str()));
    Err(Refusal::new(
        Code::HostNotAllowed,
        format!(
            "The request names {named}; without keys the server answers to localhost alone; oba keys add makes one."
        ),
    ))
}

/// Refuses a request that a page of another site makes.
///
/// # Errors
/// Where the request comes from another origin than the server, and none of those that are allowed.
pub(super) fn check_origin(uri: &Uri, headers: &HeaderMap, origins: &Origins) -> Result<(), Refusal> {
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let is_listed = matches!(origins, Origins::These(known) if known.contains(origin));
    let site = origin.to_str().ok().and_then(authority);
    let is_own = site.is_some() && site == host(uri, headers);
    if is_listed || is_own {
        return Ok(());
    }
    Err(Refusal::new(
        Code::OriginNotAllowed,
        format!(
            "The page of {origin:?} may change nothing here; list its origin in allow_origins, or show a key as \
            \"Authorization: Bearer KEY\"."
        ),
    ))
}

/// The host that a request is for. A line that names it whole stands above the header.
fn host(uri: &Uri, headers: &HeaderMap) -> Option<Authority> {
    if let Some(authority) = uri.authority() {
        return Some(authority.clone());
    }
    headers.get(header::HOST)?.to_str().ok()?.parse().ok()
}

/// The host and port of an origin.
fn authority(origin: &str) -> Option<Authority> {
    let uri: Uri = origin.parse().ok()?;
    uri.scheme()?;
    uri.authority().cloned()
}

/// Whether a name is one of the machine itself, wherever it is asked.
fn is_loopback(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        let pair =
            |(name, value): &(header::HeaderName, &str)| (name.clone(), HeaderValue::from_str(value).expect("one"));
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn only_names_of_the_machine_itself_are_answered_to() {
        let uri = Uri::from_static("/search");
        let is_allowed = |host: &str| check_host(&uri, &headers(&[(header::HOST, host)])).is_ok();
        for host in ["localhost", "LocalHost:7700", "127.0.0.1:7700", "127.8.9.1", "[::1]:7700", "oba.localhost:80"] {
            assert!(is_allowed(host), "{host}");
        }
        for host in
            ["example.org", "localhost.example.org", "127.0.0.1.example.org", "192.168.0.1", "[2001:db8::1]", "", "a b"]
        {
            assert!(!is_allowed(host), "{host}");
        }
        assert!(check_host(&uri, &HeaderMap::new()).is_err());
        let whole = Uri::from_static("http://example.org/search");
        assert!(check_host(&whole, &headers(&[(header::HOST, "localhost")])).is_err());
    }

    #[test]
    fn other_sites_change_nothing_unless_they_are_listed() {
        let uri = Uri::from_static("/documents");
        let listed: Origins = "https://Example.org, https://поиск.example".parse().unwrap_or_default();
        assert_eq!(listed, Origins::None, "names in other letters are written as browsers send them");
        let listed: Origins = "https://Example.org,http://localhost:3000".parse().expect("origins");
        let is_allowed = |origin: &str, origins: &Origins| {
            check_origin(&uri, &headers(&[(header::HOST, "localhost:7700"), (header::ORIGIN, origin)]), origins).is_ok()
        };
        for origins in [&Origins::None, &Origins::Any, &listed] {
            assert!(is_allowed("http://localhost:7700", origins));
            for other in ["http://localhost:7701", "http://localhost", "https://evil.example", "null", "", "file://"] {
                assert!(!is_allowed(other, origins), "{other:?}");
            }
        }
        assert!(is_allowed("https://example.org", &listed) && is_allowed("http://localhost:3000", &listed));
        assert!(check_origin(&uri, &headers(&[(header::HOST, "localhost:7700")]), &Origins::None).is_ok());
    }

    #[test]
    fn origins_are_read() {
        assert_eq!("".parse(), Ok(Origins::None));
        assert_eq!(" * ".parse(), Ok(Origins::Any));
        let two: Result<Origins, _> = "https://example.org, http://localhost:3000".parse();
        assert_eq!(two.map(|two| two.to_string()), Ok("https://example.org,http://localhost:3000".to_owned()));
        for wrong in ["example.org", "https://example.org/", "https://example.org/page", "localhost:3000", "https://"] {
            assert!(wrong.parse::<Origins>().is_err(), "{wrong}");
        }
    }
}
