/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-to-sign.h"

#include <string.h>

#include "care-fixture.h"
#include "care-reasons.h"
#include "care-signature.h"
#include "fhir-builder.h"

/* What a nurse prepares and a doctor signs, one by one and many at once. */

#define ID     "0193531e-0000-7000-8000-0000000000%02u"
#define MANY   30
#define DOCTOR "Practitioner/doctor"

typedef struct
{
  CareFixture care;
  GPtrArray *items;
  GHashTable *reasons;
  guint n;
  const char *drug;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  care_fixture_set_up (&self->care, data);
  self->drug = "197806"; /* ibuprofen 600 mg: nothing to answer */
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->reasons, g_hash_table_unref);
  care_fixture_tear_down (&self->care, data);
}

static void
run (Fixture *self, StoreWork work)
{
  g_autoptr (GError) error = NULL;

  store_database_write (self->care.database, BASE_LANE_PERSON, work, self, &error);
  g_assert_no_error (error);
}

static GError *
try (Fixture *self, StoreWork work)
{
  GError *error = NULL;

  store_database_write (self->care.database, BASE_LANE_PERSON, work, self, &error);
  return error;
}

static gboolean
put_patients (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','birthDate':'1980-03-01',"
                                "'name':[{'family':'Smith','given':['Jane']}]}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'q','birthDate':'1971-05-02',"
                                "'name':[{'family':'Adams','given':['Bob']}]}");
  care_fixture_put (
      connection,
      "{'resourceType':'AllergyIntolerance','id':'pen','clinicalStatus':{'coding':[{'code':'active'"
      "}]},'criticality':'high','code':{'text':'Penicillin'},'patient':{'reference':'Patient/p'},"
      "'reaction':[{'manifestation':[{'text':'Anaphylaxis'}]}]}");
  return TRUE;
}

static CarePrescriptionDraft *
draft_of (Fixture *self, guint n, const char *patient, const char *author)
{
  const StoreDrug *drug = store_content_get_drug (self->care.content, self->drug);
  g_autofree char *id = g_strdup_printf (ID, n);
  CarePrescriptionDraft *draft = care_prescription_draft_new (id, patient, author, NULL);

  care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  g_object_set (draft, "dose-value", "1", "frequency", 2, "duration-days", 7, "quantity", "14",
                NULL);
  return draft;
}

