//! What must be green. Each part's time is printed; a part that cannot run says so and counts as not run.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Instant;

use anyhow::Context as _;
use clap::Args;
use serde_json::Value;

use crate::demo::{Demo, DemoArgs};
use crate::postgres::Cluster;
use crate::{judges, run, size, tiers, tools};

#[derive(Debug, Args)]
pub struct CiArgs {
    /// Only these parts, by comma
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

type Part = (&'static str, fn(&Cluster) -> anyhow::Result<()>);

const PARTS: &[Part] = &[
    ("format", |_| run::cargo(&["fmt", "--all", "--check"])),
    ("sizes", |_| size::check()),
    ("tiers", |_| tiers::check()),
    ("clippy", |_| {
        run::cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"])
    }),
    ("tests", tests),
    ("island tests", |_| {
        let mut command = Command::new("npm");
        run::finish(command.args(["test", "--silent"]).current_dir("web"))
    }),
    ("judges of messages", |_| judges::messages()),
    ("judges of packages", |_| judges::packages()),
    ("judges of the store", |_| judges::store::run()),
    ("judges of the API", |_| judges::api::run()),
    ("demo on SQLite", |_| checked("target/ci-demo", "kz", None)),
    ("demo on PostgreSQL", |pg| checked("target/ci-demo-pg", "kz", Some(pg.database("ci_demo")?))),
    ("demo, profile direct", |_| checked("target/ci-demo-direct", "direct", None)),
    ("demo catches a mutant country", mutant),
    ("fault loop, short form", |_| faults()),
    ("browser walk", |_| walk(false)),
];

/// Runs everything, or the parts named.
pub fn run(args: &CiArgs) -> anyhow::Result<()> {
    let began = Instant::now();
    tools::postgresql()?;
    tools::chromium()?;
    tools::web()?;
    let cluster = Cluster::start()?;
    println!("install and set-up: {} s", began.elapsed().as_secs());
    let mut times = Vec::new();
    for (name, part) in PARTS {
        if !args.only.is_empty() && !args.only.iter().any(|o| name.starts_with(o.as_str())) {
            continue;
        }
        println!("\n== {name}");
        let start = Instant::now();
        part(&cluster).with_context(|| format!("part `{name}` failed"))?;
        times.push((name, start.elapsed().as_secs()));
    }
    println!("\nparts, seconds");
    for (name, secs) in &times {
        println!("  {name:<32}{secs:>6}");
    }
    let minutes = began.elapsed().as_secs() / 60;
    println!("all: {minutes} minutes");
    if minutes >= 30 {
        println!("warning: over the aim of 30 minutes");
    }
    Ok(())
}

/// Properties draw from one seed here, so that the verdict belongs to the commit and not to the day;
/// `cargo test` draws anew each time, and what it finds is kept as a regression.
fn tests(cluster: &Cluster) -> anyhow::Result<()> {
    let mut command = Command::new("cargo");
    command
        .args(["test", "--workspace", "--quiet"])
        .env("QORGAN_TEST_POSTGRES", cluster.url())
        .env("PROPTEST_RNG_SEED", "20261127");
    run::finish(&mut command)
}

fn checked(dir: &str, profile: &str, database: Option<String>) -> anyhow::Result<()> {
    crate::demo::run(&DemoArgs::checked(dir, "60s", profile, database)?)
}

/// A country that drops every tenth answer must make the check fail: else the check checks nothing.
fn mutant(_: &Cluster) -> anyhow::Result<()> {
    let args =
        DemoArgs::checked("target/ci-demo-mutant", "60s", "kz", None)?.with_mutant("drop-tenth-answer");
    match crate::demo::run(&args) {
        Err(error) if error.to_string().contains("differ") => {
            println!("caught, as it must be: {error}");
            Ok(())
        }
        Err(error) => Err(error.context("the mutant run failed for another reason")),
        Ok(()) => anyhow::bail!("a country that drops answers was not noticed"),
    }
}

/// The node killed again and again under load: nothing acknowledged is lost, nothing is ordered twice. What
/// survived is the same in any build, so the program that the tests built will do.
fn faults() -> anyhow::Result<()> {
    run::cargo(&["build", "--quiet", "--package", "qorgan", "--package", "bench"])?;
    run::program(
        &tools::built("bench").display().to_string(),
        &["kill", "--points", "20", "--clients", "8", "--check"],
    )
}

/// The browser walk against a fresh demonstration of its own.
pub fn walk(full: bool) -> anyhow::Result<()> {
    tools::chromium()?;
    tools::web()?;
    let mut demo = Demo::prepare(&DemoArgs::for_walk("target/walk")?)?;
    demo.start_node()?;
    let _country = demo.start_country(None)?;
    let mut command = Command::new("node");
    command
        .arg("tests/walk.mjs")
        .arg(demo.base())
        .current_dir("web")
        .env("QORGAN_COUNTRY", "../target/walk/country/country.json")
        .env("QORGAN_SIGN_INS", "../target/walk/data/sign-ins.txt");
    if full {
        command.arg("--full");
    }
    run::finish(&mut command)
}

/// Compares the platform's figures with the country's ledger. Any difference fails.
pub fn compare(figures: &Value, truth: &Value, every_kind: bool) -> anyhow::Result<()> {
    let number = |v: &Value, key: &str| {
        v.get(key).and_then(Value::as_i64).with_context(|| format!("figure `{key}` is missing"))
    };
    let mut faults = Vec::new();
    let mut least = |name: &str, is: i64, needs: i64| {
        if is < needs {
            faults.push(format!("{name}: {is}, at least {needs} needed"));
        }
    };
    least("holds", number(figures, "holds")?, 20);
    least("hops opened by themselves", number(figures, "hops_opened")?, 1);
    least("lapses", number(figures, "lapsed")?, 1);
    least("Kazakh reports", number(figures, "reports_kk")?, 1);
    // Every kind of order that the country has is at work.
    let measures =
        figures.get("country_measures").and_then(Value::as_array).context("no measures of the country")?;
    let common = |measure: &&str| every_kind || ["number_block", "resource_restriction"].contains(measure);
    for measure in measures.iter().filter_map(Value::as_str).filter(common) {
        let answered = figures.pointer(&format!("/measures_answered/{measure}")).and_then(Value::as_i64);
        least(&format!("answered orders `{measure}`"), answered.unwrap_or(0), 1);
    }
    let failed = truth.pointer("/staff/failed").and_then(Value::as_i64).unwrap_or(0);
    least("people at the desk without a fault", -failed, 0);
    if truth.get("conserved").and_then(Value::as_bool) != Some(true) {
        faults.push("the country's own ledger does not add up".to_owned());
    }
    // Wrong answers that were taken, right ones that were refused, and reports that were lost or doubled.
    for key in ["swallowed", "refused", "gateway"] {
        let list = truth.get("answers").and_then(|a| a.get(key)).or_else(|| truth.get(key));
        let empty = list.is_none_or(|l| {
            l.as_array().is_none_or(Vec::is_empty) && l.as_object().is_none_or(serde_json::Map::is_empty)
        });
        if !empty {
            faults.push(format!("the country's list `{key}` is not empty: {}", list.unwrap_or(&Value::Null)));
        }
    }
    for key in ["failed", "doubled"] {
        let count = truth.get("reports").and_then(|r| r.get(key)).and_then(Value::as_i64).unwrap_or(0);
        if count > 0 {
            faults.push(format!("reports {key}: {count}"));
        }
    }
    faults.extend(registers(figures, truth)?);
    faults.extend(schemes(figures, truth)?);
    faults.extend(prevented(figures, truth)?);
    let (ours, theirs) = (by_object(figures, "held")?, by_object(truth, "held_ever")?);
    let mut differ = 0;
    for (object, held) in &theirs {
        let said = ours.get(object).copied().unwrap_or(0);
        if said != *held {
            differ += 1;
            if differ <= 5 {
                faults.push(format!(
                    "held sums differ: {object}: the bank holds {held}, the platform says {said}"
                ));
            }
        }
    }
    for (object, said) in &ours {
        if *said != 0 && !theirs.contains_key(object) {
            differ += 1;
            faults.push(format!("held sums differ: {object}: no bank holds it, the platform says {said}"));
        }
    }
    let (answers, unknown) = unknown_answers(figures, truth)?;
    faults.extend(unknown.iter().take(5).cloned());
    println!("holds compared with the country's ledger: {}, differing: {differ}", theirs.len());
    println!("answers that the country gave: {answers}, unknown to the platform: {}", unknown.len());
    anyhow::ensure!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

/// What differs between what the country's houses kept from being paid because they had asked, and what the platform says of
/// it: the same sum, of as many payers, of each of which the platform was told.
fn prevented(figures: &Value, truth: &Value) -> anyhow::Result<Vec<String>> {
    let count = |pointer: &str| truth.pointer(pointer).and_then(Value::as_i64).unwrap_or(0);
    let amount =
        truth.pointer("/prevented/amount").and_then(Value::as_str).context("nothing of `prevented`")?;
    let theirs: i64 = amount.replace('.', "").parse().context("`prevented` is no amount")?;
    let ours = figures.get("prevented").and_then(Value::as_i64).context("figure `prevented` is missing")?;
    let payers = figures.get("prevented_payers").and_then(Value::as_i64).unwrap_or(-1);
    let (asked, untold) = (count("/screen/asked"), count("/screen/untold"));
    let stopped = count("/screen/declined") + count("/screen/given_up");
    println!(
        "payments asked about: {asked}, stopped: {stopped}, prevented at least: {ours} of {payers} payers"
    );
    let mut faults = Vec::new();
    if ours != theirs || payers != count("/prevented_payers") {
        faults.push(format!(
            "prevented sums differ: the country says {theirs} of {} payers, the platform {ours} of {payers}",
            count("/prevented_payers")
        ));
    }
    if untold > 0 {
        faults.push(format!("what became of payments was not taken {untold} times"));
    }
    if asked == 0 || stopped == 0 {
        faults.push(format!("payments asked about: {asked}, stopped: {stopped}, at least 1 of each needed"));
    }
    Ok(faults)
}

/// Pairs of reports that the platform puts into one scheme, against pairs that one network of fraudsters truly did. Reports that name nothing
/// in common and tell nothing alike belong together in truth only, so not all can be found. Nor are all others wrong: where a mule of one gang
/// pays one of another, the money of both has met, and the platform says so.
fn schemes(figures: &Value, truth: &Value) -> anyhow::Result<Vec<String>> {
    let schemes = figures.get("schemes").and_then(Value::as_object).context("figure `schemes` is missing")?;
    let filed = truth.get("filed").and_then(Value::as_array).context("list `filed` is missing")?;
    let reports: Vec<(i64, Option<&str>)> = filed
        .iter()
        .filter_map(|f| {
            let number = f.get("number").and_then(Value::as_str)?;
            let network = f.get("network").and_then(Value::as_i64)?;
            Some((network, schemes.get(number).and_then(Value::as_str)))
        })
        .collect();
    let (mut ours, mut theirs, mut both) = (0_u64, 0_u64, 0_u64);
    for (place, (network, scheme)) in reports.iter().enumerate() {
        for (other, with) in reports.iter().skip(place + 1) {
            let (true_pair, told) = (network == other, scheme.is_some() && scheme == with);
            ours += u64::from(told);
            theirs += u64::from(true_pair);
            both += u64::from(true_pair && told);
        }
    }
    let share = |part: u64, whole: u64| part * 100 / whole.max(1);
    let (precision, recall) = (share(both, ours), share(both, theirs));
    println!(
        "schemes: pairs of reports {ours}, of which one network's: {precision} %; of {theirs} true pairs found: {recall} %"
    );
    let mut faults = Vec::new();
    if ours == 0 || precision < 70 || recall < 60 {
        faults
            .push(format!("schemes: precision {precision} % (at least 70), recall {recall} % (at least 60)"));
    }
    Ok(faults)
}

/// What differs between the country's first register and the platform's numbers: every report is somewhere in it, none is
/// there twice, and each number is the one that the register gave.
fn registers(figures: &Value, truth: &Value) -> anyhow::Result<Vec<String>> {
    let list = |v: &Value, key: &str| {
        v.get(key).and_then(Value::as_array).cloned().with_context(|| format!("list `{key}` is missing"))
    };
    let text = |v: &Value, key: &str| v.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (entries, references) = (list(truth, "registered")?, list(figures, "references")?);
    let mut faults = Vec::new();
    if list(figures, "country_registers")?.is_empty() {
        if !entries.is_empty() || !references.is_empty() {
            faults.push("registers: the country has none, and something was registered".to_owned());
        }
        return Ok(faults);
    }
    let truly: std::collections::BTreeMap<String, &Value> =
        entries.iter().map(|e| (text(e, "report"), e)).collect();
    let mut known = std::collections::BTreeMap::new();
    for one in references.iter().filter(|r| text(r, "register") == "kui") {
        if known.insert(text(one, "report"), text(one, "number")).is_some() {
            faults.push(format!("registers: {} stands under two numbers", text(one, "report")));
        }
    }
    for (report, number) in &known {
        if truly.get(report).map(|e| text(e, "number")).as_ref() != Some(number) {
            faults.push(format!("registers: {report}: the platform says {number}, the register does not"));
        }
    }
    for (report, entry) in &truly {
        let told = entry.get("told").and_then(Value::as_bool) == Some(true);
        if told && !known.contains_key(report) {
            faults.push(format!("registers: {report}: an answer that was taken is not there"));
        }
    }
    let states =
        figures.get("registers").and_then(Value::as_object).context("figure `registers` is missing")?;
    let entered = states.iter().filter(|(state, _)| state.starts_with("kui."));
    let entered: i64 = entered.filter_map(|(_, n)| n.as_i64()).sum();
    let reports = figures.get("reports").and_then(Value::as_i64).unwrap_or_default();
    if entered != reports {
        faults.push(format!("registers: {entered} of {reports} reports were entered"));
    }
    if known.is_empty() {
        faults.push("registers: no report was registered".to_owned());
    }
    println!("reports in the register: {} of {reports}, numbers known: {}", truly.len(), known.len());
    faults.truncate(8);
    Ok(faults)
}

/// How many answers were given, and which of them the platform does not know. Most tell of no hold, so a lost
/// one need not change a sum.
fn unknown_answers(figures: &Value, truth: &Value) -> anyhow::Result<(usize, Vec<String>)> {
    let ours = codes_by_object(figures, "answers_by_object")?;
    let theirs = codes_by_object(truth, "answered")?;
    let unknown = theirs.iter().filter_map(|(object, codes)| {
        let known = ours.get(object).map(Vec::as_slice).unwrap_or_default();
        let all = codes.iter().all(|code| known.contains(code));
        (!all).then(|| {
            format!("answers differ: {object}: the bank said {codes:?}, the platform knows {known:?}")
        })
    });
    Ok((theirs.len(), unknown.collect()))
}

/// The codes of the answers about each object.
fn codes_by_object(v: &Value, list: &str) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
    let list = v.get(list).and_then(Value::as_array).with_context(|| format!("no list `{list}`"))?;
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in list {
        let object = item.get("object_id").and_then(Value::as_str).context("an answer without object_id")?;
        let codes = item.get("codes").and_then(Value::as_array).context("an answer without codes")?;
        let codes = codes.iter().filter_map(Value::as_str).map(str::to_owned);
        all.entry(object.to_owned()).or_default().extend(codes);
    }
    Ok(all)
}

/// Sums by object id, smallest units.
fn by_object(v: &Value, key: &str) -> anyhow::Result<BTreeMap<String, i64>> {
    let list = v
        .get("holds_by_object")
        .or_else(|| v.get("holds"))
        .and_then(Value::as_array)
        .context("no list of holds")?;
    let mut sums = BTreeMap::new();
    for item in list {
        let object = item.get("object_id").and_then(Value::as_str).context("a hold without object_id")?;
        let sum = item.get(key).context("a hold without its sum")?;
        let minor = sum
            .as_i64()
            .or_else(|| minor(sum.get("amount").unwrap_or(sum).as_str()?))
            .context("a sum that cannot be read")?;
        *sums.entry(object.to_owned()).or_insert(0) += minor;
    }
    Ok(sums)
}

/// `620000.00` in hundredths.
fn minor(text: &str) -> Option<i64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "00"));
    let decimals = format!("{decimals:0<2}");
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(decimals.get(..2)?.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The comparison notices what it is there for: a report under two numbers, under another than the register's, an
    /// answer that was lost, a report that was never entered.
    #[test]
    fn differences_between_the_register_and_the_platform_are_found() {
        let truth = json!({"registered": [
            {"report": "R-1", "number": "K-1", "told": true}, {"report": "R-2", "number": "K-2", "told": true},
            {"report": "R-3", "number": "K-3", "told": false},
        ]});
        let figures = |reports: i64, references: Value| {
            let states = json!({"kui.registered": 2, "kui.waiting": 1});
            json!({"reports": reports, "registers": states, "references": references, "country_registers": ["kui"]})
        };
        let one = |report: &str, number: &str| json!({"report": report, "register": "kui", "number": number});
        let faults = |f: &Value| registers(f, &truth).unwrap().len();
        assert_eq!(faults(&figures(3, json!([one("R-1", "K-1"), one("R-2", "K-2")]))), 0);
        for (broken, why) in [
            (figures(3, json!([one("R-1", "K-1"), one("R-2", "K-2"), one("R-2", "K-9")])), "two numbers"),
            (figures(3, json!([one("R-1", "K-1"), one("R-2", "K-1")])), "another number"),
            (figures(3, json!([one("R-1", "K-1")])), "a lost answer"),
            (figures(3, json!([one("R-1", "K-1"), one("R-2", "K-2"), one("R-9", "K-3")])), "nobody's number"),
            (figures(4, json!([one("R-1", "K-1"), one("R-2", "K-2")])), "a report left out"),
            (figures(3, json!([])), "nothing at all"),
        ] {
            assert!(faults(&broken) > 0, "{why}");
        }
        assert!(registers(&json!({}), &truth).is_err());
        // A country without registers has nothing to compare, and nothing that could have been entered.
        let none = json!({"references": [], "country_registers": []});
        assert_eq!(registers(&none, &json!({"registered": []})).unwrap().len(), 0);
        assert_eq!(registers(&none, &truth).unwrap().len(), 1);
    }
}
