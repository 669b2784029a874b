-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every statement of the store but those that a search composes, by name.

-- name: transaction.begin
BEGIN IMMEDIATE;
-- name: transaction.read
BEGIN;
-- name: transaction.commit
COMMIT;
-- name: transaction.rollback
ROLLBACK;
-- name: savepoint.begin
SAVEPOINT work;
-- name: savepoint.rollback
ROLLBACK TO work;
-- name: savepoint.release
RELEASE work;

-- name: check.integrity
PRAGMA integrity_check(1);
-- name: check.cipher
PRAGMA cipher_integrity_check;
-- name: check.page-count
PRAGMA page_count;
-- name: check.resources
SELECT number, json FROM resource WHERE deleted = 0 ORDER BY number;
-- name: check.sample
SELECT number, json FROM resource WHERE number IN (
  SELECT number FROM resource WHERE deleted = 0 ORDER BY random() LIMIT ?) ORDER BY number;
-- name: check.records
SELECT t.text, r.id, coalesce(r.version_text, CAST(r.version AS TEXT)), p.id, r.json
  FROM resource r LEFT JOIN name t ON t.id = r.type
    LEFT JOIN identity p ON p.number = r.patient AND p.type = (SELECT id FROM name WHERE text = 'Patient')
  WHERE r.deleted = 0;
-- name: check.token
SELECT number, parameter, value, system FROM token;
-- name: check.string
SELECT number, parameter, value, exact FROM string;
-- name: check.date
SELECT number, parameter, low, high FROM date;
-- name: check.reference
SELECT number, parameter, target FROM reference;
-- name: check.quantity
SELECT number, parameter, value, code, system FROM quantity;
-- name: check.uri
SELECT number, parameter, value FROM uri;
-- name: check.composite
SELECT number, parameter, code, system, value, second, second_system FROM composite;
-- name: check.wording
SELECT w.number, w.parameter, coalesce(p.text, '') FROM wording w LEFT JOIN phrase p ON p.id = w.phrase;
-- name: check.person-count
SELECT count(*) FROM person;
-- name: check.persons
SELECT t.text, r.id, 'is missing from the lists of people'
  FROM resource r JOIN name t ON t.id = r.type
  WHERE t.text IN ('Patient', 'Practitioner', 'RelatedPerson', 'Person') AND r.deleted = 0
    AND (r.number NOT IN (SELECT number FROM person)
         OR r.number NOT IN (SELECT id FROM name_text_docsize))
UNION ALL
SELECT 'person', p.number, 'stands in the lists of people and is no record'
  FROM person p LEFT JOIN resource r ON r.number = p.number
  WHERE r.number IS NULL OR r.deleted = 1;
-- name: check.counters
SELECT c.name, c.value, CASE c.name
    WHEN 'number' THEN (SELECT coalesce(max(number), 0) FROM identity)
    WHEN 'sequence' THEN (SELECT max(coalesce((SELECT max(sequence) FROM resource), 0),
                                     coalesce((SELECT max(sequence) FROM history), 0)))
    ELSE 0 END
  FROM counter c;
-- name: check.reference-count
SELECT count(*) FROM reference;
-- name: check.dangling
SELECT t.text, s.id, 'points to ' || coalesce(k.text || '/', '') || i.id || ', which is not here'
  FROM (SELECT DISTINCT target, number FROM reference) f
    JOIN identity i ON i.number = f.target LEFT JOIN name k ON k.id = i.type
    JOIN resource s ON s.number = f.number JOIN name t ON t.id = s.type
    LEFT JOIN resource r ON r.number = f.target
  WHERE r.number IS NULL OR r.deleted = 1;
-- name: check.journal-count
SELECT count(*) FROM journal WHERE state <> 'done';
-- name: check.journal
SELECT j.type, j.id, 'waits to be sent and is not stored'
  FROM journal j LEFT JOIN name t ON t.text = j.type
    LEFT JOIN resource r ON r.type = t.id AND r.id = j.id
  WHERE j.state <> 'done' AND j.verb <> 'delete' AND r.number IS NULL;
