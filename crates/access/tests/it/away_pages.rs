//! The pages of absence and delegation, over the router.

use http::StatusCode;
use kernel::Role;

use crate::http::{Answer, ask, page, sign_in, submit};
use crate::support::{Person, Place, on_each};

async fn enter(place: &Place, login: &str, role: Role) -> (String, String) {
    let person = Person::new(&place.app, login, &[role]).await;
    let cookie = sign_in(place, &person, "").await.cookie().0 + "; lang=ru";
    (cookie, person.created.id.uuid().to_string())
}

/// What stands between `from` and the next `<` or `"`.
fn after<'a>(answer: &'a Answer, from: &str) -> &'a str {
    let rest = answer.body.split_once(from).unwrap_or_else(|| panic!("{from} in {}", answer.body)).1;
    rest.split(['<', '"']).next().unwrap()
}

fn day(place: &Place, days: i64) -> String {
    let at = place.app.office.now().plus_secs(days * 86_400);
    web::day::written(place.app.profile.civil_date(at))
}

#[test]
fn absence_by_the_pages() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let cookie = sign_in(&place, &aliya, "").await.cookie().0 + "; lang=ru";
        let shown = ask(app, page("/desk/away", &cookie), "").await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
        for words in
            ["Вы не отмечали отсутствия", "Вам не передавали права подписи", "передаёт только утверждающий"]
        {
            assert!(shown.body.contains(words), "{words}: {}", shown.body);
        }
        assert!(!shown.body.contains("/desk/away/people") && !shown.body.contains("/desk/away/deputy"));
        let id = after(&shown, "name=\"absence\" value=\"").to_owned();
        let send =
            async |rest: &str| ask(app, submit("/desk/away", &cookie), &format!("absence={id}&{rest}")).await;
        for (rest, words) in [
            ("why=&from=&till=", "Выберите причину"),
            ("why=leave&from=x&till=01.02.2030", "Укажите день и время начала"),
            ("why=leave&from=01.02.2030&till=32.02.2030", "Укажите день и время возвращения"),
            ("why=leave&from=02.02.2030&till=01.02.2030", "Возвращение должно быть позже начала"),
            ("why=leave&from=01.02.2001&till=02.02.2001", "Это время уже прошло"),
            ("why=leave&from=01.02.2030&till=01.06.2032", "не больше 366 дней"),
        ] {
            let wrong = send(rest).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{rest}");
            assert!(wrong.body.contains(words), "{rest}: {}", wrong.body);
            assert_eq!(after(&wrong, "name=\"absence\" value=\""), id, "the same form");
        }
        let rest = format!("why=sick&from={}&till={}+09:00", day(&place, -1), day(&place, 7));
        let done = send(&rest).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/desk/away"), "{}", done.body);
        let shown = ask(app, page("/desk/away", &cookie), "").await;
        assert!(shown.body.contains("Стоит отметка о вашем отсутствии") && shown.body.contains("болезнь"));

        // Whoever signs in while away is asked, and led on either way.
        let inside = sign_in(&place, &aliya, "/desk/orders").await;
        assert_eq!(inside.location(), "/desk/away/back?next=%2Fdesk%2Forders");
        let cookie = inside.cookie().0 + "; lang=ru";
        let asked = ask(app, page(inside.location(), &cookie), "").await;
        assert!(
            asked.body.contains("<h1>Вы вернулись?</h1>") && asked.body.contains("href=\"/desk/orders\"")
        );
        let back = ask(app, submit("/desk/away/back", &cookie), "next=%2Fdesk%2Forders").await;
        assert_eq!((back.status, back.location()), (StatusCode::SEE_OTHER, "/desk/orders"));
        let inside = sign_in(&place, &aliya, "/desk/orders").await;
        assert_eq!(inside.location(), "/desk/orders", "not asked again");
        assert_eq!(ask(app, page("/desk/away/back", &cookie), "").await.status, StatusCode::SEE_OTHER);
        assert!(ask(app, page("/desk/away", ""), "").await.location().starts_with("/sign-in?next="));
    });
}

