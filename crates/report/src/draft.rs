//! Answers of a form that is not sent yet. They live on the server from the first answer, under a key of
//! their own, and are found by a token that only the browser's cookie holds.

use std::collections::BTreeMap;

use app::App;
use db::{Stmt, Tx, params};
use kernel::{Purpose, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::rules::files;
use crate::{ReportError, ReportId, store};

/// How long an abandoned draft is kept.
const DRAFT_SECS: i64 = 24 * 3600;
/// How long the page with the code can be shown again after filing (a reload must not lose it).
const RECEIPT_SECS: i64 = 15 * 60;

pub(crate) const SAVE: Stmt = Stmt::both(
    "report.draft_save",
    "INSERT INTO report_draft (id, token_hash, answers_sealed, updated_wall, expires_wall) VALUES (?1, ?2, ?3, ?4, ?5)",
);
pub(crate) const UPDATE: Stmt = Stmt::both(
    "report.draft_update",
    "UPDATE report_draft SET answers_sealed = ?2, updated_wall = ?3, expires_wall = ?4 WHERE id = ?1 AND report_id IS NULL",
);
pub(crate) const FIND: Stmt = Stmt::both(
    "report.draft_find",
    "SELECT id, answers_sealed, report_id, code_sealed FROM report_draft WHERE token_hash = ?1 AND expires_wall > ?2",
);
pub(crate) const FILED: Stmt = Stmt::both(
    "report.draft_filed",
    "UPDATE report_draft SET answers_sealed = ?2, report_id = ?3, code_sealed = ?4, expires_wall = ?5 WHERE id = ?1",
);
pub(crate) const BY_TOKEN: Stmt =
    Stmt::both("report.draft_by_token", "SELECT id FROM report_draft WHERE token_hash = ?1");
pub(crate) const DELETE: Stmt = Stmt::both("report.draft_delete", "DELETE FROM report_draft WHERE id = ?1");
pub(crate) const KEPT: Stmt = Stmt::both(
    "report.draft_kept",
    "SELECT answers_sealed FROM report_draft WHERE id = ?1 AND report_id IS NULL",
);
pub(crate) const EXPIRED: Stmt =
    Stmt::both("report.draft_expired", "SELECT id FROM report_draft WHERE expires_wall <= ?1 LIMIT 500");
/// One payment as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PaymentAnswers {
    /// Institution code or name as typed.
    pub own_bank: String,
    /// Amount as typed.
    pub amount: String,
    /// Code of the asset as chosen; empty for the country's currency.
    pub currency: String,
    /// `today`, `yesterday`, `other`.
    pub day: String,
    /// Day of the month where the day is `other`, as typed.
    pub date: String,
    /// Month, 1 to 12.
    pub month: String,
    /// Year as typed.
    pub year: String,
    /// `14:05`, as typed.
    pub time: String,
    /// The time is only about right.
    pub about: bool,
    /// Anything pasted.
    pub to: String,
    /// The receiver is not known.
    pub to_unknown: bool,
    /// Account or card it was sent from, as typed.
    pub own_account: String,
    /// It is not known from which.
    pub own_unknown: bool,
    /// Institution that keeps the receiving account, where somebody knows it and the number does not say.
    pub to_bank: String,
    /// The bank's own reference, as typed.
    pub reference: String,
}

/// All answers so far, as typed: good and bad input is kept and offered back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// `yes`, `no` or empty.
    pub ongoing: String,
    /// Harm as in [`crate::Harm::as_str`].
    pub kind: String,
    /// Payments told so far.
    pub payments: Vec<PaymentAnswers>,
    /// Name as typed.
    pub name: String,
    /// Phone as typed.
    pub phone: String,
    /// Individual identification number as typed.
    pub iin: String,
    /// What the short road was told (nothing lost): one pasted text.
    pub story: String,
    /// Drawn when the draft began; the same key files the same report however often the button is pressed.
    pub idempotency_key: String,
    /// Anything a later version asks.
    #[serde(flatten)]
    pub more: BTreeMap<String, serde_json::Value>,
}

