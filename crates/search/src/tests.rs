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

/// The day on which everything here is typed.
const TODAY: Date = Date {
    year: 2026,
    month: 11,
    day: 28,
};

/// The attempt that finds the patient, and how well.
fn found(fields: &Fields<'_>, typed: &str) -> Option<Rank> {
    let (patient, needle) = (Searched::of(fields), Needle::parse(typed, TODAY));
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

/// P4: whole days with a year of two digits, blanks behind the points, a weekday before, an age behind.
#[test]
fn birth_dates_in_longer_and_shorter_forms() {
    let born = |date, first_name| Fields {
        born: Date::parse(date),
        ..named(first_name, "")
    };
    let anna = born("1978-06-14", "Anna");
    for typed in [
        "14.6.78",
        "14.06.78",
        "14/6/78",
        "6/14/78",
        "14-06-78",
        "14. 6. 1978",
        "14. 6. 78",
        "14.6. 1978",
        "14. 06.1978",
        "14.6. 78.",
        "1978. 6. 14.",
        "１４．６．７８",
        "14 June 78",
        "14 June '78",
        "June 14, 78",
        "14. Juni 78",
        "14-Jun-78",
        "Wed 14 June 1978",
        "Wednesday, 14 June 1978",
        "Wed, June 14, 1978",
        "Mi., 14. Juni 1978",
        "Mi 14.6.1978",
        "Mittwoch, 14. 6. 78",
        "mer. 14 juin 1978",
        // Whoever errs in the weekday or copies an old age finds her all the same.
        "Mar. 14 juin 1978",
        "14 Jun 1978 (48)",
        "14 Jun 1978 (47)",
        "14.6.1978 (48)",
        "Wed 14 June 78 (48)",
        "14 6 1978",
        "14 06 1978",
        "06 14 1978",
        "１４　６　１９７８",
        "Wed 14 6 1978",
        "14 6 1978 (48)",
        "anna 14 6 1978",
        "14 6 1978 anna",
        "anna 14.6.78",
        "14. 6. 78 anna",
        "anna Wed 14 Jun 1978 (48)",
    ] {
        assert_eq!(found(&anna, typed), Some(Rank::Words), "{typed}");
    }
    for typed in [
        "13.6.78",
        "6.14.78",
        "14.6.79",
        "14.6.8",
        "14.6.078",
        "14 6 78",
        "1978 6 14",
        "1978 14 6",
        "14 6 197",
        "014 6 1978",
        "14 006 1978",
        "13 6 1978",
        "14 13 1978",
        "14-6 1978",
        "14 6 1979",
        "berta 14 6 1978",
        "78 June 14",
        "78-06-14",
        "14 June 1978 (131)",
        "14 June 1978 48",
        "(48) 14 June 1978",
        "14 June 1978 Wed",
        "Wed June 1978",
        "berta 14.6.78",
        "(48)",
    ] {
        assert_eq!(found(&anna, typed), None, "{typed}");
    }
    // Either may come first, as with strokes.
    for date in ["1978-06-05", "1978-05-06"] {
        assert_eq!(found(&born(date, ""), "5 6 1978"), Some(Rank::Words), "{date}");
    }
    // Mar is March before a day, and a weekday before a month.
    assert!(found(&born("1978-03-14", ""), "Mar 14 78").is_some());
    assert!(found(&born("1978-03-14", ""), "Mar 14.3.78").is_some());
    // Both centuries in which somebody can be alive, to the day.
    for (typed, finds, does_not) in [
        ("29.2.20", &["1920-02-29", "2020-02-29"][..], &["1820-02-29"][..]),
        ("28.11.26", &["1926-11-28", "2026-11-28"], &["2126-11-28"]),
        ("29.11.26", &["1926-11-29"], &["2026-11-29"]),
        ("28.11.95", &["1995-11-28"], &["1895-11-28"]),
        ("29.11.95", &["1895-11-29", "1995-11-29"], &["2095-11-29"]),
        ("1 Jan 00", &["1900-01-01", "2000-01-01"], &["2100-01-01"]),
    ] {
        for date in finds {
            assert_eq!(found(&born(date, ""), typed), Some(Rank::Words), "{typed} {date}");
        }
        for date in does_not {
            assert_eq!(found(&born(date, ""), typed), None, "{typed} {date}");
        }
    }
}

/// P4: a reading as a date is one more, so whoever is found by the words stays found beside whoever is found by the date.
#[test]
fn a_date_hides_nobody_with_the_words() {
    let numbered = |unique_id, mrn, last| Fields {
        unique_id,
        mrn,
        ..named("June", last)
    };
    for (typed, patient) in [
        ("29.2.80", numbered("29-a2", "8000", "")),
        ("29.2.80", numbered("p", "29280", "")),
        ("14. 6. 78", numbered("14", "6-78", "")),
        ("14 June 78", numbered("14", "78", "")),
        ("14 6 1978", numbered("14", "6-1978", "")),
        ("5 6 1978", numbered("p-56", "x1978", "")),
        ("june 14 6 1978", numbered("1978", "6-14", "")),
        ("Wed 14 June 78 (48)", numbered("14-48", "78", "Wedekind")),
        ("may-june 29.2.80", numbered("29", "2-80", "May")),
    ] {
        let needle = Needle::parse(typed, TODAY);
        let first = needle.attempts().first().expect("something is asked");
        assert!(first.rank(&Searched::of(&patient)).is_some(), "{typed}");
        assert_eq!(needle.attempts().len(), 1, "{typed}");
    }
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
    assert_eq!(Needle::parse("anne-marie weber", TODAY).attempts().len(), 2);
    assert_eq!(Needle::parse("anne marie", TODAY).attempts().len(), 1);
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
        assert!(Needle::is_blank(typed), "{typed:?}");
        assert!(Needle::parse(typed, TODAY).attempts().is_empty(), "{typed:?}");
    }
    for typed in ["%", "_", ".", "–", "-1", "a\u{200b}", "王"] {
        assert!(!Needle::is_blank(typed), "{typed:?}");
        assert!(!Needle::parse(typed, TODAY).attempts().is_empty(), "{typed:?}");
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

/// A day of birth: year, month, day.
type Day = (u16, u8, u8);

/// A whole day in one of the longer and shorter forms: how it is typed, the day, and whether its year has two digits and its
/// month may come first.
fn typed_days() -> impl Strategy<Value = (String, Day, bool, bool)> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let day = (1850_u16..2027, 1_u8..13, 1_u8..29);
    (day, 0..11, 0..131).prop_map(|((year, month, day), form, age)| {
        let (name, short) = (MONTHS[usize::from(month) - 1], year % 100);
        let typed = match form {
            0 => format!("{day}.{month}.{short:02}"),
            1 => format!("{day}. {month}. {year}"),
            2 => format!("{day:02}. {month:02}. {short:02}"),
            3 => format!("Wed {day} {name} {year}"),
            4 => format!("{day} {name} {year} ({age})"),
            5 => format!("{day} {name} {short:02}"),
            6 => format!("{name} {day}, {short:02}"),
            7 => format!("{month}/{day}/{short:02}"),
            8 => format!("Wed, {day}.{month}.{short:02} ({age})"),
            9 => format!("{day} {name} '{short:02}"),
            _ => format!("Wed {day}. {month}. {year} ({age})"),
        };
        (
            typed,
            (year, month, day),
            !matches!(form, 1 | 3 | 4 | 10),
            form == 7,
        )
    })
}

/// Who is meant by it.
fn is_meant((year, month, day): Day, is_short: bool, either: bool, born: Day) -> bool {
    let fits_day = (born.1, born.2) == (month, day) || (either && (born.2, born.1) == (month, day));
    let has_had_birthday = (born.1, born.2) <= (TODAY.month, TODAY.day);
    let age = i32::from(TODAY.year) - i32::from(born.0) - i32::from(!has_had_birthday);
    let fits_year = if is_short {
        born.0 % 100 == year % 100 && (0..=130).contains(&age)
    } else {
        born.0 == year
    };
    fits_day && fits_year
}

proptest! {
    /// P4: each chunk of a whole day is the day of birth, its year, or in the text, together or apart. Reckoned without
    /// any of the rules' own code.
    #[test]
    fn whole_days_as_a_plain_reckoning_has_them(
        (typed, day, is_short, either) in typed_days(), centuries in -1_i32..2, swapped: bool, exact: bool,
        other in (1850_u16..2030, 1_u8..13, 1_u8..13), numbers in ("[0-9]{1,6}", "[0-9]{0,8}"),
        names in (proptest::sample::select(vec!["", "Jun", "Wedekind", "Mara"]), "[A-D]{0,4}"),
    ) {
        let year = i32::from(day.0) + 100 * centuries;
        let near = if swapped && day.2 <= 12 { (day.2, day.1) } else { (day.1, day.2) };
        let born = if exact { (u16::try_from(year).unwrap_or(0), near.0, near.1) } else { other };
        let fields = Fields {
            unique_id: &numbers.0,
            mrn: &numbers.1,
            born: Some(Date { year: born.0, month: born.1, day: born.2 }),
            ..named(names.0, &names.1)
        };
        let text = [&numbers.0, &numbers.1, names.0, &names.1].join("\n").to_lowercase();
        let is_meant = is_meant(day, is_short, either, born);
        let expected = typed.split([' ', ',']).filter(|chunk| !chunk.is_empty()).all(|chunk| {
            let parts: Vec<&str> = chunk.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
            let has = |part: &str| text.contains(&part.to_lowercase());
            let is_year = parts == [format!("{:04}", born.0)];
            is_meant || is_year || has(&parts.concat()) || parts.iter().all(|part| has(part))
        });
        prop_assert_eq!(found(&fields, &typed).is_some(), expected, "{} {:?} {:?}", typed, fields, text);
    }

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
        let short = patient.2.map_or_else(String::new, |date| {
            format!("{} Wed {}.{}.{:02} (48) {}", part(&all, from, 3), date.day, date.month, date.year % 100, other)
        });
        let typed = [other, part(&all, from, length), patient.1[2].clone(), patient.0, born, in_words, with_name, short];
        for typed in typed {
            for attempt in Needle::parse(&typed, TODAY).attempts() {
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
