//! From what was typed to what is filed. Each page's answers are judged here; texts come from the
//! catalogue by key. What is missing is no error where it can be asked for later.

mod amount;
mod later;

use app::App;
use identifier::{Candidate, Kind, Options, Region};
use kernel::Lang;
use partner::Partner;
use serde_json::Value;
use web::{Ctx, FieldError, WhenAnswer};

use crate::draft::{Answers, PaymentAnswers};
use crate::model::{Harm, NewPayment, NewReport, ReportId, Reporter, Target};
use crate::rules;
use crate::sight;

pub use amount::amount;
pub use later::later_facts;

/// The code in the list of banks that says "I do not know".
pub const UNKNOWN_BANK: &str = "unknown";

/// Names of answers that only the form's pages need.
const UNFINISHED: &str = "payment";
const NO_PHONE: &str = "no_phone";
const TAKEN: &str = "taken";

/// Name of what was typed to complete a filed payment.
fn completing(no: i64) -> String {
    format!("completing_{no}")
}

/// The page that must be opened again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// What happened.
    What,
    /// The payment of this index.
    Payment(usize),
    /// Who reports.
    You,
}

impl Answers {
    /// The payment that was being typed when the page was left.
    #[must_use]
    pub fn unfinished(&self) -> PaymentAnswers {
        self.more.get(UNFINISHED).and_then(|v| serde_json::from_value(v.clone()).ok()).unwrap_or_default()
    }
    /// Keeps a payment that is being typed; an empty one is forgotten.
    pub fn keep_unfinished(&mut self, payment: &PaymentAnswers) {
        match serde_json::to_value(payment) {
            Ok(value) if !payment.is_empty() => drop(self.more.insert(UNFINISHED.to_owned(), value)),
            _ => drop(self.more.remove(UNFINISHED)),
        }
    }
    /// What was typed to complete the filed payment of this number, and not sent.
    #[must_use]
    pub fn completing(&self, no: i64) -> Option<PaymentAnswers> {
        self.more.get(&completing(no)).and_then(|v| serde_json::from_value(v.clone()).ok())
    }
    /// Keeps that; `None` forgets it.
    pub fn keep_completing(&mut self, no: i64, payment: Option<&PaymentAnswers>) {
        match payment.and_then(|p| serde_json::to_value(p).ok()) {
            Some(value) => drop(self.more.insert(completing(no), value)),
            None => drop(self.more.remove(&completing(no))),
        }
    }
    /// The key of the page whose payment was taken last.
    #[must_use]
    pub fn taken(&self) -> &str {
        self.more.get(TAKEN).and_then(Value::as_str).unwrap_or_default()
    }
    /// Takes a payment from the page with this key; the same page sent twice gives one payment.
    pub fn take_payment(&mut self, key: &str, payment: PaymentAnswers) {
        if key.is_empty() || self.taken() != key {
            self.payments.push(payment);
            self.more.insert(TAKEN.to_owned(), Value::String(key.to_owned()));
        }
    }
    /// Whether the reporter said that there is no number to call.
    #[must_use]
    pub fn no_phone(&self) -> bool {
        self.more.contains_key(NO_PHONE)
    }
    /// Keeps that answer.
    pub fn set_no_phone(&mut self, yes: bool) {
        if yes {
            self.more.insert(NO_PHONE.to_owned(), Value::Bool(true));
        } else {
            self.more.remove(NO_PHONE);
        }
    }
    /// Whether money left, so that payments are asked for.
    #[must_use]
    pub fn asks_payments(&self) -> bool {
        self.kind == Harm::Money.as_str()
    }
}