-- name: backup.counts
SELECT (SELECT count(*) FROM resource WHERE deleted = 0),
       (SELECT count(*) FROM resource WHERE deleted = 1),
       (SELECT count(*) FROM history),
       (SELECT count(*) FROM audit),
       (SELECT coalesce(max(sequence), 0) FROM resource);

-- name: counter.list
SELECT name, value FROM counter;
-- name: counter.set
UPDATE counter SET value = ?2 WHERE name = ?1;
-- name: name.select
SELECT id FROM name WHERE text = ?;
-- name: name.insert
INSERT INTO name (text) VALUES (?);
-- name: identity.select
SELECT number FROM identity WHERE type = ? AND id = ?;
-- name: identity.any-type
SELECT number FROM identity
  WHERE id = ? AND type IN (SELECT id FROM name WHERE text GLOB '[A-Z]*' AND text NOT GLOB '*[.:]*');
-- name: identity.insert
INSERT INTO identity (type, id, number) VALUES (?, ?, ?);

-- name: resource.head
SELECT version, version_text, deleted, updated, updated_text, sequence, patient, json
  FROM resource WHERE number = ?;
-- name: resource.insert
INSERT INTO resource (number, type, id, version, version_text, updated, updated_text, sequence,
                      deleted, origin, patient, json)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0), ?);
-- name: resource.replace
UPDATE resource SET version = ?2, version_text = ?3, updated = ?4, updated_text = ?5, sequence = ?6,
                    deleted = ?7, origin = ?8, patient = nullif(?9, 0), json = ?10
  WHERE number = ?1;
-- name: resource.restamp
UPDATE resource SET version_text = ?2, updated = ?3, updated_text = ?4, origin = 1, json = ?5
  WHERE number = ?1;
-- name: resource.patient
SELECT t.text, r.id, r.json FROM resource r JOIN name t ON t.id = r.type
  WHERE r.patient = ?1 AND (?2 = 0 OR r.type = ?2) AND r.deleted = 0;
-- name: resource.id
SELECT t.text, r.id FROM resource r JOIN name t ON t.id = r.type WHERE r.number = ?;
-- name: resource.json
SELECT json FROM resource WHERE number = ? AND deleted = 0;
-- name: resource.all
SELECT number, json FROM resource WHERE deleted = 0;
-- name: resource.with-reason
SELECT number, json FROM resource WHERE deleted = 0 AND json LIKE '%"statusReason"%';
-- name: resource.last-sequence
SELECT max(sequence) FROM resource;
-- name: resource.changes
SELECT t.text, r.id, r.version, p.id, r.deleted, r.sequence,
       CASE WHEN p.id IS NULL AND r.patient IS NOT NULL THEN r.json END
  FROM resource r JOIN name t ON t.id = r.type LEFT JOIN resource p ON p.number = r.patient
  WHERE r.sequence > ? ORDER BY r.sequence LIMIT ?;

-- name: history.keep
INSERT INTO history (number, version, version_text, updated, updated_text, sequence, deleted, json)
  SELECT number, version, version_text, updated, updated_text, sequence, deleted, json
    FROM resource WHERE number = ?;
-- name: history.version
SELECT deleted, json FROM (
    SELECT version, version_text, deleted, json FROM resource WHERE number = ?1
    UNION ALL SELECT version, version_text, deleted, json FROM history WHERE number = ?1)
  WHERE coalesce(version_text, CAST(version AS TEXT)) = ?2 ORDER BY version DESC LIMIT 1;
-- name: history.resource
SELECT version, version_text, updated, updated_text, sequence, deleted, json FROM resource
    WHERE number = ?1
  UNION ALL SELECT version, version_text, updated, updated_text, sequence, deleted, json FROM history
    WHERE number = ?1
  ORDER BY version DESC LIMIT ?2;
