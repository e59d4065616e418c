//! How many connections are open, in all and from each client, and which goes when there are too many.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use super::activity::{Activity, Leisure};

/// Counts open connections. At a limit, the connection that has been idle longest makes room for a new one, so that
/// holding unused connections keeps nobody out.
#[derive(Debug, Clone)]
pub struct Admission {
    open: Arc<Mutex<Open>>,
    /// Orders what happens on all connections, so that the one unused for longest is known.
    clock: Arc<AtomicU64>,
    most: usize,
    most_per_client: usize,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    connections: HashMap<u64, Entry>,
    by_client: HashMap<IpAddr, usize>,
}

#[derive(Debug)]
struct Entry {
    client: IpAddr,
    activity: Arc<Activity>,
    evicted: CancellationToken,
}

/// One connection's place. Dropping it makes room.
#[derive(Debug)]
pub struct Place {
    open: Arc<Mutex<Open>>,
    id: u64,
    activity: Arc<Activity>,
    evicted: CancellationToken,
}

impl Admission {
    /// Begins with no connection: `most` in all, `most_per_client` from each client.
    pub fn new(most: usize, most_per_client: usize) -> Self {
        Self {
            open: Arc::default(),
            clock: Arc::default(),
            most,
            most_per_client,
        }
    }

    /// A place for a connection from this address, or `None` when no other connection may be closed for it.
    pub fn admit(&self, address: IpAddr) -> Option<Place> {
        let client = client_of(address);
        let activity = Arc::new(Activity::new(Arc::clone(&self.clock)));
        let evicted = CancellationToken::new();
        let mut open = lock(&self.open);
        if open.of(client) >= self.most_per_client {
            let victim = open.idlest_of(client)?;
            open.evict(victim);
        }
        if open.connections.len() >= self.most {
            let victim = open.idlest_for(client)?;
            open.evict(victim);
        }
        let id = open.next;
        open.next = open.next.saturating_add(1);
        let entry = Entry {
            client,
            activity: Arc::clone(&activity),
            evicted: evicted.clone(),
        };
        open.connections.insert(id, entry);
        let own = open.by_client.entry(client).or_default();
        *own = own.saturating_add(1);
        drop(open);
        Some(Place {
            open: Arc::clone(&self.open),
            id,
            activity,
            evicted,
        })
    }

    /// Connections open now.
    pub fn open(&self) -> usize {
        lock(&self.open).connections.len()
    }
}

impl Open {
    fn of(&self, client: IpAddr) -> usize {
        self.by_client.get(&client).copied().unwrap_or_default()
    }

    /// The connection of this client that is unused for longest, if one is unused.
    fn idlest_of(&self, client: IpAddr) -> Option<u64> {
        let own = self
            .connections
            .iter()
            .filter(|(_, entry)| entry.client == client);
        let ranked = own.filter_map(|(id, entry)| {
            let (leisure, last) = entry.activity.leisure();
            (leisure < Leisure::Busy).then_some(((leisure, last), *id))
        });
        ranked.min().map(|(_, id)| id)
    }

    /// The connection to close for a new one of `newcomer`: an unused one of the client that has most, and one of a
    /// signed-in person only if there is no other; otherwise a stranger's connection in use, if that client would still
    /// have more than the newcomer.
    fn idlest_for(&self, newcomer: IpAddr) -> Option<u64> {
        let own = self.of(newcomer);
        let ranked = self.connections.iter().filter_map(|(id, entry)| {
            let (leisure, last) = entry.activity.leisure();
            let theirs = self.of(entry.client);
            let may_go = match leisure {
                Leisure::NeverUsed | Leisure::Unused | Leisure::Kept => true,
                Leisure::Busy => theirs > own.saturating_add(1),
                Leisure::Needed => false,
            };
            // Whether it was ever used matters within one client only.
            may_go.then_some((
                (leisure.max(Leisure::Unused), Reverse(theirs), leisure, last),
                *id,
            ))
        });
        ranked.min().map(|(_, id)| id)
    }

    fn evict(&mut self, id: u64) {
        if let Some(entry) = self.remove(id) {
            tracing::debug!("a connection was closed to make room for another");
            entry.evicted.cancel();
        }
    }

    fn remove(&mut self, id: u64) -> Option<Entry> {
        let entry = self.connections.remove(&id)?;
        let left = self.of(entry.client).saturating_sub(1);
        if left == 0 {
            self.by_client.remove(&entry.client);
        } else {
            self.by_client.insert(entry.client, left);
        }
        Some(entry)
    }
}

