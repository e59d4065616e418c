//! Many open pages at once, from many devices, of many people.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use futures_util::{StreamExt as _, stream};
use serde_json::json;

use crate::SignedIn;
use crate::actors::id_of;
use crate::client::{Client, Place};
use crate::live::LivePage;
use crate::server::{PASSWORD, built_program};

/// Pages of one person; the server takes 128.
pub const OF_A_PERSON: usize = 120;
/// Pages of one device; the server takes 64 connections of an address.
pub const OF_A_DEVICE: usize = 50;
/// Visits of one person that are looked at, each on several pages.
const VISITS: usize = 24;
/// Pages that are opened at once.
const AT_ONCE: usize = 8;
/// After how many those before say a word: the server takes a page that says nothing for 45 seconds for lost.
const BETWEEN: usize = 100;

/// Somebody with visits to look at.
#[derive(Debug)]
pub struct Person {
    /// Their session.
    pub session: SignedIn,
    /// Patient and visit.
    pub visits: Vec<(String, String)>,
}

/// Adds a clinician on the host's command line.
///
/// # Panics
/// When the program refuses.
pub fn add_clinician(data: &Path, username: &str) {
    let mut child = Command::new(built_program())
        .args([
            "user",
            "add",
            username,
            "--first-name",
            "Ben",
            "--last-name",
            "Keller",
            "--clinician",
            "--data",
        ])
        .arg(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program runs");
    let mut input = child.stdin.take().expect("piped");
    writeln!(input, "{PASSWORD}").expect("it reads");
    drop(input);
    assert!(child.wait().expect("it ends").success(), "{username} is added");
}

impl Person {
    /// With a patient and visits of their own.
    pub async fn at_work(session: SignedIn) -> Self {
        let patient = session.create_patient("crowd").await;
        let path = format!("/api/v1/patients/{patient}/entries");
        let mut visits = Vec::new();
        for _ in 0..VISITS {
            let entry = session
                .post(&path, &json!({ "notes": "Seen." }))
                .await
                .expect(201);
            visits.push((patient.clone(), id_of(&entry)));
        }
        Self { session, visits }
    }
}

/// The address of the device with this number, on the loopback network.
pub fn device(number: usize) -> [u8; 4] {
    let part = |number: usize| u8::try_from(number % 200 + 1).expect("small");
    [127, 0, part(number / 200), part(number)]
}

/// Opens so many pages, each of which follows a patient and has a visit open.
///
/// # Panics
/// When there are too few people for them.
pub async fn gather(place: &Place, people: &[Person], count: usize) -> Vec<LivePage> {
    assert!(
        people.len() * OF_A_PERSON >= count,
        "{count} pages need more people"
    );
    let mut open = Vec::new();
    while open.len() < count {
        let next = open.len()..count.min(open.len() + BETWEEN);
        let more: Vec<_> = stream::iter(next)
            .map(|number| join(place, people, number))
            .buffered(AT_ONCE)
            .collect()
            .await;
        open.extend(more);
        settle(&mut open).await;
    }
    open
}

async fn join(place: &Place, people: &[Person], number: usize) -> LivePage {
    let person = &people[number / OF_A_PERSON];
    let place = place.coming_from(device(number / OF_A_DEVICE));
    let client = Client::new(place.clone());
    client.set_cookie(person.session.cookie());
    let mut page = LivePage::open(&place, &client).await;
    let (patient, entry) = &person.visits[number % person.visits.len()];
    page.watch(patient).await;
    page.open_entry(patient, entry).await;
    page
}

/// Lets each take what was said to it, and sees that it is still connected.
pub async fn settle(pages: &mut [LivePage]) {
    for page in pages {
        page.settle().await;
    }
}
