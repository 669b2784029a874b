/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "hub-demo-private.h"

/* What waits for somebody at the clinic: patients' messages, results that nobody has read, refills
 * that were asked for, and the prescription that a pharmacy could not supply. */

static int
minutes_of (const char *field)
{
  return -atoi (field);
}

/* Somebody of the clinic wrote back, an hour later. */
static void
add_reply (
    HubDemo *demo, const char *group, const char *patient, guint number, const char *to, char **f)
{
  FhirBuilder *builder = hub_demo_builder (demo, "Communication", group, "reply", number);
  g_autofree char *sent = hub_demo_now (demo, minutes_of (f[2]) + 62);
  g_autofree char *nurse = hub_demo_reference (demo, "Practitioner", "staff", "nurse");

  fhir_builder_set_many (builder, "status", "completed", "subject.reference", patient,
                         "inResponseTo.0.reference", to, "sender.reference", nurse,
                         "recipient.0.reference", patient, "sent", sent, "payload.0.contentString",
                         f[4], NULL);
  hub_demo_add (demo, builder);
}

/* The task that a message is for whoever reads it; done where it was answered. */
static void
add_message_task (HubDemo *demo,
                  const char *group,
                  const char *patient,
                  guint number,
                  const char *about,
                  char **f)
{
  FhirBuilder *builder = hub_demo_builder (demo, "Task", group, "message", number);
  g_autofree char *sent = hub_demo_now (demo, minutes_of (f[2]));
  gboolean answered = *f[4] != '\0';

  fhir_builder_set_many (builder, "status", answered ? "completed" : "requested", "intent", "order",
                         "priority", f[0], "description", f[3], "focus.reference", about,
                         "for.reference", patient, "authoredOn", sent, NULL);
  fhir_builder_set_coding (builder, "code", HUB_DEMO_TASK, "message", NULL);
  if (answered)
    {
      g_autofree char *nurse = hub_demo_reference (demo, "Practitioner", "staff", "nurse");
      g_autofree char *done = hub_demo_now (demo, minutes_of (f[2]) + 63);

      fhir_builder_set_many (builder, "lastModified", done, "owner.reference", nurse, NULL);
    }
  hub_demo_add (demo, builder);
}

static void
add_message (HubDemo *demo, const char *group, const char *patient, guint number, char **f)
{
  g_autofree char *sent = hub_demo_now (demo, minutes_of (f[2]));
  g_autofree char *key = g_strdup_printf ("%s/message/%u", group, number);
  g_autofree char *about = hub_demo_reference (demo, "Communication", "Communication", key);
  FhirBuilder *builder = hub_demo_builder (demo, "Communication", group, "message", number);

  fhir_builder_set_many (builder, "status", "completed", "subject.reference", patient,
                         "sender.reference", patient, "sent", sent, "received", sent,
                         "payload.0.contentString", f[1], NULL);
  hub_demo_add (demo, builder);
  add_message_task (demo, group, patient, number, about, f);
  if (*f[4] != '\0')
    add_reply (demo, group, patient, number, about, f);
}

/* "Observation LOINC/NUMBER" or "MedicationRequest NUMBER", as the chart's builders name them. */
static char *
focus_of (HubDemo *demo, const char *group, const char *words)
{
  g_auto (GStrv) parts = g_strsplit (words, " ", 2);
  g_autofree char *key = NULL;

  if (g_strv_length (parts) != 2)
    return NULL;
  key = g_str_equal (parts[0], "MedicationRequest")
            ? g_strdup_printf ("%s/medicine/%s", group, parts[1])
            : g_strdup_printf ("%s/%s", group, parts[1]);
  return hub_demo_reference (demo, parts[0], parts[0], key);
}

static void
add_task (HubDemo *demo, const char *group, const char *patient, guint number, char **f)
{
  FhirBuilder *builder = hub_demo_builder (demo, "Task", group, "task", number);
  g_autofree char *authored = hub_demo_now (demo, minutes_of (f[3]));
  g_autofree char *focus = focus_of (demo, group, f[4]);

  fhir_builder_set_many (builder, "status", "requested", "intent", "order", "priority", f[2],
                         "description", f[1], "for.reference", patient, "authoredOn", authored,
                         NULL);
  fhir_builder_set (builder, "focus.reference", focus);
  fhir_builder_set_coding (builder, "code", HUB_DEMO_TASK, f[0], NULL);
  if (*f[5] != '\0')
    {
      g_autofree char *due = hub_demo_day (demo, atoi (f[5]));

      fhir_builder_set (builder, "restriction.period.end", due);
    }
  hub_demo_add (demo, builder);
}

/* What the pharmacy answered yesterday, and the clinic's own task about it. */
static void
add_refused (HubDemo *demo, const char *group, const char *patient, char **f)
{
  g_autofree char *key = g_strdup_printf ("%s/medicine/%s", group, f[0]);
  g_autofree char *focus = hub_demo_reference (demo, "MedicationRequest", "MedicationRequest", key);
  g_autofree char *owner = hub_demo_reference (demo, "Organization", "pharmacy", f[1]);
  g_autofree char *asked = hub_demo_instant (demo, -1, 11 * 60 + 42);
  g_autofree char *answered = hub_demo_instant (demo, -1, 16 * 60 + 5);
  g_autofree char *name_key = g_strconcat ("pharmacy ", f[1], NULL);
  g_autofree char *name = g_key_file_get_string (demo->file, name_key, "name", NULL);
  g_autofree char *words = g_strdup_printf ("%s cannot supply this prescription: %s", name, f[3]);
  FhirBuilder *builder = hub_demo_builder (demo, "Task", group, "dispense", (guint) atoi (f[0]));

  fhir_builder_set_many (builder, "status", "rejected", "statusReason.text", f[3], "intent",
                         "order", "focus.reference", focus, "for.reference", patient, "authoredOn",
                         asked, "lastModified", answered, "requester.reference", patient,
                         "owner.reference", owner, NULL);
  fhir_builder_set_coding (builder, "code", HUB_DEMO_TASK, "dispense", "Dispense");
  fhir_builder_set_coding (builder, "input.0.type", HUB_DEMO_TASK, "supply-mode", NULL);
  fhir_builder_set (builder, "input.0.valueCode", f[2]);
  hub_demo_add (demo, builder);
  builder = hub_demo_builder (demo, "Task", group, "refused", 0);
  fhir_builder_set_many (builder, "status", "requested", "intent", "order", "priority", "urgent",
                         "description", words, "focus.reference", focus, "for.reference", patient,
                         "authoredOn", answered, "requester.reference", owner, NULL);
  fhir_builder_set_coding (builder, "code", HUB_DEMO_TASK, "prescription-refused", NULL);
  hub_demo_add (demo, builder);
}

void
hub_demo_add_inbox (HubDemo *demo, const char *group, const char *patient)
{
  const struct
  {
    const char *stem;
    guint fields;
    void (*add) (HubDemo *, const char *, const char *, guint, char **);
  } parts[] = { { "message", 5, add_message }, { "task", 6, add_task } };
  g_auto (GStrv) refused = hub_demo_fields (demo, group, "refused", 0, 4);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    for (guint number = 1;; number++)
      {
        g_auto (GStrv) fields =
            hub_demo_fields (demo, group, parts[i].stem, number, parts[i].fields);

        if (fields == NULL)
          break;
        parts[i].add (demo, group, patient, number, fields);
      }
  if (refused != NULL)
    add_refused (demo, group, patient, refused);
}
