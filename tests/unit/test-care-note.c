/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-note.h"

#include "care-fixture.h"
#include "care-journal.h"

#include <string.h>

#define MINE   "note:e:Practitioner/doctor"
#define THEIRS "note:e:Practitioner/other"

static gboolean
save (StoreConnection *connection, gpointer data, GError **error)
{
  return care_note_save (connection, ((CareFixture *) data)->doctor, "p", "e",
                         "Cough for 3 days.\nNo fever – “fine” 咳嗽", error);
}

static gboolean
load (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *text = care_note_load (connection, ((CareFixture *) data)->doctor, "e", error);

  g_assert_cmpstr (text, ==, "Cough for 3 days.\nNo fever – “fine” 咳嗽");
  return TRUE;
}

/* Law 2: what was typed is there after the program is gone. */
static void
test_typing_survives (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, save);
  care_fixture_close (fixture);
  care_fixture_open (fixture);
  care_fixture_read (fixture, load);
}

static gboolean
sign (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *id = NULL;
  g_autoptr (FhirResource) document = NULL;
  g_autoptr (GPtrArray) journal = NULL;
  g_autofree char *text = NULL, *left = NULL;
  gsize length;

  if (!care_note_sign (connection, ((CareFixture *) data)->doctor, MINE, "Cough, settled.", &id,
                       error))
    return FALSE;
  document = care_fixture_get (connection, "DocumentReference", id);
  g_assert_cmpstr (fhir_resource_path_text (document, "docStatus"), ==, "final");
  g_assert_cmpstr (fhir_resource_path_text (document, "type.coding.0.code"), ==, "11506-3");
  g_assert_cmpstr (fhir_resource_path_text (document, "context.encounter.0.reference"), ==,
                   "Encounter/e");
  g_assert_cmpstr (fhir_resource_path_text (document, "author.0.reference"), ==,
                   "Practitioner/doctor");
  text = (char *) g_base64_decode (fhir_resource_path_text (document, "content.0.attachment.data"),
                                   &length);
  g_assert_cmpmem (text, length, "Cough, settled.", strlen ("Cough, settled."));
  left = care_note_load (connection, ((CareFixture *) data)->doctor, "e", NULL);
  g_assert_null (left);
  journal = store_journal_list (connection, "held", 10, error);
  g_assert_cmpuint (journal->len, ==, 2); /* it rests, with who signed it */
  for (guint i = 0; i < journal->len; i++)
    g_assert_cmpstr (((StoreJournalEntry *) journal->pdata[i])->reason, ==, CARE_HOLD_UNDO);
  g_assert_cmpstr (((StoreJournalEntry *) journal->pdata[1])->type, ==, "Provenance");
  return TRUE;
}

static void
test_sign (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) again = NULL;

  care_fixture_write (fixture, save);
  care_fixture_write (fixture, sign);
  again = care_fixture_try (fixture, sign); /* the draft is gone: there is nothing to sign twice */
  g_assert_error (again, STORE_ERROR, STORE_ERROR_NOT_FOUND);
}

static char *signed_id;

static gboolean
sign_mine (StoreConnection *connection, gpointer data, GError **error)
{
  g_clear_pointer (&signed_id, g_free);
  return care_note_sign (connection, ((CareFixture *) data)->doctor, MINE, "Cough, settled.",
                         &signed_id, error);
}

static gboolean
save_more (StoreConnection *connection, gpointer data, GError **error)
{
  return care_note_save (connection, ((CareFixture *) data)->doctor, "p", "e", "And a rash.",
                         error);
}

static gboolean
undo_as_other (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *text =
      care_note_undo (connection, ((CareFixture *) data)->other, signed_id, NULL, error);

  return text != NULL;
}

static gboolean
undo (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *text =
      care_note_undo (connection, ((CareFixture *) data)->doctor, signed_id, NULL, error);
  g_autofree char *draft = care_note_load (connection, ((CareFixture *) data)->doctor, "e", NULL);
  g_autoptr (GPtrArray) held = store_journal_list (connection, "held", 10, NULL);

  if (!text)
    return FALSE;
  g_assert_cmpstr (text, ==, draft);
  g_assert_cmpuint (held->len, ==, 0);
  g_assert_cmpuint (care_fixture_count (connection, "DocumentReference", "_count=9"), ==, 0);
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", "_count=9"), ==, 0);
  return TRUE;
}

