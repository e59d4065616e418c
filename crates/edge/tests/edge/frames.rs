//! Issue 6, 23: HTTP/2 frame by frame, as no client would send them, with h2's debug assertions on.
//!
//! An assertion that fails ends one connection's task in a debug build and nothing else; it would still be a
//! state that h2 does not expect, so each is looked for here.

use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cutis_edge::limits::Limits;
use futures_util::{StreamExt as _, stream};
use http::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;

use crate::client::{Client, PATIENCE, empty, tls};
use crate::site::Site;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const CANCEL: [u8; 4] = [0, 0, 0, 8];

/// Panics in h2, of the whole test program.
static PANICS: AtomicUsize = AtomicUsize::new(0);

fn watch_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if panic
                .location()
                .is_some_and(|place| place.file().contains("/h2-"))
            {
                PANICS.fetch_add(1, Ordering::SeqCst);
            }
            before(panic);
        }));
    });
}

/// Frames to be sent in one go.
struct Frames(Vec<u8>, String);

impl Frames {
    /// A connection's beginning, with this window for every response.
    fn begin(site: &Site, window: u32) -> Self {
        let mut frames = Self(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), site.host());
        frames.window(window);
        frames
    }

    fn push(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> &mut Self {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        self.0.extend_from_slice(&length[1..]);
        self.0.extend_from_slice(&[kind, flags]);
        self.0.extend_from_slice(&stream.to_be_bytes());
        self.0.extend_from_slice(payload);
        self
    }

    /// Settings that change the initial window of all streams.
    fn window(&mut self, window: u32) -> &mut Self {
        let payload = [&[0, 4], window.to_be_bytes().as_slice()].concat();
        self.push(SETTINGS, 0, 0, &payload)
    }

    /// A request, as HPACK without a dynamic table.
    fn ask(&mut self, stream: u32, method: &str, path: &str) -> &mut Self {
        let mut block = vec![if method == "GET" { 0x82 } else { 0x83 }, 0x87];
        for (name, value) in [(4, path), (1, self.1.as_str())] {
            block.extend_from_slice(&[name, u8::try_from(value.len()).unwrap()]);
            block.extend_from_slice(value.as_bytes());
        }
        block.extend_from_slice(b"\x00\x0esec-fetch-site\x0bsame-origin");
        let ends = if method == "GET" { END_STREAM } else { 0 };
        self.push(HEADERS, END_HEADERS | ends, stream, &block)
    }

    fn reset(&mut self, stream: u32) -> &mut Self {
        self.push(RST_STREAM, 0, stream, &CANCEL)
    }

    fn update(&mut self, stream: u32, by: u32) -> &mut Self {
        self.push(WINDOW_UPDATE, 0, stream, &by.to_be_bytes())
    }

    async fn send(&mut self, stream: &mut TlsStream<TcpStream>) {
        // The server may have hung up, which is an answer too.
        stream.write_all(&self.0).await.unwrap_or_default();
        stream.flush().await.unwrap_or_default();
        self.0.clear();
    }
}

/// Reads for a moment, or until the server hangs up.
async fn listen(stream: &mut TlsStream<TcpStream>) {
    let mut scrap = [0; 1024];
    while let Ok(Ok(1..)) = timeout(Duration::from_millis(60), stream.read(&mut scrap)).await {}
}

/// What is done on a connection, step by step, with a moment between the steps.
type Steps = fn(&mut Frames, usize) -> bool;

