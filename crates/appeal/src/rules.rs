//! When an objection can be made and decided. Pure.

use kernel::{Money, Timestamp};
use legal_basis::Basis;
use order::{Object, Order, Status as Stands};
use profile::Profile;

use crate::error::AppealError;
use crate::model::{Appeal, Decision, Status, Told};

/// Longest name and contact, characters.
pub const MAX_LINE: usize = 200;
/// Longest text, characters.
pub const MAX_TEXT: usize = 10_000;

/// Checks what is told; gives it without blanks around.
///
/// # Errors
/// The first field that is missing or too long.
pub fn check(told: &Told) -> Result<Told, AppealError> {
    match faults(told).into_iter().next() {
        Some(field) => Err(AppealError::Field(field)),
        None => Ok(Told {
            name: told.name.trim().to_owned(),
            contact: told.contact.trim().to_owned(),
            text: told.text.trim().to_owned(),
        }),
    }
}

/// The fields of an objection that are missing or too long, in the order of the form.
#[must_use]
pub fn faults(told: &Told) -> Vec<&'static str> {
    let text = told.text.trim();
    let fits = [
        ("text", app::says(text) && text.chars().count() <= MAX_TEXT),
        ("name", app::is_line(&told.name, MAX_LINE)),
        ("contact", app::is_line(&told.contact, MAX_LINE)),
    ];
    fits.into_iter().filter(|(_, fits)| !fits).map(|(field, _)| field).collect()
}

/// Whether an object can be objected to now: something restricts it, or did and the holder still suffers from what
/// institutions keep of it; not what was never sent.
///
/// # Errors
/// [`AppealError::NothingToObject`].
pub fn may_file(order: &Order, object: &Object) -> Result<(), AppealError> {
    let sent = order.sent_at.is_some() && order.status != Stands::Cancelled;
    if sent && order::measure::restricts(order.measure) && object.order == order.id {
        Ok(())
    } else {
        Err(AppealError::NothingToObject)
    }
}

/// By when an objection made at `now` must be decided: by the basis of the order.
#[must_use]
pub fn due(profile: &Profile, basis: &Basis, now: Timestamp) -> Timestamp {
    profile.term_end(now, basis.record.appeal.decide_within)
}

/// What a decision makes of an objection.
///
/// # Errors
/// It was decided; what is to stay held is not less than what is held.
pub fn decide(
    appeal: &Appeal,
    object: &Object,
    decision: Decision,
    (by, now): (&str, Timestamp),
) -> Result<Appeal, AppealError> {
    if appeal.status != Status::Filed {
        return Err(AppealError::Decided);
    }
    let status = match decision {
        Decision::Uphold => Status::Upheld,
        Decision::Reject => Status::Rejected,
        Decision::Lower(keep) => {
            let held: Money = object.held;
            if keep.asset() != held.asset() || keep.minor() <= 0 || keep.minor() >= held.minor() {
                return Err(AppealError::Keep);
            }
            Status::Partly
        }
    };
    Ok(Appeal { status, decided_at: Some(now), decided_by: Some(by.to_owned()), ..appeal.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str, contact: &str, text: &str) -> Told {
        Told { name: name.into(), contact: contact.into(), text: text.into() }
    }

    #[test]
    fn what_is_told_is_checked_and_trimmed() {
        let good = check(&told(" Үлгі ", "+7 700 000 00 01", " Мен сатушымын ")).unwrap();
        assert_eq!((good.name.as_str(), good.text.as_str()), ("Үлгі", "Мен сатушымын"));
        let field = |t: Told| match check(&t) {
            Err(AppealError::Field(f)) => f,
            Err(e) => panic!("{e}"),
            Ok(_) => panic!("accepted"),
        };
        assert_eq!(field(told("", "a", "b")), "name");
        assert_eq!(field(told("a\u{7}b", "a", "b")), "name");
        assert_eq!(field(told("a", " ", "b")), "contact");
        assert_eq!(field(told("a", "b", "  ")), "text");
        assert_eq!(field(told("a", "b", &"ә".repeat(MAX_TEXT + 1))), "text");
        assert_eq!(field(told(&"ә".repeat(MAX_LINE + 1), "b", "c")), "name");
    }
}
