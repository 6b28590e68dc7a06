//! Where this slice meets `identifier`: what was typed is recognised, what was told is searched, and each
//! appearance is kept as a sighting with its place.

use app::App;
use db::{DbError, Tx};
use identifier::{Kind, Options, Region, SightedAt, Sighting};

use crate::model::{Fact, NewPayment, NewReport, ReportId, Target};
use crate::rules;

fn region(app: &App) -> Region {
    Region::from_code(app.profile.phone_region()).unwrap_or_default()
}

pub(crate) fn options(app: &App) -> Options {
    Options { region: region(app) }
}

/// What was pasted as the receiver. What is no account at all is taken if the text contains one.
///
/// # Errors
/// The key of a text that says what to do.
pub(crate) fn target(app: &App, text: &str) -> Result<Target, &'static str> {
    const PAYABLE: &[Kind] = &[
        Kind::Iban,
        Kind::Card,
        Kind::Phone,
        Kind::WalletBtc,
        Kind::WalletEth,
        Kind::WalletTron,
        Kind::Account,
        Kind::Iin,
        Kind::Bin,
        Kind::Handle,
        Kind::Url,
        Kind::Domain,
        Kind::Email,
    ];
    let region = region(app);
    let typed = PAYABLE
        .iter()
        .take(6)
        .find_map(|kind| Some((*kind, identifier::normalise(*kind, text, region).ok()?)));
    let found = || {
        let found = identifier::extract(text, &options(app));
        PAYABLE
            .iter()
            .find_map(|kind| found.iter().find(|f| f.kind == *kind).map(|f| (f.kind, f.canonical.clone())))
    };
    let account = || identifier::normalise(Kind::Account, text, region).ok().map(|a| (Kind::Account, a));
    let (kind, value) = typed.or_else(found).or_else(account).ok_or("report-to.unreadable")?;
    Ok(Target { kind: kind.as_str().to_owned(), masked: rules::mask(kind.as_str(), &value), value })
}

/// An identifier of a stated kind, checked.
pub(crate) fn canonical(app: &App, kind: &str, value: &str) -> Option<Target> {
    let kind = Kind::parse(kind)?;
    // A card in a message may already be its ten known digits.
    let short_card = kind == Kind::Card && value.len() == 10 && value.bytes().all(|b| b.is_ascii_digit());
    let value =
        if short_card { value.to_owned() } else { identifier::normalise(kind, value, region(app)).ok()? };
    Some(Target { kind: kind.as_str().to_owned(), masked: rules::mask(kind.as_str(), &value), value })
}

/// Length of a card of which only the last four digits are known: enough beside the bank that gave it out.
pub(crate) const SHORT_CARD: usize = 4;

/// The account a payment was sent from. A card is kept by its first six and last four digits, or by its last four if no more is told; what looks like
/// an account or a card with a slip in it is no account of another kind.
///
/// # Errors
/// The key of a text that says what to do.
pub(crate) fn own_account(app: &App, text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    // An e-wallet's account is a telephone number; without the sign a row of digits is an account as it stands.
    let kinds = [Kind::Iban, Kind::Card, Kind::Phone];
    let kinds = kinds.iter().filter(|k| **k != Kind::Phone || text.starts_with('+'));
    let sure = kinds.filter_map(|k| identifier::normalise(*k, text, region(app)).ok()).next();
    if let Some(value) = sure.or_else(|| hidden_card(text)).or_else(|| last_four(text)) {
        return Ok(value);
    }
    match identifier::recognise(text, &options(app)).first() {
        Some(identifier::Candidate { kind: Kind::Iban, outcome: Err(_) }) => Err("report-own-account.iban"),
        Some(identifier::Candidate { kind: Kind::Card, outcome: Err(_) }) => Err("report-own-account.card"),
        // A wallet is opened by its owner's telephone number.
        _ => [Kind::Account, Kind::Phone]
            .iter()
            .find_map(|kind| identifier::normalise(*kind, text, region(app)).ok())
            .ok_or("report-own-account.unreadable"),
    }
}

/// The ten digits of a card that whoever sent it has hidden already: `440043******1234`.
fn hidden_card(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (first, last) = (plain.split('*').next()?, plain.rsplit('*').next()?);
    let whole = (first.len(), last.len()) == (6, 4) && plain.len() <= 19;
    let known = format!("{first}{last}");
    (whole && known.bytes().all(|b| b.is_ascii_digit())).then_some(known)
}

/// The last four digits of a card as banks show them: `1234`, `*1234`, `•••• 1234`.
fn last_four(text: &str) -> Option<String> {
    let hiding = |c: char| c.is_whitespace() || matches!(c, '*' | '•' | '·' | '…' | '.');
    let digits = text.trim_start_matches(hiding);
    (digits.len() == SHORT_CARD && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.to_owned())
}

/// The institution that keeps the payer's account, where the number says it.
pub(crate) fn own_keeper(partners: &[partner::Partner], account: &str) -> Option<String> {
    let kind = match account.len() {
        10 if account.bytes().all(|b| b.is_ascii_digit()) => "card",
        _ if identifier::normalise(Kind::Iban, account, Region::default()).is_ok() => "iban",
        _ => return None,
    };
    partner::rules::keeper(partners, kind, account).map(|p| p.code.clone())
}

