//! Files that arrive in parts (I4): declared, received from where the last part ended, and stored like any other once
//! they are whole.
//!
//! A part is acknowledged when it is durable, so after a dropped connection or a restart the server's offset is true.
//! Consent is decided before each part, and again by the unit that stores the image.

mod expiry;
mod room;
mod standing;

pub use standing::Standing;

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use cutis_audit::{Action, Detail, Event, Target};
use cutis_blob::BlobError;
use cutis_blob::stages::{About, Claim, Place};
use cutis_domain::image::{FileName, Image};
use cutis_domain::settings::Key;
use cutis_domain::{Clinician, Digest, PatientId, Timestamp, UploadKey};
use cutis_media::Refusal;
use cutis_storage::StorageError;
use cutis_vault::{PatientKey, VaultError};
use tokio::time::{Instant, timeout};

use super::facts::{Sent, UploadFacts};
use super::fair::Share;
use super::intake::IntakeRefusal;
use super::outcome::{FileOutcome, FileRefusal, file_refusal};
use super::{ImageError, memory};
use crate::Records;

/// The most that is received before it is made durable. Twice this much memory, plain and sealed, is what a file of
/// which it takes 4 MiB would need, and such a one may arrive at the least pace that any body must keep.
const PIECE: usize = 2 << 20;
/// A connection so slow that it takes longer than [`SOON`] for a piece has smaller ones made durable, but none smaller than
/// this, so that no file becomes very many.
const SMALLEST: usize = 64 << 10;
/// How much of a transfer a kill or a lost connection may cost a slow sender.
const SOON: Duration = Duration::from_secs(2);
/// How long a later request waits until an earlier one has released the same file.
const HANDING_OVER: Duration = Duration::from_mins(1);

/// What a client says of a file before it sends it.
#[derive(Debug, Clone)]
pub struct Declared<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: u64,
    /// Their SHA-256.
    pub sha256: Digest,
    /// What is said of the photo. Of a file that was declared before, what was said first counts.
    pub facts: UploadFacts,
}

/// How an upload stands once it was declared.
#[derive(Debug)]
pub enum Begun {
    /// The file may be sent, from the offset on.
    Open {
        /// How many bytes are here, durably.
        offset: u64,
        /// When they are discarded if the file isn't whole by then.
        expires: Timestamp,
    },
    /// There is nothing to send: it is in already, or will not go in.
    Done(Box<FileOutcome>),
}

/// How sending goes on.
#[derive(Debug)]
pub enum GoingOn {
    /// The part is received.
    Here(Box<Staging>),
    /// The file is stored: this repeats a request whose answer was lost.
    Stored(Box<Image>),
}

/// A part that is being received.
pub struct Staging {
    records: Records,
    claim: Claim,
    about: About,
    key: Arc<PatientKey>,
    /// How many bytes are durable.
    offset: u64,
    received: BytesMut,
    since: Instant,
    share: Option<Share>,
}

impl std::fmt::Debug for Staging {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Staging")
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}

