/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-proxy.h"

#include "visit-clinic.h"

/* Who is counted where a proxy stands before the hub, and who writes its header. */

#define TRUSTED "127.0.0.1, 10.0.0.0/8,::1"

static GPtrArray *
masks_of (const char *text)
{
  g_auto (GStrv) all = g_strsplit (text, ",", -1);
  GPtrArray *masks = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; all[i] != NULL; i++)
    g_ptr_array_add (masks, g_inet_address_mask_new_from_string (g_strstrip (all[i]), NULL));
  return masks;
}

static void
test_client (void)
{
  static const struct
  {
    const char *peer, *forwarded, *client;
  } cases[] = {
    { "127.0.0.1", NULL, "127.0.0.1" },
    { "127.0.0.1", "", "127.0.0.1" },
    { "127.0.0.1", "192.0.2.7", "192.0.2.7" },
    { "::1", "192.0.2.7:4711", "192.0.2.7" },
    { "127.0.0.1", "192.0.2.7, 10.1.2.3", "192.0.2.7" },
    /* what whoever asks wrote before the proxy did */
    { "127.0.0.1", "203.0.113.9, 192.0.2.7", "192.0.2.7" },
    { "127.0.0.1", "127.0.0.1, 192.0.2.7", "192.0.2.7" },
    { "127.0.0.1", "192.0.2.7, nonsense, 10.1.2.3", "10.1.2.3" },
    { "127.0.0.1", "unknown", "127.0.0.1" },
    { "127.0.0.1", "10.0.0.9", "10.0.0.9" },
    /* nobody's proxy */
    { "192.0.2.66", "203.0.113.9", "192.0.2.66" },
    /* one household is one */
    { "127.0.0.1", "2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64" },
    { "127.0.0.1", "[2001:db8:1:2:bbbb::9]:443", "2001:db8:1:2::/64" },
  };
  g_autoptr (GPtrArray) trusted = masks_of (TRUSTED);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *client = hub_proxy_dup_client (trusted, cases[i].peer, cases[i].forwarded);
      g_autofree char *strict = hub_proxy_dup_client (NULL, "192.0.2.66", cases[i].forwarded);

      g_assert_cmpstr (client, ==, cases[i].client);
      g_assert_cmpstr (strict, ==, "192.0.2.66");
    }
}

static void
test_endless (void)
{
  g_autoptr (GPtrArray) trusted = masks_of (TRUSTED);
  g_autoptr (GString) text = g_string_new ("192.0.2.7");
  g_autofree char *client = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append (text, ",10.0.0.1");
  client = hub_proxy_dup_client (trusted, "127.0.0.1", text->str);
  g_assert_cmpstr (client, ==, "10.0.0.1");
}

static void
test_refused (void)
{
  static const char *const bad[] = { "proxy.example", "10.0.0.0/33", "0.0.0.0/0", "127.0.0.1;::1" };
  VisitClinic *clinic = visit_clinic_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (hub_proxy_set (clinic->server, bad[i], &error));
      g_assert_nonnull (error);
    }
  g_assert_true (hub_proxy_set (clinic->server, NULL, NULL));
  visit_clinic_free (clinic);
}

static guint
sign_up (VisitClinic *clinic, const char *forwarded)
{
  g_autofree char *url =
      g_strconcat (hub_server_get_base_url (clinic->server), "/directory/pharmacies", NULL);
  static guint n;
  g_autofree char *body = g_strdup_printf (
      "{\"name\":\"Mill Lane Pharmacy\",\"registration\":\"GB-%u\",\"phone\":\"+44 20 7946 0300\","
      "\"address\":{\"line\":\"81 Mill Lane\",\"city\":\"Harbour\",\"postalCode\":\"HB5 2EF\"},"
      "\"supply\":[\"pick-up\"],\"hours\":[{\"days\":[\"mon\"],\"from\":\"08:00\",\"to\":\"20:00\"}"
      "]}",
      1000 + n++);
  g_autofree char *answer = NULL;
  guint status;

  clinic->forwarded = forwarded;
  answer = visit_clinic_ask (clinic, "POST", url, NULL, body, &status);
  g_test_message ("%s: %u %s", forwarded, status, answer);
  return status;
}

/* Behind a proxy that is named each has a limit of their own; and nobody escapes by writing the
 * header themselves. */
static void
test_limits (void)
{
  VisitClinic *clinic = visit_clinic_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (hub_proxy_set (clinic->server, TRUSTED, &error));
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *forged = g_strdup_printf ("198.51.100.%u, 192.0.2.7", i);

      g_assert_cmpuint (sign_up (clinic, forged), ==, 202);
    }
  g_assert_cmpuint (sign_up (clinic, "198.51.100.99, 192.0.2.7"), ==, 429);
  g_assert_cmpuint (sign_up (clinic, "192.0.2.8"), ==, 202);
  g_assert_true (hub_proxy_set (clinic->server, NULL, &error));
  for (guint i = 0; i < 5; i++)
    g_assert_cmpuint (sign_up (clinic, i % 2 ? "192.0.2.9" : "192.0.2.10"), ==, 202);
  g_assert_cmpuint (sign_up (clinic, "192.0.2.11"), ==, 429);
  visit_clinic_free (clinic);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub/proxy/client", test_client);
  g_test_add_func ("/hub/proxy/endless", test_endless);
  g_test_add_func ("/hub/proxy/refused", test_refused);
  g_test_add_func ("/hub/proxy/limits", test_limits);
  return g_test_run ();
}
