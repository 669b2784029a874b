/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-access.h"

#include <string.h>

#include "base-id.h"
#include "hub-access-private.h"
#include "hub-reply.h"

/* Codes and tokens. A sign-in makes a grant; its tokens end together when a code or a refresh token
 * is used twice, because then somebody has a copy. */

#define CODE_US       (60 * G_USEC_PER_SEC)
#define ACCESS_US     (3600 * (gint64) G_USEC_PER_SEC)
#define REFRESH_US    (30 * 24 * 3600 * (gint64) G_USEC_PER_SEC)
#define CODE_KEEP_US  (600 * G_USEC_PER_SEC)
#define SPENT_KEPT    64
#define CODES_WAITING 1000

typedef struct
{
  HubUser *user;
  char *client, *redirect, *challenge, *scope;
  char *grant; /* id of the grant that it was redeemed for */
  gint64 made;
} HubCode;

void
hub_code_free (gpointer data)
{
  HubCode *code = data;

  hub_user_unref (code->user);
  g_free (code->client);
  g_free (code->redirect);
  g_free (code->challenge);
  g_free (code->scope);
  g_free (code->grant);
  g_free (code);
}

void
hub_tokens_free (HubTokens *tokens)
{
  g_free (tokens->access_token);
  g_free (tokens->refresh_token);
  g_free (tokens->scope);
  hub_user_unref (tokens->user);
  g_free (tokens);
}

void
hub_grant_free (gpointer data)
{
  HubGrant *grant = data;

  g_free (grant->id);
  g_free (grant->user);
  g_free (grant->client);
  g_free (grant->scope);
  g_free (grant->refresh);
  g_ptr_array_unref (grant->spent);
  g_hash_table_unref (grant->passes);
  g_free (grant);
}

HubGrant *
hub_grant_new (const char *id, const char *user, const char *client, const char *scope)
{
  HubGrant *grant = g_new0 (HubGrant, 1);

  grant->id = g_strdup (id);
  grant->user = g_strdup (user);
  grant->client = g_strdup (client);
  grant->scope = g_strdup (scope);
  grant->spent = g_ptr_array_new_with_free_func (g_free);
  grant->passes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return grant;
}

void
hub_access_add_pass (HubAccess *self, HubGrant *grant, const char *hash, gint64 expires)
{
  HubPass *pass = g_new (HubPass, 1);
  char *key = g_strdup (hash);

  pass->grant = grant;
  pass->expires = expires;
  g_hash_table_replace (grant->passes, key, pass);
  g_hash_table_replace (self->passes, key, pass);
}

void
hub_access_add_grant (HubAccess *self, HubGrant *grant)
{
  g_hash_table_replace (self->grants, grant->id, grant);
  if (grant->refresh != NULL)
    g_hash_table_replace (self->refresh, g_strdup (grant->refresh), grant);
  for (guint i = 0; i < grant->spent->len; i++)
    g_hash_table_replace (self->refresh, g_strdup (grant->spent->pdata[i]), grant);
}

void
hub_access_remove_grant (HubAccess *self, HubGrant *grant)
{
  GHashTableIter iter;
  gpointer hash;

  g_hash_table_iter_init (&iter, grant->passes);
  while (g_hash_table_iter_next (&iter, &hash, NULL))
    g_hash_table_remove (self->passes, hash);
  if (grant->refresh != NULL)
    g_hash_table_remove (self->refresh, grant->refresh);
  for (guint i = 0; i < grant->spent->len; i++)
    g_hash_table_remove (self->refresh, grant->spent->pdata[i]);
  g_hash_table_remove (self->grants, grant->id);
}

static void
prune_passes (HubAccess *self, HubGrant *grant, gint64 now)
{
  GHashTableIter iter;
  gpointer hash, pass;

  g_hash_table_iter_init (&iter, grant->passes);
  while (g_hash_table_iter_next (&iter, &hash, &pass))
    if (((HubPass *) pass)->expires <= now)
      {
        g_hash_table_remove (self->passes, hash);
        g_hash_table_iter_remove (&iter);
      }
}

static gboolean
code_is_of (gpointer hash, gpointer code, gpointer name)
{
  return name == NULL || g_str_equal (((HubCode *) code)->user->name, name);
}

/**
 * hub_access_forget_codes:
 * @name: (nullable): whose; NULL for everybody's
 *
 * A sign-in that waits to be finished comes to nothing.
 */
