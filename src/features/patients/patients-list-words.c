/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patients-list-words.h"

#include <glib/gi18n.h>

#include "workspace-time.h"

static guint
count_of (PatientsListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (model));
}

/* A number that may be larger says so. */
static char *
dup_number (guint sure, guint unsure)
{
  return g_strdup_printf (unsure > 0 ? "%u + ?" : "%u", sure);
}

/* (transfer full): the list's name with its count and of how many, once that is known. */
char *
patients_list_words_pill (PatientsListModel *model)
{
  const char *name = care_cohort_get_name (patients_list_model_get_cohort (model));
  guint unframed = 0, framed = patients_list_model_get_n_framed (model, &unframed);
  g_autofree char *count =
      dup_number (count_of (model), patients_list_model_get_n_unjudged (model));
  g_autofree char *of = dup_number (framed, unframed);

  if (patients_list_model_get_state (model) != PATIENTS_LIST_READY)
    return g_strdup (name);
  /* Translators: a list's name, how many belong to it, of how many: "No HbA1c · 12 of 40" */
  return g_strdup_printf (_ ("%s · %s of %s"), name, count, of);
}

/* (transfer full) (nullable): "12 of 40 patients of whom this holds: has the problem diabetes";
 * NULL before that is known. */
char *
patients_list_words_share (PatientsListModel *model)
{
  g_autofree char *frame = care_cohort_dup_frame (patients_list_model_get_cohort (model));
  guint unframed = 0, framed = patients_list_model_get_n_framed (model, &unframed);
  g_autofree char *count =
      dup_number (count_of (model), patients_list_model_get_n_unjudged (model));
  g_autofree char *of = dup_number (framed, unframed);

  if (patients_list_model_get_state (model) != PATIENTS_LIST_READY)
    return NULL;
  if (!frame)
    return g_strdup_printf (ngettext ("%s of %s patient", "%s of %s patients", framed), count, of);
  return g_strdup_printf (ngettext ("%s of %s patient of whom this holds: %s",
                                    "%s of %s patients of whom this holds: %s", framed),
                          count, of, frame);
}

/* (transfer full): what the list covers, and as of when. */
char *
patients_list_words_covers (PatientsListModel *model, gint64 now, GTimeZone *zone)
{
  guint count = count_of (model);
  gint64 as_of = patients_list_model_get_as_of (model);
  g_autofree char *moment = as_of > 0 ? workspace_time_moment (as_of, now, zone) : NULL;

  if (patients_list_model_get_state (model) == PATIENTS_LIST_FAILED)
    return g_strdup_printf (_ ("The list could not be read: %s"),
                            patients_list_model_get_error (model));
  if (patients_list_model_get_state (model) == PATIENTS_LIST_READING)
    return g_strdup (_ ("Looking through the charts on this computer…"));
  if (!moment)
    return g_strdup_printf (
        ngettext ("%u patient among the charts on this computer, which were never read whole from "
                  "the server.",
                  "%u patients among the charts on this computer, which were never read whole from "
                  "the server.",
                  count),
        count);
  return g_strdup_printf (
      ngettext ("%u patient among the charts on this computer, as the server had them at %s. "
                "Charts that are only on the server are not looked at.",
                "%u patients among the charts on this computer, as the server had them at %s. "
                "Charts that are only on the server are not looked at.",
                count),
      count, moment);
}

/* "problems, results and readings" */
static char *
dup_kinds (const char *missing)
{
  static const struct
  {
    const char *type, *title;
  } kinds[] = {
    { "Condition", N_ ("problems") },
    { "MedicationRequest", N_ ("medicines") },
    { "Observation", N_ ("results and readings") },
    { "Encounter", N_ ("visits") },
    { "Task", N_ ("tasks") },
  };
  g_auto (GStrv) types = g_strsplit (missing, " ", -1);
  g_autoptr (GStrvBuilder) titles = g_strv_builder_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strv_contains ((const char *const *) types, kinds[i].type))
      g_strv_builder_add (titles, _ (kinds[i].title));
  g_auto (GStrv) found = g_strv_builder_end (titles);
  return g_strjoinv (", ", found);
}

/* What carries a modifier that Bedside does not know proves nothing. */
static char *
dup_withheld (guint count, const char *kinds)
{
  if (!kinds)
    return g_strdup_printf (
        ngettext ("%u more cannot be judged: an entry cannot be shown safely, or there is no birth "
                  "date.",
                  "%u more cannot be judged: an entry cannot be shown safely, or there is no birth "
                  "date.",
                  count),
        count);
  return g_strdup_printf (
      ngettext ("%u more cannot be judged: an entry cannot be shown safely, or not all of this is "
                "on this computer: %s.",
                "%u more cannot be judged: an entry cannot be shown safely, or not all of this is "
                "on this computer: %s.",
                count),
      count, kinds);
}

/* (transfer full) (nullable): who cannot be judged, and why; NULL: everybody can. */
char *
patients_list_words_unjudged (PatientsListModel *model)
{
  guint count = patients_list_model_get_n_unjudged (model);
  gboolean withheld = FALSE;
  const char *missing = patients_list_model_get_missing (model, &withheld);
  g_autofree char *kinds = missing ? dup_kinds (missing) : NULL;

  if (count == 0)
    return NULL;
  if (withheld)
    return dup_withheld (count, kinds);
  if (!kinds)
    return g_strdup_printf (
        ngettext ("%u more cannot be judged: the birth date is not recorded.",
                  "%u more cannot be judged: their birth dates are not recorded.", count),
        count);
  return g_strdup_printf (
      ngettext ("%u more cannot be judged: not all of this is on this computer: %s.",
                "%u more cannot be judged: not all of this is on this computer: %s.", count),
      count, kinds);
}

/* (transfer full): what stands in the place of an empty list. */
char *
patients_list_words_empty (PatientsListModel *model)
{
  if (patients_list_model_get_n_unjudged (model) > 0)
    return g_strdup (_ ("Nobody certainly belongs to this list."));
  return g_strdup (_ ("Nobody belongs to this list."));
}
