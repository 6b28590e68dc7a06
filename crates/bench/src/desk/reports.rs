//! Row L1 for what the desk does with reports: queue, board, a report, schemes, persons, search, link chart, over many reports that were
//! filed, heard and put into the index by the real verbs.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use app::App;
use kernel::{Actor, Lang, Money, When};
use qorgan::{searching, slices};
use report::{Harm, NewPayment, NewReport, Reporter, Target};
use uuid::Uuid;

use super::{Desk, Options, Page, opened, timed};
use crate::clock::Stopwatch;
use crate::harness::Verdict;

/// Reports for which the bar is meant.
pub(super) const BAR_REPORTS: u32 = 1_000_000;
/// Reports that are filed before what follows from them is done.
const AT_ONCE: u32 = 2_000;
/// Of so many reports one is still open.
const OPEN_ONE_IN: u64 = 20;
/// As after months of work.
const CLOSE: db::Stmt =
    db::Stmt::both("bench.close_report", "UPDATE desk_row SET closed_at = created_at WHERE number = ?1");
/// Syllables of which invented people's names are made: as many names as a country has.
const SYLLABLES: [&str; 20] = [
    "ай", "бол", "сер", "нур", "жан", "тал", "мар", "ер", "дос", "кен", "али", "сау", "рах", "туе", "бек",
    "гүл", "ора", "шын", "ива", "пет",
];
const ENDINGS: [&str; 6] = ["ов", "ова", "ұлы", "қызы", "ев", "ева"];
/// How a fraud is told; a word of each is the gang's own.
const TALES: [&str; 6] = [
    "Позвонил мужчина, назвался сотрудником службы безопасности банка, сказал перевести деньги на безопасный счёт",
    "Маған банктің қауіпсіздік қызметінен қоңырау шалып, ақшаны сенімді шотқа аударуды талап етті",
    "Купила на сайте обувь, оплатила переводом, продавец удалил страницу и не отвечает",
    "Инвестициялық платформаға ақша салдым, кейін ақшаны шығарып алу үшін тағы төлеуді сұрады",
    "Пришло сообщение о посылке со ссылкой, ввёл данные карты, деньги списали",
    "Предложили работу на дому: поставить оценки товарам, потом попросили внести свои деньги",
];

/// Fills a node with reports and measures the pages.
///
/// # Errors
/// A page that does not show what it should.
pub(super) async fn on(
    options: &Options,
    out: &mut dyn Write,
    data: PathBuf,
    database: Option<String>,
) -> anyhow::Result<Vec<Verdict>> {
    let engine = if database.is_some() { "PostgreSQL" } else { "SQLite" };
    let app = opened(data.clone(), database).await?;
    let watch = Stopwatch::start();
    let mut numbers = Vec::new();
    let subscribers = slices::subscribers(&app);
    let mut filed = 0;
    while filed < options.reports {
        let some = filed..options.reports.min(filed + AT_ONCE);
        filed = some.end;
        let number = file(&app, some).await?;
        db::outbox::drain(&app.db, &subscribers).await?;
        close(&app, &number).await?;
        numbers.extend(number.into_iter().next());
    }
    writeln!(out, "L1  {engine}: {filed} reports, filed and heard in {} s", watch.elapsed().as_secs())?;
    let watch = Stopwatch::start();
    let shelf = searching::shelf(&app, Some(&data))?;
    let sum = search::service::go_through(&app, &shelf, |_, _| {}).await?;
    writeln!(out, "    index of {} things made in {} s", sum.written, watch.elapsed().as_secs())?;
    out.flush()?;
    let mut desk = Desk::sign_in(&app).await?;
    desk.router = desk.router.layer(axum::Extension(shelf));
    let pages = pages(&desk, &numbers).await?;
    timed(&desk, &pages, options.times, out).await
}

/// Files reports at the same time; gives their numbers.
pub(crate) async fn file(app: &App, some: std::ops::Range<u32>) -> anyhow::Result<Vec<String>> {
    let filings: Vec<_> = some
        .map(|no| {
            let (app, new) = (app.clone(), victim(app, no));
            let filing = report::service::Filing::default();
            tokio::spawn(async move { report::service::file(&app, &Actor::Public, new, filing).await })
        })
        .collect();
    let mut numbers = Vec::with_capacity(filings.len());
    for filing in filings {
        numbers.push(filing.await??.number);
    }
    Ok(numbers)
}

/// Closes most of them.
async fn close(app: &App, numbers: &[String]) -> anyhow::Result<()> {
    let closed: Vec<String> = numbers
        .iter()
        .zip(1_u64..)
        .filter(|(_, n)| !n.is_multiple_of(OPEN_ONE_IN))
        .map(|(n, _)| n.clone())
        .collect();
    let done = app.db.write(move |tx| {
        closed.iter().try_for_each(|number| tx.execute(&CLOSE, &[number.as_str().into()]).map(drop))
    });
    Ok(done.await?)
}

