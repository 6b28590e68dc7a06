//! `qorgan serve`: the node with everything it does by itself.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use app::App;
use audit::{LogSigner, Sequencer};
use db::outbox::{Policy, Runner};

use crate::exhibits::{self, BucketArgs};
use crate::node::{self, NodeArgs};
use crate::stamping::{self, Stamping};
use crate::witnessing::{self, Witness};
use crate::{http, post, searching, slices};

/// Arguments of `serve`.
#[derive(Debug, Clone, clap::Args)]
pub struct ServeArgs {
    #[command(flatten)]
    node: NodeArgs,
    /// Address to listen on
    #[arg(long, env = "QORGAN_LISTEN", default_value = "127.0.0.1:8080")]
    listen: std::net::SocketAddr,
    /// Folder of signed files for institutions that have agreed on them: CODE/out is written, CODE/in is read
    #[arg(long, env = "QORGAN_FILES")]
    files: Option<std::path::PathBuf>,
    /// Address of a proxy whose `Client-Cert` (RFC 9440) is believed; several with commas between. Without one the header
    /// is ignored
    #[arg(long, env = "QORGAN_TRUSTED_PROXY", value_delimiter = ',')]
    trusted_proxy: Vec<std::net::IpAddr>,
    /// A witness of the record, run by another organisation: `URL=VERIFIER_KEY`; several with commas between
    #[arg(long, env = "QORGAN_WITNESS", value_delimiter = ',', value_name = "URL=VKEY")]
    witness: Vec<Witness>,
    /// A time-stamping authority (RFC 3161) and the certificates by which its word is known: `URL=FILE.pem`; several with commas between
    #[arg(long, env = "QORGAN_TSA", value_delimiter = ',', value_name = "URL=PEM")]
    tsa: Vec<Stamping>,
    #[command(flatten)]
    bucket: BucketArgs,
}

/// How often what has expired is removed.
const PURGE_EVERY: Duration = Duration::from_secs(60);

/// Runs until interrupted.
///
/// # Errors
/// A sentence that says what stands in the way of starting.
pub async fn run(args: ServeArgs) -> anyhow::Result<()> {
    let app = node::open(&args.node)?;
    let law = app.clone();
    app.db
        .write(move |tx| legal_basis::import(tx, &law))
        .await
        .context("the legal bases of the profile cannot be taken in")?;
    let proxies = partner::tls::TrustedProxies(args.trusted_proxy.into());
    // The address first: nobody works twice on one database because a port was taken.
    let listener = tokio::net::TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("cannot listen on {}", args.listen))?;
    let shelf = exhibits::open(&app, &args.node.data, &args.bucket).await?;
    let outside = Outside {
        data: Some(&args.node.data),
        exhibits: Some(&shelf),
        witnesses: &args.witness,
        authorities: &args.tsa,
    };
    let Running { router, live } = start(&app, proxies, outside)?;
    if let Some(dir) = args.files {
        tokio::spawn(order::folder::run(app.clone(), dir));
    }
    tracing::info!(address = %args.listen, engine = ?app.db.engine(), profile = app.profile.id(), demo = app.demo, "ready");
    // The sender's address is for limits on sign-in; headers that name another are ignored on purpose.
    let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(interrupted()).await?;
    // Nothing is asked any more; what was is written down.
    let mut written = registry::live::write_down(&app, &live).await;
    for _ in 0..10 {
        if written.is_ok() {
            break;
        }
        app.timer.sleep(std::time::Duration::from_millis(500)).await;
        written = registry::live::write_down(&app, &live).await;
    }
    written.context("the last questions cannot be written down")?;
    Ok(())
}

/// A node at work: what it answers, and the registry in its memory.
#[derive(Debug)]
pub struct Running {
    /// All routes, with what they share in memory.
    pub router: axum::Router,
    /// The registry in memory.
    pub live: Arc<registry::live::Live>,
}

/// Each so many rounds of schemes it is looked for imports that broke off with the node.
const BROKEN_EVERY: u64 = 60;

/// How often exhibits that were not hashed for a week are looked for.
const HASH_EVERY: Duration = Duration::from_secs(60);

/// How often exhibits that nobody has looked into are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(3);

/// What a node has beside its database.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outside<'a> {
    /// Its folder; without one the index for searching is in memory, and no exhibits are kept.
    pub data: Option<&'a std::path::Path>,
    /// Where its exhibits lie, if not in its folder alone.
    pub exhibits: Option<&'a evidence::Shelf>,
    /// Witnesses of its record.
    pub witnesses: &'a [Witness],
    /// Authorities that stamp its record with the time.
    pub authorities: &'a [Stamping],
}

