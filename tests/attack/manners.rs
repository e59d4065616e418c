//! Answers that tell too much, end too early, or let go too late (points 18 and 24; sessions after a reset password).

use std::sync::Arc;

use bytes::Bytes;
use cutis_tests::client::Call;

use crate::Field;
use crate::practice::{OTHER_PASSWORD, sign_in, with_cookie};
use crate::process;
use crate::report::Tally;
use crate::wire::{converse, head};

/// Points 18 and 24, and what others got wrong: sessions that outlive a new password.
pub async fn of_answers(field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("manners");
    let scratch = field.kept.copy();
    let server = process::serve(&scratch.data).expect("starts");
    let place = &server.place;
    // 24: OPTIONS says what a route answers, and no more.
    for (path, wanted) in [
        ("/api/v1/patients", vec!["GET", "POST"]),
        ("/api/v1/session", vec!["GET", "POST", "DELETE"]),
        ("/api/v1/patients/search", vec!["POST"]),
        ("/api/v1/health", vec![]),
    ] {
        let heard = converse(
            place,
            head(place, "OPTIONS", path, Some(&field.kept.cookie), ""),
            std::iter::empty(),
        )
        .await
        .unwrap_or_default();
        let allow = heard.header("allow").unwrap_or_default().to_owned();
        let named: Vec<&str> = allow.split(',').map(str::trim).collect();
        let right = wanted.iter().all(|method| named.contains(method))
            && (wanted.is_empty() || ["PUT", "PATCH"].iter().all(|method| !named.contains(method)));
        tally.tried(right, || {
            format!("OPTIONS {path}: {} allow {allow:?}", heard.status)
        });
    }
    for method in ["TRACE", "CONNECT", "PROPFIND", "get"] {
        let heard = converse(
            place,
            head(place, method, "/api/v1/session", None, ""),
            std::iter::empty(),
        )
        .await
        .unwrap_or_default();
        let right = (400..600).contains(&heard.status) && heard.status < 500 || heard.closed;
        tally.tried(right && !heard.text.contains("__Host-cutis"), || {
            format!("{method}: {}", heard.status)
        });
    }
    // 18: an answer before the end of a body says that the connection ends.
    let path = format!("/api/v1/patients/{}/images", field.kept.patients[0]);
    for (name, path, cookie, length) in [
        (
            "an upload without a session",
            path.as_str(),
            None,
            30_000_000_usize,
        ),
        (
            "an upload without a key",
            path.as_str(),
            Some(field.kept.cookie.as_str()),
            30_000_000,
        ),
        (
            "a patient of 30 MB",
            "/api/v1/patients",
            Some(field.kept.cookie.as_str()),
            30_000_000,
        ),
        ("a path that does not exist", "/api/v1/nothing", None, 30_000_000),
    ] {
        let further = format!("content-type: application/json\r\ncontent-length: {length}\r\n");
        let pieces = std::iter::repeat_n(Bytes::from(vec![b' '; 16 * 1024]), 64);
        let heard = converse(place, head(place, "POST", path, cookie, &further), pieces)
            .await
            .unwrap_or_default();
        let says = heard
            .header("connection")
            .unwrap_or_default()
            .to_ascii_lowercase();
        tally.tried((400..500).contains(&heard.status) && says == "close", || {
            format!(
                "{name}: {} with Connection {says:?} after {} bytes",
                heard.status, heard.written
            )
        });
    }
    // 24: what was typed as a password comes back in no answer.
    let secret = "Sekret-Canary-77";
    let anna = field.kept.anna(&server);
    for call in [
        Call::new("POST", "/api/v1/session").body(
            "application/json",
            format!("{{\"username\":\"anna\",\"password\":[\"{secret}\"]}}"),
        ),
        Call::new("POST", "/api/v1/session").body(
            "application/json",
            format!("{{\"username\":\"anna\",\"password\":{{\"{secret}\":1}}}}"),
        ),
        Call::new("POST", "/api/v1/session").body("application/json", format!("\"{secret}\"")),
        Call::new("POST", "/api/v1/password-check").body(
            "application/json",
            format!("{{\"password\":\"{secret}\",\"username\":\"{secret}\"}}"),
        ),
    ] {
        let shown = format!("{call:?}").chars().take(120).collect::<String>();
        let answer = anna.send(call).await;
        tally.tried(!answer.to_string().contains(secret), || {
            format!("{shown} is answered with what was typed: {answer}")
        });
    }
    tally.tried(!server.logged().contains(secret), || {
        "a typed password is in the log".to_owned()
    });
    // Sessions end when the password is set again at the host.
    let answer = sign_in(place, "ben", OTHER_PASSWORD).await;
    let cookie = answer
        .header("set-cookie")
        .split(['=', ';'])
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    let ben = with_cookie(place, &cookie);
    let before = ben.get("/api/v1/session").await.status;
    let reset = process::command(
        &["user", "reset-password", "ben"],
        &scratch.data,
        "Dermatome-2027-zq\n",
    );
    let after = ben.get("/api/v1/session").await.status;
    tally.tried(before == 200 && reset.status.success() && after == 401, || {
        let said = String::from_utf8_lossy(&reset.stderr).into_owned();
        format!(
            "a session after its password was reset: {before}, {} {said}, {after}",
            reset.status
        )
    });
    let old = sign_in(place, "ben", OTHER_PASSWORD).await.status;
    tally.tried(old != 201, || format!("the old password after a reset: {old}"));
    tally
}
