//! The program's log: JSON lines on standard error, ids only, never patients' data (O3, C41).
//!
//! If the log cannot be written (a full disk, a closed pipe), lines are lost and nothing else: no request fails because
//! of it.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts the log. `filter` is for example `info` or `cutis_api=debug`.
///
/// # Errors
/// When the filter cannot be read.
pub fn start(filter: &str) -> anyhow::Result<()> {
    log(EnvFilter::try_new(filter)?, io::stderr)
        .try_init()
        .map_err(|error| anyhow::anyhow!("the log cannot be started: {error}"))
}

fn log<F, W>(filter: EnvFilter, to: F) -> impl Subscriber + Send + Sync + 'static
where
    F: Fn() -> W + Send + Sync + 'static,
    W: Write + 'static,
{
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        // It would complain on standard error, with a macro that panics when that cannot be written to.
        .log_internal_errors(false)
        .with_writer(Lossy::new(to))
        .finish()
}

/// Writes to the output that the function returns, and drops what cannot be written. After a loss, the next text begins
/// on a new line.
struct Lossy<F> {
    to: F,
    cut: AtomicBool,
}

impl<F> Lossy<F> {
    const fn new(to: F) -> Self {
        Self {
            to,
            cut: AtomicBool::new(false),
        }
    }
}

impl<'a, F: Fn() -> W + 'a, W: Write> MakeWriter<'a> for Lossy<F> {
    type Writer = Line<'a, W>;

    fn make_writer(&'a self) -> Self::Writer {
        Line {
            to: (self.to)(),
            cut: &self.cut,
        }
    }
}

struct Line<'a, W> {
    to: W,
    cut: &'a AtomicBool,
}

impl<W: Write> Write for Line<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let begun = if self.cut.load(Ordering::Relaxed) {
            self.to.write_all(b"\n")
        } else {
            Ok(())
        };
        let written = begun.and_then(|()| self.to.write_all(bytes));
        self.cut.store(written.is_err(), Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        drop(self.to.flush());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Takes so many bytes, like a disk that is filling up.
    struct Filling<'a>(&'a RefCell<(Vec<u8>, usize)>);

    impl Write for Filling<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut disk = self.0.borrow_mut();
            let room = disk.1.min(bytes.len());
            if room == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            disk.0.extend_from_slice(bytes.get(..room).expect("within"));
            disk.1 -= room;
            Ok(room)
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::StorageFull.into())
        }
    }

    /// Issue 6, points 5 and 21: a log that cannot be written never fails its writer, and goes on when it can.
    #[test]
    fn lines_are_lost_and_nothing_else() {
        let disk = RefCell::new((Vec::new(), 6));
        let log = Lossy::new(|| Filling(&disk));
        for line in ["one\n", "two\n", "three\n"] {
            log.make_writer().write_all(line.as_bytes()).expect("swallowed");
            log.make_writer().flush().expect("swallowed");
        }
        disk.borrow_mut().1 = 100;
        log.make_writer().write_all(b"four\n").expect("written");
        log.make_writer().write_all(b"five\n").expect("written");
        assert_eq!(String::from_utf8_lossy(&disk.borrow().0), "one\ntw\nfour\nfive\n");
    }

    /// A file that refuses every byte while it is full.
    #[derive(Clone, Default)]
    struct Full(Arc<Mutex<(bool, Vec<u8>)>>);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut disk = self.0.lock().expect("not poisoned");
            if disk.0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            disk.1.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            self.write(&[]).map(drop)
        }
    }

    /// The same of the log as it is started: whoever logs never hears of it, and the next line that can be written is whole.
    #[test]
    fn whoever_logs_never_hears_of_a_full_disk() {
        let (disk, filter) = (Full::default(), EnvFilter::new("info"));
        let file = disk.clone();
        let log = log(filter, move || file.clone());
        tracing::subscriber::with_default(log, || {
            tracing::info!(number = 1, "kept");
            disk.0.lock().expect("not poisoned").0 = true;
            tracing::error!(number = 2, "lost");
            disk.0.lock().expect("not poisoned").0 = false;
            tracing::info!(number = 3, "kept");
        });
        let written = disk.0.lock().expect("not poisoned").1.clone();
        let written = String::from_utf8(written).expect("text");
        let numbers: Vec<i64> = written
            .lines()
            .filter(|line| !line.is_empty())
            .map(|line| {
                let line: serde_json::Value = serde_json::from_str(line).expect("a whole line");
                line["fields"]["number"].as_i64().expect("a number")
            })
            .collect();
        assert_eq!(numbers, [1, 3]);
    }
}
