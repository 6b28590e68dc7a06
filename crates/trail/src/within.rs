//! The trail for slices above, in their own transaction.

use app::App;
use db::Tx;
use kernel::Actor;

use crate::gather::{account_key, gather};
use crate::model::Trail;
use crate::{TrailError, rules};

/// The trail of a report that the caller has opened for `viewer`: whether it may be is asked there, and recorded.
///
/// # Errors
/// Erased; the database's.
pub fn trail_of(
    tx: &mut Tx<'_>,
    app: &App,
    viewer: &Actor,
    full: &report::service::Full,
) -> Result<Trail, TrailError> {
    let known = gather(tx, app, viewer, full)?;
    Ok(rules::build(full.report.loss.asset(), &known.facts))
}

/// By what the trail knows an account: equal for equal accounts.
#[must_use]
pub fn key_of(app: &App, kind: &str, value: &str) -> String {
    account_key(app, kind, value)
}
