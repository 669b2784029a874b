/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "demo-clinic.h"

#include "fhir-date.h"

#include <math.h>
#include <string.h>

/* Who is there, what belongs to whom, and that every time fits the life it belongs to. */

static const char *
patient_reference_of (FhirResource *resource)
{
  static const char *const paths[] = { "subject.reference", "patient.reference", "for.reference",
                                       "beneficiary.reference" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    if (fhir_resource_path_text (resource, paths[i]) != NULL)
      return fhir_resource_path_text (resource, paths[i]);
  return fhir_resource_path_text (resource, "participant.0.actor.reference");
}

/* Takes @resources. */
void
clinic_fill (Clinic *clinic, GPtrArray *resources, BaseClock *clock)
{
  clinic->resources = resources;
  clinic->today = base_clock_dup_today (clock);
  clinic->now_us = base_clock_now (clock);
  clinic->by_reference = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  clinic->by_patient =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < resources->len; i++)
    {
      FhirResource *resource = resources->pdata[i];
      g_autofree char *reference = fhir_resource_dup_reference (resource);
      const char *patient = strcmp (fhir_resource_get_type (resource), "Patient") == 0
                                ? reference
                                : patient_reference_of (resource);
      GPtrArray *own = patient != NULL ? g_hash_table_lookup (clinic->by_patient, patient) : NULL;

      if (patient != NULL && own == NULL)
        {
          own = g_ptr_array_new ();
          g_hash_table_insert (clinic->by_patient, g_strdup (patient), own);
        }
      if (own != NULL)
        g_ptr_array_add (own, resource);
      g_assert_true (g_hash_table_insert (clinic->by_reference, g_strdup (reference), resource));
    }
}

void
clinic_clear (Clinic *clinic)
{
  g_hash_table_unref (clinic->by_patient);
  g_hash_table_unref (clinic->by_reference);
  g_ptr_array_unref (clinic->resources);
  g_free (clinic->today);
}

const char *
clinic_code_of (FhirResource *resource, const char *path)
{
  g_autofree char *full = g_strconcat (path, ".coding.0.code", NULL);

  return fhir_resource_path_text (resource, full);
}

FhirResource *
clinic_follow (Clinic *clinic, FhirResource *resource, const char *path)
{
  const char *reference = fhir_resource_path_text (resource, path);

  return reference != NULL ? g_hash_table_lookup (clinic->by_reference, reference) : NULL;
}

GPtrArray *
clinic_of_patient (Clinic *clinic, FhirResource *patient)
{
  g_autofree char *reference = fhir_resource_dup_reference (patient);

  return g_hash_table_lookup (clinic->by_patient, reference);
}

/* The earliest moment that @text may mean, in microseconds since 1970. */
gint64
clinic_time (const char *text)
{
  FhirDate date;
  gint64 low, high;

  g_assert_nonnull (text);
  if (!fhir_date_parse (text, &date))
    g_error ("No date: %s", text);
  fhir_date_bounds (&date, &low, &high);
  return low;
}

/* ---- references and names ------------------------------------------------------------------- */

static void
check_references (Clinic *clinic, FhirResource *resource, const FhirElement *element)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  fhir_member_iter_init (&iter, element);
  while (fhir_member_iter_next (&iter, &name, &value))
    {
      if (strcmp (name, "reference") == 0 &&
          !g_hash_table_contains (clinic->by_reference, fhir_element_get_text (value)))
        g_error ("%s refers to nothing: %s", fhir_resource_get_text (resource, NULL),
                 fhir_element_get_text (value));
      check_references (clinic, resource, value);
    }
  fhir_element_foreach (item, element)
    check_references (clinic, resource, item);
}

void
clinic_check_references (Clinic *clinic)
{
  for (guint i = 0; i < clinic->resources->len; i++)
    check_references (clinic, clinic->resources->pdata[i],
                      fhir_resource_get_root (clinic->resources->pdata[i]));
}

