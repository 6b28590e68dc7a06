//! Which tables an act looks at and changes, heard from the database layer while it runs.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Metadata, Subscriber};

/// Where `db` tells of its statements.
const TARGET: &str = "db::statement";
/// Tables beside those of a state that acts write to without being able to change them: nobody has signed in.
const IDLE: [&str; 2] = ["staff_session", "staff_token"];

/// A set of tables of a state, by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub(super) struct Tables(u32);

impl Tables {
    /// The one at a place.
    pub(super) fn one(place: usize) -> Self {
        Self(u32::try_from(place).ok().and_then(|n| 1_u32.checked_shl(n)).unwrap_or(0))
    }
    /// These and those.
    #[must_use]
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    /// Whether the one at a place is among them.
    pub(super) fn has(self, place: usize) -> bool {
        self.0 & Self::one(place).0 != 0
    }
}

#[derive(Debug, Default)]
struct Heard {
    /// Names of the tables of a state, and of those that are emptied before each act.
    known: Vec<String>,
    traces: Vec<String>,
    /// What each statement is about, by its name; an error if it writes where no state would show it.
    statements: HashMap<String, Result<Tables, String>>,
    since: Tables,
    strayed: Option<String>,
    deaf_to: Tables,
}

/// Listens on one thread.
#[derive(Debug, Clone, Default)]
pub(super) struct Watch(Arc<Mutex<Heard>>);

impl Watch {
    /// Of these tables; `traces` are emptied before each act, so that nothing can be read in them.
    pub(super) fn of(known: &[&str], traces: &[&str]) -> Self {
        let owned = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect();
        Self(Arc::new(Mutex::new(Heard { known: owned(known), traces: owned(traces), ..Heard::default() })))
    }
    /// Listens to what this thread does from now on, until the guard goes.
    pub(super) fn listen(&self) -> DefaultGuard {
        tracing::subscriber::set_default(Ear(self.clone()))
    }
    /// Forgets what was heard.
    pub(super) fn begin(&self) {
        let mut heard = self.heard();
        heard.since = Tables::default();
        heard.strayed = None;
    }
    /// The tables heard of since [`Self::begin`].
    ///
    /// # Errors
    /// Something was written that is part of no state.
    pub(super) fn end(&self) -> anyhow::Result<Tables> {
        let heard = self.heard();
        match &heard.strayed {
            Some(what) => Err(anyhow::anyhow!("an act writes what no state shows: {what}")),
            None => Ok(Tables(heard.since.0 & !heard.deaf_to.0)),
        }
    }
    /// Hears nothing of a table from now on.
    pub(super) fn turn_from(&self, table: &str) {
        let mut heard = self.heard();
        let place = heard.known.iter().position(|known| known == table);
        heard.deaf_to = place.map(Tables::one).unwrap_or_default();
    }
    /// Tells of a statement that went another way.
    pub(super) fn tell(&self, sql: &str) {
        self.heard().hear(sql, sql);
    }
    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Heard {
    fn hear(&mut self, name: &str, sql: &str) {
        if !self.statements.contains_key(name) {
            let about = self.about(sql);
            self.statements.insert(name.to_owned(), about);
        }
        match self.statements.get(name) {
            Some(Ok(tables)) => self.since = self.since.and(*tables),
            Some(Err(what)) => self.strayed = Some(what.clone()),
            None => {}
        }
    }

    /// The tables whose names occur in a statement. A word that only looks like one makes the set larger, never smaller.
    fn about(&self, sql: &str) -> Result<Tables, String> {
        let words: Vec<&str> =
            sql.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()).collect();
        let place = |word: &str| self.known.iter().position(|known| known == word);
        let tables = words
            .iter()
            .filter_map(|word| place(word))
            .fold(Tables::default(), |all, at| all.and(Tables::one(at)));
        let target = match words.as_slice() {
            ["SELECT", ..] => None,
            ["WITH", rest @ ..] if !rest.iter().any(|w| ["INSERT", "UPDATE", "DELETE"].contains(w)) => None,
            ["INSERT", rest @ ..] => rest.iter().skip_while(|w| **w != "INTO").nth(1),
            ["DELETE", "FROM", table, ..] | ["UPDATE", table, ..] => Some(table),
            _ => return Err(format!("`{sql}` is not understood")),
        };
        let shown = |table: &&str| {
            place(table).is_some() || self.traces.iter().any(|t| t == *table) || IDLE.contains(table)
        };
        match target {
            Some(table) if !shown(table) => Err(format!("`{sql}`")),
            _ => Ok(tables),
        }
    }
}

struct Ear(Watch);

impl Subscriber for Ear {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == TARGET
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut said = Said::default();
        event.record(&mut said);
        self.0.heard().hear(&said.name, &said.sql);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[derive(Default)]
struct Said {
    name: String,
    sql: String,
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "statement" => value.clone_into(&mut self.name),
            "sql" => value.clone_into(&mut self.sql),
            _ => {}
        }
    }
    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(sql: &str) -> Result<Tables, String> {
        let known = vec!["orders".to_owned(), "order_object".to_owned(), "staff_account".to_owned()];
        Heard { known, traces: vec!["outbox".to_owned()], ..Heard::default() }.about(sql)
    }

    #[test]
    fn a_statement_is_about_every_table_that_it_names() {
        let (orders, objects) = (Tables::one(0), Tables::one(1));
        assert_eq!(about("SELECT id FROM orders WHERE id = ?1"), Ok(orders));
        let joined = "SELECT 1 FROM orders o JOIN order_object x ON x.order_id = o.id";
        assert_eq!(about(joined), Ok(orders.and(objects)));
        let inner = "UPDATE orders SET hop = (SELECT COUNT(*) FROM order_object)";
        assert_eq!(about(inner), Ok(orders.and(objects)));
        assert_eq!(about("INSERT OR IGNORE INTO order_object (id) VALUES (?1)"), Ok(objects));
        // Of what is part of no state nothing is kept, as long as it is only read, or emptied before each act.
        assert_eq!(about("SELECT code FROM partner"), Ok(Tables::default()));
        assert_eq!(about("INSERT INTO outbox (id) VALUES (?1)"), Ok(Tables::default()));
    }

    #[test]
    fn writing_what_no_state_shows_is_an_error() {
        assert!(about("INSERT INTO partner (code) SELECT executor FROM orders").is_err());
        assert!(about("UPDATE partner SET code = ?1").is_err());
        assert!(about("DELETE FROM partner").is_err());
        assert!(about("REPLACE INTO partner (code) VALUES (?1)").is_err());
        assert!(about("WITH x AS (SELECT 1) INSERT INTO partner SELECT * FROM x").is_err());
    }
}
