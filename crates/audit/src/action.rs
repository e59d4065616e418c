//! The closed list of actions.

use cutis_domain::Invalid;

use crate::level::{AuditLevel, Class};

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $label:literal, $class:ident, $level:ident;)+) => {
        /// What happened. The whole list; there are no others.
        ///
        /// Codes never change: they are part of stored events, answers and exports.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $($(#[$doc])* $name,)+
        }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Its stable code, such as `image.stored`.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// Its name for people, in the past tense, such as “Photo added”.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)+ }
            }

            /// Its retention class.
            pub const fn class(self) -> Class {
                match self { $(Self::$name => Class::$class,)+ }
            }

            /// The lowest level at which it is recorded (U1).
            pub const fn level(self) -> AuditLevel {
                match self { $(Self::$name => AuditLevel::$level,)+ }
            }
        }
    };
}

actions! {
    /// The first account was made with the set-up code (A2).
    PracticeSetUp = "practice.set_up", "Practice set up", Administration, Essential;
    /// An account was made.
    AccountCreated = "account.created", "Account created", Administration, Essential;
    /// An account looked at its own history (U5).
    AccountActivityViewed = "account.activity_viewed", "Own activity viewed", Administration, Comprehensive;

    /// Somebody signed in.
    SessionStarted = "session.started", "Signed in", Authentication, Essential;
    /// A sign-in failed: unknown name, wrong password, account not active. One action for all, because the person who
    /// tries must not learn which; the detail `reason` says it.
    SessionRefused = "session.refused", "Sign-in refused", Authentication, Essential;
    /// Requests of people who did not sign in were refused: how many of each kind, from which address and
    /// against which account. Counted, because one event for each would let a stranger fill the disk.
    StrangersRefused = "strangers.refused", "Requests without sign-in refused", Authentication, Essential;
    /// A device was handed to a patient for signing: until the password is entered, the session gives access to nothing
    /// else (N6).
    SessionHandedOver = "session.handed_over", "Device handed over for signing", Authentication, Essential;
    /// A signed-in person entered their password again, for example after a hand-over for signing (N6).
    SessionConfirmed = "session.confirmed", "Password confirmed", Authentication, Essential;
    /// Somebody signed out, or one session was revoked.
    SessionEnded = "session.ended", "Signed out", Authentication, Essential;
    /// Every session of an account was ended (A7).
    SessionEndedAll = "session.ended_all", "Signed out everywhere", Authentication, Essential;
    /// A session reached its idle or absolute limit (A7).
    SessionExpired = "session.expired", "Session expired", Authentication, Essential;
    /// A password was changed by its owner.
    PasswordChanged = "password.changed", "Password changed", Authentication, Essential;
    /// A password was reset on the host's command line (A9).
    PasswordResetByOperator = "password.reset_by_operator", "Password reset on the host", Authentication, Essential;
    /// A request was refused: wrong role, an object of somebody else, or no such object (A10).
    AccessRefused = "access.refused", "Access refused", Authentication, Essential;

    /// A patient was added.
    PatientCreated = "patient.created", "Patient added", Record, Comprehensive;
    /// A patient's details were changed; the detail `fields` says which.
    PatientChanged = "patient.changed", "Patient changed", Record, Comprehensive;
    /// A patient's page was opened.
    PatientViewed = "patient.viewed", "Patient viewed", Record, Comprehensive;
    /// It was counted how many patients a filter lets through.
    PatientsCounted = "patients.counted", "Patients counted", Record, Comprehensive;
    /// A list of patients was shown.
    PatientsListed = "patients.listed", "Patients listed", Record, Comprehensive;
    /// Patients were searched.
    PatientsSearched = "patients.searched", "Patients searched", Record, Comprehensive;
    /// A patient's activity was shown (U5).
    PatientActivityViewed = "patient.activity_viewed", "Patient's activity viewed", Record, Comprehensive;

    /// A visit was added.
    EntryCreated = "entry.created", "Visit added", Record, Comprehensive;
    /// A patient's visits were shown.
    EntriesViewed = "entries.viewed", "Visits viewed", Record, Comprehensive;
    /// A visit was opened. What is pushed to the page that opened it, while it stays open, has no event of its own (S1).
    EntryViewed = "entry.viewed", "Visit viewed", Record, Comprehensive;
    /// A visit's time, title or notes changed; the details say which, and the version that it has now (E3).
    EntryChanged = "entry.changed", "Visit changed", Record, Comprehensive;
    /// A page sent a change of a visit that made no difference; kept, so that it makes none either when it is sent again
    /// after somebody else's (S1).
    EntryUnchanged = "entry.unchanged", "Visit typed into without a difference", Record, Comprehensive;
    /// A visit was signed, which freezes it (E5).
    EntrySigned = "entry.signed", "Visit signed", Record, Comprehensive;
    /// A remark was added to a signed visit (E5).
    EntryAddendumAdded = "entry.addendum_added", "Addendum added", Record, Comprehensive;
    /// Earlier versions of a visit's notes were shown (E1).
    EntryRevisionsViewed = "entry.revisions_viewed", "Earlier notes viewed", Record, Comprehensive;
    /// Sections of a visit were opened or closed, or its photos shown in another order or size (E2, E4).
    EntryLayoutChanged = "entry.layout_changed", "View of a visit changed", Record, Comprehensive;

    /// An image was put into a visit's workspace, or taken out; the details say which (E4).
    WorkspaceChanged = "workspace.changed", "Photos of a visit changed", Record, Comprehensive;
    /// A comparison was added to a visit (C1).
    ComparisonCreated = "comparison.created", "Comparison added", Record, Comprehensive;
    /// A comparison, or what is marked on one of its images, was changed; the detail `fields` says what.
    ComparisonChanged = "comparison.changed", "Comparison changed", Record, Comprehensive;
    /// A comparison was shown, with what is marked on its images.
    ComparisonViewed = "comparison.viewed", "Comparison viewed", Record, Comprehensive;
    /// A comparison was removed; its images stay.
    ComparisonRemoved = "comparison.removed", "Comparison removed", Record, Comprehensive;
    /// The comparisons and the workspace of a visit were shown.
    WorkspaceViewed = "workspace.viewed", "Photos of a visit viewed", Record, Comprehensive;

    /// A category of tags was added (T1).
    TagCategoryCreated = "tag_category.created", "Tag category added", Record, Comprehensive;
    /// A category was renamed, or its colour or place changed; the detail `fields` says which (T3).
    TagCategoryChanged = "tag_category.changed", "Tag category changed", Record, Comprehensive;
    /// A category without tags was removed.
    TagCategoryRemoved = "tag_category.removed", "Tag category removed", Record, Comprehensive;
    /// A tag was added (T1).
    TagCreated = "tag.created", "Tag added", Record, Comprehensive;
    /// A tag was renamed, moved, archived or brought back; the detail `fields` says which (T3).
    TagChanged = "tag.changed", "Tag changed", Record, Comprehensive;
    /// Tags became part of another; the details say which and how often they were used (T3). Large merges are done in
    /// steps with an event each; the last one says `finished`.
    TagsMerged = "tags.merged", "Tags merged", Record, Comprehensive;
    /// A tag was removed from everything, and then itself; steps as with merging (T3).
    TagRemoved = "tag.removed", "Tag removed", Record, Comprehensive;
    /// Tags were given and taken; the details say which and to what (T1).
    TagsAssigned = "tags.assigned", "Tags changed", Record, Comprehensive;
    /// The tags of the account were listed, with how often each is used.
    TagsListed = "tags.listed", "Tags listed", Record, Comprehensive;
    /// The tags of a patient, a visit or a photo were shown, with where they come from (T2).
    TagsViewed = "tags.viewed", "Tags viewed", Record, Comprehensive;

    /// An image was stored: an edit of the record, so comprehensive (the proof of consent is in
    /// the image's own row).
    ImageStored = "image.stored", "Photo added", Record, Comprehensive;
    /// The same bytes were uploaded again for one patient (I2).
    ImageDuplicate = "image.duplicate", "Duplicate photo skipped", Record, Comprehensive;
    /// One file of a batch was refused; the detail `reason` says why (I2).
    ImageRefused = "image.refused", "Photo refused", Record, Comprehensive;
    /// A file began to arrive in parts; the detail `bytes` says how long it will be. Its end is the image, its refusal,
    /// or the next action (I4).
    UploadBegun = "upload.begun", "Upload begun", Record, Comprehensive;
    /// What had arrived of a file was discarded; the detail `reason` says why (I4).
    UploadDiscarded = "upload.discarded", "Unfinished upload discarded", Record, Comprehensive;
    /// A page of a patient's images was shown; their ids are in the details.
    ImagesListed = "images.listed", "Photos listed", Record, Comprehensive;
    /// An image was opened.
    ImageViewed = "image.viewed", "Photo viewed", Record, Comprehensive;
    /// Thumbnails were shown; one event for many.
    ImageThumbnailsViewed = "image.thumbnails_viewed", "Thumbnails viewed", Record, Comprehensive;
    /// What is said about an image, or how it is turned, was changed; the detail `fields` says what.
    ImageChanged = "image.changed", "Photo details changed", Record, Comprehensive;
    /// Images were moved by hand in the order of the pool; their ids are in the details.
    ImagesArranged = "images.arranged", "Photos arranged", Record, Comprehensive;
    /// An original left the program: an export.
    ImageOriginalDownloaded = "image.original_downloaded", "Original downloaded", Record, Essential;
    /// A download of several images was asked for; the details say in which form and for what (I5, R1). Each that leaves
    /// has an event of its own.
    ImagesExportAsked = "images.export_asked", "Download of photos asked for", Record, Essential;
    /// An image left the program in a download of several; recorded before its first byte (I5, R1).
    ImageExported = "image.exported", "Photo downloaded", Record, Essential;
    /// A download of several images ended; the details say how many had left, and why if not all (I5).
    ImagesExportEnded = "images.export_ended", "Download of photos ended", Record, Essential;

    /// An image was refused because consent was missing (N2).
    CaptureRefused = "capture.refused", "Photo refused: consent required", Governance, Essential;
    /// A consent was recorded (N3).
    ConsentRecorded = "consent.recorded", "Consent recorded", Governance, Essential;
    /// A consent was revoked (N4).
    ConsentRevoked = "consent.revoked", "Consent revoked", Governance, Essential;
    /// A consent could not be recorded, such as one with a blank signature (N3).
    ConsentRefused = "consent.refused", "Consent not recorded", Governance, Essential;
    /// A patient's consents were shown.
    ConsentsViewed = "consents.viewed", "Consents viewed", Record, Comprehensive;
    /// The picture of a signature was shown.
    ConsentSignatureViewed = "consent.signature_viewed", "Signature viewed", Record, Comprehensive;

    /// A setting was changed (O2); the details hold both values.
    SettingChanged = "setting.changed", "Setting changed", Administration, Essential;
    /// The practice defined a custom field (P2).
    CustomFieldCreated = "patient_field.created", "Patient field added", Administration, Essential;
    /// A field of patients was renamed, moved, retired or brought back, or its choices changed.
    CustomFieldChanged = "patient_field.changed", "Patient field changed", Administration, Essential;
    /// The settings were shown.
    SettingsViewed = "settings.viewed", "Settings viewed", Administration, Comprehensive;

    /// The trail was verified (U4).
    TrailVerified = "trail.verified", "Activity trail verified", Governance, Essential;
    /// A row or the database's structure was found to be different from what this program left, and was not used (U4).
    /// Recorded at most once an hour for each; the details name table and row.
    IntegrityMismatch = "integrity.mismatch", "Record changed outside Cutis", Governance, Essential;
    /// A signed checkpoint left the database (U4).
    TrailCheckpoint = "trail.checkpoint", "Checkpoint written", Governance, Essential;

    /// Rows were written whose own event is not recorded at this level, or that no event describes. Records only what
    /// the rows are now, so that they can still be verified.
    StateAttested = "state.attested", "State attested", System, Essential;
    /// The server started.
    ServerStarted = "server.started", "Server started", System, Essential;
    /// The server stopped in order.
    ServerStopped = "server.stopped", "Server stopped", System, Essential;
    /// The clock went back, or jumped implausibly far forward (C57).
    ClockStep = "clock.step", "Clock changed", System, Essential;
    /// Key material was exported on the host's command line.
    KeyExported = "key.exported", "Key exported", System, Essential;
    /// The stores of images and keys were compared with the rows; the details count what was found,
    /// moved to the quarantine and moved back. Refused when so many would have been moved that something else must be
    /// wrong.
    StoreSwept = "store.swept", "Photo store checked", System, Essential;
    /// A person permanently deleted the contents of the quarantine.
    QuarantineEmptied = "quarantine.emptied", "Quarantine emptied", Governance, Essential;
    /// A patient's key was destroyed, or an interrupted destruction was completed.
    PatientKeyDestroyed = "patient_key.destroyed", "Patient's key destroyed", Governance, Essential;
    /// A mark says that a patient's key was destroyed, and this installation did not write it.
    PatientKeyMarkRefused = "patient_key.mark_refused", "Foreign destruction mark refused", Governance, Essential;
    /// A patient's key was found missing although images were sealed under it.
    PatientKeyMissing = "patient_key.missing", "Patient's key missing", Governance, Essential;
    /// A person chose to continue although the trail's end outside the database was missing, was further ahead, or
    /// belonged to another trail; the details quote both ends.
    TrailContinued = "trail.continued", "Trail continued although its end did not match", Governance, Essential;
    /// A person started over without the lost database; the details say what was left of it, and quote the old trail's
    /// end.
    PracticeStartedOver = "practice.started_over", "Started over without the old database", Governance, Essential;
    /// A person restored a lost database after a recovery without it had been started or even used; the details quote
    /// the end of the practice in between.
    PracticeReturned = "practice.returned", "Lost database restored", Governance, Essential;
}

