### Words that all pages share: navigation, buttons, clocks, problems.

## Product and navigation

product-name = Qorgan
nav-skip = Перейти к основному содержанию
nav-language = Язык
nav-portal = Разделы
nav-desk = Рабочие разделы
nav-search = Искать везде
nav-search-go = Найти
nav-settings = Настройки
nav-sign-out = Выйти
nav-back = Назад
nav-more = Показать ещё
help-line = Нужна помощь? Позвоните по номеру { $phone }.
demo-bar = Демонстрация: люди, банки и суммы вымышлены.
theme-label = Цвета страницы
theme-light = Светлые
theme-dark = Тёмные
theme-auto = Как на устройстве
density-comfortable = Показать строки просторнее
density-compact = Показать строки плотнее

## Buttons

button-continue = Продолжить
button-send = Отправить
button-save = Сохранить
button-save-leave = Сохранить и выйти
button-print = Распечатать
button-copy = Скопировать
button-add = Добавить
button-remove = Убрать
button-change = Изменить
button-busy = Выполняется…
copy-done = Скопировано
dialog-close = Закрыть
dialog-close-unchanged = Закрыть без изменений

## Keys of the desk

keys-on = Включить горячие клавиши
keys-off = Выключить горячие клавиши
keys-show = Список клавиш
keys-title = Горячие клавиши
key-down = Следующая строка
key-up = Предыдущая строка
key-tick = Отметить строку
key-range = Отметить до этой строки
key-peek = Быстрый просмотр
key-open = Открыть
key-clear = Снять отметки
key-take = Взять себе
key-orders = Требования к отправке
key-snooze = Отложить с указанием причины
key-note = Написать сообщение заявителю
key-new = Оформить новое заявление
key-filter = Фильтр
key-search = Искать везде (в пустом фильтре также /)
key-undo = Отменить последнее действие
key-help = Этот список
key-send = Направить (только на этой странице)
key-day = Предыдущий или следующий день

## Fields and errors

error-prefix = Ошибка:
error-summary = Исправьте эти ответы
field-optional = (необязательно)
field-select = Выберите
password-show = Показать
password-hide = Скрыть
amount-readback = Прочитано: { $sum }
when-today = Сегодня
when-yesterday = Вчера
when-other = В другой день
when-day = День
when-month = Месяц
when-year = Год
when-time = Время
when-time-hint = Например: 14:05. Если не помните, оставьте пустым.
when-about = Примерно в это время
when-missing = Выберите, в какой день это было
when-no-date = Укажите день, месяц и год полностью
when-no-time = Укажите время так: 14:05
when-future = Это время ещё не наступило. Проверьте день и час

## Clocks and times

unit-day = { $n } дн.
unit-hour = { $n } ч
unit-minute = { $n } мин
unit-second = { $n } с
clock-left = осталось { $time }
clock-late = просрочено на { $time }
clock-done = выполнено за { $time }
clock-done-late = выполнено с опозданием, за { $time }
clock-paused = приостановлено: { $cause }
time-now = сейчас
time-ago-minutes = { $n } мин назад
time-ago-hours = { $n } ч назад
time-in-minutes = через { $n } мин
time-in-hours = через { $n } ч

## Lists

filter-label = Фильтр
filter-apply = Показать
filter-clear = Очистить фильтр
filter-count = Найдено: { $n }
bulk-label = Действия с отмеченными строками
bulk-count = Отмечено: { $n }
bulk-clear = Снять отметки
table-tick = Отметить строку: { $name }
live-new = Новых: { $n }
live-late = Просрочено: { $n }
live-as-of = Данные на { $time }. Подключаемся снова.
toast-undo = Отменить действие
toast-close = Закрыть
toast-recent = Недавние действия
toast-saved = Сохранено.
toast-undone = Действие отменено.

print-as-of = Распечатано: { $time }

## Timeline

timeline-gap = перерыв: { $time }
timeline-times = { $n ->
    [one] { $n } раз, первый: { $first }, последний: { $last }
    [few] { $n } раза, первый: { $first }, последний: { $last }
    [many] { $n } раз, первый: { $first }, последний: { $last }
   *[other] { $n } раза, первый: { $first }, последний: { $last }
 }
timeline-machine = автоматически
timeline-basis = основание:
timeline-proof = подтверждение записи

## Drafts

upload-waits = Ждёт очереди
upload-sending = Отправляется: { $n } %
upload-cut = Связь прервалась. Пробуем ещё раз…
upload-done = Получено
upload-not-sent = Отправить не удалось. Проверьте связь и добавьте файл ещё раз
draft-saved = Сохранено: { $time }
draft-cut = Связь прервалась. Написанное осталось на этой странице. Не закрывайте её: всё сохранится само, когда связь вернётся.
draft-not-saved = Последнее изменение не сохранено. Нажмите «Продолжить».
wizard-step = Шаг { $at } из { $of }
wizard-step-open = Шаг { $at }
wizard-kept = Ответы сохраняются

## Empty states

empty-first =
    .title = Пока ничего нет
    .text = Первая запись появится здесь.
empty-filter =
    .title = По фильтру ничего не найдено
    .text = Измените или очистите фильтр.
empty-nothing-due =
    .title = Сроки пока не подходят
    .text = Новое появится здесь само.

## Problems: the title by class, then what is so and what to do

