//! Body sites of images (I3): a closed table of SNOMED CT codes for regions of the skin, with the meanings that DICOM
//! gives them in CID 4029, "Dermatology Anatomic Site" (PS3.16), or, where it has none, CID 4031. The side is a
//! qualifier of its own, as there.

use crate::Invalid;

/// A body site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site(u16);

struct Row {
    code: &'static str,
    meaning: &'static str,
    sided: bool,
}

const fn sided(code: &'static str, meaning: &'static str) -> Row {
    Row {
        code,
        meaning,
        sided: true,
    }
}

/// In the middle of the body, or all of it: a side would say nothing.
const fn whole(code: &'static str, meaning: &'static str) -> Row {
    Row {
        code,
        meaning,
        sided: false,
    }
}

const ROWS: &[Row] = &[
    whole("39937001", "Skin"),
    sided("70762009", "Skin of head"),
    sided("43067004", "Skin of scalp"),
    whole("61719002", "Skin of vertex of scalp"),
    sided("699900002", "Skin of frontal region of scalp"),
    sided("21672008", "Skin of parietal region"),
    sided("79951008", "Skin of occipital region"),
    sided("16621002", "Skin of temporal region"),
    sided("68698007", "Skin of forehead"),
    sided("73897004", "Skin of face"),
    sided("367577003", "Skin of eyebrow"),
    sided("362916000", "Skin of eye region"),
    sided("41310005", "Skin of upper eyelid"),
    sided("40069000", "Skin of lower eyelid"),
    sided("27887005", "Skin of medial canthus"),
    sided("37671003", "Skin of lateral canthus"),
    sided("113179006", "Skin of nose"),
    whole("79283007", "Skin of tip of nose"),
    sided("68598004", "Skin of ala nasi"),
    sided("314395006", "Skin of side of nose"),
    sided("36141000", "Skin of cheek"),
    sided("37108007", "Skin of nasolabial fold"),
    sided("86719006", "Skin of preauricular region"),
    sided("24483006", "Skin of postauricular region"),
    sided("1902009", "Skin of ear"),
    sided("79313003", "Skin of helix of ear"),
    sided("2059009", "Skin of ear lobule"),
    sided("86409001", "Skin of external auditory canal"),
    sided("88089004", "Skin of lip"),
    sided("16251004", "Skin of upper lip"),
    sided("66934001", "Skin of lower lip"),
    whole("84365009", "Skin of philtrum"),
    sided("110488009", "Skin of perioral region of face"),
    sided("23747009", "Skin of chin"),
    sided("244097004", "Skin of jawline"),
    whole("34926004", "Skin of submental area"),
    sided("113277000", "Oral mucosa"),
    sided("8001006", "Mucosa of tongue"),
    sided("43081002", "Skin of neck"),
    sided("11584001", "Skin of anterior portion of neck"),
    sided("5272005", "Skin of lateral portion of neck"),
    sided("4658004", "Skin of nuchal region"),
    sided("76072005", "Skin of supraclavicular region of neck"),
    sided("181491009", "Skin of anterior trunk"),
    sided("244106003", "Skin of anterior surface of thorax"),
    whole("244107007", "Sternal skin"),
    sided("66288003", "Skin of infraclavicular region"),
    sided("82038008", "Skin of breast"),
    sided("72005009", "Skin of areola"),
    sided("54468004", "Skin of nipple"),
    sided("76261009", "Skin of axilla"),
    sided("75093004", "Skin of abdomen"),
    sided("699935000", "Skin of upper abdomen"),
    whole("30598005", "Skin of epigastric area"),
    sided("699914002", "Skin of lower abdomen"),
    whole("315003", "Skin of umbilicus"),
    whole("367578008", "Skin of hypogastric region"),
    sided("58602004", "Flank"),
    sided("39687006", "Skin of inguinal region"),
    sided("66643007", "Skin of back"),
    sided("699893008", "Skin of back of upper thoracic region"),
    sided("244111001", "Skin of posterior surface of thorax"),
    sided("113182001", "Skin of lower back"),
    sided("22180002", "Skin of buttock"),
    sided("63029009", "Skin of gluteal fold"),
    whole("60944009", "Skin of external genitalia"),
    whole("35900000", "Skin of penis"),
    whole("7991003", "Skin of glans penis"),
    sided("81992007", "Skin of scrotum"),
    sided("73058008", "Skin of labium"),
    sided("128252004", "Skin of labium majus"),
    sided("128253009", "Skin of labium minus"),
    whole("48014002", "Skin of perineum"),
    whole("59112000", "Skin of anus"),
    sided("371311000", "Skin of upper extremity"),
    sided("76552005", "Skin of shoulder"),
    sided("45981001", "Skin of anterior surface of upper arm"),
    sided("72939005", "Skin of posterior surface of upper arm"),
    sided("17957002", "Skin of antecubital fossa"),
    sided("181536004", "Skin of posterior surface of elbow"),
    sided("70559009", "Skin of anterior surface of forearm"),
    sided("41550009", "Skin of posterior surface of forearm"),
    sided("24527008", "Skin of palmar area of wrist"),
    sided("52876008", "Skin of dorsal area of wrist"),
    sided("33712006", "Skin of hand"),
    sided("70887009", "Skin of palm of hand"),
    sided("26795005", "Skin of thenar region of palm"),
    sided("89784008", "Skin of hypothenar region of palm"),
    sided("281642007", "Skin of part of dorsal surface of hand"),
    sided("244169007", "Skin of digit of hand"),
    sided("770809003", "Nail unit of finger"),
    sided("770810008", "Nail unit of thumb"),
    sided("770815003", "Nail unit of index finger"),
    sided("770816002", "Nail unit of middle finger"),
    sided("770817006", "Nail unit of ring finger"),
    sided("770818001", "Nail unit of little finger"),
    sided("371304004", "Skin of lower extremity"),
    sided("61248009", "Skin of anterior surface of thigh"),
    sided("73958006", "Skin of medial surface of thigh"),
    sided("4578000", "Skin of posterior surface of thigh"),
    sided("181553006", "Skin of anterior surface of knee"),
    sided("84507004", "Skin of popliteal fossa"),
    sided("25763004", "Skin of anterior surface of lower leg"),
    sided("47224004", "Skin of posterior surface of lower leg"),
    sided("181564009", "Skin of lateral aspect of ankle"),
    sided("181563003", "Skin of medial aspect of ankle"),
    sided("60496002", "Skin of foot"),
    sided("2402003", "Dorsum of foot"),
    sided("57999000", "Sole of foot"),
    sided("84607009", "Skin of heel"),
    sided("35739000", "Skin of lateral border of sole of foot"),
    sided("52953006", "Skin of medial border of sole of foot"),
    sided("52034004", "Skin of toe"),
    sided("770805009", "Nail unit of toe"),
    sided("770822006", "Nail unit of great toe"),
    sided("770823001", "Nail unit of second toe"),
    sided("770825008", "Nail unit of third toe"),
    sided("770821004", "Nail unit of fourth toe"),
    sided("770820003", "Nail unit of fifth toe"),
];

