//! Reporting through the public form, page by page, as a person does.

use anyhow::{Context as _, bail, ensure};

use super::browser::{Browser, Page};
use super::told::{Told, ToldPayment};
use super::writing;
use crate::draw::{Draw, about};
use crate::moment::Moment;
use crate::node::Node;

/// Pages that one report may take: five questions, several payments, pages about what was pasted.
const MOST_PAGES: usize = 24;
/// Share of people who press the last button twice, in permille.
const DOUBLE_CLICKS: i64 = 80;

/// What a victim is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The number.
    pub number: String,
    /// Whether a second press of the button showed another number: a fault of the node.
    pub second_number: Option<String>,
}

/// Files a report and tells the story, between two moments of the office: the present, and when the form is sent at
/// the latest. Office time may run so fast that midnight comes in between.
///
/// # Errors
/// If a page is missing, refuses what was given, or does not lead on.
pub async fn file(node: &Node, told: &Told, while_writing: (Moment, Moment)) -> anyhow::Result<Receipt> {
    let mut browser = Browser::new(node, told.story.tongue.page());
    let mut page = browser.open("/report/now").await?;
    let mut paid = told.payments.iter().enumerate();
    let mut last = None;
    let mut second_number = None;
    for _ in 0..MOST_PAGES {
        if let Some(number) = page.attribute("data-receipt-number") {
            ensure!(page.attribute("data-receipt-code").is_some(), "the receipt `{number}` shows no code");
            tell_story(&mut browser, told).await?;
            tell_region(&mut browser, told).await?;
            return Ok(Receipt { number, second_number });
        }
        ensure!(page.status < 400, "`{}` answers {}: {}", page.path, page.status, page.alert());
        // Several payments have the same address; any other page that comes again has refused something.
        let stuck = last.as_ref() == Some(&page.path) && !page.path.starts_with("/report/payment");
        ensure!(!stuck, "`{}` does not lead on: {}", page.path, page.alert());
        last = Some(page.path.clone());
        let mut twice = false;
        let (field, answers) = match page.path.split('?').next().unwrap_or_default() {
            "/report/now" => ("ongoing", vec![("ongoing", yes_no(told.ongoing))]),
            "/report/what" => {
                let kind = if told.payments.is_empty() { "nothing" } else { "money" };
                ("kind", vec![("kind", kind.to_owned())])
            }
            "/report/payment" => {
                let (no, payment) = paid.next().with_context(|| {
                    format!("a payment more than was made is asked for: {}", page.alert())
                })?;
                let more = no + 1 < told.payments.len();
                ("amount", payment_answers(told, payment, more, while_writing))
            }
            "/report/you" => ("name", person_answers(told)),
            "/report/check" => {
                twice = Draw::keyed(about(told.key, "double click")).chance(DOUBLE_CLICKS);
                ("idempotency_key", vec![("confirm", "1".to_owned())])
            }
            other => bail!("`{other}` is no page of the form"),
        };
        page = if twice {
            let (first, second) = press_twice(&browser, &page, field, &answers).await?;
            let shown = second.attribute("data-receipt-number");
            second_number = shown.filter(|n| first.0.attribute("data-receipt-number").as_ref() != Some(n));
            browser = first.1;
            first.0
        } else {
            press(&mut browser, &page, field, &answers).await?
        };
    }
    bail!("the form goes on for more than {MOST_PAGES} pages")
}

async fn press(
    browser: &mut Browser<'_>,
    page: &Page,
    field: &str,
    answers: &[(&str, String)],
) -> anyhow::Result<Page> {
    let form =
        page.form_with(field).with_context(|| format!("`{}` has no form with `{field}`", page.path))?;
    browser.send(page, &form, answers).await
}

/// Both presses leave before either answer is there. The first answer that shows the receipt is the one seen.
async fn press_twice<'a>(
    browser: &Browser<'a>,
    page: &Page,
    field: &str,
    answers: &[(&str, String)],
) -> anyhow::Result<((Page, Browser<'a>), Page)> {
    let (mut one, mut two) = (browser.clone(), browser.clone());
    let (first, second) =
        tokio::join!(press(&mut one, page, field, answers), press(&mut two, page, field, answers));
    let (first, second) = (first?, second?);
    if first.attribute("data-receipt-code").is_none() && second.attribute("data-receipt-code").is_some() {
        return Ok(((second, two), first));
    }
    Ok(((first, one), second))
}

fn yes_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

/// The choice of the page for a day: what is "today" while it is written may be yesterday when it is read.
fn day_word(paid: Moment, now: Moment, sent: Moment) -> &'static str {
    match now.day() - paid.day() {
        0 if sent.day() == now.day() => "today",
        1 if sent.day() == now.day() => "yesterday",
        _ => "other",
    }
}

