//! Sending an archive, image by image. Little memory is held, however large it is; each image is recorded before its
//! first byte leaves, and consent and session are asked for again on the way.

use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use cutis_audit::{Action, Audited, Denial as _, Detail, Event, Target};
use cutis_domain::image::ImageFormat;
use cutis_domain::time::Zone;
use cutis_domain::{ArchiveId, Clinician, Digest, ImageId, PatientId};
use cutis_media::MediaType;
use cutis_storage::port::StoredImage;
use cutis_vault::VaultError;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use sha2::{Digest as _, Sha256};
use tokio::runtime::Handle;

use super::book::{Progress, Shared, Stage, Why, Work, course, read};
use super::framing::{File, Framing};
use super::{ArchiveError, Form, about, allowed, file};
use crate::images::fair::{Holder, Share};
use crate::images::going_on::{self, MayGoOn};
use crate::images::memory::held;
use crate::images::open::edition_of;
use crate::images::{ImageError, ViewTicket};
use crate::{RecordError, Records};

/// How many bytes of a rendition are given out at a time.
const PIECE: usize = 64 << 10;
/// How often an image that found no worker or memory is tried again; each try waits for a minute.
const TRIES: usize = 5;

/// An archive that was fetched, and now has to be sent.
pub struct Archive {
    records: Records,
    by: Clinician,
    work: Work,
    share: Share,
    zone: Zone,
    ending: Ending,
}

impl std::fmt::Debug for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archive")
            .field("id", &self.work.id)
            .finish_non_exhaustive()
    }
}

impl Archive {
    pub(super) fn new(
        records: &Records,
        by: &Clinician,
        work: Work,
        (progress, share, zone): (Shared, Share, Zone),
    ) -> Self {
        let ending = Ending {
            records: records.clone(),
            by: by.clone(),
            work: (work.patient, work.id),
            progress,
            over: false,
        };
        Self {
            records: records.clone(),
            by: by.clone(),
            work,
            share,
            zone,
            ending,
        }
    }

    /// How many bytes it has, if that is known beforehand: of originals.
    pub const fn bytes(&self) -> Option<u64> {
        self.work.bytes
    }

    /// Its bytes. After an error nothing more comes, and the archive has no end, so that whoever receives it sees that it
    /// broke off.
    pub fn send(
        self,
        may_go_on: MayGoOn,
    ) -> impl Stream<Item = Result<Bytes, ImageError>> + Send + 'static + use<> {
        let framing = Framing::new(self.records.clock.now(), &self.zone);
        let sending = Sending {
            records: self.records,
            by: self.by,
            work: self.work,
            zone: self.zone,
            share: Arc::new(self.share),
            framing: Some(framing),
            content: None,
            index: 0,
            may_go_on,
            ending: self.ending,
        };
        stream::unfold(sending, |mut sending| async move {
            let piece = sending.next().await?;
            Some((piece, sending))
        })
    }
}

/// What is left of a file's content.
type Content = Pin<Box<dyn Stream<Item = Result<Bytes, ImageError>> + Send>>;

struct Sending {
    records: Records,
    by: Clinician,
    work: Work,
    zone: Zone,
    share: Arc<Share>,
    /// Until the archive's end was written.
    framing: Option<Framing>,
    content: Option<Content>,
    /// Which image is next.
    index: usize,
    may_go_on: MayGoOn,
    ending: Ending,
}

impl Sending {
    async fn next(&mut self) -> Option<Result<Bytes, ImageError>> {
        if self.ending.over {
            return None;
        }
        course(&self.ending.progress).untaken_since = None;
        match self.piece().await {
            Ok(piece) => {
                course(&self.ending.progress).untaken_since = Some(self.records.clock.now());
                Some(Ok(piece))
            }
            Err(error) => {
                self.content = None;
                self.ending.stop(&error, self.image()).await;
                Some(Err(error))
            }
        }
    }

    async fn piece(&mut self) -> Result<Bytes, ImageError> {
        if self.ending.has_stalled() {
            return Err(ArchiveError::Stalled.into());
        }
        going_on::ask(&mut self.may_go_on).await?;
        if let Some(content) = &mut self.content {
            if let Some(piece) = content.try_next().await? {
                return Ok(piece);
            }
            self.content = None;
            self.index = self.index.saturating_add(1);
            self.ending.sent(self.index);
        }
        if let Some(known) = self.work.images.get(self.index).cloned() {
            let (header, content) = self.open(known).await?;
            // What took long to open may not be for this session any more.
            going_on::ask(&mut self.may_go_on).await?;
            self.content = Some(content);
            return Ok(header);
        }
        self.ending.finish().await?;
        Ok(self.framing.take().map(Framing::end).unwrap_or_default().into())
    }

