/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-identity.h"

#include "care-fixture.h"

static FhirResource *
person (const char *json)
{
  g_auto (GStrv) parts = g_strsplit (json, "'", -1);
  g_autofree char *joined = g_strjoinv ("\"", parts);
  g_autofree char *text = g_strdup_printf ("{\"resourceType\":\"Patient\"%s}", joined);
  g_autoptr (GError) error = NULL;
  FhirResource *patient = fhir_resource_parse (text, -1, &error);

  g_assert_no_error (error);
  return patient;
}

#define JANE                                                                                       \
  ",'name':[{'family':'Smith','given':['Jane']}],'birthDate':'1961-03-12','gender':'female'"
#define NUMBER ",'identifier':[{'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9434765919'}]"

/* What is the same, what is other, and that it is neither where one does not say. */
static void
test_compare (void)
{
  const guint name = CARE_IDENTITY_NAME, born = CARE_IDENTITY_BIRTH_DATE, sex = CARE_IDENTITY_SEX,
              number = CARE_IDENTITY_IDENTIFIER;
  const struct
  {
    const char *said, *here;
    guint same, other;
  } cases[] = {
    { JANE NUMBER, JANE NUMBER, name | born | sex | number, 0 },
    { ",'name':[{'family':'SMÍTH','given':['jane anne']}]", JANE, name, 0 },
    { ",'name':[{'text':'Jane Smith'}]", JANE, name, 0 },
    { ",'name':[{'family':'Brown','given':['Jane']},{'family':'Smith','given':['Jane']}]", JANE,
      name, 0 },
    { ",'name':[{'family':'Smith','given':['Janet']}]", JANE, 0, name },
    { ",'name':[{'family':'Smith'}]", JANE, 0, name },
    { ",'birthDate':'1961-03-13'", JANE, 0, born },
    { ",'birthDate':'1961'", JANE, 0, 0 },
    { ",'birthDate':'1962'", JANE, 0, born },
    { ",'gender':'male'", JANE, 0, sex },
    { ",'gender':'unknown'", JANE, 0, 0 },
    { "", JANE NUMBER, 0, 0 },
    { ",'identifier':[{'system':'urn:oid:2.16.840.1.113883.2.1.4.1','value':'943 476 5919'}]",
      NUMBER, number, 0 },
    { ",'identifier':[{'value':'9434765919'}]", NUMBER, number, 0 },
    { ",'identifier':[{'system':'urn:oid:1.2.3','value':'9434765919'}]", NUMBER, 0, 0 },
    { ",'identifier':[{'system':'https://fhir.nhs.uk/Id/nhs-number'}]",
      ",'identifier':[{'system':'https://fhir.nhs.uk/Id/nhs-number'}]", 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FhirResource) said = person (cases[i].said), here = person (cases[i].here);
      CareIdentity identity = care_identity_compare (said, here);

      g_test_message ("%s against %s", cases[i].said, cases[i].here);
      g_assert_cmpuint (identity.same, ==, cases[i].same);
      g_assert_cmpuint (identity.other, ==, cases[i].other);
      g_assert_true (care_identity_is_sure (identity) == (i == 0));
    }
}

/* Each thing that does not agree, or is not said, has its sentence. */
static void
test_doubt (void)
{
  static const struct
  {
    const char *said, *doubt;
  } cases[] = {
    { JANE, NULL },
    { ",'name':[{'family':'Smith','given':['John']}],'birthDate':'1980-01-02','gender':'male'",
      "It names SMITH, John, and the chart is of SMITH, Jane.\nIt says born 02-Jan-1980, and the "
      "chart says 12-Mar-1961.\nIt says male, and the chart says female." },
    { ",'gender':'female'",
      "It does not say whose it is.\nIt does not say when that person was born." },
    { ",'name':[{'family':'Smith','given':['Jane']}],'birthDate':'1961'",
      "The birth dates cannot be compared: one is not complete." },
  };
  g_autoptr (FhirResource) jane = person (JANE);
  g_autofree char *nobody = care_identity_dup_doubt (NULL, jane);

  g_assert_cmpstr (nobody, ==, "It does not say whose it is.");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FhirResource) said = person (cases[i].said);
      g_autofree char *doubt = care_identity_dup_doubt (said, jane);

      g_assert_cmpstr (doubt, ==, cases[i].doubt);
    }
}

static gboolean
put_people (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane'" JANE NUMBER "}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'twin','birthDate':'1961-03-12',"
                                "'name':[{'family':'Smith','given':['Paul']}]}");
  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'merged','active':false" JANE NUMBER "}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'omar','birthDate':'1974-01-15',"
                                "'name':[{'family':'Khan','given':['Omar']}]}");
  return TRUE;
}

static gboolean
put_second (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'again'" JANE NUMBER "}");
  return TRUE;
}

static void
assert_proposed (StoreConnection *connection, const char *said, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) subject = person (said);
  g_autoptr (FhirResource) patient = care_identity_propose (connection, subject, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (patient ? fhir_resource_get_id (patient) : NULL, ==, id);
}

static gboolean
propose_work (StoreConnection *connection, gpointer data, GError **error)
{
  assert_proposed (connection, JANE NUMBER, "jane");
  assert_proposed (connection, JANE, NULL);
  assert_proposed (connection, ",'birthDate':'1961-03-12'" NUMBER, NULL);
  assert_proposed (connection, ",'name':[{'family':'Smith','given':['Jane']}]" NUMBER, NULL);
  assert_proposed (connection, ",'birthDate':'1961-03'" NUMBER, NULL);
  assert_proposed (connection,
                   ",'name':[{'family':'Khan','given':['Omar']}],'birthDate':'1974-01-15'" NUMBER,
                   NULL);
  return TRUE;
}

static gboolean
two_work (StoreConnection *connection, gpointer data, GError **error)
{
  assert_proposed (connection, JANE NUMBER, NULL);
  return TRUE;
}

/* Nobody but who is the same in three things and other in none, and not of two the first. */
static void
test_propose (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_people);
  care_fixture_read (fixture, propose_work);
  care_fixture_write (fixture, put_second);
  care_fixture_read (fixture, two_work);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/care/identity/compare", test_compare);
  g_test_add_func ("/care/identity/doubt", test_doubt);
  g_test_add ("/care/identity/propose", CareFixture, NULL, care_fixture_set_up, test_propose,
              care_fixture_tear_down);
  return g_test_run ();
}
