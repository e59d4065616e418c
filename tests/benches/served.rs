//! The running program through TLS beside a bare site, both as processes of their own. What counts is processor time a
//! request; the goals were set in microseconds of one machine, so on another machine look at the ratio.

mod line;
mod live;
mod process;
pub(crate) mod site;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::Context as _;
use cutis_domain::{ImageId, PatientId};
use cutis_edge::session_cookie;
use cutis_tests::server::built_program;
use futures_util::future::try_join_all;
use http::Method;
use serde_json::{Value, json};

use crate::figures::{Batch, Pair, compare_of, number};
use crate::images;
use crate::practice::{PASSWORD, Practice};
use crate::report::{Goal, Report, Row, Unit};
use line::{Ask, Line};
use process::Process;

/// Requests a round: enough for the hundredths of a second in which processor time is counted.
const ROUND: usize = 400;
/// Originals a round.
const ORIGINALS: usize = 12;
/// Clients at once.
const AT_ONCE: usize = 16;
/// How often the floor does what ours does once.
const FLOOR_TIMES: usize = 3;

/// Both sides.
struct Sides {
    ours: Process,
    floor: Process,
    cookie: String,
}

/// Measures requests, open pages, or both.
pub(crate) async fn measure(
    practice: Practice,
    (requests, live): (bool, bool),
    report: &mut Report,
) -> anyhow::Result<()> {
    let cookie = format!(
        "{}={}",
        session_cookie::NAME,
        practice.token.cookie_value().expose()
    );
    let folder = practice.data.path().join("floor-served");
    std::fs::create_dir(&folder)?;
    let mut original = None;
    if requests {
        let bytes = tokio::task::block_in_place(images::synthetic)?;
        let patient = *practice.patients.last().context("there are no patients")?;
        let image = images::take_in(&practice, patient, &bytes).await?;
        std::fs::write(folder.join("original"), &bytes)?;
        original = Some((patient, image, bytes.len()));
    }
    let (data, database) = (practice.data.path().to_owned(), practice.data.database());
    let patients: Vec<_> = practice.patients.iter().step_by(7).take(ROUND).copied().collect();
    drop(practice);

    let sides = Sides {
        ours: ours(&data)?,
        floor: floor(&database, &folder)?,
        cookie,
    };
    let idle = sides.ours.resident()?;
    if let Some(original) = original {
        requests_of(&sides, &patients, original, report).await?;
    }
    if live {
        live::measure(&sides, report).await?;
    }
    report.note(format!(
        "memory of the program, without its decode workers: {idle:.0} MiB before the first request (goal 80), {:.0} MiB \
         after the last (goal 250)",
        sides.ours.resident()?
    ));
    Ok(())
}

/// Reads at both levels of the trail, images and writes.
async fn requests_of(
    sides: &Sides,
    patients: &[PatientId],
    (patient, image, bytes): (PatientId, ImageId, usize),
    report: &mut Report,
) -> anyhow::Result<()> {
    let mut at = Line::open(&sides.ours.place, &sides.cookie).await?;
    for level in ["essential", "comprehensive"] {
        let values = json!({ "values": { "audit.level": level } });
        let change = Ask {
            method: Method::PATCH,
            ..Ask::post("/api/v1/settings", &values)
        };
        at.ask(&change).await?;
        for case in reads(level == "comprehensive", patients) {
            report.add(sides.row(case).await?);
        }
    }
    let base = format!("/api/v1/patients/{patient}/images/{image}");
    report.add(
        sides
            .row(Case {
                id: "served-thumbnail",
                what: ("a thumbnail that was seen before", "20 kB from memory"),
                unit: Unit::Micros,
                goal: Goal::CpuMicros(80.0),
                ours: vec![Ask::get(format!("{base}/thumbnail")); ROUND],
                floor: vec![Ask::get("/small"); ROUND],
                operations: 1.0,
            })
            .await?,
    );
    let password = json!({ "password": PASSWORD });
    at.ask(&Ask::post("/api/v1/session/confirmation", &password))
        .await?;
    report.add(
        sides
            .row(Case {
                id: "served-original",
                what: ("an original, a megabyte of it", "a plain file, a megabyte of it"),
                unit: Unit::Megabytes,
                // 1.2 GB/s.
                goal: Goal::CpuMicros(1e6 / 1200.0),
                ours: vec![Ask::get(format!("{base}/original?purpose=clinical_record")); ORIGINALS],
                floor: vec![Ask::get("/plain/original"); ORIGINALS],
                operations: number(bytes) / 1e6,
            })
            .await?,
    );
    writes(sides, report).await
}

/// The program over the practice.
fn ours(data: &Path) -> anyhow::Result<Process> {
    let mut command = Command::new(built_program());
    command
        .args([
            "--json",
            "--log",
            "warn",
            "serve",
            "--bind",
            "127.0.0.1",
            "--port",
            "0",
        ])
        .args(["--http-port", "0"])
        .env("CUTIS_RESERVE_MIB", "4")
        .arg("--data")
        .arg(data);
    Process::start(&mut command, &data.join("tls/authority.pem"))
}

/// The bare site over the same database.
fn floor(database: &Path, folder: &Path) -> anyhow::Result<Process> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(site::FLAG).arg(database).arg(folder);
    Process::start(&mut command, &folder.join(site::AUTHORITY))
}

