//! Tries every image of a folder against an independent reader and prints where the two differ.
//!
//! `just corpus FOLDER`, or `cargo run -p cutis-media --example corpus -- PYTHON FOLDER...`, where PYTHON has Pillow. Prints how
//! many files were stored, incomplete and refused, each refusal with its sentence, the mean error a channel of what both
//! read, and every file about which they disagree.

mod reference;
mod tally;

use std::collections::VecDeque;
use std::error::Error;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

use cutis_media::limits::MOST_BYTES;
use cutis_media::{Limits, Refusal, derive, full};

use reference::{Cells, Reader};
use tally::{Outcome, Tally};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let python = arguments.next().ok_or("which Python?")?;
    let mut files = VecDeque::new();
    for folder in arguments {
        collect(Path::new(&folder), &mut files)?;
    }
    let count = files.len();
    let queue = Mutex::new(files);
    let tally = Mutex::new(Tally::default());
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| work(&python, &queue, &tally)))
            .collect();
        for worker in workers {
            worker.join().map_err(|_| "a thread died")??;
        }
        Ok::<(), Box<dyn Error + Send + Sync>>(())
    })
    .map_err(|error| error.to_string())?;
    let tally = tally.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut out = std::io::stdout();
    writeln!(out, "{count} files")?;
    write!(out, "{tally}")?;
    Ok(())
}

fn collect(folder: &Path, files: &mut VecDeque<PathBuf>) -> Result<(), Box<dyn Error>> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.is_file() {
            files.push_back(path);
        }
    }
    Ok(())
}

fn work(
    python: &OsString,
    queue: &Mutex<VecDeque<PathBuf>>,
    tally: &Mutex<Tally>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut reader = Reader::start(python)?;
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let Some(path) = next else { break };
        let ours = look(&std::fs::read(&path)?);
        let theirs = reader.look(&path)?;
        let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.reader.clone_from(&reader.name);
        tally.note(&path.display().to_string(), ours, theirs);
    }
    Ok(())
}

/// What this program makes of a file: as it is stored and shown. A panic is an answer too, and the worst.
fn look(bytes: &[u8]) -> Outcome {
    std::panic::catch_unwind(|| look_at(bytes)).unwrap_or(Outcome::Panicked)
}

fn look_at(bytes: &[u8]) -> Outcome {
    let limits = Limits::default().with_max_bytes(MOST_BYTES);
    let shown = derive(bytes, &limits).and_then(|derived| {
        let size = (derived.facts.width, derived.facts.height);
        // Small ones without the loss of a JPEG; of large ones it vanishes in the means.
        let shown = if size.0.max(size.1) <= 1600 {
            full(bytes, &limits)?.bytes
        } else {
            derived.screen
        };
        let pixels = image::load_from_memory(&shown).map_err(|_| Refusal::STOPPED)?;
        let cells = Cells::of(size, &pixels.into_rgb8());
        Ok((cells, derived.completeness.is_incomplete(), derived.pages))
    });
    match shown {
        Ok((cells, incomplete, pages)) => Outcome::Stored {
            cells,
            incomplete,
            pages,
        },
        Err(refusal) => Outcome::Refused(format!("{}: {refusal}", refusal.code())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str) -> Outcome {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src/tests/field")
            .join(name);
        look(&std::fs::read(path).unwrap())
    }

    /// The field's cases, as a run would tell them: stored like the truth, or refused by a sentence.
    #[test]
    fn the_fields_cases_are_told() {
        let Outcome::Stored { cells: truth, .. } = field("_truth.png") else {
            panic!("the truth is stored");
        };
        let mut tally = Tally::default();
        for name in [
            "png_gama1.png",
            "png_chrm_p3.png",
            "png_noiend.png",
            "tif_bigtiff.tif",
            "jpg_comment_body.jpg",
        ] {
            tally.note(name, field(name), Ok(truth.clone()));
        }
        tally.note(
            "tif_thumbfirst.tif",
            field("tif_thumbfirst.tif"),
            Ok(truth.clone()),
        );
        tally.note("nothing", look(b"nothing"), Ok(truth.clone()));
        tally.note("nothing too", look(b"nothing"), Err("no photo".to_owned()));
        tally.note("gif_notrailer.gif", field("gif_notrailer.gif"), Ok(truth));
        let told = tally.to_string();
        assert!(
            told.contains("stored 7, of them incomplete 0, of several pages 1"),
            "{told}"
        );
        assert!(
            told.contains("refused 2") && told.contains("2 × unsupported:"),
            "{told}"
        );
        assert!(told.contains("another size: gif_notrailer.gif"), "{told}");
        assert!(told.contains("refused here only: nothing (unsupported"), "{told}");
        assert!(!told.contains("differs"), "{told}");
    }
}
