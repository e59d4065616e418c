//! What waits to be said to one connection. It is bounded in messages and in bytes.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Notify, mpsc, watch};

use super::said::Said;

/// The end that says. Clones say to the same connection.
#[derive(Debug, Clone)]
pub(super) struct Outbox {
    queue: mpsc::Sender<Said>,
    backlog: Arc<Backlog>,
    /// Set once a message found no room.
    is_slow: watch::Sender<bool>,
    most_bytes: usize,
}

/// The end that writes to the socket.
#[derive(Debug)]
pub(super) struct Inbox {
    queue: mpsc::Receiver<Said>,
    backlog: Arc<Backlog>,
}

#[derive(Debug, Default)]
struct Backlog {
    bytes: AtomicUsize,
    /// Something was written.
    drained: Notify,
}

/// An outbox for so many messages and bytes, what reads it, and whether it ever had no room.
pub(super) fn outbox(messages: usize, most_bytes: usize) -> (Outbox, Inbox, watch::Receiver<bool>) {
    let (sender, receiver) = mpsc::channel(messages);
    let (slow, is_slow) = watch::channel(false);
    let backlog = Arc::<Backlog>::default();
    let outbox = Outbox {
        queue: sender,
        backlog: Arc::clone(&backlog),
        is_slow: slow,
        most_bytes,
    };
    let inbox = Inbox {
        queue: receiver,
        backlog,
    };
    (outbox, inbox, is_slow)
}

impl Outbox {
    /// Says something behind what was said before. Without room, the connection counts as too slow. One message always
    /// has room where nothing waits.
    pub(super) fn say(&self, said: Said) {
        let size = said.size();
        let before = self.backlog.bytes.fetch_add(size, Ordering::AcqRel);
        let has_room = before == 0 || before.saturating_add(size) <= self.most_bytes;
        if !has_room || self.queue.try_send(said).is_err() {
            self.backlog.bytes.fetch_sub(size, Ordering::AcqRel);
            self.is_slow.send_replace(true);
        }
    }

    /// Waits until at most half of the room is taken: what a client asks for is not what makes it too slow.
    pub(super) async fn room(&self) {
        loop {
            // Before looking, so that what is written in between is not missed.
            let mut drained = pin!(self.backlog.drained.notified());
            drained.as_mut().enable();
            if self.has_room() {
                return;
            }
            drained.await;
        }
    }

    fn has_room(&self) -> bool {
        self.backlog.bytes.load(Ordering::Acquire) <= self.most_bytes / 2
            && self.queue.capacity() >= self.queue.max_capacity() / 2
    }

    /// Bytes that wait.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.backlog.bytes.load(Ordering::Acquire)
    }
}

impl Inbox {
    /// What is to be written next; it takes its room until [`Inbox::written`].
    pub(super) async fn next(&mut self) -> Option<Said> {
        self.queue.recv().await
    }

    /// This was written.
    pub(super) fn written(&self, said: &Said) {
        self.backlog.bytes.fetch_sub(said.size(), Ordering::AcqRel);
        self.backlog.drained.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    /// What waits is counted in bytes, gives its room back once it is written, and ends the connection beyond them.
    #[tokio::test]
    async fn what_waits_is_bounded_in_bytes() {
        let (outbox, mut inbox, is_slow) = outbox(256, 10_000);
        let large = || Said::bye("x", &"x".repeat(4_000));
        outbox.say(large());
        assert!(outbox.room().now_or_never().is_some());
        outbox.say(large());
        assert!(outbox.room().now_or_never().is_none(), "more than half is taken");
        let written = inbox.next().await.expect("the first");
        assert!(outbox.waiting() > 8_000, "it waits until it is written");
        inbox.written(&written);
        assert!(outbox.room().now_or_never().is_some());
        outbox.say(large());
        assert!(!*is_slow.borrow());
        outbox.say(large());
        assert!(*is_slow.borrow());
        assert!(outbox.waiting() <= 10_000, "{}", outbox.waiting());
    }

    /// One message has room, whatever its size.
    #[test]
    fn one_message_always_has_room() {
        let (outbox, _inbox, is_slow) = outbox(256, 10);
        outbox.say(Said::bye("x", "more than ten bytes"));
        assert!(!*is_slow.borrow());
    }
}
