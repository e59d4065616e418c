//! Forgeries that need some thought: foreign triggers and views, sessions made by hand, hashes and codes copied from
//! one row to another, an older row put back whole (point 2).

use std::path::Path;
use std::sync::Arc;

use cutis_tests::database::without_triggers;
use cutis_tests::server::PASSWORD;
use rusqlite::Connection;

use crate::Field;
use crate::practice::{Kept, OTHER_PASSWORD, by_hand, sign_in, with_cookie};
use crate::process::{self, Verdict};
use crate::report::Tally;
use crate::tamper::a_day;

type Deed = fn(&Connection);

/// Each changes the database behind the program's back; all must be found after a day's work.
const DEEDS: &[(&str, Deed)] = &[
    ("a foreign trigger that rewrites allergies", |open| {
        open.execute_batch(
            "CREATE TRIGGER extra AFTER UPDATE OF last_modified ON patient BEGIN
                 UPDATE patient SET allergies = 'none' WHERE row = NEW.row; END",
        )
        .expect("made");
    }),
    ("a foreign trigger that removes visits", |open| {
        open.execute_batch(
            "CREATE TRIGGER extra AFTER INSERT ON entry BEGIN DELETE FROM entry WHERE row < NEW.row; END",
        )
        .expect("made");
    }),
    ("a foreign trigger, removed again after it fired once", |open| {
        without_triggers(open, |open| {
            open.execute_batch(
                "CREATE TRIGGER extra AFTER INSERT ON entry BEGIN
                     UPDATE consent_signature SET picture = x'00'; END;
                 INSERT INTO entry (id, owner_id, patient_id, appointment_at, notes, author, created_at)
                     SELECT randomblob(16), owner_id, patient_id, appointment_at, notes, author, created_at
                     FROM entry LIMIT 1;
                 DROP TRIGGER extra",
            )
            .expect("made");
        });
    }),
    ("a view in a table's place", |open| {
        open.execute_batch(
            "PRAGMA legacy_alter_table = ON;
             ALTER TABLE throttle RENAME TO throttle_real;
             CREATE VIEW throttle AS SELECT row, key, 0 AS failures, last_failure_at, NULL AS locked_until FROM throttle_real",
        )
        .expect("made");
    }),
    ("a guard that is gone", |open| {
        open.execute_batch("DROP TRIGGER consent_stays").expect("gone")
    }),
    ("an index that is gone", |open| {
        open.execute_batch("DROP INDEX session_not_ended").expect("gone")
    }),
    ("a table more", |open| {
        open.execute_batch("CREATE TABLE extra (x)").expect("made")
    }),
    ("a constraint edited out of the schema", |open| {
        open.execute_batch("PRAGMA writable_schema = ON").expect("set");
        open.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'CHECK (administrator IN (0, 1))', '') WHERE name = 'account'",
            [],
        )
        .expect("edited");
        open.execute_batch("PRAGMA writable_schema = RESET").expect("set");
    }),
    // Of a session that nobody uses that day: one in use is written again with its true time.
    ("a last use of a session made up", |open| {
        without_triggers(open, |open| {
            open.execute_batch(
                "INSERT OR REPLACE INTO session_seen (session_id, last_seen_at, mac)
                     SELECT session.id, 4102444800000000, randomblob(32) FROM session
                     JOIN account ON account.id = account_id WHERE username = 'ben'",
            )
            .expect("made up");
        });
    }),
    ("clinician made administrator", |open| {
        without_triggers(open, |open| {
            open.execute_batch("UPDATE account SET administrator = 1 WHERE username = 'ben'")
                .expect("done");
        });
    }),
    ("a revoked consent made live again", |open| {
        without_triggers(open, |open| {
            open.execute_batch(
                "UPDATE consent SET revoked_at = NULL, revoked_by_id = NULL, revoked_by_name = NULL, revoked_reason = NULL",
            )
            .expect("done");
        });
    }),
    ("two patients' rows exchanged", |open| {
        without_triggers(open, |open| {
            open.execute_batch(
                "UPDATE patient SET row = 1000 WHERE row = 1; UPDATE patient SET row = 1 WHERE row = 2;
                 UPDATE patient SET row = 2 WHERE row = 1000",
            )
            .expect("done");
        });
    }),
    ("a photo moved to another patient", |open| {
        without_triggers(open, |open| {
            open.execute_batch(
                "UPDATE image SET consent_id = NULL, basis = 'level', basis_level = 'disabled',
                     patient_id = (SELECT id FROM patient WHERE unique_id = 'p-3')
                 WHERE row = (SELECT min(row) FROM image)",
            )
            .expect("done");
        });
    }),
    ("two codes of the trail exchanged", |open| {
        without_triggers(open, |open| {
            open.execute_batch(
                "CREATE TEMP TABLE two AS SELECT seq, mac FROM trail_entry ORDER BY seq LIMIT 2;
                 UPDATE trail_entry SET mac = (SELECT mac FROM two WHERE two.seq <> trail_entry.seq)
                 WHERE seq IN (SELECT seq FROM two)",
            )
            .expect("done");
        });
    }),
    ("the end of the trail cut off, and its row set back", |open| {
        without_triggers(open, |open| {
            open.execute_batch(
                "DELETE FROM trail_entry WHERE seq > (SELECT max(seq) - 3 FROM trail_entry);
                 DELETE FROM trail_index WHERE seq > (SELECT max(seq) FROM trail_entry);
                 UPDATE trail_tail SET size = size - 3",
            )
            .expect("done");
        });
    }),
    ("an event emptied as if its time of keeping were over", |open| {
        without_triggers(open, |open| {
            open.execute_batch("UPDATE trail_entry SET salt = NULL, payload = NULL WHERE seq = 3")
                .expect("done");
        });
    }),
];

