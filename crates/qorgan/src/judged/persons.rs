//! Names compared, and records of one person found.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use names::Name;
use person::resolve::{Record, resolve};

use super::{column, open, reader, written};

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
    let id =
        column(&headings, "rec_id").or_else(|missing| column(&headings, "record_id").map_err(|_| missing))?;
    let places = ["iin", "last_name", "first_name", "middle_name", "birth_date", "phone", "address"]
        .map(|name| column(&headings, name).ok());
    let (mut ids, mut records) = (Vec::new(), Vec::new());
    let mut known = HashMap::new();
    for (no, row) in (1_u64..).zip(reader.records()) {
        let row = row.with_context(|| format!("record {no} cannot be read"))?;
        let of =
            |place: Option<usize>| place.and_then(|at| row.get(at)).unwrap_or_default().trim().to_owned();
        let [iin, last, first, middle, birth, phone, address] = places.map(of);
        let called = of(Some(id));
        anyhow::ensure!(!called.is_empty(), "record {no} has no `rec_id`");
        if let Some(first) = known.insert(called.clone(), no) {
            anyhow::bail!("records {first} and {no} are both called `{called}`");
        }
        ids.push(called);
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
        for (wrong, words) in [
            ("id\n1\n", "there is no column `rec_id`"),
            ("rec_id,iin\n1,\n,\n", "record 2 has no `rec_id`"),
            ("rec_id,iin\n1,\n2,\n1,\n", "records 1 and 3 are both called `1`"),
        ] {
            assert_eq!(persons(wrong.as_bytes(), &mut Vec::new()).unwrap_err().to_string(), words);
        }
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
