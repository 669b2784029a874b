/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-account.h"

#include <string.h>

#include "base-id.h"
#include "hub-reply.h"
#include "hub-second-factor.h"

/* Users, as the administrator sees them. Nobody is ever removed: the audit names them. */

#define MAX_NAME 64

/* ---- token ---------------------------------------------------------------------------------- */

JsonNode *
hub_account_run_token (HubData *data,
                       JsonNode *command,
                       HubAdminProgress progress,
                       gpointer progress_data,
                       GError **error)
{
  const char *name = hub_admin_text (command, "user");
  g_autoptr (HubTokens) tokens = hub_access_issue (data->access, name != NULL ? name : "", error);
  g_autofree char *detail = g_strconcat ("token for ", name, NULL);
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (tokens == NULL || !hub_admin_note (data, "administer", NULL, detail, error) ||
      !hub_access_save (data->access, error))
    return NULL;
  json_builder_begin_object (builder);
  hub_admin_add_text (builder, "token", tokens->access_token);
  hub_admin_add_text (builder, "user", tokens->user->name);
  hub_admin_add_text (builder, "role", hub_role_get_name (tokens->user->role));
  hub_admin_add_text (builder, "reference", tokens->user->reference);
  hub_admin_add_number (builder, "expires_in", tokens->expires_in);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/* ---- user ----------------------------------------------------------------------------------- */

static gboolean
refuse (GError **error, guint status, const char *sentence)
{
  g_set_error_literal (error, HUB_ERROR, (int) status, sentence);
  return FALSE;
}

static gboolean
refuse_unknown (GError **error, const char *name)
{
  g_set_error (error, HUB_ERROR, 404,
               "There is no user “%s”: bedside-hub user list shows all of them", name);
  return FALSE;
}

/* What is typed to sign in, and stands in the audit. */
static gboolean
name_is_good (const char *name, GError **error)
{
  if (name == NULL || *name == '\0')
    return refuse (error, 400, "Name the user");
  if (strlen (name) <= MAX_NAME && g_utf8_validate (name, -1, NULL))
    {
      const char *at = name;

      while (*at != '\0' && g_unichar_isgraph (g_utf8_get_char (at)))
        at = g_utf8_next_char (at);
      if (*at == '\0')
        return TRUE;
    }
  return refuse (error, 400, "A user's name has up to 64 letters, digits and signs, and no spaces");
}

static HubUser *
read_user (HubData *data, JsonNode *command, GError **error)
{
  const char *name = hub_admin_text (command, "user");
  const char *reference = hub_admin_text (command, "reference");
  HubRole role = hub_role_from_name (hub_admin_text (command, "role"));

  if (!name_is_good (name, error))
    return NULL;
  if (role == HUB_ROLE_NONE)
    {
      refuse (
          error, 400,
          "Give the user a role with --role: prescriber, nurse, reception, patient, pharmacy or "
          "admin");
      return NULL;
    }
  if ((role == HUB_ROLE_PATIENT || role == HUB_ROLE_PHARMACY) && reference == NULL)
    {
      refuse (error, 400, "Name the record of a patient or pharmacy with --reference");
      return NULL;
    }
  return hub_user_new (name, hub_admin_text (command, "display"), role, reference);
}

static gboolean
put_user (HubData *data, JsonNode *command, GError **error)
{
  g_autoptr (HubUser) user = read_user (data, command, error);

  if (user == NULL)
    return FALSE;
  hub_access_put_user (data->access, user, hub_admin_text (command, "password-hash"));
  return TRUE;
}

static gboolean
add_user (HubData *data, JsonNode *command, GError **error)
{
  const char *name = hub_admin_text (command, "user");

  if (name != NULL && hub_access_knows (data->access, name))
    {
      g_set_error (error, HUB_ERROR, 409,
                   "There is a user “%s” already, perhaps disabled: bedside-hub user list shows it",
                   name);
      return FALSE;
    }
  return put_user (data, command, error);
}

static gboolean
disable_user (HubData *data, JsonNode *command, GError **error)
{
  const char *name = hub_admin_text (command, "user");

  return name_is_good (name, error) &&
         (hub_access_disable_user (data->access, name) || refuse_unknown (error, name));
}

static gboolean
enable_user (HubData *data, JsonNode *command, GError **error)
{
  const char *name = hub_admin_text (command, "user");

  return name_is_good (name, error) &&
         (hub_access_enable_user (data->access, name) || refuse_unknown (error, name));
}

static gboolean
set_password (HubData *data, JsonNode *command, GError **error)
{
  const char *name = hub_admin_text (command, "user");
  const char *hash = hub_admin_text (command, "password-hash");

  if (!name_is_good (name, error))
    return FALSE;
  if (hash == NULL)
    return refuse (error, 400,
                   "Give the password with --password-stdin or --password-file, or have one made "
                   "with --password-generate");
  return hub_access_set_password (data->access, name, hash) || refuse_unknown (error, name);
}

static gboolean
reset_work (StoreConnection *connection, gpointer who, GError **error)
{
  return hub_second_factor_reset (connection, who, error);
}

static gboolean
reset_second_factor (HubData *data, JsonNode *command, GError **error)
{
  const char *name = hub_admin_text (command, "user");
  g_autoptr (HubUser) user =
      name_is_good (name, error) ? hub_access_dup_user (data->access, name) : NULL;

  if (user == NULL)
    return *error == NULL ? refuse_unknown (error, name) : FALSE;
  if (user->reference == NULL)
    return refuse (error, 400, "This user is no person who signs: there is nothing to reset");
  return store_database_write (data->store, BASE_LANE_PERSON, reset_work, user->reference, error);
}

static void
add_account (const HubAccountView *account, gpointer data)
{
  JsonBuilder *builder = data;

  json_builder_begin_object (builder);
  hub_admin_add_text (builder, "user", account->user->name);
  hub_admin_add_text (builder, "name", account->user->display);
  hub_admin_add_text (builder, "role", hub_role_get_name (account->user->role));
  hub_admin_add_text (builder, "reference", account->user->reference);
  json_builder_set_member_name (builder, "disabled");
  json_builder_add_boolean_value (builder, account->disabled);
  json_builder_set_member_name (builder, "password");
  json_builder_add_boolean_value (builder, account->has_password);
  hub_admin_add_number (builder, "sign_ins", account->sign_ins);
  json_builder_end_object (builder);
}

static JsonNode *
list_users (HubData *data)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "users");
  json_builder_begin_array (builder);
  hub_access_foreach_account (data->access, add_account, builder);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static JsonNode *
