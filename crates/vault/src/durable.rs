//! Small files that survive a power cut: written aside, synced, renamed, and the folder synced.
//!
//! A reader sees the old content or the new, never a part. Temporary files are named
//! `.<name>.<process>-<n>.new` and lie beside their target, because a rename is only atomic within
//! one file system.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Only the owner reads and writes.
pub const PRIVATE_FILE: u32 = 0o600;
/// Only the owner enters.
#[cfg(unix)]
const PRIVATE_DIR: u32 = 0o700;

/// What is in the place of an ordinary file but is not one. It is inside the [`io::Error`] of [`open`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not an ordinary file, but {}", .0.described())]
pub struct NotOrdinary(pub Kind);

/// A kind of file that holds no bytes of its own to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A folder.
    Folder,
    /// A named pipe.
    Pipe,
    /// A socket.
    Socket,
    /// A device.
    Device,
}

impl Kind {
    fn of(found: fs::FileType) -> Self {
        if found.is_dir() {
            return Self::Folder;
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::FileTypeExt as _;

            if found.is_fifo() {
                return Self::Pipe;
            }
            if found.is_socket() {
                return Self::Socket;
            }
        }
        Self::Device
    }

    /// Its name, with the article.
    pub const fn described(self) -> &'static str {
        match self {
            Self::Folder => "a folder",
            Self::Pipe => "a pipe",
            Self::Socket => "a socket",
            Self::Device => "a device",
        }
    }
}

impl NotOrdinary {
    /// The one inside an error, if it is one.
    pub fn within(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

/// Opens an ordinary file for reading. A pipe, a device or a folder in its place is refused at once: opening a pipe as
/// a file would wait forever, and so would reading a terminal. A link to an ordinary file counts as one.
///
/// # Errors
/// Those of the operating system; [`NotOrdinary`].
pub fn open(path: &Path) -> io::Result<File> {
    open_with(OpenOptions::new().read(true), path)
}

/// The same with other options.
///
/// # Errors
/// As [`open`].
pub fn open_with(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    // Before it is opened, because opening alone makes some devices act.
    if let Ok(there) = fs::metadata(path) {
        ordinary(&there)?;
    }
    // And after, because it may have been exchanged meanwhile. Means nothing for ordinary files.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        options,
        rustix::fs::OFlags::NONBLOCK.bits().cast_signed(),
    );
    let file = options.open(path)?;
    ordinary(&file.metadata()?)?;
    Ok(file)
}

fn ordinary(found: &fs::Metadata) -> io::Result<()> {
    if found.is_file() {
        return Ok(());
    }
    Err(io::Error::other(NotOrdinary(Kind::of(found.file_type()))))
}

/// Reads a whole ordinary file.
///
/// # Errors
/// As [`open`].
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut open(path)?, &mut bytes)?;
    Ok(bytes)
}

/// Replaces the file at `path` with `bytes`; `mode` is its permission bits (ignored on Windows).
///
/// # Errors
/// Those of the operating system; the old file, if any, is then still complete.
pub fn write(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let staged = Staged::write(path, bytes, mode)?;
    fs::rename(&staged.path, path)?;
    staged.taken();
    sync_dir(parent(path))
}

/// Writes the file at `path` unless there is one: `Ok(false)` means that there was. Of several
/// writers exactly one wins, also between processes. Needs a file system with hard links.
///
/// # Errors
/// Those of the operating system.
pub fn create_new(path: &Path, bytes: &[u8], mode: u32) -> io::Result<bool> {
    let staged = Staged::write(path, bytes, mode)?;
    let created = match fs::hard_link(&staged.path, path) {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
        Err(error) => return Err(error),
    };
    drop(staged);
    // Also when another writer won: its own sync may still be under way, and ours makes it durable.
    sync_dir(parent(path))?;
    Ok(created)
}

