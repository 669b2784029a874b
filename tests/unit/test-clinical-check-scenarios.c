/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "clinical-case.h"
#include "clinical-override.h"
#include "clinical-tables.h"

/* Every case of tests/fixtures/prescribe, written before the engine: what must be found, what must
 * not be, and what must be said to be unchecked. The report names recall, false alarms and
 * interruptions for each kind; a case that differs fails the test and is named. */

static const char *const kinds[] = { "interaction", "allergy", "duplicate", "dose",       "renal",
                                     "pregnancy",   "age",     "condition", "never-event" };

typedef struct
{
  guint cases, silent, expected, found, extra, interrupting, orders, failed;
} Tally;

static Tally tallies[G_N_ELEMENTS (kinds) + 1]; /* the last: of other kinds */

static Tally *
tally_of (const char *kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i], kind) == 0)
      return &tallies[i];
  return &tallies[G_N_ELEMENTS (kinds)];
}

static int
grade (const char *severity)
{
  return g_strcmp0 (severity, "high") == 0 ? 3 : g_strcmp0 (severity, "moderate") == 0 ? 2 : 1;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* "interaction: a + b", each name once and in order. */
static char *
key_of (const char *kind, GPtrArray *names)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  g_autoptr (GString) key = g_string_new (kind);

  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (sorted, names->pdata[i]);
  g_ptr_array_sort (sorted, compare_names);
  for (guint i = 0; i < sorted->len; i++)
    if (i == 0 || strcmp (sorted->pdata[i], sorted->pdata[i - 1]) != 0)
      g_string_append_printf (key, "%s%s", i == 0 ? ": " : " + ", (char *) sorted->pdata[i]);
  return g_string_free_and_steal (g_steal_pointer (&key));
}

static GHashTable *
expected_of (JsonObject *expect)
{
  GHashTable *out = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  JsonArray *found = json_object_get_array_member (expect, "found");

  for (guint i = 0; i < json_array_get_length (found); i++)
    {
      JsonObject *one = json_array_get_object_element (found, i);
      JsonArray *subjects = json_object_get_array_member (one, "subjects");
      g_autoptr (GPtrArray) names = g_ptr_array_new ();

      for (guint j = 0; j < json_array_get_length (subjects); j++)
        g_ptr_array_add (names, (gpointer) json_array_get_string_element (subjects, j));
      g_hash_table_insert (out, key_of (json_object_get_string_member (one, "kind"), names),
                           (gpointer) json_object_get_string_member (one, "severity"));
    }
  return out;
}

/* The gravest of what was found, by kind and subjects. */
static GHashTable *
answered_of (GPtrArray *findings)
{
  GHashTable *out = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < findings->len; i++)
    {
      const ClinicalFinding *finding = findings->pdata[i];
      g_autofree char *key = NULL;
      const char *before;

      if (finding->answer != CLINICAL_FOUND)
        continue;
      key = key_of (finding->check, finding->subjects);
      before = g_hash_table_lookup (out, key);
      if (!before || grade (finding->severity) > grade (before))
        g_hash_table_insert (out, g_steal_pointer (&key), finding->severity);
    }
  return out;
}

static void
compare_found (GHashTable *expected, GHashTable *answered, GString *differs)
{
  GHashTableIter iter;
  gpointer key, severity;

  g_hash_table_iter_init (&iter, expected);
  while (g_hash_table_iter_next (&iter, &key, &severity))
    {
      const char *is = g_hash_table_lookup (answered, key);
      g_auto (GStrv) kind = g_strsplit (key, ":", 2);

      tally_of (kind[0])->expected++;
      tally_of (kind[0])->found += is != NULL;
      if (g_strcmp0 (is, severity) != 0)
        g_string_append_printf (differs, "\n  expected %s (%s), is %s", (char *) key,
                                (char *) severity, is ? is : "not found");
    }
  g_hash_table_iter_init (&iter, answered);
  while (g_hash_table_iter_next (&iter, &key, &severity))
    if (!g_hash_table_contains (expected, key))
      {
        g_auto (GStrv) kind = g_strsplit (key, ":", 2);

        tally_of (kind[0])->extra++;
        g_string_append_printf (differs, "\n  not expected: %s (%s)", (char *) key,
                                (char *) severity);
      }
}

static gboolean
is_unchecked (GPtrArray *findings, const char *kind, const char *why)
{
  g_autofree char *wanted = g_utf8_casefold (why, -1);

  for (guint i = 0; i < findings->len; i++)
    {
      const ClinicalFinding *finding = findings->pdata[i];
      g_autofree char *folded = NULL;

      /* content that is gone or expired concerns every check */
      if (finding->answer != CLINICAL_NOT_CHECKED ||
          (g_strcmp0 (finding->check, kind) != 0 && g_strcmp0 (finding->check, "content") != 0))
        continue;
      folded = g_utf8_casefold (finding->sentence, -1);
      if (strstr (folded, wanted) || (finding->why && strstr (finding->why, wanted)))
        return TRUE;
    }
  return FALSE;
}

