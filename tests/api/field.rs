//! Files that were answered wrongly once, through the whole program: what the upload says, what the image says later (I2).

use std::path::Path;

use cutis_tests::TestServer;
use cutis_tests::actors::id_of;
use cutis_tests::client::File;
use serde_json::{Value, json};

/// Each file, and whether it is whole, lacks a part, or is damaged; then how many full-size images it holds.
const FILES: &[(&str, &str, u64)] = &[
    ("gif_notrailer.gif", "whole", 1),
    ("jpg_comment_body.jpg", "whole", 1),
    ("jpg_cut12.jpg", "incomplete", 1),
    ("jpg_nodht_jfif.jpg", "whole", 1),
    ("jpg_noeoi.jpg", "whole", 1),
    ("jpg_noeoi_samsung_trailer.jpg", "whole", 1),
    ("jpg_ori6_dup61.jpg", "whole", 1),
    ("jpg_restart_missing.jpg", "incomplete", 1),
    ("jpg_sos_samsung_0_63_FF.jpg", "whole", 1),
    ("png_noiend.png", "whole", 1),
    ("tif_assoc_alpha.tif", "whole", 1),
    ("tif_bigtiff.tif", "whole", 1),
    ("tif_rgb_uint32_nosf.tif", "whole", 1),
    ("tif_thumbfirst.tif", "whole", 2),
    ("jpg_cut200.jpg", "damaged", 0),
    ("jpg_90pct_plus_eoi.jpg", "damaged", 0),
    ("jpg_half_plus_eoi.jpg", "damaged", 0),
];

fn file(name: &str) -> File {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/media/src/tests/field");
    File::new(
        name,
        std::fs::read(folder.join(name)).expect("a file of the project"),
    )
}

/// I2: in one batch, each file has its own outcome; what lacks a part says so in the result and on the image, and what
/// lacks more says how much.
#[tokio::test(flavor = "multi_thread")]
async fn i2_each_file_of_the_field_has_its_outcome() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let files: Vec<File> = FILES.iter().map(|(name, ..)| file(name)).collect();
    let results = anna.upload(&patient, &files).await;
    assert_eq!(results.len(), FILES.len());
    for ((name, state, pages), result) in FILES.iter().zip(&results) {
        if *state == "damaged" {
            assert_eq!(result["outcome"], "refused", "{name}: {result}");
            assert_eq!(result["reason"]["code"], "damaged", "{name}: {result}");
            let message = result["reason"]["message"].as_str().expect("a message");
            assert!(
                message.contains('%'),
                "{name} says how much is missing: {message}"
            );
            continue;
        }
        assert_eq!(result["outcome"], "stored", "{name}: {result}");
        let path = format!("/api/v1/patients/{patient}/images/{}", id_of(&result["image"]));
        let later = anna.get(&path).await.expect(200);
        for image in [&result["image"], &later] {
            let told = (&image["incomplete"], &image["pages"]);
            let expected: (Value, Value) = (json!(*state == "incomplete"), json!(pages));
            assert_eq!(told, (&expected.0, &expected.1), "{name}");
        }
        for form in ["thumbnail", "medium", "screen", "full"] {
            assert_eq!(
                anna.get(format!("{path}/{form}")).await.status,
                200,
                "{name} {form}"
            );
        }
    }
    server.finish().await;
}
