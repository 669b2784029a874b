/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-access.h"

#include <string.h>

#include "base-id.h"
#include "hub-access-private.h"
#include "hub-reply.h"
#include "store-setting.h"

/* Users, and how all of it is kept: one JSON document in the store's settings. A clinic has tens of
 * users and tokens. Tokens themselves are in hub-access-grants.c, passwords in
 * hub-access-password.c. */

#define SETTING "hub.access"

enum
{
  USER_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HubAccess, hub_access, G_TYPE_OBJECT)

static void
account_free (gpointer data)
{
  HubAccount *account = data;

  hub_user_unref (account->user);
  g_free (account->password);
  g_free (account);
}

static void
hub_access_dispose (GObject *object)
{
  HubAccess *self = HUB_ACCESS (object);

  g_clear_object (&self->store);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (hub_access_parent_class)->dispose (object);
}

static void
hub_access_finalize (GObject *object)
{
  HubAccess *self = HUB_ACCESS (object);

  g_hash_table_unref (self->guests);
  g_hash_table_unref (self->tries);
  g_hash_table_unref (self->codes);
  g_hash_table_unref (self->passes);
  g_hash_table_unref (self->refresh);
  g_hash_table_unref (self->grants);
  g_hash_table_unref (self->accounts);

  G_OBJECT_CLASS (hub_access_parent_class)->finalize (object);
}

static void
hub_access_class_init (HubAccessClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = hub_access_dispose;
  object_class->finalize = hub_access_finalize;

  /**
   * HubAccess::user-changed:
   * @name: (nullable): who has another role or record now, may sign in no more, or had their
   *   sign-ins ended; NULL for everybody
   *
   * Whoever keeps a connection open for this user asks hub_access_may_stay() again.
   */
  signals[USER_CHANGED] =
      g_signal_new ("user-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
hub_access_init (HubAccess *self)
{
  self->guests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, hub_guest_free);
  self->tries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->accounts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, account_free);
  self->grants = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, hub_grant_free);
  self->passes = g_hash_table_new (g_str_hash, g_str_equal);
  self->refresh = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, hub_code_free);
}

/* ---- kept in the store ---------------------------------------------------------------------- */

static void
add_number (JsonBuilder *builder, const char *name, gint64 number)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, number);
}

static void
save_account (JsonBuilder *builder, const HubAccount *account)
{
  json_builder_begin_object (builder);
  hub_reply_add_text (builder, "name", account->user->name);
  hub_reply_add_text (builder, "display", account->user->display);
  hub_reply_add_text (builder, "role", hub_role_get_name (account->user->role));
  hub_reply_add_text (builder, "reference", account->user->reference);
  hub_reply_add_text (builder, "password", account->password);
  if (account->disabled)
    add_number (builder, "disabled", 1);
  json_builder_end_object (builder);
}

static void
save_grant (JsonBuilder *builder, const HubGrant *grant)
{
  GHashTableIter iter;
  gpointer hash, pass;

  json_builder_begin_object (builder);
  hub_reply_add_text (builder, "id", grant->id);
  hub_reply_add_text (builder, "user", grant->user);
  hub_reply_add_text (builder, "client", grant->client);
  hub_reply_add_text (builder, "scope", grant->scope);
  hub_reply_add_text (builder, "refresh", grant->refresh);
  add_number (builder, "refresh-expires", grant->refresh_expires);
  json_builder_set_member_name (builder, "spent");
  json_builder_begin_array (builder);
  for (guint i = 0; i < grant->spent->len; i++)
    json_builder_add_string_value (builder, grant->spent->pdata[i]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "passes");
  json_builder_begin_object (builder);
  g_hash_table_iter_init (&iter, grant->passes);
  while (g_hash_table_iter_next (&iter, &hash, &pass))
    add_number (builder, hash, ((HubPass *) pass)->expires);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static char *
dup_document (HubAccess *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  GHashTableIter iter;
  gpointer value;

  hub_access_prune (self);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "accounts");
  json_builder_begin_array (builder);
  g_hash_table_iter_init (&iter, self->accounts);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    save_account (builder, value);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "grants");
  json_builder_begin_array (builder);
  g_hash_table_iter_init (&iter, self->grants);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    save_grant (builder, value);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static const char *
