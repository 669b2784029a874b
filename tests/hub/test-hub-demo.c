/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-date.h"
#include "fhir-observation.h"
#include "hub-demo.h"

#include "demo-clinic.h"

#include <math.h>
#include <string.h>

/* The coherence of the demo clinic: what a doctor who reads the charts would stumble over. */

static void
clinic_set_up (Clinic *clinic, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_from_iso8601 (data, NULL);
  g_autoptr (BaseClock) clock = base_clock_new_at (now);
  GPtrArray *resources = hub_demo_resources (clock, "one", &error);

  g_assert_no_error (error);
  clinic_fill (clinic, resources, clock);
}

static void
clinic_tear_down (Clinic *clinic, gconstpointer data)
{
  clinic_clear (clinic);
}

/* Those that hold for any made-up patients too. */
#define CHECK(name)                                                                                \
  static void test_##name (Clinic *clinic, gconstpointer data)                                     \
  {                                                                                                \
    clinic_check_##name (clinic);                                                                  \
  }

CHECK (references)
CHECK (names)
CHECK (medicines)
CHECK (reported)
CHECK (allergies)
CHECK (kidneys)
CHECK (immunizations)
CHECK (times)
CHECK (deaths)
CHECK (sexes)
CHECK (notes)
CHECK (growth)
CHECK (sensors)

static void
test_patients_of_all_ages (Clinic *clinic, gconstpointer data)
{
  guint patients = 0, newborns = 0, infants = 0, children = 0, teenagers = 0, old = 0, nineties = 0;
  g_autoptr (GHashTable) days = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) languages = g_hash_table_new (g_str_hash, g_str_equal);
  guint own_script = 0, dead = 0;

  foreach_of_type (clinic, "Patient", patient)
  {
    const char *birth = fhir_resource_path_text (patient, "birthDate");
    int age = fhir_date_age_years (birth, clinic->today);

    patients++;
    newborns += clinic->now_us - clinic_time (birth) < 28 * G_TIME_SPAN_DAY;
    infants += age < 1;
    children += age >= 1 && age < 12;
    teenagers += age >= 12 && age < 20;
    old += age >= 75;
    nineties += age >= 90;
    dead += fhir_resource_path (patient, "deceasedDateTime") != NULL;
    own_script += fhir_resource_path (patient, "name.1") != NULL;
    g_hash_table_add (days, g_strdup (birth + strlen ("2026")));
    g_hash_table_add (languages,
                      (gpointer)
                          fhir_resource_path_text (patient,
                                                   "communication.0.language.coding.0.code"));
    g_assert_true (
        fhir_element_is_true (fhir_resource_path (patient, "communication.0.preferred")));
  }
  g_assert_cmpuint (patients, ==, 40);
  g_assert_cmpuint (newborns, ==, 1);
  g_assert_cmpuint (infants, >=, 2);
  g_assert_cmpuint (children, >=, 4);
  g_assert_cmpuint (teenagers, >=, 3);
  g_assert_cmpuint (old, >=, 6);
  g_assert_cmpuint (nineties, >=, 1);
  g_assert_cmpuint (dead, ==, 1);
  g_assert_cmpuint (own_script, >=, 10);
  g_assert_cmpuint (g_hash_table_size (languages), >=, 15);
  g_assert_cmpuint (g_hash_table_size (days), >=, 36); /* nobody is born on the same day */
}

static void
test_trends_bend_after_treatment (Clinic *clinic, gconstpointer data)
{
  const struct
  {
    const char *medicine;
    const char *loinc;
    int direction;
  } bends[] = {
    { "861007", "4548-4", -1 },  { "617311", "18262-6", -1 }, { "310325", "718-7", 1 },
    { "313096", "6298-4", 1 },   { "313096", "29463-7", -1 }, { "314076", "85354-9", -1 },
    { "197361", "85354-9", -1 }, { "313988", "33762-6", -1 }, { "312941", "8867-4", -1 },
    { "311041", "4548-4", -1 },  { "242120", "4548-4", -1 },  { "312961", "18262-6", -1 },
    { "856519", "8867-4", -1 },  { "310385", "44261-6", -1 }, { "197797", "718-7", 1 },
    { "197797", "6690-2", -1 },  { "197797", "787-2", 1 },    { "200032", "8867-4", -1 },
    { "866924", "8867-4", -1 },  { "866436", "85354-9", -1 }, { "308135", "85354-9", -1 },
    { "979492", "85354-9", -1 }, { "314077", "85354-9", -1 }, { "311725", "29463-7", 1 },
    { "966222", "29463-7", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bends); i++)
    if (clinic_check_bend (clinic, bends[i].medicine, bends[i].loinc, bends[i].direction) == 0)
      g_error ("Nobody has %s with values of %s before", bends[i].medicine, bends[i].loinc);
}

