//! The full-size rendition, which is made on demand and not kept.
//!
//! A request for an image that is being rendered, or still being sent to somebody, shares that rendition.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use bytes::Bytes;
use cutis_domain::ImageId;
use cutis_domain::image::Image;
use cutis_media::{Full, Limits, MediaType, Turns};
use tokio::sync::OnceCell;

use super::darkroom::{DarkroomError, Original};
use super::fair::Share;
use super::memory::{MOST_FULL, STREAMING};
use super::{ImageError, ViewTicket};
use crate::Records;

/// A full-size rendition. Its memory is released when the last copy of its bytes is dropped.
#[derive(Debug)]
pub struct FullRendition {
    /// What it is.
    pub media_type: MediaType,
    /// The rendition.
    pub bytes: Bytes,
}

/// Full-size renditions that somebody waits for or is being sent.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    wanted: Mutex<HashMap<Wanted, Weak<Order>>>,
}

/// An image as it is turned.
type Wanted = (ImageId, u8);

/// One image, for all who asked for it meanwhile.
type Order = OnceCell<(Full, Share)>;

/// The rendition's bytes, with the order that keeps them.
struct Developed(Arc<Order>);

impl AsRef<[u8]> for Developed {
    fn as_ref(&self) -> &[u8] {
        self.0.get().map_or(&[], |(full, _)| &full.bytes)
    }
}

impl Desk {
    /// The order for this image; orders that nobody wants any more are forgotten.
    fn order(&self, image: Wanted) -> Arc<Order> {
        let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(order) = wanted.get(&image).and_then(Weak::upgrade) {
            return order;
        }
        wanted.retain(|_, order| order.strong_count() > 0);
        let order = Arc::new(Order::new());
        wanted.insert(image, Arc::downgrade(&order));
        order
    }
}

impl Records {
    /// How many images wait for a worker now.
    pub fn renditions_waiting(&self) -> usize {
        self.shared.workers.waiting()
    }

    /// Makes the full-size rendition.
    ///
    /// # Errors
    /// When the blob is missing or damaged, or there was no memory or worker in time.
    pub async fn render_full(&self, ticket: &ViewTicket) -> Result<FullRendition, ImageError> {
        let image = ticket.image();
        let order = self.desk.order((image.id, image.turns.quarters()));
        // Whoever comes first renders, in the name of their account; if they go away, the next one does.
        let (full, _) = order.get_or_try_init(|| self.develop(ticket)).await?;
        let media_type = full.media_type;
        Ok(FullRendition {
            media_type,
            bytes: Bytes::from_owner(Developed(order)),
        })
    }

    /// Memory first, then a worker: a request that holds a worker never waits for memory, so both become free in time.
    async fn develop(&self, ticket: &ViewTicket) -> Result<(Full, Share), ImageError> {
        let image = ticket.image();
        let most = most_of(image);
        let room = most.saturating_add(STREAMING);
        let mut share = self.shared.files.acquire(ticket.holder(), room).await?;
        let worker = self.shared.workers.acquire(ticket.holder(), 1).await?;
        let original = Original {
            length: image.bytes,
            pieces: Box::pin(self.open_original(ticket).await?.stream(0..image.bytes)),
        };
        let turns = Turns::quarters(image.turns.quarters());
        let limits = Limits::default().with_max_bytes(image.bytes);
        let full = match self.darkroom.full(original, limits, turns, most).await {
            Ok(full) => full,
            Err(DarkroomError::Busy) => return Err(ImageError::Busy),
            Err(DarkroomError::TooLong) => return Err(ImageError::TooLargeToShow(image.id)),
            Err(DarkroomError::Refused(_)) => return Err(ImageError::Unrenderable(image.id)),
            Err(DarkroomError::Unreadable(error)) => return Err(error.into()),
        };
        drop(worker);
        share.shrink_to(u64::try_from(full.bytes.len()).unwrap_or(u64::MAX));
        Ok((full, share))
    }
}

/// No rendered JPEG or PNG takes more than four bytes per pixel.
fn most_of(image: &Image) -> u64 {
    let pixels = u64::from(image.width).saturating_mul(u64::from(image.height));
    pixels.saturating_mul(4).saturating_add(1 << 20).min(MOST_FULL)
}
