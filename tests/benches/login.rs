//! Signing in against its password hash alone.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use cutis_auth::{Candidate, Cost, PasswordHasher};
use cutis_domain::{Caller, Secret};

use crate::figures::{Batch, compare};
use crate::practice::{PASSWORD, Practice, USERNAME};
use crate::report::{Goal, Report, Row, Unit};

pub(crate) async fn measure(folder: &Path, report: &mut Report) -> anyhow::Result<()> {
    let practice = Practice::open(folder, Cost::LEAST).await?;
    let password = Secret::new(PASSWORD.to_owned());
    let candidate = Candidate::parse(&password)?;
    let hasher = PasswordHasher::new(Secret::new([7; 32]), Cost::LEAST, Arc::clone(&practice.entropy));
    report.add(Row {
        id: "login",
        what: (
            "sign in: name, throttle, password, session, audit event",
            "bcrypt of cost 12 alone",
        ),
        unit: Unit::Millis,
        goal: Goal::Wall(1.05),
        pair: compare(
            async || {
                let began = Instant::now();
                practice
                    .opened
                    .api
                    .auth
                    .sign_in(Caller::system(), USERNAME, &password)
                    .await?;
                Ok(Batch::mean(1, began))
            },
            async || {
                let began = Instant::now();
                tokio::task::block_in_place(|| hasher.pretend(&candidate))?;
                Ok(Batch::mean(1, began))
            },
        )
        .await?,
    });
    Ok(())
}
