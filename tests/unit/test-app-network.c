/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-network.h"

#include <string.h>

static GPtrArray *
list (gpointer user_data)
{
  GPtrArray *addresses = g_ptr_array_new_with_free_func (g_object_unref);

  for (const char **text = *(const char ***) user_data; *text; text++)
    g_ptr_array_add (addresses, g_inet_address_new_from_string (*text));
  return addresses;
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* At the clinic, at home, at home with the clinic's VPN. */
static void
test_moving (void)
{
  static const char text[] =
      "[administrator]\nname=IT of Riverside\n[policy]\nnetworks=192.0.2.0/24\n[end]\n";
  static const char *clinic[] = { "127.0.0.1", "192.0.2.7", NULL };
  static const char *home[] = { "127.0.0.1", "198.51.100.7", "::1", NULL };
  static const char *vpn[] = { "127.0.0.1", "198.51.100.7", "192.0.2.200", NULL };
  const char **place = clinic;
  guint told = 0;
  g_autoptr (GPtrArray) remarks = base_fleet_remarks_new ();
  g_autoptr (BaseFleet) fleet = base_fleet_parse (text, strlen (text), remarks);
  g_autoptr (AppNetwork) network = app_network_new (fleet, list, &place);

  g_signal_connect_swapped (network, "changed", G_CALLBACK (count_cb), &told);
  g_assert_null (app_network_get_refusal (network));
  place = home;
  app_network_check (network);
  g_assert_nonnull (strstr (app_network_get_refusal (network), "IT of Riverside"));
  app_network_check (network);
  g_assert_cmpuint (told, ==, 1);
  place = vpn;
  app_network_check (network);
  g_assert_null (app_network_get_refusal (network));
  g_assert_cmpuint (told, ==, 2);
}

/* Nobody set any: no computer without an address of its own is shut out. */
static void
test_any (void)
{
  static const char *none[] = { NULL };
  const char **place = none;
  g_autoptr (AppNetwork) network = app_network_new (NULL, list, &place);

  g_assert_null (app_network_get_refusal (network));
}

static void
test_own (void)
{
  g_autoptr (GPtrArray) addresses = app_network_list_own (NULL);

  for (guint i = 0; i < addresses->len; i++)
    g_assert_true (G_IS_INET_ADDRESS (addresses->pdata[i]));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/network/moving", test_moving);
  g_test_add_func ("/app/network/any", test_any);
  g_test_add_func ("/app/network/own", test_own);
  return g_test_run ();
}