/* What stands on the screen counts, and not what was written before it. */
static gboolean
undo_with_words (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *text =
      care_note_undo (connection, ((CareFixture *) data)->doctor, signed_id, "No rash.", error);
  g_autofree char *draft = care_note_load (connection, ((CareFixture *) data)->doctor, "e", NULL);

  g_assert_cmpstr (text, ==, "Cough, settled.\n\nNo rash.");
  g_assert_cmpstr (draft, ==, text);
  return TRUE;
}

static gboolean
check_draft (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *draft = care_note_load (connection, ((CareFixture *) data)->doctor, "e", NULL);

  g_assert_cmpstr (draft, ==, "Cough, settled.");
  return TRUE;
}

static gboolean
check_both (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *draft = care_note_load (connection, ((CareFixture *) data)->doctor, "e", NULL);

  g_assert_cmpstr (draft, ==, "Cough, settled.\n\nAnd a rash.");
  return TRUE;
}

/* H21: until it leaves, the signature can be taken back, and no word is lost. */
static void
test_undo (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) other = NULL;

  care_fixture_write (fixture, save);
  care_fixture_write (fixture, sign_mine);
  other = care_fixture_try (fixture, undo_as_other);
  g_assert_error (other, CARE_ERROR, CARE_ERROR_AUTHOR);
  care_fixture_write (fixture, undo);
  care_fixture_read (fixture, check_draft);
  /* what was written meanwhile stays */
  care_fixture_write (fixture, sign_mine);
  care_fixture_write (fixture, save_more);
  care_fixture_write (fixture, undo);
  care_fixture_read (fixture, check_both);
  care_fixture_write (fixture, sign_mine);
  care_fixture_write (fixture, save_more);
  care_fixture_write (fixture, undo_with_words);
  g_clear_pointer (&signed_id, g_free);
}

static gboolean
ask_about_it (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *json =
      g_strdup_printf ("{'resourceType':'Task','id':'t','status':'requested','intent':'order',"
                       "'focus':{'reference':'DocumentReference/%s'}}",
                       signed_id);

  care_fixture_put (connection, json);
  return TRUE;
}

static gboolean
remove_task (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Task','id':'t','status':'requested','intent':"
                                "'order'}");
  return TRUE;
}

static gboolean
send_work (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) held = store_journal_list (connection, "held", 10, error);

  for (guint i = 0; i < held->len; i++)
    g_assert_true (store_journal_set_state (connection,
                                            ((StoreJournalEntry *) held->pdata[i])->sequence,
                                            "sending", NULL, error));
  return TRUE;
}

/* What hangs on it, and what has left, stays. */
static void
test_no_undo (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) asked = NULL, late = NULL;

  care_fixture_write (fixture, save);
  care_fixture_write (fixture, sign_mine);
  care_fixture_write (fixture, ask_about_it);
  asked = care_fixture_try (fixture, undo);
  g_assert_error (asked, CARE_ERROR, CARE_ERROR_STATE);
  care_fixture_write (fixture, remove_task);
  care_fixture_write (fixture, send_work);
  late = care_fixture_try (fixture, undo);
  g_assert_error (late, CARE_ERROR, CARE_ERROR_TOO_LATE);
  g_clear_pointer (&signed_id, g_free);
}

static gboolean
sign_empty (StoreConnection *connection, gpointer data, GError **error)
{
  return care_note_sign (connection, ((CareFixture *) data)->doctor, MINE, " \n ", NULL, error);
}

static gboolean
sign_as_other (StoreConnection *connection, gpointer data, GError **error)
{
  return care_note_sign (connection, ((CareFixture *) data)->other, MINE, "x", NULL, error);
}

