//! The crate as its callers see it: real photographs, hostile files, and the worker protocol.

mod hostile;
mod pictures;
mod protocol;
mod real_photographs;