-- name: history.page
SELECT t.text, v.id, v.version, v.version_text, v.updated, v.updated_text, v.sequence, v.deleted, v.json,
       v.version = 1 OR EXISTS (SELECT 1 FROM history p
         WHERE p.number = v.number AND p.version = v.version - 1 AND p.deleted = 1),
       CASE v.deleted WHEN 1 THEN (SELECT p.json FROM history p
         WHERE p.number = v.number AND p.version = v.version - 1) END
  FROM (SELECT number, type, id, version, version_text, updated, updated_text, sequence, deleted, json
          FROM resource INDEXED BY resource_sequence
          WHERE sequence < ?2 AND updated >= ?3 AND (?1 = 0 OR type = ?1)
        UNION ALL SELECT h.number, r.type, r.id, h.version, h.version_text, h.updated, h.updated_text,
                         h.sequence, h.deleted, h.json
          FROM history h INDEXED BY history_sequence CROSS JOIN resource r ON r.number = h.number
          WHERE h.sequence < ?2 AND h.updated >= ?3 AND (?1 = 0 OR r.type = ?1)
        ORDER BY sequence DESC LIMIT ?4) v JOIN name t ON t.id = v.type
  ORDER BY v.sequence DESC;
-- name: history.page-since
SELECT t.text, v.id, v.version, v.version_text, v.updated, v.updated_text, v.sequence, v.deleted, v.json,
       v.version = 1 OR EXISTS (SELECT 1 FROM history p
         WHERE p.number = v.number AND p.version = v.version - 1 AND p.deleted = 1),
       CASE v.deleted WHEN 1 THEN (SELECT p.json FROM history p
         WHERE p.number = v.number AND p.version = v.version - 1) END
  FROM (SELECT number, type, id, version, version_text, updated, updated_text, sequence, deleted, json
          FROM resource INDEXED BY resource_moment
          WHERE sequence < ?2 AND updated >= ?3 AND (?1 = 0 OR type = ?1)
        UNION ALL SELECT h.number, r.type, r.id, h.version, h.version_text, h.updated, h.updated_text,
                         h.sequence, h.deleted, h.json
          FROM history h INDEXED BY history_moment CROSS JOIN resource r ON r.number = h.number
          WHERE h.sequence < ?2 AND h.updated >= ?3 AND (?1 = 0 OR r.type = ?1)
        ORDER BY sequence DESC LIMIT ?4) v JOIN name t ON t.id = v.type
  ORDER BY v.sequence DESC;
-- name: history.since-count
SELECT count(*) FROM (
    SELECT 1 FROM resource INDEXED BY resource_moment
      WHERE sequence < ?2 AND updated >= ?3 AND (?1 = 0 OR type = ?1)
    UNION ALL SELECT 1
      FROM history h INDEXED BY history_moment CROSS JOIN resource r ON r.number = h.number
      WHERE h.sequence < ?2 AND h.updated >= ?3 AND (?1 = 0 OR r.type = ?1)
    LIMIT ?4);
-- name: history.page-of
SELECT t.text, v.id, v.version, v.version_text, v.updated, v.updated_text, v.sequence, v.deleted, v.json,
       v.version = 1 OR EXISTS (SELECT 1 FROM history p
         WHERE p.number = v.number AND p.version = v.version - 1 AND p.deleted = 1),
       CASE v.deleted WHEN 1 THEN (SELECT p.json FROM history p
         WHERE p.number = v.number AND p.version = v.version - 1) END
  FROM (SELECT number, type, id, version, version_text, updated, updated_text, sequence, deleted, json
          FROM resource WHERE number = ?1 AND sequence < ?2 AND updated >= ?3
        UNION ALL SELECT h.number, r.type, r.id, h.version, h.version_text, h.updated, h.updated_text,
                         h.sequence, h.deleted, h.json
          FROM history h CROSS JOIN resource r ON r.number = h.number WHERE h.number = ?1 AND h.sequence < ?2 AND h.updated >= ?3
        ORDER BY sequence DESC LIMIT ?4) v JOIN name t ON t.id = v.type
  ORDER BY v.sequence DESC;
