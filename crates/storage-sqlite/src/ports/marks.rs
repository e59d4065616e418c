//! What is marked on an image of a comparison, as JSON in columns of its row. Numbers are whole, in the units of the domain;
//! what is nothing is no value, which leaves no trace in a row's digest.

use std::collections::BTreeMap;

use cutis_domain::comparison::marks::{
    self, Annotation, Colour, Crop, LineWidth, MarkId, Offset, Place, Rotation, Ruler, Scale, Shape, View,
};
use cutis_domain::comparison::number::Fixed;
use cutis_domain::{FieldVersions, Invalid, Read, Text};
use serde_json::{Map, Value, json};

/// Stands for all fields without a version of their own.
const ALL_OTHERS: &str = "*";

pub(super) fn view_json(view: &View) -> Option<String> {
    let crop = view.crop.map(|crop| {
        let corner = crop.corner();
        json!([
            corner.x.units(),
            corner.y.units(),
            crop.width().units(),
            crop.height().units()
        ])
    });
    let value = json!({
        "crop": crop,
        "rotation": view.rotation.units(),
        "scale": view.scale.units(),
        "offset": [view.right.units(), view.down.units()],
    });
    (*view != View::default()).then(|| value.to_string())
}

pub(super) fn view(json: &str) -> Read<View> {
    let value = parsed(json)?;
    let crop = Some(of(&value, "crop")).filter(|crop| !crop.is_null());
    let crop = crop.map(|crop| Crop::new(place(crop)?, fixed(nth(crop, 2))?, fixed(nth(crop, 3))?));
    Ok(View {
        crop: crop.transpose()?,
        rotation: Rotation::of_units(number(of(&value, "rotation"))?)?,
        scale: Scale::of_units(number(of(&value, "scale"))?)?,
        right: Offset::of_units(number(nth(of(&value, "offset"), 0))?)?,
        down: Offset::of_units(number(nth(of(&value, "offset"), 1))?)?,
    })
}

pub(super) fn landmarks_json(landmarks: &[Place]) -> Option<String> {
    (!landmarks.is_empty()).then(|| places_json(landmarks).to_string())
}

pub(super) fn landmarks(json: &str) -> Read<Vec<Place>> {
    marks::landmarks(places(&parsed(json)?)?)
}

pub(super) fn ruler_json(ruler: Option<Ruler>) -> Option<String> {
    ruler.map(|ruler| {
        let (from, to) = (place_json(ruler.from), place_json(ruler.to));
        json!({ "from": from, "to": to, "length": ruler.millimetres.units() }).to_string()
    })
}

pub(super) fn ruler(json: &str) -> Read<Ruler> {
    let value = parsed(json)?;
    Ruler::new(
        place(of(&value, "from"))?,
        place(of(&value, "to"))?,
        fixed(of(&value, "length"))?,
    )
}

pub(super) fn annotations_json(annotations: &[Annotation]) -> Option<String> {
    let all: Value = annotations.iter().map(annotation_json).collect();
    (!annotations.is_empty()).then(|| all.to_string())
}

pub(super) fn annotations(json: &str) -> Read<Vec<Annotation>> {
    marks::annotations(
        list(&parsed(json)?)?
            .iter()
            .map(annotation)
            .collect::<Read<_>>()?,
    )
}

fn annotation_json(annotation: &Annotation) -> Value {
    let mut value = match &annotation.shape {
        Shape::Arrow { from, to } | Shape::Measure { from, to } => {
            json!({ "from": place_json(*from), "to": place_json(*to) })
        }
        Shape::Circle { centre, radius } => {
            json!({ "centre": place_json(*centre), "radius": radius.units() })
        }
        Shape::Text { at, text } => json!({ "at": place_json(*at), "text": text.as_str() }),
        Shape::Freehand { points } => json!({ "points": places_json(points) }),
    };
    if let Value::Object(members) = &mut value {
        members.insert("id".to_owned(), annotation.id.as_str().into());
        members.insert("kind".to_owned(), annotation.shape.kind().into());
        members.insert("colour".to_owned(), annotation.colour.code().into());
        members.insert("width".to_owned(), annotation.width.get().into());
    }
    value
}

fn annotation(value: &Value) -> Read<Annotation> {
    let shape = match text(of(value, "kind"))? {
        "arrow" => Shape::Arrow {
            from: place(of(value, "from"))?,
            to: place(of(value, "to"))?,
        },
        // Its size was judged when it was drawn, in pixels, which this row doesn't have.
        "circle" => Shape::Circle {
            centre: place(of(value, "centre"))?,
            radius: fixed(of(value, "radius"))?,
        },
        "text" => Shape::Text {
            at: place(of(value, "at"))?,
            text: Text::stored(text(of(value, "text"))?)?,
        },
        "freehand" => Shape::freehand(places(of(value, "points"))?)?,
        "measure" => Shape::Measure {
            from: place(of(value, "from"))?,
            to: place(of(value, "to"))?,
        },
        _ => return Err(refused()),
    };
    Ok(Annotation {
        id: MarkId::parse(text(of(value, "id"))?)?,
        colour: Colour::parse(text(of(value, "colour"))?)?,
        width: LineWidth::parse(number(of(value, "width"))?)?,
        shape,
    })
}