/// Sets everything going that a node does by itself.
///
/// # Errors
/// Texts that clash or are missing; a key that cannot be used.
pub fn start(
    app: &App,
    proxies: partner::tls::TrustedProxies,
    Outside { data, exhibits, witnesses, authorities }: Outside<'_>,
) -> anyhow::Result<Running> {
    let breakers = order::jobs::Breakers::new(app.profile.breaker());
    let known = breakers.clone();
    let silent = partner::web::Silent(Arc::new(move || known.silent()));
    let roster = Arc::new(partner::bearer::Roster::default());
    let live = Arc::new(registry::live::Live::new(app.uuid(), Arc::clone(&roster)));
    // What can be made anew keeps nobody from working: pages of searching say that there is no index.
    let shelf = searching::shelf(app, data)
        .inspect_err(|error| tracing::error!(error = format!("{error:#}"), "no searching"))
        .ok();
    let router = http::router(app, silent)?;
    let router = match &shelf {
        Some(shelf) => router.layer(axum::Extension(Arc::clone(shelf))),
        None => router,
    };
    let exhibits = match (exhibits, data) {
        (Some(shelf), _) => Some(shelf.clone()),
        (None, Some(data)) => Some(evidence::Shelf::open(&data.join("evidence"))?),
        (None, None) => None,
    };
    let router = match exhibits {
        Some(exhibits) => {
            let office = evidence_office(app, exhibits, witnesses)?;
            let reader = reader::Reader::of_this_program()?;
            let rows = import::Office { shelf: office.shelf.clone(), reader };
            router.layer(axum::Extension(office)).layer(axum::Extension(rows))
        }
        None => router,
    };
    let router = router
        .layer(axum::Extension(proxies))
        .layer(axum::Extension(Arc::clone(&live)))
        .layer(axum::Extension(Arc::clone(&roster)));
    work(app, breakers)?;
    tokio::spawn(roster.keep(app.clone()));
    tokio::spawn(registry::live::follow(app.clone(), Arc::clone(&live)));
    tokio::spawn(registry::live::keep_book(app.clone(), Arc::clone(&live)));
    tokio::spawn(registry::service::filters::keep(app.clone()));
    tokio::spawn(person::service::keep_learning(app.clone()));
    let client: Arc<dyn order::gateway::Post> = Arc::new(post::Client::new()?);
    for witness in witnesses {
        tokio::spawn(witnessing::run(app.clone(), Arc::clone(&client), witness.clone()));
    }
    for by in authorities {
        tokio::spawn(stamping::run(app.clone(), Arc::clone(&client), by.clone()));
    }
    if let Some(shelf) = shelf {
        tokio::spawn(search::jobs::keep(app.clone(), shelf));
    }
    tokio::spawn(person::service::keep(app.clone()));
    Ok(Running { router, live })
}

/// The shelf of exhibits, hashing them again, and looking into them by a process of its own that may do nothing else.
fn evidence_office(
    app: &App,
    shelf: evidence::Shelf,
    witnesses: &[Witness],
) -> anyhow::Result<evidence::web::Office> {
    let (me, on) = (app.clone(), shelf.clone());
    tokio::spawn(async move {
        loop {
            if let Err(error) = evidence::jobs::round(&me, &on).await {
                tracing::warn!(%error, "exhibits are hashed again later");
            }
            me.timer.sleep(HASH_EVERY).await;
        }
    });
    let reader = reader::Reader::of_this_program()
        .inspect_err(
            |error| tracing::error!(%error, "exhibits are not looked into: this program is not found"),
        )
        .ok();
    let looks = reader.is_some();
    if let Some(reader) = reader {
        let (me, on) = (app.clone(), shelf.clone());
        tokio::spawn(async move {
            loop {
                if let Err(error) = evidence::jobs::look(&me, &on, &reader).await {
                    tracing::warn!(%error, "exhibits are looked into later");
                }
                me.timer.sleep(LOOK_EVERY).await;
            }
        });
    }
    let log = log_signer(app)?.verifier().clone();
    let witnesses = Arc::new(witnesses.iter().map(|w| w.key.clone()).collect());
    Ok(evidence::web::Office { shelf, looks, log, witnesses })
}

