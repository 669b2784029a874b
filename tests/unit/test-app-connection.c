/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-connection.h"

/* A bare host is a hub, whose FHIR base is /fhir; anything longer is the base of another server. */
static void
test_urls (void)
{
  static const struct
  {
    const char *server, *base, *hub;
  } cases[] = {
    { "http://127.0.0.1:8080", "http://127.0.0.1:8080/fhir", "http://127.0.0.1:8080" },
    { "https://hub.example/", "https://hub.example/fhir", "https://hub.example" },
    { "https://hapi.example/fhir/r4", "https://hapi.example/fhir/r4", NULL },
    { "not a url", "not a url", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *base = app_connection_dup_base_url (cases[i].server);
      g_autofree char *hub = app_connection_dup_hub_url (cases[i].server);
      g_assert_cmpstr (base, ==, cases[i].base);
      g_assert_cmpstr (hub, ==, cases[i].hub);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/connection/urls", test_urls);
  return g_test_run ();
}
