/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-proxy.h"

#include <string.h>

#include "hub-reply.h"

/* Who asks, where limits are counted for each address. The hub listens on the loopback, so behind a
 * reverse proxy everybody has the proxy's address. What a proxy says in X-Forwarded-For is believed
 * of one that the administrator has named, and of nobody else: whoever could choose an address of
 * their own in each request would have no limit. */

#define DATA_KEY  "hub-proxies"
#define HEADER    "X-Forwarded-For"
#define MOST_HOPS 20

static gboolean
is_trusted (GPtrArray *trusted, GInetAddress *address)
{
  for (guint i = 0; trusted != NULL && i < trusted->len; i++)
    if (g_inet_address_mask_matches (trusted->pdata[i], address))
      return TRUE;
  return FALSE;
}

/* (transfer full) (nullable): "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]:80" */
static GInetAddress *
read_address (const char *text)
{
  g_autofree char *host = g_strstrip (g_strdup (text));
  char *end = *host == '[' ? strchr (host, ']') : NULL, *colon = strchr (host, ':');

  if (end != NULL)
    {
      *end = '\0';
      return g_inet_address_new_from_string (host + 1);
    }
  if (colon != NULL && strchr (colon + 1, ':') == NULL)
    *colon = '\0';
  return g_inet_address_new_from_string (host);
}

/* (transfer full): of version 6 the network: one household has more addresses than can be counted
 */
static char *
dup_counted (GInetAddress *address)
{
  guint8 bytes[16] = { 0 };
  g_autoptr (GInetAddress) network = NULL;
  g_autofree char *text = NULL;

  if (g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6)
    return g_inet_address_to_string (address);
  memcpy (bytes, g_inet_address_to_bytes (address), 8);
  network = g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV6);
  text = g_inet_address_to_string (network);
  return g_strconcat (text, "/64", NULL);
}

/**
 * hub_proxy_dup_client:
 * @trusted: (nullable) (element-type GInetAddressMask): the proxies that are believed
 * @peer: whose connection it is
 * @forwarded: (nullable): what its request says: the address of each before, the last one at the
 *   end
 *
 * Returns: (transfer full): the last address that no trusted proxy has, as limits count it: what
 *   stands before that was written by whoever asks
 */
char *
hub_proxy_dup_client (GPtrArray *trusted, const char *peer, const char *forwarded)
{
  g_auto (GStrv) hops = g_strsplit (forwarded != NULL ? forwarded : "", ",", -1);
  g_autoptr (GInetAddress) client = peer != NULL ? read_address (peer) : NULL;
  guint n = g_strv_length (hops);

  if (client == NULL)
    return g_strdup (peer != NULL ? peer : "");
  for (guint i = n; i > 0 && n - i < MOST_HOPS && is_trusted (trusted, client); i--)
    {
      GInetAddress *before = read_address (hops[i - 1]);

      if (before == NULL)
        break;
      g_object_unref (client);
      client = before;
    }
  return dup_counted (client);
}

/**
 * hub_proxy_set:
 * @networks: (nullable): addresses or networks, "127.0.0.1,10.0.0.0/8"
 */
gboolean
hub_proxy_set (HubServer *server, const char *networks, GError **error)
{
  g_auto (GStrv) all = g_strsplit (networks != NULL ? networks : "", ",", -1);
  g_autoptr (GPtrArray) trusted = g_ptr_array_new_with_free_func (g_object_unref);

  for (char **one = all; *one != NULL; one++)
    {
      const char *text = g_strstrip (*one);
      GInetAddressMask *mask =
          *text != '\0' ? g_inet_address_mask_new_from_string (text, NULL) : NULL;

      if (mask != NULL && g_inet_address_mask_get_length (mask) > 0)
        g_ptr_array_add (trusted, mask);
      else if (*text != '\0')
        {
          g_clear_object (&mask);
          g_set_error (error, HUB_ERROR, 400,
                       "“%s” is no address of a proxy: write one as 127.0.0.1, or a network as "
                       "10.0.0.0/8",
                       text);
          return FALSE;
        }
    }
  g_object_set_data_full (G_OBJECT (server), DATA_KEY, g_steal_pointer (&trusted),
                          (GDestroyNotify) g_ptr_array_unref);
  return TRUE;
}

/**
 * hub_proxy_dup_host:
 *
 * Returns: (transfer full): whom to count @message for
 */
char *
hub_proxy_dup_host (HubServer *server, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  return hub_proxy_dup_client (g_object_get_data (G_OBJECT (server), DATA_KEY),
                               soup_server_message_get_remote_host (message),
                               soup_message_headers_get_list (headers, HEADER));
}
