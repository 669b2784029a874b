/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-cosign.h"

#include "care-fixture.h"
#include "care-note.h"
#include "care-prescription.h"
#include "care-row.h"
#include "care-signed-note.h"

/* A note of the nurse, which Dr Stone is asked to co-sign. */
typedef struct
{
  CareFixture care;
  CareContext *who;
  const char *colleague, *words;
  char *note, *group, *task;
} Fixture;

static gboolean
put_note (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autofree char *id = NULL;

  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  care_fixture_put (connection, "{'resourceType':'Encounter','id':'e','status':'finished',"
                                "'subject':{'reference':'Patient/p'}}");
  care_fixture_put (connection, "{'resourceType':'Practitioner','id':'nurse','name':[{'family':"
                                "'Lind','given':['Noor']}]}");
  care_fixture_put (connection, "{'resourceType':'Practitioner','id':'doctor','name':[{'family':"
                                "'Stone','given':['Ada']}]}");
  care_fixture_put (connection, "{'resourceType':'Practitioner','id':'gone','active':false,"
                                "'name':[{'family':'Gone'}]}");
  if (!care_note_save (connection, self->care.nurse, "p", "e", "x", error) ||
      !care_note_sign (connection, self->care.nurse, "note:e:Practitioner/nurse", "Wound dry.", &id,
                       error))
    return FALSE;
  self->note = g_strconcat ("DocumentReference/", id, NULL);
  return TRUE;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  care_fixture_set_up (&self->care, data);
  care_fixture_write (&self->care, put_note);
  self->who = self->care.nurse;
  self->colleague = "Practitioner/doctor";
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_free (self->note);
  g_free (self->group);
  g_free (self->task);
  care_fixture_tear_down (&self->care, data);
}

static gboolean
ask (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autoptr (GPtrArray) tasks = NULL;

  g_clear_pointer (&self->group, g_free);
  if (!care_cosign_ask (connection, self->who, self->note, self->colleague, "Dr Ada Stone",
                        &self->group, error))
    return FALSE;
  tasks = store_search_ids (connection, "Task", "status=requested", NULL);
  g_assert_cmpuint (tasks->len, ==, 1);
  g_set_str (&self->task, tasks->pdata[0]);
  return TRUE;
}

static gboolean
sign (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;

  g_clear_pointer (&self->group, g_free);
  return care_cosign_sign (connection, self->who, self->task, &self->group, error);
}

static gboolean
send_back (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;

  g_clear_pointer (&self->group, g_free);
  return care_cosign_send_back (connection, self->who, self->task, self->words, &self->group,
                                error);
}

static gboolean
undo (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;

  return care_cosign_undo (connection, self->who, self->group, error);
}

static const CareCosign *
read_one (StoreConnection *connection, Fixture *self, CareSignedNote **note)
{
  g_autoptr (GError) error = NULL;

  *note = care_signed_note_load (connection, self->note, self->care.clock, &error);
  g_assert_no_error (error);
  g_assert_cmpuint ((*note)->cosigns->len, ==, 1);
  return (*note)->cosigns->pdata[0];
}

static gboolean
check_asked (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autoptr (FhirResource) task = care_fixture_get (connection, "Task", self->task);
  g_autoptr (CareSignedNote) note = NULL;
  const CareCosign *cosign = read_one (connection, self, &note);

  g_assert_cmpstr (fhir_resource_path_text (task, "code.coding.0.code"), ==, "co-sign");
  g_assert_cmpstr (fhir_resource_path_text (task, "focus.reference"), ==, self->note);
  g_assert_cmpstr (fhir_resource_path_text (task, "for.reference"), ==, "Patient/p");
  g_assert_cmpstr (fhir_resource_path_text (task, "encounter.reference"), ==, "Encounter/e");
  g_assert_cmpstr (fhir_resource_path_text (task, "requester.reference"), ==, "Practitioner/nurse");
  g_assert_cmpstr (fhir_resource_path_text (task, "owner.reference"), ==, "Practitioner/doctor");
  g_assert_cmpint (cosign->state, ==, CARE_COSIGN_AWAITED);
  g_assert_cmpstr (cosign->who, ==, "Dr Ada Stone");
  return TRUE;
}

