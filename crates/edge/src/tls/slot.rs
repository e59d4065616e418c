//! Where the running server finds its certificate, and where a new one is put.

use std::sync::{Arc, PoisonError, RwLock};

use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::ServerCertificate;

/// Holds the certificate that new connections are shown. Swapping it disturbs no open connection.
#[derive(Debug)]
pub struct CertificateSlot(RwLock<Arc<CertifiedKey>>);

impl CertificateSlot {
    /// Begins with this certificate.
    pub fn new(certificate: &ServerCertificate) -> Arc<Self> {
        Arc::new(Self(RwLock::new(certificate.certified())))
    }

    /// Shows this certificate from the next handshake on.
    pub fn replace(&self, certificate: &ServerCertificate) {
        // Assigning can't be interrupted half-way, so a poisoned lock still holds a whole certificate.
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = certificate.certified();
    }
}

impl ResolvesServerCert for CertificateSlot {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}
