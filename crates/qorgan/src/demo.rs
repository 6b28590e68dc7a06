//! Creating a demonstration.

use std::path::PathBuf;

use anyhow::Context as _;
use app::App;
use kernel::{Actor, Money, Role, Timestamp};
use legal_basis::standing::{self, NewStanding};
use partner::Country;
use profile::{Measure, Profile, Scope};

use crate::node::{self, Clock, NodeArgs};

/// Largest order of the demonstration's standing approval, smallest units.
const CAP_PER_ORDER: i64 = 2_000_000_000;
/// Largest sum of a day.
const CAP_PER_DAY: i64 = 500_000_000_000;
/// Deepest hop.
const HOPS: u8 = 5;

/// Arguments of `demo-init`.
#[derive(Debug, Clone, clap::Args)]
pub struct DemoArgs {
    #[command(flatten)]
    node: NodeArgs,
    /// Agreement file of the simulated country
    #[arg(long)]
    country: PathBuf,
    /// How many times faster office time runs
    #[arg(long, default_value_t = 10)]
    factor: u32,
}

/// Creates a demonstration. Refuses a database in which anything was ever done and that was not created as one: the
/// mark lets invented people in without a password, so no real database may ever get it.
///
/// # Errors
/// A sentence that says what stands in the way.
pub async fn init(args: DemoArgs) -> anyhow::Result<()> {
    let app = node::open(&args.node)?;
    let now = app.wall.now();
    // Office time begins on a working morning, so that office hours and terms show what they do.
    let start_office = working_morning(&app, now);
    let clock = Clock { demo: true, start_wall: now, start_office, factor: args.factor.max(1) };
    mark(&app, clock).await?;
    let app = node::open(&args.node)?;

    let setup = Actor::system("setup");
    let me = app.clone();
    app.db.write(move |tx| legal_basis::import(tx, &me)).await?;
    let text = std::fs::read_to_string(&args.country)
        .with_context(|| format!("cannot read `{}`", args.country.display()))?;
    let country = fitted(serde_json::from_str(&text)?, &app.profile);
    let new = partner::service::import(&app, &setup, country).await?;
    access::demo_accounts(&app).await?;
    seat_clerks(&app).await?;
    let accounts = access::demo_panel(&app).await?;
    let approvals = sign_standing_approvals(&app, &accounts).await?;
    std::fs::write(
        args.node.data.join("sign-ins.txt"),
        accounts.iter().map(|a| a.line() + "\n").collect::<String>(),
    )?;
    tracing::info!(partners = new, accounts = accounts.len(), approvals, "demonstration created");
    Ok(())
}

/// The simulated country is one for every profile: registers and bodies that this profile does not have are kept by nobody.
fn fitted(mut country: Country, profile: &Profile) -> Country {
    for entry in &mut country.institutions {
        entry.keeps.registers.retain(|code| {
            let known = profile.register_named(code).is_some();
            if !known {
                tracing::info!(
                    institution = entry.code,
                    register = code,
                    "this profile has no such register"
                );
            }
            known
        });
        entry.keeps.bodies.retain(|code| profile.cases().body(code).is_some_and(|b| b.unit.is_none()));
    }
    country
}

/// Marks a database in which nothing was done yet; one that is a demonstration already gets the new clock. Looking and
/// marking are one transaction.
async fn mark(app: &App, clock: Clock) -> anyhow::Result<()> {
    let found = app
        .db
        .write(move |tx| {
            if db::meta::get(tx, "demo")?.is_none()
                && let Some(found) = occupied(tx)?
            {
                return Ok::<_, db::DbError>(Some(found));
            }
            clock.put(tx)?;
            Ok(None)
        })
        .await?;
    if let Some(found) = found {
        anyhow::bail!(
            "this database was not created as a demonstration and is in use ({found}); \
             give an empty data folder or an empty database"
        );
    }
    Ok(())
}

/// What shows that a database is in use. Every act leaves a record, so the first question would do; the others guard
/// against rows that came another way.
fn occupied(tx: &mut db::Tx<'_>) -> Result<Option<&'static str>, db::DbError> {
    let found = if audit::any(tx)? {
        Some("its record is not empty")
    } else if access::count_accounts(tx)? > 0 {
        Some("there are accounts")
    } else if !partner::store::all(tx)?.is_empty() {
        Some("there are institutions")
    } else if !report::store::all_ids(tx)?.is_empty() {
        Some("there are reports")
    } else {
        None
    };
    Ok(found)
}

/// The last working day's opening hour before `now`.
fn working_morning(app: &App, now: Timestamp) -> Timestamp {
    let calendar = app.profile.calendar();
    let mut date = app.profile.civil_date(now);
    for _ in 0..30 {
        if calendar.is_working_day(date) {
            break;
        }
        date = date.yesterday().unwrap_or(date);
    }
    calendar.start_of(date).plus_secs(10 * 3600)
}

/// Invented people who answer at the console: login, name, kind of institution, whether they keep its keys.
const CLERKS: [(&str, &str, &str, bool); 2] =
    [("madina", "Мадина Қасымова", "bank", true), ("timur", "Тимур Ахметжанов", "operator", false)];

/// People of the first bank and the first operator of the country, for whoever tries the console.
async fn seat_clerks(app: &App) -> anyhow::Result<()> {
    let partners = partner::service::all(app).await?;
    for (login, name, kind, manages) in CLERKS {
        let Some(partner) = partners.iter().find(|p| p.kind == kind) else { continue };
        let seat = access::Seat { partner: partner.id.uuid(), code: partner.code.clone(), manages };
        access::demo_clerk(app, login, name, seat).await?;
    }
    Ok(())
}

/// The demonstration's standing approval for holds: signed by as many distinct approvers as the basis asks,
/// none of them the author.
async fn sign_standing_approvals(app: &App, accounts: &[access::DemoAccount]) -> anyhow::Result<usize> {
    let author = accounts.iter().find(|a| a.roles.contains(&Role::DutyOfficer)).context("no demo officer")?;
    let approvers: Vec<Actor> =
        accounts.iter().filter(|a| a.roles.contains(&Role::Approver)).map(|a| a.actor(app)).collect();
    let now = app.office.now();
    let bases = app.db.read(move |tx| legal_basis::store::all_in_force(tx, now)).await?;
    let mut signed = 0;
    for basis in bases.iter().filter(|b| b.record.measures.contains(&Measure::Hold)) {
        let Some(rule) = &basis.record.standing else { continue };
        let money = |minor| Money::from_minor(minor, app.profile.currency());
        let terms = NewStanding {
            amends: None,
            basis: basis.pair(),
            measure: Measure::Hold,
            scope: Scope::AmountOnly,
            cap_per_order: money(CAP_PER_ORDER),
            cap_per_day: money(CAP_PER_DAY),
            hop_limit: HOPS,
            valid_from: now,
            valid_to: now.plus_secs(i64::from(rule.max_days) * 86_400),
            reason: "Көрсетілім: адамдар да, сомалар да ойдан шығарылған".to_owned(),
        };
        let mut approval = standing::draft(app, &author.actor(app), terms).await?;
        for approver in &approvers {
            if !approval.is_in_force(now) {
                approval = standing::sign(app, approver, approval.id, approval.version).await?;
            }
        }
        signed += usize::from(approval.is_in_force(app.office.now()));
    }
    Ok(signed)
}
