/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "base-qr.h"
#include "hub-admin.h"
#include "hub-command.h"
#include "net-probe.h"

/* connect: the link that a workstation opens, and its code for the workstation's camera. Nothing is
 * asked of the server, which need not run. */

#define QUIET_ZONE 4 /* modules around a code, without which no camera finds it */

static gboolean
is_dark (const guint8 *modules, guint width, guint x, guint y)
{
  return x >= QUIET_ZONE && y >= QUIET_ZONE && x < width + QUIET_ZONE && y < width + QUIET_ZONE &&
         modules[(y - QUIET_ZONE) * width + x - QUIET_ZONE] != 0;
}

/* Two rows of modules in a line of text. The colours are set, so that it is dark on light also in a
 * terminal that is light on dark. */
static void
print_code (const guint8 *modules, guint width)
{
  static const char *const halves[] = { " ", "▄", "▀", "█" };
  guint whole = width + 2 * QUIET_ZONE;

  for (guint y = 0; y < whole; y += 2)
    {
      printf ("\033[30;107m");
      for (guint x = 0; x < whole; x++)
        printf ("%s", halves[(is_dark (modules, width, x, y) ? 2 : 0) +
                             (is_dark (modules, width, x, y + 1) ? 1 : 0)]);
      printf ("\033[0m\n");
    }
}

static void
print_json (const char *server, const char *link)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  hub_admin_add_text (builder, "server", server);
  hub_admin_add_text (builder, "link", link);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  printf ("%s\n", text);
}

int
hub_command_connect (const HubOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) code = NULL;
  g_autofree char *server = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *link = NULL;
  guint width = 0;

  if (options->public_url == NULL)
    return hub_command_fail ("Name the address that workstations find the hub at with "
                             "--public-url");
  server = net_probe_dup_server (options->public_url, &error);
  if (server == NULL)
    return hub_command_fail (error->message);
  escaped = g_uri_escape_string (server, NULL, FALSE);
  link = g_strconcat ("bedside:connect?server=", escaped, NULL);
  code = base_qr_new (link, &width);
  if (code == NULL)
    return hub_command_fail ("The address is too long for a code");
  if (options->json)
    {
      print_json (server, link);
      return 0;
    }
  print_code (g_bytes_get_data (code, NULL), width);
  printf ("%s\nSend this link, or let the workstation scan the code. Bedside shows the address and "
          "connects to nothing by itself.\n",
          link);
  return 0;
}
