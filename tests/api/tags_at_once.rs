//! Tags that one person gives while another changes them (T1, T3).

use cutis_tests::TestServer;
use cutis_tests::actors::{SignedIn, id_of};
use serde_json::{Value, json};

const TAGS: &str = "/api/v1/tags";

async fn has_none(who: &SignedIn, patient: &str) -> bool {
    let shown = who
        .get(format!("/api/v1/patients/{patient}/tags"))
        .await
        .expect(200);
    shown["tags"] == json!([])
}

/// Case 17: a tag is given to patients while it is merged into another: whoever was told that they have it has the other, once,
/// and its count says so. Renaming a tag to an existing name is refused; another case of its own name is not.
#[tokio::test(flavor = "multi_thread")]
async fn case_17_a_tag_is_given_while_it_is_merged() {
    let (server, anna) = TestServer::set_up().await;
    let list = anna.get(TAGS).await.expect(200);
    let category = id_of(&list["categories"][0]);
    let mut tags = Vec::new();
    for name in ["Naevus", "Mole"] {
        let tag = json!({ "categoryId": category, "name": name });
        tags.push(id_of(&anna.post(TAGS, &tag).await.expect(201)));
    }
    let [kept, merged] = [&tags[0], &tags[1]];
    let mut patients = Vec::new();
    for number in 0..24 {
        patients.push(anna.create_patient(&format!("p-{number}")).await);
    }
    // The first has both already.
    let both = json!({ "add": [kept, merged], "patients": [patients[0]] });
    anna.post(format!("{TAGS}/assignments"), &both).await.expect(200);
    let other = server.sign_in("anna").await;
    let give = async {
        let mut given = vec![&patients[0]];
        for patient in &patients[1..] {
            let add = json!({ "add": [merged], "patients": [patient] });
            let answer = anna.post(format!("{TAGS}/assignments"), &add).await;
            match answer.status {
                200 => given.push(patient),
                // It is gone, which is said by name.
                status => assert!([404, 422].contains(&status), "{answer}"),
            }
        }
        given
    };
    let merge = async {
        // Some are given before it, some after.
        while has_none(&other, &patients[6]).await {}
        other
            .post(format!("{TAGS}/{kept}/merge"), &json!({ "from": [merged] }))
            .await
            .expect(200)
    };
    let (given, _) = tokio::join!(give, merge);
    let list = anna.get(TAGS).await.expect(200);
    let left = list["categories"][0]["tags"].as_array().expect("tags").clone();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0]["uses"]["patients"], given.len(), "counts equal");
    for patient in &patients {
        let shown = anna
            .get(format!("/api/v1/patients/{patient}/tags"))
            .await
            .expect(200);
        let shown: Vec<&Value> = shown["tags"].as_array().expect("tags").iter().collect();
        assert_eq!(shown.len(), usize::from(given.contains(&patient)), "{shown:?}");
    }
    let tag = json!({ "categoryId": category, "name": "Wart" });
    let tag = format!("{TAGS}/{}", id_of(&anna.post(TAGS, &tag).await.expect(201)));
    anna.patch(&tag, &json!({ "name": "NAEVUS" }))
        .await
        .refuses("name");
    let renamed = anna.patch(&tag, &json!({ "name": "WART" })).await.expect(200);
    assert_eq!(renamed["name"], "WART");
    server.finish().await;
}
