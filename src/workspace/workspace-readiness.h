/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-connection.h"

#include "workspace-types.h"

G_BEGIN_DECLS

typedef enum
{
  WORKSPACE_READINESS_NEVER,   /* only who the patient is has come */
  WORKSPACE_READINESS_PARTIAL, /* the first reading has begun and is not finished */
  WORKSPACE_READINESS_OLD,     /* complete, but not fresh (H6) */
  WORKSPACE_READINESS_FRESH,
} WorkspaceReadinessLevel;

/* One kind of record and how many of it are here. */
typedef struct
{
  const char *title; /* translated: "Problems" */
  gint64 count;
} WorkspaceReadinessCount;

/* What of one patient is on this computer, as of when, and what is missing. Immutable. */
#define WORKSPACE_TYPE_READINESS (workspace_readiness_get_type ())
G_DECLARE_FINAL_TYPE (WorkspaceReadiness, workspace_readiness, WORKSPACE, READINESS, GObject)

WorkspaceReadiness *workspace_readiness_load (StoreConnection *connection, const char *patient_id);
WorkspaceReadiness *workspace_readiness_load_counted (StoreConnection *connection,
                                                      const char *patient_id,
                                                      GError **error);
gint64 workspace_readiness_get_as_of (WorkspaceReadiness *self);
WorkspaceReadinessLevel
workspace_readiness_get_level (WorkspaceReadiness *self, gint64 pulled, gint64 now);
char *
workspace_readiness_dup_mark (WorkspaceReadiness *self, gint64 pulled, gint64 now, GTimeZone *zone);
char *workspace_readiness_dup_short (WorkspaceReadiness *self, gint64 pulled, gint64 now);
const char *workspace_readiness_icon_name (WorkspaceReadinessLevel level);
char *workspace_readiness_dup_sentence (WorkspaceReadiness *self,
                                        gint64 pulled,
                                        gint64 now,
                                        GTimeZone *zone);
GArray *workspace_readiness_get_counts (WorkspaceReadiness *self);
GStrv workspace_readiness_dup_missing (WorkspaceReadiness *self, gint64 pulled);

G_END_DECLS
