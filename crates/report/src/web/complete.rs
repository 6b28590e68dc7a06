//! One filed payment, completed or put right: what was forgotten is asked for later.

use app::App;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use kernel::Purpose;
use partner::Partner;
use web::{Ctx, FieldError, Problem, SeeOther, Toast};

use super::own::visitor;
use super::payment::{Around, PaymentForm, ToldNumbers, page as payment_page};
use super::{details, leaving, unsent};
use crate::draft::PaymentAnswers;
use crate::model::Payment;
use crate::service::{self, Completed};
use crate::{ReportError, intake, rules};

/// Whether an order cannot be drafted, or asks the wrong place first, for want of what the reporter may know.
pub(super) fn is_incomplete(p: &Payment) -> bool {
    p.to.is_none() || p.own_institution.is_empty() || p.own_account.is_none()
}

fn around(ctx: &Ctx, p: &Payment) -> Around {
    let own = p.own_account.as_ref().map(|a| rules::mask("account", a.open(Purpose::OwnData)));
    Around {
        step: String::new(),
        action: format!("/my-report/payment/{}", p.no),
        back: "/my-report",
        keep: "",
        wizard: false,
        title: "report-payment-page.complete",
        key: ctx.idempotency_key(),
        told: Some(ToldNumbers {
            own_account: own.unwrap_or_default(),
            to: p.to_masked.clone(),
            reference: p.reference.is_some(),
            to_bank: !p.to_institution.is_empty(),
        }),
    }
}

/// The payment of this number in the report of this browser.
async fn found(
    app: &App,
    jar: &CookieJar,
    no: i64,
) -> Result<(kernel::Actor, Payment, Vec<Partner>), Response> {
    let (actor, id) = visitor(app, jar).await?;
    let failed = |e: &ReportError| Problem::of(e).into_response();
    let full = service::open(app, &actor, id, Purpose::OwnData).await.map_err(|e| failed(&e))?;
    let payment = full.payments.into_iter().find(|p| p.no == no);
    let withdrawn = full.report.withdrawn_at.is_some();
    let Some(payment) = payment.filter(|_| !withdrawn) else {
        return Err(SeeOther::to("/my-report").into_response());
    };
    let partners = partner::service::all(app).await.map_err(|e| Problem::of(&e).into_response())?;
    Ok((actor, payment, partners))
}

/// `GET /my-report/payment/{no}`.
pub(super) async fn complete(
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
    Path(no): Path<i64>,
) -> Result<Response, Problem> {
    let (_, p, partners) = match found(&app, &jar, no).await {
        Ok(found) => found,
        Err(response) => return Ok(response),
    };
    let kept = unsent::find(&app, &jar, p.report).await?.and_then(|d| d.answers.completing(no));
    let typed = kept.unwrap_or_else(|| PaymentAnswers::of(&ctx, &p));
    Ok(payment_page(&ctx, &app, &partners, around(&ctx, &p), &typed, &[]))
}

/// `POST /my-report/payment/{no}`.
pub(super) async fn post_complete(
    ctx: Ctx,
    State(app): State<App>,
    jar: CookieJar,
    Path(no): Path<i64>,
    Form(form): Form<PaymentForm>,
) -> Result<Response, Problem> {
    let (actor, p, partners) = match found(&app, &jar, no).await {
        Ok(found) => found,
        Err(response) => return Ok(response),
    };
    let typed = form.answers();
    if let Some(leaves) = leaving(&ctx, &form.leave, &format!("/my-report/payment/{no}")) {
        let kept = typed.dated(&ctx);
        let jar = unsent::keep(&app, jar, p.report, |a| a.keep_completing(no, Some(&kept))).await?;
        return Ok((jar, leaves).into_response());
    }
    let again = |errors: &[FieldError]| payment_page(&ctx, &app, &partners, around(&ctx, &p), &typed, errors);
    let facts = match intake::later_facts(&ctx, &app, &partners, &p, &typed) {
        Ok(facts) => facts,
        Err(errors) => return Ok(again(&errors)),
    };
    let done = service::complete_payment(&app, &actor, p.report, p.id, facts).await;
    if done.is_ok() {
        unsent::sent(&app, &jar, p.report, |a| a.keep_completing(no, None)).await?;
    }
    match done {
        // A note is answered otherwise than what stands in the payment now: the officer looks at it first.
        Ok(Completed { noted: 1.., .. }) => {
            Ok(SeeOther::to("/my-report").with_toast(Toast::new("report-complete-noted")).into_response())
        }
        Ok(_) => Ok(details::saved()),
        Err(error @ ReportError::Filing(_)) => {
            let key = Problem::key(kernel::Coded::code(&error));
            Ok(again(&[FieldError::new(&ctx, "amount", &key)]))
        }
        Err(error) => Err(error.into()),
    }
}
