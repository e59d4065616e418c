//! What holds for any landmarks: transforms are found again, noise stays small, and nothing that cannot be fitted is.

use crate::{
    Landmarks, MOST_RESIDUAL_SHARE, NEAREST_SHARE, NoFit, PLACEMENT_SHARE, Point, Ruler, SCALES, Side,
    Similarity, check_apart, fit, measure,
};
use proptest::prelude::*;

const WIDTH: f64 = 4_000.0;

fn landmarks(width: f64, points: &[Point]) -> Landmarks<'_> {
    Landmarks { width, points }
}

/// Two to four places whose every triangle is fat enough, in an image of this width.
fn places(width: f64) -> impl Strategy<Value = Vec<Point>> {
    let corners = [(0.1, 0.1), (0.9, 0.15), (0.2, 0.7), (0.8, 0.65)];
    let near = move |(x, y): (f64, f64)| {
        (-0.05..0.05, -0.05..0.05)
            .prop_map(move |(dx, dy): (f64, f64)| Point::new((x + dx) * width, (y + dy) * width))
    };
    (2..=4_usize).prop_flat_map(move |count| corners.into_iter().take(count).map(near).collect::<Vec<_>>())
}

fn similarity() -> impl Strategy<Value = Similarity> {
    (-2.9..3.6_f64, -179.9..180.0_f64, -9e3..9e3_f64, -9e3..9e3_f64).prop_map(|(size, rotation, x, y)| {
        Similarity {
            scale: size.exp(),
            rotation,
            translation: Point::new(x, y),
        }
    })
}

