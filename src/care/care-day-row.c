/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-day-private.h"

#include <glib/gi18n.h>

#include "care-device-words.h"
#include "care-extension.h"
#include "care-link.h"
#include "care-summary.h"
#include "care-survey-words.h"
#include "care-visit.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "fhir-reference.h"
#include "store-resource.h"
#include "store-search.h"

/* One line of a day: a booking, who comes, and the visit it became. */

typedef enum
{
  PROP_APPOINTMENT = 1,
  PROP_ENCOUNTER,
  PROP_PATIENT_ID,
  PROP_NAME,
  PROP_BIRTH_DATE,
  PROP_TIME,
  PROP_REASON,
  PROP_STATUS,
  PROP_DEVICE_TEST,
  PROP_DEVICE_TEST_LEVEL,
  PROP_LOCATION,
  PROP_CALLBACK_NUMBER,
  PROP_IDENTITY,
  PROP_CLINICIAN,
  PROP_INTAKE,
  PROP_INTAKE_BY,
  PROP_LANGUAGE,
  PROP_LINK,
  PROP_LINK_LEVEL,
  PROP_WAITING_SINCE,
  PROP_SORT,
} CareDayRowProperty;
#define N_TEXTS (PROP_LINK_LEVEL + 1)

struct _CareDayRow
{
  GObject parent_instance;
  char *texts[N_TEXTS];
  char **practitioners; /* "Practitioner/1" */
  gint64 waiting_since, sort, began, told;
  gboolean ready, withheld;
  CareWaitState wait;
  int minutes;
};

G_DEFINE_FINAL_TYPE (CareDayRow, care_day_row, G_TYPE_OBJECT)

static GParamSpec *properties[PROP_SORT + 1];

static void
care_day_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CareDayRow *self = CARE_DAY_ROW (object);

  if (id == PROP_WAITING_SINCE)
    g_value_set_int64 (value, self->waiting_since);
  else if (id == PROP_SORT)
    g_value_set_int64 (value, self->sort);
  else
    g_value_set_string (value, self->texts[id]);
}

static void
care_day_row_finalize (GObject *object)
{
  CareDayRow *self = CARE_DAY_ROW (object);

  for (guint i = 1; i < N_TEXTS; i++)
    g_free (self->texts[i]);
  g_strfreev (self->practitioners);

  G_OBJECT_CLASS (care_day_row_parent_class)->finalize (object);
}

static void
care_day_row_class_init (CareDayRowClass *klass)
{
  static const char *const names[] = { NULL,
                                       "appointment",
                                       "encounter",
                                       "patient-id",
                                       "name",
                                       "birth-date",
                                       "time",
                                       "reason",
                                       "status",
                                       "device-test",
                                       "device-test-level",
                                       "location",
                                       "callback-number",
                                       "identity",
                                       "clinician",
                                       "intake",
                                       "intake-by",
                                       "language",
                                       "link",
                                       "link-level" };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == N_TEXTS);
  object_class->get_property = care_day_row_get_property;
  object_class->finalize = care_day_row_finalize;
  for (guint i = 1; i < N_TEXTS; i++)
    properties[i] = g_param_spec_string (names[i], NULL, NULL, NULL, flags);
  properties[PROP_WAITING_SINCE] =
      g_param_spec_int64 ("waiting-since", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_SORT] = g_param_spec_int64 ("sort", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
care_day_row_init (CareDayRow *self)
{
}

static void
take (CareDayRow *self, CareDayRowProperty property, char *text)
{
  g_free (self->texts[property]);
  self->texts[property] = text;
}

static void
read_patient (CareDayRow *self, StoreConnection *connection, const char *id)
{
  g_autoptr (FhirResource) patient = store_resource_get (connection, "Patient", id, NULL);
  const char *birth_date = patient ? fhir_resource_path_text (patient, "birthDate") : NULL;

  take (self, PROP_PATIENT_ID, g_strdup (id));
  take (self, PROP_NAME,
        patient ? fhir_human_name_format (fhir_resource_path (patient, "name"))
                : g_strdup (_ ("Patient not on this machine")));
  take (self, PROP_BIRTH_DATE, birth_date ? fhir_date_format (birth_date, NULL) : NULL);
}

/* (transfer full) (nullable): the id of who takes part as a @wanted. */
static char *
dup_participant (FhirResource *appointment, const char *wanted)
{
  const FhirElement *participants = fhir_resource_path (appointment, "participant");

  fhir_element_foreach (item, participants)
    {
      const char *reference = fhir_element_path_text (item, "actor.reference");
      g_autofree char *type = NULL, *id = NULL;

      if (reference && fhir_reference_split (reference, &type, &id) && g_str_equal (type, wanted))
        return g_steal_pointer (&id);
    }
  return NULL;
}

static char **
list_practitioners (FhirResource *appointment)
{
  const FhirElement *participants = fhir_resource_path (appointment, "participant");
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();

  fhir_element_foreach (item, participants)
    {
      const char *reference = fhir_element_path_text (item, "actor.reference");
      g_autofree char *type = NULL, *id = NULL;

      if (reference && fhir_reference_split (reference, &type, &id) &&
          g_str_equal (type, "Practitioner"))
        g_strv_builder_take (all, g_strconcat (type, "/", id, NULL));
    }
  return g_strv_builder_end (all);
}

static void
read_participants (CareDayRow *self, StoreConnection *connection, FhirResource *appointment)
{
  g_autofree char *patient = dup_participant (appointment, "Patient");
  g_autofree char *practitioner = dup_participant (appointment, "Practitioner");
  g_autoptr (FhirResource) clinician =
      practitioner ? store_resource_get (connection, "Practitioner", practitioner, NULL) : NULL;

  self->practitioners = list_practitioners (appointment);
  if (patient)
    read_patient (self, connection, patient);
  else
    take (self, PROP_NAME, g_strdup (_ ("No patient named")));
  if (clinician)
    take (self, PROP_CLINICIAN, fhir_human_name_format (fhir_resource_path (clinician, "name")));
}

/* The worst of the four parts decides. */
static const char *
device_level (const FhirElement *test)
{
  static const char *const parts[] = { "camera", "microphone", "speaker", "network" };
  const char *video = fhir_element_path_text (care_extension_in (test, "video"), "valueCode");
  gboolean amber = g_strcmp0 (video, "refused") == 0, unknown = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      const char *code = fhir_element_path_text (care_extension_in (test, parts[i]), "valueCode");

      if (g_strcmp0 (code, "failed") == 0)
        return "failed";
      amber |= g_strcmp0 (code, "amber") == 0;
      unknown |= g_strcmp0 (code, "ok") != 0 && g_strcmp0 (code, "amber") != 0;
    }
  return amber ? "amber" : unknown ? "unknown" : "ok";
}

