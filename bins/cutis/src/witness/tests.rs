//! The file moves forward along one trail, or not at all.

use std::sync::{Arc, Mutex};

use super::*;

fn key() -> TrailKey {
    TrailKey::from_bytes([7; 32])
}

/// A trail whose leaves are these.
struct Leaves(Vec<u8>);

impl Leaves {
    fn head(&self, size: usize) -> Head {
        let mut frontier = Frontier::new();
        self.0
            .iter()
            .take(size)
            .for_each(|leaf| frontier.push([*leaf; 32]));
        cutis_audit::head(&key(), &frontier)
    }
}

impl Beginnings for Leaves {
    fn begins_with(&self, head: &Head) -> Result<bool, StorageError> {
        let size = usize::try_from(head.size).expect("small");
        Ok(head.verify(&key()) && size <= self.0.len() && self.head(size) == *head)
    }
}

struct Place {
    path: PathBuf,
    said: Arc<Mutex<Vec<Refused>>>,
    _folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self {
            path: folder.path().join("trail.head"),
            said: Arc::default(),
            _folder: folder,
        }
    }

    fn writer(&self) -> HeadFile {
        let said = Arc::clone(&self.said);
        let on_refused = move |why| said.lock().expect("not poisoned").push(why);
        HeadFile::new(self.path.clone(), Box::new(on_refused))
    }

    fn kept(&self) -> Kept {
        read(&self.path).expect("readable")
    }

    fn said(&self) -> Vec<Refused> {
        self.said.lock().expect("not poisoned").clone()
    }
}

/// U4: the file holds the newest head there is, whoever wrote it.
#[test]
fn the_newest_head_stays() {
    let (place, trail) = (Place::new(), Leaves(vec![1, 2, 3]));
    assert_eq!(place.kept(), Kept::Nothing);
    begin(&place.path, &key()).expect("made");
    let (mut server, mut other) = (place.writer(), place.writer());
    server.note(&trail.head(1), &trail);
    assert_eq!(place.kept(), Kept::Head(trail.head(1)));
    other.note(&trail.head(3), &trail);
    server.note(&trail.head(2), &trail);
    assert_eq!(
        place.kept(),
        Kept::Head(trail.head(3)),
        "an older head does not replace a newer one"
    );
    assert_eq!(place.said(), []);
    begin(&place.path, &key()).expect("it is there already");
    assert_eq!(place.kept(), Kept::Head(trail.head(3)));
}

/// Issue 6, point 3: neither a longer trail nor another one launders a head that it does not begin with.
#[test]
fn a_head_of_another_trail_is_never_overwritten() {
    let (place, seen, other) = (
        Place::new(),
        Leaves(vec![1, 2, 3]),
        Leaves(vec![1, 9, 9, 9, 9, 9]),
    );
    keep(&place.path, &seen.head(3)).expect("made");
    let mut writer = place.writer();
    for size in 1..=6 {
        writer.note(&other.head(size), &other);
        assert_eq!(place.kept(), Kept::Head(seen.head(3)), "after {size} events");
    }
    assert_eq!(place.said(), [Refused::OtherTrail { size: 3 }], "said once");
    let forged = Head {
        mac: [0; 32],
        ..seen.head(3)
    };
    durable::write(&place.path, &forged.to_bytes(), durable::PRIVATE_FILE).expect("written");
    place.writer().note(&other.head(6), &other);
    assert_eq!(place.kept(), Kept::Head(forged));
}

/// Issue 6, point 3: a head that was deleted is not created again, whether before the first note or between two.
#[test]
fn a_deleted_head_is_not_made_anew() {
    let (place, trail) = (Place::new(), Leaves(vec![1, 2, 3]));
    place.writer().note(&trail.head(1), &trail);
    assert_eq!((place.kept(), place.said()), (Kept::Nothing, vec![Refused::Gone]));

    begin(&place.path, &key()).expect("made");
    let mut writer = place.writer();
    writer.note(&trail.head(1), &trail);
    fs::remove_file(&place.path).expect("removed");
    writer.note(&trail.head(2), &trail);
    writer.note(&trail.head(3), &trail);
    assert_eq!((place.kept(), place.said().len()), (Kept::Nothing, 2));
}

/// A file that something else wrote is named, and left as it is.
#[test]
fn what_is_no_head_is_left_alone() {
    let (place, trail) = (Place::new(), Leaves(vec![1]));
    durable::write(&place.path, &[1; 100], durable::PRIVATE_FILE).expect("written");
    assert_eq!(place.kept(), Kept::NoHead);
    place.writer().note(&trail.head(1), &trail);
    assert_eq!(place.said(), [Refused::NoHead]);
    assert_eq!(fs::read(&place.path).expect("there"), [1; 100]);
}

/// A file that was replaced by an earlier one of the same trail is moved forward again.
#[test]
fn an_older_head_of_the_same_trail_is_moved_forward() {
    let (place, trail) = (Place::new(), Leaves(vec![1, 2, 3]));
    keep(&place.path, &trail.head(2)).expect("made");
    let mut writer = place.writer();
    writer.note(&trail.head(2), &trail);
    durable::write(&place.path, &trail.head(1).to_bytes(), durable::PRIVATE_FILE).expect("replaced");
    writer.note(&trail.head(3), &trail);
    assert_eq!(
        (place.kept(), place.said()),
        (Kept::Head(trail.head(3)), Vec::new())
    );
}
