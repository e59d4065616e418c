//! Tags (T1–T3).

use cutis_tests::actors::{SignedIn, id_of};
use cutis_tests::images::made;
use cutis_tests::{Answer, TestServer};
use serde_json::{Value, json};

const TAGS: &str = "/api/v1/tags";
const CATEGORIES: &str = "/api/v1/tag-categories";
const ASSIGN: &str = "/api/v1/tags/assignments";
const NOBODYS: &str = "018f3c5e-7b1a-7c3d-9a4b-ffffffffffff";

async fn catalogue(who: &SignedIn) -> Vec<Value> {
    let list = who.get(TAGS).await.expect(200);
    list["categories"].as_array().expect("categories").clone()
}

fn names(list: &Value) -> Vec<&str> {
    let list = list.as_array().expect("a list");
    list.iter().filter_map(|one| one["name"].as_str()).collect()
}

async fn category(who: &SignedIn, place: usize) -> String {
    id_of(&catalogue(who).await[place])
}

async fn tag(who: &SignedIn, category: &str, name: &str) -> String {
    let tag = json!({ "categoryId": category, "name": name });
    id_of(&who.post(TAGS, &tag).await.expect(201))
}

async fn assign(who: &SignedIn, body: Value) -> Answer {
    who.post(ASSIGN, &body).await
}

/// What something shows: name, own, from how many visits, from how many photos.
async fn shown(who: &SignedIn, path: String) -> Vec<(String, bool, u64, u64)> {
    let list = who.get(format!("{path}/tags")).await.expect(200);
    let list = list["tags"].as_array().expect("tags").clone();
    list.iter()
        .map(|tag| {
            (
                tag["name"].as_str().expect("a name").to_owned(),
                tag["own"].as_bool().expect("own"),
                tag["fromEntries"].as_u64().expect("a number"),
                tag["fromImages"].as_u64().expect("a number"),
            )
        })
        .collect()
}

async fn uses(who: &SignedIn, id: &str) -> Option<[u64; 4]> {
    let categories = catalogue(who).await;
    let mut tags = categories
        .iter()
        .flat_map(|one| one["tags"].as_array().expect("tags"));
    let tag = tags.find(|tag| tag["id"] == id)?;
    Some(
        ["patients", "directPatients", "entries", "images"]
            .map(|key| tag["uses"][key].as_u64().expect("a number")),
    )
}

struct Anna {
    patient: String,
    entry: String,
    images: [String; 3],
}

/// A patient with a visit and three photos, two of them in the visit's workspace.
async fn patient(who: &SignedIn, unique_id: &str, seed: u64) -> Anna {
    let patient = who.create_patient(unique_id).await;
    let entries = format!("/api/v1/patients/{patient}/entries");
    let entry = id_of(&who.post(&entries, &json!({})).await.expect(201));
    let mut images = Vec::new();
    for number in 0..3 {
        images.push(who.store(&patient, made(seed + number)).await);
    }
    let add = json!({ "add": [images[0], images[1]] });
    who.post(format!("{entries}/{entry}/workspace"), &add)
        .await
        .expect(200);
    Anna {
        patient,
        entry,
        images: images.try_into().expect("three"),
    }
}

/// T1: an account begins with six categories, once, and each account with its own.
#[tokio::test(flavor = "multi_thread")]
async fn t1_an_account_begins_with_six_categories_once() {
    let (server, anna) = TestServer::set_up().await;
    let expected = ["Diagnosis", "Body region", "Treatment", "Phase", "View", "Status"];
    let first = anna.get(TAGS).await.expect(200);
    assert_eq!(names(&first["categories"]), expected);
    for one in catalogue(&anna).await {
        anna.delete(format!("{CATEGORIES}/{}", id_of(&one)))
            .await
            .expect(204);
    }
    assert!(
        catalogue(&anna).await.is_empty(),
        "whoever deletes them all keeps none"
    );
    // By the API alone, a first category comes behind them.
    let ben = server.add_account("ben", false, true).await;
    let made = json!({ "name": "Seventh", "colour": "lime" });
    ben.post(CATEGORIES, &made).await.expect(201);
    let theirs = ben.get(TAGS).await.expect(200);
    assert_eq!(names(&theirs["categories"]).len(), 7);
    assert_eq!(theirs["categories"][6]["name"], "Seventh");
    assert!(catalogue(&anna).await.is_empty());
    server.finish().await;
}

