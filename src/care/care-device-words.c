/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-device-words.h"

#include <glib/gi18n.h>

#include "care-extension.h"

/* A patient's device test in the clinic's words: what fails and why, so that reception knows what
 * to say to whoever rings. The hub keeps codes; the patient's page says the same in the patient's
 * language. */

static const struct
{
  const char *step, *why, *words;
} reasons[] = {
  { "camera", "denied", N_ ("camera not allowed in the browser") },
  { "camera", "denied-system", N_ ("camera not allowed by the device's settings") },
  { "camera", "none", N_ ("no camera found") },
  { "camera", "taken", N_ ("camera in use by another program") },
  { "camera", "dark", N_ ("camera picture dark") },
  { "camera", "in-app", N_ ("camera not available inside another app") },
  { "camera", "insecure", N_ ("link opened without a secure connection") },
  { "camera", NULL, N_ ("camera does not work") },
  { "microphone", "denied", N_ ("microphone not allowed in the browser") },
  { "microphone", "denied-system", N_ ("microphone not allowed by the device's settings") },
  { "microphone", "none", N_ ("no microphone found") },
  { "microphone", "taken", N_ ("microphone in use by another program") },
  { "microphone", "quiet", N_ ("nothing heard from the microphone") },
  { "microphone", "in-app", N_ ("microphone not available inside another app") },
  { "microphone", NULL, N_ ("microphone does not work") },
  { "speaker", "unheard", N_ ("test sound not heard") },
  { "speaker", NULL, N_ ("speaker does not work") },
  { "network", "unreachable", N_ ("connection could not be measured") },
  { "network", "socket", N_ ("network lets web pages through only") },
  { "network", "webrtc", N_ ("browser allows no video calls") },
  { "network", "blocked", N_ ("network blocks video calls") },
  { "network", "relay", N_ ("video by a relay only") },
  { "network", "slow", N_ ("slow connection") },
  { "network", NULL, N_ ("connection doubtful") },
};

static const char *const steps[] = { "camera", "microphone", "speaker", "network" };

static const char *
code_of (const FhirElement *test, const char *part)
{
  return fhir_element_path_text (care_extension_in (test, part), "valueCode");
}

static const char *
words_for (const char *step, const char *why)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (g_str_equal (reasons[i].step, step) &&
        (reasons[i].why == NULL || g_strcmp0 (reasons[i].why, why) == 0))
      return _ (reasons[i].words);
  return step;
}

static void
add (GString *text, const char *words)
{
  if (words)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", words);
}

/* Returns: how many steps there is something to say of */
static guint
add_problems (GString *text, const FhirElement *test, guint *untested)
{
  guint problems = 0;

  *untested = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      const char *result = code_of (test, steps[i]);
      g_autofree char *part = g_strconcat (steps[i], "-why", NULL);

      if (g_strcmp0 (result, "failed") == 0 || g_strcmp0 (result, "amber") == 0)
        {
          add (text, words_for (steps[i], code_of (test, part)));
          problems++;
        }
      else if (g_strcmp0 (result, "ok") != 0)
        (*untested)++;
    }
  return problems;
}

/**
 * care_device_words:
 * @test: (nullable): the extension visit-device-test
 *
 * Returns: (transfer full) (nullable): one line; NULL where nothing was tested
 */
char *
care_device_words (const FhirElement *test)
{
  const char *summary = fhir_element_path_text (care_extension_in (test, "summary"), "valueString");
  const char *measure = fhir_element_path_text (care_extension_in (test, "measure"), "valueString");
  const char *browser = fhir_element_path_text (care_extension_in (test, "browser"), "valueString");
  gboolean refused = g_strcmp0 (code_of (test, "video"), "refused") == 0;
  g_autoptr (GString) text = g_string_new (NULL);
  guint untested, problems;

  /* a page of before, or another program, that says it in words of its own */
  if (!refused && (!browser || summary))
    return g_strdup (summary);
  if (refused)
    add (text, _ ("wants to be rung: no video"));
  problems = add_problems (text, test, &untested);
  if (problems == 0 && untested == 0)
    add (text, _ ("camera, sound and connection work"));
  else if (problems == 0 && untested < G_N_ELEMENTS (steps))
    add (text, _ ("what was tested works"));
  add (text, measure);
  if (problems > 0)
    add (text, browser);
  return text->len > 0 ? g_string_free_and_steal (g_steal_pointer (&text)) : NULL;
}