/* The nurse prepares @n of them, in turn for both patients. */
static gboolean
prepare (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;

  for (guint i = 0; i < self->n; i++)
    {
      g_autoptr (CarePrescriptionDraft) draft =
          draft_of (self, i, i % 2 == 0 ? "p" : "q", "Practitioner/nurse");

      if (!care_prescription_save (connection, self->care.nurse, draft, error) ||
          !care_to_sign_hand_over (connection, self->care.nurse, draft, DOCTOR, "Dr Ada Stone",
                                   error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
list (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;

  g_clear_pointer (&self->items, g_ptr_array_unref);
  self->items = care_to_sign_list (connection, self->care.doctor,
                                   CLINICAL_CONTENT (self->care.content), error);
  return self->items != NULL;
}

static gboolean
sign_all (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_null_terminated (0, NULL, TRUE);
  g_autoptr (GPtrArray) seen = g_ptr_array_new_null_terminated (0, NULL, TRUE);

  for (guint i = 0; i < self->items->len; i++)
    {
      g_ptr_array_add (tasks, ((CareToSign *) self->items->pdata[i])->task);
      g_ptr_array_add (seen, ((CareToSign *) self->items->pdata[i])->seen);
    }
  return care_to_sign_sign (connection, self->care.doctor, (const char *const *) tasks->pdata,
                            (const char *const *) seen->pdata,
                            CLINICAL_CONTENT (self->care.content), self->reasons, error);
}

static gboolean
no_order_yet (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *id = g_strdup_printf (ID, 0u);
  g_autoptr (StoreDraft) kept = store_draft_load (connection, id, NULL);

  g_assert_null (kept); /* it is the doctor's now */
  g_assert_cmpuint (care_fixture_count (connection, "MedicationRequest", ""), ==, 0);
  return TRUE;
}

static gboolean
is_signed_by_the_doctor (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *id = g_strdup_printf (ID, 0u);
  g_autofree char *order = g_strconcat ("MedicationRequest/", id, NULL);
  g_autoptr (FhirResource) request = care_fixture_get (connection, "MedicationRequest", id);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Task", "code=to-sign", error);
  g_autoptr (FhirResource) task = care_fixture_get (connection, "Task", ids->pdata[0]);

  g_assert_cmpstr (fhir_resource_path_text (request, "requester.reference"), ==, DOCTOR);
  g_assert_cmpstr (fhir_resource_path_text (request, "subject.reference"), ==, "Patient/p");
  g_assert_cmpstr (fhir_resource_path_text (task, "status"), ==, "completed");
  g_assert_cmpstr (fhir_resource_path_text (task, "requester.reference"), ==, "Practitioner/nurse");
  g_assert_cmpstr (fhir_resource_path_text (task, "output.0.valueReference.reference"), ==, order);
  return TRUE;
}

static void
test_prepared_and_signed (Fixture *self, gconstpointer data)
{
  const CareToSign *item;

  self->n = 1;
  run (self, put_patients);
  run (self, prepare);
  run (self, no_order_yet);
  run (self, list);
  g_assert_cmpuint (self->items->len, ==, 1);
  item = self->items->pdata[0];
  g_assert_cmpstr (item->patient_name, ==, "SMITH, Jane");
  g_assert_cmpstr (item->prepared_by, ==, "Noor Lind");
  g_assert_nonnull (strstr (item->line, "ibuprofen"));
  g_assert_null (item->problem);
  g_assert_cmpuint (item->findings->len, >, 5);
  run (self, sign_all);
  run (self, is_signed_by_the_doctor);
  run (self, list);
  g_assert_cmpuint (self->items->len, ==, 0);
}

static gboolean
undo (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *id = g_strdup_printf (ID, 0u);

  return care_prescription_undo (connection, ((Fixture *) data)->care.doctor, id, error);
}

static void
test_undo_puts_it_back (Fixture *self, gconstpointer data)
{
  self->n = 1;
  run (self, put_patients);
  run (self, prepare);
  run (self, list);
  run (self, sign_all);
  run (self, undo);
  run (self, no_order_yet);
  run (self, list);
  g_assert_cmpuint (self->items->len, ==, 1);
  run (self, sign_all);
  run (self, is_signed_by_the_doctor);
}

/* A server took it twice, or somebody sent it again: the same number under another Task. */
static gboolean
prepare_twice (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (CarePrescriptionDraft) draft = draft_of (self, 0, "p", "Practitioner/nurse");

      base_clock_advance (self->care.clock, G_USEC_PER_SEC);
      if (!care_to_sign_hand_over (connection, self->care.nurse, draft, DOCTOR, "Dr Ada Stone",
                                   error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
sign_first (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  const CareToSign *first = self->items->pdata[0];
  const char *tasks[] = { first->task, NULL }, *seen[] = { first->seen, NULL };

  return care_to_sign_sign (connection, self->care.doctor, tasks, seen,
                            CLINICAL_CONTENT (self->care.content), NULL, error);
}

/* One number is signed once: the second Task is not completed by the signature under the first,
 * which could be taken back. */
static void
test_one_number_one_signature (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) both = NULL, second = NULL;

  run (self, put_patients);
  run (self, prepare_twice);
  run (self, list);
  g_assert_cmpuint (self->items->len, ==, 2);
  g_assert_null (((CareToSign *) self->items->pdata[0])->problem);
  g_assert_nonnull (strstr (((CareToSign *) self->items->pdata[1])->problem, "twice"));
  both = try (self, sign_all);
  g_assert_error (both, CARE_ERROR, CARE_ERROR_STATE);
  run (self, no_order_yet);
  run (self, sign_first);
  run (self, list);
  g_assert_cmpuint (self->items->len, ==, 1);
  g_assert_nonnull (strstr (((CareToSign *) self->items->pdata[0])->problem, "on record"));
  second = try (self, sign_first);
  g_assert_error (second, CARE_ERROR, CARE_ERROR_STATE);
  run (self, list);
  g_assert_cmpuint (self->items->len, ==, 1);
}

static BaseKey *
make_key (gpointer data, GError **error)
{
  (*(guint *) data)++;
  return base_key_new (error);
}

static gboolean
each_is_whole (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autoptr (GHashTable) groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) journal = store_journal_list (connection, NULL, 1000, error);

  for (guint i = 0; i < self->n; i++)
    {
      g_autofree char *id = g_strdup_printf (ID, i);
      g_autoptr (FhirResource) request = care_fixture_get (connection, "MedicationRequest", id);

      g_assert_cmpint (care_signature_check (connection, request, FALSE), ==, CARE_SIGNATURE_GOOD);
    }
  for (guint i = 0; i < journal->len; i++)
    {
      const StoreJournalEntry *entry = journal->pdata[i];

      if (g_str_equal (entry->type, "MedicationRequest"))
        g_hash_table_add (groups, g_strdup (entry->group));
    }
  g_assert_cmpuint (g_hash_table_size (groups), ==, self->n);
  return TRUE;
}

/* Thirty with one look into the keyring; each is signed, and leaves, by itself. */
static void
test_thirty_at_once (Fixture *self, gconstpointer data)
{
  guint asked = 0;

  self->n = MANY;
  care_context_set_key_source (self->care.doctor, make_key, &asked, NULL);
  g_assert_true (care_context_load_key (self->care.doctor, NULL));
  run (self, put_patients);
  run (self, prepare);
  run (self, list);
  g_assert_cmpuint (self->items->len, ==, MANY);
  /* by patient */
  g_assert_cmpstr (((CareToSign *) self->items->pdata[0])->patient_name, ==, "ADAMS, Bob");
  g_assert_cmpstr (((CareToSign *) self->items->pdata[MANY - 1])->patient_name, ==, "SMITH, Jane");
  run (self, sign_all);
  run (self, each_is_whole);
  g_assert_cmpuint (asked, ==, 1);
}

static gboolean
nothing_was_signed (StoreConnection *connection, gpointer data, GError **error)
{
  g_assert_cmpuint (care_fixture_count (connection, "MedicationRequest", ""), ==, 0);
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", ""), ==, 0);
  return TRUE;
}

static void
give_reasons (Fixture *self)
{
  self->reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < self->items->len; i++)
    {
      const CareToSign *item = self->items->pdata[i];

      for (guint n = 0; n < item->findings->len; n++)
        if (clinical_finding_needs_reason (item->findings->pdata[n]))
          g_hash_table_insert (self->reasons,
                               care_to_sign_dup_key (item->task, item->findings->pdata[n]),
                               g_strdup ("benefit-outweighs-risk: Tolerated since"));
    }
}

/* One that has to be answered keeps all of them from being signed until it is. */
static void
test_a_finding_is_answered_first (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->n = 2;
  self->drug = "308191"; /* amoxicillin: against Jane Smith's allergy */
  run (self, put_patients);
  run (self, prepare);
  run (self, list);
  error = try (self, sign_all);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_FINDINGS);
  g_assert_nonnull (strstr (error->message, "moxicillin"));
  run (self, nothing_was_signed);
  give_reasons (self);
  run (self, sign_all);
  run (self, list);
  g_assert_cmpuint (self->items->len, ==, 0);
}

/* ---- who may not ---- */

static gboolean
hand_over_wrongly (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  CareFixture *care = &self->care;
  g_autoptr (CareContext) desk =
      care_context_new (care->database, care->clock, "Practitioner/desk", "Desk", "reception");
  g_autoptr (CarePrescriptionDraft)
      of_nurse = draft_of (self, 1, "p", "Practitioner/nurse"),
      of_desk = draft_of (self, 2, "p", "Practitioner/desk"),
      empty = care_prescription_draft_new ("x", "p", "Practitioner/nurse", NULL);
  const struct
  {
    CareContext *who;
    CarePrescriptionDraft *draft;
    const char *prescriber;
    CareError code;
  } cases[] = {
    { desk, of_desk, DOCTOR, CARE_ERROR_ROLE },
    { care->doctor, of_nurse, DOCTOR, CARE_ERROR_AUTHOR },
    { care->nurse, of_nurse, "Practitioner/nurse", CARE_ERROR_MISSING },
    { care->nurse, of_nurse, "Organization/o", CARE_ERROR_MISSING },
    { care->nurse, empty, DOCTOR, CARE_ERROR_MISSING },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) local = NULL;

      g_assert_false (care_to_sign_hand_over (connection, cases[i].who, cases[i].draft,
                                              cases[i].prescriber, "X", &local));
      g_assert_error (local, CARE_ERROR, (int) cases[i].code);
    }
  return TRUE;
}

static gboolean
others_do_not_sign (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  const CareToSign *item = self->items->pdata[0];
  const char *const tasks[] = { item->task, NULL }, *const seen[] = { item->seen, NULL };
  CareContext *const others[] = { self->care.nurse, self->care.other };
  ClinicalContent *content = CLINICAL_CONTENT (self->care.content);

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (GError) local = NULL;
      g_autoptr (GPtrArray) theirs = care_to_sign_list (connection, others[i], content, error);

      g_assert_cmpuint (theirs->len, ==, 0);
      g_assert_false (
          care_to_sign_sign (connection, others[i], tasks, seen, content, NULL, &local));
      g_assert_error (local, CARE_ERROR, CARE_ERROR_STATE);
    }
  return TRUE;
}

static void
test_only_whom_it_waits_for (Fixture *self, gconstpointer data)
{
  self->n = 1;
  run (self, put_patients);
  run (self, hand_over_wrongly);
  run (self, prepare);
  run (self, list);
  run (self, others_do_not_sign);
}

/* ---- what came from another computer ---- */

static gboolean
put_strange_tasks (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const inputs[] = { "", "{", "[]", "null", "x", "drug-name=x" };

  care_fixture_put (connection,
                    "{'resourceType':'MedicationRequest','id':'theirs','status':'active',"
                    "'intent':'order','subject':{'reference':'Patient/q'},"
                    "'requester':{'reference':'Practitioner/doctor'}}");
  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++)
    {
      g_autofree char *json = g_strdup_printf (
          "{'resourceType':'Task','id':'s%u','status':'requested','intent':'proposal',"
          "'identifier':[{'system':'" CARE_SYSTEM_PRESCRIPTION_ID "','value':'%s'}],"
          "'code':{'coding':[{'system':'" CARE_SYSTEM_TASK "','code':'to-sign'}]},"
          "'for':{'reference':'Patient/p'},'owner':{'reference':'" DOCTOR "'},"
          "'input':[{'type':{'coding':[{'system':'" CARE_SYSTEM_TASK "','code':'draft'}]},"
          "'valueString':'%s'}]}",
          i, i == 0 ? "../x" : "theirs", *inputs[i] ? inputs[i] : " ");

      care_fixture_put (connection, json);
    }
  return TRUE;
}