/// T1, T3: categories and tags are added, renamed, recoloured, moved, archived and deleted.
#[tokio::test(flavor = "multi_thread")]
async fn t3_the_catalogue_is_managed() {
    let (server, anna) = TestServer::set_up().await;
    let (first, second) = (category(&anna, 0).await, category(&anna, 1).await);
    let naevus = tag(&anna, &first, "  Naevus  ").await;
    tag(&anna, &first, "Acne").await;
    let change = json!({ "name": "Diagnoses", "colour": "brown", "position": 99 });
    let changed = anna
        .patch(format!("{CATEGORIES}/{first}"), &change)
        .await
        .expect(200);
    assert_eq!(
        changed,
        json!({ "id": first, "name": "Diagnoses", "colour": "brown" })
    );
    let list = catalogue(&anna).await;
    assert_eq!(list[5]["name"], "Diagnoses");
    assert_eq!(
        names(&list[5]["tags"]),
        ["Acne", "Naevus"],
        "by name, whatever came first"
    );
    // The same name, whatever the case, is there once in a category and free in another.
    for name in ["NAEVUS", "naevus ", "Na\u{0065}vus"] {
        let again = json!({ "categoryId": first, "name": name });
        anna.post(TAGS, &again).await.refuses("name");
    }
    let elsewhere = tag(&anna, &second, "NAEVUS").await;
    let into = json!({ "categoryId": first });
    anna.patch(format!("{TAGS}/{elsewhere}"), &into)
        .await
        .refuses("name");
    let renamed = json!({ "categoryId": first, "name": "Naevus, other", "archived": true });
    let moved = anna
        .patch(format!("{TAGS}/{elsewhere}"), &renamed)
        .await
        .expect(200);
    assert_eq!(
        (&moved["name"], &moved["categoryId"], &moved["archived"]),
        (&json!("Naevus, other"), &json!(first), &json!(true))
    );
    let back = json!({ "archived": false });
    let back = anna.patch(format!("{TAGS}/{elsewhere}"), &back).await.expect(200);
    assert_eq!(back["archived"], false);
    // A category with tags stays.
    let problem = anna
        .delete(format!("{CATEGORIES}/{first}"))
        .await
        .problem(409, "conflict");
    assert!(
        problem["detail"]
            .as_str()
            .expect("text")
            .contains("Move or delete")
    );
    anna.delete(format!("{TAGS}/{naevus}")).await.expect(204);
    anna.delete(format!("{TAGS}/{naevus}"))
        .await
        .problem(404, "not_found");
    assert_eq!(
        names(&catalogue(&anna).await[5]["tags"]),
        ["Acne", "Naevus, other"]
    );
    server.finish().await;
}

