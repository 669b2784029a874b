/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-entry.h"

#include "care-fixture.h"

#define CONDITION                                                                                  \
  "{'resourceType':'Condition','id':'c','clinicalStatus':{'coding':[{'system':'http://"            \
  "terminology.hl7.org/CodeSystem/condition-clinical','code':'active'}]},'subject':{"              \
  "'reference':'Patient/p'},'code':{'coding':[{'system':'http://snomed.info/sct','code':"          \
  "'195967001'}],'text':'Asthma'},'onsetAge':{'value':12,'unit':'years'},"                         \
  "'extension':[{'url':'http://example.org/x','valueString':'kept'}],"                             \
  "'stage':[{'summary':{'text':'step 2'}}]}"

static char *
save (StoreConnection *connection,
      CareContext *context,
      CareEntryKind kind,
      const char *reference,
      const char *version,
      GHashTable *values,
      GError **error)
{
  char *saved = NULL;

  care_entry_save (connection, context, kind, "p", reference, version, values, NULL, &saved, error);
  return saved;
}

static CareEntry *
load (StoreConnection *connection, CareFixture *fixture, const char *reference)
{
  g_autoptr (GError) error = NULL;
  CareEntry *entry = care_entry_load (connection, reference, fixture->clock, &error);

  g_assert_no_error (error);
  return entry;
}

static gboolean
put_condition (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  care_fixture_put (connection, CONDITION);
  return TRUE;
}

static gboolean
add_problem (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GHashTable) values = care_entry_values_new (NULL);
  g_autofree char *reference = NULL;
  g_autoptr (FhirResource) resource = NULL;
  g_autoptr (GPtrArray) held = NULL;
  g_autoptr (CareEntry) entry = NULL;

  care_entry_set_coding (values, "code", "http://snomed.info/sct", "38341003", "Hypertension");
  care_entry_set_value (values, "onset", " 2019-04 ");
  care_entry_set_value (values, "severity", "6736007");
  reference = save (connection, fixture->nurse, CARE_ENTRY_PROBLEM, NULL, NULL, values, error);
  g_assert_nonnull (reference);
  resource = care_fixture_get (connection, "Condition", strchr (reference, '/') + 1);
  g_assert_cmpstr (fhir_resource_path_text (resource, "code.coding.0.code"), ==, "38341003");
  g_assert_cmpstr (fhir_resource_path_text (resource, "code.text"), ==, "Hypertension");
  g_assert_cmpstr (fhir_resource_path_text (resource, "onsetDateTime"), ==, "2019-04");
  g_assert_cmpstr (fhir_resource_path_text (resource, "severity.coding.0.display"), ==, "Moderate");
  g_assert_cmpstr (fhir_resource_path_text (resource, "clinicalStatus.coding.0.code"), ==,
                   "active");
  g_assert_cmpstr (fhir_resource_path_text (resource, "subject.reference"), ==, "Patient/p");
  g_assert_cmpstr (fhir_resource_path_text (resource, "recorder.reference"), ==,
                   "Practitioner/nurse");
  held = store_journal_list (connection, "held", 10, error);
  g_assert_cmpuint (held->len, ==, 2); /* the Condition and its Provenance, in one group */
  g_assert_cmpstr (((StoreJournalEntry *) held->pdata[0])->group, ==,
                   ((StoreJournalEntry *) held->pdata[1])->group);
  entry = load (connection, fixture, reference);
  g_assert_cmpstr (care_entry_get_words (entry, "onset"), ==, "Apr-2019");
  g_assert_cmpstr (care_entry_get_words (entry, "severity"), ==, "Moderate");
  g_assert_cmpint (care_entry_get_state (entry), ==, CARE_ENTRY_ACTIVE);
  {
    g_autoptr (CareRow) version = g_list_model_get_item (care_entry_get_versions (entry), 0);

    g_assert_cmpstr (care_row_get_title (version), ==, "Noor Lind");
  }
  return TRUE;
}

static void
test_add (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_condition);
  care_fixture_write (fixture, add_problem);
}

