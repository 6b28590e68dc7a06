//! The simulated country's bank alone, honest and broken on purpose.

use conformance::{Check, Report, Verdict};
use sandbox::alone::{Alone, open};
use sandbox::country::Behaviour;
use sandbox::stage::Mutant;

use crate::common::{free, hasty, judged, plan};

async fn against(manners: Behaviour, mutant: Option<Mutant>) -> Report {
    let ((gateway, _), (kit, address)) = (free().await, free().await);
    let node = format!("http://{address}");
    let card = open(Alone { seed: 7, node, manners, people: false, mutant }, gateway).await.unwrap();
    let plan = plan(&card.gateway, &address, &card.public_key);
    assert_eq!((card.code.as_str(), card.keyid.as_str()), (plan.code.as_str(), plan.keyid.as_str()));
    assert_eq!(card.account, plan.known[0].value);
    assert_eq!(card.unknown_account, plan.unknown.value);
    judged(if mutant.is_some() { hasty(plan) } else { plan }, kit).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_honest_bank_passes_everything() {
    let report = against(Behaviour::default(), None).await;
    assert_eq!(report.ids(Verdict::Failed), [""; 0], "{}", report.text());
    assert_eq!(report.ids(Verdict::Warned), [""; 0], "{}", report.text());
    assert_eq!(report.ids(Verdict::NotApplicable), [""; 0], "{}", report.text());
    assert_eq!(report.count(Verdict::Passed), Check::ALL.len());
}

/// What must be found.
enum Found {
    /// These checks fail and no others.
    Failed(Vec<&'static str>),
    /// These fail; what else does is chance.
    Among(Vec<&'static str>),
    /// None fails, and these warn.
    Warned(Vec<&'static str>),
}

fn manners() -> Vec<(Behaviour, Found)> {
    let honest = Behaviour::default;
    // Lawful, though not what one expects of a quiet bank.
    let restless =
        Behaviour { doubled: 1_000, reordered: 1_000, stumbling: 1_000, ack_in_response: true, ..honest() };
    vec![
        (restless, Found::Failed(vec![])),
        (Behaviour { unsigned: 1_000, ..honest() }, Found::Failed(vec!["sign.present"])),
        (Behaviour { replayed: 1_000, ..honest() }, Found::Failed(vec!["sign.nonce"])),
        (Behaviour { wrong_amount: 1_000, ..honest() }, Found::Among(vec!["answer.amounts"])),
        (Behaviour { malformed: 1_000, ..honest() }, Found::Among(vec!["answer.shape", "answer.id"])),
    ]
}

fn mutants() -> Vec<(Mutant, Found)> {
    let refusals = Check::ALL.iter().map(|c| c.id()).filter(|id| id.starts_with("refuse.")).collect();
    let repeats = || vec!["repeat.after_500", "repeat.after_silence"];
    vec![
        (Mutant::DropTenthAnswer, Found::Among(vec!["hold.many"])),
        (Mutant::TrustAnybody, Found::Failed(refusals)),
        (Mutant::ForgetMessages, Found::Failed(vec!["duplicate.once", "release.twice", "answer.id"])),
        (Mutant::BlindToPayer, Found::Failed(vec!["hold.payer"])),
        (Mutant::HoldOverCap, Found::Failed(vec!["answer.cap"])),
        (Mutant::DeafToRelease, Found::Failed(vec!["reorder.release_first", "release.full", "release.part"])),
        (Mutant::ForgetEarlyRelease, Found::Failed(vec!["reorder.release_first"])),
        // It ends a hold when the node says so, which is allowed and worth a look.
        (Mutant::NoLapse, Found::Warned(vec!["release.lapse"])),
        (Mutant::NewAnswerIds, Found::Failed(repeats())),
        (Mutant::NeverRepeat, Found::Failed(repeats())),
    ]
}

/// All at the same time, since most of it is waiting.
#[tokio::test(flavor = "multi_thread")]
async fn bad_manners_and_mutants_fail_their_own_checks() {
    let manners = manners().into_iter().map(|(manners, found)| (manners, None, found));
    let mutants = mutants().into_iter().map(|(mutant, found)| (Behaviour::default(), Some(mutant), found));
    let runs: Vec<_> = manners
        .chain(mutants)
        .map(|(manners, mutant, found)| {
            let who = format!("{mutant:?} {manners:?}");
            (who, found, tokio::spawn(against(manners, mutant)))
        })
        .collect();
    for (who, found, run) in runs {
        let report = run.await.unwrap();
        let (failed, text) = (report.ids(Verdict::Failed), report.text());
        match found {
            Found::Failed(expected) => assert_eq!(failed, expected, "{who}: {text}"),
            Found::Among(expected) => {
                assert!(expected.iter().all(|id| failed.contains(id)), "{who}: {text}");
            }
            Found::Warned(expected) => {
                assert_eq!(failed, [""; 0], "{who}: {text}");
                assert_eq!(report.ids(Verdict::Warned), expected, "{who}: {text}");
            }
        }
    }
}
