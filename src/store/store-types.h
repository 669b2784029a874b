/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _StoreConnection StoreConnection;
typedef struct _StoreDatabase StoreDatabase;

/* What happened to a resource. Sequences grow with every committed change and are never reused. */
typedef struct
{
  char *type, *id;
  gint64 version;
  char *patient; /* id of the patient whose compartment it is in, or NULL */
  gboolean deleted;
  gint64 sequence;
} StoreChange;

void store_change_free (StoreChange *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreChange, store_change_free)

G_END_DECLS
