//! igraph's side of row T2: a library of graphs in C, asked by its own Python.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use flat::Transfer;

use crate::harness::Cost;
use crate::intake::Scratch;

/// What it said of one number of hops.
#[derive(Debug)]
pub struct Said {
    /// Accounts reached, seed by seed.
    pub accounts: Vec<u64>,
    /// What each took.
    pub cost: Cost,
}

/// The transfers on disk, and the Python that has igraph.
#[derive(Debug)]
pub struct Igraph<'a> {
    python: &'a Path,
    scratch: Scratch,
    seeds: usize,
}

impl<'a> Igraph<'a> {
    /// Writes the transfers and the seeds.
    ///
    /// # Errors
    /// The disk's.
    pub fn load(python: &'a Path, rows: &[Transfer], seeds: &[Transfer]) -> anyhow::Result<Self> {
        let scratch = Scratch::new(None)?;
        let mut text = String::new();
        for row in rows {
            writeln!(text, "{},{},{}", row.id, row.from, row.to)?;
        }
        std::fs::write(scratch.0.join("transfers.csv"), &text)?;
        text.clear();
        for seed in seeds {
            writeln!(text, "{},{}", seed.id, seed.to)?;
        }
        std::fs::write(scratch.0.join("seeds.csv"), &text)?;
        Ok(Self { python, scratch, seeds: seeds.len() })
    }

    /// One round: for three hops and for four.
    ///
    /// # Errors
    /// It is not there, or says something else.
    pub fn ask(&self) -> anyhow::Result<[Said; 2]> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/trail_igraph.py");
        let files = ["transfers.csv", "seeds.csv"].map(|name| self.scratch.0.join(name));
        let said = Command::new(self.python).arg(script).args(files).output()?;
        let text = String::from_utf8_lossy(&said.stdout);
        let of = |hops: &str| {
            let mut accounts = Vec::new();
            let mut times = Vec::new();
            for line in text.lines() {
                let fields: Vec<&str> = line.split(' ').collect();
                if let [of, _, count, ns] = fields.as_slice()
                    && *of == hops
                {
                    accounts.push(count.parse()?);
                    times.push(ns.parse()?);
                }
            }
            let wrong = String::from_utf8_lossy(&said.stderr);
            anyhow::ensure!(
                accounts.len() == self.seeds,
                "igraph does not run: {}",
                wrong.lines().last().unwrap_or_default()
            );
            Ok(Said { accounts, cost: Cost::of_each(&times) })
        };
        Ok([of("3").context("three hops")?, of("4").context("four hops")?])
    }
}
