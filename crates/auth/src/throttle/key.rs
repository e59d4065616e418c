//! The keys under which failures are counted. A key does not name a person.

use std::net::IpAddr;

use cutis_domain::{AccountId, Digest};
use sha2::{Digest as _, Sha256};

const ADDRESS: &str = "address:";
const ACCOUNT: &str = "account:";

/// Whether a key is an address's.
pub(crate) fn is_address(key: &str) -> bool {
    key.starts_with(ADDRESS)
}

/// Whether a key is an account's.
pub(crate) fn is_account(key: &str) -> bool {
    key.starts_with(ACCOUNT)
}

/// The key of an account: the same whether by username or e-mail address.
pub(crate) fn of_account(id: AccountId) -> String {
    format!("{ACCOUNT}{id}")
}

/// The key of an unknown name, so that it is throttled like a known one.
pub(crate) fn of_unknown(login: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(login.as_bytes()).into();
    format!("unknown:{}", Digest::from_bytes(digest))
}

/// The key of an address. For IPv6, the first 64 bits, because the sender can choose the rest.
pub(crate) fn of_address(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => format!("{ADDRESS}{address}"),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{ADDRESS}{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A8: one key for all addresses a sender of IPv6 may choose from, others for others.
    #[test]
    fn a8_addresses() {
        let key = |text: &str| text.parse().map(of_address).expect("an address");
        assert_eq!(key("192.168.1.20"), key("::ffff:192.168.1.20"));
        assert_ne!(key("192.168.1.20"), key("192.168.1.21"));
        assert_eq!(key("2001:db8:0:1::5"), key("2001:db8:0:1:ffff::9"));
        assert_ne!(key("2001:db8:0:1::5"), key("2001:db8:0:2::5"));
    }

    /// G11: a name that was tried does not stand in the database.
    #[test]
    fn g11_a_key_names_nobody() {
        assert!(!of_unknown("anna.weber").contains("anna"));
        assert_ne!(of_unknown("anna"), of_unknown("anna.weber"));
    }
}