-- name: history.count
SELECT (SELECT count(*) FROM resource WHERE number = ?1 AND updated >= ?2)
     + (SELECT count(*) FROM history WHERE number = ?1 AND updated >= ?2);

-- name: snapshot.last
SELECT coalesce(max(sequence), 0) FROM resource;
-- name: snapshot.types
SELECT text FROM name WHERE id IN (SELECT DISTINCT type FROM identity) ORDER BY text;
-- name: snapshot.walk
SELECT number, CASE WHEN ?6 = 1 OR (?6 = 2 AND patient IS NULL) THEN json END, patient
    FROM resource INDEXED BY resource_type
    WHERE deleted = 0 AND type = ?1 AND number > ?2 AND sequence <= ?3 AND updated >= ?4
  UNION ALL SELECT r.number, h.json, NULL
    FROM resource r INDEXED BY resource_sequence CROSS JOIN history h ON h.number = r.number
    WHERE r.sequence > ?3 AND r.type = ?1 AND r.number > ?2 AND h.deleted = 0 AND h.updated >= ?4
      AND h.version = (SELECT max(x.version) FROM history x WHERE x.number = r.number AND x.sequence <= ?3)
  ORDER BY 1 LIMIT ?5;
-- name: snapshot.deleted
SELECT r.number, t.text, r.id, r.patient,
    CASE ?5 WHEN 1 THEN (SELECT x.json FROM history x WHERE x.number = r.number AND x.deleted = 0
      ORDER BY x.version DESC LIMIT 1) END
    FROM resource r JOIN name t ON t.id = r.type
    WHERE r.deleted = 1 AND r.number > ?1 AND r.sequence <= ?2 AND r.updated >= ?3
  UNION ALL SELECT r.number, t.text, r.id, NULL,
      CASE ?5 WHEN 1 THEN (SELECT x.json FROM history x WHERE x.number = r.number AND x.deleted = 0
        AND x.version < h.version ORDER BY x.version DESC LIMIT 1) END
    FROM resource r INDEXED BY resource_sequence CROSS JOIN history h ON h.number = r.number
      JOIN name t ON t.id = r.type
    WHERE r.sequence > ?2 AND r.number > ?1 AND h.deleted = 1 AND h.updated >= ?3
      AND h.version = (SELECT max(x.version) FROM history x WHERE x.number = r.number AND x.sequence <= ?2)
  ORDER BY 1 LIMIT ?4;

-- name: compartment.patient
SELECT number FROM resource WHERE patient = ?1 UNION SELECT ?1;
-- name: compartment.reference
SELECT number FROM reference WHERE parameter = ? AND target = ?;
-- name: compartment.row
SELECT json FROM resource WHERE number = ? AND deleted = 0 AND updated >= ?;

-- name: token.insert
INSERT OR IGNORE INTO token VALUES (?, ?, ?, ?);
-- name: token.delete
DELETE FROM token WHERE parameter = ? AND value = ? AND system = ? AND number = ?;
-- name: token.next-system
SELECT min(system) FROM token WHERE parameter = ? AND value = ? AND system > ?;
-- name: token.values
SELECT value, number FROM token WHERE parameter = ?;
-- name: reference.insert
INSERT OR IGNORE INTO reference VALUES (?, ?, ?);
-- name: reference.delete
DELETE FROM reference WHERE parameter = ? AND target = ? AND number = ?;
-- name: reference.sources
SELECT r.json FROM reference s CROSS JOIN resource r ON r.number = s.number
  WHERE s.parameter = ? AND s.target = ? AND r.deleted = 0;
