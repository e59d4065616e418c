//! The command line (O1). The only place that prints.

pub mod audit;
pub mod demo;
pub mod key;
mod openapi;
mod output;
mod password;
pub mod quarantine;
pub mod recover;
mod sentence;
pub mod serve;
pub mod user;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use output::{say, say_aside};
pub use output::{say_error, say_usage};

/// Clinical photography on the practice's own computer.
#[derive(Debug, Parser)]
#[command(name = "cutis", version, propagate_version = true)]
pub struct Arguments {
    /// Log filter, such as `info` or `cutis_api=debug`.
    #[arg(long, global = true, env = "CUTIS_LOG", default_value = "warn")]
    pub log: String,
    /// Print the result as JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve a practice.
    Serve(serve::Serve),
    /// Serve a throw-away practice with synthetic patients and photos.
    Demo(demo::Demo),
    /// Inspect the audit trail.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Recover after a loss, when `cutis serve` refuses to start.
    Recover(recover::Recover),
    /// Manage the quarantine: files that belong to no record in the database.
    #[command(subcommand)]
    Quarantine(quarantine::Quarantine),
    /// Manage accounts on the host.
    #[command(subcommand)]
    User(user::User),
    /// Show or restore the installation's key.
    #[command(subcommand)]
    Key(key::Key),
    /// Print the description of the API (OpenAPI 3.1).
    Openapi,
    /// Decode images for a server, which starts this command itself.
    #[command(hide = true)]
    MediaWorker,
}

/// Where the practice's data is.
#[derive(Debug, Args)]
pub struct At {
    /// The practice's data folder.
    #[arg(long, env = "CUTIS_DATA", value_name = "DIR")]
    pub data: PathBuf,
}

/// Runs a command.
///
/// # Errors
/// Anything that went wrong, with what to do about it.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    crate::telemetry::start(&arguments.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let json = arguments.json;
    // A server's answers are what it serves; what it says at its start may be lost.
    let serves = matches!(arguments.command, Command::Serve(_) | Command::Demo(_));
    let done = runtime.block_on(async move {
        outlive_file_limits();
        match arguments.command {
            Command::Serve(serve) => Box::pin(serve.run(json)).await,
            Command::Demo(demo) => Box::pin(demo.run(json)).await,
            Command::Audit(audit) => audit.run(json).await,
            Command::Recover(recover) => recover.run(json).await,
            Command::Quarantine(quarantine) => quarantine.run(json).await,
            Command::User(user) => user.run(json).await,
            Command::Key(key) => key.run(json).await,
            Command::Openapi => openapi::run(),
            Command::MediaWorker => Ok(ExitCode::FAILURE),
        }
    });
    runtime.shutdown_background();
    match done {
        Ok(code) if code == ExitCode::SUCCESS && !serves => Ok(output::checked(code)),
        done => done,
    }
}

/// Makes a write beyond the limit on the size of files fail, as on a full disk. By default, the signal that comes with
/// it would end the program; listening for the signal once turns that off permanently.
#[cfg(unix)]
fn outlive_file_limits() {
    use tokio::signal::unix::{SignalKind, signal};
    let signal = signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()));
    if let Err(error) = signal {
        tracing::warn!(%error, "a write beyond the limit on the size of files would end the program");
    }
}

#[cfg(not(unix))]
const fn outlive_file_limits() {}
