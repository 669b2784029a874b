/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-signed-note.h"

#include "care-addendum.h"
#include "care-document.h"
#include "care-fixture.h"
#include "care-note.h"
#include "care-prescription.h"
#include "care-row.h"
#include "care-timeline.h"

/* The signed note of a visit of Dr Stone, to which others add. */
typedef struct
{
  CareFixture care;
  CareContext *who;
  const char *text;
  char *note, *group;
} Fixture;

static gboolean
put_note (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autofree char *id = NULL;

  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  care_fixture_put (connection, "{'resourceType':'Encounter','id':'e','status':'finished',"
                                "'subject':{'reference':'Patient/p'}}");
  if (!care_note_save (connection, self->care.doctor, "p", "e", "x", error) ||
      !care_note_sign (connection, self->care.doctor, "note:e:Practitioner/doctor",
                       "Allergic to nothing.", &id, error))
    return FALSE;
  self->note = g_strconcat ("DocumentReference/", id, NULL);
  return TRUE;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  care_fixture_set_up (&self->care, data);
  care_fixture_write (&self->care, put_note);
  self->who = self->care.other;
  self->text = "Correction: penicillin.\nRash in 2011.";
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_free (self->note);
  g_free (self->group);
  care_fixture_tear_down (&self->care, data);
}

static gboolean
sign (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;

  g_clear_pointer (&self->group, g_free);
  return care_addendum_sign (connection, self->who, self->note, self->text, &self->group, error);
}

static gboolean
undo (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;

  return care_addendum_undo (connection, self->who, self->group, error);
}

static FhirResource *
find_one (StoreConnection *connection, const char *type, const char *query)
{
  g_autoptr (GPtrArray) ids = store_search_ids (connection, type, query, NULL);

  g_assert_cmpuint (ids->len, ==, 1);
  return care_fixture_get (connection, type, ids->pdata[0]);
}

static gboolean
check_written (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autofree char *query = g_strdup_printf ("relatesto=%s", self->note);
  g_autoptr (FhirResource) addendum = find_one (connection, "DocumentReference", query);
  g_autofree char *reference = fhir_resource_dup_reference (addendum);
  g_autofree char *about = g_strdup_printf ("target=%s", reference);
  g_autoptr (FhirResource) provenance = find_one (connection, "Provenance", about);
  g_autofree char *digest = care_prescription_dup_digest (addendum);
  g_autoptr (GPtrArray) held = store_journal_list (connection, "held", 10, error);
  gsize length;
  g_autofree char *signature = NULL;

  g_assert_cmpstr (fhir_resource_path_text (addendum, "relatesTo.0.code"), ==, "appends");
  g_assert_cmpstr (fhir_resource_path_text (addendum, "docStatus"), ==, "final");
  g_assert_cmpstr (fhir_resource_path_text (addendum, "author.0.reference"), ==,
                   "Practitioner/other");
  g_assert_cmpstr (fhir_resource_path_text (addendum, "subject.reference"), ==, "Patient/p");
  g_assert_cmpstr (fhir_resource_path_text (addendum, "context.encounter.0.reference"), ==,
                   "Encounter/e");
  g_assert_cmpstr (fhir_resource_path_text (provenance, "agent.0.who.reference"), ==,
                   "Practitioner/other");
  g_assert_cmpstr (fhir_resource_path_text (provenance, "entity.0.what.reference"), ==, self->note);
  signature =
      (char *) g_base64_decode (fhir_resource_path_text (provenance, "signature.0.data"), &length);
  g_assert_nonnull (g_strstr_len (signature, (gssize) length, digest));
  g_assert_cmpuint (held->len, ==, 4); /* the note rests as well, by itself */
  for (guint i = 2; i < held->len; i++)
    g_assert_cmpstr (((StoreJournalEntry *) held->pdata[i])->group, ==, self->group);
  return TRUE;
}

static gboolean
check_read (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autoptr (CareSignedNote) note =
      care_signed_note_load (connection, self->note, self->care.clock, error);
  g_autoptr (CareSignedNote) again = NULL;
  g_autoptr (GPtrArray) visit = care_signed_note_list (connection, "e", self->care.clock, error);
  const CareAddendum *first;

  g_assert_cmpstr (note->text, ==, "Allergic to nothing.");
  g_assert_cmpstr (note->author, ==, "Dr Ada Stone");
  g_assert_cmpuint (note->addenda->len, ==, 1);
  first = note->addenda->pdata[0];
  g_assert_cmpstr (first->author, ==, "Dr Ben Hill");
  g_assert_cmpstr (first->when, ==, "22-Nov-2026 09:00");
  g_assert_cmpstr (first->text, ==, self->text);
  again = care_signed_note_load (connection, first->reference, self->care.clock, error);
  g_assert_cmpstr (again->reference, ==, self->note); /* never read without its note */
  g_assert_cmpuint (visit->len, ==, 1);
  return TRUE;
}

