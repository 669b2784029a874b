/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A clinician who signed in on this computer: no more than what stands on the lock screen, and
 * where the store is. */
typedef struct
{
  char *account;   /* the store's folder, sixteen hexadecimal digits */
  char *server;    /* as it was named */
  char *reference; /* "Practitioner/1" */
  char *name;
  char *login; /* (nullable): what to put on the sign-in page */
} AppPerson;

void app_person_free (AppPerson *self);
AppPerson *app_person_copy (const AppPerson *self);
char *app_people_dup_path (void);
GPtrArray *app_people_read (const char *path);
gboolean app_people_keep (const char *path, const AppPerson *person, GError **error);
gboolean app_people_forget (const char *path, const char *account, GError **error);
const AppPerson *app_people_find (GPtrArray *people, const char *server, const char *reference);
char *app_people_dup_login (GPtrArray *people, const char *account);
char *app_people_dup_server (GPtrArray *people, const char *account);
gboolean app_people_is_same_server (const char *a, const char *b);
GPtrArray *app_people_list_of_server (GPtrArray *people, const char *server);
gboolean app_people_is_account (const char *account);
char *app_people_new_account (void);
char *app_people_dup_folder (const char *account);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AppPerson, app_person_free)

G_END_DECLS
