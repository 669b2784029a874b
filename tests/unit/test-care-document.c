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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/care/document/list", CareFixture, NULL, care_fixture_set_up, test_list,
              care_fixture_tear_down);
  g_test_add ("/care/document/load", CareFixture, NULL, care_fixture_set_up, test_load,
              care_fixture_tear_down);
  return g_test_run ();
}
