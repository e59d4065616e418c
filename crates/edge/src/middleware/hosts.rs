//! The names under which this server accepts requests.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use http::uri::Authority;

use crate::tls::{AddedName, Names};

/// An allow-list of host names and addresses, and of the ports behind them.
///
/// Another site can point a name of its own at this server's address (DNS rebinding); the browser then treats our
/// answers as that site's. Refusing names that aren't ours prevents this.
#[derive(Debug, Clone)]
pub struct AllowedHosts {
    lists: Arc<RwLock<Lists>>,
    /// Names that the host doesn't know: a router's, a reverse proxy's. They stay as long as the program runs.
    added: Arc<[AddedName]>,
}

#[derive(Debug, Default)]
struct Lists {
    hosts: HashSet<String>,
    /// The first is the port for HTTPS.
    ports: Vec<u16>,
    /// The same names and addresses as shown to people, the most likely to work first.
    shown: Vec<String>,
}

impl AllowedHosts {
    /// These names and addresses (IPv6 without brackets), and these ports; that for HTTPS first.
    pub fn new<H: AsRef<str>>(
        hosts: impl IntoIterator<Item = H>,
        ports: impl IntoIterator<Item = u16>,
    ) -> Self {
        let hosts: Vec<String> = hosts.into_iter().map(|host| plain(host.as_ref())).collect();
        let lists = Lists {
            hosts: hosts.iter().cloned().collect(),
            ports: ports.into_iter().collect(),
            shown: hosts,
        };
        Self {
            lists: Arc::new(RwLock::new(lists)),
            added: Arc::default(),
        }
    }

    /// Everything the server's certificate is for.
    pub fn of(names: &Names, ports: impl IntoIterator<Item = u16>) -> Self {
        Self::new(listed(names), ports)
    }

    /// The same with names that this host doesn't know of.
    #[must_use]
    pub fn and(mut self, added: impl IntoIterator<Item = AddedName>) -> Self {
        self.added = added.into_iter().collect();
        self
    }

    /// The names or addresses of the host changed. For every clone.
    pub fn replace(&self, names: &Names) {
        let shown = listed(names);
        let mut lists = self.lists.write().unwrap_or_else(PoisonError::into_inner);
        // Two assignments that can't fail: a poisoned lock still holds lists that go together.
        lists.hosts = shown.iter().cloned().collect();
        lists.shown = shown;
    }

    fn lists(&self) -> RwLockReadGuard<'_, Lists> {
        self.lists.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the host is listed, and the port too where one is given.
    ///
    /// A browser leaves the port out when it is the scheme's own: then a firewall or a proxy forwards it to us.
    pub fn allows(&self, authority: &Authority) -> bool {
        let lists = self.lists();
        let host = plain(authority.host());
        let port = authority.port().map(|port| port.as_u16());
        let ours = port.is_none_or(|port| lists.ports.contains(&port));
        let its_own = |added: &AddedName| ours || added.port() == port;
        let named = (ours && lists.hosts.contains(&host))
            || self
                .added
                .iter()
                .any(|added| added.host() == host && its_own(added));
        // A port that cannot be read is none that could be compared.
        let readable = port.is_some() || authority.as_str() == authority.host();
        named && readable && !authority.as_str().contains('@')
    }

    /// Whether a page of this origin is our own, served under an added name by a proxy that asks us by another: at the port
    /// that was given with the name, else at HTTPS's usual one or at ours. No other port, because other services under
    /// that name are not ours.
    pub(super) fn is_proxied(&self, origin: &Authority) -> bool {
        let https = self.lists().ports.first().copied();
        let host = plain(origin.host());
        let port = origin.port_u16().unwrap_or(USUAL);
        self.added.iter().any(|added| {
            let its_own = added.port().map_or(port == USUAL, |own| own == port);
            added.host() == host && (its_own || Some(port) == https)
        })
    }

    /// Addresses that work, for somebody who used one that doesn't: those that were added first, then names, then
    /// addresses. At most sixteen.
    pub fn working(&self) -> Vec<String> {
        let lists = self.lists();
        let port = |own: Option<u16>| own.or(lists.ports.first().copied());
        let url = |host: &str, port: Option<u16>| {
            let bracketed = host.contains(':');
            let (open, close) = if bracketed { ("[", "]") } else { ("", "") };
            let port = port.map(|port| format!(":{port}")).unwrap_or_default();
            format!("https://{open}{host}{close}{port}")
        };
        let added = self
            .added
            .iter()
            .map(|added| url(added.host(), port(added.port())));
        let mut found: Vec<String> = Vec::new();
        for address in added.chain(lists.shown.iter().map(|host| url(host, port(None)))) {
            if found.len() < SHOWN && !found.contains(&address) {
                found.push(address);
            }
        }
        found
    }
}