static void
compare_unchecked (JsonObject *expect, GPtrArray *findings, GString *differs)
{
  JsonArray *all = json_object_has_member (expect, "not_checked")
                       ? json_object_get_array_member (expect, "not_checked")
                       : NULL;

  for (guint i = 0; all && i < json_array_get_length (all); i++)
    {
      JsonObject *one = json_array_get_object_element (all, i);
      const char *kind = json_object_get_string_member (one, "kind");
      const char *why = json_object_get_string_member (one, "why");

      if (!is_unchecked (findings, kind, why))
        g_string_append_printf (differs, "\n  expected %s not checked: %s", kind, why);
    }
}

/* A case counts only where its words name scope and date, and never say more than they know. */
static void
check_words (GPtrArray *findings, GString *differs)
{
  static const char *const never[] = { "no interactions", "all clear", "safe ", "safe.", "unsafe" };

  for (guint i = 0; i < findings->len; i++)
    {
      const ClinicalFinding *finding = findings->pdata[i];
      g_autofree char *folded =
          g_strdup_printf ("%s %s", finding->sentence, finding->scope ? finding->scope : "");

      for (gsize j = 0; j < G_N_ELEMENTS (never); j++)
        if (strcasestr (folded, never[j]))
          g_string_append_printf (differs, "\n  says \"%s\": %s", never[j], folded);
      /* content that is gone has no date to name */
      if (!finding->scope || (!strstr (folded, "-20") && !g_str_equal (finding->check, "content")))
        g_string_append_printf (differs, "\n  without scope and date: %s", folded);
      if (finding->answer == CLINICAL_NOT_CHECKED && !finding->why)
        g_string_append_printf (differs, "\n  not checked without a reason: %s", folded);
    }
}

static gboolean
interrupts (GPtrArray *findings)
{
  for (guint i = 0; i < findings->len; i++)
    {
      const ClinicalFinding *finding = findings->pdata[i];

      if (finding->answer == CLINICAL_FOUND && clinical_finding_needs_reason (finding))
        return TRUE;
    }
  return FALSE;
}

/* Signing waits for more than a click. */
static gboolean
blocks (GPtrArray *findings)
{
  for (guint i = 0; i < findings->len; i++)
    {
      const ClinicalFinding *finding = findings->pdata[i];

      if (finding->blocks || g_str_equal (finding->check, "content"))
        return TRUE;
    }
  return FALSE;
}

/* What was overridden so many days ago, as the chart would have it. */
static GPtrArray *
overrides_of (JsonArray *drugs, GPtrArray *findings)
{
  GPtrArray *out = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_override_free);

  for (guint i = 0; i < findings->len; i++)
    {
      const ClinicalFinding *finding = findings->pdata[i];
      JsonObject *drug = json_array_get_object_element (drugs, finding->order);
      JsonObject *was = json_object_has_member (drug, "override")
                            ? json_object_get_object_member (drug, "override")
                            : NULL;
      g_autofree char *key = NULL, *date = NULL, *text = NULL;
      const ClinicalOverrideReason *reason;

      if (!was || finding->answer != CLINICAL_FOUND ||
          !g_str_equal (finding->check, json_object_get_string_member (was, "kind")))
        continue;
      key = clinical_finding_dup_alert_key (finding);
      if (!json_object_get_boolean_member (was, "same_facts"))
        key[0] = '-';
      date = clinical_case_days_ago (json_object_get_int_member (was, "days_ago"));
      reason = clinical_override_parse (json_object_get_string_member (was, "reason"), &text);
      g_ptr_array_add (out, clinical_override_new (key, reason->code, text, date));
    }
  return out;
}

/* As if the content were not there, were empty, or had expired. */
static void
spoil (ClinicalContent *content, const char *how)
{
  g_autoptr (ClinicalRules) rules = NULL;

  if (g_str_equal (how, "missing"))
    clinical_tables_set_rules (content, NULL);
  else if (g_str_equal (how, "empty"))
    clinical_tables_set_rules (content, clinical_rules_new ());
  else
    {
      rules = clinical_content_dup_rules (content);
      clinical_rules_set_head (rules, "interactions", "expires", "2026-10-31");
    }
}

static void
compare_flag (JsonObject *expect, const char *name, gboolean is, GString *differs)
{
  if (json_object_has_member (expect, name) && json_object_get_boolean_member (expect, name) != is)
    g_string_append_printf (differs, "\n  %s is %s", name, is ? "true" : "false");
}

static GPtrArray *
check_case (ClinicalContent *content,
            const char *state,
            ClinicalPatient *patient,
            GPtrArray *orders,
            JsonObject *one)
{
  GPtrArray *findings;
  g_autoptr (GPtrArray) overrides = NULL;

  if (state)
    spoil (content, state);
  findings = clinical_check_orders (content, patient, orders, CLINICAL_CASE_TODAY);
  overrides = overrides_of (json_object_get_array_member (one, "prescribe"), findings);
  clinical_override_apply (findings, overrides, CLINICAL_CASE_TODAY);
  return findings;
}

