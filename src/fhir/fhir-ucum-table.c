/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-ucum-private.h"

#include <string.h>

/* The units of vital signs and common laboratory results, as https://ucum.org/ucum defines them
 * (source: unverified, written down from memory; the tests check them against one another), and the
 * molar masses by which a laboratory's mass and amount concentrations are converted. */

#define LENGTH(n)        [FHIR_UCUM_LENGTH] = n
#define MASS(n)          [FHIR_UCUM_MASS] = n
#define TIME(n)          [FHIR_UCUM_TIME] = n
#define TEMPERATURE(n)   [FHIR_UCUM_TEMPERATURE] = n
#define AMOUNT(n)        [FHIR_UCUM_AMOUNT] = n
#define EQUIVALENT(n)    [FHIR_UCUM_EQUIVALENT] = n
#define OSMOLE(n)        [FHIR_UCUM_OSMOLE] = n
#define INTERNATIONAL(n) [FHIR_UCUM_INTERNATIONAL_UNIT] = n
#define UNIT(symbol, metric, factor, ...)                                                          \
  {                                                                                                \
    symbol, metric,                                                                                \
    {                                                                                              \
      factor, 0,                                                                                   \
      {                                                                                            \
        __VA_ARGS__                                                                                \
      }                                                                                            \
    }                                                                                              \
  }

/* clang-format off */
static const FhirUcumAtom atoms[] = {
  UNIT ("m", TRUE, 1, LENGTH (1)),
  UNIT ("g", TRUE, 1, MASS (1)),
  UNIT ("s", TRUE, 1, TIME (1)),
  UNIT ("K", TRUE, 1, TEMPERATURE (1)),
  UNIT ("mol", TRUE, 1, AMOUNT (1)),
  UNIT ("eq", TRUE, 1, EQUIVALENT (1)),
  UNIT ("osm", TRUE, 1, OSMOLE (1)),
  UNIT ("[iU]", TRUE, 1, INTERNATIONAL (1)),
  UNIT ("[IU]", TRUE, 1, INTERNATIONAL (1)),
  UNIT ("%", FALSE, 0.01, 0),
  UNIT ("[ppth]", FALSE, 1e-3, 0),
  UNIT ("[ppm]", FALSE, 1e-6, 0),
  UNIT ("10*", FALSE, 10, 0),
  UNIT ("10^", FALSE, 10, 0),
  UNIT ("L", TRUE, 1e-3, LENGTH (3)),
  UNIT ("l", TRUE, 1e-3, LENGTH (3)),
  UNIT ("min", FALSE, 60, TIME (1)),
  UNIT ("h", FALSE, 3600, TIME (1)),
  UNIT ("d", FALSE, 86400, TIME (1)),
  UNIT ("wk", FALSE, 604800, TIME (1)),
  UNIT ("mo", FALSE, 2629800, TIME (1)),
  UNIT ("a", FALSE, 31557600, TIME (1)),
  UNIT ("Hz", TRUE, 1, TIME (-1)),
  UNIT ("N", TRUE, 1000, MASS (1), LENGTH (1), TIME (-2)),
  UNIT ("Pa", TRUE, 1000, MASS (1), LENGTH (-1), TIME (-2)),
  UNIT ("bar", TRUE, 1e8, MASS (1), LENGTH (-1), TIME (-2)),
  UNIT ("m[Hg]", TRUE, 133322000.0, MASS (1), LENGTH (-1), TIME (-2)),
  UNIT ("m[H2O]", TRUE, 9806650.0, MASS (1), LENGTH (-1), TIME (-2)),
  UNIT ("J", TRUE, 1000, MASS (1), LENGTH (2), TIME (-2)),
  UNIT ("W", TRUE, 1000, MASS (1), LENGTH (2), TIME (-3)),
  UNIT ("cal", TRUE, 4184, MASS (1), LENGTH (2), TIME (-2)),
  UNIT ("[Cal]", FALSE, 4184000, MASS (1), LENGTH (2), TIME (-2)),
  UNIT ("kat", TRUE, 1, AMOUNT (1), TIME (-1)),
  UNIT ("U", TRUE, 1e-6 / 60, AMOUNT (1), TIME (-1)),
  UNIT ("[in_i]", FALSE, 0.0254, LENGTH (1)),
  UNIT ("[ft_i]", FALSE, 0.3048, LENGTH (1)),
  UNIT ("[yd_i]", FALSE, 0.9144, LENGTH (1)),
  UNIT ("[lb_av]", FALSE, 453.59237, MASS (1)),
  UNIT ("[oz_av]", FALSE, 28.349523125, MASS (1)),
  UNIT ("[stone_av]", FALSE, 6350.29318, MASS (1)),
  UNIT ("t", TRUE, 1e6, MASS (1)),
  { "Cel", FALSE, { 1, 273.15, { TEMPERATURE (1) } } },
  { "[degF]", FALSE, { 5.0 / 9.0, 459.67, { TEMPERATURE (1) } } },
};

