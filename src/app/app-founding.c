/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-founding.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "base-id.h"

#include "app-local-hub.h"

/* A small clinic is founded by the hub's own commands, as an administrator would: the record of its
 * first person and of the clinic, an account for that person, and one for the administrator. Each
 * may be done again: a founding that was cut short goes on with the next try. */

#define SHORTEST_PASSWORD 8
#define ADMINISTRATOR     "admin"

AppFounder *
app_founder_new (
    const char *clinic, const char *name, const char *login, const char *role, const char *password)
{
  AppFounder *self = g_new0 (AppFounder, 1);

  self->clinic = g_strstrip (g_strdup (clinic));
  self->name = g_strstrip (g_strdup (name));
  self->login = g_strstrip (g_strdup (login));
  self->role = g_strdup (role);
  self->password = g_strdup (password);
  return self;
}

void
app_founder_free (AppFounder *self)
{
  explicit_bzero (self->password, strlen (self->password));
  g_free (self->clinic);
  g_free (self->name);
  g_free (self->login);
  g_free (self->role);
  g_free (self->password);
  g_free (self);
}

static gboolean
is_login (const char *text)
{
  for (const char *at = text; *at; at++)
    if (!g_ascii_islower (*at) && !g_ascii_isdigit (*at) && *at != '.' && *at != '-' && *at != '_')
      return FALSE;
  return g_ascii_isalnum (*text) && strlen (text) <= 32;
}

/* (transfer none) (nullable): what is still missing of a person, NULL where nothing is */
const char *
app_founder_check_colleague (const AppFounder *self)
{
  if (!*self->name)
    return _ ("The name is missing.");
  if (!is_login (self->login))
    return _ ("The name to sign in with has small letters, digits and the signs . - _ only.");
  if (g_str_equal (self->login, ADMINISTRATOR))
    return _ ("“admin” is the administrator’s name. Choose another one to sign in with.");
  return NULL;
}

/* The same of whoever founds a clinic. @again: the password as it was typed the second time */
const char *
app_founder_check (const AppFounder *self, const char *again)
{
  const char *missing = app_founder_check_colleague (self);

  if (!*self->clinic)
    return _ ("The clinic needs a name.");
  if (missing)
    return missing;
  if (g_utf8_strlen (self->password, -1) < SHORTEST_PASSWORD)
    return _ ("A password has at least 8 characters.");
  if (strpbrk (self->password, "\r\n"))
    return _ ("A password has one line.");
  if (g_strcmp0 (self->password, again) != 0)
    return _ ("The two passwords are not the same.");
  return NULL;
}

/* ---- the records ---- */

static void
add_member (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void
begin_resource (JsonBuilder *builder, const char *type, const char *id)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "resource");
  json_builder_begin_object (builder);
  add_member (builder, "resourceType", type);
  add_member (builder, "id", id);
  json_builder_set_member_name (builder, "active");
  json_builder_add_boolean_value (builder, TRUE);
}

