//! The officer at the pages of one report.

use std::sync::Arc;

use anyhow::ensure;

use super::from_orders;
use crate::draw::{Draw, about};
use crate::ids;
use crate::stage::Stage;
use crate::victim::browser::Browser;
use crate::victim::writing;

/// What is found out in turns, by kind.
const FOUND: [&str; 6] = ["sender", "imei", "sim", "app", "advertisement", "ip"];
/// Names that fraudsters send text messages under; invented.
const SENDERS: [&str; 4] = ["OIDAN BANK", "TULPAR", "INFO-SMS", "SALEM KZ"];

/// Adds what the reporter remembered on the phone: something that no form asks for.
pub(super) async fn add_clue(
    stage: &Arc<Stage>,
    browser: &mut Browser<'_>,
    (turn, number): (usize, &str),
) -> anyhow::Result<usize> {
    let _busy = stage.on_its_way();
    let mut dice = Draw::keyed(about(about(stage.country.seed, "clue"), number));
    // Every other report is taken, so turns go in twos.
    let kind = FOUND.get(turn / super::ONE_OF % FOUND.len()).copied().unwrap_or("ip");
    let value = match kind {
        "sender" => dice.pick(&SENDERS).copied().unwrap_or_default().to_owned(),
        "imei" => writing::imei(&mut dice).0,
        "sim" => ids::sim(&mut dice),
        "app" => format!("kz.oidan.cash{}", dice.digits(3)),
        "advertisement" => format!("https://alan.example/ads/{}", dice.digits(8)),
        _ => writing::ip(&mut dice).0,
    };
    let page = browser.open(&format!("/desk/reports/{number}/clues")).await?;
    ensure!(page.status == 200, "the page of clues gives status {}", page.status);
    let Some(form) = page.form_with("source") else { return Ok(0) };
    let answers = [
        ("kind", kind.to_owned()),
        ("value", value),
        ("source", "Пострадавший вспомнил по телефону".to_owned()),
    ];
    let after = browser.send(&page, &form, &answers).await?;
    ensure!(after.status == 200, "adding a clue gives status {}: {}", after.status, after.alert());
    Ok(1)
}

/// Ticks everything that can be ticked on a report's page of measures. How much that was.
pub(super) async fn suppress(
    stage: &Arc<Stage>,
    browser: &mut Browser<'_>,
    number: &str,
) -> anyhow::Result<usize> {
    let _busy = stage.on_its_way();
    let page = browser.open(&format!("/desk/reports/{number}/suppress")).await?;
    ensure!(page.status == 200, "the page of measures gives status {}", page.status);
    let Some(form) = page.form_with("pick") else { return Ok(0) };
    let mut answers: Vec<(&str, String)> = form.values("pick").into_iter().map(|v| ("pick", v)).collect();
    let picked = answers.len();
    let words = [
        ("class", "phishing"),
        ("harm", "По ссылке выманивают данные карт и деньги; так рассказал пострадавший."),
        ("narrower", "Мошеннические страницы занимают весь домен, других на нём нет."),
        ("reason", "На счёт продолжают поступать деньги потерпевших."),
    ];
    answers.extend(words.into_iter().filter(|(name, _)| form.has(name)).map(|(n, w)| (n, w.to_owned())));
    let after = browser.send(&page, &form, &answers).await?;
    ensure!(after.status == 200, "picking measures gives status {}: {}", after.status, after.alert());
    Ok(picked)
}

/// Hands a report over to its register anew, after the register did not take the first file.
pub(super) async fn hand_over(
    stage: &Arc<Stage>,
    browser: &mut Browser<'_>,
    number: &str,
) -> anyhow::Result<usize> {
    let _busy = stage.on_its_way();
    let page = browser.open(&format!("/desk/reports/{number}/registers")).await?;
    ensure!(page.status == 200, "the page of registers gives status {}", page.status);
    let Some(form) = page.forms().into_iter().find(|f| f.post && f.action.ends_with("/hand-over")) else {
        return Ok(0);
    };
    let after = browser.send(&page, &form, &[]).await?;
    ensure!(after.status == 200, "handing over gives status {}: {}", after.status, after.alert());
    Ok(1)
}

/// Has money that is held for a report given back. From how many holds.
pub(super) async fn give_back(
    stage: &Arc<Stage>,
    browser: &mut Browser<'_>,
    number: &str,
) -> anyhow::Result<usize> {
    let _busy = stage.on_its_way();
    let mut done = 0;
    for link in from_orders(browser, number, "/return").await? {
        let page = browser.open(&link).await?;
        ensure!(page.status == 200, "the page of returns gives status {}", page.status);
        let Some(form) = page.forms().into_iter().find(|f| f.post && f.action == link) else { continue };
        let after = browser.send(&page, &form, &[]).await?;
        // The hold may have ended while the page was read.
        ensure!(
            matches!(after.status, 200 | 409),
            "preparing returns gives status {}: {}",
            after.status,
            after.alert()
        );
        done += 1;
    }
    Ok(done)
}

/// Has the first thing that is in force for a report go on, on a ground that the page offers.
pub(super) async fn extend(
    stage: &Arc<Stage>,
    browser: &mut Browser<'_>,
    number: &str,
) -> anyhow::Result<usize> {
    let _busy = stage.on_its_way();
    for link in from_orders(browser, number, "/extend").await? {
        let page = browser.open(&link).await?;
        ensure!(matches!(page.status, 200 | 409), "the page of extensions gives status {}", page.status);
        let Some(form) = page.form_with("ground") else { continue };
        // Grounds that need an act stand last, and an act belongs to no other.
        let mut grounds = form.values("ground");
        let ground = if form.has("act") { grounds.pop() } else { grounds.into_iter().next() };
        let mut answers: Vec<(&str, String)> = ground.into_iter().map(|v| ("ground", v)).collect();
        let words = [
            ("act", "Суд № 2 города Ойдан (вымышленный), № 7520-26-1 от 28 ноября 2026 года"),
            ("reason", "Мошенники продолжают звонить с этого номера; проверка не окончена."),
        ];
        answers.extend(words.into_iter().filter(|(n, _)| form.has(n)).map(|(n, w)| (n, w.to_owned())));
        let after = browser.send(&page, &form, &answers).await?;
        ensure!(
            matches!(after.status, 200 | 409),
            "extending gives status {}: {}",
            after.status,
            after.alert()
        );
        return Ok(1);
    }
    Ok(0)
}
