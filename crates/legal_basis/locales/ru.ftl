# Правовые основания и постоянные разрешения.
error-legal-basis-not-found = Такого правового основания нет.
error-legal-basis-not-yet-in-force = Правовое основание ещё не вступило в силу.
error-legal-basis-ended = Правовое основание утратило силу.
error-legal-basis-measure = Это правовое основание не допускает такой меры.
error-legal-basis-addressee = Это правовое основание не распространяется на такую организацию.
error-legal-basis-too-wide = Это правовое основание не допускает столь широкой меры. Сузьте её.
error-legal-basis-unreasoned = Укажите, почему меры в пределах суммы недостаточно.
error-legal-basis-no-amount = Укажите сумму блокировки: она должна быть больше нуля.
error-legal-basis-exempt-receipts = Пенсии, пособия, стипендии и заработная плата не блокируются.

error-standing-basis-not-in-force = Правовое основание, указанное в разрешении, сейчас не действует.
error-standing-per-case = По этому основанию утверждается каждый случай, постоянное разрешение не выдаётся.
error-standing-measure = Правовое основание не допускает такой меры.
error-standing-too-wide = Постоянное разрешение выдаётся только в пределах спорной суммы.
error-standing-cap = Предельная сумма должна быть больше нуля.
error-standing-mixed-assets = Укажите обе предельные суммы в одной валюте.
error-standing-day-below-order = Предел на день не может быть меньше предела на одно требование.
error-standing-no-hop = Предельное число звеньев должно быть не меньше 1.
error-standing-dates = Проверьте дату окончания: она должна быть позже начала и в будущем.
error-standing-too-long = Срок длиннее, чем допускает правовое основание. Сократите его.
error-standing-reason = Укажите причину (до 1000 знаков).
error-standing-not-draft = Это уже не проект, подписать его нельзя.
error-standing-ended = Срок разрешения истёк.
error-standing-author = Тот, кто готовил проект, подписать его не может.
error-standing-again = Вы это уже подписали. Нужна подпись другого утверждающего.
error-standing-office = Ваша должность не даёт права подписи.
error-standing-already-ended = Это разрешение уже не действует.
error-standing-not-covered = Ни одно действующее постоянное разрешение не охватывает это требование. Его должен направить сотрудник.

standing-title = Постоянные разрешения
standing-status-draft = проект
standing-status-in-force = действует
standing-status-superseded = заменено
standing-status-revoked = отозвано
standing-status-short = подписавших, которые остаются в должности, недостаточно: не действует
standing-why-not-in-force = не действует
standing-why-too-early = срок ещё не начался
standing-why-too-late = срок истёк
standing-why-basis = другое правовое основание
standing-why-measure = другая мера
standing-why-scope = мера слишком широка
standing-why-asset = другая валюта
standing-why-amount = сумма не указана
standing-why-order-cap = больше предела на одно требование
standing-why-day-cap = больше предела на день
standing-why-hop = звено дальше разрешённого

legal-basis-title = Правовые основания
legal-basis-mark-confirmed = подтверждено источником
legal-basis-mark-to-be-confirmed = должен подтвердить юрист
legal-basis-scope-amount-only = только спорная сумма
legal-basis-scope-incoming = сумма и поступления
legal-basis-scope-full = весь счёт
legal-basis-measure-hold = блокировка денег
legal-basis-measure-incoming-stop = остановка поступлений
legal-basis-measure-release = снятие ограничения
legal-basis-measure-return = возврат потерпевшему
legal-basis-measure-number-block = блокировка номера
legal-basis-measure-sim-block = блокировка SIM-карты
legal-basis-measure-imei-block = блокировка устройства
legal-basis-measure-sender-block = блокировка имени отправителя
legal-basis-measure-resource-restriction = ограничение доступа к ресурсу
legal-basis-measure-disclosure = предоставление данных
legal-basis-measure-preservation = обеспечение сохранности данных
legal-basis-measure-listing = внесение в список дропперов
legal-basis-measure-delisting = исключение из списка дропперов
legal-basis-measure-extension = продление срока