/* The note stays as it was; what is added is a signed document of its own author under it. */
static void
test_sign (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->care, sign);
  care_fixture_read (&self->care, check_written);
  care_fixture_read (&self->care, check_read);
}

static gboolean
check_undone (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autofree char *query = g_strdup_printf ("relatesto=%s", self->note);
  g_autofree char *draft = care_addendum_load_draft (connection, self->who, self->note, error);

  g_assert_cmpuint (care_fixture_count (connection, "DocumentReference", query), ==, 0);
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", ""), ==, 1); /* of the note */
  g_assert_cmpstr (draft, ==, self->text);
  return TRUE;
}

static gboolean
release (StoreConnection *connection, gpointer data, GError **error)
{
  return care_prescription_release_due (connection, ((Fixture *) data)->who, NULL, error);
}

static gboolean
mark_sent (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) waiting = store_journal_list (connection, "waiting", 10, error);

  for (guint i = 0; i < waiting->len; i++)
    if (!store_journal_set_state (connection, ((StoreJournalEntry *) waiting->pdata[i])->sequence,
                                  "done", NULL, error))
      return FALSE;
  return waiting->len == 4; /* the note, its addendum and the Provenance of each */
}

/* Taken back, its words are a draft again; by nobody else, and not once it has left. */
static void
test_undo (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) other = NULL, late = NULL;

  care_fixture_write (&self->care, sign);
  self->who = self->care.nurse;
  other = care_fixture_try (&self->care, undo);
  g_assert_error (other, CARE_ERROR, CARE_ERROR_AUTHOR);
  self->who = self->care.other;
  care_fixture_write (&self->care, undo);
  care_fixture_read (&self->care, check_undone);
  care_fixture_write (&self->care, sign);
  base_clock_advance (self->care.clock, 11 * G_USEC_PER_SEC);
  care_fixture_write (&self->care, release);
  care_fixture_write (&self->care, mark_sent);
  late = care_fixture_try (&self->care, undo);
  g_assert_error (late, CARE_ERROR, CARE_ERROR_TOO_LATE);
}

static gboolean
put_draft_note (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'DocumentReference','id':'open','status':'current',"
                    "'docStatus':'preliminary','subject':{'reference':'Patient/p'},'content':[{"
                    "'attachment':{'contentType':'text/plain','data':'QQ=='}}],'type':{'coding':"
                    "[{'system':'http://loinc.org','code':'11506-3'}]}}");
  return TRUE;
}

/* Nothing is added by those who may not write, with no words, or to what nobody signed. */
static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autoptr (CareContext) desk = care_context_new (self->care.database, self->care.clock,
                                                   "Practitioner/desk", "Desk", "reception");
  g_autoptr (GError) role = NULL, empty = NULL, unsigned_note = NULL;

  self->who = desk;
  role = care_fixture_try (&self->care, sign);
  g_assert_error (role, CARE_ERROR, CARE_ERROR_ROLE);
  self->who = self->care.other;
  self->text = " \n";
  empty = care_fixture_try (&self->care, sign);
  g_assert_error (empty, CARE_ERROR, CARE_ERROR_MISSING);
  self->text = "x";
  care_fixture_write (&self->care, put_draft_note);
  g_set_str (&self->note, "DocumentReference/open");
  unsigned_note = care_fixture_try (&self->care, sign);
  g_assert_error (unsigned_note, CARE_ERROR, CARE_ERROR_STATE);
}

static gboolean
check_lists (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autoptr (GListStore) rows = care_document_list (connection, "p", self->care.clock, error);
  g_autoptr (CareRow) first = g_list_model_get_item (G_LIST_MODEL (rows), 0),
                      second = g_list_model_get_item (G_LIST_MODEL (rows), 1);
  g_autoptr (CareTimeline) timeline = care_timeline_load (connection, "p", self->care.clock, error);
  gboolean under = FALSE, by_itself = FALSE;

  g_assert_cmpstr (care_row_get_reference (first), ==, self->note);
  g_assert_cmpstr (care_row_get_title (second), ==, "Addendum to “Visit note”");
  for (guint i = 0; i < care_timeline_get_n_events (timeline); i++)
    {
      const CareTimelineEvent *event = care_timeline_get_event (timeline, i);

      under |= g_strcmp0 (event->reference, self->note) == 0 && event->detail &&
               strstr (event->detail, "Addendum of 24-Nov-2026 09:00 by Dr Ben Hill: Correction: "
                                      "penicillin. Rash in 2011.");
      by_itself |= g_strcmp0 (event->title, "Addendum to a note") == 0 &&
                   g_str_has_prefix (event->date, "24-Nov-2026");
    }
  g_assert_true (under);
  g_assert_true (by_itself);
  return TRUE;
}

