/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-summary.h"

#include <glib/gi18n.h>

#include "care-command.h"
#include "care-contact.h"
#include "care-medicines-private.h"
#include "care-prescription-private.h"
#include "care-summary-private.h"
#include "care-write.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "store-resource.h"
#include "store-setting.h"

#include <string.h>

struct _CareSummary
{
  GObject parent_instance;

  char *patient_id, *name, *birth_date, *age, *sex, *identifier, *allergies_line, *deceased, *as_of;
  char *problems_line, *medicines_line, *reconciled_line, *photo, *speakers;
  CareAllergyState allergy_state;
  gboolean has_problems_recorded, withheld;
  GListStore *lists[CARE_N_LISTS];
  GHashTable *trends; /* code -> GArray of CareTrendPoint */
};

G_DEFINE_FINAL_TYPE (CareSummary, care_summary, G_TYPE_OBJECT)

static void
care_summary_finalize (GObject *object)
{
  CareSummary *self = CARE_SUMMARY (object);

  g_free (self->patient_id);
  g_free (self->name);
  g_free (self->birth_date);
  g_free (self->age);
  g_free (self->sex);
  g_free (self->identifier);
  g_free (self->allergies_line);
  g_free (self->problems_line);
  g_free (self->medicines_line);
  g_free (self->reconciled_line);
  g_free (self->deceased);
  g_free (self->as_of);
  g_free (self->photo);
  g_free (self->speakers);
  for (guint i = 0; i < CARE_N_LISTS; i++)
    g_object_unref (self->lists[i]);
  g_hash_table_unref (self->trends);

  G_OBJECT_CLASS (care_summary_parent_class)->finalize (object);
}

static void
care_summary_class_init (CareSummaryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = care_summary_finalize;
}

static void
care_summary_init (CareSummary *self)
{
  for (guint i = 0; i < CARE_N_LISTS; i++)
    self->lists[i] = g_list_store_new (CARE_TYPE_ROW);
  self->trends =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
}

/* A number of ten digits is read in groups of 3, 3 and 4 (NHS Common User Interface). */
static char *
format_identifier (const char *value)
{
  gsize length = strlen (value);

  if (length == 10 && strspn (value, "0123456789") == length)
    return g_strdup_printf ("%.3s %.3s %s", value, value + 3, value + 6);
  return g_strdup (value);
}

static int
rank_identifier (const FhirElement *identifier)
{
  const char *system = fhir_element_path_text (identifier, "system");
  const char *use = fhir_element_path_text (identifier, "use");
  const char *code = fhir_element_path_text (identifier, "type.coding.0.code");

  if (!fhir_element_path_text (identifier, "value") || g_strcmp0 (use, "old") == 0)
    return 0;
  if (g_strcmp0 (system, "https://fhir.nhs.uk/Id/nhs-number") == 0)
    return 4;
  if (g_strcmp0 (code, "MR") == 0)
    return 3;
  return g_strcmp0 (use, "official") == 0 ? 2 : 1;
}

static char *
patient_identifier (FhirResource *patient)
{
  const FhirElement *best = NULL;
  const FhirElement *identifiers = fhir_resource_path (patient, "identifier");

  fhir_element_foreach (item, identifiers)
    if (rank_identifier (item) > rank_identifier (best))
      best = item;
  return best ? format_identifier (fhir_element_path_text (best, "value"))
              : g_strdup (_ ("Not known"));
}

static char *
patient_sex (FhirResource *patient)
{
  static const char *const words[][2] = { { "female", N_ ("Female") },
                                          { "male", N_ ("Male") },
                                          { "other", NC_ ("sex", "Other") } };
  const char *gender = fhir_resource_path_text (patient, "gender");

  for (gsize i = 0; gender && i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (gender, words[i][0]))
      return g_strdup (i == 2 ? C_ ("sex", "Other") : _ (words[i][1]));
  return g_strdup (_ ("Not known"));
}

