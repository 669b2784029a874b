/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print-job.h"

#include <errno.h>
#include <poppler.h>
#include <sys/stat.h>

#include "care-fixture.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PopplerDocument, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PopplerPage, g_object_unref)

/* A PDF is made without any printer or display, and read back by another program's code. */

typedef struct
{
  CareFixture care;
  CarePaper *paper;
  PrintStamp stamp;
  char *path;
  GAsyncResult *result;
  const char *reference;
  CarePaperKind kind;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  care_fixture_set_up (&self->care, data);
  self->stamp.as_of = g_strdup ("Complete as the server had it at 08:59 (1 min ago).");
  self->stamp.printed = g_strdup ("Printed 22-Nov-2026 at 09:00 by Dr Ada Stone.");
  self->path = g_build_filename (self->care.folder, "out.pdf", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_object (&self->result);
  /* a row of the audit may still be on its way; four hold the store: the fixture and its contexts
   */
  while (G_OBJECT (self->care.database)->ref_count > 4)
    g_main_context_iteration (NULL, TRUE);
  g_clear_pointer (&self->paper, care_paper_unref);
  print_stamp_clear (&self->stamp);
  g_unlink (self->path);
  g_free (self->path);
  care_fixture_tear_down (&self->care, data);
}

static void
put_patient (StoreConnection *connection, const char *family, const char *given)
{
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'Patient','id':'p','identifier':[{'value':'AB 12345'}],'birthDate':"
      "'1961-03-12','name':[{'family':'%s','given':['%s']}]}",
      family, given);

  care_fixture_put (connection, json);
}

static gboolean
load_paper (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;

  self->paper =
      care_paper_load (connection, self->care.doctor, self->kind, "p", self->reference, error);
  return self->paper != NULL;
}

static void
load (Fixture *self, CarePaperKind kind, const char *reference)
{
  self->kind = kind;
  self->reference = reference;
  care_fixture_read (&self->care, load_paper);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Fixture *) user_data)->result = g_object_ref (result);
}

static int
export_to (Fixture *self, const char *path, GError **error)
{
  g_autoptr (GFile) target = g_file_new_for_path (path);

  g_clear_object (&self->result);
  print_job_export_async (self->care.doctor, self->paper, &self->stamp, target, done_cb, self);
  while (!self->result)
    g_main_context_iteration (NULL, TRUE);
  return print_job_finish (self->result, error);
}

