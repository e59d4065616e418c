//! The names and addresses under which the server is reached on the local network.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::added::AddedName;
use super::valid_form::valid_form;

/// The name announced on the network by default.
const ANNOUNCED: &str = "cutis.local";

/// Networks that are never routed on the internet: the only ones the authority may issue for.
pub(super) const PRIVATE: [(&str, u8); 8] = [
    ("10.0.0.0", 8),
    ("172.16.0.0", 12),
    ("192.168.0.0", 16),
    ("127.0.0.0", 8),
    ("169.254.0.0", 16),
    ("fc00::", 7),
    ("fe80::", 10),
    ("::1", 128),
];

/// What a server certificate is issued for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    host: String,
    added: BTreeSet<String>,
    addresses: BTreeSet<IpAddr>,
}

impl Names {
    /// The host's name, with or without a domain, and its addresses.
    ///
    /// A host may have any name: one that is not allowed in a certificate is used in its valid form ([`valid_form`]).
    /// Loopback is always included; addresses that aren't private are left out, as the authority may not issue for
    /// them.
    pub fn new(host: &str, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        let loopback = [
            IpAddr::from([127, 0, 0, 1]),
            IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]),
        ];
        let addresses = addresses
            .into_iter()
            .map(|address| address.to_canonical())
            .chain(loopback)
            .filter(is_private);
        Self {
            host: valid_form(host),
            added: BTreeSet::new(),
            addresses: addresses.collect(),
        }
    }

    /// The same with names and addresses that this host doesn't know of.
    #[must_use]
    pub fn and(mut self, added: &[AddedName]) -> Self {
        for name in added {
            match name.host().parse::<IpAddr>() {
                Ok(address) => self
                    .addresses
                    .extend(Some(address.to_canonical()).filter(is_private)),
                Err(_) => drop(self.added.insert(name.host().to_owned())),
            }
        }
        self
    }

    /// The host's own name.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Names that were added to the host's own.
    pub(super) fn added(&self) -> impl Iterator<Item = &str> {
        self.added.iter().map(String::as_str)
    }

    /// The host's name on the local network, `HOST.local`, if it is not called `localhost`.
    pub fn local(&self) -> Option<String> {
        let label = self.host.split('.').next().unwrap_or_default();
        (label != "localhost").then(|| format!("{label}.local"))
    }

    /// Every DNS name: `localhost`, `cutis.local`, the host's name, that under `.local`, and those that were added.
    pub fn dns(&self) -> BTreeSet<String> {
        let own = ["localhost".to_owned(), ANNOUNCED.to_owned(), self.host.clone()];
        let names = own.into_iter().chain(self.local());
        names.chain(self.added.iter().cloned()).collect()
    }

    /// Every private address, loopback included.
    pub fn addresses(&self) -> &BTreeSet<IpAddr> {
        &self.addresses
    }
}

/// Whether the authority may issue for the address.
fn is_private(address: &IpAddr) -> bool {
    PRIVATE.iter().any(|(network, length)| {
        network
            .parse()
            .is_ok_and(|network: IpAddr| match (network, address) {
                (IpAddr::V4(network), IpAddr::V4(address)) => {
                    let mask = u32::MAX
                        .checked_shl(32_u32.saturating_sub(u32::from(*length)))
                        .unwrap_or(0);
                    network.to_bits() & mask == address.to_bits() & mask
                }
                (IpAddr::V6(network), IpAddr::V6(address)) => {
                    let mask = u128::MAX
                        .checked_shl(128_u32.saturating_sub(u32::from(*length)))
                        .unwrap_or(0);
                    network.to_bits() & mask == address.to_bits() & mask
                }
                _ => false,
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(list: &[&str]) -> Vec<IpAddr> {
        list.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn a_host_answers_to_its_name_and_to_local_ones() {
        let names = Names::new("Reception-PC", []);
        let all: Vec<String> = names.dns().into_iter().collect();
        assert_eq!(
            all,
            ["cutis.local", "localhost", "reception-pc", "reception-pc.local"]
        );
        assert!(Names::new("srv.clinic.lan.", []).dns().contains("srv.local"));
        assert_eq!(Names::new("localhost", []).dns().len(), 2);
    }

    #[test]
    fn public_addresses_are_left_out() {
        let given = addresses(&[
            "192.168.1.9",
            "8.8.8.8",
            "172.32.0.1",
            "172.31.255.255",
            "2001:db8::1",
            "fe80::1",
            "fdab::2",
            "::ffff:10.0.0.1",
        ]);
        let names = Names::new("pc", given);
        let kept: Vec<String> = names.addresses().iter().map(ToString::to_string).collect();
        assert_eq!(
            kept,
            [
                "10.0.0.1",
                "127.0.0.1",
                "172.31.255.255",
                "192.168.1.9",
                "::1",
                "fdab::2",
                "fe80::1"
            ]
        );
    }

    /// W6: whatever the host is called, there are names that a certificate can carry.
    #[test]
    fn any_host_has_names() {
        let names = Names::new("Praxis_Müller", []);
        assert!(names.dns().contains("xn--praxis-mller-klb.local"), "{names:?}");
        assert!(Names::new("", []).dns().contains("cutis-server.local"));
        let added: Vec<AddedName> = ["photos.clinic.example", "10.1.2.3:8443", "8.8.8.8"]
            .into_iter()
            .map(|text| text.parse().unwrap())
            .collect();
        let names = Names::new("pc", []).and(&added);
        assert!(names.dns().contains("photos.clinic.example"));
        let kept: Vec<String> = names.addresses().iter().map(ToString::to_string).collect();
        assert_eq!(kept, ["10.1.2.3", "127.0.0.1", "::1"]);
    }
}