/* It is shown with its problem, never signed, and never taken for signed. */
static void
test_strange_tasks (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  run (self, put_patients);
  run (self, put_strange_tasks);
  run (self, list);
  g_assert_cmpuint (self->items->len, ==, 6);
  for (guint i = 0; i < self->items->len; i++)
    g_assert_nonnull (((CareToSign *) self->items->pdata[i])->problem);
  error = try (self, sign_all);
  g_assert_nonnull (error);
}

/* A whole draft under the id of another patient's order. */
static gboolean
prepare_under_anothers_id (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autofree char *id = g_strdup_printf (ID, 0u), *json = NULL;

  json = g_strdup_printf ("{'resourceType':'MedicationRequest','id':'%s','status':'active',"
                          "'intent':'order','subject':{'reference':'Patient/q'},"
                          "'requester':{'reference':'Practitioner/doctor'}}",
                          id);
  care_fixture_put (connection, json);
  return prepare (connection, self, error);
}

static void
test_not_under_anothers_id (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->n = 1;
  run (self, put_patients);
  run (self, prepare_under_anothers_id);
  run (self, list);
  error = try (self, sign_all);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_STATE);
}

typedef struct
{
  const char *property, *value;
} Change;

/* The drug as the form writes it, but for one property. */
static gboolean
prepare_changed (StoreConnection *connection, Fixture *self, const Change *change, GError **error)
{
  g_autoptr (CarePrescriptionDraft) draft = draft_of (self, 0, "p", "Practitioner/nurse");

  g_object_set (draft, change->property, change->value, NULL);
  return care_to_sign_hand_over (connection, self->care.nurse, draft, DOCTOR, "Dr Ada Stone",
                                 error);
}