static char *
patient_deceased (CareChart *chart, FhirResource *patient, const char *birth_date)
{
  const char *date = fhir_resource_path_text (patient, "deceasedDateTime");
  g_autofree char *shown = date ? fhir_date_format (date, chart->zone) : NULL;
  g_autofree char *age = date && birth_date ? fhir_date_format_age (birth_date, date) : NULL;

  if (date)
    return age ? g_strdup_printf (_ ("Died %s, aged %s"), shown, age)
               : g_strdup_printf (_ ("Died %s"), shown);
  return fhir_element_is_true (fhir_resource_path (patient, "deceasedBoolean"))
             ? g_strdup (_ ("Died, date not known"))
             : NULL;
}

/* When the last complete pull of this patient began (hazard H6). Sync writes it in the settings. */
static char *
format_as_of (CareChart *chart)
{
  g_autofree char *name = g_strconcat ("sync.as-of/", chart->patient_id, NULL);
  g_autofree char *own = store_setting_get (chart->connection, name);
  g_autofree char *whole = store_setting_get (chart->connection, "sync.as-of");
  gint64 pulled = MAX (own ? g_ascii_strtoll (own, NULL, 10) : 0,
                       whole ? g_ascii_strtoll (whole, NULL, 10) : 0);
  gint64 minutes = (base_clock_now (chart->clock) - pulled) / (60 * G_USEC_PER_SEC);
  g_autoptr (GDateTime) utc = NULL, local = NULL;
  g_autofree char *time = NULL, *day = NULL;

  if (pulled == 0)
    return g_strdup (_ ("this machine only"));
  utc = g_date_time_new_from_unix_utc_usec (pulled);
  local = g_date_time_to_timezone (utc, chart->zone);
  time = g_date_time_format (local, "%H:%M");
  day = g_date_time_format (local, "%Y-%m-%d");
  if (!g_str_equal (day, chart->today))
    {
      g_autofree char *shown = fhir_date_format (day, NULL);

      return g_strdup_printf ("%s %s", shown, time);
    }
  if (minutes <= 15)
    return g_steal_pointer (&time);
  return minutes < 120 ? g_strdup_printf (_ ("%s (%d min ago)"), time, (int) minutes)
                       : g_strdup_printf (_ ("%s (%d h ago)"), time, (int) (minutes / 60));
}

static void
read_patient (CareSummary *self, CareChart *chart, FhirResource *patient)
{
  const char *birth_date = fhir_resource_path_text (patient, "birthDate");

  self->patient_id = g_strdup (chart->patient_id);
  self->name = fhir_human_name_format (fhir_resource_path (patient, "name"));
  self->birth_date = birth_date ? fhir_date_format (birth_date, NULL) : g_strdup (_ ("Not known"));
  self->age = birth_date ? fhir_date_format_age (birth_date, chart->today) : NULL;
  self->sex = patient_sex (patient);
  self->identifier = patient_identifier (patient);
  self->deceased = patient_deceased (chart, patient, birth_date);
  self->as_of = format_as_of (chart);
  self->withheld = care_chart_is_opaque (patient);
  if (fhir_element_get_length (fhir_resource_path (patient, "photo")) > 0)
    self->photo = g_strdup (fhir_resource_get_version (patient));
}

static int
compare_newest (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 x = care_row_get_sort ((CareRow *) a), y = care_row_get_sort ((CareRow *) b);

  return (x < y) - (x > y);
}

/* What was entered in error is left out, what carries an unknown modifier is named but not shown.
 */
static void
add_rows (CareSummary *self,
          CareChart *chart,
          CareList which,
          GPtrArray *resources,
          CareChartMakeRow make)
{
  for (guint i = 0; i < resources->len; i++)
    {
      FhirResource *resource = resources->pdata[i];
      g_autoptr (CareRow) row = NULL;

      if (care_chart_is_error (resource))
        continue;
      row = care_chart_is_opaque (resource) ? care_chart_opaque_row (chart, resource, NULL)
                                            : make (chart, resource);
      if (row)
        g_list_store_append (self->lists[which], row);
    }
  g_list_store_sort (self->lists[which], compare_newest, NULL);
}

