//! Laws of the decision, over arbitrary grants (N1, N2, N4, R1).

use cutis_domain::{ConsentId, Timestamp};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::decide::Reason;
use crate::status::decisive;
use crate::{Basis, ConsentLevel, Decision, Grant, Purpose, Purposes, Status, decide};

/// Few instants, so that bounds and ties are met often.
fn instant() -> impl Strategy<Value = Timestamp> {
    (0..12_i64).prop_map(Timestamp::from_micros)
}

fn purposes() -> impl Strategy<Value = Purposes> {
    (0..64_u8).prop_map(|bits| Purposes::from_bits(bits).expect("six bits"))
}

fn grant() -> impl Strategy<Value = Grant> {
    (
        purposes(),
        instant(),
        option::of(instant()),
        option::weighted(0.3, instant()),
    )
        .prop_map(|(purposes, given_at, expires_at, revoked_at)| Grant {
            consent: ConsentId::from_bytes([0; 16]),
            purposes,
            given_at,
            expires_at,
            revoked_at,
        })
}

/// Grants of one patient, with ids of their own.
fn grants() -> impl Strategy<Value = Vec<Grant>> {
    vec(grant(), 0..6).prop_map(|mut grants| {
        for (id, grant) in (1..).zip(&mut grants) {
            grant.consent = ConsentId::from_bytes([id; 16]);
        }
        grants
    })
}

fn level() -> impl Strategy<Value = ConsentLevel> {
    select(ConsentLevel::ALL)
}

fn purpose() -> impl Strategy<Value = Purpose> {
    select(Purpose::ALL)
}

