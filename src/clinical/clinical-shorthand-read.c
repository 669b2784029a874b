/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-shorthand-private.h"

#include <glib/gi18n.h>

#include "clinical-timing.h"
#include "clinical-vocabulary.h"

#include <string.h>

/* The parts of speech of a typed dosage. Each reader takes what stands at its place, or nothing. */

#define MAX_TIMES    48
#define MAX_PERIOD   999
#define MAX_DURATION 3660 /* days */

typedef gboolean (*Part) (ClinicalReading *self);

static gboolean
fail (ClinicalReading *self, const char *sentence)
{
  if (!self->problem)
    g_set_error_literal (&self->problem, CLINICAL_ERROR, CLINICAL_ERROR_STRUCTURE, sentence);
  return FALSE;
}

static const ClinicalToken *
token (const ClinicalReading *self, guint ahead)
{
  return self->at + ahead < self->tokens->len ? self->tokens->pdata[self->at + ahead] : NULL;
}

/* "" behind the end */
const char *
clinical_reading_word (const ClinicalReading *self, guint ahead)
{
  const ClinicalToken *found = token (self, ahead);

  return found ? found->text : "";
}

/* Whether the word there is one of "a|b|c". */
static gboolean
is (const ClinicalReading *self, guint ahead, const char *words)
{
  const char *word = clinical_reading_word (self, ahead);
  gsize length = strlen (word);

  for (const char *at = words; length > 0 && at;
       at = strchr (at, '|') ? strchr (at, '|') + 1 : NULL)
    if (strncmp (at, word, length) == 0 && (at[length] == '\0' || at[length] == '|'))
      return TRUE;
  return FALSE;
}

/* How many words there are @text; 0 where they are others. */
static guint
length_of_phrase (const ClinicalReading *self, guint ahead, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  guint n = g_strv_length (words);

  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (clinical_reading_word (self, ahead + i), words[i]) != 0)
      return 0;
  return n;
}

static const char *const numbers[] = { "one",   "two",   "three", "four", "five",   "six",
                                       "seven", "eight", "nine",  "ten",  "eleven", "twelve" };

/* A whole number up to @max; 0 where there is none. */
static int
count_at (const ClinicalReading *self, guint ahead, int max)
{
  const ClinicalToken *found = token (self, ahead);
  gint64 value = 0;

  for (gsize i = 0; found && i < G_N_ELEMENTS (numbers); i++)
    if (g_str_equal (found->text, numbers[i]))
      return (int) i + 1;
  if (!found || found->kind != CLINICAL_TOKEN_NUMBER ||
      strspn (found->text, "0123456789") != strlen (found->text) || *found->text == '0')
    return 0;
  value = strlen (found->text) > 9 ? G_MAXINT : g_ascii_strtoll (found->text, NULL, 10);
  return value <= max ? (int) value : 0;
}

static const char *
time_unit_at (const ClinicalReading *self, guint ahead)
{
  return is (self, ahead, "h|hr|hrs|hour|hours")   ? "h"
         : is (self, ahead, "d|day|days")          ? "d"
         : is (self, ahead, "w|wk|wks|week|weeks") ? "wk"
         : is (self, ahead, "month|months")        ? "mo"
         : is (self, ahead, "year|years")          ? "a"
                                                   : NULL;
}

/* ---- amounts ---- */

/* What is counted, in the singular; what is measured, as it is written. */
static char *
dup_unit_at (const ClinicalReading *self, guint ahead)
{
  static const char *const shorts[][2] = {
    { "t", "tablet" },
    { "c", "capsule" },
    { "supp", "suppository" },
    { "amp", "ampoule" },
    { "appl", "application" },
    { "mg|milligram|milligrams", "mg" },
    { "mcg|microgram|micrograms", "mcg" },
    { "g|gram|grams", "g" },
    { "ml|millilitre|millilitres|milliliter|milliliters", "mL" },
    { "l|litre|litres", "L" },
    { "mmol|millimole|millimoles", "mmol" },
  };
  const ClinicalToken *found = token (self, ahead);
  const char *word;

  if (!found || found->kind != CLINICAL_TOKEN_WORD)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (shorts); i++)
    if (is (self, ahead, shorts[i][0]))
      return g_strdup (shorts[i][1]);
  word = clinical_vocabulary_find (CLINICAL_WORD_UNIT, CLINICAL_LANGUAGE_EN, found->text);
  return word && clinical_unit_is_counted (word) ? g_strdup (word) : NULL;
}