/// A number that belongs to `no` and a question, the same in every run.
pub(crate) fn drawn(no: u32, question: u64) -> u64 {
    let mut z = (u64::from(no) << 8 | question).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn pick<'a>(from: &[&'a str], at: u64) -> &'a str {
    let place = usize::try_from(at).unwrap_or(0) % from.len().max(1);
    from.get(place).copied().unwrap_or_default()
}

/// An invented victim. Gangs are of very different sizes (the square of an even draw); each has two callers and twenty accounts.
fn victim(app: &App, no: u32) -> NewReport {
    let even = drawn(no, 1) % 3_000;
    let gang = even * even / 3_000;
    let caller = format!("+77000{gang:05}{}", drawn(no, 2) % 2);
    let account = format!("KZ00BENCH{:08}{:03}", gang, drawn(no, 3) % 20);
    let syllable = |question| pick(&SYLLABLES, drawn(no, question));
    let ending = pick(&ENDINGS, drawn(no, 10));
    let name = format!("{}{}{ending} {}{}", syllable(4), syllable(5), syllable(8), syllable(9));
    NewReport {
        id: report::rules::id_from_key(Uuid::from_u128(u128::from(no) + 1)),
        channel: "portal".to_owned(),
        lang: if no.is_multiple_of(2) { Lang::KK } else { Lang::RU },
        ongoing: false,
        harm: Harm::Money,
        reporter: Reporter { name, phone: format!("+7701{no:07}"), ..Reporter::default() },
        story: format!("{}. Номер {caller}, код {}", pick(&TALES, gang), drawn(no, 6) % 10_000),
        payments: vec![NewPayment {
            amount: Money::from_minor(
                i64::try_from(drawn(no, 7) % 90_000_000).unwrap_or(0) + 100_000,
                app.profile.currency(),
            ),
            when: When::exactly(app.office.now()),
            own_institution: String::new(),
            own_account: String::new(),
            to: Some(Target { kind: "account".to_owned(), masked: account.clone(), value: account }),
            to_institution: String::new(),
            reference: String::new(),
        }],
    }
}

/// What stands between quotation marks from `start` on, on a page.
fn link(page: &str, start: &str) -> anyhow::Result<String> {
    let at = page.find(start).with_context(|| format!("no link `{start}…` on the page"))?;
    let rest = page.get(at..).unwrap_or_default();
    Ok(rest.split('"').next().unwrap_or_default().replace("&amp;", "&").replace("&#38;", "&"))
}

async fn body(desk: &Desk, path: String) -> anyhow::Result<String> {
    let (status, body) = desk.send(&Page::get("a page", Box::new(move |_| path.clone()), ""), 0).await?;
    ensure!(status == 200, "a page gives {status}: {body:.300}");
    Ok(body)
}

/// Where a question leads.
async fn asked(desk: &Desk, words: &str) -> anyhow::Result<String> {
    let answer = desk
        .ask("POST", "/desk/search", format!("q={}", words.replace('+', "%2B").replace(' ', "+")))
        .await?;
    let to = answer.headers().get(axum::http::header::LOCATION).and_then(|to| to.to_str().ok());
    Ok(to.context("a question leads nowhere")?.to_owned())
}

async fn pages(desk: &Desk, numbers: &[String]) -> anyhow::Result<Vec<Page<'static>>> {
    let scheme = link(&body(desk, "/desk/schemes?sort=-reports".to_owned()).await?, "/desk/schemes/S-")?;
    let scheme_page = body(desk, scheme.clone()).await?;
    let chart = link(&scheme_page, "/desk/chart?")?;
    let person = link(&body(desk, "/desk/persons".to_owned()).await?, "/desk/persons/per_")?;
    let fixed = |path: &str| -> Box<dyn Fn(u64) -> String> {
        let path = path.to_owned();
        Box::new(move |_| path.clone())
    };
    let reports = numbers.to_vec();
    let spread = move |no: u64| {
        let place = usize::try_from(no).unwrap_or(0) % reports.len().max(1);
        reports.get(place).map(|number| format!("/desk/reports/{number}")).unwrap_or_default()
    };
    let mut all = vec![
        Page::get("the queue", fixed("/desk"), "/desk/reports/"),
        Page::get("the board", fixed("/desk/board"), "<main"),
        Page::get("a report", Box::new(spread), "/desk/reports/"),
        Page::get("schemes, the last grown first", fixed("/desk/schemes"), "/desk/schemes/S-"),
        Page::get("schemes, the largest first", fixed("/desk/schemes?sort=-reports"), "/desk/schemes/S-"),
        Page::get("the largest scheme", fixed(&scheme), "<main"),
        Page::get("its link chart", fixed(&chart), "<main"),
        Page::get("persons", fixed("/desk/persons"), "/desk/persons/per_"),
        Page::get("a person", fixed(&person), "<main"),
        Page::get("pairs to be judged", fixed("/desk/persons/review"), "<main"),
    ];
    for (name, words) in [
        ("search: a telephone", "+77000000000"),
        ("search: a rare word and a common one", "посылке 4242"),
        ("search: a common word", "банка"),
        ("search: a name in another writing", "Bolserov Nurbek"),
    ] {
        all.push(Page::get(name, fixed(&asked(desk, words).await?), "<main"));
    }
    Ok(all)
}
