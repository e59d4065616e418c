//! The installation's certificates: created at the first start, kept in the data directory, private keys
//! sealed by the vault (W2).

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use cutis_domain::Timestamp;
use cutis_edge::tls::{Authority, CertificateSlot, Names, ReissueReason, ServerCertificate};
use cutis_vault::{Vault, durable};

use crate::data::DataDir;

/// The authority and the certificate that the server shows.
#[derive(Debug)]
pub struct Certificates {
    /// Issues the server's certificate.
    pub authority: Authority,
    /// The certificate in use; replaced without a restart.
    pub slot: Arc<CertificateSlot>,
    /// Names that were in the previous certificate and are no longer the computer's.
    pub renamed: Option<Renamed>,
    current: ServerCertificate,
    data: DataDir,
}

/// The computer was renamed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The names under which it is no longer reached.
    pub gone: BTreeSet<String>,
}

impl Renamed {
    /// What changed from one certificate to these names, if any name is gone.
    fn between(before: &ServerCertificate, names: &Names) -> Option<Self> {
        let gone: BTreeSet<String> = before.dns().difference(&names.dns()).cloned().collect();
        (!gone.is_empty()).then_some(Self { gone })
    }
}

const AUTHORITY_KEY: &str = "certificate authority key";
const SERVER_KEY: &str = "server certificate key";

impl Certificates {
    /// Loads the certificates and creates what is missing; issues the server's again if it lacks one of these names or
    /// is about to expire. An existing authority is kept, because every device trusts it: names that it may not issue
    /// for are left out (W6).
    ///
    /// # Errors
    /// When they cannot be read, made or written.
    pub fn load(data: &DataDir, vault: &Vault, names: &Names, now: Timestamp) -> anyhow::Result<Self> {
        durable::create_dir(&data.tls()).context("the folder for certificates cannot be created")?;
        let authority = match load_authority(data, vault)? {
            Some(authority) => authority,
            None => make_authority(data, vault, names, now)?,
        };
        let before = load_server(data, vault)?;
        let renamed = before.as_ref().and_then(|before| Renamed::between(before, names));
        let current = match before {
            Some(current)
                if current
                    .reissue_reason(&authority, names, now.as_seconds())
                    .is_none() =>
            {
                current
            }
            _ => issue(data, vault, &authority, names, now)?,
        };
        let slot = CertificateSlot::new(&current);
        Ok(Self {
            authority,
            slot,
            renamed,
            current,
            data: data.clone(),
        })
    }

    /// Issues a new server certificate if the names changed or the old one expires soon (W2); returns whether it did.
    ///
    /// # Errors
    /// When it cannot be made or written; the old one stays in use.
    pub fn renew(&mut self, vault: &Vault, names: &Names, now: Timestamp) -> anyhow::Result<bool> {
        if self
            .current
            .reissue_reason(&self.authority, names, now.as_seconds())
            .is_none()
        {
            return Ok(false);
        }
        let issued = issue(&self.data, vault, &self.authority, names, now)?;
        self.renamed = Renamed::between(&self.current, names);
        self.current = issued;
        self.slot.replace(&self.current);
        Ok(true)
    }
}

/// Checks the certificates as they are on the disk: that both pairs are complete, that their keys can be opened and
/// fit, and that the authority issued the server's. Returns their state in words.
///
/// # Errors
/// What is wrong with them.
pub fn inspect(data: &DataDir, vault: &Vault, now: Timestamp) -> anyhow::Result<String> {
    for (certificate, key) in [AUTHORITY_FILES, SERVER_FILES] {
        let there = |name: &str| data.tls().join(name).exists();
        if there(certificate) != there(key) {
            let (there, missing) = if there(key) {
                (key, certificate)
            } else {
                (certificate, key)
            };
            anyhow::bail!("{there} exists, but {missing} is missing");
        }
    }
    let Some(authority) = load_authority(data, vault)? else {
        return Ok("none yet; they are created at the next start".to_owned());
    };
    let Some(server) = load_server(data, vault)? else {
        return Ok("the authority is intact; the server's own is created at the next start".to_owned());
    };
    let names = Names::new(&crate::host::name(), crate::host::addresses());
    match server.reissue_reason(&authority, &names, now.as_seconds()) {
        Some(ReissueReason::OtherAuthority) => {
            anyhow::bail!("the server's certificate was issued by another authority")
        }
        Some(ReissueReason::Ending) => {
            Ok("intact; the server's expires within 30 days and is renewed when Cutis runs".to_owned())
        }
        Some(ReissueReason::NotYetValid) => {
            Ok("intact, but the server's is not valid yet: check this computer's clock".to_owned())
        }
        // Which of its addresses the computer is reached at, only a server that runs knows.
        Some(ReissueReason::NamesChanged) => Ok(
            "intact, and their keys can be opened; not made for every address of this computer".to_owned(),
        ),
        None => Ok("intact, and their keys can be opened".to_owned()),
    }
}

