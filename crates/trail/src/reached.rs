//! Where the money of a report came, as far as institutions have told: accounts that nobody named in it.

use app::App;
use db::Tx;
use identifier::Kind;
use report::service::Full;

use crate::TrailError;

/// What is less than one in so many of what was asked about is the holder's own shopping, and no path of the money.
const WORTH: i64 = 10;

/// Accounts to which answers say that the money went on, each once, with the kind of identifier and its canonical writing. A tenth of what
/// was asked about at least: the holder of an account goes on living, and pays others who have nothing to do with it.
///
/// # Errors
/// Erased; the database's.
pub fn reached(tx: &mut Tx<'_>, app: &App, full: &Full) -> Result<Vec<(Kind, String)>, TrailError> {
    let codes = order::service::codes_of_report_in(tx, full.report.id)?;
    // Most reports have no such answer, and looking at them in full opens everything that is sealed.
    if !codes.into_iter().any(order::answer::Code::is_outflow) {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for object in order::service::objects_of_report_in(tx, full.report.id)? {
        for fact in order::service::facts_in(tx, app, &object)?.into_iter().filter(|f| f.code.is_outflow()) {
            let amount = fact.amount.map(|a| a.minor());
            if amount.is_some_and(|amount| amount.saturating_mul(WORTH) < object.cap.minor()) {
                continue;
            }
            let there = fact.account.and_then(|a| Some((Kind::parse(&a.kind)?, a.value)));
            if let Some(there) = there.filter(|t| !all.contains(t)) {
                all.push(there);
            }
        }
    }
    Ok(all)
}
