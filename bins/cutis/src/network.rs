//! The names and addresses under which this computer is reached, and what happens when they change (W6).

use std::sync::Arc;
use std::time::Duration;

use cutis_domain::{Clock, Timestamp};
use cutis_edge::middleware::AllowedHosts;
use cutis_edge::tls::{AddedName, Names, valid_form};
use cutis_vault::Vault;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::host::Here;
use crate::tls::{Certificates, Renamed};

/// How often the computer's names and addresses are checked.
const LOOK: Duration = Duration::from_secs(2);

/// Asks the computer.
pub type Network = Arc<dyn Fn() -> Here + Send + Sync>;

/// Something about names that is told on the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The computer's name cannot be used in a certificate.
    Odd {
        /// The computer's name.
        host: String,
        /// Where it is reached.
        at: String,
    },
    /// The names differ from those that devices know.
    Renamed {
        /// The names under which it is no longer reached.
        gone: Vec<String>,
        /// Where it is reached now.
        at: String,
    },
    /// The authority may not issue certificates for these names.
    Uncovered {
        /// Names.
        names: Vec<String>,
        /// Where it is reached without a warning.
        at: String,
    },
    /// There are new addresses.
    Moved {
        /// The new addresses.
        at: Vec<String>,
    },
}

impl Told {
    /// For a program that reads the terminal.
    pub fn json(&self) -> String {
        let told = match self {
            Self::Odd { host, at } => json!({ "event": "host_name", "host": host, "address": at }),
            Self::Renamed { gone, at } => json!({ "event": "renamed", "gone": gone, "address": at }),
            Self::Uncovered { names, at } => {
                json!({ "event": "not_in_certificate", "names": names, "address": at })
            }
            Self::Moved { at } => json!({ "event": "addresses", "addresses": at }),
        };
        told.to_string()
    }
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Odd { host, at } => write!(
                f,
                "This computer's name, {host:?}, cannot be used in a certificate. Devices reach Cutis at {at}."
            ),
            Self::Renamed { gone, at } => write!(
                f,
                "Cutis can no longer be reached as {}, because this computer's name or one given with --name \
                 has changed. On each device open {at} and change the bookmark. Devices still trust this \
                 server: nothing has to be installed again.",
                gone.join(" or ")
            ),
            Self::Uncovered { names, at } => write!(
                f,
                "Browsers warn when Cutis is opened as {}: its certificate authority was made for other names. Open \
                 {at} instead. If devices reach it through a reverse proxy with its own certificate, \
                 there is nothing to do.",
                names.join(" or ")
            ),
            Self::Moved { at } => write!(f, "Cutis can now be reached at {} too.", at.join(" and ")),
        }
    }
}

/// Where the server is reached, kept up to date.
pub struct Reached {
    network: Network,
    added: Vec<AddedName>,
    here: Here,
    names: Names,
    hosts: AllowedHosts,
    https_port: u16,
    certificates: Certificates,
    vault: Arc<Vault>,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Reached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reached")
            .field("here", &self.here)
            .finish_non_exhaustive()
    }
}

