/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-guest.h"

#include "care-fixture.h"
#include "care-visit-course.h"
#include "care-visit.h"

typedef struct
{
  CareFixture care; /* first: commands get the fixture */
  CareVisitGuest guest;
  gboolean speakerphone;
  FhirResource *encounter;
  GPtrArray *found; /* of FhirResource */
  const char *type;
} Fixture;

static gboolean
put_visit (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  care_fixture_put (connection,
                    "{'resourceType':'RelatedPerson','id':'r','active':true,'patient':{'reference'"
                    ":'Patient/p'},'name':[{'text':'Mara'}]}");
  care_fixture_put (connection,
                    "{'resourceType':'Encounter','id':'e','status':'arrived','class':{'code':'VR'},"
                    "'subject':{'reference':'Patient/p'}}");
  return TRUE;
}

static gboolean
join (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;

  return care_visit_guest_join (connection, self->care.doctor, "e", &self->guest, error);
}

static gboolean
leave (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;

  return care_visit_guest_leave (connection, self->care.doctor, "e", self->guest.role,
                                 self->guest.speakerphone, error);
}

static gboolean
admit (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_admit (connection, ((CareFixture *) data)->doctor, "e", error);
}

static gboolean
admit_other (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_admit (connection, ((CareFixture *) data)->other, "e", error);
}

static gboolean
finish (StoreConnection *connection, gpointer data, GError **error)
{
  return care_visit_end (connection, ((CareFixture *) data)->doctor, "e", CARE_OUTCOME_SETTLED,
                         NULL, error);
}

static gboolean
read_all (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;

  g_clear_pointer (&self->encounter, fhir_resource_unref);
  g_clear_pointer (&self->found, g_ptr_array_unref);
  self->encounter = store_resource_get (connection, "Encounter", "e", error);
  self->found = store_resource_list (connection, "p", self->type, error);
  return self->encounter != NULL && self->found != NULL;
}

static void
look (Fixture *self, const char *type)
{
  self->type = type;
  care_fixture_read (&self->care, read_all);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  care_fixture_set_up (&self->care, data);
  care_fixture_write (&self->care, put_visit);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->encounter, fhir_resource_unref);
  g_clear_pointer (&self->found, g_ptr_array_unref);
  care_fixture_tear_down (&self->care, data);
}

static const char *
text (Fixture *self, const char *path)
{
  return fhir_resource_path_text (self->encounter, path);
}

/* An interpreter may be in before the patient is, and is nobody who has the visit. */
static void
test_an_interpreter (Fixture *self, gconstpointer data)
{
  self->guest = (CareVisitGuest) {
    .role = CARE_VISIT_ROLE_INTERPRETER, .name = "Łucja", .number = "4711", .language = "Polish"
  };
  care_fixture_write (&self->care, join);
  care_fixture_write (&self->care, join); /* twice is once */
  care_fixture_write (&self->care, admit);
  care_fixture_write (&self->care, admit); /* nothing is taken over from an interpreter */
  look (self, "Consent");
  g_assert_cmpuint (self->found->len, ==, 0);
  g_assert_cmpstr (text (self, "participant.0.type.0.coding.0.code"), ==, "translator");
  g_assert_cmpstr (text (self, "participant.0.individual.identifier.value"), ==, "4711");
  g_assert_null (text (self, "participant.0.individual.reference"));
  g_assert_cmpstr (text (self, "participant.0.individual.display"), ==,
                   "Łucja, interpreter 4711 (Polish)");
  g_assert_nonnull (text (self, "participant.0.period.start"));
  g_assert_null (text (self, "participant.0.period.end"));
  g_assert_nonnull (text (self, "participant.1.individual.reference"));
  g_assert_null (text (self, "participant.2.period.start"));
  care_fixture_write (&self->care, leave);
  care_fixture_write (&self->care, leave);
  care_fixture_write (&self->care, join);
  look (self, "Consent");
  g_assert_nonnull (text (self, "participant.0.period.end"));
  g_assert_null (text (self, "participant.2.period.end")); /* a second stay is a second line */
  g_assert_cmpstr (text (self, "participant.2.type.0.coding.0.code"), ==, "translator");
}

/* Whoever takes a visit over takes those who are in it along. */
static void
test_a_take_over (Fixture *self, gconstpointer data)
{
  self->guest = (CareVisitGuest) { .role = CARE_VISIT_ROLE_INTERPRETER,
                                   .number = "4711",
                                   .language = "Polish" };
  care_fixture_write (&self->care, join);
  care_fixture_write (&self->care, admit);
  care_fixture_write (&self->care, admit_other);
  look (self, "Consent");
  g_assert_null (text (self, "participant.0.period.end"));
  g_assert_nonnull (text (self, "participant.1.period.end"));
  care_fixture_write (&self->care, finish);
  look (self, "Consent");
  g_assert_nonnull (text (self, "participant.0.period.end"));
}

