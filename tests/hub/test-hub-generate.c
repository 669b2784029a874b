/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-demo.h"
#include "hub-generate.h"
#include "store-resource.h"

#include "demo-clinic.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>

/* Patients in numbers: as many resources as their depth says, the same for the same seed, and as
 * coherent as the hand-told ones. */

#define SAMPLE 40
#define NOW    "2026-11-22T09:31:00Z"

static BaseClock *
clock_at (const char *text)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_iso8601 (text, NULL);

  return base_clock_new_at (now);
}

static HubGenerate *
generate_new (const char *seed, HubDepth depth)
{
  g_autoptr (BaseClock) clock = clock_at (NOW);
  g_autoptr (GError) error = NULL;
  HubGenerate *generate = hub_generate_new (clock, seed, depth, &error);

  g_assert_no_error (error);
  return generate;
}

static void
test_as_many_as_the_depth_says (void)
{
  const struct
  {
    HubDepth depth;
    double least, most;
  } depths[] = { { HUB_DEPTH_DEMOGRAPHICS, 3, 3 },
                 { HUB_DEPTH_LIGHT, 85, 115 },
                 { HUB_DEPTH_FULL, 230, 290 } };

  for (gsize i = 0; i < G_N_ELEMENTS (depths); i++)
    {
      g_autoptr (HubGenerate) generate = generate_new ("1", depths[i].depth);
      double sum = 0;

      for (guint number = 0; number < SAMPLE; number++)
        {
          g_autoptr (GPtrArray) resources = hub_generate_patient (generate, number);

          g_assert_cmpstr (fhir_resource_get_type (resources->pdata[0]), ==, "Patient");
          sum += resources->len;
        }
      g_test_message ("%g resources a patient", sum / SAMPLE);
      g_assert_cmpfloat (sum / SAMPLE, >=, depths[i].least);
      g_assert_cmpfloat (sum / SAMPLE, <=, depths[i].most);
    }
}

static char *
bytes_of (const char *seed, HubDepth depth, guint from, guint count)
{
  g_autoptr (HubGenerate) generate = generate_new (seed, depth);
  GString *bytes = g_string_new (NULL);

  for (guint number = from; number < from + count; number++)
    {
      g_autoptr (GPtrArray) resources = hub_generate_patient (generate, number);

      for (guint i = 0; i < resources->len; i++)
        g_string_append_printf (bytes, "%s\n", fhir_resource_get_text (resources->pdata[i], NULL));
    }
  return g_string_free_and_steal (bytes);
}

/* And a patient is the same, whoever was made before. */
static void
test_same_seed_gives_same_bytes (void)
{
  for (int depth = HUB_DEPTH_DEMOGRAPHICS; depth <= HUB_DEPTH_FULL; depth++)
    {
      g_autofree char *one = bytes_of ("1", (HubDepth) depth, 0, 6);
      g_autofree char *again = bytes_of ("1", (HubDepth) depth, 0, 6);
      g_autofree char *other = bytes_of ("2", (HubDepth) depth, 0, 6);
      g_autofree char *last = bytes_of ("1", (HubDepth) depth, 5, 1);

      g_assert_cmpstr (one, ==, again);
      g_assert_cmpstr (one, !=, other);
      g_assert_true (g_str_has_suffix (one, last));
    }
}

static void
test_ids_grow (void)
{
  g_autoptr (HubGenerate) generate = generate_new ("1", HUB_DEPTH_LIGHT);
  g_autofree char *highest = g_strdup ("");

  for (guint number = 0; number < 5; number++)
    {
      g_autoptr (GPtrArray) resources = hub_generate_patient (generate, number);
      g_autofree char *before = g_strdup (highest);

      for (guint i = 0; i < resources->len; i++)
        {
          const char *id = fhir_resource_get_id (resources->pdata[i]);

          g_assert_true (g_uuid_string_is_valid (id));
          g_assert_cmpint (id[strlen ("xxxxxxxx-xxxx-")], ==, '7');
          g_assert_cmpstr (id, >, before);
          if (strcmp (id, highest) > 0)
            g_set_str (&highest, id);
        }
    }
}

/* ---- coherence ------------------------------------------------------------------------------ */

static void
fill_sample (Clinic *clinic, HubDepth depth)
{
  g_autoptr (BaseClock) clock = clock_at (NOW);
  g_autoptr (HubGenerate) generate = generate_new ("coherence", depth);
  GPtrArray *all = hub_demo_resources (clock, "bedside", NULL); /* whom they refer to */

  for (guint number = 0; number < SAMPLE; number++)
    g_ptr_array_extend_and_steal (all, hub_generate_patient (generate, number));
  clinic_fill (clinic, all, clock);
}

static void
test_coherent (gconstpointer data)
{
  static const struct
  {
    const char *medicine;
    const char *loinc;
    int direction;
  } bends[] = { { "314076", "85354-9", -1 }, { "861007", "4548-4", -1 },
                { "617311", "18262-6", -1 }, { "313988", "33762-6", -1 },
                { "312941", "44261-6", -1 }, { "310325", "718-7", 1 } };
  Clinic clinic = { 0 };
  guint bent = 0;

  fill_sample (&clinic, (HubDepth) GPOINTER_TO_INT (data));
  clinic_check_references (&clinic);
  clinic_check_names (&clinic);
  clinic_check_times (&clinic);
  clinic_check_sexes (&clinic);
  clinic_check_medicines (&clinic);
  clinic_check_allergies (&clinic);
  clinic_check_kidneys (&clinic);
  clinic_check_immunizations (&clinic);
  clinic_check_growth (&clinic);
  clinic_check_notes (&clinic);
  for (gsize i = 0; i < G_N_ELEMENTS (bends); i++)
    bent += clinic_check_bend (&clinic, bends[i].medicine, bends[i].loinc, bends[i].direction);
  if (GPOINTER_TO_INT (data) != HUB_DEPTH_DEMOGRAPHICS)
    g_assert_cmpuint (bent, >=, 20);
  clinic_clear (&clinic);
}

