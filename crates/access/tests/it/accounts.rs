//! Making and changing accounts, on both engines.

use access::{
    AccessError, AccountError, DEMO_PASSWORD, NewAccount, PasswordFault, accounts, create_account,
    demo_accounts, demo_panel, demo_sign_in, open_session, reset_account, set_active, staff,
};
use app::App;
use kernel::{Actor, Purpose, Role, Secret};
use uuid::Uuid;

use crate::support::{BROWSER, Person, SLICES, client, new, on_each, records, setup};

#[test]
fn statements_prepare_and_catalogs_agree() {
    let mut catalogs = Vec::new();
    for place in testkit::engines() {
        place.migrate(&SLICES).unwrap();
        db::check::prepare_all(&place, &SLICES).unwrap();
        catalogs.push(db::check::catalog(&place).unwrap());
    }
    assert!(catalogs.windows(2).all(|pair| pair[0] == pair[1]), "{catalogs:#?}");
}

#[test]
fn an_account_is_made_listed_and_recorded() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer, Role::Approver]).await;
        let all = accounts(app, &setup()).await.unwrap();
        assert_eq!(all.len(), 1);
        let account = &all[0];
        assert_eq!(
            (account.login.as_str(), account.name.open(Purpose::Operate).as_str()),
            ("aliya", "Әсел aliya")
        );
        assert_eq!((account.organisation.as_str(), account.unit.as_str()), ("KZ-TEST", "duty"));
        assert_eq!(account.roles, [Role::DutyOfficer, Role::Approver]);
        assert!(account.active && !account.demo);
        assert_eq!(
            records(app, aliya.created.id.uuid()).await,
            [("account.created".to_owned(), "system:setup".to_owned())]
        );
    });
}

#[test]
fn what_no_account_can_be() {
    on_each(|place| async move {
        let app = &place.app;
        let refused = async |change: &dyn Fn(&mut NewAccount)| {
            let mut account = new("aliya", &[Role::DutyOfficer]);
            change(&mut account);
            create_account(app, &setup(), account).await.unwrap_err()
        };
        for login in ["", "a", "Aliya", "алия", "aliya s", "1aliya", "-aliya", &"a".repeat(41), "a/b"] {
            assert!(
                matches!(refused(&|a| a.login = login.to_owned()).await, AccountError::Login(_)),
                "{login}"
            );
        }
        for name in ["", "  ", "a\nb", &"ә".repeat(201)] {
            assert!(matches!(refused(&|a| a.name = name.to_owned()).await, AccountError::Name));
        }
        for (password, fault) in
            [("short", PasswordFault::TooShort), ("aliya-aliya-2026", PasswordFault::LikeLogin)]
        {
            let got = refused(&|a| a.password = Secret::new(password.to_owned())).await;
            assert!(matches!(got, AccountError::Password(f) if f == fault), "{password}");
        }
        for roles in
            [vec![], vec![Role::Administrator, Role::DutyOfficer], vec![Role::Approver, Role::Administrator]]
        {
            assert!(
                matches!(refused(&|a| a.roles.clone_from(&roles)).await, AccountError::Roles),
                "{roles:?}"
            );
        }
        for unit in ["", "a/b", &"x".repeat(81)] {
            assert!(matches!(refused(&|a| a.unit = unit.to_owned()).await, AccountError::Unit), "{unit}");
        }

        Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        assert!(matches!(refused(&|_| ()).await, AccountError::LoginTaken(l) if l == "aliya"));
        // Nothing was half-written.
        assert_eq!(accounts(app, &setup()).await.unwrap().len(), 1);
    });
}

#[test]
fn only_administrators_of_the_organisation_manage_accounts_and_never_their_own() {
    on_each(|place| async move {
        let app = &place.app;
        let made = Person::new(app, "erzhan", &[Role::Administrator]).await;
        let of = |id, roles: &[Role], organisation| staff(id, "X", roles, organisation, "duty");
        let administrator = of(made.created.id.uuid(), &[Role::Administrator], "KZ-TEST");
        create_account(app, &administrator, new("aliya", &[Role::DutyOfficer])).await.unwrap();

        let stranger = of(Uuid::from_u128(1), &[Role::Administrator], "OTHER");
        let officer = of(Uuid::from_u128(2), &[Role::DutyOfficer, Role::Approver], "KZ-TEST");
        for actor in [&stranger, &officer, &Actor::Public, &Actor::system("orders")] {
            let hidden = |e: AccountError| matches!(e, AccountError::Access(AccessError::Hidden));
            assert!(
                hidden(create_account(app, actor, new("x1", &[Role::DutyOfficer])).await.unwrap_err()),
                "{actor:?}"
            );
            assert!(hidden(set_active(app, actor, "aliya", false, "on leave").await.unwrap_err()));
            let password = Secret::new("another long secret".to_owned());
            assert!(hidden(reset_account(app, actor, "aliya", password).await.unwrap_err()));
        }
        assert!(accounts(app, &stranger).await.unwrap().is_empty());
        assert!(matches!(
            accounts(app, &officer).await.unwrap_err(),
            AccountError::Access(AccessError::Hidden)
        ));
        assert_eq!(accounts(app, &administrator).await.unwrap().len(), 2);

        let own = set_active(app, &administrator, "erzhan", false, "on leave").await.unwrap_err();
        assert!(matches!(own, AccountError::Access(AccessError::Forbidden(_))), "{own}");
        let nobody = set_active(app, &administrator, "nobody", false, "on leave").await.unwrap_err();
        assert!(matches!(nobody, AccountError::NotFound));
    });
}

