//! The embedding macro does not notice a new migration by itself; this makes cargo look.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations/sqlite");
}