/// T1: a name that only looks like another is refused too, for tags and for categories.
#[tokio::test(flavor = "multi_thread")]
async fn t1_names_that_look_alike_are_refused() {
    let (server, anna) = TestServer::set_up().await;
    let (first, second) = (category(&anna, 0).await, category(&anna, 1).await);
    let cat = tag(&anna, &first, "Cat").await;
    let dog = tag(&anna, &first, "Dog").await;
    let wide = tag(&anna, &second, "ＣＡＴ").await;
    let before = server.content();
    for name in ["ＣＡＴ", "Ｃat", "ℂat"] {
        let new = json!({ "categoryId": first, "name": name });
        assert_eq!(anna.post(TAGS, &new).await.refuses("name"), "taken", "{name}");
        let renamed = anna
            .patch(format!("{TAGS}/{dog}"), &json!({ "name": name }))
            .await;
        assert_eq!(renamed.refuses("name"), "taken", "{name}");
    }
    let moved = anna
        .patch(format!("{TAGS}/{wide}"), &json!({ "categoryId": first }))
        .await;
    assert_eq!(moved.refuses("name"), "taken");
    let made = json!({ "name": "Ｄｉａｇｎｏｓｉｓ", "colour": "red" });
    assert_eq!(anna.post(CATEGORIES, &made).await.refuses("name"), "taken");
    let renamed = anna
        .patch(
            format!("{CATEGORIES}/{second}"),
            &json!({ "name": "Ｄｉａｇｎｏｓｉｓ" }),
        )
        .await;
    assert_eq!(renamed.refuses("name"), "taken");
    assert_eq!(server.content(), before, "nothing changed");
    // Its own name may be written another way.
    let own = anna
        .patch(format!("{TAGS}/{cat}"), &json!({ "name": "ＣＡＴ" }))
        .await
        .expect(200);
    assert_eq!(own["name"], "ＣＡＴ");
    server.finish().await;
}

/// T1: colours that are not in the list, names with control characters, unknown fields: each named, nothing changed.
#[tokio::test(flavor = "multi_thread")]
async fn t1_bad_input_is_named_and_changes_nothing() {
    let (server, anna) = TestServer::set_up().await;
    let first = category(&anna, 0).await;
    let one = tag(&anna, &first, "One").await;
    let before = server.content();
    for colour in ["", "Red", "#ff0000", "url(x)", "transparent"] {
        let made = json!({ "name": "New", "colour": colour });
        anna.post(CATEGORIES, &made).await.refuses("colour");
        let change = json!({ "colour": colour });
        anna.patch(format!("{CATEGORIES}/{first}"), &change)
            .await
            .refuses("colour");
    }
    let long = "x".repeat(61);
    for name in [
        "",
        " ",
        "a\nb",
        "a\tb",
        "a\u{0}b",
        "a\u{202e}b",
        "a\u{200b}b",
        long.as_str(),
    ] {
        let made = json!({ "name": name, "colour": "red" });
        anna.post(CATEGORIES, &made).await.refuses("name");
        anna.patch(format!("{CATEGORIES}/{first}"), &json!({ "name": name }))
            .await
            .refuses("name");
        let made = json!({ "categoryId": first, "name": name });
        anna.post(TAGS, &made).await.refuses("name");
        anna.patch(format!("{TAGS}/{one}"), &json!({ "name": name }))
            .await
            .refuses("name");
    }
    let same = json!({ "name": "DIAGNOSIS", "colour": "red" });
    anna.post(CATEGORIES, &same).await.refuses("name");
    let nowhere = json!({ "categoryId": "no id", "name": "x" });
    anna.post(TAGS, &nowhere).await.refuses("categoryId");
    for body in [
        json!({ "name": "x", "colour": "red", "color": "red" }),
        json!({ "name": 7, "colour": "red" }),
        json!({ "colour": "red" }),
    ] {
        anna.post(CATEGORIES, &body).await.problem(422, "invalid");
    }
    let patch = json!({ "position": 70_000 });
    anna.patch(format!("{CATEGORIES}/{first}"), &patch)
        .await
        .problem(422, "invalid");
    let unknown = json!({ "add": [one], "patient": [NOBODYS] });
    assign(&anna, unknown).await.problem(422, "invalid");
    assert_eq!(server.content(), before);
    server.finish().await;
}

