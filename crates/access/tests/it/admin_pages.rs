//! The administrator's pages of accounts, over the router.

use access::{accounts, demo_accounts};
use app::App;
use http::StatusCode;
use kernel::{Role, Secret};

use crate::http::{Answer, ask, page, sign_in, submit};
use crate::support::{Person, Place, on_each, setup};

/// An administrator's cookie.
async fn enter(place: &Place) -> String {
    let erzhan = Person::new(&place.app, "erzhan", &[Role::Administrator]).await;
    let answer = sign_in(place, &erzhan, "").await;
    assert_eq!(answer.location(), "/admin/accounts", "no place at the desk");
    answer.cookie().0 + "; lang=ru"
}

async fn id_of(app: &App, login: &str) -> String {
    let all = accounts(app, &setup()).await.unwrap();
    all.iter().find(|a| a.login == login).unwrap().id.to_string()
}

/// What stands between `from` and the next `<` or `"`.
fn after<'a>(answer: &'a Answer, from: &str) -> &'a str {
    let rest = answer.body.split_once(from).unwrap_or_else(|| panic!("{from} in {}", answer.body)).1;
    rest.split(['<', '"']).next().unwrap()
}

#[test]
fn the_list_filters_sorts_and_is_an_administrators_only() {
    on_each(|place| async move {
        let app = &place.app;
        let boss = enter(&place).await;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        Person::new(app, "zhanar", &[Role::Approver]).await;
        access::set_active(app, &setup(), "zhanar", false, "on leave").await.unwrap();
        let order = |body: &str| -> Vec<usize> {
            ["<code>aliya", "<code>erzhan", "<code>zhanar"]
                .iter()
                .map(|login| body.find(login).unwrap_or(0))
                .collect()
        };
        let all = ask(app, page("/admin/accounts", &boss), "").await;
        let at = order(&all.body);
        assert!(at[0] > 0 && at[0] < at[1] && at[1] < at[2], "{at:?}");
        assert!(all.body.contains("ни разу") && all.body.contains("закрыта") && all.body.contains("ваша"));
        assert!(all.body.contains("href=\"/admin/accounts?sort=login\""), "{}", all.body);
        let back = ask(app, page("/admin/accounts?sort=-login", &boss), "").await;
        let at = order(&back.body);
        assert!(at[0] > at[1] && at[1] > at[2], "{at:?}");
        for (filter, found) in [
            ("is:closed", "zhanar"),
            ("role:duty_officer", "aliya"),
            ("ALI", "aliya"),
            ("%D1%83%D1%82%D0%B2%D0%B5%D1%80%D0%B6%D0%B4", "zhanar"),
            ("role:administrator+is:open", "erzhan"),
        ] {
            let some = ask(app, page(&format!("/admin/accounts?q={filter}"), &boss), "").await;
            assert_eq!(some.body.matches("<tr data-row>").count(), 1, "{filter}: {}", some.body);
            assert!(some.body.contains(&format!("<code>{found}")), "{filter}");
        }
        for filter in ["role:boss", "is:evil", "zzz"] {
            let none = ask(app, page(&format!("/admin/accounts?q={filter}"), &boss), "").await;
            assert!(
                none.body.contains("class=\"empty\"") && !none.body.contains("<tr data-row>"),
                "{filter}"
            );
        }

        // For everybody else there are no such pages.
        let (officer, _) = sign_in(&place, &aliya, "").await.cookie();
        place.clock.advance_secs(400);
        let id = id_of(app, "zhanar").await;
        for path in ["", "/new", &format!("/{id}"), &format!("/{id}/reset"), &format!("/{id}/close")] {
            let path = format!("/admin/accounts{path}");
            let hidden = ask(app, page(&path, &officer), "").await;
            assert_eq!(hidden.status, StatusCode::NOT_FOUND, "{path}");
            let door = ask(app, page(&path, ""), "").await;
            assert!(door.location().starts_with("/sign-in?next="), "{path}");
        }
        for path in ["new", &format!("{id}/reset"), &format!("{id}/open"), &format!("{id}/sessions/end")] {
            let hidden = ask(app, submit(&format!("/admin/accounts/{path}"), &officer), "reason=x").await;
            assert_eq!(hidden.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert!(!accounts(app, &setup()).await.unwrap().iter().any(|a| a.login == "zhanar" && a.active));
        let absent = ask(app, page("/admin/accounts/acc_0", &boss), "").await;
        assert_eq!(absent.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn an_account_is_added_and_its_secrets_shown_once() {
    on_each(|place| async move {
        let app = &place.app;
        let boss = enter(&place).await;
        // Without a fresh code the page leads to it and back, and what is sent all the same is refused.
        place.clock.advance_secs(301);
        let led = ask(app, page("/admin/accounts/new", &boss), "").await;
        assert_eq!(led.location(), "/step-up?next=%2Fadmin%2Faccounts%2Fnew");
        let late = ask(app, submit("/admin/accounts/new", &boss), "login=x").await;
        assert_eq!(late.status, StatusCode::FORBIDDEN);
    });
    on_each(|place| async move {
        let app = &place.app;
        let boss = enter(&place).await;
        let form = ask(app, page("/admin/accounts/new", &boss), "").await;
        let id = after(&form, "name=\"account\" value=\"").to_owned();
        let send = async |rest: &str| {
            ask(app, submit("/admin/accounts/new", &boss), &format!("account={id}&unit=duty{rest}")).await
        };
        for (rest, words) in [
            ("&login=Бо&name=Болат&roles=duty_officer", "В логине должно быть"),
            ("&login=bolat&name=&roles=duty_officer", "Укажите имя человека"),
            ("&login=bolat&name=Болат", "Выберите хотя бы одну роль"),
            ("&login=bolat&name=Болат&roles=administrator&roles=approver", "не сочетаются с другими"),
            ("&login=bolat&name=Болат&roles=prosecutor&roles=duty_officer", "не сочетаются с другими"),
            ("&login=bolat&name=Болат&roles=boss", "Выберите хотя бы одну роль"),
            ("&login=erzhan&name=Болат&roles=approver", "Такой логин уже есть"),
        ] {
            let wrong = send(rest).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{rest}");
            assert!(wrong.body.contains(words), "{rest}: {}", wrong.body);
            assert_eq!(after(&wrong, "name=\"account\" value=\""), id, "the same form");
        }
        let all = send("&login=&name=").await;
        assert_eq!(all.body.matches("<li><a href=\"#f-").count(), 3, "all at once: {}", all.body);
        let kept = send("&login=bolat&name=Болат&roles=administrator&roles=approver").await;
        assert!(kept.body.contains("value=\"Болат\"") && kept.body.matches(" checked").count() == 2);

        let good = "&login=bolat&name=Болат&roles=duty_officer&roles=approver";
        send(good).await;
        let shown = send(good).await;
        assert_eq!(shown.status, StatusCode::OK, "a second press shows secrets that work: {}", shown.body);
        assert_eq!(shown.headers.get("cache-control").unwrap(), "no-store");
        let secret = after(&shown, "id=\"handed-secret\">").replace(' ', "");
        let password = after(&shown, "id=\"handed-password\">").to_owned();
        assert!(after(&shown, "id=\"handed-otpauth\">").starts_with("otpauth://totp/Qorgan:bolat?"));
        let created =
            access::Created { id: id.parse().unwrap(), totp_secret: secret.clone(), otpauth: String::new() };
        let bolat = Person::with("bolat", created);
        place.clock.advance_secs(30);
        let password = Secret::new(password);
        let attempt = access::Attempt { password: password.clone(), ..bolat.attempt(&place.clock) };
        assert!(access::sign_in(app, attempt).await.is_ok());
        for path in ["/admin/accounts".to_owned(), format!("/admin/accounts/{id}")] {
            let later = ask(app, page(&path, &boss), "").await;
            assert_eq!(later.status, StatusCode::OK);
            assert!(later.body.contains("Болат") && later.body.contains("дежурный сотрудник, утверждающий"));
            assert!(!later.body.contains(&secret) && !later.body.contains(password.expose().as_str()));
        }
    });
}

#[test]
fn closing_opening_new_secrets_and_sessions_by_the_pages() {
    on_each(|place| async move {
        let app = &place.app;
        let boss = enter(&place).await;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let (inside, _) = sign_in(&place, &aliya, "").await.cookie();
        let at = format!("/admin/accounts/{}", id_of(app, "aliya").await);
        let (close, open, reset) = (format!("{at}/close"), format!("{at}/open"), format!("{at}/reset"));

        let shown = ask(app, page(&at, &boss), "").await;
        let session = after(&shown, "name=\"session\" value=\"").to_owned();
        let ended =
            ask(app, submit(&format!("{at}/sessions/end"), &boss), &format!("session={session}")).await;
        assert_eq!((ended.status, ended.location()), (StatusCode::SEE_OTHER, at.as_str()));
        assert_eq!(ask(app, page("/maybe", &inside), "").await.body, "nobody");

        let asked = ask(app, page(&close, &boss), "").await;
        assert!(
            asked.body.contains("<h1>Закрыть учётную запись</h1>") && asked.body.contains("name=\"reason\"")
        );
        let empty = ask(app, submit(&close, &boss), "reason=+").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.body.contains("Напишите причину"));
        let closed = ask(app, submit(&close, &boss), "reason=%3Cb%3Eotpusk").await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER);
        let shown = ask(app, page(&at, &boss), "").await;
        assert!(shown.body.contains("закрыта") && shown.body.contains("&#60;b&#62;otpusk"), "{}", shown.body);
        assert!(!accounts(app, &setup()).await.unwrap()[0].active);

        // Closing may be urgent; opening again and new secrets want a fresh code.
        place.clock.advance_secs(301);
        for path in [&open, &reset] {
            assert!(ask(app, page(path, &boss), "").await.location().starts_with("/step-up?next="), "{path}");
            assert_eq!(ask(app, submit(path, &boss), "reason=x").await.status, StatusCode::FORBIDDEN);
        }
        assert_eq!(ask(app, page(&close, &boss), "").await.status, StatusCode::OK);
        assert!(!accounts(app, &setup()).await.unwrap()[0].active);
    });
    on_each(|place| async move {
        let app = &place.app;
        let boss = enter(&place).await;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let at = format!("/admin/accounts/{}", id_of(app, "aliya").await);
        access::set_active(app, &setup(), "aliya", false, "on leave").await.unwrap();
        let opened = ask(app, submit(&format!("{at}/open"), &boss), "reason=back").await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
        assert!(accounts(app, &setup()).await.unwrap()[0].active);
        let renewed = ask(app, submit(&format!("{at}/reset"), &boss), "").await;
        assert_eq!(renewed.status, StatusCode::OK);
        assert_ne!(after(&renewed, "id=\"handed-secret\">").replace(' ', ""), aliya.created.totp_secret);
        // One's own account: no buttons, and whatever is sent is refused.
        let own = format!("/admin/accounts/{}", id_of(app, "erzhan").await);
        let shown = ask(app, page(&own, &boss), "").await;
        assert!(shown.body.contains("/me/sessions") && !shown.body.contains("/close\""), "{}", shown.body);
        for path in ["close", "open", "reset", "sessions/end"] {
            let refused = ask(app, submit(&format!("{own}/{path}"), &boss), "reason=x&session=x").await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        }
    });
}

#[test]
fn the_last_administrator_is_told_in_words() {
    on_each(|place| async move {
        let demo = App { demo: true, ..place.app.clone() };
        demo_accounts(&demo).await.unwrap();
        let place = Place { app: demo.clone(), ..place };
        let dina = Person::new(&demo, "dina", &[Role::Administrator]).await;
        let cookie = sign_in(&place, &dina, "").await.cookie().0;
        // Two administrators: one may go, and with the demonstration closed over, the same people are one.
        let at = format!("/admin/accounts/{}/close", id_of(&demo, "erzhan").await);
        assert_eq!(ask(&demo, submit(&at, &cookie), "reason=x").await.status, StatusCode::SEE_OTHER);
        let real = App { demo: false, ..demo.clone() };
        let last = access::set_active(&real, &setup(), "dina", false, "x").await;
        assert!(matches!(last, Err(access::AccountError::LastAdministrator)));
    });
}

/// Whoever made the account has seen its first password: the person chooses another.
#[test]
fn people_change_their_own_password() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let (other, _) = sign_in(&place, &aliya, "").await.cookie();
        let (cookie, _) = sign_in(&place, &aliya, "").await.cookie();
        let cookie = cookie + "; lang=ru";
        let menu = ask(app, page("/me/sessions", &cookie), "").await;
        assert!(menu.body.contains("href=\"/me/sessions\">Сеансы и пароль"), "{}", menu.body);
        assert!(menu.body.contains("href=\"/me/password\""));
        let send = async |current: &str, new: &str| {
            let form = format!("current={}&new={}", web::encode(current), web::encode(new));
            ask(app, submit("/me/password", &cookie), &form).await
        };
        let new = "ескі үйдің жаңа кілті";
        for (current, new, words) in [
            ("wrong wrong wrong", new, "Нынешний пароль указан неверно"),
            (crate::support::PASSWORD, "short", "Введите не меньше 12 знаков"),
            (crate::support::PASSWORD, "password1234", "легко подобрать"),
        ] {
            let refused = send(current, new).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.body.contains(words), "{words}: {}", refused.body);
            assert!(!refused.body.contains("value=\"short") && !refused.body.contains("wrong wrong"));
        }
        let done = send(crate::support::PASSWORD, new).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/me/sessions"));
        assert_eq!(ask(app, page("/maybe", &other), "").await.body, "nobody", "other sessions end");
        assert_eq!(ask(app, page("/maybe", &cookie), "").await.body, "Әсел aliya", "this one stays");
        assert!(aliya.sign_in(&place).await.is_err(), "the old one opens nothing");
        place.clock.advance_secs(30);
        let attempt =
            access::Attempt { password: Secret::new(new.to_owned()), ..aliya.attempt(&place.clock) };
        assert!(access::sign_in(app, attempt).await.is_ok());
        let acts = crate::support::records(app, aliya.created.id.uuid()).await;
        assert_eq!(acts.iter().filter(|(act, _)| act == "account.password_changed").count(), 1);
        // An open session is no place to guess from.
        for _ in 0..5 {
            send("wrong wrong wrong", new).await;
        }
        assert_eq!(send(new, "көк тау, ақ бұлт, 8 жол").await.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(ask(app, page("/me/password", ""), "").await.location().starts_with("/sign-in"));
    });
}
