#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clinical tables of data/content and the scenarios over them: content.py CHECK ROOT. Prints TAP.

CHECK is tables, broken (the first one finds each kind of broken row), counts (TABLES.md says how many
rows nobody has read) or scenarios. "content.py write-counts ROOT" writes that part of TABLES.md.
"""
import collections
import copy
import datetime
import json
import pathlib
import re
import sys

SYSTEMS = {'http://snomed.info/sct': r'[1-9][0-9]{5,17}', 'http://hl7.org/fhir/sid/icd-10-cm': r'[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?'}
LANGUAGES = ('en', 'de', 'fr', 'es', 'ja')
SEVERITY = ('high', 'moderate', 'low')
HARM = ('contraindicated', 'avoid', 'caution', 'no-known-harm', '')
ADVICE = ('contraindicated', 'avoid', 'reduce', 'caution')
UNITS = ('mg', 'ug', 'g', '[iU]', 'mL')
ROUTES = ('oral', 'injection', 'topical', 'transdermal', 'inhaled', 'nasal', 'ophthalmic', 'otic', 'rectal', 'vaginal', 'other', '')
RULES = ('methotrexate-weekly', 'codeine-under-12', 'nitrate-pde5', 'valproate-pregnancy-possible',
         'opioid-patch-duplicate', 'insulin-units', 'potassium-injection',
         'potassium-ready-mixed')
END = ['source', 'reviewer', 'reviewed']
# Columns before END; the key; the columns that may be empty.
TABLES = {
    'interaction-classes': ('class label rxcui name', 'class name', 'rxcui'),
    'interactions': ('id a b severity consequence mechanism action unless', 'id', 'mechanism unless'),
    'duplicate-classes': ('class label rxcui name allowed', 'class name', 'rxcui'),
    'dose-limits': ('rxcui name route indication age_from age_to weight_from weight_to per max_single max_daily unit '
                    'usual_daily_low first_pass second_pass settled',
                    'name route indication age_from age_to weight_from weight_to per',
                    'rxcui route indication age_from age_to weight_from weight_to usual_daily_low second_pass settled'),
    'renal': ('rxcui name crcl_from crcl_to advice max_daily unit text', 'name crcl_from', 'rxcui max_daily unit'),
    'pregnancy': ('rxcui name pregnancy lactation text', 'name pregnancy lactation', 'rxcui pregnancy lactation'),
    'ages': ('rxcui name from to severity text', 'name from', 'rxcui from to'),
    'conditions': ('condition system code a severity text', 'condition system code a', ''),
    'never-events': ('id rule a text', 'id', ''),
    'controlled': ('rxcui name schedule', 'name', 'rxcui'),
    'drug-information': ('rxcui name language what how watch', 'name language', 'rxcui'),
    'tall-man': ('name written', 'name', ''),
}
WORDS = {'severity': SEVERITY, 'pregnancy': HARM, 'lactation': HARM, 'advice': ADVICE, 'language': LANGUAGES,
         'schedule': ('II', 'III', 'IV', 'V', 'II or III', 'II or V', 'IV or V', 'II, III or V'), 'per': ('dose-unit', 'kg'), 'rule': RULES, 'route': ROUTES}
NUMBERS = ('allowed', 'age_from', 'age_to', 'weight_from', 'weight_to', 'max_single', 'max_daily', 'usual_daily_low',
           'first_pass', 'second_pass', 'crcl_from', 'crcl_to', 'from', 'to')
RANGES = (('age_from', 'age_to'), ('weight_from', 'weight_to'), ('crcl_from', 'crcl_to'), ('from', 'to'))


def read(path):
    """(head, columns, rows as dictionaries); a short or long row is kept with what it has"""
    head, columns, rows = {}, None, []
    for line in path.read_text(encoding='utf-8').split('\n')[:-1]:
        if columns is None and line.startswith('# ') and ': ' in line:
            key, value = line[2:].split(': ', 1)
            head[key] = value
        elif columns is None and line.startswith('#'):
            continue
        elif columns is None:
            columns = line.split('\t')
        else:
            cells = line.split('\t')
            row = dict(zip(columns, cells))
            if len(cells) != len(columns):
                row[''] = f'{len(cells)} cells for {len(columns)} columns'
            rows.append(row)
    return head, columns or [], rows


def read_names(root):
    """name -> codes of the formulary's ingredients; code -> names; names that the formulary writes with "-"; drugs"""
    folder = root / 'data' / 'content'
    by_code, nameless, drugs = collections.defaultdict(set), set(), {}
    for row in read(folder / 'ingredients.tsv')[2]:
        by_code[row['rxcui']].add(row['name'])
    for row in read(folder / 'formulary.tsv')[2]:
        drugs[row['scd_rxcui']] = row
        for name, code in zip(row['ingredients'].split('|'), row['ingredient_codes'].split('|')):
            if code == '-':
                nameless.add(name)
            else:
                by_code[code].add(name)
    return by_code, nameless, drugs


