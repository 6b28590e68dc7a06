//! What the tests share: free ports, a plan with short times, a run to its report.

use std::time::Duration;

use conformance::plan::{public_key, thing};
use conformance::sign::Signer;
use conformance::{Ended, Payment, Plan, Report, run};
use tokio::net::TcpListener;

/// A free port, taken.
pub async fn free() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

/// A plan with short times.
pub fn plan(url: &str, kit: &str, key: &str) -> Plan {
    Plan {
        url: url.to_owned(),
        code: "ZALT".to_owned(),
        keyid: "ZALT/2026-1".to_owned(),
        key: public_key(key).unwrap(),
        public_url: format!("http://{kit}"),
        measure: "hold".to_owned(),
        known: vec![thing("KZ938010000000000017").unwrap()],
        unknown: thing("KZ458010000000009999").unwrap(),
        currency: "KZT".to_owned(),
        payment: Payment {
            amount: 100_000_000,
            at: conformance::clock::now() - 3_600_000_000,
            reference: None,
        },
        patience: Duration::from_secs(15),
        quiet: Duration::from_millis(1_200),
        term: Duration::from_secs(4),
        silence: Duration::from_secs(1),
        objects: 40,
        one_by_one: false,
    }
}

/// For whoever answers at once or never: an honest endpoint on a busy machine is given longer.
pub fn hasty(plan: Plan) -> Plan {
    Plan { patience: Duration::from_secs(5), ..plan }
}

/// Runs it to the report.
pub async fn judged(plan: Plan, listener: TcpListener) -> Report {
    match run(plan, Signer::fresh().unwrap(), listener).await.unwrap() {
        Ended::Judged(report) => report,
        Ended::Unreachable(why) => panic!("{why}"),
    }
}
