/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-measured.h"

#include "care-fixture.h"
#include "care-results.h"
#include "care-visit-course.h"
#include "care-write.h"
#include "fhir-observation.h"

typedef struct
{
  CareFixture care; /* first: commands get the fixture */
  CareVisitMeasured measured;
  CareContext *who;
  guint written;
  GPtrArray *found; /* of FhirResource */
  const char *type;
  CareResults *results;
} Fixture;

#define ALL ((1u << CARE_N_MEASURED) - 1)

static gboolean
put_visit (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'q'}");
  care_fixture_put (connection,
                    "{'resourceType':'Encounter','id':'e','status':'arrived','class':{'code':'VR'},"
                    "'subject':{'reference':'Patient/p'}}");
  care_fixture_put (connection,
                    "{'resourceType':'Encounter','id':'f','status':'arrived','class':{'code':'VR'},"
                    "'subject':{'reference':'Patient/q'}}");
  return TRUE;
}

static gboolean
write_work (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;

  return care_visit_measured_write (connection, self->who, &self->measured, &self->written, error);
}

static gboolean
read_work (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;

  g_autoptr (GPtrArray) ids = store_search_ids (connection, self->type, "_count=99", error);

  g_clear_pointer (&self->found, g_ptr_array_unref);
  self->found = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      FhirResource *found = store_resource_get (connection, self->type, ids->pdata[i], error);
      g_autofree char *patient = care_patient_of (found);

      if (patient == NULL || g_str_equal (patient, "p"))
        g_ptr_array_add (self->found, found);
      else
        fhir_resource_unref (found);
    }
  return ids != NULL;
}

static GPtrArray *
list (Fixture *self, const char *type)
{
  self->type = type;
  care_fixture_read (&self->care, read_work);
  return self->found;
}

static FhirResource *
find (Fixture *self, const char *code)
{
  GPtrArray *found = list (self, "Observation");

  for (guint i = 0; i < found->len; i++)
    if (g_strcmp0 (fhir_resource_path_text (found->pdata[i], "code.coding.0.code"), code) == 0)
      return found->pdata[i];
  g_error ("no Observation has the code %s", code);
}

static void
assert_text (FhirResource *resource, const char *path, const char *text)
{
  g_assert_cmpstr (fhir_resource_path_text (resource, path), ==, text);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  care_fixture_set_up (&self->care, data);
  care_fixture_write (&self->care, put_visit);
  self->who = self->care.nurse;
  self->measured = (CareVisitMeasured) { .encounter_id = "e",
                                         .request = "r1",
                                         .at = "2026-11-22T08:58:30Z",
                                         .values = "blood-pressure=128/82 mm[Hg];"
                                                   "temperature=37.5 Cel;glucose=5.4 mmol/L",
                                         .accepted = ALL };
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->found, g_ptr_array_unref);
  g_clear_object (&self->results);
  care_fixture_tear_down (&self->care, data);
}

static void
test_is_marked_as_the_patients (Fixture *self, gconstpointer data)
{
  FhirResource *pressure;

  care_fixture_write (&self->care, write_work);
  g_assert_cmpuint (self->written, ==, 3);
  pressure = find (self, "85354-9");
  assert_text (pressure, "status", "final");
  assert_text (pressure, "category.0.coding.0.code", "vital-signs");
  assert_text (pressure, "subject.reference", "Patient/p");
  assert_text (pressure, "encounter.reference", "Encounter/e");
  assert_text (pressure, "performer.0.reference", "Patient/p");
  assert_text (pressure, "performer.1.reference", NULL);
  assert_text (pressure, "method.coding.0.code", CARE_MEASURED_METHOD);
  assert_text (pressure, "effectiveDateTime", "2026-11-22T08:58:30Z");
  assert_text (pressure, "valueQuantity.value", NULL);
  assert_text (pressure, "component.0.code.coding.0.code", "8480-6");
  assert_text (pressure, "component.0.valueQuantity.value", "128");
  assert_text (pressure, "component.1.code.coding.0.code", "8462-4");
  assert_text (pressure, "component.1.valueQuantity.value", "82");
  assert_text (pressure, "component.1.valueQuantity.code", "mm[Hg]");
  assert_text (pressure, "component.1.valueQuantity.system", "http://unitsofmeasure.org");
}

/* In the unit in which it was typed, and with the digits that were typed. */
static void
test_keeps_unit_and_digits (Fixture *self, gconstpointer data)
{
  FhirResource *found;

  self->measured.values = "temperature=100.0 [degF];weight=70.0 kg;glucose=97 mg/dL";
  care_fixture_write (&self->care, write_work);
  found = find (self, "8310-5");
  assert_text (found, "valueQuantity.value", "100.0");
  assert_text (found, "valueQuantity.code", "[degF]");
  assert_text (found, "valueQuantity.unit", "°F");
  found = find (self, "29463-7");
  assert_text (found, "valueQuantity.value", "70.0");
  found = find (self, "2339-0");
  assert_text (found, "valueQuantity.code", "mg/dL");
  assert_text (found, "category.0.coding.0.code", "laboratory");
}

/* The substance's amount has a code of its own. */
static void
test_glucose_by_its_unit (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->care, write_work);
  assert_text (find (self, "15074-8"), "valueQuantity.value", "5.4");
}