impl Records {
    /// Declares file `index` of the upload `key`, or asks how it stands; the same again changes nothing.
    ///
    /// # Errors
    /// See [`ImageError`]; what will not be stored is an outcome, not an error.
    pub async fn begin_upload(
        &self,
        by: &Clinician,
        patient: PatientId,
        (key, index): (UploadKey, u16),
        declared: Declared<'_>,
    ) -> Result<Begun, ImageError> {
        let place = place_of(by, patient, (key, index));
        self.may_stage(by, place).await?;
        let file = (&declared.sha256, declared.facts.entry);
        if let Some(known) = self.known(by, patient, (key, index), file).await? {
            return Ok(Begun::Done(Box::new(known)));
        }
        if let Some(refusal) = self.refused_unseen(declared.bytes).await? {
            return Ok(Begun::Done(Box::new(
                self.refuse_file(by, patient, refusal).await?,
            )));
        }
        if let Some(refusal) = self.unfit(by, patient, declared.facts.entry).await? {
            return Ok(Begun::Done(Box::new(FileOutcome::Refused(refusal))));
        }
        // Not claimed before something is to be made: asking must not end a part that is arriving.
        if let Some((about, _)) = self.staged(place).await? {
            return self.goes_on(by, place, &about, &declared).await;
        }
        let _alone = self.beginning.lock().await;
        let claim = self.claim(place).await?;
        if let Some((about, _)) = self.staged(place).await? {
            return self.goes_on(by, place, &about, &declared).await;
        }
        self.make_room(by, place, declared.bytes).await?;
        let sealing = self.sealing_key::<ImageError>(patient).await;
        let sealing = self.with_denial(by, sealing).await?;
        let begun = Event::new(Action::UploadBegun)
            .target(Target::Patient(patient))
            .patient(patient)
            .detail(Detail::number("bytes", number(declared.bytes)));
        self.store.record(by.caller(), vec![begun]).await?;
        let about = About {
            created: self.clock.now(),
            length: declared.bytes,
            sha256: declared.sha256,
            name: FileName::tame(declared.name).as_str().to_owned(),
            note: declared.facts.to_note(),
        };
        let expires = expiry::of(&about);
        let made = self
            .stages
            .create(&claim, &sealing, about, Arc::clone(&self.entropy))
            .await;
        self.noticed(made)?;
        Ok(Begun::Open { offset: 0, expires })
    }

    /// Goes on with a file at `offset`, with a part of so many bytes if that is known. Whoever is sending a part of the same file is told that this is the later
    /// request, and what arrived there is kept first. If the file was stored meanwhile, that is the answer.
    ///
    /// # Errors
    /// [`ImageError::NoUpload`]; [`ImageError::Offset`] when the server's part ends elsewhere; otherwise see
    /// [`ImageError`].
    pub async fn go_on(
        &self,
        by: &Clinician,
        patient: PatientId,
        (key, index): (UploadKey, u16),
        (offset, part): (u64, Option<u64>),
    ) -> Result<GoingOn, ImageError> {
        let place = place_of(by, patient, (key, index));
        self.may_stage(by, place).await?;
        let claim = self.claim(place).await?;
        let Some((about, sealing)) = self.staged(place).await? else {
            // Only what is in can be told: nothing is kept of a file that was refused or a duplicate.
            let stored = self.stored_by(by, patient, (key, index)).await?;
            let image = stored.ok_or(ImageError::NoUpload)?;
            return if offset.saturating_add(part.unwrap_or(0)) > image.bytes {
                Err(ImageError::Beyond(image.bytes))
            } else {
                Ok(GoingOn::Stored(Box::new(image)))
            };
        };
        let here = self.stages.offset(place).await?;
        if here != offset {
            return Err(ImageError::Offset(here));
        }
        if part.is_some_and(|part| here.saturating_add(part) > about.length) {
            return Err(ImageError::Beyond(about.length));
        }
        // After the claim: whoever holds that may be waiting for the memory of the whole file.
        let share = self.shared.files.acquire(by.into(), memory::MOST_DERIVED).await?;
        Ok(GoingOn::Here(Box::new(Staging {
            records: self.clone(),
            claim,
            about,
            key: sealing,
            offset,
            received: BytesMut::new(),
            since: Instant::now(),
            share: Some(share),
        })))
    }

    /// Discards what has arrived of a file.
    ///
    /// # Errors
    /// [`ImageError::NoUpload`]; otherwise see [`ImageError`].
    pub async fn discard_upload(
        &self,
        by: &Clinician,
        patient: PatientId,
        (key, index): (UploadKey, u16),
    ) -> Result<(), ImageError> {
        self.must_have(by, patient).await?;
        let place = place_of(by, patient, (key, index));
        let there = |found: Vec<cutis_blob::stages::Found>| found.iter().any(|stage| stage.place == place);
        if !there(self.stages.list().await?) {
            return Err(ImageError::NoUpload);
        }
        let claim = self.claim(place).await?;
        if !there(self.stages.list().await?) {
            return Err(ImageError::NoUpload);
        }
        self.store
            .record(by.caller(), vec![expiry::discarded(patient, "asked")])
            .await?;
        Ok(self.stages.discard(&claim).await?)
    }

