-- SPDX-License-Identifier: GPL-3.0-or-later
-- Codes found by the words beside them, and a component's code together with its value. The rows of
-- what is stored already are written in the same transaction.

-- Words are folded. The same ones stand in thousands of resources, so each text is there once.
CREATE TABLE phrase (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE wording (
  phrase INTEGER NOT NULL,
  parameter INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (phrase, parameter, number)
) STRICT, WITHOUT ROWID;

-- `value` is a quantity's number and `second` its unit; or `second` is the other code.
CREATE TABLE composite (
  parameter INTEGER NOT NULL,
  code TEXT NOT NULL,
  system INTEGER NOT NULL,
  value REAL NOT NULL,
  second TEXT NOT NULL,
  second_system INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (parameter, code, system, value, second, second_system, number)
) STRICT, WITHOUT ROWID;
