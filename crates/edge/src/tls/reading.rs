//! Reads the content of a certificate into our own types.

use std::collections::BTreeSet;
use std::net::IpAddr;

use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::TlsError;

/// The part of a certificate that decisions here need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) not_before: i64,
    pub(super) not_after: i64,
    pub(super) dns: BTreeSet<String>,
    pub(super) addresses: BTreeSet<IpAddr>,
    /// DNS names the certificate's holder may issue for, when it is an authority.
    pub(super) permitted_dns: BTreeSet<String>,
    /// The public key with its algorithm, in DER.
    pub(super) public_key: Vec<u8>,
    /// The key's identifier, when the certificate states it.
    pub(super) own_key: Option<Vec<u8>>,
    /// The issuer's key's identifier, when the certificate states it.
    pub(super) issuer_key: Option<Vec<u8>>,
}

/// Reads a certificate in DER.
pub(super) fn read(der: &[u8]) -> Result<Facts, TlsError> {
    let (rest, certificate) =
        X509Certificate::from_der(der).map_err(|error| TlsError::Certificate(error.to_string()))?;
    if !rest.is_empty() {
        return Err(TlsError::Certificate("bytes follow it".to_owned()));
    }
    let mut facts = Facts {
        not_before: certificate.validity().not_before.timestamp(),
        not_after: certificate.validity().not_after.timestamp(),
        dns: BTreeSet::new(),
        addresses: BTreeSet::new(),
        permitted_dns: BTreeSet::new(),
        public_key: certificate.public_key().raw.to_vec(),
        own_key: None,
        issuer_key: None,
    };
    for extension in certificate.extensions() {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "foreign enum, of which four extensions matter"
        )]
        match extension.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(names) => {
                for name in &names.general_names {
                    facts.add_name(name);
                }
            }
            ParsedExtension::NameConstraints(constraints) => {
                for subtree in constraints.permitted_subtrees.iter().flatten() {
                    if let GeneralName::DNSName(name) = subtree.base {
                        facts.permitted_dns.insert(name.to_owned());
                    }
                }
            }
            ParsedExtension::SubjectKeyIdentifier(key) => facts.own_key = Some(key.0.to_vec()),
            ParsedExtension::AuthorityKeyIdentifier(key) => {
                facts.issuer_key = key.key_identifier.as_ref().map(|key| key.0.to_vec());
            }
            _ => {}
        }
    }
    Ok(facts)
}

impl Facts {
    fn add_name(&mut self, name: &GeneralName<'_>) {
        if let GeneralName::DNSName(name) = name {
            self.dns.insert(name.to_ascii_lowercase());
        } else if let GeneralName::IPAddress(bytes) = name {
            let address = <[u8; 4]>::try_from(*bytes)
                .map(IpAddr::from)
                .or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from));
            self.addresses.extend(address);
        }
    }
}
