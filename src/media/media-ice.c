/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-ice.h"

#include <dlfcn.h>
#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>
#include <string.h>

/* How a call finds a path: the forms that webrtcbin takes, and what is let in from outside. */

#define MAX_CANDIDATE 1024

static const char *
strip_scheme (const char *url, const char *scheme)
{
  gsize length = strlen (scheme);

  return g_str_has_prefix (url, scheme) && url[length] == ':'
             ? url + length + (g_str_has_prefix (url + length, "://") ? 3 : 1)
             : NULL;
}

/**
 * media_ice_turn_uri:
 * @url: "turn:host:port?transport=udp" as browsers write it
 *
 * A name made by the REST convention holds ':' and its password '/', '+' and '=', so both are
 * escaped.
 *
 * Returns: (transfer full) (nullable): the form for webrtcbin, NULL when @url is not a TURN address
 */
char *
media_ice_turn_uri (const char *url, const char *user, const char *password)
{
  const char *scheme = "turn", *rest = strip_scheme (url, scheme);
  g_autofree char *escaped_user = NULL, *escaped_password = NULL;

  if (rest == NULL)
    rest = strip_scheme (url, scheme = "turns");
  if (rest == NULL || *rest == '\0' || strchr (rest, '@') != NULL)
    return NULL;
  escaped_user = g_uri_escape_string (user, NULL, FALSE);
  escaped_password = g_uri_escape_string (password, NULL, FALSE);
  return g_strdup_printf ("%s://%s:%s@%s", scheme, escaped_user, escaped_password, rest);
}

/**
 * media_ice_stun_uri:
 *
 * Returns: (transfer full) (nullable): "stun:host:port" in the form for webrtcbin
 */
char *
media_ice_stun_uri (const char *url)
{
  const char *rest = strip_scheme (url, "stun");

  return rest != NULL && *rest != '\0' ? g_strdup_printf ("stun://%s", rest) : NULL;
}

/**
 * media_ice_candidate_is_sane:
 *
 * Returns: whether @candidate from the other side may be handed to the ICE agent: one line, of
 *   bounded length, with the fields of RFC 8839 section 5.1 at their places
 */
gboolean
media_ice_candidate_is_sane (const char *candidate)
{
  g_auto (GStrv) fields = NULL;
  guint64 number;

  if (candidate == NULL || strlen (candidate) > MAX_CANDIDATE ||
      !g_str_has_prefix (candidate, "candidate:"))
    return FALSE;
  for (const char *p = candidate; *p != '\0'; p++)
    if (!g_ascii_isprint (*p))
      return FALSE;
  fields = g_strsplit (candidate, " ", -1);
  return g_strv_length (fields) >= 8 && strlen (fields[0]) > strlen ("candidate:") &&
         g_ascii_string_to_unsigned (fields[1], 10, 1, 256, &number, NULL) &&
         (g_ascii_strcasecmp (fields[2], "udp") == 0 ||
          g_ascii_strcasecmp (fields[2], "tcp") == 0) &&
         g_ascii_string_to_unsigned (fields[3], 10, 0, G_MAXUINT32, &number, NULL) &&
         g_ascii_string_to_unsigned (fields[5], 10, 0, G_MAXUINT16, &number, NULL) &&
         strcmp (fields[6], "typ") == 0;
}

/* ---- the agent of one connection ---- */

/**
 * media_ice_set_up:
 * @stun: (nullable): from media_ice_stun_uri ()
 * @turn: (nullable): from media_ice_turn_uri ()
 * @relay_only: whether only relays may carry the call
 */
void
media_ice_set_up (GObject *webrtcbin,
                  const char *stun,
                  const char *const *turn,
                  gboolean relay_only)
{
  if (stun != NULL)
    g_object_set (webrtcbin, "stun-server", stun, NULL);
  for (gsize i = 0; turn != NULL && turn[i] != NULL; i++)
    {
      gboolean taken;

      g_signal_emit_by_name (webrtcbin, "add-turn-server", turn[i], &taken);
    }
  if (relay_only)
    g_object_set (webrtcbin, "ice-transport-policy", GST_WEBRTC_ICE_TRANSPORT_POLICY_RELAY, NULL);
}

/**
 * media_ice_set_up_agent:
 * @webrtcbin: ready
 * @loopback: also offer 127.0.0.1
 *
 * libnice passes over 127.0.0.1 unless it is told of it; and it would ask the clinic's routers to
 * open ports (UPnP), which is for nobody but the clinic to decide.
 */
void
media_ice_set_up_agent (GObject *webrtcbin, gboolean loopback)
{
  g_autoptr (GObject) ice = NULL, agent = NULL;
  gboolean added;

  g_object_get (webrtcbin, "ice-agent", &ice, NULL);
  g_object_get (ice, "agent", &agent, NULL);
  g_object_set (agent, "upnp", FALSE, NULL);
  if (loopback)
    g_signal_emit_by_name (ice, "add-local-ip-address", "127.0.0.1", &added);
}

/* ---- giving relays back ---- */

typedef void (*CloseAgent) (GObject *agent, GAsyncReadyCallback callback, gpointer data);

static gboolean
let_go (gpointer ice)
{
  g_object_unref (ice);
  return G_SOURCE_REMOVE;
}

/* On the agent's own thread, which ends with @ice and can not wait for itself. */
static void
closed_cb (GObject *agent, GAsyncResult *result, gpointer ice)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, let_go, ice, NULL);
}

/**
 * media_ice_give_back:
 * @ice: a webrtcbin's "ice-agent", which is about to end
 *
 * Tells the TURN servers that their relays are needed no more. webrtcbin 1.26 leaves that out: they
 * stay taken until they run out, and libnice complains. The agent lives on by itself until they
 * have answered, which nobody waits for. Its header is one more package, so the one function is
 * looked up by name; the library is there because webrtcbin loaded it.
 */
void
media_ice_give_back (GObject *ice)
{
  static CloseAgent close_agent;
  static gsize looked_up;
  g_autoptr (GObject) agent = NULL;

  if (g_once_init_enter (&looked_up))
    {
      void *library = dlopen ("libnice.so.10", RTLD_LAZY | RTLD_NOLOAD);

      if (library != NULL)
        close_agent = (CloseAgent) dlsym (library, "nice_agent_close_async");
      g_once_init_leave (&looked_up, 1);
    }
  g_object_get (ice, "agent", &agent, NULL);
  if (close_agent != NULL && agent != NULL)
    close_agent (agent, closed_cb, g_object_ref (ice));
}
