//! The authority and its certificates, judged by other programs where there are any.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, Issuer, KeyPair, SanType};
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use x509_parser::prelude::{FromDer, ParsedExtension, X509Certificate};

use super::*;

/// 2026-11-22, noon.
const NOW: i64 = 1_795_348_800;
const DAY: i64 = 86_400;

fn names() -> Names {
    Names::new(
        "reception",
        ["192.168.7.20".parse().unwrap(), "fd00::20".parse().unwrap()],
    )
}

fn authority() -> Authority {
    Authority::create(&names(), NOW).unwrap()
}

fn der(certificate: &ServerCertificate) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(certificate.chain_pem().as_bytes()).unwrap()
}

/// A certificate for any name, signed by the authority's key as a thief of it would.
fn stolen(authority: &Authority, name: &str) -> String {
    let name = match name.parse() {
        Ok(address) => SanType::IpAddress(address),
        Err(_) => SanType::DnsName(name.try_into().unwrap()),
    };
    stolen_for(authority, vec![name], ExtendedKeyUsagePurpose::ServerAuth)
}

fn stolen_for(authority: &Authority, names: Vec<SanType>, purpose: ExtendedKeyUsagePurpose) -> String {
    let key = KeyPair::from_pem(&authority.key_pem()).unwrap();
    let issuer = Issuer::from_ca_cert_pem(authority.certificate_pem(), key).unwrap();
    let mut params = CertificateParams::default();
    params.subject_alt_names = names;
    params.not_before = rcgen::date_time_ymd(2026, 11, 1);
    params.not_after = rcgen::date_time_ymd(2027, 11, 1);
    params.extended_key_usages = vec![purpose];
    params.use_authority_key_identifier_extension = true;
    params
        .signed_by(&KeyPair::generate().unwrap(), &issuer)
        .unwrap()
        .pem()
}

fn webpki_accepts(authority: &Authority, leaf_pem: &str, name: &str, at: i64) -> Result<(), String> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate_der().to_vec().into()).unwrap();
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider())
        .build()
        .unwrap();
    let leaf = CertificateDer::from_pem_slice(leaf_pem.as_bytes()).unwrap();
    let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(u64::try_from(at).unwrap()));
    verifier
        .verify_server_cert(
            &leaf,
            &[],
            &ServerName::try_from(name.to_owned()).unwrap(),
            &[],
            at,
        )
        .map(drop)
        .map_err(|error| error.to_string())
}

/// C46: own names and addresses pass, others are refused although the authority signed them.
#[test]
fn clients_accept_our_names_and_refuse_a_thiefs() {
    let authority = authority();
    let own = authority.issue(&names(), NOW).unwrap();
    for name in [
        "localhost",
        "cutis.local",
        "reception",
        "reception.local",
        "192.168.7.20",
        "127.0.0.1",
        "fd00::20",
        "::1",
    ] {
        assert_eq!(
            webpki_accepts(&authority, own.chain_pem(), name, NOW),
            Ok(()),
            "{name}"
        );
    }
    assert!(webpki_accepts(&authority, own.chain_pem(), "192.168.7.21", NOW).is_err());
    for name in ["bank.example.com", "8.8.8.8", "local.example.com", "2001:db8::1"] {
        let refused = webpki_accepts(&authority, &stolen(&authority, name), name, NOW).unwrap_err();
        assert!(refused.contains("NameConstraint"), "{name}: {refused}");
    }
    // The thief's way works where the name is permitted, so the refusals above are the constraints'.
    assert_eq!(
        webpki_accepts(&authority, &stolen(&authority, "x.local"), "x.local", NOW),
        Ok(())
    );
}

/// What a certificate should carry only of names that its authority may never issue.
fn forbidden() -> Vec<SanType> {
    let mail = |text: &str| SanType::Rfc822Name(text.try_into().unwrap());
    let uri = |text: &str| SanType::URI(text.try_into().unwrap());
    vec![
        mail("doctor@bank.example.com"),
        mail("doctor@reception.local"),
        mail("doctor@x.invalid"),
        uri("https://bank.example.com/"),
        uri("https://reception.local/"),
        uri("https://x.invalid/"),
        uri("urn:uuid:018f3c5e-7b1a-7c3d-9a4b-000000000001"),
    ]
}

