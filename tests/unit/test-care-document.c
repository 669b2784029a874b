/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-document.h"

#include "care-fixture.h"
#include "care-row.h"

static gboolean
put_documents (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  care_fixture_put (connection, "{'resourceType':'Practitioner','id':'q','name':[{'family':'Hill',"
                                "'given':['Ben']}]}");
  care_fixture_put (
      connection,
      "{'resourceType':'DocumentReference','id':'two','status':'current','docStatus':'final',"
      "'subject':{'reference':'Patient/p'},'date':'2026-10-01T10:00:00Z','type':{'text':'Letter'},"
      "'author':[{'reference':'Practitioner/q'}],'content':["
      "{'attachment':{'contentType':'text/plain','data':'aGVsbG8=','title':'From the ward',"
      "'hash':'qvTGHdzF6KLavt4PO0gs2a6pQ00='}},"
      "{'attachment':{'contentType':'application/pdf','url':'Binary/b','hash':'AAAA'}}]}");
  care_fixture_put (connection,
                    "{'resourceType':'Binary','id':'b','contentType':'application/pdf','data':"
                    "'JVBERi0='}");
  care_fixture_put (connection,
                    "{'resourceType':'DiagnosticReport','id':'r','status':'final','subject':{"
                    "'reference':'Patient/p'},'code':{'text':'MRI'},'issued':"
                    "'2026-11-01T10:00:00Z','performer':[{'display':'Radiology'}],"
                    "'presentedForm':[{'contentType':'image/png','url':'https://far.invalid/x'}]}");
  care_fixture_put (connection,
                    "{'resourceType':'DiagnosticReport','id':'bare','status':'final','subject':{"
                    "'reference':'Patient/p'},'code':{'text':'Blood count'}}");
  care_fixture_put (connection,
                    "{'resourceType':'Composition','id':'c','status':'final','subject':{"
                    "'reference':'Patient/p'},'date':'2026-09-01','title':'Discharge','type':{"
                    "'text':'Summary'},'author':[{'display':'Dr Far'}],'section':[{'title':'A & B',"
                    "'text':{'status':'generated','div':'<div>Well</div>'}}]}");
  care_fixture_put (connection,
                    "{'resourceType':'DocumentReference','id':'wrong','status':'entered-in-error',"
                    "'subject':{'reference':'Patient/p'},'content':[{'attachment':{}}]}");
  care_fixture_put (connection,
                    "{'resourceType':'DocumentReference','id':'dark','status':'current',"
                    "'modifierExtension':[{'url':'http://x.invalid','valueBoolean':true}],"
                    "'subject':{'reference':'Patient/p'},'content':[{'attachment':{'data':'QQ==',"
                    "'title':'Secret'}}]}");
  return TRUE;
}

static const char *
text_of (GListStore *rows, guint i, CareRowProperty property)
{
  g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (rows), i);

  return care_row_get_text (row, property);
}

/* Newest first; a result without a document is none; what is not to be seen is said, not shown. */
static gboolean
read_list (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *self = data;
  g_autoptr (GListStore) rows = care_document_list (connection, "p", self->clock, error);

  g_assert_nonnull (rows);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows)), ==, 6);
  g_assert_cmpstr (text_of (rows, 0, CARE_ROW_REFERENCE), ==, "DiagnosticReport/r");
  g_assert_cmpstr (text_of (rows, 0, CARE_ROW_SUBTITLE), ==, "Radiology");
  g_assert_cmpstr (text_of (rows, 1, CARE_ROW_REFERENCE), ==, "DocumentReference/two");
  g_assert_cmpstr (text_of (rows, 1, CARE_ROW_TITLE), ==, "From the ward");
  g_assert_nonnull (strstr (text_of (rows, 1, CARE_ROW_SUBTITLE), "Letter · "));
  g_assert_nonnull (strstr (text_of (rows, 1, CARE_ROW_SUBTITLE), "Ben"));
  g_assert_cmpstr (text_of (rows, 1, CARE_ROW_STATUS), ==, "final");
  g_assert_cmpstr (text_of (rows, 2, CARE_ROW_REFERENCE), ==, "DocumentReference/two#1");
  g_assert_cmpstr (text_of (rows, 3, CARE_ROW_TITLE), ==, "Discharge");
  for (guint i = 4; i < 6; i++)
    {
      gboolean dark = g_str_equal (text_of (rows, i, CARE_ROW_REFERENCE), "DocumentReference/dark");

      g_assert_cmpstr (text_of (rows, i, CARE_ROW_GROUP), ==,
                       dark ? "Not shown" : "Entered in error");
      g_assert_cmpstr (text_of (rows, i, CARE_ROW_TITLE), !=, "Secret");
    }
  return TRUE;
}

