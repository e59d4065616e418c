//! One connection, from `hello` to `bye`.

use std::pin::pin;
use std::time::Duration;

use cutis_auth::Use;
use cutis_domain::{ClientId, Clinician, Timestamp};
use cutis_edge::listener::Stopping;
use cutis_edge::websocket::{Fault, Reader, Received, Writer};
use cutis_live::{Bucket, Mark};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};

use super::end::{End, farewell, write};
use super::heard::{Heard, Refusal};
use super::said::{About, Said};
use super::seat::Seat;
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
/// How long the farewell may take to leave.
const LEAVE: Duration = Duration::from_secs(10);
/// Who has visits open is told this often at most.
const PRESENCE: Duration = Duration::from_millis(250);
/// Messages at once, and a second.
const RATE: (u32, u32) = (200, 50);

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
    pub(super) async fn run(self, mut reader: Reader, mut writer: Writer) {
        let account = self.first.scope().owner();
        let device = self.sender.agent();
        let Some(mut seat) = Seat::take(&self.api.live.hub, account, device) else {
            farewell(&mut writer, End::TooMany).await;
            return;
        };
        let Some(inbox) = seat.inbox.take() else { return };
        let (tail, end) = mpsc::channel(1);
        let (stuck, is_stuck) = oneshot::channel();
        let mut writer = pin!(write(writer, inbox, end, stuck));
        let why = tokio::select! {
            why = self.listen(&mut reader, seat, is_stuck) => why,
            // What is said does not get through any more.
            () = &mut writer => return,
        };
        if tail.send(why).await.is_ok() {
            drop(timeout(LEAVE, writer).await);
        }
    }

    async fn listen(&self, reader: &mut Reader, seat: Seat, mut is_stuck: oneshot::Receiver<()>) -> End {
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
        let mut presence_at = Instant::now();
        loop {
            let received = tokio::select! {
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
                        talk.seat().say(Said::ask());
                    }
                    continue;
                }
                () = presence_is_due(talk.seat(), presence_at) => {
                    presence_at = Instant::now() + PRESENCE;
                    talk.seat().tell_presence();
                    continue;
                }
                received = next(reader, talk.seat()) => received,
            };
            (heard_at, has_asked) = (now(), false);
            let text = match received {
                Ok(Received::Text(text)) => Some(text),
                Ok(Received::Sign) => None,
                Ok(Received::Binary) => return End::NotText,
                Err(fault) => return End::of(fault),
            };
            if !bucket.take(now()) {
                return End::TooMany;
            }
            let Some(text) = text else { continue };
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
                by_itself,
            } => {
                // In boxes, so that a page that only listens takes little memory.
                let by = self.still(usage(by_itself)).await?;
                self.patiently(Box::pin(self.open(seat, &by, reference, (patient, entry))))
                    .await?;
            }
            Heard::Leave { entry } => seat.leave(entry),
            Heard::Edit(edit) => {
                let places = async { (self.api.live.turn(edit.entry).await, seat.may_write().await) };
                let places = self.patiently(places).await?;
                let by = self.still(usage(edit.by_itself)).await?;
                Box::pin(self.edit(greeted, &by, *edit)).await;
                drop(places);
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

    /// Waits for something, as long as the session holds.
    async fn patiently<T>(&self, something: impl Future<Output = T>) -> Result<T, End> {
        let mut something = pin!(something);
        loop {
            match timeout(LOOK, &mut something).await {
                Ok(it) => return Ok(it),
                Err(_) => drop(self.still(Use::Background).await?),
            }
        }
    }

    /// Whether the session still holds, and what it may do.
    async fn still(&self, usage: Use) -> Result<Clinician, End> {
        match self.sender.clinician(&self.api, usage).await {
            Ok(by) => Ok(by),
            Err(problem) => Err(End::refused(&problem)),
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

/// The next message, once there is room for its answer.
async fn next(reader: &mut Reader, seat: &Seat) -> Result<Received, Fault> {
    seat.outbox.room().await;
    reader.next().await
}

/// Waits until there is something new of who has visits open, it may be told, and there is room for it.
async fn presence_is_due(seat: &Seat, at: Instant) {
    seat.news.wait().await;
    sleep_until(at).await;
    seat.outbox.room().await;
}

/// Only what a person does keeps a session alive (A7, C13).
const fn usage(by_itself: bool) -> Use {
    if by_itself { Use::Background } else { Use::Person }
}