    /// Which image is being sent, or is next.
    fn image(&self) -> Option<ImageId> {
        self.work.images.get(self.index).map(|stored| stored.image.id)
    }

    /// An image's header and content, once it is certain that it can be read and its event is durable.
    async fn open(&mut self, known: StoredImage) -> Result<(Bytes, Content), ImageError> {
        let image = known.image.id;
        let ticket = self.ticket(known)?;
        match self.work.form {
            Form::Originals => {
                let crc = self.check(&ticket).await?;
                self.record(image).await?;
                let length = ticket.image().bytes;
                let share = Arc::clone(&self.share);
                let content = self.records.open_original(&ticket).await?.stream(0..length);
                let content = content.map_ok(move |piece| held(piece, Arc::clone(&share)));
                let header = self.header(&ticket, ticket.image().format, length, crc)?;
                Ok((header, Box::pin(content.map_err(ImageError::from))))
            }
            Form::Display => {
                let (mut format, mut bytes) = self.render(&ticket).await?;
                let now = self.record(image).await?;
                if edition_of(&now.image) != edition_of(ticket.image()) {
                    // It was turned meanwhile.
                    (format, bytes) = self.render(&self.ticket(now)?).await?;
                }
                let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                let header = self.header(&ticket, format, length, crc32fast::hash(&bytes))?;
                Ok((header, Box::pin(stream::iter(pieces(bytes)).map(Ok))))
            }
        }
    }

    /// Records that the image leaves, if it is still there and the patient's consent still covers it. The image as it is
    /// in that moment.
    async fn record(&mut self, image: ImageId) -> Result<StoredImage, ImageError> {
        let Work {
            id,
            patient,
            form,
            destination,
            ..
        } = self.work;
        let now = self.records.clock.now();
        self.records
            .store
            .clinic(&self.by)
            .read(|view| {
                let inside = view.inside(patient)?;
                let consent = allowed(&inside, patient, destination, now)?;
                let absent = RecordError::absent(Target::Image(image), patient);
                let stored = inside.image(image)?.ok_or(absent)?;
                let event = about(Action::ImageExported, (patient, id), form, destination, consent);
                Ok::<_, ImageError>(Audited::new(stored, event.target(Target::Image(image))))
            })
            .await
    }

    fn ticket(&self, stored: StoredImage) -> Result<ViewTicket, ImageError> {
        let key = self.records.vault.patient_key(self.work.patient);
        let key = key.map_err(VaultError::with_sealed_things)?;
        let rendition = self.work.form.rendition();
        Ok(ViewTicket::new(stored, rendition, key, Holder::from(&self.by)))
    }

    /// Reads an original to its end, before anything of it leaves: its checksum stands in front of it, and what is damaged
    /// must not be sent as if it were whole.
    async fn check(&mut self, ticket: &ViewTicket) -> Result<u32, ImageError> {
        let image = ticket.image();
        let mut content = Box::pin(self.records.open_original(ticket).await?.stream(0..image.bytes));
        let (mut crc, mut sha256) = (crc32fast::Hasher::new(), Sha256::new());
        while let Some(piece) = content.try_next().await? {
            crc.update(&piece);
            sha256.update(&piece);
        }
        if Digest::from_bytes(sha256.finalize().into()) == image.sha256 {
            Ok(crc.finalize())
        } else {
            Err(ArchiveError::Altered(image.id).into())
        }
    }

    async fn render(&mut self, ticket: &ViewTicket) -> Result<(ImageFormat, Bytes), ImageError> {
        let mut tries = 1;
        let full = loop {
            match self.records.render_full(ticket).await {
                Err(ImageError::Busy) if tries < TRIES => tries = tries.saturating_add(1),
                rendered => break rendered?,
            }
        };
        let format = match full.media_type {
            MediaType::Jpeg => ImageFormat::Jpeg,
            MediaType::Png => ImageFormat::Png,
        };
        Ok((format, full.bytes))
    }

    fn header(
        &mut self,
        ticket: &ViewTicket,
        format: ImageFormat,
        bytes: u64,
        crc: u32,
    ) -> Result<Bytes, ImageError> {
        let destination = self.work.destination;
        let file = file(self.index, ticket.image(), format, bytes, destination, &self.zone)?;
        let file = File { crc, ..file };
        let header = self.framing.as_mut().map(|framing| framing.begin(&file));
        Ok(header.unwrap_or_default().into())
    }
}

