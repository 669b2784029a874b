/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-generate-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A made-up patient's history out of building blocks: which illnesses at which age, what was given,
 * how the readings bend from then on, and what the notes say. It is written as lines of clinic.ini,
 * so that one code alone turns it into resources. */

#define MAX_BLOCKS 4
#define SETTLE     45.0  /* days in which a treatment does most of its work */
#define GROWS      540.0 /* days in which an illness becomes what is treated */

typedef struct
{
  const char *name;
  char **problem;
  int start; /* day of the first medicine */
} Block;

/* What a series does in this patient. */
typedef struct
{
  const char *name;
  char **line, **value;
  double usual, untreated, treated;
  int start; /* of the treatment; G_MAXINT for none */
} Series;

typedef struct
{
  GKeyFile *file;
  const HubPerson *person;
  HubChance *chance;
  GString *out;
  Block blocks[MAX_BLOCKS];
  guint n_blocks, n_medicines;
  int days[HUB_GENERATE_MAX_VISITS]; /* of visits, the oldest first */
  guint n_days;
  Series series[24];
  guint n_series;
  double filtration; /* eGFR today */
  double better;     /* by which share it was better ten years ago */
} Chart;

/* ---- the files ------------------------------------------------------------------------------ */

static char **
fields_of (Chart *chart, const char *group, const char *key, guint least)
{
  g_autofree char *value = g_key_file_get_value (chart->file, group, key, NULL);
  g_autoptr (GStrvBuilder) padded = g_strv_builder_new ();
  g_auto (GStrv) fields = value != NULL ? g_strsplit (value, "|", -1) : NULL;

  if (fields == NULL)
    return NULL;
  g_strv_builder_addv (padded, (const char **) fields);
  for (guint i = g_strv_length (fields); i < least; i++)
    g_strv_builder_add (padded, "");
  return g_strv_builder_end (padded);
}

static char *
block_group (const char *name)
{
  return g_strconcat ("block ", name, NULL);
}

static void
chart_clear (Chart *chart)
{
  for (guint i = 0; i < chart->n_blocks; i++)
    g_strfreev (chart->blocks[i].problem);
  for (guint i = 0; i < chart->n_series; i++)
    {
      g_strfreev (chart->series[i].line);
      g_strfreev (chart->series[i].value);
    }
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Chart, chart_clear)

/* ---- visits --------------------------------------------------------------------------------- */

static int
compare_days (gconstpointer a, gconstpointer b)
{
  return *(const int *) a - *(const int *) b;
}

/* Spread over the last years, never two on a day. */
static void
plan_visits (Chart *chart, guint count)
{
  int first = -MIN (3600, chart->person->age_days - 6);
  int length = -first - 3;

  count = MIN (count, (guint) MAX (1, length / 12));
  chart->n_days = MIN (count, HUB_GENERATE_MAX_VISITS);
  for (guint i = 0; i < chart->n_days; i++)
    {
      int step = length / (int) chart->n_days;

      chart->days[i] =
          first + (int) i * step + hub_chance_between (chart->chance, 0, MAX (0, step - 2));
    }
  qsort (chart->days, chart->n_days, sizeof chart->days[0], compare_days);
}

/* ---- illnesses ------------------------------------------------------------------------------ */

static gboolean
goes_with_others (Chart *chart, const char *group)
{
  g_autofree char *not = g_key_file_get_value (chart->file, group, "not", NULL);
  g_auto (GStrv) names = g_strsplit (not!= NULL ? not : "", " ", -1);

  for (guint i = 0; i < chart->n_blocks; i++)
    if (g_strv_contains ((const char *const *) names, chart->blocks[i].name))
      return FALSE;
  return TRUE;
}

static gboolean
fits_age (Chart *chart, const char *group, int day)
{
  g_autofree char *ages = g_key_file_get_value (chart->file, group, "ages", NULL);
  double age = hub_person_age_at (chart->person, day - 60);

  return age >= atoi (ages) && age <= atoi (strchr (ages, ' ') + 1) + 1;
}

