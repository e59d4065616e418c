//! People and things with believable particulars. A number tells them apart.

use cutis_consent::record::{ConsentRecord, External, Method, PersonName, Recorder, SignerRole};
use cutis_consent::{Form, Purpose, Purposes, SignatureFacts, form};
use cutis_domain::account::{AccountProfile, Roles, Username};
use cutis_domain::comparison::{Compared, Comparison, Mode};
use cutis_domain::entry::{Addendum, Entry, Versions};
use cutis_domain::image::details::{Laterality, Modality, Place, Rating, View};
use cutis_domain::image::site::Site;
use cutis_domain::image::{Corrected, Details, Field, FileName, ImageFormat, Turns};
use cutis_domain::patient::{PatientProfile, UniqueId};
use cutis_domain::principal::Actor;
use cutis_domain::tag::{Colour, Tag, TagCategory, TagName};
use cutis_domain::{
    AccountId, AddendumId, Caller, ClientId, Clinician, ComparisonId, ConsentId, CustomFieldId, Digest,
    EntryId, FieldVersions, ImageId, PatientId, Scope, Secret, Sensitive, SessionId, TagCategoryId, TagId,
    Text, Timestamp,
};
use cutis_storage::port::{
    ImageChange, ImageDraft, NewAccount, NewConsent, NewPatient, PatientChange, Renditions, Revision,
    RevisionHead, SealedAddendum, SealedSignature, Session,
};

/// Sixteen bytes that this kind and number decide.
fn id(kind: u8, number: u32) -> [u8; 16] {
    let [a, b, c, d] = number.to_be_bytes();
    [kind, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, a, b, c, d]
}

/// The account of this number.
pub fn account_id(number: u32) -> AccountId {
    AccountId::from_bytes(id(0xa0, number))
}

/// The patient of this number.
pub fn patient_id(number: u32) -> PatientId {
    PatientId::from_bytes(id(0xb0, number))
}

/// The custom field of this number.
pub fn custom_field_id(number: u32) -> CustomFieldId {
    CustomFieldId::from_bytes(id(0xb1, number))
}

/// The image of this number.
pub fn image_id(number: u32) -> ImageId {
    ImageId::from_bytes(id(0xc0, number))
}

/// The consent of this number.
pub fn consent_id(number: u32) -> ConsentId {
    ConsentId::from_bytes(id(0xd0, number))
}

/// The entry of this number.
pub fn entry_id(number: u32) -> EntryId {
    EntryId::from_bytes(id(0xe0, number))
}

/// The comparison of this number.
pub fn comparison_id(number: u32) -> ComparisonId {
    ComparisonId::from_bytes(id(0xe1, number))
}

/// The tag category of this number.
pub fn tag_category_id(number: u32) -> TagCategoryId {
    TagCategoryId::from_bytes(id(0xe2, number))
}

/// The tag of this number.
pub fn tag_id(number: u32) -> TagId {
    TagId::from_bytes(id(0xe3, number))
}

/// The session of this number.
pub fn session_id(number: u32) -> SessionId {
    SessionId::from_bytes(id(0xf0, number))
}

/// Thirty-two bytes that this number decides.
pub fn digest(number: u32) -> Digest {
    let [a, b, c, d] = number.to_be_bytes();
    Digest::from_bytes(std::array::from_fn(|index| match index % 4 {
        0 => a,
        1 => b,
        2 => c,
        _ => d,
    }))
}

/// `clinician-<number>`.
pub fn username(number: u32) -> Username {
    Username::parse(&format!("clinician-{number}")).expect("a valid username")
}

/// Short text.
pub fn text<const MIN: usize, const MAX: usize, const LINE: bool>(text: &str) -> Text<MIN, MAX, LINE> {
    Text::parse(text).expect("valid text")
}

/// A unique id.
pub fn unique_id(unique_id: &str) -> UniqueId {
    UniqueId::parse(unique_id).expect("a valid unique id")
}

