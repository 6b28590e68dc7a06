//! Parts of the platform on files alone, so that anybody can judge them on data of their own: no node, no database.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use names::Name;
use person::resolve::{Record, resolve};
use serde_json::json;
use trail::follow::{Bounds, Unusual};

/// Which names, and where the numbers go.
#[derive(Debug, Args)]
pub struct ScoreNamesArgs {
    /// CSV with the columns `name1` and `name2`; others are left alone
    cases: PathBuf,
    /// Where the numbers go; standard output if left out
    #[arg(long)]
    out: Option<PathBuf>,
}

/// A number from 0 to 1 for each pair of names, one a line, in their order.
///
/// # Errors
/// A sentence for the person at the terminal; nothing is left out silently.
pub fn score_names(args: &ScoreNamesArgs) -> anyhow::Result<()> {
    written(args.out.as_deref(), |out| score(open(&args.cases)?, out))
}

/// Which records, and where their clusters go.
#[derive(Debug, Args)]
pub struct ResolvePersonsArgs {
    /// CSV with the columns `rec_id`, `iin`, `last_name`, `first_name`, `middle_name`, `birth_date`, `phone`, `address`; any but the
    /// first may be blank or missing, others are left alone
    persons: PathBuf,
    /// Where `record_id,cluster_id` goes; standard output if left out
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Finds out which records are one person's: for each record the first of its cluster.
///
/// # Errors
/// A sentence for the person at the terminal.
pub fn resolve_persons(args: &ResolvePersonsArgs) -> anyhow::Result<()> {
    written(args.out.as_deref(), |out| persons(open(&args.persons)?, out))
}

fn persons(input: impl Read, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut reader = reader(input);
    let headings = reader.headers().context("the first line cannot be read")?.clone();
    let id = column(&headings, "rec_id").or_else(|_| column(&headings, "record_id"))?;
    let places = ["iin", "last_name", "first_name", "middle_name", "birth_date", "phone", "address"]
        .map(|name| column(&headings, name).ok());
    let (mut ids, mut records) = (Vec::new(), Vec::new());
    for (no, row) in (1_u64..).zip(reader.records()) {
        let row = row.with_context(|| format!("record {no} cannot be read"))?;
        let of =
            |place: Option<usize>| place.and_then(|at| row.get(at)).unwrap_or_default().trim().to_owned();
        let [iin, last, first, middle, birth, phone, address] = places.map(of);
        ids.push(of(Some(id)));
        records.push(Record { iin, last, first, middle, birth, phone, address });
    }
    let mut table = csv::Writer::from_writer(out);
    table.write_record(["record_id", "cluster_id"])?;
    for (id, cluster) in ids.iter().zip(resolve(&records).clusters) {
        let first = usize::try_from(cluster).ok().and_then(|at| ids.get(at)).unwrap_or(id);
        table.write_record([id, first])?;
    }
    Ok(table.flush()?)
}

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
}

/// Follows money forward in time from transfers that victims report.
///
/// # Errors
/// A sentence for the person at the terminal.
pub fn find_trail(args: &FindTrailArgs) -> anyhow::Result<()> {
    written(args.out.as_deref(), |out| trails(open(&args.transactions)?, open(&args.seeds)?, out))
}

/// When a transfer was booked, seconds since 1970: RFC 3339, a date, or a number of days.
fn booked(text: &str) -> Option<i64> {
    let day = |date: &str| {
        let date: jiff::civil::Date = date.parse().ok()?;
        Some(jiff::tz::TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?.as_second())
    };
    let moment = text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second);
    moment.or_else(|| day(text)).or_else(|| {
        let days: i64 = text.parse().ok()?;
        Some(flat::EPOCH_SECS.saturating_add(days.checked_mul(86_400)?))
    })
}

fn trails(transfers: impl Read, seeds: impl Read, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut table = reader(transfers);
    let headings = table.headers().context("the first line of the transfers cannot be read")?.clone();
    let columns = ["tran_id", "orig_acct", "bene_acct", "tran_timestamp"];
    let [id, from, to, at] = columns.map(|name| column(&headings, name));
    let (id, from, to, at) = (id?, from?, to?, at?);
    let (mut ids, mut accounts) = (Vec::new(), HashMap::new());
    let (mut all, mut places) = (Vec::new(), HashMap::new());
    for (no, row) in (0_u32..).zip(table.records()) {
        let line = no.saturating_add(2);
        let row = row.with_context(|| format!("transfer {line} cannot be read"))?;
        let of = |place: usize| row.get(place).unwrap_or_default().trim();
        let next = u32::try_from(accounts.len())?;
        let from = *accounts.entry(of(from).to_owned()).or_insert(next);
        let next = u32::try_from(accounts.len())?;
        let to = *accounts.entry(of(to).to_owned()).or_insert(next);
        let at_secs = booked(of(at)).with_context(|| format!("line {line}: `{}` is no time", of(at)))?;
        all.push(flat::Transfer { id: no, from, to, at_secs, amount: 1 });
        places.insert(of(id).to_owned(), no);
        ids.push(of(id).to_owned());
    }
    let mut unusual = Unusual::of(u32::try_from(accounts.len())?, &all)?;
    let mut wanted = reader(seeds);
    let headings = wanted.headers().context("the first line of the seeds cannot be read")?.clone();
    let seed = column(&headings, "seed_tran_id").or_else(|_| column(&headings, "tran_id"))?;
    let mut found = csv::Writer::from_writer(out);
    found.write_record(["seed_tran_id", "tran_id"])?;
    let place = |no: u32| usize::try_from(no).ok();
    for row in wanted.records() {
        let row = row.context("a seed cannot be read")?;
        let name = row.get(seed).unwrap_or_default().trim();
        let no = places.get(name).with_context(|| format!("there is no transfer `{name}`"))?;
        let Some(start) = place(*no).and_then(|at| all.get(at)) else { continue };
        for after in unusual.after(start, &Bounds::default()) {
            if let Some(after) = place(after).and_then(|at| ids.get(at)) {
                found.write_record([name, after])?;
            }
        }
    }
    Ok(found.flush()?)
}