static gboolean
is_latin (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      GUnicodeScript script = g_unichar_get_script (g_utf8_get_char (p));

      if (script != G_UNICODE_SCRIPT_LATIN && script != G_UNICODE_SCRIPT_COMMON &&
          script != G_UNICODE_SCRIPT_INHERITED)
        return FALSE;
    }
  return TRUE;
}

/* The official name can be read by everyone; the own script stands beside it. No name is a number.
 */
void
clinic_check_names (Clinic *clinic)
{
  g_autoptr (GHashTable) identifiers = g_hash_table_new (g_str_hash, g_str_equal);

  foreach_of_type (clinic, "Patient", patient)
  {
    const char *identifier = fhir_resource_path_text (patient, "identifier.0.value");

    fhir_element_foreach (name, fhir_resource_path (patient, "name"))
      {
        const char *family = fhir_element_path_text (name, "family");
        const char *given = fhir_element_path_text (name, "given.0");

        g_assert_cmpuint (strlen (family), >, 1);
        g_assert_cmpuint (strlen (given), >, 1);
        g_assert_cmpuint (strcspn (family, "0123456789"), ==, strlen (family));
        g_assert_cmpuint (strcspn (given, "0123456789"), ==, strlen (given));
      }
    g_assert_true (is_latin (fhir_resource_path_text (patient, "name.0.family")));
    g_assert_true (is_latin (fhir_resource_path_text (patient, "name.0.given.0")));
    g_assert_nonnull (fhir_resource_path_text (patient, "communication.0.language.coding.0.code"));
    g_assert_true (g_hash_table_add (identifiers, (gpointer) identifier));
  }
}

/* ---- times ---------------------------------------------------------------------------------- */

/* Members that hold a moment in a life. The end of a restriction is when something is due. */
static gboolean
is_moment (const char *name)
{
  static const char *const names[] = { "onsetDateTime",
                                       "abatementDateTime",
                                       "recordedDate",
                                       "authoredOn",
                                       "lastModified",
                                       "effectiveDateTime",
                                       "issued",
                                       "occurrenceDateTime",
                                       "performedDateTime",
                                       "date",
                                       "sent",
                                       "received",
                                       "start",
                                       "end",
                                       "valueInstant",
                                       "deceasedDateTime",
                                       NULL };

  return g_strv_contains (names, name);
}

static void
check_moments (FhirResource *resource, const FhirElement *element, gint64 from, gint64 to)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  fhir_member_iter_init (&iter, element);
  while (fhir_member_iter_next (&iter, &name, &value))
    {
      if (strcmp (name, "restriction") == 0)
        continue;
      if (is_moment (name) && fhir_element_get_text (value) != NULL)
        {
          gint64 when = clinic_time (fhir_element_get_text (value));

          if (when < from || when > to)
            g_error ("%s is %s: %s", name,
                     when < from ? "before birth" : "in the future or after death",
                     fhir_resource_get_text (resource, NULL));
        }
      check_moments (resource, value, from, to);
    }
  fhir_element_foreach (item, element)
    check_moments (resource, item, from, to);
}

/* Nothing before birth, nothing in the future but bookings. The day of birth has no hour. */
void
clinic_check_times (Clinic *clinic)
{
  foreach_of_type (clinic, "Patient", patient)
  {
    GPtrArray *own = clinic_of_patient (clinic, patient);
    gint64 born = clinic_time (fhir_resource_path_text (patient, "birthDate")) - G_TIME_SPAN_DAY;

    g_assert_cmpint (born, <, clinic->now_us);
    for (guint i = 0; i < own->len; i++)
      if (strcmp (fhir_resource_get_type (own->pdata[i]), "Appointment") != 0)
        check_moments (own->pdata[i], fhir_resource_get_root (own->pdata[i]), born, clinic->now_us);
  }
}

