//! `cutis serve`.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use cutis_auth::Cost;
use cutis_domain::Secret;
use cutis_edge::tls::AddedName;
use serde_json::json;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::{At, say};
use crate::caps::Caps;
use crate::confinement::{Reached, notice};
use crate::darkroom::Workers;
use crate::data::DataDir;
use crate::disk::{self, RESERVE};
use crate::host::{self, OsEntropy, SystemClock};
use crate::network::Told;
use crate::ports::Port;
use crate::serve::{Serving, Sockets, start};
use crate::wire::Surroundings;

/// The agreed port for HTTPS (W1).
pub(super) const HTTPS: u16 = 15045;
/// The agreed port for plain HTTP, which only redirects (W1).
pub(super) const HTTP: u16 = 15015;
/// The default reserve in mebibytes.
const RESERVE_MIB: u64 = RESERVE >> 20;
/// How long one password check should take, in milliseconds.
const PASSWORD_MILLIS: u32 = 250;

/// Where to listen.
#[derive(Debug, Args)]
pub struct Listen {
    /// Port for HTTPS: a number, `auto` for the next free one, or 0 for any free port.
    #[arg(long, env = "CUTIS_PORT", default_value = "15045")]
    port: Port,
    /// Port for plain HTTP (redirect, health, certificate page): a number, `auto` for the next free one, or 0 for any
    /// free port.
    #[arg(long, env = "CUTIS_HTTP_PORT", default_value = "15015")]
    http_port: Port,
    /// Address to listen on.
    #[arg(long, env = "CUTIS_BIND")]
    bind: Option<IpAddr>,
    /// An additional name under which devices reach Cutis, such as that of a router or a reverse proxy, with the port
    /// if devices have to type a different one. May be given more than once, or as a list with commas.
    #[arg(
        long = "name",
        env = "CUTIS_NAMES",
        value_name = "NAME[:PORT]",
        value_delimiter = ','
    )]
    names: Vec<AddedName>,
}

impl Listen {
    pub(super) fn sockets(&self, usual: Ipv4Addr) -> anyhow::Result<Sockets> {
        let address = self.bind.unwrap_or(IpAddr::V4(usual));
        if let (Port::Fixed(https), Port::Fixed(http)) = (self.port, self.http_port)
            && https == http
            && https != 0
        {
            anyhow::bail!("--port and --http-port are both {https}; give two different ports");
        }
        Ok(Sockets {
            https: self.port.listen(address, HTTPS, "--port")?,
            http: self.http_port.listen(address, HTTP, "--http-port")?,
            // Who listens on this computer only shows it no address on a network.
            network: Arc::new(move || {
                let mut here = host::network();
                if address.is_loopback() {
                    here.addresses.clear();
                }
                here
            }),
            added: self.names.clone(),
        })
    }
}

/// Serve a practice.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    listen: Listen,
    /// A second folder for checkpoints of the audit trail, ideally on another disk or computer. If it does not exist,
    /// the server starts and says so in a notice.
    #[arg(long, env = "CUTIS_CHECKPOINTS", value_name = "DIR")]
    checkpoints: Option<PathBuf>,
    /// MiB to keep in reserve for when the disk is full; 0 for none.
    #[arg(long, env = "CUTIS_RESERVE_MIB", value_name = "MIB", default_value_t = RESERVE_MIB,
        value_parser = clap::value_parser!(u64).range(0..=4096))]
    reserve: u64,
    /// Connections that may be open at once, all devices together. Each open page holds one.
    #[arg(long, env = "CUTIS_CONNECTIONS", value_name = "COUNT", default_value_t = 512,
        value_parser = clap::value_parser!(u32).range(16..=16384))]
    connections: u32,
    /// Connections of one device, or of everybody behind one router or reverse proxy.
    #[arg(long, env = "CUTIS_CONNECTIONS_PER_CLIENT", value_name = "COUNT", default_value_t = 64,
        value_parser = clap::value_parser!(u32).range(4..=16384))]
    connections_per_client: u32,
}

/// What a server works with, and how far its decode workers, which have been started, are confined.
pub(super) async fn prepared(
    data: &DataDir,
    reserve: u64,
    fatal: CancellationToken,
) -> anyhow::Result<(Surroundings, anyhow::Result<Reached>)> {
    let workers = workers()?;
    let reached = workers.prepare().await;
    let surroundings = Surroundings {
        darkroom: workers,
        ..surroundings(data, reserve, fatal)?
    };
    Ok((surroundings, reached))
}

fn workers() -> anyhow::Result<Arc<Workers>> {
    let program = std::env::current_exe().context("the path of the program cannot be determined")?;
    Ok(Workers::new(program))
}

