//! The published inclusion and consistency vectors of RFC 6962/9162 trees, good and bad.

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write as _;
    use std::path::{Path, PathBuf};

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use cutis_audit::tree::{Hash, leaf_hash, verify_consistency, verify_inclusion};
    use serde_json::Value;

    fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
        for item in fs::read_dir(folder).expect("readable") {
            let path = item.expect("readable").path();
            if path.is_dir() {
                files_below(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                found.push(path);
            }
        }
    }

    fn vectors(kind: &str) -> Vec<(String, Value)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../../shared/vectors/merkle/testdata")
            .join(kind);
        if !folder.is_dir() {
            return Vec::new();
        }
        let mut found = Vec::new();
        files_below(&folder, &mut found);
        let read = |path: PathBuf| {
            let text = fs::read_to_string(&path).expect("readable");
            (
                path.display().to_string(),
                serde_json::from_str(&text).expect("JSON"),
            )
        };
        found.into_iter().map(read).collect()
    }

    fn number(case: &Value, name: &str) -> u64 {
        case[name].as_u64().expect("a number")
    }

    /// Nothing when it is not 32 bytes, which no typed caller can even offer.
    fn hash(value: &Value) -> Option<Hash> {
        STANDARD.decode(value.as_str()?).ok()?.try_into().ok()
    }

    /// A root. Some vectors have a short placeholder there, whose value does not matter but whose
    /// being the same or another does: its own hash stands for it.
    fn root(value: &Value) -> Option<Hash> {
        let bytes = STANDARD.decode(value.as_str().unwrap_or_default()).ok()?;
        Some(Hash::try_from(bytes.as_slice()).unwrap_or_else(|_| leaf_hash(&bytes)))
    }

    /// The proof; null stands for an empty one.
    fn proof(case: &Value) -> Option<Vec<Hash>> {
        case["proof"]
            .as_array()
            .map_or(Some(Vec::new()), |hashes| hashes.iter().map(hash).collect())
    }

    fn inclusion(case: &Value) -> Option<bool> {
        let (leaf, root, proof) = (hash(&case["leafHash"])?, root(&case["root"])?, proof(case)?);
        Some(
            verify_inclusion(
                number(case, "leafIdx"),
                number(case, "treeSize"),
                &leaf,
                &proof,
                &root,
            )
            .is_ok(),
        )
    }

    fn consistency(case: &Value) -> Option<bool> {
        let (one, two, proof) = (root(&case["root1"])?, root(&case["root2"])?, proof(case)?);
        let (earlier, later) = ((number(case, "size1"), &one), (number(case, "size2"), &two));
        Some(verify_consistency(earlier, later, &proof).is_ok())
    }

    fn check(kind: &str, holds: impl Fn(&Value) -> Option<bool>) {
        let cases = vectors(kind);
        if cases.is_empty() {
            let mut err = std::io::stderr();
            writeln!(
                err,
                "skipped: the published {kind} vectors are not beside this repository"
            )
            .expect("stderr");
            return;
        }
        let mut refused = 0;
        for (path, case) in &cases {
            let bad = case["wantErr"].as_bool().expect("a truth value");
            assert_eq!(holds(case).unwrap_or(false), !bad, "{path}");
            refused += usize::from(bad);
        }
        assert!(
            refused > 50 && refused < cases.len(),
            "{refused} of {} are bad",
            cases.len()
        );
    }

    #[test]
    fn published_inclusion_proofs() {
        check("inclusion", inclusion);
    }

    #[test]
    fn published_consistency_proofs() {
        check("consistency", consistency);
    }
}
