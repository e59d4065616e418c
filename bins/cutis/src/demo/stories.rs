//! What happens to the synthetic patients: visits, what their photos show, and how they are described.

use cutis_domain::image::details::{Modality, View};
use cutis_media::synthetic::Subject;

/// A course that several patients share.
#[derive(Debug)]
pub(super) struct Story {
    /// Tags: of the patient, of the photos, and of the last visit.
    pub(super) diagnosis: Option<&'static str>,
    pub(super) region: Option<&'static str>,
    pub(super) treatment: Option<&'static str>,
    /// The body site's SNOMED CT code, one with a left and a right.
    pub(super) site: &'static str,
    pub(super) visits: &'static [Visit],
}

/// A visit and the images captured at it.
#[derive(Debug)]
pub(super) struct Visit {
    /// Days before the start of the demo; negative if in the future.
    pub(super) days_ago: i64,
    pub(super) title: &'static str,
    pub(super) notes: &'static str,
    pub(super) shots: &'static [Shot],
}

/// A photo, and what is said about it.
#[derive(Debug)]
pub(super) struct Shot {
    pub(super) subject: Subject,
    pub(super) view: View,
    pub(super) modality: Modality,
    pub(super) caption: &'static str,
    /// Stars.
    pub(super) rating: i64,
}

const fn visit(days_ago: i64, title: &'static str, notes: &'static str, shots: &'static [Shot]) -> Visit {
    Visit {
        days_ago,
        title,
        notes,
        shots,
    }
}

const fn shot(subject: Subject, view: View, caption: &'static str, rating: i64) -> Shot {
    Shot {
        subject,
        view,
        modality: Modality::Clinical,
        caption,
        rating,
    }
}

const fn dermoscopy(subject: Subject, caption: &'static str, rating: i64) -> Shot {
    Shot {
        subject,
        view: View::CloseUp,
        modality: Modality::Dermoscopic,
        caption,
        rating,
    }
}

const BACK: Shot = shot(Subject::SeveralNevi, View::Posterior, "Back, overview", 0);
const MOLE: Shot = dermoscopy(Subject::Nevus, "Mole at the left shoulder blade", 0);

pub(super) const MOLES: Story = Story {
    diagnosis: Some("Melanocytic naevi"),
    region: Some("Back"),
    treatment: Some("Observation"),
    site: "66643007",
    visits: &[
        visit(
            1_108,
            "Mole check, baseline",
            "Full skin examination. Photos of the back for comparison.",
            &[BACK, MOLE],
        ),
        visit(741, "Mole check, first year", "Unchanged.", &[BACK, MOLE]),
        visit(376, "Mole check, second year", "Unchanged.", &[BACK]),
        visit(
            3,
            "Mole check, third year",
            "One lesion on the left shoulder blade looks wider. Close-up taken.",
            &[
                BACK,
                dermoscopy(Subject::Nevus, "Wider than in the years before", 4),
            ],
        ),
        visit(-87, "Mole check, three months", "", &[]),
    ],
};

pub(super) const VITILIGO: Story = Story {
    diagnosis: Some("Vitiligo"),
    region: Some("Forearm"),
    treatment: Some("Phototherapy"),
    site: "70559009",
    visits: &[
        visit(
            196,
            "Vitiligo, first visit",
            "Patches on both forearms for about a year.",
            &[shot(Subject::Vitiligo, View::Anterior, "Before treatment", 3)],
        ),
        visit(
            96,
            "Vitiligo, phototherapy week 12",
            "First repigmentation around the follicles.",
            &[shot(Subject::Vitiligo, View::Anterior, "Week 12", 0)],
        ),
        visit(
            12,
            "Vitiligo, phototherapy week 24",
            "Continues twice a week.",
            &[shot(Subject::Vitiligo, View::Anterior, "Week 24", 0)],
        ),
    ],
};