/// Finds identifiers in stories, which stories belong together, and how the fraud in each is done.
///
/// # Errors
/// A sentence for the person at the terminal; lines that cannot be read are named, the others worked on.
pub fn extract_schemes(file: &Path, out: Option<&Path>) -> anyhow::Result<()> {
    let mut bad = Vec::new();
    written(out, |out| {
        bad = schemes(open(file)?, out)?;
        Ok(())
    })?;
    for line in &bad {
        tracing::error!(line, "line left out");
    }
    anyhow::ensure!(bad.is_empty(), "{} lines could not be read; the others were worked on", bad.len());
    Ok(())
}

/// A line in.
#[derive(Debug, serde::Deserialize)]
struct Told {
    id: serde_json::Value,
    story: String,
}

/// Gives the numbers of the lines that could not be read.
fn schemes(input: impl BufRead, out: &mut dyn Write) -> anyhow::Result<Vec<u64>> {
    let profile = profile::Profile::embedded("kz")?;
    let reader = scheme::Reader::new(profile.schemes());
    let options = identifier::Options::default();
    let (mut told, mut stories, mut bad) = (Vec::new(), Vec::new(), Vec::new());
    for (no, line) in (1_u64..).zip(input.lines()) {
        let line = line.with_context(|| format!("line {no} cannot be read"))?;
        if line.trim().is_empty() {
            continue;
        }
        let Ok(Told { id, story }) = serde_json::from_str(line.trim_start_matches('\u{feff}')) else {
            bad.push(no);
            continue;
        };
        let mut named: Vec<(identifier::Kind, String)> = Vec::new();
        for found in identifier::extract(&story, &options) {
            let thing = (found.kind, found.canonical);
            if !named.contains(&thing) {
                named.push(thing);
            }
        }
        let called = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        stories.push(scheme::Story { id: called, text: story, named });
        told.push(id);
    }
    let gathered = scheme::gather(&stories);
    for ((id, story), cluster) in told.iter().zip(&stories).zip(&gathered.clusters) {
        let named =
            |(kind, canonical): &(identifier::Kind, String)| json!({"kind": kind, "canonical": canonical});
        let identifiers: Vec<_> = story.named.iter().map(named).collect();
        let known = reader.read(&story.text);
        let (kind, why) = (known.as_ref().map(|k| &k.code), known.as_ref().map(|k| &k.why));
        let line = json!({"id": id, "identifiers": identifiers, "scheme": cluster, "kind": kind, "why": why});
        writeln!(out, "{line}")?;
    }
    Ok(bad)
}

fn open(path: &Path) -> anyhow::Result<BufReader<File>> {
    let file = File::open(path).with_context(|| format!("cannot open `{}`", path.display()))?;
    Ok(BufReader::new(file))
}

/// Gives what is written to a file, or to the terminal.
fn written(
    path: Option<&Path>,
    work: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    match path {
        Some(path) => {
            let file = File::create(path).with_context(|| format!("cannot create `{}`", path.display()))?;
            let mut out = BufWriter::new(file);
            work(&mut out)?;
            Ok(out.flush()?)
        }
        None => {
            let mut out = BufWriter::new(std::io::stdout().lock());
            work(&mut out)?;
            Ok(out.flush()?)
        }
    }
}

/// A table with a heading, of which some columns are wanted.
fn reader(input: impl Read) -> csv::Reader<impl Read> {
    csv::ReaderBuilder::new().trim(csv::Trim::Headers).flexible(true).from_reader(input)
}

/// Where a column stands.
fn column(headings: &csv::StringRecord, name: &str) -> anyhow::Result<usize> {
    let is = |h: &str| h.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name);
    headings.iter().position(is).with_context(|| format!("there is no column `{name}`"))
}

