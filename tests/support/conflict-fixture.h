/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-fixture.h"
#include "sync-setting.h"

/* A prescription that the doctor here made twice a day while the nurse's station stopped it. */
#define CONFLICT_ORDER(version, updated, rest)                                                     \
  "{'resourceType':'MedicationRequest','id':'m1','meta':{'versionId':'" version                    \
  "','lastUpdated':'" updated "'},'intent':'order','subject':{'reference':'Patient/jane'},"        \
  "'medicationCodeableConcept':{'text':'amoxicillin 500 mg capsule'},"                             \
  "'authoredOn':'2026-11-20'," rest "}"
#define CONFLICT_DOSE(frequency)                                                                   \
  "'dosageInstruction':[{'timing':{'repeat':{'frequency':" frequency ",'period':1,"                \
  "'periodUnit':'d'}},'doseAndRate':[{'doseQuantity':{'value':1,'unit':'capsule'}}]}]"

static inline FhirResource *
conflict_fixture_parse (const char *json)
{
  g_auto (GStrv) parts = g_strsplit (json, "'", -1);
  g_autofree char *text = g_strjoinv ("\"", parts);
  g_autoptr (GError) error = NULL;
  FhirResource *resource = fhir_resource_parse (text, -1, &error);

  g_assert_no_error (error);
  return resource;
}

/* What one station wrote on top of @base, and what the server had meanwhile; NULL: deleted there.
 */
static inline gboolean
conflict_fixture_put (StoreConnection *connection,
                      const char *base,
                      const char *mine,
                      const char *theirs,
                      GError **error)
{
  g_autoptr (FhirResource) before = conflict_fixture_parse (base);
  g_autoptr (FhirResource) other = theirs ? conflict_fixture_parse (theirs) : NULL;
  const char *type = fhir_resource_get_type (before), *id = fhir_resource_get_id (before);
  gint64 sequence = 0;

  if (!store_resource_put (connection, before, STORE_PUT_KEEP_META, NULL, NULL, error))
    return FALSE;
  care_fixture_put (connection, mine);
  return store_journal_append (connection, "g1", STORE_JOURNAL_UPDATE, type, id, "jane", "1", 10,
                               &sequence, error) &&
         store_journal_set_state (connection, sequence, "held",
                                  "conflict: Two people changed this.", error) &&
         (!other || sync_setting_set_theirs (connection, type, id, other, error));
}

static inline gboolean
conflict_fixture_put_order (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','"
                                "given':['Jane']}],'birthDate':'1961-03-12'}");
  care_fixture_put (connection, "{'resourceType':'Practitioner','id':'nurse','name':[{'family':'"
                                "Lind','given':['Noor']}]}");
  care_fixture_put (connection,
                    "{'resourceType':'Provenance','id':'v1','recorded':'2026-11-22T08:52:00Z',"
                    "'target':[{'reference':'MedicationRequest/m1/_history/2'}],'agent':[{'who':{'"
                    "reference':'Practitioner/nurse'}}]}");
  return conflict_fixture_put (connection,
                               CONFLICT_ORDER ("1", "2026-11-20T09:00:00Z",
                                               "'status':'active'," CONFLICT_DOSE ("3")),
                               CONFLICT_ORDER ("1", "2026-11-20T09:00:00Z",
                                               "'status':'active'," CONFLICT_DOSE ("2")),
                               CONFLICT_ORDER ("2", "2026-11-22T08:52:00Z",
                                               "'status':'stopped'," CONFLICT_DOSE ("3")),
                               error);
}