pub(super) const ULCER: Story = Story {
    diagnosis: Some("Venous leg ulcer"),
    region: Some("Lower leg"),
    treatment: Some("Compression"),
    site: "181563003",
    visits: &[
        visit(
            62,
            "Leg ulcer, first visit",
            "Venous ulcer above the inner ankle. Compression begun.",
            &[shot(Subject::Wound(0), View::CloseUp, "Before treatment", 4)],
        ),
        visit(
            41,
            "Leg ulcer, week 3",
            "Granulating.",
            &[shot(Subject::Wound(1), View::CloseUp, "Week 3", 0)],
        ),
        visit(
            20,
            "Leg ulcer, week 6",
            "Smaller by a third.",
            &[shot(Subject::Wound(2), View::CloseUp, "Week 6", 0)],
        ),
        visit(
            1,
            "Leg ulcer, week 9",
            "Closed. Stockings from now on.",
            &[shot(Subject::Wound(3), View::CloseUp, "Closed", 5)],
        ),
    ],
};

pub(super) const ACNE: Story = Story {
    diagnosis: Some("Acne"),
    region: Some("Face"),
    treatment: Some("Topical retinoid"),
    site: "36141000",
    visits: &[
        visit(
            75,
            "Acne, before treatment",
            "Papules and pustules on both cheeks.",
            &[shot(Subject::Acne, View::LeftOblique, "Before treatment", 3)],
        ),
        visit(
            5,
            "Acne, week 10",
            "Fewer lesions; tolerates the cream well.",
            &[shot(Subject::Acne, View::LeftOblique, "Week 10", 0)],
        ),
        visit(-24, "Acne, week 14", "", &[]),
    ],
};

pub(super) const PSORIASIS: Story = Story {
    diagnosis: Some("Psoriasis"),
    region: Some("Elbow"),
    treatment: Some("Topical steroid"),
    site: "181536004",
    visits: &[
        visit(
            412,
            "Psoriasis, first visit",
            "Plaques on both elbows for two years.",
            &[shot(Subject::Psoriasis, View::Posterior, "Before treatment", 0)],
        ),
        visit(
            30,
            "Psoriasis",
            "Plaques on the elbow. PASI taken.",
            &[
                shot(Subject::Psoriasis, View::Posterior, "PASI 6.2", 2),
                shot(Subject::Forearm, View::Anterior, "Forearm clear", 0),
            ],
        ),
    ],
};

pub(super) const CHANGING: Story = Story {
    diagnosis: Some("Suspected melanoma"),
    region: Some("Upper arm"),
    treatment: Some("Excision"),
    site: "45981001",
    visits: &[
        visit(
            8,
            "Changing mole",
            "Irregular border, three colours. Excision booked.",
            &[dermoscopy(
                Subject::IrregularPigment,
                "Irregular border, three colours",
                5,
            )],
        ),
        visit(-6, "Excision", "", &[]),
    ],
};

pub(super) const ROSACEA: Story = Story {
    diagnosis: Some("Rosacea"),
    region: Some("Face"),
    treatment: Some("Vascular laser"),
    site: "36141000",
    visits: &[
        visit(
            120,
            "Rosacea, before laser",
            "Fine vessels on both cheeks.",
            &[shot(Subject::Rosacea, View::RightOblique, "Before laser", 3)],
        ),
        visit(
            33,
            "Rosacea, after two sessions",
            "Clearly paler.",
            &[shot(
                Subject::Rosacea,
                View::RightOblique,
                "After two sessions",
                0,
            )],
        ),
    ],
};

pub(super) const ECZEMA: Story = Story {
    diagnosis: Some("Atopic eczema"),
    region: Some("Forearm"),
    treatment: Some("Topical steroid"),
    site: "70559009",
    visits: &[visit(
        15,
        "Eczema, clear",
        "Nothing to see today; photos for comparison.",
        &[
            shot(Subject::Forearm, View::Anterior, "Clear", 0),
            shot(Subject::Back, View::Posterior, "", 0),
        ],
    )],
};

pub(super) const CHECK: Story = Story {
    diagnosis: None,
    region: Some("Back"),
    treatment: None,
    site: "66643007",
    visits: &[visit(2, "Mole check", "Several regular moles.", &[BACK])],
};

/// Left without consent, so that the form and its enforcement can be tried.
pub(super) const NEW: Story = Story {
    diagnosis: None,
    region: None,
    treatment: None,
    site: "66643007",
    visits: &[visit(-1, "First visit", "", &[])],
};

/// Every story with photos, and the tags that it needs.
pub(super) const ALL: &[&Story] = &[
    &MOLES, &VITILIGO, &ULCER, &ACNE, &PSORIASIS, &CHANGING, &ROSACEA, &ECZEMA, &CHECK,
];