/// One comparison.
struct Case {
    id: &'static str,
    what: (&'static str, &'static str),
    unit: Unit,
    goal: Goal,
    ours: Vec<Ask>,
    floor: Vec<Ask>,
    /// How many operations one request is counted as.
    operations: f64,
}

/// Reads at one level of the trail.
fn reads(recorded: bool, patients: &[PatientId]) -> [Case; 4] {
    const SEARCH: &str = "/api/v1/patients/search";
    let search = |query: &dyn Fn(usize) -> String| {
        let ask = |number| Ask::post(SEARCH, &json!({ "query": query(number) }));
        (0..ROUND).map(ask).collect::<Vec<_>>()
    };
    let case = |ids: [&'static str; 2], ours_is, floor_is, ours, floor, goals: [f64; 2]| {
        let ([id, recorded_id], [goal, recorded_goal]) = (ids, goals);
        Case {
            id: if recorded { recorded_id } else { id },
            what: (ours_is, floor_is),
            unit: Unit::Micros,
            goal: Goal::CpuMicros(if recorded { recorded_goal } else { goal }),
            ours,
            floor,
            operations: 1.0,
        }
    };
    let one: Vec<_> = patients
        .iter()
        .map(|id| Ask::get(format!("/api/v1/patients/{id}")))
        .collect();
    let first = vec![Ask::get("/api/v1/patients?limit=50"); ROUND];
    let bare = "bare site, one indexed read";
    [
        case(
            ["served-get-essential", "served-get-comprehensive"],
            "get a patient",
            bare,
            one.clone(),
            one,
            [60.0, 200.0],
        ),
        case(
            ["served-list-essential", "served-list-comprehensive"],
            "first 50 patients",
            bare,
            first.clone(),
            first.clone(),
            [200.0, 400.0],
        ),
        case(
            ["served-name-essential", "served-name-comprehensive"],
            "search a part of a name, about forty hits",
            bare,
            search(&|number| format!("amily {}", 100 + number % 200)),
            first.clone(),
            [600.0, 1000.0],
        ),
        case(
            ["served-id-essential", "served-id-comprehensive"],
            "search an identifier, one hit",
            bare,
            search(&|number| format!("bench-{}", 1000 + number)),
            first,
            [150.0, 300.0],
        ),
    ]
}

impl Sides {
    async fn row(&self, case: Case) -> anyhow::Result<Row> {
        let mut ours = Line::open(&self.ours.place, &self.cookie).await?;
        let mut floor = Line::open(&self.floor.place, &self.cookie).await?;
        let (counted, asks) = (case.operations, &case);
        let pair: Pair = compare_of(
            (self.ours.whose(), async || {
                let began = Instant::now();
                ours.ask_all(&asks.ours).await?;
                Ok(Batch::mean(asks.ours.len(), began).counted(number(asks.ours.len()) * counted))
            }),
            (self.floor.whose(), async || {
                let began = Instant::now();
                for _ in 0..FLOOR_TIMES {
                    floor.ask_all(&asks.floor).await?;
                }
                let times = asks.floor.len() * FLOOR_TIMES;
                Ok(Batch::mean(times, began).counted(number(times) * counted))
            }),
        )
        .await?;
        Ok(Row {
            id: case.id,
            what: case.what,
            unit: case.unit,
            goal: case.goal,
            pair,
        })
    }
}

/// Patients that are made, by one client and by sixteen.
async fn writes(sides: &Sides, report: &mut Report) -> anyhow::Result<()> {
    let mut number = 0;
    let mut next = |_| {
        number += 1;
        let body: Value = json!({
            "uniqueId": format!("served-{number}"), "firstName": format!("Given {}", number % 977),
            "lastName": format!("Family {}", number % 3001), "birthDate": "1981-04-12", "sexAtBirth": "female",
        });
        Ask::post("/api/v1/patients", &body)
    };
    let commit = vec![Ask::post("/commit", &json!({})); ROUND / AT_ONCE];
    for (id, clients, unit, goal) in [
        ("served-create", 1, Unit::Micros, Goal::CpuMicros(400.0)),
        (
            "served-create-16",
            AT_ONCE,
            Unit::Rate,
            Goal::CpuMicros(1e6 / 7500.0),
        ),
    ] {
        let (mut ours, mut floor) = (Vec::new(), Vec::new());
        for _ in 0..clients {
            ours.push(Line::open(&sides.ours.place, &sides.cookie).await?);
            floor.push(Line::open(&sides.floor.place, &sides.cookie).await?);
        }
        let pair = compare_of(
            (sides.ours.whose(), async || {
                let asks: Vec<Vec<Ask>> = (0..clients)
                    .map(|_| (0..ROUND / AT_ONCE).map(&mut next).collect())
                    .collect();
                let began = Instant::now();
                try_join_all(ours.iter_mut().zip(&asks).map(|(line, asks)| line.ask_all(asks))).await?;
                Ok(Batch::mean(clients * (ROUND / AT_ONCE), began))
            }),
            (sides.floor.whose(), async || {
                let began = Instant::now();
                try_join_all(floor.iter_mut().map(|line| line.ask_all(&commit))).await?;
                Ok(Batch::mean(clients * commit.len(), began))
            }),
        )
        .await?;
        report.add(Row {
            id,
            what: (
                "create a patient, durable and audited",
                "a durable commit of one row",
            ),
            unit,
            goal,
            pair,
        });
    }
    Ok(())
}