/// Ready when the process is asked to end.
async fn interrupted() {
    let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
    let terminated = async {
        match &mut term {
            Some(signal) => {
                signal.recv().await;
            }
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}

/// Who signs the record of this node.
///
/// # Errors
/// A key that cannot be used.
pub fn log_signer(app: &App) -> anyhow::Result<LogSigner> {
    Ok(LogSigner::new(&log_name(&app.node.code), app.node.log_key.expose())?)
}

/// The name of an organisation's log: first line of every checkpoint, and the name of the verifier key.
#[must_use]
pub fn log_name(organisation: &str) -> String {
    format!("qorgan/{organisation}")
}

/// Starts everything that runs by itself.
fn work(app: &App, breakers: order::jobs::Breakers) -> anyhow::Result<()> {
    let timer = app.timer;
    let sleep = Arc::new(move |time| {
        let sleeping: std::pin::Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(timer.sleep(time));
        sleeping
    });
    let runner = Runner {
        db: app.db.clone(),
        subscribers: slices::subscribers(app).into(),
        policy: Policy::default(),
        sleep,
    };
    tokio::spawn(runner.run(std::future::pending()));

    let sequencer = Sequencer::new(app.db.clone(), log_signer(app)?, app.wall.clone());
    tokio::spawn(async move {
        sequencer
            .run(|| async move {
                timer.sleep(Duration::from_millis(500)).await;
                true
            })
            .await;
    });

    let inbox = app.clone();
    tokio::spawn(async move {
        loop {
            if let Err(error) = db::feed::number_once(&inbox.db, order::jobs::INBOX).await {
                tracing::warn!(%error, "the inbox is numbered later");
            }
            inbox.timer.sleep(Duration::from_millis(200)).await;
        }
    });

    let client: Arc<dyn order::gateway::Post> = Arc::new(post::Client::new()?);
    tokio::spawn(registration::jobs::run(app.clone(), Arc::clone(&client), case::service::roads()));
    tokio::spawn(order::trial::job::run(app.clone(), Arc::clone(&client)));
    tokio::spawn(order::jobs::run(app.clone(), client, breakers));

    let reach = partner::notify::Reach { loopback: app.demo };
    let outside = partner::notify::Client::new(reach).map_err(anyhow::Error::msg)?;
    tokio::spawn(partner::notify::Sender::new(app, Arc::new(outside)).run());

    let (schemes, ear) = (app.clone(), scheme::Ear::new(app));
    tokio::spawn(async move {
        for number in 0_u64.. {
            schemes.timer.sleep(SORT_EVERY).await;
            scheme::jobs::round(&schemes, &ear, number).await;
            case::jobs::round(&schemes).await;
            if number.is_multiple_of(BROKEN_EVERY)
                && let Err(error) = import::jobs::round(&schemes).await
            {
                tracing::warn!(%error, "imports that broke off are looked for later");
            }
        }
    });

    let rot = app.clone();
    tokio::spawn(async move {
        loop {
            if let Err(error) = upkeep::rot::round(&rot).await {
                tracing::warn!(%error, "the database is checked later");
            }
            rot.timer.sleep(PURGE_EVERY).await;
        }
    });

    let (purge, subscribers) = (app.clone(), slices::subscribers(app));
    tokio::spawn(async move {
        loop {
            purge.timer.sleep(PURGE_EVERY).await;
            if let Err(error) = tidy(&purge, &subscribers).await {
                tracing::warn!(%error, "tidying up is tried again later");
            }
            if let Err(error) = report::jobs::keep_promises(&purge).await {
                tracing::warn!(%error, "promised messages are written later");
            }
        }
    });
    Ok(())
}

/// Schemes that may have come apart are sorted this often.
const SORT_EVERY: Duration = Duration::from_secs(2);
/// News that every part has heard is kept this long, for whoever looks into what happened.
const NEWS_KEPT_SECS: i64 = 30 * 86_400;
/// Changes of the registry are kept this long, for processes that were away.
const CHANGES_KEPT_SECS: i64 = 86_400;
/// Most news removed at once, so that nobody waits for it.
const NEWS_AT_ONCE: u32 = 2_000;

/// Removes what has expired, from the files too, and has parked news tried again whose time has come.
///
/// # Errors
/// The database's.
pub async fn tidy(app: &App, subscribers: &[db::outbox::Subscriber]) -> Result<(), report::ReportError> {
    let (wall, office, vault) = (app.wall.now(), app.office.now(), app.vault.clone());
    let (listening, subscribers) = (subscribers.to_vec(), subscribers.to_vec());
    let expired = app
        .db
        .write(move |tx| {
            partner::store::purge_nonces(tx, wall)?;
            partner::notify::purge(tx, wall)?;
            registry::store::purge_changes(tx, wall.plus_secs(-CHANGES_KEPT_SECS))?;
            db::outbox::parked::retry_due(tx, Policy::default(), wall)?;
            db::outbox::prune(tx, &subscribers, office.plus_secs(-NEWS_KEPT_SECS), NEWS_AT_ONCE)?;
            report::draft::purge(tx, &vault, wall)
        })
        .await?;
    let me = app.clone();
    // On its own: what cannot be forgotten must not keep the rest from being tidied.
    let forgotten = app.db.write(move |tx| registry::service::objecting::forget(tx, &me)).await;
    let forgotten = forgotten.unwrap_or_else(|error| {
        tracing::error!(%error, "words of objections could not be forgotten");
        0
    });
    let lapsed = registry::service::lapse(app).await.unwrap_or_else(|error| {
        tracing::error!(%error, "decisions that are over could not be ended in the registry");
        0
    });
    if let Err(error) = registry::service::count_payments(app).await {
        tracing::error!(%error, "what asking was worth could not be counted");
    }
    let swept = chart::jobs::round(app, &chart::Sources::default()).await;
    if (expired > 0 || forgotten > 0 || lapsed > 0 || swept > 0) && !app.db.sweep().await {
        tracing::debug!("a reader kept the log from being emptied; the next round tries again");
    }
    Ok(slices::sweep_erased(app, &listening).await?)
}
