/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-range.h"

/* What dates and numbers with their prefixes ask of columns,
 * http://hl7.org/fhir/R4/search.html#prefix. */

#define DAY_US (24 * 3600 * (gint64) G_USEC_PER_SEC)

/*
 * store_range_widen:
 * @value: with the prefix “ap”
 *
 * About a date is a tenth of the gap between it and today, as R4 recommends: of what is long ago
 * one is less sure. Today is a day and no moment, so that the pages of one search agree.
 */
void
store_range_widen (FhirQueryValue *value, BaseClock *clock)
{
  gint64 today = base_clock_now (clock) / DAY_US * DAY_US;
  gint64 gap = today - (value->low + (value->high - value->low) / 2);

  value->low -= ABS (gap) / 10;
  value->high += ABS (gap) / 10;
}

static gboolean
range_where (FhirPrefix prefix, const char **where, gboolean *low, gboolean *high)
{
  static const struct
  {
    FhirPrefix prefix;
    const char *where;
    gboolean low, high;
  } table[] = {
    /* The two bounds on low let the index be walked from and to them. */
    { FHIR_PREFIX_EQ, "low >= ? AND high <= ?", TRUE, TRUE },
    { FHIR_PREFIX_NE, "(low < ? OR high > ?)", TRUE, TRUE },
    { FHIR_PREFIX_GT, "high > ?", FALSE, TRUE },
    { FHIR_PREFIX_LT, "low < ?", TRUE, FALSE },
    { FHIR_PREFIX_GE, "(low >= ? OR high > ?)", TRUE, TRUE },
    { FHIR_PREFIX_LE, "(low < ? OR high <= ?)", TRUE, TRUE },
    { FHIR_PREFIX_SA, "low >= ?", FALSE, TRUE },
    { FHIR_PREFIX_EB, "high <= ?", TRUE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].prefix == prefix)
      {
        *where = table[i].where;
        *low = table[i].low;
        *high = table[i].high;
        return TRUE;
      }
  return FALSE;
}

/*
 * store_range_of_date:
 *
 * Returns: (transfer full) (nullable): what a date asks of the columns "low" and "high"
 */
StoreSql *
store_range_of_date (const FhirQueryValue *value)
{
  const char *where;
  gboolean low, high;
  StoreSql *sql;

  if (value->prefix == FHIR_PREFIX_AP)
    {
      /* The ranges overlap. */
      sql = store_sql_new ("low < ? AND high > ?");
      store_sql_bind_integer (sql, value->high);
      store_sql_bind_integer (sql, value->low);
      return sql;
    }
  if (!range_where (value->prefix, &where, &low, &high))
    return NULL;
  sql = store_sql_new (where);
  if (low)
    store_sql_bind_integer (sql, value->low);
  if (high)
    store_sql_bind_integer (sql, value->high);
  if (value->prefix == FHIR_PREFIX_EQ)
    {
      store_sql_add (sql, " AND low < ?");
      store_sql_bind_integer (sql, value->high);
    }
  return sql;
}

/* What a number asks of a column "value". */
void
store_range_add_number (StoreSql *where, const FhirQueryValue *value)
{
  double n = value->number, margin = value->margin;

  switch (value->prefix)
    {
    case FHIR_PREFIX_GT:
    case FHIR_PREFIX_SA:
      store_sql_add (where, " AND value > ?");
      store_sql_bind_double (where, n);
      return;
    case FHIR_PREFIX_GE:
      store_sql_add (where, " AND value >= ?");
      store_sql_bind_double (where, n);
      return;
    case FHIR_PREFIX_LT:
    case FHIR_PREFIX_EB:
      store_sql_add (where, " AND value < ?");
      store_sql_bind_double (where, n);
      return;
    case FHIR_PREFIX_LE:
      store_sql_add (where, " AND value <= ?");
      store_sql_bind_double (where, n);
      return;
    case FHIR_PREFIX_NE:
      store_sql_add (where, " AND (value < ? OR value >= ?)");
      break;
    case FHIR_PREFIX_AP:
      margin = MAX (margin, (n < 0 ? -n : n) / 10);
      store_sql_add (where, " AND value >= ? AND value < ?");
      break;
    case FHIR_PREFIX_EQ:
      store_sql_add (where, " AND value >= ? AND value < ?");
      break;
    }
  store_sql_bind_double (where, n - margin);
  store_sql_bind_double (where, n + margin);
}