static void
test_list (CareFixture *self, gconstpointer data)
{
  care_fixture_write (self, put_documents);
  care_fixture_read (self, read_list);
}

static gboolean
read_each (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *self = data;
  g_autoptr (CareDocument) inline_text =
      care_document_load (connection, "DocumentReference/two", self->clock, error);
  g_autoptr (CareDocument) binary =
      care_document_load (connection, "DocumentReference/two#1", self->clock, error);
  g_autoptr (CareDocument) far =
      care_document_load (connection, "DiagnosticReport/r", self->clock, error);
  g_autoptr (CareDocument) composition =
      care_document_load (connection, "Composition/c", self->clock, error);
  g_autoptr (CareDocument) dark =
      care_document_load (connection, "DocumentReference/dark", self->clock, error);
  g_autoptr (GError) missing = NULL;

  g_assert_cmpmem (g_bytes_get_data (inline_text->bytes, NULL),
                   g_bytes_get_size (inline_text->bytes), "hello", 5);
  g_assert_false (inline_text->damaged);
  g_assert_cmpstr (inline_text->file_name, ==, "From the ward.txt");
  g_assert_cmpmem (g_bytes_get_data (binary->bytes, NULL), g_bytes_get_size (binary->bytes),
                   "%PDF-", 5);
  g_assert_true (binary->damaged);
  g_assert_null (far->bytes);
  g_assert_cmpstr (far->url, ==, "https://far.invalid/x");
  g_assert_cmpstr (composition->narrative, ==,
                   "<div><title>A &amp; B</title><div>Well</div></div>");
  g_assert_true (dark->withheld);
  g_assert_null (dark->bytes);
  g_assert_null (care_document_load (connection, "Patient/p", self->clock, &missing));
  g_assert_nonnull (missing);
  return TRUE;
}

static void
test_load (CareFixture *self, gconstpointer data)
{
  care_fixture_write (self, put_documents);
  care_fixture_read (self, read_each);
}

static char *attached;

static gboolean
attach (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *self = data;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("%PDF-1.4", 8);
  CareAttachment attachment = { "p", "e", "Scan of a letter", "application/pdf", bytes };

  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  return care_document_attach (connection, self->nurse, &attachment, &attached, error);
}

/* The three records rest together, and what is read again is what was attached, undamaged. */
static gboolean
read_attached (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *self = data;
  g_autoptr (CareDocument) document = care_document_load (connection, attached, self->clock, error);
  g_autoptr (GPtrArray) held = store_journal_list (connection, "held", 10, error);
  g_autoptr (FhirResource) provenance = NULL;

  g_assert_cmpmem (g_bytes_get_data (document->bytes, NULL), g_bytes_get_size (document->bytes),
                   "%PDF-1.4", 8);
  g_assert_false (document->damaged);
  g_assert_cmpstr (document->title, ==, "Scan of a letter");
  g_assert_null (document->author);
  g_assert_cmpuint (held->len, ==, 3);
  for (guint i = 0; i < held->len; i++)
    {
      const StoreJournalEntry *entry = held->pdata[i];

      g_assert_cmpstr (entry->reason, ==, "undo");
      g_assert_cmpstr (entry->patient, ==, "p");
      g_assert_cmpstr (entry->group, ==, ((StoreJournalEntry *) held->pdata[0])->group);
      if (g_str_equal (entry->type, "Provenance"))
        provenance = store_resource_get (connection, entry->type, entry->id, NULL);
    }
  g_assert_cmpstr (fhir_resource_path_text (provenance, "target.0.reference"), ==, attached);
  g_assert_cmpstr (fhir_resource_path_text (provenance, "agent.0.who.reference"), ==,
                   "Practitioner/nurse");
  g_assert_cmpstr (fhir_resource_path_text (provenance, "agent.0.type.coding.0.code"), ==,
                   "enterer");
  return TRUE;
}