/* Some tell when, why and by whom a medicine was stopped: after it was begun, in the past, and by
 * somebody of the clinic. */
static void
test_stopped_medicines (Clinic *clinic, gconstpointer data)
{
  guint told = 0;

  foreach_of_type (clinic, "Provenance", provenance)
  {
    const char *target = fhir_resource_path_text (provenance, "target.0.reference");
    FhirResource *request = g_hash_table_lookup (clinic->by_reference, target);
    const char *recorded = fhir_resource_path_text (provenance, "recorded");

    if (!g_str_has_prefix (target, "MedicationRequest/"))
      continue;
    g_assert_nonnull (request);
    g_assert_cmpstr (fhir_resource_path_text (request, "status"), ==, "stopped");
    g_assert_nonnull (fhir_resource_path_text (request, "statusReason.text"));
    g_assert_cmpint (clinic_time (recorded), >,
                     clinic_time (fhir_resource_path_text (request, "authoredOn")));
    g_assert_cmpint (clinic_time (recorded), <, clinic->now_us);
    g_assert_true (
        g_hash_table_contains (clinic->by_reference,
                               fhir_resource_path_text (provenance, "agent.0.who.reference")));
    told++;
  }
  g_assert_cmpuint (told, >=, 2);
}

/* Each chart has something on each pane: an allergy or that none is known, a visit with its note,
 * a weight. One baby's allergies were never asked for, which must not look like none known. */
static void
test_no_pane_is_empty (Clinic *clinic, gconstpointer data)
{
  const char *const types[] = { "Encounter", "DocumentReference", "Observation" };
  guint unasked = 0;

  foreach_of_type (clinic, "Patient", patient)
  {
    GPtrArray *own = clinic_of_patient (clinic, patient);
    guint counts[G_N_ELEMENTS (types)] = { 0 }, allergies = 0;

    for (guint i = 0; i < own->len; i++)
      {
        for (gsize type = 0; type < G_N_ELEMENTS (types); type++)
          counts[type] += strcmp (fhir_resource_get_type (own->pdata[i]), types[type]) == 0;
        allergies += strcmp (fhir_resource_get_type (own->pdata[i]), "AllergyIntolerance") == 0;
      }
    for (gsize type = 0; type < G_N_ELEMENTS (types); type++)
      if (counts[type] == 0)
        g_error ("No %s: %s", types[type], fhir_resource_get_text (patient, NULL));
    unasked += allergies == 0;
  }
  g_assert_cmpuint (unasked, ==, 1);
}

static guint
count_problems (Clinic *clinic, const char *words)
{
  guint count = 0;

  foreach_of_type (clinic, "Condition", problem)
  {
    const char *text = fhir_resource_path_text (problem, "code.text");
    const char *name = fhir_resource_path_text (problem, "code.coding.0.display");

    count += (text != NULL && strstr (text, words) != NULL) ||
             (name != NULL && strstr (name, words) != NULL);
  }
  return count;
}

static void
test_illnesses_that_people_look_for (Clinic *clinic, gconstpointer data)
{
  static const char *const words[] = { "Breast cancer",
                                       "HER2+",
                                       "HER2−",
                                       "Breslow",
                                       "stage IV",
                                       "diabetes",
                                       "Diabetes mellitus type 1",
                                       "regnancy",
                                       "Childhood asthma",
                                       "Depressive",
                                       "COPD",
                                       "eart failure",
                                       "Chronic kidney disease" };
  guint staged = 0, most = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (count_problems (clinic, words[i]) == 0)
      g_error ("Nobody has: %s", words[i]);
  foreach_of_type (clinic, "Condition", problem)
  {
    staged += fhir_resource_path (problem, "stage") != NULL;
  }
  foreach_of_type (clinic, "Patient", patient)
  {
    guint active = 0;

    foreach_in (clinic_of_patient (clinic, patient), "MedicationRequest", request)
    {
      active += strcmp (fhir_resource_path_text (request, "status"), "active") == 0;
    }
    most = MAX (most, active);
  }
  g_assert_cmpuint (staged, >=, 5);
  g_assert_cmpuint (most, >=, 7);
}

