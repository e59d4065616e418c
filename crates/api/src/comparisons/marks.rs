//! What is marked on an image of a comparison, on the wire: the same in answers and requests.

use cutis_domain::comparison::marks as domain;
use cutis_domain::comparison::marks::{
    Colour, LineWidth, MarkId, Millimetres, Offset, Rotation, Scale, Shape,
};
use cutis_domain::comparison::number::Fixed;
use cutis_domain::{Faults, Invalid, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is refused of a change, by the names of the wire.
pub(super) type Refused = Faults<String>;

/// A place in an upright photo, kept to nine decimals.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ComparedPoint {
    /// To the right, as a share of the width: 0 to 1.
    x: f64,
    /// Down, as a share of the height: 0 to 1.
    y: f64,
}

/// The part of a photo that is shown, as shares of its width and height; at least 0.01 wide and high.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ComparedCrop {
    /// Its left edge.
    x: f64,
    /// Its upper edge.
    y: f64,
    width: f64,
    height: f64,
}

/// How far a photo is moved.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ComparedOffset {
    /// To the right, as a share of the frame's width: -10 to 10.
    x: f64,
    /// Down, as a share of the frame's height: -10 to 10.
    y: f64,
}

/// How a photo is laid into its frame: cut, turned around the middle, scaled, and moved. Its pixels are not changed.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ComparedView {
    /// The part that is shown; `null` for all of it.
    #[schema(required)]
    crop: Option<ComparedCrop>,
    /// Clockwise, in degrees: above -180 and up to 180.
    rotation: f64,
    /// 0.05 to 40.
    scale: f64,
    offset: ComparedOffset,
}

/// A line in a photo whose length is known.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ComparedRuler {
    from: ComparedPoint,
    to: ComparedPoint,
    /// 0.1 to 1,000.
    millimetres: f64,
}

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "lowercase")]
        pub(super) enum $name { $($variant),+ }
    };
}

codes! {
    /// What a drawing is: an arrow or a line to be measured (`from`, `to`), a circle (`centre`, `radius`), a text (`at`,
    /// `text`), or a line drawn by hand (`points`).
    AnnotationKind { Arrow, Circle, Text, Freehand, Measure }
}

codes! {
    /// The colour of a drawing.
    AnnotationColour { Red, Yellow, Green, Blue, White, Black }
}

/// A drawing on a photo. Which of its places it has is decided by its kind.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Annotation {
    /// Chosen by the program that draws: 1 to 40 lower-case letters, digits and hyphens, each once on a photo.
    id: String,
    kind: AnnotationKind,
    colour: AnnotationColour,
    /// How wide its lines are: 1 to 8.
    width: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<ComparedPoint>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<ComparedPoint>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    centre: Option<ComparedPoint>,
    /// As a share of the photo's width; no longer than its longer side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    radius: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<ComparedPoint>,
    /// One line of at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// 2 to 500; all drawings of a photo have at most 4,000 points together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    points: Option<Vec<ComparedPoint>>,
}

impl From<domain::Place> for ComparedPoint {
    fn from(place: domain::Place) -> Self {
        Self {
            x: place.x.get(),
            y: place.y.get(),
        }
    }
}

impl From<domain::View> for ComparedView {
    fn from(view: domain::View) -> Self {
        Self {
            crop: view.crop.map(|crop| ComparedCrop {
                x: crop.corner().x.get(),
                y: crop.corner().y.get(),
                width: crop.width().get(),
                height: crop.height().get(),
            }),
            rotation: view.rotation.degrees(),
            scale: view.scale.get(),
            offset: ComparedOffset {
                x: view.right.get(),
                y: view.down.get(),
            },
        }
    }
}

impl From<domain::Ruler> for ComparedRuler {
    fn from(ruler: domain::Ruler) -> Self {
        Self {
            from: ruler.from.into(),
            to: ruler.to.into(),
            millimetres: ruler.millimetres.get(),
        }
    }
}

macro_rules! same_variants {
    ($from:expr, $one:ident => $other:ident { $($variant:ident),+ }) => {
        match $from { $($one::$variant => $other::$variant),+ }
    };
}

impl From<&domain::Annotation> for Annotation {
    fn from(stored: &domain::Annotation) -> Self {
        let mut shown = Self {
            id: stored.id.as_str().to_owned(),
            kind: AnnotationKind::Arrow,
            colour: same_variants!(stored.colour, Colour => AnnotationColour { Red, Yellow, Green, Blue, White, Black }),
            width: stored.width.get().into(),
            from: None,
            to: None,
            centre: None,
            radius: None,
            at: None,
            text: None,
            points: None,
        };
        match &stored.shape {
            Shape::Arrow { from, to } => {
                (shown.from, shown.to) = (Some((*from).into()), Some((*to).into()));
            }
            Shape::Measure { from, to } => {
                shown.kind = AnnotationKind::Measure;
                (shown.from, shown.to) = (Some((*from).into()), Some((*to).into()));
            }
            Shape::Circle { centre, radius } => {
                shown.kind = AnnotationKind::Circle;
                (shown.centre, shown.radius) = (Some((*centre).into()), Some(radius.get()));
            }
            Shape::Text { at, text } => {
                shown.kind = AnnotationKind::Text;
                (shown.at, shown.text) = (Some((*at).into()), Some(text.as_str().to_owned()));
            }
            Shape::Freehand { points } => {
                shown.kind = AnnotationKind::Freehand;
                shown.points = Some(points.iter().copied().map(ComparedPoint::from).collect());
            }
        }
        shown
    }
}

