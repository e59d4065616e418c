//! What was seen of the trail and lies outside the database, and whether the database agrees with it (U4): the
//! checkpoints in the data folder and in the second place, and the records of recoveries.
//!
//! A file that is no checkpoint of this installation says nothing about the trail, so it stops no start: whoever
//! can spoil a file could remove it as well, and a clinic must not stand still for a stray one. It is told.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use cutis_audit::TrailKey;
use cutis_storage::{Agreement, Backend, Seen, agreements_of};
use cutis_vault::Vault;

use crate::data::DataDir;
use crate::recover::record::{self, Record};
use crate::witness::{self, Kept};
use crate::{checkpoints, keys};

/// Where something lies that speaks of the trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Among the data folder's own checkpoints.
    Own,
    /// In the second place.
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
    /// What it is called before a person.
    pub fn source(&self) -> String {
        let what = match self.place {
            Place::Own | Place::Second => "the checkpoint",
            Place::Aside => "the file",
            Place::Record => "the record of a recovery,",
        };
        format!("{what} {}", self.path.display())
    }
}

/// Everything that speaks of the trail.
#[derive(Debug, Default)]
pub struct Outside {
    /// What is genuine.
    pub statements: Vec<Statement>,
    /// Records of recoveries.
    pub records: Vec<Record>,
    /// What could not be read, or is of somebody else, in sentences.
    pub troubles: Vec<String>,
}

impl Outside {
    /// Reads what lies in the data folder's own places and in the second one. To be called before the database
    /// is opened: a server beside writes that first.
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

    /// The checkpoints in a folder. One that is not there holds none: a second place that is missing gets its
    /// notice when the next checkpoint cannot be written to it.
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
                2 => ", and so with 1 more file".to_owned(),
                _ => format!(", and so with {} more files", others - 1),
            };
            self.troubles
                .push(format!("{} was not compared: {why}{rest}.", path.display()));
        }
        Ok(())
    }
}

/// How a database stands to everything outside.
#[derive(Debug, Default)]
pub struct Judged {
    /// Where its trail ends.
    pub ends_at: u64,
    /// What is its trail's beginning.
    pub agreed: Vec<Statement>,
    /// What has seen more events, or others, and was not overridden.
    pub against: Vec<(Statement, Agreement)>,
    /// What a recovery of this trail overrode.
    pub overridden: Vec<Statement>,
    /// The recoveries of this trail.
    pub recoveries: Vec<Record>,
    /// Recoveries that went on with another one.
    pub others: Vec<Record>,
}

impl Judged {
    /// What speaks most strongly against the database: what has seen most.
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

/// Judges a database by what lies outside it.
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
