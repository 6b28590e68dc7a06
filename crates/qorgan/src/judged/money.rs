//! Money followed, and one payment found at two banks.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Write};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use trail::follow::{Bounds, Unusual, Way};
use trail::matching::{Leg, matched};

use super::{column, open, reader, written};

/// Which transfers, and from which the money is followed.
#[derive(Debug, Args)]
pub struct FindTrailArgs {
    /// CSV with the columns `tran_id`, `orig_acct`, `bene_acct`, `tran_timestamp` (AMLSim); others are left alone
    transactions: PathBuf,
    /// CSV with the column `seed_tran_id`, or `tran_id`: transfers that victims report
    seeds: PathBuf,
    /// Where `seed_tran_id,tran_id` goes; standard output if left out
    #[arg(long)]
    out: Option<PathBuf>,
    /// Where the money came from instead of where it went
    #[arg(long)]
    back: bool,
}

/// Follows money from transfers that victims report: forward in time, or back.
///
/// # Errors
/// A sentence for the person at the terminal.
pub fn find_trail(args: &FindTrailArgs) -> anyhow::Result<()> {
    let way = if args.back { Way::Back } else { Way::On };
    written(args.out.as_deref(), |out| trails(open(&args.transactions)?, open(&args.seeds)?, way, out))
}

/// A moment without zone, or a day, by UTC.
fn local_of(text: &str) -> Option<i64> {
    let local: jiff::civil::DateTime = text.parse().ok()?;
    Some(jiff::tz::TimeZone::UTC.to_timestamp(local).ok()?.as_second())
}

/// When a transfer was booked, seconds since 1970: RFC 3339, a date, or a number of days.
fn booked(text: &str) -> Option<i64> {
    let day = |date: &str| {
        let date: jiff::civil::Date = date.parse().ok()?;
        Some(jiff::tz::TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?.as_second())
    };
    let moment = text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second);
    let dotted = || {
        let [day, month, year] = text.get(..10)?.split('.').collect::<Vec<_>>().try_into().ok()?;
        local_of(&format!("{year}-{month}-{day}{}", text.get(10..)?))
    };
    moment
        .or_else(|| text.contains(':').then(|| local_of(text)).flatten())
        .or_else(|| day(text))
        .or_else(dotted)
        .or_else(|| {
            let days: i64 = text.parse().ok()?;
            Some(flat::EPOCH_SECS.saturating_add(days.checked_mul(86_400)?))
        })
}

/// Accounts by their names, numbered as they come.
#[derive(Debug, Default)]
struct Accounts {
    known: HashMap<String, u32>,
    count: u32,
}

impl Accounts {
    /// The number of an account. One without a name is known from nowhere else: money does not go on from there.
    fn place(&mut self, name: &str) -> anyhow::Result<u32> {
        if let Some(known) = self.known.get(name) {
            return Ok(*known);
        }
        let next = self.count;
        self.count = next.checked_add(1).context("too many accounts")?;
        if !name.is_empty() {
            self.known.insert(name.to_owned(), next);
        }
        Ok(next)
    }
}

fn trails(transfers: impl Read, seeds: impl Read, way: Way, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut table = reader(transfers);
    let headings = table.headers().context("the first line of the transfers cannot be read")?.clone();
    let columns = ["tran_id", "orig_acct", "bene_acct", "tran_timestamp"];
    let [id, from, to, at] = columns.map(|name| column(&headings, name));
    let (id, from, to, at) = (id?, from?, to?, at?);
    let (mut ids, mut accounts) = (Vec::new(), Accounts::default());
    // A file may name a transfer twice, and a seed is then both.
    let (mut all, mut places) = (Vec::new(), HashMap::<String, Vec<u32>>::new());
    for (no, row) in (0_u32..).zip(table.records()) {
        let line = no.saturating_add(2);
        let row = row.with_context(|| format!("transfer {line} cannot be read"))?;
        let of = |place: usize| row.get(place).unwrap_or_default().trim();
        let (from, to) = (accounts.place(of(from))?, accounts.place(of(to))?);
        let at_secs = booked(of(at)).with_context(|| format!("line {line}: `{}` is no time", of(at)))?;
        all.push(flat::Transfer { id: no, from, to, at_secs, amount: 1 });
        places.entry(of(id).to_owned()).or_default().push(no);
        ids.push(of(id).to_owned());
    }
    let mut unusual = Unusual::of(accounts.count, &all, way)?;
    let mut wanted = reader(seeds);
    let headings = wanted.headers().context("the first line of the seeds cannot be read")?.clone();
    let seed = column(&headings, "seed_tran_id")
        .or_else(|missing| column(&headings, "tran_id").map_err(|_| missing))?;
    let mut found = csv::Writer::from_writer(out);
    found.write_record(["seed_tran_id", "tran_id"])?;
    let place = |no: u32| usize::try_from(no).ok();
    for row in wanted.records() {
        let row = row.context("a seed cannot be read")?;
        let name = row.get(seed).unwrap_or_default().trim();
        let starts = places.get(name).with_context(|| format!("there is no transfer `{name}`"))?;
        let mut told = HashSet::new();
        for start in starts.iter().filter_map(|no| all.get(place(*no)?)) {
            for found_at in unusual.beyond(start, &Bounds::default()) {
                let after = place(found_at).and_then(|at| ids.get(at)).filter(|after| told.insert(*after));
                if let Some(after) = after {
                    found.write_record([name, after])?;
                }
            }
        }
    }
    Ok(found.flush()?)
}

