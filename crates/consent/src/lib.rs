//! Decides whether consent covers a purpose at the practice's level, and proves it.

#![forbid(unsafe_code)]
