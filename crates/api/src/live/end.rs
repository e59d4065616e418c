//! How a connection ends, and what is said of it.

use std::time::Duration;

use cutis_edge::problem::{Code, Problem};
use cutis_edge::websocket::{Fault, Writer};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::outbox::Inbox;
use super::said::Said;

/// How long one message may take to leave.
const LEAVE: Duration = Duration::from_secs(10);
/// How long the farewell may take.
const FAREWELL: Duration = Duration::from_secs(2);

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    SessionEnded,
    HandedOver,
    Version,
    NoHello,
    TooMany,
    TooLarge,
    NotText,
    NotUtf8,
    Protocol,
    Slow,
    Stopping,
    /// The client closed it, or is gone: there is nobody to tell.
    Gone,
}

impl End {
    /// Code, close code, and what to do.
    const fn words(self) -> Option<(&'static str, u16, &'static str)> {
        Some(match self {
            Self::SessionEnded => ("session_ended", 4401, "The session has ended. Sign in again."),
            Self::HandedOver => (
                "handed_over",
                4403,
                "This device was handed to a patient for signing.",
            ),
            Self::Version => (
                "version",
                4406,
                "The server speaks another version. Load the page again.",
            ),
            Self::NoHello => (
                "no_hello",
                4408,
                "The first message must be hello, within ten seconds.",
            ),
            Self::TooMany => (
                "too_many",
                4429,
                "Too many messages or connections. Wait, then connect again.",
            ),
            Self::TooLarge => (
                "too_large",
                1009,
                "A message may have at most 262,144 bytes, in few frames.",
            ),
            Self::NotText => ("not_text", 1003, "Messages are sent as text."),
            Self::NotUtf8 => ("not_utf8", 1007, "Messages are text in UTF-8."),
            Self::Protocol => (
                "protocol",
                1002,
                "What came is not as WebSockets have it (RFC 6455).",
            ),
            Self::Slow => ("slow", 4413, "Too much waited to be read. Connect again."),
            Self::Stopping => ("stopping", 1001, "The server is stopping. Connect again."),
            Self::Gone => return None,
        })
    }

    /// Because nothing more can be read.
    pub(super) const fn of(fault: Fault) -> Self {
        match fault {
            Fault::TooLarge => Self::TooLarge,
            Fault::NotUtf8 => Self::NotUtf8,
            Fault::Protocol => Self::Protocol,
            Fault::Gone => Self::Gone,
        }
    }

    /// Because the session does not hold any more, or could not be asked for.
    pub(super) fn refused(problem: &Problem) -> Self {
        let code = problem.code();
        if code == Code::HandedOver {
            Self::HandedOver
        } else if matches!(code, Code::Unauthenticated | Code::Forbidden) {
            Self::SessionEnded
        } else {
            // Whether it holds is not known, so nothing more is done on its behalf; the client connects again.
            Self::Stopping
        }
    }
}

/// Writes what is said, in its order, until the end. What still waits then is not written: after a session has ended
/// nothing more may reach its page.
pub(super) async fn write(
    mut writer: Writer,
    mut inbox: Inbox,
    mut end: mpsc::Receiver<End>,
    stuck: oneshot::Sender<()>,
) {
    let why = loop {
        let said = tokio::select! {
            biased;
            why = end.recv() => break why,
            Some(said) = inbox.next() => said,
        };
        let sent = tokio::select! {
            biased;
            why = end.recv() => break why,
            sent = timeout(LEAVE, send(&mut writer, &said)) => sent,
        };
        match sent {
            Ok(Ok(())) => inbox.written(&said),
            Ok(Err(_)) => return,
            // Nothing was read for so long: the connection ends, and others are told so before this one's farewell.
            Err(_) => {
                stuck.send(()).unwrap_or_default();
                break end.recv().await;
            }
        }
    };
    if let Some(why) = why {
        farewell(&mut writer, why).await;
    }
}

async fn send(writer: &mut Writer, said: &Said) -> Result<(), Fault> {
    match said {
        Said::Text(text) => writer.text(text).await,
        Said::Ask => writer.ask().await,
    }
}

/// Says why, and closes.
pub(super) async fn farewell(writer: &mut Writer, why: End) {
    let said = async {
        match why.words() {
            Some((code, close, detail)) => {
                send(writer, &Said::bye(code, detail)).await?;
                writer.close(close, code).await
            }
            None => writer.end().await,
        }
    };
    drop(timeout(FAREWELL, said).await);
}
