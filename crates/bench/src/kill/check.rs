//! What is in the database when everything is over.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use qorgan::node::NodeArgs;
use qorgan::slices;
use rusqlite::{Connection, OpenFlags};
use uuid::Uuid;

use super::node::Server;

/// Seconds without any progress after which news count as stuck: how long all of them take is up to the machine.
const PATIENCE_SECS: u32 = 60;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) reports: u64,
    pub(super) payments: u64,
    pub(super) orders: u64,
    /// Acknowledged, and not there.
    pub(super) lost: u64,
    /// There under another number than the receipt's.
    pub(super) renumbered: u64,
    /// Payments with more than one order.
    pub(super) doubled: u64,
    /// Payments without an order.
    pub(super) without: u64,
    /// Whether all news was delivered.
    pub(super) drained: bool,
}

/// Lets the running node finish its work, ends it, and looks.
pub(super) async fn after(
    mut server: Server,
    acknowledged: &BTreeMap<String, String>,
) -> anyhow::Result<Found> {
    let drained = drained(&server).await?;
    server.take()?.stop()?;
    let path = server.data().join("qorgan.db");
    let db = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let count = |sql: &str| -> anyhow::Result<u64> {
        let count: i64 = db.query_row(sql, [], |row| row.get(0)).with_context(|| format!("`{sql}`"))?;
        Ok(u64::try_from(count)?)
    };
    let mut found = Found {
        reports: count("SELECT count(*) FROM report")?,
        payments: count("SELECT count(*) FROM report_payment")?,
        orders: count("SELECT count(*) FROM orders")?,
        doubled: count(
            "SELECT count(*) FROM (SELECT payment_id FROM order_object WHERE payment_id IS NOT NULL
             GROUP BY payment_id HAVING count(*) > 1)",
        )?,
        without: count(
            "SELECT count(*) FROM report_payment p
             WHERE NOT EXISTS (SELECT 1 FROM order_object o WHERE o.payment_id = p.id)",
        )?,
        drained,
        ..Found::default()
    };
    let mut by_id = db.prepare("SELECT number FROM report WHERE id = ?1")?;
    for (key, number) in acknowledged {
        let id = report::rules::id_from_key(key.parse::<Uuid>()?).uuid();
        let kept: Option<String> = by_id.query_map([id.as_bytes()], |row| row.get(0))?.next().transpose()?;
        match kept {
            None => found.lost += 1,
            Some(kept) if !number.is_empty() && kept != *number => found.renumbered += 1,
            Some(_) => {}
        }
    }
    Ok(found)
}

/// Waits until the running node has delivered all its news.
async fn drained(server: &Server) -> anyhow::Result<bool> {
    let args =
        NodeArgs { data: server.data(), database: None, profile: "kz".to_owned(), public_url: server.base() };
    let app = qorgan::node::open(&args)?;
    let subscribers = slices::subscribers(&app);
    let path = server.data().join("qorgan.db");
    let db = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut at = 0_i64;
    let mut still = 0_u32;
    while still < PATIENCE_SECS * 5 {
        if db::outbox::backlog(&app.db, &subscribers).await?.is_empty() {
            return Ok(true);
        }
        let now: i64 =
            db.query_row("SELECT COALESCE(SUM(position), 0) FROM outbox_cursor", [], |row| row.get(0))?;
        still = if now == at { still + 1 } else { 0 };
        at = now;
        let moment = Duration::from_millis(200);
        tokio::time::timeout(moment, std::future::pending::<()>()).await.unwrap_or_default();
    }
    Ok(false)
}
