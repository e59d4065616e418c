//! I2 and issue 6, 7: an image whose full-size rendition is beyond what is rendered is refused with its cause, and its
//! original stays at hand.

use std::sync::Arc;

use bytes::Bytes;
use cutis::darkroom::Workers;
use cutis_media::synthetic::{Scene, SkinType, Subject, draw};
use cutis_media::{CivilTime, Derived, Full, Limits, Refusal, Turns};
use cutis_records::Darkroom;
use cutis_records::images::darkroom::{DarkroomError, Developing, Original};
use cutis_tests::TestServer;
use cutis_tests::images::made;
use cutis_tests::server::built_program;
use futures_util::stream;

/// Makes thumbnails, and no full-size rendition.
#[derive(Debug)]
struct Small {
    too_long: bool,
}

impl Darkroom for Small {
    fn places(&self) -> usize {
        1
    }

    fn derive(&self, original: Bytes, limits: Limits, turns: Turns) -> Developing<'_, Derived> {
        let derived = tokio::task::block_in_place(|| cutis_media::derive_turned(&original, &limits, turns));
        Box::pin(std::future::ready(derived.map_err(Into::into)))
    }

    fn full(&self, _: Original, _: Limits, _: Turns, _: u64) -> Developing<'_, Full> {
        let refused = if self.too_long {
            DarkroomError::TooLong
        } else {
            Refusal::STOPPED.into()
        };
        Box::pin(std::future::ready(Err(refused)))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i2_an_image_that_cannot_be_rendered_says_why_and_keeps_its_original() {
    for (too_long, cause) in [(true, "larger than 256 MiB"), (false, "more memory or time")] {
        let (server, anna) = TestServer::set_up_with_darkroom(Arc::new(Small { too_long })).await;
        let patient = anna.create_patient("p-large").await;
        let image = anna.store(&patient, made(1)).await;
        let path = format!("/api/v1/patients/{patient}/images/{image}");
        let refused = anna.get(format!("{path}/full")).await;
        assert!(refused.to_string().contains(cause), "{refused}");
        assert!(refused.to_string().contains("download the original"), "{refused}");
        refused.problem(422, "unrenderable");
        for form in [
            "original?purpose=clinical_record",
            "screen",
            "medium",
            "thumbnail",
        ] {
            let shown = anna.get(format!("{path}/{form}")).await;
            assert_eq!(shown.status, 200, "{form}: {shown}");
        }
        server.finish().await;
    }
}

/// A real worker whose image is larger than was asked for: told apart from a worker that died.
#[tokio::test(flavor = "multi_thread")]
async fn i2_an_image_longer_than_asked_for_is_named_as_such() {
    let scene = Scene {
        seed: 7,
        visit: 1,
        subject: Subject::Nevus,
        skin: SkinType::II,
        captured_at: CivilTime::new((2026, 3, 4), (9, 30, 0), Some(3600)).expect("a day and time"),
    };
    let file = Bytes::from(draw(&scene, 2400, 1800).expect("a photo can be made"));
    let workers = Workers::new(built_program());
    let original = || Original {
        length: u64::try_from(file.len()).expect("small"),
        pieces: Box::pin(stream::iter([Ok(file.clone())])),
    };
    let full = workers
        .full(original(), Limits::default(), Turns::None, 64 << 20)
        .await;
    let length = full.expect("rendered").bytes.len();
    assert!(
        length > 128 * 1024,
        "{length} bytes are within what an answer may have beside"
    );
    let refused = workers.full(original(), Limits::default(), Turns::None, 1).await;
    assert!(matches!(refused, Err(DarkroomError::TooLong)), "{refused:?}");
}