/// A draft as found.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Database key; also the subject of its data key.
    pub id: Uuid,
    /// The answers; empty once filed.
    pub answers: Answers,
    /// As they were found: what differs from them is this request's own.
    was: Answers,
    /// The report it became.
    pub filed: Option<ReportId>,
    /// The code of that report, while the receipt may still be shown.
    pub code: Option<String>,
}

/// Keyed hash of a cookie's token: the table alone opens nothing.
fn token_hash(app: &App, token: &str) -> [u8; 32] {
    app.vault.blind("report_draft", token)
}

/// The draft that belongs to this browser, if any.
///
/// # Errors
/// The database's.
pub async fn find(app: &App, token: &str) -> Result<Option<Draft>, ReportError> {
    let (hash, now, vault) = (token_hash(app, token), app.wall.now(), app.vault.clone());
    app.db
        .read(move |tx| {
            let row = tx.query_opt(&FIND, params![hash, now], |r| {
                Ok((
                    r.get::<Uuid>(0)?,
                    r.get::<Vec<u8>>(1)?,
                    r.get::<Option<ReportId>>(2)?,
                    r.get::<Option<Vec<u8>>>(3)?,
                ))
            })?;
            let Some((id, sealed, filed, code)) = row else { return Ok(None) };
            let Some(key) = vault.subject(tx, id)? else { return Ok(None) };
            let json = key.open("answers", &sealed)?.into_inner(Purpose::OwnData);
            let code =
                code.map(|c| key.open("code", &c)).transpose()?.map(|c| c.into_inner(Purpose::OwnData));
            let answers: Answers = serde_json::from_str(&json).unwrap_or_default();
            Ok(Some(Draft { id, was: answers.clone(), answers, filed, code }))
        })
        .await
}

/// Begins a draft. Gives the token for the cookie.
///
/// # Errors
/// The database's.
pub async fn begin(app: &App, mut answers: Answers) -> Result<(String, Draft), ReportError> {
    let id = app.uuid();
    let token = format!(
        "{}{}",
        Uuid::from_bytes(app.entropy.bytes()).simple(),
        Uuid::from_bytes(app.entropy.bytes()).simple()
    );
    answers.idempotency_key = app.uuid().simple().to_string();
    let key = app.vault.new_subject(&app.entropy, id);
    let sealed = key.seal(&app.entropy, "answers", &json(&answers));
    let (hash, now, vault) = (token_hash(app, &token), app.wall.now(), app.vault.clone());
    app.db
        .write(move |tx| {
            vault.store(tx, &key)?;
            tx.execute(&SAVE, params![id, hash, sealed.as_slice(), now, now.plus_secs(DRAFT_SECS)])?;
            Ok::<_, ReportError>(())
        })
        .await?;
    Ok((token, Draft { id, was: answers.clone(), answers, filed: None, code: None }))
}

/// The draft of a token that the caller made, begun if there is none: for a form whose first page is also its
/// last, so that its receipt is found however often the button is pressed.
///
/// # Errors
/// The database's.
pub async fn find_or_begin(app: &App, token: &str) -> Result<Draft, ReportError> {
    if let Some(draft) = find(app, token).await? {
        return Ok(draft);
    }
    let id = app.uuid();
    let key = app.vault.new_subject(&app.entropy, id);
    let sealed = key.seal(&app.entropy, "answers", &json(&Answers::default()));
    let (hash, now, vault) = (token_hash(app, token), app.wall.now(), app.vault.clone());
    app.db
        .write(move |tx| {
            // Pressed twice: the other press has begun it. An expired one makes room.
            for known in tx.query(&BY_TOKEN, params![hash], |r| r.get::<Uuid>(0))? {
                if tx.query_opt(&FIND, params![hash, now], |r| r.get::<Uuid>(0))?.is_some() {
                    return Ok(());
                }
                forget(tx, &vault, known)?;
            }
            vault.store(tx, &key)?;
            tx.execute(&SAVE, params![id, hash, sealed.as_slice(), now, now.plus_secs(DRAFT_SECS)])?;
            Ok::<_, ReportError>(())
        })
        .await?;
    find(app, token).await?.ok_or(ReportError::NotFound)
}

