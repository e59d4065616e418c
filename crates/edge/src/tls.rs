//! The installation's certificate authority, the certificate it issues to the server, and TLS with it.
//!
//! Everything here works on bytes: callers read and write the files, and seal the authority's key. Time is a parameter,
//! in Unix seconds.

mod added;
mod authority;
mod constraints;
mod fingerprint;
mod names;
mod reading;
mod server_certificate;
mod slot;
mod valid_form;

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;

pub use added::{AddedName, NotAName};
pub use authority::Authority;
pub use fingerprint::Fingerprint;
pub use names::Names;
pub use server_certificate::{ReissueReason, ServerCertificate};
pub use slot::CertificateSlot;
pub use valid_form::valid_form;

/// Why a certificate could not be made, read or used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The given time is outside the range of certificates.
    #[error("the clock says {0} s since 1970, which no certificate can hold: correct the clock")]
    Clock(i64),
    /// A certificate or key isn't readable as PEM.
    #[error("the {what} is not readable as PEM: {reason}")]
    Pem {
        /// Which of the two.
        what: &'static str,
        /// What the reader said.
        reason: String,
    },
    /// A certificate can't be read.
    #[error("the certificate is not readable: {0}")]
    Certificate(String),
    /// Making a key or a certificate failed.
    #[error("the certificate could not be made")]
    Making(#[from] rcgen::Error),
    /// The authority may not issue certificates for any of these names.
    #[error("the authority was made for other host names than {0:?}: create a new authority")]
    NotCovered(String),
    /// The authority has expired.
    #[error("the certificate authority has expired: create a new one and have every device trust it")]
    Ended,
    /// A certificate and a key don't belong together, or TLS can't use them.
    #[error("the certificate and its key can't be used together")]
    Unusable(#[from] rustls::Error),
}

/// The one cryptographic provider. Suites of TLS 1.2 in it are all ECDHE with AEAD.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// TLS 1.3 and 1.2, HTTP/2 and HTTP/1.1, with whatever certificate is in the slot at the time.
///
/// # Errors
///
/// When the provider doesn't support these versions of TLS, which would be a fault in the build.
pub fn server_config(slot: Arc<CertificateSlot>) -> Result<Arc<ServerConfig>, TlsError> {
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
        .with_no_client_auth()
        .with_cert_resolver(slot);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests;