fn payment_answers(
    told: &Told,
    payment: &ToldPayment,
    more: bool,
    (now, sent): (Moment, Moment),
) -> Vec<(&'static str, String)> {
    let mut dice = Draw::keyed(about(told.key, &payment.reference));
    let day = day_word(payment.at, now, sent);
    let pattern = if dice.chance(400) { "%H:%M:%S" } else { "%H:%M" };
    let mut answers = vec![
        ("own_bank", told.house.clone()),
        ("amount", writing::amount(payment.amount, &mut dice)),
        ("day", day.to_owned()),
        ("day_time", payment.at.civil(pattern)),
        ("to", payment.to.clone().unwrap_or_default()),
        ("next", if more { "another" } else { "done" }.to_owned()),
    ];
    if day == "other" {
        for (field, pattern) in [("day_d", "%-d"), ("day_m", "%-m"), ("day_y", "%Y")] {
            answers.push((field, payment.at.civil(pattern)));
        }
    }
    match &told.own {
        // A whole card as its middle hides it; four digits as they stand on the receipt.
        Some(own) if own.kind == "card" && own.value.len() == 10 => {
            let (bin, tail) = own.value.split_at(6);
            answers.push(("own_account", format!("{bin}******{tail}")));
        }
        Some(own) if own.kind == "card" => answers.push(("own_account", format!("*{}", own.value))),
        Some(own) => answers.push(("own_account", own.value.clone())),
        None => answers.push(("own_unknown", "1".to_owned())),
    }
    if payment.to.is_none() {
        answers.push(("to_unknown", "1".to_owned()));
    }
    answers
}

fn person_answers(told: &Told) -> Vec<(&'static str, String)> {
    let mut dice = Draw::keyed(about(told.key, "you"));
    let name = if told.story.tongue.page() == "kk" { &told.person.kk } else { &told.person.ru };
    let mut answers = vec![("name", name.clone()), ("phone", writing::phone(&told.phone, &mut dice).0)];
    if dice.chance(500) {
        answers.push(("iin", told.person.iin.clone()));
    }
    answers
}

/// Stage two: the same session tells what happened.
async fn tell_story(browser: &mut Browser<'_>, told: &Told) -> anyhow::Result<()> {
    let page = browser.open("/my-report/story").await?;
    let after = press(browser, &page, "story", &[("story", told.story.text.clone())]).await?;
    ensure!(after.status < 400, "the story was refused with {}", after.status);
    Ok(())
}

/// Two of three say where they live. Gangs work through lists of one place: most victims of one live in one region.
async fn tell_region(browser: &mut Browser<'_>, told: &Told) -> anyhow::Result<()> {
    let mut dice = Draw::keyed(about(told.key, "region"));
    if !dice.chance(660) {
        return Ok(());
    }
    let page = browser.open("/my-report/details/about").await?;
    // A node that does not ask where people live is told nothing.
    let Some(form) = page.form_with("region") else { return Ok(()) };
    let regions: Vec<String> = form.values("region").into_iter().filter(|code| !code.is_empty()).collect();
    let mut place = if dice.chance(600) { Draw::keyed(about(told.network, "region")) } else { dice };
    let region = place.pick(&regions).cloned().unwrap_or_default();
    let after = browser.send(&page, &form, &[("region", region)]).await?;
    ensure!(after.status < 400, "the region was refused with {}", after.status);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_named_where_midnight_may_come_in_between() {
        let at = |text: &str| Moment::parse(text).unwrap();
        let evening = at("2026-11-23T23:50:00+05:00");
        for (paid, sent, word) in [
            ("2026-11-23T08:00:00+05:00", "2026-11-23T23:59:00+05:00", "today"),
            ("2026-11-22T08:00:00+05:00", "2026-11-23T23:59:00+05:00", "yesterday"),
            ("2026-11-21T08:00:00+05:00", "2026-11-23T23:59:00+05:00", "other"),
            ("2026-11-23T23:49:00+05:00", "2026-11-24T00:01:00+05:00", "other"),
            ("2026-11-22T08:00:00+05:00", "2026-11-24T00:01:00+05:00", "other"),
        ] {
            assert_eq!(day_word(at(paid), evening, at(sent)), word, "{paid}, sent {sent}");
        }
    }
}