static gboolean
is_open (FhirResource *task)
{
  return strcmp (fhir_resource_path_text (task, "status"), "requested") == 0;
}

static void
test_inbox_from_trivial_to_alarming (Clinic *clinic, gconstpointer data)
{
  static const char *const priorities[] = { "routine", "urgent", "asap", "stat" };
  guint messages[G_N_ELEMENTS (priorities)] = { 0 }, answered = 0, refills = 0, results = 0;
  guint critical_tasks = 0, critical = 0;

  foreach_of_type (clinic, "Task", task)
  {
    const char *code = clinic_code_of (task, "code");
    const char *about = fhir_resource_path_text (task, "focus.reference");

    if (strcmp (code, "message") == 0)
      {
        g_assert_true (g_str_has_prefix (about, "Communication/"));
        answered += !is_open (task);
        for (gsize i = 0; i < G_N_ELEMENTS (priorities); i++)
          messages[i] += is_open (task) &&
                         strcmp (fhir_resource_path_text (task, "priority"), priorities[i]) == 0;
      }
    refills += strcmp (code, "refill-request") == 0;
    results += strcmp (code, "review-result") == 0;
    critical_tasks += strcmp (code, "critical-result") == 0;
    g_assert_nonnull (fhir_resource_path_text (task, "for.reference"));
  }
  foreach_of_type (clinic, "Observation", observation)
  {
    critical += g_strcmp0 (clinic_code_of (observation, "interpretation.0"), "HH") == 0;
  }
  g_assert_cmpuint (messages[0], >=, 5);
  g_assert_cmpuint (messages[1], >=, 1);
  g_assert_cmpuint (messages[2], >=, 2);
  g_assert_cmpuint (messages[3], ==, 1);
  g_assert_cmpuint (answered, >=, 2);
  g_assert_cmpuint (refills, >=, 3);
  g_assert_cmpuint (results, >=, 5);
  g_assert_cmpuint (critical_tasks, ==, 1);
  g_assert_cmpuint (critical, ==, 1);
}

/* Yesterday's prescription came back with a reason, which the clinic's own task repeats. */
static void
test_one_prescription_failed (Clinic *clinic, gconstpointer data)
{
  guint refused = 0, told = 0, dispensed = 0;
  const char *reason = NULL, *request = NULL;

  foreach_of_type (clinic, "Task", task)
  {
    const char *status = fhir_resource_path_text (task, "status");

    if (strcmp (clinic_code_of (task, "code"), "dispense") != 0)
      continue;
    g_assert_cmpstr (clinic_code_of (clinic_follow (clinic, task, "owner.reference"), "type.0"), ==,
                     "pharmacy");
    dispensed += strcmp (status, "completed") == 0;
    if (strcmp (status, "rejected") != 0)
      continue;
    gint64 age = clinic->now_us - clinic_time (fhir_resource_path_text (task, "lastModified"));

    refused++;
    reason = fhir_resource_path_text (task, "statusReason.text");
    request = fhir_resource_path_text (task, "focus.reference");
    g_assert_nonnull (reason);
    g_assert_cmpint (age, >, 0);
    g_assert_cmpint (age, <, 48 * G_TIME_SPAN_HOUR);
    g_assert_cmpstr (fhir_resource_path_text (clinic_follow (clinic, task, "focus.reference"),
                                              "status"),
                     ==, "active");
  }
  g_assert_cmpuint (refused, ==, 1);
  foreach_of_type (clinic, "Task", task)
  {
    told += strcmp (clinic_code_of (task, "code"), "prescription-refused") == 0 && is_open (task) &&
            g_strcmp0 (fhir_resource_path_text (task, "focus.reference"), request) == 0 &&
            strstr (fhir_resource_path_text (task, "description"), reason) != NULL;
  }
  g_assert_cmpuint (told, ==, 1);
  g_assert_cmpuint (dispensed, >=, 15);
}

