/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-generate-private.h"

#include <math.h>
#include <string.h>

/* Chance, and who a made-up patient is: name, age, home, weight, height, allergies, vaccines. */

void
hub_chance_begin (HubChance *self, const char *seed, guint number)
{
  g_autofree char *text = g_strdup_printf ("%s/%u", seed, number);
  guint64 hash = 14695981039346656037u; /* FNV-1a */

  for (const char *p = text; *p != '\0'; p++)
    hash = (hash ^ (guint8) *p) * 1099511628211u;
  self->state = hash;
}

/* SplitMix64, which is public domain: prng.di.unimi.it. */
double
hub_chance_next (HubChance *self)
{
  guint64 z = self->state += 0x9e3779b97f4a7c15u;

  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return (double) ((z ^ (z >> 31)) >> 11) / (double) (G_GUINT64_CONSTANT (1) << 53);
}

int
hub_chance_between (HubChance *self, int low, int high)
{
  return low + (int) (hub_chance_next (self) * (high - low + 1));
}

/* More often near the middle than at the ends, which are three spreads away at most. */
double
hub_chance_around (HubChance *self, double middle, double spread)
{
  double sum = hub_chance_next (self) + hub_chance_next (self) + hub_chance_next (self) - 1.5;

  return middle + 2 * spread * sum;
}

const char *
hub_chance_pick (HubChance *self, char **items)
{
  return items[hub_chance_between (self, 0, (int) g_strv_length (items) - 1)];
}

/* ---- names ---------------------------------------------------------------------------------- */

static char *
pick_language (GKeyFile *names, HubChance *chance)
{
  g_auto (GStrv) groups = g_key_file_get_groups (names, NULL);
  double at = hub_chance_next (chance) * 100;

  for (char **group = groups; *group != NULL; group++)
    {
      if (!g_str_has_prefix (*group, "language "))
        continue;
      at -= g_key_file_get_integer (names, *group, "weight", NULL);
      if (at < 0)
        return g_strdup (*group + strlen ("language "));
    }
  return g_strdup ("en");
}

/* "Latin/own" or "Latin". */
static void
pick_name (GKeyFile *names,
           HubChance *chance,
           const char *group,
           const char *key,
           char **latin,
           char **own)
{
  g_auto (GStrv) list = g_key_file_get_string_list (names, group, key, NULL, NULL);
  const char *name = hub_chance_pick (chance, list);
  const char *stroke = strchr (name, '/');

  *latin = stroke != NULL ? g_strndup (name, (gsize) (stroke - name)) : g_strdup (name);
  *own = stroke != NULL ? g_strdup (stroke + 1) : NULL;
}

/* Children and the old come to a clinic more often than their share. */
static int
pick_age_days (HubChance *chance)
{
  double part = hub_chance_next (chance);
  int years = part < 0.16   ? hub_chance_between (chance, 0, 15)
              : part < 0.60 ? hub_chance_between (chance, 16, 59)
              : part < 0.93 ? hub_chance_between (chance, 60, 84)
                            : hub_chance_between (chance, 85, 96);

  return (int) (years * HUB_GENERATE_YEAR) + hub_chance_between (chance, 12, 360);
}

void
hub_person_make (HubPerson *self, GKeyFile *names, HubChance *chance, guint number)
{
  g_autofree char *group = NULL;

  self->number = number;
  self->female = hub_chance_next (chance) < 0.53;
  self->age_days = pick_age_days (chance);
  self->weight_factor = hub_chance_around (chance, 1.02, 0.04);
  self->height_factor = hub_chance_around (chance, 1.0, 0.01);
  self->language = pick_language (names, chance);
  group = g_strconcat ("language ", self->language, NULL);
  pick_name (names, chance, group, "family", &self->family, &self->own_family);
  pick_name (names, chance, group, self->female ? "female" : "male", &self->given,
             &self->own_given);
}

void
hub_person_clear (HubPerson *self)
{
  g_free (self->language);
  g_free (self->family);
  g_free (self->given);
  g_free (self->own_family);
  g_free (self->own_given);
}

