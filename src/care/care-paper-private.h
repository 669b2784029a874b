/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-paper.h"
#include "care-summary.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

/* What the builders of documents share. */
typedef struct
{
  StoreConnection *connection;
  CareContext *context;
  CareSummary *summary;
  FhirResource *patient;
  GTimeZone *zone;
  CarePaper *paper;
  const char *language; /* that is asked for; NULL: the patient's own */
} CarePaperMaker;

void care_paper_heading (CarePaper *self, const char *text);
void care_paper_paragraph (CarePaper *self, const char *text);
CareBlock *care_paper_table (CarePaper *self, ...) G_GNUC_NULL_TERMINATED;
void care_paper_row (CareBlock *table, ...);

gboolean care_paper_make_summary (CarePaperMaker *self, GError **error);
gboolean care_paper_make_medicines (CarePaperMaker *self, GError **error);
gboolean care_paper_make_note (CarePaperMaker *self, const char *reference, GError **error);
gboolean care_paper_make_after_visit (CarePaperMaker *self, const char *reference, GError **error);

GListStore *care_paper_list_notes (StoreConnection *connection,
                                   CareContext *context,
                                   const char *patient_id,
                                   GError **error);
GListStore *care_paper_list_visits (StoreConnection *connection,
                                    CareContext *context,
                                    const char *patient_id,
                                    GError **error);

G_END_DECLS
