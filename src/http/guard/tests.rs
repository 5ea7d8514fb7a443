//! What a guard decides, for each kind of access.

use std::{net::SocketAddr, num::NonZeroU32, path::Path};

use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Uri, header};
use base64::{Engine, prelude::BASE64_STANDARD};

use super::{Access, Guard, OpenDoor, Origins, Peer, Policy};
use crate::http::{
    Code,
    keys::{KeyStore, Kind, LiveKeys},
};

const POLICY: Policy =
    Policy { is_public: false, is_behind_proxy: false, origins: Origins::None, rate: None, burst: NonZeroU32::MIN };

fn guard(home: &Path, policy: Policy, address: &str) -> Result<Guard, OpenDoor> {
    Guard::new(policy, LiveKeys::open(home).expect("keys"), address.parse().expect("an address"))
}

/// What becomes of a request with some headers; `None` where it is let in.
fn refused(guard: &Guard, access: Access, pairs: &[(HeaderName, &str)]) -> Option<Code> {
    let pair = |(name, value): &(HeaderName, &str)| (name.clone(), HeaderValue::from_str(value).expect("a value"));
    let mut headers: HeaderMap = pairs.iter().map(pair).collect();
    headers.entry(header::HOST).or_insert(HeaderValue::from_static("localhost:7700"));
    let mut extensions = Extensions::new();
    extensions.insert(Peer(SocketAddr::from(([192, 0, 2, 1], 4000))));
    guard.admit(access, &Uri::from_static("/"), &headers, &extensions).err().map(|refusal| refusal.code)
}

#[test]
fn each_kind_of_key_opens_what_it_is_for() {
    let home = tempfile::tempdir().expect("a folder");
    let store = KeyStore::in_home(home.path());
    let keys = [Kind::Search, Kind::Write, Kind::Admin].map(|kind| store.add(kind, "ключ").expect("a key").0);
    let guard = guard(home.path(), POLICY, "0.0.0.0:7700").expect("there are keys");
    let table = [
        (Access::Open, [None; 3], None),
        (Access::Search, [None; 3], Some(Code::MissingKey)),
        (Access::Write, [Some(Code::KeyNotAllowed), None, None], Some(Code::MissingKey)),
        (Access::Admin, [Some(Code::KeyNotAllowed), Some(Code::KeyNotAllowed), None], Some(Code::MissingKey)),
    ];
    for (access, with_keys, without) in table {
        assert_eq!(refused(&guard, access, &[]), without, "{access:?}");
        for (key, expected) in keys.iter().zip(with_keys) {
            let bearer = format!("Bearer {key}");
            let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("Иван:{key}")));
            for shown in [bearer, basic] {
                assert_eq!(refused(&guard, access, &[(header::AUTHORIZATION, &shown)]), expected, "{access:?}");
            }
        }
        if access != Access::Open {
            assert_eq!(refused(&guard, access, &[(header::AUTHORIZATION, "Bearer oba_")]), Some(Code::InvalidKey));
        }
    }
}

#[test]
fn what_is_public_is_searching_alone() {
    let home = tempfile::tempdir().expect("a folder");
    KeyStore::in_home(home.path()).add(Kind::Admin, "key").expect("a key");
    let guard = guard(home.path(), Policy { is_public: true, ..POLICY }, "[::]:7700").expect("there is a key");
    assert_eq!(refused(&guard, Access::Search, &[]), None);
    assert_eq!(refused(&guard, Access::Write, &[]), Some(Code::MissingKey));
    assert_eq!(refused(&guard, Access::Admin, &[]), Some(Code::MissingKey));
}

