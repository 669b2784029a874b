/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-measured.h"

#include <glib/gi18n.h>
#include <string.h>

#include "fhir-decimal.h"
#include "fhir-quantity.h"

/* What a patient measured at home and typed, as it travels from the page: "blood-pressure=128/82
 * mm[Hg];temperature=37.5 Cel". Page, hub and workstation read it by these rules, and what breaks
 * one of them goes no further: nothing is rounded, converted or guessed. */

/* What can be typed at all, so that a slip of the finger or another unit is seen at once. No bound
 * between ill and well, and not from a published table (source: unverified). The page has the same
 * ones: data/patient/measure.js. */
typedef struct
{
  const char *ucum;
  double low, high;
  guint decimals;
} Unit;

static const struct
{
  const char *name, *label;
  Unit units[2];
} kinds_table[CARE_N_MEASURED] = {
  [CARE_MEASURED_BLOOD_PRESSURE] = { "blood-pressure",
                                     N_ ("Blood pressure"),
                                     { { "mm[Hg]", 20, 300, 0 } } },
  [CARE_MEASURED_PULSE] = { "pulse", N_ ("Pulse"), { { "/min", 20, 300, 0 } } },
  [CARE_MEASURED_TEMPERATURE] = { "temperature",
                                  N_ ("Temperature"),
                                  { { "Cel", 30, 45, 1 }, { "[degF]", 86, 113, 1 } } },
  [CARE_MEASURED_WEIGHT] = { "weight",
                             N_ ("Weight"),
                             { { "kg", 1, 500, 1 }, { "[lb_av]", 2, 1100, 1 } } },
  [CARE_MEASURED_SATURATION] = { "saturation", N_ ("Oxygen saturation"), { { "%", 40, 100, 0 } } },
  [CARE_MEASURED_GLUCOSE] = { "glucose",
                              N_ ("Blood glucose"),
                              { { "mg/dL", 10, 1000, 0 }, { "mmol/L", 0.5, 55, 1 } } },
};

#define MAX_DIGITS 4

G_DEFINE_QUARK (care - measured - error - quark, care_measured_error)

const char *
care_measured_kind_name (CareMeasuredKind kind)
{
  return kinds_table[kind].name;
}

/**
 * care_measured_kind_label:
 *
 * Returns: what it is in words, translated
 */
const char *
care_measured_kind_label (CareMeasuredKind kind)
{
  return _ (kinds_table[kind].label);
}

static gboolean
refuse (GError **error, CareMeasuredError code, const char *sentence)
{
  g_set_error_literal (error, CARE_MEASURED_ERROR, code, sentence);
  return FALSE;
}

static gboolean
find_kind (const char *name, CareMeasuredKind *kind)
{
  for (guint i = 0; i < CARE_N_MEASURED; i++)
    if (g_strcmp0 (name, kinds_table[i].name) == 0)
      {
        *kind = i;
        return TRUE;
      }
  return FALSE;
}

/**
 * care_measured_parse_kinds:
 * @text: names with a space between two; "" is none
 * @kinds: (out): bits 1 << CareMeasuredKind
 */
gboolean
care_measured_parse_kinds (const char *text, guint *kinds, GError **error)
{
  g_auto (GStrv) names = g_strsplit (text, " ", CARE_N_MEASURED + 1);

  *kinds = 0;
  for (char **name = names; *name != NULL; name++)
    {
      CareMeasuredKind kind;

      if (!find_kind (*name, &kind) || (*kinds & (1u << kind)))
        return refuse (error, CARE_MEASURED_ERROR_SYNTAX, "That is nothing to be measured");
      *kinds |= 1u << kind;
    }
  return TRUE;
}

/**
 * care_measured_dup_kinds:
 *
 * Returns: (transfer full): what care_measured_parse_kinds () reads
 */
char *
care_measured_dup_kinds (guint kinds)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < CARE_N_MEASURED; i++)
    if (kinds & (1u << i))
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", kinds_table[i].name);
  return g_string_free_and_steal (g_steal_pointer (&text));
}

void
care_measured_free (CareMeasured *self)
{
  g_free (self->value);
  g_free (self->second);
  g_free (self);
}

/* ---- one value ---- */

/* Digits, and a point with its decimals where the unit has any: no sign, no space, no exponent, no
 * zero before another digit. */
