//! `POST /api/v1/reports`: a bank files its client's report.

use app::App;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Actor, Asset, Lang, Money, MoneyError, Timestamp, When};
use partner::Partner;
use partner::api::Signed;
use partner::described::{NotSigned, ProblemBody, Refused};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::{Ctx, FieldError, Problem};

use crate::examples;
use crate::model::{Harm, NewPayment, NewReport, Reporter, Target};
use crate::rules::FilingError;
use crate::service::Filing;
use crate::{rules, service, sight};

/// Routes of this slice under `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(post_report))
}

/// An amount: decimal text and currency code.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ReportAmount)]
struct Amount {
    /// Decimal text with a point, more than nothing, at most 10000000000000.00 where the currency has two decimals.
    #[schema(pattern = "^[0-9]{1,20}(\\.[0-9]{1,9})?$")]
    amount: String,
    /// Currency code.
    #[schema(pattern = "^[A-Z0-9]{3,8}$")]
    currency: String,
}

/// Where a payment went.
#[derive(Debug, Deserialize, ToSchema)]
struct ReportedTarget {
    /// `iban`, `account`, `card`, `phone`, `wallet_btc`, …
    kind: String,
    /// The number.
    #[schema(min_length = 1, max_length = 512)]
    value: String,
}

/// One payment.
#[derive(Debug, Deserialize, ToSchema)]
struct ReportedPayment {
    /// How much.
    amount: Amount,
    /// When, RFC 3339.
    #[schema(format = DateTime)]
    at: String,
    /// Code of the institution it was sent from, as this node knows it.
    #[serde(default)]
    own_institution: Option<String>,
    /// Account or card it was sent from; of a card the first six and last four digits are kept.
    #[serde(default)]
    #[schema(max_length = 512)]
    own_account: Option<String>,
    /// Where it went, if known.
    #[serde(default)]
    to: Option<ReportedTarget>,
    /// The bank's reference, at most 140 characters.
    #[serde(default)]
    #[schema(max_length = 140)]
    reference: Option<String>,
}

/// Who reports.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct ReportedBy {
    /// Name, at most 200 characters.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// Phone, in any usual writing.
    #[schema(max_length = 64)]
    phone: Option<String>,
    /// Individual identification number.
    #[schema(max_length = 64)]
    iin: Option<String>,
}

/// `report.v1`.
#[derive(Debug, Deserialize, ToSchema)]
struct ReportMessage {
    /// `report.v1`.
    #[serde(rename = "type")]
    #[schema(schema_with = described::report)]
    kind_of_message: String,
    /// The partner's own key, at most 128 characters; the same again gives the same report.
    #[schema(min_length = 1, max_length = 128)]
    external_id: String,
    /// Whether the fraudsters are still in touch.
    #[serde(default)]
    ongoing: bool,
    /// What was lost: `money`, `loan`, `codes`, `nothing`.
    #[schema(schema_with = described::harm)]
    kind: String,
    /// Language of the client (BCP 47); in one that the platform does not speak the default is spoken to them.
    #[serde(default)]
    lang: Option<String>,
    /// Who reports.
    #[serde(default)]
    reporter: ReportedBy,
    /// What happened, at most 256 KiB.
    #[serde(default)]
    #[schema(max_length = 262144)]
    story: String,
    /// What was paid.
    #[serde(default)]
    #[schema(max_items = 50)]
    payments: Vec<ReportedPayment>,
}

/// The report's number.
#[derive(Debug, Serialize, ToSchema)]
struct ReportFiled {
    /// Public number.
    #[schema(pattern = "^[A-Z]{1,4}-[0-9]{4}-[0-9]{8}$")]
    number: String,
    /// `rep_…`.
    #[schema(pattern = "^rep_[0-9a-f]{32}$")]
    id: String,
}

/// Longest texts of a message, in characters. The story has a limit of its own, in bytes.
const MAX_PHONE_CHARS: usize = 64;
const MAX_NUMBER_CHARS: usize = 512;
const MAX_EXTERNAL_ID_CHARS: usize = 128;

