//! Every foreign crate stays in the crates that may use it.
//!
//! The whole list of what we depend on by name: a new dependency is a line here, with its place.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph;
use crate::tree::{self, assert_none};

/// Values without a runtime or an outside: any crate of ours may use them.
const ANYWHERE: &[&str] = &[
    "base64",
    "bytes",
    "data-encoding",
    "futures-util",
    "serde_json",
    "sha2",
    "thiserror",
    "unicode-normalization",
    "zeroize",
];

/// Foreign crates and the members that may use them; `tests` may use any of them.
const CONFINED: &[(&[&str], &[&str])] = &[
    // The database.
    (
        &["rusqlite", "r2d2", "r2d2_sqlite", "refinery"],
        &["storage-sqlite"],
    ),
    // The network's edge. The program joins the router and the files of the client.
    (&["axum"], &["api", "edge", "cutis"]),
    (&["http", "serde"], &["api", "edge"]),
    (
        &["http-body", "http-body-util", "hyper", "hyper-util", "tower"],
        &["edge"],
    ),
    (
        &[
            "rcgen",
            "rustls",
            "rustls-pki-types",
            "tokio-rustls",
            "x509-parser",
            "yasna",
        ],
        &["edge"],
    ),
    (
        &[
            "form_urlencoded",
            "memchr",
            "serde_path_to_error",
            "serde_urlencoded",
        ],
        &["edge"],
    ),
    (&["qrcode"], &["edge"]),
    (&["utoipa"], &["api", "edge"]),
    (&["utoipa-axum"], &["api"]),
    // The image store.
    (&["async-trait", "object_store"], &["blob"]),
    // Secrets: passwords in auth, ciphers in vault, the trail's and sessions' keyed digests.
    (&["bcrypt", "subtle", "zxcvbn"], &["auth"]),
    (&["ring"], &["audit", "vault"]),
    (&["hmac"], &["audit", "auth"]),
    (&["getrandom"], &["cutis"]),
    // How much room the disk has, and opening files without waiting for them or following links.
    (&["rustix"], &["cutis", "storage-sqlite", "vault"]),
    // Hostile bytes.
    (
        &[
            "fast_image_resize",
            "fax",
            "flate2",
            "image",
            "jpeg-decoder",
            "jpeg-encoder",
            "kamadak-exif",
            "moxcms",
            "png",
            "ruzstd",
            "libheif-rs",
            "weezl",
        ],
        &["media"],
    ),
    // Time and ids are made in domain; edge reads and writes them.
    (&["jiff", "uuid"], &["domain", "edge"]),
    // The runtime. Never below level 2: rules neither wait nor spawn.
    (
        &["tokio"],
        &[
            "api", "auth", "blob", "records", "storage", "testkit", "edge", "cutis",
        ],
    ),
    (&["tokio-tungstenite"], &["edge"]),
    (&["tokio-util"], &["edge", "cutis"]),
    // Checksums of the files of an archive.
    (&["crc32fast"], &["records"]),
    (&["tracing"], &["api", "edge", "cutis"]),
    // The program alone.
    (
        &[
            "anyhow",
            "clap",
            "if-addrs",
            "landlock",
            "libc",
            "nix",
            "rlimit",
            "seccompiler",
            "tempfile",
            "tracing-subscriber",
        ],
        &["cutis"],
    ),
    (&["rust-embed"], &["web"]),
];

/// Crates that do no I/O and hold no runtime, not even through another.
const INNER: &[&str] = &[
    "domain", "audit", "compare", "consent", "media", "search", "vault",
];

/// What an inner crate must not reach by any way.
const OUTSIDE: &[&str] = &[
    "axum",
    "hyper",
    "mio",
    "object_store",
    "reqwest",
    "rusqlite",
    "rustls",
    "tokio",
];

/// Where a foreign crate may be used; nothing if nobody thought about it yet.
fn place_of(foreign: &str) -> Option<&'static [&'static str]> {
    CONFINED
        .iter()
        .find(|(names, _)| names.contains(&foreign))
        .map(|(_, members)| *members)
}

#[test]
fn foreign_crates_stay_where_they_belong() {
    let mut found = Vec::new();
    for package in tree::packages() {
        let member = graph::member_of(tree::string(&package, "name")).expect("a member of the table");
        for kind in [None, Some("build")] {
            for foreign in tree::dependencies(&package, kind) {
                if graph::member_of(&foreign).is_some() || ANYWHERE.contains(&foreign.as_str()) {
                    continue;
                }
                match place_of(&foreign) {
                    None => found.push(format!("{}: {foreign} is in no list", member.name)),
                    Some(members) if members.contains(&member.name) || member.name == "tests" => {}
                    Some(members) => found.push(format!("{}: {foreign} belongs in {members:?}", member.name)),
                }
            }
        }
    }
    assert_none(
        "foreign crates outside their place (tests/tidy/confinement.rs):",
        &found,
    );
}

#[test]
fn the_list_names_nothing_that_is_not_used() {
    let used: BTreeSet<String> = tree::packages()
        .iter()
        .flat_map(|it| tree::dependencies(it, None))
        .collect();
    let listed = CONFINED.iter().flat_map(|it| it.0).chain(ANYWHERE);
    let found: Vec<String> = listed
        .filter(|it| !used.contains(**it))
        .map(|it| (*it).to_owned())
        .collect();
    assert_none("listed in tests/tidy/confinement.rs, used by nobody:", &found);
}

#[test]
fn inner_crates_reach_no_outside_through_others() {
    let tree = tree::whole_tree();
    let names: BTreeMap<String, String> = tree::array(&tree, "packages")
        .iter()
        .map(|it| {
            (
                tree::string(it, "id").to_owned(),
                tree::string(it, "name").to_owned(),
            )
        })
        .collect();
    let mut edges: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for node in tree::array(&tree["resolve"], "nodes") {
        let normal = tree::array(&node, "deps")
            .iter()
            .filter(|dep| {
                tree::array(dep, "dep_kinds")
                    .iter()
                    .any(|kind| kind["kind"].is_null())
            })
            .map(|dep| tree::string(dep, "pkg").to_owned())
            .collect();
        edges.insert(tree::string(&node, "id").to_owned(), normal);
    }
    let mut found = Vec::new();
    for inner in INNER {
        let package = graph::package(inner);
        let start = names
            .iter()
            .find(|it| *it.1 == package)
            .expect("an inner crate is in the tree")
            .0;
        let mut seen = BTreeSet::from([start]);
        let mut open = vec![start];
        while let Some(id) = open.pop() {
            open.extend(edges[id].iter().filter(|to| seen.insert(to)));
        }
        let reached = seen
            .into_iter()
            .map(|id| names[id].as_str())
            .filter(|name| OUTSIDE.contains(name));
        found.extend(reached.map(|name| format!("{inner} reaches {name}")));
    }
    assert_none(
        "inner crates that reach a runtime, a network or a database:",
        &found,
    );
}
