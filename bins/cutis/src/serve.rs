//! Serving: open the practice, listen, stop in order.

use std::net::{IpAddr, TcpListener};
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
use cutis_edge::tls::{Names, server_config};
use cutis_storage::ErrorKind;
use cutis_storage_sqlite::Neighbours;
use cutis_vault::Vault;
use cutis_web::{Assets, CacheClass, Encoding};
use tokio_util::sync::CancellationToken;

use crate::books::Books;
use crate::checkpoints::Notary;
use crate::data::{DataDir, Lock};
use crate::host;
use crate::opening;
use crate::tls::Certificates;
use crate::upkeep::{Housekeeper, recall};
use crate::wire::{self, Opened, Surroundings};

/// How often it is looked whether what notices tell of is gone.
const GLANCE: Duration = Duration::from_mins(1);
/// After so many glances certificates and addresses are looked at again, and it is seen what is due.
const UPKEEP: u32 = 15;

/// A server that runs.
pub struct Serving {
    /// The practice behind it.
    pub opened: Opened,
    /// Its port for HTTPS.
    pub https_port: u16,
    /// Its port for plain HTTP, which only redirects.
    pub plain_port: u16,
    /// Addresses under which other computers reach it; none when it listens on loopback only.
    pub addresses: Vec<IpAddr>,
    /// The authority's fingerprint, to be compared before it is trusted.
    pub fingerprint: String,
    /// Whether it listens on this computer only.
    local: bool,
    running: Running,
    certificates: Certificates,
    hosts: AllowedHosts,
    clock: Arc<dyn Clock>,
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
#[derive(Debug)]
pub struct Sockets {
    /// HTTPS.
    pub https: TcpListener,
    /// Plain HTTP.
    pub http: TcpListener,
    /// The host's name.
    pub host: String,
    /// The host's addresses.
    pub addresses: Vec<IpAddr>,
}

/// Opens the practice and begins to accept.
///
/// # Errors
/// When a part cannot be opened or started.
pub async fn start(data: &DataDir, surroundings: Surroundings, sockets: Sockets) -> anyhow::Result<Serving> {
    // Looked at first, so that a folder that is refused does not even get a lock.
    opening::examine(data, Neighbours::None)?;
    let lock = data.lock()?;
    let checkpoints = surroundings.checkpoints.clone();
    let (clock, entropy) = (Arc::clone(&surroundings.clock), Arc::clone(&surroundings.entropy));
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
    let names = Names::new(&sockets.host, sockets.addresses.iter().copied())?;
    let addresses = sockets.addresses;
    let certificates = Certificates::load(data, &opened.vault, &names, clock.now())?;
    let (local, https_port) = {
        let address = sockets.https.local_addr()?;
        (address.ip().is_loopback(), address.port())
    };
    let plain_port = sockets.http.local_addr()?.port();
    let hosts = AllowedHosts::of(&names, [https_port, plain_port]);
    let limits = Limits::default();
    let frame = frame_of(&clock, &entropy, hosts.clone(), limits.clone());
    let plain = edge(
        PlainSite::new(https_port, plain_port, &certificates.authority).router(),
        &frame,
    );
    let app = edge(
        application(opened.api.clone(), &certificates, [https_port, plain_port]),
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
        addresses,
        fingerprint,
        local,
        running,
        certificates,
        hosts,
        clock,
        housekeeper,
        books,
        _lock: lock,
    })
}

/// Completes destructions of keys that were cut short, and says so.
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
    /// Serves until `stop` is cancelled, looking after certificates meanwhile.
    ///
    /// # Errors
    /// When the end could not be recorded.
    pub async fn until(mut self, stop: CancellationToken) -> anyhow::Result<()> {
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
                self.keep_up();
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

    fn keep_up(&mut self) {
        // Who listens on this computer only shows it no other address, as at the start.
        let addresses = if self.local { Vec::new() } else { host::addresses() };
        let renewed = Names::new(&host::name(), addresses)
            .map_err(anyhow::Error::from)
            .and_then(|names| {
                self.hosts
                    .replace(AllowedHosts::listed(&names), [self.https_port, self.plain_port]);
                self.certificates
                    .renew(&self.opened.vault, &names, self.clock.now())
            });
        match renewed {
            Ok(true) => tracing::info!("the server's certificate was renewed"),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the server's certificate could not be renewed"),
        }
    }

    /// Stops: no new connections, requests in flight are answered, then the end is recorded.
    ///
    /// # Errors
    /// When the end could not be recorded.
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