void
hub_access_forget_codes (HubAccess *self, const char *name)
{
  g_hash_table_foreach_remove (self->codes, code_is_of, (gpointer) name);
}

static gboolean
code_is_old (gpointer hash, gpointer code, gpointer now)
{
  return ((HubCode *) code)->made + CODE_KEEP_US < *(gint64 *) now;
}

/**
 * hub_access_prune:
 *
 * Forgets what ended.
 */
void
hub_access_prune (HubAccess *self)
{
  gint64 now = base_clock_now (self->clock);
  g_autoptr (GPtrArray) ended = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_foreach_remove (self->codes, code_is_old, &now);
  g_hash_table_iter_init (&iter, self->grants);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      HubGrant *grant = value;

      prune_passes (self, grant, now);
      if (g_hash_table_size (grant->passes) == 0 &&
          (grant->refresh == NULL || grant->refresh_expires <= now))
        g_ptr_array_add (ended, grant);
    }
  for (guint i = 0; i < ended->len; i++)
    hub_access_remove_grant (self, ended->pdata[i]);
}

static HubTokens *
issue (HubAccess *self, HubGrant *grant, HubUser *user, gboolean refreshable)
{
  HubTokens *tokens = g_new0 (HubTokens, 1);
  g_autofree char *hash = NULL;

  tokens->access_token = base_id_new_token ();
  tokens->scope = g_strdup (grant->scope);
  tokens->expires_in = ACCESS_US / G_USEC_PER_SEC;
  tokens->user = hub_user_ref (user);
  hash = base_sha256_hex (tokens->access_token, -1);
  hub_access_add_pass (self, grant, hash, base_clock_now (self->clock) + ACCESS_US);
  if (!refreshable)
    return tokens;
  tokens->refresh_token = base_id_new_token ();
  if (grant->refresh != NULL)
    g_ptr_array_add (grant->spent, grant->refresh);
  if (grant->spent->len > SPENT_KEPT)
    {
      g_hash_table_remove (self->refresh, grant->spent->pdata[0]);
      g_ptr_array_remove_index (grant->spent, 0);
    }
  grant->refresh = base_sha256_hex (tokens->refresh_token, -1);
  grant->refresh_expires = base_clock_now (self->clock) + REFRESH_US;
  g_hash_table_replace (self->refresh, g_strdup (grant->refresh), grant);
  return tokens;
}

/* ---- asking with a token -------------------------------------------------------------------- */

/**
 * hub_access_check_token_until:
 * @expires: (out): when the token ends, in microseconds since 1970; of a guest's it is not known
 *
 * Returns: (transfer full) (nullable): whose token it is, NULL where it is unknown or has ended
 */
HubUser *
hub_access_check_token_until (HubAccess *self, const char *access_token, gint64 *expires)
{
  g_autofree char *hash = base_sha256_hex (access_token, -1);
  const HubPass *pass = g_hash_table_lookup (self->passes, hash);

  *expires = 0;
  if (pass == NULL)
    return hub_access_find_guest (self, access_token);
  *expires = pass->expires;
  return pass->expires > base_clock_now (self->clock)
             ? hub_access_dup_user (self, pass->grant->user)
             : NULL;
}

HubUser *
hub_access_check_token (HubAccess *self, const char *access_token)
{
  gint64 expires;

  return hub_access_check_token_until (self, access_token, &expires);
}

/**
 * hub_access_authenticate:
 *
 * Returns: (transfer full) (nullable): who sends @message, by the bearer token in its headers
 */
HubUser *
hub_access_authenticate (HubAccess *self, SoupServerMessage *message)
{
  const char *header =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                    "Authorization");

  if (header == NULL || g_ascii_strncasecmp (header, "Bearer ", 7) != 0)
    return NULL;
  return hub_access_check_token (self, header + 7 + strspn (header + 7, " "));
}

/* ---- getting a token ------------------------------------------------------------------------ */

/**
 * hub_access_new_code:
 * @challenge: the PKCE challenge, S256
 *
 * Returns: (transfer full) (nullable): a code that is good for a minute and once; NULL where too
 *   many wait to be redeemed
 */