/// A call by the account of this number, in its session of the same number.
pub fn caller(number: u32) -> Caller {
    Caller {
        actor: Actor::Account {
            id: account_id(number),
            username: username(number),
        },
        session: Some(session_id(number)),
        address: Some(std::net::Ipv4Addr::new(192, 0, 2, 7).into()),
        agent: Some(text("Test/1.0")),
        request: None,
    }
}

/// The clinician who is the account of this number.
pub fn clinician(number: u32) -> Clinician {
    Clinician::assertion(scope(number), caller(number))
}

/// The scope of that clinician.
pub fn scope(number: u32) -> Scope {
    Scope::assertion(account_id(number))
}

/// An account with both roles.
pub fn account(number: u32, at: Timestamp) -> NewAccount {
    NewAccount {
        id: account_id(number),
        profile: AccountProfile {
            username: username(number),
            first_name: Sensitive::new(text("Jana")),
            last_name: Sensitive::new(text("Novák")),
            email: cutis_domain::account::EmailAddress::parse(&format!(
                "clinician-{number}@practice.example"
            ))
            .ok(),
        },
        roles: Roles {
            administrator: true,
            clinician: true,
        },
        password: Secret::new("$stored$form".to_owned()),
        created_at: at,
    }
}

/// A session of the account of the same number, twelve hours long.
pub fn session(number: u32, account: u32, at: Timestamp) -> Session {
    Session {
        id: session_id(number),
        account: account_id(account),
        token: digest(number),
        created_at: at,
        expires_at: at.plus_seconds(12 * 3600),
        last_seen_at: at,
        address: Some(std::net::Ipv4Addr::new(192, 0, 2, 7).into()),
        agent: Some(text("Test/1.0")),
        ended_at: None,
        handed_to: None,
    }
}

/// A change into this patient, made on the version `expected`.
pub fn patient_change(into: NewPatient, expected: u64, at: Timestamp) -> PatientChange {
    PatientChange {
        id: into.id,
        unique_id: into.unique_id,
        profile: into.profile,
        field_versions: FieldVersions::all_at(expected),
        expected,
        at,
    }
}

/// A patient of whom only the unique id is known.
pub fn new_patient(number: u32, unique: &str, at: Timestamp) -> NewPatient {
    NewPatient {
        id: patient_id(number),
        unique_id: unique_id(unique),
        profile: Sensitive::new(PatientProfile::default()),
        created_at: at,
    }
}

/// An entry of this patient.
pub fn entry(number: u32, patient: PatientId, appointment_at: Timestamp, at: Timestamp) -> Entry {
    Entry {
        id: entry_id(number),
        patient,
        appointment_at,
        title: Some(Sensitive::new(text("Follow-up"))),
        author: username(1),
        recorded_at: at,
        versions: Versions::default(),
        signed: None,
    }
}

/// A client that sends edits of entries.
pub fn client_id(number: u32) -> ClientId {
    ClientId::from_bytes(id(0xe4, number))
}

/// The change that made version 1 of a field, as if it were sealed.
pub fn revision(version: u64, at: Timestamp) -> Revision {
    Revision {
        head: RevisionHead {
            version,
            bytes: 5,
            author: username(1),
            agent: Some(text("Safari on an iPad")),
            at,
            restored: None,
        },
        in_full: true,
        content: b"sealed".to_vec(),
    }
}

/// An addendum, as if it were sealed.
pub fn addendum(number: u32, at: Timestamp) -> SealedAddendum {
    SealedAddendum {
        addendum: Addendum {
            id: AddendumId::from_bytes(id(0xe5, number)),
            author: username(1),
            at,
        },
        content: b"sealed".to_vec(),
    }
}

/// The tag category of this number.
pub fn tag_category(number: u32) -> TagCategory {
    TagCategory {
        id: tag_category_id(number),
        name: TagName::parse(&format!("Category {number}")).expect("a name"),
        colour: Colour::Teal,
    }
}

/// The tag of this number in the category of that number.
pub fn tag(number: u32, category: u32) -> Tag {
    Tag {
        id: tag_id(number),
        category: tag_category_id(category),
        name: TagName::parse(&format!("Tag {number}")).expect("a name"),
        archived_at: None,
    }
}