static gboolean
change_problem (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CareEntry) entry = load (connection, fixture, "Condition/c");
  g_autoptr (GHashTable) values = care_entry_values_new (entry);
  g_autofree char *reference = NULL;
  g_autoptr (FhirResource) resource = NULL;

  g_assert_cmpstr (care_entry_get_words (entry, "onset"), ==, "12 years");
  care_entry_set_value (values, "verification", "provisional");
  reference = save (connection, fixture->doctor, CARE_ENTRY_PROBLEM, "Condition/c",
                    care_entry_get_version (entry), values, error);
  g_assert_nonnull (reference);
  resource = care_fixture_get (connection, "Condition", "c");
  /* Nothing else moved: what the form does not know, the coding, the age of onset. */
  g_assert_cmpstr (fhir_resource_path_text (resource, "extension.0.valueString"), ==, "kept");
  g_assert_cmpstr (fhir_resource_path_text (resource, "stage.0.summary.text"), ==, "step 2");
  g_assert_cmpstr (fhir_resource_path_text (resource, "code.coding.0.code"), ==, "195967001");
  g_assert_cmpstr (fhir_resource_path_text (resource, "onsetAge.unit"), ==, "years");
  g_assert_cmpstr (fhir_resource_path_text (resource, "verificationStatus.coding.0.code"), ==,
                   "provisional");
  return TRUE;
}

static gboolean
change_onset (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CareEntry) entry = load (connection, fixture, "Condition/c");
  g_autoptr (GHashTable) values = care_entry_values_new (entry);
  g_autofree char *reference = NULL;
  g_autoptr (FhirResource) resource = NULL;

  care_entry_set_value (values, "onset", "2001");
  care_entry_set_value (values, "code", "Asthma, allergic");
  reference =
      save (connection, fixture->doctor, CARE_ENTRY_PROBLEM, "Condition/c", NULL, values, error);
  resource = care_fixture_get (connection, "Condition", "c");
  g_assert_cmpstr (fhir_resource_path_text (resource, "onsetDateTime"), ==, "2001");
  g_assert_null (fhir_resource_path (resource, "onsetAge")); /* one form of a choice element only */
  g_assert_null (fhir_resource_path (resource, "code.coding")); /* the code was for other words */
  return TRUE;
}

static gboolean
change_stale (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GHashTable) values = care_entry_values_new (NULL);
  g_autofree char *reference = NULL;

  care_entry_set_value (values, "code", "Asthma");
  reference = save (connection, ((CareFixture *) data)->doctor, CARE_ENTRY_PROBLEM, "Condition/c",
                    "1", values, error);
  return reference != NULL;
}

static void
test_change (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) stale = NULL;

  care_fixture_write (fixture, put_condition);
  care_fixture_write (fixture, change_problem);
  stale = care_fixture_try (fixture, change_stale); /* somebody read version 1, it is 2 by now */
  g_assert_error (stale, CARE_ERROR, CARE_ERROR_STATE);
  care_fixture_write (fixture, change_onset);
}

static gboolean
act (CareFixture *fixture,
     StoreConnection *connection,
     const char *name,
     const char *why,
     GError **error)
{
  return care_entry_act (connection, fixture->doctor, "Condition/c", NULL, name, why, error);
}

static gboolean
refute_silently (StoreConnection *connection, gpointer data, GError **error)
{
  return act (data, connection, "refute", " ", error);
}

static gboolean
acts (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (FhirResource) resolved = NULL, reopened = NULL, wrong = NULL;
  g_autoptr (CareEntry) entry = NULL;
  g_autoptr (CareRow) newest = NULL;

  g_assert_true (act (fixture, connection, "resolve", NULL, error));
  resolved = care_fixture_get (connection, "Condition", "c");
  g_assert_cmpstr (fhir_resource_path_text (resolved, "clinicalStatus.coding.0.code"), ==,
                   "resolved");
  g_assert_cmpstr (fhir_resource_path_text (resolved, "abatementDateTime"), ==, "2026-11-22");
  g_assert_true (act (fixture, connection, "reopen", NULL, error));
  reopened = care_fixture_get (connection, "Condition", "c");
  g_assert_null (fhir_resource_path (reopened, "abatementDateTime")); /* FHIR con-4 */
  base_clock_advance (fixture->clock, 60 * G_USEC_PER_SEC);
  g_assert_true (act (fixture, connection, "error", "wrong patient", error));
  wrong = care_fixture_get (connection, "Condition", "c");
  g_assert_null (fhir_resource_path (wrong, "clinicalStatus")); /* FHIR con-5 */
  entry = load (connection, fixture, "Condition/c");
  g_assert_cmpint (care_entry_get_state (entry), ==, CARE_ENTRY_ERROR);
  g_assert_null (care_entry_get_act (entry, 0));
  newest = g_list_model_get_item (care_entry_get_versions (entry), 0);
  g_assert_cmpstr (care_row_get_text (newest, CARE_ROW_DETAIL), ==, "wrong patient");
  g_assert_cmpstr (care_row_get_title (newest), ==, "Dr Ada Stone");
  return TRUE;
}