/// The port that browsers leave out.
const USUAL: u16 = 443;
/// How many addresses are shown.
const SHOWN: usize = 16;

/// The names and addresses in a certificate: the likeliest to work first. Without an address on a network only this
/// computer can ask, which knows itself as `localhost`.
fn listed(names: &Names) -> Vec<String> {
    let (local, others): (Vec<&IpAddr>, Vec<&IpAddr>) = names
        .addresses()
        .iter()
        .partition(|address| address.is_loopback());
    let here = || std::iter::once("localhost".to_owned());
    let called = names.local().into_iter().chain(names.dns());
    let mut listed: Vec<String> = if others.is_empty() {
        here().chain(called).collect()
    } else {
        called.chain(others.into_iter().map(IpAddr::to_string)).collect()
    };
    listed.extend(local.into_iter().map(IpAddr::to_string));
    let mut seen = HashSet::new();
    listed.retain(|host| seen.insert(host.clone()));
    listed
}

/// Lower case, no brackets, no trailing dot; addresses in their one canonical spelling.
fn plain(host: &str) -> String {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match host.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().to_string(),
        Err(_) => host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase(),
    }
}

/// Whether a host is a DNS name and not an address.
pub(super) fn is_dns_name(host: &str) -> bool {
    plain(host).parse::<IpAddr>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// C37: foreign names are refused, whatever they point at.
    #[test]
    fn only_listed_hosts_and_ports_pass() {
        let allowed = AllowedHosts::new(["cutis.local", "192.168.1.9", "fe80::1"], [15045]);
        let passes = |text: &str| allowed.allows(&text.parse().unwrap());
        for yes in [
            "cutis.local:15045",
            "CUTIS.local.:15045",
            "192.168.1.9",
            "[fe80:0::1]:15045",
        ] {
            assert!(passes(yes), "{yes}");
        }
        for no in [
            "evil.example:15045",
            "cutis.local:80",
            "cutis.local.evil.example",
            "192.168.1.10",
            "a@cutis.local",
        ] {
            assert!(!passes(no), "{no}");
        }
    }

    #[test]
    fn a_changed_list_holds_at_once_for_every_clone() {
        let allowed = AllowedHosts::of(&Names::new("a", []), [1]);
        let clone = allowed.clone();
        allowed.replace(&Names::new("b", ["192.168.1.9".parse().unwrap()]));
        for (host, allowed) in [("b:1", true), ("192.168.1.9:1", true), ("a:1", false)] {
            assert_eq!(clone.allows(&host.parse().unwrap()), allowed, "{host}");
        }
    }

    fn with_added() -> AllowedHosts {
        let added = ["photos.clinic.example", "fritz.box:8443", "[fd00::20]:8443"];
        AllowedHosts::of(
            &Names::new("pc", ["192.168.1.9".parse().unwrap()]),
            [15045, 15015],
        )
        .and(added.map(|name| name.parse().unwrap()))
    }

    /// W6: a router's name and a reverse proxy's, with the port that was given or the usual ones.
    #[test]
    fn added_names_pass() {
        let allowed = with_added();
        for (host, passes) in [
            ("photos.clinic.example", true),
            ("PHOTOS.clinic.example.:15045", true),
            ("photos.clinic.example:8443", false),
            ("fritz.box:8443", true),
            ("fritz.box", true),
            ("[fd00:0::20]:8443", true),
            ("pc:8443", false),
            ("clinic.example", false),
            ("x.photos.clinic.example", false),
            ("photos.clinic.example:", false),
            ("a@photos.clinic.example", false),
        ] {
            assert_eq!(allowed.allows(&host.parse().unwrap()), passes, "{host}");
        }
        for (origin, own) in [
            ("photos.clinic.example", true),
            ("photos.clinic.example:443", true),
            ("photos.clinic.example:15045", true),
            ("photos.clinic.example:8443", false),
            ("fritz.box:8443", true),
            ("fritz.box", false),
            ("pc:15045", false),
            ("evil.example", false),
        ] {
            assert_eq!(allowed.is_proxied(&origin.parse().unwrap()), own, "{origin}");
        }
    }

    #[test]
    fn what_works_is_shown_with_the_likeliest_first() {
        let shown = with_added().working();
        let begins = [
            "https://photos.clinic.example:15045",
            "https://fritz.box:8443",
            "https://[fd00::20]:8443",
            "https://pc.local:15045",
        ];
        assert_eq!(shown.get(..4), Some(&begins.map(str::to_owned)[..]), "{shown:?}");
        assert!(
            shown.contains(&"https://192.168.1.9:15045".to_owned()),
            "{shown:?}"
        );
        let alone = AllowedHosts::of(&Names::new("pc", []), [15045]).working();
        assert_eq!(alone.first().map(String::as_str), Some("https://localhost:15045"));
    }
}
