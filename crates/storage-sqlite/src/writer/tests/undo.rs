//! What is read once, and a unit that is undone by giving up the transaction.

use cutis_domain::settings::{Key, Setting};

use rusqlite::functions::FunctionFlags;

use super::*;

fn consent_level(writer: &mut SqliteWriter) -> Result<String> {
    let setting = writer.transaction().common().setting(Key::ConsentLevel)?;
    Ok(setting.value().to_owned())
}

fn choose(writer: &mut SqliteWriter, level: &str) {
    writer.mark().expect("marked");
    let setting = Setting::parse(Key::ConsentLevel, level).expect("a level");
    writer.transaction().common().set_setting(&setting).expect("set");
    assert_eq!(consent_level(writer).expect("readable"), level, "its own change");
    writer.touched().expect("sealed");
}

fn committed(writer: &mut SqliteWriter) {
    writer.keep().expect("kept");
    writer.commit().expect("committed");
}

/// A setting that was read is not read again while only this writer writes, and what it changed itself counts at
/// once, and no longer once that is undone or given up.
#[test]
fn a_setting_that_was_read_is_the_one_that_is_stored() {
    let (_folder, _database, mut writer) = writer();
    writer.begin().expect("begun");
    choose(&mut writer, "required");
    committed(&mut writer);

    writer.begin().expect("begun");
    assert_eq!(consent_level(&mut writer).expect("readable"), "required");
    assert!(
        writer.touched.setting(Key::ConsentLevel).is_some(),
        "kept in mind"
    );
    choose(&mut writer, "disabled");
    writer.undo().expect("undone");
    assert_eq!(consent_level(&mut writer).expect("readable"), "required");
    writer.mark().expect("marked");
    writer.keep().expect("kept");
    choose(&mut writer, "disabled");
    writer.undo().expect("undone, to the savepoint");
    assert_eq!(consent_level(&mut writer).expect("readable"), "required");
    choose(&mut writer, "advisory");
    writer.keep().expect("kept");
    writer.rollback();

    writer.begin().expect("begun");
    assert_eq!(consent_level(&mut writer).expect("readable"), "required");
    choose(&mut writer, "advisory");
    committed(&mut writer);
    writer.begin().expect("begun");
    assert_eq!(consent_level(&mut writer).expect("readable"), "advisory");
    writer.rollback();
}

/// Issue 6, 2: a setting that was read before and is then changed by something else decides nothing.
#[test]
fn a_setting_that_somebody_changed_is_read_again() {
    let (folder, _database, mut writer) = writer();
    writer.begin().expect("begun");
    choose(&mut writer, "required");
    committed(&mut writer);
    writer.begin().expect("begun");
    assert_eq!(consent_level(&mut writer).expect("readable"), "required");
    writer.rollback();

    let other = connection::writer(&folder.path().join("cutis.db")).expect("open");
    other
        .execute_batch("UPDATE setting SET value = 'disabled'")
        .expect("changed by hand");
    writer.begin().expect("begun");
    assert_eq!(
        consent_level(&mut writer).map_err(|error| error.kind()),
        Err(ErrorKind::Tampered)
    );
    writer.rollback();
}

/// The first unit of a group is undone by beginning the transaction again: others keep what they did, the structure
/// is looked at again, and a writer that may only append still may only that.
#[test]
fn the_first_unit_is_undone_alone() {
    let (folder, database, mut writer) = writer();
    writer.begin().expect("begun");
    for number in [1, 2, 3] {
        writer.mark().expect("marked");
        writer
            .transaction()
            .common()
            .insert_account(&account(number, now()))
            .expect("in");
        if number == 1 {
            writer.undo().expect("undone");
        } else {
            writer.touched().expect("sealed");
            writer.keep().expect("kept");
        }
        assert!(writer.touched().expect("touched").is_empty());
    }
    writer.commit().expect("committed");
    let mut there = Vec::new();
    database
        .read(&mut |snapshot| {
            let accounts = [1, 2, 3].map(|number| account(number, now()).id);
            there = accounts
                .map(|id| snapshot.common().account(id).expect("readable").is_some())
                .to_vec();
        })
        .expect("a snapshot");
    assert_eq!(there, [false, true, true]);

    let other = connection::writer(&folder.path().join("cutis.db")).expect("open");
    other
        .execute_batch("CREATE TRIGGER more AFTER INSERT ON patient BEGIN SELECT 1; END")
        .expect("made by hand");
    assert!(
        writer
            .begin()
            .is_err_and(|error| error.kind() == ErrorKind::Tampered)
    );
    writer.begin_trail_only().expect("begun");
    writer.mark().expect("marked");
    writer.undo().expect("undone, and begun as it was");
    writer.rollback();
    assert!(
        writer
            .begin()
            .is_err_and(|error| error.kind() == ErrorKind::Tampered),
        "it is looked at again, although nobody wrote since"
    );
    other.execute_batch("DROP TRIGGER more").expect("dropped");
    writer.begin().expect("begun");
    writer.rollback();
}

/// An index over a function that only its maker's program has stops every write, by its name, and looks like no damage.
#[test]
fn an_index_of_an_unknown_function_is_named() {
    let (folder, database, mut writer) = writer();
    let other = connection::writer(&folder.path().join("cutis.db")).expect("open");
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    other
        .create_scalar_function("report", 1, flags, |_| Ok(1_i64))
        .expect("a function");
    other
        .execute_batch("CREATE INDEX odd ON entry (report(title))")
        .expect("made by hand");
    let error = writer.begin().expect_err("refused");
    assert!(error.kind() == ErrorKind::Tampered && error.to_string().contains("index odd"));
    let mut faults = (None, None);
    database
        .examine(&mut |evidence| {
            faults = (
                evidence.structure_fault().expect("read"),
                evidence.page_fault().expect("read"),
            );
        })
        .expect("a snapshot");
    assert!(faults.0.is_some_and(|fault| fault.contains("index odd")));
    assert_eq!(faults.1, None, "a start is not told of damage");
}
