### Идентификаторы: названия видов и почему значение не принято.

## Виды

identifier-kind-phone = номер телефона
identifier-kind-iban = счёт (IBAN)
identifier-kind-account = счёт
identifier-kind-card = банковская карта
identifier-kind-url = ссылка
identifier-kind-domain = сайт
identifier-kind-email = адрес электронной почты
identifier-kind-handle = имя в мессенджере или соцсети
identifier-kind-wallet-btc = кошелёк Bitcoin
identifier-kind-wallet-eth = кошелёк Ethereum
identifier-kind-wallet-tron = кошелёк TRON
identifier-kind-iin = ИИН
identifier-kind-bin = БИН
identifier-kind-imei = IMEI
identifier-kind-ip = IP-адрес
identifier-kind-sim = номер SIM-карты (ICCID)
identifier-kind-sender = имя отправителя СМС
identifier-kind-app = приложение
identifier-kind-advertisement = реклама

## Почему значение не принято

error-identifier-empty = Здесь пусто. Вставьте номер или адрес.
error-identifier-characters = Здесь есть лишние знаки. Скопируйте значение ещё раз.
error-identifier-too-short = Чего-то не хватает. Проверьте, все ли цифры и буквы на месте.
error-identifier-too-long = Здесь слишком много знаков. Оставьте один номер или адрес.
error-identifier-check-digits = Один из знаков неверный. Сверьте значение с оригиналом.
error-identifier-structure = Значение записано не полностью или не в том виде. Скопируйте его целиком.
error-identifier-unknown-country = Номеров с таким началом нет ни у одной страны, сети или банка. Проверьте начало номера.
error-identifier-not-assigned = Такого номера телефона не бывает. Проверьте код города или оператора.
error-identifier-short-code = Это короткий служебный номер. Укажите полный номер, если он у вас есть.
error-identifier-no-area-code = Не хватает кода города. Напишите его перед номером.
error-identifier-birth-date = Такой даты рождения не бывает. Проверьте первые семь цифр.
error-identifier-registration = Такой даты регистрации не бывает. Проверьте первые пять цифр.
error-identifier-unknown-domain = Адреса сайтов так не заканчиваются. Проверьте, что стоит после последней точки.
error-identifier-hidden = Скрыто слишком много цифр. Должны быть видны первые шесть и последние четыре.
error-identifier-unrecognised = Не удалось понять, что это. Проверьте значение или опишите его в рассказе.
