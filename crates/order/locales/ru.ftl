### Требования: состояния, коды ответов, ошибки.

## States of an order and of what it names

order-status-drafted = проект
order-status-sent = направлено
order-status-acknowledged = получено
order-status-answered = ответ получен
order-status-released = ограничение снято
order-status-lapsed = срок истёк
order-status-cancelled = отозвано
order-late = просрочено
order-state-asked = запрошено
order-state-held = заблокировано
order-state-partly-held = заблокировано частично
order-state-held-elsewhere = заблокировано по другому требованию
order-state-moved = ушло дальше
order-state-cash = снято наличными
order-state-spent = потрачено
order-state-abroad = ушло за границу
order-state-not-found = не найдено
order-state-refused = отказано
order-state-question = есть вопрос
order-state-released = ограничение снято
order-state-lapsed = срок истёк
order-state-returned = возвращено
order-state-done = исполнено
order-state-partly-done = исполнено частично
order-state-done-elsewhere = уже исполнено по другому требованию
order-state-removed = удалено
order-state-ported = номер перенесён к другому оператору
order-state-served-abroad = обслуживается за рубежом
order-state-not-confirmed = проверка не подтвердила
order-state-kept = сохранено
order-state-disclosed = сведения переданы
order-state-partly-disclosed = сведения переданы частично
order-state-nothing-kept = сведений не сохранилось

## Answer codes of form F3

order-code-A00 = требование получено
order-code-H10 = заблокирована вся сумма
order-code-H11 = заблокирована часть суммы
order-code-H12 = уже заблокировано по другому требованию
order-code-M20 = ушло на другой счёт в той же организации
order-code-M21 = ушло в другую организацию
order-code-M22 = снято наличными
order-code-M23 = потрачено на покупку
order-code-M24 = ушло на криптокошелёк
order-code-M25 = ушло за границу
order-code-N30 = такого счёта нет
order-code-N31 = такой операции нет
order-code-N32 = такого клиента нет
order-code-N33 = деньги потрачены, на счёте ничего не осталось
order-code-N34 = номер перенесён к другому оператору
order-code-N35 = обслуживается за рубежом
order-code-N36 = таких сведений не сохранилось
order-code-R40 = отказ: недостаточно основания
order-code-R41 = отказ: недостаточно данных
order-code-R42 = отказ: исполнить невозможно
order-code-R43 = проверка не подтвердила
order-code-Q50 = вопрос
order-code-B10 = исполнено полностью
order-code-B11 = исполнено частично
order-code-B12 = уже исполнено по другому требованию
order-code-B13 = удалено владельцем
order-code-D10 = сведения переданы полностью
order-code-D11 = сведения переданы частично
order-code-K10 = данные сохранены
order-code-L60 = ограничение снято: срок истёк
order-code-L61 = ограничение снято: по требованию
order-code-L62 = ограничение снято: ошибочная или слишком широкая блокировка
order-code-S10 = владелец уведомлён
order-code-S20 = сведения исправлены
order-code-P70 = возвращено потерпевшему
order-code-P71 = перечислено в доход государства
order-code-E90 = технический сбой
order-code-Native = собственный код организации

## Why something waits for a person, or led to no order

order-why-no-standing-approval = нет действующего постоянного разрешения
order-why-not-in-force = постоянное разрешение не действует
order-why-too-early = срок постоянного разрешения ещё не начался
order-why-too-late = срок постоянного разрешения истёк
order-why-basis = у постоянного разрешения другое правовое основание
order-why-measure = постоянное разрешение на другую меру
order-why-scope = мера шире постоянного разрешения
order-why-asset = постоянное разрешение в другой валюте
order-why-amount = сумма не указана
order-why-order-cap = больше предела на одно требование
order-why-own-account = этот счёт назвал своим другой заявитель: сначала его должен проверить сотрудник
order-why-day-cap = больше предела на день
order-why-hop = глубже предела звеньев постоянного разрешения
order-why-second-signature = нужна вторая подпись
order-why-per-case = основание требует подписи в каждом случае
order-why-sanction = нужна санкция прокурора
order-why-by-hand = подготовил сотрудник
order-why-hop-limit = путь денег слишком длинный: больше предела звеньев
order-why-too-old = перевод был слишком давно
order-why-hub = с этого счёта деньги ушли слишком многим получателям
order-why-camera = запрос о сохранении видеозаписи направляет сотрудник
order-why-no-limits = в профиле не заданы пределы автоматического поиска
order-why-order-no-addressee = организация получателя не установлена или не участвует в обмене
order-why-trail-no-addressee = следующая организация не участвует в обмене
order-why-order-no-basis = действующего правового основания для такой меры нет
order-why-order-no-route = законного маршрута в эту организацию нет
order-why-order-in-test = организация пока в режиме проверки
order-why-order-not-yet = проект требования ещё не готов: обновите страницу

