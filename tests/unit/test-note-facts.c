/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "note-facts.h"

#include "care-fixture.h"

static gboolean
put_chart (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','name':[{'family':'Smith','"
                                "given':['Jane {problems}']}],'birthDate':'1961-03-12'}");
  care_fixture_put (
      connection,
      "{'resourceType':'Condition','id':'c1','subject':{'reference':'Patient/p'},'code':{'text':"
      "'Hypertension'},'clinicalStatus':{'coding':[{'system':"
      "'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'active'}]}}");
  care_fixture_put (
      connection,
      "{'resourceType':'Condition','id':'c2','subject':{'reference':'Patient/p'},'code':{'text':"
      "'Pneumonia'},'clinicalStatus':{'coding':[{'system':"
      "'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'resolved'}]}}");
  care_fixture_put (
      connection,
      "{'resourceType':'Observation','id':'k','status':'final','subject':{'reference':'Patient/p'},"
      "'category':[{'coding':[{'code':'laboratory'}]}],'code':{'text':'Potassium'},"
      "'effectiveDateTime':'2026-11-20','valueQuantity':{'value':5.40,'unit':'mmol/L'}}");
  for (guint i = 0; i < 14; i++)
    {
      g_autofree char *json = g_strdup_printf (
          "{'resourceType':'MedicationRequest','id':'m%u','status':'active','intent':'order',"
          "'subject':{'reference':'Patient/p'},'medicationCodeableConcept':{'text':'Drug %u'}}",
          i, i);

      care_fixture_put (connection, json);
    }
  return TRUE;
}

static char *
expand (StoreConnection *connection, CareFixture *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CareSummary) summary = care_summary_load (connection, "p", self->clock, &error);

  g_assert_no_error (error);
  return note_facts_expand (text, summary, "22-Nov-2026");
}

/* Active problems only; what nobody recorded says so; an unknown placeholder stays to be seen. */
static gboolean
check (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *problems = expand (connection, data, "P: {problems}.");
  g_autofree char *allergies = expand (connection, data, "{allergies}");
  g_autofree char *vitals = expand (connection, data, "{vitals} on {today}");
  g_autofree char *medicines = expand (connection, data, "{medicines}");
  g_autofree char *results = expand (connection, data, "{results}");
  g_autofree char *strange = expand (connection, data, "{what} {} { {today");
  g_autofree char *name = expand (connection, data, "{name}");

  g_assert_nonnull (strstr (problems, "- Hypertension"));
  g_assert_null (strstr (problems, "Pneumonia"));
  g_assert_nonnull (strstr (allergies, "not recorded"));
  g_assert_cmpstr (vitals, ==, "not recorded on 22-Nov-2026");
  g_assert_cmpstr (results, ==, "- Potassium: 5.40 mmol/L (20-Nov-2026)");
  g_assert_nonnull (strstr (medicines, "and 2 more in the chart"));
  g_assert_cmpstr (strange, ==, "{what} {} { {today");
  g_assert_nonnull (strstr (name, "{problems}")); /* what a fact says is not a command */
  return TRUE;
}

static void
test_expand (CareFixture *self, gconstpointer data)
{
  care_fixture_write (self, put_chart);
  care_fixture_read (self, check);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/note/facts/expand", CareFixture, NULL, care_fixture_set_up, test_expand,
              care_fixture_tear_down);
  return g_test_run ();
}
