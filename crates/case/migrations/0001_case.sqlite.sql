-- A case. CASE is a word of SQL, so its table is called case_file. Words that people write are sealed under the key of the case in which
-- they were written; what is moved by a merge keeps that key (`sealed_for`). `next_due_at` is the nearest term of all that is open in the
-- case, the largest number where there is none.
CREATE TABLE case_file (
  id BLOB PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  number TEXT NOT NULL,
  origin_kind TEXT NOT NULL,
  origin_id BLOB,
  origin_number TEXT NOT NULL,
  template TEXT NOT NULL,
  title_sealed BLOB NOT NULL,
  summary_sealed BLOB NOT NULL,
  stage TEXT NOT NULL,
  stage_since INTEGER NOT NULL,
  stage_due_at INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  lead TEXT NOT NULL,
  closed INTEGER NOT NULL,
  state TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  next_due_at INTEGER NOT NULL,
  ended_at INTEGER,
  merged_into BLOB,
  referred_to TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX case_file_number ON case_file (number);
CREATE INDEX case_file_changed ON case_file (organisation_id, state, changed_at, id);
CREATE INDEX case_file_due ON case_file (organisation_id, state, next_due_at, id);
CREATE INDEX case_file_opened ON case_file (organisation_id, state, created_at, id);
CREATE INDEX case_file_first ON case_file (organisation_id, state, priority, changed_at, id);
CREATE INDEX case_file_count ON case_file (organisation_id, state, stage, priority, next_due_at, unit_id, marking, closed, id);
CREATE INDEX case_file_referred ON case_file (organisation_id, referred_to);
CREATE INDEX case_file_merged ON case_file (merged_into);

-- Who works on a case, and who did.
CREATE TABLE case_member (
  id BLOB PRIMARY KEY NOT NULL,
  case_id BLOB NOT NULL,
  label TEXT NOT NULL,
  duty TEXT NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER,
  added_by TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX case_member_now ON case_member (case_id, label) WHERE until IS NULL;
CREATE INDEX case_member_label ON case_member (label, case_id) WHERE until IS NULL;
CREATE INDEX case_member_case ON case_member (case_id);

-- What a case is about. `synced_at` says up to when its history stands in the time line of the case.
CREATE TABLE case_link (
  id BLOB PRIMARY KEY NOT NULL,
  case_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  target BLOB NOT NULL,
  number TEXT NOT NULL,
  author TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  removed_at INTEGER,
  removed_by TEXT,
  synced_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX case_link_now ON case_link (case_id, kind, target) WHERE removed_at IS NULL;
CREATE INDEX case_link_target ON case_link (kind, target) WHERE removed_at IS NULL;
CREATE INDEX case_link_case ON case_link (case_id, created_at);

-- Persons and in what capacity they stand in the case.
CREATE TABLE case_person (
  id BLOB PRIMARY KEY NOT NULL,
  case_id BLOB NOT NULL,
  sealed_for BLOB NOT NULL,
  author TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  person BLOB,
  words_sealed BLOB NOT NULL,
  duty TEXT NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER,
  rights_at INTEGER
) STRICT;
CREATE INDEX case_person_case ON case_person (case_id, since);
CREATE INDEX case_person_person ON case_person (person);

CREATE TABLE case_task (
  id BLOB PRIMARY KEY NOT NULL,
  case_id BLOB NOT NULL,
  sealed_for BLOB NOT NULL,
  author TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  title_sealed BLOB NOT NULL,
  place INTEGER NOT NULL,
  assignee TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  urgent INTEGER NOT NULL,
  state TEXT NOT NULL,
  done_at INTEGER,
  done_by TEXT,
  remind_at INTEGER NOT NULL,
  escalate_at INTEGER NOT NULL
) STRICT;
CREATE INDEX case_task_case ON case_task (case_id, place);
CREATE INDEX case_task_assignee ON case_task (assignee, state, due_at);
CREATE INDEX case_task_remind ON case_task (state, remind_at);
CREATE INDEX case_task_escalate ON case_task (state, escalate_at);

-- Notes. A restricted one is there for its author and for those whom it names, and for nobody else.
CREATE TABLE case_note (
  id BLOB PRIMARY KEY NOT NULL,
  case_id BLOB NOT NULL,
  sealed_for BLOB NOT NULL,
  author TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  text_sealed BLOB NOT NULL,
  restricted INTEGER NOT NULL
) STRICT;
CREATE INDEX case_note_case ON case_note (case_id, created_at);

CREATE TABLE case_note_reader (
  id BLOB PRIMARY KEY NOT NULL,
  note_id BLOB NOT NULL,
  label TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX case_note_reader_note ON case_note_reader (note_id, label);

-- The time line: what happened in the case, what happened to what it is about, and what people added by hand. `home` is the case in which
-- it happened. Organisation, unit and marking are those of what it happened to.
CREATE TABLE case_moment (
  id BLOB PRIMARY KEY NOT NULL,
  case_id BLOB NOT NULL,
  home BLOB NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  act TEXT NOT NULL,
  actor TEXT NOT NULL,
  about TEXT NOT NULL,
  words_sealed BLOB,
  organisation_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  marking TEXT NOT NULL
) STRICT;
CREATE INDEX case_moment_at ON case_moment (case_id, at, id);
CREATE INDEX case_moment_kind ON case_moment (case_id, kind, at, id);
CREATE INDEX case_moment_home ON case_moment (home, case_id);

-- Under which number a register or another body holds the case. A wrong one is marked and kept.
CREATE TABLE case_ref (
  id BLOB PRIMARY KEY NOT NULL,
  case_id BLOB NOT NULL,
  sealed_for BLOB NOT NULL,
  author TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  system TEXT NOT NULL,
  number TEXT NOT NULL,
  registered_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  registrar_sealed BLOB NOT NULL,
  wrong_at INTEGER,
  wrong_by TEXT
) STRICT;
CREATE INDEX case_ref_case ON case_ref (case_id, registered_at);
CREATE INDEX case_ref_number ON case_ref (system, number);

-- Offences, by the wording of their day.
CREATE TABLE case_article (
  id BLOB PRIMARY KEY NOT NULL,
  case_id BLOB NOT NULL,
  sealed_for BLOB NOT NULL,
  author TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  code TEXT NOT NULL,
  wording TEXT NOT NULL,
  removed_at INTEGER,
  removed_by TEXT
) STRICT;
CREATE UNIQUE INDEX case_article_now ON case_article (case_id, code, wording) WHERE removed_at IS NULL;

CREATE TABLE case_decision (
  id BLOB PRIMARY KEY NOT NULL,
  case_id BLOB NOT NULL,
  sealed_for BLOB NOT NULL,
  author TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  paper TEXT NOT NULL,
  day TEXT NOT NULL,
  reasons_sealed BLOB NOT NULL,
  standing TEXT NOT NULL,
  second_at INTEGER,
  second_by TEXT,
  second_sealed BLOB
) STRICT;
CREATE INDEX case_decision_case ON case_decision (case_id, created_at);

CREATE TABLE case_field (
  id BLOB PRIMARY KEY NOT NULL,
  case_id BLOB NOT NULL,
  sealed_for BLOB NOT NULL,
  author TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  code TEXT NOT NULL,
  value_sealed BLOB NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX case_field_code ON case_field (case_id, code);

-- Merges and partings, and each row that was moved by them.
CREATE TABLE case_move (
  id BLOB PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  from_case BLOB NOT NULL,
  into_case BLOB NOT NULL,
  author TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  reason_sealed BLOB NOT NULL,
  undone_at INTEGER,
  undone_by TEXT
) STRICT;
CREATE INDEX case_move_from ON case_move (from_case, created_at);
CREATE INDEX case_move_into ON case_move (into_case, created_at);

CREATE TABLE case_moved (
  id BLOB PRIMARY KEY NOT NULL,
  move_id BLOB NOT NULL,
  what TEXT NOT NULL,
  row_id BLOB NOT NULL
) STRICT;
CREATE INDEX case_moved_move ON case_moved (move_id);
CREATE INDEX case_moved_row ON case_moved (row_id);

-- To whom a case was referred, and what came of it.
CREATE TABLE case_referral (
  id BLOB PRIMARY KEY NOT NULL,
  case_id BLOB NOT NULL,
  sealed_for BLOB NOT NULL,
  author TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  body TEXT NOT NULL,
  unit TEXT NOT NULL,
  ground_sealed BLOB NOT NULL,
  due_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  answered_at INTEGER,
  answered_by TEXT,
  answer_sealed BLOB
) STRICT;
CREATE INDEX case_referral_case ON case_referral (case_id, created_at);
CREATE INDEX case_referral_unit ON case_referral (unit, state);

-- Lists that people keep.
CREATE TABLE case_view (
  id BLOB PRIMARY KEY NOT NULL,
  organisation_id TEXT NOT NULL,
  owner TEXT NOT NULL,
  shared INTEGER NOT NULL,
  name_sealed BLOB NOT NULL,
  filter TEXT NOT NULL,
  sort TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX case_view_owner ON case_view (organisation_id, owner);

-- Keyed hashes of the words of titles, by which cases are found.
CREATE TABLE case_word (
  id BLOB PRIMARY KEY NOT NULL,
  case_id BLOB NOT NULL,
  word BLOB NOT NULL
) STRICT;
CREATE INDEX case_word_word ON case_word (word, case_id);
CREATE INDEX case_word_case ON case_word (case_id);