static PopplerDocument *export (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = g_filename_to_uri (self->path, NULL, NULL);
  int pages = export_to (self, self->path, &error);
  PopplerDocument *document;

  g_assert_no_error (error);
  document = poppler_document_new_from_file (uri, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (poppler_document_get_n_pages (document), ==, pages);
  return document;
}

static char *
text_of (PopplerDocument *document, int index)
{
  g_autoptr (PopplerPage) page = poppler_document_get_page (document, index);

  return poppler_page_get_text (page);
}

/* Whose it is, of when, by whom, and which page of how many. */
static void
assert_frame (const char *text, const char *name, int page, int pages)
{
  g_autofree char *number = g_strdup_printf ("Page %d of %d", page, pages);
  const char *const wanted[] = { name,
                                 "Born 12-Mar-1961",
                                 "AB 12345",
                                 number,
                                 "Complete as the server had it at 08:59",
                                 "by Dr Ada Stone" };

  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (!strstr (text, wanted[i]))
      g_error ("“%s” is not on page %d:\n%s", wanted[i], page, text);
}

#define MEDICINES 300

static gboolean
put_medicines (StoreConnection *connection, gpointer data, GError **error)
{
  put_patient (connection, "Smith", "Jane");
  for (int i = 0; i < MEDICINES; i++)
    {
      g_autofree char *json = g_strdup_printf (
          "{'resourceType':'MedicationRequest','id':'m%d','status':'active','intent':'order',"
          "'subject':{'reference':'Patient/p'},'authoredOn':'2026-01-01','medicationCodeableConcept"
          "':{'text':'testamol%03d'},'dosageInstruction':[{'text':'%d drops, then rest for a "
          "while, and once more in the evening with a glass of water number w%03d'}]}",
          i, i, i + 2, i);
      care_fixture_put (connection, json);
    }
  return TRUE;
}

static guint
count (const char *text, const char *word)
{
  guint n = 0;

  for (text = strstr (text, word); text; text = strstr (text + 1, word))
    n++;
  return n;
}

/* Each medicine stands once, on one page, with the last word of its dose. */
static void
assert_medicine (char **pages, int n_pages, int i)
{
  g_autofree char *name = g_strdup_printf ("testamol%03d", i);
  g_autofree char *dose = g_strdup_printf ("%d drops", i + 2);
  g_autofree char *last = g_strdup_printf ("w%03d", i);
  guint found = 0;

  for (int page = 0; page < n_pages; page++)
    {
      found += count (pages[page], name);
      if (strstr (pages[page], name))
        g_assert_true (strstr (pages[page], dose) && strstr (pages[page], last));
    }
  g_assert_cmpuint (found, ==, 1);
}

static void
test_many_medicines (Fixture *self, gconstpointer data)
{
  g_autoptr (PopplerDocument) document = NULL;
  g_auto (GStrv) pages = NULL;
  int n;

  care_fixture_write (&self->care, put_medicines);
  load (self, CARE_PAPER_MEDICINES, NULL);
  document = export (self);
  n = poppler_document_get_n_pages (document);
  g_assert_cmpint (n, >, 10);
  pages = g_new0 (char *, n + 1);
  for (int i = 0; i < n; i++)
    {
      pages[i] = text_of (document, i);
      assert_frame (pages[i], "SMITH, Jane", i + 1, n);
      g_assert_nonnull (strstr (pages[i], "How it is taken"));
    }
  for (int i = 0; i < MEDICINES; i++)
    assert_medicine (pages, n, i);
}

static gboolean
put_long_note (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  put_patient (connection, "Smith", "Jane");
  for (int i = 0; i < 2100; i++)
    g_string_append_printf (text, "line%04d of what was said\n", i);
  return store_draft_save (connection, "note:e:Practitioner/doctor", "note", "p",
                           "Practitioner/doctor", "e", text->str, error);
}

/* Forty pages, nothing lost, nothing twice, in order, and each says that it is a draft. */
static void
test_long_draft (Fixture *self, gconstpointer data)
{
  g_autoptr (PopplerDocument) document = NULL;
  int n, next = 0;

  care_fixture_write (&self->care, put_long_note);
  load (self, CARE_PAPER_NOTE, "note:e:Practitioner/doctor");
  document = export (self);
  n = poppler_document_get_n_pages (document);
  g_assert_cmpint (n, >=, 40);
  for (int i = 0; i < n; i++)
    {
      g_autofree char *text = text_of (document, i);

      assert_frame (text, "SMITH, Jane", i + 1, n);
      g_assert_nonnull (strstr (text, "DRAFT, not signed"));
      for (const char *at = strstr (text, "line"); at; at = strstr (at + 1, "line"))
        g_assert_cmpint (atoi (at + strlen ("line")), ==, next++);
    }
  g_assert_cmpint (next, ==, 2100);
}

static gboolean
put_tall_row (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GString) dose = g_string_new (NULL);
  g_autofree char *json = NULL;

  put_patient (connection, "Smith", "Jane");
  for (int i = 0; i < 1500; i++)
    g_string_append_printf (dose, "word%04d ", i);
  json = g_strdup_printf (
      "{'resourceType':'MedicationRequest','id':'m','status':'active','intent':'order','subject':{"
      "'reference':'Patient/p'},'medicationCodeableConcept':{'text':'testamol%s'},"
      "'dosageInstruction':[{'text':'%s'}]}",
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      "a",
      dose->str);
  care_fixture_put (connection, json);
  return TRUE;
}

/* A row that no page holds says on each page what it is about; a word longer than its column does
 * not leave the page. */
static void
test_tall_row (Fixture *self, gconstpointer data)
{
  g_autoptr (PopplerDocument) document = NULL;
  g_autoptr (GString) all = g_string_new (NULL);
  int n;

  care_fixture_write (&self->care, put_tall_row);
  load (self, CARE_PAPER_MEDICINES, NULL);
  document = export (self);
  n = poppler_document_get_n_pages (document);
  g_assert_cmpint (n, >, 1);
  for (int i = 0; i < n; i++)
    {
      g_autofree char *text = text_of (document, i);

      if (strstr (text, "word"))
        g_assert_nonnull (strstr (text, "testamol"));
      g_string_append (all, text);
    }
  for (int i = 0; i < 1500; i++)
    {
      g_autofree char *word = g_strdup_printf ("word%04d", i);
      g_assert_cmpuint (count (all->str, word), ==, 1);
    }
}

static gboolean
put_japanese (StoreConnection *connection, gpointer data, GError **error)
{
  put_patient (connection, "山田", "花子");
  return TRUE;
}

static gboolean
put_arabic (StoreConnection *connection, gpointer data, GError **error)
{
  put_patient (connection, "الخطيب", "ليلى");
  return TRUE;
}

