//! Bounds, and what a quarter turn does.

use super::*;
use crate::comparison::number::Radius;

fn place(x: f64, y: f64) -> Place {
    Place {
        x: Share::parse(x).expect("a share"),
        y: Share::parse(y).expect("a share"),
    }
}

fn share(number: f64) -> Share {
    Share::parse(number).expect("a share")
}

fn annotation(id: &str, shape: Shape) -> Annotation {
    Annotation {
        id: MarkId::parse(id).expect("an id"),
        colour: Colour::Red,
        width: LineWidth::parse(2).expect("a width"),
        shape,
    }
}

fn marks() -> Marks {
    let radius = Radius::parse(0.25).expect("a radius");
    Marks {
        view: View {
            crop: Some(Crop::new(place(0.1, 0.2), share(0.3), share(0.4)).expect("a part")),
            rotation: Rotation::parse(30.0).expect("an angle"),
            ..View::default()
        },
        landmarks: Sensitive::new(vec![place(0.25, 0.75), place(1.0, 0.0)]),
        ruler: Sensitive::new(Ruler::new(place(0.0, 0.0), place(0.5, 0.0), Millimetres::known(20_000)).ok()),
        annotations: Sensitive::new(vec![
            annotation(
                "a",
                Shape::Arrow {
                    from: place(0.0, 0.0),
                    to: place(0.2, 0.6),
                },
            ),
            annotation(
                "b",
                Shape::Circle {
                    centre: place(0.5, 0.25),
                    radius,
                },
            ),
            annotation(
                "c",
                Shape::freehand(vec![place(0.1, 0.1), place(0.9, 0.1)]).expect("a line"),
            ),
        ]),
    }
}

fn turns(quarters: i64) -> Turns {
    Turns::parse(quarters).expect("turns")
}

/// C1, I3: after a quarter turn clockwise what was at the left of the bottom is at the left of the top, and so on.
#[test]
fn marks_turn_with_their_image() {
    let turned = marks().turned(turns(1), 4_000, 3_000);
    assert_eq!(*turned.landmarks.reveal(), [place(0.25, 0.25), place(1.0, 1.0)]);
    let crop = turned.view.crop.expect("a part");
    assert_eq!(
        (crop.corner(), crop.width(), crop.height()),
        (place(0.4, 0.1), share(0.4), share(0.3))
    );
    // How it lies in its frame stays.
    assert_eq!(turned.view.rotation, marks().view.rotation);
    let ruler = turned.ruler.reveal().expect("a ruler");
    assert_eq!((ruler.from, ruler.to), (place(1.0, 0.0), place(1.0, 0.5)));
    let Shape::Circle { centre, radius } = &turned.annotations.reveal()[1].shape else {
        panic!("a circle");
    };
    // 1,000 pixels, now of 3,000.
    assert_eq!((*centre, radius.units()), (place(0.75, 0.5), 333_333_333));
}

/// Four quarter turns, however they are taken, are none; and turning by two is turning by one twice.
#[test]
fn a_whole_turn_changes_nothing_but_the_last_digit_of_a_radius() {
    let same = |one: &Marks, other: &Marks| {
        assert_eq!(
            (one.view, &one.landmarks, &one.ruler),
            (other.view, &other.landmarks, &other.ruler)
        );
        for (one, other) in one.annotations.reveal().iter().zip(other.annotations.reveal()) {
            match (&one.shape, &other.shape) {
                (Shape::Circle { radius: one, .. }, Shape::Circle { radius: other, .. }) => {
                    assert!((one.units() - other.units()).abs() <= 1, "{one:?} {other:?}");
                }
                _ => assert_eq!(one, other),
            }
        }
    };
    let once = marks().turned(turns(1), 4_000, 3_000);
    same(&once.clone().turned(turns(3), 3_000, 4_000), &marks());
    same(
        &once.turned(turns(1), 3_000, 4_000),
        &marks().turned(turns(2), 4_000, 3_000),
    );
}

