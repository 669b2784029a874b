/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-paper-private.h"
#include "care-paper-words.h"
#include "care-summary-private.h"

G_BEGIN_DECLS

/* The after-visit sheet while it is made. */
typedef struct
{
  CarePaperMaker *maker;
  CareChart chart;
  FhirResource *encounter;
  char *reference, *start;
  const char *language;
  GHashTable *decisions; /* reference -> what was decided of it when the list was gone through */
  gboolean withheld;     /* something was left out because it could not be shown safely */
} CareSheet;

const char *care_sheet_say (CareSheet *self, CareWord word);
void care_sheet_head (CareSheet *self, CareWord word);
void care_sheet_line (CareSheet *self, CareWord word);
void care_sheet_line_with (CareSheet *self, CareWord word, const char *what);
GPtrArray *care_sheet_list (CareSheet *self, const char *type, GError **error);
gboolean care_sheet_is_of_visit (CareSheet *self, FhirResource *resource);
gboolean care_sheet_add_part (CareSheet *self, CareWord word, gboolean *found, GError **error);

gboolean care_sheet_read_decisions (CareSheet *self, GError **error);
void care_sheet_add_group (CareSheet *self, const char *group, CareWord heading, CareWord none);
gboolean care_sheet_add_stopped (CareSheet *self, GError **error);
gboolean care_sheet_add_next (CareSheet *self, GError **error);
gboolean care_sheet_add_visits (CareSheet *self, GError **error);
gboolean care_sheet_add_call (CareSheet *self, GError **error);

G_END_DECLS