static gboolean
read_rows (CareSummary *self,
           CareChart *chart,
           CareList which,
           const char *type,
           CareChartMakeRow make,
           GError **error)
{
  g_autoptr (GPtrArray) resources =
      store_resource_list (chart->connection, chart->patient_id, type, error);

  if (resources)
    add_rows (self, chart, which, resources, make);
  return resources != NULL;
}

/* Medicines are what is taken, prescriptions what was signed here: the same resources, twice. */
static gboolean
read_medicines (CareSummary *self, CareChart *chart, GError **error)
{
  g_autoptr (GPtrArray) requests =
      store_resource_list (chart->connection, chart->patient_id, "MedicationRequest", error);
  g_autoptr (GPtrArray) statements =
      requests
          ? store_resource_list (chart->connection, chart->patient_id, "MedicationStatement", error)
          : NULL;
  g_auto (CareMedicinesNote) note = { 0 };

  if (!statements || !care_medicines_note_read (&note, chart, requests, statements, error))
    return FALSE;
  add_rows (self, chart, CARE_LIST_MEDICINES, statements, care_chart_medication);
  add_rows (self, chart, CARE_LIST_MEDICINES, requests, care_chart_medication);
  add_rows (self, chart, CARE_LIST_PRESCRIPTIONS, requests, care_chart_prescription);
  self->medicines_line = g_steal_pointer (&note.absence);
  self->reconciled_line = g_steal_pointer (&note.reconciled);
  return TRUE;
}

static char *
allergy_words (FhirResource *allergy, CareRow *row)
{
  g_autofree char *reaction = care_chart_allergy_reaction (allergy);
  const char *date = fhir_resource_path_text (allergy, "onsetDateTime");
  g_autofree char *year = date && strlen (date) >= 4 ? g_strndup (date, 4) : NULL;

  return g_strdup_printf ("%s%s%s%s%s%s", care_row_get_title (row), reaction ? " — " : "",
                          reaction ? reaction : "", year ? " (" : "", year ? year : "",
                          year ? ")" : "");
}

/* Three states that never look the same: listed, none known, not recorded. */
static gboolean
read_allergies (CareSummary *self, CareChart *chart, GError **error)
{
  g_autoptr (GPtrArray) allergies =
      store_resource_list (chart->connection, chart->patient_id, "AllergyIntolerance", error);
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *none_known = NULL;

  if (!allergies)
    return FALSE;
  add_rows (self, chart, CARE_LIST_ALLERGIES, allergies, care_chart_allergy);
  for (guint i = 0; i < allergies->len; i++)
    {
      FhirResource *allergy = allergies->pdata[i];
      const char *recorded = fhir_resource_path_text (allergy, "recordedDate");
      g_autoptr (CareRow) row = NULL;
      g_autofree char *words = NULL;

      if (care_chart_is_error (allergy) || !care_chart_allergy_is_active (allergy))
        continue;
      if (care_chart_allergy_is_none_known (allergy))
        {
          g_set_str (&none_known, recorded ? recorded : "");
          continue;
        }
      row = care_chart_is_opaque (allergy) ? care_chart_opaque_row (chart, allergy, NULL)
                                           : care_chart_allergy (chart, allergy);
      words = row ? allergy_words (allergy, row) : NULL;
      if (words)
        g_string_append_printf (line, "%s%s", line->len ? ", " : "", words);
    }
  if (line->len > 0)
    {
      self->allergy_state = CARE_ALLERGIES_LISTED;
      self->allergies_line = g_string_free_and_steal (g_steal_pointer (&line));
    }
  else if (none_known)
    {
      g_autofree char *date = *none_known ? fhir_date_format (none_known, chart->zone) : NULL;

      self->allergy_state = CARE_ALLERGIES_NONE_KNOWN;
      self->allergies_line = date ? g_strdup_printf (_ ("No known allergies (recorded %s)"), date)
                                  : g_strdup (_ ("No known allergies (date not recorded)"));
    }
  else
    self->allergies_line = g_strdup (_ ("Allergies not recorded"));
  return TRUE;
}