static gboolean
prepare_disguised (StoreConnection *connection, gpointer data, GError **error)
{
  /* what is in it is not believed */
  return prepare_changed (connection, data, &(Change) { "ingredients", "ibuprofen" }, error);
}

static void
test_ingredients_are_not_believed (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->drug = "308191";
  run (self, put_patients);
  run (self, prepare_disguised);
  run (self, list);
  g_assert_nonnull (strstr (((CareToSign *) self->items->pdata[0])->line, "moxicillin"));
  error = try (self, sign_all);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_FINDINGS);
}

static const Change changes[] = {
  { "drug-name", "ibuprofen 600 MG Oral Tablet" },
  { "brand", "Brufen" },
  { "strength", "5000 MG" },
  { "form", "Oral Solution" },
};

static gboolean
prepare_all_changes (StoreConnection *connection, gpointer data, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    if (!prepare_changed (connection, data, &changes[i], error))
      return FALSE;
  return TRUE;
}

/* The name that a pharmacy would read must be that of the code which the checks read. */
static void
test_drug_is_not_believed (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  run (self, put_patients);
  self->drug = "308191";
  run (self, prepare_all_changes);
  run (self, list);
  g_assert_cmpuint (self->items->len, ==, G_N_ELEMENTS (changes));
  for (guint i = 0; i < self->items->len; i++)
    {
      const CareToSign *item = self->items->pdata[i];

      g_assert_nonnull (item->problem);
      g_assert_null (item->line);
    }
  error = try (self, sign_all);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_STATE);
  run (self, nothing_was_signed);
}