def number(text):
    return float(text) if re.fullmatch(r'[0-9]+(\.[0-9]+)?', text) else None


def head_faults(head):
    for key in ('label', 'date', 'version', 'expires', 'note'):
        if not head.get(key):
            yield f'the head has no "{key}"'
    try:
        if datetime.date.fromisoformat(head['expires']) <= datetime.date.fromisoformat(head['date']):
            yield 'expires before its date'
    except (KeyError, ValueError):
        yield 'date or expires is no date'


def cell_faults(row, required):
    if '' in row:
        yield row['']
    for column in required:
        if not row.get(column, '').strip():
            yield f'{column} is empty'
    for column, cell in row.items():
        if cell != cell.strip():
            yield f'{column} begins or ends with a space'
        if column in WORDS and cell not in WORDS[column]:
            yield f'{column}: "{cell}" is not a word of this table'
        if column in NUMBERS and cell and number(cell) is None:
            yield f'{column}: "{cell}" is no number'
    for low, high in RANGES:
        if row.get(low) and row.get(high) and not (number(row[low]) or 0) < (number(row[high]) or 0):
            yield f'{low} is not below {high}'


def source_faults(row):
    source = row.get('source', '')
    if source != 'unverified' and not all(re.fullmatch(r'https://[a-z0-9.-]+\.[a-z]+/\S*', s) for s in source.split(' ')):
        yield f'source: "{source}" is neither "unverified" nor one or two addresses'
    if bool(row.get('reviewer')) != bool(row.get('reviewed')):
        yield 'reviewer and reviewed go together'


def name_faults(row, by_code, nameless):
    if 'rxcui' not in row:
        return
    if row['rxcui'] == '':
        if row['name'] not in nameless:
            yield f'{row["name"]} has no rxcui, and the formulary does not write it with "-"'
    elif row['rxcui'] not in by_code:
        yield f'rxcui {row["rxcui"]} is not in the formulary'
    elif row['name'] not in by_code[row['rxcui']]:
        yield f'rxcui {row["rxcui"]} is {" or ".join(sorted(by_code[row["rxcui"]]))}, not {row["name"]}'


def subject_faults(row, columns, classes, by_code):
    for column in columns:
        subject = row.get(column, '')
        known = subject[6:] in by_code if subject.startswith('rxcui:') else subject in classes
        if not known:
            yield f'{column}: "{subject}" is neither a class nor rxcui:N of the formulary'


def limit_faults(row):
    single, daily, low = (number(row[c]) if row[c] else None for c in ('max_single', 'max_daily', 'usual_daily_low'))
    if None not in (single, daily) and single > daily:
        yield 'max_single is above max_daily'
    if None not in (low, daily) and low > daily:
        yield 'usual_daily_low is above max_daily'
    if row['unit'] not in UNITS:
        yield f'unit "{row["unit"]}" is not known'
    if not row['second_pass'] and row['source'] != 'unverified':
        yield 'has a source but no second pass'
    passes = {row['first_pass'], row['second_pass'] or row['first_pass']}
    if (len(passes) > 1 or row['max_daily'] not in passes) and not row['settled']:
        yield 'the passes differ and nobody says how that was settled'