#[test]
fn parts_lie_within_the_image() {
    let crop =
        |x, y, width, height| Crop::new(place(x, y), share(width), share(height)).map_err(|it| it.code());
    assert!(crop(0.0, 0.0, 1.0, 1.0).is_ok());
    // Rounded up twice, one billionth beyond.
    assert!(crop(0.333_333_333_5, 0.0, 0.666_666_666_5, 1.0).is_ok());
    assert_eq!(crop(0.5, 0.0, 0.6, 1.0).map(|_| ()), Err("outside"));
    assert_eq!(crop(0.0, 0.0, 0.009, 1.0).map(|_| ()), Err("too_small"));
}

#[test]
fn numbers_of_a_view_have_bounds() {
    for (degrees, fits) in [
        (-180.0, false),
        (-179.999_999_9, true),
        (180.0, true),
        (180.1, false),
        (f64::NAN, false),
    ] {
        let angle = Rotation::parse(degrees);
        assert_eq!(angle.is_ok(), fits, "{degrees}");
        if let Ok(angle) = angle {
            assert_eq!(Rotation::parse(angle.degrees()), Ok(angle), "{degrees}");
        }
    }
    assert!(Scale::parse(0.05).is_ok() && Scale::parse(40.0).is_ok());
    assert!(Scale::parse(0.049).is_err() && Scale::parse(40.1).is_err());
    assert!(Offset::parse(-10.0).is_ok() && Offset::parse(10.000_001).is_err());
    assert!(
        Millimetres::parse(0.1).is_ok()
            && Millimetres::parse(0.09).is_err()
            && Millimetres::parse(1_001.0).is_err()
    );
}

/// C1: bounds of drawings, and of what they are made of.
#[test]
fn drawings_have_bounds() {
    let code = |drawn: Vec<Annotation>| annotations(drawn).map(|it| it.len()).map_err(|it| it.code());
    let arrow = |id: &str| {
        annotation(
            id,
            Shape::Arrow {
                from: place(0.0, 0.0),
                to: place(1.0, 1.0),
            },
        )
    };
    let many = |count: usize| {
        (0..count)
            .map(|number| arrow(&number.to_string()))
            .collect::<Vec<_>>()
    };
    assert_eq!(code(many(100)), Ok(100));
    assert_eq!(code(many(101)), Err("too_many"));
    assert_eq!(code(vec![arrow("a"), arrow("a")]), Err("repeated"));
    let stroke = |id: &str, points: usize| {
        annotation(
            id,
            Shape::freehand(vec![place(0.5, 0.5); points]).expect("a line"),
        )
    };
    let strokes = |count: usize| {
        (0..count)
            .map(|number| stroke(&number.to_string(), 500))
            .collect::<Vec<_>>()
    };
    assert_eq!(code(strokes(8)), Ok(8));
    assert_eq!(code(strokes(9)), Err("too_many_points"));
    assert!(Shape::freehand(vec![place(0.5, 0.5)]).is_err());
    assert!(Shape::freehand(vec![place(0.5, 0.5); 501]).is_err());
    let circle = |radius, width, height| {
        let (centre, radius) = (place(0.5, 0.5), Radius::parse(radius).expect("a radius"));
        Shape::Circle { centre, radius }.check_size(width, height)
    };
    assert!(circle(1.0, 4, 3).is_ok() && circle(1.1, 4, 3).is_err());
    assert!(circle(1.3, 3, 4).is_ok() && circle(1.4, 3, 4).is_err());
    for id in ["", "A", "a b", "é", &"a".repeat(41)] {
        assert!(MarkId::parse(id).is_err(), "{id}");
    }
    for colour in Colour::ALL {
        assert_eq!(Colour::parse(colour.code()), Ok(*colour));
    }
    assert!(Colour::parse("pink").is_err() && LineWidth::parse(0).is_err() && LineWidth::parse(9).is_err());
    assert!(landmarks(vec![place(0.1, 0.1); 5]).is_err());
}