/* The same for problems: what an empty list means is said. */
static gboolean
read_problems (CareSummary *self, CareChart *chart, GError **error)
{
  GListModel *problems = G_LIST_MODEL (self->lists[CARE_LIST_PROBLEMS]);
  g_autoptr (CareRow) none = NULL;
  gboolean listed = FALSE;

  if (!read_rows (self, chart, CARE_LIST_PROBLEMS, "Condition", care_chart_problem, error))
    return FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (problems); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (problems, i);
      const char *group = care_row_get_text (row, CARE_ROW_GROUP);

      if (g_strcmp0 (group, CARE_GROUP_NONE_KNOWN) == 0 && !none)
        none = g_steal_pointer (&row);
      else
        listed |= g_strcmp0 (group, "Active") == 0 || g_strcmp0 (group, "Not shown") == 0;
    }
  self->has_problems_recorded = g_list_model_get_n_items (problems) > 0;
  if (listed)
    return TRUE;
  if (none && care_row_get_text (none, CARE_ROW_DATE))
    self->problems_line = g_strdup_printf (_ ("No known problems (recorded %s)"),
                                           care_row_get_text (none, CARE_ROW_DATE));
  else if (none)
    self->problems_line = g_strdup (_ ("No known problems (date not recorded)"));
  else
    self->problems_line = g_strdup (self->has_problems_recorded ? _ ("No active problems recorded")
                                                                : _ ("Problems not recorded"));
  return TRUE;
}

static gboolean
read_all_rows (CareSummary *self, CareChart *chart, FhirResource *patient, GError **error)
{
  g_autoptr (GPtrArray) observations = NULL;

  if (!care_chart_read_around (chart, patient, self->lists, error) ||
      !read_allergies (self, chart, error) || !read_problems (self, chart, error) ||
      !read_medicines (self, chart, error) ||
      !read_rows (self, chart, CARE_LIST_IMMUNIZATIONS, "Immunization", care_chart_immunization,
                  error) ||
      !read_rows (self, chart, CARE_LIST_VISITS, "Encounter", care_chart_visit, error) ||
      !read_rows (self, chart, CARE_LIST_DOCUMENTS, "DocumentReference", care_chart_document,
                  error) ||
      !read_rows (self, chart, CARE_LIST_DOCUMENTS, "DiagnosticReport", care_chart_document, error))
    return FALSE;
  observations = store_resource_list (chart->connection, chart->patient_id, "Observation", error);
  if (!observations)
    return FALSE;
  care_chart_observations (chart, observations, self->lists[CARE_LIST_VITALS],
                           self->lists[CARE_LIST_RESULTS], self->trends);
  return TRUE;
}

/**
 * care_summary_load:
 * @connection: on its own thread
 * @patient_id: whose chart
 * @clock: for ages and for the clinic's time zone
 *
 * Returns: (transfer full) (nullable): the chart as it is now; NULL with STORE_ERROR_NOT_FOUND
 * where there is no such patient
 */
CareSummary *
care_summary_load (StoreConnection *connection,
                   const char *patient_id,
                   BaseClock *clock,
                   GError **error)
{
  g_autoptr (CareSummary) self = NULL;
  g_autoptr (FhirResource) patient = care_read (connection, "Patient", patient_id, error);
  g_autoptr (GDateTime) now = base_clock_dup_now (clock);
  g_autofree char *today = base_clock_dup_today (clock);
  g_autoptr (GPtrArray) journal = patient ? care_journal_open (connection, error) : NULL;
  g_autoptr (GHashTable) asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) reviews =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  CareChart chart = { .connection = connection,
                      .clock = clock,
                      .zone = g_date_time_get_timezone (now),
                      .patient_id = patient_id,
                      .today = today,
                      .journal = journal,
                      .asked = asked,
                      .reviews = reviews };

  if (!journal)
    return NULL;
  chart.birth_date = fhir_resource_path_text (patient, "birthDate");
  self = g_object_new (CARE_TYPE_SUMMARY, NULL);
  read_patient (self, &chart, patient);
  self->speakers = care_contact_dup_speakers (connection, patient_id, today, error);
  if (!self->speakers || !read_all_rows (self, &chart, patient, error))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean
