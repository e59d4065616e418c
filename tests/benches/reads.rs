//! Reading through the whole edge against a bare handler with an indexed read.

use std::sync::Arc;
use std::time::Instant;

use anyhow::ensure;
use axum::Router;
use axum::body::Body;
use cutis_domain::RequestId;
use cutis_edge::limits::Limits;
use cutis_edge::middleware::{AllowedHosts, Edge, edge};

use cutis_edge::session_cookie;
use http::header::{COOKIE, HOST};
use http::{HeaderValue, Request, StatusCode};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::bare::Commits;
use crate::bare_site;
use crate::figures::{Batch, compare};
use crate::practice::Practice;
use crate::report::{Goal, Report, Row, Unit};

/// Different patients that are asked for.
const SAMPLE: usize = 500;
/// Lists a round; each is as much work as many single patients.
const LISTS: usize = 100;
/// How often the floor goes through a round's paths where ours does once, so that both take measurable time.
const FLOOR_TIMES: usize = 5;

/// What is compared with what at one level of the trail.
struct Case {
    id: &'static str,
    what: (&'static str, &'static str),
    list: bool,
    /// Whether the floor commits a row too, as an audited read must.
    commits: bool,
    goal: Goal,
}

const GET: &str = "get a patient: whole edge, session, owner";
const LIST: &str = "first 50 patients: whole edge, session, owner";
const BARE: &str = "bare handler, one indexed read";
const BARE_COMMIT: &str = "bare handler, one indexed read, one durable commit";

const COMPREHENSIVE: [Case; 4] = [
    Case {
        id: "get-comprehensive",
        what: (GET, BARE),
        list: false,
        commits: false,
        goal: Goal::None,
    },
    Case {
        id: "get-comprehensive-durable",
        what: (GET, BARE_COMMIT),
        list: false,
        commits: true,
        goal: Goal::None,
    },
    Case {
        id: "list-comprehensive",
        what: (LIST, BARE),
        list: true,
        commits: false,
        goal: Goal::None,
    },
    Case {
        id: "list-comprehensive-durable",
        what: (LIST, BARE_COMMIT),
        list: true,
        commits: true,
        goal: Goal::None,
    },
];
const ESSENTIAL: [Case; 2] = [
    Case {
        id: "get-essential",
        what: (GET, BARE),
        list: false,
        commits: false,
        goal: Goal::Cpu(3.0),
    },
    Case {
        id: "list-essential",
        what: (LIST, BARE),
        list: true,
        commits: false,
        goal: Goal::Cpu(4.0),
    },
];

pub(crate) async fn measure(practice: &Practice, report: &mut Report) -> anyhow::Result<()> {
    let sites = Sites {
        ours: ours(practice),
        reading: bare_site::router(&practice.data.database(), None)?,
        committing: bare_site::router(
            &practice.data.database(),
            Some(Commits::open(practice.data.path(), "floor-reads.db")?),
        )?,
        cookie: HeaderValue::from_str(&format!(
            "{}={}",
            session_cookie::NAME,
            practice.token.cookie_value().expose()
        ))?,
    };
    let sample = practice.patients.iter().step_by(practice.patients.len() / SAMPLE);
    let paths: Vec<_> = sample
        .map(|id| format!("/api/v1/patients/{id}"))
        .take(SAMPLE)
        .collect();
    for (level, cases) in [
        ("comprehensive", &COMPREHENSIVE[..]),
        ("essential", &ESSENTIAL[..]),
    ] {
        practice.audit(level).await?;
        for case in cases {
            report.add(sites.compare(case, &paths).await?);
        }
    }
    practice.audit("comprehensive").await
}

/// The program's own application without TLS and without the web client's files.
fn ours(practice: &Practice) -> Router {
    let ids = practice.ids.clone();
    let frame = Edge {
        new_request_id: Arc::new(move || ids.make::<RequestId>().to_string()),
        monotonic: Arc::new(cutis::host::stopwatch()),
        hosts: AllowedHosts::new(["localhost"], [443]),
        strict_transport: None,
        bodies: cutis_api::bodies(),
        limits: Limits::default(),
    };
    edge(cutis_api::router(practice.opened.api.clone()), &frame)
}

struct Sites {
    ours: Router,
    reading: Router,
    committing: Router,
    cookie: HeaderValue,
}

impl Sites {
    async fn compare(&self, case: &Case, patients: &[String]) -> anyhow::Result<Row> {
        let list = vec!["/api/v1/patients?limit=50".to_owned(); LISTS];
        let paths = if case.list { &list } else { patients };
        let floor = if case.commits {
            &self.committing
        } else {
            &self.reading
        };
        let pair = compare(
            async || round(&self.ours, paths, 1, &self.cookie).await,
            async || {
                round(
                    floor,
                    paths,
                    if case.commits { 1 } else { FLOOR_TIMES },
                    &self.cookie,
                )
                .await
            },
        )
        .await?;
        Ok(Row {
            id: case.id,
            what: case.what,
            unit: Unit::Micros,
            goal: case.goal,
            pair,
        })
    }
}

async fn round(site: &Router, paths: &[String], times: usize, cookie: &HeaderValue) -> anyhow::Result<Batch> {
    let began = Instant::now();
    for path in std::iter::repeat_n(paths, times).flatten() {
        let request = Request::get(path.as_str())
            .header(HOST, "localhost")
            .header(COOKIE, cookie);
        let response = site.clone().oneshot(request.body(Body::empty())?).await?;
        ensure!(
            response.status() == StatusCode::OK,
            "{path} answered {}",
            response.status()
        );
        let body = response.into_body().collect().await?.to_bytes();
        ensure!(body.len() > 100, "{path} answered next to nothing");
    }
    Ok(Batch::mean(paths.len() * times, began))
}
