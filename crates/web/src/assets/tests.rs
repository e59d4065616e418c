use super::*;

/// A client as the build writes it, in miniature. The digest's first byte tells the files apart.
fn miniature(path: &str) -> Option<EmbeddedFile> {
    let (number, content): (u8, &'static [u8]) = match path {
        "index.html" => (1, b"<!doctype html>"),
        "favicon.svg" => (2, b"<svg/>"),
        "assets/index-Ab12.js" => (3, b"console"),
        "assets/index-Ab12.js.br" => (4, b"brotli"),
        "assets/index-Ab12.js.gz" => (5, b"gzip"),
        _ => return None,
    };
    let metadata = rust_embed::Metadata::__rust_embed_new([number; 32], None, None);
    Some(EmbeddedFile {
        data: Cow::Borrowed(content),
        metadata,
    })
}

fn nothing(_path: &str) -> Option<EmbeddedFile> {
    None
}

const BUILT: Assets = Assets { lookup: miniature };
const EMPTY: Assets = Assets { lookup: nothing };

/// C39: only files whose names carry a digest may be kept.
#[test]
fn only_hashed_files_may_be_kept() {
    let class = |path: &str| BUILT.resolve(path, &[]).map(|asset| asset.cache());
    assert_eq!(class("/assets/index-Ab12.js"), Some(CacheClass::Immutable));
    assert_eq!(class("/index.html"), Some(CacheClass::NoStore));
    assert_eq!(class("/favicon.svg"), Some(CacheClass::NoStore));
    assert_eq!(class("/patients/x"), Some(CacheClass::NoStore));
}

#[test]
fn a_page_of_the_client_gives_the_index() {
    for path in [
        "",
        "/",
        "/patients",
        "/patients/0190b/photos",
        "patients/a.b/photos",
    ] {
        let asset = BUILT.resolve(path, &[]).expect(path);
        assert_eq!(asset.bytes(), b"<!doctype html>", "{path}");
        assert_eq!(asset.media_type(), "text/html; charset=utf-8");
    }
}

#[test]
fn a_missing_file_is_missing_and_never_the_index() {
    for path in [
        "/assets/index-old.js",
        "/assets/",
        "/robots.txt",
        "/patients/photo.jpg",
    ] {
        assert!(BUILT.resolve(path, &[]).is_none(), "{path}");
    }
}

#[test]
fn the_first_accepted_encoding_that_exists_wins_and_has_its_own_tag() {
    let path = "/assets/index-Ab12.js";
    let plain = BUILT.resolve(path, &[]).expect("plain");
    let brotli = BUILT
        .resolve(path, &[Encoding::Brotli, Encoding::Gzip])
        .expect("brotli");
    let gzip = BUILT.resolve(path, &[Encoding::Gzip]).expect("gzip");
    assert_eq!((plain.bytes(), plain.encoding()), (&b"console"[..], None));
    assert_eq!(
        (brotli.bytes(), brotli.encoding()),
        (&b"brotli"[..], Some(Encoding::Brotli))
    );
    assert_eq!(
        (gzip.bytes(), gzip.encoding()),
        (&b"gzip"[..], Some(Encoding::Gzip))
    );
    assert_eq!(brotli.media_type(), plain.media_type());
    assert_ne!(plain.digest_tag(), brotli.digest_tag());
    assert_ne!(gzip.digest_tag(), brotli.digest_tag());
}

#[test]
fn a_file_without_compressed_form_is_sent_as_it_is() {
    let icon = BUILT.resolve("/favicon.svg", &[Encoding::Brotli]).expect("icon");
    assert_eq!(icon.encoding(), None);
}

#[test]
fn a_compressed_form_has_no_path_of_its_own() {
    assert!(BUILT.resolve("/assets/index-Ab12.js.br", &[]).is_none());
    assert!(BUILT.resolve("/assets/index-Ab12.js.gz", &[]).is_none());
}

#[test]
fn a_lookup_by_name_gives_that_file_only_and_always_an_index() {
    assert_eq!(BUILT.find("favicon.svg").expect("icon").bytes(), b"<svg/>");
    assert_eq!(
        BUILT.find("index.html").expect("index").bytes(),
        b"<!doctype html>"
    );
    assert!(BUILT.find("patients").is_none());
    assert!(BUILT.find("assets/index-Ab12.js.br").is_none());
    assert!(EMPTY.find("index.html").is_some());
    assert!(EMPTY.find("favicon.svg").is_none());
}

#[test]
fn without_a_client_every_page_says_how_to_build_it() {
    assert!(!EMPTY.is_built());
    assert!(BUILT.is_built());
    let notice = EMPTY.resolve("/patients", &[Encoding::Brotli]).expect("notice");
    let text = String::from_utf8(notice.bytes().to_vec()).expect("UTF-8");
    assert!(text.contains("npx --yes rust-just@1.57.0 run"));
    assert_eq!(notice.cache(), CacheClass::NoStore);
    // W5: the page must live under the same policy as the client.
    assert!(!text.contains("<style") && !text.contains("style=") && !text.contains("<script"));
    assert!(EMPTY.resolve("/assets/index-Ab12.js", &[]).is_none());
}

/// What the real build put into this binary, when it ran.
#[test]
#[expect(clippy::print_stdout, reason = "says that and why it is skipped")]
fn the_embedded_client_is_whole() {
    let assets = Assets::embedded();
    if !assets.is_built() {
        println!("skipped: client/dist is empty, no client to look at");
        return;
    }
    let index = assets.index(&[]);
    let page = String::from_utf8(index.bytes().to_vec()).expect("UTF-8");
    // W5: no inline script or style survives the policy.
    assert!(!page.contains("<style"), "{page}");
    let mut named = 0;
    for piece in page.split('"').filter(|piece| piece.starts_with("/assets/")) {
        let asset = assets.resolve(piece, &[Encoding::Brotli]).expect(piece);
        assert_eq!(asset.cache(), CacheClass::Immutable);
        named += 1;
    }
    assert!(named >= 2, "the page names a script and a style sheet: {page}");
}
