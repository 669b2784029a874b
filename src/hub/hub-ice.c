/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-ice.h"

#include <string.h>
#include <sys/stat.h>

#include "base-id.h"
#include "base-secret-file.h"

/* How media find their way: the addresses of STUN and TURN servers out of a file that only the
 * hub's user may read, and a name and password for the TURN servers, made anew for each session by
 * the convention that coturn calls use-auth-secret: the name is "EXPIRY:SESSION", the password the
 * HMAC-SHA1 of it. The relay believes it until EXPIRY, and nobody has to tell the relay. */

#define GROUP            "ice"
#define MAX_SERVERS      8
#define MIN_LIFETIME     120
#define MAX_LIFETIME     (24 * 3600)
#define DEFAULT_LIFETIME 3600
#define MIN_SECRET       16
#define SESSION_BYTES    8

struct _HubIce
{
  gatomicrefcount references;
  BaseClock *clock;
  char *stun, *turn; /* a space between two */
  char *secret;
  int lifetime; /* seconds */
  gboolean relay_only;
};

HubIce *
hub_ice_ref (HubIce *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
hub_ice_unref (HubIce *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_object_unref (self->clock);
  g_free (self->stun);
  g_free (self->turn);
  g_free (self->secret);
  g_free (self);
}

/* ---- the file ---- */

/* "turn:host:port?transport=tcp" as RFC 7064 and 7065 write it; a port and a transport may be left
 * away. */
static gboolean
is_server (const char *text, gboolean turn)
{
  g_autoptr (GRegex) form = g_regex_new (
      turn ? "^turns?:(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?(\\?transport=(udp|tcp))?$"
           : "^stun:(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?$",
      G_REGEX_DOLLAR_ENDONLY, 0, NULL);

  return g_regex_match (form, text, 0, NULL);
}

/* @joined: (out): the list's addresses; NULL where there is none */
static gboolean
read_servers (GKeyFile *file, const char *key, char **joined, GError **error)
{
  g_auto (GStrv) list = g_key_file_get_string_list (file, GROUP, key, NULL, NULL);
  guint count = list != NULL ? g_strv_length (list) : 0;

  for (guint i = 0; i < count; i++)
    if (!is_server (g_strstrip (list[i]), g_str_equal (key, "turn")))
      {
        g_set_error (
            error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
            "“%s” in %s is not an address like %s", list[i], key,
            g_str_equal (key, "turn")
                ? "turn:relay.example.org:3478?transport=udp or turns:relay.example.org:443"
                : "stun:relay.example.org:3478");
        return FALSE;
      }
  if (count > MAX_SERVERS)
    {
      g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
                   "There are more than %d addresses in %s", MAX_SERVERS, key);
      return FALSE;
    }
  *joined = count > 0 ? g_strjoinv (" ", list) : NULL;
  return TRUE;
}

static gboolean
read_lifetime (HubIce *self, GKeyFile *file, GError **error)
{
  self->lifetime = DEFAULT_LIFETIME;
  if (!g_key_file_has_key (file, GROUP, "lifetime", NULL))
    return TRUE;
  self->lifetime = g_key_file_get_integer (file, GROUP, "lifetime", NULL);
  if (self->lifetime >= MIN_LIFETIME && self->lifetime <= MAX_LIFETIME)
    return TRUE;
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
               "lifetime is a number of seconds from %d to %d", MIN_LIFETIME, MAX_LIFETIME);
  return FALSE;
}

static gboolean
read_policy (HubIce *self, GKeyFile *file, GError **error)
{
  g_autoptr (GError) local = NULL;

  self->relay_only = g_key_file_get_boolean (file, GROUP, "relay-only", &local);
  if (g_error_matches (local, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE))
    {
      g_set_error_literal (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
                           "relay-only is true or false");
      return FALSE;
    }
  if (!self->relay_only || self->turn != NULL)
    return TRUE;
  g_set_error_literal (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
                       "relay-only needs an address in turn: no call could ever connect");
  return FALSE;
}

static gboolean
read_secret (HubIce *self, GKeyFile *file, GError **error)
{
  self->secret = g_key_file_get_string (file, GROUP, "secret", NULL);
  if (self->turn == NULL || (self->secret != NULL && strlen (self->secret) >= MIN_SECRET))
    return TRUE;
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
               "secret is missing or shorter than %d characters: it is coturn's "
               "static-auth-secret",
               MIN_SECRET);
  return FALSE;
}