static void
write_next_of_kin (const HubPerson *self, GKeyFile *names, HubChance *chance, GString *out)
{
  g_autofree char *group = g_strconcat ("language ", self->language, NULL);
  g_autofree char *given = NULL, *own = NULL;
  gboolean female = hub_chance_next (chance) < 0.5;
  gboolean child = self->age_days < 18 * HUB_GENERATE_YEAR;
  gboolean old = self->age_days > 68 * HUB_GENERATE_YEAR;
  const char *who = child ? (female ? "Mother" : "Father")
                    : old ? (female ? "Daughter" : "Son")
                          : "Partner";

  pick_name (names, chance, group, female ? "female" : "male", &given, &own);
  g_string_append_printf (out, "contact=%s;%s;%s;+44 1632 960 %03d\n", who, self->family, given,
                          hub_chance_between (chance, 0, 999));
}

/* The lines of clinic.ini that say who it is. Numbers are of Ofcom's range for drama. */
void
hub_person_write (const HubPerson *self, GKeyFile *names, HubChance *chance, GString *out)
{
  g_auto (GStrv) streets = g_key_file_get_string_list (names, "places", "streets", NULL, NULL);
  g_auto (GStrv) codes = g_key_file_get_string_list (names, "places", "codes", NULL, NULL);
  const char *street = hub_chance_pick (chance, streets), *code = hub_chance_pick (chance, codes);
  int years = (int) (self->age_days / HUB_GENERATE_YEAR);

  if (self->own_family != NULL && self->own_given != NULL)
    g_string_append_printf (out, "name=%s;%s\nname-latin=%s;%s\n", self->own_family,
                            self->own_given, self->family, self->given);
  else
    g_string_append_printf (out, "name=%s;%s\n", self->family, self->given);
  g_string_append_printf (out, "gender=%s\nage=%dy %dd\n", self->female ? "female" : "male", years,
                          self->age_days - (int) (years * HUB_GENERATE_YEAR));
  g_string_append_printf (out, "identifier=%010u\nphone=+44 1632 960 %03d\n",
                          1000000007u + self->number * 13u, hub_chance_between (chance, 0, 999));
  g_string_append_printf (out, "address=%d %s;Westhaven;%s\nlanguage=%s\n",
                          hub_chance_between (chance, 1, 140), street, code, self->language);
  if (hub_chance_next (chance) < 0.45)
    g_string_append (out, "doctor=doctor2\n");
  write_next_of_kin (self, names, chance, out);
}

/* ---- growth --------------------------------------------------------------------------------- */

double
hub_person_age_at (const HubPerson *self, int day)
{
  return (self->age_days + day) / HUB_GENERATE_YEAR;
}

/* Middle weights and heights by age, of both sexes up to twelve. Made up to look right. */
static const double growth[][3] = {
  { 0, 3.4, 50 },   { 0.5, 7.5, 66 }, { 1, 9.5, 75 },  { 2, 12.2, 87 }, { 3, 14.3, 95 },
  { 5, 18.4, 109 }, { 8, 26, 128 },   { 12, 41, 150 }, { 15, 54, 164 }, { 18, 62, 169 },
};

static double
middle_at (double age, int column)
{
  gsize i = 1;

  if (age >= growth[G_N_ELEMENTS (growth) - 1][0])
    return growth[G_N_ELEMENTS (growth) - 1][column];
  while (age > growth[i][0])
    i++;
  return growth[i - 1][column] + (growth[i][column] - growth[i - 1][column]) *
                                     (age - growth[i - 1][0]) / (growth[i][0] - growth[i - 1][0]);
}

/* From twelve on the sexes part; @most is what a grown man is above the middle. */
static double
sex_factor (const HubPerson *self, double age, double most)
{
  double part = CLAMP ((age - 12) / 6, 0, 1) * most;

  return self->female ? 1 - part : 1 + part;
}

