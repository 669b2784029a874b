/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"

G_BEGIN_DECLS

/* One command on its way to the store's thread and back: its arguments, and what comes of it. */
typedef struct _CareCommand CareCommand;
typedef gboolean (*CareWork) (StoreConnection *connection, CareCommand *command, GError **error);

struct _CareCommand
{
  CareContext *context; /* NULL where only clock and store are known */
  BaseClock *clock;
  CareWork work;
  char *texts[10];
  int number;
  GObject *objects[2];
  GHashTable *table;
  gpointer result;
  GDestroyNotify free_result;
  char *code;               /* (nullable): of the second factor: care_command_sign() asks for it */
  CareSecondFactor *factor; /* (nullable): once it was taken */
};

CareCommand *care_command_new (CareContext *context, CareWork work, ...) G_GNUC_NULL_TERMINATED;
CareCommand *care_command_new_read (BaseClock *clock, CareWork work, const char *text);
void care_command_write (CareCommand *command,
                         gpointer tag,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
void care_command_sign (CareCommand *command,
                        gpointer tag,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
void care_command_read (CareCommand *command,
                        StoreDatabase *store,
                        gpointer tag,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
gboolean care_command_finish (GAsyncResult *result, GError **error);
gpointer care_command_finish_result (GAsyncResult *result, GError **error);

G_END_DECLS
