-- A case. CASE is a word of SQL, so its table is called case_file. Words that people write are sealed under the key of the case in which
-- they were written; what is moved by a merge keeps that key (`sealed_for`). `next_due_at` is the nearest term of all that is open in the
-- case, the largest number where there is none.
CREATE TABLE case_file (
  id UUID PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at BIGINT NOT NULL, source_time BIGINT NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id UUID, basis_version BIGINT,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BYTEA NOT NULL,
  number TEXT NOT NULL,
  origin_kind TEXT NOT NULL,
  origin_id UUID,
  origin_number TEXT NOT NULL,
  template TEXT NOT NULL,
  title_sealed BYTEA NOT NULL,
  summary_sealed BYTEA NOT NULL,
  stage TEXT NOT NULL,
  stage_since BIGINT NOT NULL,
  stage_due_at BIGINT NOT NULL,
  priority BIGINT NOT NULL,
  lead TEXT NOT NULL,
  closed BOOLEAN NOT NULL,
  state TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  next_due_at BIGINT NOT NULL,
  ended_at BIGINT,
  merged_into UUID,
  referred_to TEXT NOT NULL
);
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
  id UUID PRIMARY KEY NOT NULL,
  case_id UUID NOT NULL,
  label TEXT NOT NULL,
  duty TEXT NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT,
  added_by TEXT NOT NULL
);
CREATE UNIQUE INDEX case_member_now ON case_member (case_id, label) WHERE until IS NULL;
CREATE INDEX case_member_label ON case_member (label, case_id) WHERE until IS NULL;
CREATE INDEX case_member_case ON case_member (case_id);