static const char *
status_of (FhirResource *appointment, FhirResource *encounter)
{
  const char *status = fhir_resource_path_text (appointment, "status");

  if (encounter)
    switch (care_visit_state_of (encounter))
      {
      case CARE_VISIT_SCHEDULED:
        break;
      case CARE_VISIT_WAITING:
      case CARE_VISIT_ON_HOLD:
        return "waiting";
      case CARE_VISIT_IN_PROGRESS:
        return "in-visit";
      case CARE_VISIT_INTERRUPTED:
        return "interrupted";
      case CARE_VISIT_ENDED:
        return "done";
      }
  if (g_strcmp0 (status, "noshow") == 0 || g_strcmp0 (status, "cancelled") == 0)
    return "missed";
  return g_strcmp0 (status, "fulfilled") == 0 ? "done" : "booked";
}

/* On the Encounter, or before there is one on the Appointment. */
static void
read_device_test (CareDayRow *self, FhirResource *resource)
{
  const FhirElement *test = care_extension (resource, "visit-device-test");

  if (!test)
    return;
  take (self, PROP_DEVICE_TEST, care_device_words (test));
  take (self, PROP_DEVICE_TEST_LEVEL, g_strdup (device_level (test)));
  take (self, PROP_LANGUAGE,
        g_strdup (
            fhir_element_path_text (care_extension (resource, "visit-language"), "valueCode")));
}

/* A visit that is over needs no device test any more: what the patient says of it stands there. */
static void
read_survey (CareDayRow *self, StoreConnection *connection)
{
  const char *level;
  char *words = care_survey_load_words (connection, self->texts[PROP_ENCOUNTER], &level);

  if (!words)
    return;
  take (self, PROP_DEVICE_TEST, words);
  take (self, PROP_DEVICE_TEST_LEVEL, g_strdup (level));
}

