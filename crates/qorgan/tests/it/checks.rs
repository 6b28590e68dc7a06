//! What must hold of all slices at once.

use qorgan::slices::{LOCALES, SLICES};

#[test]
fn every_statement_is_prepared_on_each_engine() {
    for db in testkit::engines() {
        db.migrate(SLICES).unwrap();
        let prepared = db::check::prepare_all(&db, SLICES).unwrap();
        assert!(prepared > 100, "only {prepared} statements are registered");
    }
}

#[test]
fn both_engines_have_the_same_tables() {
    let catalogs: Vec<Vec<String>> = testkit::engines()
        .iter()
        .map(|db| {
            db.migrate(SLICES).unwrap();
            db::check::catalog(db).unwrap()
        })
        .collect();
    assert!(catalogs[0].len() > 100);
    for other in &catalogs[1..] {
        assert_eq!(&catalogs[0], other);
    }
}

#[test]
fn catalogues_are_whole_and_do_not_clash() {
    let all: Vec<web::Locale> = LOCALES.iter().flat_map(|l| l.iter().cloned()).collect();
    assert_eq!(web::check_catalogues(&all), []);
    web::Texts::load(&all).unwrap();
    // With each shipped country's own words in their places, too.
    for id in profile::Profile::embedded_ids() {
        let country = profile::Profile::embedded(id).unwrap();
        let own = country.languages().iter().filter_map(|lang| Some((lang, country.fluent(lang)?)));
        let all = web::in_country(&all, own).unwrap();
        assert_eq!(web::check_catalogues(&all), [], "{id}");
        let texts = web::Texts::load(&all).unwrap();
        assert!(texts.text(&web::Lang::RU, "report-amount.currency", &[]).contains("тенге"), "{id}");
    }
}
