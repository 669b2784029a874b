-- SPDX-License-Identifier: GPL-3.0-or-later
-- What people wrote, found by the beginning of any word whatever its accents, and anywhere within
-- the texts of scripts that put no spaces between words. The words of what is stored are written
-- anew in the same transaction.

DROP TABLE note_text;
CREATE VIRTUAL TABLE note_text USING fts5 (
  text, content='', contentless_delete=1, prefix='2 3', tokenize='unicode61 remove_diacritics 0');
