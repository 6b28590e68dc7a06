//! The command line.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args as ClapArgs, Subcommand};
use serde_json::json;

use crate::alone::{Alone, open};
use crate::country::{Behaviour, Init, init};
use crate::draw::{Draw, about, mix};
use crate::moment::Moment;
use crate::names::person;
use crate::run::{Config, listen, run, until_the_end};
use crate::stage::Mutant;
use crate::victim::story::{Matter, tell};

/// The simulated country.
#[derive(Debug, Clone, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Subcommand)]
enum Command {
    /// Makes a country: institutions, keys and manners.
    Init(InitArgs),
    /// Runs a country beside a node.
    Run(RunArgs),
    /// Opens one bank alone and says what must be known to play with it.
    Bank(BankArgs),
    /// Prints invented stories with the identifiers that are truly in them.
    Stories(StoryArgs),
}

#[derive(Debug, Clone, ClapArgs)]
struct InitArgs {
    /// The country's folder.
    dir: PathBuf,
    /// Everything that chance decides.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Address of the node.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    node: String,
    /// Where the gateways listen.
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: String,
    /// Where the ground truth is told.
    #[arg(long, default_value = "127.0.0.1:8091")]
    admin: String,
}

#[derive(Debug, Clone, ClapArgs)]
struct RunArgs {
    /// The country's folder, made by `init`.
    dir: PathBuf,
    /// Another node than the country file names.
    #[arg(long)]
    node: Option<String>,
    /// How long: `120s`, `5m`, `1h`; without end if left out.
    #[arg(long = "for", value_parser = duration)]
    run_for: Option<Duration>,
    /// How long to wait at the end for answers on their way.
    #[arg(long, default_value = "15s", value_parser = duration)]
    settle: Duration,
    /// Reports per minute of real time.
    #[arg(long, default_value_t = 20)]
    reports_per_minute: u32,
    /// Share of reports that come through banks, in percent.
    #[arg(long)]
    by_bank_percent: Option<u32>,
    /// Delays of fraudsters and partners take so many times longer in office time: for clocks that run so fast
    /// that nothing could be held otherwise.
    #[arg(long, default_value_t = 1)]
    stretch: u32,
    /// Break something on purpose, so that the checks can be seen to notice.
    #[arg(long)]
    mutant: Option<Mutant>,
    /// Nobody reports; institutions only answer.
    #[arg(long)]
    no_victims: bool,
    /// Nobody works the desk.
    #[arg(long)]
    no_staff: bool,
}

#[derive(Debug, Clone, ClapArgs)]
struct BankArgs {
    /// Everything that chance decides, the bank's key among it.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Address of the node, or of who plays it; it need not be there yet.
    #[arg(long, default_value = "http://127.0.0.1:9100")]
    node: String,
    /// Where the gateway listens.
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: String,
    /// How long: `120s`, `5m`, `1h`; without end if left out.
    #[arg(long = "for", value_parser = duration)]
    run_for: Option<Duration>,
    /// Its people take the time that people take; else everything is answered at once.
    #[arg(long)]
    people: bool,
    /// Break something on purpose, so that whoever judges the bank can be seen to notice.
    #[arg(long)]
    mutant: Option<Mutant>,
}

#[derive(Debug, Clone, ClapArgs)]
struct StoryArgs {
    /// Everything that chance decides.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// How many.
    #[arg(long, default_value_t = 100)]
    count: u64,
}

/// Reads `120s`, `5m`, `1h` or a bare number of seconds.
fn duration(text: &str) -> Result<Duration, String> {
    let unit = text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
    let (number, unit) = text.split_at(unit);
    let seconds = match unit {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3_600,
        _ => return Err(format!("`{unit}` is none of s, m, h")),
    };
    let number: u64 = number.parse().map_err(|_| format!("`{text}` is not a time such as `120s`"))?;
    number.checked_mul(seconds).map(Duration::from_secs).ok_or_else(|| format!("`{text}` is too long"))
}

/// Does what the command line asks; results go to `out`, everything else to the log.
///
/// # Errors
/// What went wrong, for a person to read.
pub async fn execute(args: Args, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
    match args.command {
        Command::Init(args) => {
            let wish = Init { seed: args.seed, node: args.node, listen: args.listen, admin: args.admin };
            let country = init(&args.dir, &wish)?;
            writeln!(out, "{} invented institutions in {}", country.institutions.len(), args.dir.display())?;
        }
        Command::Run(args) => {
            let config = Config {
                node: args.node,
                run_for: args.run_for,
                settle: args.settle,
                reports_per_minute: args.reports_per_minute,
                by_bank_percent: args.by_bank_percent,
                stretch: args.stretch,
                mutant: args.mutant,
                victims: !args.no_victims,
                staff: !args.no_staff,
                ..Config::of(&args.dir)
            };
            let summary = run(config).await?;
            writeln!(out, "{}", serde_json::to_string_pretty(&summary)?)?;
        }
        Command::Bank(args) => bank(args, out).await?,
        Command::Stories(args) => stories(&args, out).context("cannot write the stories")?,
    }
    Ok(())
}

async fn bank(args: BankArgs, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
    let listener = listen(&args.listen).await?;
    let alone = Alone {
        seed: args.seed,
        node: args.node,
        manners: Behaviour::default(),
        people: args.people,
        mutant: args.mutant,
    };
    let card = open(alone, listener).await?;
    writeln!(out, "{}", serde_json::to_string_pretty(&card)?)?;
    until_the_end(args.run_for).await;
    Ok(())
}

fn stories(args: &StoryArgs, out: &mut (dyn Write + Send)) -> std::io::Result<()> {
    for no in 0..args.count {
        let key = mix(about(args.seed, "stories"), no);
        let mut dice = Draw::keyed(key);
        let to = match dice.below(3) {
            0 => ("iban", crate::ids::iban("801", &format!("KZT{}", dice.digits(10)))),
            1 => ("card", crate::ids::card("272091", &dice.digits(9))),
            _ => ("phone", crate::ids::phone(1_000 + dice.below(9_000))),
        };
        let story = tell(&Matter {
            victim: key,
            network: mix(key, 1),
            to: Some(to),
            wallet: ("wallet_tron", crate::ids::wallet_tron(&mut dice)),
            amount: dice.between(5, 9_000) * 1_000 * crate::money::UNIT,
            at: Moment::from_secs(1_795_000_000 + dice.between(0, 86_400)),
            teller: person(key),
        });
        let line = json!({
            "id": format!("s{no}"), "story": story.text, "lang": story.tongue, "scheme": story.scheme,
            "identifiers": story.truths,
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_people_write_them() {
        assert_eq!(duration("120s"), Ok(Duration::from_secs(120)));
        assert_eq!(duration("5m"), Ok(Duration::from_secs(300)));
        assert_eq!(duration("7"), Ok(Duration::from_secs(7)));
        for bad in ["", "s", "-1s", "1d", "1.5h", "99999999999999999999s"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }
}