impl PaymentAnswers {
    /// The answer to "when", as the page's field has it.
    #[must_use]
    pub fn when(&self) -> WhenAnswer {
        WhenAnswer {
            day: self.day.clone(),
            date: self.date.clone(),
            month: self.month.clone(),
            year: self.year.clone(),
            time: self.time.clone(),
            about: self.about,
        }
    }
    /// Whether nothing was typed at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let typed =
            [&self.own_bank, &self.amount, &self.to, &self.own_account, &self.to_bank, &self.reference];
        typed.into_iter().all(|t| t.trim().is_empty())
    }
    /// The same with its day as a date: "today" must not move on while the draft waits.
    #[must_use]
    pub fn dated(mut self, ctx: &Ctx) -> Self {
        let today = ctx.formats().day(ctx.now());
        let day = match self.day.as_str() {
            "today" => today,
            "yesterday" => today.and_then(|d| d.yesterday().ok()),
            _ => None,
        };
        if let Some(day) = day {
            "other".clone_into(&mut self.day);
            (self.date, self.month, self.year) =
                (day.day().to_string(), day.month().to_string(), day.year().to_string());
        }
        self
    }
    /// The same with "today" and "yesterday" for their dates, as the page shows it.
    #[must_use]
    pub fn recalled(mut self, ctx: &Ctx) -> Self {
        for word in ["today", "yesterday"] {
            let that = Self { day: word.to_owned(), ..Self::default() }.dated(ctx);
            if self.day == "other"
                && (&that.date, &that.month, &that.year) == (&self.date, &self.month, &self.year)
            {
                word.clone_into(&mut self.day);
                (self.date, self.month, self.year) = <(String, String, String)>::default();
            }
        }
        self
    }
}

/// Judges one payment as typed.
///
/// # Errors
/// Every field that cannot be taken, with what to do about it.
pub fn payment(
    ctx: &Ctx,
    app: &App,
    partners: &[Partner],
    p: &PaymentAnswers,
) -> Result<NewPayment, Vec<FieldError>> {
    let mut wrong = Wrong { ctx, errors: Vec::new() };
    let own = wrong.take("own_bank", own_bank(partners, &p.own_bank));
    let own_account = wrong.take("own_account", own_account(app, p));
    let amount = wrong.take("amount", amount(app, &p.amount, &p.currency));
    let when = when(&mut wrong, p);
    let to = wrong.take("to", target(app, p));
    let to_bank = wrong.take("to_bank", to_bank(partners, &p.to_bank));
    let reference = wrong.take("reference", reference(&p.reference));
    let (Some(own_institution), Some(own_account), Some(amount), Some(when)) =
        (own, own_account, amount, when)
    else {
        return Err(wrong.errors);
    };
    let (Some(to), Some(to_bank), Some(reference)) = (to, to_bank, reference) else {
        return Err(wrong.errors);
    };
    let itself = rules::check_way(&own_account, to.as_ref().map(crate::model::Target::named))
        .map_err(crate::ReportError::Filing)
        .err();
    if let Some(itself) = itself {
        wrong.take::<()>("to", Err(&web::Problem::key(kernel::Coded::code(&itself))));
        return Err(wrong.errors);
    }
    // The number itself knows best; where it does not say, whoever told it may know.
    let keeper = to.as_ref().map(|t| keeper(partners, t)).filter(|code| !code.is_empty());
    let to_institution = if to.is_some() { keeper.unwrap_or(to_bank) } else { String::new() };
    let own_institution = sight::own_keeper(partners, &own_account).unwrap_or(own_institution);
    Ok(NewPayment { amount, when, own_institution, own_account, to, to_institution, reference })
}

/// What is wrong on a page, gathered field by field.
struct Wrong<'a> {
    ctx: &'a Ctx,
    errors: Vec<FieldError>,
}

impl Wrong<'_> {
    fn take<T>(&mut self, field: &str, judged: Result<T, &str>) -> Option<T> {
        judged.map_err(|key| self.errors.push(FieldError::new(self.ctx, field, key))).ok()
    }
}

/// The answer to "when", judged.
fn when(wrong: &mut Wrong<'_>, p: &PaymentAnswers) -> Option<kernel::When> {
    let ctx = wrong.ctx;
    let when = p.when().to_when(ctx, "day").map_err(|e| wrong.errors.push(e)).ok()?;
    let judged = rules::check_when(&when, ctx.now()).map_err(crate::ReportError::Filing);
    let key = judged.err().map(|e| web::Problem::key(kernel::Coded::code(&e)));
    wrong.take("day", key.as_deref().map_or(Ok(when), Err))
}

/// The institution that keeps a receiving account, by its number; empty where it does not say.
fn keeper(partners: &[Partner], to: &Target) -> String {
    partner::rules::keeper(partners, &to.kind, &to.value).map(|k| k.code.clone()).unwrap_or_default()
}

/// The receiver's institution as chosen; may be left open.
fn to_bank(partners: &[Partner], code: &str) -> Result<String, &'static str> {
    match code {
        "" | UNKNOWN_BANK => Ok(String::new()),
        _ if partners.iter().any(|p| p.code == code) => Ok(code.to_owned()),
        _ => Err("report-to-bank.unknown"),
    }
}