/* (transfer full) (nullable): the literal at @ahead, or the reason why it is none. */
static char *
dup_number_at (ClinicalReading *self, guint ahead)
{
  const ClinicalToken *found = token (self, ahead);
  int count = count_at (self, ahead, G_N_ELEMENTS (numbers));
  char *literal = NULL;

  if (found && found->kind == CLINICAL_TOKEN_WORD && count > 0)
    return g_strdup_printf ("%d", count);
  if (found && found->kind == CLINICAL_TOKEN_NUMBER && !self->problem)
    clinical_dose_parse (found->text, self->mark, &literal, &self->problem);
  return literal;
}

static gboolean
set_dose (ClinicalReading *self, char *low, char *high, char *unit, guint length)
{
  ClinicalDosage *step = self->step;

  self->at += length;
  if (step->dose_value)
    fail (self, _ ("There are two doses. Write “then” between the steps."));
  g_free (step->dose_value);
  g_free (step->dose_high);
  g_free (step->dose_unit);
  step->dose_value = low;
  step->dose_high = high;
  step->dose_unit = unit;
  return TRUE;
}

/* "half a tablet" */
static gboolean
read_half (ClinicalReading *self)
{
  guint article = is (self, 1, "a|an") ? 1 : 0;
  char *unit = is (self, 0, "half") ? dup_unit_at (self, 1 + article) : NULL;

  return unit && set_dose (self, g_strdup ("0.5"), NULL, unit, 2 + article);
}

static gboolean
read_dose (ClinicalReading *self)
{
  const ClinicalToken *first = token (self, 0);
  guint second = is (self, 1, "to|or") ? 2 : 0, length = second + 1;
  g_autofree char *low = NULL, *high = NULL, *unit = NULL;

  if (!first || (first->kind != CLINICAL_TOKEN_NUMBER && count_at (self, 0, MAX_TIMES) == 0))
    return read_half (self);
  if (second && (!token (self, 2) || token (self, 2)->kind != CLINICAL_TOKEN_NUMBER))
    second = 0, length = 1;
  unit = dup_unit_at (self, length);
  length += unit != NULL;
  if (!unit)
    unit = g_strdup (self->unit);
  if (!unit)
    return FALSE;
  low = dup_number_at (self, 0);
  high = low && second ? dup_number_at (self, second) : NULL;
  if (!low || (second && !high))
    return FALSE;
  return set_dose (self, g_steal_pointer (&low), g_steal_pointer (&high), g_steal_pointer (&unit),
                   length);
}

static gboolean
read_method (ClinicalReading *self)
{
  const char *word = clinical_vocabulary_find (CLINICAL_WORD_METHOD, CLINICAL_LANGUAGE_EN,
                                               clinical_reading_word (self, 0));

  if (!word || self->step->dose_value)
    return FALSE;
  g_set_str (&self->step->method, word);
  self->at++;
  return TRUE;
}

/* ---- how often ---- */

static gboolean
set_rhythm (
    ClinicalReading *self, int frequency, int period, int longest, const char *unit, guint length)
{
  ClinicalDosage *step = self->step;

  self->at += length;
  if (step->frequency > 0)
    fail (self, _ ("How often is said twice."));
  step->frequency = frequency;
  step->period = period;
  step->period_max = longest;
  g_set_str (&step->period_unit, unit);
  return TRUE;
}

