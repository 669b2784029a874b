/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-contact.h"

#include "care-entry.h"
#include "care-fixture.h"
#include "care-row.h"

static CareContext *desk, *pharmacy;

static gboolean
put_jane (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','given':['"
                    "Jane']}],'birthDate':'1961-03-12','telecom':[{'system':'email','value':"
                    "'jane@example.org'},{'system':'phone','use':'mobile','value':'111'}],"
                    "'address':[{'line':['1 Old Road'],'city':'Harbour'}],"
                    "'contact':[{'name':{'text':'stays'}}]}");
  return TRUE;
}

static const char *
text (FhirResource *resource, const char *path)
{
  return fhir_resource_path_text (resource, path);
}

static gboolean
correct (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GError) refused = NULL;

  g_assert_false (care_contact_correct (connection, pharmacy, "jane", "222", NULL, &refused));
  g_assert_error (refused, CARE_ERROR, CARE_ERROR_ROLE);
  g_clear_error (&refused);
  g_assert_false (care_contact_correct (connection, desk, "jane", "111", "", &refused));
  g_assert_error (refused, CARE_ERROR, CARE_ERROR_MISSING);
  return care_contact_correct (connection, desk, "jane", "222", "2 New Street, Harbour", error);
}

static gboolean
check_corrected (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (FhirResource) jane = care_fixture_get (connection, "Patient", "jane");
  g_autoptr (CareContact) contact = care_contact_read (connection, "jane", fixture->clock, error);

  g_assert_cmpstr (text (jane, "telecom.0.value"), ==, "222");
  g_assert_cmpstr (text (jane, "telecom.0.use"), ==, "mobile");
  g_assert_cmpstr (text (jane, "telecom.0.period.start"), ==, "2026-11-22");
  g_assert_cmpstr (text (jane, "telecom.1.value"), ==, "jane@example.org");
  g_assert_null (text (jane, "telecom.1.period.end"));
  g_assert_cmpstr (text (jane, "telecom.2.value"), ==, "111");
  g_assert_cmpstr (text (jane, "telecom.2.use"), ==, "old");
  g_assert_cmpstr (text (jane, "telecom.2.period.end"), ==, "2026-11-22");
  g_assert_cmpstr (text (jane, "address.0.text"), ==, "2 New Street, Harbour");
  g_assert_cmpstr (text (jane, "address.1.line.0"), ==, "1 Old Road");
  g_assert_cmpstr (text (jane, "address.1.period.end"), ==, "2026-11-22");
  g_assert_cmpstr (text (jane, "contact.0.name.text"), ==, "stays");
  g_assert_cmpstr (contact->phone, ==, "222");
  g_assert_cmpstr (contact->address, ==, "2 New Street, Harbour");
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", "target=Patient/jane"), ==, 1);
  return TRUE;
}

static gboolean
undo (StoreConnection *connection, gpointer data, GError **error)
{
  return care_entry_undo (connection, desk, "Patient/jane", error);
}

static gboolean
check_undone (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CareContact) contact = care_contact_read (connection, "jane", fixture->clock, error);

  g_assert_cmpstr (contact->phone, ==, "111");
  g_assert_cmpstr (contact->address, ==, "1 Old Road, Harbour");
  return TRUE;
}

/* Nothing is overwritten: the old number and address end today, and who did it is said. */
static void
test_correct (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_jane);
  care_fixture_write (fixture, correct);
  care_fixture_read (fixture, check_corrected);
  care_fixture_write (fixture, undo);
  care_fixture_read (fixture, check_undone);
}

static gboolean
add_proxy (StoreConnection *connection, gpointer data, GError **error)
{
  const CareProxy nobody = { "", "CHILD", NULL };
  const CareProxy anna = { "Anna Smith", "CHILD", "333" };
  g_autofree char *none = care_contact_add_proxy (connection, desk, "jane", &nobody, NULL);
  g_autofree char *refused = care_contact_add_proxy (connection, pharmacy, "jane", &anna, NULL);
  g_autofree char *id = care_contact_add_proxy (connection, desk, "jane", &anna, error);

  g_assert_null (none);
  g_assert_null (refused);
  return id != NULL;
}

static CareRow *
only_proxy (StoreConnection *connection, CareFixture *fixture)
{
  g_autoptr (CareContact) contact = care_contact_read (connection, "jane", fixture->clock, NULL);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (contact->proxies)), ==, 1);
  return g_list_model_get_item (G_LIST_MODEL (contact->proxies), 0);
}

static gboolean
end_proxy (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareRow) row = only_proxy (connection, data);
  g_autofree char *id = g_strdup (strchr (care_row_get_reference (row), '/') + 1);
  g_autoptr (FhirResource) person = care_fixture_get (connection, "RelatedPerson", id);

  g_assert_cmpstr (care_row_get_title (row), ==, "Anna Smith");
  g_assert_cmpstr (care_row_get_text (row, CARE_ROW_SUBTITLE), ==, "Child · 333");
  g_assert_null (care_row_get_text (row, CARE_ROW_SEVERITY));
  g_assert_cmpstr (text (person, "patient.reference"), ==, "Patient/jane");
  g_assert_cmpstr (text (person, "relationship.0.coding.0.code"), ==, "CHILD");
  g_assert_cmpstr (text (person, "period.start"), ==, "2026-11-22");
  return care_contact_end_proxy (connection, desk, care_row_get_reference (row), error);
}

static gboolean
check_ended (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareRow) row = only_proxy (connection, data);
  g_autofree char *query = g_strconcat ("target=", care_row_get_reference (row), NULL);
  g_autoptr (FhirResource) person =
      care_fixture_get (connection, "RelatedPerson",
                        strchr (care_row_get_reference (row), '/') + 1);

  g_assert_cmpstr (care_row_get_text (row, CARE_ROW_SEVERITY), ==, "over");
  g_assert_cmpstr (text (person, "period.end"), ==, "2026-11-22");
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", query), ==, 2);
  return TRUE;
}

static void
test_proxy (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_jane);
  care_fixture_write (fixture, add_proxy);
  care_fixture_write (fixture, end_proxy);
  care_fixture_read (fixture, check_ended);
}

static void
set_up (CareFixture *fixture, gconstpointer data)
{
  care_fixture_set_up (fixture, data);
  desk = care_context_new (fixture->database, fixture->clock, "Practitioner/desk", "Marc Castell",
                           "reception");
  pharmacy = care_context_new (fixture->database, fixture->clock, "Organization/p", "Pharmacy",
                               "pharmacy");
}

static void
tear_down (CareFixture *fixture, gconstpointer data)
{
  g_clear_object (&desk);
  g_clear_object (&pharmacy);
  care_fixture_tear_down (fixture, data);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/care/contact/correct", CareFixture, NULL, set_up, test_correct, tear_down);
  g_test_add ("/care/contact/proxy", CareFixture, NULL, set_up, test_proxy, tear_down);
  return g_test_run ();
}
