//! Conditional requests (RFC 9110, section 13) for what never changes under its entity tag.

use http::header::{IF_MATCH, IF_NONE_MATCH, IF_RANGE};
use http::{HeaderMap, HeaderName};

/// What the conditions of a request ask for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// What the request asks for; its `Range` counts only if this says so.
    Send {
        /// Whether a part may be sent.
        ranged: bool,
    },
    /// The client has it.
    NotModified,
    /// The client wanted something else.
    Failed,
}

/// Evaluates the conditions in their order of precedence. `tag` is the strong entity tag, with its quotes. There is no date
/// of change, so conditions by date are as absent, but for `If-Range`, which then asks for the whole.
pub(super) fn condition(headers: &HeaderMap, tag: &str) -> Condition {
    if lists(headers, &IF_MATCH).is_some_and(|mut listed| !listed.any(|one| one == "*" || one == tag)) {
        return Condition::Failed;
    }
    let known = |one: &str| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag;
    if lists(headers, &IF_NONE_MATCH).is_some_and(|mut listed| listed.any(known)) {
        return Condition::NotModified;
    }
    Condition::Send {
        ranged: headers.get(IF_RANGE).is_none_or(|value| value == tag),
    }
}

/// The entity tags of a header, if it was sent. None of ours has a comma in it.
fn lists<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<impl Iterator<Item = &'a str>> {
    let sent = headers.contains_key(name);
    let values = headers.get_all(name).into_iter();
    let listed = values.flat_map(|value| value.to_str().unwrap_or_default().split(','));
    sent.then(|| listed.map(str::trim))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: &str = "\"ab\"";

    #[test]
    fn the_rules_of_rfc_9110() {
        let whole = Condition::Send { ranged: false };
        for (sent, expected) in [
            (vec![], Condition::Send { ranged: true }),
            (vec![(IF_NONE_MATCH, TAG)], Condition::NotModified),
            (vec![(IF_NONE_MATCH, "*")], Condition::NotModified),
            (vec![(IF_NONE_MATCH, "\"x\", W/\"ab\"")], Condition::NotModified),
            (
                vec![(IF_NONE_MATCH, "\"x\""), (IF_NONE_MATCH, TAG)],
                Condition::NotModified,
            ),
            (vec![(IF_NONE_MATCH, "\"x\"")], Condition::Send { ranged: true }),
            (vec![(IF_NONE_MATCH, "ab")], Condition::Send { ranged: true }),
            (
                vec![(IF_MATCH, "\"x\", \"ab\"")],
                Condition::Send { ranged: true },
            ),
            (vec![(IF_MATCH, "*")], Condition::Send { ranged: true }),
            (vec![(IF_MATCH, "\"x\"")], Condition::Failed),
            // A weak tag is no proof of the same bytes.
            (vec![(IF_MATCH, "W/\"ab\"")], Condition::Failed),
            (vec![(IF_MATCH, "\"x\""), (IF_NONE_MATCH, TAG)], Condition::Failed),
            (
                vec![(IF_MATCH, TAG), (IF_NONE_MATCH, TAG)],
                Condition::NotModified,
            ),
            (vec![(IF_RANGE, TAG)], Condition::Send { ranged: true }),
            (vec![(IF_RANGE, "W/\"ab\"")], whole),
        ] {
            let headers: HeaderMap = sent.iter().fold(HeaderMap::new(), |mut headers, (name, value)| {
                headers.append(HeaderName::clone(name), value.parse().expect("valid"));
                headers
            });
            assert_eq!(condition(&headers, TAG), expected, "{sent:?}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(IF_RANGE, "Sat, 28 Nov 2026 00:00:00 GMT".parse().expect("valid"));
        assert_eq!(condition(&headers, TAG), Condition::Send { ranged: false });
    }
}