    /// Consent and room, before a byte is read. What was staged without consent goes.
    async fn may_stage(&self, by: &Clinician, place: Place) -> Result<(), ImageError> {
        let asked = self.may_capture(by, place.patient).await;
        if let Err(ImageError::ConsentRequired { .. }) = asked
            && let Some(claim) = self.stages.claim_idle(place)
            && self.stages.list().await?.iter().any(|stage| stage.place == place)
        {
            let event = expiry::discarded(place.patient, "consent_required");
            self.store.record(by.caller(), vec![event]).await?;
            self.stages.discard(&claim).await?;
        }
        asked
    }

    /// What is certain without a byte of the file.
    async fn refused_unseen(&self, bytes: u64) -> Result<Option<FileRefusal>, ImageError> {
        if bytes == 0 {
            return Ok(Some(file_refusal(&Refusal::Empty)));
        }
        let limit = self.store.look_up(|view| view.setting(Key::UploadLimitMib)).await;
        let limit = limit
            .map_err(|error: StorageError| ImageError::from(error))?
            .as_integer();
        let limit_mib = u32::try_from(limit).unwrap_or(16);
        Ok((bytes > u64::from(limit_mib) << 20).then(|| FileRefusal::too_large(limit_mib)))
    }

    /// A stage that is there, if it declares the same file.
    async fn goes_on(
        &self,
        by: &Clinician,
        place: Place,
        about: &About,
        declared: &Declared<'_>,
    ) -> Result<Begun, ImageError> {
        if about.sha256 != declared.sha256 || about.length != declared.bytes {
            let refused = self
                .refuse_file(by, place.patient, FileRefusal::key_reused())
                .await?;
            return Ok(Begun::Done(Box::new(refused)));
        }
        Ok(Begun::Open {
            offset: self.stages.offset(place).await?,
            expires: expiry::of(about),
        })
    }