page-not-found = Такой страницы нет, или она вам не открыта. Проверьте ссылку.
service-down = Сервис сейчас не работает. Не ждите: позвоните в банк и по номеру { $phone }.
service-down-saved = Сервис сейчас не работает. Написанное сохранено. Не ждите: позвоните в банк и по номеру { $phone }.
problem-invalid = Данные не приняты
    .detail = Проверьте введённое и отправьте ещё раз.
problem-unauthenticated = Сначала войдите
    .detail = Эта страница открывается после входа.
problem-forbidden = У вас нет права на это действие
    .detail = Если это нужно по службе, обратитесь к руководителю или дежурному сотруднику.
problem-not-found = Страница не найдена
    .detail = { page-not-found }
problem-conflict = Данные уже изменились
    .detail = За это время данные изменил кто-то другой. Обновите страницу и проверьте ещё раз.
problem-gone = Это больше не открывается
    .detail = Срок истёк, или работа завершена.
problem-too-many = Слишком много попыток
    .detail = Подождите немного и повторите.
problem-unavailable = Сервис сейчас не работает
    .detail = Не ждите: позвоните в банк и по номеру { $phone }.
problem-bug = У нас произошёл сбой
    .detail = Сбой записан, мы его исправим. Если дело срочное, позвоните по номеру { $phone }.
problem-request = Номер сбоя: { $id }
error-web-not-found = { page-not-found }
error-web-cross-site = Этот запрос пришёл с другого сайта. Откройте нашу страницу и отправьте ещё раз.
error-web-method = Этот адрес не принимает такой запрос.
error-web-too-large = Отправлено слишком много данных. Отправьте частями.
error-web-media-type = Данные в таком формате не принимаются.
error-web-too-many = { problem-too-many.detail }
error-web-unreadable = Запрос не удалось прочитать. Проверьте заполненные поля.
error-web-control-character = В тексте есть управляющий символ. Допускаются только табуляция и перевод строки.
error-web-unavailable = { problem-unavailable.detail }
error-web-fault = { problem-bug.detail }
error-web-template = { problem-bug.detail }
error-web-not-wrapped = { problem-bug.detail }

## The page of components: samples only

kit-title = Составные части
kit-lead = Каждая часть во всех состояниях. Язык и цвета переключаются на странице.
kit-portal = Страницы для граждан
kit-desk = Страницы для сотрудников
kit-buttons = Кнопки
kit-report = Сообщить сейчас
kit-fields = Вопросы
kit-clocks = Сроки
kit-tags = Состояния
kit-notices = Сообщения
kit-money = Путь денег
kit-history = Что сделано
kit-table = Очередь
kit-colours = Цвета и размеры
kit-waiting = Ожидание
kit-receipt = Талон-уведомление
kit-amount =
    .label = Сколько денег вы перевели?
    .hint = Можно писать с пробелами или с запятой.
    .missing = Укажите, сколько денег вы перевели
kit-phone =
    .label = Ваш номер телефона
    .hint = На этот номер придут сообщения.
    .length = В номере не столько цифр, сколько должно быть. Введено цифр: { $n }
kit-bank =
    .label = Из какого банка вы перевели?
kit-what =
    .label = Что случилось?
    .hint = Если подходит несколько ответов, выберите главный.
    .money = Ушли деньги
    .money-hint = Перевод, списание с карты или терминал
    .loan = На меня оформили кредит
    .nothing = Пока ничего не потеряно
kit-whom =
    .label = Кому вы уже сообщили?
    .bank = В банк
    .police = В полицию
kit-words =
    .label = Что они говорили?
kit-files =
    .label = Снимки экрана и чеки
kit-when =
    .label = Когда вы перевели деньги?
kit-password =
    .label = Пароль
kit-late = просрочено
kit-sent = Направлено
kit-held = Заблокировано
kit-new = Новое
kit-due = Срок близко
kit-overdue = Просрочено
kit-waits = ждём ответа заявителя
kit-second-fraud = Осторожно: кто просит плату за возврат денег, тот мошенник. Мы за возврат не берём ничего и никогда.
kit-receipt-done = Заявление принято
kit-receipt-number = Номер: { $number }
kit-receipt-code = Этот код открывает ваше заявление. Сохраните его: второй раз он не появится. Не называйте его никому, даже полиции.
kit-next-sent = Требование направлено в банк
kit-next-answer = К этому времени банк должен ответить
kit-next-message = Следующее сообщение вам
kit-stopped = Удалось остановить (вы перевели: { $sent })
kit-trail-bank = Банк «Образец»
kit-trail-held = заблокировано
kit-trail-cash = снято в банкомате
kit-trail-unknown = пока неизвестно
kit-trail-asked = запрошено
kit-trail-caption = Проверка: 1 850 000 + 400 000 + 150 000 = 2 400 000. Сумма сходится.
kit-trail-table = То же в таблице
kit-col-place = Где
kit-col-sum = Сумма, ₸
kit-col-state = Состояние
kit-col-time = Срок
kit-col-number = Номер
kit-col-loss = Ущерб, ₸
kit-col-what = Что произошло
kit-col-owner = Ответственный
kit-why = Первое действие пропущено: по звену 2 нет требования
kit-story = Звонок, «безопасный счёт»
kit-nobody = никто
kit-take = Взять себе
kit-snooze = Отложить
kit-chip-late = Просроченные
kit-chip-mine = Назначенные мне
kit-done = { $number } назначено вам.
kit-entry-received = Заявление принято
kit-entry-sent = В банк направлено требование о блокировке
kit-entry-answer = Банк ответил: заблокировано 1 850 000 ₸
kit-basis = статья 25-1
kit-actor = А. Сейтов
kit-send-three = Направить требования (3)
