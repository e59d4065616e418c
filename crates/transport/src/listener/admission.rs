//! How many connections are open, in all and from each client.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::limits::Limits;

/// Counts open connections and refuses those over a cap.
#[derive(Debug, Clone)]
pub struct Admission {
    counts: Arc<Mutex<Counts>>,
    most: usize,
    most_per_client: usize,
}

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    by_client: HashMap<IpAddr, usize>,
}

/// One connection's place. Dropping it makes room.
#[derive(Debug)]
pub struct Place {
    counts: Arc<Mutex<Counts>>,
    client: IpAddr,
}

impl Admission {
    /// Begins with no connection.
    pub fn new(limits: &Limits) -> Self {
        Self {
            counts: Arc::default(),
            most: limits.connections,
            most_per_client: limits.connections_per_client,
        }
    }

    /// A place for a connection from this address, or `None` over a cap.
    pub fn admit(&self, address: IpAddr) -> Option<Place> {
        let client = client_of(address);
        let mut counts = lock(&self.counts);
        let own = counts.by_client.get(&client).copied().unwrap_or_default();
        if counts.all >= self.most || own >= self.most_per_client {
            return None;
        }
        counts.all = counts.all.saturating_add(1);
        counts.by_client.insert(client, own.saturating_add(1));
        drop(counts);
        Some(Place {
            counts: Arc::clone(&self.counts),
            client,
        })
    }

    /// Connections open now.
    pub fn open(&self) -> usize {
        lock(&self.counts).all
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = lock(&self.counts);
        counts.all = counts.all.saturating_sub(1);
        let left = counts
            .by_client
            .get(&self.client)
            .copied()
            .unwrap_or_default()
            .saturating_sub(1);
        if left == 0 {
            counts.by_client.remove(&self.client);
        } else {
            counts.by_client.insert(self.client, left);
        }
    }
}

/// Counting can't be interrupted half-way, so a panic elsewhere leaves the counts right.
fn lock(counts: &Mutex<Counts>) -> MutexGuard<'_, Counts> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whom an address stands for. One IPv6 host may use any address of its /64 network.
fn client_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let network = address.to_bits() & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admission(most: usize, most_per_client: usize) -> Admission {
        Admission::new(&Limits {
            connections: most,
            connections_per_client: most_per_client,
            ..Limits::default()
        })
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// C32: 64 from one client, 512 in all; a place that is given back is free again.
    #[test]
    fn each_client_and_all_together_have_a_cap() {
        let admission = admission(3, 2);
        let first = admission.admit(ip("10.0.0.1"));
        let second = admission.admit(ip("10.0.0.1"));
        assert!(first.is_some() && second.is_some());
        assert!(admission.admit(ip("10.0.0.1")).is_none());
        let third = admission.admit(ip("10.0.0.2"));
        assert!(third.is_some() && admission.admit(ip("10.0.0.3")).is_none());
        drop(first);
        assert_eq!(admission.open(), 2);
        assert!(admission.admit(ip("10.0.0.1")).is_some());
    }

    #[test]
    fn a_client_with_a_whole_ipv6_network_is_one_client() {
        let admission = admission(9, 1);
        let place = admission.admit(ip("fd00:1::1"));
        assert!(place.is_some());
        assert!(admission.admit(ip("fd00:1::2")).is_none());
        assert!(admission.admit(ip("fd00:1:0:1::1")).is_some());
    }

    #[test]
    fn nothing_is_remembered_of_clients_that_left() {
        let admission = admission(9, 9);
        drop(admission.admit(ip("10.0.0.1")));
        assert!(lock(&admission.counts).by_client.is_empty());
    }
}
