/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-registration.h"

#include "care-fixture.h"
#include "care-row.h"

/* What two people write for one name, and names of two people. */
static void
test_names (void)
{
  static const struct
  {
    const char *one, *other;
    gboolean alike;
  } cases[] = {
    { "Smith", "smith", TRUE },   { "Smith", "Smyth", TRUE },        { "López", "LOPEZ", TRUE },
    { "Katharina", "Kat", TRUE }, { "Jonse", "Jones", TRUE },        { "Okafor", "Okafr", TRUE },
    { "Meier", "Mayer", TRUE },   { "Tymczak", "Tymzcak", TRUE },    { "Smith", "Jones", FALSE },
    { "Jo", "Joanna", FALSE },    { "Ada", "Ida", FALSE },           { "Lee", "Low", FALSE },
    { "田中", "田中", TRUE },     { "田中", "中田", FALSE },         { "Иванов", "Иванова", TRUE },
    { "Smith", "", FALSE },       { "Washington", "Wilson", FALSE }, { NULL, "Smith", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s, %s", cases[i].one, cases[i].other);
      g_assert_true (care_names_sound_alike (cases[i].one, cases[i].other) == cases[i].alike);
      g_assert_true (care_names_sound_alike (cases[i].other, cases[i].one) == cases[i].alike);
    }
}

static gboolean
put_people (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'jane','name':[{'family':'Smith','given':['"
                    "Jane']}],'birthDate':'1961-03-12','identifier':[{'value':'9434765919'}]}");
  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'twin','name':[{'family':'Smith','given':['"
                    "Paul']}],'birthDate':'1961-03-12'}");
  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'other','name':[{'family':'Smyth','given':['"
                    "Jayne']}],'birthDate':'1988-07-01'}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'merged','active':false,'name':[{"
                                "'family':'Smith','given':['Jane']}],'birthDate':'1961-03-12'}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'far','name':[{'family':'Khan',"
                                "'given':['Omar']}],'birthDate':'1974-01-15'}");
  return TRUE;
}

typedef struct
{
  CareFixture care;
  CareRegistration wanted;
  CareContext *who;
  const char *answered[4];
  const char *expected;
  char *id;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  care_fixture_set_up (&fixture->care, data);
  care_fixture_write (&fixture->care, put_people);
  fixture->who = fixture->care.nurse;
  fixture->wanted = (CareRegistration) {
    .family = "Smyth",
    .given = "Jane Ann",
    .birth_date = "1961-03-12",
    .sex = "female",
    .phone = "+44 1632 960714",
    .address = "27 Anchor Close, Westhaven",
  };
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->id);
  care_fixture_tear_down (&fixture->care, data);
}

static gboolean
check_similar (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *fixture = data;
  g_autoptr (GListStore) rows =
      care_registration_list_similar (connection, &fixture->wanted, error);
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (rows)); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (rows), i);
      g_string_append_printf (found, "%s:%s|", care_row_get_reference (row),
                              care_row_get_text (row, CARE_ROW_SUBTITLE));
    }
  g_assert_cmpstr (found->str, ==, fixture->expected);
  return TRUE;
}

/* The likeliest first; a chart that was merged into another is nobody. */
static void
test_similar (Fixture *fixture, gconstpointer data)
{
  fixture->expected = "jane:Born the same day, with a like name|"
                      "twin:Born the same day, and shares a name|"
                      "other:A like name, with another birth date|";
  care_fixture_read (&fixture->care, check_similar);

  fixture->wanted = (CareRegistration) {
    .family = "Nowak", .given = "Zofia", .identifier = "943 476 5919", .birth_date = "1990-01-01"
  };
  fixture->expected = "jane:Has the same identifier|";
  care_fixture_read (&fixture->care, check_similar);
  fixture->wanted.identifier = NULL;
  fixture->expected = "";
  care_fixture_read (&fixture->care, check_similar);
}

static gboolean
write_person (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *fixture = data;

  g_clear_pointer (&fixture->id, g_free);
  fixture->id = care_registration_write (connection, fixture->who, &fixture->wanted,
                                         fixture->answered, error);
  return fixture->id != NULL;
}

static void
expect_error (Fixture *fixture, CareError code, const char *words)
{
  g_autoptr (GError) error = care_fixture_try (&fixture->care, write_person);

  g_assert_error (error, CARE_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, words));
}

static gboolean
check_written (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) made = care_fixture_get (connection, "Patient", ((Fixture *) data)->id);

  g_assert_cmpstr (fhir_resource_path_text (made, "name.0.family"), ==, "Smyth");
  g_assert_cmpstr (fhir_resource_path_text (made, "name.0.given.0"), ==, "Jane");
  g_assert_cmpstr (fhir_resource_path_text (made, "name.0.given.1"), ==, "Ann");
  g_assert_cmpstr (fhir_resource_path_text (made, "birthDate"), ==, "1961-03-12");
  g_assert_cmpstr (fhir_resource_path_text (made, "gender"), ==, "female");
  g_assert_cmpstr (fhir_resource_path_text (made, "telecom.0.system"), ==, "phone");
  g_assert_cmpstr (fhir_resource_path_text (made, "address.0.text"), ==,
                   "27 Anchor Close, Westhaven");
  g_assert_null (fhir_resource_path (made, "identifier"));
  return TRUE;
}

/* Each of those who may be the same has to be answered: one of three is not enough. */
static void
test_must_be_answered (Fixture *fixture, gconstpointer data)
{
  expect_error (fixture, CARE_ERROR_FINDINGS, "SMITH, Jane may be the same person");
  fixture->answered[0] = "jane";
  expect_error (fixture, CARE_ERROR_FINDINGS, "SMITH, Paul may be the same person");
  fixture->answered[1] = "twin";
  fixture->answered[2] = "other";
  care_fixture_write (&fixture->care, write_person);
  care_fixture_read (&fixture->care, check_written);
}

/* An identifier belongs to one person, whatever is answered. */
static void
test_same_identifier (Fixture *fixture, gconstpointer data)
{
  fixture->wanted.identifier = "943-476-5919";
  fixture->answered[0] = "jane";
  fixture->answered[1] = "twin";
  fixture->answered[2] = "other";
  expect_error (fixture, CARE_ERROR_STATE, "SMITH, Jane has this identifier");
}

static void
test_what_is_missing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CareContext) patient = care_context_new (fixture->care.database, fixture->care.clock,
                                                      "Patient/jane", "Jane Smith", "patient");

  fixture->wanted = (CareRegistration) { .family = "Nowak", .birth_date = "2026-11-23" };
  expect_error (fixture, CARE_ERROR_MISSING, "future");
  fixture->wanted.birth_date = NULL;
  expect_error (fixture, CARE_ERROR_MISSING, "birth date");
  fixture->wanted = (CareRegistration) { .birth_date = "1990-01-01" };
  expect_error (fixture, CARE_ERROR_MISSING, "name");
  fixture->who = patient;
  expect_error (fixture, CARE_ERROR_ROLE, "register a patient");
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/care/registration/names", test_names);
  ADD ("/care/registration/similar", test_similar);
  ADD ("/care/registration/must-be-answered", test_must_be_answered);
  ADD ("/care/registration/same-identifier", test_same_identifier);
  ADD ("/care/registration/what-is-missing", test_what_is_missing);
  return g_test_run ();
}
