//! What people say about an image (I3): caption, body site and side, view, modality, rating; and how it is turned.

use super::site::Site;
use crate::text::Text;
use crate::{Invalid, Sensitive};

/// A closed set of values with stable codes, and what each is in DICOM.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident, $rule:literal, $what:ident: $dicom:ty,
     { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $value:expr;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// What it is in DICOM.
            pub const fn $what(self) -> $dicom {
                match self { $(Self::$variant => $value),+ }
            }

            /// Parses a code.
            ///
            /// # Errors
            /// When no value has it.
            pub fn parse(code: &str) -> Result<Self, Invalid> {
                match code {
                    $($code => Ok(Self::$variant),)+
                    _ => Err(Invalid::new("choice", $rule)),
                }
            }
        }
    };
}

coded! {
    /// On which side of the body, as a qualifier of the site (DICOM CID 244).
    Laterality, "Choose one of: left, right, bilateral.", snomed: &'static str, {
        /// Left.
        Left = "left", "7771000";
        /// Right.
        Right = "right", "24028007";
        /// Both sides.
        Bilateral = "bilateral", "51440002";
    }
}

coded! {
    /// From where an image was taken, or how much it shows. In DICOM the direction is a SNOMED CT code of the View Code
    /// Sequence; the two that name none have no code.
    View, "Choose one of: overview, close_up, anterior, posterior, left_lateral, right_lateral, left_oblique, \
           right_oblique, superior, inferior.", snomed: Option<&'static str>, {
        /// The region as a whole.
        Overview = "overview", None;
        /// A lesion from near by.
        CloseUp = "close_up", None;
        /// From the front.
        Anterior = "anterior", Some("255549009");
        /// From behind.
        Posterior = "posterior", Some("255551008");
        /// From the patient's left.
        LeftLateral = "left_lateral", Some("399173006");
        /// From the patient's right.
        RightLateral = "right_lateral", Some("399198007");
        /// Between front and left.
        LeftOblique = "left_oblique", Some("399184004");
        /// Between front and right.
        RightOblique = "right_oblique", Some("399236003");
        /// From above.
        Superior = "superior", Some("264217000");
        /// From below.
        Inferior = "inferior", Some("261089000");
    }
}

/// The visible-light class of DICOM (PS3.3, PS3.4) as which an image would be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DicomClass {
    /// Its modality (0008,0060).
    pub modality: &'static str,
    /// Its SOP class.
    pub uid: &'static str,
}

const fn class(modality: &'static str, uid: &'static str) -> DicomClass {
    DicomClass { modality, uid }
}

coded! {
    /// With what an image was taken.
    Modality, "Choose one of: clinical, dermoscopic, ultraviolet, cross_polarized, confocal, microscopic, endoscopic, \
               ophthalmic.", dicom: DicomClass, {
        /// A camera.
        Clinical = "clinical", class("XC", "1.2.840.10008.5.1.4.1.1.77.1.4");
        /// A dermatoscope: the class for dermoscopy.
        Dermoscopic = "dermoscopic", class("DMS", "1.2.840.10008.5.1.4.1.1.77.1.7");
        /// A camera under ultraviolet light.
        Ultraviolet = "ultraviolet", class("XC", "1.2.840.10008.5.1.4.1.1.77.1.4");
        /// A camera with crossed polarizers.
        CrossPolarized = "cross_polarized", class("XC", "1.2.840.10008.5.1.4.1.1.77.1.4");
        /// A confocal microscope: Confocal Microscopy Image.
        Confocal = "confocal", class("CFM", "1.2.840.10008.5.1.4.1.1.77.1.8");
        /// A microscope: VL Microscopic Image.
        Microscopic = "microscopic", class("GM", "1.2.840.10008.5.1.4.1.1.77.1.2");
        /// An endoscope: VL Endoscopic Image.
        Endoscopic = "endoscopic", class("ES", "1.2.840.10008.5.1.4.1.1.77.1.1");
        /// An eye camera: Ophthalmic Photography 8 Bit Image.
        Ophthalmic = "ophthalmic", class("OP", "1.2.840.10008.5.1.4.1.1.77.1.5.1");
    }
}

/// Stars, 0 to 5; 0 is an image that nobody has rated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Rating(u8);

impl Rating {
    /// Parses a number of stars.
    ///
    /// # Errors
    /// When it is not 0 to 5.
    pub fn parse(stars: i64) -> Result<Self, Invalid> {
        u8::try_from(stars)
            .ok()
            .filter(|stars| *stars <= 5)
            .map(Self)
            .ok_or_else(|| Invalid::new("rating", "Choose 0 to 5 stars."))
    }

    /// The number of stars.
    pub const fn stars(self) -> u8 {
        self.0
    }
}

/// Quarter turns, clockwise, from how the camera held it upright: 0 to 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Turns(u8);

