//! Grams as the index has them: eight letters of a keyed digest, with the owner inside of it. So the index tells nothing
//! without the key, which is not in the database, and owners share no list.

use cutis_audit::TrailKey;
use cutis_search::{Cover, Searched};
use data_encoding::BASE32_NOPAD;
use sha2::{Digest as _, Sha256};

/// Makes one owner's tokens.
pub(super) struct Tokens {
    key: [u8; 32],
}

impl Tokens {
    pub(super) fn of(key: &TrailKey, owner: &[u8; 16]) -> Self {
        Self {
            key: key.row_mac("patient_find", 0, owner),
        }
    }

    fn put(&self, gram: &str, out: &mut String) {
        let digest = Sha256::new_with_prefix(self.key).chain_update(gram).finalize();
        // Five bytes are eight letters.
        if let Some(beginning) = digest.first_chunk::<5>() {
            BASE32_NOPAD.encode_append(beginning, out);
        }
    }

    /// A patient's document.
    pub(super) fn document(&self, searched: &Searched) -> String {
        let mut document = String::with_capacity(1024);
        searched.grams(&mut |gram| {
            self.put(gram, &mut document);
            document.push(' ');
        });
        document
    }

    /// A cover in the index's language.
    pub(super) fn expression(&self, cover: &Cover) -> String {
        let mut expression = String::new();
        for (place, either) in cover.iter().enumerate() {
            if place > 0 {
                expression.push_str(" AND ");
            }
            expression.push('(');
            for (place, all) in either.iter().enumerate() {
                if place > 0 {
                    expression.push_str(" OR ");
                }
                expression.push('(');
                for (place, gram) in all.iter().enumerate() {
                    if place > 0 {
                        expression.push_str(" AND ");
                    }
                    self.put(gram, &mut expression);
                }
                expression.push(')');
            }
            expression.push(')');
        }
        expression
    }
}
