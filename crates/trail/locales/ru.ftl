### Путь денег: панель сотрудника и панель заявителя.

## The officer's panel

trail-title = Путь денег
trail-empty = О платежах не сообщали, поэтому пути денег пока нет.
trail-summary = Спорная сумма: { $sum }. Заблокировано: { $held }.
trail-payer = Потерпевший
trail-institution-unknown = организация не установлена
trail-again = Этот счёт уже показан выше.
trail-method = Считается, что первыми уходят деньги, поступившие раньше (первым пришёл – первым ушёл). Пунктир: неизвестно или не подтверждено.
trail-table = То же в таблице
trail-col-hop = Звено
trail-col-from = Откуда
trail-col-to = Куда
trail-col-amount = Сумма
trail-col-time = Время
trail-col-state = Состояние
trail-check-ok = Проверка: { $parts } = { $sum }. Сходится.
trail-check-off = Проверка: { $parts }, уплачено { $sum }. Расхождение: { $gap }.
trail-findings = Обратите внимание
trail-finding-older-money = Этим переводом ушли только деньги, которые были на счёте раньше.
trail-finding-beyond = Заблокировано или возвращено больше, чем на счёте спорных денег. Разница: { $sum }.
trail-finding-unlisted = Часть денег ушла со счёта, но нам о ней не сообщили: { $sum } ({ $place }).
trail-finding-went-elsewhere = Банк потерпевшего называет другой счёт получателя, чем в заявлении.
trail-finding-ignored = Строка ответа не учтена: она ни к чему не относится или сумма в ней невозможна.

trail-end-held = заблокировано
trail-end-held-elsewhere = заблокировано по другому требованию
trail-end-asked = запрошено
trail-end-moved = ушло дальше, не прослеживается
trail-end-cash = наличные
trail-end-spent = потрачено
trail-end-abroad = за границей
trail-end-crypto = криптоактив
trail-end-unknown = неизвестно
trail-end-not-found = банк не нашёл
trail-end-refused = отказ
trail-end-silent = нет ответа
trail-end-released = блокировка закончилась
trail-end-returned = возвращено
trail-edge-told = со слов заявителя
trail-edge-reported = по данным банка отправителя
trail-edge-exhibit = по материалам доказательств
trail-edge-confirmed = подтверждено
trail-edge-not-found = банк не находит

## Что стоит проверить и другие способы распределения денег

trail-too-wide = Счетов на пути слишком много для рисунка. Они перечислены в таблице, сначала крупные суммы.
trail-more = { $n ->
    [one] Ещё { $n } меньшая сумма в таблицу не вошла.
    [few] Ещё { $n } меньшие суммы в таблицу не вошли.
    [many] Ещё { $n } меньших сумм в таблицу не вошло.
   *[other] Ещё { $n } меньшей суммы в таблицу не вошло.
 }
trail-meetings = Где сходятся деньги
trail-meeting = плательщиков: { $n }, всего { $sum }
trail-signs = Стоит проверить
trail-signs-hint = Только о счетах на этом пути. О человеке это ничего не доказывает, решений на этом не строят.
trail-findings-more = { $n ->
    [one] И ещё { $n } замечание.
    [few] И ещё { $n } замечания.
    [many] И ещё { $n } замечаний.
   *[other] И ещё { $n } замечания.
 }
trail-sign-meeting = Здесь сходятся деньги разных плательщиков. Плательщиков: { $n }. Всего: { $sum }.
trail-sign-loop = Деньги прошли по кругу и снова пришли сюда. Их путь: { $way }.
trail-sign-below-out = Исходящих платежей чуть ниже порога { $threshold }: { $n }. Всего: { $sum }. Период: { $first } – { $last }.
trail-sign-below-in = Входящих платежей чуть ниже порога { $threshold }: { $n }. Всего: { $sum }. Период: { $first } – { $last }.
trail-sign-unconfirmed = Юрист этот порог ещё не подтвердил.
trail-sign-passed = Похоже на транзитный счёт: { $reasons }.
trail-reason-quick = ушло { $percent } % поступившего, самое позднее через { $time }
trail-reason-empty = остаток до поступления: { $sum }
trail-reason-payers = разных плательщиков: { $n }
trail-reason-parts = деньги раздроблены, частей: { $n }
trail-reason-converted = деньги сняты наличными или обменяны на криптоактив
trail-methods = Другие способы распределения денег
trail-methods-hint = Требования исходят из правила «первым пришёл – первым ушёл». Суд может выбрать другой способ. Ниже показано, что даёт каждый.
trail-methods-same = Все 3 способа дают здесь один результат.
trail-methods-nothing = Распределять пока нечего: ни один банк не сообщил, сколько было на счёте раньше, и деньги разных плательщиков не сходятся.
trail-methods-many = Движений слишком много: сравнить 3 способа на одной странице нельзя.
trail-method-fifo = Первым пришёл – первым ушёл
trail-method-pro-rata = Пропорционально
trail-method-lowest-balance = Наименьший остаток
trail-col-account = Счёт
trail-col-came = Поступило спорных
trail-col-there = Осталось, по имеющимся сведениям