/// A number through its bounds.
fn fixed<const MIN: i64, const MAX: i64, const PER_ONE: i64>(
    faults: &mut Refused,
    field: String,
    number: f64,
) -> Option<Fixed<MIN, MAX, PER_ONE>> {
    faults.take(field, Fixed::parse(number))
}

impl ComparedPoint {
    pub(super) fn parsed(self, faults: &mut Refused, field: &str) -> Option<domain::Place> {
        let (x, y) = (
            fixed(faults, format!("{field}.x"), self.x),
            fixed(faults, format!("{field}.y"), self.y),
        );
        Some(domain::Place { x: x?, y: y? })
    }
}

impl ComparedCrop {
    fn parsed(self, faults: &mut Refused) -> Option<domain::Crop> {
        let corner = ComparedPoint { x: self.x, y: self.y }.parsed(faults, "view.crop");
        let width = fixed(faults, "view.crop.width".to_owned(), self.width);
        let height = fixed(faults, "view.crop.height".to_owned(), self.height);
        faults.take(
            "view.crop".to_owned(),
            domain::Crop::new(corner?, width?, height?),
        )
    }
}

impl ComparedView {
    pub(super) fn parsed(self, faults: &mut Refused) -> Option<domain::View> {
        let crop = self.crop.map(|crop| crop.parsed(faults));
        let rotation = faults.take("view.rotation".to_owned(), Rotation::parse(self.rotation));
        let scale: Option<Scale> = fixed(faults, "view.scale".to_owned(), self.scale);
        let right: Option<Offset> = fixed(faults, "view.offset.x".to_owned(), self.offset.x);
        let down: Option<Offset> = fixed(faults, "view.offset.y".to_owned(), self.offset.y);
        Some(domain::View {
            crop: match crop {
                None => None,
                Some(crop) => Some(crop?),
            },
            rotation: rotation?,
            scale: scale?,
            right: right?,
            down: down?,
        })
    }
}

impl ComparedRuler {
    pub(super) fn parsed(self, faults: &mut Refused) -> Option<domain::Ruler> {
        let from = self.from.parsed(faults, "ruler.from");
        let to = self.to.parsed(faults, "ruler.to");
        let length: Option<Millimetres> = fixed(faults, "ruler.millimetres".to_owned(), self.millimetres);
        faults.take("ruler".to_owned(), domain::Ruler::new(from?, to?, length?))
    }
}

impl Annotation {
    /// The drawing that this says; `field` is where it stands in the request.
    pub(super) fn parsed(self, faults: &mut Refused, field: &str) -> Option<domain::Annotation> {
        let name = |part: &str| format!("{field}.{part}");
        let id = faults.take(name("id"), MarkId::parse(&self.id));
        let width = faults.take(name("width"), LineWidth::parse(self.width));
        let colour = same_variants!(self.colour, AnnotationColour => Colour { Red, Yellow, Green, Blue, White, Black });
        let wanted: &[&str] = match self.kind {
            AnnotationKind::Arrow | AnnotationKind::Measure => &["from", "to"],
            AnnotationKind::Circle => &["centre", "radius"],
            AnnotationKind::Text => &["at", "text"],
            AnnotationKind::Freehand => &["points"],
        };
        let sent = [
            ("from", self.from.is_some()),
            ("to", self.to.is_some()),
            ("centre", self.centre.is_some()),
            ("radius", self.radius.is_some()),
            ("at", self.at.is_some()),
            ("text", self.text.is_some()),
            ("points", self.points.is_some()),
        ];
        for (part, is_sent) in sent {
            match (wanted.contains(&part), is_sent) {
                (true, false) => {
                    let message = "Enter a value; a drawing of this kind needs it.";
                    faults.refuse(name(part), Invalid::new("required", message));
                }
                (false, true) => {
                    let message = "Leave this out; a drawing of this kind doesn't have it.";
                    faults.refuse(name(part), Invalid::new("unexpected", message));
                }
                (true, true) | (false, false) => {}
            }
        }
        let point = |faults: &mut Refused, part: &str, point: Option<ComparedPoint>| {
            point?.parsed(faults, &name(part))
        };
        let shape = match self.kind {
            AnnotationKind::Arrow | AnnotationKind::Measure => {
                let (from, to) = (point(faults, "from", self.from), point(faults, "to", self.to));
                let (from, to) = (from?, to?);
                if self.kind == AnnotationKind::Measure {
                    Shape::Measure { from, to }
                } else {
                    Shape::Arrow { from, to }
                }
            }
            AnnotationKind::Circle => {
                let centre = point(faults, "centre", self.centre);
                let radius = self
                    .radius
                    .and_then(|radius| fixed(faults, name("radius"), radius));
                Shape::Circle {
                    centre: centre?,
                    radius: radius?,
                }
            }
            AnnotationKind::Text => {
                let at = point(faults, "at", self.at);
                let text = self
                    .text
                    .and_then(|text| faults.take(name("text"), Text::parse(&text)));
                Shape::Text { at: at?, text: text? }
            }
            AnnotationKind::Freehand => {
                let points = places(faults, &name("points"), self.points.as_deref()?);
                faults.take(name("points"), Shape::freehand(points?))?
            }
        };
        Some(domain::Annotation {
            id: id?,
            colour,
            width: width?,
            shape,
        })
    }
}

/// Places of a list; none if one is refused.
pub(super) fn places(
    faults: &mut Refused,
    field: &str,
    sent: &[ComparedPoint],
) -> Option<Vec<domain::Place>> {
    let parsed = sent.iter().enumerate();
    let parsed: Vec<_> = parsed
        .map(|(index, point)| point.parsed(faults, &format!("{field}[{index}]")))
        .collect();
    parsed.into_iter().collect()
}
