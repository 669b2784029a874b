/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-content.h"

G_BEGIN_DECLS

/* What a patient is told of one ingredient: a row of data/content/drug-information.tsv. */
typedef struct
{
  char *name;
  char *language;           /* that it is written in */
  char *what, *how, *watch; /* what it is for, how to take it, what to watch for; may be NULL */
  gboolean unchecked;       /* nobody has said where it is from, or no pharmacist has signed it */
  char *until;              /* (nullable): last day of the table, as in "2027-11-29" */
} StoreDrugInformation;

StoreDrugInformation *
store_content_find_information (StoreContent *self, const char *rxcui, const char *language);
void store_drug_information_free (StoreDrugInformation *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreDrugInformation, store_drug_information_free)

G_END_DECLS
