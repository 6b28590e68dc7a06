//! Signing in, staying signed in, entering a code anew; on both engines.

use access::{
    ABSOLUTE_SECS, AccessError, Attempt, Client, IDLE_SECS, SessionId, SignInError, end_other_sessions,
    end_session, open_session, require_step_up, sessions, sign_out, step_up,
};
use kernel::{Role, Secret};
use uuid::Uuid;

use crate::support::{BROWSER, Person, client, on_each, records};

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

#[test]
fn in_and_out_with_records_of_both() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let inside = aliya.sign_in(&place).await.unwrap();
        let session = open_session(app, inside.token.expose(), BROWSER).await.unwrap().unwrap();
        assert_eq!(
            session.actor,
            access::staff(aliya.created.id.uuid(), "Әсел aliya", &[Role::DutyOfficer], "KZ-TEST", "duty")
        );
        assert_eq!((session.login.as_str(), &session.actor), ("aliya", &inside.actor));
        sign_out(app, &session).await.unwrap();
        assert!(open_session(app, inside.token.expose(), BROWSER).await.unwrap().is_none());
        sign_out(app, &session).await.unwrap();
        let me = format!("staff:{}", aliya.created.id.uuid());
        let told = records(app, aliya.created.id.uuid()).await;
        let expected =
            [("account.created", "system:setup"), ("staff.signed_in", &me), ("staff.signed_out", &me)];
        assert_eq!(told, expected.map(|(act, who)| (act.to_owned(), who.to_owned())));
    });
}

#[test]
fn the_login_is_read_with_blanks_and_capitals() {
    on_each(|place| async move {
        let aliya = Person::new(&place.app, "aliya", &[Role::DutyOfficer]).await;
        let attempt = Attempt { login: " Aliya ".to_owned(), ..aliya.attempt(&place.clock) };
        assert!(access::sign_in(&place.app, attempt).await.is_ok());
    });
}

#[test]
fn whatever_is_wrong_the_answer_is_one() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let right = || aliya.attempt(&place.clock);
        let far = |n: u8| client(&format!("198.51.100.{n}"));
        let wrong = [
            Attempt { login: "aliyah".into(), client: far(1), ..right() },
            Attempt { login: String::new(), client: far(2), ..right() },
            Attempt { login: "a".repeat(100_000), client: far(3), ..right() },
            Attempt { password: secret("көк тау, ақ бұлт, 8 жол"), client: far(4), ..right() },
            Attempt { password: secret(""), client: far(5), ..right() },
            Attempt { password: secret(&"ж".repeat(100_000)), client: far(6), ..right() },
            Attempt { code: secret("000000"), client: far(7), ..right() },
            Attempt { code: secret(""), client: far(8), ..right() },
        ];
        for attempt in wrong {
            let login: String = attempt.login.chars().take(20).collect();
            let got = access::sign_in(app, attempt).await;
            assert!(matches!(got, Err(SignInError::Wrong)), "{login} {got:?}");
        }
        // Failures are recorded: with the account where there is one, without a name where there is none.
        let of_account = records(app, aliya.created.id.uuid()).await;
        assert_eq!(
            of_account.iter().filter(|r| *r == &("staff.sign_in_failed".into(), "public".into())).count(),
            5
        );
        let of_nobody = records(app, Uuid::nil()).await;
        assert_eq!(of_nobody.len(), 3, "{of_nobody:?}");
        // None of them used the code up.
        assert!(access::sign_in(app, right()).await.is_ok());
    });
}

#[test]
fn a_code_works_once_even_for_two_at_once() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let attempt = aliya.attempt(&place.clock);
        let (a, b) =
            tokio::join!(access::sign_in(app, attempt.clone()), access::sign_in(app, attempt.clone()));
        assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|ok| **ok).count(), 1, "{a:?} {b:?}");
        assert!(matches!(access::sign_in(app, attempt).await, Err(SignInError::Wrong)));
        // The code before it is not taken either, though its time has not passed.
        assert!(aliya.sign_in(&place).await.is_ok());
    });
}