def overlap_faults(rows):
    """Two limits of one kind that both concern the same patient"""
    groups = collections.defaultdict(list)
    for row in rows:
        groups[row['name'], row['route'], row['indication'], row['per']].append(row)
    for key, group in groups.items():
        spans = [[(number(r[a] or '0') or 0, number(r[b] or '9999') or 0) for a, b in RANGES[:2]] for r in group]
        for i, one in enumerate(spans):
            for other in spans[:i]:
                if all(a[0] < b[1] and b[0] < a[1] for a, b in zip(one, other)):
                    yield f'{" ".join(key)}: two limits concern the same age and weight'


def table_faults(name, table, classes, by_code, nameless):
    head, columns, rows = table
    wanted, key, may_be_empty = (words.split() for words in TABLES[name])
    if columns != wanted + END:
        yield f'the columns are {" ".join(columns)}, not {" ".join(wanted + END)}'
        return
    yield from head_faults(head)
    required = [c for c in wanted + ['source'] if c not in may_be_empty]
    seen = set()
    for row in rows:
        where = ' '.join(row.get(c, '') for c in key)
        faults = [*cell_faults(row, required)]
        if not faults:
            faults = [*source_faults(row), *name_faults(row, by_code, nameless)]
            if where in seen:
                faults.append('comes twice')
            seen.add(where)
            faults += {'interactions': lambda: subject_faults(row, ('a', 'b'), classes, by_code),
                       'never-events': lambda: subject_faults(row, ('a',), classes, by_code),
                       'conditions': lambda: condition_faults(row, classes, by_code),
                       'dose-limits': lambda: limit_faults(row),
                       'renal': lambda: renal_faults(row),
                       'drug-information': lambda: information_faults(row),
                       'tall-man': lambda: tall_man_faults(row)}.get(name, lambda: ())()
        for fault in faults:
            yield f'{where}: {fault}'


D5 = ('0123456789', '1234067895', '2340178956', '3401289567', '4012395678',
      '5987604321', '6598710432', '7659821043', '8765932104', '9876543210')
TURN = '1576283094'


def verhoeff(code):
    """Whether the last digit of a SNOMED CT identifier is its check digit"""
    turns, check = ['0123456789'], 0
    for _ in range(7):
        turns.append(''.join(turns[-1][int(digit)] for digit in TURN))
    for place, digit in enumerate(reversed(code)):
        check = int(D5[check][int(turns[place % 8][int(digit)])])
    return check == 0


def condition_faults(row, classes, by_code):
    yield from subject_faults(row, ('a',), classes, by_code)
    if row['system'] == 'http://snomed.info/sct' and row['code'].isdigit() and not verhoeff(row['code']):
        yield f'{row["code"]} has a wrong check digit'
    if not re.fullmatch(SYSTEMS.get(row['system'], '$.'), row['code']):
        yield f'{row["code"]} is no code of {row["system"]}'


def renal_faults(row):
    if bool(row['max_daily']) != bool(row['unit']) or row['unit'] and row['unit'] not in UNITS:
        yield f'unit "{row["unit"]}" does not go with max_daily "{row["max_daily"]}"'


def information_faults(row):
    if row['language'] == 'es' and re.search(r'\bonce\b', ' '.join(row[c] for c in ('what', 'how', 'watch')), re.I):
        yield '"once" is eleven in Spanish'


def tall_man_faults(row):
    if row['written'].lower() != row['name'] or row['written'] == row['name']:
        yield f'"{row["written"]}" is not {row["name"]} in tall-man letters'