fn near(found: f64, expected: f64, most: f64) -> bool {
    (found - expected).abs() <= most * expected.abs().max(1.0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// C3: whatever an image was turned, scaled and moved by is found to 1e-9, and every place in it, not only a landmark,
    /// comes to lie where it should.
    #[test]
    fn any_similarity_is_found_again(points in places(WIDTH), true_one in similarity(), x in 0.0..WIDTH, y in 0.0..WIDTH) {
        let moved: Vec<Point> = points.iter().map(|point| true_one.map(*point)).collect();
        let found = fit(&landmarks(WIDTH, &moved), &landmarks(WIDTH, &points)).map_err(|it| TestCaseError::fail(it.to_string()))?;
        let similarity = found.similarity;
        prop_assert!(near(similarity.scale, true_one.scale, 1e-9));
        let turned = (similarity.rotation - true_one.rotation).rem_euclid(360.0);
        prop_assert!(turned.min(360.0 - turned) < 1e-9, "{turned}");
        let (here, there) = (similarity.map(Point::new(x, y)), true_one.map(Point::new(x, y)));
        let most = 1e-9 * WIDTH * true_one.scale.max(1.0);
        prop_assert!((here.x - there.x).abs() < most && (here.y - there.y).abs() < most, "{here:?} {there:?}");
        prop_assert!(found.residual_share < 1e-9);
        prop_assert_eq!(found.is_checked, points.len() > 2);
        prop_assert!(similarity.rotation > -180.0 && similarity.rotation <= 180.0);
    }

    /// Noise of so many pixels on the reference leaves a residual of at most as many, and nothing better is near by: the fit is
    /// that of least squares.
    #[test]
    fn noise_is_spread_as_well_as_possible(
        points in places(WIDTH),
        true_one in (-0.4..0.4_f64, -170.0..170.0_f64).prop_map(|(size, rotation)| Similarity {
            scale: size.exp(), rotation, translation: Point::new(300.0, -200.0),
        }),
        noise in prop::collection::vec((-10.0..10.0_f64, -10.0..10.0_f64), 4),
        (size, turn, x, y) in (-1e-3..1e-3_f64, -0.1..0.1_f64, -5.0..5.0_f64, -5.0..5.0_f64),
    ) {
        let moved: Vec<Point> = points.iter().zip(&noise).map(|(point, (dx, dy))| {
            let there = true_one.map(*point);
            Point::new(there.x + dx, there.y + dy)
        }).collect();
        let found = fit(&landmarks(WIDTH, &moved), &landmarks(WIDTH, &points)).map_err(|it| TestCaseError::fail(it.to_string()))?;
        let missed = |by: &Similarity| -> f64 {
            let squares = points.iter().zip(&moved).map(|(from, to)| {
                let there = by.map(*from);
                (there.x - to.x).powi(2) + (there.y - to.y).powi(2)
            });
            squares.sum()
        };
        let best = missed(&found.similarity);
        prop_assert!(best <= missed(&true_one) + 1e-6);
        let beside = Similarity {
            scale: found.similarity.scale * (1.0 + size),
            rotation: found.similarity.rotation + turn,
            translation: Point::new(found.similarity.translation.x + x, found.similarity.translation.y + y),
        };
        prop_assert!(best <= missed(&beside) + 1e-6);
        let count = f64::from(u32::try_from(points.len()).unwrap_or(1));
        prop_assert!(near(found.residual_pixels, (best / count).sqrt(), 1e-6));
        prop_assert!(found.residual_share <= 10.0 * 2.0_f64.sqrt() / WIDTH);
    }

    /// Points along a line are refused however the line lies, from either side; two are not.
    #[test]
    fn a_line_is_refused(angle in 0.0..360.0_f64, along in prop::collection::vec(0.05..0.3_f64, 2..4), wobble in -1e-3..1e-3_f64) {
        let (sin, cos) = angle.to_radians().sin_cos();
        let mut at = 0.0;
        let mut line = vec![Point::new(0.0, 0.0)];
        for step in &along {
            at += step * WIDTH;
            line.push(Point::new(cos * at - sin * wobble * WIDTH, sin * at + cos * wobble * WIDTH));
        }
        let fat: Vec<Point> = [(0.0, 0.0), (0.9, 0.0), (0.0, 0.9), (0.9, 0.9)]
            .into_iter().take(line.len()).map(|(x, y)| Point::new(x * WIDTH, y * WIDTH)).collect();
        let refused = |reference: &[Point], image: &[Point]| fit(&landmarks(WIDTH, reference), &landmarks(WIDTH, image));
        prop_assert_eq!(refused(&line, &fat), Err(NoFit::InLine { side: Side::Reference }));
        prop_assert_eq!(refused(&fat, &line), Err(NoFit::InLine { side: Side::Image }));
        let two = refused(&line[..2], &fat[..2]);
        prop_assert!(two.is_ok_and(|fit| !fit.is_checked));
    }

    /// Whatever numbers come in, a fit that comes out is finite, within its bounds, and never a surprise.
    #[test]
    fn any_numbers_give_a_fit_within_its_bounds_or_a_reason(
        width in any::<f64>(), other in any::<f64>(),
        one in prop::collection::vec((any::<f64>(), any::<f64>()), 0..6),
        two in prop::collection::vec((any::<f64>(), any::<f64>()), 0..6),
    ) {
        let points = |list: &[(f64, f64)]| list.iter().map(|(x, y)| Point::new(*x, *y)).collect::<Vec<_>>();
        let (one, two) = (points(&one), points(&two));
        if let Ok(fit) = fit(&landmarks(width, &one), &landmarks(other, &two)) {
            let numbers = [fit.similarity.scale, fit.similarity.rotation, fit.similarity.translation.x,
                fit.similarity.translation.y, fit.residual_pixels, fit.residual_share];
            prop_assert!(numbers.iter().all(|number| number.is_finite()), "{fit:?}");
            prop_assert!(fit.residual_share <= MOST_RESIDUAL_SHARE && fit.similarity.scale > 0.0);
        }
    }

    /// Sizes near the ends of what a number holds are no reason: all is judged in widths.
    #[test]
    fn huge_and_tiny_images_are_fitted_alike(power in -250..250_i32, points in places(1.0)) {
        let unit = 10.0_f64.powi(power);
        let scaled: Vec<Point> = points.iter().map(|point| Point::new(point.x * unit, point.y * unit)).collect();
        let fit = fit(&landmarks(unit, &scaled), &landmarks(1.0, &points)).map_err(|it| TestCaseError::fail(it.to_string()))?;
        prop_assert!((fit.similarity.scale / unit - 1.0).abs() < 1e-9);
    }

    /// A length is that of the ratio, and its uncertainty that of moving every end by its placement error.
    #[test]
    fn a_length_and_its_uncertainty_follow_from_the_ends(
        (x, y) in (0.0..WIDTH, 0.0..WIDTH), (to_x, to_y) in (0.0..WIDTH, 0.0..WIDTH), ruler in 200.0..3_000.0_f64, millimetres in 0.1..1_000.0_f64,
    ) {
        let (from, to) = (Point::new(x, y), Point::new(to_x, to_y));
        let ruler = Ruler { from: Point::new(0.0, 0.0), to: Point::new(ruler, 0.0), millimetres };
        let found = measure(WIDTH, &ruler, from, to).map_err(|it| TestCaseError::fail(it.to_string()))?;
        let pixels = (to_x - x).hypot(to_y - y);
        prop_assert!(near(found.millimetres, millimetres * pixels / ruler.to.x, 1e-9));
        let error = PLACEMENT_SHARE * WIDTH * 2.0_f64.sqrt();
        let of_line = millimetres / ruler.to.x * error;
        let of_ruler = millimetres * pixels / ruler.to.x.powi(2) * error;
        prop_assert!(near(found.uncertainty, 2.0 * of_line.hypot(of_ruler), 1e-9));
    }
}

#[test]
fn what_cannot_be_fitted_is_named() {
    let fat = [(0.0, 0.0), (1_000.0, 0.0), (0.0, 1_000.0), (1_000.0, 900.0)].map(|(x, y)| Point::new(x, y));
    let of =
        |reference: &[Point], image: &[Point]| fit(&landmarks(WIDTH, reference), &landmarks(WIDTH, image));
    assert_eq!(of(&fat[..1], &fat[..1]), Err(NoFit::TooFew));
    assert_eq!(of(&[], &[]), Err(NoFit::TooFew));
    assert_eq!(
        of(&fat[..3], &fat[..2]),
        Err(NoFit::Counts {
            reference: 3,
            image: 2
        })
    );
    assert_eq!(of(&[fat[0]; 5], &[fat[0]; 5]), Err(NoFit::TooMany));
    let nearly = [fat[0], Point::new(NEAREST_SHARE * WIDTH * 0.99, 0.0)];
    let close = |side| NoFit::TooClose {
        side,
        first: 0,
        second: 1,
    };
    assert_eq!(of(&nearly, &fat[..2]), Err(close(Side::Reference)));
    assert_eq!(of(&fat[..2], &nearly), Err(close(Side::Image)));
    assert_eq!(
        check_apart(Side::Image, &landmarks(WIDTH, &nearly)),
        Err(close(Side::Image))
    );
    let at = |x, y| Point::new(x, y);
    assert_eq!(of(&[at(f64::NAN, 0.0), fat[1]], &fat[..2]), Err(NoFit::NotFinite));
    assert_eq!(
        fit(&landmarks(0.0, &fat), &landmarks(WIDTH, &fat)),
        Err(NoFit::NotFinite)
    );
    let wide = [at(0.0, 0.0), at(SCALES.end() * 1_001.0, 0.0)];
    assert!(matches!(of(&wide, &fat[..2]), Err(NoFit::Scale { share }) if share > 40.0));
    // One pair 1,000 pixels off: the message says how far, and which.
    let mut wrong = fat;
    wrong[2].y += 1_000.0;
    let refused = of(&wrong, &fat).expect_err("a residual");
    assert!(
        matches!(refused, NoFit::Residual { worst: 2, share, .. } if share > 0.02),
        "{refused:?}"
    );
    assert!(refused.to_string().contains("landmark 3"), "{refused}");
    // A mirrored image is no similarity.
    let mirrored = fat.map(|point| Point::new(-point.x, point.y));
    assert!(matches!(of(&mirrored, &fat), Err(NoFit::Residual { .. })));
}