/* A misspelt key would be passed over in silence, and a policy with it. */
static gboolean
check_keys (GKeyFile *file, GError **error)
{
  static const char *const known[] = { "stun", "turn", "secret", "lifetime", "relay-only", NULL };
  g_auto (GStrv) keys = g_key_file_get_keys (file, GROUP, NULL, NULL);

  for (gsize i = 0; keys != NULL && keys[i] != NULL; i++)
    if (!g_strv_contains (known, keys[i]))
      {
        g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND,
                     "There is no key “%s”: stun, turn, secret, lifetime and relay-only are known",
                     keys[i]);
        return FALSE;
      }
  if (keys != NULL)
    return TRUE;
  g_set_error_literal (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_GROUP_NOT_FOUND,
                       "There is no group [" GROUP "]");
  return FALSE;
}

static gboolean
read_file (HubIce *self, const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  struct stat status;

  if (stat (path, &status) == 0 && !base_secret_file_is_private (path, &status))
    {
      g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_PERM,
                           "others may read the secret in it: run chmod 600 on it first");
      return FALSE;
    }
  return g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error) &&
         check_keys (file, error) && read_servers (file, "stun", &self->stun, error) &&
         read_servers (file, "turn", &self->turn, error) && read_secret (self, file, error) &&
         read_lifetime (self, file, error) && read_policy (self, file, error);
}

/**
 * hub_ice_load:
 * @path: a key file with the group [ice]: stun and turn (lists of addresses, ';' between two),
 *   secret, lifetime in seconds, relay-only
 * @clock: the true time, which the relay has too; not a demo's
 *
 * Returns: (transfer full) (nullable): what the file says
 */
HubIce *
hub_ice_load (const char *path, BaseClock *clock, GError **error)
{
  g_autoptr (HubIce) self = g_new0 (HubIce, 1);

  g_atomic_ref_count_init (&self->references);
  self->clock = g_object_ref (clock);
  if (read_file (self, path, error))
    return g_steal_pointer (&self);
  g_prefix_error (error, "%s: ", path);
  return NULL;
}

/* ---- names and passwords ---- */

/**
 * hub_ice_dup_password:
 *
 * Returns: (transfer full): base64 of the HMAC-SHA1 of @user under @secret
 */
char *
hub_ice_dup_password (const char *secret, const char *user)
{
  guint8 digest[20];
  gsize length = sizeof digest;
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA1, (const guint8 *) secret, strlen (secret));

  g_hmac_update (hmac, (const guint8 *) user, (gssize) strlen (user));
  g_hmac_get_digest (hmac, digest, &length);
  return g_base64_encode (digest, length);
}

/**
 * hub_ice_mint:
 *
 * Returns: (transfer full): the message that tells one end of one session. Its name is of chance:
 *   the relay's log never says whose call it was.
 */
CareVisitMessage *
hub_ice_mint (HubIce *self)
{
  CareVisitMessage *message = care_visit_message_new (CARE_SIGNAL_ICE);
  g_autoptr (GBytes) random = NULL;
  g_autofree char *session = NULL;

  message->stun = g_strdup (self->stun);
  message->turn = g_strdup (self->turn);
  message->relay = self->relay_only;
  if (self->turn == NULL)
    return message;
  random = base_random_bytes (SESSION_BYTES);
  session = base_hex (g_bytes_get_data (random, NULL), SESSION_BYTES);
  message->user =
      g_strdup_printf ("%" G_GINT64_FORMAT ":%s",
                       base_clock_now (self->clock) / G_USEC_PER_SEC + self->lifetime, session);
  message->password = hub_ice_dup_password (self->secret, message->user);
  return message;
}

/**
 * hub_ice_get_renewal_us:
 *
 * Returns: after how many microseconds a session is given another name: at half of its life, so
 *   that the next peer connection of a long call always has one that is good
 */
gint64
hub_ice_get_renewal_us (HubIce *self)
{
  return (gint64) self->lifetime * G_USEC_PER_SEC / 2;
}
