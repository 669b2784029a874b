-- SPDX-License-Identifier: GPL-3.0-or-later
-- People found by a first letter without reading every word that begins so, and versions written
-- since a moment without walking all others. The names of what is stored are written anew in the
-- same transaction.

DROP TABLE name_text;
CREATE VIRTUAL TABLE name_text USING fts5 (
  text, content='', contentless_delete=1, detail='none', prefix='1 2 3 4', tokenize='unicode61');

-- Deleted ones too. In the order of the clock; `sequence` and `type` spare the row.
CREATE INDEX resource_moment ON resource (updated, sequence, type);
CREATE INDEX history_moment ON history (updated, sequence);
