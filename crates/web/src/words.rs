//! Words that scripts show: handed over by the page, so that no script holds a text of its own.

use crate::ctx::Ctx;
use crate::texts::Arg;

/// Attribute names (`data-…` of `#words`) and texts; `{}` is the place of a value.
pub(crate) fn for_scripts(ctx: &Ctx) -> Vec<(&'static str, String)> {
    let hole = |key: &'static str, name: &'static str| ctx.ta(key, &[(name, Arg::from("{}"))]);
    vec![
        ("left", hole("clock-left", "time")),
        ("late", hole("clock-late", "time")),
        ("day", hole("unit-day", "n")),
        ("hour", hole("unit-hour", "n")),
        ("minute", hole("unit-minute", "n")),
        ("second", hole("unit-second", "n")),
        ("as-of", hole("live-as-of", "time")),
        ("fresh", hole("live-new", "n")),
        ("went-late", hole("live-late", "n")),
        ("busy", ctx.t("button-busy")),
        ("saved", hole("draft-saved", "time")),
        ("cut", ctx.t("draft-cut")),
        ("not-saved", ctx.t("draft-not-saved")),
        ("sending", hole("upload-sending", "n")),
        ("sending-waits", ctx.t("upload-waits")),
        ("sending-cut", ctx.t("upload-cut")),
        ("sent", ctx.t("upload-done")),
        ("not-sent", ctx.t("upload-not-sent")),
        ("zone", ctx.zone().iana_name().unwrap_or_default().to_owned()),
        ("readback", hole("amount-readback", "sum")),
        ("short", ctx.formats().short_words().join("|")),
        ("group", ctx.formats().group_sign().to_string()),
        ("decimal", ctx.formats().decimal_sign().to_string()),
        ("copied", ctx.t("copy-done")),
        ("show", ctx.t("password-show")),
        ("hide", ctx.t("password-hide")),
        ("selected", hole("bulk-count", "n")),
    ]
}

/// Keys as printed on a Latin keyboard; the script reads physical keys, so they work in every layout.
pub(crate) fn key_list(ctx: &Ctx) -> Vec<(Vec<String>, String)> {
    let fixed: [(&[&str], &str); 18] = [
        (&["j"], "key-down"),
        (&["k"], "key-up"),
        (&["x"], "key-tick"),
        (&["Shift", "x"], "key-range"),
        (&["Space"], "key-peek"),
        (&["Enter"], "key-open"),
        (&["Esc"], "key-clear"),
        (&["a"], "key-take"),
        (&["o"], "key-orders"),
        (&["e"], "key-snooze"),
        (&["m"], "key-note"),
        (&["n"], "key-new"),
        (&["/"], "key-filter"),
        (&["Ctrl", "k"], "key-search"),
        (&["z"], "key-undo"),
        (&["[", "]"], "key-day"),
        (&["Ctrl", "Enter"], "key-send"),
        (&["?"], "key-help"),
    ];
    let keys = |list: &[&str]| list.iter().map(|k| (*k).to_owned()).collect::<Vec<_>>();
    let go = ctx.desk_nav().iter().filter(|i| !i.letter.is_empty());
    fixed
        .iter()
        .map(|(list, key)| (keys(list), ctx.t(key)))
        .chain(go.map(|item| (keys(&["g", item.letter]), ctx.t(item.key))))
        .collect()
}
