//! Statements and catalogue.

#[test]
fn statements_prepare_and_catalogues_agree() {
    let mut catalogs = Vec::new();
    for place in testkit::engines() {
        place.migrate(&[&audit::SLICE]).unwrap();
        assert!(db::check::prepare_all(&place, &[&audit::SLICE]).unwrap() > 20);
        catalogs.push(db::check::catalog(&place).unwrap());
    }
    assert!(catalogs[0].contains(&"table audit_record".to_owned()));
    assert!(catalogs.windows(2).all(|pair| pair[0] == pair[1]), "{catalogs:#?}");
}
