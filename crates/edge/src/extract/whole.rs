//! Whole numbers in the texts of requests: in paths, queries and headers.

use std::borrow::Cow;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _, Unexpected};

/// A whole number of a path or a query, in its one spelling: digits without a sign or zeros before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole<N>(pub N);

/// Reads a number in its one spelling; `None` also when it does not fit.
pub fn whole<N: FromStr>(text: &str) -> Option<N> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    is_plain.then(|| text.parse().ok()).flatten()
}

impl<'de, N: FromStr> Deserialize<'de> for Whole<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let refused = || {
            let wanted = "a whole number in range, without a sign or zeros before it";
            D::Error::invalid_value(Unexpected::Other("text"), &wanted)
        };
        whole(&text).map(Self).ok_or_else(refused)
    }
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn a_number_has_one_spelling() {
        for (text, number) in [("0", 0), ("7", 7), ("10", 10), ("65535", u16::MAX)] {
            assert_eq!(whole::<u16>(text), Some(number));
        }
        for text in [
            "",
            " ",
            "+0",
            "-0",
            "+5",
            "-5",
            "00",
            "050",
            "5 ",
            " 5",
            "5.0",
            "1e3",
            "0x1",
            "٣",
            "65536",
            "18446744073709551616",
        ] {
            assert_eq!(whole::<u16>(text), None, "{text:?}");
        }
    }
}
