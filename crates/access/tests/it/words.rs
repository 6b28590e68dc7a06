//! Texts: all languages, all keys, all codes.

use access::{AccessError, AccountError, Action, LOCALES, PasswordFault, SignInError};
use kernel::{Coded, Lang, Timestamp};

#[test]
fn catalogues_agree_and_keep_the_rules() {
    assert_eq!(web::check_catalogues(&LOCALES), []);
}

#[test]
fn templates_name_no_missing_text() {
    let site = web::Site::for_tests(&LOCALES, Timestamp::from_secs(0)).unwrap();
    for template in [
        include_str!("../../templates/access_sign_in.html"),
        include_str!("../../templates/access_step_up.html"),
        include_str!("../../templates/access_sessions.html"),
        include_str!("../../templates/access_accounts.html"),
        include_str!("../../templates/access_account.html"),
        include_str!("../../templates/access_account_new.html"),
        include_str!("../../templates/access_act.html"),
        include_str!("../../templates/access_handed.html"),
        include_str!("../../templates/access_password.html"),
    ] {
        let keys = web::keys_in(template);
        assert!(!keys.is_empty());
        for lang in [Lang::KK, Lang::RU, Lang::EN] {
            let ctx = web::Ctx::of(&site, lang.clone());
            for key in &keys {
                assert!(ctx.has_text(key), "{key} in {lang}");
            }
        }
    }
}

#[test]
fn every_code_has_words_in_every_language() {
    use PasswordFault::{Common, LikeLogin, TooLong, TooShort};
    let access = [
        AccessError::Hidden,
        AccessError::Forbidden(Action::SendOrder),
        AccessError::StepUp,
        AccessError::Rules(String::new()),
    ];
    let account = [
        AccountError::Login(String::new()),
        AccountError::LoginTaken(String::new()),
        AccountError::Name,
        AccountError::Password(TooShort),
        AccountError::Password(TooLong),
        AccountError::Password(Common),
        AccountError::Password(LikeLogin),
        AccountError::Roles,
        AccountError::Unit,
        AccountError::Reason,
        AccountError::CurrentPassword,
        AccountError::LastAdministrator,
        AccountError::NotFound,
        AccountError::NotDemo,
        AccountError::Hash(String::new()),
    ];
    let sign_in = [
        SignInError::Wrong,
        SignInError::TooMany { wait_secs: 1 },
        SignInError::Busy,
        SignInError::NoSession,
        SignInError::Hash(String::new()),
    ];
    let codes = access
        .iter()
        .map(Coded::code)
        .chain(account.iter().map(Coded::code))
        .chain(sign_in.iter().map(Coded::code));
    let site = web::Site::for_tests(&LOCALES, Timestamp::from_secs(0)).unwrap();
    for code in codes.chain(["access.sign_in_first"]) {
        assert!(code.starts_with("access."), "{code}");
        for lang in [Lang::KK, Lang::RU, Lang::EN] {
            assert!(web::Ctx::of(&site, lang.clone()).has_text(&web::Problem::key(code)), "{code} in {lang}");
        }
    }
}
