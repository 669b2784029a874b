/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-log.h"

/* Patient data reaches a log only as a separate argument, and is masked there: the mask is a keyed
 * digest of this process, so two lines about one patient can be matched and nobody can be named. */

static char *
process_key (void)
{
  static char *key;

  if (g_once_init_enter_pointer (&key))
    g_once_init_leave_pointer (&key, g_uuid_string_random ());
  return key;
}

/**
 * base_log_mask:
 * @patient_data: (nullable): a name, an id, a date of birth
 *
 * Returns: (transfer full): eight hex digits that stand for it in this process's log
 */
char *
base_log_mask (const char *patient_data)
{
  const char *key = process_key ();
  g_autofree char *digest = NULL;

  if (patient_data == NULL)
    return g_strdup ("none");
  digest =
      g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guint8 *) key, 36, patient_data, -1);
  return g_strndup (digest, 8);
}

/**
 * base_log_patient:
 * @event: what happened, with no patient data in it
 * @patient_data: (nullable): whom it was about; logged masked
 */
void
base_log_patient (GLogLevelFlags level, const char *event, const char *patient_data)
{
  g_autofree char *mask = base_log_mask (patient_data);

  g_log (G_LOG_DOMAIN, level, "%s [patient %s]", event, mask);
}