-- name: reference.referrers
SELECT DISTINCT r.json FROM name n CROSS JOIN reference f ON f.parameter = n.id AND f.target = ?1
    CROSS JOIN resource r ON r.number = f.number
  WHERE n.text GLOB ?2 AND r.deleted = 0;
-- name: uri.insert
INSERT OR IGNORE INTO uri VALUES (?, ?, ?);
-- name: uri.delete
DELETE FROM uri WHERE parameter = ? AND value = ? AND number = ?;
-- name: quantity.insert
INSERT OR IGNORE INTO quantity VALUES (?, ?, ?, ?, ?);
-- name: quantity.delete
DELETE FROM quantity WHERE parameter = ? AND value = ? AND code = ? AND system = ? AND number = ?;
-- name: date.insert
INSERT OR IGNORE INTO date VALUES (?, ?, ?, ?);
-- name: date.delete
DELETE FROM date WHERE number = ? AND parameter = ? AND low = ? AND high = ?;
-- name: string.insert
INSERT OR IGNORE INTO string VALUES (?, ?, ?, ?);
-- name: string.delete
DELETE FROM string WHERE number = ? AND parameter = ? AND value = ? AND exact = ?;

-- name: phrase.select
SELECT id FROM phrase WHERE text = ?;
-- name: phrase.insert
INSERT INTO phrase (text) VALUES (?);
-- name: phrase.forget
DELETE FROM phrase WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM wording WHERE phrase = ?1);
-- name: wording.insert
INSERT OR IGNORE INTO wording VALUES (?, ?, ?);
-- name: wording.delete
DELETE FROM wording WHERE phrase = ? AND parameter = ? AND number = ?;
-- name: composite.insert
INSERT OR IGNORE INTO composite VALUES (?, ?, ?, ?, ?, ?, ?);
-- name: composite.delete
DELETE FROM composite WHERE parameter = ? AND code = ? AND system = ? AND value = ? AND second = ?
  AND second_system = ? AND number = ?;

-- name: person.put
INSERT OR REPLACE INTO person VALUES (?, ?, ?);
-- name: person.delete
DELETE FROM person WHERE number = ?;
-- name: person.all
SELECT p.number, r.json FROM person p CROSS JOIN resource r ON r.number = p.number
  WHERE r.deleted = 0 ORDER BY p.number;
-- name: person.list
SELECT p.number, r.id, p.name FROM person p INDEXED BY person_name
    CROSS JOIN resource r ON r.number = p.number
  WHERE p.type = ?1 AND r.deleted = 0 ORDER BY p.name, p.number;
-- name: person.one
SELECT p.number, r.id, p.name FROM person p CROSS JOIN resource r ON r.number = p.number
  WHERE p.number = ? AND r.deleted = 0;
-- name: person.family
SELECT r.json FROM person p INDEXED BY person_name CROSS JOIN resource r ON r.number = p.number
  WHERE p.type = ?1 AND p.name >= ?2 AND p.name < ?3 AND r.deleted = 0
  ORDER BY p.name LIMIT ?4;
-- name: person.family-and-words
SELECT r.json FROM person p INDEXED BY person_name CROSS JOIN resource r ON r.number = p.number
  WHERE p.type = ?1 AND p.name >= ?2 AND p.name < ?3 AND r.deleted = 0
    AND p.number IN (SELECT rowid FROM name_text WHERE name_text MATCH ?5)
  ORDER BY p.name LIMIT ?4;
-- name: person.other-names
SELECT r.json FROM name_text f CROSS JOIN person p ON p.number = f.rowid
    CROSS JOIN resource r ON r.number = p.number
  WHERE name_text MATCH ?5 AND p.type = ?1 AND NOT (p.name >= ?2 AND p.name < ?3)
    AND r.deleted = 0
  LIMIT ?4;
