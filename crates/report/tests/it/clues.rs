//! What officers find out after filing: it is named like what was told, once, and can be taken back.

use identifier::Kind;
use kernel::{Actor, Purpose};
use report::service::{self, ClueError};
use report::{ReportError, ReportId, named};

use crate::later::{full, officer};
use crate::service::{WITH_CODE, report};
use crate::support::{Place, on_each};

const IMEI: &str = "490154203237518";

async fn filed(place: &Place) -> ReportId {
    service::file(&place.app, &Actor::Public, report(place, "k"), WITH_CODE).await.unwrap().id
}

async fn add(place: &Place, id: ReportId, kind: Kind, text: &str) -> Result<(), ReportError> {
    service::add_clue(&place.app, &officer(place), id, (kind, text), "the operator's answer").await
}

async fn names(place: &Place, id: ReportId) -> Vec<(Kind, String)> {
    let all = named(&place.app, &full(place, id).await);
    all.into_iter().map(|n| (n.kind, n.value.open(Purpose::HandleReport).clone())).collect()
}

async fn reports_with(place: &Place, kind: Kind, value: &'static str) -> i64 {
    let me = place.app.clone();
    let seen = place.app.db.read(move |tx| identifier::named_in(tx, &me.vault, kind, value)).await;
    seen.unwrap().reports
}

#[test]
fn a_clue_is_named_from_then_on_and_once() {
    on_each(|place| async move {
        let id = filed(&place).await;
        let before = names(&place, id).await;
        add(&place, id, Kind::Imei, "49-015420-323751-8").await.unwrap();
        add(&place, id, Kind::Sender, "Oidan Bank").await.unwrap();
        let mut after = before.clone();
        after.extend([(Kind::Imei, IMEI.to_owned()), (Kind::Sender, "OIDAN BANK".to_owned())]);
        assert_eq!(names(&place, id).await, after);
        assert_eq!(reports_with(&place, Kind::Imei, IMEI).await, 1);
        let again = add(&place, id, Kind::Imei, IMEI).await;
        assert!(matches!(again, Err(ReportError::Clue(ClueError::Known))), "{again:?}");
        let told = &full(&place, id).await.clues;
        assert_eq!(told.len(), 2);
        assert_eq!(told[0].source.open(Purpose::HandleReport), "the operator's answer");
    });
}

#[test]
fn what_cannot_be_a_clue() {
    on_each(|place| async move {
        let id = filed(&place).await;
        let wrong = add(&place, id, Kind::Imei, "490154203237519").await;
        let check = ClueError::Unreadable(identifier::Reason::CheckDigits);
        assert!(matches!(wrong, Err(ReportError::Clue(e)) if e == check), "{wrong:?}");
        let full = full(&place, id).await;
        let own = full.told.reporter.open(Purpose::HandleReport).phone.clone();
        let own = add(&place, id, Kind::Phone, &own).await;
        assert!(matches!(own, Err(ReportError::Clue(ClueError::Own))), "{own:?}");
        for source in ["", "  ", &"ә".repeat(service::MAX_SOURCE + 1)] {
            let bare = service::add_clue(&place.app, &officer(&place), id, (Kind::Imei, IMEI), source).await;
            assert!(matches!(bare, Err(ReportError::Clue(ClueError::Source))), "{bare:?}");
        }
        // Nobody but the department adds one.
        let citizen = Actor::Citizen { report: uuid::Uuid::from_u128(9) };
        for actor in [citizen, Actor::Public] {
            let refused = service::add_clue(&place.app, &actor, id, (Kind::Imei, IMEI), "x").await;
            assert!(matches!(refused, Err(ReportError::Access(_))), "{refused:?}");
        }
        assert!(self::full(&place, id).await.clues.is_empty());
    });
}

#[test]
fn a_slip_is_taken_back_and_can_be_added_anew() {
    on_each(|place| async move {
        let (id, officer) = (filed(&place).await, officer(&place));
        let before = names(&place, id).await;
        add(&place, id, Kind::Imei, IMEI).await.unwrap();
        let clue = full(&place, id).await.clues[0].id;
        service::take_back_clue(&place.app, &officer, id, clue).await.unwrap();
        assert_eq!(names(&place, id).await, before);
        assert_eq!(reports_with(&place, Kind::Imei, IMEI).await, 0);
        let again = service::take_back_clue(&place.app, &officer, id, clue).await;
        assert!(matches!(again, Err(ReportError::NotFound)), "{again:?}");
        add(&place, id, Kind::Imei, IMEI).await.unwrap();
        let clues = full(&place, id).await.clues;
        assert_eq!(clues.iter().map(|c| c.taken_back_at.is_some()).collect::<Vec<_>>(), [true, false]);
        // Erasure takes them, too.
        service::expunge(&place.app, &Actor::system("retention"), id).await.unwrap();
        let left = place.app.db.read(move |tx| tx.query_one(&LEFT, db::params![id], |r| r.get::<i64>(0)));
        assert_eq!(left.await.unwrap(), 0);
        assert_eq!(reports_with(&place, Kind::Imei, IMEI).await, 0);
    });
}

const LEFT: db::Stmt = db::Stmt::both("test.clues", "SELECT COUNT(*) FROM report_clue WHERE report_id = ?1");
