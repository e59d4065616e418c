//! Serving: open the practice, listen, stop in order.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use cutis_api::Api;
use cutis_audit::{Action, Event, Target};
use cutis_auth::Auth;
use cutis_domain::{Clock, Entropy, Ids, PatientId, RequestId, System};
use cutis_edge::limits::Limits;
use cutis_edge::middleware::{AllowedHosts, Edge, edge};
use cutis_edge::plain::PlainSite;
use cutis_edge::server::{Running, Server, Stopped};
use cutis_edge::spa::{Asset, Spa};
use cutis_edge::tls::{AddedName, server_config};
use cutis_storage::ErrorKind;
use cutis_storage_sqlite::Neighbours;
use cutis_vault::Vault;
use cutis_web::{Assets, CacheClass, Encoding};
use tokio_util::sync::CancellationToken;

use crate::books::Books;
use crate::checkpoints::Notary;
use crate::data::{DataDir, Lock};
use crate::host;
use crate::network::{Beginning, Network, Reached, Told};
use crate::opening;
use crate::tls::Certificates;
use crate::upkeep::{Housekeeper, recall};
use crate::wire::{self, Opened, Surroundings};

/// How often to check whether the causes of notices are gone.
const GLANCE: Duration = Duration::from_mins(1);
/// After how many of these checks the scheduled work is checked.
const UPKEEP: u32 = 15;

/// A server that runs.
pub struct Serving {
    /// The practice behind it.
    pub opened: Opened,
    /// Its port for HTTPS.
    pub https_port: u16,
    /// Its port for plain HTTP, which only redirects.
    pub plain_port: u16,
    /// Where other computers reach it.
    pub on_the_network: Vec<String>,
    /// Messages about names.
    pub told: Vec<Told>,
    /// The authority's fingerprint, to be compared before it is trusted.
    pub fingerprint: String,
    /// Names, addresses and certificates; nothing while they are watched.
    reached: Option<Reached>,
    running: Running,
    housekeeper: Housekeeper,
    books: Books,
    _lock: Lock,
}

impl std::fmt::Debug for Serving {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Serving")
            .field("https_port", &self.https_port)
            .finish_non_exhaustive()
    }
}

/// What is listened on.
pub struct Sockets {
    /// HTTPS.
    pub https: TcpListener,
    /// Plain HTTP.
    pub http: TcpListener,
    /// Tells this computer's names and addresses.
    pub network: Network,
    /// Names that were added on the command line.
    pub added: Vec<AddedName>,
}

impl std::fmt::Debug for Sockets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sockets")
            .field("https", &self.https)
            .finish_non_exhaustive()
    }
}

/// Opens the practice and starts to accept connections.
///
/// # Errors
/// When a part cannot be opened or started.
pub async fn start(data: &DataDir, surroundings: Surroundings, sockets: Sockets) -> anyhow::Result<Serving> {
    // Looked at first, so that a folder that is refused does not even get a lock.
    opening::examine(data, Neighbours::None)?;
    let lock = data.lock()?;
    let checkpoints = surroundings.checkpoints.clone();
    let (clock, entropy) = (Arc::clone(&surroundings.clock), Arc::clone(&surroundings.entropy));
    let caps = surroundings.caps;
    let opened = wire::open(data, Neighbours::None, surroundings).await?;
    let notary = Notary::new(&opened.vault, data.checkpoints(), checkpoints)?;
    let mut housekeeper = Housekeeper::new(
        opened.api.records.clone(),
        opened.store.clone(),
        opened.notices.clone(),
        notary,
        opened.beside.troubles.clone(),
        data.path().to_owned(),
    );
    for trouble in &opened.beside.troubles {
        tracing::warn!("{trouble}");
    }
    recall(
        &opened.notices,
        &opened.beside.recoveries,
        clock.now(),
        data.path(),
    );
    housekeeper.look();
    let https_port = sockets.https.local_addr()?.port();
    let plain_port = sockets.http.local_addr()?.port();
    let beginning = Beginning {
        network: sockets.network,
        added: sockets.added,
        ports: [https_port, plain_port],
        vault: Arc::clone(&opened.vault),
        clock: Arc::clone(&clock),
    };
    let reached = Reached::begin(beginning, |names, now| {
        Certificates::load(data, &opened.vault, names, now)
    })?;
    let certificates = reached.certificates();
    let limits = caps.edge();
    let frame = frame_of(&clock, &entropy, reached.hosts().clone(), limits.clone());
    let plain = edge(
        PlainSite::new(https_port, plain_port, &certificates.authority).router(),
        &frame,
    );
    let app = edge(
        application(opened.api.clone(), certificates, [https_port, plain_port]),
        &frame,
    );
    let tls = server_config(Arc::clone(&certificates.slot))?;
    let system = System::assertion();
    let mut events = vec![Event::new(Action::ServerStarted)];
    events.extend(destructions(&opened.vault)?);
    match opened.store.record(system.caller(), events).await {
        // Whoever looks after the disk must be able to see what is the matter.
        Err(error) if error.kind() == ErrorKind::Full => {
            tracing::error!(%error, "the start could not be recorded");
        }
        recorded => recorded?,
    }
    let running = Server::new(limits)
        .https(sockets.https, tls, app)
        .http(sockets.http, plain)
        .start()?;
    let fingerprint = certificates.authority.fingerprint().to_string();
    let books = Books::keep(opened.api.auth.clone(), Arc::clone(&opened.disk));
    Ok(Serving {
        opened,
        https_port,
        plain_port,
        on_the_network: reached.on_the_network(),
        told: reached.told(),
        fingerprint,
        reached: Some(reached),
        running,
        housekeeper,
        books,
        _lock: lock,
    })
}

