/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-clock.h"
#include "hub-data.h"

G_BEGIN_DECLS

/* Made-up patients in any number, of the building blocks of the demo clinic. The same seed gives
 * the same patients on the same day, one by one: nothing of one stays in memory for the next. */

typedef enum
{
  HUB_DEPTH_DEMOGRAPHICS, /* about 3 resources a patient: who it is, next of kin, registration */
  HUB_DEPTH_LIGHT,        /* about 100: problems, medicines, results, vaccines, visits with notes */
  HUB_DEPTH_FULL,         /* about 260 */
} HubDepth;

gboolean hub_depth_from_name (const char *name, HubDepth *depth);

typedef struct _HubGenerate HubGenerate;

HubGenerate *hub_generate_new (BaseClock *clock, const char *seed, HubDepth depth, GError **error);
void hub_generate_free (HubGenerate *self);
GPtrArray *hub_generate_patient (HubGenerate *self, guint number);

typedef struct
{
  guint patients, resources;
  gboolean stopped; /* by the caller's flag */
} HubGenerateCount;

/* Called now and then with what is done so far; returning FALSE ends it after the batch in hand. */
typedef gboolean (*HubGenerateProgress) (const HubGenerateCount *done, gpointer data);

gboolean hub_generate_run (HubGenerate *self,
                           StoreDatabase *store,
                           guint patients,
                           HubGenerateProgress progress,
                           gpointer data,
                           HubGenerateCount *done,
                           GError **error);
int hub_generate_main (const char *folder,
                       const char *key_file,
                       BaseClock *clock,
                       int patients,
                       const char *depth,
                       const char *seed,
                       gboolean json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubGenerate, hub_generate_free)

G_END_DECLS
