use std::fs;
use std::sync::Barrier;

use cutis_domain::Timestamp;
use data_encoding::HEXLOWER;

use super::*;
use crate::testing::Counted;

fn when() -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000)
}

struct Place {
    dir: tempfile::TempDir,
    key: InstallationKey,
}

impl Place {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            key: installation(7),
        }
    }

    fn open(&self) -> Vault {
        self.try_open(&self.key).unwrap()
    }

    fn try_open(&self, key: &InstallationKey) -> Result<Vault, VaultError> {
        Vault::open(
            &self.dir.path().join("vault"),
            key.clone(),
            Arc::new(Counted::default()),
        )
    }
}

fn installation(seed: u8) -> InstallationKey {
    InstallationKey::from_bytes(&Zeroizing::new([seed; 32]))
}

fn patient(n: u8) -> PatientId {
    PatientId::from_bytes([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, n])
}

fn name(key: &PatientKey) -> [u8; 32] {
    key.name("original", &cutis_domain::Digest::from_bytes([0; 32]))
}

#[test]
fn a_patients_key_is_the_same_after_a_restart_and_no_two_are_alike() {
    let place = Place::new();
    let vault = place.open();
    assert!(matches!(vault.patient_key(patient(1)), Err(VaultError::Unknown(id)) if id == patient(1)));
    let one = name(&vault.ensure_patient_key(NothingSealed(patient(1))).unwrap());
    let two = name(&vault.ensure_patient_key(NothingSealed(patient(2))).unwrap());
    assert_ne!(one, two);
    assert_eq!(
        name(&vault.ensure_patient_key(NothingSealed(patient(1))).unwrap()),
        one
    );
    let again = place.open();
    assert_eq!(name(&again.patient_key(patient(1)).unwrap()), one);
    assert_eq!(
        name(&again.ensure_patient_key(NothingSealed(patient(2))).unwrap()),
        two
    );
}

