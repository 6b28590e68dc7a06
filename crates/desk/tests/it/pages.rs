//! Pages and acts.

use http::StatusCode;
use order::Status;

use crate::place::{deliver, on_each};

/// The receiving account as pages show it.
fn account() -> String {
    web::grouped("KZ188010000000000017", 4)
}

#[test]
fn strangers_are_led_to_the_door() {
    on_each("aliya", async |place| {
        let place = place.stranger();
        for path in ["/desk", "/desk/board", "/desk/orders", "/desk/approvals"] {
            let answer = place.get(path).await;
            assert_eq!(
                (answer.status, answer.location().starts_with("/sign-in")),
                (StatusCode::SEE_OTHER, true),
                "{path}"
            );
        }
        assert_eq!(place.post("/desk/orders/send", "").await.status, StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn an_administrator_sees_no_report() {
    on_each("erzhan", async |place| {
        assert_eq!(place.get("/desk").await.status, StatusCode::NOT_FOUND);
        let real = place.get(&format!("/desk/reports/{}", place.number)).await;
        let none = place.get("/desk/reports/R-2026-00000000").await;
        assert_eq!((real.status, none.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    });
}

#[test]
fn what_was_told_is_shown_safely() {
    on_each("aliya", async |place| {
        let page = place.page(&format!("/desk/reports/{}", place.number)).await;
        assert!(page.contains("&#60;b&#62;Әсел") && page.contains("&#60;script&#62;"), "{page}");
        assert!(!page.contains("<script>alert"));
        assert!(page.contains(&account()) && page.contains("lang=\"kk\""));
        let rows = place.page("/desk/rows?q=why%3Adrafts").await;
        assert!(rows.contains(&place.number) && !rows.contains("<html"));
        assert!(!place.page("/desk/rows?q=is%3Aclosed").await.contains(&place.number));
    });
}

#[test]
fn acts_inside_the_house_are_taken_back() {
    on_each("aliya", async |place| {
        let (path, undo) = (format!("/desk/reports/{}", place.number), |act: &str| {
            format!("/desk/undo/{act}?n={}", place.number)
        });
        let listed = async |q: &str| place.page(&format!("/desk/rows?q={q}")).await.contains(&place.number);
        assert_eq!(place.post(&format!("{path}/take"), "").await.status, StatusCode::SEE_OTHER);
        assert!(listed("is:mine").await);
        assert_eq!(place.post(&undo("take"), "back=%2Fdesk").await.location(), "/desk");
        assert!(!listed("is:mine").await);
        assert_eq!(
            place.post(&format!("{path}/snooze"), "reason=+&secs=900").await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        place.post(&format!("{path}/snooze"), "reason=waits&secs=60&back=https%3A%2F%2Fevil.kz").await;
        assert!(!listed("").await && listed("is:snoozed").await);
        place.post(&undo("snooze"), "").await;
        // Bug: one click closed a report behind which orders ran, without a word why.
        let asks = place.post(&format!("{path}/close"), "").await;
        assert!(asks.status == StatusCode::OK && asks.body.contains("name=\"asked\""), "{}", asks.body);
        let silent = place.post(&format!("{path}/close"), "asked=1&reason=+").await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(listed("").await);
        place.post(&format!("{path}/close"), "reason=done").await;
        assert_eq!(place.post(&format!("{path}/close"), "reason=again").await.status, StatusCode::CONFLICT);
        let snoozed = place.post(&format!("{path}/snooze"), "reason=waits&secs=900").await;
        assert_eq!(snoozed.status, StatusCode::CONFLICT, "what is closed is not put off");
        assert!(!listed("").await && listed("is:closed").await);
        place.post(&undo("close"), "").await;
        assert!(listed("").await);
        assert_eq!(place.post(&undo("nonsense"), "").await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_draft_is_shown_and_sent_once_and_released() {
    on_each("aliya", async |place| {
        let plan = place.page(&format!("/desk/reports/{}/orders", place.number)).await;
        let account = account();
        for words in
            ["ZALT", "ZAFC", account.as_str(), "250,000", "Article 25-1", "data-send", "Send orders: 1"]
        {
            assert!(plan.contains(words), "{words}");
        }
        let order = place.order().await;
        let sent = place.post("/desk/orders/send", &format!("id={}&back=%2Fdesk%2Forders", order.id)).await;
        assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/desk/orders"));
        assert_eq!(place.order().await.status, Status::Sent);
        let again = place.post("/desk/orders/send", &format!("id={}", order.id)).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        assert!(again.body.contains("The order was sent before."), "{}", again.body);
        deliver(&place.app).await;
        assert!(place.page("/desk/board").await.contains(&place.number));
        assert!(place.page("/desk/board/rows?by=partner").await.contains("ZAFC"));
        let path = format!("/desk/orders/{}", order.id);
        assert!(place.page(&path).await.contains(&format!("{path}/release")));
        assert!(place.page(&format!("{path}/release")).await.contains("ZALT"));
        assert_eq!(
            place.post(&format!("{path}/release"), "code=L60&reason=x").await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(place.post(&format!("{path}/release"), "code=L61&reason=wrong").await.location(), path);
        assert_eq!(place.order().await.status, Status::Released);
    });
}

#[test]
fn a_draft_is_cancelled_with_a_reason() {
    on_each("aliya", async |place| {
        let path = format!("/desk/orders/{}/cancel", place.order().await.id);
        assert_eq!(place.post(&path, "reason=").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let long = "a".repeat(501);
        let refused = place.post(&path, &format!("reason={long}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(&long), "nothing typed is lost");
        assert_eq!(place.post(&path, "reason=double").await.status, StatusCode::SEE_OTHER);
        assert_eq!(place.order().await.status, Status::Cancelled);
        assert!(place.page("/desk/orders").await.contains("No orders to send"));
    });
}

#[test]
fn a_message_pressed_twice_is_one() {
    on_each("aliya", async |place| {
        let path = format!("/desk/reports/{}", place.number);
        for _ in 0..2 {
            place.post(&format!("{path}/message"), "text=call+us+back").await;
        }
        assert_eq!(place.page(&path).await.matches("call us back").count(), 1);
    });
}

#[test]
fn approvals_are_drafted_with_their_limits_and_revoked() {
    on_each("aliya", async |place| {
        let page = place.page("/desk/approvals").await;
        let value = page
            .split("value=\"")
            .map(|p| p.split('"').next().unwrap())
            .find(|v| v.ends_with("@hold"))
            .unwrap();
        let form = |day: &str| format!("basis={value}&order=1000000&day={day}&hop=3&days=30&reason=night");
        let wrong = place.post("/desk/approvals", &form("500000")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("The cap per day must not be below the cap per order."));
        assert_eq!(place.post("/desk/approvals", &form("5000000")).await.status, StatusCode::SEE_OTHER);
        let page = place.page("/desk/approvals").await;
        assert!(
            page.contains("1,000,000") && page.contains("Deepest hop: 3") && !page.contains("/sign\""),
            "an author cannot sign"
        );
        let revoke = page
            .split("href=\"")
            .map(|p| p.split('"').next().unwrap())
            .find(|v| v.ends_with("/revoke"))
            .unwrap();
        assert_eq!(place.post(revoke, "reason=").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(place.post(revoke, "reason=over").await.status, StatusCode::SEE_OTHER);
        assert!(place.page("/desk/approvals").await.contains("revoked"));
    });
}

#[test]
fn signing_asks_for_a_fresh_code() {
    on_each("daur", async |place| {
        let path = "/desk/approvals/sta_00000000000000000000000000000001/1/sign";
        let answer = place.get(path).await;
        assert!(
            answer.location().starts_with("/step-up") || answer.status == StatusCode::NOT_FOUND,
            "{}",
            answer.status
        );
    });
}

#[test]
fn an_old_undo_takes_back_nothing_of_a_colleague() {
    on_each("aliya", async |place| {
        let path = format!("/desk/reports/{}", place.number);
        place.post(&format!("{path}/take"), "").await;
        place.advance_secs(60);
        let marat = kernel::Actor::Staff {
            user: uuid::Uuid::from_u128(9),
            name: "Марат".to_owned(),
            roles: vec![kernel::Role::DutyOfficer],
            unit: format!("{}/{}", place.app.node.code, place.app.node.unit),
        };
        let refused = desk::service::take(&place.app, &marat, &place.number).await;
        assert!(
            matches!(refused, Err(desk::service::DeskError::Taken)),
            "nobody's is taken from them unseen"
        );
        desk::service::give_back(&place.app, &marat, &place.number).await.unwrap();
        desk::service::take(&place.app, &marat, &place.number).await.unwrap();
        place.advance_secs(60);
        let undone = place.post(&format!("/desk/undo/take?n={}", place.number), "").await;
        assert_eq!(undone.status, StatusCode::SEE_OTHER);
        let row = desk::service::row_of(&place.app, &marat, &place.number).await.unwrap().unwrap();
        assert_eq!(row.owner, Some(uuid::Uuid::from_u128(9)), "it is still the colleague's");
    });
}
