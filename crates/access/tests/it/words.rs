//! Texts: all languages, all keys, all codes.

use access::{
    AbsenceFault, AccessError, AccountError, Action, DelegationFault, LOCALES, PasswordFault, SignInError,
    StepFault, TokenError,
};
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
        include_str!("../../templates/access_tokens.html"),
        include_str!("../../templates/access_token.html"),
        include_str!("../../templates/access_accounts.html"),
        include_str!("../../templates/access_account.html"),
        include_str!("../../templates/access_account_new.html"),
        include_str!("../../templates/access_act.html"),
        include_str!("../../templates/access_handed.html"),
        include_str!("../../templates/access_password.html"),
        include_str!("../../templates/access_away.html"),
        include_str!("../../templates/access_away_people.html"),
        include_str!("../../templates/access_away_person.html"),
        include_str!("../../templates/access_back.html"),
        include_str!("../../templates/access_deputy.html"),
        include_str!("../../templates/access_delegation.html"),
        include_str!("../../templates/_access_absences.html"),
        include_str!("../../templates/_access_delegations.html"),
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
        AccessError::Away,
        AccessError::Program,
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
    let tokens = [
        TokenError::Name,
        TokenError::Days,
        TokenError::Most,
        TokenError::Made,
        TokenError::NotFound,
        TokenError::Wrong,
        TokenError::Missing,
        TokenError::Reads,
        TokenError::Session,
        TokenError::TooMany { wait_secs: 1 },
    ];
    let absence = [AbsenceFault::Dates, AbsenceFault::Over, AbsenceFault::TooLong, AbsenceFault::Overlaps];
    let delegation = [
        DelegationFault::Oneself,
        DelegationFault::NotHeld,
        DelegationFault::Deputy,
        DelegationFault::Dates,
        DelegationFault::TooLong,
        DelegationFault::Most,
        DelegationFault::Number,
        DelegationFault::Ground,
    ];
    let steps = [
        StepFault::Over,
        StepFault::Already,
        StepFault::NotAccepted,
        StepFault::OneOfTheTwo,
        StepFault::NotStanding,
    ];
    let codes = access
        .iter()
        .map(Coded::code)
        .chain(absence.iter().map(Coded::code))
        .chain(delegation.iter().map(Coded::code))
        .chain(steps.iter().map(Coded::code))
        .chain(account.iter().map(Coded::code))
        .chain(tokens.iter().map(Coded::code))
        .chain(sign_in.iter().map(Coded::code));
    let site = web::Site::for_tests(&LOCALES, Timestamp::from_secs(0)).unwrap();
    for code in codes.chain(["access.sign_in_first"]) {
        assert!(code.starts_with("access."), "{code}");
        for lang in [Lang::KK, Lang::RU, Lang::EN] {
            assert!(web::Ctx::of(&site, lang.clone()).has_text(&web::Problem::key(code)), "{code} in {lang}");
        }
    }
}
