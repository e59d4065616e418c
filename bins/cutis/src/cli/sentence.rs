//! Sentences that a person types before something is done that cannot be undone.

use std::io::BufRead as _;

use anyhow::Context as _;
use serde_json::Value;

use super::say;

/// Whether the sentence was given, with `--accept` or typed when asked. If not, prints that, and `nothing`, which says
/// that nothing was done; for programs it prints what `refused` makes of the reason.
///
/// # Errors
/// When what is typed cannot be read.
pub(super) fn agreed(
    accepted: Option<&str>,
    said: &str,
    sentence: &str,
    nothing: &str,
    json: bool,
    refused: impl Fn(&'static str) -> Value,
) -> anyhow::Result<bool> {
    let mut typed = None;
    if let Some(accepted) = accepted {
        typed = Some(accepted.to_owned());
    } else if !json {
        say(said);
        say("To continue, type this sentence exactly:");
        say(&format!("  {sentence}"));
        let mut line = String::new();
        std::io::stdin()
            .lock()
            .read_line(&mut line)
            .context("the sentence cannot be read")?;
        typed = Some(line);
    }
    let typed = typed.as_deref().map(str::trim);
    if typed == Some(sentence) {
        return Ok(true);
    }
    say(&if json {
        refused("not_accepted").to_string()
    } else if typed.is_none_or(str::is_empty) {
        format!(
            "Nothing was typed. {nothing} Without a keyboard, give the sentence with --accept \"{sentence}\""
        )
    } else {
        format!("What was typed is not the sentence. {nothing}")
    });
    Ok(false)
}
