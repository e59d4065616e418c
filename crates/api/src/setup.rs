//! First start (A2) and the password rules (A5).

mod code;
mod create;
mod password_check;
mod state;

use cutis_auth::set_up::SetUpError;
use cutis_edge::problem::{Code, Problem};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Api, refusals};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(state::setup_state, create::set_up))
        .routes(routes!(code::check_setup_code))
        .routes(routes!(password_check::password_check))
}

fn refused(error: SetUpError) -> Problem {
    match error {
        SetUpError::Done => Problem::new(Code::SetupDone),
        SetUpError::CodeWrong => Problem::new(Code::SetupCodeWrong).with_field(
            "code",
            "setup_code_wrong",
            "Enter the code that Cutis printed when it was started; this code is not correct.",
        ),
        SetUpError::Throttled { seconds } => Problem::throttled(seconds.into()),
        SetUpError::PasswordTooLong(invalid) => {
            Problem::invalid("password", invalid.code(), invalid.message())
        }
        SetUpError::PasswordRefused(report) => broken_rules(&report),
        SetUpError::Busy(_) => Problem::busy(),
        SetUpError::Hash(error) => refusals::fault(&error),
        SetUpError::Storage(error) => refusals::storage(&error),
    }
}

fn broken_rules(report: &cutis_auth::Report) -> Problem {
    let broken = report.rules().iter().filter(|rule| !rule.satisfied);
    broken.fold(Problem::new(Code::Invalid), |problem, rule| {
        let message = format!("Use a password that meets this rule: {}.", rule.label);
        problem.with_field("password", rule.code.code(), message)
    })
}