static void
add_block (Chart *chart, const char *name, int start)
{
  g_autofree char *group = block_group (name);
  Block *block = &chart->blocks[chart->n_blocks++];

  block->name = name;
  block->problem = fields_of (chart, group, "problem", 2);
  block->start = start;
}

/* Treatment begins at a visit, with readings before it and, months later, after it. */
static void
choose_blocks (Chart *chart, char **groups)
{
  guint last = chart->n_days > 3 ? chart->n_days * 2 / 3 : chart->n_days > 1 ? 1 : 0;

  for (char **group = groups; *group != NULL && chart->n_blocks < MAX_BLOCKS; group++)
    {
      int share = g_key_file_get_integer (chart->file, *group, "share", NULL);
      int at = hub_chance_between (chart->chance, 0, (int) last);
      double chance = hub_chance_next (chart->chance) * 100;

      if (!g_str_has_prefix (*group, "block ") || share >= 100 || chance >= share)
        continue;
      if (chart->n_days > 2 && chart->days[at] < -120 &&
          fits_age (chart, *group, chart->days[at]) && goes_with_others (chart, *group))
        add_block (chart, *group + strlen ("block "), chart->days[at]);
    }
}

static void
write_problems (Chart *chart)
{
  for (guint i = 0; i < chart->n_blocks; i++)
    {
      int before = hub_chance_between (chart->chance, 0, 50);
      int onset = MAX (chart->blocks[i].start - before, -chart->person->age_days + 6);

      g_string_append_printf (chart->out, "problem%u=%s|%s|%d|active\n", i + 1,
                              chart->blocks[i].problem[0], chart->blocks[i].problem[1], onset);
    }
}

/* day, status and reason go where the block's line leaves room for them. */
static void
write_medicines (Chart *chart)
{
  for (guint i = 0; i < chart->n_blocks; i++)
    for (guint number = 1;; number++)
      {
        g_autofree char *group = block_group (chart->blocks[i].name);
        g_autofree char *key = g_strdup_printf ("medicine%u", number);
        g_auto (GStrv) f = fields_of (chart, group, key, 12);

        if (f == NULL)
          break;
        g_string_append_printf (chart->out, "medicine%u=%s|%s|%s|%s|%s|%s|%s|%s|%d|active|%s|%s\n",
                                ++chart->n_medicines, f[0], f[1], f[2], f[3], f[4], f[5], f[6],
                                f[7], chart->blocks[i].start, chart->blocks[i].problem[0], f[11]);
      }
}

/* ---- readings ------------------------------------------------------------------------------- */

static Series *
find_series (Chart *chart, const char *name)
{
  for (guint i = 0; i < chart->n_series; i++)
    if (g_str_equal (chart->series[i].name, name))
      return &chart->series[i];
  return NULL;
}

static Series *
add_series (Chart *chart, const char *name)
{
  g_autofree char *group = g_strconcat ("series ", name, NULL);
  Series *series = find_series (chart, name);

  if (series != NULL)
    return series;
  series = &chart->series[chart->n_series++];
  series->name = g_intern_string (name);
  series->line = fields_of (chart, group, "line", 7);
  series->value = fields_of (chart, group, "value", 4);
  series->usual = hub_chance_around (chart->chance, g_ascii_strtod (series->value[0], NULL),
                                     g_ascii_strtod (series->value[1], NULL));
  series->start = G_MAXINT;
  return series;
}

/* Where two illnesses bend the same readings, the first one does: its treatment is the one that
 * shows. The other begins with it. */
static void
take_courses (Chart *chart)
{
  for (guint i = 0; i < chart->n_blocks; i++)
    for (guint number = 1;; number++)
      {
        g_autofree char *group = block_group (chart->blocks[i].name);
        g_autofree char *key = g_strdup_printf ("course%u", number);
        g_auto (GStrv) f = fields_of (chart, group, key, 3);
        Series *series;

        if (f == NULL)
          break;
        series = add_series (chart, f[0]);
        if (series->start != G_MAXINT)
          {
            chart->blocks[i].start = series->start;
            continue;
          }
        series->start = chart->blocks[i].start;
        series->untreated = g_ascii_strtod (f[1], NULL);
        series->treated = g_ascii_strtod (f[2], NULL);
      }
}