fn reference(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    rules::check_reference(text).map(|()| text.to_owned()).map_err(|_| "report-reference.too_long")
}

/// The institution as chosen from the list: nothing else is a bank.
fn own_bank(partners: &[Partner], code: &str) -> Result<String, &'static str> {
    match code {
        UNKNOWN_BANK => Ok(String::new()),
        _ if partners.iter().any(|p| p.code == code) => Ok(code.to_owned()),
        _ => Err("report-own-bank.missing"),
    }
}

/// The account or card that the money left. Everybody is asked: by it the bank finds the payment, and nobody else's. Who
/// does not know it says so. Four digits are a card only beside its bank.
fn own_account(app: &App, p: &PaymentAnswers) -> Result<String, &'static str> {
    let read = sight::own_account(app, &p.own_account)?;
    let no_bank = matches!(p.own_bank.as_str(), "" | UNKNOWN_BANK);
    match read.len() {
        0 if !p.own_unknown => Err("report-own-account.missing"),
        sight::SHORT_CARD if no_bank => Err("report-own-account.short"),
        _ => Ok(read),
    }
}

/// Where the money went. What cannot be recognised is refused with the reason, unless the reporter says
/// that the receiver is not known; what was typed is then kept with the story.
fn target(app: &App, p: &PaymentAnswers) -> Result<Option<Target>, &'static str> {
    match (p.to.trim(), p.to_unknown) {
        ("", true) => Ok(None),
        ("", false) => Err("report-to.missing"),
        (text, true) => Ok(sight::target(app, text).ok()),
        (text, false) => {
            let read = sight::target(app, text);
            // Almost any row of signs can be an account somewhere. One that looks like another number with
            // a slip in it is a slip, and the money would be looked for where it is not.
            if read.as_ref().is_ok_and(|t| t.kind == Kind::Account.as_str()) {
                mistyped(app, text)?;
            }
            read.or_else(|key| mistyped(app, text).and(Err(key))).map(Some)
        }
    }
}

/// Refuses what looks like an account, card or telephone number with a slip in it.
fn mistyped(app: &App, text: &str) -> Result<(), &'static str> {
    let options = Options { region: Region::from_code(app.profile.phone_region()).unwrap_or_default() };
    let has_iban = app.profile.institutions().iban().is_some();
    match identifier::recognise(text, &options).first() {
        Some(Candidate { kind: Kind::Iban, outcome: Err(_) }) => Err("report-to.iban"),
        Some(Candidate { kind: Kind::Card, outcome: Err(_) }) => Err("report-to.card"),
        // Where accounts are IBANs, a short row of digits is no account.
        Some(Candidate { kind: Kind::Phone, outcome: Err(_) }) if has_iban => Err("report-to.phone"),
        _ => Ok(()),
    }
}

/// What a pasted receiver was read as.
#[must_use]
pub fn read_as(app: &App, p: &PaymentAnswers) -> Option<Target> {
    target(app, p).ok().flatten()
}

/// Whether what was pasted as the receiver says more than the number that is taken from it: a name, a whole
/// message. It is then kept with the story, so that nothing typed is lost.
fn more_than_a_number(app: &App, p: &PaymentAnswers) -> bool {
    let is_word = |w: &str| {
        w.chars().filter(|c| c.is_alphabetic()).count() >= 3 && !w.contains(|c: char| c.is_ascii_digit())
    };
    let several = p.to.split_whitespace().count() > 1;
    !p.to.trim().is_empty() && (read_as(app, p).is_none() || several && p.to.split_whitespace().any(is_word))
}

/// Judges name, phone and number of the reporter. All may be empty; an empty phone is asked about once,
/// since without it nobody can be called back.
///
/// # Errors
/// Every field that cannot be taken.
pub fn reporter(ctx: &Ctx, app: &App, a: &Answers) -> Result<Reporter, Vec<FieldError>> {
    let mut errors = Vec::new();
    let name = a.name.trim().to_owned();
    if name.chars().count() > rules::MAX_NAME_CHARS {
        errors.push(FieldError::new(ctx, "name", "report-name.too_long"));
    }
    let phone = match a.phone.trim() {
        "" => {
            if !a.no_phone() && a.kind != Harm::Nothing.as_str() {
                errors.push(FieldError::new(ctx, "phone", "report-phone.missing"));
            }
            String::new()
        }
        typed => sight::phone(app, typed).unwrap_or_else(|digits| {
            // Ten or eleven digits are enough of them: then it is the number itself that is wrong.
            errors.push(match digits {
                10 | 11 => FieldError::new(ctx, "phone", "report-phone.unreadable"),
                _ => FieldError::with(ctx, "phone", "report-phone.length", [("digits", digits)]),
            });
            String::new()
        }),
    };
    let iin = match a.iin.trim() {
        "" => String::new(),
        typed => sight::iin(typed).unwrap_or_else(|()| {
            errors.push(FieldError::new(ctx, "iin", "report-iin.unreadable"));
            String::new()
        }),
    };
    if a.story.len() > rules::MAX_STORY_BYTES {
        errors.push(FieldError::new(ctx, "story", "error-report-story-too-long"));
    }
    if errors.is_empty() { Ok(Reporter { name, phone, iin }) } else { Err(errors) }
}

