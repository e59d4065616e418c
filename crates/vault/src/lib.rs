//! Holds the keys: the installation's, and one for each patient.

#![forbid(unsafe_code)]