/* What happened to the dead happened while they lived; nobody expects them. */
void
clinic_check_deaths (Clinic *clinic)
{
  foreach_of_type (clinic, "Patient", patient)
  {
    const char *died = fhir_resource_path_text (patient, "deceasedDateTime");
    GPtrArray *own = clinic_of_patient (clinic, patient);

    if (died == NULL)
      continue;
    for (guint i = 0; i < own->len; i++)
      {
        check_moments (own->pdata[i], fhir_resource_get_root (own->pdata[i]), 0,
                       clinic_time (died));
        g_assert_cmpstr (fhir_resource_get_type (own->pdata[i]), !=, "Appointment");
      }
    foreach_in (own, "MedicationRequest", request)
    {
      g_assert_cmpstr (fhir_resource_path_text (request, "status"), !=, "active");
    }
  }
}

/* ---- sensors -------------------------------------------------------------------------------- */

#define READING "99504-3"

static int
compare_moments (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

/* Whether the record says that the sensor was silent from @from to @to. */
static gboolean
is_stated (GPtrArray *own, gint64 from, gint64 to)
{
  foreach_in (own, "Observation", observation)
  {
    if (fhir_resource_path (observation, "dataAbsentReason") != NULL &&
        g_strcmp0 (clinic_code_of (observation, "code"), READING) == 0 &&
        clinic_time (fhir_resource_path_text (observation, "effectivePeriod.start")) <=
            from + 15 * G_TIME_SPAN_MINUTE &&
        clinic_time (fhir_resource_path_text (observation, "effectivePeriod.end")) >=
            to - 15 * G_TIME_SPAN_MINUTE)
      return TRUE;
  }
  return FALSE;
}

static double
reading_of (FhirResource *observation)
{
  return fhir_element_get_double (fhir_resource_path (observation, "valueQuantity.value"), NAN);
}

/* The mean that the record gives is that of the readings. */
static void
check_mean (GPtrArray *own, GArray *moments, double sum)
{
  guint means = 0;

  foreach_in (own, "Observation", observation)
  {
    if (g_strcmp0 (clinic_code_of (observation, "code"), "97507-8") != 0)
      continue;
    means++;
    g_assert_cmpfloat_with_epsilon (reading_of (observation), sum / moments->len, 0.006);
  }
  g_assert_cmpuint (means, ==, 1);
}

/* A step of more than fifteen minutes between two readings is one of which the record says why. */
void
clinic_check_sensors (Clinic *clinic)
{
  foreach_of_type (clinic, "Patient", patient)
  {
    GPtrArray *own = clinic_of_patient (clinic, patient);
    g_autoptr (GArray) moments = g_array_new (FALSE, FALSE, sizeof (gint64));
    double sum = 0, low = 1000, high = 0;
    guint gaps = 0;

    foreach_in (own, "Observation", observation)
    {
      double value = reading_of (observation);

      if (g_strcmp0 (clinic_code_of (observation, "code"), READING) != 0 || isnan (value))
        continue;
      gint64 when = clinic_time (fhir_resource_path_text (observation, "effectiveDateTime"));
      g_array_append_val (moments, when);
      sum += value;
      low = MIN (low, value);
      high = MAX (high, value);
    }
    if (moments->len == 0)
      continue;
    g_array_sort (moments, compare_moments);
    for (guint i = 1; i < moments->len; i++)
      {
        gint64 from = g_array_index (moments, gint64, i - 1),
               to = g_array_index (moments, gint64, i);

        g_assert_cmpint (to, >, from);
        if (to - from <= 15 * G_TIME_SPAN_MINUTE)
          continue;
        gaps++;
        g_assert_true (is_stated (own, from, to));
      }
    g_assert_cmpuint (gaps, ==, 1);
    g_assert_cmpfloat (high - low, >, 80); /* meals and nights, no flat line */
    g_assert_cmpfloat (low, >=, 40);
    g_assert_cmpfloat (high, <, 400);
    check_mean (own, moments, sum);
  }
}