/// How a report comes in, besides what is told.
#[derive(Debug, Clone)]
pub struct Way {
    /// As in [`NewReport::channel`].
    pub channel: String,
    /// Language of every later notice.
    pub lang: Lang,
    /// The same id is the same report.
    pub id: ReportId,
}

/// The whole report from a draft's answers. `partners` says whose the accounts are.
///
/// # Errors
/// What cannot be taken first and on which page, so that the form can lead back to it.
pub fn report(
    ctx: &Ctx,
    app: &App,
    a: &Answers,
    partners: &[Partner],
) -> Result<NewReport, (Place, Vec<FieldError>)> {
    let key = uuid::Uuid::parse_str(&a.idempotency_key).unwrap_or_else(|_| app.uuid());
    let way = Way { channel: "portal".to_owned(), lang: ctx.lang().clone(), id: rules::id_from_key(key) };
    let nothing = || (Place::What, Vec::new());
    report_by(ctx, app, a, partners, way).map_err(|wrong| wrong.into_iter().next().unwrap_or_else(nothing))
}

/// The same for whoever sees all of it on one page.
///
/// # Errors
/// All that cannot be taken, place by place.
pub fn report_by(
    ctx: &Ctx,
    app: &App,
    a: &Answers,
    partners: &[Partner],
    way: Way,
) -> Result<NewReport, Vec<(Place, Vec<FieldError>)>> {
    let mut wrong = Vec::new();
    let harm = Harm::parse(&a.kind);
    if harm.is_none() {
        wrong.push((Place::What, vec![FieldError::new(ctx, "kind", "report-kind.missing")]));
    }
    // Who goes back and chooses another kind of harm is asked for no payments; what was told stays told.
    let mut payments = Vec::with_capacity(a.payments.len());
    for (no, typed) in a.payments.iter().enumerate() {
        match payment(ctx, app, partners, typed) {
            Ok(payment) => payments.push((no, payment)),
            Err(errors) => wrong.push((Place::Payment(no), errors)),
        }
    }
    wrong.extend(other_currency(ctx, &payments));
    match (harm, reporter(ctx, app, a)) {
        (Some(harm), Ok(reporter)) if wrong.is_empty() => Ok(NewReport {
            id: way.id,
            channel: way.channel,
            lang: way.lang,
            ongoing: a.ongoing == "yes",
            harm,
            reporter,
            story: story(ctx, app, a),
            payments: payments.into_iter().map(|(_, payment)| payment).collect(),
        }),
        (_, reporter) => {
            wrong.extend(reporter.err().map(|errors| (Place::You, errors)));
            Err(wrong)
        }
    }
}

/// The first payment in another currency than the first one: one loss cannot be summed of both.
fn other_currency(ctx: &Ctx, payments: &[(usize, NewPayment)]) -> Option<(Place, Vec<FieldError>)> {
    let first = payments.first()?.1.amount.asset();
    let (no, _) = payments.iter().find(|(_, p)| p.amount.asset() != first)?;
    Some((Place::Payment(*no), vec![FieldError::new(ctx, "currency", "error-report-mixed-assets")]))
}

/// The story, and what was pasted as receivers beyond their numbers.
fn story(ctx: &Ctx, app: &App, a: &Answers) -> String {
    let pasted = a.payments.iter().filter(|p| more_than_a_number(app, p));
    let notes = pasted.map(|p| ctx.ta("report-story-receiver", [("text", p.to.trim())]));
    let own = Some(a.story.trim().to_owned()).filter(|s| !s.is_empty());
    own.into_iter().chain(notes).collect::<Vec<_>>().join("\n")
}