-- name: name-text.put
INSERT INTO name_text (rowid, text) VALUES (?, ?);
-- name: name-text.delete
DELETE FROM name_text WHERE rowid = ?;
-- name: note-text.put
INSERT INTO note_text (rowid, text) VALUES (?, ?);
-- name: note-text.delete
DELETE FROM note_text WHERE rowid = ?;
-- name: note-text.search
SELECT r.json FROM note_text f CROSS JOIN resource r ON r.number = f.rowid
  WHERE note_text MATCH ?1 AND (?2 = 0 OR r.patient = ?2) AND r.deleted = 0
  ORDER BY r.updated DESC LIMIT ?3;
-- name: word.search
SELECT r.json FROM (
    SELECT rowid AS number FROM note_text WHERE note_text MATCH ?1
    UNION
    SELECT w.number
      FROM (SELECT id, ' ' || replace(replace(replace(text, '-', ' '), '(', ' '), '/', ' ') AS text
              FROM phrase) p CROSS JOIN wording w ON w.phrase = p.id
      WHERE instr(p.text, ?4) AND instr(p.text, ?5) AND instr(p.text, ?6) AND instr(p.text, ?7)
        AND instr(p.text, ?8) AND instr(p.text, ?9) AND instr(p.text, ?10) AND instr(p.text, ?11)
        AND w.parameter NOT IN (SELECT id FROM name WHERE text GLOB '*.category:text'
                                  OR text GLOB '*.identifier:text' OR text GLOB '*status:text')
  ) f CROSS JOIN resource r ON r.number = f.number
  WHERE r.patient IS NOT NULL AND r.patient <> r.number AND (?2 = 0 OR r.patient = ?2)
    AND r.deleted = 0
  ORDER BY r.updated DESC LIMIT ?3;

-- name: journal.insert
INSERT INTO journal ("group", verb, type, id, patient, base_version, state, reason, created,
                     attempts, priority, lane)
  VALUES (?, ?, ?, ?, ?, ?, 'waiting', NULL, ?, 0, ?, ?);
-- name: journal.last
SELECT last_insert_rowid();
-- name: journal.list
SELECT sequence, "group", verb, type, id, patient, base_version, state, reason, created, attempts,
       priority, lane
  FROM journal WHERE ?1 IS NULL OR state = ?1 ORDER BY sequence LIMIT ?2;
-- name: journal.exists
SELECT 1 FROM journal WHERE sequence = ?;
-- name: journal.set-state
UPDATE journal SET state = ?2, reason = ?3, attempts = attempts + (?2 = 'sending')
  WHERE sequence = ?1;

-- name: draft.save
INSERT INTO draft VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, patient = excluded.patient,
    author = excluded.author, encounter = excluded.encounter, body = excluded.body,
    updated = excluded.updated;
-- name: draft.load
SELECT id, kind, patient, author, encounter, body, updated FROM draft WHERE id = ?;
-- name: draft.list
SELECT id, kind, patient, author, encounter, body, updated FROM draft
  WHERE author = ?1 AND (?2 IS NULL OR patient = ?2) ORDER BY updated DESC, id;
-- name: draft.remove
DELETE FROM draft WHERE id = ?;

-- name: audit.last
SELECT row, hash FROM audit ORDER BY row DESC LIMIT 1;
-- name: audit.insert
INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?);
-- name: audit.list
SELECT row, at, action, who, patient, reference, detail, hash FROM audit ORDER BY row;
-- name: pseudonym.find
SELECT pseudonym FROM pseudonym WHERE patient = ?;
-- name: pseudonym.put
INSERT OR IGNORE INTO pseudonym VALUES (?, ?);
-- name: pseudonym.forget
DELETE FROM pseudonym WHERE patient = ?;

-- name: setting.list
SELECT name, value FROM setting WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name;
-- name: setting.delete
DELETE FROM setting WHERE name = ?;
-- name: setting.get
SELECT value FROM setting WHERE name = ?;
-- name: setting.set
INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value;