/* The author asks a colleague, once. */
static void
test_ask (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) twice = NULL, self_asked = NULL, not_mine = NULL;

  care_fixture_write (&self->care, ask);
  care_fixture_read (&self->care, check_asked);
  twice = care_fixture_try (&self->care, ask);
  g_assert_error (twice, CARE_ERROR, CARE_ERROR_STATE);
  self->colleague = "Practitioner/nurse";
  self_asked = care_fixture_try (&self->care, ask);
  g_assert_error (self_asked, CARE_ERROR, CARE_ERROR_MISSING);
  self->who = self->care.other;
  self->colleague = "Practitioner/doctor";
  not_mine = care_fixture_try (&self->care, ask);
  g_assert_error (not_mine, CARE_ERROR, CARE_ERROR_AUTHOR);
}

static gboolean
check_signed (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autofree char *query = g_strdup_printf ("target=%s&agent=Practitioner/doctor", self->note);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Provenance", query, NULL);
  g_autoptr (FhirResource) task = care_fixture_get (connection, "Task", self->task);
  g_autoptr (FhirResource) provenance = NULL;
  g_autoptr (CareSignedNote) note = NULL;
  const CareCosign *cosign = read_one (connection, self, &note);

  g_assert_cmpuint (ids->len, ==, 1);
  provenance = care_fixture_get (connection, "Provenance", ids->pdata[0]);
  g_assert_cmpstr (fhir_resource_path_text (provenance, "agent.0.type.coding.0.code"), ==,
                   "verifier");
  g_assert_cmpstr (fhir_resource_path_text (provenance, "signature.0.who.reference"), ==,
                   "Practitioner/doctor");
  g_assert_cmpstr (fhir_resource_path_text (task, "status"), ==, "completed");
  g_assert_cmpint (cosign->state, ==, CARE_COSIGN_SIGNED);
  g_assert_cmpstr (cosign->when, ==, "22-Nov-2026 09:05");
  g_assert_false (cosign->is_changed);
  g_assert_cmpstr (note->text, ==, "Wound dry.");
  return TRUE;
}

static gboolean
change_note (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autoptr (FhirResource) note = care_fixture_get (connection, "DocumentReference",
                                                    self->note + strlen ("DocumentReference/"));
  g_autofree char *text = g_strdup (fhir_resource_get_text (note, NULL));
  g_auto (GStrv) parts = g_strsplit (text, "Progress note", -1);
  g_autofree char *changed = g_strjoinv ("Another note", parts);
  g_autoptr (FhirResource) resource = fhir_resource_parse (changed, -1, error);
  g_auto (StorePut) put = { 0 };

  return store_resource_put (connection, resource, STORE_PUT_DEFAULT, NULL, &put, error);
}

static gboolean
check_changed (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareSignedNote) note = NULL;

  g_assert_true (read_one (connection, data, &note)->is_changed);
  return TRUE;
}

/* Only who is asked co-signs, once; the note itself has no new version. */
static void
test_sign (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) other = NULL, twice = NULL;

  care_fixture_write (&self->care, ask);
  base_clock_advance (self->care.clock, 5 * G_TIME_SPAN_MINUTE);
  self->who = self->care.other;
  other = care_fixture_try (&self->care, sign);
  g_assert_error (other, CARE_ERROR, CARE_ERROR_AUTHOR);
  self->who = self->care.doctor;
  care_fixture_write (&self->care, sign);
  care_fixture_read (&self->care, check_signed);
  twice = care_fixture_try (&self->care, sign);
  g_assert_error (twice, CARE_ERROR, CARE_ERROR_STATE);
  care_fixture_write (&self->care, change_note); /* as a server might */
  care_fixture_read (&self->care, check_changed);
}

static gboolean
check_sent_back (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autoptr (CareSignedNote) note = NULL;
  const CareCosign *cosign = read_one (connection, self, &note);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Task", "status=requested", NULL);
  g_autoptr (FhirResource) task = NULL;

  g_assert_cmpint (cosign->state, ==, CARE_COSIGN_SENT_BACK);
  g_assert_cmpstr (cosign->words, ==, "Which wound?");
  g_assert_cmpuint (ids->len, ==, 1);
  task = care_fixture_get (connection, "Task", ids->pdata[0]);
  g_assert_cmpstr (fhir_resource_path_text (task, "code.coding.0.code"), ==, "co-sign-returned");
  g_assert_cmpstr (fhir_resource_path_text (task, "owner.reference"), ==, "Practitioner/nurse");
  g_assert_cmpstr (fhir_resource_path_text (task, "note.0.text"), ==, "Which wound?");
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", "agent=Practitioner/doctor"), ==,
                    2);
  return TRUE;
}