const SEQUENCES: [(&str, u32, Steps); 9] = [
    (
        "a reset of a stream that was reset",
        0,
        |frames, step| match step {
            0 => !frames.ask(1, "GET", "/endless").reset(1).reset(1).0.is_empty(),
            1 => !frames.reset(1).ask(3, "GET", "/ok").0.is_empty(),
            _ => false,
        },
    ),
    (
        "a window for a stream that was reset",
        0,
        |frames, step| match step {
            0 => !frames.ask(1, "GET", "/endless").ask(3, "GET", "/ok").0.is_empty(),
            1 => !frames
                .reset(1)
                .update(1, 70_000)
                .update(0, 70_000)
                .window(70_000)
                .0
                .is_empty(),
            _ => false,
        },
    ),
    (
        "a window that shrinks below what was sent",
        65_535,
        |frames, step| match step {
            0 => !frames
                .ask(1, "GET", "/endless")
                .ask(3, "GET", "/endless")
                .0
                .is_empty(),
            1 => !frames.window(0).reset(1).0.is_empty(),
            2 => !frames
                .update(0, 1_000_000)
                .update(3, 10)
                .window(65_535)
                .0
                .is_empty(),
            3 => !frames.window(1).reset(3).window(65_535).0.is_empty(),
            _ => false,
        },
    ),
    ("a hundred closed windows, and gone", 0, |frames, step| {
        if step == 0 {
            for stream in 0..100 {
                frames.ask(
                    stream * 2 + 1,
                    "GET",
                    if stream % 2 == 0 { "/ok" } else { "/endless" },
                );
            }
        }
        step == 0
    }),
    ("a body after the answer", 65_535, |frames, step| match step {
        0 => !frames
            .ask(1, "POST", "/nothing")
            .push(DATA, 0, 1, b"x")
            .0
            .is_empty(),
        1 => !frames
            .push(DATA, 0, 1, &[0; 16_000])
            .update(1, 1000)
            .reset(1)
            .0
            .is_empty(),
        2 => !frames.push(DATA, END_STREAM, 1, b"x").0.is_empty(),
        _ => false,
    }),
    (
        "a reset between an answer and its data",
        0,
        |frames, step| match step {
            0 => !frames
                .ask(1, "POST", "/upload")
                .push(DATA, 0, 1, &[7; 10])
                .0
                .is_empty(),
            1 => !frames
                .push(DATA, END_STREAM, 1, b"")
                .reset(1)
                .update(1, 100)
                .0
                .is_empty(),
            _ => false,
        },
    ),
    ("goodbye before the end", 0, |frames, step| match step {
        0 => !frames
            .ask(1, "GET", "/endless")
            .push(GOAWAY, 0, 0, &[0; 8])
            .ask(3, "GET", "/endless")
            .0
            .is_empty(),
        1 => !frames.reset(3).update(1, 10).reset(1).0.is_empty(),
        _ => false,
    }),
    ("rapid resets", 0, |frames, step| {
        for stream in 0..200 {
            frames
                .ask(stream * 2 + 1, "GET", "/endless")
                .reset(stream * 2 + 1);
        }
        step == 0
    }),
    ("more than the streams that are allowed", 0, |frames, step| {
        for stream in 0..150 {
            frames.ask(stream * 2 + 1, "POST", "/upload");
        }
        if step == 1 {
            frames.0.clear();
            for stream in 0..150 {
                frames.reset(stream * 2 + 1).update(stream * 2 + 1, 1);
            }
        }
        step < 2
    }),
];

#[tokio::test]
async fn no_sequence_of_frames_breaks_what_h2_takes_for_granted() {
    watch_panics();
    let (site, _said) = Site::start(Limits {
        // Some connections are ended by us in the middle, others by the client.
        response_stall: Duration::from_millis(400),
        ..Limits::default()
    });
    for (name, window, steps) in SEQUENCES {
        for stays in [false, true] {
            let before = PANICS.load(Ordering::SeqCst);
            let mut stream = tls(&site, "h2").await;
            let mut frames = Frames::begin(&site, window);
            let mut step = 0;
            while steps(&mut frames, step) {
                frames.send(&mut stream).await;
                listen(&mut stream).await;
                step += 1;
            }
            if stays {
                let mut rest = Vec::new();
                drop(timeout(Duration::from_secs(2), stream.read_to_end(&mut rest)).await);
            }
            drop(stream);
            assert_eq!(
                PANICS.load(Ordering::SeqCst),
                before,
                "h2 panicked: {name}, stays: {stays}"
            );
        }
    }
    // Connections end in their own time.
    let ended = timeout(PATIENCE, async {
        while site.running.connections() > 0 {
            tokio::task::yield_now().await;
        }
    });
    assert!(
        ended.await.is_ok(),
        "{} are still open",
        site.running.connections()
    );
    let mut client = Client::http2(&site).await;
    let request = client.request("GET", &site.host(), "/ok").body(empty()).unwrap();
    assert_eq!(client.send(request).await.status(), StatusCode::OK);
    assert_eq!(
        PANICS.load(Ordering::SeqCst),
        0,
        "h2 panicked while connections ended"
    );
    site.running.stop().await;
    assert_eq!(
        PANICS.load(Ordering::SeqCst),
        0,
        "h2 panicked while the server stopped"
    );
}

