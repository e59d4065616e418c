//! The vectors that this crate shares with its twin in the browser.

use crate::{Fit, Landmarks, Measurement, NoFit, Point, Ruler, fit, measure};
use serde_json::Value;

fn vectors() -> Value {
    let text = include_str!("../../vectors/similarity.json");
    serde_json::from_str(text).expect("JSON")
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("a number, not {value}"))
}

fn point(value: &Value) -> Point {
    Point::new(number(&value[0]), number(&value[1]))
}

fn points(value: &Value) -> Vec<Point> {
    value.as_array().expect("a list").iter().map(point).collect()
}

/// Equal to nine digits, as the file promises.
fn same(name: &str, found: f64, expected: &Value) {
    let expected = number(expected);
    let most = 1e-9 * expected.abs().max(1.0);
    assert!(
        (found - expected).abs() <= most,
        "{name}: {found}, not {expected}"
    );
}

fn fitted(case: &Value) -> Result<Fit, NoFit> {
    let of = |side: &Value| (number(&side["width"]), points(&side["points"]));
    let (reference, image) = (of(&case["reference"]), of(&case["image"]));
    let landmarks = |width, points| Landmarks { width, points };
    fit(
        &landmarks(reference.0, &reference.1),
        &landmarks(image.0, &image.1),
    )
}

/// C3: what is fitted, and what is refused why.
#[test]
fn similarities_are_those_of_the_vectors() {
    let vectors = vectors();
    let cases = vectors["similarity"].as_array().expect("cases");
    assert!(cases.len() >= 20, "{}", cases.len());
    for case in cases {
        let name = case["name"].as_str().expect("a name");
        let expected = &case["expect"];
        match fitted(case) {
            Ok(fit) => {
                assert!(case.get("refusal").is_none(), "{name}: {fit:?}");
                let found = fit.similarity;
                same(name, found.scale, &expected["scale"]);
                same(name, found.rotation, &expected["rotation"]);
                same(name, found.translation.x, &expected["translation"][0]);
                same(name, found.translation.y, &expected["translation"][1]);
                same(name, fit.residual_pixels, &expected["residualPixels"]);
                same(name, fit.residual_share, &expected["residualShare"]);
                assert_eq!(fit.is_checked, expected["isChecked"], "{name}");
            }
            Err(error) => {
                assert_eq!(case["refusal"], error.code(), "{name}");
                if let NoFit::Residual { pixels, share, worst } = error {
                    same(name, pixels, &expected["residualPixels"]);
                    same(name, share, &expected["residualShare"]);
                    assert_eq!(expected["worst"], worst, "{name}");
                }
            }
        }
    }
}

fn measured(case: &Value) -> Result<Measurement, crate::NoMeasure> {
    let ruler = &case["ruler"];
    let ruler = Ruler {
        from: point(&ruler["from"]),
        to: point(&ruler["to"]),
        millimetres: number(&ruler["millimetres"]),
    };
    measure(
        number(&case["width"]),
        &ruler,
        point(&case["from"]),
        point(&case["to"]),
    )
}

#[test]
fn lengths_are_those_of_the_vectors() {
    let vectors = vectors();
    let cases = vectors["measurement"].as_array().expect("cases");
    assert!(cases.len() >= 6, "{}", cases.len());
    for case in cases {
        let name = case["name"].as_str().expect("a name");
        match measured(case) {
            Ok(length) => {
                assert!(case.get("refusal").is_none(), "{name}: {length:?}");
                same(name, length.millimetres, &case["expect"]["millimetres"]);
                same(
                    name,
                    length.uncertainty,
                    &case["expect"]["uncertaintyMillimetres"],
                );
            }
            Err(error) => assert_eq!(case["refusal"], error.code(), "{name}"),
        }
    }
}
