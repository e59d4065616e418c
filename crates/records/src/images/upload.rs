//! Storing one file: it is decoded in isolation, sealed durably, and then gets a row with its proof and its event.
//!
//! A crash leaves at most blobs without a row, which the sweep removes; never a row without bytes.

use cutis_audit::{Action, Audited, Denial, Detail, Event, Target};
use cutis_blob::{BlobError, Blobs, Edition, Part};
use cutis_consent::decide::Reason;
use cutis_consent::{Decision, Purpose, Refused, decide};
use cutis_domain::account::Username;
use cutis_domain::image::{Details, Field, FileName, Image, ImageFormat};
use cutis_domain::settings::Key;
use cutis_domain::time::Zone;
use cutis_domain::{
    Clinician, Digest, EntryId, FieldVersions, ImageId, PatientId, Sensitive, Text, Timestamp, UploadKey,
};
use cutis_media::{Derived, Facts, Format, Limits, Refusal, Turns};
use cutis_storage::port::{ImageDraft, NewImage, Receipt};
use cutis_storage::{CheckError, InsideError, NotOpen, StorageError, Unit, View};

use super::ImageError;
use super::darkroom::DarkroomError;
use super::facts::Sent;
use super::intake::{Intake, Received};
use super::outcome::{FileOutcome, FileRefusal, InPool, LeftOut, file_refusal};
use super::turning::all_of;
use super::visit::{Unfit, fits, in_pool};
use crate::entries::author_of;
use crate::{RecordError, Records};

/// The renditions of an upload.
const FIRST: Part = Part::Derived(Edition::FIRST);
/// The version of an image that was never changed.
const FIRST_VERSION: u64 = 1;

/// An outcome reached before anything was stored. It names the existing image but does not show it: showing it is a
/// separate read, with its own event (U3).
enum Early {
    Failed(ImageError),
    Known(Known),
    Unfit(Unfit),
}

