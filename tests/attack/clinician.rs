//! Somebody who works while the server is attacked: every answer of hers counts.

use std::time::{Duration, Instant};

use cutis_tests::SignedIn;
use cutis_tests::client::{Call, Client, File, Place, fresh_key, upload_call};
use cutis_tests::images::made;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::practice::OTHER_PASSWORD;
use crate::report::Tally;

/// What happened to her work.
#[derive(Debug, Default)]
pub struct Worked {
    /// Requests made.
    pub asked: u64,
    /// Answers of 500 and above, and requests without an answer.
    pub failed: Vec<String>,
    /// The longest she waited.
    pub slowest: Duration,
}

/// She works until she is told to stop.
#[derive(Debug)]
pub struct Clinician {
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<Worked>,
}

/// How long one request may take her.
const PATIENCE: Duration = Duration::from_secs(25);

/// Signs ben in, from the address of a device of his own, and gives him a patient with an image.
pub async fn ben(place: &Place) -> (SignedIn, String, String) {
    let client = Client::new(place.coming_from([127, 0, 0, 9]));
    let body = json!({ "username": "ben", "password": OTHER_PASSWORD });
    let me = client.post("/api/v1/session", &body).await.expect(201);
    let ben = SignedIn::new(client, me);
    let name = format!("b-{}", &fresh_key()[30..]);
    let patient = ben.create_patient(&name).await;
    let image = ben.store(&patient, made(500)).await;
    (ben, patient, image)
}

impl Clinician {
    /// Begins to work, as ben, who is already signed in with a patient and an image.
    pub fn begin(place: &Place, ben: &SignedIn, patient: String, image: String) -> Self {
        let (stop, stopped) = watch::channel(false);
        let (place, cookie) = (place.coming_from([127, 0, 0, 9]), ben.cookie());
        let task = tokio::spawn(async move {
            let mut worked = Worked::default();
            let client = || {
                let client = Client::new(place.clone());
                client.set_cookie(cookie.clone());
                SignedIn::new(client, Value::Null)
            };
            let mut who = client();
            for round in 0_u64.. {
                if *stopped.borrow() {
                    break;
                }
                // Now and then from a new connection, as a browser would.
                if round % 7 == 6 {
                    who = client();
                }
                work(&who, &patient, &image, round, &mut worked).await;
            }
            worked
        });
        Self { stop, task }
    }

    /// Stops her, and adds to the tally whether anything of hers failed.
    pub async fn finish(self, tally: &mut Tally, during: &str) -> Worked {
        self.stop.send_replace(true);
        let worked = self.task.await.expect("her work goes on");
        tally.tried(worked.failed.is_empty() && worked.asked > 0, || {
            let first: Vec<&String> = worked.failed.iter().take(3).collect();
            format!(
                "{during}: {} of {} of a clinician's requests failed, such as {first:?}",
                worked.failed.len(),
                worked.asked
            )
        });
        tally.figure(format!(
            "{during}: {} requests of hers, {} failed, slowest {} ms",
            worked.asked,
            worked.failed.len(),
            worked.slowest.as_millis()
        ));
        worked
    }
}

async fn work(who: &SignedIn, patient: &str, image: &str, round: u64, worked: &mut Worked) {
    let path = format!("/api/v1/patients/{patient}");
    let call = match round % 8 {
        0 => Call::new("GET", "/api/v1/patients"),
        1 => Call::new("GET", path),
        2 => Call::new("GET", format!("{path}/images/{image}/thumbnail")),
        3 => Call::new("POST", "/api/v1/patients/search").json(&json!({ "query": "b" })),
        4 => Call::new("POST", format!("{path}/entries")).json(&json!({ "notes": "visit" })),
        5 => Call::new("GET", format!("{path}/images/{image}/screen")),
        6 => Call::new("GET", format!("{path}/images")),
        _ if round % 24 == 7 => upload_call(patient, &fresh_key(), &[File::new("a.jpg", made(1000 + round))]),
        _ => Call::new("GET", "/api/v1/session"),
    };
    let shown = format!("{call:?}").chars().take(90).collect::<String>();
    let begin = Instant::now();
    worked.asked += 1;
    match tokio::time::timeout(PATIENCE, who.try_send(call)).await {
        Ok(Ok(answer)) if answer.status < 400 => {}
        Ok(Ok(answer)) => worked.failed.push(format!("{}: {shown}", answer.status)),
        Ok(Err(error)) => worked.failed.push(format!("{error}: {shown}")),
        Err(_) => worked.failed.push(format!("no answer: {shown}")),
    }
    worked.slowest = worked.slowest.max(begin.elapsed());
    // She looks at what she sees.
    tokio::time::sleep(Duration::from_millis(15)).await;
}