#[test]
fn the_head_says_it_for_somebody_and_takes_it_back() {
    on_each(|place| async move {
        let app = &place.app;
        let (aliya, id) = enter(&place, "aliya", Role::DutyOfficer).await;
        let (head, own) = enter(&place, "daur", Role::Approver).await;
        let at = format!("/desk/away/people/{id}");
        for path in ["/desk/away/people", &at, "/desk/away/deputy"] {
            assert_eq!(ask(app, page(path, &aliya), "").await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let list = ask(app, page("/desk/away/people", &head), "").await;
        assert!(
            list.body.contains("Сейчас никто никого не замещает") && list.body.contains(&at),
            "{}",
            list.body
        );
        let form = ask(app, page(&at, &head), "").await;
        let absence = after(&form, "name=\"absence\" value=\"").to_owned();
        let rest = format!("absence={absence}&why=leave&from={}&till={}", day(&place, 0), day(&place, 3));
        let done = ask(app, submit(&at, &head), &rest).await;
        assert_eq!(done.location(), "/desk/away/people", "{}", done.body);
        let own_rest = rest.replace(&absence, "abs_x");
        assert_eq!(ask(app, submit(&at, &aliya), &own_rest).await.status, StatusCode::NOT_FOUND);
        let list = ask(app, page("/desk/away/people", &head), "").await;
        assert!(list.body.contains("отпуск"), "{}", list.body);
        let end = format!("/desk/away/absences/{absence}/end");
        let ended = ask(app, submit(&end, &head), "").await;
        assert_eq!((ended.status, ended.location()), (StatusCode::SEE_OTHER, "/desk/away/people"));
        // An approver who is away and has no deputy is a gap that the page names.
        let rest = format!("absence={}&why=leave&from={}&till={}", "", day(&place, 0), day(&place, 3));
        let form = ask(app, page(&format!("/desk/away/people/{own}"), &head), "").await;
        let absence = after(&form, "name=\"absence\" value=\"").to_owned();
        let rest = rest.replace("absence=", &format!("absence={absence}"));
        ask(app, submit(&format!("/desk/away/people/{own}"), &head), &rest).await;
        let list = ask(app, page("/desk/away/people", &head), "").await;
        assert!(list.body.contains("подписывать некому"), "{}", list.body);
    });
}

/// Bug: a form that was sent more than five minutes after the last code was lost with everything typed into it.
#[test]
fn a_form_that_is_sent_too_late_keeps_what_was_typed_and_takes_a_code() {
    on_each(|place| async move {
        let app = &place.app;
        let (_, deputy_id) = enter(&place, "aliya", Role::DutyOfficer).await;
        let daur = Person::new(app, "daur", &[Role::Approver]).await;
        let giver = sign_in(&place, &daur, "").await.cookie().0 + "; lang=ru";
        let form = ask(app, page("/desk/away/deputy", &giver), "").await;
        let id = after(&form, "name=\"id\" value=\"").to_owned();
        let (first, last) = (day(&place, 0), day(&place, 10));
        let typed = format!(
            "id={id}&deputy={deputy_id}&unit=own&measures=hold&first={first}&last={last}&number=45-n&ground=Otpusk-po-grafiku"
        );
        assert!(!form.body.contains("name=\"code\""), "asked for only where it is needed");
        place.clock.advance_secs(301);
        for (code, words) in [("", "всё, что вы написали, на месте"), ("&code=000000", "Код неверный")]
        {
            let late = ask(app, submit("/desk/away/deputy", &giver), &format!("{typed}{code}")).await;
            assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", late.body);
            for kept in [words, "name=\"code\"", "Otpusk-po-grafiku", "value=\"45-n\"", id.as_str()] {
                assert!(late.body.contains(kept), "{kept}: {}", late.body);
            }
        }
        let code = daur.code(&place.clock);
        let done = ask(app, submit("/desk/away/deputy", &giver), &format!("{typed}&code={code}")).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    });
}

#[test]
fn a_deputy_is_named_accepts_and_is_confirmed_by_the_pages() {
    on_each(|place| async move {
        let app = &place.app;
        let (deputy, deputy_id) = enter(&place, "aliya", Role::DutyOfficer).await;
        let (boss, _) = enter(&place, "erzhan", Role::Administrator).await;
        let (giver, _) = enter(&place, "daur", Role::Approver).await;
        let form = ask(app, page("/desk/away/deputy", &giver), "").await;
        assert_eq!(form.status, StatusCode::OK, "{}", form.body);
        assert!(form.body.contains(&deputy_id) && form.body.contains("Наибольший срок, дней: 45"));
        let id = after(&form, "name=\"id\" value=\"").to_owned();
        let send = async |rest: &str| {
            ask(app, submit("/desk/away/deputy", &giver), &format!("id={id}&{rest}")).await
        };
        let (first, last) = (day(&place, 0), day(&place, 10));
        let good = format!(
            "deputy={deputy_id}&unit=own&measures=hold&most=1+000+000&first={first}&last={last}&number=45-%D2%9B&ground=%3Cb%3Eotpusk"
        );
        for (from, to, words) in [
            (deputy_id.as_str(), "x", "Выберите замещающего"),
            ("unit=own", "unit=x", "Выберите, чьи требования"),
            ("measures=hold", "measures=seize", "Одна из мер неизвестна"),
            ("most=1+000+000", "most=-5", "Укажите сумму больше нуля"),
            (first.as_str(), "x", "Укажите первый день"),
            (last.as_str(), "x", "Укажите последний день"),
            (last.as_str(), "01.01.2099", "Срок больше допустимого"),
            ("number=45-%D2%9B", "number=", "Укажите номер и дату приказа"),
            ("ground=%3Cb%3Eotpusk", "ground=", "Напишите, что сказано в приказе"),
        ] {
            let wrong = send(&good.replace(from, to)).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{to}");
            assert!(wrong.body.contains(words), "{words}: {}", wrong.body);
        }
        let done = send(&good).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let at = done.location().to_owned();
        let shown = ask(app, page(&at, &deputy), "").await;
        assert!(
            shown.body.contains("ждёт согласия замещающего") && shown.body.contains(&format!("{at}/accept"))
        );
        assert!(
            shown.body.contains("&#60;b&#62;otpusk") && shown.body.contains("1&#160;000&#160;000")
                || shown.body.contains("1\u{a0}000\u{a0}000"),
            "{}",
            shown.body
        );
        let strange = ask(app, submit(&format!("{at}/confirm"), &deputy), "").await;
        assert_eq!(strange.status, StatusCode::CONFLICT);
        let accepted = ask(app, submit(&format!("{at}/accept"), &deputy), "").await;
        assert_eq!(accepted.location(), at, "{}", accepted.body);
        let list = ask(app, page("/desk/away/people", &boss), "").await;
        assert!(list.body.contains("Ждут подтверждения"), "{}", list.body);
        // What gives power away wants a fresh code; ending it does not.
        place.clock.advance_secs(301);
        let led = ask(app, submit(&format!("{at}/confirm"), &boss), "").await;
        assert!(led.location().starts_with("/step-up?next="), "{}", led.location());
        let ended = ask(app, submit(&format!("{at}/end"), &giver), "").await;
        assert_eq!(ended.location(), at);
        let shown = ask(app, page(&at, &giver), "").await;
        assert!(shown.body.contains("прекращено") && !shown.body.contains(&format!("{at}/end")));
        assert!(ask(app, page("/desk/away/deputy", &giver), "").await.location().starts_with("/step-up"));
    });
}
