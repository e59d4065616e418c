//! Whether an edit is new, or was stored before: exactly once, however often and however late it is sent.

/// The last edit of a client that was stored. One client sends its edits in order, so one is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Its number.
    pub seq: u64,
    /// A digest of what it said.
    pub body: [u8; 32],
}

/// What an edit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// One that was not stored.
    New,
    /// The last one again: it is answered as it was then.
    Again,
    /// The number of the last one, with another content.
    Reused,
    /// A lower number than that of the last one.
    Passed,
}

impl Replay {
    /// Decides by the last stored edit of the client, if there is one.
    pub fn of(kept: Option<&Kept>, seq: u64, body: &[u8; 32]) -> Self {
        match kept {
            None => Self::New,
            Some(kept) if seq > kept.seq => Self::New,
            Some(kept) if seq < kept.seq => Self::Passed,
            Some(kept) if kept.body == *body => Self::Again,
            Some(_) => Self::Reused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S1, case 4: the same is the same, another content under the same number is refused.
    #[test]
    fn an_edit_is_stored_once() {
        let kept = Kept {
            seq: 7,
            body: [1; 32],
        };
        assert_eq!(Replay::of(None, 0, &[1; 32]), Replay::New);
        assert_eq!(Replay::of(Some(&kept), 8, &[1; 32]), Replay::New);
        assert_eq!(Replay::of(Some(&kept), 7, &[1; 32]), Replay::Again);
        assert_eq!(Replay::of(Some(&kept), 7, &[2; 32]), Replay::Reused);
        assert_eq!(Replay::of(Some(&kept), 6, &[1; 32]), Replay::Passed);
    }
}