static gboolean
take_over (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autofree char *author =
      care_note_find_other_author (connection, fixture->other, "p", "e", error);
  g_autofree char *text = NULL, *before = NULL;
  gint64 rows_before, rows_after;

  g_assert_cmpstr (author, ==, "Practitioner/doctor");
  g_assert_true (store_audit_verify (connection, &rows_before, error));
  if (!care_note_take_over (connection, fixture->other, MINE, error))
    return FALSE;
  g_assert_true (store_audit_verify (connection, &rows_after, error));
  g_assert_cmpint (rows_after, ==, rows_before + 1);
  text = care_note_load (connection, fixture->other, "e", error);
  g_assert_true (g_str_has_prefix (text, "Cough for 3 days."));
  before = care_note_load (connection, fixture->doctor, "e", NULL);
  g_assert_null (before);
  return care_note_sign (connection, fixture->other, THEIRS, text, NULL, error);
}

/* H9: another author's draft is taken over with a record, or not at all. */
static void
test_another_author (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) other = NULL, empty = NULL;

  care_fixture_write (fixture, save);
  empty = care_fixture_try (fixture, sign_empty);
  g_assert_error (empty, CARE_ERROR, CARE_ERROR_MISSING);
  other = care_fixture_try (fixture, sign_as_other);
  g_assert_error (other, CARE_ERROR, CARE_ERROR_AUTHOR);
  care_fixture_read (fixture, load);
  care_fixture_write (fixture, take_over);
}

#define ADD(path, test)                                                                            \
  g_test_add (path, CareFixture, NULL, care_fixture_set_up, test, care_fixture_tear_down)

static gboolean
put_notes (StoreConnection *connection, gpointer data, GError **error)
{
  static const struct
  {
    const char *id, *date, *status, *more, *data;
  } notes[] = {
    { "old", "2026-01-01", "final", "", "T2xk" },
    { "last", "2026-10-12", "final", "", "Q291Z2guCkZldmVyLg==" },
    { "draft", "2026-11-01", "preliminary", "", "RHJhZnQ=" },
    { "dark", "2026-11-02", "final",
      "'modifierExtension':[{'url':'http://x.invalid','valueBoolean':true}],", "RGFyaw==" },
  };

  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  for (gsize i = 0; i < G_N_ELEMENTS (notes); i++)
    {
      g_autofree char *json = g_strdup_printf (
          "{'resourceType':'DocumentReference','id':'%s',%s'status':'current','docStatus':'%s',"
          "'subject':{'reference':'Patient/p'},'date':'%s','author':[{'display':'Dr Far'}],"
          "'type':{'coding':[{'system':'http://loinc.org','code':'11506-3'}]},'content':[{"
          "'attachment':{'contentType':'text/plain; charset=utf-8','data':'%s'}}]}",
          notes[i].id, notes[i].more, notes[i].status, notes[i].date, notes[i].data);

      care_fixture_put (connection, json);
    }
  return TRUE;
}

/* The last that was signed and can be read, with whose it is, and a mark on every line. */
static gboolean
carry (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *text =
      care_note_carry_forward (connection, ((CareFixture *) data)->doctor, "p", error);

  g_assert_cmpstr (text, ==,
                   "[Carried forward from the note of 12-Oct-2026 by Dr Far:]\n> Cough.\n> "
                   "Fever.\n[End of what was carried forward]\n");
  return TRUE;
}

static gboolean
carry_nothing (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GError) none = NULL;

  g_assert_null (care_note_carry_forward (connection, ((CareFixture *) data)->doctor, "q", &none));
  g_assert_error (none, CARE_ERROR, CARE_ERROR_MISSING);
  return TRUE;
}

static void
test_carry_forward (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_notes);
  care_fixture_read (fixture, carry);
  care_fixture_read (fixture, carry_nothing);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/care/note/typing-survives", test_typing_survives);
  ADD ("/care/note/sign", test_sign);
  ADD ("/care/note/undo", test_undo);
  ADD ("/care/note/no-undo", test_no_undo);
  ADD ("/care/note/another-author", test_another_author);
  g_test_add ("/care/note/carry-forward", CareFixture, NULL, care_fixture_set_up,
              test_carry_forward, care_fixture_tear_down);
  return g_test_run ();
}
