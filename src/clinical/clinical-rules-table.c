/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-rules-private.h"

#include "fhir-ucum.h"

#include <math.h>
#include <string.h>

/* What each table holds, and one row of it read and proven. */

#define SEVERITY "high|moderate|low"
#define HARM     "contraindicated|avoid|caution|no-known-harm|"

#define TEXT(column, name)        { CLINICAL_COLUMN_##column, name, CLINICAL_CELL_TEXT, NULL }
#define OPTIONAL(column, name)    { CLINICAL_COLUMN_##column, name, CLINICAL_CELL_OPTIONAL, NULL }
#define NUMBER(column, name)      { CLINICAL_COLUMN_##column, name, CLINICAL_CELL_NUMBER, NULL }
#define WORD(column, name, words) { CLINICAL_COLUMN_##column, name, CLINICAL_CELL_WORD, words }
#define UNIT(column, name)        { CLINICAL_COLUMN_##column, name, CLINICAL_CELL_UNIT, NULL }
#define ABSENT(column, name)      { CLINICAL_COLUMN_##column, name, CLINICAL_CELL_ABSENT, NULL }
#define SOURCE                                                                                     \
  TEXT (SOURCE, "source"), ABSENT (REVIEWER, "reviewer"), ABSENT (REVIEWED, "reviewed"), { 0 }

static const ClinicalColumnSpec interaction_classes[] = { TEXT (CLASS, "class"),
                                                          TEXT (LABEL, "label"),
                                                          OPTIONAL (RXCUI, "rxcui"),
                                                          TEXT (NAME, "name"), SOURCE };
static const ClinicalColumnSpec interactions[] = {
  TEXT (ID, "id"),
  TEXT (A, "a"),
  TEXT (B, "b"),
  WORD (SEVERITY, "severity", SEVERITY),
  TEXT (CONSEQUENCE, "consequence"),
  OPTIONAL (MECHANISM, "mechanism"),
  OPTIONAL (ACTION, "action"),
  OPTIONAL (UNLESS, "unless"),
  SOURCE,
};
static const ClinicalColumnSpec duplicate_classes[] = {
  TEXT (CLASS, "class"), TEXT (LABEL, "label"),       OPTIONAL (RXCUI, "rxcui"),
  TEXT (NAME, "name"),   NUMBER (ALLOWED, "allowed"), SOURCE
};
static const ClinicalColumnSpec dose_limits[] = {
  OPTIONAL (RXCUI, "rxcui"),
  TEXT (NAME, "name"),
  OPTIONAL (ROUTE, "route"),
  OPTIONAL (INDICATION, "indication"),
  NUMBER (AGE_FROM, "age_from"),
  NUMBER (AGE_TO, "age_to"),
  NUMBER (WEIGHT_FROM, "weight_from"),
  NUMBER (WEIGHT_TO, "weight_to"),
  WORD (PER, "per", "dose-unit|kg"),
  NUMBER (MAX_SINGLE, "max_single"),
  NUMBER (MAX_DAILY, "max_daily"),
  UNIT (UNIT, "unit"),
  SOURCE,
};
static const ClinicalColumnSpec renal[] = {
  OPTIONAL (RXCUI, "rxcui"),
  TEXT (NAME, "name"),
  NUMBER (CRCL_FROM, "crcl_from"),
  NUMBER (CRCL_TO, "crcl_to"),
  WORD (ADVICE, "advice", "contraindicated|avoid|reduce|caution"),
  NUMBER (MAX_DAILY, "max_daily"),
  OPTIONAL (UNIT, "unit"),
  TEXT (TEXT, "text"),
  SOURCE,
};
static const ClinicalColumnSpec pregnancy[] = {
  OPTIONAL (RXCUI, "rxcui"),           TEXT (NAME, "name"),     WORD (PREGNANCY, "pregnancy", HARM),
  WORD (LACTATION, "lactation", HARM), OPTIONAL (TEXT, "text"), SOURCE
};
static const ClinicalColumnSpec ages[] = {
  OPTIONAL (RXCUI, "rxcui"),
  TEXT (NAME, "name"),
  NUMBER (FROM, "from"),
  NUMBER (TO, "to"),
  WORD (SEVERITY, "severity", SEVERITY),
  TEXT (TEXT, "text"),
  SOURCE,
};
static const ClinicalColumnSpec conditions[] = {
  TEXT (CONDITION, "condition"),
  TEXT (SYSTEM, "system"),
  TEXT (CODE, "code"),
  TEXT (A, "a"),
  WORD (SEVERITY, "severity", SEVERITY),
  TEXT (TEXT, "text"),
  SOURCE,
};
static const ClinicalColumnSpec never_events[] = { TEXT (ID, "id"), TEXT (RULE, "rule"),
                                                   TEXT (A, "a"), TEXT (TEXT, "text"), SOURCE };
static const ClinicalColumnSpec allergy_classes[] = {
  TEXT (GROUP, "group"),
  OPTIONAL (LABEL, "label"),
  WORD (SEVERITY, "severity", SEVERITY),
  WORD (KIND, "kind", "ingredient|term|code|crosses"),
  OPTIONAL (SYSTEM, "system"),
  TEXT (VALUE, "value"),
  OPTIONAL (NAME, "name"),
  SOURCE,
};

static const ClinicalColumnSpec controlled[] = { OPTIONAL (RXCUI, "rxcui"), TEXT (NAME, "name"),
                                                 TEXT (SCHEDULE, "schedule"), SOURCE };