## The law at the desk: list

legal-basis-lead = На этих нормах основаны требования. Если подходит несколько оснований, применяется то, что стоит выше в списке.
legal-basis-empty =
    .title = Правовых оснований пока нет
    .text = Они берутся из профиля страны при запуске программы.
legal-basis-col-key = Код
legal-basis-col-title = Основание
legal-basis-col-act = Акт и статья
legal-basis-col-in-force = Действие
legal-basis-col-state = Состояние
legal-basis-col-field = Пункт
legal-basis-since = с { $day }
legal-basis-until = по { $day }
legal-basis-span = С { $from } по { $to }
legal-basis-span-open = С { $from }, последний день не установлен
legal-basis-span-ended = Действие прекращено: { $from }
legal-basis-span-never = Не действовала: заменена до начала действия
legal-basis-act-article = { $act }, статья { $article }
legal-basis-act = { $act }, { $article }
legal-basis-drafts-count = проектов: { $n }
legal-basis-chip-to-be-confirmed = Должен подтвердить юрист
legal-basis-chip-draft = Есть проект изменения
legal-basis-chip-out = Сейчас не действуют
legal-basis-state-in-force = действует
legal-basis-state-planned = ещё не действует
legal-basis-state-ended = утратило силу
legal-basis-state-withdrawn = исключено из профиля

## One basis

legal-basis-not-now-planned = Это основание ещё не действует. До вступления в силу требования по нему не направляются.
legal-basis-not-now-ended = Это основание утратило силу. Новые требования по нему не направляются.
legal-basis-not-now-withdrawn = Этого основания больше нет в профиле страны. Оно показано ради прежних требований, изменить его здесь нельзя.
legal-basis-not-confirmed = Соответствие тексту закона не подтверждено. Юрист должен сверить эту запись с действующей редакцией.
legal-basis-changes-then = Другая редакция вступит в силу: { $day }.
legal-basis-ends-then = Действие прекратится: { $day }.
legal-basis-held-back = В файлах профиля под тем же номером ({ $n }) стоит другой текст. Он не применяется: остаётся в силе то, что введено в действие здесь. Чтобы применить текст профиля, увеличьте в нём номер версии.
legal-basis-allows = Что допускает основание
legal-basis-versions = Редакции
legal-basis-versions-lead = Сверху та, что начинается позже. Ни одна редакция не меняется и не удаляется.
legal-basis-version = Редакция № { $n }
legal-basis-version-in-force = действует
legal-basis-version-planned = вступит в силу позже
legal-basis-version-past = прежняя
legal-basis-version-end = прекращение действия
legal-basis-from-profile = Внесена из профиля страны.
legal-basis-from-desk = Проект: { $author }. Введение в действие: { $second }.
legal-basis-from-desk-unknown = Введена в действие здесь.
legal-basis-recorded = Записана: { $time }.
legal-basis-what-changed = Изменений: { $n }
legal-basis-what-changed-in = Изменения в редакции № { $n }
legal-basis-removed = удалено:
legal-basis-added = добавлено:
legal-basis-reason = Причина

## Fields of a basis

