//! What administrators are told about the workers' confinement.

use cutis_practice::notices::{Board, NoticeCode};

use super::Reached;

/// A host that cannot confine as intended still serves; the log and the notices say what is missing.
pub fn tell(prepared: &anyhow::Result<Reached>, board: &Board) {
    let Some((message, remedy)) = shortfall(prepared) else {
        board.clear(NoticeCode::Confinement);
        return;
    };
    tracing::warn!(
        message,
        remedy,
        "decode workers are confined less than they should be"
    );
    board.raise(NoticeCode::Confinement, message, remedy);
}

fn shortfall(prepared: &anyhow::Result<Reached>) -> Option<(String, &'static str)> {
    match prepared {
        Ok(reached) => {
            let lacks = reached.lacks();
            let message = format!("Photos are decoded with less protection: {}.", lacks.join("; "));
            (!lacks.is_empty()).then_some((message, "Use a newer Linux kernel, or enable what is named."))
        }
        Err(error) => Some((
            format!("No photo can be added: the decode workers do not start ({error:#})."),
            "See the log; the program needs seccomp (CONFIG_SECCOMP_FILTER) and the right to start itself.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Paths;
    use super::*;

    #[test]
    fn only_what_is_missing_is_told() {
        let whole = Reached {
            calls: true,
            paths: Paths::All,
            account: false,
        };
        assert_eq!(
            shortfall(&Ok(whole)),
            None,
            "the server's own account is no fault of the host"
        );
        let old = Reached {
            paths: Paths::None,
            ..whole
        };
        let (message, _) = shortfall(&Ok(old)).expect("something is missing");
        assert!(message.contains("no Landlock"), "{message}");
        assert!(shortfall(&Err(anyhow::anyhow!("no process"))).is_some());
    }
}
