//! Generated requests from the API's description against a practice with real ids in it (point 24).
//!
//! `just attack-requests` installs schemathesis into a virtual environment and starts this, which starts the program
//! over a used practice, writes the configuration with the practice's ids and runs the command it is given.

use std::path::Path;
use std::process::Command;

use crate::practice::Kept;
use crate::process::{self, Verdict};
use crate::report::Tally;

/// Whoever is generated against stays signed in, so these are left to the suites.
const LEFT_OUT: &[&str] = &["sign_out", "end_all_sessions", "hand_over_session"];

/// What is held against every answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance,allow_header_conformance,ignored_auth";

/// Runs the generator; counts its run, the server's faults and the trail afterwards.
pub async fn generated(generator: &str, work: &Path, examples: u64, seed: u64) -> Tally {
    let mut tally = Tally::new("requests");
    let kept = Kept::make().await;
    let scratch = kept.copy();
    let mut server = process::serve(&scratch.data).expect("starts");
    let anna = kept.anna(&server);
    // Another session of hers may be ended; her own may not.
    let other = crate::practice::sign_in(&server.place, "anna", cutis_tests::server::PASSWORD).await;
    assert_eq!(other.status, 201, "{other}");
    let sessions = anna.get("/api/v1/sessions").await.expect(200);
    let ended = sessions["sessions"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["current"] != true));
    let session = ended
        .and_then(|one| one["id"].as_str())
        .unwrap_or_default()
        .to_owned();
    let (patient, image, _) = kept.images.last().cloned().expect("images");
    let port = server.place.address().port();
    let configuration = format!(
        "base-url = \"https://localhost:{port}\"\n\
         tls-verify = \"{}\"\n\
         headers = {{ Cookie = \"__Host-cutis={}\", Sec-Fetch-Site = \"same-origin\" }}\n\
         parameters = {{ patientId = \"{patient}\", imageId = \"{image}\", consentId = \"{}\", fieldId = \"{}\", sessionId = \"{session}\", uploadKey = \"{}\", index = 0 }}\n",
        scratch.data.join("tls/authority.pem").display(),
        kept.cookie,
        kept.consent,
        kept.field,
        cutis_tests::client::fresh_key(),
    );
    std::fs::create_dir_all(work).expect("a folder");
    let file = work.join("schemathesis.toml");
    std::fs::write(&file, configuration).expect("written");
    let events = cutis_tests::database::events(&scratch.data.join("cutis.db"));
    let mut command = Command::new(generator);
    command
        .arg("--config-file")
        .arg(&file)
        .arg("run")
        .arg(cutis_tests::described::path())
        .args([
            "--checks",
            CHECKS,
            "--phases",
            "examples,coverage,fuzzing",
            "--no-shrink",
            "--continue-on-failure",
        ])
        .args([
            "--max-examples",
            &examples.to_string(),
            "--seed",
            &seed.to_string(),
        ])
        .args([
            "--suppress-health-check",
            "all",
            "--warnings",
            "off",
            "--no-color",
        ])
        .args(["--report", "ndjson", "--report-ndjson-path"])
        .arg(work.join("requests.ndjson"))
        .current_dir(work);
    for name in LEFT_OUT {
        command.args(["--exclude-operation-id", name]);
    }
    let ended = command.status();
    let said = ended
        .as_ref()
        .map_or_else(ToString::to_string, ToString::to_string);
    tally.tried(ended.is_ok_and(|status| status.success()), || {
        format!("{generator} ended with {said}")
    });
    let log = server.logged();
    let faults: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("\"status\":5") || line.contains("panicked"))
        .collect();
    tally.tried(faults.is_empty(), || {
        format!(
            "{} answers of 500 and above, such as {:?}",
            faults.len(),
            faults.first()
        )
    });
    tally.tried(server.alive(), || "the program ended".to_owned());
    tally.tried(anna.get("/api/v1/session").await.status == 200, || {
        "the session ended during the run".to_owned()
    });
    let requests = log.lines().filter(|line| line.contains("\"method\":")).count();
    let added = cutis_tests::database::events(&scratch.data.join("cutis.db")) - events;
    server.stop();
    let verdict = process::verify(&scratch.data, &[]);
    tally.tried(matches!(verdict, Verdict::Intact), || {
        format!("afterwards: {verdict:?}")
    });
    tally.figure(format!("{requests} requests in the log, {added} events"));
    tally
}