legal-basis-field-from = Первый день действия
legal-basis-field-to = Последний день действия
legal-basis-field-act = Номер акта в реестре
legal-basis-field-act-name = Название акта
legal-basis-field-article = Статья, пункт
legal-basis-field-title = Краткое название
legal-basis-field-text = Краткое содержание нормы
legal-basis-field-measures = Меры
legal-basis-field-addressees = Кому направляется
legal-basis-field-scope = Объём меры
legal-basis-field-approvers = Кто утверждает
legal-basis-field-prosecutor-sanction = Санкция прокурора
legal-basis-field-standing = Постоянное разрешение
legal-basis-field-clocks = Сроки по закону
legal-basis-field-ack = Срок подтверждения
legal-basis-field-action = Срок исполнения
legal-basis-field-max-term = Предельный срок меры
legal-basis-field-extension = Продление
legal-basis-field-exempt-receipts = Поступления, остающиеся в распоряжении владельца
legal-basis-field-notify = Кого уведомляют
legal-basis-field-appeal = Возражение
legal-basis-field-appeal-body = Кто рассматривает возражение
legal-basis-field-file-within = Срок подачи возражения
legal-basis-field-decide-within = Срок рассмотрения возражения
legal-basis-field-mark = Проверка
legal-basis-field-note = Примечание об источнике
legal-basis-field-unverified = Не подтверждено источником
legal-basis-lang-kk = на казахском
legal-basis-lang-ru = на русском
legal-basis-lang-en = на английском

## What the fields say

legal-basis-open = не установлен
legal-basis-needed = нужна
legal-basis-not-needed = не нужна
legal-basis-law-silent = законом не установлен
legal-basis-no-term = срок не предусмотрен
legal-basis-no-extension = не предусмотрено
legal-basis-extension = Срок одного продления: { $term }. Сколько раз: { $n }
legal-basis-while-it-lasts = пока действует мера
legal-basis-none = нет
legal-basis-signers = Подписей: { $n }. Кто подписывает: { $roles }
legal-basis-standing-no = не выдаётся: утверждается каждый случай
legal-basis-standing-yes = Выдаётся. Объём: { $scope }
legal-basis-standing-days = Наибольший срок, дней: { $n }
legal-basis-reason-above = Мотивировка нужна, если мера шире, чем: { $scope }
legal-basis-term-minutes =
    { $n ->
        [one] { $n } минута
        [few] { $n } минуты
        [many] { $n } минут
       *[other] { $n } минуты
    }
legal-basis-term-hours =
    { $n ->
        [one] { $n } час
        [few] { $n } часа
        [many] { $n } часов
       *[other] { $n } часа
    }
legal-basis-term-calendar-days =
    { $n ->
        [one] { $n } календарный день
        [few] { $n } календарных дня
        [many] { $n } календарных дней
       *[other] { $n } календарного дня
    }
legal-basis-term-working-days =
    { $n ->
        [one] { $n } рабочий день
        [few] { $n } рабочих дня
        [many] { $n } рабочих дней
       *[other] { $n } рабочего дня
    }
legal-basis-notify-holder = владельца: { $term }
legal-basis-notify-victim = потерпевшего: { $term }
legal-basis-notify-prosecutor = прокурора: { $term }
legal-basis-exempt-pension = пенсии
legal-basis-exempt-benefit = пособия
legal-basis-exempt-scholarship = стипендии
legal-basis-exempt-wage = заработная плата
legal-basis-exempt-alimony = алименты
legal-basis-addressee-bank = банк
legal-basis-addressee-payment-organisation = платёжная организация
legal-basis-addressee-exchange = криптобиржа
legal-basis-addressee-operator = оператор связи
legal-basis-addressee-provider = провайдер
legal-basis-addressee-hoster = хостинг-провайдер
legal-basis-addressee-registrar = регистратор доменных имён
legal-basis-addressee-platform = онлайн-платформа
legal-basis-addressee-antifraud-centre = антифрод-центр
legal-basis-addressee-media-authority = уполномоченный орган в области масс-медиа
legal-basis-addressee-prosecutor = прокуратура
legal-basis-addressee-state-body = государственный орган
legal-basis-addressee-ministry-unit = подразделение министерства
legal-basis-addressee-agency = правоохранительный орган
legal-basis-addressee-public-association = общественное объединение
legal-basis-addressee-foreign-police = полиция иностранного государства
legal-basis-addressee-international-police = международная полицейская организация

## Drafting a change

