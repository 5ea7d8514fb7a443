//! How often a client may ask: a bucket of tokens for each.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    state::keyed::HashMapStateStore,
};

/// How many clients are known at once, some ten megabytes. Those whose buckets are full again are forgotten first; where more
/// than these ask at the same time, all begin anew.
const MAX_CLIENTS: usize = 100_000;

/// After how many requests those who have gone are forgotten.
const FORGET_EVERY: usize = 10_000;

/// How much of an IPv6 address names a client, in bits: a household or a machine is given that much, and may choose the rest.
const CLIENT_BITS: u32 = 64;

/// Who asks: a key from an address, so that one visitor of a page does not use up what its key allows the others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Client {
    pub key: Option<String>,
    pub address: IpAddr,
}

type Buckets = RateLimiter<Client, HashMapStateStore<Client>, DefaultClock>;

/// The buckets of all clients.
pub(super) struct Rates {
    quota: Quota,
    state: Mutex<State>,
    clock: DefaultClock,
}

struct State {
    buckets: Arc<Buckets>,
    since_forgotten: usize,
}

impl Rates {
    pub(super) fn new(rate: NonZeroU32, burst: NonZeroU32) -> Self {
        let quota = Quota::per_second(rate).allow_burst(burst);
        let state = Mutex::new(State { buckets: Arc::new(RateLimiter::hashmap(quota)), since_forgotten: 0 });
        Self { quota, state, clock: DefaultClock::default() }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// Where it is one too many; the time after which the next one is not.
    pub(super) fn count(&self, client: Client) -> Result<(), Duration> {
        let client = Client { address: network(client.address), ..client };
        self.buckets().check_key(&client).map_err(|until| until.wait_time_from(self.clock.now()))
    }

    /// The buckets, without those of clients who have gone.
    fn buckets(&self) -> Arc<Buckets> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.since_forgotten += 1;
        if state.since_forgotten >= FORGET_EVERY {
            state.since_forgotten = 0;
            state.buckets.retain_recent();
            if state.buckets.len() >= MAX_CLIENTS {
                state.buckets = Arc::new(RateLimiter::hashmap(self.quota));
            } else {
                state.buckets.shrink_to_fit();
            }
        }
        Arc::clone(&state.buckets)
    }
}

impl std::fmt::Debug for Rates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rates").field("quota", &self.quota).finish_non_exhaustive()
    }
}

/// The part of an address that names a client.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << CLIENT_BITS)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(key: Option<&str>, address: &str) -> Client {
        Client { key: key.map(str::to_owned), address: address.parse().expect("an address") }
    }

    #[test]
    fn each_key_and_address_has_a_bucket_of_its_own() {
        let two = NonZeroU32::new(2).expect("more than none");
        let rates = Rates::new(NonZeroU32::MIN, two);
        for who in [client(None, "192.0.2.1"), client(Some("a"), "192.0.2.1"), client(None, "2001:db8::1")] {
            assert_eq!(rates.count(who.clone()), Ok(()));
            assert_eq!(rates.count(who.clone()), Ok(()));
            let wait = rates.count(who).expect_err("one too many");
            assert!(wait > Duration::ZERO && wait <= Duration::from_secs(1), "{wait:?}");
        }
        assert!(rates.count(client(None, "2001:db8::2")).is_err(), "a neighbour in the same network");
        assert_eq!(rates.count(client(None, "2001:db8:0:1::2")), Ok(()));
    }

    #[test]
    fn clients_are_forgotten() {
        let rates = Rates::new(NonZeroU32::MIN, NonZeroU32::MIN);
        for n in 0..u32::try_from(MAX_CLIENTS + 2 * FORGET_EVERY).expect("small") {
            // Each asks once, so that none is held back.
            let address = IpAddr::from(n.to_be_bytes());
            assert_eq!(rates.count(Client { key: None, address }), Ok(()));
        }
        assert!(rates.buckets().len() < MAX_CLIENTS);
    }
}