double
hub_person_weight_at (const HubPerson *self, int day)
{
  double age = hub_person_age_at (self, day);
  double grown = age < 18 ? 0 : MIN (age - 18, 45) * 0.0042; /* a little every year */

  return middle_at (age, 1) * self->weight_factor * sex_factor (self, age, 0.09) * (1 + grown);
}

double
hub_person_height_at (const HubPerson *self, int day)
{
  double age = hub_person_age_at (self, day);

  return middle_at (age, 2) * self->height_factor * sex_factor (self, age, 0.035);
}

/* ---- allergies ------------------------------------------------------------------------------ */

/* None of them is given by a block. */
void
hub_person_write_allergies (const HubPerson *self, HubChance *chance, GString *out)
{
  static const char *const known[] = {
    "rxnorm|70618|Penicillin|high|Hives|%d",
    "snomed|111088007|Latex|low|Contact rash|%d",
    "rxnorm|10831|Sulfamethoxazole / trimethoprim|low|Rash|%d",
    "snomed|300913006|Shellfish|low|Hives|%d",
    "snomed|762952008|Peanut|high|Swollen lips|%d",
    "snomed|264287008|Animal dander|low|Sneezing, itching eyes|%d",
    "snomed|102263004|Eggs (edible)|low|Hives|%d",
  };
  int ago = hub_chance_between (chance, 400, 5000);
  int day = -MIN (ago, self->age_days - 2);
  const char *format = "none||||No known allergies|%d";

  if (hub_chance_next (chance) < 0.34)
    format = known[hub_chance_between (chance, 0, G_N_ELEMENTS (known) - 1)];
  g_string_append (out, "allergy1=");
  g_string_append_printf (out, format, day);
  g_string_append_c (out, '\n');
}

/* ---- vaccines ------------------------------------------------------------------------------- */

/* A dose at an age in days, where that age is reached and the record reaches back. */
static void
add_dose (const HubPerson *self, GString *days, int age)
{
  int day = age - self->age_days;

  if (day >= -1 || day < -5800)
    return;
  g_string_append_printf (days, "%s%d", days->len > 0 ? " " : "", day);
}

void
hub_person_write_vaccines (const HubPerson *self, HubChance *chance, GString *out)
{
  static const struct
  {
    const char *line;
    int ages[5]; /* days; 0 ends */
  } schedule[] = {
    { "08|Hep B, adolescent or pediatric", { 1, 32, 185 } },
    { "20|DTaP", { 62, 123, 184, 500, 1600 } },
    { "10|IPV", { 62, 123, 500, 1600 } },
    { "133|Pneumococcal conjugate PCV 13", { 62, 123, 390 } },
    { "119|Rotavirus, monovalent", { 62, 123 } },
    { "03|MMR", { 380, 1600 } },
    { "21|Varicella", { 395, 1620 } },
    { "115|Tdap", { 4160 } },
    { "114|Meningococcal MCV4P", { 4165 } },
    { "62|HPV, quadrivalent", { 4160, 4360 } },
    { "121|Zoster", { 22300 } },
    { "33|Pneumococcal polysaccharide, 23 valent", { 24000 } },
  };
  guint number = 0;
  int years = MIN (5, self->age_days / 365);

  for (gsize i = 0; i < G_N_ELEMENTS (schedule); i++)
    {
      g_autoptr (GString) days = g_string_new (NULL);

      for (guint dose = 0; dose < 5 && schedule[i].ages[dose] > 0; dose++)
        add_dose (self, days, schedule[i].ages[dose] + hub_chance_between (chance, 0, 9));
      if (days->len > 0)
        g_string_append_printf (out, "vaccine%u=%s|%s\n", ++number, schedule[i].line, days->str);
    }
  if (years > 0)
    {
      g_autoptr (GString) days = g_string_new (NULL);

      for (int year = years; year > 0; year--)
        {
          int age = self->age_days - year * 365 + hub_chance_between (chance, 60, 160);

          if (age > 190)
            add_dose (self, days, age);
        }
      if (days->len == 0)
        return;
      g_string_append_printf (
          out, "vaccine%u=140|Influenza, seasonal, injectable, preservative free|%s\n", ++number,
          days->str);
    }
}