static gboolean
run_case (ClinicalContent *whole, JsonObject *one)
{
  const char *state = json_object_get_string_member_with_default (one, "content", NULL);
  g_autoptr (ClinicalContent) content =
      state ? clinical_tables_new_shipped () : g_object_ref (whole);
  JsonObject *expect = json_object_get_object_member (one, "expect");
  Tally *tally = tally_of (json_object_get_string_member_with_default (one, "kind", ""));
  g_autoptr (ClinicalPatient) patient =
      clinical_case_patient (content, json_object_get_object_member (one, "patient"));
  g_autoptr (GPtrArray) orders =
      clinical_case_orders (content, json_object_get_array_member (one, "prescribe"));
  g_autoptr (GPtrArray) findings = check_case (content, state, patient, orders, one);
  g_autoptr (GHashTable) expected = expected_of (expect), answered = answered_of (findings);
  g_autoptr (GString) differs = g_string_new (NULL);

  compare_found (expected, answered, differs);
  compare_unchecked (expect, findings, differs);
  check_words (findings, differs);
  compare_flag (expect, "interrupts", interrupts (findings), differs);
  compare_flag (expect, "blocked", blocks (findings), differs);
  tally->cases++;
  tally->orders += orders->len;
  tally->silent += g_hash_table_size (expected) == 0;
  tally->interrupting += g_hash_table_size (expected) == 0 && interrupts (findings);
  tally->failed += differs->len > 0;
  if (differs->len > 0)
    g_test_message ("DIFFERS %s: %s%s", json_object_get_string_member (one, "id"),
                    json_object_get_string_member (one, "say"), differs->str);
  return differs->len == 0;
}

static guint
run_file (ClinicalContent *content, const char *path)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *cases;
  guint failed = 0;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  cases = json_node_get_array (json_parser_get_root (parser));
  for (guint i = 0; i < json_array_get_length (cases); i++)
    failed += !run_case (content, json_array_get_object_element (cases, i));
  return failed;
}

static void
report (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tallies); i++)
    {
      const Tally *t = &tallies[i];
      guint ordinary = t->silent;

      if (t->cases > 0 || t->expected > 0 || t->extra > 0)
        g_test_message ("%s: %u cases, %u differ; recall %u of %u; %u false alarms; %.1f "
                        "interruptions per 100 ordinary prescriptions",
                        i < G_N_ELEMENTS (kinds) ? kinds[i] : "other", t->cases, t->failed,
                        t->found, t->expected, t->extra,
                        ordinary > 0 ? 100.0 * t->interrupting / ordinary : 0.0);
    }
}

/* A hundred ordinary acts of prescribing: how many of them interrupt, which the interruptions that
 * are meant to be rare are measured by (H13). */
static void
test_ordinary (void)
{
  g_autoptr (ClinicalContent) content = clinical_tables_new_shipped ();
  g_autofree char *path = g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "tests", "fixtures",
                                            "prescribe", "ordinary", "clinic.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  guint prescriptions = 0, interrupted = 0;
  JsonArray *acts;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  acts = json_node_get_array (json_parser_get_root (parser));
  for (guint i = 0; i < json_array_get_length (acts); i++)
    {
      JsonObject *act = json_array_get_object_element (acts, i);
      g_autoptr (ClinicalPatient) patient =
          clinical_case_patient (content, json_object_get_object_member (act, "patient"));
      g_autoptr (GPtrArray) orders =
          clinical_case_orders (content, json_object_get_array_member (act, "prescribe"));
      g_autoptr (GPtrArray) findings =
          clinical_check_orders (content, patient, orders, CLINICAL_CASE_TODAY);

      prescriptions += orders->len;
      interrupted += interrupts (findings);
      if (interrupts (findings))
        g_test_message ("interrupted: %s",
                        json_object_get_string_member_with_default (act, "id", "?"));
    }
  g_test_message ("%u interruptions in %u ordinary prescriptions", interrupted, prescriptions);
  g_assert_cmpuint (interrupted * 10, <=, prescriptions);
}

static void
test_scenarios (void)
{
  g_autoptr (ClinicalContent) content = clinical_tables_new_shipped ();
  g_autofree char *folder =
      g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "tests", "fixtures", "prescribe", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  guint failed = 0, files = 0;

  g_assert_no_error (error);
  for (const char *name = g_dir_read_name (dir); name; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (!g_str_has_suffix (name, ".json"))
        continue;
      files++;
      failed += run_file (content, path);
    }
  report ();
  g_assert_cmpuint (files, >, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (tallies[i].cases == 0)
      g_error ("no case is of %s", kinds[i]);
  g_assert_cmpuint (tallies[G_N_ELEMENTS (kinds)].cases, ==, 0);
  g_assert_cmpuint (failed, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clinical-check-scenarios/all", test_scenarios);
  g_test_add_func ("/clinical-check-scenarios/ordinary", test_ordinary);
  return g_test_run ();
}
