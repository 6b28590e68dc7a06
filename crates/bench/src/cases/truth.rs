//! What lists should show, worked out from the bare rows by other means than the lists themselves.

use std::collections::{BTreeMap, BTreeSet};

use app::App;
use db::Stmt;
use kernel::{Actor, Timestamp};
use uuid::Uuid;

const CASES: Stmt = Stmt::both(
    "bench.case_truth",
    "SELECT id, number, state, stage, unit_id, marking, closed, priority, next_due_at, changed_at, created_at FROM case_file",
);
const TEAMS: Stmt =
    Stmt::both("bench.team_truth", "SELECT case_id, label FROM case_member WHERE until IS NULL");

/// A case as it lies in its table.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub id: Uuid,
    pub number: String,
    pub state: String,
    pub stage: String,
    pub unit: String,
    red: bool,
    closed: bool,
    pub priority: i64,
    pub due: i64,
    pub changed: i64,
    pub opened: i64,
    team: BTreeSet<String>,
}

/// All cases.
pub(super) struct Truth(Vec<Row>);

/// What a list is narrowed to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    /// As the page has it.
    pub filter: &'static str,
    /// As the page has it.
    pub sort: &'static str,
}

impl Truth {
    pub(super) async fn read(app: &App) -> anyhow::Result<Self> {
        let (rows, teams) = app
            .db
            .read(|tx| {
                let rows = tx.query(&CASES, &[], |r| {
                    let marking: String = r.get(5)?;
                    Ok(Row {
                        id: r.get(0)?,
                        number: r.get(1)?,
                        state: r.get(2)?,
                        stage: r.get(3)?,
                        unit: r.get(4)?,
                        red: marking.starts_with("red"),
                        closed: r.get(6)?,
                        priority: r.get(7)?,
                        due: r.get(8)?,
                        changed: r.get(9)?,
                        opened: r.get(10)?,
                        team: BTreeSet::new(),
                    })
                })?;
                let teams: Vec<(Uuid, String)> = tx.query(&TEAMS, &[], |r| Ok((r.get(0)?, r.get(1)?)))?;
                Ok::<_, db::DbError>((rows, teams))
            })
            .await?;
        let mut by_case: BTreeMap<Uuid, BTreeSet<String>> = BTreeMap::new();
        for (case, label) in teams {
            by_case.entry(case).or_default().insert(label);
        }
        let with_team = |row: Row| Row { team: by_case.remove(&row.id).unwrap_or_default(), ..row };
        Ok(Self(rows.into_iter().map(with_team).collect()))
    }

    /// The cases that somebody sees: what is red, its team; what is closed, its team and the head of its unit.
    pub(super) fn seen(&self, actor: &Actor, head: bool) -> Vec<&Row> {
        let (label, unit) = (actor.label(), access::unit_of(actor).unwrap_or_default());
        let sees = |row: &&Row| {
            row.team.contains(&label) || (!row.red && (!row.closed || (head && row.unit == unit)))
        };
        self.0.iter().filter(sees).collect()
    }

    /// A list in its order.
    pub(super) fn list<'t>(
        &'t self,
        actor: &Actor,
        head: bool,
        asked: Asked,
        now: Timestamp,
    ) -> Vec<&'t Row> {
        let (label, mut state) = (actor.label(), "open");
        if asked.filter.contains("is:over") {
            state = "ended";
        }
        let part = |key: &str| asked.filter.split(' ').find_map(|w| w.strip_prefix(key));
        let mut all = self.seen(actor, head);
        all.retain(|r| {
            r.state == state
                && part("stage:").is_none_or(|stage| r.stage == stage)
                && part("unit:").is_none_or(|unit| r.unit == unit)
                && (!asked.filter.contains("is:urgent") || r.priority >= 2)
                && (!asked.filter.contains("is:late") || r.due <= now.as_micros())
                && (!asked.filter.contains("is:mine") || r.team.contains(&label))
        });
        match asked.sort {
            "due" => all.sort_by_key(|r| (r.due, r.id)),
            "opened" => all.sort_by_key(|r| std::cmp::Reverse((r.opened, r.id))),
            "priority" => all.sort_by_key(|r| std::cmp::Reverse((r.priority, r.changed, r.id))),
            _ => all.sort_by_key(|r| std::cmp::Reverse((r.changed, r.id))),
        }
        all
    }

    /// How many open ones there are at each stage.
    pub(super) fn stages(&self, actor: &Actor, head: bool) -> BTreeMap<String, i64> {
        let mut all = BTreeMap::new();
        for row in self.seen(actor, head).into_iter().filter(|r| r.state == "open") {
            *all.entry(row.stage.clone()).or_insert(0) += 1;
        }
        all
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn open(&self) -> usize {
        self.0.iter().filter(|r| r.state == "open").count()
    }

    /// The due ones of the board: with a term, mine or of my unit.
    pub(super) fn board(&self, actor: &Actor, head: bool) -> usize {
        let (label, unit) = (actor.label(), access::unit_of(actor).unwrap_or_default().to_owned());
        let ours = |r: &&&Row| r.unit == unit || r.team.contains(&label);
        let seen = self.seen(actor, head);
        seen.iter().filter(|r| r.state == "open" && r.due < i64::MAX).filter(ours).count()
    }
}