/// Debits and credits, and where the pairs go.
#[derive(Debug, Args)]
pub struct MatchTransfersArgs {
    /// CSV with `id` (or `debit_id`), `amount` and `timestamp`; `reference`, `name` and `account` of the payee, where they are told
    debits: PathBuf,
    /// The same of the credits (`credit_id`)
    credits: PathBuf,
    /// Where `debit_id,credit_id` goes; standard output if left out
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Finds the credit at one bank that a debit at another became.
///
/// # Errors
/// A sentence for the person at the terminal.
pub fn match_transfers(args: &MatchTransfersArgs) -> anyhow::Result<()> {
    let (debits, credits) = (legs(open(&args.debits)?)?, legs(open(&args.credits)?)?);
    written(args.out.as_deref(), |out| {
        let mut table = csv::Writer::from_writer(out);
        table.write_record(["debit_id", "credit_id"])?;
        for found in matched(&debits.1, &credits.1) {
            let (debit, credit) = (debits.0.get(found.debit), credits.0.get(found.credit));
            table.write_record([debit, credit].map(|id| id.map_or("", String::as_str)))?;
        }
        Ok(table.flush()?)
    })
}

/// An amount in hundredths.
fn hundredths(text: &str) -> Option<i64> {
    let signs = |c: &char| c.is_ascii_digit() || matches!(c, '.' | ',');
    // A bank may write what leaves it with a minus.
    let plain = text.trim().trim_start_matches(['-', '−', '+']);
    let plain: String = plain.chars().filter(|c| !c.is_whitespace()).collect();
    if !plain.chars().all(|c| signs(&c)) {
        return None;
    }
    // The last stop or comma cuts off hundredths where one or two digits stand behind it; others group thousands.
    let behind = |at: &usize| (1..=2).contains(&plain.len().saturating_sub(at.saturating_add(1)));
    let (whole, part) = match plain.rfind(['.', ',']).filter(behind) {
        Some(at) => (plain.get(..at)?, plain.get(at.saturating_add(1)..)?),
        None => (plain.as_str(), ""),
    };
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let part: String = part.chars().chain("00".chars()).take(2).collect();
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(part.parse().ok()?)
}

/// Sides of payments, with their ids.
fn legs(input: impl Read) -> anyhow::Result<(Vec<String>, Vec<Leg>)> {
    let mut table = reader(input);
    let headings = table.headers().context("the first line cannot be read")?.clone();
    let any = |names: &[&str]| names.iter().find_map(|name| column(&headings, name).ok());
    let needed =
        |names: &[&str]| any(names).with_context(|| format!("there is no column `{}`", names.join("` or `")));
    let id = needed(&["id", "debit_id", "credit_id", "tran_id"])?;
    let amount = needed(&["amount", "base_amt", "sum"])?;
    let at = needed(&["timestamp", "tran_timestamp", "time", "booked_at", "date"])?;
    let reference = any(&["reference", "ref", "uetr", "end_to_end_id", "purpose", "description"]);
    let name = any(&["name", "counterparty", "payee_name", "beneficiary", "payee"]);
    let account = any(&["account", "payee_account", "bene_acct", "iban"]);
    let (mut ids, mut all) = (Vec::new(), Vec::new());
    for (line, row) in (2_u64..).zip(table.records()) {
        let row = row.with_context(|| format!("line {line} cannot be read"))?;
        let of = |place: usize| row.get(place).unwrap_or_default().trim().to_owned();
        let told = |place: Option<usize>| place.map(of).unwrap_or_default();
        ids.push(of(id));
        all.push(Leg {
            amount: hundredths(&of(amount))
                .with_context(|| format!("line {line}: `{}` is no amount", of(amount)))?,
            at_secs: booked(&of(at)).with_context(|| format!("line {line}: `{}` is no time", of(at)))?,
            reference: told(reference),
            name: told(name),
            account: told(account),
        });
    }
    Ok((ids, all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_followed_past_habits_whatever_is_marked() {
        let marked = "tran_id,orig_acct,bene_acct,tx_type,base_amt,tran_timestamp,is_sar,alert_id\n\
            1,a,b,TRANSFER,5.00,2017-01-10T00:00:00Z,True,7\n\
            2,b,c,TRANSFER,2.00,2017-01-12T00:00:00Z,True,7\n\
            3,b,rent,TRANSFER,1.00,2017-01-15T00:00:00Z,False,-1\n\
            4,b,rent,TRANSFER,1.00,2017-02-14T00:00:00Z,False,-1\n\
            5,b,rent,TRANSFER,1.00,2017-03-16T00:00:00Z,False,-1\n\
            6,c,d,TRANSFER,2.00,2017-01-12,True,7\n";
        let follow = |table: &str, seeds: &str, way| {
            let mut out = Vec::new();
            trails(table.as_bytes(), seeds.as_bytes(), way, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let found = |table: &str| follow(table, "seed_tran_id\n1\n", Way::On);
        assert_eq!(follow(marked, "seed_tran_id\n6\n", Way::Back), "seed_tran_id,tran_id\n6,2\n6,1\n");
        assert_eq!(found(marked), "seed_tran_id,tran_id\n1,2\n1,6\n");
        let bare: String =
            marked.lines().map(|l| l.rsplitn(3, ',').last().unwrap().to_owned() + "\n").collect();
        assert!(!bare.contains("is_sar"));
        assert_eq!(found(&bare), found(marked));
        // Whoever has no name is nobody's partner, and a transfer told twice is followed from both.
        let odd = "tran_id,orig_acct,bene_acct,tran_timestamp\n1,a,,2017-01-10\n2,,b,2017-01-11\n3,b,c,2017-01-12\n\
            1,x,y,2017-01-10\n4,y,z,2017-01-12\n";
        assert_eq!(found(odd), "seed_tran_id,tran_id\n1,4\n");
        let unknown = trails(marked.as_bytes(), "seed_tran_id\n99\n".as_bytes(), Way::On, &mut Vec::new());
        assert_eq!(unknown.unwrap_err().to_string(), "there is no transfer `99`");
        let no_time = marked.replace("2017-01-10T00:00:00Z", "yesterday");
        assert!(trails(no_time.as_bytes(), "tran_id\n1\n".as_bytes(), Way::Back, &mut Vec::new()).is_err());
    }

    #[test]
    fn legs_of_payments() {
        let (ids, legs) = legs(
            "debit_id,amount,time,name\nd1,\"1 234,5\",2026-01-01T10:00:00+05:00,Айгүл\nd2,7,2026-01-01,\n"
                .as_bytes(),
        )
        .unwrap();
        assert_eq!(ids, ["d1", "d2"]);
        assert_eq!((legs[0].amount, legs[1].amount), (123_450, 700));
        assert_eq!(legs[1].at_secs - legs[0].at_secs, -5 * 3_600);
        for (text, sum) in [
            ("-500.50", 50_050),
            ("1,234.50", 123_450),
            ("1 234,5", 123_450),
            ("12.000", 1_200_000),
            ("7", 700),
        ] {
            assert_eq!(hundredths(text), Some(sum), "{text}");
        }
        let noon = booked("2026-01-01T12:00:00Z");
        assert!(
            noon.is_some() && booked("2026-01-01 12:00:00") == noon && booked("01.01.2026 12:00:00") == noon
        );
        for (wrong, words) in [
            (
                "id,amount\n",
                "there is no column `timestamp` or `tran_timestamp` or `time` or `booked_at` or `date`",
            ),
            ("id,amount,time\n1,x,2026-01-01\n", "line 2: `x` is no amount"),
            ("id,amount,time\n1,1,noon\n", "line 2: `noon` is no time"),
        ] {
            assert_eq!(super::legs(wrong.as_bytes()).unwrap_err().to_string(), words);
        }
    }
}
