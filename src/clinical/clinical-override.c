/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-override.h"

#include <glib/gi18n.h>

#include "clinical-patient.h"
#include "fhir-date.h"

#include <string.h>

/* Why a prescriber goes on all the same. A reason that is coded keeps the same alert in the line
 * for a while; words alone are kept too, and the alert comes again. */

/* Codes and their words: ActDetectedIssueManagementCode of HL7's v3-ActCode, as in the value set
 * hl7.org/fhir valueset-detectedissue-mitigation-action. */
static const ClinicalOverrideReason reasons[] = {
  { "benefit-outweighs-risk", "1", "Therapy Appropriate",
    N_ ("The benefit is greater than the risk") },
  { "tolerated-before", "23", "prior therapy documented",
    N_ ("The patient took it before and tolerated it") },
  { "monitoring", "9", "Instituted Ongoing Monitoring Program",
    N_ ("It will be watched: laboratory, ECG or visits") },
  { "indication", "22", "appropriate indication or diagnosis", N_ ("The indication asks for it") },
  { "assessed", "2", "Assessed Patient", N_ ("I assessed the patient for it") },
  { "no-longer-taken", "7", "Interacting Therapy No Longer Active/Planned",
    N_ ("The other medicine is not taken any more") },
};

static const ClinicalOverrideReason other = { "other", "8", "Other Action Taken",
                                              N_ ("Another reason, in words") };

/* Those that can be chosen; "another reason" is what words alone become. */
const ClinicalOverrideReason *
clinical_override_list_reasons (gsize *n)
{
  *n = G_N_ELEMENTS (reasons);
  return reasons;
}

/**
 * clinical_override_parse:
 * @reason: "benefit-outweighs-risk", "benefit-outweighs-risk: words", or words alone
 * @text: (out) (transfer full): what a person reads
 *
 * Returns: the coded reason; words alone are "other", which keeps no alert quiet
 */
const ClinicalOverrideReason *
clinical_override_parse (const char *reason, char **text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      const char *rest = reason + strlen (reasons[i].id);

      if (!g_str_has_prefix (reason, reasons[i].id) || (*rest != '\0' && *rest != ':'))
        continue;
      *text = *rest == ':' && rest[1] != '\0'
                  ? g_strdup_printf ("%s:%s", reasons[i].display, rest + 1)
                  : g_strdup (reasons[i].display);
      return &reasons[i];
    }
  *text = g_strdup (reason);
  return &other;
}

ClinicalOverride *
clinical_override_new (const char *key, const char *code, const char *text, const char *date)
{
  ClinicalOverride *self = g_new0 (ClinicalOverride, 1);

  self->key = g_strdup (key);
  self->code = g_strdup (code);
  self->text = g_strdup (text);
  self->date = date && strlen (date) >= 10 ? g_strndup (date, 10) : NULL;
  return self;
}

void
clinical_override_free (ClinicalOverride *self)
{
  g_free (self->key);
  g_free (self->code);
  g_free (self->text);
  g_free (self->date);
  g_free (self);
}

static gboolean
quiets (const ClinicalOverride *override, const char *key, const char *today)
{
  int days = clinical_days_between (override->date, today);

  if (g_strcmp0 (override->key, key) != 0 || days == G_MININT || days < 0 ||
      days > CLINICAL_OVERRIDE_DAYS)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (g_strcmp0 (override->code, reasons[i].code) == 0)
      return TRUE;
  return FALSE;
}

/**
 * clinical_override_apply:
 * @overrides: (element-type ClinicalOverride): of this patient
 * @today: as in "2026-11-29"
 *
 * Marks what interrupts and was overridden before, on the same facts, within
 * CLINICAL_OVERRIDE_DAYS. It stays among the findings, with when and why. What blocks stays as it
 * is.
 */
void
clinical_override_apply (GPtrArray *findings, GPtrArray *overrides, const char *today)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

  for (guint i = 0; i < findings->len && overrides->len > 0; i++)
    {
      ClinicalFinding *finding = findings->pdata[i];
      g_autofree char *key = NULL;

      if (finding->answer != CLINICAL_FOUND || finding->blocks ||
          !clinical_finding_needs_reason (finding))
        continue;
      key = clinical_finding_dup_alert_key (finding);
      for (guint j = 0; j < overrides->len && !finding->overridden; j++)
        {
          const ClinicalOverride *override = overrides->pdata[j];
          g_autofree char *day = NULL;

          if (!quiets (override, key, today))
            continue;
          day = fhir_date_format (override->date, utc);
          finding->overridden =
              g_strdup_printf (_ ("Overridden on %s: %s."), day ? day : override->date,
                               override->text ? override->text : "–");
        }
    }
}