## The citizen's page

trail-citizen-title = Что стало с вашими деньгами
trail-citizen-path = Путь ваших денег
trail-citizen-of = удалось остановить (вы перевели: { $sum })
trail-citizen-you = Вы, банк: { $bank }
trail-citizen-receiver = Получатель, которого вы указали: { $mask }
trail-citizen-account = Счёт в банке: { $bank }
trail-citizen-held-all = Удалось остановить все ваши деньги: { $held } (вы перевели: { $sent }). Для возврата нужно решение, которое требует закон. Без него блокировка закончится: { $until }.
trail-citizen-held-part = Часть ваших денег удалось остановить: { $held } (вы перевели: { $sent }). Для возврата нужно решение, которое требует закон. Без него блокировка закончится: { $until }.
trail-citizen-returned = Возвращено: { $sum }.
trail-citizen-held-elsewhere = Уже заблокировано по другому требованию: { $sum }. Пока эти деньги никуда не уйдут.
trail-citizen-asked = Эту сумму ещё можно остановить: { $sum }. Наше требование в банке, ждём ответа.
trail-citizen-moved = Эта сумма ушла туда, где мы не можем её проследить: { $sum }. Сведения записаны в вашем заявлении.
trail-citizen-cash = Уже снято наличными: { $sum }. Остановить эту сумму мы не можем. Сведения записаны в вашем заявлении.
trail-citizen-spent = Уже потрачено: { $sum }. Остановить эту сумму мы не можем. Сведения записаны в вашем заявлении.
trail-citizen-abroad = Ушло за границу: { $sum }. Сами мы там остановить деньги не можем. Сведения записаны в вашем заявлении.
trail-citizen-crypto = Обменяно на криптоактив: { $sum }. Сведения записаны в вашем заявлении.
trail-citizen-refused = Банк не остановил эту сумму: { $sum }. Банк назвал причину, её изучает сотрудник.
trail-citizen-silent = Банк не ответил вовремя об этой сумме: { $sum }. Мы отправили ему напоминание.
trail-citizen-released = Блокировка этой суммы закончилась: { $sum }.
trail-citizen-unknown = Где сейчас эта сумма, пока неизвестно: { $sum }.
trail-citizen-not-found = Банк не нашёл такого перевода: { $sum }. Проверьте сумму, день и номер получателя и, если есть ошибка, исправьте её ниже, в разделе «Что вы указали».
trail-citizen-next = Дальше:
trail-citizen-next-answer = банк должен ответить до { $time }.
trail-citizen-next-late = срок ответа банка прошёл: { $time }. Мы отправили ему напоминание.
trail-citizen-next-drafted = сотрудник проверяет следующее требование и направит его.
trail-citizen-next-sanction = для возврата нужно решение, которое требует закон. Срок: { $until }.

trail-plain-held = остановлено
trail-plain-held-elsewhere = остановлено по другому требованию
trail-plain-asked = запросили, ответа пока нет
trail-plain-moved = ушло дальше
trail-plain-cash = снято наличными
trail-plain-spent = потрачено
trail-plain-abroad = ушло за границу
trail-plain-crypto = обменяно на криптоактив
trail-plain-unknown = пока неизвестно
trail-plain-not-found = банк не нашёл
trail-plain-refused = банк не остановил
trail-plain-silent = банк не ответил
trail-plain-released = блокировка закончилась
trail-plain-returned = возвращено
trail-exhibits = Движения по материалам доказательств:
trail-exhibit-lines = движений: { $n }
trail-undated = { $n ->
    [one] { $n } строка без читаемой даты: сохранена, но в путь не входит:
    [few] { $n } строки без читаемой даты: сохранены, но в путь не входят:
    [many] { $n } строк без читаемой даты: сохранены, но в путь не входят:
   *[other] { $n } строки без читаемой даты: сохранены, но в путь не входят:
 }
trail-undated-row = строка { $no } (в файле { $line })
