use super::*;
use crate::testing::{SeededEntropy, SteppingClock};

fn hasher(pepper: u8, cost: u32) -> PasswordHasher {
    PasswordHasher::new(
        Secret::new([pepper; 32]),
        Cost::for_tests(cost),
        SeededEntropy::shared(1),
    )
}

fn anna() -> AccountId {
    AccountId::from_bytes([1; 16])
}

fn typed(text: &str) -> Candidate {
    Candidate::parse(&Secret::new(text.to_owned())).expect("within the limits")
}

/// C02: no byte beyond 72 is ignored.
#[test]
fn c02_the_bytes_behind_72_count() {
    let hasher = hasher(1, 4);
    let stored = hasher
        .hash_again(anna(), &typed(&format!("{}one", "x".repeat(72))))
        .expect("hashes");
    assert!(
        hasher
            .verify(anna(), &typed(&format!("{}one", "x".repeat(72))), &stored)
            .expect("verifies")
    );
    assert!(
        !hasher
            .verify(anna(), &typed(&format!("{}two", "x".repeat(72))), &stored)
            .expect("verifies")
    );
}

/// C02: a zero byte does not cut the password short.
#[test]
fn c02_a_zero_byte_ends_nothing() {
    let hasher = hasher(1, 4);
    let stored = hasher
        .hash_again(anna(), &typed("before\0after"))
        .expect("hashes");
    assert!(
        hasher
            .verify(anna(), &typed("before\0after"), &stored)
            .expect("verifies")
    );
    assert!(
        !hasher
            .verify(anna(), &typed("before"), &stored)
            .expect("verifies")
    );
    assert!(
        !hasher
            .verify(anna(), &typed("before\0other"), &stored)
            .expect("verifies")
    );
}

/// A5, C01: one password typed on two systems (NFC and NFD) is one password.
#[test]
fn a5_composed_and_decomposed_forms_are_alike() {
    let hasher = hasher(1, 4);
    let stored = hasher
        .hash_again(anna(), &typed("Zu\u{308}rich bei Nacht"))
        .expect("hashes");
    assert!(
        hasher
            .verify(anna(), &typed("Zürich bei Nacht"), &stored)
            .expect("verifies")
    );
    assert!(
        !hasher
            .verify(anna(), &typed("Zurich bei Nacht"), &stored)
            .expect("verifies")
    );
}

/// C02: never plain bcrypt of the password, and worthless without the pepper.
#[test]
fn c02_the_pepper_takes_part() {
    let mine = hasher(1, 4);
    let stored = mine.hash_again(anna(), &typed("kL9#vQ2!mZp4")).expect("hashes");
    let text = stored.text().expose().clone();
    let plain = bcrypt::verify("kL9#vQ2!mZp4", text.strip_prefix("c2$").expect("scheme"));
    assert!(!plain.expect("a bcrypt string"));
    assert!(
        !hasher(2, 4)
            .verify(anna(), &typed("kL9#vQ2!mZp4"), &stored)
            .expect("verifies")
    );
    assert!(!text.contains("vQ2"));
}

/// A5: salts differ, the stored form says its scheme and cost and reads back.
#[test]
fn a5_stored_form_round_trips() {
    let hasher = hasher(1, 5);
    let one = hasher.hash_again(anna(), &typed("kL9#vQ2!mZp4")).expect("hashes");
    let two = hasher.hash_again(anna(), &typed("kL9#vQ2!mZp4")).expect("hashes");
    assert_ne!(one.text().expose(), two.text().expose());
    assert!(one.text().expose().starts_with("c2$$2b$05$"));
    let read = StoredPassword::parse(one.text()).expect("reads back");
    assert_eq!(read.cost(), Cost::for_tests(5));
    assert!(
        hasher
            .verify(anna(), &typed("kL9#vQ2!mZp4"), &read)
            .expect("verifies")
    );
    let cut: String = one.text().expose().chars().take(40).collect();
    for damaged in [
        "",
        "c1$",
        "c2$",
        "c2$$2b$05$",
        "c3$$2b$05$",
        "$2b$05$",
        &cut,
        "c1$ü",
    ] {
        assert!(
            StoredPassword::parse(&Secret::new(damaged.to_owned())).is_err(),
            "{damaged}"
        );
    }
}

