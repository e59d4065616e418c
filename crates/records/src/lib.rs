//! Use cases of a clinician: patients, entries, images, comparisons, tags, consents, exports.

#![forbid(unsafe_code)]
