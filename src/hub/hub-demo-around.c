/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "hub-demo-private.h"

/* What stands around a patient's history: alerts, goals, who cares for them beside the doctor, and
 * who speaks for them. */

static void
add_alert (HubDemo *demo, const char *group, const char *patient, guint number, char **f)
{
  FhirBuilder *builder = hub_demo_builder (demo, "Flag", group, "alert", number);
  g_autofree char *start = hub_demo_day (demo, atoi (f[2]));
  g_autofree char *author = *f[3] != '\0' ? hub_demo_reference (demo, "Practitioner", "staff", f[3])
                                          : hub_demo_doctor (demo);

  fhir_builder_set_many (builder, "status", "active", "subject.reference", patient, "code.text",
                         f[1], "period.start", start, "author.reference", author, NULL);
  fhir_builder_set_coding (builder, "category.0",
                           "http://terminology.hl7.org/CodeSystem/flag-category", f[0], NULL);
  hub_demo_add (demo, builder);
}

static void
add_goal (HubDemo *demo, const char *group, const char *patient, guint number, char **f)
{
  FhirBuilder *builder = hub_demo_builder (demo, "Goal", group, "goal", number);
  g_autofree char *start = hub_demo_day (demo, atoi (f[1]));
  g_autofree char *doctor = hub_demo_doctor (demo);

  fhir_builder_set_many (builder, "lifecycleStatus", "active", "subject.reference", patient,
                         "description.text", f[0], "startDate", start, "expressedBy.reference",
                         doctor, NULL);
  fhir_builder_set_coding (builder, "achievementStatus",
                           "http://terminology.hl7.org/CodeSystem/goal-achievement", "in-progress",
                           "In Progress");
  if (*f[2] != '\0')
    {
      g_autofree char *due = hub_demo_day (demo, atoi (f[2]));

      fhir_builder_set (builder, "target.0.dueDate", due);
    }
  hub_demo_add (demo, builder);
}

/* "nurse|Diabetes nurse;Daughter: Yumi Sato|Carer": a member of staff, or a name. */
static void
add_team (HubDemo *demo, const char *group, const char *patient)
{
  g_auto (GStrv) members = g_key_file_get_string_list (demo->file, group, "team", NULL, NULL);
  FhirBuilder *builder;

  if (members == NULL)
    return;
  builder = hub_demo_builder (demo, "CareTeam", group, "team", 0);
  fhir_builder_set_many (builder, "status", "active", "subject.reference", patient, NULL);
  for (guint i = 0; members[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (members[i], "|", 2);
      g_autofree char *staff = g_strconcat ("staff ", parts[0], NULL);
      g_autofree char *role = g_strdup_printf ("participant.%u.role.0.text", i);
      g_autofree char *member =
          g_strdup_printf ("participant.%u.member.%s", i,
                           g_key_file_has_group (demo->file, staff) ? "reference" : "display");
      g_autofree char *reference = hub_demo_reference (demo, "Practitioner", "staff", parts[0]);

      fhir_builder_set (builder, role, parts[1]);
      fhir_builder_set (builder, member,
                        g_key_file_has_group (demo->file, staff) ? reference : parts[0]);
    }
  hub_demo_add (demo, builder);
}

/* Who speaks for the patient, as the desk would have written it down. */
static void
add_proxy (HubDemo *demo, const char *group, const char *patient)
{
  g_auto (GStrv) f = hub_demo_fields (demo, group, "proxy", 1, 6);
  g_autofree char *start = NULL;
  FhirBuilder *builder;

  if (f == NULL)
    return;
  start = hub_demo_day (demo, atoi (f[5]));
  builder = hub_demo_builder (demo, "RelatedPerson", group, "proxy", 1);
  fhir_builder_set_boolean (builder, "active", TRUE);
  fhir_builder_set_many (builder, "patient.reference", patient, "name.0.family", f[2],
                         "name.0.given.0", f[3], "telecom.0.system", "phone", "telecom.0.value",
                         f[4], "period.start", start, NULL);
  fhir_builder_set_coding (builder, "relationship.0",
                           "http://terminology.hl7.org/CodeSystem/v3-RoleCode", f[0], f[1]);
  hub_demo_add (demo, builder);
}

void
hub_demo_add_around (HubDemo *demo, const char *group, const char *patient)
{
  const struct
  {
    const char *stem;
    void (*add) (HubDemo *, const char *, const char *, guint, char **);
  } parts[] = { { "alert", add_alert }, { "goal", add_goal } };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    for (guint number = 1;; number++)
      {
        g_auto (GStrv) fields = hub_demo_fields (demo, group, parts[i].stem, number, 4);

        if (fields == NULL)
          break;
        parts[i].add (demo, group, patient, number, fields);
      }
  add_team (demo, group, patient);
  add_proxy (demo, group, patient);
}
