//! Whether what is being sent may still be sent: a session that ends ends it (A7), however long it takes.

use std::pin::Pin;

use super::ImageError;
use super::archive::ArchiveError;

/// Whether whoever is being sent something may still have it. Asked before each piece, so it has to be cheap.
pub type MayGoOn = Box<dyn Fn() -> Pin<Box<dyn Future<Output = bool> + Send>> + Send>;

/// Asks.
///
/// # Errors
/// [`ArchiveError::SessionEnded`] when it may not be sent any more.
pub(super) async fn ask(may_go_on: &mut MayGoOn) -> Result<(), ImageError> {
    let asking = may_go_on();
    if asking.await {
        Ok(())
    } else {
        Err(ArchiveError::SessionEnded.into())
    }
}