static gboolean
put_letter (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'DocumentReference','id':'letter','status':'current',"
                    "'subject':{'reference':'Patient/p'},'date':'2026-11-21','content':[{"
                    "'attachment':{'contentType':'text/plain','data':'QQ=='}}]}");
  return TRUE;
}

/* In the list an addendum stands under its note; in the timeline there and at its own day. */
static void
test_lists (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->care, put_letter);
  base_clock_advance (self->care.clock, 48 * G_TIME_SPAN_HOUR);
  care_fixture_write (&self->care, sign);
  care_fixture_read (&self->care, check_lists);
}

static gboolean
check_carried (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autofree char *text = care_note_carry_forward (connection, self->care.doctor, "p", error);

  g_assert_cmpstr (text, ==,
                   "[Carried forward from the note of 22-Nov-2026 09:00 by Dr Ada Stone:]\n"
                   "> Allergic to nothing.\n"
                   "> [Added on 22-Nov-2026 09:00 by Dr Ben Hill:]\n"
                   "> Correction: penicillin.\n> Rash in 2011.\n"
                   "[End of what was carried forward]\n");
  return TRUE;
}

/* What corrects a note is carried forward with it. */
static void
test_carry (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->care, sign);
  care_fixture_read (&self->care, check_carried);
}

static void
put_appending (StoreConnection *connection, const char *id, const char *patient, const char *to)
{
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'DocumentReference','id':'%s','status':'current','docStatus':'final',"
      "'subject':{'reference':'Patient/%s'},'date':'2026-11-22','relatesTo':[{'code':'appends',"
      "'target':{'reference':'%s'}}],'content':[{'attachment':{'contentType':'text/plain','data':"
      "'QQ=='}}],'type':{'coding':[{'system':'http://loinc.org','code':'11506-3'}]}}",
      id, patient, to);

  care_fixture_put (connection, json);
}

/* Neither note nor addendum is shown with @reference: it is read by itself. */
static void
assert_alone (StoreConnection *connection, Fixture *self, const char *reference)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CareDocument) document =
      care_document_load (connection, reference, self->care.clock, NULL);
  g_autoptr (CareSignedNote) note =
      care_signed_note_load (connection, reference, self->care.clock, &error);

  g_assert_nonnull (document);
  g_assert_cmpstr (document->note, ==, NULL);
  g_assert_cmpuint (g_bytes_get_size (document->bytes), ==, 1);
  g_assert_null (note);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_STATE);
}

static gboolean
read_misfiled (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autoptr (CareSignedNote) note = NULL;
  g_autoptr (GListStore) rows = NULL;

  care_fixture_put (connection, "{'resourceType':'Patient','id':'q'}");
  put_appending (connection, "other", "q", self->note);
  note = care_signed_note_load (connection, self->note, self->care.clock, error);
  g_assert_cmpuint (note->addenda->len, ==, 0);
  assert_alone (connection, self, "DocumentReference/other");
  rows = care_document_list (connection, "q", self->care.clock, error);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows)), ==, 1);
  return TRUE;
}

/* An addendum that stayed with another patient when its note was moved shows neither's words to the
 * other. */
static void
test_misfiled (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->care, read_misfiled);
}

static gboolean
read_chain (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autoptr (CareSignedNote) note = NULL;

  put_appending (connection, "first", "p", self->note);
  put_appending (connection, "second", "p", "DocumentReference/first");
  put_appending (connection, "a", "p", "DocumentReference/b");
  put_appending (connection, "b", "p", "DocumentReference/a");
  put_appending (connection, "lost", "p", "DocumentReference/nowhere");
  note = care_signed_note_load (connection, "DocumentReference/first", self->care.clock, error);
  g_assert_cmpstr (note->reference, ==, self->note);
  g_assert_cmpuint (note->addenda->len, ==, 1);
  assert_alone (connection, self, "DocumentReference/second");
  assert_alone (connection, self, "DocumentReference/a");
  assert_alone (connection, self, "DocumentReference/b");
  assert_alone (connection, self, "DocumentReference/lost");
  return TRUE;
}

/* What is added to an addendum, to itself in a circle, or to what is not here, can still be read.
 */
static void
test_chain (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->care, read_chain);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/care/signed-note/addendum", test_sign);
  ADD ("/care/signed-note/undo", test_undo);
  ADD ("/care/signed-note/refused", test_refused);
  ADD ("/care/signed-note/lists", test_lists);
  ADD ("/care/signed-note/carry", test_carry);
  ADD ("/care/signed-note/misfiled", test_misfiled);
  ADD ("/care/signed-note/chain", test_chain);
  return g_test_run ();
}
