/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"

G_BEGIN_DECLS

/* What may be put on paper. */
typedef enum
{
  CARE_PAPER_SUMMARY,
  CARE_PAPER_MEDICINES,
  CARE_PAPER_NOTE,
  CARE_PAPER_AFTER_VISIT,
} CarePaperKind;
#define CARE_N_PAPERS (CARE_PAPER_AFTER_VISIT + 1)

typedef enum
{
  CARE_BLOCK_HEADING,
  CARE_BLOCK_PARAGRAPH,
  CARE_BLOCK_TABLE,
} CareBlockKind;

/* One part of a document. The first cell of a row is the name of what the row is about: whoever
 * lays the row out keeps the two together. */
typedef struct
{
  CareBlockKind kind;
  char *text;      /* of a heading or a paragraph */
  GStrv columns;   /* of a table: its heads */
  GPtrArray *rows; /* of a table: GStrv, as long as columns */
} CareBlock;

/* A document about one patient as plain parts, which know nothing of pages or fonts. Built on the
 * store's thread, then handed over; nobody changes it afterwards. */
typedef struct
{
  CarePaperKind kind;
  char *title;
  char *patient_id, *name, *born, *identifier;
  char *clinic;         /* whose record it is; NULL where that is not recorded */
  char *reference;      /* what of the record it shows, for the audit; NULL: the whole chart */
  const char *draft;    /* said on each page of what is not signed, or NULL */
  const char *language; /* of the words, "en": static */
  GPtrArray *blocks;    /* CareBlock */
} CarePaper;

CarePaper *care_paper_ref (CarePaper *self);
void care_paper_unref (CarePaper *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CarePaper, care_paper_unref)

/* (transfer full) (element-type CareRow): the notes or the visits that @kind can be made of,
 * newest first; empty where it needs none. */
void care_paper_list_async (CareContext *context,
                            CarePaperKind kind,
                            const char *patient_id,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
GListModel *care_paper_list_finish (GAsyncResult *result, GError **error);

CarePaper *care_paper_load (StoreConnection *connection,
                            CareContext *context,
                            CarePaperKind kind,
                            const char *patient_id,
                            const char *reference,
                            GError **error);
CarePaper *care_paper_load_after_visit (StoreConnection *connection,
                                        CareContext *context,
                                        const char *patient_id,
                                        const char *reference,
                                        const char *language,
                                        GError **error);
void care_paper_load_async (CareContext *context,
                            CarePaperKind kind,
                            const char *patient_id,
                            const char *reference,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
CarePaper *care_paper_load_finish (GAsyncResult *result, GError **error);

gboolean care_paper_record (StoreConnection *connection,
                            CareContext *context,
                            const char *action,
                            const char *patient_id,
                            const char *reference,
                            const char *detail,
                            GError **error);
void care_paper_record_async (CareContext *context,
                              const char *action,
                              const CarePaper *paper,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean care_paper_record_finish (GAsyncResult *result, GError **error);

G_END_DECLS