/* ---- writing -------------------------------------------------------------------------------- */

typedef struct
{
  char *folder;
  HubData *data;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (BaseClock) clock = clock_at (NOW);
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("bedside-generate-XXXXXX", NULL);
  fixture->data = hub_data_open (fixture->folder, NULL, clock, &error);
  g_assert_no_error (error);
}

static int
remove_one (const char *path, const struct stat *status, int kind, struct FTW *walk)
{
  return remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer unused)
{
  hub_data_close (fixture->data);
  nftw (fixture->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  g_free (fixture->folder);
}

static gboolean
stop_at_once (const HubGenerateCount *done, gpointer data)
{
  return FALSE;
}

static HubGenerateCount
run (Fixture *fixture, HubDepth depth, guint patients, HubGenerateProgress progress)
{
  g_autoptr (HubGenerate) generate = generate_new ("1", depth);
  g_autoptr (GError) error = NULL;
  HubGenerateCount done;

  hub_generate_run (generate, fixture->data->store, patients, progress, NULL, &done, &error);
  g_assert_no_error (error);
  return done;
}

typedef struct
{
  HubDepth depth;
  guint patients, found, newer;
} Look;

/* Looks up every resource of every patient, and how many have been written twice. */
static gboolean
look (StoreConnection *connection, gpointer data, GError **error)
{
  Look *wanted = data;
  g_autoptr (HubGenerate) generate = generate_new ("1", wanted->depth);

  wanted->found = wanted->newer = 0;
  for (guint number = 0; number < wanted->patients; number++)
    {
      g_autoptr (GPtrArray) resources = hub_generate_patient (generate, number);

      for (guint i = 0; i < resources->len; i++)
        {
          g_autoptr (FhirResource) stored =
              store_resource_get (connection, fhir_resource_get_type (resources->pdata[i]),
                                  fhir_resource_get_id (resources->pdata[i]), NULL);

          wanted->found += stored != NULL;
          wanted->newer += stored != NULL && strcmp (fhir_resource_get_version (stored), "1") != 0;
        }
    }
  return TRUE;
}

static Look
look_up (Fixture *fixture, HubDepth depth, guint patients)
{
  Look wanted = { .depth = depth, .patients = patients };
  g_autoptr (GError) error = NULL;

  store_database_read (fixture->data->store, look, &wanted, &error);
  g_assert_no_error (error);
  return wanted;
}

static void
test_all_is_stored_once (Fixture *fixture, gconstpointer unused)
{
  for (int depth = HUB_DEPTH_DEMOGRAPHICS; depth <= HUB_DEPTH_LIGHT; depth++)
    {
      HubGenerateCount done = run (fixture, (HubDepth) depth, 8, NULL);
      Look stored = look_up (fixture, (HubDepth) depth, 8);

      g_assert_cmpuint (done.patients, ==, 8);
      g_assert_false (done.stopped);
      g_assert_cmpuint (stored.found, ==, done.resources);
    }
  run (fixture, HUB_DEPTH_LIGHT, 8, NULL);
  run (fixture, HUB_DEPTH_LIGHT, 8, NULL);
  /* of eight Patients there are two depths' words; no other resource is written again */
  g_assert_cmpuint (look_up (fixture, HUB_DEPTH_LIGHT, 8).newer, <=, 8);
}

/* What was made before the stop is there and whole, and the same command goes on. */
static void
test_stop_and_go_on (Fixture *fixture, gconstpointer unused)
{
  HubGenerateCount stopped = run (fixture, HUB_DEPTH_FULL, 24, stop_at_once);
  Look half = look_up (fixture, HUB_DEPTH_FULL, stopped.patients);
  HubGenerateCount done;
  Look whole;

  g_assert_true (stopped.stopped);
  g_assert_cmpuint (stopped.patients, >, 0);
  g_assert_cmpuint (stopped.patients, <, 24);
  g_assert_cmpuint (half.found, ==, stopped.resources);
  done = run (fixture, HUB_DEPTH_FULL, 24, NULL);
  whole = look_up (fixture, HUB_DEPTH_FULL, 24);
  g_assert_false (done.stopped);
  g_assert_cmpuint (whole.found, ==, done.resources);
  g_assert_cmpuint (whole.newer, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub/generate/as-many-as-the-depth-says", test_as_many_as_the_depth_says);
  g_test_add_func ("/hub/generate/same-seed-gives-same-bytes", test_same_seed_gives_same_bytes);
  g_test_add_func ("/hub/generate/ids-grow", test_ids_grow);
  g_test_add_data_func ("/hub/generate/coherent/demographics",
                        GINT_TO_POINTER (HUB_DEPTH_DEMOGRAPHICS), test_coherent);
  g_test_add_data_func ("/hub/generate/coherent/light", GINT_TO_POINTER (HUB_DEPTH_LIGHT),
                        test_coherent);
  g_test_add_data_func ("/hub/generate/coherent/full", GINT_TO_POINTER (HUB_DEPTH_FULL),
                        test_coherent);
  g_test_add ("/hub/generate/all-is-stored-once", Fixture, NULL, set_up, test_all_is_stored_once,
              tear_down);
  g_test_add ("/hub/generate/stop-and-go-on", Fixture, NULL, set_up, test_stop_and_go_on,
              tear_down);
  return g_test_run ();
}