/// What the program runs with on this folder, with this many bytes in reserve for a full disk.
pub(super) fn surroundings(
    data: &DataDir,
    reserve: u64,
    fatal: CancellationToken,
) -> anyhow::Result<Surroundings> {
    Ok(Surroundings {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(OsEntropy),
        cost: Cost::calibrate(&SystemClock, PASSWORD_MILLIS),
        darkroom: workers()?,
        checkpoints: None,
        reserve,
        probe: disk::probe_of(data.path()),
        caps: Caps::default(),
        on_fatal: Box::new(move |error| {
            tracing::error!(%error, "a change could not be made durable; stopping");
            fatal.cancel();
        }),
    })
}

impl Serve {
    pub(super) async fn run(self, json: bool) -> anyhow::Result<ExitCode> {
        // A start that finds its ports taken leaves no folder behind.
        let sockets = self.listen.sockets(Ipv4Addr::UNSPECIFIED)?;
        let data = DataDir::create(&self.at.data)?;
        let fatal = CancellationToken::new();
        let (mut surroundings, confined) = prepared(&data, self.reserve << 20, fatal.clone()).await?;
        surroundings.checkpoints = self.checkpoints;
        let count = |number| usize::try_from(number).unwrap_or(usize::MAX);
        surroundings.caps = Caps {
            connections: count(self.connections),
            of_a_client: count(self.connections_per_client),
        };
        let serving = start(&data, surroundings, sockets).await?;
        notice::tell(&confined, &serving.opened.notices);
        // Before it says that it is there: whoever hears that may ask it to stop at once, and in order.
        let asked = Asked::listen();
        announce(&serving, json);
        run_until_stopped(serving, fatal, asked, json).await
    }
}

pub(super) fn announce(serving: &Serving, json: bool) {
    let url = format!("https://localhost:{}", serving.https_port);
    let http = format!("http://localhost:{}", serving.plain_port);
    let code = serving.opened.setup_code.as_ref().map(Secret::expose);
    let notices = serving.opened.notices.list();
    if json {
        let ready = json!({
            "event": "ready", "url": url, "httpUrl": http, "setupCode": code, "fingerprint": serving.fingerprint,
            "addresses": serving.on_the_network,
            "notices": notices.iter().map(|notice| notice.code.code()).collect::<Vec<_>>(),
        });
        say(&ready.to_string());
        return serving.told.iter().for_each(|told| say(&told.json()));
    }
    say(&format!("Cutis serves     {url}"));
    for address in &serving.on_the_network {
        say(&format!("  on the network {address}"));
    }
    say(&format!("Certificate page {http}/certificate"));
    say(&format!("  fingerprint    {}", serving.fingerprint));
    // Whoever starts the program looks here, and not into the log.
    for notice in &notices {
        say(&format!(
            "Please note        {} {}",
            notice.message, notice.remedy
        ));
    }
    for told in &serving.told {
        say(&format!("Please note        {told}"));
    }
    if let Some(code) = code {
        say("");
        say("This practice is not set up yet. Open this address and create the first account:");
        say(&format!("  {url}/setup?code={code}"));
        say(&format!("  set-up code    {code}"));
    }
}

pub(super) async fn run_until_stopped(
    serving: Serving,
    fatal: CancellationToken,
    mut asked: Asked,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    let tell = move |told: &Told| {
        say(&if json {
            told.json()
        } else {
            format!("Please note        {told}")
        });
    };
    let outcome = tokio::select! {
        outcome = serving.until(stop, Arc::new(tell)) => outcome,
        () = async {
            tokio::select! {
                () = asked.heard() => {}
                () = fatal.cancelled() => {}
            }
            stopping.cancel();
            std::future::pending::<()>().await;
        } => Ok(()),
    };
    // A disk that failed must not look like an orderly end.
    if fatal.is_cancelled() {
        anyhow::bail!(
            "the disk failed; nothing was acknowledged after that. Check the disk, then start again"
        );
    }
    outcome.map(|()| ExitCode::SUCCESS)
}

/// Listens for the signals that ask a program to stop. After `listen`, they no longer end it at once.
#[cfg(unix)]
pub(super) struct Asked(Option<(Signal, Signal)>);

#[cfg(unix)]
impl Asked {
    pub(super) fn listen() -> Self {
        let terminate = signal(SignalKind::terminate()).ok();
        Self(terminate.zip(signal(SignalKind::interrupt()).ok()))
    }

    async fn heard(&mut self) {
        let Some((terminate, interrupt)) = &mut self.0 else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
}

/// Listens for Ctrl-C.
#[cfg(not(unix))]
pub(super) struct Asked;

#[cfg(not(unix))]
impl Asked {
    pub(super) fn listen() -> Self {
        Self
    }

    async fn heard(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
