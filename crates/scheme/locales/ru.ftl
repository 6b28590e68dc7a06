### Схемы мошенничества: какие заявления связаны и почему.
scheme-nav = Схемы
scheme-title = Схемы мошенничества
scheme-empty =
    .title = Связанных заявлений пока нет
    .text = Как только в двух заявлениях встретится один номер, счёт или сайт либо почти одинаковый рассказ, они появятся здесь как одна схема.
scheme-left-out = Не показано: { $n }. Уточните фильтр.
scheme-chip-alarm = Необычные
scheme-chip-large = Больше десяти заявлений
scheme-col-number = Схема
scheme-col-kind = Способ обмана
scheme-col-reports = Заявления
scheme-col-loss = Ущерб
scheme-col-first = Первое заявление
scheme-col-last = Последнее заявление
scheme-col-thing = Общее в заявлениях
scheme-col-named = В заявлениях
scheme-col-how = Откуда известно
scheme-col-registry = В реестре
scheme-col-acts = Действие
scheme-col-day = День
scheme-col-report = Заявление
scheme-col-came = Поступило
scheme-col-region = Регион
scheme-col-why = Почему здесь
scheme-col-orders = Открытые требования
scheme-new-today = за сутки: { $n }
scheme-reports = { $n ->
    [one] { $n } заявление
    [few] { $n } заявления
    [many] { $n } заявлений
   *[other] { $n } заявления
    }
scheme-not-said = Не указано
scheme-age-minor = младше 18
scheme-age-old = 65 и старше
scheme-kind-unknown = Пока неизвестно
scheme-kind-by-words = По словам в рассказах. Заявлений с таким рассказом: { $told } из { $of }
scheme-kind-by-learnt = По решениям сотрудников о других схемах. Заявлений с таким рассказом: { $told } из { $of }
scheme-kind-by-officer = Указал сотрудник
scheme-kind-by-stories = Определять по рассказам
scheme-alarms = Необычное
scheme-alarm-growing = За сутки заявлений: { $seen }. { $usual }
scheme-alarm-bank = { $bank }: за час заявлений от клиентов: { $seen }. { $usual }
scheme-alarm-usual = Обычно: { $expected }. Случайно такое бывает реже, чем в одном случае из миллиона.
scheme-alarm-usual-few = Обычно меньше одного. Случайно такое бывает реже, чем в одном случае из миллиона.
scheme-alarm-reports = Показать эти заявления
scheme-alarm-region = Впервые в регионе: { $region }. За сутки заявлений: { $seen }, раньше не было.
scheme-alarm-age = Впервые среди людей этого возраста: { $age }. За сутки заявлений: { $seen }, раньше не было.
scheme-alarm-seen = Просмотрено
scheme-tag-alarm = Необычное
scheme-tag-paying = Платил после заявления
scheme-why = Почему эти заявления связаны
scheme-why-no-things = Последние заявления не называют ничего общего. Их связывает сходство рассказов.
scheme-why-stories = Некоторые заявления связаны только рассказом: столько слов стоит в том же порядке, что это не случайность.
scheme-why-thing = { $kind } { $what }: заявлений { $n }
scheme-why-told = Рассказано как в { $number }: совпадает { $alike } % последовательностей слов
scheme-why-person = Добавил сотрудник либо связано через другое заявление
scheme-like = Другие схемы с похожими рассказами
scheme-like-text = Общих счетов и номеров с ними нет. Одна ли это группа, решать вам.
scheme-like-told = совпадает { $alike } % последовательностей слов
scheme-like-join = Это одна схема
scheme-money = Деньги всех пострадавших
scheme-money-hint = Пути их денег на одном рисунке. Начните с того места, где они сходятся.
scheme-money-left-out = { $n ->
    [one] { $n } заявление сюда не вошло: платежа нет или платили в другой валюте.
    [few] { $n } заявления сюда не вошли: платежа нет или платили в другой валюте.
    [many] { $n } заявлений сюда не вошло: платежа нет или платили в другой валюте.
   *[other] { $n } заявления сюда не вошло: платежа нет или платили в другой валюте.
 }
