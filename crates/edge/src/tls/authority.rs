//! The installation's own certificate authority.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PublicKeyData, SanType,
};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use zeroize::Zeroizing;

use super::constraints;
use super::reading::{self, Facts};
use super::{Fingerprint, Names, ServerCertificate, TlsError};

const DAY: i64 = 24 * 60 * 60;
/// Ten years.
const AUTHORITY_DAYS: i64 = 3652;
/// Apple takes 825 at most from an authority that a person added; browsers mean to go lower.
const SERVER_DAYS: i64 = 397;
/// Tablets whose clocks are behind accept the certificate all the same.
const BACKDATED_DAYS: i64 = 1;

/// An authority that may issue for this installation's names and private addresses only.
///
/// Somebody who steals its key can impersonate this server to its own clients, but no other server to anybody.
pub struct Authority {
    certificate: CertificateDer<'static>,
    certificate_pem: String,
    key: KeyPair,
    facts: Facts,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Authority")
            .field("facts", &self.facts)
            .finish_non_exhaustive()
    }
}

/// Whether a text is one certificate in PEM and nothing more.
fn is_one_certificate(pem: &str) -> bool {
    let pem = pem.trim();
    pem.starts_with("-----BEGIN CERTIFICATE-----")
        && pem.ends_with("-----END CERTIFICATE-----")
        && pem.matches("-----BEGIN").count() == 1
        && pem.matches("-----END").count() == 1
}