static const struct
{
  const char *name;
  const ClinicalColumnSpec *columns;
} tables[CLINICAL_N_TABLES] = {
  [CLINICAL_TABLE_INTERACTION_CLASSES] = { "interaction-classes", interaction_classes },
  [CLINICAL_TABLE_INTERACTIONS] = { "interactions", interactions },
  [CLINICAL_TABLE_DUPLICATE_CLASSES] = { "duplicate-classes", duplicate_classes },
  [CLINICAL_TABLE_DOSE_LIMITS] = { "dose-limits", dose_limits },
  [CLINICAL_TABLE_RENAL] = { "renal", renal },
  [CLINICAL_TABLE_PREGNANCY] = { "pregnancy", pregnancy },
  [CLINICAL_TABLE_AGES] = { "ages", ages },
  [CLINICAL_TABLE_CONDITIONS] = { "conditions", conditions },
  [CLINICAL_TABLE_NEVER_EVENTS] = { "never-events", never_events },
  [CLINICAL_TABLE_ALLERGY_CLASSES] = { "allergy-classes", allergy_classes },
  [CLINICAL_TABLE_CONTROLLED] = { "controlled", controlled },
};

const char *
clinical_table_get_name (ClinicalTable table)
{
  return tables[table].name;
}

/* @name: of a file ("dose-limits") or of an SQL table ("dose_limits") */
gboolean
clinical_table_find (const char *name, ClinicalTable *out)
{
  g_autofree char *dashed = g_strdelimit (g_strdup (name), "_", '-');

  for (guint i = 0; i < CLINICAL_N_TABLES; i++)
    if (g_str_equal (tables[i].name, dashed))
      {
        *out = (ClinicalTable) i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
is_one_of (const char *value, const char *words)
{
  g_auto (GStrv) all = g_strsplit (words, "|", -1);

  return g_strv_contains ((const char *const *) all, value);
}

static gboolean
read_number (const char *value, double *number)
{
  char *end = NULL;

  if (*value == '\0')
    return TRUE;
  *number = g_ascii_strtod (value, &end);
  return end != value && *end == '\0' && isfinite (*number) && *number >= 0;
}

/* The row's key, for the error: its id, its class and name, or its name. */
static char *
dup_key (const char *const *columns, const char *const *values)
{
  static const char *const keys[] = { "id", "class", "condition", "group", "name", NULL };
  g_autoptr (GString) key = g_string_new (NULL);

  for (guint i = 0; columns[i] && values[i]; i++)
    if (g_strv_contains (keys, columns[i]) && *values[i])
      g_string_append_printf (key, "%s%.80s", key->len > 0 ? ", " : "", values[i]);
  return g_string_free_and_steal (g_steal_pointer (&key));
}

static gboolean
fail (ClinicalTable table,
      const char *const *columns,
      const char *const *values,
      const char *column,
      const char *what,
      GError **error)
{
  g_autofree char *key = dup_key (columns, values);

  g_set_error (error, CLINICAL_ERROR, CLINICAL_ERROR_CONTENT,
               "The table %s cannot be read: in the row of \"%s\" the column %s %s.",
               tables[table].name, *key ? key : "no name", column, what);
  return FALSE;
}

static const char *
find_value (const char *const *columns, const char *const *values, const char *name)
{
  for (guint i = 0; columns[i] && values[i]; i++)
    if (g_str_equal (columns[i], name))
      return values[i];
  return NULL;
}

static const char *
fault_of (const ClinicalColumnSpec *spec, const char *value, double *number)
{
  FhirUcum unit;

  switch (spec->cell)
    {
    case CLINICAL_CELL_TEXT:
      return *value ? NULL : "is empty";
    case CLINICAL_CELL_NUMBER:
      return read_number (value, number) ? NULL : "is no number";
    case CLINICAL_CELL_WORD:
      return is_one_of (value, spec->words) ? NULL : "holds a word that it does not know";
    case CLINICAL_CELL_UNIT:
      return fhir_ucum_parse (value, &unit) ? NULL : "is no unit of UCUM";
    case CLINICAL_CELL_OPTIONAL:
    case CLINICAL_CELL_ABSENT:
      break;
    }
  return NULL;
}

/**
 * clinical_row_new:
 * @columns, @values: parallel, each ends with NULL; columns that are not known are left out
 *
 * Returns: (transfer full) (nullable): NULL with CLINICAL_ERROR_CONTENT that names table, row and
 *   column
 */
ClinicalRow *
clinical_row_new (ClinicalTable table,
                  const char *const *columns,
                  const char *const *values,
                  GError **error)
{
  g_autofree ClinicalRow *row = g_new0 (ClinicalRow, 1);

  row->table = table;
  for (guint i = 0; i < CLINICAL_N_COLUMNS; i++)
    row->numbers[i] = NAN;
  for (const ClinicalColumnSpec *spec = tables[table].columns; spec->name; spec++)
    {
      const char *value = find_value (columns, values, spec->name);
      const char *fault;

      if (!value && spec->cell == CLINICAL_CELL_ABSENT)
        continue;
      fault = !value ? "is missing"
              : !g_utf8_validate (value, -1, NULL)
                  ? "is not UTF-8"
                  : fault_of (spec, value, &row->numbers[spec->column]);
      if (fault)
        {
          fail (table, columns, values, spec->name, fault, error);
          return NULL;
        }
      row->texts[spec->column] = *value ? g_intern_string (value) : NULL;
    }
  return g_steal_pointer (&row);
}

/* Nobody had a page open when it was written: what rests on it says so. */
gboolean
clinical_row_is_unverified (const ClinicalRow *row)
{
  const char *source = row->texts[CLINICAL_COLUMN_SOURCE];

  return !source || g_str_equal (source, "unverified");
}
