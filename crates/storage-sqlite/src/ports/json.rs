//! Lists of text inside one column.

use cutis_domain::Invalid;

/// A JSON list of text.
pub(super) fn text_list(texts: impl IntoIterator<Item = impl Into<serde_json::Value>>) -> String {
    texts
        .into_iter()
        .map(Into::into)
        .collect::<serde_json::Value>()
        .to_string()
}

/// Reads one back, each text through a parser of the domain.
pub(super) fn parse_text_list<T>(
    json: &str,
    parse: impl Fn(&str) -> Result<T, Invalid>,
) -> Result<Vec<T>, Invalid> {
    let refused = |_| Invalid::new("list", "this column holds a JSON list of text");
    let texts: Vec<String> = serde_json::from_str(json).map_err(refused)?;
    texts.iter().map(|text| parse(text)).collect()
}
