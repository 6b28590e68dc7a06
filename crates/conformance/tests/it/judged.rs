//! The kit against the small endpoint: exactly the right checks fail.

use std::time::Duration;

use conformance::plan::thing;
use conformance::sign::Signer;
use conformance::{Check, Ended, Plan, Report, Verdict, run};
use httpsig::public_key_text;

use crate::common::{free, hasty, judged, plan};
use crate::endpoint::{Bad, key, open};

async fn against(bad: Bad, change: impl FnOnce(Plan) -> Plan) -> Report {
    let ((gateway, _), (kit, address)) = (free().await, free().await);
    let url = open(bad, gateway, &format!("http://{address}")).await;
    judged(change(plan(&url, &address, &public_key_text(&key().verifying_key()))), kit).await
}

fn refusals() -> Vec<&'static str> {
    Check::ALL.iter().map(|c| c.id()).filter(|id| id.starts_with("refuse.")).collect()
}

/// Wherever a word about an object is wanted.
fn wanted() -> Vec<&'static str> {
    vec![
        "hold.acknowledged",
        "hold.answered",
        "hold.unknown",
        "hold.payer",
        "hold.whole",
        "hold.many",
        "reorder.release_first",
        "reorder.reminder_first",
        "unknown.fields",
    ]
}

/// Who says nothing that can be read fails wherever an answer is wanted, and nowhere else.
fn unreadable() -> Vec<&'static str> {
    wanted().into_iter().chain(["correction.done", "answer.shape"]).collect()
}

fn of_numbers(plan: Plan) -> Plan {
    let known = vec![thing("phone:+77000000101").unwrap()];
    let unknown = thing("phone:+77000000102").unwrap();
    Plan { measure: "number_block".to_owned(), known, unknown, ..plan }
}

/// By either way of answering, by one order after the other, and without any sums.
#[tokio::test(flavor = "multi_thread")]
async fn honest_endpoints_pass() {
    let (posts, responds, in_turn, operator) = tokio::join!(
        against(Bad::Nothing, |plan| plan),
        against(Bad::InResponse, |plan| plan),
        against(Bad::OneHoldAtATime, |plan| Plan { one_by_one: true, ..plan }),
        against(Bad::IsAnOperator, of_numbers),
    );
    let repeats = vec!["repeat.after_500", "repeat.after_silence", "answer.accounts"];
    let money = vec![
        "hold.payer",
        "hold.whole",
        "release.part",
        "release.twice",
        "answer.amounts",
        "answer.cap",
        "answer.sums",
        "answer.accounts",
    ];
    for (report, not_applicable) in [
        (posts, vec!["answer.accounts"]),
        (responds, repeats),
        (in_turn, vec!["answer.accounts"]),
        (operator, money),
    ] {
        assert_eq!(report.ids(Verdict::Failed), [""; 0], "{}", report.text());
        assert_eq!(report.ids(Verdict::Warned), [""; 0], "{}", report.text());
        assert_eq!(report.ids(Verdict::NotApplicable), not_applicable, "{}", report.text());
        assert_eq!(report.exit_code(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_endpoints_fail_exactly_their_own_checks() {
    // A receipt needs no object, so one check fewer; words about nothing are none.
    let nameless = wanted().into_iter().skip(1).chain(["answer.object"]).collect();
    let cases: Vec<(Bad, Vec<&str>)> = vec![
        (Bad::BelievesAnybody, refusals()),
        (Bad::KeepsNoNonces, vec!["refuse.nonce_twice", "refuse.replay"]),
        (Bad::ActsTwice, vec!["duplicate.once", "release.twice"]),
        (Bad::HoldsMore, vec!["answer.cap"]),
        (Bad::AnswersUnsigned, vec!["sign.present"]),
        (Bad::SignsWithAnotherKey, vec!["sign.key"]),
        (Bad::CoversTooLittle, vec!["sign.covers"]),
        (Bad::FallsOver, vec!["unknown.message"]),
        (Bad::StumblesOverClearances, vec!["clearance.taken"]),
        (Bad::LivesInTheFuture, vec!["answer.times"]),
        (Bad::FreesAll, vec!["release.part"]),
        (Bad::BlindToPayer, vec!["hold.payer"]),
        (Bad::KnowsEverybody, vec!["hold.unknown"]),
        (Bad::RefusesTheKit, vec!["reach.message"]),
        (Bad::Redirects, vec!["reach.message"]),
        (Bad::IsSlow, vec!["reach.message"]),
        (Bad::ForgetsFields, vec!["answer.fields"]),
        (Bad::AnswersOfNumbers, vec!["answer.codes"]),
        (Bad::NeverAnswers, vec!["hold.acknowledged", "hold.answered"]),
        (Bad::SendsGarbage, unreadable()),
        (Bad::NamesNoObject, nameless),
    ];
    let runs: Vec<_> = cases
        .into_iter()
        .map(|(bad, expected)| tokio::spawn(async move { (bad, expected, against(bad, hasty).await) }))
        .collect();
    for run in runs {
        let (bad, expected, report) = run.await.unwrap();
        assert_eq!(report.ids(Verdict::Failed), expected, "{bad:?}: {}", report.text());
        assert_eq!(report.exit_code(), 1, "{bad:?}");
        if matches!(bad, Bad::NeverAnswers | Bad::RefusesTheKit | Bad::Redirects | Bad::IsSlow) {
            assert_eq!(report.messages, 1, "{bad:?}: who does not answer is not played with");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_there_is_no_verdict() {
    let ((gone, address), (kit, own)) = (free().await, free().await);
    drop(gone);
    let plan = plan(&format!("http://{address}"), &own, &public_key_text(&key().verifying_key()));
    let began = conformance::clock::now();
    let ended = run(plan, Signer::fresh().unwrap(), kit).await.unwrap();
    assert!(matches!(&ended, Ended::Unreachable(why) if why.starts_with("no connection")), "{ended:?}");
    let took = Duration::from_micros(u64::try_from(conformance::clock::now() - began).unwrap());
    assert!(took < Duration::from_secs(5), "{took:?}");
}
