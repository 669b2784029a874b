/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-prescription-stage.h"

#include <glib/gi18n.h>

#include "care-prescription-private.h"
#include "care-prescription-weight.h"

/* One chain for every place that shows a prescription: nobody has to guess whether what stands in a
 * list was checked, signed or sent. */

static const char *const chain[CARE_STAGES] = {
  N_ ("Draft"), N_ ("Checked"),      N_ ("Signed"),    N_ ("Queued"),
  N_ ("Sent"),  N_ ("Acknowledged"), N_ ("Dispensed"), N_ ("Completed"),
};

typedef enum
{
  AT_DRAFT,
  AT_CHECKED,
  AT_SIGNED,
  AT_QUEUED,
  AT_SENT,
  AT_ACKNOWLEDGED,
  AT_DISPENSED,
  AT_COMPLETED,
} At;

static const struct
{
  const char *nick;
  guint at;
  const char *word; /* NULL: as in the chain */
  gboolean last;    /* nothing follows */
} stages[] = {
  { CARE_STAGE_DRAFT, AT_DRAFT, NULL, FALSE },
  { CARE_STAGE_CHECKED, AT_CHECKED, NULL, FALSE },
  { "resting", AT_SIGNED, NULL, FALSE },
  { "waiting", AT_QUEUED, NULL, FALSE },
  { "not-sent", AT_QUEUED, N_ ("Queued, not sent"), FALSE },
  { "held", AT_QUEUED, N_ ("Held back"), FALSE },
  { "unknown", AT_SENT, N_ ("Unknown, reconciling"), FALSE },
  { "refused", AT_SENT, N_ ("Refused"), FALSE },
  { "sent", AT_SENT, NULL, FALSE },
  { "chosen", AT_SENT, NULL, FALSE },
  { "acknowledged", AT_ACKNOWLEDGED, NULL, FALSE },
  { "on-hold", AT_ACKNOWLEDGED, N_ ("Acknowledged, on hold"), FALSE },
  { "declined", AT_ACKNOWLEDGED, N_ ("Acknowledged, declined"), FALSE },
  { "ready", AT_ACKNOWLEDGED, N_ ("Acknowledged, ready"), FALSE },
  { "partly-dispensed", AT_DISPENSED, N_ ("Partly dispensed"), FALSE },
  { "dispensed", AT_DISPENSED, NULL, FALSE },
  { "not-collected", AT_DISPENSED, N_ ("Not collected"), FALSE },
  { "completed", AT_COMPLETED, NULL, TRUE },
  { "cancelled", AT_SENT, N_ ("Cancelled"), TRUE },
  { "cancel-asked", AT_SENT, N_ ("Cancelled, not confirmed"), TRUE },
  { "cancel-failed", AT_SENT, N_ ("Cancelled, not stopped"), TRUE },
};

/**
 * care_prescription_stages:
 * @stages: (out caller-allocates): the chain with @nick in its place
 *
 * Returns: FALSE for a nick that is none
 */
gboolean
care_prescription_stages (const char *nick, CareStages *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (stages); i++)
    {
      if (g_strcmp0 (stages[i].nick, nick) != 0)
        continue;
      out->at = stages[i].at;
      out->n = stages[i].last ? out->at + 1 : CARE_STAGES;
      for (guint j = 0; j < out->n; j++)
        out->words[j] = _ (chain[j]);
      if (stages[i].word)
        out->words[out->at] = _ (stages[i].word);
      return TRUE;
    }
  return FALSE;
}

/**
 * care_prescription_stage_get_word:
 *
 * Returns: (nullable): what the stage of @nick is called
 */
const char *
care_prescription_stage_get_word (const char *nick)
{
  CareStages found;

  return care_prescription_stages (nick, &found) ? found.words[found.at] : NULL;
}

/**
 * care_prescription_stage_of:
 * @content: (nullable): the clinical content; without it nothing was checked
 *
 * Returns: the nick of an unsigned prescription's stage, by what the checks say of it now. A reason
 *   that somebody is typing is not on disk: what needs one is a draft.
 */
const char *
care_prescription_stage_of (StoreConnection *connection,
                            CarePrescriptionDraft *draft,
                            ClinicalContent *content)
{
  g_autoptr (GPtrArray) findings = content && care_prescription_draft_is_complete (draft, NULL) &&
                                           care_prescription_weight_stands (connection, draft, NULL)
                                       ? care_prescription_check (connection, draft, content, NULL)
                                       : NULL;

  for (guint i = 0; findings && i < findings->len; i++)
    if (clinical_finding_needs_reason (findings->pdata[i]))
      return CARE_STAGE_DRAFT;
  return findings ? CARE_STAGE_CHECKED : CARE_STAGE_DRAFT;
}