static void
test_acts (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) silent = NULL;

  care_fixture_write (fixture, put_condition);
  silent = care_fixture_try (fixture, refute_silently);
  g_assert_error (silent, CARE_ERROR, CARE_ERROR_MISSING);
  care_fixture_write (fixture, acts);
}

static gboolean
undo (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (FhirResource) before = care_fixture_get (connection, "Condition", "c"), after = NULL;
  g_autoptr (GPtrArray) held = NULL;

  g_assert_true (act (fixture, connection, "resolve", NULL, error));
  if (!care_entry_undo (connection, fixture->doctor, "Condition/c", error))
    return FALSE;
  after = care_fixture_get (connection, "Condition", "c");
  g_assert_cmpstr (fhir_resource_path_text (after, "clinicalStatus.coding.0.code"), ==, "active");
  g_assert_null (fhir_resource_path (after, "abatementDateTime"));
  g_assert_cmpstr (fhir_resource_get_version (after), ==, fhir_resource_get_version (before));
  held = store_journal_list (connection, "held", 10, error);
  g_assert_cmpuint (held->len, ==, 0);
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", ""), ==, 0);
  return TRUE;
}

static gboolean
undo_sent (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GPtrArray) held = NULL;

  g_assert_true (act (fixture, connection, "resolve", NULL, error));
  held = store_journal_list (connection, "held", 10, error);
  g_assert_true (store_journal_set_state (connection,
                                          ((StoreJournalEntry *) held->pdata[0])->sequence,
                                          "sending", NULL, error));
  return care_entry_undo (connection, fixture->doctor, "Condition/c", error);
}

static void
test_undo (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) late = NULL;

  care_fixture_write (fixture, put_condition);
  care_fixture_write (fixture, undo);
  late = care_fixture_try (fixture, undo_sent);
  g_assert_error (late, CARE_ERROR, CARE_ERROR_TOO_LATE);
}

static gboolean
put_none_known (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'AllergyIntolerance','id':'none','patient':{'reference':'Patient/p'},"
      "'clinicalStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/"
      "allergyintolerance-clinical','code':'active'}]},'code':{'coding':[{'system':'http://"
      "snomed.info/sct','code':'716186003'}],'text':'No known allergy'}}");
  return TRUE;
}

static gboolean
add_allergy (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GHashTable) values = care_entry_values_new (NULL);
  g_autoptr (FhirResource) none = NULL, resource = NULL;
  g_autofree char *reference = NULL;

  care_entry_set_value (values, "code", "Penicillin");
  care_entry_set_value (values, "reaction", "Hives");
  care_entry_set_value (values, "reaction-severity", "severe");
  care_entry_set_value (values, "category", "medication");
  reference = save (connection, fixture->doctor, CARE_ENTRY_ALLERGY, NULL, NULL, values, error);
  if (!reference)
    return FALSE;
  resource = care_fixture_get (connection, "AllergyIntolerance", strchr (reference, '/') + 1);
  g_assert_cmpstr (fhir_resource_path_text (resource, "reaction.0.manifestation.0.text"), ==,
                   "Hives");
  g_assert_cmpstr (fhir_resource_path_text (resource, "category.0"), ==, "medication");
  none = care_fixture_get (connection, "AllergyIntolerance", "none");
  g_assert_cmpstr (fhir_resource_path_text (none, "verificationStatus.coding.0.code"), ==,
                   "refuted");
  /* Without its reaction no severity of it may be left, and no empty list. */
  care_entry_set_value (values, "reaction", NULL);
  care_entry_set_value (values, "reaction-severity", NULL);
  g_free (save (connection, fixture->doctor, CARE_ENTRY_ALLERGY, reference, NULL, values, error));
  g_clear_pointer (&resource, fhir_resource_unref);
  resource = care_fixture_get (connection, "AllergyIntolerance", strchr (reference, '/') + 1);
  g_assert_null (fhir_resource_path (resource, "reaction"));
  return TRUE;
}

