//! Clients of the public form who keep their receipts.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, bail, ensure};
use sandbox::node::Node;
use sandbox::victim::browser::{Browser, Page};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Pages that one report may take.
const MOST_PAGES: usize = 12;
/// Receipts: number by idempotency key.
type Receipts = BTreeMap<String, String>;

/// All clients of a run.
#[derive(Debug)]
pub(super) struct Crowd {
    tasks: Vec<JoinHandle<()>>,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    serial: AtomicU64,
    enough: AtomicBool,
    /// Whether the node lives, as far as its master knows.
    alive: watch::Sender<bool>,
    receipts: Mutex<Receipts>,
    /// The last thing that went wrong, for the case that nothing went well.
    trouble: Mutex<Option<String>>,
}

impl Shared {
    fn note(&self, trouble: String) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(trouble);
    }
    fn keep(&self, key: &str, number: String) {
        self.receipts.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), number);
    }
}

impl Crowd {
    /// Sets `clients` going against the node at `base`. With `early` the doorkeeper answers before the node.
    pub(super) fn start(base: String, clients: u32, first: usize, early: bool) -> anyhow::Result<Self> {
        let shared = Arc::new(Shared {
            serial: AtomicU64::new(u64::try_from(first)? * 2),
            enough: AtomicBool::new(false),
            alive: watch::Sender::new(false),
            receipts: Mutex::default(),
            trouble: Mutex::default(),
        });
        let mut tasks = Vec::new();
        for no in 0..clients {
            let (node, shared) = (Node::new(&base)?, Arc::clone(&shared));
            tasks.push(tokio::spawn(work(node, shared, early, no % 2 == 0)));
        }
        Ok(Self { tasks, shared })
    }

    /// The node is dead now, or alive again.
    pub(super) fn alive(&self, alive: bool) {
        self.shared.alive.send_replace(alive);
    }

    /// Receipts since the last call.
    pub(super) fn receipts(&self) -> Receipts {
        std::mem::take(&mut *self.shared.receipts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets everybody finish; the last receipts.
    pub(super) async fn stop(self) -> anyhow::Result<Receipts> {
        self.shared.enough.store(true, Ordering::Relaxed);
        for task in self.tasks {
            task.await?;
        }
        let receipts =
            std::mem::take(&mut *self.shared.receipts.lock().unwrap_or_else(PoisonError::into_inner));
        let trouble = self.shared.trouble.lock().unwrap_or_else(PoisonError::into_inner).take();
        let all = self.shared.serial.load(Ordering::Relaxed);
        ensure!(all > 0, "no report was begun: {}", trouble.unwrap_or_default());
        Ok(receipts)
    }
}

/// One client, report after report. A patient one tries the same page again until the node is back; an
/// impatient one lets go when the node dies and begins a new report as soon as it lives.
async fn work(node: Node, shared: Arc<Shared>, early: bool, patient: bool) {
    let mut alive = shared.alive.subscribe();
    while !shared.enough.load(Ordering::Relaxed) {
        let outcome = if patient {
            report(&node, &shared, early).await
        } else {
            if alive.wait_for(|alive| *alive).await.is_err() {
                return;
            }
            tokio::select! {
                outcome = report(&node, &shared, early) => outcome,
                _ = alive.wait_for(|alive| !alive) => Ok(()),
            }
        };
        // The node is killed again and again: what fails is tried anew, what succeeds is kept.
        if let Err(error) = outcome {
            shared.note(format!("{error:#}"));
            tokio::task::yield_now().await;
        }
    }
}

/// One report through all pages.
async fn report(node: &Node, shared: &Shared, early: bool) -> anyhow::Result<()> {
    let serial = shared.serial.fetch_add(1, Ordering::Relaxed);
    let mut browser = Browser::new(node, "ru");
    let mut page = browser.open("/report/now").await?;
    for _ in 0..MOST_PAGES {
        ensure!(page.status < 400, "`{}` answers {}: {}", page.path, page.status, page.alert());
        let path = page.path.split('?').next().unwrap_or_default().to_owned();
        let answers = match path.as_str() {
            "/report/now" => vec![("ongoing", "no".to_owned())],
            "/report/what" => vec![("kind", "money".to_owned())],
            "/report/payment" => payment(serial),
            "/report/you" => vec![("name", "Үлгі Адам".to_owned()), ("phone", "+77010000001".to_owned())],
            "/report/check" => return last_page(&mut browser, &page, shared, early).await,
            other => bail!("`{other}` is no page of the form: {}", page.alert()),
        };
        let field = answers.first().map_or("", |(name, _)| *name);
        let form = page.form_with(field).with_context(|| format!("`{path}` has no `{field}`"))?;
        page = browser.send(&page, &form, &answers).await?;
    }
    bail!("the form goes on for more than {MOST_PAGES} pages: {}", page.alert())
}

fn payment(serial: u64) -> Vec<(&'static str, String)> {
    let to = sandbox::ids::iban("802", &format!("{:013}", serial % 1_000));
    vec![
        ("amount", "150000".to_owned()),
        ("own_bank", "ZALT".to_owned()),
        (
            "own_account",
            sandbox::ids::iban("801", &format!("{:013}", 5_000_000_000_u64.saturating_add(serial))),
        ),
        ("day", "yesterday".to_owned()),
        ("day_time", "12:00".to_owned()),
        ("to", to),
        ("next", "done".to_owned()),
    ]
}

/// The page that files. Its idempotency key is what the receipt is kept under.
async fn last_page(
    browser: &mut Browser<'_>,
    page: &Page,
    shared: &Shared,
    early: bool,
) -> anyhow::Result<()> {
    let form = page.form_with("idempotency_key").context("the last page has no key")?;
    let pairs = form.filled(&[]);
    let key = pairs.iter().find(|(name, _)| name == "idempotency_key").map(|(_, value)| value.clone());
    let key = key.filter(|key| !key.is_empty()).context("the key is empty")?;
    let answers = [("confirm", "1".to_owned())];
    if early {
        // The doorkeeper says yes, and only then passes it on; what the node's death cuts off he forgets.
        shared.keep(&key, String::new());
        let mut alive = shared.alive.subscribe();
        tokio::select! {
            _ = browser.send(page, &form, &answers) => {}
            _ = alive.wait_for(|alive| !alive) => {}
        }
        return Ok(());
    }
    let receipt = browser.send(page, &form, &answers).await?;
    let number = receipt.attribute("data-receipt-number").with_context(|| {
        format!("`{}` shows no receipt ({}): {}", receipt.path, receipt.status, receipt.alert())
    })?;
    shared.keep(&key, number);
    Ok(())
}
