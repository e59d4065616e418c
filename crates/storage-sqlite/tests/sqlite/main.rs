//! SQLite as a backend: the suite that every backend passes, and what only a file can suffer.

#[cfg(test)]
mod conformance {
    cutis_testkit::storage_conformance!(crate::support::lab);
}
#[cfg(test)]
mod by_chance;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod room;
#[cfg(test)]
mod speed;
#[cfg(test)]
mod standing;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tampering;
#[cfg(test)]
mod upgrade;
