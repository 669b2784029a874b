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
  GPtrArray *asked;    /* char*, ids of patients that the kick-off names; NULL: it names none */
  GPtrArray *types; /* char*; NULL where an earlier hub's job cannot be read, which has an error */

  StoreDatabase *store;
  guint counted;  /* types, and one more for what was deleted */
  gint64 *counts; /* of each type, and of what was deleted since */
  GError *error;
  gboolean cancelled;
  gint64 used_us;  /* when somebody last asked for it */
  gint64 saved_us; /* and what its row says of that */
} HubExportJob;

/* hub-export-job.c */
HubExportJob *hub_export_job_new (HubRequest *request, const char *group, gboolean of_patients);
HubExportJob *hub_export_job_ref (HubExportJob *self);
void hub_export_job_unref (HubExportJob *self);
gboolean hub_export_job_wants (HubExportJob *self, const char *type);
gboolean hub_export_job_is_counted (HubExportJob *self);
GDateTime *hub_export_job_dup_end (HubExportJob *self);
gboolean hub_export_job_put (HubExportJob *self, StoreConnection *connection, GError **error);
gboolean hub_export_job_forget (HubExportJob *self, StoreConnection *connection, GError **error);
void hub_export_job_save (HubExportJob *self);
void hub_export_job_touch (HubExportJob *self, gint64 now);
GHashTable *hub_export_jobs (HubServer *server);
/* hub-export-ask.c */
gboolean
hub_export_read_ask (HubRequest *request, const char *query, HubExportJob *job, GError **error);
/* hub-export-file.c */
void hub_export_send_file (HubRequest *request, HubExportJob *job, guint type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubExportJob, hub_export_job_unref)

G_END_DECLS
