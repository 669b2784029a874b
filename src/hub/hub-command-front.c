/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib-unix.h>
#include <stdio.h>

#include "hub-command.h"
#include "hub-content.h"
#include "hub-copies.h"
#include "hub-data.h"
#include "hub-ice.h"
#include "hub-patient-information.h"
#include "hub-proxy.h"
#include "hub-server.h"
#include "hub-upstream.h"

/* serve --upstream: no folder, no store, no key of records. The one file that it may make is the
 * key of join links. */

static gboolean
stop_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

/* Until SIGTERM or SIGINT. */
int
hub_command_wait (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_unix_signal_add (SIGTERM, stop_cb, loop);
  g_unix_signal_add (SIGINT, stop_cb, loop);
  g_main_loop_run (loop);
  return 0;
}

/* Relays compare with the true time, whatever day a demo plays. */
gboolean
hub_command_read_ice (const HubOptions *options, HubServer *server, GError **error)
{
  g_autoptr (BaseClock) clock = base_clock_new ();
  g_autoptr (HubIce) ice = NULL;

  if (options->ice_file == NULL)
    return TRUE;
  ice = hub_ice_load (options->ice_file, clock, error);
  if (ice != NULL)
    hub_server_set_ice (server, ice);
  return ice != NULL;
}

static const char *
fault_of (const HubOptions *options)
{
  if (options->data != NULL || options->key_file != NULL || options->demo ||
      options->quirk != NULL || options->messages != NULL)
    return "With --upstream nothing is kept here: leave --data, --key-file, --demo, --quirk and "
           "--messages-file away";
  if (options->link_key == NULL)
    return "Name the key that signs join links with --link-key-file; it is made where it is "
           "missing";
  if (options->token_file != NULL && options->client_file != NULL)
    return "Say once how the hub signs in: --upstream-token-file or --upstream-client-file";
  return NULL;
}

/* Copies that made a key each would not take each other's links. */
static GBytes *
load_key (const HubOptions *options, GError **error)
{
  return hub_data_load_other_key (options->link_key, options->copies == NULL, error);
}

static HubUpstream *
open_upstream (const HubOptions *options, BaseClock *clock, GError **error)
{
  const HubUpstreamSignIn sign_in = { options->token_file, options->client_file };
  g_autoptr (GBytes) key = load_key (options, error);

  return key != NULL ? hub_upstream_new (options->upstream, &sign_in, key, clock, error) : NULL;
}

int
hub_command_front (const HubOptions *options, BaseClock *clock)
{
  const char *fault = fault_of (options);
  g_autoptr (GError) error = NULL;
  g_autoptr (HubUpstream) upstream = NULL;
  g_autoptr (HubAccess) access = hub_access_new_for_guests (clock);
  g_autoptr (HubCopies) copies = NULL;
  g_autoptr (HubServer) server = NULL;
  g_autoptr (StoreContent) content = NULL;

  if (fault != NULL)
    return hub_command_fail (fault);
  upstream = open_upstream (options, clock, &error);
  if (upstream == NULL)
    return hub_command_fail (error->message);
  if (options->copies != NULL && (copies = hub_copies_new (options->copies, &error)) == NULL)
    return hub_command_fail (error->message);
  server = hub_server_new_upstream (upstream, clock, access);
  hub_server_set_copies (server, copies);
  hub_server_set_public_url (server, options->public_url);
  if (!hub_proxy_set (server, options->trusted_proxy, &error))
    return hub_command_fail (error->message);
  content = hub_content_open (options->content, clock, &error);
  if (content == NULL)
    return hub_command_fail (error->message);
  hub_patient_set_content (server, content);
  if (!hub_command_read_ice (options, server, &error) ||
      !hub_server_start (server, (guint) options->port, &error))
    return hub_command_fail (error->message);
  printf ("%s\n", hub_server_get_base_url (server));
  fflush (stdout);
  hub_command_wait ();
  hub_server_stop (server);
  return 0;
}
