//! Reads JSON once to see that it is JSON, and that no object has the same key twice.
//!
//! Readers differ in which of two equal keys they use, so neither is accepted.
//!
//! The time it takes grows only with the length of the text: the position of a value is kept as links to its parents,
//! and written out only once, when there is a fault to report.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Begins the error for a key that appears twice; the path follows.
const MARK: &str = "\u{1}twice:";

/// What is wrong with the text of a JSON document.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It isn't JSON, for this reason, which repeats nothing of the text.
    Syntax(String),
    /// The object key at this path appears twice.
    Duplicate(String),
}

/// Checks a whole document.
pub(super) fn check(text: &str) -> Result<(), Fault> {
    let mut reader = serde_json::Deserializer::from_str(text);
    Node { place: &Place::Root }
        .deserialize(&mut reader)
        .and_then(|()| reader.end())
        .map_err(|error| {
            let message = error.to_string();
            match message.strip_prefix(MARK) {
                // serde_json appends the position.
                Some(rest) => {
                    Fault::Duplicate(rest.rsplit_once(" at line ").map_or(rest, |(p, _)| p).to_owned())
                }
                None => Fault::Syntax(format!("line {}, column {}", error.line(), error.column())),
            }
        })
}

/// The position of a value.
enum Place<'p> {
    Root,
    Member { parent: &'p Self, name: &'p str },
    Item { parent: &'p Self, index: usize },
}

impl Place<'_> {
    /// Dots between names, brackets around indices.
    fn spell(&self) -> String {
        let mut steps = Vec::new();
        let mut place = self;
        loop {
            place = match place {
                Self::Root => break,
                Self::Member { parent, name } => {
                    steps.push(format!(".{name}"));
                    parent
                }
                Self::Item { parent, index } => {
                    steps.push(format!("[{index}]"));
                    parent
                }
            };
        }
        steps.reverse();
        #[cfg(test)]
        tests::SPELLED.with(|spelled| spelled.set(spelled.get().saturating_add(1)));
        steps.concat().trim_start_matches('.').to_owned()
    }
}

struct Node<'p> {
    place: &'p Place<'p>,
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut index = 0_usize;
        while items
            .next_element_seed(Node {
                place: &Place::Item {
                    parent: self.place,
                    index,
                },
            })?
            .is_some()
        {
            index = index.saturating_add(1);
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        while let Some(key) = entries.next_key::<String>()? {
            let place = Place::Member {
                parent: self.place,
                name: &key,
            };
            if seen.contains(&key) {
                return Err(A::Error::custom(format_args!("{MARK}{}", place.spell())));
            }
            entries.next_value_seed(Node { place: &place })?;
            seen.insert(key);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    thread_local! {
        /// How often a position was written out on this thread.
        pub(super) static SPELLED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
    }

    /// Issue 6, 9: a long name above many values is spelled out once, if at all; it used to be copied for
    /// each of them, gigabytes in all.
    #[test]
    fn no_path_is_spelled_out_before_there_is_a_fault() {
        let name = "n".repeat(100_000);
        let items = "0,".repeat(70_000);
        let (whole, twice) = (
            format!("{{\"{name}\":[{items}0]}}"),
            format!("{{\"{name}\":[{items}{{\"a\":1,\"a\":2}}]}}"),
        );
        SPELLED.set(0);
        assert_eq!(check(&whole), Ok(()));
        assert_eq!(SPELLED.get(), 0);
        assert_eq!(check(&twice), Err(Fault::Duplicate(format!("{name}[70000].a"))));
        assert_eq!(SPELLED.get(), 1);
    }

    #[test]
    fn a_key_twice_is_found_at_any_depth() {
        assert_eq!(
            check(r#"{"a":{"b":[{"c":1},{"c":1,"c":2}]}}"#),
            Err(Fault::Duplicate("a.b[1].c".into()))
        );
        assert_eq!(check(r#"{"a":1,"\u0061":2}"#), Err(Fault::Duplicate("a".into())));
    }

    #[test]
    fn the_same_key_in_two_objects_is_fine() {
        assert_eq!(
            check(r#"[{"a":null},{"a":[true,-1,1.5,"x",18446744073709551615]}]"#),
            Ok(())
        );
    }

    #[test]
    fn what_is_not_json_is_said_to_be_so() {
        for text in ["", "{", "{\"a\":1}x", "{'a':1}", "[1,]", "NaN", &"[".repeat(200)] {
            assert!(matches!(check(text), Err(Fault::Syntax(_))), "{text}");
        }
    }
}
