//! Downloading many images of one patient as one ZIP file (I5): an export, so it needs a purpose, and each image has an
//! event before its first byte leaves (R1, U3). ADR 29.
//!
//! It is asked for, and then fetched once, by the same session: a browser saves what it fetches while it arrives, without
//! holding it in memory, but can show a person no refusals there.

mod book;
mod framing;
mod sending;
mod single;

pub use book::{Archives, LASTING, Progress, Stage, Why};
pub use sending::Archive;
pub use single::SingleOriginal;

use cutis_audit::{Action, Audited, Denial, Detail, Event, Target};
use cutis_consent::decide::Reason;
use cutis_consent::{Decision, Purpose, decide};
use cutis_domain::image::{Details, Image, ImageFormat};
use cutis_domain::time::Zone;
use cutis_domain::{ArchiveId, Clinician, Confirmed, ConsentId, ImageId, Invalid, PatientId, Timestamp};
use cutis_storage::{PatientView, StorageError};

use self::book::{Length, NotNow, Work};
use self::framing::{File, Framing};
use super::fair::Holder;
use super::memory::STREAMING;
use super::{ImageError, Rendition};
use crate::{RecordError, Records};

/// The most images of one archive.
pub const MOST_ARCHIVED: usize = 500;

/// In which form images are downloaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As they are shown: full size, upright and turned, without metadata.
    Display,
    /// As they were uploaded, byte for byte: with their metadata, which may say where and with what they were taken.
    Originals,
}

impl Form {
    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Display => "display",
            Self::Originals => "originals",
        }
    }

    /// Parses a code.
    ///
    /// # Errors
    /// When no form has it.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        [Self::Display, Self::Originals]
            .into_iter()
            .find(|form| form.code() == code)
            .ok_or_else(|| Invalid::new("form", "Choose one of: display, originals."))
    }
}

/// For what images leave the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// For the patient: their own copy.
    Patient,
    /// For what the patient may have agreed to.
    Purpose(Purpose),
}

impl Destination {
    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Patient => "patient_copy",
            Self::Purpose(purpose) => purpose.code(),
        }
    }

    /// Parses a code.
    ///
    /// # Errors
    /// When nothing has it.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        if code == Self::Patient.code() {
            return Ok(Self::Patient);
        }
        Purpose::parse(code).map(Self::Purpose).map_err(|_| {
            Invalid::new(
                "purpose",
                "Choose one of: clinical_record, patient_copy, treating_clinicians, teaching, publication, marketing, \
                 research.",
            )
        })
    }

    /// What the patient must have agreed to. Nothing for the care that the practice gives, and for what the patient gets:
    /// stored images stay part of the record, also when consent was revoked (N4).
    const fn needs(self) -> Option<Purpose> {
        match self {
            Self::Patient | Self::Purpose(Purpose::ClinicalRecord) => None,
            Self::Purpose(
                purpose @ (Purpose::TreatingClinicians
                | Purpose::Teaching
                | Purpose::Publication
                | Purpose::Marketing
                | Purpose::Research),
            ) => Some(purpose),
        }
    }

    /// Whether the day of capture may be in the names of files: it is known to whoever gives care and to the patient; for
    /// others it would make the patient easier to recognise.
    const fn shows_days(self) -> bool {
        matches!(
            self,
            Self::Patient | Self::Purpose(Purpose::ClinicalRecord | Purpose::TreatingClinicians)
        )
    }
}

/// Which images, in which form, for what.
#[derive(Debug, Clone)]
pub struct ArchiveOrder {
    /// In the order of the archive, each once.
    pub images: Vec<ImageId>,
    /// In which form.
    pub form: Form,
    /// For what.
    pub destination: Destination,
}

/// A download that can be fetched.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// Under which id.
    pub id: ArchiveId,
    /// How many images it has.
    pub images: usize,
    /// How many bytes, if that is known beforehand.
    pub bytes: Option<u64>,
    /// Until when.
    pub until: Timestamp,
}

/// Why images do not leave the program, as an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// There is no such download: it was fetched, it is too old, or it is another session's.
    #[error("there is no such download")]
    Absent(ArchiveId),
    /// What was read of an original is not what was uploaded.
    #[error("the photo is not what was uploaded")]
    Altered(ImageId),
    /// An archive of nothing, or of more than [`MOST_ARCHIVED`].
    #[error("an archive has 1 to {MOST_ARCHIVED} photos")]
    Count,
    /// No live consent covers the purpose (N4, R1).
    #[error("the photos may not leave for this purpose: {}", reason.message())]
    NoConsent {
        /// Whose images.
        patient: PatientId,
        /// For what.
        purpose: Purpose,
        /// Why not.
        reason: Reason,
    },
    /// The session ended while the archive was being sent.
    #[error("the session ended")]
    SessionEnded,
    /// Nobody took anything of it for ten seconds, and another download of the account began.
    #[error("nobody took anything of the download, and another took its place")]
    Stalled,
}

