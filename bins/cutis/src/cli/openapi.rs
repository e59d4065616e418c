//! `cutis openapi`.

use std::process::ExitCode;

pub(super) fn run() -> anyhow::Result<ExitCode> {
    super::say(&cutis_api::description().to_pretty_json()?);
    Ok(ExitCode::SUCCESS)
}
