//! Sixty people who do not exist: as varied as those whom a practice sees, in their names too.

use cutis_media::synthetic::SkinType::{self, I, II, III, IV, V, VI};

use super::stories::{self, Story};

/// A synthetic patient.
#[derive(Debug)]
pub(super) struct Role {
    pub(super) unique_id: &'static str,
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    pub(super) birth_date: &'static str,
    pub(super) sex: &'static str,
    pub(super) skin: SkinType,
    pub(super) story: &'static Story,
}

const fn who(
    unique_id: &'static str,
    (first_name, last_name): (&'static str, &'static str),
    birth_date: &'static str,
    sex: &'static str,
    (skin, story): (SkinType, &'static Story),
) -> Role {
    Role {
        unique_id,
        first_name,
        last_name,
        birth_date,
        sex,
        skin,
        story,
    }
}

/// The type as the patient's record spells it.
pub(super) const fn fitzpatrick(skin: SkinType) -> &'static str {
    match skin {
        I => "I",
        II => "II",
        III => "III",
        IV => "IV",
        V => "V",
        VI => "VI",
    }
}

const F: &str = "female";
const M: &str = "male";

const MOLES: &Story = &stories::MOLES;
const VITILIGO: &Story = &stories::VITILIGO;
const ULCER: &Story = &stories::ULCER;
const ACNE: &Story = &stories::ACNE;
const PSORIASIS: &Story = &stories::PSORIASIS;
const CHANGING: &Story = &stories::CHANGING;
const ROSACEA: &Story = &stories::ROSACEA;
const ECZEMA: &Story = &stories::ECZEMA;
const CHECK: &Story = &stories::CHECK;
const NEW: &Story = &stories::NEW;

