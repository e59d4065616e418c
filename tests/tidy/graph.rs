//! Who may use whom, as data. What is not here is not allowed; a new edge is a change of this file.
//!
//! Normal dependencies only. A test may use what it needs, so dev-dependencies are not looked at, but
//! for `testkit`, which is never anything else.

/// One crate of ours.
pub(crate) struct Member {
    /// Its folder's name; its package is `cutis-` and this, the program's plain `cutis`.
    pub(crate) name: &'static str,
    /// Its level. Edges point to lower levels.
    pub(crate) level: u8,
    /// The crates of ours that it may use.
    pub(crate) may_use: &'static [&'static str],
}

const fn member(name: &'static str, level: u8, may_use: &'static [&'static str]) -> Member {
    Member { name, level, may_use }
}

/// Every crate of the workspace.
pub(crate) const GRAPH: &[Member] = &[
    member("domain", 0, &[]),
    member("audit", 1, &["domain"]),
    member("consent", 1, &["domain"]),
    member("media", 1, &["domain"]),
    member("vault", 1, &["domain"]),
    member("search", 0, &[]),
    member("compare", 0, &[]),
    member("live", 0, &[]),
    member("storage", 2, &["audit", "consent", "domain"]),
    member("blob", 2, &["domain", "vault"]),
    member("auth", 3, &["audit", "domain", "storage", "vault"]),
    member(
        "records",
        3,
        &[
            "audit", "blob", "compare", "consent", "domain", "live", "media", "search", "storage", "vault",
        ],
    ),
    member("practice", 3, &["audit", "consent", "domain", "storage"]),
    member(
        "storage-sqlite",
        3,
        &["audit", "consent", "domain", "search", "storage"],
    ),
    member(
        "testkit",
        3,
        &["audit", "blob", "consent", "domain", "media", "storage", "vault"],
    ),
    member("edge", 0, &[]),
    member(
        "api",
        4,
        &[
            "audit", "auth", "consent", "domain", "edge", "live", "practice", "records",
        ],
    ),
    member("web", 4, &[]),
    member(
        "cutis",
        5,
        &[
            "api",
            "audit",
            "auth",
            "blob",
            "consent",
            "domain",
            "media",
            "practice",
            "records",
            "storage",
            "storage-sqlite",
            "edge",
            "vault",
            "web",
        ],
    ),
    member(
        "tests",
        6,
        &[
            "api",
            "audit",
            "auth",
            "blob",
            "consent",
            "cutis",
            "domain",
            "live",
            "media",
            "practice",
            "records",
            "storage",
            "storage-sqlite",
            "testkit",
            "edge",
            "vault",
            "web",
        ],
    ),
];

/// Absences that matter more than any edge: who, never whom, and the rule that hangs on it.
pub(crate) const NEVER: &[(&str, &str, &str)] = &[
    (
        "api",
        "storage",
        "a handler reaches data only through a use case (A10, U3)",
    ),
    ("api", "storage-sqlite", "only the program names a backend (O4)"),
    ("api", "blob", "bytes are opened by a ticket of records (G6)"),
    ("api", "vault", "keys stay below the use cases"),
    ("api", "media", "hostile bytes are looked at below the use cases"),
    ("practice", "blob", "administration cannot reach an image (A10)"),
    ("practice", "vault", "administration cannot reach an image (A10)"),
    ("practice", "media", "administration cannot reach an image (A10)"),
    (
        "practice",
        "records",
        "administration has no clinical use case (A10)",
    ),
];

/// The package of a member.
pub(crate) fn package(name: &str) -> String {
    if name == "cutis" {
        name.to_owned()
    } else {
        format!("cutis-{name}")
    }
}

/// The member of a package, if it is ours.
pub(crate) fn member_of(package: &str) -> Option<&'static Member> {
    GRAPH.iter().find(|it| self::package(it.name) == package)
}
