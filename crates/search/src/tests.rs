//! The decided table, row by row, and what must hold of every text.

use proptest::prelude::*;

use crate::fold::fold;
use crate::{Attempt, Cover, Date, Fields, Needle, Rank, Reach, Searched, name_key};

fn named<'a>(first: &'a str, last: &'a str) -> Fields<'a> {
    Fields {
        unique_id: "zz-00",
        first_name: first,
        last_name: last,
        ..Fields::default()
    }
}

/// The attempt that finds the patient, and how well.
fn found(fields: &Fields<'_>, typed: &str) -> Option<Rank> {
    let (patient, needle) = (Searched::of(fields), Needle::parse(typed));
    needle
        .attempts()
        .iter()
        .find_map(|attempt| attempt.rank(&patient))
}

/// What is stored, what finds it, and what does not: the decided table.
type Case = (&'static str, &'static [&'static str], &'static [&'static str]);

const CASES: &[Case] = &[
    // Apostrophes, primes, geresh, lone accents.
    (
        "O'Brien",
        &["obrien", "o’brien", "O`Brien", "o´brien", "brien", "O ’Brien"],
        &["o-brian"],
    ),
    ("D’Angelo", &["dangelo", "d'angelo", "D′Angelo", "d angelo"], &[]),
    ("ג׳ורג׳", &["גורג", "ג'ורג'"], &[]),
    ("Kamehameha ʻĀina", &["aina", "ʻaina", "'āina"], &[]),
    // Dashes and other soft separators: together, apart, with any dash.
    (
        "Anne-Marie",
        &[
            "annemarie",
            "anne marie",
            "anne–marie",
            "Anne‑Marie",
            "marie",
            "marie anne",
            "nema",
        ],
        &["marieannemarieannem"],
    ),
    (
        "Smith/Jones",
        &["smithjones", "smith jones", "smith.jones", "jones"],
        &[],
    ),
    ("Annemarie", &["anne-marie", "annemarie"], &["marieannex"]),
    (
        "van der Berg",
        &["vanderberg", "van der berg", "berg van", "VANDERBERG", "derb"],
        &[],
    ),
    // Invisible characters.
    ("Mar\u{ad}ia", &["maria", "mar\u{200b}ia"], &[]),
    ("علي\u{200c}رضا", &["علیرضا", "عليرضا"], &[]),
    ("محـمد", &["محمد"], &[]),
    // Letters that Unicode does not take apart.
    ("Weiß", &["weiss", "WEISS", "weiß", "WEIẞ"], &[]),
    ("Ωρίωνας", &["ωριωνασ", "ΩΡΙΩΝΑΣ", "ωρίωνας"], &[]),
    ("Işıl", &["isil", "IŞIL", "ışıl"], &[]),
    ("İpek", &["ipek", "İPEK", "i̇pek"], &[]),
    ("Đorđe Łukasz", &["dorde", "lukasz", "đorđe łukasz"], &[]),
    ("Þór", &["thor", "þor", "ÞÓR"], &[]),
    ("Jiŋ", &["jin"], &[]),
    // Umlauts: the vowel, and with e.
    (
        "Müller",
        &[
            "muller",
            "mueller",
            "müller",
            "MÜLLER",
            "Mu\u{308}ller",
            "uell",
            "ull",
        ],
        &["mueler"],
    ),
    ("Mueller", &["müller", "mueller", "muller"], &[]),
    ("Muller", &["müller", "muller"], &["mueller"]),
    (
        "Jäger-Größ",
        &["jaeger", "jager", "groess", "gross", "jaegergroess"],
        &[],
    ),
    ("Sørensen", &["sorensen", "soerensen", "sørensen"], &[]),
    ("Åse", &["ase", "aase", "åse"], &[]),
    ("Aase", &["åse", "aase", "ase"], &[]),
    (
        "Ångström",
        &["angstrom", "aangstroem", "angstroem", "aangstrom"],
        &[],
    ),
    ("Bauer", &["bauer"], &["baur"]),
    ("Queen", &["queen"], &["qun"]),
    ("Manuela", &["manuela", "manüla", "manula"], &[]),
    // Arabic and Persian.
    ("مُحَمَّد", &["محمد"], &[]),
    ("أحمد", &["احمد", "أحمد", "ٱحمد"], &[]),
    ("فاطمة", &["فاطمه", "فاطمة"], &[]),
    ("علی", &["علي", "على"], &[]),
    ("کریم", &["كريم"], &[]),
    // Hebrew points and finals.
    ("שָׁלוֹם", &["שלום", "שלומ"], &[]),
    // Kana and width.
    ("タナカ", &["たなか", "ﾀﾅｶ", "タナカ"], &["タダカ"]),
    ("がぎぐ", &["ガギグ", "ｶﾞｷﾞｸﾞ"], &["かきく"]),
    ("Ｍａｒｉａ", &["maria"], &[]),
    // Hangul by its jamo.
    ("김민수", &["김", "기", "김민수", "민수"], &["박"]),
    // Indic and Thai vowel signs stay.
    ("कमला", &["कमला", "कम"], &["कमली"]),
    ("สมชาย", &["สมชาย", "สม"], &["สมชัย"]),
    // Marks go in Vietnamese, Latin, Greek and Cyrillic.
    ("Nguyễn Thị", &["nguyen", "thi nguyen", "nguyễn"], &[]),
    ("Σωκράτης", &["σωκρατης", "ΣΩΚΡΆΤΗΣ"], &[]),
    ("Алёна Йовин", &["алена", "иовин"], &[]),
    // Kanji that are written in two ways.
    ("髙﨑", &["高崎", "髙崎", "高"], &["低"]),
    ("渡邊", &["渡辺", "渡邉"], &[]),
    ("齋藤", &["斉藤", "斎藤", "齊藤"], &[]),
    ("𠮷田", &["吉田"], &[]),
    // Signs alone.
    ("Fifty %", &["%", "fifty"], &["_"]),
    ("a_b", &["_", "ab", "a_b"], &["%"]),
];

/// P4: what is found, and what is not, by the name that is stored and the text that is typed.
#[test]
fn names_are_found_as_people_type_them() {
    for (stored, finds, does_not) in CASES {
        for typed in *finds {
            assert!(
                found(&named(stored, ""), typed).is_some(),
                "{typed} finds {stored}"
            );
        }
        for typed in *does_not {
            assert!(
                found(&named(stored, ""), typed).is_none(),
                "{typed} does not find {stored}"
            );
        }
    }
}

/// P4: any order of words, each a part; CJK names with and without a blank; never across two fields but those of a name.
#[test]
fn words_in_any_order() {
    let anna = Fields {
        unique_id: "aw-1",
        first_name: "Anna",
        middle_name: "Maria",
        last_name: "Weber",
        preferred_name: "Anni",
        mrn: "MRN-7",
        born: Date::parse("1980-02-29"),
    };
    for typed in [
        "anna",
        "weber anna",
        "WEBER, Anna",
        "eber nna",
        "anna maria weber",
        "annaweber",
        "weberanna",
        "anna anni",
        "mrn7",
        "mrn-7",
        "MRN 7",
        "aw-1",
        "aw1",
        "a",
        "7",
        "weber 1980",
        "1980 anna",
    ] {
        assert!(found(&anna, typed).is_some(), "{typed}");
    }
    for typed in [
        "penicillin",
        "weberanni",
        "aw1anna",
        "anna webster",
        "anna anna x",
        "",
        "-",
        "\u{301}",
    ] {
        assert!(found(&anna, typed).is_none(), "{typed}");
    }
    let wang = named("明", "王");
    for typed in ["王明", "王 明", "明", "王"] {
        assert!(found(&wang, typed).is_some(), "{typed}");
    }
}

/// P4: birth dates, in the forms in which people write them.
#[test]
fn birth_dates() {
    let born = |date| Fields {
        unique_id: "zz-00",
        born: Date::parse(date),
        ..Fields::default()
    };
    for typed in [
        "1980-02-29",
        "29.2.1980",
        "29.02.1980",
        "2/29/1980",
        "29/2/1980",
        "19800229",
        "29021980",
        "02291980",
        "1980/2/29",
        "１９８０-０２-２９",
        "٢٩.٢.١٩٨٠",
        "1980",
        "1980-02",
        "2.1980",
        "02/1980",
        "29-02-1980",
    ] {
        assert!(found(&born("1980-02-29"), typed).is_some(), "{typed}");
    }
    for typed in [
        "1981",
        "1980-03",
        "28.2.1980",
        "2.29.1980",
        "29.2.80",
        "1849-02-29",
        "30.13.1980",
    ] {
        assert!(found(&born("1980-02-29"), typed).is_none(), "{typed}");
    }
    // With points the day comes first; with strokes either may be meant.
    assert!(found(&born("1980-02-01"), "1.2.1980").is_some());
    assert!(found(&born("1980-01-02"), "1.2.1980").is_none());
    assert!(found(&born("1980-02-01"), "1/2/1980").is_some());
    assert!(found(&born("1980-01-02"), "1/2/1980").is_some());
}

/// P4: birth dates with the month in words, in English, German and French; and names that are months' names too.
#[test]
fn birth_dates_in_words() {
    let born = |date, first_name| Fields {
        born: Date::parse(date),
        ..named(first_name, "")
    };
    let anna = born("1978-06-14", "Anna");
    for typed in [
        "14 Jun 1978",
        "14 June 1978",
        "June 14, 1978",
        "Jun 14,1978",
        "June 14th, 1978",
        "14. Juni 1978",
        "14.Juni 1978",
        "14. Jun. 1978",
        "14 juin 1978",
        "14-Jun-1978",
        "14/JUN/1978",
        "1978 June 14",
        "June 1978",
        "juin 1978",
        "anna 14 jun 1978",
        "14 June 1978 anna",
    ] {
        assert_eq!(found(&anna, typed), Some(Rank::Words), "{typed}");
    }
    for typed in [
        "13 Jun 1978",
        "14 Jul 1978",
        "14 June 1979",
        "14 June 78",
        "June 14",
        "14 1978 June",
        "14 14 June 1978",
        "31 32 1978",
        "14 Junk 1978",
        "14 June July 1978",
        "berta 14 jun 1978",
    ] {
        assert_eq!(found(&anna, typed), None, "{typed}");
    }
    let cases: [(&str, &[&str]); 6] = [
        (
            "1980-01-01",
            &["1er janvier 1980", "1. Jänner 1980", "jan 1st 1980"],
        ),
        (
            "1980-02-29",
            &["29 février 1980", "29 févr. 1980", "29. Feb. 1980"],
        ),
        (
            "1980-03-02",
            &[
                "2. März 1980",
                "2. Maerz 1980",
                "2 Mar 1980",
                "2 mars 1980",
                "2. Mrz. 1980",
            ],
        ),
        ("1980-05-03", &["3 May 1980", "3. Mai 1980", "3rd May 1980"]),
        ("1980-08-31", &["31 août 1980", "31 AOUT 1980", "31. August 1980"]),
        (
            "1980-12-24",
            &[
                "24 déc. 1980",
                "24. Dez. 1980",
                "Dec 24 1980",
                "２４ December １９８０",
            ],
        ),
    ];
    for (date, finds) in cases {
        for typed in finds {
            assert!(found(&born(date, ""), typed).is_some(), "{typed}");
        }
    }
    // One more reading, never instead of the words.
    let june = named("June", "May");
    for typed in ["June May", "may june", "june"] {
        assert_eq!(found(&june, typed), Some(Rank::Words), "{typed}");
    }
    let numbered = Fields {
        mrn: "14-1978",
        ..named("June", "")
    };
    assert!(found(&numbered, "14 June 1978").is_some());
}

/// P4: the unique id before whole words, those before beginnings of words, those before the rest.
#[test]
fn ranks() {
    let patient = Fields {
        unique_id: "anna-7",
        ..named("Johanna", "Ann")
    };
    for (typed, rank) in [
        ("anna", Rank::IdPrefix),
        ("ANNA-7", Rank::IdPrefix),
        ("ann johanna", Rank::Words),
        ("joh an", Rank::Prefixes),
        ("hanna", Rank::Rest),
    ] {
        assert_eq!(found(&patient, typed), Some(rank), "{typed}");
    }
    assert_eq!(found(&named("Ann", ""), "1980"), None);
}

/// What is typed with a separation is looked for as one first, and in parts only then.
#[test]
fn parts_are_the_second_try() {
    assert_eq!(Needle::parse("anne-marie weber").attempts().len(), 2);
    assert_eq!(Needle::parse("anne marie").attempts().len(), 1);
}

/// P4: what nobody sees, and a dash on the way to something, ask for nothing; other signs ask for themselves.
#[test]
fn what_asks_for_nothing() {
    for typed in [
        "",
        " \t ",
        "\u{200b}",
        "\u{feff}\u{200e}\u{ad} \u{2060}",
        "\u{3164}",
        "-",
        " -- ",
        "'",
        "\u{301}",
        "\u{200b}-",
    ] {
        assert!(Needle::parse(typed).is_blank(), "{typed:?}");
    }
    for typed in ["%", "_", ".", "–", "-1", "a\u{200b}", "王"] {
        assert!(!Needle::parse(typed).is_blank(), "{typed:?}");
    }
}

/// P4: by last, first and middle name; whoever has none comes after.
#[test]
fn the_order_of_names() {
    let key = |first, middle, last| {
        name_key(&Fields {
            unique_id: "aa",
            first_name: first,
            middle_name: middle,
            last_name: last,
            ..Fields::default()
        })
    };
    let ordered = [
        key("Zoe", "", ""),
        key("Anna", "", "Müller"),
        key("Anna", "B", "müller"),
        key("Bert", "", "MULLER"),
        key("Anna", "", "Muller-Lüdi"),
        key("Anna", "", "Mullerin"),
        key("", "", "Ωmega"),
        key("明", "", "王"),
        key("", "", ""),
    ];
    assert!(ordered.is_sorted(), "{ordered:?}");
}

#[test]
fn folding() {
    for (text, folded) in [
        ("  Zoë\tSørensen ", "zoe sorensen"),
        ("Anne-Marie", "anne marie"),
        ("a--b - c", "a b c"),
        ("- a -", "a"),
        ("\n", ""),
        ("ﬁna", "fina"),
        ("AbC12", "abc12"),
    ] {
        assert_eq!(fold(text), folded, "{text:?}");
    }
}

fn grams(patient: &Searched) -> Vec<String> {
    let mut grams = Vec::new();
    patient.grams(&mut |gram| grams.push(gram.to_owned()));
    grams
}

fn covered(cover: &Cover, grams: &[String]) -> bool {
    cover.iter().all(|either| {
        either
            .iter()
            .any(|all| all.iter().all(|gram| grams.contains(gram)))
    })
}

/// Names as they occur, and text as it should not.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-zäöüåøßéçñ'’ .-]{0,14}",
        "[ء-ي ]{0,8}",
        "[가-힣ぁ-んァ-ヶ一-龠]{0,6}",
        "[0-9./-]{0,10}",
        "\\PC{0,8}",
    ]
}

prop_compose! {
    fn patients()(
        unique_id in "[a-z0-9_-]{2,12}", first in text(), middle in text(), last in text(), preferred in text(),
        mrn in text(), day in proptest::option::of((1900_u16..2026, 1_u8..13, 1_u8..29)),
    ) -> (String, [String; 5], Option<Date>) {
        let born = day.map(|(year, month, day)| Date { year, month, day });
        (unique_id, [first, middle, last, preferred, mrn], born)
    }
}

fn fields((unique_id, texts, born): &(String, [String; 5], Option<Date>)) -> Fields<'_> {
    let [first_name, middle_name, last_name, preferred_name, mrn] = texts.each_ref().map(String::as_str);
    Fields {
        unique_id,
        first_name,
        middle_name,
        last_name,
        preferred_name,
        mrn,
        born: *born,
    }
}