load_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = g_object_unref;
  command->result = care_summary_load (connection, command->texts[0], command->clock, error);
  return command->result != NULL;
}

void
care_summary_load_async (StoreDatabase *store,
                         const char *patient_id,
                         BaseClock *clock,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  care_command_read (care_command_new_read (clock, load_work, patient_id), store,
                     care_summary_load_async, cancellable, callback, user_data);
}

CareSummary *
care_summary_load_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

const char *
care_summary_get_patient_id (CareSummary *self)
{
  return self->patient_id;
}

const char *
care_summary_get_name (CareSummary *self)
{
  return self->name;
}

const char *
care_summary_get_birth_date (CareSummary *self)
{
  return self->birth_date;
}

const char *
care_summary_get_age (CareSummary *self)
{
  return self->age;
}

const char *
care_summary_get_sex (CareSummary *self)
{
  return self->sex;
}

const char *
care_summary_get_identifier (CareSummary *self)
{
  return self->identifier;
}

const char *
care_summary_get_allergies_line (CareSummary *self)
{
  return self->allergies_line;
}

CareAllergyState
care_summary_get_allergy_state (CareSummary *self)
{
  return self->allergy_state;
}

/**
 * care_summary_get_problems_line:
 *
 * Returns: (nullable): what it means that no problem is active: none known, only past ones, or
 *   nothing recorded; NULL where one is
 */
const char *
care_summary_get_problems_line (CareSummary *self)
{
  return self->problems_line;
}

/**
 * care_summary_has_problems_recorded:
 *
 * Returns: FALSE where nobody wrote anything of problems, not even that there is none
 */
gboolean
care_summary_has_problems_recorded (CareSummary *self)
{
  return self->has_problems_recorded;
}

/**
 * care_summary_get_medicines_line:
 *
 * Returns: (nullable): what it means that no medicine is current: none known, only past ones, or
 *   not recorded
 */
const char *
care_summary_get_medicines_line (CareSummary *self)
{
  return self->medicines_line;
}

/* When and by whom the medicines were last gone through, or that they never were. */
const char *
care_summary_get_reconciled_line (CareSummary *self)
{
  return self->reconciled_line;
}

const char *
care_summary_get_deceased (CareSummary *self)
{
  return self->deceased;
}

/**
 * care_summary_is_withheld:
 *
 * Returns: TRUE where what is said of the person themselves, name, birth date, sex, death, carries
 * a modifier that may change its meaning
 */
gboolean
care_summary_is_withheld (CareSummary *self)
{
  return self->withheld;
}

const char *
care_summary_get_as_of (CareSummary *self)
{
  return self->as_of;
}

/**
 * care_summary_get_photo:
 *
 * Returns: (nullable): NULL where the record has no picture of the patient; else another text for
 *   another picture: see care_photo_load_async ()
 */
const char *
care_summary_get_photo (CareSummary *self)
{
  return self->photo;
}

/* (nullable): who speaks for the patient; NULL: nobody does. */
const char *
care_summary_get_speakers (CareSummary *self)
{
  return *self->speakers ? self->speakers : NULL;
}

/**
 * care_summary_get_list:
 *
 * Returns: (transfer none): a list of CareRow, newest first where CareList says nothing else
 */
GListModel *
care_summary_get_list (CareSummary *self, CareList which)
{
  return G_LIST_MODEL (self->lists[which]);
}

/**
 * care_summary_get_trend:
 * @code: LOINC code
 *
 * Returns: (transfer full) (element-type CareTrendPoint): its readings, oldest first; empty when
 *   there is none
 */
GArray *
care_summary_get_trend (CareSummary *self, const char *code)
{
  GArray *points = code ? g_hash_table_lookup (self->trends, code) : NULL;

  return points ? g_array_ref (points) : g_array_new (FALSE, TRUE, sizeof (CareTrendPoint));
}