#[test]
fn closing_signs_out_and_opening_lets_in_again() {
    on_each(|place| async move {
        let app = &place.app;
        let aliya = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let inside = aliya.sign_in(&place).await.unwrap();
        set_active(app, &setup(), "aliya", false, "on leave").await.unwrap();
        assert!(open_session(app, inside.token.expose(), BROWSER).await.unwrap().is_none());
        assert!(aliya.sign_in(&place).await.is_err());
        set_active(app, &setup(), "aliya", true, "on leave").await.unwrap();
        assert!(open_session(app, inside.token.expose(), BROWSER).await.unwrap().is_none());
        assert!(aliya.sign_in(&place).await.is_ok());
    });
}

#[test]
fn a_reset_account_knows_the_new_secrets_only() {
    on_each(|place| async move {
        let app = &place.app;
        let old = Person::new(app, "aliya", &[Role::DutyOfficer]).await;
        let inside = old.sign_in(&place).await.unwrap();
        let weak =
            reset_account(app, &setup(), "aliya", Secret::new("password1234".to_owned())).await.unwrap_err();
        assert!(matches!(weak, AccountError::Password(PasswordFault::Common)));
        assert!(open_session(app, inside.token.expose(), BROWSER).await.unwrap().is_some());

        let password = "ескі үйдің жаңа кілті";
        let created = reset_account(app, &setup(), "aliya", Secret::new(password.to_owned())).await.unwrap();
        assert_ne!(created.totp_secret.as_str(), old.created.totp_secret.as_str());
        let new = Person::with("aliya", created);
        assert!(open_session(app, inside.token.expose(), BROWSER).await.unwrap().is_none());
        assert!(old.sign_in(&place).await.is_err());
        place.clock.advance_secs(30);
        let attempt =
            access::Attempt { password: Secret::new(password.to_owned()), ..new.attempt(&place.clock) };
        assert!(access::sign_in(app, attempt).await.is_ok());
    });
}

#[test]
fn demonstration_people_exist_in_a_demonstration_only() {
    on_each(|place| async move {
        let real = &place.app;
        assert!(matches!(demo_accounts(real).await.unwrap_err(), AccountError::NotDemo));
        assert!(demo_panel(real).await.unwrap().is_empty());

        let demo = &App { demo: true, ..real.clone() };
        let first = demo_accounts(demo).await.unwrap();
        let again = demo_accounts(demo).await.unwrap();
        assert_eq!((first.len(), &first), (9, &again), "made once");
        for role in Role::ALL {
            let holders = first.iter().filter(|p| p.roles == [role]).count();
            assert!(holders >= if role == Role::Approver { 2 } else { 1 }, "{role:?}");
        }
        let aliya = &first[0];
        let attempt = || access::Attempt {
            login: aliya.login.clone(),
            password: Secret::new(DEMO_PASSWORD.to_owned()),
            code: Secret::new(aliya.code.clone()),
            client: client("192.0.2.1"),
        };
        // The same database opened without the mark lets nobody of them in.
        assert!(access::sign_in(real, attempt()).await.is_err());
        assert!(demo_sign_in(real, &aliya.login, &client("")).await.is_err());
        let inside = access::sign_in(demo, attempt()).await.unwrap();
        assert!(open_session(demo, inside.token.expose(), BROWSER).await.unwrap().is_some());
        assert!(open_session(real, inside.token.expose(), BROWSER).await.unwrap().is_none());
        // The shown code is used up: another is shown, and it is taken.
        let fresh = demo_panel(demo).await.unwrap();
        assert_ne!(fresh[0].code, aliya.code);
        let next = access::Attempt { code: Secret::new(fresh[0].code.clone()), ..attempt() };
        assert!(access::sign_in(demo, next).await.is_ok());

        // The button works for them, and for nobody else.
        assert!(demo_sign_in(demo, "saule", &client("")).await.is_ok());
        Person::new(demo, "real", &[Role::DutyOfficer]).await;
        assert!(demo_sign_in(demo, "real", &client("")).await.is_err());
        assert_eq!(demo_panel(demo).await.unwrap().len(), 9);
    });
}

/// Bar S17: whoever steals the file learns no name and no shared secret.
#[test]
fn a_stolen_file_tells_no_names_and_secrets() {
    let place = testkit::engines::sqlite_with(db::Options::default());
    place.migrate(&SLICES).unwrap();
    let world = testkit::world::World::new(3);
    let app = App { db: place.db.clone(), ..world.app.clone() };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let aliya = runtime.block_on(Person::new(&app, "aliya", &[Role::DutyOfficer]));
    let path = std::path::PathBuf::from(place.url.strip_prefix("sqlite:").unwrap());
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|w| w == needle);
    assert!(holds(b"duty_officer"), "the search itself works");
    let secret = totp_rs::Secret::try_from_base32(aliya.created.totp_secret.as_str()).unwrap();
    let hex = hex::encode(secret.as_bytes());
    for needle in ["Әсел".as_bytes(), aliya.created.totp_secret.as_bytes(), secret.as_bytes(), hex.as_bytes()]
    {
        assert!(!holds(needle));
    }
}