static gboolean
add_allergy_only (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GHashTable) values = care_entry_values_new (NULL);
  g_autofree char *reference = NULL;

  care_entry_set_value (values, "code", "Penicillin");
  reference = save (connection, ((CareFixture *) data)->doctor, CARE_ENTRY_ALLERGY, NULL, NULL,
                    values, error);
  g_assert_cmpuint (care_fixture_count (connection, "AllergyIntolerance",
                                        "verification-status=refuted"),
                    ==, 1); /* that there was none */
  return reference != NULL;
}

static gboolean
add_twice (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GHashTable) values = care_entry_values_new (NULL);
  g_autofree char *reference = NULL;

  care_entry_set_value (values, "code", "penicillin");
  reference = save (connection, ((CareFixture *) data)->doctor, CARE_ENTRY_ALLERGY, NULL, NULL,
                    values, error);
  return reference != NULL;
}

static gboolean
say_none (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GHashTable) values = care_entry_values_new (NULL);
  g_autofree char *reference = NULL;

  g_assert_true (care_entry_values_set_none (values, CARE_ENTRY_ALLERGY));
  reference = save (connection, fixture->doctor, CARE_ENTRY_ALLERGY, NULL, NULL, values, error);
  return reference != NULL;
}

/* The other way round it is refused: an allergy is not done away with by a click. */
static gboolean
none_again (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) ids =
      store_search_ids (connection, "AllergyIntolerance", "verification-status=unconfirmed", error);
  g_autofree char *reference = g_strconcat ("AllergyIntolerance/", (char *) ids->pdata[0], NULL);

  g_assert_cmpuint (ids->len, ==, 1);
  g_assert_true (care_entry_act (connection, ((CareFixture *) data)->doctor, reference, NULL,
                                 "refute", "patch test was negative", error));
  return say_none (connection, data, error);
}

static void
test_none_known (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) listed = NULL;
  g_autoptr (GHashTable) values = care_entry_values_new (NULL);

  care_fixture_write (fixture, put_condition);
  care_fixture_write (fixture, say_none);
  care_fixture_write (fixture, add_allergy_only);
  listed = care_fixture_try (fixture, say_none);
  g_assert_error (listed, CARE_ERROR, CARE_ERROR_STATE);
  care_fixture_write (fixture, none_again);
  g_assert_false (care_entry_values_set_none (values, CARE_ENTRY_DEVICE));
}

static void
test_allergy (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) twice = NULL;

  care_fixture_write (fixture, put_condition);
  care_fixture_write (fixture, put_none_known);
  care_fixture_write (fixture, add_allergy);
  twice = care_fixture_try (fixture, add_twice);
  g_assert_error (twice, CARE_ERROR, CARE_ERROR_STATE);
}

static void
test_check (void)
{
  static const struct
  {
    const char *field, *text;
    gboolean good;
  } cases[] = {
    { "onset", "2026", TRUE },  { "onset", "2026-11-22", TRUE },  { "onset", "2026-11-23", FALSE },
    { "onset", "2027", FALSE }, { "onset", "22.11.2026", FALSE }, { "onset", "yesterday", FALSE },
    { "code", "   ", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GHashTable) values = care_entry_values_new (NULL);
      g_autoptr (GError) error = NULL;

      care_entry_set_value (values, "code", "Asthma");
      care_entry_set_value (values, cases[i].field, cases[i].text);
      g_assert_cmpint (care_entry_values_check (CARE_ENTRY_PROBLEM, values, "2026-11-22", NULL,
                                                &error),
                       ==, cases[i].good);
      g_assert_cmpint (error == NULL, ==, cases[i].good);
    }
}