## Kinds of identifiers

order-kind-iban = счёт
order-kind-account = счёт
order-kind-card = карта
order-kind-wallet = электронный кошелёк
order-kind-wallet-btc = кошелёк Bitcoin
order-kind-wallet-eth = кошелёк Ethereum
order-kind-wallet-tron = кошелёк TRON
order-kind-phone = номер телефона
order-kind-sim = SIM-карта
order-kind-imei = IMEI
order-kind-sender = имя отправителя
order-kind-url = ссылка
order-kind-domain = домен
order-kind-ip = IP-адрес
order-kind-app = приложение
order-kind-advertisement = реклама
order-kind-handle = имя в сети
order-kind-email = электронная почта
order-kind-iin = ИИН
order-kind-bin = БИН
order-kind-material = банкомат, видеозапись
order-kind-person = лицо
order-class-phishing = фишинг
order-class-fake-shop = фальшивый магазин
order-class-fake-investment = фальшивые инвестиции
order-class-impersonation = выдача себя за другого
order-class-malware = вредоносная программа
order-class-recruiting = вербовка дропперов
order-class-other = другое
order-way-full = полностью
order-way-outgoing = исходящие вызовы
order-way-sms = текстовые сообщения
order-way-sim-swap-lock = запрет замены SIM-карты
order-way-imei-list = список запрещённых устройств
order-way-route = маршрут подменённых вызовов
order-way-sender-ban = имя отправителя
order-ground-complaint = проверенное заявление
order-ground-centre-signal = сигнал центра
order-ground-spoof = подмена номера
order-ground-sim-box = SIM-бокс
order-act-warn = страница с предупреждением
order-act-deindex = исключение из поиска
order-act-stop-advertisement = остановка рекламы
order-act-disable-account = отключение учётной записи
order-act-remove = удаление материала
order-act-remove-app = удаление приложения
order-act-block = закрытие доступа
order-act-suspend-domain = приостановка доменного имени
order-data-owner = владелец
order-data-statement = движение по счёту
order-data-device-log = устройства и адреса, с которых заходили
order-data-call-records = соединения, без содержания разговоров
order-data-recording = записи камер
order-detail-ways = Что блокируется: { $text }
order-detail-ground = Причина: { $text }
order-detail-act = Что требуется: { $text }
order-detail-class = Вид информации: { $text }
order-detail-harm = Вред: { $text }
order-detail-narrower = Почему недостаточно меньшего: { $text }
order-detail-data = Какие данные запрашиваются: { $text }
order-detail-period = За период: { $text }
order-detail-keep = Какие данные сохранить: { $text }
order-detail-to = Куда возвращаются деньги: { $text }

## Route and clocks

order-role-submitter = отправитель
order-role-authority = орган
order-role-executor = исполнитель
order-gateway-partner-api = подписанное сообщение
order-gateway-relayed = через орган
order-gateway-iso20022 = сообщение ISO 20022
order-gateway-file-drop = обмен файлами
order-gateway-letter = письмо
order-gateway-email-export = электронная почта
order-gateway-internal = внутри платформы
order-gateway-pension = пенсионный фонд
order-step-reached = получено
order-step-late = просрочено
order-step-waiting = ожидается
order-step-not-sent = не направлено
order-clock-send = Направить
order-clock-ack = Подтверждение получения
order-clock-answer = Ответ
order-clock-target = целевой срок
order-clock-law = срок по закону
order-clock-lapse = Конец срока требования
order-hop = звено { $n }
order-up-to = предел: { $sum }
order-held = заблокировано: { $sum }
order-via = через: { $who }
order-by-letter = письмом
order-by-letter-text = Это требование идёт письмом: платформа его не доставляет, распечатайте и отправьте бумагу.
order-by-standing = по постоянному разрешению
order-camera-until = запись хранится до: { $time }

## Errors of orders