describe_user (HubData *data, JsonNode *command, const char *done)
{
  const char *name = hub_admin_text (command, "user");
  g_autoptr (JsonNode) all = list_users (data);
  JsonArray *users = json_object_get_array_member (json_node_get_object (all), "users");

  for (guint i = 0; i < json_array_get_length (users); i++)
    {
      JsonObject *one = json_array_get_object_element (users, i);

      if (g_strcmp0 (json_object_get_string_member (one, "user"), name) != 0)
        continue;
      json_object_set_string_member (one, "done", done);
      return json_node_copy (json_array_get_element (users, i));
    }
  return NULL;
}

static const struct
{
  const char *name, *done;
  gboolean (*run) (HubData *data, JsonNode *command, GError **error);
} actions[] = {
  { "put", "kept", put_user },
  { "add", "added", add_user },
  { "disable", "disabled; every sign-in and connection has ended", disable_user },
  { "enable", "enabled", enable_user },
  { "password", "has another password; every sign-in has ended", set_password },
  { "second-factor-reset", "has no second factor any more: the next that is set up counts",
    reset_second_factor },
};

/* A change is in force at once, and in the audit before it is kept. */
JsonNode *
hub_account_run_user (HubData *data,
                      JsonNode *command,
                      HubAdminProgress progress,
                      gpointer progress_data,
                      GError **error)
{
  const char *action = hub_admin_text (command, "action");
  g_autofree char *detail = NULL;

  if (g_strcmp0 (action, "list") == 0)
    return list_users (data);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (g_strcmp0 (action, actions[i].name) != 0)
        continue;
      if (!actions[i].run (data, command, error))
        return NULL;
      detail = g_strdup_printf ("user %s %s", action, hub_admin_text (command, "user"));
      if (!hub_admin_note (data, "administer", NULL, detail, error) ||
          !hub_access_save (data->access, error))
        return NULL;
      return describe_user (data, command, actions[i].done);
    }
  refuse (error, 400,
          "What shall be done with users: add, list, disable, enable, password or "
          "second-factor-reset?");
  return NULL;
}

/* ---- for the command line ------------------------------------------------------------------- */

/**
 * hub_account_new_password:
 *
 * Returns: (transfer full): a password of 99 random bits that can be read out on the telephone
 */
char *
hub_account_new_password (void)
{
  static const char signs[] = "abcdefghjkmnpqrstuvwxyz23456789"; /* none like another */
  g_autoptr (GBytes) random = base_random_bytes (20);
  const guint8 *bytes = g_bytes_get_data (random, NULL);
  GString *out = g_string_new (NULL);

  for (int i = 0; i < 20; i++)
    {
      if (i > 0 && i % 5 == 0)
        g_string_append_c (out, '-');
      g_string_append_c (out, signs[bytes[i] % strlen (signs)]);
    }
  return g_string_free_and_steal (out);
}

static const char *
state_of (JsonObject *user)
{
  if (json_object_get_boolean_member (user, "disabled"))
    return "disabled";
  return json_object_get_boolean_member (user, "password") ? "may sign in" : "no password";
}

/**
 * hub_account_list_text:
 * @result: of user list
 *
 * Returns: (transfer full): a line for each user
 */
char *
hub_account_list_text (JsonNode *result)
{
  JsonArray *users = json_object_get_array_member (json_node_get_object (result), "users");
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (users); i++)
    {
      JsonObject *user = json_array_get_object_element (users, i);

      g_string_append_printf (out, "%-16s %-10s %-11s %s%s%s\n",
                              json_object_get_string_member (user, "user"),
                              json_object_get_string_member (user, "role"), state_of (user),
                              json_object_get_string_member (user, "name"),
                              json_object_has_member (user, "reference") ? ", " : "",
                              json_object_get_string_member_with_default (user, "reference", ""));
    }
  if (out->len == 0)
    g_string_append (out, "There are no users yet: bedside-hub user add makes the first\n");
  return g_string_free_and_steal (out);
}