/* Before it is treated an illness grows for a year and a half; a treatment settles within months.
 */
static double
value_at (Chart *chart, const Series *series, int day)
{
  double noise =
      g_ascii_strtod (series->value[2], NULL) * (2 * hub_chance_next (chart->chance) - 1);
  double ill;

  if (series->start == G_MAXINT)
    return series->usual + noise;
  ill = CLAMP (1 + (day - series->start) / GROWS, 0, 1);
  if (day <= series->start)
    return series->usual + (series->untreated - series->usual) * ill + noise;
  return series->treated +
         (series->untreated - series->treated) * exp (-(day - series->start) / SETTLE) + noise;
}

/* CKD-EPI 2021. source: unverified; it keeps two made-up figures together. */
static double
filtration_of (const HubPerson *person, double creatinine, int day)
{
  double kappa = person->female ? 0.7 : 0.9, alpha = person->female ? -0.241 : -0.302;

  return 142 * pow (MIN (creatinine / kappa, 1), alpha) * pow (MAX (creatinine / kappa, 1), -1.2) *
         pow (0.9938, hub_person_age_at (person, day)) * (person->female ? 1.012 : 1);
}

static double
creatinine_for (const HubPerson *person, double filtration, int day)
{
  double low = 0.2, high = 6;

  for (int i = 0; i < 30; i++)
    if (filtration_of (person, (low + high) / 2, day) > filtration)
      low = (low + high) / 2;
    else
      high = (low + high) / 2;
  return low;
}

static void
choose_filtration (Chart *chart)
{
  double age = hub_person_age_at (chart->person, 0);
  double middle = hub_chance_around (chart->chance, 128 - 0.72 * age, 5);

  chart->filtration = CLAMP (middle, 63, 118);
  chart->better = 0.06;
  for (guint i = 0; i < chart->n_blocks; i++)
    {
      g_autofree char *group = block_group (chart->blocks[i].name);
      int left = g_key_file_get_integer (chart->file, group, "filtration", NULL);

      if (left == 0)
        continue;
      chart->filtration = left + hub_chance_between (chart->chance, -5, 6);
      chart->better = 0.2;
    }
}

typedef struct
{
  GString *points[24], *points_weight, *points_height;
  GString *notes;
} Lines;

/* One visit's readings, each to its line, and in words for the note. */
static char *
read_visit (Chart *chart, Lines *lines, int day)
{
  GString *words = g_string_new (NULL);
  double then = chart->filtration * (1 - day / 3650.0 * chart->better) *
                hub_chance_around (chart->chance, 1, 0.02);
  double weight = hub_person_weight_at (chart->person, day) *
                  (1 + 0.012 * (2 * hub_chance_next (chart->chance) - 1));
  double creatinine = 0;
  char literal[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < chart->n_series; i++)
    {
      const Series *series = &chart->series[i];
      double value = value_at (chart, series, day);
      int decimals = atoi (series->value[3]);
      char format[] = { '%', '.', (char) ('0' + decimals), 'f', '\0' };

      if (g_str_equal (series->name, "creatinine"))
        value = creatinine = round (100 * creatinine_for (chart->person, then, day)) / 100;
      else if (g_str_equal (series->name, "filtration"))
        value = filtration_of (chart->person, creatinine, day);
      g_ascii_formatd (literal, sizeof literal, format, MAX (value, 0));
      g_string_append_printf (lines->points[i], " %d:%s", day, literal);
      if (g_str_equal (series->name, "pressure"))
        {
          int low = (int) (value * 0.47 + 19 + 4 * hub_chance_next (chart->chance));

          g_string_append_printf (lines->points[i], "/%d", low);
          g_string_append_printf (words, " %s/%d.", literal, low);
        }
      else if (series->start != G_MAXINT)
        g_string_append_printf (words, " %s %s%s%s.", series->line[2], literal,
                                *series->line[3] == '/' ? "" : " ", series->line[3]);
    }
  g_ascii_formatd (literal, sizeof literal, weight < 10 ? "%.2f" : "%.1f", weight);
  g_string_append_printf (lines->points_weight, " %d:%s", day, literal);
  g_string_append_printf (words, " %s kg.", literal);
  if (hub_person_age_at (chart->person, day) < 18)
    {
      int height = (int) round (hub_person_height_at (chart->person, day));

      g_string_append_printf (lines->points_height, " %d:%d", day, height);
      g_string_append_printf (words, " %d cm.", height);
    }
  return g_string_free_and_steal (words);
}

