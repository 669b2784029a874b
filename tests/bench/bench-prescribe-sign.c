/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-common.h"

#include "care-fixture.h"
#include "care-to-sign.h"

/* bench-prescribe-sign: thirty prescriptions that a nurse prepared, signed at once with the
 * doctor's key: checks again, thirty signatures, and all rows in one transaction. */

#define MANY   30
#define ROUNDS 10

typedef struct
{
  CareFixture care;
  guint round;
  GPtrArray *items;
} Bench;

static BaseKey *
make_key (gpointer data, GError **error)
{
  return base_key_new (error);
}

static gboolean
put_patients (StoreConnection *connection, gpointer data, GError **error)
{
  for (guint i = 0; i < MANY; i++)
    {
      g_autofree char *json =
          g_strdup_printf ("{'resourceType':'Patient','id':'p%u','birthDate':'1980-03-01',"
                           "'name':[{'family':'Smith','given':['Jane']}]}",
                           i);

      care_fixture_put (connection, json);
    }
  return TRUE;
}

static gboolean
prepare (StoreConnection *connection, gpointer data, GError **error)
{
  Bench *self = data;
  const StoreDrug *drug = store_content_get_drug (self->care.content, "197806");

  for (guint i = 0; i < MANY; i++)
    {
      g_autofree char *id =
          g_strdup_printf ("0193531e-0000-7000-8000-0000%04u%04u", self->round, i);
      g_autofree char *patient = g_strdup_printf ("p%u", i);
      g_autoptr (CarePrescriptionDraft) draft =
          care_prescription_draft_new (id, patient, "Practitioner/nurse", NULL);

      care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                        drug->ingredient_codes, drug->strength, drug->form,
                                        drug->route, NULL);
      g_object_set (draft, "dose-value", "1", "frequency", 2, "duration-days", 7, "quantity", "14",
                    NULL);
      if (!care_to_sign_hand_over (connection, self->care.nurse, draft, "Practitioner/doctor",
                                   "Dr Ada Stone", error))
        return FALSE;
    }
  self->items = care_to_sign_list (connection, self->care.doctor,
                                   CLINICAL_CONTENT (self->care.content), error);
  return self->items != NULL;
}

static gboolean
sign (StoreConnection *connection, gpointer data, GError **error)
{
  Bench *self = data;
  const char *tasks[MANY + 1] = { NULL }, *seen[MANY + 1] = { NULL };

  for (guint i = 0; i < MIN (self->items->len, MANY); i++)
    {
      tasks[i] = ((CareToSign *) self->items->pdata[i])->task;
      seen[i] = ((CareToSign *) self->items->pdata[i])->seen;
    }
  return care_to_sign_sign (connection, self->care.doctor, tasks, seen,
                            CLINICAL_CONTENT (self->care.content), NULL, error);
}

static gboolean
run_round (Bench *self, GArray *seconds, GError **error)
{
  double start, taken;

  if (!store_database_write (self->care.database, BASE_LANE_PERSON, prepare, self, error))
    return FALSE;
  start = bench_now ();
  if (!store_database_write (self->care.database, BASE_LANE_PERSON, sign, self, error))
    return FALSE;
  taken = bench_now () - start;
  g_array_append_val (seconds, taken);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  return TRUE;
}

int
main (void)
{
  Bench self = { 0 };
  g_autoptr (GArray) seconds = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  GError *error = NULL;

  care_fixture_set_up (&self.care, NULL);
  care_context_set_key_source (self.care.doctor, make_key, NULL, NULL);
  json_builder_begin_object (builder);
  if (care_context_load_key (self.care.doctor, &error) &&
      store_database_write (self.care.database, BASE_LANE_PERSON, put_patients, &self, &error))
    for (self.round = 0; self.round < ROUNDS && error == NULL; self.round++)
      run_round (&self, seconds, &error);
  bench_add_integer (builder, "prescriptions", MANY);
  if (error == NULL)
    bench_add_samples (builder, "sign", seconds);
  care_fixture_tear_down (&self.care, NULL);
  return bench_finish (builder, error);
}