impl Place {
    /// The activity of the connection.
    pub(super) fn activity(&self) -> Arc<Activity> {
        Arc::clone(&self.activity)
    }

    /// Cancelled when the connection has to make room for another.
    pub(super) fn evicted(&self) -> CancellationToken {
        self.evicted.clone()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        lock(&self.open).remove(self.id);
    }
}

/// Counting can't be interrupted half-way, so a panic elsewhere leaves the counts right.
fn lock(open: &Mutex<Open>) -> MutexGuard<'_, Open> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The client behind an address. One IPv6 host may use any address of its /64 network.
pub(crate) fn client_of(address: IpAddr) -> IpAddr {
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

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn gone(place: Option<&Place>) -> bool {
        place.expect("admitted").evicted.is_cancelled()
    }

    /// C32: 64 from one client, 512 in all, of connections that are used; a place that is given back is
    /// free again.
    #[test]
    fn each_client_and_all_together_have_a_cap() {
        let admission = Admission::new(3, 2);
        let busy = |address| {
            admission
                .admit(ip(address))
                .map(|place| (place.activity().begin(), place))
        };
        let first = busy("10.0.0.1");
        let second = busy("10.0.0.1");
        assert!(first.is_some() && second.is_some());
        assert!(admission.admit(ip("10.0.0.1")).is_none());
        let third = busy("10.0.0.2");
        assert!(third.is_some() && admission.admit(ip("10.0.0.2")).is_none());
        drop(first);
        assert_eq!(admission.open(), 2);
        assert!(admission.admit(ip("10.0.0.1")).is_some());
    }

    /// Issue 6, 10: at the cap the connection that is unused for longest goes.
    #[test]
    fn the_idlest_connection_makes_room() {
        let admission = Admission::new(3, 3);
        let places = ["10.0.0.1"; 3].map(|address| admission.admit(ip(address)));
        let used = places[0].as_ref().unwrap().activity();
        drop(used.begin());
        let fourth = admission.admit(ip("10.0.0.1"));
        assert_eq!(
            places.each_ref().map(|place| gone(place.as_ref())),
            [false, true, false]
        );
        let fifth = admission.admit(ip("10.0.0.2"));
        assert_eq!(
            places.each_ref().map(|place| gone(place.as_ref())),
            [false, true, true]
        );
        assert!(!gone(fourth.as_ref()) && !gone(fifth.as_ref()));
        assert_eq!(admission.open(), 3);
        drop(places);
        assert_eq!(admission.open(), 2);
    }

    /// Whoever has many connections gives one up before somebody with few, and before anybody signed in.
    #[test]
    fn the_greedy_give_way_first_and_people_signed_in_last() {
        let admission = Admission::new(5, 5);
        let colleague = admission.admit(ip("10.0.0.9"));
        drop(colleague.as_ref().unwrap().activity().begin());
        colleague.as_ref().unwrap().activity().vouch();
        let single = admission.admit(ip("10.0.0.8"));
        let many = ["10.0.0.1"; 3].map(|address| admission.admit(ip(address)));
        let newcomer = admission.admit(ip("10.0.0.7"));
        assert!(newcomer.is_some() && gone(many[0].as_ref()));
        assert!(!gone(colleague.as_ref()) && !gone(single.as_ref()));
    }

    /// Strangers who keep all their connections busy give one up to somebody who has none.
    #[test]
    fn busy_strangers_give_way_while_they_have_more() {
        let admission = Admission::new(4, 4);
        let busy = |address| {
            let place = admission.admit(ip(address)).unwrap();
            (place.activity().begin(), place)
        };
        let held = ["10.0.0.1"; 4].map(busy);
        let newcomer = busy("10.0.0.2");
        assert!(held[0].1.evicted.is_cancelled());
        let second = busy("10.0.0.2");
        assert!(held[1].1.evicted.is_cancelled());
        assert!(admission.admit(ip("10.0.0.2")).is_none(), "two each is fair");
        drop((newcomer, second));
    }

    #[test]
    fn a_client_with_a_whole_ipv6_network_is_one_client() {
        let admission = Admission::new(9, 1);
        let place = admission.admit(ip("fd00:1::1")).unwrap();
        let _asks = place.activity().begin();
        assert!(admission.admit(ip("fd00:1::2")).is_none());
        assert!(admission.admit(ip("fd00:1:0:1::1")).is_some());
    }

    #[test]
    fn nothing_is_remembered_of_clients_that_left() {
        let admission = Admission::new(9, 9);
        drop(admission.admit(ip("10.0.0.1")));
        assert!(lock(&admission.open).by_client.is_empty());
    }
}
