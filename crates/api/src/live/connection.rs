//! One connection, from `hello` to `bye`.

use std::pin::pin;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use cutis_auth::Use;
use cutis_domain::{ClientId, Clinician, Timestamp};
use cutis_edge::listener::Stopping;
use cutis_edge::problem::{Code, Problem};
use cutis_live::{Bucket, Mark};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::heard::{Heard, Refusal};
use super::hub::Seat;
use super::said::{About, Said};
use crate::Api;
use crate::principal::Sender;

/// The largest message, in bytes.
pub(super) const MOST_BYTES: usize = 256 * 1024;
/// How often it is asked whether the session still holds: it must end a connection within a second (A7).
const LOOK: Duration = Duration::from_millis(400);
/// How long a client may take to say hello.
const HELLO: Duration = Duration::from_secs(10);
/// After how long without a word a client is asked whether it is there, and after how long it counts as gone.
const SILENCE: (Duration, Duration) = (Duration::from_secs(20), Duration::from_secs(45));
/// For how long at least, before it watches a patient, a page may have fetched what it shows.
const FETCHED: Duration = Duration::from_secs(30);
/// How long one message, or the farewell, may take to leave.
const LEAVE: Duration = Duration::from_secs(10);
/// Messages at once, and a second.
const RATE: (u32, u32) = (200, 50);

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
            Self::TooLarge => ("too_large", 1009, "A message may have at most 262,144 bytes."),
            Self::NotText => ("not_text", 1003, "Messages are sent as text."),
            Self::Slow => ("slow", 4413, "Too much waited to be read. Connect again."),
            Self::Stopping => ("stopping", 1001, "The server is stopping. Connect again."),
            Self::Gone => return None,
        })
    }
}

/// What a connection knows.
pub(super) struct Connection {
    pub(super) api: Api,
    sender: Sender,
    stopping: Option<Stopping>,
    /// As it was when the connection began; asked again for every message.
    first: Clinician,
}

/// A connection that has said hello.
pub(super) struct Greeted {
    pub(super) seat: Seat,
    pub(super) client: ClientId,
}

impl Connection {
    pub(super) const fn new(api: Api, sender: Sender, first: Clinician, stopping: Option<Stopping>) -> Self {
        Self {
            api,
            sender,
            stopping,
            first,
        }
    }

    /// Speaks until either side ends it.
    pub(super) async fn run(self, socket: WebSocket) {
        let account = self.first.scope().owner();
        let device = self.sender.agent();
        let (mut sink, mut stream) = socket.split();
        let Some(mut seat) = self.api.live.hub.seat(account, device) else {
            farewell(&mut sink, End::TooMany).await;
            return;
        };
        let Some(inbox) = seat.inbox.take() else { return };
        let (tail, end) = mpsc::channel(1);
        let (stuck, is_stuck) = oneshot::channel();
        let mut writer = pin!(write(sink, inbox, end, stuck));
        let why = tokio::select! {
            why = self.listen(&mut stream, seat, is_stuck) => why,
            // What is said does not get through any more.
            () = &mut writer => return,
        };
        if tail.send(why).await.is_ok() {
            drop(timeout(LEAVE, writer).await);
        }
    }

