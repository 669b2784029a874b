/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-network.h"

#include <glib/gi18n.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

/**
 * AppNetwork:
 *
 * Goes by the addresses that the computer has itself, a VPN's among them: what a network is called,
 * anybody can imitate.
 */

struct _AppNetwork
{
  GObject parent_instance;

  BaseFleet *fleet; /* (nullable) */
  AppNetworkList list;
  gpointer user_data;
  char *refusal;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AppNetwork, app_network, G_TYPE_OBJECT)

static GInetAddress *
read_address (const struct sockaddr *address)
{
  gboolean is_six = address->sa_family == AF_INET6;
  g_autoptr (GSocketAddress) native = NULL;

  if (address->sa_family != AF_INET && !is_six)
    return NULL;
  native =
      g_socket_address_new_from_native ((gpointer) address, is_six ? sizeof (struct sockaddr_in6)
                                                                   : sizeof (struct sockaddr_in));
  return g_object_ref (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (native)));
}

/* (transfer full): GInetAddress of the interfaces that are up. */
GPtrArray *
app_network_list_own (gpointer unused)
{
  GPtrArray *addresses = g_ptr_array_new_with_free_func (g_object_unref);
  struct ifaddrs *interfaces = NULL;

  if (getifaddrs (&interfaces) != 0)
    return addresses;
  for (struct ifaddrs *one = interfaces; one; one = one->ifa_next)
    {
      GInetAddress *address =
          one->ifa_addr && (one->ifa_flags & IFF_UP) ? read_address (one->ifa_addr) : NULL;
      if (address)
        g_ptr_array_add (addresses, address);
    }
  freeifaddrs (interfaces);
  return addresses;
}

static gboolean
is_allowed (AppNetwork *self)
{
  g_autoptr (GPtrArray) addresses = NULL;

  if (!base_fleet_has (self->fleet, BASE_FLEET_NETWORKS))
    return TRUE;
  addresses = self->list (self->user_data);
  for (guint i = 0; i < addresses->len; i++)
    if (base_fleet_allows (self->fleet, addresses->pdata[i]))
      return TRUE;
  return FALSE;
}

/* Looks at the addresses again. */
void
app_network_check (AppNetwork *self)
{
  g_return_if_fail (APP_IS_NETWORK (self));

  g_autofree char *refusal =
      is_allowed (self)
          ? NULL
          : g_strdup_printf (
                _ ("This network is not one in which %s allows Bedside to talk to the clinic’s "
                   "server. You work with what is on this computer, and what you write is sent "
                   "when you are back. Visits need the clinic’s network, or its VPN."),
                base_fleet_get_text (self->fleet, BASE_FLEET_ADMINISTRATOR_NAME));

  if (g_set_str (&self->refusal, refusal))
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* (nullable): why the server is not to be talked to here, and what to do. */
const char *
app_network_get_refusal (AppNetwork *self)
{
  return self->refusal;
}

static void
app_network_finalize (GObject *object)
{
  AppNetwork *self = APP_NETWORK (object);

  g_clear_pointer (&self->fleet, base_fleet_unref);
  g_free (self->refusal);
  G_OBJECT_CLASS (app_network_parent_class)->finalize (object);
}

static void
app_network_class_init (AppNetworkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = app_network_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", APP_TYPE_NETWORK, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
app_network_init (AppNetwork *self)
{
}

/* @fleet: (nullable): without networks in it every one will do. */
AppNetwork *
app_network_new (BaseFleet *fleet, AppNetworkList list, gpointer user_data)
{
  AppNetwork *self = g_object_new (APP_TYPE_NETWORK, NULL);

  self->fleet = fleet ? base_fleet_ref (fleet) : NULL;
  self->list = list;
  self->user_data = user_data;
  if (base_fleet_has (fleet, BASE_FLEET_NETWORKS))
    g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                             G_CALLBACK (app_network_check), self, G_CONNECT_SWAPPED);
  app_network_check (self);
  return self;
}
