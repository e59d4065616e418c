//! An upload that ended before its last file: what is told of it (I2).

use std::time::Duration;

use cutis_domain::image::FileName;

use crate::images::dto::{NotExamined, UploadResult};
use cutis_edge::extract::Multipart;
use cutis_edge::problem::Problem;

/// How long the rest of a form is read for its files' names. Most senders listen only once they have sent everything,
/// so this is also how long an answer waits for them to be able to hear it.
const READING_ON: Duration = Duration::from_mins(1);

/// How far an upload has come.
#[derive(Default)]
pub(super) struct Progress {
    /// What happened to the files so far.
    pub(super) results: Vec<UploadResult>,
    /// What the file is called that is being taken in.
    pub(super) current: Option<String>,
}

/// Adds to the problem that ended an upload what happened to its files. What was stored is stored: its sender must not
/// have to guess. When nothing was decided of any file, there is nothing to read on for: the problem is told at once.
pub(super) async fn tell(problem: Problem, progress: Progress, form: &mut Multipart) -> Problem {
    let Progress { results, current } = progress;
    if results.is_empty() && current.is_none() {
        return problem;
    }
    let from = results.len();
    let mut names: Vec<String> = current.into_iter().collect();
    let mut complete = false;
    if !results.is_empty() {
        let rest = form.names_of_the_rest(super::FILE, READING_ON).await;
        names.extend(rest.names);
        complete = rest.complete;
    }
    let names = names
        .iter()
        .map(|name| FileName::tame(name).as_str().to_owned())
        .collect();
    let not_examined = NotExamined {
        from,
        names,
        complete,
    };
    // Plain values cannot fail to be written; without them the problem is still true.
    match (serde_json::to_value(results), serde_json::to_value(not_examined)) {
        (Ok(results), Ok(rest)) => problem
            .with_extra("results", results)
            .with_extra("notExamined", rest),
        _ => problem,
    }
}