/// Creates a folder and those above it, each accessible to its owner only (0700); if the last folder exists and others
/// may enter it, it is closed to them.
///
/// # Errors
/// Those of the operating system, among them a file in the place of a folder.
pub fn create_dir(path: &Path) -> io::Result<()> {
    let mut missing = Vec::new();
    let mut dir = path;
    while !dir.try_exists()? {
        missing.push(dir);
        dir = parent(dir);
    }
    for dir in missing.into_iter().rev() {
        match new_dir(dir) {
            Ok(()) => sync_dir(parent(dir))?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    close_to_others(path)
}

/// Creates the folders with these names in `dir` if they are missing, each accessible to its owner only (0700). One
/// sync makes all of them durable.
///
/// # Errors
/// Those of the operating system.
pub fn create_children(dir: &Path, names: impl IntoIterator<Item = String>) -> io::Result<()> {
    for name in names {
        match new_dir(&dir.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    // Also when all were there: a crash may have come between making and syncing them.
    sync_dir(dir)
}

/// Makes a folder's list of entries durable. Does nothing on Windows, where folders cannot be
/// opened for this.
///
/// # Errors
/// Those of the operating system.
pub fn sync_dir(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(path)?.sync_all()
    } else {
        Ok(())
    }
}

/// Overwrites a file in place with zeros, syncs, unlinks it and syncs its folder. `Ok(false)` means
/// that there was no such file. A copy-on-write file system, an SSD or a snapshot may keep the old
/// blocks; see the decision record on keys outside the database.
///
/// # Errors
/// Those of the operating system.
pub fn shred(path: &Path) -> io::Result<bool> {
    let mut file = match open_with(OpenOptions::new().write(true), path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
    file.write_all(&vec![0; length])?;
    file.sync_all()?;
    drop(file);
    match fs::remove_file(path) {
        // Another shredder of the same file was faster at this step, after the same overwriting.
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    sync_dir(parent(path))?;
    Ok(true)
}

/// Adds a line to a file, durably, creating the file if there is none. A crash may leave a part of the
/// line; nothing but a person reads such files.
///
/// # Errors
/// Those of the operating system.
pub fn append_line(path: &Path, line: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, PRIVATE_FILE);
    let mut file = open_with(&mut options, path)?;
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_all()?;
    sync_dir(parent(path))
}

/// Moves a file within one file system, durably, making the target's folder (0700) where it is missing:
/// `Ok(false)` when there is no such file, or when the target's place is taken, which is then left alone. A
/// crash half-way leaves the file under both names, and moving it once more ends that.
///
/// # Errors
/// Those of the operating system.
pub fn relocate(from: &Path, to: &Path) -> io::Result<bool> {
    let there = match fs::symlink_metadata(from) {
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    create_dir(parent(to))?;
    if !there.is_file() {
        return rename_aside(from, to);
    }
    match fs::hard_link(from, to) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        // Both names of one file: an earlier move that a crash cut short.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && same_file(from, to) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        Err(error) => return Err(error),
    }
    // The new name first: whatever happens next, the file has one.
    sync_dir(parent(to))?;
    fs::remove_file(from)?;
    sync_dir(parent(from))?;
    Ok(true)
}

/// Moves something that is not an ordinary file and cannot have a second name.
fn rename_aside(from: &Path, to: &Path) -> io::Result<bool> {
    if fs::symlink_metadata(to).is_ok() {
        return Ok(false);
    }
    fs::rename(from, to)?;
    sync_dir(parent(to))?;
    sync_dir(parent(from))?;
    Ok(true)
}

#[cfg(unix)]
fn same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    let place = |path: &Path| fs::symlink_metadata(path).map(|it| (it.dev(), it.ino()));
    place(one)
        .ok()
        .zip(place(other).ok())
        .is_some_and(|(one, other)| one == other)
}

#[cfg(not(unix))]
fn same_file(_one: &Path, _other: &Path) -> bool {
    false
}

/// A file's folder; the current one for a bare name.
fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        Some(_) => Path::new("."),
        None => path,
    }
}

/// A temporary file, synced, removed on drop unless something took it.
struct Staged {
    path: PathBuf,
    keep: bool,
}

impl Staged {
    fn write(target: &Path, bytes: &[u8], mode: u32) -> io::Result<Self> {
        let (mut file, path) = Self::open(target, mode)?;
        let staged = Self { path, keep: false };
        restrict(&file, mode)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(staged)
    }

    fn open(target: &Path, mode: u32) -> io::Result<(File, PathBuf)> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = target
            .file_name()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
        #[cfg(not(unix))]
        drop(mode);
        loop {
            // A number alone is not enough: an earlier process with this id may have left its file.
            let count = NEXT.fetch_add(1, Ordering::Relaxed);
            let mut aside = OsString::from(".");
            aside.push(name);
            aside.push(format!(".{}-{count}.new", std::process::id()));
            let path = target.with_file_name(aside);
            match options.open(&path) {
                Ok(file) => return Ok((file, path)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn taken(mut self) {
        self.keep = true;
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.keep {
            // Nothing more can be done about a file that cannot be removed; it is private and unread.
            drop(fs::remove_file(&self.path));
        }
    }
}

#[cfg(unix)]
fn restrict(file: &File, mode: u32) -> io::Result<()> {
    // The mode given at opening is narrowed by the umask; this sets it exactly.
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(mode))
}

#[cfg(not(unix))]
fn restrict(_file: &File, _mode: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn new_dir(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, PRIVATE_DIR);
    builder.create(path)
}

#[cfg(not(unix))]
fn new_dir(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

#[cfg(unix)]
fn close_to_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let metadata = fs::metadata(path)?;
    if !metadata.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    if metadata.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(path, fs::Permissions::from_mode(PRIVATE_DIR))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn close_to_others(path: &Path) -> io::Result<()> {
    if fs::metadata(path)?.is_dir() {
        Ok(())
    } else {
        Err(io::ErrorKind::NotADirectory.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(dir)
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_write_replaces_the_whole_file_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("note");
        write(&path, b"a long first content", 0o600).unwrap();
        write(&path, b"second", 0o600).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(names(dir.path()), ["note"]);
    }

    #[test]
    fn a_refused_write_keeps_the_old_file_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("note");
        // A folder in the target's place makes the rename fail after the temporary file is written.
        fs::create_dir(&path).unwrap();
        assert!(write(&path, b"content", 0o600).is_err());
        assert_eq!(names(dir.path()), ["note"]);
        assert!(path.is_dir());
    }

    /// U4, I4: what is no ordinary file is refused at once, for reading and for writing.
    #[cfg(unix)]
    #[test]
    fn what_is_no_ordinary_file_makes_nobody_wait() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RWXU,
            0,
        )
        .unwrap();
        let socket = dir.path().join("socket");
        let _listening = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for (path, kind) in [
            (&pipe, Kind::Pipe),
            (&socket, Kind::Socket),
            (&dir.path().to_owned(), Kind::Folder),
            (&PathBuf::from("/dev/zero"), Kind::Device),
        ] {
            let mut writing = OpenOptions::new();
            for refused in [
                open(path).unwrap_err(),
                read(path).unwrap_err(),
                open_with(writing.write(true), path).unwrap_err(),
            ] {
                assert_eq!(
                    NotOrdinary::within(&refused),
                    Some(NotOrdinary(kind)),
                    "{refused}"
                );
            }
        }
        let (link, file) = (dir.path().join("link"), dir.path().join("file"));
        write(&file, b"content", 0o600).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert_eq!(read(&link).unwrap(), b"content", "photos may lie on another disk");
        assert_eq!(
            open(&dir.path().join("none")).unwrap_err().kind(),
            io::ErrorKind::NotFound
        );
    }

    #[test]
    fn of_two_creators_the_first_wins() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        assert!(create_new(&path, b"first", 0o600).unwrap());
        assert!(!create_new(&path, b"second", 0o600).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(names(dir.path()), ["key"]);
    }

    #[test]
    fn shredding_overwrites_the_bytes_themselves() {
        let dir = tempfile::tempdir().unwrap();
        let (path, witness) = (dir.path().join("key"), dir.path().join("same-inode"));
        write(&path, b"key material", 0o600).unwrap();
        fs::hard_link(&path, &witness).unwrap();
        assert!(shred(&path).unwrap());
        assert!(!path.exists());
        assert_eq!(fs::read(&witness).unwrap(), [0; 12]);
        assert!(!shred(&path).unwrap());
    }

    /// I4: a move that a crash cut short is ended by the next, and what lies in the target's place stays.
    #[cfg(unix)]
    #[test]
    fn a_move_that_was_cut_short_is_ended_by_the_next() {
        let dir = tempfile::tempdir().unwrap();
        let (from, to) = (dir.path().join("from"), dir.path().join("deep/to"));
        assert!(!relocate(&from, &to).unwrap());
        assert!(!dir.path().join("deep").exists(), "nothing is made for nothing");
        write(&from, b"content", 0o600).unwrap();
        create_dir(&dir.path().join("deep")).unwrap();
        fs::hard_link(&from, &to).unwrap();
        assert!(relocate(&from, &to).unwrap(), "both are names of one file");
        assert!(!from.exists());
        write(&from, b"another", 0o600).unwrap();
        assert!(!relocate(&from, &to).unwrap());
        assert_eq!(
            (fs::read(&from).unwrap(), fs::read(&to).unwrap()),
            (b"another".into(), b"content".into())
        );
    }

    /// I4: what lies in the place of a file is moved as it is, be it a pipe or a folder; a taken target stays.
    #[cfg(unix)]
    #[test]
    fn what_is_no_ordinary_file_is_moved_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let (from, to) = (dir.path().join("from"), dir.path().join("to"));
        fs::create_dir(&from).unwrap();
        write(&from.join("inside"), b"content", 0o600).unwrap();
        assert!(relocate(&from, &to).unwrap());
        assert_eq!(fs::read(to.join("inside")).unwrap(), b"content");
        fs::create_dir(&from).unwrap();
        assert!(!relocate(&from, &to).unwrap());
        assert!(from.is_dir() && to.join("inside").is_file());
    }

    #[cfg(unix)]
    #[test]
    fn files_and_folders_are_the_owners_only() {
        use std::os::unix::fs::PermissionsExt;

        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let dir = tempfile::tempdir().unwrap();
        let deep = dir.path().join("a/b/c");
        create_dir(&deep).unwrap();
        create_dir(&deep).unwrap();
        assert_eq!([mode(&dir.path().join("a")), mode(&deep)], [0o700, 0o700]);

        fs::set_permissions(&deep, fs::Permissions::from_mode(0o755)).unwrap();
        create_dir(&deep).unwrap();
        assert_eq!(mode(&deep), 0o700);

        create_children(&deep, ["d".to_owned()]).unwrap();
        create_children(&deep, ["d".to_owned(), "e".to_owned()]).unwrap();
        assert_eq!([mode(&deep.join("d")), mode(&deep.join("e"))], [0o700, 0o700]);

        let path = deep.join("file");
        write(&path, b"x", PRIVATE_FILE).unwrap();
        assert_eq!(mode(&path), 0o600);
        write(&path, b"x", 0o644).unwrap();
        assert_eq!(mode(&path), 0o644);
        assert!(create_dir(&path).is_err());
    }
}