/// A comparison of these images.
pub fn comparison(number: u32, entry: u32, images: &[u32]) -> Comparison {
    let images = images.iter().copied().map(image_id).collect();
    let images = Compared::parse(images).expect("two to sixteen");
    let group = Comparison::new(comparison_id(number), entry_id(entry), Mode::SideBySide, &images);
    Comparison {
        title: Some(Sensitive::new(text("Before and after"))),
        ..group
    }
}

/// An image; its number also decides its bytes' digest.
pub fn image_draft(number: u32, at: Timestamp) -> ImageDraft {
    ImageDraft {
        id: image_id(number),
        file_name: FileName::tame("left arm.jpg"),
        format: ImageFormat::Jpeg,
        width: 4032,
        height: 3024,
        bytes: 3_600_000,
        sha256: digest(number),
        captured_at: None,
        uploaded_at: at,
        uploaded_by: username(1),
        device: Some(Sensitive::new(text("Camera 7"))),
        thumbnail_bytes: 12_000,
        screen_bytes: 240_000,
        medium_bytes: 45_000,
        incomplete: true,
        pages: 3,
        original_name: *digest(number | 0x4000_0000).as_bytes(),
        derived_name: *digest(number | 0x8000_0000).as_bytes(),
    }
}

/// A change of every field of the image of this number, which was never changed before.
pub fn image_change(number: u32, at: Timestamp) -> ImageChange {
    let mut field_versions = FieldVersions::all_at(1);
    field_versions.changed(Field::ALL, 2);
    let site = Site::parse("41550009").expect("a site");
    ImageChange {
        id: image_id(number),
        details: Details {
            caption: Some(Sensitive::new(text("Rim"))),
            place: Some(Place::new(site, Some(Laterality::Left)).expect("a place")),
            view: Some(View::CloseUp),
            modality: Some(Modality::Dermoscopic),
            rating: Rating::parse(4).expect("stars"),
        },
        captured_at: Some(at),
        corrected: Some(Corrected { camera: None }),
        renditions: Some(Renditions {
            turns: Turns::parse(1).expect("turns"),
            edition: 1,
            width: 3024,
            height: 4032,
            thumbnail_bytes: 12_001,
            screen_bytes: 240_001,
            medium_bytes: 45_001,
            derived_name: *digest(number | 0xc000_0000).as_bytes(),
        }),
        field_versions,
        expected: 1,
        at,
    }
}

/// A consent to keeping images in the record, signed on the screen and recorded by account 1.
pub fn consent(number: u32, patient: PatientId, at: Timestamp) -> NewConsent {
    let facts = SignatureFacts::new(digest(number), digest(number.wrapping_add(1)), 3, 120).expect("ink");
    let signature = SealedSignature {
        strokes: vec![1, 2, 3],
        picture: vec![4, 5, 6],
    };
    NewConsent {
        record: record(number, patient, Method::Digital { signature: facts }, at),
        signature: Some(signature),
    }
}

/// The same, spoken.
pub fn spoken_consent(number: u32, patient: PatientId, at: Timestamp) -> NewConsent {
    let method = Method::External {
        how: External::Verbal,
        notes: Some(text("By telephone.")),
    };
    NewConsent {
        record: record(number, patient, method, at),
        signature: None,
    }
}

fn record(number: u32, patient: PatientId, method: Method, at: Timestamp) -> ConsentRecord {
    let form: &Form = form::current("en");
    ConsentRecord {
        id: consent_id(number),
        patient,
        template: form.template.to_owned(),
        version: form.version,
        language: form.language.to_owned(),
        text: form.shown(),
        purposes: Purposes::NONE
            .with(Purpose::ClinicalRecord)
            .with(Purpose::Teaching),
        method,
        signer_name: PersonName::parse("Anna Weber").expect("a name"),
        signer_role: SignerRole::Patient,
        witness: None,
        recorded_by: recorder(1),
        recorded_at: at,
        address: Some(std::net::Ipv6Addr::LOCALHOST.into()),
        expiry: None,
        revocation: None,
    }
}

/// The account of this number as somebody who records.
pub fn recorder(number: u32) -> Recorder {
    Recorder {
        account: account_id(number),
        username: username(number),
    }
}
