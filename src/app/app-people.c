/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-people.h"

#include "base-id.h"

/* The clinicians of this computer, in a file beside their stores. It says who works here and
 * nothing of any patient. What in it does not read is left out: the stores themselves are not
 * touched. */

#define ACCOUNT_DIGITS 16
#define AT_MOST        64

void
app_person_free (AppPerson *self)
{
  g_free (self->account);
  g_free (self->server);
  g_free (self->reference);
  g_free (self->name);
  g_free (self->login);
  g_free (self);
}

AppPerson *
app_person_copy (const AppPerson *self)
{
  AppPerson *copy = g_new0 (AppPerson, 1);

  copy->account = g_strdup (self->account);
  copy->server = g_strdup (self->server);
  copy->reference = g_strdup (self->reference);
  copy->name = g_strdup (self->name);
  copy->login = g_strdup (self->login);
  return copy;
}

static void
free_person (gpointer data)
{
  app_person_free (data);
}

/* Anything else may climb out of the folder of the stores. */
gboolean
app_people_is_account (const char *account)
{
  if (!account || strlen (account) != ACCOUNT_DIGITS)
    return FALSE;
  for (const char *at = account; *at; at++)
    if (!g_ascii_isxdigit (*at) || g_ascii_isupper (*at))
      return FALSE;
  return TRUE;
}

/* (transfer full): of a clinician who was never here. */
char *
app_people_new_account (void)
{
  g_autoptr (GBytes) bytes = base_random_bytes (ACCOUNT_DIGITS / 2);

  return base_hex (g_bytes_get_data (bytes, NULL), ACCOUNT_DIGITS / 2);
}

/* (transfer full): where the store of @account lies. */
char *
app_people_dup_folder (const char *account)
{
  return g_build_filename (g_get_user_data_dir (), "bedside", account, NULL);
}

char *
app_people_dup_path (void)
{
  return g_build_filename (g_get_user_data_dir (), "bedside", "clinicians", NULL);
}

static AppPerson *
read_person (GKeyFile *file, const char *account)
{
  g_autoptr (AppPerson) person = g_new0 (AppPerson, 1);

  person->account = g_strdup (account);
  person->server = g_key_file_get_string (file, account, "server", NULL);
  person->reference = g_key_file_get_string (file, account, "reference", NULL);
  person->name = g_key_file_get_string (file, account, "name", NULL);
  person->login = g_key_file_get_string (file, account, "login", NULL);
  if (!app_people_is_account (account) || !person->reference || !person->name || !*person->name)
    return NULL;
  return g_steal_pointer (&person);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const AppPerson *first = *(AppPerson *const *) a;
  const AppPerson *second = *(AppPerson *const *) b;
  int order = g_utf8_collate (first->name, second->name);

  return order != 0 ? order : g_strcmp0 (first->account, second->account);
}

/* (transfer full): AppPerson, by name; empty where nobody is known. */
GPtrArray *
app_people_read (const char *path)
{
  GPtrArray *people = g_ptr_array_new_with_free_func (free_person);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) accounts = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return people;
  accounts = g_key_file_get_groups (file, NULL);
  for (char **account = accounts; *account && people->len < AT_MOST; account++)
    {
      AppPerson *person = read_person (file, *account);
      if (person)
        g_ptr_array_add (people, person);
    }
  g_ptr_array_sort (people, compare);
  return people;
}

static gsize
length_without_slash (const char *server)
{
  gsize length = strlen (server);

  while (length > 0 && server[length - 1] == '/')
    length--;
  return length;
}

/* However many slashes somebody wrote at the end. */
gboolean
app_people_is_same_server (const char *a, const char *b)
{
  if (!a || !b)
    return a == b;
  return length_without_slash (a) == length_without_slash (b) &&
         strncmp (a, b, length_without_slash (a)) == 0;
}

/* (transfer none) (nullable): whose store it is that this sign-in opens. */
const AppPerson *
app_people_find (GPtrArray *people, const char *server, const char *reference)
{
  for (guint i = 0; i < people->len; i++)
    {
      const AppPerson *person = people->pdata[i];
      if (app_people_is_same_server (person->server, server) &&
          g_strcmp0 (person->reference, reference) == 0)
        return person;
    }
  return NULL;
}

/* (transfer full) (nullable): the name with which the clinician of @account signs in. */
char *
app_people_dup_login (GPtrArray *people, const char *account)
{
  for (guint i = 0; i < people->len; i++)
    {
      const AppPerson *person = people->pdata[i];
      if (g_strcmp0 (person->account, account) == 0)
        return g_strdup (person->login);
    }
  return NULL;
}

/* (transfer full) (nullable): with which server the clinician of @account works. */
char *
app_people_dup_server (GPtrArray *people, const char *account)
{
  for (guint i = 0; i < people->len; i++)
    {
      const AppPerson *person = people->pdata[i];
      if (g_strcmp0 (person->account, account) == 0)
        return g_strdup (person->server);
    }
  return NULL;
}

/* (transfer container): AppPerson of @people, who keep them, that work with @server; NULL: all. */
GPtrArray *
app_people_list_of_server (GPtrArray *people, const char *server)
{
  GPtrArray *fitting = g_ptr_array_new ();

  for (guint i = 0; i < people->len; i++)
    if (!server || app_people_is_same_server (((AppPerson *) people->pdata[i])->server, server))
      g_ptr_array_add (fitting, people->pdata[i]);
  return fitting;
}

static gboolean
write_people (GKeyFile *file, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  gsize length = 0;
  g_autofree char *text = g_key_file_to_data (file, &length, NULL);

  g_mkdir_with_parents (folder, 0700);
  return g_file_set_contents_full (path, text, (gssize) length,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

/* Remembers that @person works here. */
gboolean
app_people_keep (const char *path, const AppPerson *person, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_return_val_if_fail (app_people_is_account (person->account), FALSE);

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  if (person->server)
    g_key_file_set_string (file, person->account, "server", person->server);
  g_key_file_set_string (file, person->account, "reference", person->reference);
  g_key_file_set_string (file, person->account, "name", person->name);
  if (person->login)
    g_key_file_set_string (file, person->account, "login", person->login);
  return write_people (file, path, error);
}

/* Whoever works with the records of @account is on no list here any more; the records themselves
 * are not touched. */
gboolean
app_people_forget (const char *path, const char *account, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_return_val_if_fail (app_people_is_account (account), FALSE);

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL) ||
      !g_key_file_remove_group (file, account, NULL))
    return TRUE;
  return write_people (file, path, error);
}
