/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-database.h"

G_BEGIN_DECLS

#define APP_CODE_LEAST_CHARACTERS 6
#define APP_CODE_FREE_TRIES       5

typedef enum
{
  APP_CODE_FAILED, /* the store did */
  APP_CODE_RIGHT,
  APP_CODE_WRONG,
  APP_CODE_WAIT, /* not looked at: too many wrong ones came before */
} AppCodeAnswer;

/* The code that opens a locked workstation for one clinician, kept as a hash in that clinician's
 * store. */
gboolean app_code_has (StoreConnection *connection); /* inside a StoreWork */
char *app_code_dup_problem (const char *code, const char *again);
void app_code_set_async (StoreDatabase *store,
                         const char *code,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
gboolean app_code_set_finish (GAsyncResult *result, GError **error);
void app_code_try_async (StoreDatabase *store,
                         const char *code,
                         gint64 now,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
AppCodeAnswer app_code_try_finish (GAsyncResult *result, guint *seconds, GError **error);

G_END_DECLS