/// Every forgery, then a day's work, then what is found.
pub async fn careful_forgeries(field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("tricks");
    for (name, deed) in DEEDS {
        let scratch = field.kept.copy();
        let server = process::serve(&scratch.data).expect("starts");
        deed(&by_hand(&scratch.data));
        a_day(&field.kept, &server).await;
        server.stop();
        let verdict = process::verify(&scratch.data, &[]);
        tally.tried(verdict.found(), || format!("{name}: {verdict:?}"));
    }
    older_row(&field.kept, &mut tally).await;
    forged_session(&field.kept, &mut tally).await;
    copied_hash(&field.kept, &mut tally).await;
    removed_lock(&field.kept, &mut tally).await;
    tally
}

/// A row as it was before, with every column of that time.
async fn older_row(kept: &Kept, tally: &mut Tally) {
    let scratch = kept.copy();
    let server = process::serve(&scratch.data).expect("starts");
    let anna = kept.anna(&server);
    let open = by_hand(&scratch.data);
    // A TEMP table goes when this connection does, and leaves nothing in the file.
    open.execute_batch("CREATE TEMP TABLE older AS SELECT * FROM patient WHERE unique_id = 'p-2'")
        .expect("kept");
    let path = format!("/api/v1/patients/{}", kept.patients[1]);
    let change = serde_json::json!({ "version": 1, "allergies": "latex" });
    anna.patch(path, &change).await.expect(200);
    without_triggers(&open, |open| {
        open.execute_batch(
            "DELETE FROM patient WHERE unique_id = 'p-2'; INSERT INTO patient SELECT * FROM older",
        )
        .expect("put back");
    });
    drop(open);
    a_day(kept, &server).await;
    server.stop();
    let verdict = process::verify(&scratch.data, &[]);
    tally.tried(verdict.found(), || {
        format!("an older row put back whole: {verdict:?}")
    });
}

/// A session that nobody began must open nothing, and be found.
async fn forged_session(kept: &Kept, tally: &mut Tally) {
    use sha2::{Digest as _, Sha256};
    let scratch = kept.copy();
    let server = process::serve(&scratch.data).expect("starts");
    // 43 characters of base64url that stand for 32 bytes of zero.
    let (cookie, token) = ("A".repeat(43), Sha256::digest([0_u8; 32]));
    without_triggers(&by_hand(&scratch.data), |open| {
        open.execute(
            "INSERT INTO session (id, account_id, token, created_at, expires_at, seen_at)
                 SELECT randomblob(16), account_id, ?1, created_at, expires_at + 86400000000, seen_at FROM session
                 WHERE account_id = (SELECT id FROM account WHERE username = 'anna') ORDER BY row DESC LIMIT 1",
            [token.as_slice()],
        )
        .expect("forged");
    });
    let thief = with_cookie(&server.place, &cookie);
    let mut opened = Vec::new();
    for path in ["/api/v1/session", "/api/v1/patients", "/api/v1/settings"] {
        if let Ok(answer) = thief.try_send(cutis_tests::client::Call::new("GET", path)).await
            && answer.status < 400
        {
            opened.push(path);
        }
    }
    tally.tried(opened.is_empty(), || {
        format!("a session made by hand opened {opened:?}")
    });
    let _ended = thief
        .try_send(cutis_tests::client::Call::new("DELETE", "/api/v1/session"))
        .await
        .is_ok();
    a_day(kept, &server).await;
    server.stop();
    let verdict = process::verify(&scratch.data, &[]);
    tally.tried(verdict.found(), || {
        format!("a session made by hand, then signed out: {verdict:?}")
    });
}

/// A hash that opens ben's account, copied to anna's row, must not open anna's.
async fn copied_hash(kept: &Kept, tally: &mut Tally) {
    let scratch = kept.copy();
    let server = process::serve(&scratch.data).expect("starts");
    without_triggers(&by_hand(&scratch.data), |open| {
        open.execute_batch(
            "UPDATE account SET password = (SELECT password FROM account WHERE username = 'ben') WHERE username = 'anna'",
        )
        .expect("copied");
    });
    let answer = sign_in(&server.place, "anna", OTHER_PASSWORD).await;
    tally.tried(answer.status != 201, || {
        format!("ben's hash in anna's row: {}", answer.status)
    });
    server.stop();
    found(&scratch.data, tally, "ben's hash in anna's row");
}

/// A count of failures removed by hand must not go unnoticed.
async fn removed_lock(kept: &Kept, tally: &mut Tally) {
    let scratch = kept.copy();
    let server = process::serve(&scratch.data).expect("starts");
    without_triggers(&by_hand(&scratch.data), |open| {
        open.execute_batch("DELETE FROM throttle").expect("removed");
    });
    let _answer = sign_in(&server.place, "anna", PASSWORD).await;
    server.stop();
    found(&scratch.data, tally, "counts of failures removed");
}

fn found(data: &Path, tally: &mut Tally, what: &str) {
    let verdict: Verdict = process::verify(data, &[]);
    tally.tried(verdict.found(), || format!("{what}: {verdict:?}"));
}