static void
read_visit (CareDayRow *self, FhirResource *encounter)
{
  const char *since =
      fhir_element_path_text (care_extension (encounter, "visit-waiting-since"), "valueInstant");

  take (self, PROP_ENCOUNTER, g_strdup (fhir_resource_get_id (encounter)));
  read_device_test (self, encounter);
  take (self, PROP_LOCATION,
        g_strdup (fhir_element_path_text (care_extension (encounter, "visit-stated-location"),
                                          "valueString")));
  take (self, PROP_CALLBACK_NUMBER,
        g_strdup (fhir_element_path_text (care_extension (encounter, "visit-callback-number"),
                                          "valueString")));
  take (self, PROP_IDENTITY,
        g_strdup (
            fhir_element_path_text (care_extension (encounter, "visit-identity"), "valueCode")));
  take (self, PROP_INTAKE,
        g_strdup (
            fhir_element_path_text (care_extension (encounter, "visit-intake"), "valueString")));
  take (self, PROP_INTAKE_BY,
        g_strdup (
            fhir_element_path_text (care_extension (encounter, "visit-intake-by"), "valueString")));
  if (g_str_equal (self->texts[PROP_STATUS], "waiting") && since)
    {
      FhirDate parsed;
      gint64 high;

      if (fhir_date_parse (since, &parsed))
        fhir_date_bounds (&parsed, &self->waiting_since, &high);
    }
}

/* Whoever has come needs no link any more. */
static void
read_link (CareDayRow *self, StoreConnection *connection)
{
  const char *level = "unknown";

  if (g_strcmp0 (self->texts[PROP_STATUS], "booked") == 0 && self->texts[PROP_PATIENT_ID])
    take (self, PROP_LINK,
          care_link_load_words (connection, self->texts[PROP_PATIENT_ID],
                                self->texts[PROP_APPOINTMENT], &level));
  take (self, PROP_LINK_LEVEL, g_strdup (level));
}

/* Among several joins of one appointment the newest visit counts. */
static FhirResource *
find_visit (StoreConnection *connection, const char *appointment)
{
  g_autofree char *query =
      g_strdup_printf ("appointment=Appointment/%s&_sort=-date&_count=1", appointment);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Encounter", query, NULL);

  return ids && ids->len > 0 ? store_resource_get (connection, "Encounter", ids->pdata[0], NULL)
                             : NULL;
}

/* With its day where that is not the day of the list. */
static char *
time_on (gint64 instant, const char *date, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (instant);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, zone);
  g_autofree char *day = g_date_time_format (local, "%Y-%m-%d");
  g_autofree char *shown = fhir_date_format (day, NULL);
  g_autofree char *time = g_date_time_format (local, "%H:%M");

  return g_str_equal (day, date) ? g_steal_pointer (&time) : g_strdup_printf ("%s %s", shown, time);
}

/**
 * care_day_row_new:
 * @date: the day of the list
 *
 * Returns: (transfer full): the line of one booking, with the visit it became
 */
CareDayRow *
care_day_row_new (StoreConnection *connection,
                  FhirResource *appointment,
                  const char *date,
                  GTimeZone *zone)
{
  CareDayRow *self = g_object_new (CARE_TYPE_DAY_ROW, NULL);
  g_autoptr (FhirResource) encounter = find_visit (connection, fhir_resource_get_id (appointment));
  const FhirElement *reason = fhir_resource_path (appointment, "reasonCode.0");
  CareWaitVisit wait;

  care_wait_read (appointment, encounter, &wait);
  self->sort = wait.start;
  self->minutes = wait.minutes;
  self->wait = wait.state;
  self->began = wait.began;
  self->told = wait.told;
  self->ready = wait.ready;
  take (self, PROP_APPOINTMENT, g_strdup (fhir_resource_get_id (appointment)));
  take (self, PROP_TIME, time_on (self->sort, date, zone));
  self->withheld = care_chart_is_opaque (appointment);
  take (self, PROP_REASON,
        self->withheld ? g_strdup (_ ("It carries a modifier that may change its meaning. Read it "
                                      "where it was written."))
        : reason       ? fhir_concept_dup_text (reason)
                       : g_strdup (fhir_resource_path_text (appointment, "description")));
  take (self, PROP_STATUS, g_strdup (status_of (appointment, encounter)));
  take (self, PROP_DEVICE_TEST_LEVEL, g_strdup ("unknown"));
  read_participants (self, connection, appointment);
  if (!self->withheld)
    read_device_test (self, appointment);
  if (encounter)
    read_visit (self, encounter);
  if (encounter && g_str_equal (self->texts[PROP_STATUS], "done"))
    read_survey (self, connection);
  read_link (self, connection);
  return self;
}

/* The booking carries a modifier that may change its meaning: what it says is not shown, nor is it
 * changed here. */
gboolean
care_day_row_is_withheld (CareDayRow *self)
{
  g_return_val_if_fail (CARE_IS_DAY_ROW (self), TRUE);

  return self->withheld;
}

/* Where one clinician sees them all, a name on each line says nothing. */
void
care_day_row_forget_clinician (CareDayRow *self)
{
  take (self, PROP_CLINICIAN, NULL);
}