error-order-unknown = Такого требования нет, или оно вам не открыто.
error-order-no-basis = Действующего правового основания для такой меры нет.
error-order-no-route = Законного маршрута в эту организацию нет.
error-order-in-test = Организация пока в режиме проверки: требования ей не направляются.
error-order-not-on-trial = Проверочные требования направляются только организациям в режиме проверки.
error-order-objects = К таким объектам эта мера не применяется, или объектов слишком много.
error-order-unsanctioned = Без санкции прокурора отправить нельзя.
error-order-nothing-to-sanction = По этому требованию решения прокурора не ждут.
error-order-sanction-outdated = После передачи на санкцию требование изменилось. Его нужно подать заново.
error-order-nothing-to-return = Заблокированных денег для возврата нет.
error-order-own-of-victim = Это собственный номер другого заявителя. К потерпевшим меры не применяются.
error-order-details-measure = Не указаны сведения, которых требует эта мера.
error-order-details-nothing = Отметьте, что нужно сделать.
error-order-details-narrower = Напишите, почему недостаточно ограничить одну страницу.
error-order-details-harm = Напишите, какой вред он причиняет.
error-order-details-period = Начало периода не может быть позже его конца.
error-order-details-too-long = Текст слишком длинный: сократите до 1000 знаков.
error-order-ended = Требование уже завершено.
error-order-not-sent = Требование ещё не направлено.
error-order-already-sent = Требование уже направлено.
error-order-lapsed = Срок требования истёк.
error-order-own-draft = Тот, кто готовил проект, подписать не может.
error-order-unapproved = Подписей не хватает: нужен ещё один утверждающий.
error-order-nothing-held = По этому требованию ничего не заблокировано, или указанная сумма не меньше заблокированной.
error-order-erased = Персональные данные заявления уничтожены по закону.
error-order-sealed = Данные не открылись. Сбой записан.

## Errors of answers

error-answer-type = Поле type должно быть answer.v1.
error-answer-id = answer_id состоит из 1–64 знаков: латинские буквы, цифры, дефис, подчёркивание, точка.
error-answer-lines = В ответе от 1 до 200 строк.
error-answer-object-missing = object_id можно опустить только там, где все строки A00.
error-answer-field-missing = В строке нет обязательного поля. Посмотрите таблицу кодов.
error-answer-field-unreadable = Поле строки не читается. Проверьте его формат.
error-answer-in-future = Время в строке ещё не наступило. Проверьте часы.
error-answer-too-much-held = Нельзя заблокировать больше, чем запрошено.
error-answer-not-all = H10 значит, что заблокирована вся сумма: если часть, пришлите H11.
error-answer-unfit = Этот код не отвечает на такую меру. Смотрите таблицу кодов.
error-answer-conflicting = Этот answer_id уже занят другим ответом.
error-answer-no-object = В требовании нет такого объекта.
error-answer-wrong-executor = Требование направлено другому исполнителю.
error-answer-wrong-order = В ответе указано другое требование, не то, на которое он пришёл.
error-answer-iso20022 = Не удалось прочитать сообщение ISO 20022. В пояснении указано первое место с ошибкой.
error-answer-no-answer = Это сообщение не отвечает ни на одно требование. Ответом может быть camt.029, camt.111 или pacs.004.
error-answer-no-order = Требование не указано ни в элементе Case, ни в строке /ORDER/.

## Errors of partners and of signatures

error-partner-entry = Запись файла соглашения не принята. Проверьте её поля.
error-signature-missing = В сообщении нет подписи с меткой qorgan-v1.
error-signature-malformed = Поле подписи не по формату RFC 8941.
error-signature-ambiguous = В сообщении несколько подписей с меткой qorgan-v1. Оставьте одну.
error-signature-parameter = Параметр подписи отсутствует или неверен.
error-signature-not-covered = Подпись охватывает не все обязательные части.
error-signature-component = Части, охваченной подписью, нет в сообщении.
error-signature-expired = Срок подписи истёк. Подпишите сообщение заново.
error-signature-from-the-future = Время подписи ещё не наступило. Проверьте часы.
error-signature-lifetime = Подпись должна действовать от 1 до 300 секунд.
error-signature-unknown-key = Ключ неизвестен или отозван.
error-signature-invalid = Подпись не соответствует сообщению.
error-signature-replayed = Эта подпись уже использована.
error-digest-missing = В сообщении нет поля Content-Digest с sha-256.
error-digest-mismatch = Content-Digest не соответствует телу сообщения.

## The law an order stands on

order-basis-article = { $act }, статья { $article }
order-basis = { $act }, { $article }
order-basis-none = правовое основание не указано
