//! Pages and extractors: the only part that knows HTTP.

mod admin;
mod away;
mod client;
mod cookie;
mod extract;
mod held;
mod password;
mod program;
mod sessions;
mod sign_in;
mod signing;
mod step_up;
mod tokens;

pub use admin::{Newcomer, person_form, person_submit};
pub use extract::{MaybeStaff, Sections, Staff, SteppedUp, identify};
pub use program::{Reads, Writes};
pub use signing::{Signing, code_field};

use app::App;
use axum::Router;
use axum::routing::{get, post};
use kernel::{Actor, Role};

/// `/sign-in`, `/sign-out`, `/step-up`, `/me/sessions`, `/me/password`, `/me/tokens`, the administrator's `/admin/accounts`, and
/// `/desk/away` of absence and delegation.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/sign-in/demo", post(sign_in::submit_demo))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/step-up", get(step_up::show).post(step_up::submit))
        .route("/me/sessions", get(sessions::show))
        .route("/me/sessions/end", post(sessions::end))
        .route("/me/tokens", get(tokens::show).post(tokens::make))
        .route("/me/tokens/end", post(tokens::end))
        .route("/me/password", get(password::show).post(password::submit))
        .merge(admin::routes())
        .merge(away::routes())
}

/// Where somebody lands who signs in without having been on the way anywhere.
const HOME: &str = "/desk";
/// Where an administrator lands, who has no place at the desk.
const ADMIN_HOME: &str = "/admin/accounts";

/// Where a prosecutor lands.
const PROSECUTOR_HOME: &str = "/desk/sanctions";

/// Where an auditor lands.
const AUDITOR_HOME: &str = "/desk/registry/asked";

/// Where somebody of a partner institution lands.
const CONSOLE_HOME: &str = "/console";

/// As [`next_path`], for somebody who is known by now.
fn next_path_of<'a>(actor: &Actor, next: &'a str) -> &'a str {
    let path = next_path(next);
    let case_work = actor.has(Role::DutyOfficer) || actor.has(Role::Approver);
    if path != HOME || case_work {
        path
    } else if actor.has(Role::Administrator) {
        ADMIN_HOME
    } else if actor.has(Role::Prosecutor) {
        PROSECUTOR_HOME
    } else if actor.has(Role::Auditor) {
        AUDITOR_HOME
    } else if actor.clerk().is_some() {
        CONSOLE_HOME
    } else {
        path
    }
}

/// A path of this site to go on to; the desk if it is none, or would lead back to signing in.
fn next_path(next: &str) -> &str {
    let path = web::local_path(next);
    let name = path.split(['?', '#']).next().unwrap_or_default();
    if path == "/"
        || ["/sign-in", "/sign-out", "/step-up"].iter().any(|p| name == *p || name.starts_with("/sign-in/"))
    {
        return HOME;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_and_no_way_in_circles() {
        for (next, path) in [
            ("/desk/queue?view=night", "/desk/queue?view=night"),
            ("/orders/ord_1#answer", "/orders/ord_1#answer"),
            ("", HOME),
            ("/", HOME),
            ("//evil.example/x", HOME),
            ("/\\evil.example", HOME),
            ("https://evil.example", HOME),
            ("javascript:alert(1)", HOME),
            ("/sign-in?next=/sign-in", HOME),
            ("/sign-in/demo", HOME),
            ("/sign-out", HOME),
            ("/step-up", HOME),
            ("/x\r\nSet-Cookie: a=b", HOME),
        ] {
            assert_eq!(next_path(next), path, "{next}");
        }
    }
}