impl Site {
    /// Every site, from head to toe.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..).take(ROWS.len()).map(Self)
    }

    /// Parses a SNOMED CT code.
    ///
    /// # Errors
    /// When no site of the table has it.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        Self::all()
            .find(|site| site.code() == code)
            .ok_or_else(|| Invalid::new("site", "Choose one of the body sites that this program knows."))
    }

    fn row(self) -> &'static Row {
        const NONE: &Row = &whole("", "");
        ROWS.get(usize::from(self.0)).unwrap_or(NONE)
    }

    /// Its SNOMED CT code.
    pub fn code(self) -> &'static str {
        self.row().code
    }

    /// Its code meaning in DICOM.
    pub fn meaning(self) -> &'static str {
        self.row().meaning
    }

    /// Whether it has a left and a right.
    pub fn is_sided(self) -> bool {
        self.row().sided
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Permutation and multiplication of Verhoeff's check digit, which ends every SNOMED CT identifier.
    fn is_snomed(code: &str) -> bool {
        const FIRST: [usize; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
        let times = |a: usize, b: usize| match (a < 5, b < 5) {
            (true, true) => (a + b) % 5,
            (true, false) => 5 + (a + b - 5) % 5,
            (false, true) => 5 + (a - b) % 5,
            (false, false) => (a + 5 - b) % 5,
        };
        let sum = code.bytes().rev().enumerate().fold(0, |sum, (place, digit)| {
            let digit = (0..place % 8).fold(usize::from(digit - b'0'), |digit, _| FIRST[digit]);
            times(sum, digit)
        });
        sum == 0
    }

    /// I3: every code is an identifier of SNOMED CT, and stands here once.
    #[test]
    fn every_code_is_one_of_snomed_ct() {
        let codes: BTreeSet<&str> = Site::all().map(Site::code).collect();
        assert_eq!(codes.len(), Site::all().count());
        for site in Site::all() {
            assert!(is_snomed(site.code()), "{}", site.code());
            assert_eq!(Site::parse(site.code()), Ok(site));
            assert!(!site.meaning().is_empty());
        }
        assert!(!is_snomed("39937002") && !is_snomed("93397001"));
        for other in ["", "0", "39937001 ", "T-02100"] {
            assert!(Site::parse(other).is_err(), "{other}");
        }
    }
}