#[test]
fn a_page_of_another_site_changes_nothing_by_what_the_browser_keeps() {
    let home = tempfile::tempdir().expect("a folder");
    let open = guard(home.path(), POLICY, "127.0.0.1:7700").expect("a loopback address");
    let other = (header::ORIGIN, "https://evil.example");
    let own = (header::ORIGIN, "http://localhost:7700");
    assert_eq!(refused(&open, Access::Search, std::slice::from_ref(&other)), None);
    for access in [Access::Write, Access::Admin] {
        assert_eq!(refused(&open, access, std::slice::from_ref(&other)), Some(Code::OriginNotAllowed));
        assert_eq!(refused(&open, access, std::slice::from_ref(&own)), None);
        assert_eq!(refused(&open, access, &[]), None, "a program");
        assert_eq!(refused(&open, access, &[(header::HOST, "evil.example:7700")]), Some(Code::HostNotAllowed));
    }
    let (key, _) = KeyStore::in_home(home.path()).add(Kind::Admin, "ключ").expect("a key");
    let shut = guard(home.path(), POLICY, "127.0.0.1:7700").expect("a loopback address");
    let (bearer, basic) = (format!("Bearer {key}"), format!("Basic {}", BASE64_STANDARD.encode(format!("x:{key}"))));
    let with = |shown: &str| refused(&shut, Access::Write, &[other.clone(), (header::AUTHORIZATION, shown)]);
    assert_eq!(with(&basic), Some(Code::OriginNotAllowed));
    assert_eq!(with(&bearer), None, "no browser sends a token by itself");
}

#[test]
fn a_door_is_not_left_open() {
    let home = tempfile::tempdir().expect("a folder");
    for address in ["0.0.0.0:7700", "192.168.1.2:80", "[::]:7700", "[2001:db8::1]:7700"] {
        assert!(matches!(guard(home.path(), POLICY, address), Err(OpenDoor::Address(_))), "{address}");
    }
    let proxied = Policy { is_behind_proxy: true, ..POLICY };
    assert!(matches!(guard(home.path(), proxied.clone(), "127.0.0.1:7700"), Err(OpenDoor::Proxy)));
    let store = KeyStore::in_home(home.path());
    let (_, key) = store.add(Kind::Search, "key").expect("a key");
    assert!(guard(home.path(), proxied, "0.0.0.0:7700").is_ok());
    assert!(store.revoke(&key.id).expect("revoked"));
    assert!(matches!(guard(home.path(), POLICY, "0.0.0.0:7700"), Err(OpenDoor::Address(_))));
    let shut = guard(home.path(), POLICY, "[::1]:7700").expect("a loopback address");
    assert_eq!(refused(&shut, Access::Search, &[]), Some(Code::MissingKey), "the last key revoked opens nothing");
}

#[test]
fn the_address_is_the_last_that_the_proxy_wrote() {
    let home = tempfile::tempdir().expect("a folder");
    KeyStore::in_home(home.path()).add(Kind::Search, "key").expect("a key");
    let address = |is_behind_proxy: bool, forwarded: &[&str]| {
        let guard = guard(home.path(), Policy { is_behind_proxy, ..POLICY }, "0.0.0.0:80").expect("there is a key");
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(value).expect("a value"));
        }
        let mut extensions = Extensions::new();
        extensions.insert(Peer("[::ffff:198.51.100.7]:80".parse().expect("an address")));
        guard.address(&headers, &extensions).to_string()
    };
    assert_eq!(address(false, &["192.0.2.1"]), "198.51.100.7");
    for (forwarded, expected) in [
        (&["192.0.2.1"][..], "192.0.2.1"),
        (&["203.0.113.9, 192.0.2.1"], "192.0.2.1"),
        (&["203.0.113.9", " 192.0.2.2 "], "192.0.2.2"),
        (&["192.0.2.1:5000"], "192.0.2.1"),
        (&["[2001:db8::1]:5000"], "2001:db8::1"),
        (&["2001:db8::1"], "2001:db8::1"),
        (&["адрес"], "198.51.100.7"),
        (&[""], "198.51.100.7"),
        (&[], "198.51.100.7"),
    ] {
        assert_eq!(address(true, forwarded), expected, "{forwarded:?}");
    }
}