scheme-money-older = { $n ->
    [one] { $n } более раннее заявление сюда не вошло.
    [few] { $n } более ранних заявления сюда не вошли.
    [many] { $n } более ранних заявлений сюда не вошло.
   *[other] { $n } более раннего заявления сюда не вошло.
 }
scheme-next = Что стоит сделать
scheme-next-paying = { $n ->
    [one] Позвоните { $n } пострадавшему: платежи были и после заявления.
    [few] Позвоните { $n } пострадавшим: платежи были и после заявления.
    [many] Позвоните { $n } пострадавшим: платежи были и после заявления.
   *[other] Позвоните { $n } пострадавшим: платежи были и после заявления.
 }
scheme-next-suppress = Пресеките схему. Общих номеров, счетов и сайтов, которых ещё нет в реестре: { $n }.
scheme-next-warn = { $n ->
    [one] Предупредите население: со вчерашнего дня поступило { $n } заявление.
    [few] Предупредите население: со вчерашнего дня поступили { $n } заявления.
    [many] Предупредите население: со вчерашнего дня поступило { $n } заявлений.
   *[other] Предупредите население: со вчерашнего дня поступило { $n } заявления.
 }
scheme-next-case = Заведите дело. Заявлений: { $n }. Регионов: { $regions }. Ущерб: { $sum }.
scheme-next-case-anywhere = Заведите дело. Заявлений: { $n }. Ущерб: { $sum }.
scheme-galaxy = В MISP:
scheme-signs = Что рассказы говорят о способе обмана
scheme-sign = { $sign } · { $n }
scheme-how-paid = Сюда перевели деньги
scheme-how-money = Сюда ушли деньги, сообщил банк
scheme-how-clue = Установил сотрудник
scheme-how-told = Названо в рассказе
scheme-note-letters = Буквы разных алфавитов: выдаёт себя за другой сайт
scheme-note-hub = Встречается слишком часто и поэтому не связывает
scheme-note-everybody = Пользуются все: не связывает
scheme-note-own = Принадлежит этой схеме
scheme-rule-everybody = Отметить: пользуются все
scheme-rule-own = Отметить: принадлежит этой схеме
scheme-ruling-nothing = решения нет
scheme-ruling-everybody = этим пользуются все
scheme-ruling-own = принадлежит этой схеме
scheme-days = Заявления по дням за 30 дней
scheme-as-table = То же таблицей
scheme-where = Где и кто
scheme-regions = Регионы
scheme-ages = Возраст
scheme-banks = Банк плательщика
scheme-langs = Язык
scheme-reports-title = Заявления этой схемы
scheme-reports-hidden = Заявления этой схемы вам недоступны.
scheme-page-later = Более поздние
scheme-page-earlier = Более ранние
scheme-act-suppress = Пресечь
scheme-act-in = Добавить заявление или схему
scheme-act-kind = Указать способ обмана
scheme-act-out = Исключить
scheme-act-part = Выделить в отдельную схему
scheme-field-number =
    .label = Номер заявления или другой схемы
    .hint = Например, S-118.
scheme-field-kind =
    .label = Способ обмана
scheme-field-reason =
    .label = Почему
    .hint = Запись сохранится с вашим именем и будет видна на странице схемы.
scheme-decide-out =
    .title = Исключить из { $number }: { $n }
    .effect = Эти заявления не будут входить ни в одну схему, пока их не добавит человек. Новые заявления сами к ним не присоединятся. Отменить можно в любое время.
    .button = Исключить
scheme-decide-part =
    .title = Выделить из { $number }: { $n }
    .effect = Эти заявления станут отдельной схемой. Снова объединить их сможет только человек; новые заявления попадут туда, где общего больше. Отменить можно в любое время.
    .button = Выделить
scheme-decide-in =
    .title = Добавить в { $number }
    .effect = Заявление войдёт в эту схему; другая схема объединится с ней, и останется номер большей. Отменить можно в любое время.
    .button = Добавить
scheme-decide-kind =
    .title = Способ обмана в { $number }
    .effect = Ваше решение важнее того, что говорят рассказы. Отменить можно в любое время.
    .button = Указать
