/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-visit-facts.h"

#include <string.h>

#include "hub-records.h"

/* What the patient's page found out on the way into the visit: the device test step by step, and
 * the language that it is read in. It stands on the Encounter; while there is none yet, on the
 * Appointment, so that the clinic sees each step when it happens and not when the patient waits. */

#define DEVICE_TEST HUB_VISIT_EXTENSION "visit-device-test"
#define LANGUAGE    HUB_VISIT_EXTENSION "visit-language"
#define WHO         "patient by join link"

/**
 * hub_visit_add_extension:
 * @name: the last part of its address
 * @value: (nullable): NULL adds none
 */
void
hub_visit_add_extension (FhirBuilder *builder,
                         const char *name,
                         const char *value_name,
                         const char *value)
{
  gsize at = fhir_builder_get_length (builder, "extension");
  g_autofree char *url = g_strconcat (HUB_VISIT_EXTENSION, name, NULL);
  g_autofree char *url_path = g_strdup_printf ("extension.%" G_GSIZE_FORMAT ".url", at);
  g_autofree char *value_path =
      g_strdup_printf ("extension.%" G_GSIZE_FORMAT ".%s", at, value_name);

  if (value == NULL)
    return;
  fhir_builder_set (builder, url_path, url);
  fhir_builder_set (builder, value_path, value);
}

/* One part of the device test, which is the extension at @at. */
static void
add_part (FhirBuilder *builder, gsize at, const char *name, const char *type, const char *value)
{
  g_autofree char *parts = g_strdup_printf ("extension.%" G_GSIZE_FORMAT ".extension", at);
  g_autofree char *url = NULL;
  g_autofree char *path = NULL;
  gsize count;

  if (value == NULL)
    return;
  count = fhir_builder_get_length (builder, parts);
  url = g_strdup_printf ("%s.%" G_GSIZE_FORMAT ".url", parts, count);
  path = g_strdup_printf ("%s.%" G_GSIZE_FORMAT ".%s", parts, count, type);
  fhir_builder_set (builder, url, name);
  fhir_builder_set (builder, path, value);
}

/* "camera:denied network:slow" as parts of their own: camera-why, network-why. */
static void
add_reasons (FhirBuilder *builder, gsize at, const char *why)
{
  g_auto (GStrv) reasons = g_strsplit (why != NULL ? why : "", " ", -1);

  for (char **reason = reasons; *reason != NULL; reason++)
    {
      char *colon = strchr (*reason, ':');
      g_autofree char *name = NULL;

      if (colon == NULL)
        continue;
      *colon = '\0';
      name = g_strconcat (*reason, "-why", NULL);
      add_part (builder, at, name, "valueCode", colon + 1);
    }
}

/* Who refused the video is rung instead, whatever the devices could do. */
static const char *
video_of (HubJoin *join)
{
  return join->consents != NULL && strstr (join->consents, "video:deny") != NULL ? "refused" : NULL;
}

/**
 * hub_visit_add_facts:
 *
 * Adds to what stands in @builder's extensions; the caller has taken older ones out.
 */
void
hub_visit_add_facts (FhirBuilder *builder, HubJoin *join)
{
  const struct
  {
    const char *name, *value;
  } steps[] = {
    { "camera", join->camera },
    { "microphone", join->microphone },
    { "speaker", join->speaker },
    { "network", join->network },
  };
  gsize at = fhir_builder_get_length (builder, "extension");
  g_autofree char *url = g_strdup_printf ("extension.%" G_GSIZE_FORMAT ".url", at);

  fhir_builder_set (builder, url, DEVICE_TEST);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    add_part (builder, at, steps[i].name, "valueCode",
              steps[i].value != NULL ? steps[i].value : "unknown");
  add_part (builder, at, "summary", "valueString", join->summary);
  add_reasons (builder, at, join->why);
  add_part (builder, at, "video", "valueCode", video_of (join));
  add_part (builder, at, "measure", "valueString", join->measure);
  add_part (builder, at, "browser", "valueString", join->browser);
  hub_visit_add_extension (builder, "visit-language", "valueCode", join->language);
}

static gboolean
tell_booking (HubRecords *records, HubJoin *join, GError **error)
{
  g_autoptr (FhirResource) before =
      hub_records_get (records, "Appointment", join->appointment, error);
  g_autoptr (FhirBuilder) builder = NULL;
  g_autoptr (FhirResource) after = NULL;

  if (before == NULL)
    return FALSE;
  builder = fhir_builder_new_from (before);
  fhir_builder_remove (builder, "extension");
  fhir_element_foreach (extension, fhir_resource_path (before, "extension"))
    {
      const char *url = fhir_element_path_text (extension, "url");
      g_autofree char *path = NULL;

      if (g_strcmp0 (url, DEVICE_TEST) == 0 || g_strcmp0 (url, LANGUAGE) == 0)
        continue;
      path = g_strdup_printf ("extension.%" G_GSIZE_FORMAT,
                              fhir_builder_get_length (builder, "extension"));
      fhir_builder_set_element (builder, path, extension);
    }
  hub_visit_add_facts (builder, join);
  after = fhir_builder_end (builder);
  return hub_records_put (records, before, after, WHO, join->patient, "device test", NULL, error);
}

/**
 * hub_visit_tell:
 *
 * Writes what @join knows to where the clinic looks now. A visit that has begun is the
 * workstation's, and nothing is written to it.
 */
gboolean
hub_visit_tell (HubRecords *records, HubJoin *join, GError **error)
{
  return join->encounter != NULL ? hub_visit_update (records, join, error)
                                 : tell_booking (records, join, error);
}