impl Denial for ArchiveError {
    fn denial(&self) -> Option<Event> {
        match self {
            Self::Absent(id) => {
                let refused = Event::new(Action::AccessRefused).refused();
                Some(refused.detail(Detail::id("archive", id)))
            }
            Self::NoConsent {
                patient,
                purpose,
                reason,
            } => Some(
                Event::new(Action::ImagesExportAsked)
                    .refused()
                    .target(Target::Patient(*patient))
                    .patient(*patient)
                    .detail(Detail::code("purpose", purpose.code()))
                    .detail(Detail::code("reason", reason.code())),
            ),
            Self::Altered(_) | Self::Count | Self::SessionEnded | Self::Stalled => None,
        }
    }
}

impl Records {
    /// Asks to download images of one patient as an archive, which can then be fetched once within two minutes
    /// ([`Records::fetch_archive`]).
    ///
    /// # Errors
    /// See [`ImageError`]; when one image is absent, nothing can be fetched.
    pub async fn ask_archive(
        &self,
        by: &Confirmed,
        patient: PatientId,
        order: ArchiveOrder,
    ) -> Result<Asked, ImageError> {
        let by = by.clinician();
        let ArchiveOrder {
            images,
            form,
            destination,
        } = order;
        if images.is_empty() || images.len() > MOST_ARCHIVED {
            return Err(ArchiveError::Count.into());
        }
        let (now, id) = (self.clock.now(), self.ids.make());
        let (found, bytes) = self
            .store
            .clinic(by)
            .read_long(move |view| {
                let inside = view.inside(patient)?;
                let consent = allowed(&inside, patient, destination, now)?;
                let mut framing = Framing::new(now, &Zone::utc());
                let mut found = Vec::with_capacity(images.len());
                for (index, image) in images.iter().enumerate() {
                    let absent = RecordError::absent(Target::Image(*image), patient);
                    let mut stored = inside.image(*image)?.ok_or(absent)?;
                    framing.begin(&planned(index, &stored.image, destination)?);
                    stored.image.details = Details::default();
                    found.push(stored);
                }
                let event = asked(patient, id, form, destination, consent);
                let event = event.detail(Detail::ids(
                    "images",
                    images.iter().map(ToString::to_string).collect(),
                ));
                let bytes = match form {
                    Form::Originals => Some(framing.length()),
                    Form::Display => None,
                };
                Ok::<_, ImageError>(Audited::new((found, bytes), event))
            })
            .await?;
        let asked = Asked {
            id,
            images: found.len(),
            bytes,
            until: now.plus_seconds(LASTING),
        };
        let work = Work {
            id,
            patient,
            images: found,
            form,
            destination,
            bytes,
        };
        self.archives.keep(Holder::from(by), work, now);
        Ok(asked)
    }

    /// How a download goes that this session asked for.
    ///
    /// # Errors
    /// [`ArchiveError::Absent`] for any other.
    pub async fn archive_progress(&self, by: &Clinician, id: ArchiveId) -> Result<Progress, ImageError> {
        match self.archives.progress(Holder::from(by), id, self.clock.now()) {
            Some(progress) => Ok(progress),
            None => Err(self.no_archive(by, id).await?),
        }
    }

    /// How long a download is that this session can fetch, if that is known; it can still be fetched.
    ///
    /// # Errors
    /// [`ArchiveError::Absent`] for any other.
    pub async fn peek_archive(&self, by: &Clinician, id: ArchiveId) -> Result<Option<u64>, ImageError> {
        match self.archives.peek(Holder::from(by), id, self.clock.now()) {
            Some(Length(bytes)) => Ok(bytes),
            None => Err(self.no_archive(by, id).await?),
        }
    }

    /// Fetches a download that this session asked for: once, and within two minutes.
    ///
    /// # Errors
    /// [`ArchiveError::Absent`] for any other; `Busy` while the account is being sent two others that somebody reads, or there
    /// is no memory: then it can still be fetched.
    pub async fn fetch_archive(&self, by: &Clinician, id: ArchiveId) -> Result<Archive, ImageError> {
        let holder = Holder::from(by);
        let zone = self.practice_zone().await?;
        let share = self.shared.answers.acquire(holder, STREAMING).await?;
        match self.archives.fetch(holder, id, self.clock.now()) {
            Ok((work, progress)) => Ok(Archive::new(self, by, work, (progress, share, zone))),
            Err(NotNow::Busy) => Err(ImageError::Busy),
            Err(NotNow::Absent) => Err(self.no_archive(by, id).await?),
        }
    }