/// An existing image that an upload found.
#[derive(Debug, Clone, Copy)]
struct Known {
    patient: PatientId,
    image: ImageId,
    how: Meeting,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meeting {
    Duplicate,
    KeyReused,
    Retry,
}

impl Known {
    /// The event of showing the image.
    fn shown(self) -> Event {
        let event = match self.how {
            Meeting::Duplicate => Event::new(Action::ImageDuplicate),
            Meeting::KeyReused | Meeting::Retry => {
                Event::new(Action::ImageViewed).detail(Detail::code("rendition", "facts"))
            }
        };
        event.target(Target::Image(self.image)).patient(self.patient)
    }
}

impl From<StorageError> for Early {
    fn from(error: StorageError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<InsideError> for Early {
    fn from(error: InsideError) -> Self {
        Self::Failed(error.into())
    }
}

impl Denial for Known {
    fn denial(&self) -> Option<Event> {
        match self.how {
            Meeting::KeyReused => Some(
                Event::new(Action::ImageRefused)
                    .refused()
                    .patient(self.patient)
                    .detail(Detail::code("reason", "key_reused")),
            ),
            // Recorded when the image is shown.
            Meeting::Duplicate | Meeting::Retry => None,
        }
    }
}

impl Denial for Early {
    fn denial(&self) -> Option<Event> {
        match self {
            Self::Failed(error) => error.denial(),
            Self::Known(known) => known.denial(),
            Self::Unfit(unfit) => unfit.denial(),
        }
    }
}

/// Why no image of a patient may be stored.
#[derive(Clone, Copy)]
enum NoCapture {
    Absent(PatientId),
    Consent(PatientId, Reason),
}

impl From<NoCapture> for ImageError {
    fn from(refusal: NoCapture) -> Self {
        match refusal {
            NoCapture::Absent(patient) => RecordError::no_patient(patient).into(),
            NoCapture::Consent(patient, reason) => Self::ConsentRequired { patient, reason },
        }
    }
}

impl Denial for NoCapture {
    fn denial(&self) -> Option<Event> {
        ImageError::from(*self).denial()
    }
}

impl Records {
    /// Whether images of this patient may be stored now, asked before a body is read. The binding
    /// decision is made again in the unit that stores each image.
    ///
    /// # Errors
    /// See [`ImageError`]; a refusal is recorded.
    pub async fn may_capture(&self, by: &Clinician, patient: PatientId) -> Result<(), ImageError> {
        let now = self.clock.now();
        let asked = self
            .store
            .clinic(by)
            .check(|view| {
                let inside = match view.inside(patient) {
                    Ok(inside) => inside,
                    Err(InsideError::Absent(patient)) => return Ok(Err(NoCapture::Absent(patient))),
                    Err(InsideError::Storage(error)) => return Err(error),
                };
                let (level, grants) = (inside.consent_level()?, inside.grants()?);
                Ok(match decide(level, &grants, Purpose::ClinicalRecord, now) {
                    Decision::Allowed(_) => Ok(()),
                    Decision::Refused(reason) => Err(NoCapture::Consent(patient, reason)),
                })
            })
            .await;
        match asked {
            // Before a body is read that there is no room for.
            Ok(()) => Ok(self.store.takes_changes()?),
            Err(CheckError::Refused(refusal)) => Err(refusal.into()),
            Err(CheckError::Storage(error)) => Err(error.into()),
        }
    }

    /// Begins to receive a file under the practice's limit (I2). Its request is `declared` bytes long, if
    /// it says so; that much memory, or the limit, is set aside before anything of it is read.
    ///
    /// # Errors
    /// When the limit cannot be read, or there was no memory in time.
    pub async fn begin_intake(&self, by: &Clinician, declared: Option<u64>) -> Result<Intake, ImageError> {
        let limit = self.store.look_up(|view| view.setting(Key::UploadLimitMib)).await;
        let limit = limit
            .map_err(|error: StorageError| ImageError::from(error))?
            .as_integer();
        let limit_mib = u32::try_from(limit).unwrap_or(16);
        Ok(Intake::begin(&self.shared.files, by.into(), limit_mib, declared).await?)
    }

    /// Records that a file of a batch was refused, and says so.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refuse_file(
        &self,
        by: &Clinician,
        patient: PatientId,
        refusal: FileRefusal,
    ) -> Result<FileOutcome, ImageError> {
        let event = Event::new(Action::ImageRefused)
            .refused()
            .target(Target::Patient(patient))
            .patient(patient)
            .detail(Detail::code("reason", refusal.code));
        self.store.record(by.caller(), vec![event]).await?;
        Ok(FileOutcome::Refused(refusal))
    }

    /// Adds one file to a patient's pool: file `index` of the upload `key`. If it was sent for a visit, it is put into that
    /// visit's workspace in the same step, unless somebody signed that visit meanwhile (E5): then it is stored without it, and
    /// the outcome says so.
    ///
    /// # Errors
    /// See [`ImageError`]; a bad file is an outcome, not an error.
    pub async fn store_file(
        &self,
        by: &Clinician,
        patient: PatientId,
        (key, index): (UploadKey, u16),
        sent: Sent<'_>,
        file: Received,
    ) -> Result<FileOutcome, ImageError> {
        let entry = sent.facts.entry;
        let known = self
            .known(by, patient, (key, index), (&file.sha256, entry))
            .await?;
        if let Some(known) = known {
            return Ok(known);
        }
        if let Some(refusal) = self.unfit(by, patient, entry).await? {
            return Ok(FileOutcome::Refused(refusal));
        }
        // The practice's own limit held while the file arrived; here only pixels and memory are left to bound.
        let limits = Limits::default().with_max_bytes(u64::try_from(file.content.len()).unwrap_or(u64::MAX));
        let worker = self.shared.workers.acquire(by.into(), 1).await?;
        let derived = match self
            .darkroom
            .derive(file.content.clone(), limits, Turns::None)
            .await
        {
            Ok(derived) => derived,
            Err(DarkroomError::Busy) => return Err(ImageError::Busy),
            Err(DarkroomError::Refused(refusal)) => {
                return self.refuse_file(by, patient, file_refusal(&refusal)).await;
            }
            // Thumbnail and screen rendition have a limit that only a worker gone astray passes.
            Err(DarkroomError::TooLong) => {
                return self
                    .refuse_file(by, patient, file_refusal(&Refusal::STOPPED))
                    .await;
            }
            Err(DarkroomError::Unreadable(error)) => return Err(error.into()),
        };
        drop(worker);
        let zone = self.practice_zone().await?;
        let author = author_of(by).ok_or(RecordError::no_patient(patient))?;
        let sealed = match self.seal(patient, &file, &derived).await {
            Ok(sealed) => sealed,
            Err(error) => {
                if error.is_full() {
                    self.store.found_no_room();
                }
                if let Some(event) = error.denial() {
                    self.store.record(by.caller(), vec![event]).await?;
                }
                return Err(error);
            }
        };
        let fields = sent.facts.fields();
        let draft = self.draft(sent, author, &file, &derived, &sealed, &zone);
        let id = draft.id;
        let stored = self
            .store
            .clinic(by)
            .write(move |unit| store_in(unit, patient, (key, index), (draft, &fields, entry)))
            .await;
        match stored {
            Ok(stored) => {
                debug_assert_eq!(stored.image.id, id, "the stored image is the drafted one");
                Ok(FileOutcome::Stored(stored))
            }
            Err(Early::Failed(error)) => Err(error),
            Err(Early::Known(known)) => self.met(by, known, entry).await,
            Err(Early::Unfit(unfit)) => Ok(FileOutcome::Refused(unfit.into())),
        }
    }

    /// What happened to a file, sent for a visit or for none, if it is known already: a retry, a duplicate, or a key that was
    /// used for another.
    pub(super) async fn known(
        &self,
        by: &Clinician,
        patient: PatientId,
        (key, index): (UploadKey, u16),
        (sha256, entry): (&Digest, Option<EntryId>),
    ) -> Result<Option<FileOutcome>, ImageError> {
        let sha256 = *sha256;
        match self
            .store
            .clinic(by)
            .check(move |view| known_in(view, patient, (key, index), &sha256))
            .await
        {
            Ok(()) => Ok(None),
            Err(CheckError::Storage(error)) => Err(error.into()),
            Err(CheckError::Refused(known)) => self.met(by, known, entry).await.map(Some),
        }
    }

    /// The image that a file of an upload became, once the event of showing it is durable (U3).
    pub(super) async fn stored_by(
        &self,
        by: &Clinician,
        patient: PatientId,
        (key, index): (UploadKey, u16),
    ) -> Result<Option<Image>, ImageError> {
        let asked = self
            .store
            .clinic(by)
            .check(move |view| {
                Ok(match receipt_in(view, patient, (key, index))? {
                    Some(receipt) => Err(Known {
                        patient,
                        image: receipt.image,
                        how: Meeting::Retry,
                    }),
                    None => Ok(()),
                })
            })
            .await;
        match asked {
            Ok(()) => Ok(None),
            Err(CheckError::Storage(error)) => Err(error.into()),
            Err(CheckError::Refused(known)) => {
                let shown = self.show_known(by, known, None).await?;
                Ok(Some(shown.image))
            }
        }
    }

    /// The answer about an existing image: the image, once the event of showing it is durable (U3), unless the key
    /// belongs to another file.
    async fn met(
        &self,
        by: &Clinician,
        known: Known,
        entry: Option<EntryId>,
    ) -> Result<FileOutcome, ImageError> {
        if known.how == Meeting::KeyReused {
            return Ok(FileOutcome::Refused(FileRefusal::key_reused()));
        }
        let there = self.show_known(by, known, entry).await?;
        Ok(match known.how {
            Meeting::Duplicate => FileOutcome::Duplicate(there),
            Meeting::KeyReused | Meeting::Retry => FileOutcome::Stored(there),
        })
    }

    async fn show_known(
        &self,
        by: &Clinician,
        known: Known,
        entry: Option<EntryId>,
    ) -> Result<InPool, ImageError> {
        let Known { patient, image, .. } = known;
        self.store
            .clinic(by)
            .read(|view| {
                let inside = view.inside(patient)?;
                let stored = inside
                    .image(image)?
                    .ok_or(RecordError::absent(Target::Image(image), patient))?;
                let there = in_pool(&*inside, stored.image, entry)?;
                Ok::<_, ImageError>(Audited::new(there, known.shown()))
            })
            .await
    }

    /// Seals the original and its derivatives under the patient's key, durably, before any row names them.
    async fn seal(
        &self,
        patient: PatientId,
        file: &Received,
        derived: &Derived,
    ) -> Result<Sealed, ImageError> {
        let key = self.sealing_key::<ImageError>(patient).await?;
        let (original, derived) = (file.content.clone(), all_of(derived));
        let entropy = self.entropy.as_ref();
        let put = futures_util::future::try_join(
            self.blobs
                .put(&key, Part::Original, &file.sha256, original, entropy),
            self.blobs.put(&key, FIRST, &file.sha256, derived, entropy),
        )
        .await;
        if let Err(BlobError::SyncFailed { .. }) = &put {
            // As after a commit that could not be made durable: nobody knows what the disk holds.
            self.store
                .halt("the disk failed while a photo was made durable; check it, then start cutis again")
                .await;
        }
        put?;
        Ok(Sealed {
            original_name: *Blobs::name(&key, Part::Original, &file.sha256).as_bytes(),
            derived_name: *Blobs::name(&key, FIRST, &file.sha256).as_bytes(),
        })
    }

    fn draft(
        &self,
        Sent { name, facts: said }: Sent<'_>,
        uploaded_by: Username,
        file: &Received,
        derived: &Derived,
        sealed: &Sealed,
        zone: &Zone,
    ) -> ImageDraft {
        let facts = &derived.facts;
        let device = facts
            .device
            .as_deref()
            .and_then(|device| Text::parse(device).ok())
            .map(Sensitive::new);
        let (captured_at, corrected) = said.captured(captured_at(facts, zone));
        ImageDraft {
            id: self.ids.make::<ImageId>(),
            file_name: FileName::tame(name),
            format: format_of(facts.format),
            width: facts.width,
            height: facts.height,
            bytes: u64::try_from(file.content.len()).unwrap_or(u64::MAX),
            sha256: file.sha256,
            captured_at,
            corrected,
            place: said.place,
            view: said.view,
            uploaded_at: self.clock.now(),
            uploaded_by,
            device: said.device.or(device),
            thumbnail_bytes: u32::try_from(derived.thumbnail.len()).unwrap_or(u32::MAX),
            screen_bytes: u32::try_from(derived.screen.len()).unwrap_or(u32::MAX),
            medium_bytes: u32::try_from(derived.medium.len()).unwrap_or(u32::MAX),
            incomplete: derived.completeness.is_incomplete(),
            pages: derived.pages,
            original_name: sealed.original_name,
            derived_name: sealed.derived_name,
        }
    }
}

struct Sealed {
    original_name: [u8; 32],
    derived_name: [u8; 32],
}

/// The receipt of a file of an upload whose image is still there.
fn receipt_in(
    view: &View<'_>,
    patient: PatientId,
    (key, index): (UploadKey, u16),
) -> Result<Option<Receipt>, StorageError> {
    let inside = match view.inside(patient) {
        Ok(inside) => inside,
        // Whoever goes on with it refuses.
        Err(InsideError::Absent(_)) => return Ok(None),
        Err(InsideError::Storage(error)) => return Err(error),
    };
    let Some(receipt) = inside.receipt(key, index)? else {
        return Ok(None);
    };
    Ok(inside.image(receipt.image)?.map(|_| receipt))
}

fn known_in(
    view: &View<'_>,
    patient: PatientId,
    (key, index): (UploadKey, u16),
    sha256: &Digest,
) -> Result<Result<(), Known>, StorageError> {
    let known = |image, how| Known { patient, image, how };
    let inside = match view.inside(patient) {
        Ok(inside) => inside,
        // The unit that would store the image refuses.
        Err(InsideError::Absent(_)) => return Ok(Ok(())),
        Err(InsideError::Storage(error)) => return Err(error),
    };
    if let Some(receipt) = receipt_in(view, patient, (key, index))? {
        let how = if receipt.sha256 == *sha256 {
            Meeting::Retry
        } else {
            Meeting::KeyReused
        };
        return Ok(Err(known(receipt.image, how)));
    }
    let same = inside.image_by_digest(sha256)?;
    Ok(same.map_or(Ok(()), |stored| Err(known(stored.image.id, Meeting::Duplicate))))
}

fn store_in(
    unit: &mut Unit<'_>,
    patient: PatientId,
    (key, index): (UploadKey, u16),
    (draft, said, entry): (ImageDraft, &[Field], Option<EntryId>),
) -> Result<Audited<InPool>, Early> {
    let now = draft.uploaded_at;
    // Two tries of one upload may have been looked at side by side; only one may store.
    let mut inside = unit.inside(patient)?;
    if let Some(earlier) = inside.image_by_digest(&draft.sha256)? {
        let same = inside
            .receipt(key, index)?
            .is_some_and(|receipt| receipt.image == earlier.image.id);
        let how = if same { Meeting::Retry } else { Meeting::Duplicate };
        let image = earlier.image.id;
        return Err(Early::Known(Known { patient, image, how }));
    }
    let proof = inside.admit(now).map_err(|refused| match refused {
        Refused::Consent(refusal) => Early::Failed(ImageError::ConsentRequired {
            patient,
            reason: refusal.reason(),
        }),
        Refused::Ledger(error) => Early::from(error),
    })?;
    let event = Event::new(Action::ImageStored)
        .target(Target::Image(draft.id))
        .patient(patient)
        .detail(Detail::id("sha256", draft.sha256))
        .detail(Detail::code("basis", proof.basis().code()));
    let event = if said.is_empty() {
        event
    } else {
        event.detail(Detail::image_fields("fields", said))
    };
    let receipt = Receipt {
        image: draft.id,
        sha256: draft.sha256,
    };
    let image = image_of(&draft, patient);
    inside.insert_image(&NewImage::new(draft, proof))?;
    inside.insert_receipt(key, index, receipt, now)?;
    let Some(entry) = entry else {
        return Ok(Audited::new(image.into(), event));
    };
    fits(&*inside, patient, entry)?.map_err(Early::Unfit)?;
    let open = match inside.open_entry(entry) {
        Ok(open) => open,
        Err(error @ NotOpen::Signed(..)) => {
            let left_out = Some(LeftOut { entry });
            let stored = Audited::new(InPool { image, left_out }, event);
            // Beside the photo that was stored: the visit that was not changed.
            let refused = RecordError::from(error).denial();
            return Ok(refused.into_iter().fold(stored, Audited::and));
        }
        Err(error) => return Err(Early::Failed(error.into())),
    };
    inside.add_to_workspace(&open, image.id, now)?;
    let shown = Event::new(Action::WorkspaceChanged)
        .target(Target::Entry(entry))
        .patient(patient)
        .detail(Detail::ids("added", vec![image.id.to_string()]))
        .detail(Detail::ids("removed", Vec::new()));
    Ok(Audited::new(image.into(), event).and(shown))
}

fn image_of(draft: &ImageDraft, patient: PatientId) -> Image {
    Image {
        id: draft.id,
        patient,
        file_name: draft.file_name.clone(),
        format: draft.format,
        width: draft.width,
        height: draft.height,
        bytes: draft.bytes,
        sha256: draft.sha256,
        captured_at: draft.captured_at,
        corrected: draft.corrected,
        uploaded_at: draft.uploaded_at,
        uploaded_by: draft.uploaded_by.clone(),
        device: draft.device.clone(),
        incomplete: draft.incomplete,
        pages: draft.pages,
        details: Details {
            place: draft.place,
            view: draft.view,
            ..Details::default()
        },
        turns: cutis_domain::image::Turns::default(),
        edition: 0,
        version: FIRST_VERSION,
        field_versions: FieldVersions::all_at(FIRST_VERSION),
        position: None,
    }
}

const fn format_of(format: Format) -> ImageFormat {
    match format {
        Format::Avif => ImageFormat::Avif,
        Format::Gif => ImageFormat::Gif,
        Format::Heic => ImageFormat::Heic,
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Png => ImageFormat::Png,
        Format::Tiff => ImageFormat::Tiff,
        Format::Webp => ImageFormat::Webp,
    }
}

/// A camera without an offset means the practice's own time.
fn captured_at(facts: &Facts, zone: &Zone) -> Option<Timestamp> {
    let civil = facts.captured_at.as_ref()?;
    Timestamp::from_wall_clock(civil.date(), civil.time(), civil.offset_seconds(), zone)
}
