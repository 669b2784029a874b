/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-export.h"
#include "store-snapshot.h"

G_BEGIN_DECLS

/* One export: made by a kick-off, counted type by type, then read. Reference counted; what a store
 * thread reads of it does not change once the job is started. */
typedef struct
{
  char *id, *user;
  char *request;       /* the URL that was asked */
  char *group;         /* id of the Group, or NULL */
  char *time;          /* transactionTime */
  StoreSnapshot place; /* what stood then */
  GPtrArray *types;    /* char* */

  StoreDatabase *store;
  guint counted;  /* types, and one more for what was deleted */
  gint64 *counts; /* of each type, and of what was deleted since */
  GError *error;
  gboolean cancelled;
  gint64 used_us; /* when somebody last asked for it */
} HubExportJob;

HubExportJob *hub_export_job_ref (HubExportJob *self);
void hub_export_job_unref (HubExportJob *self);
gboolean hub_export_job_wants (HubExportJob *self, const char *type);
void hub_export_send_file (HubRequest *request, HubExportJob *job, guint type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubExportJob, hub_export_job_unref)

G_END_DECLS