fn score(input: impl Read, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut reader = reader(input);
    let headings = reader.headers().context("the first line cannot be read")?.clone();
    let (first, second) = (column(&headings, "name1")?, column(&headings, "name2")?);
    for (line, record) in (2_u64..).zip(reader.records()) {
        let record = record.with_context(|| format!("pair {} cannot be read", line.saturating_sub(1)))?;
        let of = |at: usize| Name::read(record.get(at).unwrap_or_default());
        let score = names::compare(&of(first), &of(second)).score;
        writeln!(out, "{}.{:03}", score / 1_000, score % 1_000)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(table: &str) -> anyhow::Result<String> {
        let mut out = Vec::new();
        score(table.as_bytes(), &mut out)?;
        Ok(String::from_utf8(out)?)
    }

    #[test]
    fn a_number_a_line_in_their_order() {
        let table =
            "\u{feff}id,Name1, name2 \n1,Айгүл Серікқызы,Aigul Serikkyzy\n2,\"Ким, Олег\",Пак Елена\n3,,\n";
        let numbers: Vec<f64> = scored(table).unwrap().lines().map(|l| l.parse().unwrap()).collect();
        assert!(numbers.len() == 3 && numbers[0] > 0.9 && numbers[1] < 0.3, "{numbers:?}");
        assert!(numbers.iter().all(|n| (0.0..=1.0).contains(n)));
    }

    #[test]
    fn each_record_once_with_the_first_of_its_cluster() {
        let table = "rec_id,last_name,first_name,middle_name,birth_date,phone,script\n\
            a,Серікова,Айгүл,Болатқызы,1990-05-17,87015550123,kk\n\
            b,Ким,Олег,,1985-01-01,,ru\n\
            c,Serikova,Aigul,,17.05.1990,+77015550123,en\n";
        let mut out = Vec::new();
        persons(table.as_bytes(), &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "record_id,cluster_id\na,a\nb,b\nc,a\n");
        assert!(persons("id\n1\n".as_bytes(), &mut Vec::new()).is_err());
    }

    #[test]
    fn money_is_followed_past_habits_whatever_is_marked() {
        let marked = "tran_id,orig_acct,bene_acct,tx_type,base_amt,tran_timestamp,is_sar,alert_id\n\
            1,a,b,TRANSFER,5.00,2017-01-10T00:00:00Z,True,7\n\
            2,b,c,TRANSFER,2.00,2017-01-12T00:00:00Z,True,7\n\
            3,b,rent,TRANSFER,1.00,2017-01-15T00:00:00Z,False,-1\n\
            4,b,rent,TRANSFER,1.00,2017-02-14T00:00:00Z,False,-1\n\
            5,b,rent,TRANSFER,1.00,2017-03-16T00:00:00Z,False,-1\n\
            6,c,d,TRANSFER,2.00,2017-01-12,True,7\n";
        let found = |table: &str| {
            let mut out = Vec::new();
            trails(table.as_bytes(), "seed_tran_id\n1\n".as_bytes(), &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(found(marked), "seed_tran_id,tran_id\n1,2\n1,6\n");
        let bare: String =
            marked.lines().map(|l| l.rsplitn(3, ',').last().unwrap().to_owned() + "\n").collect();
        assert!(!bare.contains("is_sar"));
        assert_eq!(found(&bare), found(marked));
        let unknown = trails(marked.as_bytes(), "seed_tran_id\n99\n".as_bytes(), &mut Vec::new());
        assert_eq!(unknown.unwrap_err().to_string(), "there is no transfer `99`");
        let no_time = marked.replace("2017-01-10T00:00:00Z", "yesterday");
        assert!(trails(no_time.as_bytes(), "tran_id\n1\n".as_bytes(), &mut Vec::new()).is_err());
    }

    #[test]
    fn stories_with_their_cluster_and_kind() {
        let lines = concat!(
            r#"{"id":"b","story":"Звонил сотрудник банка с +7 700 000 00 01, просил перевести на безопасный счёт"}"#,
            "\n\nno json\n",
            r#"{"id":7,"story":"Сегодня хорошая погода"}"#,
            "\n",
            r#"{"id":"a","story":"Опять этот номер 8 700 000 00 01"}"#,
        );
        let mut out = Vec::new();
        assert_eq!(schemes(lines.as_bytes(), &mut out).unwrap(), [3]);
        let found: Vec<serde_json::Value> =
            String::from_utf8(out).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(found.len(), 3);
        assert_eq!((&found[0]["scheme"], &found[0]["kind"]), (&json!("a"), &json!("fake_bank_security")));
        assert_eq!(found[0]["identifiers"][0]["canonical"], "+77000000001");
        assert_eq!(
            (&found[1]["id"], &found[1]["scheme"], &found[1]["kind"]),
            (&json!(7), &json!("7"), &json!(null))
        );
        assert_eq!(found[2]["scheme"], "a");
    }

    #[test]
    fn what_is_no_table_of_pairs() {
        assert_eq!(scored("a,b\n1,2\n").unwrap_err().to_string(), "there is no column `name1`");
        assert!(
            scored("name1,name2\n\"a,b\n").is_ok(),
            "a quote that is never closed is the rest of the file"
        );
        assert!(scored("").is_err());
    }
}
