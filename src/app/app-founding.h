/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is asked of the first person of a new clinic, and of a colleague, who gets a password. */
typedef struct
{
  char *clinic; /* its name */
  char *name;   /* of the person, as others read it */
  char *login;
  char *role; /* "prescriber", "nurse" or "reception" */
  char *password;
} AppFounder;

AppFounder *app_founder_new (const char *clinic,
                             const char *name,
                             const char *login,
                             const char *role,
                             const char *password);
void app_founder_free (AppFounder *self);
const char *app_founder_check (const AppFounder *self, const char *again);
const char *app_founder_check_colleague (const AppFounder *self);

void app_founding_async (const char *folder,
                         AppFounder *founder,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
gboolean app_founding_keep (const char *folder, const char *login, GError **error);
char *app_founding_dup_login (const char *folder);
void app_founding_add_colleague_async (const char *folder,
                                       AppFounder *colleague,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
char *app_founding_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AppFounder, app_founder_free)

G_END_DECLS
