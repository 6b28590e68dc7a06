//! Writes what orders look like as ISO 20022 into a folder: `cargo run -p order --example iso_samples -- FOLDER`. The
//! outside judge (`cargo xtask judges`) validates them. All accounts and institutions are invented.

use order::details::{DataClass, Details};
use order::iso::{Sender, write};
use order::message::{
    Account, Amount, ApprovalRef, BasisRef, ObjectRef, OrderMessage, RouteStep, TriggerRef,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args_os().nth(1).ok_or("which folder?")?;
    let folder = std::path::Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let from = Sender {
        name: "Киберқылмысқа қарсы іс-қимыл департаменті".into(),
        code: "DCC".into(),
        now: "2026-11-23T09:07:00.000000Z".into(),
    };
    for (name, order) in [
        ("order-hold-iban", hold(object("iban", "KZ808020000000000042", "in"))),
        ("order-hold-card", hold(object("card", "4400430007", "in"))),
        ("order-hold-wallet", hold(object("phone", "+77000000017", "in"))),
        ("order-hold-payers-bank", hold(object("iban", "KZ938010000000000017", "out"))),
        ("order-disclosure-owner", disclosure()),
    ] {
        let xml = write(&order, &from).ok_or("nothing of the standard fits")??;
        std::fs::write(folder.join(format!("{name}.xml")), xml)?;
    }
    Ok(())
}

fn object(kind: &str, value: &str, direction: &str) -> ObjectRef {
    let tenge = |amount: &str| Amount { amount: amount.into(), currency: "KZT".into() };
    ObjectRef {
        object_id: "obj_0199c2a07b3d7e21b2c3d4e5f6071829".into(),
        kind: kind.into(),
        value: value.into(),
        cap: Some(tenge("380000.00")),
        hop: 1,
        parent_object: None,
        trigger: Some(TriggerRef {
            amount: tenge("620000.00"),
            at: "2026-11-23T09:05:00.000000Z".into(),
            reference: Some("ZALT-417-1".into()),
            from_institution: Some("ZALT".into()),
            from_account: Some(Account { kind: "iban".into(), value: "KZ938010000000000017".into() }),
            from_client: None,
            direction: direction.into(),
        }),
        details: None,
    }
}

fn hold(object: ObjectRef) -> OrderMessage {
    let step = |no, role: &str, institution: &str| RouteStep {
        no,
        role: role.into(),
        institution: institution.into(),
    };
    OrderMessage {
        trial: false,
        kind: "order.v1".into(),
        message_id: "msg_0199c2a07b3c7d10a1b2c3d4e5f60717".into(),
        order_id: "ord_0199c2a07b3c7d10a1b2c3d4e5f60718".into(),
        measure: "hold".into(),
        route: vec![step(0, "submitter", "DCC"), step(1, "executor", "ZBEK")],
        executor: "ZBEK".into(),
        basis: BasisRef {
            id: "bas_1".into(),
            version: 2,
            act: "Z1600000011".into(),
            article: "25-1".into(),
            text: std::collections::BTreeMap::new(),
        },
        approval: ApprovalRef { kind: "standing".into(), id: None, version: None },
        report: "R-2026-01821493".into(),
        priority: "urgent".into(),
        scope: "amount_only".into(),
        reason: None,
        exempt_receipts: true,
        objects: vec![object],
        requested_at: "2026-11-23T09:07:00.000000Z".into(),
        ack_due: "2026-11-23T09:12:00.000000Z".into(),
        action_due: "2026-11-23T10:07:00.000000Z".into(),
        expires_at: "2026-11-30T13:00:00.000000Z".into(),
    }
}

fn disclosure() -> OrderMessage {
    let data = vec![DataClass::Owner, DataClass::Statement, DataClass::DeviceLog];
    let details = Details::Disclosure { data, from: None, to: None };
    let named = object("iban", "KZ808020000000000042", "in");
    let one = ObjectRef { cap: None, trigger: None, details: Some(details), ..named };
    OrderMessage { measure: "disclosure".into(), ..hold(one) }
}
