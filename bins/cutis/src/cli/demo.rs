//! `cutis demo`.

use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use cutis_domain::Ids;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::say;
use super::serve::{Asked, Listen, announce, prepared, run_until_stopped};
use crate::confinement::notice;
use crate::data::DataDir;
use crate::demo::{LOGIN, fill};
use crate::host::{OsEntropy, SystemClock};
use crate::serve::start;

/// Serve a throw-away practice on this computer only.
#[derive(Debug, Args)]
pub struct Demo {
    #[command(flatten)]
    listen: Listen,
}

impl Demo {
    pub(super) async fn run(self, json: bool) -> anyhow::Result<ExitCode> {
        let folder = tempfile::Builder::new().prefix("cutis-demo-").tempdir()?;
        let data = DataDir::create(folder.path())?;
        let sockets = self.listen.sockets(Ipv4Addr::LOCALHOST)?;
        let fatal = CancellationToken::new();
        let (surroundings, confined) = prepared(&data, 0, fatal.clone()).await?;
        let mut serving = start(&data, surroundings, sockets).await?;
        notice::tell(&confined, &serving.opened.notices);
        let code = serving
            .opened
            .setup_code
            .take()
            .context("a new practice has no set-up code")?;
        let ids = Ids::new(Arc::new(SystemClock), Arc::new(OsEntropy));
        if !json {
            say("Filling the practice with sixty synthetic patients ...");
        }
        let mut progress = |done: usize, all: usize| {
            if !json {
                say(&format!("  {done} of {all}"));
            }
        };
        fill(&serving.opened.api, &ids, code, &mut progress).await?;
        let asked = Asked::listen();
        announce(&serving, json);
        if json {
            say(
                &json!({ "event": "demo", "username": LOGIN.username, "password": LOGIN.password })
                    .to_string(),
            );
        } else {
            say("");
            say(&format!("Sign in as       {}", LOGIN.username));
            say(&format!("Password         {}", LOGIN.password));
            say("Everything here is invented, and is deleted when this program ends (Ctrl-C).");
            say("Your browser will warn about the certificate: compare the fingerprint, then continue.");
        }
        run_until_stopped(serving, fatal, asked, json).await
    }
}