/// Keeps what this request changed. A page saves what is being typed while its form is being sent, and both have
/// read the same answers: what the other one wrote meanwhile stays. A draft that was filed stays as it is.
///
/// # Errors
/// The database's.
pub async fn save(app: &App, draft: &Draft) -> Result<(), ReportError> {
    let (id, was, mine) = (draft.id, draft.was.clone(), draft.answers.clone());
    let (now, vault, entropy) = (app.wall.now(), app.vault.clone(), app.entropy.clone());
    app.db
        .write(move |tx| {
            tx.lock_row("report_draft", id)?;
            let Some(key) = vault.subject(tx, id)? else { return Ok(()) };
            let kept = tx.query_opt(&KEPT, params![id], |r| r.get::<Vec<u8>>(0))?;
            let Some(kept) = kept else { return Ok(()) };
            let kept = key.open("answers", &kept)?.into_inner(Purpose::OwnData);
            let kept: Answers = serde_json::from_str(&kept).unwrap_or_default();
            let sealed = key.seal(&entropy, "answers", &json(&merged(&was, &mine, kept)));
            tx.execute(&UPDATE, params![id, sealed, now, now.plus_secs(DRAFT_SECS)])?;
            Ok(())
        })
        .await
}

/// `kept`, with everything in which `mine` differs from what both began with.
fn merged(was: &Answers, mine: &Answers, mut kept: Answers) -> Answers {
    fn take(was: &str, mine: &str, kept: &mut String) {
        if mine != was {
            mine.clone_into(kept);
        }
    }
    take(&was.ongoing, &mine.ongoing, &mut kept.ongoing);
    take(&was.kind, &mine.kind, &mut kept.kind);
    take(&was.name, &mine.name, &mut kept.name);
    take(&was.phone, &mine.phone, &mut kept.phone);
    take(&was.iin, &mine.iin, &mut kept.iin);
    take(&was.story, &mine.story, &mut kept.story);
    let grew = kept.payments.len() > was.payments.len();
    payments(was, mine, &mut kept);
    for name in was.more.keys().chain(mine.more.keys()) {
        match mine.more.get(name) {
            now if now == was.more.get(name) => {}
            Some(value) => drop(kept.more.insert(name.clone(), value.clone())),
            None => drop(kept.more.remove(name)),
        }
    }
    // The page was sent while it was being saved: what it saved has been taken and is not being typed any more.
    if grew && kept.payments.last() == Some(&kept.unfinished()) {
        kept.keep_unfinished(&PaymentAnswers::default());
    }
    kept
}

/// The payments of both: what one added is added to what the other did.
fn payments(was: &Answers, mine: &Answers, kept: &mut Answers) {
    if mine.payments == was.payments {
        return;
    }
    match mine.payments.strip_prefix(was.payments.as_slice()) {
        // The same page sent twice at once was taken by the other one.
        Some(_) if kept.payments.len() > was.payments.len() && kept.taken() == mine.taken() => {}
        Some(added) => kept.payments.extend_from_slice(added),
        None => kept.payments.clone_from(&mine.payments),
    }
}

fn json(answers: &Answers) -> String {
    serde_json::to_string(answers).unwrap_or_default()
}

/// Marks a draft as filed, empties its answers and keeps the code for the receipt page.
pub(crate) fn filed(
    tx: &mut Tx<'_>,
    app: &App,
    id: Uuid,
    report: ReportId,
    code: &str,
    now: Timestamp,
) -> Result<(), ReportError> {
    let Some(key) = app.vault.subject(tx, id)? else { return Ok(()) };
    let empty = key.seal(&app.entropy, "answers", &json(&Answers::default()));
    let code = key.seal(&app.entropy, "code", code);
    tx.execute(&FILED, params![id, empty, report, code, now.plus_secs(RECEIPT_SECS)])?;
    Ok(())
}