/// Files a client's report. The same `external_id` again gives the same report; with another body it is refused.
#[utoipa::path(
    post, path = "/reports", tag = "reports", operation_id = "postReport",
    request_body(content = ReportMessage, description = "`report.v1`", examples(
        ("whole" = (summary = "All that the form asks for", value = json!(examples::whole()))),
        ("short" = (summary = "As much as was known in the first minute", value = json!(examples::short())))
    )),
    responses(
        (status = 201, description = "filed", body = ReportFiled, example = json!(examples::filed())),
        (status = 200, description = "filed before with this external_id", body = ReportFiled, example = json!(examples::filed())),
        NotSigned, Refused,
        (status = 409, description = "another body was filed with this external_id (`report.other_body`), or the institution is on trial (`partner.on_trial`)", body = ProblemBody,
            content_type = "application/problem+json", example = json!(examples::other_body())),
        (status = 422, description = "cannot be taken as it is; `errors` names the field", body = ProblemBody,
            content_type = "application/problem+json", example = json!(examples::field()))
    ),
    security(("signature_input" = [], "signature" = []))
)]
async fn post_report(ctx: Ctx, State(app): State<App>, signed: Signed) -> Response {
    let message: ReportMessage = match signed.json() {
        Ok(message) => message,
        Err(problem) => return problem.into_response(),
    };
    let Actor::Partner { code, .. } = &signed.actor else { return Problem::not_found().into_response() };
    let partners = match partner::service::all(&app).await {
        Ok(partners) => partners,
        Err(error) => return Problem::json(&error).into_response(),
    };
    // On trial nothing it sends has an effect: a report filed to try the door would be worked on as somebody's.
    if partners.iter().any(|p| p.code == *code && p.mode == partner::Mode::Test) {
        return Problem::json(&partner::PartnerError::OnTrial).into_response();
    }
    let new = match read(&app, code, &message, &partners) {
        Ok(new) => new,
        Err((pointer, wrong)) => {
            let text = ctx.t(&Problem::key(wrong));
            let field = FieldError { field: pointer, code: wrong.to_owned(), text };
            return Problem::new(kernel::Class::Invalid, "report.field")
                .with_errors(vec![field])
                .into_response();
        }
    };
    let body = body_hash(&app, code, &signed.body);
    match service::file_message(&app, &signed.actor, new, Filing::default(), body).await {
        Ok(filed) => {
            let status = if filed.already { StatusCode::OK } else { StatusCode::CREATED };
            (status, Json(ReportFiled { number: filed.number, id: filed.id.to_string() })).into_response()
        }
        Err(error) => Problem::json(&error).into_response(),
    }
}

/// What a message says, hashed under a key: members in another order or other white space are the same message.
fn body_hash(app: &App, code: &str, body: &[u8]) -> Option<[u8; 32]> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    Some(app.vault.blind("report_body", &format!("{code}|{value}")))
}

