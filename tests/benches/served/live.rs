//! What open pages do: an edit on its way to another page while fifty type, and opening a visit, each beside a bare echo through
//! the same TLS in turns. What counts is the time that people wait.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use cutis_tests::client::{Client, Place};
use cutis_tests::images::made;
use cutis_tests::live::LivePage;
use cutis_tests::{SignedIn, crowd};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{interval_at, sleep};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::line::Ask;
use super::{Case, ROUND, Sides};
use crate::figures::{Batch, Whose, compare_of, micros, number};
use crate::report::{Goal, Report, Row, Unit};

/// Pages that type meanwhile.
const TYPING: usize = 50;
/// How often each of them sends what was typed, as the web client does.
const EACH: Duration = Duration::from_secs(2);
/// Edits a round.
const EDITS: usize = 25;
/// Between two of them: a connection may send fifty messages a second.
const PAUSE: Duration = Duration::from_millis(25);

type Echo = WebSocketStream<tokio_rustls::client::TlsStream<tokio::net::TcpStream>>;

pub(super) async fn measure(sides: &Sides, report: &mut Report) -> anyhow::Result<()> {
    let (_, cookie) = sides.cookie.split_once('=').context("a cookie has a name")?;
    let anna = SignedIn::new(client(&sides.ours.place, cookie), Value::Null);
    let patient = anna.create_patient("bench-live").await;
    let entries = format!("/api/v1/patients/{patient}/entries");
    let mut visits = Vec::new();
    for _ in 0..=TYPING {
        let made = anna
            .post(&entries, &json!({ "notes": "Seen." }))
            .await
            .expect(201);
        visits.push(made["id"].as_str().context("an id")?.to_owned());
    }
    let visit = visits.pop().context("a visit")?;

    let images = [
        anna.store(&patient, made(1)).await,
        anna.store(&patient, made(2)).await,
    ];
    let group = json!({ "mode": "side_by_side", "images": images });
    let path = format!("{entries}/{visit}/comparisons");
    let group = anna.post(path, &group).await.expect(201);
    let group = group["id"].as_str().context("an id")?;
    for (id, what, path) in [
        (
            "served-timeline",
            "the first 50 visits of a patient",
            format!("{entries}?limit=50"),
        ),
        (
            "served-comparison",
            "a comparison of two photos, with what they are shown by",
            format!("/api/v1/patients/{patient}/comparisons/{group}"),
        ),
    ] {
        report.add(
            sides
                .row(Case {
                    id,
                    what: (what, "bare site, first 50 patients by index"),
                    unit: Unit::Micros,
                    goal: Goal::None,
                    ours: vec![Ask::get(path); ROUND / 4],
                    floor: vec![Ask::get("/api/v1/patients?limit=50"); ROUND / 4],
                    operations: 1.0,
                })
                .await?,
        );
    }

    let at = (patient.as_str(), visit.as_str());
    let mut writer = LivePage::open(&sides.ours.place, &anna).await;
    let mut reader = LivePage::open(&sides.ours.place, &anna).await;
    let mut echo = echo(&sides.floor.place).await?;
    report.add(opening(&mut reader, &mut echo, at).await?);
    reader.open_entry(at.0, at.1).await;
    reader.watch(at.0).await;

    let mut typing = JoinSet::new();
    for (number, entry) in visits.into_iter().enumerate() {
        let place = sides
            .ours
            .place
            .coming_from(crowd::device(number / crowd::OF_A_DEVICE));
        let page = LivePage::open(&place, &client(&place, cookie)).await;
        typing.spawn(types(page, (patient.clone(), entry), number));
    }
    let latencies = RefCell::new((Vec::new(), Vec::new()));
    let mut text = (0_u64, "Seen.".to_owned());
    let pair = compare_of(
        (Whose::Nobodys, async || {
            let mut round = Vec::new();
            for _ in 0..EDITS {
                sleep(PAUSE).await;
                let next = format!("Seen, {}.", text.0);
                let edit = writer.edit(at, "notes", text.0, cutis_tests::live::splice(&text.1, &next));
                let began = Instant::now();
                writer.say(&edit).await;
                while reader.hear("text").await["version"] != text.0 + 1 {}
                round.push(micros(began.elapsed()));
                let ack = loop {
                    let said = writer.hear("ack").await;
                    if said["seq"] == edit["seq"] {
                        break said;
                    }
                };
                ensure!(ack["version"] == text.0 + 1, "{ack}");
                text = (text.0 + 1, next);
            }
            latencies.borrow_mut().0.extend(&round);
            Ok(Batch::middle(round))
        }),
        (Whose::Nobodys, async || {
            let mut round = Vec::new();
            for _ in 0..EDITS {
                sleep(PAUSE).await;
                round.push(there_and_back(&mut echo).await?);
            }
            latencies.borrow_mut().1.extend(&round);
            Ok(Batch::middle(round))
        }),
    )
    .await?;
    ensure!(
        typing.len() == TYPING && typing.try_join_next().is_none(),
        "a page stopped typing"
    );
    typing.shutdown().await;
    let (ours, floor) = latencies.into_inner();
    report.note(format!(
        "an edit to another page while {TYPING} type: {}; the echo: {}",
        spread(ours),
        spread(floor)
    ));
    report.add(Row {
        id: "live-edit",
        what: (
            "an edit, durable, told to another page while fifty type",
            "an echo",
        ),
        unit: Unit::Millis,
        goal: Goal::MedianMillis(50.0),
        pair,
    });
    Ok(())
}

