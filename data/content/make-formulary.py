#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes formulary.tsv, ingredients.tsv and ndc.tsv from a drug table set.

usage: make-formulary.py FOLDER     (drugs.tsv, brands.tsv, ingredients.tsv, ndc.tsv in it)

The tables are RxNorm facts (RXCUIs and names of SAB=RXNORM), which need no licence. A drug counts as
"confirmed" when its source is the release named below or a value set of 2021 or later; the rest is shown
as "not confirmed current". Writes beside this script.
"""
import collections
import pathlib
import sys

RELEASE = '2025-10-06'
LABEL = 'RxNorm Current Prescribable Content, 06-Oct-2025'
ATTRIBUTION = (
    'This product uses publicly available data from the U.S. National Library of Medicine (NLM), National '
    'Institutes of Health, Department of Health and Human Services; NLM is not responsible for the product '
    'and does not endorse or recommend this or any other product.')
NOTE = ('Drugs whose ingredient begins with A are patched together from other sources and are incomplete. '
        'A drug that is not here says nothing about that drug.')
NDC_NOTE = ('At most six codes a drug, and none for drugs whose ingredient begins with A. A code that is not here says '
            'nothing about the product.')
UNCONFIRMED = {'rxnorm-2014'}


def rows(path):
    with open(path, encoding='utf-8') as lines:
        heading = next(lines).rstrip('\n').split('\t')
        for line in lines:
            yield dict(zip(heading, line.rstrip('\n').split('\t')))


def write(name, heading, table, note=NOTE):
    path = pathlib.Path(__file__).parent / name
    with open(path, 'w', encoding='utf-8', newline='\n') as out:
        out.write(f'# label: {LABEL}\n# date: {RELEASE}\n# attribution: {ATTRIBUTION}\n# note: {note}\n')
        out.write('\t'.join(heading) + '\n')
        for row in table:
            assert not any('\t' in cell or '\n' in cell for cell in row), row
            out.write('\t'.join(row) + '\n')
    print(f'{name}: {len(table)} rows')


def main(folder):
    brands = collections.defaultdict(dict)
    for row in rows(folder / 'brands.tsv'):
        brands[row['scd_rxcui']][row['brand_name']] = True
    drugs = [(row['scd_rxcui'], row['scd_name'], row['ingredient_names'], row['ingredient_rxcuis'],
              row['strength_text'], row['dose_form'], row['route_guess'],
              'unconfirmed' if row['source'] in UNCONFIRMED else 'confirmed',
              '|'.join(sorted(brands[row['scd_rxcui']]))) for row in rows(folder / 'drugs.tsv')]
    write('formulary.tsv', ('scd_rxcui', 'name', 'ingredients', 'ingredient_codes', 'strength', 'form', 'route',
                            'source', 'brands'), sorted(drugs, key=lambda row: int(row[0])))
    write('ingredients.tsv', ('rxcui', 'name', 'tty'),
          sorted(((row['rxcui'], row['name'], row['tty']) for row in rows(folder / 'ingredients.tsv')
                  if row['tty'] != 'MIN'), key=lambda row: int(row[0])))
    # a package's code names a clinical drug, or a branded one, whose drug and name stand in its place
    branded = {row['sbd_rxcui']: (row['scd_rxcui'], row['brand_name']) for row in rows(folder / 'brands.tsv')}
    codes = [(row['ndc11'], *branded.get(row['rxcui'], (row['rxcui'], ''))) for row in rows(folder / 'ndc.tsv')]
    write('ndc.tsv', ('ndc11', 'rxcui', 'brand'), sorted(codes), NDC_NOTE)


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