#[test]
fn concurrent_creators_agree_on_one_key() {
    let place = Place::new();
    // Four vaults, so that no cache helps: as good as four processes.
    let vaults: Vec<_> = (0..4)
        .map(|seed| {
            let entropy = Arc::new(Counted::from(100 + seed));
            Vault::open(&place.dir.path().join("vault"), place.key.clone(), entropy).unwrap()
        })
        .collect();
    let barrier = Barrier::new(vaults.len());
    for round in 0..8 {
        let names: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = vaults
                .iter()
                .map(|vault| {
                    scope.spawn(|| {
                        barrier.wait();
                        name(&vault.ensure_patient_key(NothingSealed(patient(round))).unwrap())
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(names.iter().all(|each| *each == names[0]));
        assert_eq!(name(&place.open().patient_key(patient(round)).unwrap()), names[0]);
    }
}

/// D1: a destroyed key is gone from memory and disk, and the patient gets no other.
#[test]
fn a_destroyed_key_never_comes_back() {
    let place = Place::new();
    let vault = place.open();
    vault.ensure_patient_key(NothingSealed(patient(1))).unwrap();
    let copy = fs::read(vault.key_path(patient(1))).unwrap();
    vault.destroy_patient_key(patient(1), when()).unwrap();
    vault.destroy_patient_key(patient(1), when()).unwrap();
    assert!(!vault.key_path(patient(1)).exists());
    assert!(matches!(
        vault.patient_key(patient(1)),
        Err(VaultError::Destroyed(_))
    ));
    assert!(matches!(
        vault.ensure_patient_key(NothingSealed(patient(1))),
        Err(VaultError::Destroyed(_))
    ));

    // Somebody copies the key's file back: refused at once, and destroyed at the next start.
    durable::write(&vault.key_path(patient(1)), &copy, 0o600).unwrap();
    assert!(matches!(
        vault.patient_key(patient(1)),
        Err(VaultError::Destroyed(_))
    ));
    let again = place.open();
    assert!(matches!(
        again.patient_key(patient(1)),
        Err(VaultError::Destroyed(_))
    ));
    assert_eq!(again.finish_destructions().unwrap().completed, [patient(1)]);
    assert!(!again.key_path(patient(1)).exists());
}

/// D1, C52: a crash after the mark and before the key is gone is completed by the next start.
#[test]
fn an_interrupted_destruction_is_completed() {
    let place = Place::new();
    let vault = place.open();
    vault.ensure_patient_key(NothingSealed(patient(1))).unwrap();
    let mark = vault.mark_bytes(patient(1), when());
    durable::create_new(&vault.mark_path(patient(1)), &mark, 0o600).unwrap();
    let again = place.open();
    assert!(again.key_path(patient(1)).exists(), "opening destroys nothing");
    assert_eq!(again.finish_destructions().unwrap().completed, [patient(1)]);
    assert!(!again.key_path(patient(1)).exists());
    assert_eq!(again.finish_destructions().unwrap(), Destructions::default());
    assert!(matches!(
        again.patient_key(patient(1)),
        Err(VaultError::Destroyed(_))
    ));
}

/// D1: whatever the order in which a capture and an erasure arrive, the erasure wins.
#[test]
fn a_destruction_wins_against_concurrent_creators() {
    let place = Place::new();
    let vaults = [place.open(), place.open()];
    let barrier = Barrier::new(4);
    for round in 0..24 {
        std::thread::scope(|scope| {
            for vault in &vaults {
                scope.spawn(|| {
                    barrier.wait();
                    match vault.ensure_patient_key(NothingSealed(patient(round))) {
                        Ok(_) | Err(VaultError::Destroyed(_)) => {}
                        Err(error) => panic!("{error:?}"),
                    }
                });
                scope.spawn(|| {
                    barrier.wait();
                    vault.destroy_patient_key(patient(round), when()).unwrap();
                });
            }
        });
        for vault in &vaults {
            assert!(!vault.key_path(patient(round)).exists(), "round {round}");
        }
        assert!(matches!(
            place.open().ensure_patient_key(NothingSealed(patient(round))),
            Err(VaultError::Destroyed(_))
        ));
    }
}

/// The recovery text alone brings back everything but the patients' key files.
#[test]
fn a_lost_installation_key_comes_back_from_its_recovery_text() {
    let place = Place::new();
    let file = place.dir.path().join("installation.key");
    let key = InstallationKey::create(&file, &Counted::from(3)).unwrap();
    let text = crate::recovery::to_text(&key);
    let before = name(
        &place
            .try_open(&key)
            .unwrap()
            .ensure_patient_key(NothingSealed(patient(1)))
            .unwrap(),
    );
    drop(key);
    fs::remove_file(&file).unwrap();

    crate::recovery::from_text(text.expose())
        .unwrap()
        .store(&file)
        .unwrap();
    let key = InstallationKey::load(&file).unwrap();
    assert_eq!(
        name(&place.try_open(&key).unwrap().patient_key(patient(1)).unwrap()),
        before
    );
}

#[test]
fn destroying_an_unknown_patients_key_is_allowed_and_final() {
    let place = Place::new();
    let vault = place.open();
    vault.destroy_patient_key(patient(3), when()).unwrap();
    assert!(matches!(
        vault.ensure_patient_key(NothingSealed(patient(3))),
        Err(VaultError::Destroyed(_))
    ));
}

/// C50: key files of two patients cannot be swapped, and any damage is found.
#[test]
fn a_damaged_or_swapped_key_file_is_refused() {
    let place = Place::new();
    let vault = place.open();
    vault.ensure_patient_key(NothingSealed(patient(1))).unwrap();
    vault.ensure_patient_key(NothingSealed(patient(2))).unwrap();
    let (one, two) = (vault.key_path(patient(1)), vault.key_path(patient(2)));
    let sound = fs::read(&one).unwrap();
    assert_eq!(sound.len(), WRAPPED_LEN);
    let refuses = |bytes: &[u8]| {
        durable::write(&one, bytes, 0o600).unwrap();
        matches!(
            place.open().patient_key(patient(1)),
            Err(VaultError::PatientKeyDamaged(_))
        )
    };
    // The check file stays, so each opening is by the right installation key.
    for at in 0..sound.len() {
        let mut bytes = sound.clone();
        bytes[at] ^= 1 << (at % 8);
        assert!(refuses(&bytes), "byte {at}");
    }
    assert!(refuses(&sound[..sound.len() - 1]));
    assert!(refuses(b""));
    assert!(refuses(&fs::read(&two).unwrap()));
    durable::write(&one, &sound, 0o600).unwrap();
    place.open().patient_key(patient(1)).unwrap();
}

#[test]
fn another_installation_key_is_refused_at_the_start() {
    let place = Place::new();
    let vault = place.open();
    let refused =
        |place: &Place| matches!(place.try_open(&installation(8)), Err(VaultError::WrongKey { .. }));
    assert!(refused(&place), "by the check file, with no patient yet");
    vault.ensure_patient_key(NothingSealed(patient(1))).unwrap();
    assert!(refused(&place));

    let check = place.dir.path().join("vault").join(CHECK_FILE);
    fs::remove_file(&check).unwrap();
    assert!(refused(&place), "by the patients' keys, without the check file");
    durable::write(&check, b"worn", 0o600).unwrap();
    assert!(refused(&place));
    place.open();
    assert_ne!(fs::read(&check).unwrap(), b"worn");
}

#[cfg(unix)]
#[test]
fn the_vault_is_its_owners_only() {
    use std::os::unix::fs::PermissionsExt;

    let place = Place::new();
    let vault = place.open();
    vault.ensure_patient_key(NothingSealed(patient(1))).unwrap();
    vault.destroy_patient_key(patient(2), when()).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for file in [
        vault.key_path(patient(1)),
        vault.mark_path(patient(2)),
        vault.dir.join(CHECK_FILE),
    ] {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
        assert_eq!(mode(file.parent().unwrap()), 0o700);
    }
}

/// The form of a key file must never change.
#[test]
fn a_wrapped_key_is_what_it_always_was() {
    let place = Place::new();
    let golden = concat!(
        "6375746973706b01cd2662154e6d76b2b2b92e708f4f194ab633a2f0f468aa02ba8f12ddf6e3b6d5",
        "0948ac6552a751f30b42a48c00adffee5491069c4fa4297aafe7d919"
    );
    let vault = place.open();
    let wrapped = vault.wrap(patient(1), &Zeroizing::new([5; 32])).unwrap();
    assert_eq!(HEXLOWER.encode(&wrapped), golden);
    assert_eq!(*vault.unwrap(patient(1), &wrapped).unwrap(), [5; 32]);
}

/// C11: sealed secrets open only for their purpose and their record, and unchanged.
#[test]
fn secrets_are_bound_to_purpose_and_context() {
    let vault = Place::new().open();
    let one = vault.seal_secret("totp", b"user 1", b"seed one").unwrap();
    let two = vault.seal_secret("totp", b"user 2", b"seed two").unwrap();
    let opens = |purpose: &str, context: &[u8], sealed: &[u8]| {
        vault
            .open_secret(purpose, context, sealed)
            .map(|secret| secret.expose().clone())
    };
    assert_eq!(opens("totp", b"user 1", &one).unwrap(), b"seed one");
    assert_eq!(opens("totp", b"user 2", &two).unwrap(), b"seed two");
    // Swapping two users' sealed seeds: both fail to open.
    assert!(opens("totp", b"user 1", &two).is_err());
    assert!(opens("totp", b"user 2", &one).is_err());
    assert!(opens("mail", b"user 1", &one).is_err());
    for at in 0..one.len() {
        for bit in 0..8 {
            let mut bytes = one.clone();
            bytes[at] ^= 1 << bit;
            assert!(
                opens("totp", b"user 1", &bytes).is_err(),
                "bit {bit} of byte {at}"
            );
        }
        assert!(opens("totp", b"user 1", &one[..at]).is_err());
    }
    assert!(!one.windows(4).any(|part| part == b"seed"));
    assert_ne!(one, vault.seal_secret("totp", b"user 1", b"seed one").unwrap());
    assert_eq!(
        opens(
            "totp",
            b"user 1",
            &vault.seal_secret("totp", b"user 1", b"").unwrap()
        )
        .unwrap(),
        b""
    );
}

/// The form of a sealed secret must never change.
#[test]
fn a_sealed_secret_from_the_past_still_opens() {
    let vault = Place::new().open();
    let golden = "01cd2662154e6d76b2b2b92e701cb8461d841cb39a7e45130798834b6b2603cb41e4afb25a";
    let bytes = HEXLOWER.decode(golden.as_bytes()).unwrap();
    assert_eq!(
        vault.open_secret("totp", b"user 1", &bytes).unwrap().expose(),
        b"seed one"
    );
}

/// G11: a vault does not leak by printing.
#[test]
fn printing_shows_nothing() {
    let place = Place::new();
    let printed = format!("{:?}", place.open());
    assert!(printed.starts_with("Vault { dir: "), "{printed}");
    assert!(!printed.contains("key"), "{printed}");
}

/// C52: whoever can write files, but not the key's own code, can have nothing destroyed. An empty mark,
/// another patient's, one with a changed bit or another time: refused by name, the key as it was.
#[test]
fn a_forged_mark_destroys_nothing_and_refuses_by_name() {
    let place = Place::new();
    let vault = place.open();
    vault.ensure_patient_key(NothingSealed(patient(1))).unwrap();
    let path = vault.mark_path(patient(1));
    let key = fs::read(vault.key_path(patient(1))).unwrap();
    let own = vault.mark_bytes(patient(1), when());
    let mut forged = vec![
        Vec::new(),
        b"destroyed".to_vec(),
        vault.mark_bytes(patient(2), when()),
        own[..own.len() - 1].to_vec(),
        [own.as_slice(), b"x"].concat(),
    ];
    forged.extend((0..own.len() * 8).map(|bit| {
        let mut flipped = own.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    }));
    for bytes in forged {
        durable::write(&path, &bytes, 0o600).unwrap();
        let again = place.open();
        assert_eq!(
            again.finish_destructions().unwrap(),
            Destructions {
                completed: Vec::new(),
                refused: vec![patient(1)]
            }
        );
        let refused = again.patient_key(patient(1)).unwrap_err();
        assert!(matches!(refused, VaultError::MarkRefused { .. }), "{refused:?}");
        let said = refused.to_string();
        assert!(
            said.contains(&patient(1).to_string()) && said.contains("remove it"),
            "{said}"
        );
        assert!(matches!(
            again.destroy_patient_key(patient(1), when()),
            Err(VaultError::MarkRefused { .. })
        ));
        assert_eq!(fs::read(again.key_path(patient(1))).unwrap(), key);
    }
    durable::write(&path, &own, 0o600).unwrap();
    assert_eq!(vault.mark(patient(1)).unwrap(), Some(Mark::Ours(when())));
}

/// The form of a mark must never change.
#[test]
fn a_mark_is_what_it_always_was() {
    let mark = Place::new().open().mark_bytes(patient(1), when());
    assert_eq!(
        HEXLOWER.encode(&mark),
        "6375746973646d0100060a24181e40001d340c00746f76c7171cf1639edf3f304f343c8fe43ff4bedaa3e1d52c56244d"
    );
}

/// A key that nobody seemed to need is found in the quarantine, and is never replaced meanwhile.
#[test]
fn a_quarantined_key_still_opens_and_comes_back() {
    let place = Place::new();
    let folder = place.dir.path().join("quarantine/keys");
    let open = || place.open().with_quarantine(folder.clone());
    let vault = open();
    let before = name(&vault.ensure_patient_key(NothingSealed(patient(1))).unwrap());
    assert!(vault.quarantine_key(patient(1), when()).unwrap());
    assert!(!vault.quarantine_key(patient(1), when()).unwrap());
    assert!(vault.stored_keys().unwrap().is_empty());
    assert!(vault.has_key(patient(1)).unwrap() && !vault.has_key(patient(2)).unwrap());
    let note = fs::read_to_string(folder.join("record.txt")).unwrap();
    assert!(
        note.starts_with("2023-11-14T22:13:20") && note.contains(&patient(1).to_string()),
        "{note}"
    );
    assert_eq!(vault.quarantined_keys().unwrap()[0].patient, patient(1));
    for vault in [&vault, &open()] {
        assert_eq!(name(&vault.patient_key(patient(1)).unwrap()), before);
        assert_eq!(
            name(&vault.ensure_patient_key(NothingSealed(patient(1))).unwrap()),
            before,
            "no second key"
        );
    }
    assert!(vault.return_key(patient(1)).unwrap());
    assert!(vault.quarantined_keys().unwrap().is_empty());
    assert_eq!(name(&open().patient_key(patient(1)).unwrap()), before);

    // I4: something else in its place gives way to the key, and is kept; a second sound key is for nobody to judge.
    vault.quarantine_key(patient(1), when()).unwrap();
    let there = vault.key_path(patient(1));
    for planted in [&b""[..], b"something else"] {
        durable::write(&there, planted, durable::PRIVATE_FILE).unwrap();
        assert_eq!(vault.compare_keys(patient(1)).unwrap(), KeyTwins::Aside);
        assert_eq!(
            name(&open().patient_key(patient(1)).unwrap()),
            before,
            "it opens at once"
        );
        assert!(vault.exchange_key(patient(1), when()).unwrap());
        assert!(!vault.exchange_key(patient(1), when()).unwrap(), "once");
        assert_eq!(name(&open().patient_key(patient(1)).unwrap()), before);
        vault.quarantine_key(patient(1), when()).unwrap();
    }
    let other = vault.wrap(patient(1), &Zeroizing::new([9; 32])).unwrap();
    durable::write(&there, &other, durable::PRIVATE_FILE).unwrap();
    assert_eq!(vault.compare_keys(patient(1)).unwrap(), KeyTwins::Both);
    fs::remove_file(&there).unwrap();
    assert!(vault.return_key(patient(1)).unwrap());
    assert_eq!(vault.compare_keys(patient(1)).unwrap(), KeyTwins::InPlace);

    vault.quarantine_key(patient(1), when()).unwrap();
    vault.destroy_patient_key(patient(1), when()).unwrap();
    assert!(
        vault.quarantined_keys().unwrap().is_empty(),
        "a destruction reaches the quarantine"
    );
}

/// U4: looking changes nothing, not even a missing check file or an unfinished destruction.
#[test]
fn a_vault_opened_for_looking_changes_no_byte() {
    let place = Place::new();
    let vault = place.open();
    vault.ensure_patient_key(NothingSealed(patient(1))).unwrap();
    let mark = vault.mark_bytes(patient(1), when());
    durable::create_new(&vault.mark_path(patient(1)), &mark, 0o600).unwrap();
    fs::remove_file(place.dir.path().join("vault").join(CHECK_FILE)).unwrap();
    let dir = place.dir.path().join("vault");
    let look = Vault::open_unchanged(&dir, place.key.clone(), Arc::new(Counted::default())).unwrap();
    assert!(matches!(
        look.patient_key(patient(1)),
        Err(VaultError::Destroyed(_))
    ));
    assert_eq!(look.marks().unwrap(), [(patient(1), Mark::Ours(when()))]);
    assert!(look.key_path(patient(1)).exists());
    assert!(!dir.join(CHECK_FILE).exists());
    let nowhere = place.dir.path().join("nowhere");
    let key = place.key;
    Vault::open_unchanged(&nowhere, key, Arc::new(Counted::default())).unwrap();
    assert!(!nowhere.exists());
}