impl Turns {
    /// Parses a number of quarter turns.
    ///
    /// # Errors
    /// When it is not 0 to 3.
    pub fn parse(quarters: i64) -> Result<Self, Invalid> {
        u8::try_from(quarters)
            .ok()
            .filter(|quarters| *quarters <= 3)
            .map(Self)
            .ok_or_else(|| Invalid::new("turns", "Choose 0 to 3 quarter turns."))
    }

    /// Both, one after the other.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self((self.0.wrapping_add(other.0)) % 4)
    }

    /// What leads from another number of turns to this one.
    #[must_use]
    pub const fn since(self, other: Self) -> Self {
        Self((self.0.wrapping_add(4).wrapping_sub(other.0)) % 4)
    }

    /// Whether width and height become each other.
    pub const fn swaps_sides(self) -> bool {
        self.0 % 2 == 1
    }

    /// The number of quarter turns.
    pub const fn quarters(self) -> u8 {
        self.0
    }
}

/// A body site with its side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    site: Site,
    laterality: Option<Laterality>,
}

impl Place {
    /// A site, and a side if it has one.
    ///
    /// # Errors
    /// When there is a side and the site has none.
    pub fn new(site: Site, laterality: Option<Laterality>) -> Result<Self, Invalid> {
        if laterality.is_some() && !site.is_sided() {
            return Err(Invalid::new(
                "laterality",
                "Leave out the side; this body site has no left and right.",
            ));
        }
        Ok(Self { site, laterality })
    }

    /// The site.
    pub const fn site(self) -> Site {
        self.site
    }

    /// The side, if it is known.
    pub const fn laterality(self) -> Option<Laterality> {
        self.laterality
    }
}

/// What people say about an image; nothing by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// A caption.
    pub caption: Option<Sensitive<Text<1, 500>>>,
    /// What of the body it shows.
    pub place: Option<Place>,
    /// From where.
    pub view: Option<View>,
    /// With what it was taken.
    pub modality: Option<Modality>,
    /// How good it is.
    pub rating: Rating,
}

/// The fields of an image that people change, as a closed list: versions, the trail's details and refusals name a field
/// by this type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The caption.
    Caption,
    /// When it was captured.
    CapturedAt,
    /// The body site with its side.
    Site,
    /// From where it was taken.
    View,
    /// With what it was taken.
    Modality,
    /// The stars.
    Rating,
    /// How it is turned.
    Turns,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 7] = [
        Self::Caption,
        Self::CapturedAt,
        Self::Site,
        Self::View,
        Self::Modality,
        Self::Rating,
        Self::Turns,
    ];

    /// Its stable code, in the trail and in stored versions.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Caption => "caption",
            Self::CapturedAt => "captured_at",
            Self::Site => "site",
            Self::View => "view",
            Self::Modality => "modality",
            Self::Rating => "rating",
            Self::Turns => "turns",
        }
    }

    /// Parses a code.
    ///
    /// # Errors
    /// When no field has it.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|field| field.code() == code)
            .ok_or_else(|| Invalid::new("field", "Use the name of a field of a photo."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_parse_back() {
        for field in Field::ALL {
            assert_eq!(Field::parse(field.code()), Ok(field));
        }
        for view in View::ALL {
            assert_eq!(View::parse(view.code()), Ok(*view));
        }
        for modality in Modality::ALL {
            assert_eq!(Modality::parse(modality.code()), Ok(*modality));
            assert!(modality.dicom().uid.starts_with("1.2.840.10008.5.1.4.1.1.77.1."));
        }
        for side in Laterality::ALL {
            assert_eq!(Laterality::parse(side.code()), Ok(*side));
            assert!(!side.snomed().is_empty());
        }
        assert!(View::parse("sideways").is_err() && Modality::parse("").is_err());
        assert!(Laterality::parse("Left").is_err() && Field::parse("position").is_err());
    }

    #[test]
    fn stars_and_turns_have_bounds() {
        assert_eq!(Rating::parse(5).map(Rating::stars), Ok(5));
        assert!(Rating::parse(6).is_err() && Rating::parse(-1).is_err());
        assert!(Turns::parse(4).is_err() && Turns::parse(-1).is_err());
    }

    /// I3: turning is a group of four; whatever is turned can be turned back.
    #[test]
    fn turns_add_up() {
        let turns: Vec<Turns> = (0..4).filter_map(|n| Turns::parse(n).ok()).collect();
        assert_eq!(turns.len(), 4);
        for one in &turns {
            for other in &turns {
                assert_eq!(
                    one.and(*other).quarters(),
                    (one.quarters() + other.quarters()) % 4
                );
                assert_eq!(one.and(other.since(*one)), *other);
            }
        }
    }

    /// A side is refused where there is none.
    #[test]
    fn only_what_has_sides_has_a_side() {
        let site = |code| Site::parse(code).expect("a site");
        assert!(Place::new(site("36141000"), Some(Laterality::Left)).is_ok());
        assert!(Place::new(site("315003"), Some(Laterality::Left)).is_err());
        assert!(Place::new(site("315003"), None).is_ok());
    }
}
