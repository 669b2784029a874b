/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-content.h"
#include "clinical-rules.h"

G_BEGIN_DECLS

/* The tables that the checks read. */
typedef enum
{
  CLINICAL_TABLE_INTERACTION_CLASSES,
  CLINICAL_TABLE_INTERACTIONS,
  CLINICAL_TABLE_DUPLICATE_CLASSES,
  CLINICAL_TABLE_DOSE_LIMITS,
  CLINICAL_TABLE_RENAL,
  CLINICAL_TABLE_PREGNANCY,
  CLINICAL_TABLE_AGES,
  CLINICAL_TABLE_CONDITIONS,
  CLINICAL_TABLE_NEVER_EVENTS,
  CLINICAL_TABLE_ALLERGY_CLASSES,
  CLINICAL_TABLE_CONTROLLED, /* no check: clinical-controlled */
  CLINICAL_N_TABLES,
} ClinicalTable;

/* Every column of every table; a row has those of its own table. */
typedef enum
{
  CLINICAL_COLUMN_NONE,
  CLINICAL_COLUMN_ID,
  CLINICAL_COLUMN_CLASS,
  CLINICAL_COLUMN_LABEL,
  CLINICAL_COLUMN_RXCUI,
  CLINICAL_COLUMN_NAME,
  CLINICAL_COLUMN_A,
  CLINICAL_COLUMN_B,
  CLINICAL_COLUMN_SEVERITY,
  CLINICAL_COLUMN_CONSEQUENCE,
  CLINICAL_COLUMN_MECHANISM,
  CLINICAL_COLUMN_ACTION,
  CLINICAL_COLUMN_UNLESS,
  CLINICAL_COLUMN_ALLOWED,
  CLINICAL_COLUMN_ROUTE,
  CLINICAL_COLUMN_INDICATION,
  CLINICAL_COLUMN_AGE_FROM,
  CLINICAL_COLUMN_AGE_TO,
  CLINICAL_COLUMN_WEIGHT_FROM,
  CLINICAL_COLUMN_WEIGHT_TO,
  CLINICAL_COLUMN_PER,
  CLINICAL_COLUMN_MAX_SINGLE,
  CLINICAL_COLUMN_MAX_DAILY,
  CLINICAL_COLUMN_UNIT,
  CLINICAL_COLUMN_CRCL_FROM,
  CLINICAL_COLUMN_CRCL_TO,
  CLINICAL_COLUMN_ADVICE,
  CLINICAL_COLUMN_TEXT,
  CLINICAL_COLUMN_PREGNANCY,
  CLINICAL_COLUMN_LACTATION,
  CLINICAL_COLUMN_FROM,
  CLINICAL_COLUMN_TO,
  CLINICAL_COLUMN_CONDITION,
  CLINICAL_COLUMN_SYSTEM,
  CLINICAL_COLUMN_CODE,
  CLINICAL_COLUMN_RULE,
  CLINICAL_COLUMN_GROUP,
  CLINICAL_COLUMN_KIND,
  CLINICAL_COLUMN_VALUE,
  CLINICAL_COLUMN_SCHEDULE,
  CLINICAL_COLUMN_SOURCE,
  CLINICAL_COLUMN_REVIEWER,
  CLINICAL_COLUMN_REVIEWED,
  CLINICAL_N_COLUMNS,
} ClinicalColumn;

typedef struct
{
  ClinicalTable table;
  guint index;                           /* within its table */
  const char *texts[CLINICAL_N_COLUMNS]; /* interned or NULL; never empty */
  double numbers[CLINICAL_N_COLUMNS];    /* NAN where there is none */
} ClinicalRow;

/* A set of rows of one table: one bit for each. */
typedef struct
{
  guint64 *words;
  guint n_words;
} ClinicalRowSet;

/* What a cell may hold. */
typedef enum
{
  CLINICAL_CELL_TEXT,
  CLINICAL_CELL_OPTIONAL,
  CLINICAL_CELL_NUMBER, /* or empty */
  CLINICAL_CELL_WORD,   /* one of the spec's words */
  CLINICAL_CELL_UNIT,   /* a UCUM code */
  CLINICAL_CELL_ABSENT, /* the whole column may be missing */
} ClinicalCell;

typedef struct
{
  ClinicalColumn column;
  const char *name;
  ClinicalCell cell;
  const char *words; /* of a WORD: "high|moderate|low"; one that may be empty ends with "|" */
} ClinicalColumnSpec;

const char *clinical_table_get_name (ClinicalTable table);
gboolean clinical_table_find (const char *name, ClinicalTable *out);
ClinicalRow *clinical_row_new (ClinicalTable table,
                               const char *const *columns,
                               const char *const *values,
                               GError **error);
gboolean clinical_row_is_unverified (const ClinicalRow *row);

GPtrArray *clinical_rules_get_rows (ClinicalRules *self, ClinicalTable table);
GPtrArray *clinical_rules_dup_rows_of (ClinicalRules *self,
                                       ClinicalTable table,
                                       const ClinicalIngredient *ingredient);
GPtrArray *clinical_rules_dup_classes (ClinicalRules *self, const ClinicalIngredient *ingredient);
const char *clinical_rules_get_class_label (ClinicalRules *self, const char *name);
void clinical_rules_add_side (
    ClinicalRules *self, ClinicalTable table, gboolean b, const char *name, ClinicalRowSet *out);
char *clinical_rules_dup_label (ClinicalRules *self, ClinicalTable table);
char *clinical_rules_dup_date (ClinicalRules *self, ClinicalTable table);

gboolean clinical_row_set_is_empty (const ClinicalRowSet *self);
void clinical_row_set_add (ClinicalRowSet *self, guint row);
void clinical_row_set_clear (ClinicalRowSet *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ClinicalRowSet, clinical_row_set_clear)

G_END_DECLS