def all_faults(tables, names):
    by_code, nameless, _ = names
    classes = {row.get('class') for row in tables['interaction-classes'][2]}
    for name in TABLES:
        if name not in tables:
            yield f'{name}: there is no such table'
            continue
        for fault in table_faults(name, tables[name], classes, by_code, nameless):
            yield f'{name}: {fault}'
    for name, column in (('interaction-classes', 'label'), ('duplicate-classes', 'label'), ('duplicate-classes', 'allowed')):
        said = collections.defaultdict(set)
        for row in tables.get(name, ({}, [], []))[2]:
            said[row.get('class')].add(row.get(column))
        yield from (f'{name}: {c} has more than one {column}' for c, values in said.items() if len(values) > 1)
    pairs = collections.Counter(frozenset((r.get('a'), r.get('b'))) for r in tables['interactions'][2])
    yield from (f'interactions: {" and ".join(sorted(map(str, pair)))} twice' for pair, n in pairs.items() if n > 1)
    yield from (f'dose-limits: {fault}' for fault in overlap_faults(tables['dose-limits'][2]))
    asked = collections.Counter((row.get('name'), column) for row in tables.get('pregnancy', ({}, [], []))[2]
                                for column in ('pregnancy', 'lactation') if row.get(column))
    yield from (f'pregnancy: {name} has {n} words for {column}' for (name, column), n in asked.items() if n > 1)
    yield from (f'pregnancy: {row.get("name")} speaks of both or of neither'
                for row in tables.get('pregnancy', ({}, [], []))[2] if bool(row.get('pregnancy')) == bool(row.get('lactation')))
    spoken = collections.defaultdict(set)
    for row in tables['drug-information'][2]:
        spoken[row.get('name')].add(row.get('language'))
    yield from (f'drug-information: {name} lacks {" ".join(sorted(set(LANGUAGES) - has))}'
                for name, has in spoken.items() if has != set(LANGUAGES))


def load(root):
    folder = root / 'data' / 'content'
    return {name: read(folder / f'{name}.tsv') for name in TABLES if (folder / f'{name}.tsv').exists()}


def check_tables(root):
    yield from all_faults(load(root), read_names(root))


# Each breaks one cell of the first row that fits, and says what has to be found.
BREAKS = (
    ('interaction-classes', {}, {'rxcui': '1'}, 'is not in the formulary'),
    ('interaction-classes', {}, {'name': 'water'}, 'not water'),
    ('interaction-classes', {}, {'rxcui': ''}, 'has no rxcui'),
    ('interaction-classes', {}, {'label': 'other'}, 'more than one label'),
    ('interactions', {}, {'a': 'no-such-class'}, 'neither a class'),
    ('interactions', {}, {'b': 'rxcui:1'}, 'neither a class'),
    ('interactions', {}, {'severity': 'severe'}, 'is not a word'),
    ('interactions', {}, {'source': 'a book'}, 'neither "unverified"'),
    ('interactions', {}, {'source': 'http://example.org/'}, 'neither "unverified"'),
    ('interactions', {}, {'action': ''}, 'action is empty'),
    ('interactions', {}, {'reviewer': 'Ann'}, 'go together'),
    ('duplicate-classes', {}, {'allowed': 'one'}, 'is no number'),
    ('dose-limits', {}, {'max_single': '99999'}, 'above max_daily'),
    ('dose-limits', {}, {'usual_daily_low': '99999'}, 'above max_daily'),
    ('dose-limits', {}, {'unit': 'tsp'}, 'is not known'),
    ('dose-limits', {}, {'per': 'm2'}, 'is not a word'),
    ('dose-limits', {}, {'second_pass': '1', 'settled': ''}, 'nobody says how'),
    ('dose-limits', {}, {'second_pass': '', 'source': 'https://example.org/'}, 'no second pass'),
    ('dose-limits', {}, {'age_from': '300', 'age_to': '200'}, 'is not below'),
    ('renal', {}, {'advice': 'maybe'}, 'is not a word'),
    ('renal', {'unit': 'mg'}, {'unit': ''}, 'does not go with'),
    ('pregnancy', {}, {'pregnancy': 'X'}, 'is not a word'),
    ('pregnancy', {}, {'pregnancy': '', 'lactation': ''}, 'both or of neither'),
    ('ages', {}, {'text': ''}, 'text is empty'),
    ('conditions', {}, {'code': 'x'}, 'is no code'),
    ('conditions', {}, {'system': 'urn:x'}, 'is no code'),
    ('conditions', {'system': 'http://snomed.info/sct'}, {'code': '195967002'}, 'check digit'),
    ('never-events', {}, {'rule': 'other'}, 'is not a word'),
    ('controlled', {}, {'schedule': 'I'}, 'is not a word'),
    ('controlled', {'rxcui': '2670'}, {'name': 'morphine'}, 'not morphine'),
    ('drug-information', {}, {'language': 'it'}, 'lacks'),
    ('drug-information', {'language': 'es'}, {'how': 'Tomar once tabletas.'}, 'eleven'),
    ('tall-man', {}, {'written': 'acetaminoPHEN'}, 'is not acet'),
)


