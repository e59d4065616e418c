//! One original as it was uploaded, without an archive around it. It leaves the program with all of its metadata, so the
//! same is asked as for an archive: the password, a purpose, and a consent where the purpose needs one (I3, I5, R1).

use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_domain::time::Zone;
use cutis_domain::{Confirmed, ImageId, PatientId};

use super::{Destination, Form, allowed, file};
use crate::images::{ImageError, Rendition, ViewTicket};
use crate::{RecordError, Records};

/// An original that may leave.
#[derive(Debug)]
pub struct SingleOriginal {
    /// The right to read it.
    pub ticket: ViewTicket,
    /// What its file is called: as in an archive, never as it was called when it was uploaded.
    pub name: String,
}

impl Records {
    /// Asks to download one original.
    ///
    /// # Errors
    /// See [`ImageError`].
    pub async fn open_original_file(
        &self,
        by: &Confirmed,
        patient: PatientId,
        image: ImageId,
        destination: Destination,
    ) -> Result<SingleOriginal, ImageError> {
        let by = by.clinician();
        let (now, zone) = (self.clock.now(), self.practice_zone().await?);
        let stored = self
            .store
            .clinic(by)
            .read(|view| {
                let inside = view.inside(patient)?;
                let absent = RecordError::absent(Target::Image(image), patient);
                let stored = inside.image(image)?.ok_or(absent)?;
                let consent = allowed(&inside, patient, destination, now)?;
                let event = Event::new(Action::ImageOriginalDownloaded)
                    .target(Target::Image(image))
                    .patient(patient)
                    .detail(Detail::code("rendition", Form::Originals.rendition().code()))
                    .detail(Detail::code("purpose", destination.code()));
                let event = match consent {
                    Some(consent) => event.detail(Detail::id("consent", consent)),
                    None => event,
                };
                Ok::<_, ImageError>(Audited::new(stored, event))
            })
            .await?;
        let name = name(&stored.image, destination, &zone)?;
        let ticket = self.fresh_ticket(by, stored, Rendition::Original)?;
        Ok(SingleOriginal { ticket, name })
    }
}

fn name(
    image: &cutis_domain::image::Image,
    destination: Destination,
    zone: &Zone,
) -> Result<String, ImageError> {
    Ok(file(0, image, image.format, image.bytes, destination, zone)?.name)
}
