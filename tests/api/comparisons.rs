//! What a comparison says of its photos and what is marked on them (C1–C3).

use cutis_tests::TestServer;
use cutis_tests::actors::{SignedIn, id_of};
use cutis_tests::images::made;
use serde_json::{Value, json};

/// A patient with a visit, three photos of 64 × 48 pixels, and a comparison of them.
struct Scene {
    patient: String,
    visit: String,
    images: Vec<String>,
    group: String,
}

impl Scene {
    async fn set(who: &SignedIn, unique_id: &str, seed: u64) -> Self {
        let patient = who.create_patient(unique_id).await;
        let path = format!("/api/v1/patients/{patient}");
        let entry = who.post(format!("{path}/entries"), &json!({})).await.expect(201);
        let visit = format!("{path}/entries/{}", id_of(&entry));
        let mut images = Vec::new();
        for number in 0..3 {
            images.push(who.store(&patient, made(seed + number)).await);
        }
        let group = json!({ "mode": "side_by_side", "images": images });
        let group = who.post(format!("{visit}/comparisons"), &group).await.expect(201);
        Self {
            group: format!("{path}/comparisons/{}", id_of(&group)),
            patient,
            visit,
            images,
        }
    }

    async fn shown(&self, who: &SignedIn) -> Value {
        who.get(&self.group).await.expect(200)
    }

    fn image(&self, place: usize) -> String {
        format!("{}/images/{}", self.group, self.images[place])
    }

    /// A change of what is marked on the photo at this place, made on the present version and turns.
    async fn mark(&self, who: &SignedIn, place: usize, set: Value) -> cutis_tests::Answer {
        let shown = self.shown(who).await;
        let mut body =
            json!({ "version": shown["version"], "turns": view(&shown, &self.images[place])["turns"] });
        for (name, value) in set.as_object().expect("fields") {
            body[name] = value.clone();
        }
        who.patch(self.image(place), &body).await
    }
}

fn view(shown: &Value, image: &str) -> Value {
    let views = shown["views"].as_array().expect("views");
    let found = views.iter().find(|view| view["imageId"] == image);
    found.expect("the photo").clone()
}

fn points(list: &[(f64, f64)]) -> Value {
    list.iter().map(|(x, y)| json!({ "x": x, "y": y })).collect()
}

const CORNERS: [(f64, f64); 4] = [(0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.8, 0.8)];

fn plain() -> Value {
    json!({ "crop": null, "rotation": 0.0, "scale": 1.0, "offset": { "x": 0.0, "y": 0.0 } })
}