/// Pieces of bytes that are in memory already; they share it.
fn pieces(mut bytes: Bytes) -> impl Iterator<Item = Bytes> + Send {
    std::iter::from_fn(move || {
        let piece = bytes.split_to(bytes.len().min(PIECE));
        (!piece.is_empty()).then_some(piece)
    })
}

/// Says how a download ended, in the trail and to whoever asks. If it is dropped before, the receiver went away.
struct Ending {
    records: Records,
    by: Clinician,
    work: (PatientId, ArchiveId),
    progress: Shared,
    over: bool,
}

impl Ending {
    fn change(&self, change: impl FnOnce(&mut Progress)) {
        change(&mut course(&self.progress).progress);
    }

    /// Whether another download took its place.
    fn has_stalled(&self) -> bool {
        let stage = read(&self.progress).stage;
        matches!(
            stage,
            Stage::Stopped {
                why: Why::Stalled,
                ..
            }
        )
    }

    /// So many images have left whole.
    fn sent(&self, count: usize) {
        self.change(|progress| progress.sent = count);
    }

    /// All images have left; recorded before the archive's end is.
    async fn finish(&mut self) -> Result<(), ImageError> {
        let caller = self.by.caller();
        self.records.store.record(caller, vec![self.event()]).await?;
        self.over = true;
        self.change(|progress| progress.stage = Stage::Sent);
        Ok(())
    }

    /// It broke off because of an error, at this image.
    async fn stop(&mut self, error: &ImageError, at: Option<ImageId>) {
        self.over = true;
        let (why, at) = why(error, at);
        self.change(|progress| progress.stage = Stage::Stopped { why, image: at });
        // Refusals of reading were recorded with it; that of a key was not.
        let missing_key = matches!(error, ImageError::Vault(_));
        let mut events: Vec<Event> = error.denial().filter(|_| missing_key).into_iter().collect();
        events.push(self.stopped(why, at));
        // If that fails too, the events of the images still say which left.
        drop(self.records.store.record(self.by.caller(), events).await);
    }

    fn event(&self) -> Event {
        let (patient, id) = self.work;
        let Progress { sent, of, .. } = read(&self.progress);
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        Event::new(Action::ImagesExportEnded)
            .target(Target::Patient(patient))
            .patient(patient)
            .detail(Detail::id("archive", id))
            .detail(Detail::number("sent", number(sent)))
            .detail(Detail::number("of", number(of)))
    }

    fn stopped(&self, why: Why, at: Option<ImageId>) -> Event {
        let event = self.event().failed().detail(Detail::code("reason", why.code()));
        match at {
            Some(image) => event.detail(Detail::id("image", image)),
            None => event,
        }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        if self.over {
            return;
        }
        let why = if self.has_stalled() {
            Why::Stalled
        } else {
            Why::Connection
        };
        self.change(|progress| progress.stage = Stage::Stopped { why, image: None });
        let event = self.stopped(why, None);
        let (store, caller) = (self.records.store.clone(), self.by.caller().clone());
        // Where nothing runs any more, the events of the images stand alone.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move { drop(store.record(&caller, vec![event]).await) });
        }
    }
}

/// Why it broke off, and at which image if it was because of that one.
const fn why(error: &ImageError, at: Option<ImageId>) -> (Why, Option<ImageId>) {
    match error {
        ImageError::Archive(ArchiveError::NoConsent { .. }) => (Why::Consent, None),
        ImageError::Archive(ArchiveError::SessionEnded) => (Why::Session, None),
        ImageError::Archive(ArchiveError::Stalled) => (Why::Stalled, None),
        ImageError::Busy => (Why::Busy, None),
        ImageError::Record(RecordError::Absent { .. }) => (Why::Gone, at),
        ImageError::TooLargeToShow(_) | ImageError::Unrenderable(_) => (Why::Unrenderable, at),
        ImageError::Blob(_) | ImageError::Vault(_) | ImageError::Archive(ArchiveError::Altered(_)) => {
            (Why::Unreadable, at)
        }
        ImageError::Archive(ArchiveError::Absent(_) | ArchiveError::Count)
        | ImageError::Record(_)
        | ImageError::ConsentRequired { .. }
        | ImageError::NoUpload
        | ImageError::Offset(_)
        | ImageError::Superseded(_)
        | ImageError::Beyond(_)
        | ImageError::Stale(_) => (Why::Storage, None),
    }
}
