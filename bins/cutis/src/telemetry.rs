//! The program's log: JSON lines on standard error, ids only, never patients' data (O3, C41).

use tracing_subscriber::EnvFilter;

/// Starts the log. `filter` is such as `info` or `cutis_api=debug`.
///
/// # Errors
/// When the filter cannot be read.
pub fn start(filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter)?;
    let log = tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    log.try_init()
        .map_err(|error| anyhow::anyhow!("the log cannot be started: {error}"))
}
