//! The names under which this server may be asked for things.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use http::uri::Authority;

use crate::tls::Names;

/// An allow-list of host names and addresses, and of the ports behind them.
///
/// A page elsewhere can point a name of its own at this server's address (DNS rebinding); the browser
/// then takes our answers for that page's. Refusing names that aren't ours ends it.
#[derive(Debug, Clone)]
pub struct AllowedHosts(Arc<RwLock<Lists>>);

#[derive(Debug, Default)]
struct Lists {
    hosts: HashSet<String>,
    ports: HashSet<u16>,
}

impl AllowedHosts {
    /// These names and addresses (IPv6 without brackets), and these ports.
    pub fn new<H: AsRef<str>>(
        hosts: impl IntoIterator<Item = H>,
        ports: impl IntoIterator<Item = u16>,
    ) -> Self {
        let allowed = Self(Arc::default());
        allowed.replace(hosts, ports);
        allowed
    }

    /// Everything the server's certificate is for.
    pub fn of(names: &Names, ports: impl IntoIterator<Item = u16>) -> Self {
        Self::new(Self::listed(names), ports)
    }

    /// The names and addresses of the host changed.
    pub fn replace<H: AsRef<str>>(
        &self,
        hosts: impl IntoIterator<Item = H>,
        ports: impl IntoIterator<Item = u16>,
    ) {
        let lists = Lists {
            hosts: hosts.into_iter().map(|host| plain(host.as_ref())).collect(),
            ports: ports.into_iter().collect(),
        };
        // Assigning can't be interrupted half-way, so a poisoned lock still holds whole lists.
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = lists;
    }

    /// The names and addresses in a certificate, for [`Self::replace`].
    pub fn listed(names: &Names) -> Vec<String> {
        names
            .dns()
            .into_iter()
            .chain(names.addresses().iter().map(IpAddr::to_string))
            .collect()
    }

    /// Whether the host is listed, and the port too where one is given.
    ///
    /// A browser leaves the port out when it is the scheme's own: then a firewall forwards it to us.
    pub fn allows(&self, authority: &Authority) -> bool {
        let lists = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let named = lists.hosts.contains(&plain(authority.host()));
        let port_fits = match authority.port() {
            Some(port) => lists.ports.contains(&port.as_u16()),
            None => !authority.as_str().ends_with(':'),
        };
        named && port_fits && !authority.as_str().contains('@')
    }
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
        let allowed = AllowedHosts::new(["a"], [1]);
        let clone = allowed.clone();
        allowed.replace(["b"], [2]);
        assert!(clone.allows(&"b:2".parse().unwrap()) && !clone.allows(&"a:1".parse().unwrap()));
    }
}