/// What [`Reached`] is built from.
pub(crate) struct Beginning {
    pub(crate) network: Network,
    pub(crate) added: Vec<AddedName>,
    /// HTTPS first.
    pub(crate) ports: [u16; 2],
    pub(crate) vault: Arc<Vault>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Reached {
    /// Finds out this computer's names and addresses, and loads the certificates for them.
    ///
    /// # Errors
    /// When they cannot be read, made or written.
    pub(crate) fn begin(
        beginning: Beginning,
        load: impl FnOnce(&Names, Timestamp) -> anyhow::Result<Certificates>,
    ) -> anyhow::Result<Self> {
        let Beginning {
            network,
            added,
            ports,
            vault,
            clock,
        } = beginning;
        let here = look(&network);
        let names = Names::new(&here.host, here.addresses.iter().copied()).and(&added);
        let certificates = load(&names, clock.now())?;
        let hosts = AllowedHosts::of(&names, ports).and(added.iter().cloned());
        Ok(Self {
            network,
            added,
            here,
            names,
            hosts,
            https_port: ports[0],
            certificates,
            vault,
            clock,
        })
    }

    /// The names under which requests are accepted; every clone is kept up to date.
    pub const fn hosts(&self) -> &AllowedHosts {
        &self.hosts
    }

    /// The certificates.
    pub const fn certificates(&self) -> &Certificates {
        &self.certificates
    }

    /// Where other computers reach the server, without addresses of IPv6.
    pub fn on_the_network(&self) -> Vec<String> {
        let mut found = self.hosts.working();
        let own: Vec<String> = if self.is_alone() {
            self.names.dns().iter().map(|name| self.at(name)).collect()
        } else {
            vec![self.at("localhost")]
        };
        let added = |address: &String| self.added.iter().any(|added| address.contains(added.host()));
        found.retain(|address| {
            let here = own.contains(address) || *address == self.at("127.0.0.1");
            (!here || added(address)) && !address.contains('[')
        });
        found
    }

    /// Whether only this computer itself can reach the server.
    fn is_alone(&self) -> bool {
        self.here.addresses.is_empty()
    }

    fn at(&self, name: &str) -> String {
        format!("https://{name}:{}", self.https_port)
    }

    /// The address that works on every device of the network, or here.
    fn best(&self) -> String {
        let local = self.names.local().filter(|_| !self.is_alone());
        self.at(&local.unwrap_or_else(|| "localhost".to_owned()))
    }

    /// The messages about names at the start.
    pub fn told(&self) -> Vec<Told> {
        let (host, at) = (self.here.host.trim().to_owned(), self.best());
        let odd = (valid_form(&host) != host.to_lowercase()).then_some(Told::Odd { host, at });
        odd.into_iter()
            .chain(self.renamed())
            .chain(self.uncovered())
            .collect()
    }

    fn renamed(&self) -> Option<Told> {
        let Renamed { gone } = self.certificates.renamed.as_ref()?;
        Some(Told::Renamed {
            gone: gone.iter().cloned().collect(),
            at: self.best(),
        })
    }

    fn uncovered(&self) -> Option<Told> {
        let names: Vec<String> = self
            .certificates
            .authority
            .uncovered(&self.names)
            .into_iter()
            .collect();
        (!names.is_empty()).then(|| Told::Uncovered {
            names,
            at: self.best(),
        })
    }

    /// Checks whether this computer has a new name or new addresses, and starts using them: requests under them are
    /// accepted at once, and new connections get a certificate with them. Open connections stay open. Returns the
    /// messages about it.
    pub fn look(&mut self) -> Vec<Told> {
        let here = look(&self.network);
        if here == self.here {
            return Vec::new();
        }
        let names = Names::new(&here.host, here.addresses.iter().copied()).and(&self.added);
        let renamed = here.host != self.here.host;
        let new = names.addresses().difference(self.names.addresses());
        let new: Vec<String> = new
            .filter(|address| address.is_ipv4())
            .map(|address| self.at(&address.to_string()))
            .collect();
        (self.here, self.names) = (here, names);
        self.hosts.replace(&self.names);
        self.certificates.renamed = None;
        self.renew();
        let mut told = if renamed { self.told() } else { Vec::new() };
        if !new.is_empty() {
            told.push(Told::Moved { at: new });
        }
        told
    }

    /// Issues a new certificate if the present one lacks a name, or ends soon (W2).
    pub fn renew(&mut self) {
        match self
            .certificates
            .renew(&self.vault, &self.names, self.clock.now())
        {
            Ok(true) => tracing::info!("the server's certificate was renewed"),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the server's certificate could not be renewed"),
        }
    }

    /// Checks every two seconds until `stop`, and every quarter of an hour whether the certificate expires soon.
    pub(crate) async fn watch(mut self, stop: CancellationToken, tell: Arc<dyn Fn(&Told) + Send + Sync>) {
        let looks = 15 * 60 / LOOK.as_secs();
        let mut looked = 0;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK) => {}
            }
            for told in self.look() {
                tracing::info!("{told}");
                tell(&told);
            }
            looked += 1;
            if looked >= looks {
                looked = 0;
                self.renew();
            }
        }
    }
}

fn look(network: &Network) -> Here {
    let mut here = network();
    here.addresses.sort_unstable();
    here.addresses.dedup();
    here
}