proptest! {
    /// N4: revoked is final for its record, at every instant, past and future.
    #[test]
    fn n4_a_revoked_record_is_never_the_basis(
        mut grants in grants(), at in instant(), now in instant(), level in level(), purpose in purpose()
    ) {
        for grant in &mut grants {
            grant.revoked_at.get_or_insert(at);
        }
        let basis = match decide(level, &grants, purpose, now) {
            Decision::Allowed(basis) => basis.consent(),
            Decision::Refused(reason) => {
                prop_assert_eq!(reason == Reason::Revoked, !grants.is_empty());
                None
            }
        };
        prop_assert_eq!(basis, None);
        prop_assert!(matches!(Status::of(&grants, now), Status::None | Status::Revoked));
    }

    /// N4: revoking one record never allows what was refused, nor leaves that record the basis.
    #[test]
    fn n4_revoking_never_admits(
        mut grants in grants(), which in any::<prop::sample::Index>(), at in instant(), now in instant(),
        level in level(), purpose in purpose()
    ) {
        prop_assume!(!grants.is_empty());
        let before = decide(level, &grants, purpose, now);
        let revoked = which.index(grants.len());
        grants[revoked].revoked_at = Some(at);
        let after = decide(level, &grants, purpose, now);
        prop_assert!(before.is_allowed() || !after.is_allowed());
        prop_assert_ne!(after, Decision::Allowed(Basis::Consent(grants[revoked].consent)));
    }

    /// N3: expiry is exclusive: the instant before it counts, the instant itself does not.
    #[test]
    fn n3_expiry_is_exclusive(mut grant in grant(), end in 1..1_000_i64, level in level()) {
        grant.revoked_at = None;
        grant.purposes = grant.purposes.with(Purpose::Teaching);
        grant.expires_at = Some(Timestamp::from_micros(end));
        let at = |now| decide(level, &[grant], Purpose::Teaching, Timestamp::from_micros(now));
        prop_assert_eq!(at(end - 1), Decision::Allowed(Basis::Consent(grant.consent)));
        prop_assert_eq!(at(end), Decision::Refused(Reason::Expired));
        prop_assert_eq!(at(end + 1), Decision::Refused(Reason::Expired));
    }

    /// N4: time alone never admits: what is refused now is refused later, unless something is recorded.
    #[test]
    fn n4_time_never_admits(
        grants in grants(), now in instant(), later in instant(), level in level(), purpose in purpose()
    ) {
        prop_assume!(now <= later);
        let (first, second) = (decide(level, &grants, purpose, now), decide(level, &grants, purpose, later));
        prop_assert!(first.is_allowed() || !second.is_allowed());
    }

    /// N1: a stricter level never admits more.
    #[test]
    fn n1_a_stricter_level_never_admits_more(
        grants in grants(), now in instant(), a in level(), b in level(), purpose in purpose()
    ) {
        let (looser, stricter) = (a.min(b), a.max(b));
        let strictly = decide(stricter, &grants, purpose, now);
        prop_assert!(!strictly.is_allowed() || decide(looser, &grants, purpose, now).is_allowed());
    }

    /// N1: an account may be stricter, never looser: its own choice admits nothing the practice refuses.
    #[test]
    fn n1_an_account_never_loosens(
        grants in grants(), now in instant(), practice in level(), account in option::of(level()),
        purpose in purpose()
    ) {
        let in_force = decide(ConsentLevel::strictest(practice, account), &grants, purpose, now);
        prop_assert!(!in_force.is_allowed() || decide(practice, &grants, purpose, now).is_allowed());
        if let Some(account) = account {
            prop_assert!(!in_force.is_allowed() || decide(account, &grants, purpose, now).is_allowed());
        }
    }

    /// N3, R1: purposes never widen: a purpose in no grant is never covered by one.
    #[test]
    fn r1_purposes_never_widen(
        mut grants in grants(), now in instant(), level in level(), purpose in purpose()
    ) {
        for grant in &mut grants {
            grant.purposes = grant.purposes.iter().filter(|agreed| *agreed != purpose).collect();
        }
        let by_level = level < ConsentLevel::Required && purpose == Purpose::ClinicalRecord;
        let expected = by_level.then_some(Basis::LevelAllows(level));
        match decide(level, &grants, purpose, now) {
            Decision::Allowed(basis) => prop_assert_eq!(Some(basis), expected),
            Decision::Refused(_) => prop_assert_eq!(expected, None),
        }
    }

    /// N2, N4: an allowed consent is a live record with that purpose, and there is no later one; a
    /// refusal means there is none.
    #[test]
    fn n2_the_basis_is_the_latest_live_matching_record(
        grants in grants(), now in instant(), level in level(), purpose in purpose()
    ) {
        let matching = |grant: &&Grant| {
            grant.purposes.contains(purpose)
                && grant.revoked_at.is_none()
                && grant.expires_at.is_none_or(|end| now < end)
        };
        let decision = decide(level, &grants, purpose, now);
        if let Decision::Allowed(Basis::Consent(id)) = decision {
            let basis = grants.iter().find(|grant| grant.consent == id).expect("a record of this patient");
            prop_assert!(matching(&basis));
            prop_assert!(grants.iter().filter(matching).all(|other| other.given_at <= basis.given_at));
        } else {
            prop_assert_eq!(grants.iter().find(matching), None);
        }
    }

    /// N4, R1: apart from the clinical record, no level allows anything by itself.
    #[test]
    fn r1_no_level_allows_another_purpose(
        grants in grants(), now in instant(), level in level(), purpose in purpose()
    ) {
        let decision = decide(level, &grants, purpose, now);
        if let Decision::Allowed(Basis::LevelAllows(by)) = decision {
            prop_assert_eq!(purpose, Purpose::ClinicalRecord);
            prop_assert_eq!(by, level);
            prop_assert!(by < ConsentLevel::Required);
        }
    }

    /// N4: the order in which records are listed is irrelevant.
    #[test]
    fn n4_order_is_irrelevant(
        (grants, shuffled) in grants().prop_flat_map(|g| (Just(g.clone()), Just(g).prop_shuffle())),
        now in instant(), level in level(), purpose in purpose()
    ) {
        prop_assert_eq!(decide(level, &grants, purpose, now), decide(level, &shuffled, purpose, now));
        prop_assert_eq!(Status::of(&grants, now), Status::of(&shuffled, now));
        prop_assert_eq!(decisive(&grants, now), decisive(&shuffled, now));
    }

    /// N4: the standing is `none` without records, `given` with a live one, else the latest's.
    #[test]
    fn n4_the_standing_is_derived(grants in grants(), now in instant()) {
        let status = Status::of(&grants, now);
        let any_live = grants.iter().any(|grant| grant.is_live(now));
        prop_assert_eq!(status == Status::None, grants.is_empty());
        prop_assert_eq!(status == Status::Given, any_live);
        if let Some(latest) = grants.iter().max_by_key(|grant| (grant.given_at, grant.consent)) {
            prop_assert!(any_live || status == latest.status(now));
        }
    }

    /// N2, N4: under `required` nothing is stored unless the standing shown is `given`.
    #[test]
    fn n2_storing_agrees_with_the_standing(grants in grants(), now in instant()) {
        let storing = decide(ConsentLevel::Required, &grants, Purpose::ClinicalRecord, now);
        let given = Status::of(&grants, now) == Status::Given;
        prop_assert!(given || !storing.is_allowed());
        // Records made by this crate always hold the clinical record; then the two say the same.
        let as_recorded: Vec<_> = grants
            .iter()
            .map(|grant| Grant { purposes: grant.purposes.with(Purpose::ClinicalRecord), ..*grant })
            .collect();
        let storing = decide(ConsentLevel::Required, &as_recorded, Purpose::ClinicalRecord, now);
        prop_assert_eq!(storing.is_allowed(), given);
    }
}