static const struct
{
  const char *symbol;
  double factor;
} prefixes[] = {
  { "da", 1e1 }, { "Y", 1e24 }, { "Z", 1e21 }, { "E", 1e18 }, { "P", 1e15 }, { "T", 1e12 },
  { "G", 1e9 }, { "M", 1e6 }, { "k", 1e3 }, { "h", 1e2 }, { "d", 1e-1 }, { "c", 1e-2 },
  { "m", 1e-3 }, { "u", 1e-6 }, { "n", 1e-9 }, { "p", 1e-12 }, { "f", 1e-15 }, { "a", 1e-18 },
};

#define QUICK "https://quickmedcalc.com/calculators/unit-converter"
#define TOODUM "https://www.toodum.com/health/mmol-l-to-mg-dl"
#define CLEVER "https://clevercalculator.com/health/mmol-l-to-mg-dl"
#define UNVERIFIED "source: unverified"

/* A factor between mass and amount belongs to a substance, never to a unit: by LOINC code only. The
 * source is where the mass or its factor was read, for codes whose meaning is seen in records that
 * others wrote; a code or a mass that nobody looked up says that it is unverified. */
static const struct
{
  const char *loinc;
  double molar_mass; /* g/mol */
  const char *source;
} substances[] = {
  /* glucose */
  { "2339-0", 180.156, TOODUM },
  { "2345-7", 180.156, TOODUM },
  { "1558-6", 180.156, UNVERIFIED },
  { "14749-6", 180.156, UNVERIFIED },
  { "15074-8", 180.156, UNVERIFIED },
  /* creatinine: 88.4 µmol/L are 1 mg/dL */
  { "38483-4", 113.120, QUICK },
  { "2160-0", 113.120, QUICK },
  { "14682-9", 113.120, UNVERIFIED },
  /* cholesterol: total, HDL, LDL */
  { "2093-3", 386.654, TOODUM },
  { "2085-9", 386.654, TOODUM },
  { "18262-6", 386.654, TOODUM },
  { "13457-7", 386.654, UNVERIFIED },
  { "2089-1", 386.654, UNVERIFIED },
  { "14647-2", 386.654, UNVERIFIED },
  { "14646-4", 386.654, UNVERIFIED },
  { "22748-8", 386.654, UNVERIFIED },
  /* triglycerides: a convention, 88.57 mg/dL are 1 mmol/L */
  { "2571-8", 885.7, CLEVER },
  { "14927-8", 885.7, UNVERIFIED },
  /* urea nitrogen: two nitrogens of each urea */
  { "6299-2", 28.014, QUICK },
  { "3094-0", 28.014, QUICK },
  /* calcium, magnesium, phosphorus */
  { "49765-1", 40.078, QUICK },
  { "17861-6", 40.078, UNVERIFIED },
  { "2000-8", 40.078, UNVERIFIED },
  { "19123-9", 24.305, UNVERIFIED },
  { "2777-1", 30.974, UNVERIFIED },
  /* bilirubin, uric acid */
  { "1975-2", 584.673, QUICK },
  { "14631-6", 584.673, UNVERIFIED },
  { "3084-1", 168.112, UNVERIFIED },
  { "14933-6", 168.112, UNVERIFIED },
};
/* clang-format on */

static const FhirUcumAtom *
find_exact (const char *symbol, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (atoms); i++)
    if (strlen (atoms[i].symbol) == length && memcmp (atoms[i].symbol, symbol, length) == 0)
      return &atoms[i];
  return NULL;
}

/* "mmol" is m and mol, but "min" is no milli-inch: the whole symbol is looked up first. */
gboolean
fhir_ucum_find_atom (const char *symbol, gsize length, FhirUcum *out)
{
  const FhirUcumAtom *atom = find_exact (symbol, length);

  if (atom != NULL)
    {
      *out = atom->value;
      return TRUE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      gsize prefix = strlen (prefixes[i].symbol);

      if (length <= prefix || memcmp (prefixes[i].symbol, symbol, prefix) != 0)
        continue;
      atom = find_exact (symbol + prefix, length - prefix);
      if (atom == NULL || !atom->metric)
        continue;
      *out = atom->value;
      out->factor *= prefixes[i].factor;
      return TRUE;
    }
  return FALSE;
}

/**
 * fhir_ucum_get_molar_mass:
 * @loinc: (nullable): what was measured
 * @source: (out) (optional): where the mass was read, or "source: unverified"
 *
 * Returns: g/mol; 0 where it is not known
 */
double
fhir_ucum_get_molar_mass (const char *loinc, const char **source)
{
  for (gsize i = 0; i < G_N_ELEMENTS (substances) && loinc != NULL; i++)
    if (strcmp (substances[i].loinc, loinc) == 0)
      {
        if (source != NULL)
          *source = substances[i].source;
        return substances[i].molar_mass;
      }
  return 0;
}