def check_broken(root):
    names, whole = read_names(root), load(root)
    if any(True for _ in all_faults(whole, names)):
        return  # the check of the tables says it
    for name, where, change, wanted in BREAKS:
        tables = {**whole, name: copy.deepcopy(whole[name])}
        row = next(r for r in tables[name][2] if all(r[c] == v for c, v in where.items()))
        row.update(change)
        if not any(wanted in fault for fault in all_faults(tables, names)):
            yield f'{name}: nobody notices {change}'
    tables = {**whole, 'ages': (whole['ages'][0], whole['ages'][1], whole['ages'][2] + whole['ages'][2][:1])}
    if not any('comes twice' in fault for fault in all_faults(tables, names)):
        yield 'nobody notices a row that comes twice'
    tables = {**whole, 'ages': ({**whole['ages'][0], 'expires': '2000-01-01'}, *whole['ages'][1:])}
    if not any('expires before' in fault for fault in all_faults(tables, names)):
        yield 'nobody notices a table that expires before its date'


def counts(root):
    lines = ['| table | rows | unverified | with a page | reviewed |', '|---|---:|---:|---:|---:|']
    for name, (_, _, rows) in load(root).items():
        unread = sum(row['source'] == 'unverified' for row in rows)
        lines.append(f'| `{name}.tsv` | {len(rows)} | {unread} | {len(rows) - unread} | {sum(bool(r["reviewer"]) for r in rows)} |')
    limits = load(root)['dose-limits'][2]
    both = sum(bool(row['second_pass']) for row in limits)
    differ = sum(bool(row['second_pass']) and row['second_pass'] != row['first_pass'] for row in limits)
    lines += ['', f'Of {len(limits)} dose limits {both} were entered by two passes, in {differ} of these the passes differed.']
    return '\n'.join(lines)


MARKS = ('<!-- counts: made by tests/lint/content.py write-counts -->', '<!-- end of counts -->')


def check_counts(root):
    text = (root / 'data' / 'content' / 'TABLES.md').read_text(encoding='utf-8')
    if f'{MARKS[0]}\n{counts(root)}\n{MARKS[1]}' not in text:
        yield 'the counts in data/content/TABLES.md are not those of the tables: run tests/lint/content.py write-counts .'


def write_counts(root):
    path = root / 'data' / 'content' / 'TABLES.md'
    text = path.read_text(encoding='utf-8')
    start, end = text.index(MARKS[0]), text.index(MARKS[1])
    path.write_text(f'{text[:start]}{MARKS[0]}\n{counts(root)}\n{text[end:]}', encoding='utf-8')


KINDS = ('interaction', 'allergy', 'duplicate', 'dose', 'renal', 'pregnancy', 'age', 'condition', 'never-event')