static void
test_twice_lands_once (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->care, write_work);
  care_fixture_write (&self->care, write_work);
  g_assert_cmpuint (self->written, ==, 0);
  g_assert_cmpuint (list (self, "Observation")->len, ==, 3);
  g_assert_cmpuint (list (self, "Provenance")->len, ==, 1);
  /* what was left out at first may be added later, and the next request is another one */
  self->measured.request = "r2";
  self->measured.accepted = 1u << CARE_MEASURED_TEMPERATURE;
  care_fixture_write (&self->care, write_work);
  g_assert_cmpuint (self->written, ==, 1);
  self->measured.accepted = ALL;
  care_fixture_write (&self->care, write_work);
  g_assert_cmpuint (self->written, ==, 2);
  g_assert_cmpuint (list (self, "Observation")->len, ==, 6);
}

static void
test_only_what_was_accepted (Fixture *self, gconstpointer data)
{
  self->measured.accepted = 1u << CARE_MEASURED_GLUCOSE;
  care_fixture_write (&self->care, write_work);
  g_assert_cmpuint (list (self, "Observation")->len, ==, 1);
}

static void
test_says_who_entered_it (Fixture *self, gconstpointer data)
{
  FhirResource *provenance;

  care_fixture_write (&self->care, write_work);
  provenance = list (self, "Provenance")->pdata[0];
  assert_text (provenance, "agent.0.who.reference", "Practitioner/nurse");
  assert_text (provenance, "agent.0.type.coding.0.code", "enterer");
  assert_text (provenance, "agent.1.who.reference", "Patient/p");
  assert_text (provenance, "agent.1.type.coding.0.code", "informant");
  assert_text (provenance, "entity.0.what.reference", "Encounter/e");
  g_assert_nonnull (fhir_resource_path_text (provenance, "target.2.reference"));
}

static void
test_is_in_the_course (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) course = NULL;
  GPtrArray *found;
  guint said = 0;

  care_fixture_write (&self->care, write_work);
  self->measured.request = "r2";
  care_fixture_write (&self->care, write_work);
  found = list (self, "Encounter");
  g_assert_cmpuint (found->len, ==, 1);
  course = care_visit_course (found->pdata[0]);
  for (guint i = 0; i < course->len; i++)
    said += g_str_equal (((CareVisitMoment *) course->pdata[i])->words,
                         "Measurements by the patient were added to the record.");
  g_assert_cmpuint (said, ==, 2);
}

static gboolean
read_results (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;

  self->results = care_results_load (connection, "p", self->care.clock, error);
  return self->results != NULL;
}

static gboolean
put_measured_in_clinic (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'Observation','id':'c','status':'final','category':[{'coding':[{'code':"
      "'vital-signs'}]}],'code':{'coding':[{'system':'http://loinc.org','code':'8867-4'}]},"
      "'subject':{'reference':'Patient/p'},'effectiveDateTime':'2026-11-21T10:00:00Z','performer':["
      "{'reference':'Patient/p'},{'reference':'Practitioner/nurse'}],'valueQuantity':{'value':70,"
      "'code':'/min','system':'http://unitsofmeasure.org'}}");
  return TRUE;
}

static void
test_results_carry_the_mark (Fixture *self, gconstpointer data)
{
  GPtrArray *lines;
  guint own = 0, clinic = 0;

  care_fixture_write (&self->care, put_measured_in_clinic);
  care_fixture_write (&self->care, write_work);
  care_fixture_read (&self->care, read_results);
  lines = care_results_get_lines (self->results);
  for (guint i = 0; i < lines->len; i++)
    {
      CareResult *result = lines->pdata[i];

      if (g_str_equal (result->reference, "Observation/c"))
        clinic += !result->by_patient;
      else
        own += result->by_patient;
    }
  g_assert_cmpuint (own, ==, 3);
  g_assert_cmpuint (clinic, ==, 1);
}

static void
test_refuses_what_is_not_known (Fixture *self, gconstpointer data)
{
  const CareVisitMeasured whole = self->measured;
  const CareVisitMeasured wrong[] = {
    { "e", "", whole.at, whole.values, ALL },        { "e", NULL, whole.at, whole.values, ALL },
    { "e", "r1", NULL, whole.values, ALL },          { "e", "r1", "2026-11-22", whole.values, ALL },
    { "e", "r1", whole.at, "pulse=7000 /min", ALL }, { "none", "r1", whole.at, whole.values, ALL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      self->measured = wrong[i];
      error = care_fixture_try (&self->care, write_work);
      g_assert_nonnull (error);
    }
  g_assert_cmpuint (list (self, "Observation")->len, ==, 0);
}

/* It is the visit's patient whose record it goes into, whoever is looked at. */
static void
test_goes_to_the_visits_patient (Fixture *self, gconstpointer data)
{
  self->measured.encounter_id = "f";
  care_fixture_write (&self->care, write_work);
  g_assert_cmpuint (self->written, ==, 3);
  g_assert_cmpuint (list (self, "Observation")->len, ==, 0);
}

#define TEST(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/care-visit-measured/is-marked-as-the-patients", test_is_marked_as_the_patients);
  TEST ("/care-visit-measured/keeps-unit-and-digits", test_keeps_unit_and_digits);
  TEST ("/care-visit-measured/glucose-by-its-unit", test_glucose_by_its_unit);
  TEST ("/care-visit-measured/twice-lands-once", test_twice_lands_once);
  TEST ("/care-visit-measured/only-what-was-accepted", test_only_what_was_accepted);
  TEST ("/care-visit-measured/says-who-entered-it", test_says_who_entered_it);
  TEST ("/care-visit-measured/is-in-the-course", test_is_in_the_course);
  TEST ("/care-visit-measured/results-carry-the-mark", test_results_carry_the_mark);
  TEST ("/care-visit-measured/refuses-what-is-not-known", test_refuses_what_is_not_known);
  TEST ("/care-visit-measured/goes-to-the-visits-patient", test_goes_to_the_visits_patient);
  return g_test_run ();
}
