//! Connections without a purpose, on both ports (point 10).

use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::task::JoinSet;

use crate::Field;
use crate::clinician::{Clinician, ben};
use crate::process;
use crate::report::Tally;
use crate::wire::converse_over;

/// What a connection of the flood does.
#[derive(Debug, Clone, Copy)]
enum Manner {
    /// Nothing.
    Silent,
    /// Shakes hands and is silent then.
    Greeting,
    /// Sends a head byte by byte.
    Halting,
}

/// Points 4 and 10: floods of connections on both ports, from one address and from many.
pub async fn floods(field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("connections");
    let scratch = field.kept.copy();
    let server = process::serve(&scratch.data).expect("starts");
    let (signed_in, patient, image) = ben(&server.place).await;
    let encrypted = server.place.address().port();
    let cases = [
        (
            "encrypted port, one address",
            encrypted,
            1_u8,
            700,
            Manner::Silent,
        ),
        ("encrypted port, ten addresses", encrypted, 10, 70, Manner::Silent),
        (
            "encrypted port, ten greeting",
            encrypted,
            10,
            60,
            Manner::Greeting,
        ),
        ("encrypted port, ten halting", encrypted, 10, 60, Manner::Halting),
        (
            "plain port, ten addresses",
            server.plain_port,
            10,
            70,
            Manner::Silent,
        ),
        (
            "plain port, ten halting",
            server.plain_port,
            10,
            60,
            Manner::Halting,
        ),
    ];
    for (name, port, addresses, each, manner) in cases {
        let mut flood = JoinSet::new();
        for address in 0..addresses {
            for _ in 0..each {
                let place = server.place.coming_from([127, 0, 2, address + 1]);
                flood.spawn(async move {
                    loop {
                        match manner {
                            Manner::Greeting if port == place.address().port() => {
                                let open = place.open("http/1.1").await;
                                tokio::time::sleep(Duration::from_secs(5)).await;
                                drop(open);
                            }
                            Manner::Halting => {
                                let Ok(mut open) = place.tcp(port).await else {
                                    continue;
                                };
                                for letter in b"GET /health HTTP/1.1\r\nhost: localhost\r\n".chunks(1) {
                                    if open.write_all(letter).await.is_err() {
                                        break;
                                    }
                                    tokio::time::sleep(Duration::from_millis(400)).await;
                                }
                            }
                            Manner::Silent | Manner::Greeting => {
                                let open = place.tcp(port).await;
                                tokio::time::sleep(Duration::from_secs(5)).await;
                                drop(open);
                            }
                        }
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                });
            }
        }
        // The flood is under way before she begins.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let work = Clinician::begin(&server.place, &signed_in, patient.clone(), image.clone());
        tokio::time::sleep(field.settings.flood / 2).await;
        work.finish(&mut tally, name).await;
        let health = tokio::time::timeout(Duration::from_secs(10), health(&server)).await;
        tally.tried(health == Ok(200), || {
            format!("{name}: /health of the plain port answered {health:?}")
        });
        flood.shutdown().await;
    }
    stays_open(&server, &mut tally).await;
    tally.figure(format!("{} MiB resident", server.resident_mib()));
    tally
}

async fn health(server: &process::Serving) -> u16 {
    let place = server.place.coming_from([127, 0, 0, 9]);
    let Ok(open) = place.tcp(server.plain_port).await else {
        return 0;
    };
    let head = format!(
        "GET /health HTTP/1.1\r\nhost: localhost:{}\r\n\r\n",
        server.plain_port
    );
    converse_over(open, head, std::iter::empty()).await.status
}

/// Point 10: the plain port closes after its answer.
async fn stays_open(server: &process::Serving, tally: &mut Tally) {
    let Ok(open) = server.place.tcp(server.plain_port).await else {
        return tally.tried(false, || "the plain port takes no connection".to_owned());
    };
    let head = format!(
        "GET /certificate HTTP/1.1\r\nhost: localhost:{}\r\n\r\n",
        server.plain_port
    );
    let heard = converse_over(open, head, std::iter::empty()).await;
    let says = heard
        .header("connection")
        .unwrap_or_default()
        .to_ascii_lowercase();
    tally.tried(heard.status == 200 && (says == "close" || heard.closed), || {
        format!(
            "the plain port answered {} and keeps the connection ({says:?})",
            heard.status
        )
    });
}