/// Opening a visit: read, recorded as a view, shown.
async fn opening(page: &mut LivePage, echo: &mut Echo, at: (&str, &str)) -> anyhow::Result<Row> {
    let pair = compare_of(
        (Whose::Nobodys, async || {
            let mut round = Vec::new();
            for _ in 0..EDITS {
                // Two messages each.
                sleep(2 * PAUSE).await;
                let began = Instant::now();
                page.open_entry(at.0, at.1).await;
                round.push(micros(began.elapsed()));
                page.say(&json!({ "kind": "leave", "entry": at.1 })).await;
            }
            Ok(Batch::middle(round))
        }),
        (Whose::Nobodys, async || {
            let mut round = Vec::new();
            for _ in 0..EDITS {
                sleep(2 * PAUSE).await;
                round.push(there_and_back(echo).await?);
            }
            Ok(Batch::middle(round))
        }),
    )
    .await?;
    Ok(Row {
        id: "live-open",
        what: ("a visit is opened, its view recorded", "an echo"),
        unit: Unit::Millis,
        goal: Goal::MedianMillis(50.0),
        pair,
    })
}

fn client(place: &Place, cookie: &str) -> Client {
    let client = Client::new(place.clone());
    client.set_cookie(Some(cookie.to_owned()));
    client
}

/// A page that types into its own visit and hears of everything else of the patient, until it is thrown away.
async fn types(mut page: LivePage, (patient, entry): (String, String), number: usize) {
    page.watch(&patient).await;
    page.open_entry(&patient, &entry).await;
    let first = EACH / u32::try_from(TYPING).unwrap_or(1) * u32::try_from(number).unwrap_or(0);
    let mut pauses = interval_at(tokio::time::Instant::now() + first, EACH);
    let (mut version, mut text) = (0, "Seen.".to_owned());
    loop {
        tokio::select! {
            _ = pauses.tick() => {
                let next = format!("{text} And so on.");
                let ack = page.type_on((&patient, &entry), version, &text, &next).await;
                assert_eq!(ack["kind"], "ack", "{ack}");
                (version, text) = (version + 1, next);
            }
            said = page.next() => drop(said.expect("the connection stays")),
        }
    }
}

async fn echo(place: &Place) -> anyhow::Result<Echo> {
    let tls = place.open("http/1.1").await?;
    let request = cutis_tests::live::request(place, None);
    let (parts, ()) = request.into_parts();
    let mut request = http::Request::from_parts(parts, ());
    *request.uri_mut() = format!("wss://{}/echo", place.host()).parse()?;
    request.headers_mut().remove("sec-websocket-protocol");
    Ok(tokio_tungstenite::client_async(request, tls).await?.0)
}

/// A message as long as an edit, and the same back; in microseconds.
async fn there_and_back(echo: &mut Echo) -> anyhow::Result<f64> {
    let began = Instant::now();
    echo.send(Message::text("x".repeat(400))).await?;
    let back = echo.next().await.context("the echo is gone")??;
    ensure!(back.len() == 400);
    Ok(micros(began.elapsed()))
}

/// Median, 99th percentile and most, in milliseconds.
fn spread(mut latencies: Vec<f64>) -> String {
    latencies.sort_by(f64::total_cmp);
    let at = |percent: usize| latencies.get((latencies.len() * percent / 100).min(latencies.len() - 1));
    let shown = |value: Option<&f64>| value.map_or(0.0, |micros| micros / 1e3);
    format!(
        "p50 {:.2} ms, p99 {:.2} ms, most {:.2} ms ({:.0} times)",
        shown(at(50)),
        shown(at(99)),
        shown(latencies.last()),
        number(latencies.len())
    )
}