member (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

static void
load_account (HubAccess *self, JsonObject *object)
{
  HubAccount *account = g_new0 (HubAccount, 1);

  account->user =
      hub_user_new (member (object, "name"), member (object, "display"),
                    hub_role_from_name (member (object, "role")), member (object, "reference"));
  account->password = g_strdup (member (object, "password"));
  account->disabled = json_object_get_int_member_with_default (object, "disabled", 0) != 0;
  g_hash_table_replace (self->accounts, g_strdup (account->user->name), account);
}

static void
load_grant (HubAccess *self, JsonObject *object)
{
  HubGrant *grant = hub_grant_new (member (object, "id"), member (object, "user"),
                                   member (object, "client"), member (object, "scope"));
  JsonArray *spent = json_object_get_array_member (object, "spent");
  JsonObject *passes = json_object_get_object_member (object, "passes");
  JsonObjectIter iter;
  const char *hash;
  JsonNode *expires;

  grant->refresh = g_strdup (member (object, "refresh"));
  grant->refresh_expires = json_object_get_int_member (object, "refresh-expires");
  for (guint i = 0; i < json_array_get_length (spent); i++)
    g_ptr_array_add (grant->spent, g_strdup (json_array_get_string_element (spent, i)));
  hub_access_add_grant (self, grant);
  json_object_iter_init (&iter, passes);
  while (json_object_iter_next (&iter, &hash, &expires))
    hub_access_add_pass (self, grant, hash, json_node_get_int (expires));
}

static gboolean
load_document (HubAccess *self, const char *text, GError **error)
{
  g_autoptr (JsonNode) root = json_from_string (text, error);
  JsonObject *object;
  JsonArray *accounts, *grants;

  if (root == NULL)
    return FALSE;
  object = json_node_get_object (root);
  accounts = json_object_get_array_member (object, "accounts");
  grants = json_object_get_array_member (object, "grants");
  for (guint i = 0; i < json_array_get_length (accounts); i++)
    load_account (self, json_array_get_object_element (accounts, i));
  for (guint i = 0; i < json_array_get_length (grants); i++)
    load_grant (self, json_array_get_object_element (grants, i));
  return TRUE;
}

static gboolean
read_setting (StoreConnection *connection, gpointer data, GError **error)
{
  char **text = data;

  *text = store_setting_get (connection, SETTING);
  return TRUE;
}

static gboolean
write_setting (StoreConnection *connection, gpointer data, GError **error)
{
  return store_setting_set (connection, SETTING, data, error);
}

/**
 * hub_access_new:
 *
 * Reads what the store knows of users and tokens; waits for it.
 */
HubAccess *
hub_access_new (StoreDatabase *store, BaseClock *clock, GError **error)
{
  g_autoptr (HubAccess) self = g_object_new (HUB_TYPE_ACCESS, NULL);
  g_autofree char *text = NULL;

  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  if (!store_database_read (store, read_setting, &text, error))
    return NULL;
  if (text != NULL && !load_document (self, text, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * hub_access_save:
 *
 * Writes users and tokens, and waits until they are on the disk.
 */
gboolean
hub_access_save (HubAccess *self, GError **error)
{
  g_autofree char *text = dup_document (self);

  return store_database_write (self->store, BASE_LANE_PERSON, write_setting, text, error);
}

void
hub_access_save_async (HubAccess *self, GAsyncReadyCallback callback, gpointer user_data)
{
  store_database_write_async (self->store, BASE_LANE_PERSON, write_setting, dup_document (self),
                              g_free, NULL, callback, user_data);
}

gboolean
hub_access_save_finish (HubAccess *self, GAsyncResult *result, GError **error)
{
  return store_database_write_finish (self->store, result, error);
}

/* ---- users ---------------------------------------------------------------------------------- */

static gboolean
is_same (HubUser *one, HubUser *other)
{
  return one->role == other->role && g_strcmp0 (one->reference, other->reference) == 0;
}

/**
 * hub_access_put_user:
 * @password_hash: (nullable): of base_password_hash(), which takes a second; with NULL a known user
 * keeps theirs, a new one cannot sign in by password
 *
 * Adds a user, or changes one of the same name, who stays disabled where they were. Not kept until
 * saved.
 */
void
hub_access_put_user (HubAccess *self, HubUser *user, const char *password_hash)
{
  HubAccount *known = g_hash_table_lookup (self->accounts, user->name);
  HubAccount *account = g_new0 (HubAccount, 1);
  gboolean changed = known != NULL && !is_same (known->user, user);

  account->user = hub_user_ref (user);
  account->disabled = known != NULL && known->disabled;
  if (password_hash != NULL)
    account->password = g_strdup (password_hash);
  else if (known != NULL)
    account->password = g_steal_pointer (&known->password);
  g_hash_table_replace (self->accounts, g_strdup (user->name), account);
  if (changed)
    g_signal_emit (self, signals[USER_CHANGED], 0, user->name);
}

/**
 * hub_access_end_sign_ins:
 * @name: (nullable): whose; NULL for everybody's
 *
 * Ends every token of the user, and every sign-in that was begun. Not kept until saved.
 *
 * Returns: how many sign-ins ended
 */
guint
hub_access_end_sign_ins (HubAccess *self, const char *name)
{
  g_autoptr (GPtrArray) ended = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer grant;

  g_hash_table_iter_init (&iter, self->grants);
  while (g_hash_table_iter_next (&iter, NULL, &grant))
    if (name == NULL || g_str_equal (((HubGrant *) grant)->user, name))
      g_ptr_array_add (ended, grant);
  for (guint i = 0; i < ended->len; i++)
    hub_access_remove_grant (self, ended->pdata[i]);
  hub_access_forget_codes (self, name);
  return ended->len;
}

/**
 * hub_access_disable_user:
 *
 * Ends every token and connection of the user and lets nobody sign in as them. Not kept until
 * saved.
 */
gboolean
hub_access_disable_user (HubAccess *self, const char *name)
{
  HubAccount *account = g_hash_table_lookup (self->accounts, name);

  if (account == NULL)
    return FALSE;
  account->disabled = TRUE;
  hub_access_end_sign_ins (self, name);
  g_signal_emit (self, signals[USER_CHANGED], 0, name);
  return TRUE;
}

/**
 * hub_access_enable_user:
 *
 * Lets the user sign in again, with the password they had. Not kept until saved.
 */
gboolean
hub_access_enable_user (HubAccess *self, const char *name)
{
  HubAccount *account = g_hash_table_lookup (self->accounts, name);

  if (account == NULL)
    return FALSE;
  account->disabled = FALSE;
  return TRUE;
}

/**
 * hub_access_set_password:
 *
 * Whoever knew the old one is signed out. Not kept until saved.
 */
gboolean
hub_access_set_password (HubAccess *self, const char *name, const char *password_hash)
{
  HubAccount *account = g_hash_table_lookup (self->accounts, name);

  if (account == NULL)
    return FALSE;
  g_free (account->password);
  account->password = g_strdup (password_hash);
  hub_access_end_sign_ins (self, name);
  g_signal_emit (self, signals[USER_CHANGED], 0, name);
  return TRUE;
}

/**
 * hub_access_is_empty:
 *
 * Returns: whether there never was a user
 */
gboolean
hub_access_is_empty (HubAccess *self)
{
  return g_hash_table_size (self->accounts) == 0;
}

gboolean
hub_access_knows (HubAccess *self, const char *name)
{
  return g_hash_table_contains (self->accounts, name);
}

/**
 * hub_access_may_stay:
 * @user: who opened a connection, as they were then
 *
 * Returns: whether they may still do what they could then. A connection outlives the token that it
 *   was opened with, but not the right to it.
 */
gboolean
hub_access_may_stay (HubAccess *self, HubUser *user)
{
  g_autoptr (HubUser) now = hub_access_dup_user (self, user->name);

  return (now != NULL && is_same (now, user)) || hub_access_guest_may_stay (self, user);
}

/**
 * hub_access_dup_user:
 *
 * Returns: (transfer full) (nullable): the user called @name who may sign in
 */
HubUser *
hub_access_dup_user (HubAccess *self, const char *name)
{
  HubAccount *account = g_hash_table_lookup (self->accounts, name);

  return account != NULL && !account->disabled ? hub_user_ref (account->user) : NULL;
}

static int
compare_names (gconstpointer one, gconstpointer other)
{
  return strcmp (*(const char *const *) one, *(const char *const *) other);
}

static guint
count_sign_ins (HubAccess *self, const char *name)
{
  GHashTableIter iter;
  gpointer grant;
  guint count = 0;

  g_hash_table_iter_init (&iter, self->grants);
  while (g_hash_table_iter_next (&iter, NULL, &grant))
    count += g_str_equal (((HubGrant *) grant)->user, name) ? 1 : 0;
  return count;
}

/**
 * hub_access_foreach_account:
 *
 * Shows every account, disabled ones too, in the order of their names.
 */
void
hub_access_foreach_account (HubAccess *self, HubAccountFunc function, gpointer data)
{
  g_autoptr (GPtrArray) names = g_hash_table_get_keys_as_ptr_array (self->accounts);

  hub_access_prune (self);
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      const HubAccount *account = g_hash_table_lookup (self->accounts, names->pdata[i]);
      const HubAccountView view = { account->user, account->disabled, account->password != NULL,
                                    count_sign_ins (self, names->pdata[i]) };

      function (&view, data);
    }
}
