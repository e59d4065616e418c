//! The cutis program: composition root and command line.

#![forbid(unsafe_code)]