legal-basis-change = Подготовить изменение
legal-basis-change-lead = Изменение начнёт действовать, только когда его введёт в действие другой сотрудник. Прежняя редакция сохранится.
legal-basis-change-over = Изменяемая редакция
legal-basis-change-from = Подготовить изменение этой редакции
legal-basis-change-later = Позже вступит в силу другая редакция: { $day }. С этого дня ваше изменение действовать не будет. Его можно начать с того же дня или позже.
legal-basis-change-draft = Передать проект на решение
legal-basis-drafted = Проект передан на решение.
legal-basis-form-dates =
    .title = Срок действия
    .lead = Если проект введут в действие позже указанного дня, изменение начнёт действовать с момента введения.
legal-basis-form-from =
    .label = Первый день
    .hint = Сегодня или позже. Например: 30.11.2026
legal-basis-form-to =
    .label = Последний день
    .hint = После этого дня по основанию ничего сделать нельзя, пока не введена новая редакция
legal-basis-form-text =
    .title = Название и содержание
    .lead = На каждом языке профиля, своими словами, без дословной цитаты.
    .label = Содержание на другом языке
legal-basis-form-title-kk =
    .label = Название на казахском
legal-basis-form-title-ru =
    .label = Название на русском
legal-basis-form-title-en =
    .label = Название на английском
legal-basis-form-title =
    .label = Название на другом языке
legal-basis-form-text-kk =
    .label = Содержание на казахском
legal-basis-form-text-ru =
    .label = Содержание на русском
legal-basis-form-text-en =
    .label = Содержание на английском
legal-basis-form-allows =
    .title = Что допускает
    .lead = Меры и адресаты выбираются только из этих списков.
legal-basis-form-measures =
    .label = Меры
legal-basis-form-addressees =
    .label = Кому направляется
legal-basis-form-widest =
    .label = Наибольший объём меры
legal-basis-form-reason-above =
    .label = Объём, для которого мотивировка не нужна
legal-basis-form-signing =
    .title = Утверждение
    .lead = Кто подписывает каждое требование. Тот, кто готовил проект, в счёт не идёт.
legal-basis-form-approvers-count =
    .label = Сколько подписей
    .hint = Число от 1 до 9
legal-basis-form-approvers-roles =
    .label = Кто подписывает
legal-basis-form-sanction =
    .label = Нужна ли санкция прокурора
legal-basis-form-standing =
    .title = Постоянное разрешение
    .lead = По нему требования направляются автоматически, только в пределах спорной суммы.
    .label = Выдаётся ли постоянное разрешение
legal-basis-form-standing-count =
    .label = Сколько подписей под разрешением
    .hint = Если разрешение не выдаётся, оставьте пустым
legal-basis-form-standing-roles =
    .label = Кто подписывает разрешение
legal-basis-form-standing-days =
    .label = Наибольший срок разрешения, дней
    .hint = Число от 1 до 366
legal-basis-form-terms =
    .title = Сроки
    .lead = Если закон срока не устанавливает, оставьте число пустым.
legal-basis-form-ack =
    .label = Подтвердить получение
legal-basis-form-action =
    .label = Исполнить
legal-basis-form-max-term =
    .label = Предельный срок меры
legal-basis-form-extension =
    .label = Срок одного продления
legal-basis-form-extension-times =
    .label = Сколько раз можно продлить
    .hint = Если продления нет, оставьте пустым
legal-basis-form-holder =
    .title = Владелец и уведомления
    .lead = Что остаётся в распоряжении владельца и кого уведомляют. Срок пуст: не уведомляют.
legal-basis-form-exempt =
    .label = Остаётся в распоряжении владельца
legal-basis-form-notify-holder =
    .label = Срок уведомления владельца
legal-basis-form-notify-victim =
    .label = Срок уведомления потерпевшего
legal-basis-form-notify-prosecutor =
    .label = Срок уведомления прокурора
