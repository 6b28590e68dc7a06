//! What each measure is: what it may name, which answers fit it, whether it restricts somebody. Pure.

use profile::{Measure, ObjectKind};

use crate::answer::Code;

/// Whether a measure is about a sum of money.
#[must_use]
pub const fn is_about_money(measure: Measure) -> bool {
    matches!(measure, Measure::Hold | Measure::Return)
}

/// Whether a measure takes something from somebody for a time: it must be ended, its end is told to the
/// partner, and who it meets may object. Data that are kept or handed over, and what gives back, do not.
#[must_use]
pub const fn restricts(measure: Measure) -> bool {
    match measure {
        Measure::Hold
        | Measure::IncomingStop
        | Measure::NumberBlock
        | Measure::SimBlock
        | Measure::ImeiBlock
        | Measure::SenderBlock
        | Measure::ResourceRestriction
        | Measure::Listing => true,
        Measure::Release
        | Measure::Return
        | Measure::Disclosure
        | Measure::Preservation
        | Measure::Delisting
        | Measure::Extension => false,
    }
}

/// Whether what a measure brings about has a term that can be made longer: what restricts, and data that are kept.
#[must_use]
pub const fn has_term(measure: Measure) -> bool {
    restricts(measure) || matches!(measure, Measure::Preservation)
}

/// Whether a measure must never fall on what a victim has told of as their own. A hold may: the payer's bank is asked to
/// stop the payment on the victim's own account.
#[must_use]
pub const fn bars_victims(measure: Measure) -> bool {
    restricts(measure) && !is_about_money(measure)
}

/// Whether a measure can name such an object at all. Which of them the country's routes lead to is the
/// profile's business.
#[must_use]
pub const fn can_name(measure: Measure, object: ObjectKind) -> bool {
    use ObjectKind as O;
    match measure {
        Measure::Hold | Measure::IncomingStop | Measure::Return => keeps_money(object),
        Measure::NumberBlock => matches!(object, O::Phone),
        Measure::SimBlock => matches!(object, O::Sim),
        Measure::ImeiBlock => matches!(object, O::Imei),
        Measure::SenderBlock => matches!(object, O::Sender),
        Measure::ResourceRestriction => {
            matches!(object, O::Url | O::Domain | O::Ip | O::App | O::Advertisement | O::Handle)
        }
        Measure::Disclosure => !matches!(object, O::Material | O::Person),
        Measure::Preservation => !matches!(object, O::Person),
        Measure::Listing | Measure::Delisting => matches!(object, O::Person),
        // Whatever can be restricted or kept can be so for longer.
        Measure::Extension => true,
        // Ending a restriction is told by a message of its own, not by an order.
        Measure::Release => false,
    }
}

/// Kinds of object in which money lies. A telephone number opens an electronic wallet.
const fn keeps_money(object: ObjectKind) -> bool {
    use ObjectKind as O;
    matches!(
        object,
        O::Iban | O::Account | O::Card | O::Wallet | O::WalletBtc | O::WalletEth | O::WalletTron | O::Phone
    )
}

/// Whether an answer code says something about such a measure. A code that says nothing of it is refused,
/// or a bank's slip would show as a blocked number.
#[must_use]
pub const fn fits(measure: Measure, code: Code) -> bool {
    use Code as C;
    // What may be said of any order.
    if matches!(code, C::A00 | C::N30 | C::N32 | C::R40 | C::R41 | C::Q50 | C::S20 | C::E90 | C::Native) {
        return true;
    }
    if matches!(code, C::S10) {
        return restricts(measure);
    }
    match measure {
        Measure::Hold => {
            code.is_outflow()
                || matches!(
                    code,
                    C::H10
                        | C::H11
                        | C::H12
                        | C::N31
                        | C::N33
                        | C::R42
                        | C::L60
                        | C::L61
                        | C::L62
                        | C::P70
                        | C::P71
                )
        }
        Measure::Return => {
            matches!(code, C::N31 | C::N33 | C::R42 | C::P70 | C::P71 | C::L60 | C::L61 | C::L62)
        }
        Measure::IncomingStop => {
            matches!(code, C::B10 | C::B11 | C::B12 | C::R42 | C::L60 | C::L61 | C::L62)
        }
        Measure::NumberBlock | Measure::SimBlock | Measure::ImeiBlock | Measure::SenderBlock => {
            matches!(code, C::B10 | C::B11 | C::B12 | C::N34 | C::N35 | C::R43 | C::L60 | C::L61 | C::L62)
        }
        Measure::ResourceRestriction => {
            matches!(code, C::B10 | C::B11 | C::B12 | C::B13 | C::N35 | C::R43 | C::L60 | C::L61 | C::L62)
        }
        Measure::Disclosure => {
            matches!(code, C::D10 | C::D11 | C::N34 | C::N35 | C::N36 | C::L60 | C::L61 | C::L62)
        }
        Measure::Preservation => {
            matches!(code, C::K10 | C::N34 | C::N35 | C::N36 | C::L60 | C::L61 | C::L62)
        }
        Measure::Listing => {
            matches!(code, C::B10 | C::B12 | C::R43 | C::L60 | C::L61 | C::L62)
        }
        Measure::Delisting => matches!(code, C::B10 | C::B12),
        // Carried out: the new term is noted. What is not in force with the institution any more is N31.
        Measure::Extension => matches!(code, C::B10 | C::N31 | C::R43 | C::L60 | C::L61 | C::L62),
        Measure::Release => matches!(code, C::L60 | C::L61 | C::L62),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_but_release_can_name_something_and_be_refused() {
        for m in Measure::ALL {
            let named = ObjectKind::ALL.iter().filter(|k| can_name(*m, **k)).count();
            assert_eq!(named == 0, *m == Measure::Release, "{m}");
            assert!(fits(*m, Code::A00) && fits(*m, Code::R40) && fits(*m, Code::Native), "{m}");
        }
    }

    #[test]
    fn an_answer_about_money_says_nothing_of_a_number() {
        assert!(!fits(Measure::NumberBlock, Code::H10));
        assert!(!fits(Measure::Hold, Code::B10));
        assert!(!fits(Measure::Disclosure, Code::B10));
        assert!(fits(Measure::NumberBlock, Code::N34));
        assert!(!fits(Measure::Hold, Code::N34));
    }

    #[test]
    fn every_code_fits_some_measure() {
        for code in Code::TABLE {
            assert!(Measure::ALL.iter().any(|m| fits(*m, code)), "{code:?}");
        }
    }

    #[test]
    fn what_restricts_can_be_answered_as_ended() {
        for m in Measure::ALL.iter().filter(|m| restricts(**m)) {
            for end in [Code::L60, Code::L61, Code::L62] {
                assert!(fits(*m, end), "{m} {end:?}");
            }
        }
    }
}