/// Forgets the draft of this browser, with its key.
///
/// # Errors
/// The database's.
pub async fn discard(app: &App, token: &str) -> Result<(), ReportError> {
    let hash = token_hash(app, token);
    let vault = app.vault.clone();
    app.db
        .write(move |tx| {
            for id in tx.query(&BY_TOKEN, params![hash], |r| r.get::<Uuid>(0))? {
                forget(tx, &vault, id)?;
            }
            Ok::<_, ReportError>(())
        })
        .await
}

fn forget(tx: &mut Tx<'_>, vault: &vault::Vault, id: Uuid) -> Result<(), ReportError> {
    vault.forget(tx, id)?;
    Ok(tx.execute(&DELETE, params![id]).map(drop)?)
}

/// Removes what has expired: drafts, codes that may no longer be shown, visits, files that were cut off or
/// taken back.
///
/// # Errors
/// The database's.
pub fn purge(tx: &mut Tx<'_>, vault: &vault::Vault, now: Timestamp) -> Result<u64, ReportError> {
    let expired: Vec<Uuid> = tx.query(&EXPIRED, params![now], |r| r.get(0))?;
    for id in &expired {
        forget(tx, vault, *id)?;
    }
    let drafts = u64::try_from(expired.len()).unwrap_or(u64::MAX);
    let before = |secs: i64| now.plus_secs(-secs);
    let files = store::files::purge(tx, before(files::PUT_BACK_SECS), before(files::CUT_OFF_SECS))?;
    Ok(drafts.saturating_add(files).saturating_add(crate::visit::purge(tx, now)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paid(amount: &str) -> PaymentAnswers {
        PaymentAnswers { amount: amount.to_owned(), to: "KZ93".to_owned(), ..PaymentAnswers::default() }
    }

    fn with(payments: &[&str], key: &str) -> Answers {
        let mut answers = Answers::default();
        for amount in payments {
            answers.take_payment(&format!("{key}{amount}"), paid(amount));
        }
        answers
    }

    #[test]
    fn saving_and_sending_at_once_lose_nothing() {
        let was = with(&[], "");
        let (mut saving, mut sending) = (was.clone(), was.clone());
        saving.keep_unfinished(&paid("15000"));
        sending.take_payment("k", paid("15000"));
        // Whichever comes last.
        let first = merged(&was, &saving, sending.clone());
        assert_eq!((first.payments.len(), first.unfinished()), (1, PaymentAnswers::default()));
        let second = merged(&was, &sending, saving.clone());
        assert_eq!(second.payments, [paid("15000")]);
    }

    #[test]
    fn two_payments_at_once_are_two_and_one_page_twice_is_one() {
        let was = with(&["1"], "a");
        let (mut one, mut other) = (was.clone(), was.clone());
        one.take_payment("k1", paid("2"));
        other.take_payment("k2", paid("3"));
        assert_eq!(merged(&was, &other, one.clone()).payments, [paid("1"), paid("2"), paid("3")]);
        assert_eq!(merged(&was, &one, one.clone()).payments, [paid("1"), paid("2")]);
    }

    #[test]
    fn other_answers_stay() {
        let was = Answers { name: "А".to_owned(), ..Answers::default() };
        let mine = Answers { phone: "8700".to_owned(), ..was.clone() };
        let kept = Answers { name: "Б".to_owned(), iin: "1".to_owned(), ..was.clone() };
        let both = merged(&was, &mine, kept);
        assert_eq!((both.name.as_str(), both.phone.as_str(), both.iin.as_str()), ("Б", "8700", "1"));
        // Taken out here, while something else was told there.
        let two = with(&["1", "2"], "a");
        let removed = with(&["2"], "a");
        assert_eq!(merged(&two, &removed, two.clone()).payments, [paid("2")]);
    }
}
