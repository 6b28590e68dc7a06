### Signing in, sessions, roles, refusals.

## Signing in

access-sign-in-title = Вход для сотрудников
access-sign-in-lead = Нужны логин, пароль и одноразовый код.
access-sign-in-button = Войти
access-login =
    .label = Логин
    .wrong = Логин, пароль или код указаны неверно. Проверьте все три и введите ещё раз
    .too-many = Слишком много попыток. Подождите: { $minutes }
access-password =
    .label = Пароль
access-code =
    .label = Одноразовый код
    .hint = 6 цифр из приложения-аутентификатора
    .wrong = Код неверный или уже использован. Дождитесь следующего и введите его
access-lost = Забыли пароль? Потеряли устройство с кодами? Обратитесь к администратору.
access-signed-out = Вы вышли из системы.

## Roles

access-role-duty-officer = дежурный сотрудник
access-role-approver = утверждающий
access-role-administrator = администратор
access-role-prosecutor = прокурор

## A code anew

access-step-up-title = Введите одноразовый код ещё раз
access-step-up-lead = Для следующего действия нужен новый код. После его ввода такие действия открыты 5 минут.

## Sessions

access-sessions-title = Открытые сеансы
access-sessions-lead = Здесь показаны сеансы, в которых вы вошли в систему. Видите сеанс, который открыли не вы? Завершите его и сообщите администратору.
access-session-begun = Начало
access-session-seen = Последнее действие
access-session-ends = Окончание
access-session-here = этот браузер
access-session-end = Завершить сеанс
access-session-end-others = Завершить все остальные сеансы
access-session-ended = Сеанс завершён.
access-own-nav = Сеансы и пароль
access-password-title = Сменить пароль
access-password-lead = Первый пароль видел тот, кто добавил вашу учётную запись: выберите свой. Другие ваши сеансы завершатся.
access-password-current =
    .label = Нынешний пароль
access-password-new =
    .label = Новый пароль
    .hint = Не меньше 12 знаков, например несколько случайных слов
access-password-changed = Пароль изменён, другие ваши сеансы завершены.

## The people of a demonstration

access-demo-title = Участники демонстрации
access-demo-lead = Эти люди вымышлены. Войдите от имени любого из них.
access-demo-code = Код сейчас
access-demo-password = Пароль у всех один:
access-demo-enter-as = Войти: { $name }

## The administrator's accounts

access-nav-accounts = Учётные записи
access-accounts-title = Учётные записи сотрудников
access-accounts-lead = Кто может войти. Учётная запись не удаляется, а только закрывается: журнал и дальше на неё ссылается.
access-account-title = Учётная запись
access-account-add = Добавить учётную запись
access-account-own = ваша
access-account-own-text = Это ваша учётная запись. Изменить её может другой администратор. Свои сеансы вы завершаете здесь:
access-account-never = ни разу
access-account-is-open = открыта
access-account-is-closed = закрыта
access-account-made = Добавлена
access-account-opened-at = Открыта снова
access-account-closed-at = Закрыта
access-account-no-sessions = Сейчас никто не вошёл с этой учётной записью.
access-account-opened = Учётная запись снова открыта.
access-account-closed = Учётная запись закрыта, её сеансы завершены.
access-col-name = Имя
access-col-login = Логин
access-col-role = Роль
access-col-last = Последний вход
access-col-state = Состояние
access-col-acts = Действия
access-chip-open = Открытые
access-chip-closed = Закрытые
access-chip-never = Ни разу не входили
access-chip-officers = Дежурные сотрудники
access-chip-approvers = Утверждающие
access-chip-administrators = Администраторы
access-role-duty-officer-hint = Ведёт заявления, готовит и направляет требования.
access-role-approver-hint = Подписывает требования и постоянные разрешения.
access-role-administrator-hint = Ведёт учётные записи и организации, заявлений не видит. С другими ролями не сочетается.
access-role-prosecutor-hint = Рассматривает меры, для которых закон требует санкции прокурора. Не сочетается с правом готовить и подписывать требования.
access-new-lead = Первый пароль и секрет одноразовых кодов создаёт программа. Вы увидите их один раз.
access-new-name =
    .label = Имя человека