#[tokio::test(flavor = "multi_thread")]
async fn c1_a_group_has_a_note_and_a_layout_and_its_images_their_facts() {
    let (server, anna) = TestServer::set_up().await;
    let scene = Scene::set(&anna, "p-1", 1).await;
    let events = server.events();
    let shown = scene.shown(&anna).await;
    assert_eq!(server.events(), events + 1, "seen, and recorded");
    let newest = &anna.activity(&scene.patient).await[0];
    assert_eq!(newest["action"], "comparison.viewed");
    assert_eq!(
        (
            &shown["note"],
            &shown["layout"],
            &shown["version"],
            &shown["images"]
        ),
        (&Value::Null, &json!("auto"), &json!(1), &json!(scene.images))
    );
    let versions = json!({ "title": 1, "note": 1, "mode": 1, "layout": 1, "images": 1 });
    assert_eq!(shown["versions"], versions);
    let first = view(&shown, &scene.images[0]);
    assert_eq!(
        (&first["width"], &first["height"], &first["turns"], &first["view"]),
        (&json!(64), &json!(48), &json!(0), &plain())
    );
    assert_eq!(
        (
            &first["label"],
            &first["landmarks"],
            &first["ruler"],
            &first["annotations"]
        ),
        (&Value::Null, &json!([]), &Value::Null, &json!([]))
    );
    assert_eq!(
        (&first["alignment"], &first["alignmentProblem"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(view(&shown, &scene.images[1])["alignmentProblem"], "incomplete");
    let note = "Before treatment.\nAfter six weeks.";
    let change = json!({ "version": 1, "note": note, "layout": "three", "title": "Forearm" });
    let changed = anna.patch(&scene.group, &change).await.expect(200);
    assert_eq!(
        (&changed["note"], &changed["layout"]),
        (&json!(note), &json!("three"))
    );
    assert_eq!(
        (
            &changed["version"],
            &changed["versions"]["note"],
            &changed["versions"]["mode"]
        ),
        (&json!(2), &json!(2), &json!(1))
    );
    assert_eq!(scene.shown(&anna).await, changed);
    let workspace = anna.get(format!("{}/workspace", scene.visit)).await.expect(200);
    assert_eq!(workspace["comparisons"], json!([changed]));
    let cleared = anna
        .patch(&scene.group, &json!({ "version": 2, "note": null, "title": " " }))
        .await
        .expect(200);
    assert_eq!(
        (&cleared["note"], &cleared["title"]),
        (&Value::Null, &Value::Null)
    );
    server.finish().await;
}

/// P6: only what moved meanwhile is refused, with both values; the rest is saved, and the same request again changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn p6_two_people_change_one_comparison() {
    let (server, anna) = TestServer::set_up().await;
    let scene = Scene::set(&anna, "p-1", 1).await;
    anna.patch(
        &scene.group,
        &json!({ "version": 1, "title": "One", "mode": "grid" }),
    )
    .await
    .expect(200);
    let at = server.now();
    server.clock.advance(60);
    let mine = json!({ "version": 1, "title": "Two", "note": "mine", "mode": "grid" });
    let problem = anna
        .patch(&scene.group, &mine)
        .await
        .problem(409, "stale_version");
    let conflict = json!({
        "field": "title", "yours": "Two", "current": "One", "changedBy": "Anna Weber", "changedAt": at
    });
    assert_eq!(problem["conflicts"], json!([conflict]));
    assert_eq!(problem["saved"], json!(["note"]));
    let current = &problem["current"];
    assert_eq!(
        (&current["title"], &current["note"], &current["version"]),
        (&json!("One"), &json!("mine"), &json!(3))
    );
    let before = server.content();
    let again = anna
        .patch(&scene.group, &mine)
        .await
        .problem(409, "stale_version");
    assert_eq!(again["saved"], json!([]));
    assert_eq!(server.content(), before);
    // A photo's marks have versions of their own on the same count: marking one is no clash with the group's fields.
    let marked = json!({ "version": 1, "turns": 0, "label": "Left" });
    anna.patch(scene.image(1), &marked).await.expect(200);
    let other = json!({ "version": 1, "turns": 0, "label": "Right", "view": { "crop": null, "rotation": 12.5,
        "scale": 2.0, "offset": { "x": -0.5, "y": 0.25 } } });
    let problem = anna
        .patch(scene.image(1), &other)
        .await
        .problem(409, "stale_version");
    assert_eq!(
        (
            &problem["conflicts"][0]["field"],
            &problem["conflicts"][0]["yours"],
            &problem["conflicts"][0]["current"]
        ),
        (&json!("label"), &json!("Right"), &json!("Left"))
    );
    assert_eq!(problem["conflicts"][0]["changedBy"], "Anna Weber");
    assert_eq!(problem["saved"], json!(["view"]));
    let seen = view(&problem["current"], &scene.images[1]);
    assert_eq!((&seen["label"], &seen["view"]), (&json!("Left"), &other["view"]));
    // The same label on another photo is nobody else's.
    anna.patch(
        scene.image(2),
        &json!({ "version": 1, "turns": 0, "label": "Right" }),
    )
    .await
    .expect(200);
    anna.patch(&scene.group, &json!({ "version": 99, "title": "x" }))
        .await
        .refuses("version");
    anna.patch(
        scene.image(1),
        &json!({ "version": 99, "turns": 0, "label": "x" }),
    )
    .await
    .refuses("version");
    server.finish().await;
}

/// C1: marks stay with their photo in another order, and go with it; a photo that comes back has none, and a change that was
/// begun before it went is a clash.
#[tokio::test(flavor = "multi_thread")]
async fn c1_marks_go_where_their_image_goes() {
    let (server, anna) = TestServer::set_up().await;
    let scene = Scene::set(&anna, "p-1", 1).await;
    let marked = scene
        .mark(&anna, 1, json!({ "label": "Week 6" }))
        .await
        .expect(200);
    let order = |places: &[usize]| {
        places
            .iter()
            .map(|place| scene.images[*place].clone())
            .collect::<Vec<_>>()
    };
    let change = json!({ "version": marked["version"], "images": order(&[1, 2, 0]) });
    let moved = anna.patch(&scene.group, &change).await.expect(200);
    assert_eq!(
        (&moved["images"], &moved["views"][0]["label"]),
        (&change["images"], &json!("Week 6"))
    );
    let change = json!({ "version": moved["version"], "images": order(&[2, 0]) });
    let without = anna.patch(&scene.group, &change).await.expect(200);
    scene
        .mark(&anna, 0, json!({ "label": "Week 0" }))
        .await
        .expect(200);
    let body = json!({ "version": 1, "turns": 0, "label": "x" });
    anna.patch(scene.image(1), &body).await.problem(404, "not_found");
    let back = json!({ "version": without["version"], "images": order(&[0, 1]) });
    let back = anna.patch(&scene.group, &back).await.expect(200);
    assert_eq!(
        (&back["views"][0]["label"], &back["views"][1]["label"]),
        (&json!("Week 0"), &Value::Null)
    );
    anna.patch(scene.image(1), &body)
        .await
        .problem(409, "stale_version");
    server.finish().await;
}

/// C3: landmarks give the similarity that lays a photo over the first; two can't be checked, and what doesn't fit is refused
/// by name and changes nothing. What is half marked is kept.
#[tokio::test(flavor = "multi_thread")]
async fn c3_landmarks_align_images_or_say_why_not() {
    let (server, anna) = TestServer::set_up().await;
    let scene = Scene::set(&anna, "p-1", 1).await;
    let halved: Vec<(f64, f64)> = CORNERS.iter().map(|(x, y)| (x / 2.0 + 0.25, y / 2.0)).collect();
    let problem = |shown: &Value, place: usize| view(shown, &scene.images[place])["alignmentProblem"].clone();
    scene
        .mark(&anna, 0, json!({ "landmarks": points(&CORNERS[..3]) }))
        .await
        .expect(200);
    for count in 0..=2 {
        let half = json!({ "landmarks": points(&halved[..count]) });
        let shown = scene.mark(&anna, 1, half).await.expect(200);
        assert_eq!(problem(&shown, 1), "incomplete", "{count}");
    }
    let whole = json!({ "landmarks": points(&halved[..3]) });
    let shown = scene.mark(&anna, 1, whole).await.expect(200);
    let alignment = view(&shown, &scene.images[1])["alignment"].clone();
    let close = |value: &Value, expected: f64| (value.as_f64().expect("a number") - expected).abs() < 1e-6;
    assert!(
        close(&alignment["scale"], 2.0) && close(&alignment["rotation"], 0.0),
        "{alignment}"
    );
    assert!(
        close(&alignment["translation"]["x"], -0.5) && close(&alignment["translation"]["y"], 0.0),
        "{alignment}"
    );
    assert!(
        close(&alignment["residualPixels"], 0.0) && alignment["isChecked"] == true,
        "{alignment}"
    );
    assert_eq!(problem(&shown, 1), Value::Null);
    let before = server.content();
    let line = points(&[(0.1, 0.1), (0.5, 0.5), (0.9, 0.9)]);
    let far = points(&[(0.35, 0.05), (0.75, 0.05), (0.35, 0.95)]);
    let near = points(&[(0.3, 0.1), (0.305, 0.1), (0.3, 0.5)]);
    for (place, landmarks, code) in [
        (1, &line, "in_line"),
        (1, &far, "residual"),
        (1, &near, "too_close"),
        (0, &line, "in_line"),
        (0, &far, "residual"),
        (0, &near, "too_close"),
        (2, &points(&[(0.3, 0.1), (0.305, 0.1)]), "too_close"),
        (1, &points(&[(0.1, 0.1); 5]), "too_many"),
    ] {
        let refused = scene
            .mark(&anna, place, json!({ "landmarks": landmarks, "label": "x" }))
            .await;
        let problem = refused.problem(422, "invalid");
        assert_eq!(
            (&problem["errors"][0]["field"], &problem["errors"][0]["code"]),
            (&json!("landmarks"), &json!(code)),
            "{place} {problem}"
        );
        if (place, code) == (0, "residual") {
            assert!(
                problem["errors"][0]["message"]
                    .as_str()
                    .is_some_and(|it| it.contains("photo 2")),
                "{problem}"
            );
        }
    }
    assert_eq!(server.content(), before, "nothing changed");
    scene
        .mark(&anna, 0, json!({ "landmarks": points(&CORNERS[..2]) }))
        .await
        .expect(200);
    let shown = scene
        .mark(&anna, 1, json!({ "landmarks": points(&halved[..2]) }))
        .await
        .expect(200);
    assert_eq!(view(&shown, &scene.images[1])["alignment"]["isChecked"], false);
    // Two photos that only fit the old first one: the reason stands there, and the order is as wanted.
    let ids = &scene.images;
    let change = json!({ "version": shown["version"], "images": [ids[2], ids[1], ids[0]] });
    let shown = anna.patch(&scene.group, &change).await.expect(200);
    assert_eq!(
        (problem(&shown, 1), problem(&shown, 2)),
        (json!("incomplete"), Value::Null)
    );
    server.finish().await;
}

fn drawings() -> Value {
    json!([
        { "id": "a-1", "kind": "arrow", "colour": "red", "width": 3, "from": { "x": 0.1, "y": 0.2 }, "to": { "x": 0.5, "y": 0.25 } },
        { "id": "c-1", "kind": "circle", "colour": "yellow", "width": 1, "centre": { "x": 0.5, "y": 0.5 }, "radius": 0.125 },
        { "id": "t-1", "kind": "text", "colour": "white", "width": 8, "at": { "x": 0.0, "y": 1.0 }, "text": "Rim, raised" },
        { "id": "f-1", "kind": "freehand", "colour": "blue", "width": 2,
          "points": [{ "x": 0.123456789, "y": 0.5 }, { "x": 0.2, "y": 0.5 }, { "x": 0.3, "y": 0.6 }] },
        { "id": "m-1", "kind": "measure", "colour": "black", "width": 2, "from": { "x": 0.0, "y": 0.0 }, "to": { "x": 0.5, "y": 0.0 } },
    ])
}

fn ruler() -> Value {
    json!({ "from": { "x": 0.0, "y": 0.0 }, "to": { "x": 0.25, "y": 0.0 }, "millimetres": 10.0 })
}

/// C1, C3: everything that can be marked comes back as it was sent; a line is measured by the ruler, and nothing of what was
/// typed or drawn is in the trail.
#[tokio::test(flavor = "multi_thread")]
async fn c1_what_is_marked_comes_back_and_stays_out_of_the_trail() {
    let (server, anna) = TestServer::set_up().await;
    let scene = Scene::set(&anna, "p-1", 1).await;
    let crop = json!({ "x": 0.1, "y": 0.2, "width": 0.5, "height": 0.8 });
    let view_of =
        json!({ "crop": crop, "rotation": -179.5, "scale": 0.05, "offset": { "x": -10.0, "y": 10.0 } });
    let set = json!({
        "label": "Ulcer left", "view": view_of, "landmarks": points(&CORNERS), "ruler": ruler(), "annotations": drawings(),
    });
    let shown = scene.mark(&anna, 0, set.clone()).await.expect(200);
    let seen = view(&shown, &scene.images[0]);
    for (name, value) in set.as_object().expect("fields") {
        assert_eq!(&seen[name], value, "{name}");
        assert_eq!(seen["versions"][name], 2, "{name}");
    }
    assert_eq!(scene.shown(&anna).await, shown);
    let line = &seen["measurements"][0];
    assert_eq!(
        (&line["annotationId"], &line["millimetres"]),
        (&json!("m-1"), &json!(20.0))
    );
    let uncertainty = line["uncertaintyMillimetres"].as_f64().expect("a number");
    assert!(
        (uncertainty - 2.0 * 10.0 / 16.0 * 0.0015 * 64.0 * 2.0_f64.sqrt() * 5.0_f64.sqrt()).abs() < 1e-9,
        "{uncertainty}"
    );
    // Sent again it is no change, whatever the version.
    let before = server.content();
    let mut again = set.clone();
    again["version"] = json!(1);
    again["turns"] = json!(0);
    anna.patch(scene.image(0), &again).await.expect(200);
    assert_eq!(server.content(), before);
    let trail = cutis_tests::database::trail_text(&server.data.database());
    for typed in [
        "Ulcer",
        "Rim, raised",
        "0.123456789",
        "123456789",
        "a-1",
        "yellow",
        "-179",
    ] {
        assert!(!trail.contains(typed), "{typed}");
    }
    assert!(
        trail.contains("\"fields\":[\"label\",\"view\",\"landmarks\",\"ruler\",\"annotations\"]"),
        "fields are named"
    );
    let cleared = json!({ "label": null, "view": null, "landmarks": [], "ruler": null, "annotations": [] });
    let shown = scene.mark(&anna, 0, cleared).await.expect(200);
    let seen = view(&shown, &scene.images[0]);
    assert_eq!(
        (
            &seen["label"],
            &seen["view"],
            &seen["ruler"],
            &seen["annotations"],
            &seen["measurements"]
        ),
        (&Value::Null, &plain(), &Value::Null, &json!([]), &json!([]))
    );
    server.finish().await;
}

/// I3, C1: when a photo is turned, what is marked on it stays on the same skin, whenever it was marked; and so does what
/// somebody sends who still saw it as it was before.
#[tokio::test(flavor = "multi_thread")]
async fn i3_marks_stay_on_the_same_skin_when_an_image_is_turned() {
    let (server, anna) = TestServer::set_up().await;
    let scene = Scene::set(&anna, "p-1", 1).await;
    let crop = json!({ "x": 0.1, "y": 0.2, "width": 0.5, "height": 0.3 });
    let turned_view =
        json!({ "crop": crop, "rotation": 30.0, "scale": 1.0, "offset": { "x": 0.0, "y": 0.0 } });
    scene
        .mark(&anna, 0, json!({ "landmarks": points(&CORNERS) }))
        .await
        .expect(200);
    let set = json!({ "landmarks": points(&CORNERS), "ruler": ruler(), "annotations": drawings(), "view": turned_view });
    let shown = scene.mark(&anna, 1, set.clone()).await.expect(200);
    let before = view(&shown, &scene.images[1]);
    let image = format!("/api/v1/patients/{}/images/{}", scene.patient, scene.images[1]);
    let turn = |version: u64, by: u64| json!({ "version": version, "set": { "turnBy": by } });
    anna.patch(&image, &turn(1, 1)).await.expect(200);
    let shown = scene.shown(&anna).await;
    let after = view(&shown, &scene.images[1]);
    assert_eq!(
        (&after["width"], &after["height"], &after["turns"]),
        (&json!(48), &json!(64), &json!(1))
    );
    let turned = points(&CORNERS.map(|(x, y)| (((1.0 - y) * 1e9_f64).round() / 1e9, x)));
    assert_eq!(after["landmarks"], turned);
    assert_eq!(
        after["view"]["crop"],
        json!({ "x": 0.5, "y": 0.1, "width": 0.3, "height": 0.5 })
    );
    assert_eq!(after["view"]["rotation"], 30.0);
    assert_eq!(after["ruler"]["to"], json!({ "x": 1.0, "y": 0.25 }));
    // An eighth of 64 pixels is a sixth of 48.
    assert_eq!(after["annotations"][1]["radius"], 0.166_666_667);
    assert_eq!(
        after["measurements"],
        json!([{
            "annotationId": "m-1", "millimetres": 20.0,
            "uncertaintyMillimetres": after["measurements"][0]["uncertaintyMillimetres"],
        }])
    );
    let alignment = &after["alignment"];
    assert!(
        (alignment["rotation"].as_f64().expect("a number") + 90.0).abs() < 1e-6,
        "{alignment}"
    );
    assert!(
        alignment["residualPixels"].as_f64().is_some_and(|it| it < 1e-6),
        "{alignment}"
    );
    // What was stored is not touched by that, and its version stays: a change on the version before is no clash.
    assert_eq!(after["versions"], before["versions"]);
    // Somebody who saw the photo before it was turned sends what they saw: it is the same, so nothing changes.
    let mut stale = set.clone();
    stale["version"] = shown["version"].clone();
    stale["turns"] = json!(0);
    let content = server.content();
    anna.patch(scene.image(1), &stale).await.expect(200);
    assert_eq!(server.content(), content);
    stale["ruler"]["millimetres"] = json!(12.0);
    let shown = anna.patch(scene.image(1), &stale).await.expect(200);
    assert_eq!(
        view(&shown, &scene.images[1])["ruler"]["to"],
        json!({ "x": 1.0, "y": 0.25 })
    );
    assert_eq!(view(&shown, &scene.images[1])["landmarks"], turned);
    // Turned back, all is where it was.
    anna.patch(&image, &turn(2, 3)).await.expect(200);
    let back = view(&scene.shown(&anna).await, &scene.images[1]);
    for name in ["landmarks", "view", "annotations"] {
        assert_eq!(back[name], before[name], "{name}");
    }
    server.finish().await;
}

/// Each bad value is refused by name, and nothing changes.
#[tokio::test(flavor = "multi_thread")]
async fn c1_bad_marks_are_refused_by_name() {
    let (server, anna) = TestServer::set_up().await;
    let scene = Scene::set(&anna, "p-1", 1).await;
    let other = Scene::set(&anna, "p-2", 10).await;
    let view_with = |name: &str, value: Value| {
        let mut view = plain();
        view[name] = value;
        json!({ "view": view })
    };
    let crop =
        |x: f64, width: f64| view_with("crop", json!({ "x": x, "y": 0.0, "width": width, "height": 1.0 }));
    let ruler_with = |name: &str, value: Value| {
        let mut ruler = ruler();
        ruler[name] = value;
        json!({ "ruler": ruler })
    };
    let drawn = |place: usize, name: &str, value: Value| {
        let mut drawing = drawings()[place].clone();
        if value == json!("absent") {
            drawing.as_object_mut().expect("an object").remove(name);
        } else {
            drawing[name] = value;
        }
        json!({ "annotations": [drawing] })
    };
    let stroke = |count: usize| points(&vec![(0.5, 0.5); count]);
    let strokes = |count: usize| -> Value {
        let one = |number: usize| json!({ "id": number.to_string(), "kind": "freehand", "colour": "red", "width": 1, "points": stroke(500) });
        json!({ "annotations": (0..count).map(one).collect::<Vec<_>>() })
    };
    let arrows = |count: usize| -> Value {
        let one = |number: usize| {
            let mut arrow = drawings()[0].clone();
            arrow["id"] = number.to_string().into();
            arrow
        };
        json!({ "annotations": (0..count).map(one).collect::<Vec<_>>() })
    };
    let before = server.content();
    for (set, field) in [
        (json!({ "label": "x".repeat(81) }), "label"),
        (json!({ "label": "two\nlines" }), "label"),
        (json!({ "turns": 4 }), "turns"),
        (json!({ "turns": -1 }), "turns"),
        (view_with("rotation", json!(-180.0)), "view.rotation"),
        (view_with("rotation", json!(180.5)), "view.rotation"),
        (view_with("rotation", json!("x")), "view.rotation"),
        (view_with("scale", json!(0.04)), "view.scale"),
        (view_with("scale", json!(41)), "view.scale"),
        (view_with("offset", json!({ "x": 10.1, "y": 0 })), "view.offset.x"),
        (view_with("offset", json!({ "x": 0, "y": -11 })), "view.offset.y"),
        (crop(-0.1, 0.5), "view.crop.x"),
        (crop(0.5, 1.5), "view.crop.width"),
        (crop(0.6, 0.5), "view.crop"),
        (crop(0.0, 0.001), "view.crop"),
        (
            json!({ "view": { "crop": null, "rotation": 0, "scale": 1 } }),
            "view.offset",
        ),
        (json!({ "landmarks": points(&[(0.5, 1.01)]) }), "landmarks[0].y"),
        (
            json!({ "landmarks": points(&[(0.5, 0.5), (1e300, 0.5)]) }),
            "landmarks[1].x",
        ),
        (json!({ "landmarks": null, "ruler": 1 }), "ruler"),
        (ruler_with("millimetres", json!(0.05)), "ruler.millimetres"),
        (ruler_with("millimetres", json!(1_001)), "ruler.millimetres"),
        (ruler_with("to", json!({ "x": 1.1, "y": 0 })), "ruler.to.x"),
        (ruler_with("to", json!({ "x": 0, "y": 0 })), "ruler"),
        (ruler_with("to", json!({ "x": 0.015, "y": 0 })), "ruler"),
        (drawn(0, "id", json!("A b")), "annotations[0].id"),
        (drawn(0, "kind", json!("star")), "annotations[0].kind"),
        (drawn(0, "colour", json!("pink")), "annotations[0].colour"),
        (drawn(0, "width", json!(0)), "annotations[0].width"),
        (drawn(0, "width", json!(9)), "annotations[0].width"),
        (drawn(0, "to", json!("absent")), "annotations[0].to"),
        (drawn(0, "radius", json!(0.1)), "annotations[0].radius"),
        (
            drawn(0, "to", json!({ "x": 0.5, "y": 1.5 })),
            "annotations[0].to.y",
        ),
        (drawn(1, "radius", json!(0)), "annotations[0].radius"),
        (drawn(1, "radius", json!(1.1)), "annotations[0].radius"),
        (drawn(1, "centre", json!("absent")), "annotations[0].centre"),
        (drawn(2, "text", json!("x".repeat(201))), "annotations[0].text"),
        (drawn(2, "text", json!("two\nlines")), "annotations[0].text"),
        (drawn(2, "text", json!("")), "annotations[0].text"),
        (drawn(3, "points", stroke(1)), "annotations[0].points"),
        (drawn(3, "points", stroke(501)), "annotations[0].points"),
        (
            drawn(3, "points", points(&[(0.5, 0.5), (-0.1, 0.5)])),
            "annotations[0].points[1].x",
        ),
        (drawn(4, "from", json!("absent")), "annotations[0].from"),
        (arrows(101), "annotations"),
        (strokes(9), "annotations"),
        (
            json!({ "annotations": [drawings()[0], drawings()[0]] }),
            "annotations",
        ),
        (json!({ "pixels": 1 }), "pixels"),
    ] {
        scene.mark(&anna, 0, set).await.refuses(field);
    }
    for (body, field) in [
        (json!({ "turns": 0, "label": "x" }), "version"),
        (json!({ "version": 1, "label": "x" }), "turns"),
    ] {
        anna.patch(scene.image(0), &body).await.refuses(field);
    }
    for (set, field) in [
        (json!({ "note": "x".repeat(4_001) }), "note"),
        (json!({ "layout": "five" }), "layout"),
        (json!({ "mode": "flicker" }), "mode"),
        (json!({ "title": "two\nlines" }), "title"),
        (json!({ "images": [scene.images[0]] }), "images"),
        (json!({ "position": -1 }), "position"),
    ] {
        let mut body = set;
        body["version"] = json!(1);
        anna.patch(&scene.group, &body).await.refuses(field);
    }
    let form = json!({ "mode": "grid", "layout": "five", "images": scene.images });
    anna.post(format!("{}/comparisons", scene.visit), &form)
        .await
        .refuses("layout");
    let label = json!({ "version": 1, "turns": 0, "label": "x" });
    for path in [
        // A photo of another patient, and this patient's photo in another patient's comparison.
        format!("{}/images/{}", scene.group, other.images[0]),
        other.image(0).replace(&other.patient, &scene.patient),
        format!("{}/images/{}", other.group, scene.images[0]),
    ] {
        anna.patch(&path, &label).await.problem(404, "not_found");
    }
    let looked = other.group.replace(&other.patient, &scene.patient);
    anna.get(&looked).await.problem(404, "not_found");
    assert_eq!(server.content(), before, "nothing changed");
    // The bounds themselves are taken.
    scene.mark(&anna, 0, arrows(100)).await.expect(200);
    scene.mark(&anna, 0, strokes(8)).await.expect(200);
    scene
        .mark(&anna, 0, json!({ "label": "é".repeat(80) }))
        .await
        .expect(200);
    anna.patch(
        &scene.group,
        &json!({ "version": 1, "note": "x\n".repeat(1_999) }),
    )
    .await
    .expect(200);
    server.finish().await;
}
