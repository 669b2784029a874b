/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-picture.h"

#include "care-fixture.h"
#include "care-visit-course.h"
#include "care-write.h"

typedef struct
{
  CareFixture care; /* first: commands get the fixture */
  CareVisitPicture picture;
  GBytes *bytes;
  char *reference;
  GPtrArray *found; /* of FhirResource */
  const char *type;
} Fixture;

static gboolean
put_visit (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'q'}");
  care_fixture_put (connection,
                    "{'resourceType':'Encounter','id':'e','status':'in-progress','class':{'code':"
                    "'VR'},'subject':{'reference':'Patient/p'}}");
  return TRUE;
}

static gboolean
keep (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;

  g_clear_pointer (&self->reference, g_free);
  return care_visit_picture_keep (connection, self->care.doctor, &self->picture, &self->reference,
                                  error);
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

static void
set_up (Fixture *self, gconstpointer data)
{
  care_fixture_set_up (&self->care, data);
  care_fixture_write (&self->care, put_visit);
  self->bytes = g_bytes_new_static ("a picture", 9);
  self->picture = (CareVisitPicture) { .encounter_id = "e",
                                       .patient_id = "p",
                                       .request = "r1",
                                       .consent = "Consent/c1",
                                       .site = "Left forearm",
                                       .note = "Since Monday",
                                       .content_type = "image/jpeg",
                                       .bytes = self->bytes };
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->found, g_ptr_array_unref);
  g_clear_pointer (&self->reference, g_free);
  g_bytes_unref (self->bytes);
  care_fixture_tear_down (&self->care, data);
}

static void
assert_text (FhirResource *resource, const char *path, const char *text)
{
  g_assert_cmpstr (fhir_resource_path_text (resource, path), ==, text);
}

static void
test_is_a_document_of_the_visit (Fixture *self, gconstpointer data)
{
  FhirResource *document;
  g_autofree char *reference = NULL;

  care_fixture_write (&self->care, keep);
  document = list (self, "DocumentReference")->pdata[0];
  reference = fhir_resource_dup_reference (document);
  g_assert_cmpstr (reference, ==, self->reference);
  assert_text (document, "status", "current");
  assert_text (document, "subject.reference", "Patient/p");
  assert_text (document, "context.encounter.0.reference", "Encounter/e");
  assert_text (document, "content.0.attachment.title", "Picture from the call: Left forearm");
  assert_text (document, "content.0.attachment.contentType", "image/jpeg");
  assert_text (document, "description", "Since Monday");
  assert_text (document, "extension.0.valueCodeableConcept.text", "Left forearm");
  g_assert_false (care_release_is_kept (document));
}

static gboolean
read_binary (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  const char *url = fhir_resource_path_text (self->found->pdata[0], "content.0.attachment.url");
  g_autoptr (FhirResource) binary = NULL;

  g_assert_true (g_str_has_prefix (url, "Binary/"));
  binary = store_resource_get (connection, "Binary", url + strlen ("Binary/"), error);
  g_assert_nonnull (binary);
  assert_text (binary, "data", "YSBwaWN0dXJl");
  assert_text (binary, "securityContext.reference", "Patient/p");
  return TRUE;
}

static void
test_keeps_the_bytes (Fixture *self, gconstpointer data)
{
  care_fixture_write (&self->care, keep);
  list (self, "DocumentReference");
  care_fixture_read (&self->care, read_binary);
}

static void
test_names_visit_and_consent (Fixture *self, gconstpointer data)
{
  FhirResource *provenance;

  care_fixture_write (&self->care, keep);
  provenance = list (self, "Provenance")->pdata[0];
  assert_text (provenance, "target.0.reference", self->reference);
  assert_text (provenance, "agent.0.who.reference", "Practitioner/doctor");
  assert_text (provenance, "entity.0.what.reference", "Encounter/e");
  assert_text (provenance, "entity.1.what.reference", "Consent/c1");
}

static void
test_twice_is_once (Fixture *self, gconstpointer data)
{
  g_autofree char *first = NULL;

  care_fixture_write (&self->care, keep);
  first = g_steal_pointer (&self->reference);
  care_fixture_write (&self->care, keep);
  g_assert_cmpstr (self->reference, ==, first);
  g_assert_cmpuint (list (self, "DocumentReference")->len, ==, 1);
  self->picture.request = "r2";
  self->picture.consent = "Consent/c2";
  care_fixture_write (&self->care, keep);
  g_assert_cmpuint (list (self, "DocumentReference")->len, ==, 2);
}

/* Not the patient under whose name it was looked at: nothing is kept, of either. */
static void
test_refuses_another_patient (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->picture.patient_id = "q";
  error = care_fixture_try (&self->care, keep);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_STATE);
  g_assert_cmpuint (list (self, "DocumentReference")->len, ==, 0);
}

static void
test_refuses_without_consent (Fixture *self, gconstpointer data)
{
  for (const char **wrong = (const char *[]) { "", "Patient/p", "c1", NULL };; wrong++)
    {
      g_autoptr (GError) error = NULL;

      self->picture.consent = *wrong;
      error = care_fixture_try (&self->care, keep);
      g_assert_error (error, CARE_ERROR, CARE_ERROR_MISSING);
      if (*wrong == NULL)
        break;
    }
  g_assert_cmpuint (list (self, "DocumentReference")->len, ==, 0);
}

static void
test_marks_what_is_intimate (Fixture *self, gconstpointer data)
{
  self->picture.sensitivity = CARE_SENSITIVITY_SENSITIVE;
  self->picture.site = "";
  self->picture.note = "";
  care_fixture_write (&self->care, keep);
  list (self, "DocumentReference");
  g_assert_true (care_release_is_kept (self->found->pdata[0]));
  assert_text (self->found->pdata[0], "content.0.attachment.title", "Picture from the call");
  assert_text (self->found->pdata[0], "description", NULL);
}

static void
test_is_in_the_course (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) course = NULL;
  guint said = 0;

  care_fixture_write (&self->care, keep);
  self->picture.request = "r2";
  care_fixture_write (&self->care, keep);
  course = care_visit_course (list (self, "Encounter")->pdata[0]);
  for (guint i = 0; i < course->len; i++)
    said += g_str_equal (((CareVisitMoment *) course->pdata[i])->words,
                         "A picture from the call was kept; the patient agreed to it.");
  g_assert_cmpuint (said, ==, 2);
}

#define TEST(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/care-visit-picture/is-a-document-of-the-visit", test_is_a_document_of_the_visit);
  TEST ("/care-visit-picture/keeps-the-bytes", test_keeps_the_bytes);
  TEST ("/care-visit-picture/names-visit-and-consent", test_names_visit_and_consent);
  TEST ("/care-visit-picture/twice-is-once", test_twice_is_once);
  TEST ("/care-visit-picture/refuses-another-patient", test_refuses_another_patient);
  TEST ("/care-visit-picture/refuses-without-consent", test_refuses_without_consent);
  TEST ("/care-visit-picture/marks-what-is-intimate", test_marks_what_is_intimate);
  TEST ("/care-visit-picture/is-in-the-course", test_is_in_the_course);
  return g_test_run ();
}