/// Few pairs of a skin and a story, because each is painted once.
pub(super) const CAST: &[Role] = &[
    who("hollis-0412", ("Marin", "Hollis"), "1979-04-12", F, (II, MOLES)),
    who(
        "okafor-1988",
        ("Chidi", "Okafor"),
        "1988-09-30",
        M,
        (VI, VITILIGO),
    ),
    who("lindqvist-77", ("Elsa", "Lindqvist"), "1948-01-22", F, (I, ULCER)),
    who("ramos-2003", ("Inés", "Ramos"), "2003-06-08", F, (III, ACNE)),
    who("petrov-5", ("Anton", "Petrov"), "1966-11-02", M, (II, PSORIASIS)),
    who(
        "iwasaki-11",
        ("Haru", "Iwasaki"),
        "1957-03-17",
        M,
        (III, CHANGING),
    ),
    who("moreau-l", ("Lucie", "Moreau"), "1971-08-25", F, (II, ROSACEA)),
    who("adeyemi-t", ("Tola", "Adeyemi"), "1995-12-14", F, (V, ECZEMA)),
    who("costa-m", ("Miguel", "Costa"), "1983-02-28", M, (IV, CHECK)),
    who("novak-new", ("Petra", "Novak"), "2001-05-19", F, (II, NEW)),
    who("mueller-j", ("Jörg", "Müller"), "1959-07-03", M, (II, MOLES)),
    who("groessmann-k", ("Käthe", "Größmann"), "1941-10-29", F, (I, ULCER)),
    who("yamada-01", ("花子", "山田"), "1990-03-03", F, (III, ACNE)),
    who("wang-xm", ("小明", "王"), "1976-12-21", M, (III, CHANGING)),
    who("kim-mj", ("민준", "김"), "2008-05-05", M, (III, ACNE)),
    who(
        "oconnor-s",
        ("Siobhán", "O’Connor"),
        "1968-02-01",
        F,
        (II, ROSACEA),
    ),
    who("darcy-a", ("Aoife", "D’Arcy"), "1999-11-11", F, (II, MOLES)),
    who(
        "lefevre-d",
        ("Anne-Sophie", "Lefèvre-Dubois"),
        "1985-06-17",
        F,
        (II, PSORIASIS),
    ),
    who("nguyen-lan", ("Thị Lan", "Nguyễn"), "1993-01-27", F, (III, ACNE)),
    who("haddad-l", ("ليلى", "حداد"), "1980-08-08", F, (IV, CHECK)),
    who(
        "papadopoulos",
        ("Γιώργος", "Παπαδόπουλος"),
        "1952-04-23",
        M,
        (IV, CHECK),
    ),
    who("sokolova-i", ("Ирина", "Соколова"), "1974-09-14", F, (II, MOLES)),
    who("yildiz-c", ("Çağla", "Yıldız"), "1997-07-30", F, (III, ACNE)),
    who("sahin-i", ("İpek", "Şahin"), "1962-03-09", F, (II, ROSACEA)),
    who("wojcik-l", ("Łukasz", "Wójcik"), "1987-10-05", M, (II, PSORIASIS)),
    who("aegisdottir", ("Þóra", "Ægisdóttir"), "1970-12-01", F, (I, ULCER)),
    who("odegard-b", ("Bjørn", "Ødegård"), "1945-05-17", M, (I, ULCER)),
    who("cohen-noa", ("נועה", "כהן"), "2000-02-29", F, (II, MOLES)),
    who("sharma-p", ("प्रिया", "शर्मा"), "1991-04-14", F, (V, ECZEMA)),
    who(
        "van-der-berg",
        ("Willem", "van der Berg"),
        "1956-06-26",
        M,
        (II, CHECK),
    ),
    who(
        "de-la-cruz",
        ("María José", "de la Cruz"),
        "1989-09-09",
        F,
        (IV, CHECK),
    ),
    who("mbeki-s", ("Sipho", "Mbeki"), "1972-01-15", M, (VI, VITILIGO)),
    who(
        "ngozi-a",
        ("Ngozi", "Achebe-Eze"),
        "1994-03-28",
        F,
        (VI, VITILIGO),
    ),
    who("kovacs-z", ("Zsófia", "Kovács"), "1982-11-23", F, (II, PSORIASIS)),
    who("dvorak-t", ("Tomáš", "Dvořák"), "1964-08-19", M, (II, MOLES)),
    who("popescu-i", ("Ioana", "Popescu"), "2005-10-10", F, (III, ACNE)),
    who("saarinen-a", ("Aino", "Saarinen"), "1938-02-12", F, (I, ULCER)),
    who(
        "bianchi-g",
        ("Giulia", "Bianchi"),
        "1986-05-31",
        F,
        (III, CHANGING),
    ),
    who(
        "fernandez-n",
        ("Núria", "Fernàndez i Puig"),
        "1977-07-07",
        F,
        (II, ROSACEA),
    ),
    who("begum-r", ("Rahima", "Begum"), "1969-12-24", F, (V, ECZEMA)),
    who("tanaka-k", ("健太", "田中"), "1984-09-02", M, (III, CHANGING)),
    who("li-na", ("娜", "李"), "1998-08-16", F, (III, ACNE)),
    who("smith-01", ("John", "Smith"), "1973-03-21", M, (II, MOLES)),
    who("smith-02", ("John", "Smith"), "1946-10-18", M, (II, CHECK)),
    who(
        "smythe-a",
        ("Alexandra", "Smythe-O’Neill"),
        "1992-06-06",
        F,
        (II, ROSACEA),
    ),
    who("abebe-h", ("Hana", "Abebe"), "1996-01-07", F, (V, ECZEMA)),
    who("diallo-m", ("Mamadou", "Diallo"), "1981-04-04", M, (VI, VITILIGO)),
    who("jensen-f", ("Freja", "Jensen"), "2019-07-12", F, (II, PSORIASIS)),
    who(
        "schmidt-w",
        ("Wolf-Dieter", "Schmidt"),
        "1951-11-30",
        M,
        (II, CHANGING),
    ),
    who("maclean-e", ("Eilidh", "MacLean"), "1988-12-13", F, (II, MOLES)),
    who("silva-r", ("Rúben", "da Silva"), "2002-05-25", M, (III, ACNE)),
    who("khan-z", ("Zainab", "Khan"), "1979-09-27", F, (IV, CHECK)),
    who("ivanova-d", ("Дарья", "Иванова"), "1955-01-31", F, (II, ROSACEA)),
    who("okoye-u", ("Uche", "Okoye"), "2012-02-18", M, (V, ECZEMA)),
    who("larsson-o", ("Åsa", "Larsson-Öberg"), "1967-08-03", F, (I, ULCER)),
    who("horvat-i", ("Ivana", "Horvat"), "1990-10-22", F, (II, PSORIASIS)),
    who(
        "thomson-b",
        ("Blair", "Thomson"),
        "1978-06-14",
        "unknown",
        (II, MOLES),
    ),
    who(
        "garcia-x",
        ("Xoán", "García Piñeiro"),
        "1961-04-29",
        M,
        (III, CHANGING),
    ),
    who("tran-b", ("Văn Bảo", "Trần"), "1949-03-06", M, (III, CHANGING)),
    who("zielinska-z", ("Zofia", "Zielińska"), "2004-12-08", F, (II, NEW)),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use cutis_domain::Text;
    use cutis_domain::image::details::{Laterality, Place, Rating};
    use cutis_domain::image::site::Site;
    use cutis_domain::patient::{Fitzpatrick, SexAtBirth, UniqueId};
    use cutis_domain::time::Day;

    use super::*;

    /// O1: the demo ends at the first thing that a use case refuses: nothing of the cast may be.
    #[test]
    fn sixty_people_are_told_apart_and_acceptable() {
        assert_eq!(CAST.len(), 60);
        let mut ids = BTreeSet::new();
        for role in CAST {
            assert!(ids.insert(role.unique_id), "{} appears twice", role.unique_id);
            assert_eq!(
                UniqueId::parse(role.unique_id).expect("an id").as_str(),
                role.unique_id
            );
            Text::<1, 100>::parse(role.first_name).expect("a first name");
            Text::<1, 100>::parse(role.last_name).expect("a last name");
            Day::parse(role.birth_date).expect("a day");
            SexAtBirth::parse(role.sex).expect("a sex");
            Fitzpatrick::parse(fitzpatrick(role.skin)).expect("a type");
        }
    }

    #[test]
    fn stories_can_be_told() {
        for story in stories::ALL {
            let site = Site::parse(story.site).expect("a site");
            Place::new(site, Some(Laterality::Left)).expect("a site with sides");
            let titles: BTreeSet<_> = story.visits.iter().map(|visit| visit.title).collect();
            assert_eq!(titles.len(), story.visits.len(), "{titles:?}");
            for visit in story.visits {
                assert!(
                    visit.days_ago >= 0 || visit.shots.is_empty(),
                    "no photo is of the future"
                );
                for shot in visit.shots {
                    Rating::parse(shot.rating).expect("stars");
                }
            }
        }
    }
}
