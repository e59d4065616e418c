//! Checks an exported trail without the server, its database or its secret key:
//!
//! `verify_offline <export.jsonl> [<public key> <checkpoint.txt>…]`
//!
//! Every event is compared with its own commitment. Checkpoints kept elsewhere (on paper, on a
//! stick, in a backup) then show that the trail is the one they were taken of. Without any, only
//! damage is found: whoever made the file may have made all of it.

use std::io::{BufRead, BufReader, Write as _};
use std::{env, fs};

use cutis_audit::checkpoint::{PublicKey, open_checkpoint};
use cutis_audit::{Report, Verifier, Witness, export};

type Anything = Box<dyn std::error::Error>;

/// Verifies an export against checkpoints, each with a name for people.
fn verify(
    lines: impl BufRead,
    key: Option<&PublicKey>,
    checkpoints: &[(String, String)],
) -> Result<Report, Anything> {
    let mut witnesses = Vec::new();
    for (name, text) in checkpoints {
        let key = key.ok_or("a checkpoint needs the public key beside it")?;
        let checkpoint = open_checkpoint(text, key).map_err(|error| format!("{name}: {error}"))?;
        witnesses.push(Witness::checkpoint(&checkpoint, name));
    }
    let mut verifier = Verifier::without_key().expecting(witnesses);
    for (number, line) in (1u64..).zip(lines.lines()) {
        let leaf = export::from_line(&line?).map_err(|error| format!("line {number}: {error}"))?;
        verifier.push(&leaf)?;
    }
    Ok(verifier.finish(None, None)?)
}

fn main() -> Result<(), Anything> {
    let mut arguments = env::args().skip(1);
    let path = arguments.next().ok_or("give the file with the exported trail")?;
    let key = arguments
        .next()
        .map(|text| PublicKey::parse(text.trim()))
        .transpose()?;
    let checkpoints = arguments
        .map(|path| fs::read_to_string(&path).map(|text| (path, text)))
        .collect::<Result<Vec<_>, _>>()?;
    let file = BufReader::new(fs::File::open(path)?);
    let report = verify(file, key.as_ref(), &checkpoints)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} events are as they were recorded", report.events)?;
    if report.witnesses == 0 {
        writeln!(
            out,
            "no checkpoint was given: that none is missing or made up is not shown"
        )?;
    } else {
        writeln!(out, "{} checkpoints agree", report.witnesses)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRAIL: &str = include_str!("../tests/golden/trail.jsonl");
    const CHECKPOINT: &str = include_str!("../tests/golden/trail-checkpoint.txt");
    const KEY: &str = include_str!("../tests/golden/checkpoint-key.txt");

    fn check(trail: &str, checkpoint: &str) -> Result<usize, String> {
        let key = PublicKey::parse(KEY.trim()).expect("a key");
        let checkpoints = [("the printed checkpoint".to_owned(), checkpoint.to_owned())];
        verify(trail.as_bytes(), Some(&key), &checkpoints)
            .map(|report| report.witnesses)
            .map_err(|error| error.to_string())
    }

    /// U4: anybody can check an export with what left the database.
    #[test]
    fn an_export_is_checked_without_the_server() {
        assert_eq!(check(TRAIL, CHECKPOINT), Ok(1));
        assert!(verify(TRAIL.as_bytes(), None, &[]).is_ok());

        let edited = TRAIL.replace("wrong_password", "wrong_passwort");
        assert_eq!(
            check(&edited, CHECKPOINT),
            Err("event 2: its content was changed after it was recorded".to_owned())
        );
        let cut: String = TRAIL.split_inclusive('\n').take(5).collect();
        assert_eq!(
            check(&cut, CHECKPOINT),
            Err("the trail ends at event 5, but the printed checkpoint has seen event 6".to_owned())
        );
        assert!(check(TRAIL, &CHECKPOINT.replace("\n6\n", "\n5\n")).is_err());
    }
}