/// The versions of the fields; nothing while all have the version that counting begins with.
pub(super) fn versions_json<F: Ord + Copy>(
    versions: &FieldVersions<F>,
    first: u64,
    code: impl Fn(F) -> &'static str,
) -> Option<String> {
    let fields = versions.fields();
    let mut object: Map<String, Value> = fields
        .iter()
        .map(|(field, version)| (code(*field).to_owned(), Value::from(*version)))
        .collect();
    object.insert(ALL_OTHERS.to_owned(), versions.floor().into());
    let is_first = fields.is_empty() && versions.floor() == first;
    (!is_first).then(|| Value::Object(object).to_string())
}

pub(super) fn versions<F: Ord + Copy>(json: &str, parse: impl Fn(&str) -> Read<F>) -> Read<FieldVersions<F>> {
    let mut object: Map<String, Value> = serde_json::from_str(json).map_err(|_| refused())?;
    let floor = object
        .remove(ALL_OTHERS)
        .and_then(|floor| floor.as_u64())
        .ok_or_else(refused)?;
    let fields = object
        .iter()
        .map(|(field, version)| Ok((parse(field)?, version.as_u64().ok_or_else(refused)?)))
        .collect::<Read<BTreeMap<_, _>>>()?;
    Ok(FieldVersions::stored(floor, fields))
}

fn place_json(place: Place) -> Value {
    json!([place.x.units(), place.y.units()])
}

fn places_json(places: &[Place]) -> Value {
    places.iter().copied().map(place_json).collect()
}

fn place(value: &Value) -> Read<Place> {
    Ok(Place {
        x: fixed(nth(value, 0))?,
        y: fixed(nth(value, 1))?,
    })
}

fn places(value: &Value) -> Read<Vec<Place>> {
    list(value)?.iter().map(place).collect()
}

static NOTHING: Value = Value::Null;

/// The member of this name, or nothing.
fn of<'v>(value: &'v Value, name: &str) -> &'v Value {
    value.get(name).unwrap_or(&NOTHING)
}

/// The item of this place, or nothing.
fn nth(value: &Value, place: usize) -> &Value {
    value.get(place).unwrap_or(&NOTHING)
}

fn fixed<const MIN: i64, const MAX: i64, const PER_ONE: i64>(
    value: &Value,
) -> Read<Fixed<MIN, MAX, PER_ONE>> {
    Fixed::of_units(number(value)?)
}

fn number(value: &Value) -> Read<i64> {
    value.as_i64().ok_or_else(refused)
}

fn text(value: &Value) -> Read<&str> {
    value.as_str().ok_or_else(refused)
}

fn list(value: &Value) -> Read<&Vec<Value>> {
    value.as_array().ok_or_else(refused)
}

fn parsed(json: &str) -> Read<Value> {
    serde_json::from_str(json).map_err(|_| refused())
}

fn refused() -> Invalid {
    Invalid::new("json", "this column holds JSON of a form of its own")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// C1: what was changed by hand isn't shown as if a person had drawn it: everything is judged again when it is read.
    #[test]
    fn what_does_not_fit_is_refused_when_it_is_read() {
        assert!(landmarks("[[0,0],[1000000000,5]]").is_ok());
        for json in [
            "",
            "{}",
            "[[0]]",
            "[[0,1000000001]]",
            "[[0.5,0]]",
            "[[0,0],[0,0],[0,0],[0,0],[0,0]]",
        ] {
            assert!(landmarks(json).is_err(), "{json}");
        }
        let whole = r#"{"crop":null,"rotation":0,"scale":1000000,"offset":[0,0]}"#;
        assert_eq!(view(whole), Ok(View::default()));
        for (from, to) in [
            ("null", "[0,0,1,1]"),
            ("null", "[0,0]"),
            ("\"rotation\":0", "\"rotation\":-180000000"),
            ("1000000", "0"),
            ("[0,0]", "[0]"),
        ] {
            assert!(view(&whole.replace(from, to)).is_err(), "{to}");
        }
        let whole = r#"{"from":[0,0],"to":[9,0],"length":1000}"#;
        assert!(ruler(whole).is_ok());
        for (from, to) in [("1000", "1"), ("[9,0]", "[0,0]"), ("to", "two")] {
            assert!(ruler(&whole.replace(from, to)).is_err(), "{to}");
        }
        let whole = r#"[{"id":"a","kind":"circle","colour":"red","width":1,"centre":[0,0],"radius":5}]"#;
        assert!(annotations(whole).is_ok());
        for (from, to) in [
            ("\"a\"", "\"A\""),
            ("circle", "star"),
            ("circle", "arrow"),
            ("red", "pink"),
            (":1", ":9"),
            ("[0,0]", "[0,-1]"),
            (":5", ":0"),
        ] {
            assert!(annotations(&whole.replace(from, to)).is_err(), "{to}");
        }
        assert!(annotations(&format!("[{0},{0}]", whole.trim_matches(['[', ']']))).is_err());
        for json in ["{}", r#"{"*":"x"}"#, r#"{"*":1,"colour":2}"#] {
            assert!(
                versions(json, cutis_domain::comparison::PartField::parse).is_err(),
                "{json}"
            );
        }
    }
}