/// T2: what is effective comes upward, says where from, and vanishes with its source.
#[tokio::test(flavor = "multi_thread")]
async fn t2_effective_tags_come_upward_with_their_source() {
    let (server, anna) = TestServer::set_up().await;
    let first = category(&anna, 0).await;
    let (own, visit, third) = (
        tag(&anna, &first, "Own").await,
        tag(&anna, &first, "Visit").await,
        tag(&anna, &first, "Photo").await,
    );
    let it = patient(&anna, "p-1", 1).await;
    let path = format!("/api/v1/patients/{}", it.patient);
    assign(&anna, json!({ "add": [own], "patients": [it.patient] }))
        .await
        .expect(200);
    assign(&anna, json!({ "add": [visit], "entries": [it.entry] }))
        .await
        .expect(200);
    let given = assign(&anna, json!({ "add": [third, own], "images": it.images }))
        .await
        .expect(200);
    assert_eq!(given["added"].as_array().map(Vec::len), Some(2));
    let name = |name: &str, own, entries, images| (name.to_owned(), own, entries, images);
    assert_eq!(
        shown(&anna, path.clone()).await,
        [
            name("Own", true, 0, 3),
            name("Photo", false, 0, 3),
            name("Visit", false, 1, 0)
        ]
    );
    // The visit shows what the two photos of its workspace have.
    let visit_path = format!("{path}/entries/{}", it.entry);
    let of_visit = [
        name("Own", false, 0, 2),
        name("Photo", false, 0, 2),
        name("Visit", true, 0, 0),
    ];
    assert_eq!(shown(&anna, visit_path.clone()).await, of_visit);
    let list = anna.get(format!("{path}/entries")).await.expect(200);
    assert_eq!(names(&list["entries"][0]["tags"]), ["Own", "Photo", "Visit"]);
    assert_eq!(list["entries"][0]["tags"][1]["fromImages"], 2);
    // A comparison adds its third photo, and each counts once.
    let group = json!({ "mode": "grid", "images": [it.images[0], it.images[2]] });
    let group = anna
        .post(format!("{visit_path}/comparisons"), &group)
        .await
        .expect(201);
    assert_eq!(
        shown(&anna, visit_path.clone()).await[1],
        name("Photo", false, 0, 3)
    );
    anna.delete(format!("{path}/comparisons/{}", id_of(&group)))
        .await
        .expect(204);
    let out = json!({ "remove": [it.images[0], it.images[1]] });
    anna.post(format!("{visit_path}/workspace"), &out)
        .await
        .expect(200);
    assert_eq!(shown(&anna, visit_path).await, [name("Visit", true, 0, 0)]);
    assert_eq!(
        shown(&anna, format!("{path}/images/{}", it.images[0]))
            .await
            .len(),
        2
    );
    assert_eq!(uses(&anna, &own).await, Some([1, 1, 0, 3]));
    assign(&anna, json!({ "remove": [third, own], "images": it.images }))
        .await
        .expect(200);
    assert_eq!(
        shown(&anna, path).await,
        [name("Own", true, 0, 0), name("Visit", false, 1, 0)]
    );
    assert_eq!(uses(&anna, &third).await, Some([0, 0, 0, 0]));
    server.finish().await;
}