/// A phone as typed, E.164.
///
/// # Errors
/// How many digits were typed.
pub(crate) fn phone(app: &App, text: &str) -> Result<String, i64> {
    identifier::normalise(Kind::Phone, text, region(app))
        .map_err(|_| i64::try_from(text.chars().filter(char::is_ascii_digit).count()).unwrap_or(0))
}

/// An individual identification number as typed.
pub(crate) fn iin(text: &str) -> Result<String, ()> {
    identifier::normalise(Kind::Iin, text, Region::default()).map_err(|_| ())
}

/// The story as it is kept: whole card numbers become their first six and last four digits.
pub(crate) fn kept(story: &str) -> String {
    identifier::mask_cards(story)
}

/// Most sightings kept of one story. They are written where everybody else's reports wait, so a story made of
/// nothing but numbers must not stop the rest; its text is kept whole.
pub(crate) const MOST_SIGHTINGS: usize = 1_000;

pub(crate) fn of_story(app: &App, story: &str) -> Vec<Sighting> {
    identifier::extract(story, &options(app)).iter().take(MOST_SIGHTINGS).map(Sighting::in_story).collect()
}

pub(crate) fn of_payment(payment: &NewPayment) -> Vec<Sighting> {
    let own = own_sighting(&payment.own_account);
    payment.to.as_ref().and_then(target_sighting).into_iter().chain(own).collect()
}

pub(crate) fn of_fact(fact: &Fact) -> Vec<Sighting> {
    match fact {
        Fact::To(to, _) => target_sighting(to).into_iter().collect(),
        Fact::OwnAccount(account) => own_sighting(account).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn target_sighting(to: &Target) -> Option<Sighting> {
    let (kind, canonical) = (Kind::parse(&to.kind)?, to.value.clone());
    Some(Sighting { kind, canonical, place: SightedAt::Field("payment.to".into()) })
}

/// The account that somebody says is theirs: a report that names it as another's must not move anything by itself.
fn own_sighting(account: &str) -> Option<Sighting> {
    let (kind, canonical) = own(account)?;
    Some(Sighting { kind, canonical, place: SightedAt::Field("payment.own_account".into()) })
}

/// What sort of account that is, if it is one person's.
pub(crate) fn own(account: &str) -> Option<(Kind, String)> {
    let kind = [Kind::Iban, Kind::Phone].into_iter().find(|kind| {
        let known = identifier::normalise(*kind, account, Region::default());
        known.is_ok_and(|canonical| canonical == account)
    });
    // Of a card only ten digits are known, or four: many people's cards have them.
    let short = matches!(account.len(), 10 | SHORT_CARD) && account.bytes().all(|b| b.is_ascii_digit());
    let kind = kind.or((!account.is_empty() && !short).then_some(Kind::Account))?;
    Some((kind, account.to_owned()))
}

pub(crate) fn of_report(app: &App, new: &NewReport) -> Vec<Sighting> {
    let mut all: Vec<Sighting> = new.payments.iter().flat_map(of_payment).collect();
    all.extend(of_story(app, &new.story));
    let own = [
        (Kind::Phone, &new.reporter.phone, "reporter.phone"),
        (Kind::Iin, &new.reporter.iin, "reporter.iin"),
    ];
    all.extend(own.into_iter().filter(|(_, value, _)| !value.is_empty()).map(|(kind, value, field)| {
        Sighting { kind, canonical: value.clone(), place: SightedAt::Field(field.into()) }
    }));
    all
}

/// Keeps sightings in a running transaction.
pub(crate) fn record(
    tx: &mut Tx<'_>,
    app: &App,
    report: ReportId,
    sightings: &[Sighting],
) -> Result<(), DbError> {
    identifier::record_sightings(tx, &app.vault, report.uuid(), sightings, app.office.now())
}

/// Forgets a report's sightings.
pub(crate) fn forget(tx: &mut Tx<'_>, report: ReportId) -> Result<(), DbError> {
    identifier::forget(tx, report.uuid())
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::World;

    #[test]
    fn accounts_a_payment_is_sent_from() {
        let app = World::new(3).app;
        for (text, kept) in [
            ("", ""),
            ("  ", ""),
            ("KZ59 9010 0000 0000 0002", "KZ599010000000000002"),
            ("4400 4301 2345 6789", "4400436789"),
            ("440043******6789", "4400436789"),
            ("6789", "6789"),
            ("*6789", "6789"),
            ("•••• 6789", "6789"),
            ("+7 700 000 12 34", "+77000001234"),
            ("ab-12/345", "AB12345"),
            ("40817810538091310419", "40817810538091310419"),
        ] {
            assert_eq!(own_account(&app, text).as_deref(), Ok(kept), "{text}");
        }
        for (text, key) in [
            ("KZ59 9010 0000 0000 0003", "iban"),
            ("4400 4301 2345 6780", "card"),
            ("+7 1", "unreadable"),
            ("счёт", "unreadable"),
            ("440043*6789*1", "card"),
            ("678", "unreadable"),
            ("6 789", "unreadable"),
        ] {
            let want = format!("report-own-account.{key}");
            assert_eq!(own_account(&app, text).map_err(str::to_owned), Err(want), "{text}");
        }
    }
}
