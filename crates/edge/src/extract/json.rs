//! Typed JSON bodies.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::body::problem_of;
use crate::extract::duplicates::{self, Fault};
use crate::extract::faults;
use crate::extract::objects::Objects;
use crate::problem::{Code, Problem};

/// A JSON body, in or out.
///
/// In: media type `application/json` or 415; UTF-8 and JSON or 400; the shape of `T`, no key twice and no
/// array for an object, or 422 with the field named; within the route's limit or 413. Give `T`
/// `deny_unknown_fields`; mark its enums with a tag as [`objects`](crate::extract::objects) says.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<T, S> FromRequest<S> for Json<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !says_json(request.headers()) {
            return Err(Problem::new(Code::UnsupportedMediaType)
                .with_detail("Send the body as application/json in UTF-8."));
        }
        let bytes = request
            .into_body()
            .collect()
            .await
            .map_err(|error| problem_of(&error))?
            .to_bytes();
        parse(&bytes).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => {
                let mut response = Response::new(Body::from(bytes));
                *response.status_mut() = StatusCode::OK;
                response
                    .headers_mut()
                    .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                response
            }
            Err(error) => {
                tracing::error!(%error, "a response could not be written as JSON");
                Problem::internal().into_response()
            }
        }
    }
}

/// Whether exactly one media type is given and it is JSON in UTF-8.
fn says_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (types.next(), types.next()) else {
        return false;
    };
    let Ok(value) = value.to_str() else { return false };
    let mut parts = value.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    essence.eq_ignore_ascii_case("application/json")
        && parts.all(|parameter| {
            parameter.is_empty()
                || parameter.eq_ignore_ascii_case("charset=utf-8")
                || parameter.eq_ignore_ascii_case("charset=\"utf-8\"")
        })
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    read("The body", "", bytes)
}

/// A part of a form that holds JSON, read as strictly as a body. `name` is the part's name; what is refused is named below it.
///
/// # Errors
/// As for [`Json`].
pub fn json_part<T: DeserializeOwned>(name: &str, bytes: &[u8]) -> Result<T, Problem> {
    read(&format!("The part {name}"), name, bytes)
}

fn read<T: DeserializeOwned>(what: &str, within: &str, bytes: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Problem::new(Code::InvalidJson).with_detail(format!("{what} isn't valid UTF-8.")))?;
    let name = |path: &str| match (within, path) {
        ("", path) => path.to_owned(),
        (within, "" | ".") => within.to_owned(),
        (within, path) => format!("{within}.{path}"),
    };
    duplicates::check(text).map_err(|fault| match fault {
        Fault::Syntax(place) => {
            Problem::new(Code::InvalidJson).with_detail(format!("{what} isn't valid JSON: see {place}."))
        }
        Fault::Duplicate(path) => Problem::invalid(
            faults::shown(&name(&path)),
            "duplicate_field",
            "Send this field only once.",
        ),
    })?;
    serde_path_to_error::deserialize(Objects(&mut serde_json::Deserializer::from_str(text)))
        .map_err(|error| faults::problem(&name(&error.path().to_string()), &error.into_inner().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    struct Input {
        unique_id: String,
        #[serde(default)]
        count: Option<u32>,
        #[serde(default)]
        guardian: Option<Guardian>,
        #[serde(default)]
        phones: Vec<String>,
        #[serde(default)]
        level: Option<Level>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    struct Guardian {
        name: String,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "camelCase")]
    enum Level {
        Advisory,
        Required,
    }

    fn fault(text: &str) -> (String, String) {
        let problem = parse::<Input>(text.as_bytes()).expect_err(text);
        assert_eq!(problem.code(), Code::Invalid, "{problem:?}");
        (
            problem.errors()[0].field().to_owned(),
            problem.errors()[0].code().to_owned(),
        )
    }

    fn pair(field: &str, code: &str) -> (String, String) {
        (field.to_owned(), code.to_owned())
    }

    #[test]
    fn a_fault_names_its_field() {
        assert_eq!(
            fault(r#"{"uniqueId":"a","extra":1}"#),
            pair("extra", "unknown_field")
        );
        assert_eq!(fault("{}"), pair("uniqueId", "required"));
        assert_eq!(fault(r#"{"uniqueId":1}"#), pair("uniqueId", "wrong_type"));
        assert_eq!(
            fault(r#"{"uniqueId":"a","count":-1}"#),
            pair("count", "wrong_type")
        );
        assert_eq!(
            fault(r#"{"uniqueId":"a","uniqueId":"b"}"#),
            pair("uniqueId", "duplicate_field")
        );
        assert_eq!(
            fault(r#"{"uniqueId":"a","guardian":{}}"#),
            pair("guardian.name", "required")
        );
        assert_eq!(
            fault(r#"{"uniqueId":"a","guardian":{"name":"x","age":4}}"#),
            pair("guardian.age", "unknown_field")
        );
        assert_eq!(
            fault(r#"{"uniqueId":"a","phones":["1",2]}"#),
            pair("phones[1]", "wrong_type")
        );
        assert_eq!(
            fault(r#"{"uniqueId":"a","level":"none"}"#),
            pair("level", "unknown_choice")
        );
        assert_eq!(fault(r#""just text""#), pair("", "wrong_type"));
        assert_eq!(fault(r#"["a"]"#), pair("", "wrong_type"));
        assert_eq!(
            fault(r#"{"uniqueId":"a","guardian":["x"]}"#),
            pair("guardian", "wrong_type")
        );
    }

    /// An error never repeats what was sent: it may be a password.
    #[test]
    fn a_fault_keeps_the_value_to_itself() {
        let texts = [
            r#"{"uniqueId":"a","count":"hunter2"}"#,
            r#"{"uniqueId":"a","level":"hunter2"}"#,
            r#"{"x":hunter2}"#,
            r#"{"uniqueId":"a","level":"x`hunter2`y`hunter2`, expected `hunter2"}"#,
            r#"{"uniqueId":"a","count":"x, expected hunter2 at line 1"}"#,
        ];
        for text in texts {
            let said = format!("{:?}", parse::<Input>(text.as_bytes()).unwrap_err());
            assert!(!said.contains("hunter2"), "{said}");
        }
    }

    /// Issue 6, 9: a name as long as the body comes back as its beginning.
    #[test]
    fn a_fault_repeats_no_more_of_a_name_than_is_read() {
        let long = "n".repeat(200_000);
        for text in [
            format!(r#"{{"uniqueId":"a","{long}":1}}"#),
            format!(r#"{{"uniqueId":"a","{long}":1,"{long}":2}}"#),
        ] {
            let (field, _) = fault(&text);
            assert_eq!(field, format!("{}…", "n".repeat(100)));
        }
    }

    #[test]
    fn what_is_not_json_is_400() {
        for bytes in [&b"{"[..], b"\xff", b"{\"uniqueId\":\"\xc3\x28\"}", b"", b"{}{}"] {
            assert_eq!(parse::<Input>(bytes).unwrap_err().code(), Code::InvalidJson);
        }
    }

    #[test]
    fn only_json_in_utf_8_is_taken_for_json() {
        let says = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(CONTENT_TYPE, HeaderValue::from_static(value));
            }
            says_json(&headers)
        };
        assert!(says(&["application/json"]) && says(&["Application/JSON; charset=UTF-8"]));
        for no in [
            "text/plain",
            "application/json; charset=latin1",
            "application/jsonp",
            "",
            "text/plain;application/json",
        ] {
            assert!(!says(&[no]), "{no}");
        }
        assert!(!says(&[]) && !says(&["application/json", "application/json"]));
    }
}
