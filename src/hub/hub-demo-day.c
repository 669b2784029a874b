/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "hub-demo-private.h"

/* The day in progress: who is booked, who waits and who was seen. */

#define EXTENSION "https://bedside.health/fhir/StructureDefinition/"
#define SLOT      20

/* Slot 0 begins at the last full twenty minutes; no slot leaves the day. */
static int
slot_minutes (HubDemo *demo, int slot)
{
  int now = g_date_time_get_hour (demo->now) * 60 + g_date_time_get_minute (demo->now);
  int minutes = now / SLOT * SLOT + slot * SLOT;

  return CLAMP (minutes, 0, 24 * 60 - SLOT / 4);
}

static void
add_appointment (HubDemo *demo, const char *group, const char *patient, char **f)
{
  int minutes = slot_minutes (demo, atoi (f[0]));
  g_autofree char *start = hub_demo_instant (demo, 0, minutes);
  g_autofree char *end =
      hub_demo_instant (demo, 0, minutes + 15 < 24 * 60 ? minutes + 15 : minutes);
  g_autofree char *doctor = hub_demo_doctor (demo);
  const char *status = g_str_equal (f[1], "done")      ? "fulfilled"
                       : g_str_equal (f[1], "waiting") ? "arrived"
                       : g_str_equal (f[1], "missed")  ? "noshow"
                                                       : "booked";
  FhirBuilder *builder = hub_demo_builder (demo, "Appointment", group, "today", 0);

  fhir_builder_set_many (builder, "status", status, "start", start, "end", end, "reasonCode.0.text",
                         f[2], "participant.0.actor.reference", patient, "participant.0.status",
                         "accepted", "participant.1.actor.reference", doctor,
                         "participant.1.status", "accepted", NULL);
  fhir_builder_set_coding (builder, "appointmentType",
                           "http://terminology.hl7.org/CodeSystem/v3-ActCode", "VR", "Virtual");
  hub_demo_add (demo, builder);
}

static FhirBuilder *
encounter_of_today (HubDemo *demo, const char *group, const char *patient, char **f)
{
  g_autofree char *key = g_strdup_printf ("%s/today/0", group);
  g_autofree char *appointment = hub_demo_reference (demo, "Appointment", "Appointment", key);
  FhirBuilder *builder = hub_demo_builder (demo, "Encounter", group, "today", 0);

  fhir_builder_set_many (builder, "class.system",
                         "http://terminology.hl7.org/CodeSystem/v3-ActCode", "class.code", "VR",
                         "class.display", "virtual", "subject.reference", patient,
                         "appointment.0.reference", appointment, "reasonCode.0.text", f[2], NULL);
  return builder;
}

/* The device test: everything well but the network, which is slow. */
static void
set_device_test (FhirBuilder *builder, const char *path)
{
  static const char *const parts[][2] = {
    { "camera", "ok" }, { "microphone", "ok" }, { "speaker", "ok" }, { "network", "amber" }
  };
  g_autofree char *url = g_strconcat (path, ".url", NULL);

  fhir_builder_set (builder, url, EXTENSION "visit-device-test");
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s.extension.%u.url", path, i);
      g_autofree char *value = g_strdup_printf ("%s.extension.%u.valueCode", path, i);

      fhir_builder_set (builder, name, parts[i][0]);
      fhir_builder_set (builder, value, parts[i][1]);
    }
  g_autofree char *name = g_strconcat (path, ".extension.4.url", NULL);
  g_autofree char *value = g_strconcat (path, ".extension.4.valueString", NULL);

  fhir_builder_set (builder, name, "summary");
  fhir_builder_set (builder, value, "Camera, microphone and speaker ok; slow network, 0.9 Mbit/s");
}

static void
add_waiting (HubDemo *demo, const char *group, const char *patient, char **f)
{
  FhirBuilder *builder = encounter_of_today (demo, group, patient, f);
  g_autofree char *since = hub_demo_now (demo, -4);
  g_autofree char *phone = g_key_file_get_string (demo->file, group, "phone", NULL);
  g_auto (GStrv) address = g_key_file_get_string_list (demo->file, group, "address", NULL, NULL);
  g_autofree char *place = g_strdup_printf ("At home: %s, %s", address[0], address[1]);

  fhir_builder_set_many (builder, "status", "arrived", "statusHistory.0.status", "arrived",
                         "statusHistory.0.period.start", since, "period.start", since,
                         "extension.0.url", EXTENSION "visit-stated-location",
                         "extension.0.valueString", place, "extension.1.url",
                         EXTENSION "visit-callback-number", "extension.1.valueString", phone,
                         "extension.2.url", EXTENSION "visit-identity", "extension.2.valueCode",
                         "date-of-birth-typed", "extension.3.url", EXTENSION "visit-waiting-since",
                         "extension.3.valueInstant", since, NULL);
  set_device_test (builder, "extension.4");
  hub_demo_add (demo, builder);
}

static void
add_done (HubDemo *demo, const char *group, const char *patient, char **f)
{
  g_autofree char *note = g_key_file_get_string (demo->file, group, "today", NULL);
  const char *text = strrchr (note, '|') + 1;
  g_autofree char *data = g_base64_encode ((const guchar *) text, strlen (text));
  int minutes = slot_minutes (demo, atoi (f[0]));
  g_autofree char *start = hub_demo_instant (demo, 0, minutes);
  int now = g_date_time_get_hour (demo->now) * 60 + g_date_time_get_minute (demo->now);
  g_autofree char *end = hub_demo_instant (demo, 0, MIN (minutes + 12, now)); /* it is over */
  g_autofree char *doctor = hub_demo_doctor (demo);
  g_autofree char *key = g_strdup_printf ("%s/today/0", group);
  g_autofree char *encounter = hub_demo_reference (demo, "Encounter", "Encounter", key);
  FhirBuilder *builder = encounter_of_today (demo, group, patient, f);

  fhir_builder_set_many (builder, "status", "finished", "statusHistory.0.status", "in-progress",
                         "statusHistory.0.period.start", start, "statusHistory.0.period.end", end,
                         "period.start", start, "period.end", end,
                         "participant.0.individual.reference", doctor, "participant.0.period.start",
                         start, "participant.0.period.end", end, "extension.0.url",
                         EXTENSION "visit-outcome", "extension.0.valueCode", "settled",
                         "extension.1.url", EXTENSION "visit-identity", "extension.1.valueCode",
                         "confirmed", NULL);
  hub_demo_add (demo, builder);
  builder = hub_demo_builder (demo, "DocumentReference", group, "today", 0);
  fhir_builder_set_many (builder, "status", "current", "docStatus", "final", "subject.reference",
                         patient, "author.0.reference", doctor, "date", end,
                         "context.encounter.0.reference", encounter,
                         "content.0.attachment.contentType", "text/plain; charset=utf-8",
                         "content.0.attachment.data", data, "description", f[2], NULL);
  fhir_builder_set_coding (builder, "type", HUB_DEMO_LOINC, "11506-3", "Progress note");
  hub_demo_add (demo, builder);
}

/* Today's appointment with what came of it so far. */
void
hub_demo_add_day (HubDemo *demo, const char *group, const char *patient)
{
  g_auto (GStrv) today = hub_demo_fields (demo, group, "today", 0, 3);

  if (today == NULL)
    return;
  add_appointment (demo, group, patient, today);
  if (g_str_equal (today[1], "waiting"))
    add_waiting (demo, group, patient, today);
  else if (g_str_equal (today[1], "done"))
    add_done (demo, group, patient, today);
}