static void
test_pharmacies_say_when_they_are_open (Clinic *clinic, gconstpointer data)
{
  guint pharmacies = 0, deliver = 0, open = 0;

  foreach_of_type (clinic, "Organization", organization)
  {
    if (g_strcmp0 (clinic_code_of (organization, "type.0"), "pharmacy") != 0)
      continue;
    pharmacies++;
    deliver += fhir_element_is_true (fhir_resource_path (organization, "extension.0.valueBoolean"));
  }
  foreach_of_type (clinic, "HealthcareService", service)
  {
    g_assert_nonnull (clinic_follow (clinic, service, "providedBy.reference"));
    g_assert_cmpstr (fhir_resource_path_text (service, "availableTime.0.daysOfWeek.0"), ==, "mon");
    g_assert_cmpstr (fhir_resource_path_text (service, "availableTime.0.availableStartTime"), <,
                     fhir_resource_path_text (service, "availableTime.0.availableEndTime"));
    open++;
  }
  g_assert_cmpuint (pharmacies, ==, 3);
  g_assert_cmpuint (open, ==, 3);
  g_assert_cmpuint (deliver, ==, 2);
}

typedef struct
{
  guint booked, done, missed, all;
} Day;

static void
count_appointment (Clinic *clinic, FhirResource *appointment, GHashTable *days)
{
  const char *doctor = fhir_resource_path_text (appointment, "participant.1.actor.reference");
  const char *status = fhir_resource_path_text (appointment, "status");
  Day *day = g_hash_table_lookup (days, doctor);

  if (day == NULL)
    {
      day = g_new0 (Day, 1);
      g_hash_table_insert (days, (gpointer) doctor, day);
    }
  g_assert_true (g_str_has_prefix (fhir_resource_path_text (appointment, "start"), clinic->today));
  day->all++;
  day->booked += strcmp (status, "booked") == 0;
  day->done += strcmp (status, "fulfilled") == 0;
  day->missed += strcmp (status, "noshow") == 0;
}

static void
test_day_in_progress (Clinic *clinic, gconstpointer data)
{
  g_autoptr (GHashTable) days = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  GHashTableIter iter;
  gpointer value;
  guint waiting = 0, all = 0;

  foreach_of_type (clinic, "Appointment", appointment)
  {
    count_appointment (clinic, appointment, days);
    all++;
  }
  foreach_of_type (clinic, "Encounter", encounter)
  {
    waiting += strcmp (fhir_resource_path_text (encounter, "status"), "arrived") == 0;
  }
  g_assert_cmpuint (g_hash_table_size (days), ==, 2);
  g_hash_table_iter_init (&iter, days);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Day *day = value;

      g_assert_cmpuint (day->booked, >=, 2);
      g_assert_cmpuint (day->done, >=, 2);
      g_assert_cmpuint (day->all, <=, 12); /* on one screen */
    }
  g_assert_cmpuint (all, >=, 18);
  g_assert_cmpuint (waiting, ==, 1);
}

/* A child and somebody who forgets: the banner has whom to ask. */
static void
test_somebody_speaks (Clinic *clinic, gconstpointer data)
{
  static const char *const codes[] = { "PRN", "CHILD", "SPS", "SIB", "FRND", NULL };
  guint n = 0;

  foreach_of_type (clinic, "RelatedPerson", person)
  {
    g_assert_cmpstr (fhir_resource_path_text (person, "active"), ==, "true");
    g_assert_true (g_strv_contains (codes, clinic_code_of (person, "relationship.0")));
    g_assert_nonnull (fhir_resource_path_text (person, "telecom.0.value"));
    g_assert_true (strcmp (fhir_resource_path_text (person, "period.start"), clinic->today) < 0);
    n++;
  }
  g_assert_cmpuint (n, >=, 2);
}

static void
test_same_seed_gives_same_bytes (void)
{
  const char *const seeds[] = { "one", "one", "two" };
  g_autoptr (GDateTime) now = g_date_time_new_from_iso8601 ("2026-11-22T09:31:00Z", NULL);
  GPtrArray *made[3];

  for (int i = 0; i < 3; i++)
    {
      g_autoptr (BaseClock) clock = base_clock_new_at (now);

      made[i] = hub_demo_resources (clock, seeds[i], NULL);
      g_assert_cmpuint (made[i]->len, ==, made[0]->len);
    }
  for (guint i = 0; i < made[0]->len; i++)
    {
      g_assert_cmpstr (fhir_resource_get_text (made[0]->pdata[i], NULL), ==,
                       fhir_resource_get_text (made[1]->pdata[i], NULL));
      g_assert_cmpstr (fhir_resource_get_id (made[0]->pdata[i]), !=,
                       fhir_resource_get_id (made[2]->pdata[i]));
    }
  for (int i = 0; i < 3; i++)
    g_ptr_array_unref (made[i]);
}