    async fn listen(
        &self,
        stream: &mut SplitStream<WebSocket>,
        seat: Seat,
        mut is_stuck: oneshot::Receiver<()>,
    ) -> End {
        let mut is_slow = seat.is_slow.clone();
        let stopping = self.stopping.clone();
        let stopped = async move {
            match stopping {
                Some(Stopping(token)) => token.cancelled_owned().await,
                None => std::future::pending().await,
            }
        };
        tokio::pin!(stopped);
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let now = || (self.api.live.monotonic)();
        let mut bucket = Bucket::new(RATE.0, RATE.1, now());
        let mut talk = Talk::Waiting { seat, since: now() };
        let (mut heard_at, mut has_asked, mut noted_at) = (now(), false, now());
        loop {
            let message = tokio::select! {
                biased;
                () = &mut stopped => return End::Stopping,
                Ok(()) = is_slow.changed() => return End::Slow,
                Ok(()) = &mut is_stuck => return End::Slow,
                _ = looks.tick() => {
                    if let Err(end) = self.still(Use::Background).await {
                        return end;
                    }
                    if now().saturating_sub(noted_at) > FETCHED {
                        noted_at = now();
                        talk.seat().time_passed();
                    }
                    let silent = now().saturating_sub(heard_at);
                    if let Talk::Waiting { since, .. } = &talk
                        && now().saturating_sub(*since) > HELLO
                    {
                        return End::NoHello;
                    }
                    if silent > SILENCE.1 {
                        return End::Gone;
                    }
                    if silent > SILENCE.0 && !has_asked {
                        has_asked = true;
                        talk.seat().ask();
                    }
                    continue;
                }
                message = stream.next() => message,
            };
            (heard_at, has_asked) = (now(), false);
            let text = match message {
                Some(Ok(Message::Text(text))) => text,
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
                    if bucket.take(now()) {
                        continue;
                    }
                    return End::TooMany;
                }
                Some(Ok(Message::Binary(_))) => return End::NotText,
                Some(Ok(Message::Close(_))) | None => return End::Gone,
                Some(Err(error)) => {
                    return if is_too_large(&error) {
                        End::TooLarge
                    } else {
                        End::Gone
                    };
                }
            };
            if !bucket.take(now()) {
                return End::TooMany;
            }
            talk = match self.hear(talk, text.as_str()).await {
                Ok(talk) => talk,
                Err(end) => return end,
            };
        }
    }

    /// Answers one message.
    async fn hear(&self, talk: Talk, text: &str) -> Result<Talk, End> {
        let heard = match Heard::read(text) {
            Ok(heard) => heard,
            Err(refusal) => {
                talk.seat().refuse(&refusal);
                return Ok(talk);
            }
        };
        match (talk, heard) {
            (
                Talk::Waiting { seat, .. },
                Heard::Hello {
                    version,
                    client,
                    since,
                },
            ) => {
                if version != 1 {
                    return Err(End::Version);
                }
                self.still(Use::Background).await?;
                self.greet(&seat, since);
                Ok(Talk::Greeted(Greeted { seat, client }))
            }
            (Talk::Waiting { .. }, _) => Err(End::NoHello),
            (Talk::Greeted(greeted), heard) => {
                self.answer(&greeted, heard).await?;
                Ok(Talk::Greeted(greeted))
            }
        }
    }

    fn greet(&self, seat: &Seat, since: Option<Mark>) {
        let (mark, missed) = seat.missed(since);
        seat.say(Said::welcome(seat.id, &self.now().to_string(), mark));
        match missed {
            None => seat.say(Said::resync(mark)),
            Some(notices) => {
                for notice in &notices {
                    seat.say(Said::changed(notice, mark));
                }
            }
        }
    }

    async fn answer(&self, greeted: &Greeted, heard: Heard) -> Result<(), End> {
        let seat = &greeted.seat;
        match heard {
            Heard::Hello { .. } => {
                seat.refuse(&Refusal::new(
                    About::Nothing,
                    "hello_again",
                    "This connection has said hello already.",
                ));
            }
            Heard::Watch { reference, patient } => {
                let by = self.still(Use::Background).await?;
                self.watch(seat, &by, reference, patient).await;
            }
            Heard::Unwatch { patient } => seat.unwatch(patient),
            Heard::Open {
                reference,
                patient,
                entry,
            } => {
                let by = self.still(Use::Person).await?;
                self.open(seat, &by, reference, (patient, entry)).await;
            }
            Heard::Leave { entry } => seat.leave(entry),
            Heard::Edit(edit) => {
                // Typing is use of the session (C13).
                let by = self.still(Use::Person).await?;
                self.edit(greeted, &by, *edit).await;
            }
            Heard::Presence { entry, field } => {
                if seat.has_open(entry) {
                    seat.point_at(entry, field);
                } else {
                    seat.refuse(&Refusal::new(About::Nothing, "not_open", "Open the visit first."));
                }
            }
            Heard::Ping { number } => seat.say(Said::pong(number)),
        }
        Ok(())
    }

    /// Whether the session still holds, and what it may do.
    async fn still(&self, usage: Use) -> Result<Clinician, End> {
        match self.sender.clinician(&self.api, usage).await {
            Ok(by) => Ok(by),
            Err(problem) => Err(end_of(&problem)),
        }
    }

    fn now(&self) -> Timestamp {
        self.api.records.now()
    }
}

/// Whether hello was said.
enum Talk {
    Waiting { seat: Seat, since: Duration },
    Greeted(Greeted),
}

impl Talk {
    const fn seat(&self) -> &Seat {
        match self {
            Self::Waiting { seat, .. } => seat,
            Self::Greeted(greeted) => &greeted.seat,
        }
    }
}

impl Seat {
    pub(super) fn refuse(&self, refusal: &Refusal) {
        let Refusal {
            about,
            code,
            detail,
            field,
        } = refusal;
        self.say(Said::refused(about, code, detail, field.as_deref()));
    }

    /// Asks whether the client is still there.
    fn ask(&self) {
        self.say(Said::ask());
    }
}

/// What ends a connection when the session does not hold any more, or could not be asked for.
fn end_of(problem: &Problem) -> End {
    let code = problem.code();
    if code == Code::HandedOver {
        End::HandedOver
    } else if matches!(code, Code::Unauthenticated | Code::Forbidden) {
        End::SessionEnded
    } else {
        // Whether it holds is not known, so nothing more is done on its behalf; the client connects again.
        End::Stopping
    }
}

fn is_too_large(error: &axum::Error) -> bool {
    let mut source: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = source {
        if error.to_string().contains("too long") || error.to_string().contains("too big") {
            return true;
        }
        source = error.source();
    }
    false
}

/// Writes what is said, in its order, until the end. What still waits then is not written: after a session has ended
/// nothing more may reach its page.
async fn write(
    mut sink: SplitSink<WebSocket, Message>,
    mut inbox: mpsc::Receiver<Said>,
    mut end: mpsc::Receiver<End>,
    stuck: oneshot::Sender<()>,
) {
    let why = loop {
        let said = tokio::select! {
            biased;
            why = end.recv() => break why,
            Some(said) = inbox.recv() => said,
        };
        let sent = tokio::select! {
            biased;
            why = end.recv() => break why,
            sent = timeout(LEAVE, sink.send(said.message())) => sent,
        };
        match sent {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return,
            // Nothing was read for so long: the connection ends, and others are told so before this one's farewell.
            Err(_) => {
                stuck.send(()).unwrap_or_default();
                break end.recv().await;
            }
        }
    };
    if let Some(why) = why {
        farewell(&mut sink, why).await;
    }
}

/// Says why, and closes.
async fn farewell(sink: &mut SplitSink<WebSocket, Message>, why: End) {
    let said = async {
        if let Some((code, close, detail)) = why.words() {
            sink.send(Said::bye(code, detail).message()).await?;
            let frame = CloseFrame {
                code: close,
                reason: code.into(),
            };
            sink.send(Message::Close(Some(frame))).await?;
        }
        sink.close().await
    };
    drop(timeout(Duration::from_secs(2), said).await);
}
