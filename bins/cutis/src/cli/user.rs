//! `cutis user`: accounts, managed on the host (A9).

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use cutis_auth::account::{AccountError, AddAccount};
use cutis_auth::{Candidate, Context as Names, Rule};
use cutis_domain::account::{AccountProfile, EmailAddress, Roles, Username};
use cutis_domain::{Secret, Sensitive, System, Text};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::serve::surroundings;
use super::{At, password, say};
use crate::data::DataDir;
use crate::disk::RESERVE;
use crate::wire;

/// Manage accounts on the host.
///
/// The new password is asked for at the terminal, twice, and not shown while it is typed. A script pipes it in as one
/// line. It is never an argument, because arguments are seen by everybody on the computer and kept in histories.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Add an account.
    ///
    /// Its password is asked for at the terminal, or read from standard input as one line.
    Add(Add),
    /// Give an account a new password and end its sessions.
    ///
    /// The password is asked for at the terminal, or read from standard input as one line.
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
        // What is wrong with the rest is said before anybody thinks of a password.
        let at = match &self {
            Self::Add(add) => {
                add.check()?;
                &add.at
            }
            Self::ResetPassword(reset) => &reset.at,
        };
        let data = DataDir::existing(&at.data)?;
        let mut parts = surroundings(&data, RESERVE, CancellationToken::new())?;
        parts.clock = Arc::new(crate::host::SystemClock);
        let opened = wire::open(&data, data.neighbours(), parts).await?;
        let nothing = Candidate::parse(&Secret::new(String::new()))?;
        let asked = opened.api.auth.check_password(nothing, Names::new()).await?;
        let password = password::read(&rules_of(asked.rules().iter().copied()))?;
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
                let broken = report.rules().iter().copied().filter(|rule| !rule.satisfied);
                bail!(
                    "the password does not meet the password policy; it needs: {}. Nothing was changed",
                    rules_of(broken)
                );
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

/// Rules within a sentence; their labels begin with capitals, as the entries of a list do.
fn rules_of(rules: impl Iterator<Item = Rule>) -> String {
    let rules: Vec<String> = rules
        .map(|rule| {
            let mut letters = rule.label.chars();
            letters
                .next()
                .map(|first| first.to_lowercase().chain(letters).collect())
                .unwrap_or_default()
        })
        .collect();
    rules.join("; ")
}

impl Add {
    /// Whether an account can be added from this.
    fn check(&self) -> anyhow::Result<()> {
        if !(self.clinician || self.administrator) {
            bail!("say what the account may do: add --clinician, --administrator or both");
        }
        self.profile().map(drop)
    }

    fn profile(&self) -> anyhow::Result<AccountProfile> {
        let email = self
            .email
            .as_deref()
            .map(EmailAddress::parse)
            .transpose()
            .context("--email")?;
        Ok(AccountProfile {
            username: Username::parse(&self.username).context("the username")?,
            first_name: Sensitive::new(Text::parse(&self.first_name).context("--first-name")?),
            last_name: Sensitive::new(Text::parse(&self.last_name).context("--last-name")?),
            email,
        })
    }
}

#[cfg(test)]
mod tests {
    use cutis_auth::{Rule, RuleCode};

    use super::rules_of;

    /// F14: capitals only where a sentence begins.
    #[test]
    fn rules_stand_within_a_sentence() {
        let rules = ["At least 12 characters", "An upper-case letter"].map(|label| Rule {
            code: RuleCode::Length,
            label,
            satisfied: false,
        });
        assert_eq!(
            rules_of(rules.into_iter()),
            "at least 12 characters; an upper-case letter"
        );
    }
}