static gboolean
prepare_another_route (StoreConnection *connection, gpointer data, GError **error)
{
  /* intravenous, beside the word "oral" */
  return prepare_changed (connection, data, &(Change) { "route-code", "47625008" }, error);
}

static gboolean
is_oral (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *id = g_strdup_printf (ID, 0u);
  g_autoptr (FhirResource) request = care_fixture_get (connection, "MedicationRequest", id);

  g_assert_cmpstr (fhir_resource_path_text (request, "dosageInstruction.0.route.coding.0.code"), ==,
                   "26643006");
  return TRUE;
}

/* Nobody reads the code of a route: it says what the words say. */
static void
test_route_is_as_shown (Fixture *self, gconstpointer data)
{
  run (self, put_patients);
  run (self, prepare_another_route);
  run (self, list);
  run (self, sign_all);
  run (self, is_oral);
}

/* ---- signed as it was read ---- */

/* What is neither in the line nor in the words of the dose: the quantity. */
static gboolean
change_quantity (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  const CareToSign *item = self->items->pdata[0];
  g_autoptr (FhirResource) task = care_fixture_get (connection, "Task", item->task), changed = NULL;
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (task);
  g_autofree char *body = NULL;
  g_auto (StorePut) put = { 0 };

  g_object_set (item->draft, "quantity", "900", NULL);
  body = care_prescription_draft_dup_body (item->draft);
  fhir_builder_set (builder, "input.0.valueString", body);
  changed = fhir_builder_end (builder);
  return store_resource_put (connection, changed, STORE_PUT_DEFAULT, NULL, &put, error);
}