static gboolean
undo (StoreConnection *connection, gpointer data, GError **error)
{
  return care_document_undo (connection, ((CareFixture *) data)->nurse, attached, error);
}

static gboolean
read_nothing (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GListStore) rows =
      care_document_list (connection, "p", ((CareFixture *) data)->clock, error);
  g_autoptr (GPtrArray) held = store_journal_list (connection, "held", 10, error);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows)), ==, 0);
  g_assert_cmpuint (held->len, ==, 0);
  return TRUE;
}

static void
test_attach_and_undo (CareFixture *self, gconstpointer data)
{
  g_autoptr (GError) late = NULL;

  care_fixture_write (self, attach);
  care_fixture_read (self, read_attached);
  care_fixture_write (self, undo);
  care_fixture_read (self, read_nothing);
  late = care_fixture_try (self, undo);
  g_assert_error (late, CARE_ERROR, CARE_ERROR_TOO_LATE);
  g_clear_pointer (&attached, g_free);
}

/* ---- from elsewhere ---- */

static gboolean
attach_received (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *self = data;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("<ClinicalDocument/>", 19);
  CareAttachment attachment = { .patient_id = "p",
                                .title = "Summary of care",
                                .content_type = "application/xml",
                                .bytes = bytes,
                                .sensitivity = CARE_SENSITIVITY_ORDINARY,
                                .origin = "The document as it was received: a.cda",
                                .kind = "Clinical document (C-CDA)",
                                .author = "Heartly Sixer",
                                .written = "2014-10-15" };

  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  return care_document_attach (connection, self->nurse, &attachment, &attached, error);
}

/* What it says of itself is in the DocumentReference, where it came from in the Provenance. */
static gboolean
read_received (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) document =
      store_resource_get (connection, "DocumentReference", strchr (attached, '/') + 1, error);
  g_autoptr (GPtrArray) held = store_journal_list (connection, "held", 10, error);

  g_assert_cmpstr (fhir_resource_path_text (document, "author.0.display"), ==, "Heartly Sixer");
  g_assert_cmpstr (fhir_resource_path_text (document, "type.text"), ==,
                   "Clinical document (C-CDA)");
  g_assert_cmpstr (fhir_resource_path_text (document, "content.0.attachment.creation"), ==,
                   "2014-10-15");
  for (guint i = 0; i < held->len; i++)
    {
      const StoreJournalEntry *entry = held->pdata[i];
      g_autoptr (FhirResource) resource =
          store_resource_get (connection, entry->type, entry->id, NULL);

      if (g_str_equal (entry->type, "Provenance"))
        g_assert_cmpstr (fhir_resource_path_text (resource, "entity.0.what.display"), ==,
                         "The document as it was received: a.cda");
    }
  g_assert_cmpuint (held->len, ==, 3);
  return TRUE;
}

static void
test_received (CareFixture *self, gconstpointer data)
{
  care_fixture_write (self, attach_received);
  care_fixture_read (self, read_received);
  g_clear_pointer (&attached, g_free);
}

/* ---- what stays in the clinic (hazard H22) ---- */

static CareSensitivity answer;

static gboolean
attach_picture (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\xff\xd8", 2);
  CareAttachment attachment = { "p", NULL, "Picture", "image/jpeg", bytes, answer };

  g_clear_pointer (&attached, g_free);
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  return care_document_attach (connection, ((CareFixture *) data)->nurse, &attachment, &attached,
                               error);
}

static gboolean
keep (StoreConnection *connection, gpointer data, GError **error)
{
  return care_release_set_kept (connection, ((CareFixture *) data)->nurse, attached, TRUE, error);
}

static gboolean
release (StoreConnection *connection, gpointer data, GError **error)
{
  return care_release_set_kept (connection, ((CareFixture *) data)->doctor, attached, FALSE, error);
}

static gboolean
release_by_desk (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *self = data;
  g_autoptr (CareContext) desk =
      care_context_new (self->database, self->clock, "Practitioner/desk", "Desk", "reception");

  return care_release_set_kept (connection, desk, attached, FALSE, error);
}

static const char *labels; /* "clinic-only R" */
static guint written;      /* Provenances */