legal-basis-form-objection =
    .title = Возражение
    .lead = Кто рассматривает возражение и в какой срок.
legal-basis-form-appeal-kk =
    .label = Кто рассматривает, на казахском
legal-basis-form-appeal-ru =
    .label = Кто рассматривает, на русском
legal-basis-form-appeal-en =
    .label = Кто рассматривает, на английском
legal-basis-form-appeal =
    .label = Кто рассматривает, на другом языке
legal-basis-form-file-within =
    .label = Срок подачи возражения
    .hint = Пусто: пока действует мера
legal-basis-form-decide-within =
    .label = Срок рассмотрения возражения
legal-basis-form-source =
    .title = Источник
    .lead = Отметка о подтверждении ставится, только если есть опубликованный источник.
legal-basis-form-mark =
    .label = Подтверждено ли источником
legal-basis-form-note-kk =
    .label = Примечание на казахском
legal-basis-form-note-ru =
    .label = Примечание на русском
legal-basis-form-note-en =
    .label = Примечание на английском
legal-basis-form-note =
    .label = Примечание на другом языке
legal-basis-form-unverified =
    .label = Что источником не подтверждено
legal-basis-form-why =
    .title = Причина
    .lead = Её прочтёт тот, кто принимает решение. Она сохранится в журнале.
legal-basis-form-reason =
    .label = Почему нужно изменение
    .hint = До 1000 знаков. Не указывайте имён людей
legal-basis-form-number = Число
legal-basis-form-unit = Единица
legal-basis-unit-minutes = минуты
legal-basis-unit-hours = часы
legal-basis-unit-calendar-days = календарные дни
legal-basis-unit-working-days = рабочие дни
legal-basis-yes-no-yes = да
legal-basis-yes-no-no = нет
legal-basis-form-no-day = Укажите день так: 30.11.2026
legal-basis-form-no-term = Укажите число больше нуля и единицу
legal-basis-form-term-missing = Укажите срок рассмотрения возражения
legal-basis-form-no-number = Укажите число больше нуля
legal-basis-form-no-choice = Выберите один ответ

## Drafts and their decision

legal-basis-drafts-waiting = Проекты, которые ждут решения
legal-basis-drafts-decided = Рассмотренные проекты: { $n }
legal-basis-draft-drafted = ждёт решения
legal-basis-draft-enacted = введён в действие
legal-basis-draft-refused = отклонён
legal-basis-draft-by = Подготовлено: { $author }, { $time }
legal-basis-draft-enacted-by = Введено в действие: { $name }, { $time }
legal-basis-draft-refused-by = Отклонено: { $name }, { $time }. Причина: { $reason }
legal-basis-draft-title = Проект изменения
legal-basis-draft-changes = Что меняется
legal-basis-draft-text = Проект
legal-basis-draft-prepared = Кто подготовил
legal-basis-draft-decision = Решение
legal-basis-draft-not-before = Не раньше, чем проект введут в действие.
legal-basis-draft-whole = Полный текст после изменения
legal-basis-draft-standing = Постоянные разрешения по прежней редакции перестанут действовать, их нужно подписать заново. Таких разрешений: { $n }.
legal-basis-enact = Ввести в действие
legal-basis-enact-text = После этого действует новая редакция. Отменить это действие нельзя, можно только подготовить следующее изменение.
legal-basis-enacted = Введено в действие. Действует с: { $day }.
legal-basis-enacted-later = Решение принято. Вступит в силу: { $day }.
legal-basis-refuse = Отклонить проект
legal-basis-take-back = Отозвать проект
legal-basis-refuse-reason =
    .label = Причина
    .hint = Причина сохранится в журнале.
legal-basis-refused = Проект закрыт, основание не изменилось.

## A past act explained