char *
hub_access_new_code (HubAccess *self,
                     HubUser *user,
                     const char *client,
                     const char *redirect,
                     const char *challenge,
                     const char *scope)
{
  char *text = base_id_new_token ();
  HubCode *code = g_new0 (HubCode, 1);

  hub_access_prune (self);
  code->user = hub_user_ref (user);
  code->client = g_strdup (client);
  code->redirect = g_strdup (redirect);
  code->challenge = g_strdup (challenge);
  code->scope = g_strdup (scope);
  code->made = base_clock_now (self->clock);
  if (g_hash_table_size (self->codes) >= CODES_WAITING)
    {
      hub_code_free (code);
      g_clear_pointer (&text, g_free);
      return NULL;
    }
  g_hash_table_replace (self->codes, base_sha256_hex (text, -1), code);
  return text;
}

static char *
challenge_of (const char *verifier)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (sum, (const guint8 *) verifier, -1);
  g_checksum_get_digest (sum, digest, &length);
  return base_base64url (digest, length);
}

static gboolean
scope_has (const char *scope, const char *word)
{
  g_auto (GStrv) words = g_strsplit (scope, " ", -1);

  return g_strv_contains ((const char *const *) words, word);
}

/**
 * hub_access_redeem_code:
 *
 * Returns: (transfer full): tokens, not yet saved; NULL with HUB_ERROR 400 where anything differs
 *   from what the code was made for. A code that comes twice ends what its first use gave.
 */
HubTokens *
hub_access_redeem_code (HubAccess *self,
                        const char *code,
                        const char *client,
                        const char *redirect,
                        const char *verifier,
                        GError **error)
{
  g_autofree char *hash = base_sha256_hex (code, -1);
  g_autofree char *challenge = challenge_of (verifier);
  g_autofree char *id = NULL;
  HubCode *known = g_hash_table_lookup (self->codes, hash);
  HubGrant *grant;

  if (known != NULL && known->grant != NULL)
    {
      grant = g_hash_table_lookup (self->grants, known->grant);
      if (grant != NULL)
        hub_access_remove_grant (self, grant);
      known = NULL;
    }
  if (known == NULL || known->made + CODE_US < base_clock_now (self->clock) ||
      !g_str_equal (known->client, client) || !g_str_equal (known->redirect, redirect) ||
      !base_equal_constant_time (known->challenge, challenge))
    {
      g_set_error (
          error, HUB_ERROR, 400,
          "The code is unknown, used, too old or was made for another request: sign in again");
      return NULL;
    }
  id = base_id_new (base_clock_now (self->clock));
  grant = hub_grant_new (id, known->user->name, client, known->scope);
  known->grant = g_steal_pointer (&id);
  hub_access_add_grant (self, grant);
  return issue (self, grant, known->user,
                scope_has (known->scope, "offline_access") ||
                    scope_has (known->scope, "online_access"));
}

/**
 * hub_access_refresh:
 *
 * Returns: (transfer full): new tokens, not yet saved. The refresh token that was given is spent;
 * if it comes again, every token of that sign-in ends.
 */
HubTokens *
hub_access_refresh (HubAccess *self, const char *refresh_token, const char *client, GError **error)
{
  g_autofree char *hash = base_sha256_hex (refresh_token, -1);
  HubGrant *grant = g_hash_table_lookup (self->refresh, hash);
  g_autoptr (HubUser) user = grant != NULL ? hub_access_dup_user (self, grant->user) : NULL;

  if (grant != NULL && g_strcmp0 (grant->refresh, hash) != 0)
    {
      hub_access_remove_grant (self, grant);
      grant = NULL;
    }
  if (grant == NULL || user == NULL || !g_str_equal (grant->client, client) ||
      grant->refresh_expires <= base_clock_now (self->clock))
    {
      g_set_error (error, HUB_ERROR, 400,
                   "The refresh token is unknown, used or too old: sign in again");
      return NULL;
    }
  return issue (self, grant, user, TRUE);
}

/**
 * hub_access_issue:
 *
 * For the administrator on the machine itself: an access token without a sign-in, not yet saved.
 */
HubTokens *
hub_access_issue (HubAccess *self, const char *name, GError **error)
{
  g_autoptr (HubUser) user = hub_access_dup_user (self, name);
  g_autofree char *id = base_id_new (base_clock_now (self->clock));
  HubGrant *grant;

  if (user == NULL)
    {
      g_set_error (error, HUB_ERROR, 404, "There is no user “%s” who may sign in", name);
      return NULL;
    }
  grant = hub_grant_new (id, name, "command-line", "user/*.cruds");
  hub_access_add_grant (self, grant);
  return issue (self, grant, user, FALSE);
}
