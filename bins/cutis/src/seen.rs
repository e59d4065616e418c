//! Statements about the trail outside the database, and whether the database agrees with them (U4): the checkpoints in
//! the data folder and in the second folder, and the records of recoveries.
//!
//! A file that is not a checkpoint of this installation says nothing about the trail, so it does not prevent a start:
//! somebody who can damage a file could also remove it, and a clinic must not be stopped by a stray file. It is
//! reported.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use cutis_audit::TrailKey;
use cutis_storage::{Agreement, Backend, Seen, agreements_of};
use cutis_vault::Vault;

use crate::data::DataDir;
use crate::recover::record::{self, Record};
use crate::witness::{self, Kept};
use crate::{checkpoints, keys};

/// Where a statement about the trail is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Among the data folder's own checkpoints.
    Own,
    /// In the second folder.
    Second,
    /// In the quarantine: a checkpoint or an end that a recovery set aside.
    Aside,
    /// In the record of a recovery.
    Record,
}

/// A genuine statement about the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What it says.
    pub seen: Seen,
    /// Its file.
    pub path: PathBuf,
    /// Where that lies.
    pub place: Place,
}

impl Statement {
    /// What it is called in messages.
    pub fn source(&self) -> String {
        let what = match self.place {
            Place::Own | Place::Second => "the checkpoint",
            Place::Aside => "the file",
            Place::Record => "the record of a recovery,",
        };
        format!("{what} {}", self.path.display())
    }
}

/// All statements about the trail.
#[derive(Debug, Default)]
pub struct Outside {
    /// What is genuine.
    pub statements: Vec<Statement>,
    /// Records of recoveries.
    pub records: Vec<Record>,
    /// What could not be read, or is not from this installation, in sentences.
    pub troubles: Vec<String>,
}

impl Outside {
    /// Reads the statements in the data folder and in the second folder. To be called before the database is opened,
    /// because a server running at the same time writes the database first.
    ///
    /// # Errors
    /// When the key for checkpoints cannot be derived.
    pub fn of(data: &DataDir, vault: &Vault, second: Option<&Path>) -> anyhow::Result<Self> {
        let mut found = Self::default();
        found.folder(&data.checkpoints(), Place::Own, vault)?;
        if let Some(second) = second {
            found.folder(second, Place::Second, vault)?;
        }
        let (records, mut troubles) = record::read_all(data, &keys::trail(vault));
        found.records = records;
        found.troubles.append(&mut troubles);
        Ok(found)
    }

    /// The same with what recoveries set aside.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub fn with_aside(data: &DataDir, vault: &Vault, second: Option<&Path>) -> anyhow::Result<Self> {
        let mut found = Self::of(data, vault, second)?;
        let key = keys::trail(vault);
        for folder in record::named(&data.quarantine(), "checkpoints-") {
            found.folder(&folder, Place::Aside, vault)?;
        }
        for path in record::named(&data.quarantine(), "trail.head") {
            if let Ok(Kept::Head(head)) = witness::read(&path)
                && head.verify(&key)
            {
                found.statements.push(Statement {
                    seen: Seen {
                        size: head.size,
                        root: head.root,
                    },
                    path,
                    place: Place::Aside,
                });
            }
        }
        Ok(found)
    }

    /// The checkpoints in a folder; none if it does not exist. A missing second folder gets its notice when the next
    /// checkpoint cannot be written to it.
    fn folder(&mut self, folder: &Path, place: Place, vault: &Vault) -> anyhow::Result<()> {
        if !folder.exists() {
            return Ok(());
        }
        let key = checkpoints::signing_key(vault)?.public_key().clone();
        let read = match checkpoints::newest(folder, &key) {
            Ok(read) => read,
            Err(error) => {
                self.troubles.push(format!("{error:#}"));
                return Ok(());
            }
        };
        self.statements
            .extend(read.said.into_iter().map(|(path, said)| Statement {
                seen: Seen {
                    size: said.size,
                    root: said.root,
                },
                path,
                place,
            }));
        if read.unread > 0 {
            self.troubles.push(format!(
                "{} holds more files than are checked at a start: the {} oldest by name were not checked.",
                folder.display(),
                read.unread
            ));
        }
        if let Some((path, why)) = read.other {
            let others = read.others;
            let rest = match others {
                1 => String::new(),
                2 => ", and neither was 1 more file".to_owned(),
                _ => format!(", and neither were {} more files", others - 1),
            };
            self.troubles
                .push(format!("{} was not compared: {why}{rest}.", path.display()));
        }
        Ok(())
    }
}

/// How a database compares with the statements outside.
#[derive(Debug, Default)]
pub struct Judged {
    /// Where its trail ends.
    pub ends_at: u64,
    /// Statements that are the beginning of its trail.
    pub agreed: Vec<Statement>,
    /// Statements that have seen more events, or different ones, and were not overridden.
    pub against: Vec<(Statement, Agreement)>,
    /// Statements that a recovery of this trail overrode.
    pub overridden: Vec<Statement>,
    /// The recoveries of this trail.
    pub recoveries: Vec<Record>,
    /// Recoveries that continued with another trail.
    pub others: Vec<Record>,
}

impl Judged {
    /// The statement that contradicts the database most: the one that has seen most.
    pub fn worst(&self) -> Option<&(Statement, Agreement)> {
        let strength = |(statement, how): &&(Statement, Agreement)| {
            (
                *how == Agreement::Ahead,
                statement.seen.size,
                statement.path.clone(),
            )
        };
        self.against.iter().max_by_key(strength)
    }
}

/// Compares a database with the statements outside it.
///
/// # Errors
/// When the database fails.
pub fn judge(
    database: &dyn Backend,
    key: &TrailKey,
    mut statements: Vec<Statement>,
    records: Vec<Record>,
) -> anyhow::Result<Judged> {
    let mut judged = Judged::default();
    let mut given_up = HashSet::new();
    for record in records {
        if record.is_of(database, key)? {
            given_up.extend(record.overridden.iter().copied());
            judged.recoveries.push(record);
        } else {
            statements.extend(record.overridden.iter().map(|seen| Statement {
                seen: *seen,
                path: record.path.clone(),
                place: Place::Record,
            }));
            judged.others.push(record);
        }
    }
    let seen: Vec<Seen> = statements.iter().map(|statement| statement.seen).collect();
    let agreements = agreements_of(database, key, &seen)?;
    judged.ends_at = agreements.ends_at;
    for (statement, how) in statements.into_iter().zip(agreements.each) {
        if how.is_agreed() {
            judged.agreed.push(statement);
        } else if given_up.contains(&statement.seen) {
            judged.overridden.push(statement);
        } else {
            judged.against.push((statement, how));
        }
    }
    Ok(judged)
}
