//! Modules of one crate do not use each other in a circle.
//!
//! A module is a file. It may use the modules above and below it in the tree as it likes; of all others, none
//! may come back to it. What is named by a name that the crate's root exports counts as its module's.

use std::collections::{BTreeMap, BTreeSet};

use crate::rust_text;
use crate::tree::{self, assert_none};

type Module = Vec<String>;

/// The modules of a crate with their code, by path below `src`.
fn modules(source: &str) -> BTreeMap<Module, String> {
    tree::rust_files()
        .into_iter()
        .filter_map(|path| {
            let below = path.strip_prefix(source)?.strip_suffix(".rs")?;
            let code = rust_text::code(&path, &tree::text(&path));
            let mut module: Module = below.split('/').map(str::to_owned).collect();
            module.retain(|part| part != "lib");
            (below != "main").then_some((module, code))
        })
        .collect()
}

/// Every path in `code` that begins with one of `starts`, with the names in braces one by one.
fn paths(code: &str, starts: &[&str]) -> Vec<Vec<String>> {
    let part = |it: char| it.is_alphanumeric() || it == '_';
    let mut found = Vec::new();
    for start in starts {
        for (at, _) in code.match_indices(start) {
            if !code[..at].ends_with(|it: char| part(it) || it == ':') {
                expand(&code[at..], Vec::new(), &mut found);
            }
        }
    }
    found
}

/// Reads one path, or one tree of a `use`, and answers what comes after it.
fn expand<'a>(text: &'a str, mut path: Vec<String>, found: &mut Vec<Vec<String>>) -> &'a str {
    let name = text
        .find(|it: char| !it.is_alphanumeric() && it != '_')
        .unwrap_or(text.len());
    if name > 0 {
        path.push(text[..name].to_owned());
        let rest = &text[name..];
        if let Some(more) = rest.strip_prefix("::")
            && more.starts_with(|it: char| it.is_alphanumeric() || it == '_' || it == '{')
        {
            return expand(more, path, found);
        }
        found.push(path);
        return rest;
    }
    let Some(mut rest) = text.strip_prefix('{') else {
        return text;
    };
    loop {
        rest = rest.trim_start_matches(|it: char| it.is_whitespace() || it == ',');
        if rest.is_empty() || rest.starts_with('}') {
            return rest.strip_prefix('}').unwrap_or(rest);
        }
        rest = expand(rest, path.clone(), found);
        // What follows a name up to the next one, such as `as other`.
        rest = &rest[rest.find([',', '}']).unwrap_or(rest.len())..];
    }
}

/// The deepest module that a path names, seen from `from`.
fn module_of(all: &BTreeMap<Module, String>, from: &[String], path: &[String]) -> Module {
    let mut module: Module = if path[0] == "crate" {
        Vec::new()
    } else {
        from.to_vec()
    };
    for name in path {
        match name.as_str() {
            "crate" | "self" => {}
            "super" => drop(module.pop()),
            name => {
                module.push(name.to_owned());
                if !all.contains_key(&module) {
                    module.pop();
                    break;
                }
            }
        }
    }
    module
}

/// Which modules each module uses, but for those above and below it.
fn edges(all: &BTreeMap<Module, String>) -> BTreeMap<&Module, BTreeSet<Module>> {
    let root = all.get(&Module::new()).map_or("", String::as_str);
    let firsts: BTreeSet<String> = all
        .keys()
        .filter_map(|it| it.first())
        .map(|it| format!("{it}::"))
        .collect();
    let firsts: Vec<&str> = firsts.iter().map(String::as_str).collect();
    let exported: BTreeMap<String, Module> = paths(root, &firsts)
        .into_iter()
        .map(|path| (path.last().expect("a name").clone(), module_of(all, &[], &path)))
        .collect();
    let mut edges = BTreeMap::new();
    for (from, code) in all {
        let used = paths(code, &["crate::", "super::", "self::"])
            .into_iter()
            .filter_map(|path| {
                let to = match path.as_slice() {
                    [crate_, name, ..]
                        if crate_ == "crate" && !all.contains_key(std::slice::from_ref(name)) =>
                    {
                        exported.get(name)?.clone()
                    }
                    path => module_of(all, from, path),
                };
                (!to.starts_with(from) && !from.starts_with(&to)).then_some(to)
            });
        edges.insert(from, used.collect());
    }
    edges
}

/// The ways from a module back to itself, the shortest of each module.
fn circles(all: &BTreeMap<Module, String>) -> Vec<String> {
    let edges = edges(all);
    let mut found = Vec::new();
    for start in all.keys() {
        let mut ways = vec![vec![start]];
        let mut seen = BTreeSet::new();
        let mut at = 0;
        while let Some(way) = ways.get(at).cloned() {
            at += 1;
            for to in way.last().and_then(|last| edges.get(*last)).into_iter().flatten() {
                if to == start {
                    let names: Vec<String> = way.iter().map(|it| it.join("::")).collect();
                    found.push(format!("{} → {}", names.join(" → "), start.join("::")));
                    ways.clear();
                    break;
                }
                if seen.insert(to) {
                    ways.push([way.as_slice(), &[to]].concat());
                }
            }
        }
    }
    found
}

#[test]
fn modules_of_a_crate_do_not_use_each_other_in_a_circle() {
    let mut found = Vec::new();
    for package in tree::packages() {
        let folder = tree::folder(&package);
        let all = modules(&format!("{folder}/src/"));
        found.extend(circles(&all).into_iter().map(|it| format!("{folder}: {it}")));
    }
    assert_none("modules that use each other in a circle:", &found);
}

#[test]
fn a_circle_is_found_through_braces_super_and_the_root() {
    let module = |path: &str| {
        path.split('/')
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect::<Module>()
    };
    let crate_of = |code: &[(&str, &str)]| -> BTreeMap<Module, String> {
        code.iter()
            .map(|(path, code)| (module(path), (*code).to_owned()))
            .collect()
    };
    let open = crate_of(&[
        ("", "mod a;\nmod b;\npub use a::A;"),
        ("a", "mod inner;\nuse crate::b::{self, B as Other};"),
        ("a/inner", "use super::A;"),
        ("b", "struct B;"),
    ]);
    assert_eq!(circles(&open), Vec::<String>::new());
    let closed = crate_of(&[
        ("", "mod a;\nmod b;\npub use a::{self, A};"),
        ("a", "use crate::{c::C, b::{\n    X, B}};"),
        ("b", "fn f() -> super::c::C {}"),
        ("c", "use crate::A;"),
    ]);
    assert_eq!(circles(&closed).first().map(String::as_str), Some("a → c → a"));
    assert_eq!(circles(&closed).len(), 3);
}
