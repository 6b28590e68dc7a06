//! Chats.

use statement::{Code, Format};

use crate::read;

#[test]
fn whatsapp_of_an_android_in_russian() {
    let text = "\
02.11.2026, 10:14 - Сообщения и звонки защищены сквозным шифрованием.
02.11.2026, 10:15 - Выдуманный Иван: Здравствуйте! Служба безопасности банка.
Ваш счёт заблокирован: звоните
02.11.2026, 10:16 - +7 700 000 00 01: <Без медиафайлов>
13.11.2026, 10:17 - Выдуманный Иван: IMG-20261102-WA0001.jpg (файл добавлен)
подпись
13.11.2026, 10:18 - Выдуманный Иван: Данное сообщение удалено
";
    let got = read(text.as_bytes()).unwrap();
    assert_eq!(got.summary.format, Some(Format::WhatsApp));
    assert_eq!(got.troubles, []);
    let [note, first, left, file, gone] = got.messages.as_slice() else { unreachable!("{:?}", got.messages) };
    assert_eq!((note.from.as_str(), note.text.as_str()), ("", ""));
    assert!(note.event.starts_with("Сообщения и звонки"));
    assert_eq!(first.text, "Здравствуйте! Служба безопасности банка.\nВаш счёт заблокирован: звоните");
    assert_eq!(
        (first.line, first.sent_at.as_str(), first.from.as_str()),
        (2, "2026-11-02T10:15:00", "Выдуманный Иван")
    );
    assert_eq!((left.from.as_str(), left.event.as_str()), ("+7 700 000 00 01", "media_left_out"));
    assert_eq!(
        (file.files.as_slice(), file.text.as_str()),
        (["IMG-20261102-WA0001.jpg".to_owned()].as_slice(), "подпись")
    );
    assert_eq!(gone.event, "deleted");
}

#[test]
fn whatsapp_of_an_iphone_in_kazakh() {
    let text = "\u{200e}[02.11.2026, 10:15:33] Ойдан шығарылған Әсел: Сәлем!\r\n[02.11.2026, 10:16:00] Мысал: \u{200e}<тіркелген: 0001-PHOTO.jpg>\r\n";
    let got = read(text.as_bytes()).unwrap();
    assert_eq!(got.messages[0].sent_at, "2026-11-02T10:15:33");
    assert_eq!(got.messages[0].from, "Ойдан шығарылған Әсел");
    assert_eq!(got.messages[1].files, ["0001-PHOTO.jpg"]);
}

#[test]
fn whatsapp_in_english_shows_the_order_of_day_and_month() {
    let text =
        "11/2/26, 10:15\u{202f}PM - Invented: hi\n11/13/26, 9:00\u{202f}AM - Invented: <Media omitted>\n";
    let got = read(text.as_bytes()).unwrap();
    assert_eq!(got.messages[0].sent_at, "2026-11-02T22:15:00");
    assert_eq!(got.troubles, []);
    let open = read("02/11/2026, 10:15 - Invented: hi\n".as_bytes()).unwrap();
    assert_eq!(open.codes(), [Code::DayOrMonth]);
    assert_eq!(open.messages[0].sent_at, "2026-11-02T10:15:00");
}

const ONE: &str = r#"{
 "name": "Выдуманный чат",
 "type": "personal_chat",
 "id": 1,
 "messages": [
  {
   "id": 1, "type": "message", "date": "2026-11-02T10:15:33", "date_unixtime": "1793596533",
   "from": "Выдуманный Иван", "from_id": "user1",
   "text": ["Откройте ", {"type": "text_link", "text": "egov.kz", "href": "http://example.org/x"}, " сейчас"],
   "text_entities": []
  },
  {"id": 2, "type": "service", "date": "2026-11-02T10:16:00", "actor": "Ойдан Әсел", "actor_id": "user2", "action": "phone_call", "duration_seconds": 95, "discard_reason": "hangup", "text": ""},
  {"id": 3, "type": "message", "date": "2026-11-02T10:17:00", "from": null, "from_id": "user2", "photo": "photos/1.jpg", "reply_to_message_id": 1, "forwarded_from": "Канал", "text": ""}
 ]
}"#;

#[test]
fn telegram_of_one_chat() {
    let got = read(ONE.as_bytes()).unwrap();
    assert_eq!(got.summary.format, Some(Format::Telegram));
    assert_eq!(got.troubles, []);
    let [first, call, photo] = got.messages.as_slice() else { unreachable!("{:?}", got.messages) };
    assert_eq!(first.text, "Откройте egov.kz (http://example.org/x) сейчас");
    assert_eq!((first.line, first.chat.as_str(), first.id.as_str()), (6, "Выдуманный чат", "1"));
    assert_eq!(first.sent_at, "2026-11-02T05:15:33Z");
    assert_eq!(
        (call.line, call.event.as_str(), call.from.as_str()),
        (12, "phone_call 95 hangup", "Ойдан Әсел")
    );
    assert_eq!(
        (photo.from.as_str(), photo.from_id.as_str(), photo.files.as_slice()),
        ("", "user2", ["photos/1.jpg".to_owned()].as_slice())
    );
    assert_eq!((photo.answers.as_str(), photo.forwarded_from.as_str()), ("1", "Канал"));
}

#[test]
fn telegram_of_all_chats() {
    let text = format!(
        r#"{{"about": "x", "personal_information": {{"user_id": 1}}, "chats": {{"about": "y", "list": [{ONE}, {ONE}]}}, "left_chats": {{"list": []}}}}"#
    );
    let got = read(text.as_bytes()).unwrap();
    assert_eq!(got.messages.len(), 6);
    assert_eq!(got.messages[5].row, 6);
}

#[test]
fn telegram_that_is_cut_off_gives_what_there_is() {
    let at = ONE.find("{\"id\": 3").unwrap();
    let got = read(&ONE.as_bytes()[..at + 20]).unwrap();
    assert_eq!(got.messages.len(), 2);
    assert_eq!(got.codes(), [Code::Unfinished]);
    assert!(read(b"{\"messages\": [{\"id\": [[[}").is_err());
}
