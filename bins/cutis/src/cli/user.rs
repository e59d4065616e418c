//! `cutis user`: accounts, managed on the host (A9).

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use cutis_auth::account::{AccountError, AddAccount};
use cutis_domain::account::{AccountProfile, EmailAddress, Roles, Username};
use cutis_domain::{Sensitive, System, Text};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::serve::surroundings;
use super::{At, password, say};
use crate::data::DataDir;
use crate::disk::RESERVE;
use crate::wire;

/// Manage accounts on the host. Passwords are typed without being shown, or read from a pipe as one line.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Add an account.
    Add(Add),
    /// Give an account a new password and end its sessions.
    ResetPassword(Reset),
}

/// Add an account.
#[derive(Debug, Args)]
pub struct Add {
    #[command(flatten)]
    at: At,
    /// 3 to 32 characters: a-z, 0-9, dot, underscore and hyphen.
    username: String,
    /// Given name.
    #[arg(long)]
    first_name: String,
    /// Family name.
    #[arg(long)]
    last_name: String,
    /// E-mail address.
    #[arg(long)]
    email: Option<String>,
    /// Make the account a clinician, who may have patients.
    #[arg(long)]
    clinician: bool,
    /// Make the account an administrator, who may manage the practice.
    #[arg(long)]
    administrator: bool,
}

/// Give an account a new password.
#[derive(Debug, Args)]
pub struct Reset {
    #[command(flatten)]
    at: At,
    /// Username or e-mail address.
    login: String,
}

impl User {
    pub(super) async fn run(self, json: bool) -> anyhow::Result<ExitCode> {
        let (at, password) = match &self {
            Self::Add(add) => (&add.at, password::read()?),
            Self::ResetPassword(reset) => (&reset.at, password::read()?),
        };
        let data = DataDir::existing(&at.data)?;
        let mut parts = surroundings(&data, RESERVE, CancellationToken::new())?;
        parts.clock = Arc::new(crate::host::SystemClock);
        let opened = wire::open(&data, data.neighbours(), parts).await?;
        let by = System::operator_assertion();
        let (done, sentence) = match self {
            Self::Add(add) => {
                let roles = Roles {
                    administrator: add.administrator,
                    clinician: add.clinician,
                };
                let profile = add.profile()?;
                let sentence = format!("Account {} was added.", profile.username.as_str());
                let added = opened
                    .api
                    .auth
                    .add_account(
                        &by,
                        AddAccount {
                            profile,
                            roles,
                            password,
                        },
                    )
                    .await;
                (added, sentence)
            }
            Self::ResetPassword(reset) => {
                let sentence = format!(
                    "The password of {} was changed; all its sessions were ended.",
                    reset.login
                );
                let reset = opened.api.auth.reset_password(&by, &reset.login, &password).await;
                (reset, sentence)
            }
        };
        let id = match done {
            Ok(id) => id,
            Err(AccountError::PasswordRefused(report)) => {
                let broken = report
                    .rules()
                    .iter()
                    .filter(|rule| !rule.satisfied)
                    .map(|rule| rule.label);
                bail!("{}", refusal(broken));
            }
            Err(error) => return Err(error.into()),
        };
        say(&if json {
            json!({ "account": id.to_string() }).to_string()
        } else {
            sentence
        });
        Ok(ExitCode::SUCCESS)
    }
}

/// What a password lacks, as one sentence; the labels of the rules begin with capitals, as the entries of a list do.
fn refusal(broken: impl Iterator<Item = &'static str>) -> String {
    let rules: Vec<String> = broken
        .map(|label| {
            let mut letters = label.chars();
            letters
                .next()
                .map(|first| first.to_lowercase().chain(letters).collect())
                .unwrap_or_default()
        })
        .collect();
    format!(
        "the password does not meet the password policy: {}",
        rules.join("; ")
    )
}

impl Add {
    fn profile(&self) -> anyhow::Result<AccountProfile> {
        let email = self
            .email
            .as_deref()
            .map(EmailAddress::parse)
            .transpose()
            .context("--email")?;
        Ok(AccountProfile {
            username: Username::parse(&self.username)?,
            first_name: Sensitive::new(Text::parse(&self.first_name).context("--first-name")?),
            last_name: Sensitive::new(Text::parse(&self.last_name).context("--last-name")?),
            email,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::refusal;

    /// F14: capitals only where a sentence begins.
    #[test]
    fn a_refused_password_is_one_sentence() {
        let said = refusal(["At least 12 characters", "An upper-case letter"].into_iter());
        assert_eq!(
            said,
            "the password does not meet the password policy: at least 12 characters; an upper-case letter"
        );
    }
}