static void
test_a_guest (Fixture *self, gconstpointer data)
{
  FhirResource *consent, *person = NULL;

  self->guest = (CareVisitGuest) {
    .role = CARE_VISIT_ROLE_GUEST, .name = "Bert", .relation = "CHILD", .agreed = "patient"
  };
  care_fixture_write (&self->care, join);
  care_fixture_write (&self->care, leave);
  care_fixture_write (&self->care, join);
  look (self, "Consent");
  g_assert_cmpuint (self->found->len, ==, 1);
  consent = self->found->pdata[0];
  g_assert_cmpstr (fhir_resource_path_text (consent, "performer.0.reference"), ==, "Patient/p");
  g_assert_cmpstr (fhir_resource_path_text (consent, "provision.type"), ==, "permit");
  g_assert_cmpstr (fhir_resource_path_text (consent, "provision.data.0.reference.reference"), ==,
                   "Encounter/e");
  g_assert_cmpstr (fhir_resource_path_text (consent, "provision.actor.0.reference.reference"), ==,
                   text (self, "participant.0.individual.reference"));
  g_assert_cmpstr (text (self, "participant.0.individual.display"), ==, "Bert (Child)");
  g_assert_nonnull (text (self, "participant.0.period.end"));
  g_assert_nonnull (text (self, "participant.1.period.start"));
  look (self, "RelatedPerson");
  g_assert_cmpuint (self->found->len, ==, 2);
  for (guint i = 0; i < self->found->len; i++)
    if (!g_str_equal (fhir_resource_get_id (self->found->pdata[i]), "r"))
      person = self->found->pdata[i];
  /* once in a visit is no right to speak for the patient from then on */
  g_assert_cmpstr (fhir_resource_path_text (person, "active"), ==, "false");
  g_assert_nonnull (fhir_resource_path_text (person, "period.end"));
}

static void
test_who_is_on_record (Fixture *self, gconstpointer data)
{
  self->guest = (CareVisitGuest) { .role = CARE_VISIT_ROLE_GUEST,
                                   .name = "Mara",
                                   .relation = "guardian",
                                   .person = "RelatedPerson/r" };
  care_fixture_write (&self->care, join);
  look (self, "Consent");
  g_assert_cmpuint (self->found->len, ==, 0);
  g_assert_cmpstr (text (self, "participant.0.individual.reference"), ==, "RelatedPerson/r");
  care_fixture_write (&self->care, leave);
  self->guest = (CareVisitGuest) {
    .role = CARE_VISIT_ROLE_GUEST, .name = "Bert", .relation = "CHILD", .agreed = "RelatedPerson/r"
  };
  care_fixture_write (&self->care, join);
  look (self, "Consent");
  g_assert_cmpuint (self->found->len, ==, 1);
  g_assert_cmpstr (fhir_resource_path_text (self->found->pdata[0], "performer.0.reference"), ==,
                   "RelatedPerson/r");
}

/* On a telephone beside the clinician: a line of its own in the record and in the note's draft. */
static void
test_a_speakerphone (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) course = NULL;
  g_autofree char *draft = NULL;

  self->guest = (CareVisitGuest) {
    .role = CARE_VISIT_ROLE_INTERPRETER, .number = "99", .language = "Dari", .speakerphone = TRUE
  };
  care_fixture_write (&self->care, join);
  look (self, "Consent");
  g_assert_cmpstr (care_visit_guest_get_speakerphone (self->encounter), ==,
                   "Interpreter 99 (Dari, on a speakerphone)");
  care_fixture_write (&self->care, leave);
  look (self, "Consent");
  g_assert_null (care_visit_guest_get_speakerphone (self->encounter));
  course = care_visit_course (self->encounter);
  draft = care_visit_course_dup_text (course, g_time_zone_new_utc ());
  g_assert_nonnull (strstr (draft, "Interpreter 99 (Dari, on a speakerphone) joined."));
  g_assert_nonnull (strstr (draft, "Interpreter 99 (Dari, on a speakerphone) left."));
}

static gboolean
join_refused (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autoptr (GError) local = NULL;

  g_assert_false (care_visit_guest_join (connection, self->care.doctor, "e", &self->guest, &local));
  g_assert_nonnull (local);
  return TRUE;
}

static void
test_what_is_missing (Fixture *self, gconstpointer data)
{
  self->guest = (CareVisitGuest) { .role = CARE_VISIT_ROLE_INTERPRETER, .number = "99" };
  care_fixture_write (&self->care, join_refused);
  self->guest = (CareVisitGuest) { .role = CARE_VISIT_ROLE_GUEST, .agreed = "patient" };
  care_fixture_write (&self->care, join_refused);
  self->guest = (CareVisitGuest) { .role = CARE_VISIT_ROLE_PATIENT, .name = "Jane" };
  care_fixture_write (&self->care, join_refused);
  care_fixture_write (&self->care, admit);
  care_fixture_write (&self->care, finish);
  self->guest = (CareVisitGuest) { .role = CARE_VISIT_ROLE_GUEST, .name = "Late" };
  care_fixture_write (&self->care, join_refused);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  TEST ("/care-visit-guest/an-interpreter", test_an_interpreter);
  TEST ("/care-visit-guest/a-take-over", test_a_take_over);
  TEST ("/care-visit-guest/a-guest", test_a_guest);
  TEST ("/care-visit-guest/who-is-on-record", test_who_is_on_record);
  TEST ("/care-visit-guest/a-speakerphone", test_a_speakerphone);
  TEST ("/care-visit-guest/what-is-missing", test_what_is_missing);
#undef TEST
  return g_test_run ();
}
