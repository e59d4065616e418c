//! What every backend must do alike, so that callers notice nothing of which one it is (O4).

pub mod storage;