scheme-decide-everybody =
    .title = Отметить: этим пользуются все
    .effect = Больше ни в одной схеме это не будет связывать заявления. Те, которые ничем другим не связаны, разойдутся за несколько секунд. Отменить можно в любое время.
    .button = Отметить
scheme-decide-own =
    .title = Отметить: принадлежит этой схеме
    .effect = Все заявления, где это названо, будут связаны, сколько бы их ни было. Отменить можно в любое время.
    .button = Отметить
scheme-decisions = Решения сотрудников
scheme-decisions-none = Пока нет. Чтобы выделить или исключить заявления, отметьте их выше.
scheme-did-out = Исключено: { $n }
scheme-did-parted = Заявления из { $from } выделены в { $other }: { $n }
scheme-did-in = Добавлено заявление
scheme-did-joined = { $one } и { $other } объединены
scheme-did-ruled = { $thing }: { $ruling }
scheme-did-kind = Способ обмана: { $kind }
scheme-reason-gone = Обоснование удалено вместе с заявлением.
scheme-undo = Отменить
scheme-undone = Отменено
scheme-history = Что сделано
scheme-history-none = Пока ничего. Здесь будет всё, что сделают со схемой сотрудники и автоматика.
scheme-history-begin = Начните с кнопок вверху страницы или отметьте заявления в таблице.
scheme-act-taken-out = исключены заявления
scheme-act-parted = схема разделена
scheme-act-put-in = добавлено заявление
scheme-act-joined = схемы объединены
scheme-act-ruled = принято решение об общем признаке
scheme-act-kind-said = указан способ обмана
scheme-act-undone = решение отменено
scheme-act-alarm-raised = замечено необычное
scheme-act-alarm-seen = необычное просмотрено
scheme-machine-took-in-thing = в эту схему вошла { $number }; общее: { $kind } { $what }
scheme-machine-took-in-told = в эту схему вошла { $number }: в рассказах совпадает { $alike } % последовательностей слов
scheme-machine-took-in-other = в эту схему вошла { $number }: нашлось общее
scheme-machine-went-into-thing = схема вошла в { $number }; общее: { $kind } { $what }
scheme-machine-went-into-told = схема вошла в { $number }: в рассказах совпадает { $alike } % последовательностей слов
scheme-machine-went-into-other = схема вошла в { $number }: нашлось общее
scheme-machine-came-apart-to = отделилось заявлений: { $n }; теперь они здесь: { $number }. С остальными их больше ничего не связывает
scheme-machine-came-apart-none = вышло заявлений: { $n }. Они теперь сами по себе: с остальными их больше ничего не связывает
scheme-machine-came-from = пришло заявлений: { $n }; раньше они были здесь: { $number }
scheme-machine-other-kind = способ обмана теперь другой: { $to }; был: { $from }. Заявлений с таким рассказом: { $told } из { $of }
scheme-machine-no-kind = способ обмана больше не известен; был: { $from }
scheme-toast-out = Исключено из { $number }
scheme-toast-parted = Теперь это { $number }
scheme-toast-in = Добавлено в { $number }
scheme-toast-kind = Указано для { $number }
scheme-toast-ruled = Решение принято. { $number } пересобирается
scheme-toast-undone = Отменено
scheme-toast-seen = Просмотрено
scheme-toast-tick = Сначала отметьте заявления
scheme-panel = Схема
scheme-panel-why = Почему заявление здесь
scheme-panel-none = Других заявлений с теми же номерами или похожим рассказом нет.
scheme-panel-alone = Сотрудник указал, что заявление не входит ни в одну схему.
error-scheme-not-found = Такой схемы нет.
error-scheme-no-reason = Напишите почему: от 1 до 500 знаков.
error-scheme-not-ticked = Отметьте от 1 до 500 заявлений этой схемы.
error-scheme-all-ticked = Оставьте в схеме хотя бы одно заявление.
error-scheme-no-such-number = Нет заявления или другой схемы с таким номером.
error-scheme-in-already = Уже входит в эту схему.
error-scheme-no-such-kind = Выберите из списка.
error-scheme-undone-before = Это решение уже отменено.
scheme-chart = Граф связей
