//! Who is let in: keys and what they allow, the names of the server, other sites, and how often one may ask.

mod access;
mod credentials;
mod rates;
mod site;
#[cfg(test)]
mod tests;

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    sync::Arc,
};

use axum::http::{Extensions, HeaderMap, Uri};

pub(super) use access::{Access, Gate, check};
use credentials::{Credentials, Shown};
use rates::{Client, Rates};
pub use site::{Origins, UnknownOrigin};

use super::{
    Code, Refusal,
    keys::{Key, KeyRing, LiveKeys},
};

/// What an operator decides about who is let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Whether searches, suggestions, documents and the page need no key where there are keys.
    pub is_public: bool,
    /// Whether a proxy stands in front, which tells the address of the client in `X-Forwarded-For`.
    pub is_behind_proxy: bool,
    /// The other sites whose pages may ask.
    pub origins: Origins,
    /// How many requests a second each client may make for long; any number for `None`.
    pub rate: Option<NonZeroU32>,
    /// How many requests a client may make at once.
    pub burst: NonZeroU32,
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum OpenDoor {
    /// Everybody could write.
    #[error(
        "{0} can be reached from other machines, and there is no key, so that everybody could read and change the index; make \
        one (oba keys add --kind admin), or listen on 127.0.0.1"
    )]
    Address(SocketAddr),
    /// Everybody whom the proxy lets through could write.
    #[error(
        "behind_proxy says that others reach the server through a proxy, and there is no key, so that everybody could read \
        and change the index; make one: oba keys add --kind admin"
    )]
    Proxy,
}

/// Where a connection comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub SocketAddr);

/// Decides about each request.
#[derive(Debug)]
pub struct Guard {
    keys: LiveKeys,
    policy: Policy,
    rates: Option<Rates>,
}

impl Guard {
    /// The guard of a server at an address.
    ///
    /// # Errors
    /// Where it would leave the door open: where others can reach the server and there is no key.
    pub fn new(policy: Policy, keys: LiveKeys, address: SocketAddr) -> Result<Self, OpenDoor> {
        if keys.current().keys().is_empty() {
            if !address.ip().is_loopback() {
                return Err(OpenDoor::Address(address));
            }
            if policy.is_behind_proxy {
                return Err(OpenDoor::Proxy);
            }
        }
        let rates = policy.rate.map(|rate| Rates::new(rate, policy.burst));
        Ok(Self { keys, policy, rates })
    }

    /// The sites whose pages may ask.
    pub(super) fn origins(&self) -> &Origins {
        &self.policy.origins
    }

    /// Lets a request in, or says why not.
    fn admit(&self, access: Access, uri: &Uri, headers: &HeaderMap, extensions: &Extensions) -> Result<(), Refusal> {
        let Some(needed) = access.kind() else { return Ok(()) };
        let address = self.address(headers, extensions);
        let ring = self.keys.current();
        if !ring.is_in_use() {
            site::check_host(uri, headers)?;
            if access.changes() {
                site::check_origin(uri, headers, &self.policy.origins)?;
            }
            return self.count(Client { key: None, address });
        }
        let credentials = Credentials::of(headers);
        let key = self.known(&ring, credentials.as_ref(), access, address)?;
        self.count(Client { key: key.map(|key| key.id.clone()), address })?;
        if let Some(key) = key
            && key.kind < needed
        {
            return Err(Refusal::new(
                Code::KeyNotAllowed,
                format!("This key is of kind {}; a key of kind {needed} is needed.", key.kind),
            ));
        }
        // A browser shows a password again for pages of any site; a program that shows its key means what it asks.
        if access.changes() && !matches!(credentials, Some(Credentials { shown: Shown::Token, .. })) {
            site::check_origin(uri, headers, &self.policy.origins)?;
        }
        Ok(())
    }

    /// The key that was shown; `None` where none is needed.
    fn known<'r>(
        &self,
        ring: &'r KeyRing,
        credentials: Option<&Credentials>,
        access: Access,
        address: IpAddr,
    ) -> Result<Option<&'r Key>, Refusal> {
        let Some(credentials) = credentials else {
            if self.policy.is_public && access == Access::Search {
                return Ok(None);
            }
            self.count(Client { key: None, address })?;
            return Err(Refusal::new(
                Code::MissingKey,
                "A key is needed; give it as \"Authorization: Bearer KEY\", or as the password where a browser asks.",
            ));
        };
        if let Some(key) = ring.find(&credentials.key) {
            return Ok(Some(key));
        }
        self.count(Client { key: None, address })?;
        Err(Refusal::new(Code::InvalidKey, "There is no such key, or it was revoked; oba keys add makes one."))
    }

    /// Counts a request of a client. Programs of the same machine that need no key are not held back: they ask for
    /// others.
    fn count(&self, client: Client) -> Result<(), Refusal> {
        if client.key.is_none() && client.address.is_loopback() {
            return Ok(());
        }
        let Some(rates) = &self.rates else { return Ok(()) };
        rates.count(client).map_err(|wait| {
            let seconds = wait.as_secs() + 1;
            Refusal::new(Code::TooManyRequests, format!("Too many requests; ask again in {seconds} s."))
                .retry_after(seconds)
        })
    }

    /// The address that a request comes from. What stands before the last address of `X-Forwarded-For` anybody can write; the
    /// last one the proxy wrote.
    fn address(&self, headers: &HeaderMap, extensions: &Extensions) -> IpAddr {
        let peer = extensions.get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |Peer(peer)| peer.ip().to_canonical());
        if !self.policy.is_behind_proxy {
            return peer;
        }
        let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
        let last = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next());
        last.and_then(address_of).unwrap_or(peer)
    }
}

/// An address as a proxy writes it, some with brackets or a port.
fn address_of(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.trim_start_matches('[').split(']').next()?;
    let address = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

/// A guard that routes share.
pub(super) type SharedGuard = Arc<Guard>;
