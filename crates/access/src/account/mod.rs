//! Accounts of staff: who they are, how they sign in, how long they stay signed in.
//! `model <- {rules: password, totp, throttle, session; store} <- service`.

mod demo;
mod error;
mod handed;
mod model;
mod own;
mod password;
mod service;
mod session;
mod sign_in;
mod store;
mod store_people;
mod store_session;
mod store_token;
mod throttle;
mod token;
mod tokens;
mod totp;

pub use demo::{DEMO_PASSWORD, DemoAccount, demo_accounts, demo_clerk, demo_panel, demo_sign_in};
pub use error::{AccountError, PasswordFault, SignInError};
pub use handed::{Holder, holders, two_persons};
pub use model::{
    Account, AccountId, AccountKind, Created, Handed, NewAccount, Seat, Session, SessionId, SessionKind,
    SessionLine,
};
pub use own::change_password;
pub use service::{
    account, accounts, accounts_of, count_accounts, create_account, end_session_of, enrol_account, list_of,
    renew_account, reset_account, set_active,
};
pub(crate) use service::{faults, of_account, require_manager};
pub use session::{ABSOLUTE_SECS, IDLE_SECS, STEP_UP_SECS, require_step_up};
pub use sign_in::{
    Attempt, Client, SignedIn, end_other_sessions, end_session, open_session, sessions, sign_in, sign_out,
    step_up,
};
pub use store::{Office as OfficeHeld, SLICE, office_now, office_of, still_stands};
pub use store_people::{Colleague, colleague, colleagues, names_of};
pub use token::{MOST_DAYS, NewToken, PER_MINUTE, Program, TokenError, TokenId, TokenLine, by_person};
pub use tokens::{bear, end_token, end_token_of, make_token, token_name, tokens, tokens_of};
