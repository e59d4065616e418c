//! The floor of a read: a router whose handlers read our own database by the same index and answer JSON.

use std::path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use cutis_domain::PatientId;
use http::StatusCode;
use rusqlite::{Connection, Row, params};
use serde_json::{Value, json};

use crate::bare::{self, Commits};

const ONE: &str = "SELECT id, unique_id, first_name, last_name, birth_date, sex_at_birth, image_count, entry_count, \
                   created_at, last_modified, version FROM patient WHERE owner_id = ?1 AND id = ?2";
const FIRST: &str = "SELECT p.id, p.unique_id, p.first_name, p.last_name, p.birth_date, p.sex_at_birth, p.image_count, \
                     p.entry_count, p.created_at, p.last_modified, p.version \
                     FROM patient_line l CROSS JOIN patient p WHERE l.owner_id = ?1 AND p.row = l.row \
                     ORDER BY l.last_modified DESC, l.patient_id DESC LIMIT 50";

#[derive(Clone)]
struct Site(Arc<Mutex<Inner>>);

struct Inner {
    reader: Connection,
    owner: Vec<u8>,
    commits: Option<Commits>,
}

impl Site {
    fn with<T>(&self, read: impl FnOnce(&Inner) -> anyhow::Result<T>) -> Result<Json<T>, StatusCode> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = read(&inner).map_err(|_| StatusCode::NOT_FOUND)?;
        if let Some(commits) = &mut inner.commits {
            commits.commit(1).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
        }
        Ok(Json(found))
    }
}

/// The site over a practice's database; with commits it also makes one durable row a request there.
pub(crate) fn router(database: &path::Path, commits: Option<Commits>) -> anyhow::Result<Router> {
    let reader = bare::reader(database)?;
    let owner = reader.query_row("SELECT owner_id FROM patient LIMIT 1", [], |row| row.get(0))?;
    let site = Site(Arc::new(Mutex::new(Inner {
        reader,
        owner,
        commits,
    })));
    Ok(Router::new()
        .route("/api/v1/patients", get(list))
        .route("/api/v1/patients/{patient}", get(one))
        .with_state(site))
}

async fn one(State(site): State<Site>, Path(patient): Path<String>) -> Result<Json<Value>, StatusCode> {
    site.with(|inner| {
        let id: PatientId = patient.parse()?;
        let mut statement = inner.reader.prepare_cached(ONE)?;
        Ok(statement.query_row(params![inner.owner, id.as_bytes()], shown)?)
    })
}

async fn list(State(site): State<Site>) -> Result<Json<Vec<Value>>, StatusCode> {
    site.with(|inner| {
        let mut statement = inner.reader.prepare_cached(FIRST)?;
        let rows = statement.query_map([&inner.owner], shown)?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

fn shown(row: &Row<'_>) -> rusqlite::Result<Value> {
    let id: [u8; 16] = row.get(0)?;
    Ok(json!({
        "id": PatientId::from_bytes(id).to_string(),
        "uniqueId": row.get::<_, String>(1)?,
        "firstName": row.get::<_, Option<String>>(2)?,
        "lastName": row.get::<_, Option<String>>(3)?,
        "birthDate": row.get::<_, Option<String>>(4)?,
        "sexAtBirth": row.get::<_, Option<String>>(5)?,
        "imageCount": row.get::<_, i64>(6)?,
        "entryCount": row.get::<_, i64>(7)?,
        "createdAt": row.get::<_, i64>(8)?,
        "lastModified": row.get::<_, i64>(9)?,
        "version": row.get::<_, i64>(10)?,
    }))
}
