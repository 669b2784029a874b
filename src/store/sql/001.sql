-- SPDX-License-Identifier: GPL-3.0-or-later
-- The first schema. Every text that repeats (types, parameters, code systems) is a small number of
-- `name`; every resource, and whatever is referred to, is a number of `identity`.

PRAGMA application_id = 1112753221; -- "BSTE"

CREATE TABLE name (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

-- Growing integers that decide order: they never go back, whatever the clock does.
CREATE TABLE counter (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counter VALUES ('number', 0), ('sequence', 0);

CREATE TABLE identity (
  type INTEGER NOT NULL,
  id TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (type, id)
) STRICT, WITHOUT ROWID;

-- The current version of each resource. json stands last, so that lists never touch its pages.
CREATE TABLE resource (
  number INTEGER PRIMARY KEY,
  type INTEGER NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  version_text TEXT,
  updated INTEGER NOT NULL,
  updated_text TEXT,
  sequence INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  origin INTEGER NOT NULL,
  patient INTEGER,
  json TEXT
) STRICT;
CREATE UNIQUE INDEX resource_sequence ON resource (sequence);
CREATE INDEX resource_type ON resource (type) WHERE deleted = 0;
CREATE INDEX resource_updated ON resource (type, updated) WHERE deleted = 0;
CREATE INDEX resource_patient ON resource (patient, type) WHERE patient IS NOT NULL;

-- Versions that were replaced.
CREATE TABLE history (
  number INTEGER NOT NULL,
  version INTEGER NOT NULL,
  version_text TEXT,
  updated INTEGER NOT NULL,
  updated_text TEXT,
  sequence INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  json TEXT,
  PRIMARY KEY (number, version)
) STRICT;
CREATE UNIQUE INDEX history_sequence ON history (sequence);

-- What searches walk. `parameter` is the name of "Type.parameter".
CREATE TABLE token (
  parameter INTEGER NOT NULL,
  value TEXT NOT NULL,
  system INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (parameter, value, system, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE reference (
  parameter INTEGER NOT NULL,
  target INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (parameter, target, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE uri (
  parameter INTEGER NOT NULL,
  value TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (parameter, value, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE quantity (
  parameter INTEGER NOT NULL,
  value REAL NOT NULL,
  code TEXT NOT NULL,
  system INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (parameter, value, code, system, number)
) STRICT, WITHOUT ROWID;

-- Dates and texts are sorted by too, for which a resource's own values are looked up by its number.
CREATE TABLE date (
  number INTEGER NOT NULL,
  parameter INTEGER NOT NULL,
  low INTEGER NOT NULL,
  high INTEGER NOT NULL,
  PRIMARY KEY (number, parameter, low, high)
) STRICT, WITHOUT ROWID;
CREATE INDEX date_value ON date (parameter, low, number, high);

CREATE TABLE string (
  number INTEGER NOT NULL,
  parameter INTEGER NOT NULL,
  value TEXT NOT NULL,
  exact TEXT NOT NULL,
  PRIMARY KEY (number, parameter, value, exact)
) STRICT, WITHOUT ROWID;
CREATE INDEX string_value ON string (parameter, value, number);

-- Names of people as lists show them, walked in their order.
CREATE TABLE person (
  number INTEGER PRIMARY KEY,
  type INTEGER NOT NULL,
  name TEXT NOT NULL
) STRICT;
CREATE INDEX person_name ON person (type, name, number);
CREATE VIRTUAL TABLE name_text USING fts5 (
  text, content='', contentless_delete=1, detail='none', prefix='2 3 4', tokenize='unicode61');
CREATE VIRTUAL TABLE note_text USING fts5 (
  text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');

CREATE TABLE journal (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  "group" TEXT NOT NULL,
  verb TEXT NOT NULL CHECK (verb IN ('create', 'update', 'delete')),
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  patient TEXT,
  base_version TEXT,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'unknown', 'done', 'refused', 'held')),
  reason TEXT,
  created INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  lane TEXT NOT NULL
) STRICT;
CREATE INDEX journal_state ON journal (state, priority DESC, sequence);

CREATE TABLE draft (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  patient TEXT,
  author TEXT NOT NULL,
  encounter TEXT,
  body TEXT NOT NULL,
  updated INTEGER NOT NULL
) STRICT;
CREATE INDEX draft_author ON draft (author, patient);

-- The chain names a patient by a keyed pseudonym only. Erasure removes the row of `pseudonym`.
CREATE TABLE pseudonym (
  pseudonym TEXT PRIMARY KEY,
  patient TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;
CREATE TABLE audit (
  row INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  action TEXT NOT NULL,
  who TEXT NOT NULL,
  patient TEXT,
  reference TEXT,
  detail TEXT,
  hash TEXT NOT NULL
) STRICT;

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