static gboolean
is_decimal (const char *text, guint decimals)
{
  gsize whole = strspn (text, "0123456789");
  gsize part = 0;

  if (whole == 0 || whole > MAX_DIGITS || (whole > 1 && text[0] == '0'))
    return FALSE;
  if (text[whole] == '.')
    {
      part = strspn (text + whole + 1, "0123456789");
      if (part == 0 || part > decimals)
        return FALSE;
      whole += 1 + part;
    }
  return text[whole] == '\0';
}

static gboolean
check_number (const char *text, const Unit *unit, GError **error)
{
  double number;

  if (!is_decimal (text, unit->decimals))
    return refuse (error, CARE_MEASURED_ERROR_SYNTAX, "A measurement is not a plain number");
  number = g_ascii_strtod (text, NULL);
  if (number < unit->low || number > unit->high)
    return refuse (error, CARE_MEASURED_ERROR_RANGE,
                   "A measurement is not one that can be in this unit");
  return TRUE;
}

static const Unit *
find_unit (CareMeasuredKind kind, const char *ucum)
{
  const Unit *units = kinds_table[kind].units;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds_table[kind].units); i++)
    if (units[i].ucum != NULL && g_strcmp0 (units[i].ucum, ucum) == 0)
      return &units[i];
  return NULL;
}

/* Both at once: the lower one below the upper one. */
static gboolean
split_pressure (CareMeasured *self, const Unit *unit, GError **error)
{
  char *slash = strchr (self->value, '/');

  if (slash == NULL)
    return refuse (error, CARE_MEASURED_ERROR_SYNTAX, "A blood pressure has two numbers");
  self->second = g_strdup (slash + 1);
  *slash = '\0';
  if (!check_number (self->value, unit, error) || !check_number (self->second, unit, error))
    return FALSE;
  if (g_ascii_strtod (self->second, NULL) >= g_ascii_strtod (self->value, NULL))
    return refuse (error, CARE_MEASURED_ERROR_RANGE,
                   "The second number of a blood pressure is the lower one");
  return TRUE;
}

/* "temperature=37.5 Cel" */
static CareMeasured *
parse_one (const char *item, GError **error)
{
  g_autoptr (CareMeasured) self = g_new0 (CareMeasured, 1);
  const char *equals = strchr (item, '=');
  const char *space = equals != NULL ? strchr (equals, ' ') : NULL;
  g_autofree char *name = equals != NULL ? g_strndup (item, (gsize) (equals - item)) : NULL;
  const Unit *unit;

  if (space == NULL || !find_kind (name, &self->kind) ||
      (unit = find_unit (self->kind, space + 1)) == NULL)
    {
      refuse (error, CARE_MEASURED_ERROR_SYNTAX, "A measurement has no known name or unit");
      return NULL;
    }
  self->value = g_strndup (equals + 1, (gsize) (space - equals - 1));
  self->ucum = unit->ucum;
  if (self->kind == CARE_MEASURED_BLOOD_PRESSURE ? !split_pressure (self, unit, error)
                                                 : !check_number (self->value, unit, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * care_measured_parse:
 * @error: CARE_MEASURED_ERROR; never repeats what @text said
 *
 * Returns: (transfer full) (nullable) (element-type CareMeasured): at least one, each kind once
 */
GPtrArray *
care_measured_parse (const char *text, GError **error)
{
  g_autoptr (GPtrArray) found =
      g_ptr_array_new_with_free_func ((GDestroyNotify) care_measured_free);
  g_auto (GStrv) items = g_strsplit (text, ";", CARE_N_MEASURED + 1);
  guint seen = 0;

  for (char **item = items; *item != NULL; item++)
    {
      CareMeasured *one = parse_one (*item, error);

      if (one == NULL)
        return NULL;
      g_ptr_array_add (found, one);
      if (seen & (1u << one->kind))
        {
          refuse (error, CARE_MEASURED_ERROR_SYNTAX, "A measurement comes twice");
          return NULL;
        }
      seen |= 1u << one->kind;
    }
  if (found->len == 0)
    {
      refuse (error, CARE_MEASURED_ERROR_SYNTAX, "Nothing was measured");
      return NULL;
    }
  return g_steal_pointer (&found);
}

/**
 * care_measured_dup_value:
 *
 * Returns: (transfer full): number and unit for a reader, "128/82 mmHg", with the reader's mark
 */
char *
care_measured_dup_value (const CareMeasured *self)
{
  const char *unit = fhir_quantity_get_spoken_unit (self->ucum);
  g_autofree char *value = fhir_decimal_format (self->value, fhir_decimal_get_mark ());

  if (self->second != NULL)
    return g_strdup_printf ("%s/%s %s", value, self->second, unit);
  return g_strdup_printf ("%s %s", value, unit);
}
