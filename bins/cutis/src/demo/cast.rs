//! Ten people who do not exist.

use cutis_media::synthetic::{SkinType, Subject};

/// A synthetic patient.
#[derive(Debug)]
pub(super) struct Role {
    pub(super) unique_id: &'static str,
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    pub(super) birth_date: &'static str,
    pub(super) sex: &'static str,
    pub(super) skin: SkinType,
    pub(super) allergies: Option<&'static str>,
    pub(super) consents: bool,
    pub(super) visits: &'static [Visit],
}

/// A visit and the images captured at it.
#[derive(Debug)]
pub(super) struct Visit {
    /// Days before the start of the demo; negative if in the future.
    pub(super) days_ago: i64,
    pub(super) title: &'static str,
    pub(super) notes: &'static str,
    pub(super) images: &'static [Subject],
}

const fn visit(days_ago: i64, title: &'static str, notes: &'static str, images: &'static [Subject]) -> Visit {
    Visit {
        days_ago,
        title,
        notes,
        images,
    }
}

/// The type as the patient's record spells it.
pub(super) const fn fitzpatrick(skin: SkinType) -> &'static str {
    match skin {
        SkinType::I => "I",
        SkinType::II => "II",
        SkinType::III => "III",
        SkinType::IV => "IV",
        SkinType::V => "V",
        SkinType::VI => "VI",
    }
}

pub(super) const CAST: &[Role] = &[
    Role {
        unique_id: "hollis-0412",
        first_name: "Marin",
        last_name: "Hollis",
        birth_date: "1979-04-12",
        sex: "female",
        skin: SkinType::II,
        allergies: None,
        consents: true,
        visits: &[
            visit(
                184,
                "Mole check, baseline",
                "Full skin examination. Photos of the back for comparison.",
                &[Subject::SeveralNevi, Subject::Nevus],
            ),
            visit(
                3,
                "Mole check, six months",
                "One lesion on the left shoulder blade looks wider. Close-up taken.",
                &[Subject::SeveralNevi, Subject::Nevus],
            ),
            visit(-87, "Mole check, nine months", "", &[]),
        ],
    },
    Role {
        unique_id: "okafor-1988",
        first_name: "Chidi",
        last_name: "Okafor",
        birth_date: "1988-09-30",
        sex: "male",
        skin: SkinType::VI,
        allergies: None,
        consents: true,
        visits: &[
            visit(
                96,
                "Vitiligo, first visit",
                "Patches on both forearms for about a year.",
                &[Subject::Vitiligo],
            ),
            visit(
                12,
                "Vitiligo, phototherapy week 12",
                "First repigmentation around the follicles.",
                &[Subject::Vitiligo],
            ),
        ],
    },
    Role {
        unique_id: "lindqvist-77",
        first_name: "Elsa",
        last_name: "Lindqvist",
        birth_date: "1948-01-22",
        sex: "female",
        skin: SkinType::I,
        allergies: Some("Iodine; adhesive plasters"),
        consents: true,
        visits: &[
            visit(
                62,
                "Leg ulcer, first visit",
                "Venous ulcer above the inner ankle. Compression begun.",
                &[Subject::Wound(0)],
            ),
            visit(41, "Leg ulcer, week 3", "Granulating.", &[Subject::Wound(1)]),
            visit(
                20,
                "Leg ulcer, week 6",
                "Smaller by a third.",
                &[Subject::Wound(2)],
            ),
            visit(
                1,
                "Leg ulcer, week 9",
                "Closed. Stockings from now on.",
                &[Subject::Wound(3)],
            ),
        ],
    },
    Role {
        unique_id: "ramos-2003",
        first_name: "Inés",
        last_name: "Ramos",
        birth_date: "2003-06-08",
        sex: "female",
        skin: SkinType::III,
        allergies: None,
        consents: true,
        visits: &[
            visit(
                75,
                "Acne, before treatment",
                "Papules and pustules on both cheeks.",
                &[Subject::Acne],
            ),
            visit(
                5,
                "Acne, week 10",
                "Fewer lesions; tolerates the cream well.",
                &[Subject::Acne],
            ),
        ],
    },
    Role {
        unique_id: "petrov-5",
        first_name: "Anton",
        last_name: "Petrov",
        birth_date: "1966-11-02",
        sex: "male",
        skin: SkinType::II,
        allergies: Some("Penicillin"),
        consents: true,
        visits: &[visit(
            30,
            "Psoriasis",
            "Plaques on the elbow. PASI taken.",
            &[Subject::Psoriasis, Subject::Forearm],
        )],
    },
    Role {
        unique_id: "iwasaki-11",
        first_name: "Haru",
        last_name: "Iwasaki",
        birth_date: "1957-03-17",
        sex: "male",
        skin: SkinType::III,
        allergies: None,
        consents: true,
        visits: &[
            visit(
                8,
                "Changing mole",
                "Irregular border, three colours. Excision booked.",
                &[Subject::IrregularPigment],
            ),
            visit(-6, "Excision", "", &[]),
        ],
    },
    Role {
        unique_id: "moreau-l",
        first_name: "Lucie",
        last_name: "Moreau",
        birth_date: "1971-08-25",
        sex: "female",
        skin: SkinType::II,
        allergies: None,
        consents: true,
        visits: &[
            visit(
                120,
                "Rosacea, before laser",
                "Fine vessels on both cheeks.",
                &[Subject::Rosacea],
            ),
            visit(
                33,
                "Rosacea, after two sessions",
                "Clearly paler.",
                &[Subject::Rosacea],
            ),
        ],
    },
    Role {
        unique_id: "adeyemi-t",
        first_name: "Tola",
        last_name: "Adeyemi",
        birth_date: "1995-12-14",
        sex: "female",
        skin: SkinType::V,
        allergies: None,
        consents: true,
        visits: &[visit(
            15,
            "Eczema, clear",
            "Nothing to see today; photos for comparison.",
            &[Subject::Forearm, Subject::Back],
        )],
    },
    Role {
        unique_id: "costa-m",
        first_name: "Miguel",
        last_name: "Costa",
        birth_date: "1983-02-28",
        sex: "male",
        skin: SkinType::IV,
        allergies: None,
        consents: true,
        visits: &[visit(
            2,
            "Mole check",
            "Several regular moles.",
            &[Subject::SeveralNevi],
        )],
    },
    Role {
        unique_id: "novak-new",
        first_name: "Petra",
        last_name: "Novak",
        birth_date: "2001-05-19",
        sex: "female",
        skin: SkinType::II,
        allergies: None,
        // Left without consent, so that the form and its enforcement can be tried.
        consents: false,
        visits: &[visit(-1, "First visit", "", &[])],
    },
];