type Wrong = (String, &'static str);

fn wrong(pointer: &str, what: &'static str) -> Wrong {
    (pointer.to_owned(), what)
}

fn read(app: &App, code: &str, m: &ReportMessage, partners: &[Partner]) -> Result<NewReport, Wrong> {
    if m.kind_of_message != "report.v1" {
        return Err(wrong("/type", "report.type"));
    }
    if !(1..=MAX_EXTERNAL_ID_CHARS).contains(&m.external_id.chars().count()) {
        return Err(wrong("/external_id", "report.external_id"));
    }
    let harm = Harm::parse(&m.kind).ok_or_else(|| wrong("/kind", "report.kind"))?;
    let wanted = m.lang.as_deref().and_then(Lang::new);
    let lang =
        wanted.filter(|l| app.profile.languages().contains(l)).unwrap_or_else(|| app.profile.default_lang());
    if m.story.len() > rules::MAX_STORY_BYTES {
        return Err(wrong("/story", "report.story_too_long"));
    }
    if m.payments.len() > rules::MAX_PAYMENTS {
        return Err(wrong("/payments", "report.too_many_payments"));
    }
    let payments =
        m.payments.iter().enumerate().map(|(i, p)| payment(app, i, p, partners)).collect::<Result<_, _>>()?;
    Ok(NewReport {
        id: rules::derived_id("report", code, &m.external_id),
        channel: format!("partner:{code}"),
        lang,
        ongoing: m.ongoing,
        harm,
        reporter: reporter(app, &m.reporter)?,
        story: m.story.clone(),
        payments,
    })
}

/// Who reports, in the same writing as the form keeps it, so that one person is found again whoever filed.
fn reporter(app: &App, r: &ReportedBy) -> Result<Reporter, Wrong> {
    let text = |t: &Option<String>| t.as_deref().unwrap_or_default().trim().to_owned();
    let (name, phone, iin) = (text(&r.name), text(&r.phone), text(&r.iin));
    if name.chars().count() > rules::MAX_NAME_CHARS {
        return Err(wrong("/reporter/name", "report.name_too_long"));
    }
    let phone = match phone.as_str() {
        "" => String::new(),
        p if p.chars().count() > MAX_PHONE_CHARS => return Err(wrong("/reporter/phone", "report.phone")),
        p => sight::phone(app, p).map_err(|_| wrong("/reporter/phone", "report.phone"))?,
    };
    let iin = match iin.as_str() {
        "" => String::new(),
        i if i.chars().count() > MAX_PHONE_CHARS => return Err(wrong("/reporter/iin", "report.iin")),
        i => sight::iin(i).map_err(|()| wrong("/reporter/iin", "report.iin"))?,
    };
    Ok(Reporter { name, phone, iin })
}

fn payment(app: &App, i: usize, p: &ReportedPayment, partners: &[Partner]) -> Result<NewPayment, Wrong> {
    let wrong = |field: &str, what| (format!("/payments/{i}/{field}"), what);
    let asset =
        app.profile.asset(&p.amount.currency).ok_or_else(|| wrong("amount/currency", "report.currency"))?;
    let amount = decimal(&p.amount.amount, asset).map_err(|what| wrong("amount/amount", what))?;
    let at = Timestamp::parse_rfc3339(&p.at).ok_or_else(|| wrong("at", "report.time"))?;
    let when = When::exactly(at);
    rules::check_when(&when, app.office.now())
        .map_err(|e| wrong("at", kernel::Coded::code(&crate::ReportError::Filing(e))))?;
    let to = match &p.to {
        Some(t) if t.value.chars().count() > MAX_NUMBER_CHARS => {
            return Err(wrong("to/value", "report.target"));
        }
        Some(t) => Some(target(app, t).ok_or_else(|| wrong("to/value", "report.target"))?),
        None => None,
    };
    let own_institution = p.own_institution.clone().unwrap_or_default();
    if !own_institution.is_empty() && !partners.iter().any(|known| known.code == own_institution) {
        return Err(wrong("own_institution", "report.institution"));
    }
    let own_account = p.own_account.as_deref().unwrap_or_default();
    let fits = own_account.chars().count() <= MAX_NUMBER_CHARS;
    let own_account = if fits { sight::own_account(app, own_account) } else { Err("") };
    // Four digits are a card only beside its bank.
    let alone = |a: &String| a.len() == sight::SHORT_CARD && own_institution.is_empty();
    let own_account = own_account.ok().filter(|a| !alone(a));
    let own_account = own_account.ok_or_else(|| wrong("own_account", "report.own_account"))?;
    rules::check_way(&own_account, to.as_ref().map(crate::model::Target::named))
        .map_err(|e| wrong("to/value", kernel::Coded::code(&crate::ReportError::Filing(e))))?;
    let own_institution = sight::own_keeper(partners, &own_account).unwrap_or(own_institution);
    let reference = p.reference.as_deref().unwrap_or_default().trim().to_owned();
    rules::check_reference(&reference).map_err(|_| wrong("reference", "report.reference_too_long"))?;
    let keeper = to.as_ref().and_then(|t| partner::rules::keeper(partners, &t.kind, &t.value));
    Ok(NewPayment {
        amount,
        when,
        own_institution,
        own_account,
        to_institution: keeper.map(|k| k.code.clone()).unwrap_or_default(),
        to,
        reference,
    })
}

/// A machine's amount: digits and one point, nothing of what people write. The code of what is wrong otherwise.
fn decimal(text: &str, asset: Asset) -> Result<Money, &'static str> {
    let amount = Money::from_decimal(text, asset).map_err(|error| match error {
        MoneyError::TooLarge => "report.amount_too_large",
        _ => "report.amount",
    })?;
    match rules::check_amount(amount) {
        Ok(()) => Ok(amount),
        Err(FilingError::AmountTooLarge) => Err("report.amount_too_large"),
        Err(_) => Err("report.amount"),
    }
}

fn target(app: &App, t: &ReportedTarget) -> Option<Target> {
    sight::canonical(app, &t.kind, &t.value)
}

/// Texts that can only be one of a few words, for the description.
mod described {
    use partner::described::{one_of, only};
    use utoipa::openapi::schema::Object;

    use super::Harm;

    pub(super) fn report() -> Object {
        only("report.v1")
    }
    pub(super) fn harm() -> Object {
        one_of(Harm::ALL.into_iter().map(Harm::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_machines() {
        let kzt = Asset::new("KZT", 2).unwrap();
        for (text, minor) in
            [("1", 100), ("250000.00", 25_000_000), ("0.01", 1), ("10000000000000", rules::MAX_AMOUNT_MINOR)]
        {
            assert_eq!(decimal(text, kzt).map(Money::minor), Ok(minor), "{text}");
        }
        for text in [
            "",
            ".",
            "5.",
            ".5",
            "1.234.567",
            "1,234",
            "1 000",
            "-5",
            "+5",
            "1e3",
            "0",
            "0.00",
            "0.001",
            "٥",
            "NaN",
        ] {
            assert_eq!(decimal(text, kzt), Err("report.amount"), "{text}");
        }
        for text in ["10000000000000.01", "99999999999999999999999"] {
            assert_eq!(decimal(text, kzt), Err("report.amount_too_large"), "{text}");
        }
    }
}
