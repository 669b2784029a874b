/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app-account.h"
#include "app-people.h"

G_BEGIN_DECLS

/* What is in a clinician's records and nowhere else. An order with all that goes with it is one. */
typedef struct
{
  guint prescriptions; /* signed, and not at the server */
  guint notes;         /* likewise */
  guint others;        /* whatever else the server does not have */
  guint drafts;        /* what was begun and not signed */
} AppRemovalLoss;

/* Takes the records of one clinician off this computer: the key first, then the file. What is at
 * the clinic's server stays there. */
#define APP_TYPE_REMOVAL (app_removal_get_type ())
G_DECLARE_FINAL_TYPE (AppRemoval, app_removal, APP, REMOVAL, GObject)

AppRemoval *app_removal_new (const AppPerson *person,
                             const char *keys,
                             const char *people_path,
                             BaseClock *clock);
void app_removal_set_witness (AppRemoval *self, AppAccount *witness);
const AppPerson *app_removal_get_person (AppRemoval *self);
void app_removal_look_async (AppRemoval *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean app_removal_look_finish (AppRemoval *self, GAsyncResult *result, GError **error);
const AppRemovalLoss *app_removal_get_loss (AppRemoval *self);
gboolean app_removal_is_loss (AppRemoval *self);
gboolean app_removal_get_has_code (AppRemoval *self);
StoreDatabase *app_removal_get_database (AppRemoval *self);
void app_removal_run_async (AppRemoval *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean app_removal_run_finish (AppRemoval *self, GAsyncResult *result, GError **error);

G_END_DECLS