/// How many connections get frames at random. A run with 3,000 found nothing either.
const RANDOM: u32 = 200;

/// Numbers that look random and are the same in each run (xorshift).
struct Dice(u32);

impl Dice {
    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        let end = u32::try_from(choices.len()).unwrap();
        choices[usize::try_from(self.below(end)).unwrap()]
    }

    fn below(&mut self, end: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 % end
    }
}

fn random_frames(frames: &mut Frames, dice: &mut Dice, opened: &mut u32) {
    let methods = ["GET", "GET", "POST"];
    let paths = ["/ok", "/endless", "/upload", "/nothing", "/echo"];
    for _ in 0..=dice.below(12) {
        let stream = dice.below(*opened + 2) * 2 + 1;
        match dice.below(12) {
            0..=4 => {
                let (method, path) = (dice.of(&methods), dice.of(&paths));
                frames.ask(*opened * 2 + 1, method, path);
                *opened += 1;
            }
            5 | 6 => _ = frames.reset(stream),
            7 => _ = frames.update(stream, 1 + dice.below(70_000)),
            8 => _ = frames.update(0, 1 + dice.below(70_000)),
            9 => _ = frames.window(dice.below(3) * 40_000),
            10 => {
                let ends = u8::try_from(dice.below(2)).unwrap() * END_STREAM;
                let length = dice.of(&[0, 5_000, 10_000]);
                frames.push(DATA, ends, stream, &vec![b'x'; length]);
            }
            _ if dice.below(8) == 0 => _ = frames.push(GOAWAY, 0, 0, &[0; 8]),
            _ => _ = frames.reset(stream).reset(stream),
        }
    }
}

/// Sends at random, then hangs up or waits until the server does.
async fn converse_at_random(site: &Site, seed: u32) {
    let mut dice = Dice(seed.wrapping_mul(2_654_435) | 1);
    let mut stream = tls(site, "h2").await;
    let mut frames = Frames::begin(site, dice.below(3) * 30_000);
    let mut opened = 0;
    for _ in 0..4 {
        random_frames(&mut frames, &mut dice, &mut opened);
        frames.send(&mut stream).await;
        let mut scrap = [0; 4096];
        drop(timeout(Duration::from_millis(5), stream.read(&mut scrap)).await);
    }
    if seed.is_multiple_of(3) {
        let mut rest = Vec::new();
        drop(timeout(Duration::from_secs(1), stream.read_to_end(&mut rest)).await);
    }
    drop(stream);
    assert_eq!(
        PANICS.load(Ordering::SeqCst),
        0,
        "h2 panicked at seed {seed} or before"
    );
}

#[tokio::test]
async fn frames_at_random_break_nothing_either() {
    watch_panics();
    let (site, _said) = Site::start(Limits {
        response_stall: Duration::from_millis(200),
        ..Limits::default()
    });
    let connections = stream::iter(1..=RANDOM).map(|seed| converse_at_random(&site, seed));
    connections.buffer_unordered(20).collect::<()>().await;
    site.running.stop().await;
    assert_eq!(PANICS.load(Ordering::SeqCst), 0, "h2 panicked");
}