-- What a case is about. `synced_at` says up to when its history stands in the time line of the case.
CREATE TABLE case_link (
  id UUID PRIMARY KEY NOT NULL,
  case_id UUID NOT NULL,
  kind TEXT NOT NULL,
  target UUID NOT NULL,
  number TEXT NOT NULL,
  author TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  removed_at BIGINT,
  removed_by TEXT,
  synced_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX case_link_now ON case_link (case_id, kind, target) WHERE removed_at IS NULL;
CREATE INDEX case_link_target ON case_link (kind, target) WHERE removed_at IS NULL;
CREATE INDEX case_link_case ON case_link (case_id, created_at);

-- Persons and in what capacity they stand in the case.
CREATE TABLE case_person (
  id UUID PRIMARY KEY NOT NULL,
  case_id UUID NOT NULL,
  sealed_for UUID NOT NULL,
  author TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  person UUID,
  words_sealed BYTEA NOT NULL,
  duty TEXT NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT,
  rights_at BIGINT
);
CREATE INDEX case_person_case ON case_person (case_id, since);
CREATE INDEX case_person_person ON case_person (person);

CREATE TABLE case_task (
  id UUID PRIMARY KEY NOT NULL,
  case_id UUID NOT NULL,
  sealed_for UUID NOT NULL,
  author TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  title_sealed BYTEA NOT NULL,
  place BIGINT NOT NULL,
  assignee TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  urgent BOOLEAN NOT NULL,
  state TEXT NOT NULL,
  done_at BIGINT,
  done_by TEXT,
  remind_at BIGINT NOT NULL,
  escalate_at BIGINT NOT NULL
);
CREATE INDEX case_task_case ON case_task (case_id, place);
CREATE INDEX case_task_assignee ON case_task (assignee, state, due_at);
CREATE INDEX case_task_remind ON case_task (state, remind_at);
CREATE INDEX case_task_escalate ON case_task (state, escalate_at);

-- Notes. A restricted one is there for its author and for those whom it names, and for nobody else.
CREATE TABLE case_note (
  id UUID PRIMARY KEY NOT NULL,
  case_id UUID NOT NULL,
  sealed_for UUID NOT NULL,
  author TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  text_sealed BYTEA NOT NULL,
  restricted BOOLEAN NOT NULL
);
CREATE INDEX case_note_case ON case_note (case_id, created_at);

CREATE TABLE case_note_reader (
  id UUID PRIMARY KEY NOT NULL,
  note_id UUID NOT NULL,
  label TEXT NOT NULL
);
CREATE UNIQUE INDEX case_note_reader_note ON case_note_reader (note_id, label);

-- The time line: what happened in the case, what happened to what it is about, and what people added by hand. `home` is the case in which
-- it happened. Organisation, unit and marking are those of what it happened to.
CREATE TABLE case_moment (
  id UUID PRIMARY KEY NOT NULL,
  case_id UUID NOT NULL,
  home UUID NOT NULL,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  act TEXT NOT NULL,
  actor TEXT NOT NULL,
  about TEXT NOT NULL,
  words_sealed BYTEA,
  organisation_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  marking TEXT NOT NULL
);
CREATE INDEX case_moment_at ON case_moment (case_id, at, id);
CREATE INDEX case_moment_kind ON case_moment (case_id, kind, at, id);
CREATE INDEX case_moment_home ON case_moment (home, case_id);

-- Under which number a register or another body holds the case. A wrong one is marked and kept.
CREATE TABLE case_ref (
  id UUID PRIMARY KEY NOT NULL,
  case_id UUID NOT NULL,
  sealed_for UUID NOT NULL,
  author TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  system TEXT NOT NULL,
  number TEXT NOT NULL,
  registered_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  registrar_sealed BYTEA NOT NULL,
  wrong_at BIGINT,
  wrong_by TEXT
);
CREATE INDEX case_ref_case ON case_ref (case_id, registered_at);
CREATE INDEX case_ref_number ON case_ref (system, number);

-- Offences, by the wording of their day.
CREATE TABLE case_article (
  id UUID PRIMARY KEY NOT NULL,
  case_id UUID NOT NULL,
  sealed_for UUID NOT NULL,
  author TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  code TEXT NOT NULL,
  wording TEXT NOT NULL,
  removed_at BIGINT,
  removed_by TEXT
);
CREATE UNIQUE INDEX case_article_now ON case_article (case_id, code, wording) WHERE removed_at IS NULL;

CREATE TABLE case_decision (
  id UUID PRIMARY KEY NOT NULL,
  case_id UUID NOT NULL,
  sealed_for UUID NOT NULL,
  author TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  paper TEXT NOT NULL,
  day TEXT NOT NULL,
  reasons_sealed BYTEA NOT NULL,
  standing TEXT NOT NULL,
  second_at BIGINT,
  second_by TEXT,
  second_sealed BYTEA
);
CREATE INDEX case_decision_case ON case_decision (case_id, created_at);

CREATE TABLE case_field (
  id UUID PRIMARY KEY NOT NULL,
  case_id UUID NOT NULL,
  sealed_for UUID NOT NULL,
  author TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  code TEXT NOT NULL,
  value_sealed BYTEA NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL
);
CREATE UNIQUE INDEX case_field_code ON case_field (case_id, code);

-- Merges and partings, and each row that was moved by them.
CREATE TABLE case_move (
  id UUID PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  from_case UUID NOT NULL,
  into_case UUID NOT NULL,
  author TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  reason_sealed BYTEA NOT NULL,
  undone_at BIGINT,
  undone_by TEXT
);
CREATE INDEX case_move_from ON case_move (from_case, created_at);
CREATE INDEX case_move_into ON case_move (into_case, created_at);

CREATE TABLE case_moved (
  id UUID PRIMARY KEY NOT NULL,
  move_id UUID NOT NULL,
  what TEXT NOT NULL,
  row_id UUID NOT NULL
);
CREATE INDEX case_moved_move ON case_moved (move_id);
CREATE INDEX case_moved_row ON case_moved (row_id);

-- To whom a case was referred, and what came of it.
CREATE TABLE case_referral (
  id UUID PRIMARY KEY NOT NULL,
  case_id UUID NOT NULL,
  sealed_for UUID NOT NULL,
  author TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  body TEXT NOT NULL,
  unit TEXT NOT NULL,
  ground_sealed BYTEA NOT NULL,
  due_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  answered_at BIGINT,
  answered_by TEXT,
  answer_sealed BYTEA
);
CREATE INDEX case_referral_case ON case_referral (case_id, created_at);
CREATE INDEX case_referral_unit ON case_referral (unit, state);

-- Lists that people keep.
CREATE TABLE case_view (
  id UUID PRIMARY KEY NOT NULL,
  organisation_id TEXT NOT NULL,
  owner TEXT NOT NULL,
  shared BOOLEAN NOT NULL,
  name_sealed BYTEA NOT NULL,
  filter TEXT NOT NULL,
  sort TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX case_view_owner ON case_view (organisation_id, owner);

-- Keyed hashes of the words of titles, by which cases are found.
CREATE TABLE case_word (
  id UUID PRIMARY KEY NOT NULL,
  case_id UUID NOT NULL,
  word BYTEA NOT NULL
);
CREATE INDEX case_word_word ON case_word (word, case_id);
CREATE INDEX case_word_case ON case_word (case_id);
