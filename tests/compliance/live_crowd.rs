//! S1's bounds: a thousand pages at once, on the program as it is served.

use cutis_tests::SignedIn;
use cutis_tests::client::Client;
use cutis_tests::crowd::{self, OF_A_PERSON, Person};
use cutis_tests::live::hash;
use cutis_tests::program::Program;
use cutis_tests::server::PASSWORD;
use serde_json::json;

/// What a thousand pages may take, in MiB.
const MOST: f64 = 250.0;

/// A thousand pages of nine people, twenty devices, each with a visit open, take less than 250 MiB, and an edit reaches another
/// page among them. Usually 200 are opened and what they add is counted five times; `CUTIS_LIVE_PAGES=1000` opens all.
#[tokio::test(flavor = "multi_thread")]
async fn s1_a_thousand_pages_fit_into_250_mib() {
    let pages = std::env::var("CUTIS_LIVE_PAGES");
    let pages: usize = pages.ok().and_then(|pages| pages.parse().ok()).unwrap_or(200);
    let folder = tempfile::TempDir::with_prefix("cutis-crowd-").expect("a folder");
    let data = folder.path().join("data");
    // A quarter of the connections is kept for requests.
    let caps = ["--connections", "1400", "--connections-per-client", "64"];
    let program = Program::serve_with(&data, &folder.path().join("log"), &caps);
    let set_up = json!({
        "code": program.ready["setupCode"], "username": "clinician-0", "password": PASSWORD, "firstName": "Anna",
        "lastName": "Weber", "practiceName": "Lakeside", "consentLevel": "disabled", "timeZone": "UTC",
    });
    let first = Client::new(program.place());
    let me = first.post("/api/v1/setup", &set_up).await.expect(201);
    let mut people = vec![Person::at_work(SignedIn::new(first, me)).await];
    for number in 1..pages.div_ceil(OF_A_PERSON) {
        let username = format!("clinician-{number}");
        crowd::add_clinician(&data, &username);
        let client = Client::new(program.place());
        let session = SignedIn::sign_in(client, &username, PASSWORD).await;
        people.push(Person::at_work(session).await);
    }
    let before = program.memory("VmRSS");
    let mut open = crowd::gather(&program.place(), &people, pages).await;
    crowd::settle(&mut open).await;
    // Two pages of the first person have the first visit open.
    let (patient, entry) = &people[0].visits[0];
    let visits = people[0].visits.len();
    let ack = open[0].type_on((patient, entry), 0, "Seen.", "Seen again.").await;
    assert_eq!((&ack["kind"], &ack["version"]), (&json!("ack"), &json!(1)));
    assert_eq!(open[visits].hear("text").await["hash"], hash("Seen again."));
    crowd::settle(&mut open).await;
    if let (Some(before), Some(now), Some(most)) = (before, program.memory("VmRSS"), program.memory("VmHWM"))
    {
        let count = f64::from(u32::try_from(pages).expect("a count"));
        let of_each = (now - before) / count;
        eprintln!(
            "{pages} pages: {before:.0} MiB before, {now:.0} with them, {most:.0} at most; {:.0} KiB each",
            of_each * 1024.0
        );
        assert!(
            before + of_each * 1000.0 < MOST,
            "{before:.0} MiB and {of_each:.3} each"
        );
        assert!(pages < 1000 || most < MOST, "{most:.0} MiB");
    }
    program.stop();
}
