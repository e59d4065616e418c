//! The host's own clock, randomness and addresses: the only place that reads them.

use std::net::IpAddr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use cutis_domain::entropy::Purpose;
use cutis_domain::{Clock, Entropy, Timestamp};

/// Where a computer is on its network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Here {
    /// Its name, in any characters.
    pub host: String,
    /// Its addresses, without loopback.
    pub addresses: Vec<IpAddr>,
}

/// The system's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the system clock that everybody is given"
    )]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the source that everybody is given"
    )]
    #[expect(clippy::panic, reason = "weak keys are worse than no program; see the trait")]
    fn fill(&self, _: Purpose, buffer: &mut [u8]) {
        if let Err(error) = getrandom::fill(buffer) {
            panic!("the operating system gives no randomness: {error}");
        }
    }
}

/// A monotonic clock, for measuring how long things take.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the stopwatch that everybody is given"
)]
pub fn stopwatch() -> impl Fn() -> Duration + Send + Sync + 'static {
    let began = Instant::now();
    move || began.elapsed()
}

/// Addresses under which other computers may reach this one.
pub fn addresses() -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    interfaces
        .into_iter()
        .map(|interface| interface.ip())
        .filter(|ip| !ip.is_loopback())
        .collect()
}

/// Where this computer is on its network now.
pub fn network() -> Here {
    Here {
        host: name(),
        addresses: addresses(),
    }
}

/// This computer's name, without a domain.
pub fn name() -> String {
    let read = std::fs::read_to_string("/proc/sys/kernel/hostname")
        .or_else(|_| std::fs::read_to_string("/etc/hostname"))
        .unwrap_or_default();
    let name = read.trim().split('.').next().unwrap_or_default().to_owned();
    if name.is_empty() {
        "cutis-server".to_owned()
    } else {
        name
    }
}
