//! The api suite: every resource through its HTTP interface, over TLS, against the real composition.

mod activity;
mod arrays;
mod bad_input;
mod batches;
mod bytes_in_flight;
mod consents;
mod custom_fields;
mod early_answers;
mod edits;
mod fairness;
mod field;
mod full_size;
mod hand_over;
mod images;
mod names;
mod notices;
mod patient_lists;
mod patients;
mod resume;
mod session;
mod settings;
mod setup;
mod tags;
mod terminal;
mod upkeep;
mod workspaces;