static void
end_resource (JsonBuilder *builder)
{
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

/* (transfer full): a bundle with the person and, where it has a name, the clinic */
static char *
dup_bundle (const AppFounder *founder, const char *practitioner)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_member (builder, "resourceType", "Bundle");
  add_member (builder, "type", "collection");
  json_builder_set_member_name (builder, "entry");
  json_builder_begin_array (builder);
  begin_resource (builder, "Practitioner", practitioner);
  json_builder_set_member_name (builder, "name");
  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  add_member (builder, "text", founder->name);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
  end_resource (builder);
  if (*founder->clinic)
    {
      begin_resource (builder, "Organization", "clinic");
      add_member (builder, "name", founder->clinic);
      end_resource (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/* ---- the commands ---- */

/* The hub's words are sentences for an administrator, and whoever founds a clinic is one. */
static char *
run_hub (const char *const *arguments, const char *input, GCancellable *cancellable, GError **error)
{
  g_autoptr (GSubprocess) process =
      g_subprocess_newv (arguments,
                         G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                             G_SUBPROCESS_FLAGS_STDERR_PIPE,
                         error);
  g_autofree char *said = NULL, *complaint = NULL;

  if (!process ||
      !g_subprocess_communicate_utf8 (process, input, cancellable, &said, &complaint, error))
    return NULL;
  if (g_subprocess_get_successful (process))
    return g_steal_pointer (&said);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               _ ("The clinic could not be founded. Its server says: “%s”"),
               g_strstrip (complaint));
  return NULL;
}

typedef struct _Founding Founding;

struct _Founding
{
  char *folder, *data, *program;
  AppFounder *founder;
  char *(*run) (Founding *self, const char *id, GCancellable *cancellable, GError **error);
};

static void
founding_free (gpointer data)
{
  Founding *self = data;

  g_free (self->folder);
  g_free (self->data);
  g_free (self->program);
  app_founder_free (self->founder);
  g_free (self);
}

static gboolean
write_records (Founding *self, const char *id, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, "founding.json", NULL);
  g_autofree char *bundle = dup_bundle (self->founder, id);
  const char *const arguments[] = { self->program, "import", "--data", self->data, path, NULL };
  g_autofree char *said = NULL;

  if (!g_file_set_contents_full (path, bundle, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
    return FALSE;
  said = run_hub (arguments, NULL, cancellable, error);
  g_unlink (path);
  return said != NULL;
}

static gboolean
add_founder (Founding *self, const char *id, GCancellable *cancellable, GError **error)
{
  const AppFounder *founder = self->founder;
  g_autofree char *reference = g_strconcat ("Practitioner/", id, NULL);
  g_autofree char *password = g_strconcat (founder->password, "\n", NULL);
  const char *const arguments[] = {
    self->program, "user",   "--user",      founder->login, "--data",  self->data,         "--role",
    founder->role, "--name", founder->name, "--reference",  reference, "--password-stdin", NULL
  };
  g_autofree char *said = run_hub (arguments, password, cancellable, error);

  explicit_bzero (password, strlen (password));
  return said != NULL;
}

/* (transfer full) (nullable): the password that the hub made */
static char *
read_password (const char *said, GError **error)
{
  g_autoptr (JsonNode) root = json_from_string (said, NULL);

  if (root && JSON_NODE_HOLDS_OBJECT (root) &&
      json_object_has_member (json_node_get_object (root), "generated_password"))
    return g_strdup (
        json_object_get_string_member (json_node_get_object (root), "generated_password"));
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The clinic’s server made no password."));
  return NULL;
}

static char *
add_administrator (Founding *self, GCancellable *cancellable, GError **error)
{
  const char *const arguments[] = {
    self->program, "user",  "--user", ADMINISTRATOR,       "--data", self->data,
    "--role",      "admin", "--name", _ ("Administrator"), "--json", "--password-generate",
    NULL
  };
  g_autofree char *said = run_hub (arguments, NULL, cancellable, error);

  return said ? read_password (said, error) : NULL;
}

/* An account that is there is somebody's: it is left as it is. */
static char *
add_colleague (Founding *self, const char *id, GCancellable *cancellable, GError **error)
{
  g_autofree char *reference = g_strconcat ("Practitioner/", id, NULL);
  const char *const arguments[] = { self->program, "user",
                                    "add",         self->founder->login,
                                    "--data",      self->data,
                                    "--role",      self->founder->role,
                                    "--name",      self->founder->name,
                                    "--reference", reference,
                                    "--json",      "--password-generate",
                                    NULL };
  g_autofree char *said = run_hub (arguments, NULL, cancellable, error);

  return said ? read_password (said, error) : NULL;
}

/* ---- whether it was done ---- */

#define FOUNDED "founded"

/* Notes that the clinic of @folder is founded, and for whom: it is not founded over again. */
gboolean
app_founding_keep (const char *folder, const char *login, GError **error)
{
  g_autofree char *path = g_build_filename (folder, FOUNDED, NULL);

  return g_file_set_contents_full (path, login, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

/* (transfer full) (nullable): for whom the clinic of @folder was founded; NULL: there is none */
char *
app_founding_dup_login (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, FOUNDED, NULL);
  char *login = NULL;

  return g_file_get_contents (path, &login, NULL, NULL) ? g_strstrip (login) : NULL;
}

static gboolean
is_free (Founding *self, GError **error)
{
  g_autofree char *login = app_founding_dup_login (self->folder);

  if (!login)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
               _ ("There is a clinic in %s already. Nothing was changed."), self->folder);
  return FALSE;
}

static char *
found (Founding *self, const char *id, GCancellable *cancellable, GError **error)
{
  if (!is_free (self, error) || !write_records (self, id, cancellable, error) ||
      !add_founder (self, id, cancellable, error))
    return NULL;
  return add_administrator (self, cancellable, error);
}

/* (transfer full) (nullable): the accounts of the clinic */
static JsonNode *
list_accounts (Founding *self, GCancellable *cancellable, GError **error)
{
  const char *const arguments[] = { self->program, "user",   "list", "--data",
                                    self->data,    "--json", NULL };
  g_autofree char *said = run_hub (arguments, NULL, cancellable, error);
  g_autoptr (JsonNode) root = said ? json_from_string (said, NULL) : NULL;

  if (root && JSON_NODE_HOLDS_OBJECT (root) &&
      json_object_has_member (json_node_get_object (root), "users"))
    return g_steal_pointer (&root);
  if (said)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The clinic’s server made no password."));
  return NULL;
}

static gboolean
is_account (JsonNode *accounts, const char *login)
{
  JsonArray *users = json_object_get_array_member (json_node_get_object (accounts), "users");

  for (guint i = 0; i < json_array_get_length (users); i++)
    if (g_strcmp0 (json_object_get_string_member (json_array_get_object_element (users, i), "user"),
                   login) == 0)
      return TRUE;
  return FALSE;
}

/* The account comes last, because its password is told this once: nothing that fails behind it may
 * take it along. One that is there is refused by the hub, and its record is not written over. */
static char *
invite (Founding *self, const char *id, GCancellable *cancellable, GError **error)
{
  g_autoptr (JsonNode) accounts = list_accounts (self, cancellable, error);

  if (!accounts || (!is_account (accounts, self->founder->login) &&
                    !write_records (self, id, cancellable, error)))
    return NULL;
  return add_colleague (self, id, cancellable, error);
}

static void
found_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Founding *self = data;
  /* of the name, so that a second try writes the same record again */
  g_autofree char *id = base_sha256_hex (self->founder->login, -1);
  g_autofree char *password = NULL;
  GError *error = NULL;

  id[32] = '\0';
  self->program = app_local_hub_dup_program ();
  if (!self->program)
    g_set_error (&error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _ ("The program bedside-hub is not on this computer. Install it, or connect to "
                    "your clinic’s server instead."));
  else if (g_mkdir_with_parents (self->folder, 0700) != 0)
    g_set_error (
        &error, G_IO_ERROR, G_IO_ERROR_FAILED,
        _ ("Cannot make the folder %s (%s). Ask whoever looks after this computer to make room or "
           "to let you write there, then try again."),
        self->folder, g_strerror (errno));
  else
    password = self->run (self, id, cancellable, &error);
  if (password)
    g_task_return_pointer (task, g_steal_pointer (&password), g_free);
  else
    g_task_return_error (task, error);
}

static void
start (const char *folder,
       AppFounder *founder,
       char *(*run) (Founding *self, const char *id, GCancellable *cancellable, GError **error),
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Founding *self = g_new0 (Founding, 1);

  self->folder = g_canonicalize_filename (folder, NULL);
  self->data = g_build_filename (self->folder, "data", NULL);
  self->founder = founder;
  self->run = run;
  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, self, founding_free);
  g_task_run_in_thread (task, found_thread);
}

/* @folder: of the AppLocalHub that will serve the clinic. @founder: (transfer full) */
void
app_founding_async (const char *folder,
                    AppFounder *founder,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  start (folder, founder, found, cancellable, callback, user_data);
}

/* A colleague of a clinic that is there, also while it is served. @colleague: (transfer full) */
void
app_founding_add_colleague_async (const char *folder,
                                  AppFounder *colleague,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  start (folder, colleague, invite, cancellable, callback, user_data);
}

/* Returns: (transfer full) (nullable): the administrator's or the colleague's password, which is
 * told this once */
char *
app_founding_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
