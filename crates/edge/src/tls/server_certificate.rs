//! The certificate the server shows, issued by our authority or brought by the operator.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use zeroize::Zeroizing;

use super::reading::{self, Facts};
use super::{Authority, Fingerprint, Names, TlsError, provider};

/// A certificate of our own is replaced when it has this many seconds left: 30 days.
const RENEW_AT_SECONDS: i64 = 30 * 24 * 60 * 60;

/// A certificate chain with its private key, checked to belong together.
pub struct ServerCertificate {
    chain_pem: String,
    key_pem: Zeroizing<String>,
    certified: Arc<CertifiedKey>,
    leaf: CertificateDer<'static>,
    facts: Facts,
}

/// Why a server certificate should be issued again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReissueReason {
    /// It expires within 30 days, or has expired.
    Ending,
    /// Its validity hasn't begun: the clock was wrong when it was issued, or is wrong now.
    NotYetValid,
    /// The host has a name or an address that isn't in it. A name or address that is gone is not a reason: interfaces
    /// come and go, and the next certificate will leave it out.
    NamesChanged,
    /// Another authority issued it.
    OtherAuthority,
}

impl fmt::Debug for ServerCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ServerCertificate")
            .field("facts", &self.facts)
            .finish_non_exhaustive()
    }
}

impl ServerCertificate {
    /// Reads a chain (the server's certificate first) and its key: PKCS #8, PKCS #1 or SEC 1.
    ///
    /// # Errors
    ///
    /// [`TlsError::Pem`] and [`TlsError::Certificate`] when one can't be read, [`TlsError::Unusable`]
    /// when they don't belong together.
    pub fn from_pem(chain_pem: &str, key_pem: &str) -> Result<Self, TlsError> {
        let chain_error = |reason: String| TlsError::Pem {
            what: "certificate chain",
            reason,
        };
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(chain_pem.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|error| chain_error(error.to_string()))?;
        let leaf = chain
            .first()
            .cloned()
            .ok_or_else(|| chain_error("there is no certificate in it".to_owned()))?;
        let key = PrivateKeyDer::from_pem_slice(key_pem.as_bytes()).map_err(|error| TlsError::Pem {
            what: "key",
            reason: error.to_string(),
        })?;
        let facts = reading::read(&leaf)?;
        let certified = Arc::new(CertifiedKey::from_der(chain, key, &provider())?);
        Ok(Self {
            chain_pem: chain_pem.to_owned(),
            key_pem: Zeroizing::new(key_pem.to_owned()),
            certified,
            leaf,
            facts,
        })
    }

    /// The chain in PEM.
    pub fn chain_pem(&self) -> &str {
        &self.chain_pem
    }

    /// The private key in PEM.
    pub fn key_pem(&self) -> &str {
        &self.key_pem
    }

    /// The server certificate's fingerprint (not the authority's, which is what people compare).
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.leaf)
    }

    /// When it expires, in Unix seconds.
    pub fn expires_at(&self) -> i64 {
        self.facts.not_after
    }

    /// The names in it.
    pub fn dns(&self) -> &BTreeSet<String> {
        &self.facts.dns
    }

    /// Why this should be issued again by `authority`, if it should. For our own certificates only:
    /// one that the operator brought is the operator's to renew.
    pub fn reissue_reason(&self, authority: &Authority, names: &Names, now: i64) -> Option<ReissueReason> {
        if !authority.issued(&self.facts) {
            return Some(ReissueReason::OtherAuthority);
        }
        if now < self.facts.not_before {
            return Some(ReissueReason::NotYetValid);
        }
        if self.facts.not_after.saturating_sub(now) <= RENEW_AT_SECONDS {
            return Some(ReissueReason::Ending);
        }
        let has_all = authority.covered(names).is_subset(&self.facts.dns)
            && names.addresses().is_subset(&self.facts.addresses);
        (!has_all).then_some(ReissueReason::NamesChanged)
    }

    pub(super) fn certified(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.certified)
    }
}
