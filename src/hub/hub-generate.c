/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-generate-private.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "store-resource.h"

/* Patients in numbers: made one by one, written a batch at a time while the next batch is made, so
 * that memory does not grow with their number. */

#define BATCH 2048

struct _HubGenerate
{
  GKeyFile *names, *blocks;
  char *seed;
  HubDepth depth;
  GDateTime *now;
  gint64 midnight_ms;
};

static const char *const depth_names[] = { "demographics", "light", "full" };

gboolean
hub_depth_from_name (const char *name, HubDepth *depth)
{
  for (guint i = 0; i < G_N_ELEMENTS (depth_names); i++)
    if (g_strcmp0 (name, depth_names[i]) == 0)
      {
        *depth = (HubDepth) i;
        return TRUE;
      }
  return FALSE;
}

static gint64
midnight_of (GDateTime *now)
{
  g_autoptr (GDateTime) midnight =
      g_date_time_new_utc (g_date_time_get_year (now), g_date_time_get_month (now),
                           g_date_time_get_day_of_month (now), 0, 0, 0);

  return g_date_time_to_unix (midnight) * 1000;
}

/**
 * hub_generate_new:
 * @clock: says what today is
 *
 * Returns: (transfer full) (nullable)
 */
HubGenerate *
hub_generate_new (BaseClock *clock, const char *seed, HubDepth depth, GError **error)
{
  g_autoptr (HubGenerate) self = g_new0 (HubGenerate, 1);

  self->names = hub_demo_load_file ("names.ini", error);
  self->blocks = self->names != NULL ? hub_demo_load_file ("blocks.ini", error) : NULL;
  self->seed = g_strdup (seed);
  self->depth = depth;
  self->now = base_clock_dup_now (clock);
  self->midnight_ms = midnight_of (self->now);
  return self->blocks != NULL ? g_steal_pointer (&self) : NULL;
}

void
hub_generate_free (HubGenerate *self)
{
  g_clear_pointer (&self->names, g_key_file_unref);
  g_clear_pointer (&self->blocks, g_key_file_unref);
  g_free (self->seed);
  g_date_time_unref (self->now);
  g_free (self);
}

/* ---- one patient ---------------------------------------------------------------------------- */

/* The depth demographics: next of kin, and the day of registration. */
static void
add_registration (HubDemo *demo, const char *group, const char *key, HubChance *chance)
{
  g_auto (GStrv) kin = g_key_file_get_string_list (demo->file, group, "contact", NULL, NULL);
  g_autofree char *patient = hub_demo_reference (demo, "Patient", "patient", key);
  g_autofree char *doctor = hub_demo_doctor (demo);
  int day = -hub_chance_between (chance, 1, 11);
  g_autofree char *start = hub_demo_instant (demo, day, 9 * 60 + 5);
  g_autofree char *end = hub_demo_instant (demo, day, 9 * 60 + 20);
  FhirBuilder *builder = hub_demo_builder (demo, "RelatedPerson", group, "kin", 0);

  fhir_builder_set_boolean (builder, "active", TRUE);
  fhir_builder_set_many (builder, "patient.reference", patient, "relationship.0.text", kin[0],
                         "name.0.family", kin[1], "name.0.given.0", kin[2], "telecom.0.system",
                         "phone", "telecom.0.value", kin[3], NULL);
  hub_demo_add (demo, builder);
  builder = hub_demo_builder (demo, "Encounter", group, "registration", 0);
  fhir_builder_set_many (builder, "status", "finished", "class.system",
                         "http://terminology.hl7.org/CodeSystem/v3-ActCode", "class.code", "AMB",
                         "subject.reference", patient, "participant.0.individual.reference", doctor,
                         "period.start", start, "period.end", end, "reasonCode.0.text",
                         "Registration", NULL);
  hub_demo_add (demo, builder);
}

