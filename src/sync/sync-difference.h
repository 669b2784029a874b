/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

/* One element in which two sides of a record differ. The elements are borrowed from the three
 * resources that were compared; NULL: that side does not have it. */
typedef struct
{
  char *path;   /* "birthDate", "deceased[x]", or an item of a list by what it is: "telecom[phone]"
                 */
  char *name;   /* the element alone, to find a label by: "telecom" */
  char *key;    /* what a choice names: the path, and a mark of both sides as they stand here */
  char *listed; /* the item's identity in its list, NULL for a whole element */
  const FhirElement *base, *mine, *theirs;
  gboolean mine_changed, theirs_changed; /* against the base; both where the base is not known */
} SyncDifference;

/* Which side a person takes. */
typedef enum
{
  SYNC_SIDE_THEIRS,
  SYNC_SIDE_MINE,
} SyncSide;

GPtrArray *sync_difference_list (FhirResource *base, FhirResource *mine, FhirResource *theirs);
FhirResource *sync_difference_combine (FhirResource *mine,
                                       FhirResource *theirs,
                                       GPtrArray *differences,
                                       GHashTable *choices);
gboolean sync_difference_is_same (FhirResource *a, FhirResource *b);

G_END_DECLS