#[test]
fn tries_are_limited_by_login_and_address() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let bad = |address: &str| Attempt {
            password: secret("wrong wrong wrong"),
            client: client(address),
            ..aliya.attempt(&place.clock)
        };
        for _ in 0..5 {
            assert!(matches!(access::sign_in(app, bad("192.0.2.1")).await, Err(SignInError::Wrong)));
        }
        // Now even the right ones are refused from here, and it is the same for a login that does not exist.
        let got = access::sign_in(app, aliya.attempt(&place.clock)).await;
        assert!(matches!(got, Err(SignInError::TooMany { wait_secs: 900 })), "{got:?}");
        for attempt in 0..6 {
            let nobody = Attempt { login: "nobody".into(), ..bad("192.0.2.9") };
            let got = access::sign_in(app, nobody).await.unwrap_err();
            assert_eq!(matches!(got, SignInError::TooMany { .. }), attempt == 5, "{attempt} {got}");
        }
        // From another place the officer still gets in.
        let elsewhere = Attempt { client: client("203.0.113.5"), ..aliya.attempt(&place.clock) };
        assert!(access::sign_in(app, elsewhere).await.is_ok());
        // And from here after a quarter of an hour; refused tries do not make it longer.
        place.clock.advance_secs(14 * 60);
        assert!(matches!(
            access::sign_in(app, aliya.attempt(&place.clock)).await,
            Err(SignInError::TooMany { wait_secs: 60 })
        ));
        place.clock.advance_secs(60);
        assert!(access::sign_in(app, aliya.attempt(&place.clock)).await.is_ok());
    });
}

#[test]
fn a_good_try_forgives_the_bad_ones_before_it() {
    on_each(|place| async move {
        let aliya = Person::new(&place.app, "aliya", &[Role::DutyOfficer]).await;
        for _ in 0..3 {
            for _ in 0..4 {
                let bad = Attempt { code: secret("123"), ..aliya.attempt(&place.clock) };
                assert!(matches!(access::sign_in(&place.app, bad).await, Err(SignInError::Wrong)));
            }
            assert!(aliya.sign_in(&place).await.is_ok());
        }
    });
}

/// Strangers all over the world cannot lock an officer out of the place where the officer works.
#[test]
fn a_known_address_is_not_locked_out_by_others() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        aliya.sign_in(&place).await.unwrap();
        for n in 0..30 {
            let bad = Attempt {
                code: secret("1"),
                client: client(&format!("198.51.100.{}", n / 4)),
                ..aliya.attempt(&place.clock)
            };
            assert!(matches!(access::sign_in(app, bad).await, Err(SignInError::Wrong)), "{n}");
        }
        let elsewhere = Attempt { client: client("203.0.113.5"), ..aliya.attempt(&place.clock) };
        assert!(matches!(access::sign_in(app, elsewhere).await, Err(SignInError::TooMany { .. })));
        assert!(aliya.sign_in(&place).await.is_ok());
    });
}

#[test]
fn sessions_end_by_idleness_age_and_another_browser() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let open = async |token: &Secret<String>, browser: &str| {
            open_session(app, token.expose(), browser).await.unwrap()
        };

        let idle = aliya.sign_in(&place).await.unwrap().token;
        assert!(open(&idle, BROWSER).await.is_some());
        assert!(open(&idle, "curl/8").await.is_none());
        assert!(open(&secret("AAAA"), BROWSER).await.is_none());
        place.clock.advance_secs(IDLE_SECS - 1);
        assert!(open(&idle, BROWSER).await.is_some(), "used in time");
        place.clock.advance_secs(IDLE_SECS);
        assert!(open(&idle, BROWSER).await.is_none());

        let busy = aliya.sign_in(&place).await.unwrap().token;
        let mut lived = 0;
        while open(&busy, BROWSER).await.is_some() {
            place.clock.advance_secs(20 * 60);
            lived += 20 * 60;
        }
        assert_eq!(lived, ABSOLUTE_SECS);
    });
}

