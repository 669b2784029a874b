#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes bedside-content.sqlite from the tables beside this script.

usage: make-content.py FOLDER FILE [DEPFILE]

Every *.tsv becomes an SQL table of its name, with "-" as "_", its rows numbered in the order of the
file; only the formulary is put in the order in which equal matches of a search stand. The table "head" has
what each file's head lines say, its number of rows and a digest. "search_word" and "search_rank" are the
words of the formulary. The same tables give the same file, byte for byte. `bedside-hub content import`
makes the same of a site's tables (src/store/store-content-make.c): test-store-content-make holds the two
together. README.md beside this script describes the format.
"""
import hashlib
import os
import pathlib
import re
import sqlite3
import sys

FORMAT = 1
APPLICATION_ID = 0x42445343  # "BDSC"
NAME = re.compile(r'[a-z][a-z0-9_]{0,39}')
HEAD = re.compile(r'# ([a-z_]+): (.*)')
KEYS = {'formulary': 'scd_rxcui', 'ingredients': 'rxcui', 'ndc': 'ndc11'}
# As store-content-words.c has them: the forms that people mean when they do not say which.
FORMS = ('Oral Tablet', 'Oral Capsule', 'Oral Suspension', 'Oral Solution', 'Delayed Release', 'Extended Release',
         'Metered Dose', 'Chewable Tablet', 'Topical Cream', 'Ophthalmic', 'Nasal')
INGREDIENT, BRAND, REST = range(3)


class Table:
    """One source file: its head, its columns and its rows."""

    def __init__(self, path):
        self.name = path.stem.replace('-', '_')
        self.head, self.columns, self.rows = {}, None, []
        check(NAME.fullmatch(self.name), path, 0, 'is no name of a table')
        text = path.read_bytes().decode('utf-8')
        check(text.endswith('\n') and '\r' not in text and '\0' not in text, path, 0, 'has lines that end otherwise')
        for number, line in enumerate(text[:-1].split('\n'), 1):
            if line.startswith('#'):
                self.add_head(HEAD.fullmatch(line), line)
            elif self.columns is None:
                self.columns = line.split('\t')
                check(all(NAME.fullmatch(column) and column != 'row' for column in self.columns) and
                      len(set(self.columns)) == len(self.columns), path, number, 'has no good names of columns')
            elif line:
                self.rows.append(line.split('\t'))
                check(len(self.rows[-1]) == len(self.columns), path, number, 'has a wrong number of cells')
        check(self.columns is not None, path, 0, 'has no names of columns')
        if self.name == 'formulary':
            self.rows.sort(key=lambda row: (strength_of(row[4]), row[1].encode(), row[0].encode()))

    def add_head(self, match, line):
        key, value = match.groups() if match else ('note', line.lstrip('# '))
        self.head[key] = f'{self.head[key]} {value}' if key in self.head else value


def check(good, path, line, what):
    if not good:
        sys.exit(f'{path}: line {line} {what}')


def strength_of(text):
    match = re.match(r'[0-9]*\.?[0-9]+', text)
    return float(match.group()) if match else 0.0


def words_of(text):
    """Lower-case words with decimals whole. The tables are ASCII; C folds the rest of the world."""
    assert text.isascii(), text
    text = re.sub(r'(?<![0-9])\.|\.(?![0-9])', ' ', text.lower())
    return re.findall(r'[a-z0-9.]+', text)


def rank_of(row, products):
    """What orders equal matches: common forms and ingredients first, combinations last."""
    form = next((300 - 25 * i for i, form in enumerate(FORMS) if row[5].startswith(form)), 0)
    return (form + 10 * min(products[row[2]], 30) - 700 * row[2].count('|') -
            (0 if row[7] == 'confirmed' else 200))


def index(rows):
    """The words of the formulary with the drugs they stand in, and each drug's rank."""
    words, products = {}, {}
    for number, row in enumerate(rows, 1):
        products[row[2]] = products.get(row[2], 0) + 1
        for text, field in ((row[2], INGREDIENT), (row[8], BRAND), (' '.join(row[4:7]), REST)):
            for word in words_of(text):
                words.setdefault(word, set()).add(number << 2 | field)
    ranks = b''.join(max(rank_of(row, products), -32768).to_bytes(2, 'little', signed=True) for row in rows)
    return [(word, b''.join(place.to_bytes(4, 'little') for place in sorted(words[word])))
            for word in sorted(words)], ranks


def digest_of(head, columns, rows):
    digest = hashlib.sha256()
    for key in sorted(head):
        digest.update(f'# {key}: {head[key]}\n'.encode())
    digest.update(('\t'.join(columns) + '\n').encode())
    for row in rows:
        digest.update(b'\t'.join(cell if isinstance(cell, bytes) else cell.encode() for cell in row) + b'\n')
    return digest.hexdigest()


def write_table(db, name, head, columns, rows, types=None):
    """Returns the line of the file's own digest."""
    head = dict(head, rows=str(len(rows)))
    shape = ', '.join(f'"{column}" {types[i] if types else "TEXT"} NOT NULL' for i, column in enumerate(columns))
    db.execute(f'CREATE TABLE "{name}" (row INTEGER PRIMARY KEY, {shape})')
    slots = ', '.join('?' * (len(columns) + 1))
    db.executemany(f'INSERT INTO "{name}" VALUES ({slots})', ((i, *row) for i, row in enumerate(rows, 1)))
    if name in KEYS:
        db.execute(f'CREATE UNIQUE INDEX "{name}_key" ON "{name}" ("{KEYS[name]}")')
    digest = digest_of(head, columns, rows)
    db.executemany('INSERT INTO head VALUES (?, ?, ?)',
                   [(name, key, head[key]) for key in sorted(head)] + [(name, 'sha256', digest)])
    return f'{name} {digest}\n'


def write(path, tables):
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript(f'PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA encoding = "UTF-8";'
                     f'PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT}; BEGIN;'
                     'CREATE TABLE head ("table" TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,'
                     ' PRIMARY KEY ("table", key)) WITHOUT ROWID')
    formulary = next((table for table in tables if table.name == 'formulary'), None)
    words, ranks = index(formulary.rows if formulary else [])
    lines = [write_table(db, table.name, table.head, table.columns, table.rows) for table in tables]
    lines.append(write_table(db, 'search_rank', {}, ('ranks',), [(ranks,)], ('BLOB',)))
    lines.append(write_table(db, 'search_word', {}, ('word', 'places'), words, ('TEXT', 'BLOB')))
    db.execute("INSERT INTO head VALUES ('', 'sha256', ?)", (hashlib.sha256(''.join(sorted(lines)).encode()).hexdigest(),))
    db.execute('COMMIT')
    db.close()


def main(folder, path, depfile=None):
    sources = sorted(folder.glob('*.tsv'), key=lambda source: source.stem.replace('-', '_'))
    part = path.with_name(path.name + '.part')
    part.unlink(missing_ok=True)
    write(part, [Table(source) for source in sources])
    os.replace(part, path)
    if depfile:  # the folder too: a table that is added or taken away makes the file anew
        depfile.write_text(f'{path}: ' + ' '.join(str(source).replace(' ', '\\ ') for source in (folder, *sources)) + '\n')


if __name__ == '__main__':
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(*(pathlib.Path(argument) for argument in sys.argv[1:]))