impl Authority {
    /// A new authority: ECDSA P-256, ten years from `now`, path length 0, names constrained, for TLS servers
    /// and nothing else.
    ///
    /// # Errors
    ///
    /// [`TlsError::Clock`] or [`TlsError::Making`].
    pub fn create(names: &Names, now: i64) -> Result<Self, TlsError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::default();
        let day = Timestamp::from_second(now)
            .map_err(|_| TlsError::Clock(now))?
            .strftime("%Y-%m-%d");
        // The date keeps two authorities of one host apart in a device's list.
        params.distinguished_name = subject(&format!("Cutis authority {} {day}", names.host()));
        set_validity(&mut params, now, AUTHORITY_DAYS)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        // Programs other than browsers take an authority's purposes for the most that its certificates may have.
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.custom_extensions = vec![constraints::extension(names)];
        let certificate = params.self_signed(&key)?;
        Self::new(certificate.der().clone(), certificate.pem(), key)
    }

    /// The authority that [`Self::certificate_pem`] and [`Self::key_pem`] were taken from.
    ///
    /// # Errors
    ///
    /// [`TlsError::Pem`] or [`TlsError::Certificate`] when one of them can't be read, or when the
    /// certificate's text holds anything beside the one certificate.
    pub fn from_pem(certificate_pem: &str, key_pem: &str) -> Result<Self, TlsError> {
        // The text is handed to devices as it is. A second certificate in it would be trusted with the
        // first, and nobody compares its fingerprint.
        if !is_one_certificate(certificate_pem) {
            return Err(TlsError::Pem {
                what: "authority's certificate",
                reason: "the file holds something else too".to_owned(),
            });
        }
        let certificate =
            CertificateDer::from_pem_slice(certificate_pem.as_bytes()).map_err(|error| TlsError::Pem {
                what: "authority's certificate",
                reason: error.to_string(),
            })?;
        let key = KeyPair::from_pem(key_pem).map_err(|error| TlsError::Pem {
            what: "authority's key",
            reason: error.to_string(),
        })?;
        Self::new(certificate, certificate_pem.to_owned(), key)
    }

    fn new(
        certificate: CertificateDer<'static>,
        certificate_pem: String,
        key: KeyPair,
    ) -> Result<Self, TlsError> {
        let facts = reading::read(&certificate)?;
        if facts.public_key != key.subject_public_key_info() {
            return Err(TlsError::Certificate(
                "the authority's key doesn't belong to it".to_owned(),
            ));
        }
        Ok(Self {
            certificate,
            certificate_pem,
            key,
            facts,
        })
    }

    /// The certificate that clients are asked to trust, in PEM.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The same in DER.
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate
    }

    /// The private key in PEM, to be sealed by the caller at once.
    pub fn key_pem(&self) -> Zeroizing<String> {
        Zeroizing::new(self.key.serialize_pem())
    }

    /// The fingerprint that people compare before they trust the certificate.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.certificate)
    }

    /// When it expires, in Unix seconds.
    pub fn expires_at(&self) -> i64 {
        self.facts.not_after
    }

    /// The names for which it may issue no certificate: the host was renamed, or a name added, since it was made.
    /// Under these, browsers warn; only a new authority, which every device would have to trust, could change that.
    pub fn uncovered(&self, names: &Names) -> BTreeSet<String> {
        let (_, uncovered) = self.divided(names);
        uncovered
    }

    /// The names for which it may issue certificates.
    pub(super) fn covered(&self, names: &Names) -> BTreeSet<String> {
        let (covered, _) = self.divided(names);
        covered
    }

    fn divided(&self, names: &Names) -> (BTreeSet<String>, BTreeSet<String>) {
        let permitted = |name: &String| {
            self.facts.permitted_dns.iter().any(|tree| {
                name.strip_suffix(tree.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            })
        };
        names.dns().into_iter().partition(permitted)
    }

    /// Whether this authority issued a certificate that says so in its authority key identifier.
    pub(super) fn issued(&self, facts: &Facts) -> bool {
        facts.issuer_key.is_some() && facts.issuer_key == self.facts.own_key
    }

    /// A certificate for the server with a new key: 397 days, all addresses and every name that it may issue for,
    /// serverAuth.
    ///
    /// # Errors
    ///
    /// [`TlsError::NotCovered`] when the authority may not issue for any of the names, [`TlsError::Ended`] when it has
    /// expired; otherwise as [`Self::create`].
    pub fn issue(&self, names: &Names, now: i64) -> Result<ServerCertificate, TlsError> {
        let dns = self.covered(names);
        if dns.is_empty() {
            return Err(TlsError::NotCovered(names.host().to_owned()));
        }
        let issuer = Issuer::from_ca_cert_der(&self.certificate, &self.key)?;
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::new(dns.into_iter().collect::<Vec<_>>())?;
        params.subject_alt_names.extend(
            names
                .addresses()
                .iter()
                .map(|address| SanType::IpAddress(*address)),
        );
        params.distinguished_name = subject("Cutis server");
        let days = SERVER_DAYS.min(self.days_left(now));
        if days <= 0 {
            return Err(TlsError::Ended);
        }
        set_validity(&mut params, now, days)?;
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(&key, &issuer)?;
        let key_pem = Zeroizing::new(key.serialize_pem());
        ServerCertificate::from_pem(&certificate.pem(), &key_pem)
    }

    /// Whole days until the authority ends, so that no certificate outlives it.
    fn days_left(&self, now: i64) -> i64 {
        self.facts.not_after.saturating_sub(now).saturating_div(DAY)
    }
}

fn subject(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, "Cutis");
    name.push(DnType::CommonName, common_name);
    name
}

/// `days` in all, beginning a day before `now`.
fn set_validity(params: &mut CertificateParams, now: i64, days: i64) -> Result<(), TlsError> {
    let begin = now.saturating_sub(BACKDATED_DAYS.saturating_mul(DAY));
    // Both ends are part of the validity, hence one second less.
    let length = days.saturating_mul(DAY).saturating_sub(1);
    let since_1970 = u64::try_from(begin).map_err(|_| TlsError::Clock(now))?;
    // Beyond the year 9999 there are no certificates.
    if since_1970 > 250_000_000_000 {
        return Err(TlsError::Clock(now));
    }
    let length = u64::try_from(length).map_err(|_| TlsError::Clock(now))?;
    params.not_before = rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(since_1970);
    params.not_after = params.not_before + Duration::from_secs(length);
    Ok(())
}