gint64
care_day_row_get_waiting_since (CareDayRow *self)
{
  return self->waiting_since;
}

const char *
care_day_row_get_appointment (CareDayRow *self)
{
  return self->texts[PROP_APPOINTMENT];
}

const char *
care_day_row_get_encounter (CareDayRow *self)
{
  return self->texts[PROP_ENCOUNTER];
}

const char *
care_day_row_get_patient_id (CareDayRow *self)
{
  return self->texts[PROP_PATIENT_ID];
}

const char *
care_day_row_get_name (CareDayRow *self)
{
  return self->texts[PROP_NAME];
}

const char *
care_day_row_get_time (CareDayRow *self)
{
  return self->texts[PROP_TIME];
}

const char *
care_day_row_get_reason (CareDayRow *self)
{
  return self->texts[PROP_REASON];
}

const char *
care_day_row_get_status (CareDayRow *self)
{
  return self->texts[PROP_STATUS];
}

const char *
care_day_row_get_device_test (CareDayRow *self)
{
  return self->texts[PROP_DEVICE_TEST];
}

const char *
care_day_row_get_device_test_level (CareDayRow *self)
{
  return self->texts[PROP_DEVICE_TEST_LEVEL];
}

const char *
care_day_row_get_location (CareDayRow *self)
{
  return self->texts[PROP_LOCATION];
}

const char *
care_day_row_get_callback_number (CareDayRow *self)
{
  return self->texts[PROP_CALLBACK_NUMBER];
}

const char *
care_day_row_get_identity (CareDayRow *self)
{
  return self->texts[PROP_IDENTITY];
}

/* (nullable): what a nurse did before the doctor comes, and (below) who that was */
const char *
care_day_row_get_intake (CareDayRow *self)
{
  g_return_val_if_fail (CARE_IS_DAY_ROW (self), NULL);

  return self->texts[PROP_INTAKE];
}

const char *
care_day_row_get_intake_by (CareDayRow *self)
{
  g_return_val_if_fail (CARE_IS_DAY_ROW (self), NULL);

  return self->texts[PROP_INTAKE_BY];
}

/* (nullable): who sees the patient, where the day has more than one such */
const char *
care_day_row_get_clinician (CareDayRow *self)
{
  g_return_val_if_fail (CARE_IS_DAY_ROW (self), NULL);

  return self->texts[PROP_CLINICIAN];
}

/* (nullable): what became of the messages with its link, and (below) how that looks */
const char *
care_day_row_get_link (CareDayRow *self)
{
  return self->texts[PROP_LINK];
}

const char *
care_day_row_get_link_level (CareDayRow *self)
{
  return self->texts[PROP_LINK_LEVEL];
}

/* (nullable): the tag of the language that the patient's page is read in */
const char *
care_day_row_get_language (CareDayRow *self)
{
  g_return_val_if_fail (CARE_IS_DAY_ROW (self), NULL);

  return self->texts[PROP_LANGUAGE];
}

/* Whether @practitioner ("Practitioner/1") sees the patient. */
gboolean
care_day_row_is_with (CareDayRow *self, const char *practitioner)
{
  g_return_val_if_fail (CARE_IS_DAY_ROW (self), FALSE);

  return self->practitioners && practitioner &&
         g_strv_contains ((const char *const *) self->practitioners, practitioner);
}

/* (nullable): who sees the patient, "Practitioner/1"; of several the first */
const char *
care_day_row_get_practitioner (CareDayRow *self)
{
  g_return_val_if_fail (CARE_IS_DAY_ROW (self), NULL);

  return self->practitioners ? self->practitioners[0] : NULL;
}

/* When the visit is to begin, in µs since 1970; 0 when that is not recorded. */
gint64
care_day_row_get_start (CareDayRow *self)
{
  g_return_val_if_fail (CARE_IS_DAY_ROW (self), 0);

  return self->sort;
}

/* For how long it is booked. */
int
care_day_row_get_minutes (CareDayRow *self)
{
  g_return_val_if_fail (CARE_IS_DAY_ROW (self), 0);

  return self->minutes;
}

/**
 * care_day_row_read_wait:
 * @out: (out): what decides when this and other patients' turns come; borrows from @self
 */
void
care_day_row_read_wait (CareDayRow *self, CareWaitVisit *out)
{
  g_return_if_fail (CARE_IS_DAY_ROW (self));

  *out = (CareWaitVisit) {
    .id = self->texts[PROP_APPOINTMENT],
    .start = self->sort,
    .minutes = self->minutes,
    .state = self->wait,
    .began = self->began,
    .told = self->told,
    .ready = self->ready,
  };
}
