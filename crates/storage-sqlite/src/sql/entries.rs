//! Entries.

super::table::table! {
    "entry";
    by hand: "owner_id" "patient_id";
    columns: id appointment_at title notes author created_at;
    written: ;
    read: patient_id;
}

super::keyed_statements! { 2:
    LIST = concat!(
        "SELECT ", selected!(), " FROM entry \
         WHERE owner_id = ?1 AND patient_id = ?2 ORDER BY appointment_at DESC, id DESC LIMIT ?3"
    );
    INSERT = concat!("INSERT INTO entry (owner_id, patient_id", named!(), ") VALUES (?1, ?2", numbered!(), ")");
}