access-new-login =
    .label = Логин
    .hint = Строчные латинские буквы, цифры, точка, дефис; первый знак – буква
access-new-roles =
    .label = Роли
access-new-unit =
    .label = Подразделение
access-reason =
    .label = Причина
    .hint = Не больше 500 знаков. Хранится в зашифрованном виде вместе с учётной записью
access-close =
    .title = Закрыть учётную запись
    .text = Все сеансы человека завершатся сразу, войти он больше не сможет. Учётную запись можно открыть снова.
    .button = Закрыть учётную запись
access-open =
    .title = Открыть учётную запись снова
    .text = Человек сможет войти с прежним паролем и одноразовыми кодами. Если они утеряны, создайте затем новые.
    .button = Открыть учётную запись снова
access-reset =
    .title = Новый пароль и коды
    .text = Прежний пароль и одноразовые коды сразу перестанут действовать, все сеансы учётной записи завершатся. Убедитесь другим способом, что просит сам владелец.
    .button = Создать новые
    .link = Новый пароль и коды
access-handed-new = Учётная запись добавлена
access-handed-reset = Созданы новые пароль и коды
access-handed-once = Они показаны только сейчас.
access-handed-lead = Передайте их человеку лично, не по почте и не в мессенджере.
access-handed-secret = Секрет одноразовых кодов
access-handed-otpauth = Адрес для аутентификатора
access-handed-how = Человек добавляет секрет в приложение-аутентификатор и входит с логином, паролем и кодом. Если что-то утеряно, создайте новые на странице учётной записи.
access-handed-done = Передано

## Refusals

error-access-not-found = Такой страницы нет, или она вам не открыта. Проверьте ссылку.
error-access-no-session = Такой страницы нет, или она вам не открыта. Проверьте ссылку.
error-access-forbidden = У вас нет права на это действие. Если оно нужно по службе, обратитесь к руководителю.
error-access-step-up = Сначала введите новый одноразовый код, затем повторите действие.
error-access-sign-in-first = Сеанс закончился. Войдите в систему в новой вкладке, вернитесь сюда и отправьте ещё раз.
error-access-wrong = Логин, пароль или код указаны неверно. Проверьте все три и введите ещё раз.
error-access-too-many = Слишком много попыток. Подождите немного и повторите.
error-access-busy = Сейчас входит слишком много людей. Повторите через несколько секунд.
error-access-login = В логине должно быть 2–40 знаков: строчные латинские буквы, цифры, точка, дефис. Первый знак – буква.
error-access-login-taken = Такой логин уже есть. Выберите другой.
error-access-name = Укажите имя человека (не длиннее 200 знаков).
error-access-password-short = Пароль слишком короткий. Введите не меньше 12 знаков.
error-access-password-long = Пароль слишком длинный. Введите не больше 200 знаков.
error-access-password-common = Такой пароль легко подобрать. Составьте его из нескольких случайных слов.
error-access-password-like-login = Пароль похож на логин. Выберите другой.
error-access-roles = Выберите хотя бы одну роль. Роли администратора и прокурора не сочетаются с другими.
error-access-unit = Укажите подразделение (до 80 знаков, без косой черты).
error-access-not-demo = Участники демонстрации бывают только в демонстрационной базе данных.
error-access-rules = Не удалось проверить правила доступа. Действие не выполнено, сбой записан.
error-access-hash = Не удалось обработать пароль. Сбой записан.
error-access-reason = Напишите причину (не длиннее 500 знаков).
error-access-last-administrator = Это последний открытый администратор. Сначала добавьте другого.
error-access-current-password = Нынешний пароль указан неверно. Введите его ещё раз.

# People of institutions at the console
access-people-title = Сотрудники организации
access-people-lead = Кто входит в этот кабинет от имени организации. Учётная запись не удаляется, а только закрывается: журнал и дальше на неё ссылается.
access-seat-answers = отвечает на требования
access-seat-manages = ведёт также ключи, адреса уведомлений и список сотрудников
access-seat-manages-hint = Такое право стоит дать хотя бы двоим.
access-person-add = Добавить сотрудника
access-person-lead = Первый пароль и секрет одноразовых кодов создаёт программа. Вы увидите их один раз.
access-person-manages =
    .label = Что ещё может этот сотрудник?