#[test]
fn own_sessions_are_listed_and_ended_and_nobody_elses() {
    on_each(|place| async move {
        let app = &place.app;
        let (aliya, marat) = (
            Person::new(app, "aliya", &[Role::DutyOfficer]).await,
            Person::new(app, "marat", &[Role::DutyOfficer]).await,
        );
        let mut mine = Vec::new();
        for _ in 0..3 {
            let token = aliya.sign_in(&place).await.unwrap().token;
            mine.push(open_session(app, token.expose(), BROWSER).await.unwrap().unwrap());
        }
        let token = marat.sign_in(&place).await.unwrap().token;
        let other = open_session(app, token.expose(), BROWSER).await.unwrap().unwrap();

        let ids = async || {
            sessions(app, &mine[2]).await.unwrap().into_iter().map(|s| s.0).collect::<Vec<SessionId>>()
        };
        assert_eq!(ids().await, [mine[2].id, mine[1].id, mine[0].id], "last used first");
        assert!(matches!(end_session(app, &mine[2], other.id).await, Err(SignInError::NoSession)));
        end_session(app, &mine[2], mine[0].id).await.unwrap();
        assert!(matches!(end_session(app, &mine[2], mine[0].id).await, Err(SignInError::NoSession)));
        assert_eq!(ids().await, [mine[2].id, mine[1].id]);
        assert_eq!(end_other_sessions(app, &mine[2]).await.unwrap(), 1);
        assert_eq!(ids().await, [mine[2].id]);
        assert_eq!(sessions(app, &other).await.unwrap().len(), 1);
    });
}

#[test]
fn grave_acts_want_a_fresh_code() {
    on_each(|place| async move {
        let app = &place.app;
        let daur = Person::new(app, "daur", &[Role::Approver]).await;
        let token = daur.sign_in(&place).await.unwrap().token;
        let session = async || open_session(app, token.expose(), BROWSER).await.unwrap().unwrap();
        let first = session().await;
        assert_eq!(require_step_up(app, &first), Ok(()), "signing in took a code");
        place.clock.advance_secs(300);
        assert_eq!(require_step_up(app, &first), Ok(()));
        place.clock.advance_secs(1);
        assert_eq!(require_step_up(app, &first), Err(AccessError::StepUp));

        let here = client("192.0.2.1");
        assert!(matches!(step_up(app, &first, &secret("000000"), &here).await, Err(SignInError::Wrong)));
        assert_eq!(require_step_up(app, &session().await), Err(AccessError::StepUp));
        let code = secret(&daur.code(&place.clock));
        step_up(app, &first, &code, &here).await.unwrap();
        assert_eq!(require_step_up(app, &session().await), Ok(()));
        assert!(
            matches!(step_up(app, &first, &code, &here).await, Err(SignInError::Wrong)),
            "each code once"
        );
        // A stolen session cannot try all codes.
        for _ in 0..4 {
            assert!(matches!(step_up(app, &first, &secret("1"), &here).await, Err(SignInError::Wrong)));
        }
        assert!(matches!(step_up(app, &first, &secret("1"), &here).await, Err(SignInError::TooMany { .. })));
        let acts: Vec<String> = records(app, daur.created.id.uuid()).await.into_iter().map(|r| r.0).collect();
        assert_eq!(acts.iter().filter(|a| *a == "staff.stepped_up").count(), 1);
        assert_eq!(acts.iter().filter(|a| *a == "staff.step_up_failed").count(), 6);
        // A clock set back does not make a code fresh.
        place.clock.advance_secs(-3_600);
        assert_eq!(require_step_up(app, &first), Err(AccessError::StepUp));
    });
}

/// Where the server does not know from where people come, all have one address: it must not count, or strangers
/// would use up everybody's tries. The login's own limit still holds.
#[test]
fn without_an_address_the_login_alone_counts() {
    on_each(|place| async move {
        let app = &place.app;
        let nowhere = Client { address: String::new(), user_agent: BROWSER.to_owned() };
        let bad = |login: String| Attempt {
            login,
            password: secret("x"),
            code: secret("1"),
            client: nowhere.clone(),
        };
        for n in 0..105 {
            let got = access::sign_in(app, bad(format!("nobody{n}"))).await;
            assert!(matches!(got, Err(SignInError::Wrong)), "{n}");
        }
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        for n in 0..29 {
            assert!(
                matches!(access::sign_in(app, bad("aliya".to_owned())).await, Err(SignInError::Wrong)),
                "{n}"
            );
        }
        let right = || Attempt { client: nowhere.clone(), ..aliya.attempt(&place.clock) };
        assert!(access::sign_in(app, right()).await.is_ok());
        for n in 0..30 {
            assert!(
                matches!(access::sign_in(app, bad("aliya".to_owned())).await, Err(SignInError::Wrong)),
                "{n}"
            );
        }
        place.clock.advance_secs(30);
        assert!(matches!(access::sign_in(app, right()).await, Err(SignInError::TooMany { .. })));
    });
}
