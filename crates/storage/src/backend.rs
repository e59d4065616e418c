//! What a database must be able to do. Object-safe, so that callers need no type parameter.

use std::sync::Arc;

use cutis_audit::Record;
use cutis_audit::tree::Hash;
use cutis_audit::wire::StoredRecord;
use cutis_audit::{Frontier, Head, Leaf, RowState};
use cutis_domain::image::Turns;
use cutis_domain::principal::Actor;
use cutis_domain::{Digest, ImageId, PatientId, Scope, SessionId, Timestamp};

use crate::error::{Result, StorageError};
use crate::integrity::Alarms;
use crate::port;

macro_rules! ports {
    ($($(#[$doc:meta])* $name:ident $(<$tx:lifetime>)? = $first:ident $(<$first_tx:lifetime>)?
       $(+ $port:ident $(<$port_tx:lifetime>)?)*;)+) => {$(
        $(#[$doc])*
        pub trait $name $(<$tx>)?: port::$first $(<$first_tx>)? $(+ port::$port $(<$port_tx>)?)* {}

        impl<$($tx,)? T> $name $(<$tx>)? for T where
            T: port::$first $(<$first_tx>)? $(+ port::$port $(<$port_tx>)?)* + ?Sized {}
    )+};
}

ports! {
    /// Every port of what belongs to one patient, for reading. What the practice chose is read here too,
    /// because it decides about records.
    InsideRead = ActivityRead + ConsentsRead + EntriesRead + ImagesRead + SettingsRead + TagLinksRead
        + WorkspacesRead;

    /// Every port of what belongs to one patient, for changing. Branded with the unit that it is for, as
    /// proofs are.
    InsideWrite<'tx> = ActivityRead + ConsentsRead + ConsentsWrite + EntriesRead + EntriesWrite<'tx>
        + ImagesRead + ImagesWrite<'tx> + SettingsRead + TagLinksRead + TagLinksWrite<'tx> + WorkspacesRead
        + WorkspacesWrite<'tx>;

    /// Every port without clinical content, for reading.
    CommonRead = AccountsRead + BlobNamesRead + CustomFieldsRead + SessionsRead + SettingsRead + TrailRead;

    /// Every port without clinical content, for changing.
    CommonWrite = AccountsRead + AccountsWrite + BlobNamesRead + CustomFieldsRead + CustomFieldsWrite
        + SessionsRead + SessionsWrite + SettingsRead + SettingsWrite + TrailRead;
}

/// Every port of one owner for reading.
pub trait OwnedRead: port::PatientsRead + port::SettingsRead + port::TagsRead {
    /// The ports of what belongs to this patient. Whether there is such a patient is not checked here
    /// ([`crate::View::inside`] does that): if there is none, or the patient is somebody else's, nothing is found.
    fn belongings<'s>(&'s self, patient: PatientId) -> Box<dyn InsideRead + 's>;
}

/// Every port of one owner for changing, in the unit that the brand is of.
pub trait OwnedWrite<'tx>: OwnedRead + port::PatientsWrite + port::TagsWrite {
    /// As [`OwnedRead::belongings`], for changing: what would belong to a patient who is absent or somebody
    /// else's is refused as a conflict.
    fn change_belongings<'s>(&'s mut self, patient: PatientId) -> Box<dyn InsideWrite<'tx> + 's>;
}

/// One snapshot of a database. A caller names the owner first, once; after that, nothing of another owner can be read
/// (A10, G1).
pub trait Snapshot {
    /// The ports of this scope's owner.
    fn owned<'s>(&'s self, scope: &Scope) -> Box<dyn OwnedRead + 's>;

    /// The ports without clinical content.
    fn common(&self) -> &dyn CommonRead;
}

/// One transaction of a database, in the same two parts.
pub trait Transaction {
    /// The ports of this scope's owner, for one unit.
    fn owned<'tx>(&'tx mut self, scope: &Scope) -> Box<dyn OwnedWrite<'tx> + 'tx>;

    /// The ports without clinical content.
    fn common(&mut self) -> &mut dyn CommonWrite;

    /// The unaudited writes.
    fn touches(&mut self) -> &mut dyn port::SessionsTouch;
}