    /// What was declared of a stage that still counts, and the key that opens it.
    async fn staged(&self, place: Place) -> Result<Option<(About, Arc<PatientKey>)>, ImageError> {
        let key = match self.vault.patient_key(place.patient) {
            Ok(key) => key,
            Err(VaultError::Unknown(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let about = self.stages.about(place, &key).await?;
        let now = self.clock.now();
        Ok(about
            .filter(|about| !expiry::is_over(about.created, now))
            .map(|about| (about, key)))
    }

    async fn claim(&self, place: Place) -> Result<Claim, ImageError> {
        timeout(HANDING_OVER, self.stages.claim(place))
            .await
            .map_err(|_| ImageError::Busy)
    }

    /// Passes an error on once what it leaves in the trail is there.
    async fn with_denial<T>(&self, by: &Clinician, done: Result<T, ImageError>) -> Result<T, ImageError> {
        if let Err(error) = &done
            && let Some(event) = cutis_audit::Denial::denial(error)
        {
            self.store.record(by.caller(), vec![event]).await?;
        }
        done
    }

    /// Reports a full disk where it is shown.
    fn noticed<T>(&self, done: Result<T, BlobError>) -> Result<T, ImageError> {
        if matches!(done, Err(BlobError::Full)) {
            self.store.found_no_room();
        }
        Ok(done?)
    }
}

impl Staging {
    /// Takes the next bytes; makes durable what has gathered once it is worth it.
    ///
    /// # Errors
    /// [`ImageError::Beyond`] the declared length; those of keeping a piece.
    pub async fn push(&mut self, piece: &[u8]) -> Result<(), ImageError> {
        if length(piece).saturating_add(self.reached()) > self.about.length {
            return Err(ImageError::Beyond(self.about.length));
        }
        self.received.extend_from_slice(piece);
        let gathered = self.received.len();
        if gathered >= PIECE {
            self.keep_pieces(PIECE).await?;
        } else if gathered >= SMALLEST && self.since.elapsed() >= SOON {
            self.keep_pieces(1).await?;
        }
        Ok(())
    }

    /// Makes durable what has arrived; answers how many bytes of the file are here.
    ///
    /// # Errors
    /// When it could not be kept; what was acknowledged before still is.
    pub async fn keep(&mut self) -> Result<u64, ImageError> {
        self.keep_pieces(1).await?;
        Ok(self.offset)
    }

    async fn keep_pieces(&mut self, least: usize) -> Result<(), ImageError> {
        while self.received.len() >= least {
            let piece: Bytes = self.received.split_to(self.received.len().min(PIECE)).freeze();
            let kept = self
                .records
                .stages
                .append(
                    &self.claim,
                    &self.key,
                    self.about.created,
                    (self.offset, piece.clone()),
                    Arc::clone(&self.records.entropy),
                )
                .await;
            self.records.noticed(kept)?;
            self.offset = self.offset.saturating_add(length(&piece));
        }
        self.since = Instant::now();
        Ok(())
    }

    /// Waits for what comes next; `None` when a later request for the same file takes over first.
    pub async fn unless_taken_over<T>(&self, next: impl Future<Output = T>) -> Option<T> {
        let mut superseded = self.claim.superseded();
        tokio::select! {
            biased;
            () = superseded.wait() => None,
            next = next => Some(next),
        }
    }

    /// Whether all of the file is here.
    pub fn is_whole(&self) -> bool {
        self.reached() == self.about.length
    }

    /// Until when what is here is kept.
    pub fn expires(&self) -> Timestamp {
        expiry::of(&self.about)
    }

    /// The name that was declared.
    pub fn name(&self) -> &str {
        &self.about.name
    }

    fn reached(&self) -> u64 {
        self.offset.saturating_add(length(&self.received))
    }

    /// Stores a file that is whole, as if it had come in one piece. Afterwards nothing of it is staged, unless something
    /// kept the server from finding out: then it is tried again by going on at its end.
    ///
    /// # Errors
    /// See [`ImageError`]; a bad file is an outcome.
    pub async fn store(mut self, by: &Clinician) -> Result<FileOutcome, ImageError> {
        self.keep().await?;
        // Before the memory for the whole file is waited for: nobody waits while holding a part.
        self.share = None;
        let Self {
            records,
            claim,
            about,
            key,
            ..
        } = self;
        let outcome = records.store_staged(by, &claim, &about, &key).await;
        if matches!(
            outcome,
            Ok(_) | Err(ImageError::ConsentRequired { .. } | ImageError::NoUpload)
        ) {
            records.stages.discard(&claim).await?;
        }
        outcome
    }
}

impl Records {
    async fn store_staged(
        &self,
        by: &Clinician,
        claim: &Claim,
        about: &About,
        key: &Arc<PatientKey>,
    ) -> Result<FileOutcome, ImageError> {
        let place = claim.place();
        // Asked again here so that nothing is sealed that the unit, which decides, would refuse.
        self.may_capture(by, place.patient).await?;
        let mut intake = self.begin_intake(by, Some(about.length)).await?;
        for (offset, _) in self.stages.pieces(place).await? {
            let Some(piece) = self.stages.open(place, key, about.created, offset).await? else {
                // It does not open, so nothing of it can be vouched for: it begins again.
                self.store
                    .record(
                        by.caller(),
                        vec![expiry::discarded(place.patient, "damaged").failed()],
                    )
                    .await?;
                return Err(ImageError::NoUpload);
            };
            match intake.push(&piece) {
                Ok(()) => {}
                Err(IntakeRefusal::TooLarge { limit_mib }) => {
                    return self
                        .refuse_file(by, place.patient, FileRefusal::too_large(limit_mib))
                        .await;
                }
                Err(IntakeRefusal::HeldUp | IntakeRefusal::Longer) => return Err(ImageError::Busy),
            }
        }
        let file = intake.finish();
        if file.sha256 != about.sha256 {
            return self
                .refuse_file(by, place.patient, FileRefusal::different_bytes())
                .await;
        }
        let sent = Sent {
            name: &about.name,
            facts: UploadFacts::from_note(&about.note),
        };
        self.store_file(by, place.patient, (place.key, place.index), sent, file)
            .await
    }
}

fn place_of(by: &Clinician, patient: PatientId, (key, index): (UploadKey, u16)) -> Place {
    Place {
        owner: by.scope().owner(),
        patient,
        key,
        index,
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

fn number(of: u64) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}
