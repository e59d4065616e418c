//! Settings of the practice (O2).

mod change;
pub mod dto;
mod list;

use cutis_practice::SettingsError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Api, refusals};
use cutis_edge::problem::{Code, Problem};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list::list_settings, change::change_settings))
}

fn refused(error: SettingsError) -> Problem {
    match error {
        SettingsError::Invalid(refused) => {
            refused
                .into_iter()
                .fold(Problem::new(Code::Invalid), |problem, refusal| {
                    let field = format!("values.{}", refusal.key.chars().take(100).collect::<String>());
                    problem.with_field(field, refusal.invalid.code(), refusal.invalid.message())
                })
        }
        SettingsError::Storage(error) => refusals::storage(&error),
    }
}
