//! Progress of `cutis audit verify`, on standard error, every two seconds; for programs also each part as it begins.

use std::mem::{Discriminant, discriminant};
use std::time::Duration;

use cutis_storage::Progress;
use serde_json::json;

use super::super::say_aside;

/// How often progress within one part is reported.
const EVERY: Duration = Duration::from_secs(2);

/// Reports the progress through a trail and its rows.
pub(super) struct Telling<'t> {
    json: bool,
    /// A monotonic clock.
    stopwatch: &'t dyn Fn() -> Duration,
    /// Which part was reported last, and when.
    told: Option<(Discriminant<Progress>, Duration)>,
}

impl<'t> Telling<'t> {
    pub(super) fn new(json: bool, stopwatch: &'t dyn Fn() -> Duration) -> Self {
        Self {
            json,
            stopwatch,
            told: None,
        }
    }

    pub(super) fn tell(&mut self, progress: Progress) {
        let (part, now) = (discriminant(&progress), (self.stopwatch)());
        let begins = self.told.is_none_or(|(told, _)| told != part);
        let last = self.told.map_or(Duration::ZERO, |(_, at)| at);
        if now >= last.saturating_add(EVERY) || (self.json && begins) {
            self.told = Some((part, now));
            say_aside(&if self.json {
                as_json(progress)
            } else {
                in_words(progress)
            });
        }
    }
}

fn in_words(progress: Progress) -> String {
    match progress {
        Progress::Structure => "  checking the database file".to_owned(),
        Progress::Events { done, all } => format!("  {done} of {all} events"),
        Progress::Rows { done } => format!("  {done} rows"),
    }
}

fn as_json(progress: Progress) -> String {
    let told = match progress {
        Progress::Structure => json!({ "event": "progress", "of": "structure" }),
        Progress::Events { done, all } => {
            json!({ "event": "progress", "of": "events", "done": done, "all": all })
        }
        Progress::Rows { done } => json!({ "event": "progress", "of": "rows", "done": done }),
    };
    told.to_string()
}

/// Reports how many of all photos were read, and how many bytes.
pub(super) fn images(json: bool, done: usize, all: usize, bytes: u64) {
    say_aside(&if json {
        json!({ "event": "progress", "of": "photos", "done": done, "all": all, "bytes": bytes }).to_string()
    } else {
        format!("  {done} of {all} photos, {} MiB", bytes >> 20)
    });
}