/// A5: rehash when the cost rises, never when it falls.
#[test]
fn a5_rehash_when_the_cost_rises() {
    let stored = hasher(1, 5)
        .hash_again(anna(), &typed("kL9#vQ2!mZp4"))
        .expect("hashes");
    assert!(hasher(1, 6).needs_rehash(&stored));
    assert!(!hasher(1, 5).needs_rehash(&stored));
    assert!(!hasher(1, 4).needs_rehash(&stored));
}

/// A8, C03: verifying against an older cost and pretending are the same work.
#[test]
fn a8_equal_work_for_known_and_unknown() {
    let old = hasher(1, 4)
        .hash_again(anna(), &typed("kL9#vQ2!mZp4"))
        .expect("hashes");
    let today = hasher(1, 8);
    assert!(
        today
            .verify(anna(), &typed("kL9#vQ2!mZp4"), &old)
            .expect("verifies")
    );
    let known = today.work_done();
    today.pretend(&typed("kL9#vQ2!mZp4")).expect("hashes");
    assert_eq!(known, 1 << 8);
    assert_eq!(today.work_done() - known, known);
}

/// A5: the cost follows the machine and is never under 12.
#[test]
fn a5_calibration() {
    // Where cost 10 takes a millisecond, 13 takes 8 and 15 takes 32.
    for (target, cost) in [
        (0, 12),
        (4, 12),
        (7, 12),
        (8, 13),
        (16, 14),
        (31, 14),
        (32, 15),
        (100_000, 15),
    ] {
        assert_eq!(Cost::fitting(1000, target).get(), cost, "{target} ms");
    }
    assert_eq!(Cost::fitting(i64::MAX, 250), Cost::LEAST);
    assert_eq!(Cost::fitting(-5, 250).get(), 15, "a clock that went back");
    assert_eq!(Cost::calibrate(&SteppingClock::every_micros(1000), 8).get(), 13);
}

/// What the program stored before accounts took part.
fn stored_as_c1(hasher: &PasswordHasher, password: &Candidate) -> StoredPassword {
    let parts = hasher
        .run(&hasher.prehash(None, password), hasher.cost.0, [3; 16])
        .expect("hashes");
    StoredPassword::parse(&Secret::new(format!("c1${parts}"))).expect("reads back")
}

/// Issue 6, 2: a stored form opens nothing in another account's row.
#[test]
fn a_stored_form_belongs_to_its_account() {
    let (hasher, password) = (hasher(1, 4), typed("kL9#vQ2!mZp4"));
    let ben = AccountId::from_bytes([2; 16]);
    let stored = hasher.hash_again(anna(), &password).expect("hashes");
    assert!(hasher.verify(anna(), &password, &stored).expect("verifies"));
    assert!(!hasher.verify(ben, &password, &stored).expect("verifies"));
    assert!(!hasher.needs_rehash(&stored));
    // Nor does it when it is called one of the older scheme.
    let renamed = stored.text().expose().replacen("c2$", "c1$", 1);
    let renamed = StoredPassword::parse(&Secret::new(renamed)).expect("reads back");
    for account in [anna(), ben] {
        assert!(!hasher.verify(account, &password, &renamed).expect("verifies"));
    }
}

/// Issue 6, 2: what was stored before still opens, and is to be replaced.
#[test]
fn the_older_scheme_is_verified_and_replaced() {
    let (hasher, password) = (hasher(1, 4), typed("kL9#vQ2!mZp4"));
    let older = stored_as_c1(&hasher, &password);
    assert!(hasher.verify(anna(), &password, &older).expect("verifies"));
    assert!(
        !hasher
            .verify(anna(), &typed("kL9#vQ2!mZp5"), &older)
            .expect("verifies")
    );
    assert!(hasher.needs_rehash(&older));
    let newer = hasher.hash_again(anna(), &password).expect("hashes");
    assert!(!hasher.needs_rehash(&newer));
}