/* Every kind can be added by its form, listed, and marked as entered in error. */
static gboolean
add_each (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  for (guint kind = 0; kind < CARE_N_ENTRY_KINDS; kind++)
    {
      g_autoptr (GHashTable) values = care_entry_values_new (NULL);
      g_autofree char *reference = NULL;
      g_autoptr (CareEntry) entry = NULL;
      g_autoptr (GListStore) rows = NULL;
      CareEntryKind kinds[] = { kind };
      gsize n;
      const CareField *fields = care_entry_kind_get_fields (kind, &n);

      for (gsize i = 0; i < n; i++)
        care_entry_set_value (values, fields[i].name,
                              fields[i].choices ? fields[i].choices[0].code
                              : fields[i].type == CARE_FIELD_DATE ||
                                      fields[i].type == CARE_FIELD_PAST
                                  ? "2026-11-01"
                                  : fields[i].name);
      reference = save (connection, fixture->doctor, kind, NULL, NULL, values, error);
      if (!reference)
        return FALSE;
      entry = load (connection, fixture, reference);
      g_assert_cmpint (care_entry_get_kind (entry), ==, kind);
      for (gsize i = 0; i < n; i++)
        g_assert_cmpstr (care_entry_get_value (entry, fields[i].name), ==,
                         g_hash_table_lookup (values, fields[i].name));
      g_assert_true (
          care_entry_act (connection, fixture->doctor, reference, NULL, "error", "test", error));
      rows = care_entry_list (connection, "p", fixture->clock, kinds, 1, error);
      {
        g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (rows), 0);

        g_assert_cmpstr (care_row_get_text (row, CARE_ROW_GROUP), ==, "Entered in error");
      }
    }
  return TRUE;
}

static void
test_each (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, add_each);
}

static gboolean
put_opaque (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Condition','id':'c','subject':{'reference':'Patient/p'},"
                    "'code':{'text':'Secret'},'modifierExtension':[{'url':'http://example.org/not',"
                    "'valueBoolean':true}]}");
  return TRUE;
}

static gboolean
read_opaque (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareEntry) entry = load (connection, data, "Condition/c");

  g_assert_nonnull (care_entry_get_withheld (entry));
  g_assert_null (strstr (care_entry_get_title (entry), "Secret"));
  g_assert_null (care_entry_get_value (entry, "code"));
  g_assert_null (care_entry_get_act (entry, 0));
  return TRUE;
}

static gboolean
resolve_opaque (StoreConnection *connection, gpointer data, GError **error)
{
  return act (data, connection, "resolve", NULL, error);
}

static void
test_opaque (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) refused = NULL;

  care_fixture_write (fixture, put_opaque);
  care_fixture_read (fixture, read_opaque);
  refused = care_fixture_try (fixture, resolve_opaque);
  g_assert_error (refused, CARE_ERROR, CARE_ERROR_STATE);
}