/* ---- notes ---------------------------------------------------------------------------------- */

/* "of a man|of a woman" where they differ */
static char *
pick_sentence (Chart *chart, const char *group, const char *key)
{
  g_autofree char *value = g_key_file_get_value (chart->file, group, key, NULL);
  g_auto (GStrv) items = g_strsplit (value, ";", -1);
  const char *item = hub_chance_pick (chart->chance, items);
  const char *stroke = strchr (item, '|');

  if (stroke == NULL)
    return g_strdup (item);
  return chart->person->female ? g_strdup (stroke + 1) : g_strndup (item, (gsize) (stroke - item));
}

/* "120 ACTUAT fluticasone propionate 0.044 MG…" to "Fluticasone propionate". */
static char *
name_of (const char *medicine)
{
  const char *from = g_ascii_isdigit (*medicine) ? strstr (medicine, "ACTUAT ") : medicine;
  char *name;

  from += g_ascii_isdigit (*medicine) ? strlen ("ACTUAT ") : 0;
  name = g_strndup (from, strcspn (from, "0123456789"));
  *name = g_ascii_toupper (*name);
  return g_strchomp (name);
}

/* The visit at which a treatment begins says so. */
static const Block *
begun_at (Chart *chart, int day)
{
  for (guint i = 0; i < chart->n_blocks; i++)
    if (chart->blocks[i].start == day)
      return &chart->blocks[i];
  return NULL;
}

static char *
plan_of (Chart *chart, const char *group, gboolean begins)
{
  g_auto (GStrv) medicine = fields_of (chart, group, "medicine1", 2);
  g_autofree char *name = begins && medicine != NULL ? name_of (medicine[1]) : NULL;

  return name != NULL ? g_strdup_printf ("%s begun, explained, seen again in weeks.", name)
                      : pick_sentence (chart, group, "plan");
}

static char *
check_at (Chart *chart, double age)
{
  g_auto (GStrv) groups = g_key_file_get_groups (chart->file, NULL);

  for (char **group = groups; *group != NULL; group++)
    {
      g_autofree char *ages = g_key_file_get_value (chart->file, *group, "ages", NULL);

      if (g_str_has_prefix (*group, "check ") && age < atoi (strchr (ages, ' ') + 1))
        return g_strdup (*group);
    }
  return g_strdup ("check elder");
}

/* What the visit was about: one of the illnesses that were known then, or none. */
static char *
topic_at (Chart *chart, int day)
{
  const Block *begun = begun_at (chart, day);
  const char *known[MAX_BLOCKS];
  int count = 0;

  for (guint i = 0; i < chart->n_blocks; i++)
    if (chart->blocks[i].start <= day)
      known[count++] = chart->blocks[i].name;
  if (begun != NULL)
    return block_group (begun->name);
  if (count > 0 && hub_chance_next (chart->chance) < 0.85)
    return block_group (known[hub_chance_between (chart->chance, 0, count - 1)]);
  return check_at (chart, hub_person_age_at (chart->person, day));
}

static void
write_note (Chart *chart, GString *notes, guint number, const char *readings)
{
  int day = chart->days[number];
  g_autofree char *topic = topic_at (chart, day);
  g_auto (GStrv) problem = fields_of (chart, topic, "problem", 2);
  gboolean begins = begun_at (chart, day) != NULL;
  g_autofree char *opening = pick_sentence (chart, topic, "opening");
  g_autofree char *more = pick_sentence (chart, topic, "opening");
  g_autofree char *plan = plan_of (chart, topic, begins);
  double age = hub_person_age_at (chart->person, day), kind = hub_chance_next (chart->chance);
  const char *class = age > 84 && kind < 0.4 ? "HH" : kind < 0.62 ? "AMB" : "VR";
  gboolean once = begins || g_str_equal (opening, more);

  g_string_append_printf (notes, "visit%u=%d|%s|%s|", number + 1, day, class,
                          problem != NULL ? problem[1]
                          : age < 18      ? "Check of a child"
                                          : "Check");
  if (!begins)
    g_string_append (notes, opening);
  if (!once)
    g_string_append_printf (notes, " %s", more);
  g_string_append_printf (notes, "%s %s\n", begins ? readings + 1 : readings, plan);
}