    /// That there is none, recorded.
    async fn no_archive(&self, by: &Clinician, id: ArchiveId) -> Result<ImageError, StorageError> {
        let error = ArchiveError::Absent(id);
        self.store
            .record(by.caller(), error.denial().into_iter().collect())
            .await?;
        Ok(error.into())
    }
}

/// Whether images of this patient may leave for this now, and on which consent (R1).
fn allowed(
    inside: &PatientView<'_>,
    patient: PatientId,
    destination: Destination,
    now: Timestamp,
) -> Result<Option<ConsentId>, ImageError> {
    let Some(purpose) = destination.needs() else {
        return Ok(None);
    };
    let (level, grants) = (inside.consent_level()?, inside.grants()?);
    match decide(level, &grants, purpose, now) {
        Decision::Allowed(basis) => Ok(basis.consent()),
        Decision::Refused(reason) => Err(ArchiveError::NoConsent {
            patient,
            purpose,
            reason,
        }
        .into()),
    }
}

/// The event of asking, or of one image leaving, without what only that one has.
fn about(
    action: Action,
    (patient, id): (PatientId, ArchiveId),
    form: Form,
    destination: Destination,
    consent: Option<ConsentId>,
) -> Event {
    let event = Event::new(action)
        .patient(patient)
        .detail(Detail::id("archive", id))
        .detail(Detail::code("form", form.code()))
        .detail(Detail::code("purpose", destination.code()));
    match consent {
        Some(consent) => event.detail(Detail::id("consent", consent)),
        None => event,
    }
}

fn asked(
    patient: PatientId,
    id: ArchiveId,
    form: Form,
    destination: Destination,
    consent: Option<ConsentId>,
) -> Event {
    about(
        Action::ImagesExportAsked,
        (patient, id),
        form,
        destination,
        consent,
    )
    .target(Target::Patient(patient))
}

/// An original as its file in the archive, its checksum still to come.
fn planned(index: usize, image: &Image, destination: Destination) -> Result<File, ImageError> {
    file(index, image, image.format, image.bytes, destination, &Zone::utc())
}

/// A file of the archive. Its name has a number and, where that may be known, the day of capture; never what the file was
/// called when it was uploaded, which may be the patient's name. So it is plain ASCII, unique, no name of a device, and of
/// the same length in every time zone.
fn file(
    index: usize,
    image: &Image,
    format: ImageFormat,
    bytes: u64,
    destination: Destination,
    zone: &Zone,
) -> Result<File, ImageError> {
    let number = index.saturating_add(1);
    let extension = format.extension();
    let name = if destination.shows_days() {
        let day = image.shown_at().day_in(zone);
        format!("{number:03}_{day}.{extension}")
    } else {
        format!("{number:03}.{extension}")
    };
    let bytes = u32::try_from(bytes).map_err(|_| ImageError::TooLargeToShow(image.id))?;
    Ok(File { name, bytes, crc: 0 })
}

impl Form {
    const fn rendition(self) -> Rendition {
        match self {
            Self::Display => Rendition::Full,
            Self::Originals => Rendition::Original,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_parse_back() {
        for form in [Form::Display, Form::Originals] {
            assert_eq!(Form::parse(form.code()), Ok(form));
        }
        let purposes = Purpose::ALL.iter().copied().map(Destination::Purpose);
        for destination in purposes.chain([Destination::Patient]) {
            assert_eq!(Destination::parse(destination.code()), Ok(destination));
        }
        assert_eq!(
            Destination::parse("holiday").map_err(|e| e.code()),
            Err("purpose")
        );
    }

    /// R1: whatever is not care or the patient's own copy needs the patient's agreement, and shows no days.
    #[test]
    fn r1_only_care_and_the_patients_copy_need_no_agreement() {
        assert_eq!(Destination::Patient.needs(), None);
        for purpose in Purpose::ALL.iter().copied() {
            let needed = Destination::Purpose(purpose).needs();
            assert_eq!(needed.is_none(), purpose == Purpose::ClinicalRecord);
            let days = Destination::Purpose(purpose).shows_days();
            let care = matches!(purpose, Purpose::ClinicalRecord | Purpose::TreatingClinicians);
            assert_eq!(days, care);
        }
    }
}