static gboolean
add_alert (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GHashTable) values = care_entry_values_new (NULL);
  g_autofree char *reference = NULL;
  g_autoptr (FhirResource) flag = NULL;
  g_autoptr (GError) incomplete = NULL, unexplained = NULL;
  const char *id;

  care_entry_set_value (values, "code", "Fall risk");
  g_assert_null (
      save (connection, fixture->nurse, CARE_ENTRY_ALERT, NULL, NULL, values, &incomplete));
  g_assert_error (incomplete, CARE_ERROR, CARE_ERROR_MISSING); /* what it is about */
  care_entry_set_value (values, "category", "safety");
  g_assert_true (care_entry_save (connection, fixture->nurse, CARE_ENTRY_ALERT, "p", NULL, NULL,
                                  values, "fell twice", &reference, error));
  id = strchr (reference, '/') + 1;
  flag = care_fixture_get (connection, "Flag", id);
  g_assert_cmpstr (fhir_resource_path_text (flag, "status"), ==, "active");
  g_assert_cmpstr (fhir_resource_path_text (flag, "category.0.coding.0.code"), ==, "safety");
  g_assert_cmpstr (fhir_resource_path_text (flag, "author.reference"), ==, "Practitioner/nurse");
  g_assert_cmpstr (fhir_resource_path_text (flag, "period.start"), ==, "2026-11-22");
  g_assert_null (fhir_resource_path (flag, "note")); /* a Flag has none in FHIR R4 */
  g_assert_false (
      care_entry_act (connection, fixture->doctor, reference, NULL, "end", " ", &unexplained));
  g_assert_error (unexplained, CARE_ERROR, CARE_ERROR_MISSING);
  g_assert_true (care_entry_act (connection, fixture->doctor, reference, NULL, "end",
                                 "walks safely again", error));
  fhir_resource_unref (flag);
  flag = care_fixture_get (connection, "Flag", id);
  g_assert_cmpstr (fhir_resource_path_text (flag, "status"), ==, "inactive");
  g_assert_cmpstr (fhir_resource_path_text (flag, "period.end"), ==, "2026-11-22");
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", ""), ==, 2);
  g_assert_true (care_entry_undo (connection, fixture->doctor, reference, error));
  fhir_resource_unref (flag);
  flag = care_fixture_get (connection, "Flag", id);
  g_assert_cmpstr (fhir_resource_path_text (flag, "status"), ==, "active");
  g_assert_null (fhir_resource_path (flag, "period.end"));
  return TRUE;
}

/* An alert is added, ended with a reason, and the end taken back. */
static void
test_alert (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_condition);
  care_fixture_write (fixture, add_alert);
}

#define OF_P "'subject':{'reference':'Patient/p'}"

/* ---- what has no title ---- */

static gboolean
put_plans (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'CarePlan','id':'wound','status':'completed','intent':'order'," OF_P
      ",'category':[{'coding':[{'system':'http://snomed.info/sct','code':'225358003'}],'text':"
      "'Wound care'}],'period':{'start':'2016-01-07T22:28:27+00:00'},'addresses':[{'reference':"
      "'Condition/c'},{'reference':'Condition/gone'}],'activity':[{'detail':{'code':{'text':"
      "'Dressing change'},'status':'completed'}},{'detail':{'code':{'text':'Keep it clean'},"
      "'status':'in-progress'}}]}");
  care_fixture_put (
      connection,
      "{'resourceType':'CarePlan','id':'walk','status':'active','intent':'plan'," OF_P
      ",'period':{'start':'2016-01-07'},'activity':[{'detail':{'code':{'text':'Walking'}}}]}");
  care_fixture_put (connection,
                    "{'resourceType':'CarePlan','id':'bare','status':'active','intent':'plan'," OF_P
                    ",'period':{'start':'2016-01-07T22:28:27+00:00'}}");
  return TRUE;
}

/* "label: words" of each, in order. */
static char *
describe_more (CareEntry *entry)
{
  const char *const *more = care_entry_get_more (entry);
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; more[i]; i += 2)
    g_string_append_printf (text, "%s: %s\n", more[i], more[i + 1]);
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static gboolean
check_plans (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  static const CareEntryKind kinds[] = { CARE_ENTRY_PLAN };
  g_autoptr (CareEntry) wound = load (connection, fixture, "CarePlan/wound");
  g_autoptr (CareEntry) walk = load (connection, fixture, "CarePlan/walk");
  g_autoptr (CareEntry) bare = load (connection, fixture, "CarePlan/bare");
  g_autoptr (GListStore) rows =
      care_entry_list (connection, "p", fixture->clock, kinds, G_N_ELEMENTS (kinds), error);
  g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (rows), 0);
  g_autofree char *more = describe_more (wound);

  g_assert_cmpstr (care_entry_get_title (wound), ==, "Wound care");
  g_assert_cmpstr (care_entry_get_title (walk), ==, "Walking");
  g_assert_cmpstr (care_entry_get_title (bare), ==, "Care Plan without a name");
  g_assert_cmpstr (care_row_get_title (row), !=, "2016-01-07T22:28:27+00:00");
  g_assert_cmpstr (more, ==,
                   "Category: Wound care\n"
                   "For: Asthma\n"
                   "For: Not on this computer\n"
                   "Activity: Dressing change · completed\n"
                   "Activity: Keep it clean · in progress\n");
  return TRUE;
}