static gboolean
read_latin (ClinicalReading *self)
{
  static const struct
  {
    const char *words;
    int frequency, period;
    const char *unit;
  } latin[] = {
    { "bd|bid", 2, 1, "d" },   { "tid|tds", 3, 1, "d" },         { "qid|qds", 4, 1, "d" },
    { "hourly", 1, 1, "h" },   { "daily|everyday", 1, 1, "d" },  { "weekly", 1, 1, "wk" },
    { "monthly", 1, 1, "mo" }, { "yearly|annually", 1, 1, "a" }, { "fortnightly", 1, 2, "wk" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (latin); i++)
    if (is (self, 0, latin[i].words))
      return set_rhythm (self, latin[i].frequency, latin[i].period, 0, latin[i].unit, 1);
  if (length_of_phrase (self, 0, "every other day") ||
      length_of_phrase (self, 0, "every second day"))
    return set_rhythm (self, 1, 2, 0, "d", 3);
  return length_of_phrase (self, 0, "alternate days") && set_rhythm (self, 1, 2, 0, "d", 2);
}

/* "every 4 to 6 hours", "q6h", "every day": the period begins at @ahead. */
static gboolean
read_every (ClinicalReading *self, guint ahead, int frequency)
{
  int period = count_at (self, ahead, MAX_PERIOD), longest = 0;
  guint length = ahead + (period > 0);
  const char *unit;

  if (period > 0 && is (self, length, "to"))
    {
      longest = count_at (self, length + 1, MAX_PERIOD);
      length += 2;
      if (longest == 0)
        return FALSE;
    }
  unit = time_unit_at (self, length);
  if (!unit)
    return FALSE;
  return set_rhythm (self, frequency, MAX (period, 1), longest, unit, length + 1);
}

/* "3 times a day", "twice daily", "once every 3 days" */
static gboolean
read_times (ClinicalReading *self)
{
  int n = is (self, 0, "once") ? 1 : is (self, 0, "twice") ? 2 : is (self, 0, "thrice") ? 3 : 0;
  guint length = 1;
  const char *adverb;

  if (n == 0 && is (self, 1, "times|time|x"))
    {
      n = count_at (self, 0, MAX_TIMES);
      length = 2;
    }
  if (n == 0)
    return FALSE;
  adverb = is (self, length, "daily")    ? "d"
           : is (self, length, "weekly") ? "wk"
           : is (self, length, "hourly") ? "h"
                                         : NULL;
  if (adverb)
    return set_rhythm (self, n, 1, 0, adverb, length + 1);
  if (is (self, length, "every"))
    return read_every (self, length + 1, n);
  return is (self, length, "a|an|per|each") && time_unit_at (self, length + 1) &&
         set_rhythm (self, n, 1, 0, time_unit_at (self, length + 1), length + 2);
}

static gboolean
read_frequency (ClinicalReading *self)
{
  if (read_latin (self) || read_times (self))
    return TRUE;
  if (is (self, 0, "q") || is (self, 0, "every"))
    return read_every (self, 1, 1);
  return is (self, 0, "qh") && set_rhythm (self, 1, 1, 0, "h", 1);
}

/* ---- when ---- */

static const char *
day_at (const ClinicalReading *self, guint ahead)
{
  return is (self, ahead, "monday|mondays|mon")                  ? "mon"
         : is (self, ahead, "tuesday|tuesdays|tue|tues")         ? "tue"
         : is (self, ahead, "wednesday|wednesdays|wed")          ? "wed"
         : is (self, ahead, "thursday|thursdays|thu|thur|thurs") ? "thu"
         : is (self, ahead, "friday|fridays|fri")                ? "fri"
         : is (self, ahead, "saturday|saturdays|sat")            ? "sat"
         : is (self, ahead, "sunday|sundays|sun")                ? "sun"
                                                                 : NULL;
}

static gboolean
read_days (ClinicalReading *self)
{
  guint ahead = is (self, 0, "on|every|each") ? 1 : 0;
  g_autoptr (GString) days = g_string_new (NULL);

  if (!day_at (self, ahead))
    return FALSE;
  if (self->step->days)
    return fail (self, _ ("The days of the week are said twice."));
  while (day_at (self, ahead))
    {
      const char *day = day_at (self, ahead++);
      const ClinicalToken *next = token (self, ahead);

      if (strstr (days->str, day))
        return fail (self, _ ("The days of the week are said twice."));
      g_string_append_printf (days, "%s%s", days->len ? " " : "", day);
      if (next && (next->kind == CLINICAL_TOKEN_COMMA || g_str_equal (next->text, "and")) &&
          day_at (self, ahead + 1))
        ahead++;
    }
  self->at += ahead;
  self->step->days = g_strdup (days->str);
  return TRUE;
}

static gboolean
read_event (ClinicalReading *self)
{
  static const char *const codes[] = {
    "MORN.early", "MORN.late", "MORN", "NOON",  "AFT.early", "AFT.late", "AFT",
    "EVE.early",  "EVE.late",  "EVE",  "NIGHT", "PHS",       "HS",       "WAKE",
    "CM",         "CD",        "CV",   "C",     "ACM",       "ACD",      "ACV",
    "AC",         "PCM",       "PCD",  "PCV",   "PC"
  };
  static const char *const latin[][2] = {
    { "mane", "MORN" }, { "nocte", "NIGHT" }, { "ac", "AC" }, { "pc", "PC" }
  };
  const char *code = NULL;
  guint length = 0;

  for (gsize i = 0; !code && i < G_N_ELEMENTS (codes); i++)
    if ((length = length_of_phrase (self, 0, clinical_timing_event_text (codes[i]))) > 0)
      code = codes[i];
  for (gsize i = 0; !code && i < G_N_ELEMENTS (latin); i++)
    if (is (self, 0, latin[i][0]))
      {
        code = latin[i][1];
        length = 1;
      }
  if (!code)
    return FALSE;
  if (self->step->when)
    return fail (self, _ ("The time of day is said twice. The form holds one."));
  self->step->when = g_strdup (code);
  self->at += length;
  return TRUE;
}

/* ---- route, need, end ---- */

static gboolean
read_route (ClinicalReading *self)
{
  static const char *const shorts[][2] = { { "po", "oral" },
                                           { "sl", "sublingual" },
                                           { "pr", "rectal" },
                                           { "pv", "vaginal" },
                                           { "im", "intramuscular" },
                                           { "iv", "intravenous" },
                                           { "subcut", "subcutaneous" },
                                           { "inh", "inhalation" },
                                           { "top", "topical" } };
  const char *route = NULL;
  guint length = 3;

  for (gsize i = 0; i < G_N_ELEMENTS (shorts); i++)
    if (is (self, 0, shorts[i][0]))
      {
        route = shorts[i][1];
        length = 1;
      }
  for (; !route && length > 0; length -= !route)
    {
      g_autofree char *phrase = g_strdup (clinical_reading_word (self, 0));

      for (guint i = 1; i < length; i++)
        {
          g_autofree char *before = phrase;

          phrase = g_strdup_printf ("%s %s", before, clinical_reading_word (self, i));
        }
      route = clinical_vocabulary_find (CLINICAL_WORD_ROUTE, CLINICAL_LANGUAGE_EN, phrase);
    }
  if (!route)
    return FALSE;
  if (!self->step->route_text || !g_str_equal (self->step->route_text, route))
    g_clear_pointer (&self->step->route_code, g_free);
  g_set_str (&self->step->route_text, route);
  self->at += length;
  return TRUE;
}

static gboolean
read_bounds (ClinicalReading *self)
{
  guint ahead = is (self, 0, "for|x") ? 1 : 0;
  int n = count_at (self, ahead, MAX_DURATION);
  const char *unit = n > 0 ? time_unit_at (self, ahead + 1) : NULL;

  if (!unit || g_str_equal (unit, "h"))
    return FALSE;
  if (g_str_equal (unit, "mo") || g_str_equal (unit, "a"))
    return fail (self,
                 _ ("Months and years have no certain length. Write how many days or weeks."));
  if (self->step->duration_days > 0)
    return fail (self, _ ("For how long is said twice. Write “then” between the steps."));
  self->step->duration_days = g_str_equal (unit, "wk") ? MIN (n, MAX_DURATION / 7) * 7 : n;
  self->at += ahead + 2;
  return TRUE;
}

/* "max 8 puffs a day", "up to a maximum of 8 puffs every 24 hours" */
static gboolean
read_max (ClinicalReading *self)
{
  guint ahead = length_of_phrase (self, 0, "up to a maximum of");
  g_autofree char *most = NULL, *unit = NULL;

  if (!ahead && (is (self, 0, "max|maximum")))
    ahead = is (self, 1, "of") ? 2 : 1;
  if (!ahead)
    ahead = MAX (length_of_phrase (self, 0, "no more than"),
                 length_of_phrase (self, 0, "not more than"));
  if (!ahead || !token (self, ahead) || !(most = dup_number_at (self, ahead)))
    return FALSE;
  unit = dup_unit_at (self, ++ahead);
  ahead += unit != NULL;
  if (is (self, ahead, "a|per|each") && is (self, ahead + 1, "day|d"))
    ahead += 2;
  else if (is (self, ahead, "daily"))
    ahead += 1;
  else if (is (self, ahead, "in|every|per") && count_at (self, ahead + 1, 24) == 24 &&
           g_strcmp0 (time_unit_at (self, ahead + 2), "h") == 0)
    ahead += 3;
  else
    return fail (self, _ ("Write the most that may be taken in a day: “max 8 a day”."));
  if (self->step->max_a_day)
    return fail (self, _ ("The most in a day is said twice."));
  if (unit && g_strcmp0 (unit, self->step->dose_unit) != 0)
    return fail (self, _ ("The most in a day is not in the unit of the dose."));
  self->step->max_a_day = g_steal_pointer (&most);
  self->at += ahead;
  return TRUE;
}

/* Words up to the next part. */
static void
read_reason (ClinicalReading *self, const Part *parts, gsize n)
{
  guint start = self->at, end;
  gsize from, to;

  for (end = start; end < self->tokens->len; end++)
    {
      const ClinicalToken *here = self->tokens->pdata[end];
      ClinicalReading look = *self;
      g_autoptr (ClinicalDosage) nothing = clinical_dosage_new ();
      gboolean begins = here->kind == CLINICAL_TOKEN_BREAK || here->kind == CLINICAL_TOKEN_NUMBER ||
                        g_str_equal (here->text, "then");

      look.at = end;
      look.step = nothing;
      for (gsize i = 0; !begins && i < n; i++)
        begins = parts[i](&look) || look.problem;
      g_clear_error (&look.problem);
      if (begins)
        break;
    }
  while (end > start &&
         ((ClinicalToken *) self->tokens->pdata[end - 1])->kind == CLINICAL_TOKEN_COMMA)
    end--;
  if (end == start)
    return;
  from = ((ClinicalToken *) self->tokens->pdata[start])->start;
  to = ((ClinicalToken *) self->tokens->pdata[end - 1])->end;
  g_free (self->step->as_needed_for);
  self->step->as_needed_for = g_strndup (self->source + from, to - from);
  self->at = end;
}

static gboolean
read_needed (ClinicalReading *self)
{
  static const Part ends[] = { read_max, read_bounds, read_frequency, read_days, read_route };
  guint length = is (self, 0, "prn")                                 ? 1
                 : length_of_phrase (self, 0, "as required")         ? 2
                 : length_of_phrase (self, 0, "as needed")           ? 2
                 : length_of_phrase (self, 0, "only if you need it") ? 5
                                                                     : 0;

  if (length == 0)
    return FALSE;
  self->at += length;
  self->step->as_needed = TRUE;
  if (is (self, 0, "for") && count_at (self, 1, MAX_DURATION) > 0)
    return TRUE;
  if (is (self, 0, "for"))
    self->at++;
  read_reason (self, ends, G_N_ELEMENTS (ends));
  return TRUE;
}

/* Takes one part. FALSE: what stands there is none, or there is a problem with it. */
gboolean
clinical_reading_next (ClinicalReading *self)
{
  static const Part parts[] = { read_max,   read_frequency, read_bounds, read_needed, read_days,
                                read_event, read_route,     read_method, read_dose };
  const ClinicalToken *here = token (self, 0);

  if (here->kind == CLINICAL_TOKEN_COMMA || here->kind == CLINICAL_TOKEN_BREAK)
    {
      self->at++;
      return TRUE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (parts) && !self->problem; i++)
    if (parts[i](self))
      return TRUE;
  return FALSE;
}