static void
test_only_as_read (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *seen = NULL;

  self->n = 2;
  run (self, put_patients);
  run (self, prepare);
  run (self, list);
  seen = g_strdup (((CareToSign *) self->items->pdata[0])->seen);
  run (self, change_quantity);
  error = try (self, sign_all);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_FINDINGS);
  g_assert_nonnull (strstr (error->message, "ADAMS, Bob"));
  run (self, nothing_was_signed);
  run (self, list);
  g_assert_cmpstr (((CareToSign *) self->items->pdata[0])->seen, !=, seen);
  run (self, sign_all);
  run (self, list);
  g_assert_cmpuint (self->items->len, ==, 0);
}

static gboolean
put_allergy (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'AllergyIntolerance','id':'ibu','clinicalStatus':{'coding':[{'code':'active'"
      "}]},'criticality':'low','code':{'text':'Ibuprofen'},'patient':{'reference':'Patient/q'}}");
  return TRUE;
}

/* What the checks say is read too. */
static void
test_chart_changed (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->n = 2;
  run (self, put_patients);
  run (self, prepare);
  run (self, list);
  run (self, put_allergy);
  error = try (self, sign_all);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_FINDINGS);
  g_assert_nonnull (strstr (error->message, "changed while you read"));
  run (self, nothing_was_signed);
}

/* Whether the checks of @item name the prescription @n. */
static gboolean
names_other (const CareToSign *item, guint n)
{
  g_autofree char *id = g_strdup_printf ("MedicationRequest/" ID, n);

  for (guint i = 0; i < item->findings->len; i++)
    {
      const ClinicalFinding *finding = item->findings->pdata[i];

      if (finding->answer == CLINICAL_FOUND && g_strcmp0 (finding->evidence, id) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The same drug twice for Jane Smith, and once for Bob Adams: the first two say so of each other.
 */
static void
test_compared_with_each_other (Fixture *self, gconstpointer data)
{
  self->n = 3;
  run (self, put_patients);
  run (self, prepare);
  run (self, list);
  for (guint i = 0; i < self->items->len; i++)
    {
      const CareToSign *item = self->items->pdata[i];
      const char *id = care_prescription_draft_get_id (item->draft);
      g_autofree char *first = g_strdup_printf (ID, 0u), *third = g_strdup_printf (ID, 2u);

      g_assert_false (names_other (item, 1));
      g_assert_cmpint (names_other (item, 0), ==, g_str_equal (id, third));
      g_assert_cmpint (names_other (item, 2), ==, g_str_equal (id, first));
    }
  run (self, sign_all);
}

/* Warfarin and metronidazole for Jane Smith. */
static gboolean
prepare_pair (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const pair[] = { "855332", "311681" };
  Fixture *self = data;

  for (guint i = 0; i < G_N_ELEMENTS (pair); i++)
    {
      g_autoptr (CarePrescriptionDraft) draft = NULL;

      self->drug = pair[i];
      draft = draft_of (self, i, "p", "Practitioner/nurse");
      if (!care_to_sign_hand_over (connection, self->care.nurse, draft, DOCTOR, "Dr Ada Stone",
                                   error))
        return FALSE;
    }
  return TRUE;
}

static guint
count_issues_about (StoreConnection *connection, guint n)
{
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "DetectedIssue", "", NULL);
  g_autofree char *id = g_strdup_printf ("MedicationRequest/" ID, n);
  guint count = 0;

  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (FhirResource) issue =
          care_fixture_get (connection, "DetectedIssue", ids->pdata[i]);

      count += g_strcmp0 (fhir_resource_path_text (issue, "implicated.1.reference"), id) == 0;
    }
  return count;
}

static gboolean
each_names_the_other (StoreConnection *connection, gpointer data, GError **error)
{
  g_assert_cmpuint (count_issues_about (connection, 0), ==, 1);
  g_assert_cmpuint (count_issues_about (connection, 1), ==, 1);
  return TRUE;
}

static gboolean
none_names_another (StoreConnection *connection, gpointer data, GError **error)
{
  g_assert_cmpuint (care_fixture_count (connection, "MedicationRequest", ""), ==, 1);
  g_assert_cmpuint (care_fixture_count (connection, "DetectedIssue", ""), ==, 0);
  return TRUE;
}

/* Both say so before either is signed, and both are answered. */
static void
test_a_pair_is_answered (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  run (self, put_patients);
  run (self, prepare_pair);
  run (self, list);
  for (guint i = 0; i < self->items->len; i++)
    g_assert_true (
        clinical_finding_needs_reason (((CareToSign *) self->items->pdata[i])->findings->pdata[0]));
  error = try (self, sign_all);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_FINDINGS);
  run (self, nothing_was_signed);
  give_reasons (self);
  run (self, sign_all);
  run (self, each_names_the_other);
}

/* Signed without the other, it names no order that does not exist. */
static void
test_one_of_a_pair (Fixture *self, gconstpointer data)
{
  run (self, put_patients);
  run (self, prepare_pair);
  run (self, list);
  give_reasons (self);
  g_ptr_array_remove_index (self->items, 1);
  run (self, sign_all);
  run (self, none_names_another);
}

static gboolean
send_back (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  const char *task = ((CareToSign *) self->items->pdata[0])->task;
  g_autoptr (GError) local = NULL;

  g_assert_false (care_to_sign_send_back (connection, self->care.doctor, task, "", &local));
  g_assert_error (local, CARE_ERROR, CARE_ERROR_MISSING);
  g_assert_true (care_to_sign_send_back (connection, self->care.doctor, task, "Too much", error));
  g_assert_cmpuint (care_fixture_count (connection, "Task",
                                        "code=to-sign-returned&owner=Practitioner/nurse"),
                    ==, 1);
  return TRUE;
}

static void
test_sent_back (Fixture *self, gconstpointer data)
{
  self->n = 1;
  run (self, put_patients);
  run (self, prepare);
  run (self, list);
  run (self, send_back);
  run (self, list);
  g_assert_cmpuint (self->items->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)
  ADD ("/care-to-sign/prepared-and-signed", test_prepared_and_signed);
  ADD ("/care-to-sign/undo-puts-it-back", test_undo_puts_it_back);
  ADD ("/care-to-sign/one-number-one-signature", test_one_number_one_signature);
  ADD ("/care-to-sign/thirty-at-once", test_thirty_at_once);
  ADD ("/care-to-sign/a-finding-is-answered-first", test_a_finding_is_answered_first);
  ADD ("/care-to-sign/only-whom-it-waits-for", test_only_whom_it_waits_for);
  ADD ("/care-to-sign/strange-tasks", test_strange_tasks);
  ADD ("/care-to-sign/not-under-anothers-id", test_not_under_anothers_id);
  ADD ("/care-to-sign/ingredients-are-not-believed", test_ingredients_are_not_believed);
  ADD ("/care-to-sign/drug-is-not-believed", test_drug_is_not_believed);
  ADD ("/care-to-sign/route-is-as-shown", test_route_is_as_shown);
  ADD ("/care-to-sign/only-as-read", test_only_as_read);
  ADD ("/care-to-sign/chart-changed", test_chart_changed);
  ADD ("/care-to-sign/compared-with-each-other", test_compared_with_each_other);
  ADD ("/care-to-sign/a-pair-is-answered", test_a_pair_is_answered);
  ADD ("/care-to-sign/one-of-a-pair", test_one_of_a_pair);
  ADD ("/care-to-sign/sent-back", test_sent_back);
#undef ADD
  return g_test_run ();
}
