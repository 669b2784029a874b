/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "media-transfers.h"
#include "visit-controller.h"

G_BEGIN_DECLS

/* What has become of a file that the patient sent. */
typedef enum
{
  VISIT_FILE_NEW,     /* nobody has said what is to become of it */
  VISIT_FILE_ADDING,  /* into the chart */
  VISIT_FILE_ADDED,   /* it is in the chart, and can be taken back for a moment */
  VISIT_FILE_UNDOING, /* being taken out of the chart again */
  VISIT_FILE_SETTLED, /* it is in the chart */
  VISIT_FILE_DROPPED, /* it was not kept */
} VisitFileFate;

/* visit-controller's part about files and what is shown. */
MediaTransfers *visit_files_get_transfers (VisitController *self);
gboolean visit_files_is_possible (VisitController *self);
gboolean visit_files_is_open (MediaTransfer *transfer);
guint visit_files_count_new (VisitController *self);
void visit_files_watch (VisitController *self);
void visit_files_update (VisitController *self);
void visit_files_send (VisitController *self, GFile *file);
VisitFileFate visit_files_get_fate (MediaTransfer *transfer);
void visit_files_add_to_chart (VisitController *self, MediaTransfer *transfer);
void visit_files_undo (VisitController *self, MediaTransfer *transfer);
void visit_files_drop (VisitController *self, MediaTransfer *transfer);
char *visit_files_dup_words (MediaTransfer *transfer);
const char *visit_files_get_shown (VisitController *self);
void visit_files_stop_showing (VisitController *self);

G_END_DECLS