/// Judged by the `openssl` program for a purpose. Debian has it; without it this fails, as nothing else
/// here looks at the certificates with other eyes.
fn openssl_verifies(folder: &Path, authority: &Authority, leaf_pem: &str, purpose: &str) -> (bool, String) {
    let (root, leaf) = (folder.join("root.pem"), folder.join("leaf.pem"));
    for (path, text) in [(&root, authority.certificate_pem()), (&leaf, leaf_pem)] {
        let mut file = std::fs::File::create(path).unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    }
    let run = Command::new("openssl")
        .args([
            "verify",
            "-x509_strict",
            "-purpose",
            purpose,
            "-attime",
            &NOW.to_string(),
            "-CAfile",
        ])
        .args([root, leaf])
        .output();
    let output = run.expect("this test needs the openssl program: install the package openssl");
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

/// C46: the same judged by OpenSSL, in its strict mode.
#[test]
fn openssl_agrees() {
    let folder = tempfile::tempdir().unwrap();
    let authority = authority();
    let own = authority.issue(&names(), NOW).unwrap();
    let verify = |leaf: &str, purpose| openssl_verifies(folder.path(), &authority, leaf, purpose);
    let (accepted, said) = verify(own.chain_pem(), "sslserver");
    assert!(accepted, "{said}");
    for name in ["bank.example.com", "8.8.8.8"] {
        let (accepted, said) = verify(&stolen(&authority, name), "sslserver");
        assert!(
            !accepted && said.contains("permitted subtree violation"),
            "{name}: {said}"
        );
    }
}

/// Issue 6, 16: whoever steals the authority's key signs no mail, names no URI, and makes no certificate for
/// anything but a TLS server; OpenSSL and webpki agree.
#[test]
fn the_authority_is_for_tls_servers_only() {
    let folder = tempfile::tempdir().unwrap();
    let authority = authority();
    let local = || SanType::DnsName("x.local".try_into().unwrap());
    let verify = |leaf: &str, purpose| openssl_verifies(folder.path(), &authority, leaf, purpose);
    for name in forbidden() {
        let what = format!("{name:?}");
        let leaf = stolen_for(
            &authority,
            vec![local(), name],
            ExtendedKeyUsagePurpose::ServerAuth,
        );
        let (accepted, said) = verify(&leaf, "sslserver");
        assert!(!accepted, "{what}: {said}");
        let refused = webpki_accepts(&authority, &leaf, "x.local", NOW).expect_err(&what);
        assert!(refused.contains("NameConstraint"), "{what}: {refused}");
    }
    let purposes = [
        ("sslserver", ExtendedKeyUsagePurpose::ServerAuth, true),
        ("sslclient", ExtendedKeyUsagePurpose::ClientAuth, false),
        ("smimesign", ExtendedKeyUsagePurpose::EmailProtection, false),
        ("timestampsign", ExtendedKeyUsagePurpose::TimeStamping, false),
    ];
    for (purpose, usage, good) in purposes {
        let leaf = stolen_for(&authority, vec![local()], usage);
        let (accepted, said) = verify(&leaf, purpose);
        assert_eq!(accepted, good, "{purpose}: {said}");
    }
    let (_, parsed) = X509Certificate::from_der(authority.certificate_der()).unwrap();
    let usage = parsed.extended_key_usage().unwrap().unwrap().value;
    assert!(usage.server_auth && !usage.any && !usage.client_auth && !usage.email_protection);
    let usage = parsed.key_usage().unwrap().unwrap().value;
    assert!(usage.key_cert_sign() && !usage.crl_sign());
}

/// W2, C46: ten years, path length 0, critical constraints.
#[test]
fn the_authority_is_what_it_should_be() {
    let authority = authority();
    let (_, parsed) = X509Certificate::from_der(authority.certificate_der()).unwrap();
    let years = (parsed.validity().not_after.timestamp() - NOW) / (365 * DAY);
    assert_eq!(years, 10);
    let basic = parsed.basic_constraints().unwrap().unwrap();
    assert!(basic.critical && basic.value.ca);
    assert_eq!(basic.value.path_len_constraint, Some(0));
    let constraints = parsed.name_constraints().unwrap().unwrap();
    assert!(constraints.critical);
    assert_eq!(
        constraints.value.permitted_subtrees.as_ref().unwrap().len(),
        3 + 8 + 2
    );
    assert_eq!(constraints.value.excluded_subtrees.as_ref().unwrap().len(), 2);
    assert!(parsed.subject().to_string().contains("reception 2026-11-22"));
    assert_eq!(authority.fingerprint(), Fingerprint::of(parsed.as_raw()));
}

/// W2, C46: what Apple asks for, and never longer than 397 days.
#[test]
fn the_server_certificate_is_what_it_should_be() {
    let authority = authority();
    let own = der(&authority.issue(&names(), NOW).unwrap());
    let (_, parsed) = X509Certificate::from_der(&own).unwrap();
    let (begin, end) = (
        parsed.validity().not_before.timestamp(),
        parsed.validity().not_after.timestamp(),
    );
    assert_eq!(end - begin + 1, 397 * DAY);
    assert!(begin < NOW && !parsed.is_ca());
    let usage = parsed.extended_key_usage().unwrap().unwrap();
    assert!(usage.value.server_auth && !usage.value.client_auth && !usage.value.any);
    assert!(parsed.subject_alternative_name().unwrap().is_some());
    let issuer_named = parsed
        .extensions()
        .iter()
        .any(|e| matches!(e.parsed_extension(), ParsedExtension::AuthorityKeyIdentifier(_)));
    assert!(issuer_named);
}

/// W2: reissued when addresses change or 30 days are left, and not otherwise.
#[test]
fn a_certificate_is_reissued_when_it_must_be() {
    let authority = authority();
    let own = authority.issue(&names(), NOW).unwrap();
    let reason = |names: &Names, now| own.reissue_reason(&authority, names, now);
    assert_eq!(reason(&names(), NOW), None);
    assert_eq!(reason(&names(), own.expires_at() - 30 * DAY - 1), None);
    assert_eq!(
        reason(&names(), own.expires_at() - 30 * DAY),
        Some(ReissueReason::Ending)
    );
    assert_eq!(
        reason(&names(), own.expires_at() + DAY),
        Some(ReissueReason::Ending)
    );
    assert_eq!(reason(&names(), NOW - 2 * DAY), Some(ReissueReason::NotYetValid));
    let moved = Names::new("reception", ["192.168.7.21".parse().unwrap()]);
    assert_eq!(reason(&moved, NOW), Some(ReissueReason::NamesChanged));
    let fewer = Names::new("reception", ["192.168.7.20".parse().unwrap()]);
    assert_eq!(
        reason(&fewer, NOW),
        None,
        "an interface that is gone makes no certificate wrong"
    );
    let renamed = Names::new("surgery", names().addresses().iter().copied());
    assert_eq!(reason(&renamed, NOW), Some(ReissueReason::NamesChanged));
    let issued = authority.issue(&renamed, NOW).unwrap();
    assert_eq!(
        issued.reissue_reason(&authority, &renamed, NOW),
        None,
        "not for a name that it may not have"
    );
    let other = Authority::create(&names(), NOW).unwrap();
    assert_eq!(
        own.reissue_reason(&other, &names(), NOW),
        Some(ReissueReason::OtherAuthority)
    );
}

#[test]
fn an_authority_survives_its_files() {
    let first = authority();
    let again = Authority::from_pem(first.certificate_pem(), &first.key_pem()).unwrap();
    assert_eq!(again.fingerprint(), first.fingerprint());
    let own = again.issue(&names(), NOW).unwrap();
    assert_eq!(
        webpki_accepts(&first, own.chain_pem(), "cutis.local", NOW),
        Ok(())
    );
    assert_eq!(own.reissue_reason(&first, &names(), NOW), None);
    let kept = ServerCertificate::from_pem(own.chain_pem(), own.key_pem()).unwrap();
    assert_eq!(kept.fingerprint(), own.fingerprint());
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let (one, two) = (authority(), authority());
    assert!(matches!(
        Authority::from_pem(one.certificate_pem(), &two.key_pem()),
        Err(TlsError::Certificate(_))
    ));
    let (first, second) = (
        one.issue(&names(), NOW).unwrap(),
        one.issue(&names(), NOW).unwrap(),
    );
    assert!(matches!(
        ServerCertificate::from_pem(first.chain_pem(), second.key_pem()),
        Err(TlsError::Unusable(_))
    ));
    assert!(matches!(
        ServerCertificate::from_pem("", first.key_pem()),
        Err(TlsError::Pem { .. })
    ));
    assert!(matches!(
        ServerCertificate::from_pem(first.chain_pem(), "x"),
        Err(TlsError::Pem { .. })
    ));
}

#[test]
fn an_authority_leaves_out_names_it_was_not_made_for_and_refuses_times_it_does_not_cover() {
    let authority = authority();
    let renamed = Names::new("surgery", []);
    assert!(authority.uncovered(&names()).is_empty());
    assert_eq!(Vec::from_iter(authority.uncovered(&renamed)), ["surgery"]);
    // W6: the devices' trust holds under every other name.
    let issued = authority.issue(&renamed, NOW).unwrap();
    for name in ["surgery.local", "cutis.local", "localhost", "127.0.0.1"] {
        assert_eq!(
            webpki_accepts(&authority, issued.chain_pem(), name, NOW),
            Ok(()),
            "{name}"
        );
    }
    assert!(webpki_accepts(&authority, issued.chain_pem(), "surgery", NOW).is_err());
    // One that was given when the authority was made is its own.
    let added: AddedName = "photos.clinic.example".parse().unwrap();
    let with = Names::new("reception", []).and(&[added]);
    assert_eq!(
        Vec::from_iter(authority.uncovered(&with)),
        ["photos.clinic.example"]
    );
    let wide = Authority::create(&with, NOW).unwrap();
    let issued = wide.issue(&with, NOW).unwrap();
    assert_eq!(
        webpki_accepts(&wide, issued.chain_pem(), "photos.clinic.example", NOW),
        Ok(())
    );
    assert!(matches!(
        authority.issue(&names(), authority.expires_at()),
        Err(TlsError::Ended)
    ));
    let last = authority
        .issue(&names(), authority.expires_at() - 100 * DAY)
        .unwrap();
    assert!(last.expires_at() <= authority.expires_at());
    for clock in [-1, 0, i64::MAX] {
        assert!(
            matches!(Authority::create(&names(), clock), Err(TlsError::Clock(_))),
            "{clock}"
        );
    }
}

/// W2: own certificates can be brought, whole chain and all.
#[test]
fn a_chain_that_was_brought_is_served_whole() {
    let authority = authority();
    let own = authority.issue(&names(), NOW).unwrap();
    let chain = format!("{}{}", own.chain_pem(), authority.certificate_pem());
    let brought = ServerCertificate::from_pem(&chain, own.key_pem()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(own.key_pem().as_bytes()).unwrap();
    assert!(CertifiedKey::from_der(vec![der(&own)], key, &provider()).is_ok());
    assert_eq!(brought.certified().cert.len(), 2);
}

/// U4, issue 6, 13: a certificate added to the authority's file would be handed to every device with it.
#[test]
fn the_authoritys_file_holds_one_certificate() {
    let (ours, theirs) = (authority(), authority());
    let key = ours.key_pem();
    let text = ours.certificate_pem();
    assert!(Authority::from_pem(&format!("{text}\n"), &key).is_ok());
    for added in [
        format!("{text}{}", theirs.certificate_pem()),
        format!("{}{text}", theirs.certificate_pem()),
        format!("{text}-----BEGIN TRUSTED CERTIFICATE-----\nAAAA\n-----END TRUSTED CERTIFICATE-----\n"),
        format!("note\n{text}"),
    ] {
        assert!(
            matches!(Authority::from_pem(&added, &key), Err(TlsError::Pem { .. })),
            "{added}"
        );
    }
}