legal-basis-explain = Правовое основание: тогда и сейчас
legal-basis-explain-then = Тогда
legal-basis-explain-at = Время требования: { $time }
legal-basis-explain-allowed = разрешалось
legal-basis-explain-not-allowed = не разрешалось
legal-basis-explain-allowed-today = разрешается
legal-basis-explain-not-allowed-today = не разрешается
legal-basis-explain-other-then = Указанная редакция тогда не действовала. Действовала редакция № { $n }.
legal-basis-explain-none-then = Основание тогда не действовало.
legal-basis-explain-cited = Указанное основание
legal-basis-explain-today = Сейчас
legal-basis-explain-by-another = По другому основанию:
legal-basis-explain-none-today = Основание утратило силу, другое не подходит.
legal-basis-explain-by-same = По той же редакции.
legal-basis-explain-by-later = По редакции № { $n }.
legal-basis-explain-ended = Основание больше не действует.
legal-basis-explain-unchanged = С тех пор не изменилось.
legal-basis-explain-changes = Что изменилось с тех пор
legal-basis-explain-same-text = Новая редакция с тем же текстом.
legal-basis-explain-changed = Изменений: { $n }

## Why a change is not drafted or not enacted

error-legal-basis-change-withdrawn = Этого основания больше нет в профиле, изменить его нельзя.
error-legal-basis-change-moved = Пока вы писали, основание изменил кто-то другой. Откройте его заново и подготовьте изменение по новому тексту.
error-legal-basis-change-fixed = Код, акт и статью изменить нельзя: это было бы другое основание.
error-legal-basis-change-past = Изменение не может начаться раньше сегодняшнего дня. Укажите сегодняшний день или более поздний.
error-legal-basis-change-too-far = Изменение должно начаться в ближайшие десять лет. Проверьте год.
error-legal-basis-change-unchanged = В тексте ничего не изменено. Внесите изменение или закройте без изменений.
error-legal-basis-change-too-long = Сократите текст: название и орган до 300 знаков, содержание и примечание до 4000.
error-legal-basis-change-reason = Укажите, почему нужно изменение (до 1000 знаков).
error-legal-basis-change-no-text = Заполните текст на этом языке.
error-legal-basis-change-ends-before = Последний день не может быть раньше первого.
error-legal-basis-change-no-measure = Выберите хотя бы одну меру.
error-legal-basis-change-no-addressee = Выберите, кому направляется требование.
error-legal-basis-change-approver-count = Укажите от 1 до 9 подписей: без подписи требование не направляется.
error-legal-basis-change-no-office = Выберите, кто подписывает.
error-legal-basis-change-term = Срок должен быть больше нуля и не длиннее 10 лет.
error-legal-basis-change-reason-above = Объём без мотивировки не может быть шире наибольшего объёма меры.
error-legal-basis-change-standing-wider = Постоянное разрешение не может быть шире самого основания.
error-legal-basis-change-standing-scope = Постоянное разрешение выдаётся только в пределах спорной суммы.
error-legal-basis-change-standing-days = Укажите срок разрешения от 1 до 366 дней.
error-legal-basis-change-standing-sanctioned = Если нужна санкция прокурора, постоянное разрешение не выдаётся.
error-legal-basis-change-unverified = Выберите неподтверждённое из списка.
error-legal-basis-draft-not-open = По этому проекту решение уже принято.
error-legal-basis-draft-author = Тот, кто подготовил проект, сам ввести его в действие не может. Нужно решение другого утверждающего.
error-legal-basis-draft-author-out = Тот, кто подготовил проект, больше не состоит в должности. Проект должен заново подготовить другой сотрудник.
error-legal-basis-draft-moved = После подготовки проекта основание изменил кто-то другой. Ввести этот проект в действие уже нельзя: его нужно подготовить заново по новому тексту.
error-legal-basis-draft-over = Последний день действия, указанный в проекте, уже прошёл.
error-legal-basis-draft-faulty = Проект больше не отвечает правилам. Подготовьте его заново.
error-legal-basis-draft-reason = Укажите причину (до 1000 знаков).