/// Completes interrupted destructions of keys, and records that.
fn destructions(vault: &Vault) -> anyhow::Result<Vec<Event>> {
    let done = vault.finish_destructions()?;
    let of = |action, patients: Vec<PatientId>| {
        patients.into_iter().map(move |patient| {
            Event::new(action)
                .target(Target::Patient(patient))
                .patient(patient)
        })
    };
    let refused = of(Action::PatientKeyMarkRefused, done.refused).map(Event::refused);
    Ok(of(Action::PatientKeyDestroyed, done.completed)
        .chain(refused)
        .collect())
}

fn frame_of(clock: &Arc<dyn Clock>, entropy: &Arc<dyn Entropy>, hosts: AllowedHosts, limits: Limits) -> Edge {
    let ids = Ids::new(Arc::clone(clock), Arc::clone(entropy));
    Edge {
        new_request_id: Arc::new(move || ids.make::<RequestId>().to_string()),
        monotonic: Arc::new(host::stopwatch()),
        hosts,
        strict_transport: None,
        bodies: cutis_api::bodies(),
        limits,
    }
}

/// The API and the web client.
fn application(api: Api, certificates: &Certificates, [https_port, plain_port]: [u16; 2]) -> Router {
    let assets = Assets::embedded();
    let spa = Spa::new(move |path, accepted| {
        let encodings = [Encoding::Brotli, Encoding::Gzip];
        let encodings: Vec<_> = encodings
            .into_iter()
            .filter(|e| accepted.contains(&e.token()))
            .collect();
        assets.resolve(path, &encodings).map(|asset| Asset {
            encoding: asset.encoding().map(Encoding::token),
            media_type: asset.media_type().to_owned(),
            digest: asset.digest_tag(),
            immutable: matches!(asset.cache(), CacheClass::Immutable),
            bytes: asset.into_bytes().into_owned().into(),
        })
    });
    let site = PlainSite::new(https_port, plain_port, &certificates.authority);
    spa.fallback_of(cutis_api::router(api).merge(site.certificate_router()))
}

impl Serving {
    /// Serves until `stop` is cancelled, and keeps names and certificates up to date; messages about them go to `tell`.
    ///
    /// # Errors
    /// When the stop could not be recorded.
    pub async fn until(
        mut self,
        stop: CancellationToken,
        tell: Arc<dyn Fn(&Told) + Send + Sync>,
    ) -> anyhow::Result<()> {
        if let Some(reached) = self.reached.take() {
            #[expect(
                clippy::disallowed_methods,
                reason = "serves no request, and ends with the server"
            )]
            let watching = tokio::spawn(reached.watch(stop.clone(), tell));
            drop(watching);
        }
        self.keep_house().await;
        let mut glances = 0;
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(GLANCE) => {}
            }
            glances += 1;
            if glances < UPKEEP {
                self.housekeeper.look_again(&System::assertion()).await;
            } else {
                glances = 0;
                self.keep_house().await;
            }
        }
        self.finish().await
    }

    /// Does what is due: compares the stores with the rows, writes a checkpoint.
    pub async fn keep_house(&mut self) {
        // A checkpoint speaks for what is in the trail, so first everything gets there.
        settle(&self.opened.api.auth).await;
        self.housekeeper.keep_house(&System::assertion()).await;
    }

    /// Checks this computer's names and addresses now, as is done every two seconds; returns the messages about them.
    pub fn look_at_network(&mut self) -> Vec<Told> {
        self.reached.as_mut().map(Reached::look).unwrap_or_default()
    }

    /// Stops: accepts no new connections, answers the requests in flight, then records the stop.
    ///
    /// # Errors
    /// When the stop could not be recorded.
    pub async fn finish(mut self) -> anyhow::Result<()> {
        if self.running.stop().await == Stopped::CutOff {
            tracing::warn!("some requests were cut off while stopping");
        }
        self.books.close().await;
        settle(&self.opened.api.auth).await;
        let system = System::assertion();
        let stopped = vec![Event::new(Action::ServerStopped)];
        self.opened
            .store
            .record(system.caller(), stopped)
            .await
            .context("the end could not be recorded")?;
        self.housekeeper.note(system.caller()).await;
        Ok(())
    }
}

/// Writes what is only in memory.
async fn settle(auth: &Auth) {
    if let Err(error) = auth.settle().await {
        tracing::warn!(%error, "what is only in memory could not be written");
    }
}
