//! A lab over a database in a folder of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cutis_storage::Backend;
use cutis_storage_sqlite::{Options, Sqlite};
use cutis_testkit::Lab;
use tempfile::TempDir;

/// A fresh database; the folder goes when what comes with the lab is dropped.
pub fn lab() -> (Lab, TempDir) {
    let folder = TempDir::new().expect("a folder");
    let path = path(&folder);
    (Lab::new(move || open(&path)), folder)
}

/// Where the lab's database is.
pub fn path(folder: &TempDir) -> PathBuf {
    folder.path().join("cutis.db")
}

fn open(path: &Path) -> Arc<dyn Backend> {
    Arc::new(Sqlite::open(path, Options::default()).expect("it opens"))
}