impl Action {
    /// Whether the action only views something: such events are left out if a person asks for changes only (U5).
    /// Downloading an original is more than viewing.
    pub const fn only_looks(self) -> bool {
        matches!(
            self,
            Self::AccountActivityViewed
                | Self::PatientViewed
                | Self::PatientsListed
                | Self::PatientsSearched
                | Self::PatientActivityViewed
                | Self::EntriesViewed
                | Self::EntryViewed
                | Self::EntryRevisionsViewed
                | Self::ImagesListed
                | Self::ImageViewed
                | Self::ImageThumbnailsViewed
                | Self::ConsentsViewed
                | Self::ConsentSignatureViewed
                | Self::SettingsViewed
                | Self::WorkspaceViewed
                | Self::ComparisonViewed
                | Self::TagsListed
                | Self::TagsViewed
        )
    }

    /// Whether a practice that records at this level keeps it.
    pub const fn is_kept_at(self, level: AuditLevel) -> bool {
        matches!(
            (level, self.level()),
            (AuditLevel::Comprehensive, _) | (_, AuditLevel::Essential)
        )
    }

    /// Parses a code.
    ///
    /// # Errors
    /// When no action has it.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        Self::ALL
            .iter()
            .copied()
            .find(|action| action.code() == code)
            .ok_or_else(|| Invalid::new("action", "there is no such action"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_its_own_and_parses_back() {
        for (index, action) in Action::ALL.iter().enumerate() {
            assert_eq!(Action::parse(action.code()), Ok(*action));
            for other in &Action::ALL[index + 1..] {
                assert_ne!(action.code(), other.code());
                assert_ne!(action.label(), other.label());
            }
        }
        assert!(Action::parse("image.exploded").is_err());
    }

    /// U1: security, consent, deletion, export, settings and system cannot be switched off.
    #[test]
    fn essential_actions_are_kept_at_every_level() {
        for action in Action::ALL.iter().copied() {
            assert!(action.is_kept_at(AuditLevel::Comprehensive));
            let always = match action.class() {
                Class::Authentication | Class::Governance | Class::System => true,
                Class::Administration => {
                    !matches!(action, Action::SettingsViewed | Action::AccountActivityViewed)
                }
                Class::Record => matches!(
                    action,
                    Action::ImageOriginalDownloaded
                        | Action::ImagesExportAsked
                        | Action::ImageExported
                        | Action::ImagesExportEnded
                ),
            };
            assert_eq!(
                action.is_kept_at(AuditLevel::Essential),
                always,
                "{}",
                action.code()
            );
        }
    }

    /// U1: views, searches and edits are what `essential` leaves out.
    /// U5: an action that only views is recognised by the last word of its code, so a new one is not forgotten.
    #[test]
    fn looks_are_those_that_viewed_listed_or_searched() {
        for action in Action::ALL {
            let word = action.code().rsplit(['.', '_']).next().unwrap_or_default();
            let looks = matches!(word, "viewed" | "listed" | "searched");
            assert_eq!(action.only_looks(), looks, "{}", action.code());
        }
    }

    #[test]
    fn views_searches_and_edits_are_comprehensive() {
        for action in [
            Action::PatientViewed,
            Action::PatientsSearched,
            Action::PatientChanged,
            Action::ImageStored,
        ] {
            assert_eq!(action.level(), AuditLevel::Comprehensive);
        }
    }

    #[test]
    fn level_and_class_round_trip() {
        for level in [AuditLevel::Essential, AuditLevel::Comprehensive] {
            assert_eq!(AuditLevel::parse(level.code()), Ok(level));
        }
        assert!(AuditLevel::parse("none").is_err());
        for class in Class::ALL {
            assert_eq!(Class::from_number(class.number()), Some(class));
        }
        assert_eq!(Class::from_number(0), None);
        assert_eq!(Class::from_number(6), None);
    }
}
