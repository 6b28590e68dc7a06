//! A sample order for the tests of this slice.

use kernel::{Asset, Header, Lang, Marking, Money, Timestamp};
use report::ReportId;
use uuid::Uuid;

use crate::model::{Order, OrderId, Status};

pub(crate) fn order(at: Timestamp) -> Order {
    Order {
        id: OrderId::from_uuid(Uuid::from_u128(1)),
        header: Header {
            origin_node: "n".into(),
            organisation_id: "DCC".into(),
            unit_id: "duty".into(),
            region: String::new(),
            marking: Marking::default(),
            lang: Lang::KK,
            created_at: at,
            source_time: at,
            source_zone: "Asia/Almaty".into(),
            author: "system:order".into(),
            basis: Some((Uuid::from_u128(2), 1)),
            profile_version: "p".into(),
            retention_class: "order".into(),
        },
        report: ReportId::from_uuid(Uuid::from_u128(3)),
        report_number: "R-2026-00000000".into(),
        measure: profile::Measure::Hold,
        scope: profile::Scope::AmountOnly,
        executor: "ZALT".into(),
        gateway: "ZAFC".into(),
        hop: 1,
        cap: Asset::new("KZT", 2).map_or_else(|| unreachable!(), |a| Money::from_minor(100_000, a)),
        requested_at: at,
        ack_due: at.plus_secs(300),
        action_due: at.plus_secs(900),
        expires_at: at.plus_secs(5 * 86_400),
        extended_until: None,
        status: Status::Drafted,
        why_waiting: String::new(),
        approval: None,
        sent_at: None,
        acknowledged_at: None,
        answered_at: None,
        escalated_at: None,
        ended_at: None,
    }
}