/// A database.
pub trait Backend: Send + Sync + 'static {
    /// Opens the one write side. Called once, on the thread that keeps it.
    ///
    /// # Errors
    /// When the database cannot be opened for writing.
    fn open_writer(&self) -> Result<Box<dyn Writer>>;

    /// Runs `work` over one read-only snapshot.
    ///
    /// # Errors
    /// When no snapshot can be opened.
    fn read(&self, work: &mut dyn FnMut(&dyn Snapshot)) -> Result<()>;

    /// The same over a snapshot that holds every change of a record that was acknowledged; of the trail, the newest events
    /// may be missing.
    ///
    /// # Errors
    /// When no snapshot can be opened.
    fn read_records(&self, work: &mut dyn FnMut(&dyn Snapshot)) -> Result<()> {
        self.read(work)
    }

    /// Runs `work` over one read-only snapshot of everything that `audit verify` checks.
    ///
    /// # Errors
    /// When no snapshot can be opened.
    fn examine(&self, work: &mut dyn FnMut(&dyn Evidence)) -> Result<()>;

    /// Where changes by something else that it found wait to be reported; `None` if it does not look for them.
    fn alarms(&self) -> Option<Arc<Alarms>> {
        None
    }

    /// Whether the structure is the one that this program made, or one in which it can make changes all the same.
    /// Read-only, and cheap while the structure stays the same.
    ///
    /// # Errors
    /// `Tampered` when [`Writer::begin`] would be refused for it; when no snapshot can be opened.
    fn structure_takes_changes(&self) -> Result<()> {
        Ok(())
    }

    /// Is told after each commit that may have changed what has no clinical content: accounts, sessions, settings.
    fn changed_common(&self);

    /// Changes with each call of [`Backend::changed_common`], by this program or by any other that has the database open;
    /// `None` where that cannot be known.
    fn common_version(&self) -> Option<u128>;

    /// How many snapshots may be open at once; more callers than that wait without a thread.
    fn readers(&self) -> usize;
}

/// The write side: one transaction at a time, with a mark (savepoint) for each unit in it.
pub trait Writer {
    /// Begins a transaction that no other process can write beside.
    ///
    /// # Errors
    /// `Busy` when another process holds the database for too long; `Tampered` when its structure is not
    /// the one that this program made.
    fn begin(&mut self) -> Result<()>;

    /// The same when [`Writer::begin`] answers `Tampered` because the structure was changed, so that at least this can
    /// be recorded. Only the trail may be appended to, and no trigger of the file runs.
    ///
    /// # Errors
    /// As [`Writer::begin`], whatever the structure.
    fn begin_trail_only(&mut self) -> Result<()> {
        self.begin()
    }

    /// Brings what is derived from rows up to date, in the present transaction and before it is committed. What fails of
    /// it is undone alone, because what is derived can be made again.
    ///
    /// # Errors
    /// When the transaction cannot go on.
    fn settle(&mut self, _now: Timestamp) -> Result<()> {
        Ok(())
    }

    /// While nothing else waits: does a step of what is left to do, in a transaction of its own; returns whether it did.
    /// What cannot be done is tried again after the next group.
    ///
    /// # Errors
    /// When a step could not be made durable.
    fn tend(&mut self, _now: Timestamp) -> Result<bool> {
        Ok(false)
    }

    /// Commits; when this returns, everything since [`Writer::begin`] survives a power cut.
    ///
    /// # Errors
    /// When it could not be made durable; then nothing of it may be confirmed.
    fn commit(&mut self) -> Result<()>;

    /// Gives up everything since [`Writer::begin`].
    fn rollback(&mut self);

    /// What an error of this writer means, once its transaction was given up: a write that a quota or a limit on files
    /// refused is one without room, even if the database does not say so.
    fn judge(&self, error: StorageError) -> StorageError {
        error
    }

    /// Marks the beginning of a unit.
    ///
    /// # Errors
    /// When the database fails.
    fn mark(&mut self) -> Result<()>;

    /// Keeps what was done since the mark.
    ///
    /// # Errors
    /// When the database fails.
    fn keep(&mut self) -> Result<()>;

    /// Undoes what was done since the mark. While no unit was kept this may give the transaction up and begin
    /// it again; what was read before is then no longer sure.
    ///
    /// # Errors
    /// When the database fails; the transaction must then be given up.
    fn undo(&mut self) -> Result<()>;

    /// What the transaction works with.
    fn transaction(&mut self) -> &mut dyn Transaction;

    /// Digests of every attested row changed since the mark, each row once: before and after. Rows that decisions
    /// depend on get their keyed digest here. Called once, after the unit's work and before its events.
    ///
    /// # Errors
    /// When a row cannot be read back; `Tampered` when one was changed by something else.
    fn touched(&mut self) -> Result<Vec<RowState>>;

