//! Media types of the few kinds of file that the client build writes.

/// The media type for a file name; `application/octet-stream` for an ending that no build writes.
pub(crate) fn of(path: &str) -> &'static str {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    /// W5: with `nosniff` a browser refuses a script or a style sheet under any other type.
    #[test]
    fn scripts_and_styles_have_the_type_that_nosniff_asks_for() {
        assert_eq!(of("assets/index-a1.js"), "text/javascript; charset=utf-8");
        assert_eq!(of("assets/index-a1.css"), "text/css; charset=utf-8");
        assert_eq!(of("index.html"), "text/html; charset=utf-8");
    }

    #[test]
    fn an_unknown_or_missing_ending_is_never_guessed() {
        assert_eq!(of("LICENSE"), "application/octet-stream");
        assert_eq!(of("a.b/strange.xyz"), "application/octet-stream");
    }
}