static gboolean
read_label (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *self = data;
  g_autoptr (CareDocument) document = care_document_load (connection, attached, self->clock, error);
  g_autoptr (GListStore) rows = care_document_list (connection, "p", self->clock, error);
  g_autoptr (FhirResource) stored =
      care_fixture_get (connection, "DocumentReference", strchr (attached, '/') + 1);
  g_autoptr (GString) found = g_string_new (NULL);
  gboolean kept = strstr (labels, "clinic-only") != NULL;
  gboolean said = FALSE;

  fhir_element_foreach (coding, fhir_resource_path (stored, "meta.security"))
    g_string_append_printf (found, "%s%s", found->len ? " " : "",
                            fhir_element_path_text (coding, "code"));
  g_assert_cmpstr (found->str, ==, labels);
  g_assert_cmpint (document->kept, ==, kept);
  g_assert_true (document->can_keep);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (rows)); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (rows), i);

      said |= strstr (care_row_get_text (row, CARE_ROW_SUBTITLE), "kept in the clinic") != NULL;
    }
  g_assert_cmpint (said, ==, kept);
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", "_count=50"), ==, written);
  return TRUE;
}

static void
assert_label (CareFixture *self, const char *wanted, guint provenances)
{
  labels = wanted;
  written = provenances;
  care_fixture_read (self, read_label);
}

static gboolean
restrict_by_another (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) stored =
      care_fixture_get (connection, "DocumentReference", strchr (attached, '/') + 1);
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (stored);
  g_autoptr (FhirResource) changed = NULL;
  g_auto (StorePut) put = { 0 };

  fhir_builder_set_many (builder, "meta.security.0.system",
                         "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
                         "meta.security.0.code", "R", NULL);
  changed = fhir_builder_end (builder);
  return store_resource_put (connection, changed, STORE_PUT_DEFAULT, NULL, &put, error);
}

static void
test_kept (CareFixture *self, gconstpointer data)
{
  g_autoptr (GError) refused = NULL;

  answer = CARE_SENSITIVITY_SENSITIVE;
  care_fixture_write (self, attach_picture);
  assert_label (self, "clinic-only R", 1);
  refused = care_fixture_try (self, release_by_desk);
  g_assert_error (refused, CARE_ERROR, CARE_ERROR_ROLE);
  assert_label (self, "clinic-only R", 1);
  care_fixture_write (self, release);
  assert_label (self, "", 2);
  care_fixture_write (self, release); /* twice is once */
  assert_label (self, "", 2);
  care_fixture_write (self, keep);
  assert_label (self, "clinic-only R", 3);

  answer = CARE_SENSITIVITY_ORDINARY;
  care_fixture_write (self, release);
  care_fixture_write (self, attach_picture);
  assert_label (self, "", 5);
  /* what another one restricted stays so */
  care_fixture_write (self, restrict_by_another);
  care_fixture_write (self, keep);
  care_fixture_write (self, release);
  assert_label (self, "R", 7);
  g_clear_pointer (&attached, g_free);
}

static gboolean
attach_too_much (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GBytes) bytes =
      g_bytes_new_take (g_malloc0 (CARE_ATTACHMENT_MAX + 1), CARE_ATTACHMENT_MAX + 1);
  CareAttachment attachment = { "p", NULL, "Film", NULL, bytes };

  return care_document_attach (connection, ((CareFixture *) data)->doctor, &attachment, &attached,
                               error);
}

static void
test_too_large (CareFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = care_fixture_try (self, attach_too_much);

  g_assert_error (error, CARE_ERROR, CARE_ERROR_STATE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/care/document/list", CareFixture, NULL, care_fixture_set_up, test_list,
              care_fixture_tear_down);
  g_test_add ("/care/document/load", CareFixture, NULL, care_fixture_set_up, test_load,
              care_fixture_tear_down);
  g_test_add ("/care/document/attach-and-undo", CareFixture, NULL, care_fixture_set_up,
              test_attach_and_undo, care_fixture_tear_down);
  g_test_add ("/care/document/received", CareFixture, NULL, care_fixture_set_up, test_received,
              care_fixture_tear_down);
  g_test_add ("/care/document/kept", CareFixture, NULL, care_fixture_set_up, test_kept,
              care_fixture_tear_down);
  g_test_add ("/care/document/too-large", CareFixture, NULL, care_fixture_set_up, test_too_large,
              care_fixture_tear_down);
  return g_test_run ();
}