    /// The state of the trail.
    ///
    /// # Errors
    /// When the database fails or the stored state is corrupt.
    fn tail(&mut self) -> Result<Tail>;

    /// Adds a leaf and its searchable columns.
    ///
    /// # Errors
    /// When the database fails.
    fn append(&mut self, leaf: &Leaf, index: &IndexRow) -> Result<()>;

    /// Stores the trail's new end.
    ///
    /// # Errors
    /// When the database fails.
    fn set_tail(&mut self, tail: &Tail, head: &Head) -> Result<()>;
}

/// The state of the trail.
#[derive(Debug, Clone)]
pub struct Tail {
    /// The right edge of the tree over all leaves.
    pub frontier: Frontier,
    /// The day of the newest leaf; days never decrease.
    pub last_day: u32,
}

/// The searchable columns of a leaf. The verifier compares what is stored with what [`IndexRow::of`]
/// derives from the stored bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexRow {
    /// The leaf's sequence number.
    pub sequence: u64,
    /// Its time in RFC 3339.
    pub at: String,
    /// The account that acted.
    pub actor: Option<String>,
    /// The action's code.
    pub action: String,
    /// The outcome's code.
    pub outcome: String,
    /// What it was done to.
    pub target: Option<(String, String)>,
    /// Which patient it concerns.
    pub patient: Option<String>,
    /// From which address.
    pub address: Option<String>,
}

impl IndexRow {
    /// The columns of an event that is about to be stored: what [`IndexRow::of`] gives for its bytes,
    /// without reading them back.
    pub fn of_record(record: &Record) -> Self {
        let Record { caller, event, .. } = record;
        let actor = match &caller.actor {
            Actor::Account { id, .. } => Some(id.to_string()),
            Actor::Anonymous | Actor::Operator | Actor::System => None,
        };
        Self {
            sequence: record.sequence,
            at: record.at.to_string(),
            actor,
            action: event.action().code().to_owned(),
            outcome: event.outcome().code().to_owned(),
            target: event
                .target_of()
                .map(|target| (target.kind().to_owned(), target.id_text())),
            patient: event.patient_of().map(|patient| patient.to_string()),
            address: caller.address.map(|address| address.to_string()),
        }
    }

    /// Derives the columns from an event as it was read back.
    pub fn of(record: &StoredRecord) -> Self {
        Self {
            sequence: record.sequence,
            at: record.at.clone(),
            actor: record.actor.id.clone(),
            action: record.action.clone(),
            outcome: record.outcome.clone(),
            target: record
                .target
                .as_ref()
                .map(|target| (target.kind.clone(), target.id.clone())),
            patient: record.patient.clone(),
            address: record.ip.clone(),
        }
    }
}

/// One leaf as stored in the database.
#[derive(Debug)]
pub struct StoredLeaf {
    /// The leaf.
    pub leaf: Leaf,
    /// Whether its searchable columns are what [`IndexRow::of`] derives; `None` when they are missing.
    pub index: Option<IndexRow>,
}

/// A row that carries a keyed digest instead of an attestation.
#[derive(Debug)]
pub struct KeyedRow {
    /// Its table.
    pub table: &'static str,
    /// Its row number.
    pub row: i64,
    /// What the digest is over.
    pub content: Vec<u8>,
    /// The digest that it carries, if any.
    pub mac: Option<[u8; 32]>,
}

/// The canonical content of a session's last-use row, which its keyed digest is over.
pub fn session_seen_content(session: SessionId, micros: i64) -> Vec<u8> {
    let mut content = session.as_bytes().to_vec();
    content.extend_from_slice(&micros.to_be_bytes());
    content
}

/// What the database says about one image's sealed bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedImage {
    /// The image.
    pub image: ImageId,
    /// Whose key sealed it.
    pub patient: PatientId,
    /// SHA-256 of the original.
    pub sha256: Digest,
    /// Bytes of the original.
    pub bytes: u64,
    /// Bytes of the small renditions together.
    pub derived_bytes: u64,
    /// The keyed name of the original's blob.
    pub original_name: [u8; 32],
    /// The keyed name of the derived blob.
    pub derived_name: [u8; 32],
    /// How often the renditions were made again.
    pub edition: u32,
    /// How the image is turned.
    pub turns: Turns,
}

/// Everything that `audit verify` checks, over one snapshot.
pub trait Evidence {
    /// Hands over every leaf in order of sequence, until `each` answers `false`.
    ///
    /// # Errors
    /// When the database fails.
    fn leaves(&self, each: &mut dyn FnMut(StoredLeaf) -> bool) -> Result<()>;