/// T1: a bulk assignment says what it really changed, which undoes it; it is all or nothing.
#[tokio::test(flavor = "multi_thread")]
async fn t1_a_bulk_assignment_is_whole_and_can_be_undone() {
    let (server, anna) = TestServer::set_up().await;
    let first = category(&anna, 0).await;
    let (one, two) = (tag(&anna, &first, "One").await, tag(&anna, &first, "Two").await);
    let it = patient(&anna, "p-1", 1).await;
    let other = patient(&anna, "p-2", 10).await;
    assign(&anna, json!({ "add": [one], "images": [it.images[0]] }))
        .await
        .expect(200);
    let all = json!({
        "add": [one, one], "remove": [two], "patients": [it.patient, other.patient],
        "entries": [other.entry], "images": [it.images[0], it.images[1], it.images[1]],
    });
    let done = assign(&anna, all).await.expect(200);
    assert_eq!(done["removed"], json!([]));
    let added = done["added"].as_array().expect("a list");
    assert_eq!(added.len(), 1);
    assert_eq!(added[0]["tagId"], one);
    assert_eq!(
        added[0]["images"],
        json!([it.images[1]]),
        "what was there before was not added"
    );
    let mut patients: Vec<&str> = added[0]["patients"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    patients.sort_unstable();
    let mut expected = [it.patient.as_str(), &other.patient];
    expected.sort_unstable();
    assert_eq!(patients, expected);
    let undo = json!({
        "remove": [one], "patients": added[0]["patients"], "entries": added[0]["entries"], "images": added[0]["images"],
    });
    assign(&anna, undo).await.expect(200);
    assert_eq!(uses(&anna, &one).await, Some([1, 0, 0, 1]), "as it was before");
    let selected = json!({ "images": it.images, "patients": [other.patient] });
    let selected = anna
        .post(format!("{TAGS}/selection"), &selected)
        .await
        .expect(200);
    assert_eq!(names(&selected["tags"]), ["One"]);
    assert_eq!(selected["tags"][0]["count"], 1);
    // One wrong id, and nothing is done; the answer says which.
    let before = server.content();
    for (body, field) in [
        (json!({ "add": [two, NOBODYS], "images": it.images }), "add[1]"),
        (json!({ "remove": [NOBODYS], "images": it.images }), "remove[0]"),
        (
            json!({ "add": [two], "images": [it.images[0], NOBODYS] }),
            "images[1]",
        ),
        (
            json!({ "add": [two], "entries": [it.entry, it.images[0]] }),
            "entries[1]",
        ),
        (json!({ "add": [two], "patients": [NOBODYS] }), "patients[0]"),
    ] {
        let problem = assign(&anna, body).await.problem(404, "not_found");
        assert_eq!(problem["errors"][0]["field"], field);
    }
    for (body, field) in [
        (json!({ "add": [two, "x"], "images": it.images }), "add[1]"),
        (
            json!({ "add": [two], "remove": [two], "images": it.images }),
            "remove[0]",
        ),
        (json!({ "add": [two] }), "images"),
        (json!({ "images": it.images }), "add"),
        (json!({ "add": vec![&two; 21], "images": it.images }), "add"),
        (
            json!({ "add": [two], "images": vec![&it.images[0]; 501] }),
            "images",
        ),
    ] {
        assign(&anna, body).await.refuses(field);
    }
    // The refusals are in the trail; the tags are as they were.
    let after = server.content();
    for table in [
        "image_tag",
        "patient_tag",
        "entry_tag",
        "patient_tag_use",
        "tag",
        "patient",
    ] {
        assert_eq!(after.get(table), before.get(table), "{table}");
    }
    // What somebody had taken away is given back.
    assign(&anna, json!({ "add": [two], "images": [it.images[2]] }))
        .await
        .expect(200);
    let done = assign(&anna, json!({ "remove": [one, two], "images": it.images }))
        .await
        .expect(200);
    assert_eq!(done["removed"].as_array().map(Vec::len), Some(2));
    server.finish().await;
}

/// T1: the fifty-first tag is refused, by name of what would have it, and a swap of the fiftieth is not.
#[tokio::test(flavor = "multi_thread")]
async fn t1_the_fifty_first_tag_is_refused() {
    let (server, anna) = TestServer::set_up().await;
    let first = category(&anna, 0).await;
    let mut tags = Vec::new();
    for number in 0..51 {
        tags.push(tag(&anna, &first, &format!("Tag {number}")).await);
    }
    let it = patient(&anna, "p-1", 1).await;
    for some in [&tags[0..20], &tags[20..40], &tags[40..50]] {
        let all = json!({ "add": some, "patients": [it.patient], "images": [it.images[0]] });
        assign(&anna, all).await.expect(200);
    }
    let before = uses(&anna, &tags[50]).await;
    let more = json!({ "add": [tags[50]], "images": [it.images[1], it.images[0]] });
    let refused = assign(&anna, more).await;
    assert_eq!(refused.refuses("images[1]"), "too_many");
    let message = refused.json()["errors"][0]["message"].to_string();
    assert!(message.contains("photo") && message.contains("51"), "{message}");
    let more = json!({ "add": [tags[50]], "patients": [it.patient] });
    assign(&anna, more).await.refuses("patients[0]");
    assert_eq!(
        uses(&anna, &tags[50]).await,
        before,
        "not even the photo with room"
    );
    let swap = json!({ "add": [tags[50]], "remove": [tags[0]], "patients": [it.patient] });
    assign(&anna, swap).await.expect(200);
    // A patient shows what comes upward beyond the fifty.
    assert_eq!(
        shown(&anna, format!("/api/v1/patients/{}", it.patient))
            .await
            .len(),
        51
    );
    // What has both has one.
    let merge = json!({ "from": [tags[1], tags[2]] });
    let merged = anna
        .post(format!("{TAGS}/{}/merge", tags[3]), &merge)
        .await
        .expect(200);
    assert_eq!(
        merged["uses"],
        json!({ "patients": 1, "directPatients": 1, "entries": 0, "images": 1 })
    );
    server.finish().await;
}

/// T3: two tags that are merged into each other at once: one merge is done, the other finds its tag gone and changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn t3_two_opposite_merges_end() {
    let (server, anna) = TestServer::set_up().await;
    let diagnosis = category(&anna, 0).await;
    let (one, two) = (
        tag(&anna, &diagnosis, "One").await,
        tag(&anna, &diagnosis, "Two").await,
    );
    // More than a step of either, so that both would go on in turns.
    for number in 0..420 {
        let patient = anna.create_patient(&format!("P-{number}")).await;
        let chosen = if number % 2 == 0 { &one } else { &two };
        let body = json!({ "add": [chosen], "patients": [patient] });
        assign(&anna, body).await.expect(200);
    }
    let again = server.sign_in("anna").await;
    let (into_one, into_two) = (json!({ "from": [two] }), json!({ "from": [one] }));
    let (first, second) = tokio::join!(
        anna.post(format!("{TAGS}/{one}/merge"), &into_one),
        again.post(format!("{TAGS}/{two}/merge"), &into_two),
    );
    let (kept, lost, done) = if first.status == 200 {
        (&one, &two, first)
    } else {
        (&two, &one, second)
    };
    assert_eq!(done.expect(200)["uses"]["patients"], 420, "{kept}");
    let data = server.data.database();
    let merges = cutis_tests::database::trail_text(&data);
    let steps_into = |tag: &str| {
        let lines = merges.lines().filter(|line| line.contains("tags.merged"));
        lines
            .filter(|line| line.contains(&format!(r#""target":{{"id":"{tag}""#)))
            .count()
    };
    assert!(
        steps_into(kept) >= 2,
        "{}",
        merges.lines().last().unwrap_or_default()
    );
    assert_eq!(steps_into(lost), 0, "the other merge did nothing");
    server.finish().await;
}

/// T3: two tags with overlapping uses become one; a tag does not become part of itself, nor of one that is gone.
#[tokio::test(flavor = "multi_thread")]
async fn t3_tags_merge_without_doubles_and_without_circles() {
    let (server, anna) = TestServer::set_up().await;
    let (first, second) = (category(&anna, 0).await, category(&anna, 1).await);
    let (kept, from, old) = (
        tag(&anna, &first, "Basal cell carcinoma").await,
        tag(&anna, &second, "BCC").await,
        tag(&anna, &first, "Old").await,
    );
    let it = patient(&anna, "p-1", 1).await;
    let other = patient(&anna, "p-2", 10).await;
    let both = json!({ "add": [kept, from], "images": [it.images[0]], "patients": [it.patient] });
    assign(&anna, both).await.expect(200);
    let some = json!({ "add": [from], "images": [it.images[1], other.images[0]], "entries": [other.entry] });
    assign(&anna, some).await.expect(200);
    assign(&anna, json!({ "add": [old], "images": [it.images[2]] }))
        .await
        .expect(200);
    let merge = format!("{TAGS}/{kept}/merge");
    let before = server.content();
    for (body, field) in [
        (json!({ "from": [kept] }), "from[0]"),
        (json!({ "from": [from, kept] }), "from[1]"),
        (json!({ "from": [from, from] }), "from[1]"),
        (json!({ "from": [] }), "from"),
        (json!({ "from": ["x"] }), "from[0]"),
    ] {
        anna.post(&merge, &body).await.refuses(field);
    }
    assert_eq!(server.content(), before);
    let problem = anna
        .post(&merge, &json!({ "from": [from, NOBODYS] }))
        .await
        .problem(404, "not_found");
    assert_eq!(problem["errors"][0]["field"], "from[1]");
    let modified = anna.patient(&other.patient).await["lastModified"].clone();
    server.clock.advance(60);
    let merged = anna
        .post(&merge, &json!({ "from": [from, old] }))
        .await
        .expect(200);
    assert_eq!(
        merged["uses"],
        json!({ "patients": 2, "directPatients": 1, "entries": 1, "images": 4 })
    );
    assert_eq!(uses(&anna, &from).await, None);
    assert_eq!(
        shown(&anna, format!("/api/v1/patients/{}", it.patient)).await,
        [("Basal cell carcinoma".to_owned(), true, 0, 3)]
    );
    assert_ne!(anna.patient(&other.patient).await["lastModified"], modified, "P3");
    // A circle is not to be had: what was merged is gone.
    let back = json!({ "from": [kept] });
    anna.post(format!("{TAGS}/{from}/merge"), &back)
        .await
        .problem(404, "not_found");
    anna.post(&merge, &json!({ "from": [from] }))
        .await
        .problem(404, "not_found");
    // Nothing new is given an archived tag, and nothing becomes part of one; what has it keeps it.
    let archived = json!({ "archived": true });
    anna.patch(format!("{TAGS}/{kept}"), &archived).await.expect(200);
    let given = json!({ "add": [kept], "images": [it.images[0]] });
    assign(&anna, given).await.refuses("add[0]");
    let new = tag(&anna, &first, "New").await;
    anna.post(&merge, &json!({ "from": [new] })).await.refuses("from");
    assert_eq!(uses(&anna, &kept).await, Some([2, 1, 1, 4]));
    // Deleting takes it from everything.
    anna.delete(format!("{TAGS}/{kept}")).await.expect(204);
    assert!(
        shown(&anna, format!("/api/v1/patients/{}", it.patient))
            .await
            .is_empty()
    );
    server.finish().await;
}

/// A10: another's tags, visits and photos are as if they did not exist, and their tags are not to be seen.
#[tokio::test(flavor = "multi_thread")]
async fn a10_anothers_tags_do_not_exist() {
    let (server, anna) = TestServer::set_up().await;
    let ben = server.add_account("ben", false, true).await;
    let (first, theirs) = (category(&anna, 0).await, category(&ben, 0).await);
    let (one, bens) = (tag(&anna, &first, "One").await, tag(&ben, &theirs, "One").await);
    let it = patient(&anna, "p-1", 1).await;
    let mine = patient(&ben, "p-1", 20).await;
    assign(&anna, json!({ "add": [one], "images": it.images }))
        .await
        .expect(200);
    for (body, same) in [
        (
            json!({ "add": [one], "images": mine.images }),
            json!({ "add": [NOBODYS], "images": mine.images }),
        ),
        (
            json!({ "remove": [one], "images": mine.images }),
            json!({ "remove": [NOBODYS], "images": mine.images }),
        ),
        (
            json!({ "add": [bens], "images": it.images }),
            json!({ "add": [bens], "images": [NOBODYS] }),
        ),
        (
            json!({ "add": [bens], "entries": [it.entry] }),
            json!({ "add": [bens], "entries": [NOBODYS] }),
        ),
        (
            json!({ "add": [bens], "patients": [it.patient] }),
            json!({ "add": [bens], "patients": [NOBODYS] }),
        ),
    ] {
        let (found, absent) = (assign(&ben, body).await, assign(&ben, same).await);
        found.problem(404, "not_found");
        assert_eq!(found.body_without_request_id(), absent.body_without_request_id());
    }
    let merge = json!({ "from": [one] });
    ben.post(format!("{TAGS}/{bens}/merge"), &merge)
        .await
        .problem(404, "not_found");
    let moved = json!({ "categoryId": first });
    ben.patch(format!("{TAGS}/{bens}"), &moved)
        .await
        .problem(404, "not_found");
    let selected = json!({ "images": [it.images[0]] });
    ben.post(format!("{TAGS}/selection"), &selected)
        .await
        .problem(404, "not_found");
    assert_eq!(uses(&ben, &bens).await, Some([0, 0, 0, 0]));
    assert_eq!(uses(&anna, &one).await, Some([1, 0, 0, 3]));
    server.finish().await;
}

/// T3, U2, U5: each change is in the trail, with the patients' own activity, and no name is in it.
#[tokio::test(flavor = "multi_thread")]
async fn t3_every_change_of_tags_is_recorded_without_names() {
    let (server, anna) = TestServer::set_up().await;
    let first = category(&anna, 0).await;
    let (secret, other) = (
        tag(&anna, &first, "Xqzvertraulich").await,
        tag(&anna, &first, "Xqzanderes").await,
    );
    let it = patient(&anna, "p-1", 1).await;
    let given = json!({ "add": [secret, other], "images": it.images, "patients": [it.patient] });
    assign(&anna, given).await.expect(200);
    anna.patch(
        format!("{TAGS}/{secret}"),
        &json!({ "name": "Xqzneu", "archived": true }),
    )
    .await
    .expect(200);
    anna.patch(
        format!("{CATEGORIES}/{first}"),
        &json!({ "name": "Xqzgruppe", "position": 1 }),
    )
    .await
    .expect(200);
    anna.post(format!("{TAGS}/{other}/merge"), &json!({ "from": [secret] }))
        .await
        .expect(200);
    anna.delete(format!("{TAGS}/{other}")).await.expect(204);
    let activity = anna.activity(&it.patient).await;
    let assigned = activity.iter().find(|event| event["action"] == "tags.assigned");
    let details = assigned.expect("recorded")["details"].to_string();
    for id in [&secret, &other, &it.images[0], &it.images[2]] {
        assert!(details.contains(id.as_str()), "{details}");
    }
    server.settle().await;
    let folder = server.stop().await;
    let database = rusqlite::Connection::open(folder.path().join("cutis.db")).expect("opens");
    let actions: Vec<String> = database
        .prepare("SELECT DISTINCT action FROM trail_index WHERE action LIKE 'tag%' ORDER BY 1")
        .and_then(|mut rows| rows.query_map([], |row| row.get(0))?.collect())
        .expect("readable");
    for action in [
        "tag.changed",
        "tag.created",
        "tag.removed",
        "tag_category.changed",
        "tag_category.created",
        "tags.assigned",
        "tags.listed",
        "tags.merged",
    ] {
        assert!(
            actions.iter().any(|found| found == action),
            "{action}: {actions:?}"
        );
    }
    let payloads = cutis_tests::database::events_of(&folder.path().join("cutis.db"));
    for payload in payloads {
        assert!(
            !String::from_utf8_lossy(&payload).contains("Xqz"),
            "a name is in the trail"
        );
    }
}