fn read(path: &Path) -> anyhow::Result<Option<Vec<u8>>> {
    match durable::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

fn load_pair(
    data: &DataDir,
    vault: &Vault,
    (certificate, key): (&str, &str),
    purpose: &str,
) -> anyhow::Result<Option<(String, String)>> {
    let (certificate, key) = (data.tls().join(certificate), data.tls().join(key));
    let Some((pem, sealed)) = read(&certificate)?.zip(read(&key)?) else {
        return Ok(None);
    };
    let opened = vault.open_secret(purpose, b"", &sealed).with_context(|| {
        format!(
            "{} cannot be opened; remove it and its certificate to have new ones created",
            key.display()
        )
    })?;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).context("a certificate file is not text");
    Ok(Some((text(pem)?, text(opened.expose().clone())?)))
}

fn store_pair(
    data: &DataDir,
    vault: &Vault,
    (certificate, key): (&str, &str),
    purpose: &str,
    (pem, key_pem): (&str, &str),
) -> anyhow::Result<()> {
    let sealed = vault.seal_secret(purpose, b"", key_pem.as_bytes())?;
    // The key first: a certificate without a key would be created again, a key without one is harmless.
    let write = |name: &str, bytes: &[u8]| {
        let path = data.tls().join(name);
        durable::write(&path, bytes, durable::PRIVATE_FILE)
            .with_context(|| format!("{} cannot be written", path.display()))
    };
    write(key, &sealed)?;
    write(certificate, pem.as_bytes())
}

const AUTHORITY_FILES: (&str, &str) = ("authority.pem", "authority.key.sealed");
const SERVER_FILES: (&str, &str) = ("server.pem", "server.key.sealed");

fn load_authority(data: &DataDir, vault: &Vault) -> anyhow::Result<Option<Authority>> {
    let pair = load_pair(data, vault, AUTHORITY_FILES, AUTHORITY_KEY)?;
    Ok(pair
        .map(|(pem, key)| Authority::from_pem(&pem, &key))
        .transpose()?)
}

fn load_server(data: &DataDir, vault: &Vault) -> anyhow::Result<Option<ServerCertificate>> {
    let pair = load_pair(data, vault, SERVER_FILES, SERVER_KEY)?;
    Ok(pair
        .map(|(pem, key)| ServerCertificate::from_pem(&pem, &key))
        .transpose()?)
}

fn make_authority(data: &DataDir, vault: &Vault, names: &Names, now: Timestamp) -> anyhow::Result<Authority> {
    let authority = Authority::create(names, now.as_seconds())?;
    let pems = (authority.certificate_pem(), authority.key_pem());
    store_pair(
        data,
        vault,
        AUTHORITY_FILES,
        AUTHORITY_KEY,
        (pems.0, pems.1.as_str()),
    )?;
    Ok(authority)
}

fn issue(
    data: &DataDir,
    vault: &Vault,
    authority: &Authority,
    names: &Names,
    now: Timestamp,
) -> anyhow::Result<ServerCertificate> {
    let issued = authority.issue(names, now.as_seconds())?;
    store_pair(
        data,
        vault,
        SERVER_FILES,
        SERVER_KEY,
        (issued.chain_pem(), issued.key_pem()),
    )?;
    Ok(issued)
}