static void
test_plans (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_condition);
  care_fixture_write (fixture, put_plans);
  care_fixture_read (fixture, check_plans);
}

/* ---- what stands in no field ---- */

static gboolean
put_lists (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  care_fixture_put (
      connection,
      "{'resourceType':'AllergyIntolerance','id':'a','patient':{'reference':'Patient/p'},'code':{"
      "'text':'Penicillin'},'category':['medication','environment'],'reaction':[{'manifestation':["
      "{'coding':[{'system':'http://snomed.info/sct','code':'271807003'}],'text':'Rash'},{'coding':"
      "[{'system':'http://snomed.info/sct','code':'418290006'}],'text':'Itching'}],'severity':"
      "'mild'},{'manifestation':[{'coding':[{'system':'http://snomed.info/sct','code':'39579001'}],"
      "'text':'Anaphylaxis'}],'severity':'severe','description':'After the second tablet'}]}");
  care_fixture_put (
      connection,
      "{'resourceType':'FamilyMemberHistory','id':'f','status':'completed','patient':{'reference':"
      "'Patient/p'},'relationship':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/"
      "v3-RoleCode','code':'MTH'}]},'deceasedAge':{'value':61,'unit':'years'},'condition':[{'code':"
      "{'text':'Breast cancer'},'onsetString':'48'},{'code':{'text':'Diabetes'},'onsetAge':{"
      "'value':50,'unit':'years'},'contributedToDeath':true}]}");
  care_fixture_put (
      connection,
      "{'resourceType':'Condition','id':'knee','code':{'text':'Osteoarthritis'},'bodySite':[{"
      "'text':'Left knee'}],'abatementDateTime':'2020-05-04','stage':[{'summary':{'text':"
      "'Grade 2'}}]," OF_P "}");
  care_fixture_put (
      connection,
      "{'resourceType':'Immunization','id':'i','status':'completed','patient':{'reference':"
      "'Patient/p'},'vaccineCode':{'text':'Influenza'},'occurrenceDateTime':'2025-10-01','site':{"
      "'text':'Left arm'},'route':{'text':'Intramuscular'},'doseQuantity':{'value':0.5,'unit':"
      "'mL'},'protocolApplied':[{'doseNumberPositiveInt':2,'seriesDosesPositiveInt':3}]}");
  care_fixture_put (
      connection,
      "{'resourceType':'Goal','id':'g','lifecycleStatus':'active','description':{'text':'Sugar'},"
      "'target':[{'measure':{'text':'HbA1c'},'detailQuantity':{'value':7.0,'comparator':'<','unit':"
      "'%'},'dueDate':'2027-01-01'}]," OF_P "}");
  return TRUE;
}

static void
assert_more (StoreConnection *connection,
             CareFixture *fixture,
             const char *reference,
             const char *expected)
{
  g_autoptr (CareEntry) entry = load (connection, fixture, reference);
  g_autofree char *more = describe_more (entry);

  g_assert_cmpstr (more, ==, expected);
}

static gboolean
check_lists (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CareEntry) family = load (connection, fixture, "FamilyMemberHistory/f");

  assert_more (connection, fixture, "AllergyIntolerance/a",
               "Reaction: Rash · Itching · Mild\n"
               "Reaction: Anaphylaxis · Severe · After the second tablet\n"
               "Category: Environment\n");
  assert_more (connection, fixture, "FamilyMemberHistory/f",
               "Condition: Diabetes · 50 years · contributed to the death\n"
               "Died: 61 years\n");
  assert_more (connection, fixture, "Condition/knee",
               "Body Site: Left knee\nStage: Grade 2\nEnded: 04-May-2020\n");
  assert_more (connection, fixture, "Immunization/i",
               "Body Site: Left arm\nRoute: Intramuscular\nDose: 0.5 mL\nCourse: dose 2 of 3\n");
  assert_more (connection, fixture, "Goal/g", "Target: HbA1c · < 7.0 %\n");
  g_assert_cmpstr (care_entry_get_title (family), ==, "Mother: Breast cancer, Diabetes");
  return TRUE;
}