    /// Hands over the leaves of one action with numbers above `after` and up to `upto`, in order, until
    /// `each` answers `false`. They are found by the searchable columns, which prove nothing: the caller must check the
    /// leaves themselves.
    ///
    /// # Errors
    /// When the database fails.
    fn leaves_of(
        &self,
        action: &str,
        after: u64,
        upto: u64,
        each: &mut dyn FnMut(StoredLeaf) -> bool,
    ) -> Result<()>;

    /// Hands over the leaves after this one in order, until `each` answers `false`.
    ///
    /// # Errors
    /// When the database fails.
    fn leaves_after(&self, after: u64, each: &mut dyn FnMut(StoredLeaf) -> bool) -> Result<()>;

    /// The digest of a row of an attested table as it is now; `None` if there is no such row, or table.
    ///
    /// # Errors
    /// When the database fails.
    fn attested_row(&self, table: &str, row: i64) -> Result<Option<Digest>>;

    /// Hands over the number and the leaf's hash of every leaf after this one, in order, until `each`
    /// answers `false`. Reads no payload.
    ///
    /// # Errors
    /// When the database fails.
    fn leaf_hashes(&self, after: u64, each: &mut dyn FnMut(u64, Hash) -> bool) -> Result<()>;

    /// Hands over what the rows say about every image's sealed bytes, patient by patient.
    ///
    /// # Errors
    /// When the database fails.
    fn sealed_images(&self, each: &mut dyn FnMut(SealedImage)) -> Result<()>;

    /// Patients for whom something was sealed, be it an image or a signature.
    ///
    /// # Errors
    /// When the database fails.
    fn sealed_patients(&self, each: &mut dyn FnMut(PatientId)) -> Result<()>;

    /// The number of rows beside the leaves that belong to none.
    ///
    /// # Errors
    /// When the database fails.
    fn stray_index_rows(&self) -> Result<u64>;

    /// The stored end of the trail.
    ///
    /// # Errors
    /// When the database fails or it cannot be read.
    fn stored_tail(&self) -> Result<Option<(Tail, Head)>>;

    /// Hands over every row of every attested table with its digest as it is now.
    ///
    /// # Errors
    /// When the database fails.
    fn attested_rows(&self, each: &mut dyn FnMut(&str, i64, Digest)) -> Result<()>;

    /// Hands over every row that carries a keyed digest.
    ///
    /// # Errors
    /// When the database fails.
    fn keyed_rows(&self, each: &mut dyn FnMut(KeyedRow)) -> Result<()>;

    /// Says what is wrong with the database's own structure: its schema, its list of migrations,
    /// its pages.
    ///
    /// # Errors
    /// When the database fails.
    fn structure_fault(&self) -> Result<Option<String>>;

    /// Says what is wrong with the pages alone: what is damaged, or does not fit together.
    ///
    /// # Errors
    /// When the database fails.
    fn page_fault(&self) -> Result<Option<String>>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use cutis_audit::{Action, Event, Target, TrailKey, wire};
    use cutis_domain::account::Username;
    use cutis_domain::{AccountId, Caller};

    /// U4: what is written beside a leaf is what its bytes say.
    #[test]
    fn the_columns_are_those_of_the_stored_bytes() {
        let patient = PatientId::from_bytes([3; 16]);
        let mut account = Caller::system().signed_in(
            AccountId::from_bytes([1; 16]),
            Username::parse("anna").expect("valid"),
            SessionId::from_bytes([2; 16]),
        );
        account.address = Some("fe80::1".parse().expect("valid"));
        let events = [
            Event::new(Action::ServerStarted),
            Event::new(Action::PatientViewed)
                .target(Target::Patient(patient))
                .patient(patient),
            Event::new(Action::ImageStored)
                .refused()
                .target(Target::Image(ImageId::from_bytes([4; 16])))
                .patient(patient),
            Event::new(Action::TrailVerified).target(Target::Trail),
        ];
        for caller in [Caller::system(), Caller::operator(), account] {
            for (event, sequence) in events.iter().cloned().zip(1..) {
                let at = Timestamp::EPOCH.plus_seconds(1_000_000_007);
                let record = Record {
                    sequence,
                    at,
                    caller: caller.clone(),
                    event,
                    state: Vec::new(),
                };
                let bytes = wire::encode(&TrailKey::from_bytes([9; 32]), &record);
                let read = wire::decode(&bytes).expect("an event");
                assert_eq!(IndexRow::of_record(&record), IndexRow::of(&read));
            }
        }
    }
}
