//! What the authority may issue for, as its certificate says it (RFC 5280, section 4.2.1.10).
//!
//! Written here because rcgen does not support URIs.

use std::collections::BTreeSet;
use std::net::IpAddr;

use rcgen::CustomExtension;
use yasna::{DERWriterSeq, Tag, construct_der};

use super::Names;
use super::names::PRIVATE;

/// The object identifier of name constraints.
const NAME_CONSTRAINTS: [u64; 4] = [2, 5, 29, 30];
/// Tags of a general name.
const MAIL: u64 = 1;
const DNS: u64 = 2;
const URI: u64 = 6;
const IP: u64 = 7;

/// A domain that never exists (RFC 2606). Mail and URI names are permitted below it, and so nowhere else, and
/// excluded below it: there are none that pass. An empty name would mean "all" to some readers only.
const NOWHERE: &str = ".invalid";

/// Critical: this host's name, names that were added to it, what is only ever local, and networks that are never routed; no mail, no URI.
pub(super) fn extension(names: &Names) -> CustomExtension {
    let mut dns: BTreeSet<&str> = [names.host(), "local", "localhost"].into();
    dns.extend(names.added());
    let networks = PRIVATE
        .iter()
        .filter_map(|(network, length)| Some(with_mask(network.parse().ok()?, *length)));
    let networks: Vec<Vec<u8>> = networks.collect();
    let content = construct_der(|writer| {
        writer.write_sequence(|writer| {
            subtrees(writer, 0, |writer| {
                for name in &dns {
                    subtree(writer, DNS, name.as_bytes());
                }
                for network in &networks {
                    subtree(writer, IP, network);
                }
                nowhere(writer);
            });
            subtrees(writer, 1, nowhere);
        });
    });
    let mut extension = CustomExtension::from_oid_content(&NAME_CONSTRAINTS, content);
    extension.set_criticality(true);
    extension
}

fn nowhere(writer: &mut DERWriterSeq<'_>) {
    subtree(writer, MAIL, NOWHERE.as_bytes());
    subtree(writer, URI, NOWHERE.as_bytes());
}

/// `[tag] IMPLICIT SEQUENCE OF GeneralSubtree`.
fn subtrees(writer: &mut DERWriterSeq<'_>, tag: u64, write: impl FnOnce(&mut DERWriterSeq<'_>)) {
    writer
        .next()
        .write_tagged_implicit(Tag::context(tag), |writer| writer.write_sequence(write));
}

/// A general name without a minimum and a maximum, which must not be used.
fn subtree(writer: &mut DERWriterSeq<'_>, tag: u64, name: &[u8]) {
    writer.next().write_sequence(|writer| {
        writer
            .next()
            .write_tagged_implicit(Tag::context(tag), |writer| writer.write_bytes(name));
    });
}

/// An address and its mask, one behind the other.
fn with_mask(network: IpAddr, length: u8) -> Vec<u8> {
    match network {
        IpAddr::V4(network) => {
            let mask = u32::MAX
                .checked_shl(32_u32.saturating_sub(length.into()))
                .unwrap_or(0);
            [network.octets(), mask.to_be_bytes()].concat()
        }
        IpAddr::V6(network) => {
            let mask = u128::MAX
                .checked_shl(128_u32.saturating_sub(length.into()))
                .unwrap_or(0);
            [network.octets(), mask.to_be_bytes()].concat()
        }
    }
}