/* No boxes: each character of a name has a glyph, and can be found again in the PDF. */
static void
assert_glyphs (Fixture *self)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  PangoLayout *layout = pango_layout_new (context);

  pango_layout_set_text (layout, self->paper->name, -1);
  g_assert_cmpint (pango_layout_get_unknown_glyphs_count (layout), ==, 0);
  g_object_unref (layout);
  g_object_unref (context);
}

static void
test_japanese (Fixture *self, gconstpointer data)
{
  g_autoptr (PopplerDocument) document = NULL;
  g_autofree char *text = NULL;

  care_fixture_write (&self->care, put_japanese);
  load (self, CARE_PAPER_SUMMARY, NULL);
  assert_glyphs (self);
  document = export (self);
  text = text_of (document, 0);
  g_assert_nonnull (strstr (text, "山田"));
  g_assert_nonnull (strstr (text, "花子"));
}

/* (transfer full): letters only, without the marks that tell a reader of the PDF which way to go.
 */
static char *
letters_of (const char *text)
{
  g_autofree char *plain = g_utf8_normalize (text, -1, G_NORMALIZE_NFKC);
  g_autoptr (GString) out = g_string_new (NULL);

  for (const char *at = plain; *at; at = g_utf8_next_char (at))
    if (g_unichar_isalpha (g_utf8_get_char (at)))
      g_string_append_unichar (out, g_utf8_get_char (at));
  return g_string_free_and_steal (g_steal_pointer (&out));
}

/* Poppler reads the line from the left: there the last letter of a name from the right stands. */
static void
test_arabic (Fixture *self, gconstpointer data)
{
  g_autoptr (PopplerDocument) document = NULL;
  g_autofree char *text = NULL, *found = NULL, *letters = NULL, *wanted = NULL;

  care_fixture_write (&self->care, put_arabic);
  load (self, CARE_PAPER_SUMMARY, NULL);
  assert_glyphs (self);
  document = export (self);
  text = text_of (document, 0);
  found = letters_of (text);
  letters = letters_of ("الخطيبليلى");
  wanted = g_utf8_strreverse (letters, -1);
  g_assert_nonnull (strstr (found, wanted));
}

static gboolean
is_recorded (StoreConnection *connection, gpointer data, GError **error)
{
  gint64 rows = 0;

  g_assert_true (store_audit_verify (connection, &rows, error));
  g_assert_cmpint (rows, ==, 1);
  return TRUE;
}

/* Only its owner can read the file, and that it was made is in the audit. */
static void
test_private_and_recorded (Fixture *self, gconstpointer data)
{
  g_autoptr (PopplerDocument) document = NULL;
  struct stat info;

  care_fixture_write (&self->care, put_japanese);
  load (self, CARE_PAPER_SUMMARY, NULL);
  document = export (self);
  g_assert_cmpint (stat (self->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 077, ==, 0);
  care_fixture_read (&self->care, is_recorded);
}

/* After the sign-in has run out nothing is made, and no file is left. */
static void
test_locked (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  care_fixture_write (&self->care, put_japanese);
  load (self, CARE_PAPER_SUMMARY, NULL);
  care_context_set_signed_in (self->care.doctor,
                              base_clock_now (self->care.clock) - 80 * G_TIME_SPAN_HOUR);
  g_assert_cmpint (export_to (self, self->path, &error), ==, -1);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_LEASE);
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
}

/* What cannot be written says so in a sentence: no folder, no room. */
static void
test_cannot_write (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) gone = NULL, folder = NULL, full = NULL;

  care_fixture_write (&self->care, put_japanese);
  load (self, CARE_PAPER_SUMMARY, NULL);
  g_assert_cmpint (export_to (self, "/nowhere/at-all/out.pdf", &gone), ==, -1);
  g_assert_cmpstr (gone->message, ==,
                   "Not saved: that folder is not there any more. Choose another place.");
  g_assert_cmpint (export_to (self, self->care.folder, &folder), ==, -1);
  g_assert_cmpstr (folder->message, ==,
                   "Not saved: there is a folder of that name. Choose another name.");
  full = g_error_new_literal (G_IO_ERROR, g_io_error_from_errno (ENOSPC), "ENOSPC");
  g_assert_true (g_str_has_prefix (print_job_why_not_saved (full),
                                   "Not saved: the disk is full. Free some space"));
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *self, gconstpointer data);
  } tests[] = {
    { "/print/job/300-medicines", test_many_medicines },
    { "/print/job/40-page-draft", test_long_draft },
    { "/print/job/row-taller-than-a-page", test_tall_row },
    { "/print/job/japanese", test_japanese },
    { "/print/job/arabic", test_arabic },
    { "/print/job/private-and-recorded", test_private_and_recorded },
    { "/print/job/locked", test_locked },
    { "/print/job/cannot-write", test_cannot_write },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