static void
assert_at (FhirResource *resource, const char *path, const char *expected)
{
  g_test_message ("%s", path);
  g_assert_cmpstr (fhir_resource_path_text (resource, path), ==, expected);
}

/* Of a list the form has the first: with that changed, each of the others is what it was. */
static gboolean
change_lists (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CareEntry) allergy = load (connection, fixture, "AllergyIntolerance/a");
  g_autoptr (CareEntry) family = load (connection, fixture, "FamilyMemberHistory/f");
  g_autoptr (GHashTable) values = care_entry_values_new (allergy);
  g_autoptr (GHashTable) others = care_entry_values_new (family);
  g_autoptr (FhirResource) changed = NULL, relative = NULL;

  care_entry_set_value (values, "reaction", "Hives");
  g_free (save (connection, fixture->doctor, CARE_ENTRY_ALLERGY, "AllergyIntolerance/a", NULL,
                values, error));
  changed = care_fixture_get (connection, "AllergyIntolerance", "a");
  assert_at (changed, "reaction.0.manifestation.0.text", "Hives");
  assert_at (changed, "reaction.0.manifestation.0.coding.0.code", NULL);
  assert_at (changed, "reaction.0.manifestation.1.text", "Itching");
  assert_at (changed, "reaction.0.manifestation.1.coding.0.code", "418290006");
  assert_at (changed, "reaction.1.manifestation.0.coding.0.code", "39579001");
  assert_at (changed, "category.1", "environment");
  care_entry_set_value (others, "code", "Ovarian cancer");
  g_free (save (connection, fixture->doctor, CARE_ENTRY_FAMILY, "FamilyMemberHistory/f", NULL,
                others, error));
  relative = care_fixture_get (connection, "FamilyMemberHistory", "f");
  assert_at (relative, "condition.0.code.text", "Ovarian cancer");
  assert_at (relative, "condition.1.code.text", "Diabetes");
  return TRUE;
}

static gboolean
put_two_reactions (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'AllergyIntolerance','id':'b','patient':{'reference':'Patient/p'},'code':{"
      "'text':'Nuts'},'reaction':[{'manifestation':[{'text':'Rash'}],'severity':'mild'},{"
      "'manifestation':[{'text':'Anaphylaxis'}],'severity':'severe'}]}");
  return TRUE;
}

/* The first reaction is taken away with its severity: not that of the second. */
static gboolean
remove_reaction (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CareEntry) allergy = load (connection, fixture, "AllergyIntolerance/b");
  g_autoptr (GHashTable) values = care_entry_values_new (allergy);
  g_autoptr (FhirResource) changed = NULL;

  care_entry_set_value (values, "reaction", NULL);
  care_entry_set_value (values, "reaction-severity", NULL);
  g_free (save (connection, fixture->doctor, CARE_ENTRY_ALLERGY, "AllergyIntolerance/b", NULL,
                values, error));
  changed = care_fixture_get (connection, "AllergyIntolerance", "b");
  assert_at (changed, "reaction.0.manifestation.0.text", "Anaphylaxis");
  assert_at (changed, "reaction.0.severity", "severe");
  assert_at (changed, "reaction.1.severity", NULL);
  return TRUE;
}

static void
test_lists (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_lists);
  care_fixture_read (fixture, check_lists);
  care_fixture_write (fixture, change_lists);
  care_fixture_write (fixture, put_two_reactions);
  care_fixture_write (fixture, remove_reaction);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test)                                                                            \
  g_test_add ("/care-entry/" name, CareFixture, NULL, care_fixture_set_up, test,                   \
              care_fixture_tear_down)
  ADD ("add", test_add);
  ADD ("change", test_change);
  ADD ("acts", test_acts);
  ADD ("undo", test_undo);
  ADD ("allergy", test_allergy);
  ADD ("none-known", test_none_known);
  ADD ("each-kind", test_each);
  ADD ("alert", test_alert);
  ADD ("modifier", test_opaque);
  ADD ("untitled-plans", test_plans);
  ADD ("lists", test_lists);
  g_test_add_func ("/care-entry/check", test_check);
  return g_test_run ();
}