/* ---- all of it ------------------------------------------------------------------------------ */

static void
choose_series (Chart *chart, HubDepth depth)
{
  static const char *const light[] = { "pressure",   "pulse",      "haemoglobin",
                                       "creatinine", "filtration", "potassium" };
  static const char *const full[] = {
    "leukocytes", "platelets", "sodium", "liver", "ldl", "sugar"
  };

  take_courses (chart);
  if (hub_person_age_at (chart->person, chart->days[0]) < 18)
    return; /* a child is not bled without a reason */
  for (gsize i = 0; i < G_N_ELEMENTS (light); i++)
    add_series (chart, light[i]);
  for (gsize i = 0; depth == HUB_DEPTH_FULL && i < G_N_ELEMENTS (full); i++)
    add_series (chart, full[i]);
}

static void
write_readings (Chart *chart)
{
  Lines lines = { .points_weight = g_string_new (NULL),
                  .points_height = g_string_new (NULL),
                  .notes = g_string_new (NULL) };
  guint vitals = 0, results = 0;

  for (guint i = 0; i < chart->n_series; i++)
    lines.points[i] = g_string_new (NULL);
  for (guint i = 0; i < chart->n_days; i++)
    {
      g_autofree char *words = read_visit (chart, &lines, chart->days[i]);

      write_note (chart, lines.notes, i, words);
    }
  for (guint i = 0; i < chart->n_series; i++)
    {
      char **f = chart->series[i].line;

      if (g_str_equal (f[0], "vital"))
        g_string_append_printf (chart->out, "vital%u=%s|%s|%s|%s|%s\n", ++vitals, f[1], f[2], f[3],
                                f[4], lines.points[i]->str + 1);
      else
        g_string_append_printf (chart->out, "result%u=%s|%s|%s|%s|%s|%s|%s\n", ++results, f[1],
                                f[2], f[3], f[4], f[5], f[6], lines.points[i]->str + 1);
      g_string_free (lines.points[i], TRUE);
    }
  g_string_append_printf (chart->out, "vital%u=29463-7|Body weight|kg|kg|%s\n", ++vitals,
                          lines.points_weight->str + 1);
  if (lines.points_height->len > 0)
    g_string_append_printf (chart->out, "vital%u=8302-2|Body height|cm|cm|%s\n", ++vitals,
                            lines.points_height->str + 1);
  g_string_append (chart->out, lines.notes->str);
  g_string_free (lines.points_weight, TRUE);
  g_string_free (lines.points_height, TRUE);
  g_string_free (lines.notes, TRUE);
}

/* Adds to @out, after the person's own lines, what makes a patient of the depth light or full. */
void
hub_generate_write_chart (
    GKeyFile *blocks, const HubPerson *person, HubChance *chance, HubDepth depth, GString *out)
{
  gboolean child = person->age_days < 18 * HUB_GENERATE_YEAR;
  guint visits = depth == HUB_DEPTH_FULL ? (child ? 36 : 16) : (child ? 17 : 8);
  g_auto (GStrv) groups = g_key_file_get_groups (blocks, NULL);
  g_auto (Chart) chart = { .file = blocks, .person = person, .chance = chance, .out = out };

  plan_visits (&chart, visits + (guint) hub_chance_between (chance, 0, (int) visits / 3));
  choose_blocks (&chart, groups);
  choose_filtration (&chart);
  choose_series (&chart, depth);
  write_problems (&chart);
  hub_person_write_allergies (person, chance, out);
  write_medicines (&chart);
  hub_person_write_vaccines (person, chance, out);
  write_readings (&chart);
}