def drug_faults(drug, drugs):
    if 'rxcui' in drug and drug['rxcui'] not in drugs:
        yield f'rxcui {drug["rxcui"]} is not a drug of the formulary'
    elif 'rxcui' in drug and drug.get('text') != drugs[drug['rxcui']]['name']:
        yield f'rxcui {drug["rxcui"]} is {drugs[drug["rxcui"]]["name"]}, not {drug.get("text")}'
    elif not drug.get('text'):
        yield 'a drug has neither rxcui nor text'
    if 'dose' in drug and (number(drug['dose']) is None or not drug.get('unit') or not drug.get('per_day') or not drug.get('period_days')):
        yield f'the dosage of {drug.get("text")} is not whole'


def case_faults(case, drugs):
    patient = case['patient']
    everything = case['prescribe'] + patient.get('medicines', [])
    if not case['prescribe'] or not case['say'] or 'age_months' not in patient or patient.get('sex') not in ('male', 'female'):
        yield 'lacks a prescription, a sentence, an age or a sex'
    for drug in everything:
        yield from drug_faults(drug, drugs)
    if 'expect' not in case:
        return
    expect, names = case['expect'], set()
    for drug in everything:
        names.update(drugs.get(drug.get('rxcui'), {'ingredients': ''})['ingredients'].split('|'))
    yield from source_faults(case)
    for finding in expect['found']:
        if finding['kind'] not in KINDS or finding['severity'] not in SEVERITY:
            yield f'finding {finding} has an unknown word'
        if not finding['subjects'] or not set(finding['subjects']) <= names:
            yield f'no drug of the case holds {finding["subjects"]}'
    if set(expect['not_found']) & {finding['kind'] for finding in expect['found']} or not set(expect['not_found']) <= set(KINDS):
        yield 'not_found contradicts found'
    if any(entry['kind'] not in KINDS or not entry['why'] for entry in expect.get('not_checked', ())):
        yield 'not_checked lacks a kind or a reason'
    high = any(finding['severity'] == 'high' for finding in expect['found'])
    overridden = any('override' in drug for drug in case['prescribe'])
    if expect['interrupts'] != high and not (high and overridden):
        yield 'interrupts is not what the grades say'
    if any(finding['kind'] == 'never-event' for finding in expect['found']) and not expect['blocked']:
        yield 'a never event does not block'


def check_scenarios(root):
    folder = root / 'tests' / 'fixtures' / 'prescribe'
    drugs = read_names(root)[2]
    cases = [case for path in sorted(folder.glob('*.json')) for case in json.loads(path.read_text(encoding='utf-8'))]
    ordinary = json.loads((folder / 'ordinary' / 'clinic.json').read_text(encoding='utf-8'))
    for case in cases + ordinary:
        yield from (f'{case["id"]}: {fault}' for fault in case_faults(case, drugs))
    yield from (f'{name} comes twice' for name, n in collections.Counter(c['id'] for c in cases + ordinary).items() if n > 1)
    silent = sum(not case['expect']['found'] for case in cases)
    if len(cases) < 200 or silent * 2 < len(cases):
        yield f'{len(cases)} cases, {silent} of them silent: at least 200 are wanted, and half of them silent'
    if len(ordinary) != 100:
        yield f'{len(ordinary)} ordinary prescriptions, not 100'
    for kind in KINDS:
        found = sum(any(f['kind'] == kind for f in case['expect']['found']) for case in cases)
        if found < 5:
            yield f'{kind}: found in {found} cases only'


def main():
    check, root = sys.argv[1], pathlib.Path(sys.argv[2])
    if check == 'write-counts':
        write_counts(root)
        return 0
    faults = list({'tables': check_tables, 'broken': check_broken, 'counts': check_counts,
                   'scenarios': check_scenarios}[check](root))
    print('1..1')
    for fault in faults:
        print(f'# {fault}')
    print(f'{"not ok" if faults else "ok"} 1 - content {check}')
    return 1 if faults else 0


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main())