static char *
tell_patient (HubGenerate *self, HubChance *chance, const char *group, guint number)
{
  GString *text = g_string_new (NULL);
  HubPerson person = { 0 };

  g_string_append_printf (text, "[%s]\n", group);
  hub_person_make (&person, self->names, chance, number);
  hub_person_write (&person, self->names, chance, text);
  if (self->depth != HUB_DEPTH_DEMOGRAPHICS)
    hub_generate_write_chart (self->blocks, &person, chance, self->depth, text);
  hub_person_clear (&person);
  return g_string_free_and_steal (text);
}

/**
 * hub_generate_patient:
 * @number: from 0
 *
 * Returns: (transfer full): the patient and all that belongs to it; ids begin with a time that
 *   grows with @number
 */
GPtrArray *
hub_generate_patient (HubGenerate *self, guint number)
{
  g_autofree char *key = g_strdup_printf ("%u", number);
  g_autofree char *group = g_strconcat ("patient ", key, NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *text = NULL;
  GPtrArray *resources = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  HubDemo demo = { .file = file,
                   .seed = self->seed,
                   .now = self->now,
                   .resources = resources,
                   .ordered_ms = self->midnight_ms + number };
  HubChance chance;

  hub_chance_begin (&chance, self->seed, number);
  text = tell_patient (self, &chance, group, number);
  g_assert_true (g_key_file_load_from_data (file, text, (gsize) -1, G_KEY_FILE_NONE, NULL));
  hub_demo_add_patient (&demo, group, key);
  if (self->depth == HUB_DEPTH_DEMOGRAPHICS)
    add_registration (&demo, group, key, &chance);
  g_free (demo.doctor);
  return resources;
}

/* ---- many ----------------------------------------------------------------------------------- */

typedef struct
{
  StoreDatabase *store;
  GPtrArray *batch;
} Writing;

static gboolean
write_batch (StoreConnection *connection, gpointer data, GError **error)
{
  GPtrArray *batch = data;

  for (guint i = 0; i < batch->len; i++)
    {
      g_auto (StorePut) out = { 0 };

      if (!store_resource_put (connection, batch->pdata[i], STORE_PUT_SKIP_EQUAL, NULL, &out,
                               error))
        return FALSE;
    }
  return TRUE;
}

static gpointer
writing_thread (gpointer data)
{
  Writing *writing = data;
  GError *error = NULL;

  store_database_write (writing->store, BASE_LANE_BATCH, write_batch, writing->batch, &error);
  return error;
}

/* Waits for the batch that is being written. */
static gboolean
settle (GThread **thread, Writing *writing, GError **error)
{
  GError *problem = *thread != NULL ? g_thread_join (g_steal_pointer (thread)) : NULL;

  g_clear_pointer (&writing->batch, g_ptr_array_unref);
  if (problem != NULL)
    g_propagate_error (error, problem);
  return problem == NULL;
}

/* The store keeps what it has committed until somebody was told; nobody listens here, and a million
 * changes would be kept for nobody. */
static void
let_go_of_changes (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static GPtrArray *
make_batch (HubGenerate *self, guint *next, guint patients)
{
  GPtrArray *batch = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);

  while (*next < patients && batch->len < BATCH)
    g_ptr_array_extend_and_steal (batch, hub_generate_patient (self, (*next)++));
  return batch;
}

/**
 * hub_generate_run:
 * @progress: (nullable)
 * @done: (out): what is in the store at the end, also where it was stopped
 *
 * Blocks the main thread, which must be the one that opened @store. What is there already from the
 * same seed and day is left as it is.
 */
gboolean
hub_generate_run (HubGenerate *self,
                  StoreDatabase *store,
                  guint patients,
                  HubGenerateProgress progress,
                  gpointer data,
                  HubGenerateCount *done,
                  GError **error)
{
  Writing writing = { .store = store };
  GThread *thread = NULL;
  guint next = 0;

  *done = (HubGenerateCount) { 0 };
  while (next < patients && !done->stopped)
    {
      guint before = next;
      GPtrArray *batch = make_batch (self, &next, patients);

      if (!settle (&thread, &writing, error))
        {
          g_ptr_array_unref (batch);
          return FALSE;
        }
      let_go_of_changes ();
      writing.batch = batch;
      thread = g_thread_new ("hub-generate", writing_thread, &writing);
      done->patients += next - before;
      done->resources += batch->len;
      done->stopped = progress != NULL && !progress (done, data);
    }
  return settle (&thread, &writing, error);
}

/* ---- the command ---------------------------------------------------------------------------- */

typedef struct
{
  guint patients;
  gint64 start, last;
} Told;

static volatile sig_atomic_t stop_asked;

static void
stop_handler (int number)
{
  stop_asked = 1;
}

/* A line every two seconds, on standard error. */
static gboolean
progress_cb (const HubGenerateCount *done, gpointer data)
{
  Told *told = data;
  gint64 now = g_get_monotonic_time ();
  double seconds = (double) (now - told->start) / G_USEC_PER_SEC;

  if (now - told->last > 2 * G_USEC_PER_SEC && done->patients < told->patients)
    {
      int left = (int) (seconds / done->patients * (told->patients - done->patients)) + 1;

      told->last = now;
      fprintf (stderr, "%u of %u patients, %u resources, %.0f a second, about %d min %02d s left\n",
               done->patients, told->patients, done->resources, done->resources / seconds,
               left / 60, left % 60);
    }
  return !stop_asked;
}

static void
print_done (const HubGenerateCount *done, guint patients, gboolean json)
{
  if (json)
    printf ("{\"patients\":%u,\"resources\":%u,\"stopped\":%s}\n", done->patients, done->resources,
            done->stopped ? "true" : "false");
  else if (done->stopped)
    printf ("Stopped: %u of %u patients are there, with %u resources. The same command goes on.\n",
            done->patients, patients, done->resources);
  else
    printf ("%u patients, %u resources\n", done->patients, done->resources);
}

static int
fail (const char *sentence)
{
  fprintf (stderr, "bedside-hub: %s\n", sentence);
  return 1;
}

static int
run_command (HubData *data, Told *told, HubGenerate *generate, gboolean json)
{
  struct sigaction action = { .sa_handler = stop_handler };
  g_autoptr (GError) error = NULL;
  HubGenerateCount done = { 0 };

  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
  if (!hub_generate_run (generate, data->store, told->patients, progress_cb, told, &done, &error))
    return fail (error->message);
  print_done (&done, told->patients, json);
  return done.stopped ? 1 : 0;
}

/**
 * hub_generate_main:
 * @folder, @key_file: as for hub_data_open()
 * @depth: (nullable): demographics, light or full; light where it is NULL
 * @seed: (nullable)
 *
 * The command demo: founds the demo clinic where it is not, and makes patients beside its own.
 *
 * Returns: the exit status
 */
int
hub_generate_main (const char *folder,
                   const char *key_file,
                   BaseClock *clock,
                   int patients,
                   const char *depth,
                   const char *seed,
                   gboolean json)
{
  HubDepth how = HUB_DEPTH_LIGHT;
  g_autoptr (GError) error = NULL;
  g_autoptr (HubData) data = NULL;
  g_autoptr (HubGenerate) generate = NULL;
  Told told = { (guint) patients, g_get_monotonic_time (), g_get_monotonic_time () };

  if (patients < 0)
    return fail ("--patients takes a number from 0 on");
  if (depth != NULL && !hub_depth_from_name (depth, &how))
    return fail ("--depth takes demographics, light or full");
  data = hub_data_open (folder, key_file, clock, &error);
  if (data != NULL && hub_data_found_demo (data, &error))
    generate = hub_generate_new (clock, seed != NULL ? seed : "1", how, &error);
  return generate != NULL ? run_command (data, &told, generate, json) : fail (error->message);
}