/* Sent back with words, which the author has as a task; then the colleague can be asked again. */
static void
test_send_back (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) wordless = NULL;

  care_fixture_write (&self->care, ask);
  self->who = self->care.doctor;
  self->words = " ";
  wordless = care_fixture_try (&self->care, send_back);
  g_assert_error (wordless, CARE_ERROR, CARE_ERROR_MISSING);
  self->words = "Which wound?";
  care_fixture_write (&self->care, send_back);
  care_fixture_read (&self->care, check_sent_back);
}

static gboolean
check_awaited (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareSignedNote) note = NULL;

  g_assert_cmpint (read_one (connection, data, &note)->state, ==, CARE_COSIGN_AWAITED);
  g_assert_cmpuint (care_fixture_count (connection, "Task", ""), ==, 1);
  return TRUE;
}

static gboolean
check_never_asked (StoreConnection *connection, gpointer data, GError **error)
{
  g_assert_cmpuint (care_fixture_count (connection, "Task", ""), ==, 0);
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", ""), ==, 1); /* of the note */
  return TRUE;
}

static gboolean
release (StoreConnection *connection, gpointer data, GError **error)
{
  return care_prescription_release_due (connection, ((Fixture *) data)->who, NULL, error);
}

/* Request and answers can be taken back by who wrote them, while they rest. */
static void
test_undo (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) other = NULL;

  care_fixture_write (&self->care, ask);
  care_fixture_write (&self->care, undo);
  care_fixture_read (&self->care, check_never_asked);
  care_fixture_write (&self->care, ask);
  base_clock_advance (self->care.clock, 11 * G_USEC_PER_SEC);
  care_fixture_write (&self->care, release);
  self->who = self->care.doctor;
  care_fixture_write (&self->care, sign);
  self->who = self->care.nurse;
  other = care_fixture_try (&self->care, undo);
  g_assert_error (other, CARE_ERROR, CARE_ERROR_AUTHOR);
  self->who = self->care.doctor;
  care_fixture_write (&self->care, undo);
  care_fixture_read (&self->care, check_awaited);
  self->words = "Which wound?";
  care_fixture_write (&self->care, send_back);
  care_fixture_write (&self->care, undo);
  care_fixture_read (&self->care, check_awaited);
}

static gboolean
close_task (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'Task','id':'%s','status':'completed','intent':'order','code':{'coding':[{"
      "'system':'https://bedside.health/fhir/task','code':'co-sign'}]},'focus':{'reference':'%s'},"
      "'owner':{'reference':'Practitioner/doctor'},'authoredOn':'2026-11-22T09:00:00Z'}",
      self->task, self->note);

  care_fixture_put (connection, json);
  return TRUE;
}

static gboolean
check_closed (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareSignedNote) note = NULL;

  g_assert_cmpint (read_one (connection, data, &note)->state, ==, CARE_COSIGN_CLOSED);
  return TRUE;
}

/* A task that is closed without a signature is no co-signature. */
static void
test_closed (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->care, ask);
  care_fixture_write (&self->care, close_task);
  care_fixture_read (&self->care, check_closed);
}

static gboolean
check_colleagues (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autoptr (GListStore) rows = care_cosign_list_colleagues (connection, self->who, error);
  g_autoptr (CareRow) only = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows)), ==, 1);
  only = g_list_model_get_item (G_LIST_MODEL (rows), 0);
  g_assert_cmpstr (care_row_get_reference (only), ==, "Practitioner/doctor");
  return TRUE;
}

/* Neither oneself nor who has left can be asked. */
static void
test_colleagues (Fixture *self, gconstpointer data)
{
  care_fixture_read (&self->care, check_colleagues);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/care/cosign/ask", test_ask);
  ADD ("/care/cosign/sign", test_sign);
  ADD ("/care/cosign/send-back", test_send_back);
  ADD ("/care/cosign/undo", test_undo);
  ADD ("/care/cosign/closed", test_closed);
  ADD ("/care/cosign/colleagues", test_colleagues);
  return g_test_run ();
}
