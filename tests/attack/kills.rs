//! SIGKILL at random moments under load (I4, U4): what was acknowledged is there, and the trail is intact.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cutis_tests::client::{Call, File, Place, fresh_key, upload_call};
use cutis_tests::database::sha256;
use cutis_tests::images::made;
use serde_json::json;
use tokio::task::JoinSet;

use crate::Field;
use crate::practice::with_cookie;
use crate::process::{self, Verdict};
use crate::report::Tally;
use crate::settings::Choices;

/// What the program acknowledged.
#[derive(Debug, Default)]
struct Acknowledged {
    patients: Vec<(String, String)>,
    images: Vec<(String, String, String)>,
    entries: Vec<(String, String)>,
}

impl Acknowledged {
    fn count(&self) -> usize {
        self.patients.len() + self.images.len() + self.entries.len()
    }
}

/// Makes patients, visits and images until the program is gone.
async fn load(place: Place, cookie: String, who: u64, round: u64, known: Arc<Mutex<Acknowledged>>) {
    let anna = with_cookie(&place, &cookie);
    let id_of = |answer: &cutis_tests::Answer| answer.json()["id"].as_str().map(str::to_owned);
    for step in 0_u64.. {
        let name = format!("k-{who}-{round}-{step}");
        let call = Call::new("POST", "/api/v1/patients").json(&json!({ "uniqueId": name }));
        let Ok(answer) = anna.try_send(call).await else {
            return;
        };
        let Some(patient) = (answer.status == 201).then(|| id_of(&answer)).flatten() else {
            continue;
        };
        known
            .lock()
            .expect("no panic holds it")
            .patients
            .push((patient.clone(), name));
        let bytes = made(round * 100_000 + who * 1000 + step);
        let digest = sha256(&bytes);
        let call = upload_call(&patient, &fresh_key(), &[File::new("a.jpg", bytes)]);
        let Ok(answer) = anna.try_send(call).await else {
            return;
        };
        if answer.status == 200
            && let Some(image) = answer.json()["results"][0]["image"]["id"].as_str()
        {
            let stored = (patient.clone(), image.to_owned(), digest);
            known.lock().expect("no panic holds it").images.push(stored);
        }
        let call = Call::new("POST", format!("/api/v1/patients/{patient}/entries"))
            .json(&json!({ "notes": "visit" }));
        let Ok(answer) = anna.try_send(call).await else {
            return;
        };
        if let Some(entry) = (answer.status == 201).then(|| id_of(&answer)).flatten() {
            known
                .lock()
                .expect("no panic holds it")
                .entries
                .push((patient, entry));
        }
    }
}

/// What of it the program no longer has.
async fn missing(place: &Place, cookie: &str, known: &Acknowledged) -> Vec<String> {
    let anna = with_cookie(place, cookie);
    let mut missing = Vec::new();
    for (patient, name) in &known.patients {
        let answer = anna.get(format!("/api/v1/patients/{patient}")).await;
        if answer.status != 200 || answer.json()["uniqueId"] != name.as_str() {
            missing.push(format!("patient {name}: {}", answer.status));
        }
    }
    for (patient, image, digest) in &known.images {
        let answer = anna
            .get(format!(
                "/api/v1/patients/{patient}/images/{image}/original?purpose=clinical_record"
            ))
            .await;
        if answer.status != 200 || sha256(&answer.body) != *digest {
            missing.push(format!("image {image}: {}", answer.status));
        }
    }
    for (patient, entry) in &known.entries {
        let answer = anna.get(format!("/api/v1/patients/{patient}/entries")).await;
        if !answer.json().to_string().contains(entry.as_str()) {
            missing.push(format!("visit {entry}: {}", answer.status));
        }
    }
    missing
}

/// Kills, verifies, starts again and looks for everything that was acknowledged since the last kill; at the end for all.
pub async fn at_random_moments(field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("kills");
    let scratch = field.kept.copy();
    let cookie = field.kept.cookie.clone();
    let mut choices = Choices::new(field.settings.seed, "kills");
    let (mut all, mut lost) = (Acknowledged::default(), 0);
    for round in 1..=field.settings.kills {
        let server = match process::serve(&scratch.data) {
            Ok(server) => server,
            Err(refused) => {
                tally.tried(false, || {
                    format!(
                        "kill {round}: the next start was refused: {}",
                        refused.said.trim()
                    )
                });
                break;
            }
        };
        let known = Arc::new(Mutex::new(Acknowledged::default()));
        let mut workers = JoinSet::new();
        for who in 0..3 {
            workers.spawn(load(
                server.place.clone(),
                cookie.clone(),
                who,
                round,
                Arc::clone(&known),
            ));
        }
        let moment = Duration::from_micros(choices.next() % 1_500_000);
        tokio::time::sleep(moment).await;
        server.kill();
        while workers.join_next().await.is_some() {}
        let verdict = process::verify(&scratch.data, &[]);
        tally.tried(matches!(verdict, Verdict::Intact), || {
            format!("kill {round} after {moment:?}: {verdict:?}")
        });
        let known = std::mem::take(&mut *known.lock().expect("no panic holds it"));
        // Looked for at once in some rounds, and everything at the end.
        if round % 5 == 0
            && let Ok(server) = process::serve(&scratch.data)
        {
            let gone = missing(&server.place, &cookie, &known).await;
            lost += gone.len();
            tally.tried(gone.is_empty(), || {
                format!("kill {round}: acknowledged and gone: {gone:?}")
            });
            server.kill();
        }
        all.patients.extend(known.patients);
        all.images.extend(known.images);
        all.entries.extend(known.entries);
    }
    if let Ok(server) = process::serve(&scratch.data) {
        let gone = missing(&server.place, &cookie, &all).await;
        lost += gone.len();
        tally.tried(gone.is_empty() && all.count() > 0, || {
            format!("in the end acknowledged and gone: {gone:?}")
        });
        server.stop();
    }
    tally.figure(format!(
        "{} kills, {} acknowledged writes, {lost} lost",
        field.settings.kills,
        all.count()
    ));
    tally
}