/* Alerts of safety and others, with who said so; a team that can be called; and pictures that begin
 * and end as a PNG does and are small enough to stand in the record. */
static void
test_what_stands_around (Clinic *clinic, gconstpointer data)
{
  guint safety = 0, interpreters = 0, members = 0, photos = 0;

  foreach_of_type (clinic, "Flag", flag)
  {
    g_assert_nonnull (clinic_follow (clinic, flag, "author.reference"));
    g_assert_nonnull (fhir_resource_path_text (flag, "period.start"));
    safety += g_str_equal (clinic_code_of (flag, "category.0"), "safety");
    interpreters +=
        g_str_has_prefix (fhir_resource_path_text (flag, "code.text"), "Needs an inter");
  }
  foreach_of_type (clinic, "CareTeam", team)
  {
    fhir_element_foreach (member, fhir_resource_path (team, "participant"))
      {
        g_assert_nonnull (fhir_element_path_text (member, "role.0.text"));
        g_assert_true (fhir_element_path_text (member, "member.reference") ||
                       fhir_element_path_text (member, "member.display"));
        members++;
      }
  }
  foreach_of_type (clinic, "Patient", patient)
  {
    const char *picture = fhir_resource_path_text (patient, "photo.0.data");
    gsize length = 0;
    g_autofree guchar *bytes = picture ? g_base64_decode (picture, &length) : NULL;

    if (!picture)
      continue;
    photos++;
    g_assert_cmpuint (length, <, 8 * 1024);
    g_assert_cmpmem (bytes, 8, "\x89PNG\r\n\x1a\n", 8);
    g_assert_cmpmem (bytes + length - 12, 12, "\0\0\0\0IEND\xae\x42\x60\x82", 12);
  }
  g_assert_cmpuint (safety, >=, 3);
  g_assert_cmpuint (interpreters, ==, 5);
  g_assert_cmpuint (members, >=, 6);
  g_assert_cmpuint (photos, ==, 5);
}

int
main (int argc, char **argv)
{
  const struct
  {
    const char *name;
    void (*test) (Clinic *, gconstpointer);
  } tests[] = {
    { "references-resolve", test_references },
    { "names-are-names", test_names },
    { "patients-of-all-ages", test_patients_of_all_ages },
    { "medicine-has-its-reason", test_medicines },
    { "sources-disagree", test_reported },
    { "no-medicine-meets-its-allergy", test_allergies },
    { "trends-bend-after-treatment", test_trends_bend_after_treatment },
    { "stopped-medicines", test_stopped_medicines },
    { "renally-cleared-doses-fit", test_kidneys },
    { "immunizations-fit-ages", test_immunizations },
    { "times-fit-lives", test_times },
    { "nothing-after-death", test_deaths },
    { "sexes-fit", test_sexes },
    { "every-note-is-its-own", test_notes },
    { "weights-and-heights-fit-ages", test_growth },
    { "sensor-gaps-are-stated", test_sensors },
    { "no-pane-is-empty", test_no_pane_is_empty },
    { "illnesses-that-people-look-for", test_illnesses_that_people_look_for },
    { "inbox-from-trivial-to-alarming", test_inbox_from_trivial_to_alarming },
    { "one-prescription-failed", test_one_prescription_failed },
    { "pharmacies-say-when-they-are-open", test_pharmacies_say_when_they_are_open },
    { "day-in-progress", test_day_in_progress },
    { "somebody-speaks", test_somebody_speaks },
    { "what-stands-around", test_what_stands_around },
  };
  /* a leap day just after midnight, and the days around a change of the clock */
  const char *const days[] = { "2026-11-22T09:31:00Z", "2028-02-29T00:07:00Z",
                               "2027-03-30T23:50:00+01:00" };

  g_test_init (&argc, &argv, NULL);
  for (gsize day = 0; day < G_N_ELEMENTS (days); day++)
    for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
      {
        g_autofree char *path = g_strdup_printf ("/hub/demo/%s/%zu", tests[i].name, day);

        g_test_add (path, Clinic, days[day], clinic_set_up, tests[i].test, clinic_tear_down);
      }
  g_test_add_func ("/hub/demo/same-seed-gives-same-bytes", test_same_seed_gives_same_bytes);
  return g_test_run ();
}
