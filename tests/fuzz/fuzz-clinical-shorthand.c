/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "clinical-shorthand.h"
#include "clinical-supply.h"

/* What is typed as a dosage, or sent as its text: either a reason, or dosages of which each that
 * can be said reads back as itself, in every language. */

static void
check_said (ClinicalShorthand *self)
{
  static const char *const languages[] = { "en", "de", "es", "fr", "ja" };
  g_autofree char *text =
      clinical_dosage_say_steps (self->steps, "en", CLINICAL_READER_CLINICIAN, NULL);
  g_autofree char *quantity = clinical_supply_quantity (self->steps, NULL);
  g_autoptr (ClinicalShorthand) back = NULL;

  if (text == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      g_autofree char *other =
          clinical_dosage_say_steps (self->steps, languages[i], CLINICAL_READER_PATIENT, NULL);

      g_assert_true (other != NULL && g_utf8_validate (other, -1, NULL));
    }
  g_assert_true (quantity == NULL || clinical_supply_days (self->steps, quantity) >= 0);
  back = clinical_shorthand_read_text (text, NULL);
  /* a reason of their own words may read as another part: then nothing is claimed */
  if (back == NULL || back->rest != NULL || back->steps->len != self->steps->len)
    return;
  for (guint i = 0; i < self->steps->len; i++)
    {
      const ClinicalDosage *step = self->steps->pdata[i];

      if (step->as_needed_for == NULL)
        g_assert_true (clinical_shorthand_means (step, back->steps->pdata[i]));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (ClinicalShorthand) typed = clinical_shorthand_parse (text, ".", "tablet", &error);
  g_autoptr (ClinicalShorthand) sent = clinical_shorthand_read_text (text, NULL);

  g_assert_true ((typed == NULL) == (error != NULL));
  g_assert_true (error == NULL || g_utf8_validate (error->message, -1, NULL));
  if (typed != NULL)
    check_said (typed);
  return 0;
}
