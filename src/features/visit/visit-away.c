/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-away.h"

#include <glib/gi18n.h>

#include "fhir-date.h"

/* What the patient's page says of a patient who is not there, as a fact with its time. */

/* (transfer full): "14:03" on the clock of this place; now where @since is no instant */
static char *
time_of (const char *since)
{
  FhirDate date;
  gint64 low, high;
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;

  if (since != NULL && fhir_date_parse (since, &date))
    fhir_date_bounds (&date, &low, &high);
  else
    low = g_get_real_time ();
  utc = g_date_time_new_from_unix_utc_usec (low);
  local = g_date_time_to_local (utc);
  return g_date_time_format (local, "%H:%M");
}

/**
 * visit_away_words:
 * @reason: a code of CARE_SIGNAL_AWAY
 * @since: (nullable): an instant
 *
 * Returns: (transfer full) (nullable): a sentence; NULL for a code that this version does not know
 */
char *
visit_away_words (const char *reason, const char *since)
{
  static const struct
  {
    const char *reason, *sentence;
  } words[] = {
    /* Translators: %s is a time, "14:03" */
    { "hidden", N_ ("The patient's page is off their screen since %s: the screen is locked, or "
                    "another app is in front.") },
    { "microphone", N_ ("Something else has the patient's microphone since %s, perhaps a phone "
                        "call.") },
    { "camera", N_ ("Something else has the patient's camera since %s. The patient still hears "
                    "you.") },
  };
  g_autofree char *time = time_of (since);

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (words[i].reason, reason) == 0)
      return g_strdup_printf (_ (words[i].sentence), time);
  return NULL;
}
