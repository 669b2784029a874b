/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "visit-clinic.h"

#include <string.h>

#include "../support/content-tables.h"
#include "hub-patient-information.h"

/* A patient in the waiting room, and what the page is told of medicines. */

G_BEGIN_DECLS

#define INFORMATION                                                                                \
  CONTENT_HEAD "# expires: %s\n"                                                                   \
               "rxcui\tname\tlanguage\twhat\thow\twatch\tsource\treviewer\treviewed\n"             \
               "723\tamoxicillin\ten\tFor infections.\tFinish the course.\tA rash: get help.\t"    \
               "unverified\t\t\n"                                                                  \
               "723\tamoxicillin\tde\tGegen Infektionen.\tBis zum Ende nehmen.\tAusschlag: Hilfe " \
               "holen.\tunverified\t\t\n"

typedef struct
{
  VisitClinic *clinic;
  char *encounter;
  char *folder;
} Case;

static inline void
medicines_set_up (Case *self, gconstpointer expires)
{
  g_autofree char *table = g_strdup_printf (INFORMATION, (const char *) expires);
  g_autoptr (StoreContent) content = NULL;
  g_autofree char *path = NULL;

  self->clinic = visit_clinic_new ();
  self->encounter = visit_clinic_wait (self->clinic);
  self->folder = content_tables_new ();
  content_tables_write (self->folder, "drug-information.tsv", table);
  path = content_tables_make (self->folder);
  content = store_content_new (path, self->clinic->clock);
  hub_patient_set_content (self->clinic->server, content);
}

static inline void
medicines_tear_down (Case *self, gconstpointer expires)
{
  visit_clinic_free (self->clinic);
  content_tables_remove (self->folder);
  g_free (self->encounter);
}

/* ---- asking ---- */

static inline JsonNode *
ask (Case *self, const char *method, const char *action, const char *body, guint wanted)
{
  guint status;
  g_autofree char *answer = visit_clinic_page (self->clinic, method, action, body, &status);
  g_autoptr (GError) error = NULL;
  JsonNode *node;

  g_test_message ("%s %s %s: %u %s", method, action, body ? body : "", status, answer);
  g_assert_cmpuint (status, ==, wanted);
  node = json_from_string (answer, &error);
  g_assert_no_error (error);
  return node;
}

static inline void
tell (Case *self, const char *action, const char *body, guint wanted)
{
  g_autoptr (JsonNode) answer = ask (self, "POST", action, body, wanted);
}

/* The nth of a list of the answer. */
static inline JsonObject *
nth (JsonNode *answer, const char *list, guint index)
{
  JsonArray *array = json_object_get_array_member (json_node_get_object (answer), list);

  g_assert_cmpuint (index, <, json_array_get_length (array));
  return json_array_get_object_element (array, index);
}

static inline guint
length (JsonNode *answer, const char *list)
{
  return json_array_get_length (json_object_get_array_member (json_node_get_object (answer), list));
}

static inline const char *
text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

/* ---- the records ---- */

/* @more: further members, each with a comma in front */
static inline void
put_order (Case *self, const char *id, const char *patient, const char *encounter, const char *more)
{
  g_autofree char *reference =
      encounter != NULL
          ? g_strdup_printf (",\"encounter\":{\"reference\":\"Encounter/%s\"}", encounter)
          : g_strdup ("");
  g_autofree char *json = g_strdup_printf (
      "{\"resourceType\":\"MedicationRequest\",\"id\":\"%s\",\"status\":\"active\",\"intent\":"
      "\"order\",\"subject\":{\"reference\":\"Patient/%s\"},\"authoredOn\":\"2026-10-01\","
      "\"medicationCodeableConcept\":{\"coding\":[{\"system\":"
      "\"http://www.nlm.nih.gov/research/umls/rxnorm\",\"code\":\"308191\"}],\"text\":"
      "\"Amoxicillin 500 mg capsule\"},\"reasonCode\":[{\"text\":\"sore throat\"}],"
      "\"dosageInstruction\":[{\"patientInstruction\":\"Take 1 capsule 3 times a day.\"}]%s%s}",
      id, patient, reference, more);

  visit_clinic_put (self->clinic, json);
}

#define MEDICINES_ADD(path, function)                                                              \
  g_test_add (path, Case, "2027-11-29", medicines_set_up, function, medicines_tear_down)

G_END_DECLS
