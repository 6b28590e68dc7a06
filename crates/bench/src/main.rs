//! `bench NAME [--check]`: prints one bench; with `--check` ends with 1 where a bar is missed and with 2 where
//! it could not be judged.

use std::io::Write;
use std::process::ExitCode;

use bench::harness::Verdict;
use bench::{
    campaign, cases, chart, check, cluster, desk, exhibits, filters, four_eyes, hold, idle, intake, kill,
    lookalikes, orders, outbox, persons, rot, schemes, search, trail,
};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Measures Qorgan against named denominators. Needs a release build to mean anything.")]
struct Arguments {
    #[command(subcommand)]
    name: Name,
    /// End with 1 where a bar is missed, with 2 where nothing could be judged.
    #[arg(long, global = true)]
    check: bool,
}

#[derive(Subcommand)]
enum Name {
    /// T1, T2, T4: following money through many transfers.
    Trail(trail::Options),
    /// I1, I2: a report taken durably, many at once and alone.
    Intake(intake::Options),
    /// D1, R8: notifications with durable state, and what dead endpoints cost the others.
    Outbox(outbox::Options),
    /// G1 to G5, G7: what asking before every payment costs.
    Check(check::Options),
    /// One side of `check`, as a process of its own.
    #[command(hide = true)]
    CheckServe(check::Serve),
    /// G6: what a signed filter weighs.
    Filter(filters::Options),
    /// L1: pages of the desk over a full registry.
    Desk(desk::Options),
    /// L1: pages and lists of cases.
    Cases(cases::Options),
    /// Rows of statements, calls and chats brought in, a second.
    Exhibits(exhibits::rows::Options),
    /// S7: bombs, what they take and what pages notice.
    Bombs(exhibits::bombs::Options),
    /// S10: names that look like an organisation's.
    Lookalike(lookalikes::Options),
    /// B1: memory of an idle node, and how soon it is ready.
    Idle(idle::Options),
    /// R1, short form: killed at random moments under load.
    Kill(kill::Options),
    /// R5: orders to partners that do everything wrong.
    Orders(orders::Options),
    /// H1: the share of stolen money that is held, in virtual time.
    Hold(hold::Options),
    /// S20: every state that orders, standing approvals and the law can come to.
    FourEyes(four_eyes::Options),
    /// C1, C2: reports that belong together.
    Scheme(schemes::Options),
    /// The link chart, from data to picture.
    Chart(chart::Options),
    /// E1, E2: records of one person among many.
    Person(persons::Options),
    /// Q1: a million short texts searched, beside FTS5 and tsvector.
    Search(search::Options),
    /// R3: bits that turn and sectors that are lost, one at a time.
    Rot(rot::Options),
    /// S14: false reports against innocents, in virtual time.
    Campaign(campaign::Options),
}

const COULD_NOT_JUDGE: u8 = 2;

fn main() -> anyhow::Result<ExitCode> {
    if let Some(code) = exhibits::as_reader() {
        return Ok(code);
    }
    let arguments = Arguments::parse();
    if let Name::CheckServe(options) = &arguments.name {
        return check::serve(options).map(|()| ExitCode::SUCCESS);
    }
    let out = &mut std::io::stdout().lock();
    // Virtual time and truths about what survived are the same in any build; times are not.
    let timed = matches!(
        arguments.name,
        Name::Trail(_)
            | Name::Intake(_)
            | Name::Outbox(_)
            | Name::Check(_)
            | Name::Desk(_)
            | Name::Cases(_)
            | Name::Exhibits(_)
            | Name::Bombs(_)
            | Name::Person(_)
            | Name::Chart(_)
            | Name::Scheme(_)
            | Name::Search(_)
    );
    if cfg!(debug_assertions) && timed {
        writeln!(out, "DEBUG BUILD: these figures mean nothing; use `cargo run --release -p bench -- …`")?;
        if arguments.check {
            writeln!(out, "NOT RUN: needs a release build")?;
            return Ok(ExitCode::from(COULD_NOT_JUDGE));
        }
    }
    let beside_postgres = matches!(arguments.name, Name::Trail(_) | Name::Intake(_));
    if let (true, Err(needs)) = (beside_postgres, cluster::probe()) {
        writeln!(out, "NOT RUN: needs {}", needs.0)?;
        return Ok(ExitCode::from(if arguments.check { COULD_NOT_JUDGE } else { 0 }));
    }
    let verdict = match &arguments.name {
        Name::Trail(options) => trail::run(options, out)?,
        Name::Intake(options) => intake::run(options, out)?,
        Name::Outbox(options) => outbox::run(options, out)?,
        Name::Check(options) => check::run(options, out)?,
        Name::CheckServe(_) => Verdict::Shown,
        Name::Filter(options) => filters::run(options, out)?,
        Name::Desk(options) => desk::run(options, out)?,
        Name::Rot(options) => rot::run(options, out)?,
        Name::Cases(options) => cases::run(options, out)?,
        Name::Exhibits(options) => exhibits::rows::run(options, out)?,
        Name::Bombs(options) => exhibits::bombs::run(options, out)?,
        Name::Lookalike(options) => lookalikes::run(options, out)?,
        Name::Idle(options) => idle::run(options, out)?,
        Name::Kill(options) => kill::run(options, out)?,
        Name::Orders(options) => orders::run(options, out)?,
        Name::Hold(options) => hold::run(options, out)?,
        Name::FourEyes(options) => four_eyes::run(options, out)?,
        Name::Chart(options) => chart::run(options, out)?,
        Name::Person(options) => persons::run(options, out)?,
        Name::Scheme(options) => schemes::run(options, out)?,
        Name::Search(options) => search::run(options, out)?,
        Name::Campaign(options) => campaign::run(options, out)?,
    };
    Ok(match (arguments.check, verdict) {
        (false, _) | (true, Verdict::Met) => ExitCode::SUCCESS,
        (true, Verdict::Missed) => ExitCode::FAILURE,
        (true, Verdict::Shown) => ExitCode::from(COULD_NOT_JUDGE),
    })
}