/// Part of a patient's own text, from one character to another.
fn part(text: &str, from: usize, length: usize) -> String {
    text.chars().skip(from).take(length).collect()
}

proptest! {
    /// An index that narrows by a cover never hides a patient that an attempt finds, whatever the reach.
    #[test]
    fn a_cover_hides_nobody(patient in patients(), other in text(), from in 0_usize..12, length in 1_usize..9) {
        let searched = Searched::of(&fields(&patient));
        let grams = grams(&searched);
        let all = patient.1.join(" ");
        let born = patient.2.map(|date| format!("{}-{}-{}", date.year, date.month, date.day)).unwrap_or_default();
        let in_words = patient.2.map_or_else(String::new, |date| {
            let month = ["Jan", "février", "Mrz", "April", "Mai", "juin", "July", "août", "Sept.", "Okt", "Nov", "Dez."];
            format!("{}. {} {}", date.day, month[usize::from(date.month) - 1], date.year)
        });
        let with_name = format!("{} {in_words}", part(&all, from, length));
        let typed = [other, part(&all, from, length), patient.1[2].clone(), patient.0, born, in_words, with_name];
        for typed in typed {
            for attempt in Needle::parse(&typed).attempts() {
                let Some(rank) = attempt.rank(&searched) else { continue };
                let reaches: &[(Reach, bool)] = &[
                    (Reach::Anywhere, true),
                    (Reach::Prefixes, rank <= Rank::Prefixes),
                    (Reach::Words, rank == Rank::Words),
                ];
                for (reach, within) in reaches {
                    prop_assert!(!within || covered(&Attempt::cover(attempt, *reach), &grams), "{typed:?} {reach:?}");
                }
            }
        }
    }

    /// Every name is found by itself, folded or not, in either case.
    #[test]
    fn everybody_is_found_by_name(patient in patients()) {
        let fields = fields(&patient);
        for name in [fields.first_name, fields.last_name, fields.preferred_name] {
            for typed in [name.to_owned(), fold(name)] {
                if !fold(&typed).is_empty() {
                    prop_assert!(found(&fields, &typed).is_some(), "{typed:?}");
                }
            }
        }
    }

    /// What is folded stays as it is when it is folded again.
    #[test]
    fn folding_twice_changes_nothing(text in text()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }
}
