//! Transactions and the savepoints of units.

super::statements! {
    BEGIN_READING = "BEGIN DEFERRED";
    BEGIN_WRITING = "BEGIN IMMEDIATE";
    COMMIT = "COMMIT";
    ROLLBACK = "ROLLBACK";
    MARK = "SAVEPOINT unit";
    KEEP = "RELEASE unit";
    UNDO = "ROLLBACK TO unit";
}
