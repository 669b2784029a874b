/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-patient-private.h"

#include <string.h>

#include "hub-reply.h"

/* The rehearsal: /try is the patient's page with its device test alone. It needs no link, knows
 * nobody and keeps nothing; what it finds out stays in the browser. */

typedef struct
{
  SoupServerMessage *message;
  HubServer *server;
  HubClinic clinic;
} Rehearsal;

static gboolean
clinic_work (HubRecords *records, gpointer data, GError **error)
{
  Rehearsal *rehearsal = data;

  hub_clinic_clear (&rehearsal->clinic);
  hub_visit_load_clinic (records, &rehearsal->clinic);
  return TRUE;
}

static void
clinic_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Rehearsal *rehearsal = data;
  g_autoptr (JsonBuilder) out = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  /* Without the clinic's name the test is as good. */
  hub_records_run_finish (result, NULL);
  json_builder_begin_object (out);
  hub_reply_add_text (out, "step", "try");
  json_builder_set_member_name (out, "clinic");
  json_builder_begin_object (out);
  hub_reply_add_text (out, "name", rehearsal->clinic.name);
  hub_reply_add_text (out, "phone", rehearsal->clinic.phone);
  json_builder_end_object (out);
  json_builder_end_object (out);
  root = json_builder_get_root (out);
  hub_reply_text (rehearsal->message, 200, "application/json", json_to_string (root, FALSE));
  soup_server_message_unpause (rehearsal->message);
  hub_clinic_clear (&rehearsal->clinic);
  g_object_unref (rehearsal->message);
  g_object_unref (rehearsal->server);
  g_free (rehearsal);
}

static void
answer_state (HubServer *server, SoupServerMessage *message)
{
  Rehearsal *rehearsal = g_new0 (Rehearsal, 1);

  rehearsal->server = g_object_ref (server);
  rehearsal->message = g_object_ref (message);
  soup_server_message_pause (message);
  hub_records_run_async (server, FALSE, clinic_work, rehearsal, clinic_done_cb, rehearsal);
}

static void
try_handler (SoupServer *soup,
             SoupServerMessage *message,
             const char *path,
             GHashTable *query,
             gpointer data)
{
  HubServer *server = data;

  hub_patient_set_headers (message);
  if (g_strcmp0 (soup_server_message_get_method (message), "GET") != 0)
    hub_patient_reply_error (message, 405, "method");
  else if (!hub_patient_may_try (server, message))
    hub_patient_reply_error (message, 429, "busy");
  else if (g_str_equal (path, "/try") || g_str_equal (path, "/try/"))
    hub_patient_reply_file (message, 200, "join.html");
  else if (g_str_equal (path, "/try/state"))
    answer_state (server, message);
  else if (g_str_equal (path, "/try/probe"))
    hub_patient_reply_probe (server, message);
  else if (g_str_equal (path, "/try/ice"))
    hub_reply_text (message, 200, "application/json", hub_patient_dup_ice (server, FALSE));
  else
    hub_patient_reply_error (message, 404, "unknown");
}

/**
 * hub_patient_attach_try:
 *
 * Its echo is answered beside that of the links, in hub-patient-echo.c.
 */
void
hub_patient_attach_try (HubServer *server)
{
  soup_server_add_handler (hub_server_get_soup (server), "/try", try_handler, server, NULL);
}
