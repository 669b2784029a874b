/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-notify-report.h"

#include "hub-notify-message.h"
#include "hub-notify-queue.h"
#include "hub-notify-webhook.h"
#include "hub-notify.h"
#include "hub-proxy.h"
#include "hub-reply.h"

/* POST /notify/state: the message service reports what became of a message. */

#define DATA_KEY  "hub-notify-report"
#define MAX_BODY  4096
#define MAX_WRONG 30 /* an address and minute */
#define MAX_HOSTS 1000

typedef struct
{
  HubServer *server; /* owns this */
  GHashTable *wrong; /* address -> how many in this minute */
  gint64 minute;
} Reports;

typedef struct
{
  HubServer *server;
  SoupServerMessage *message;
  char *id, *reason;
  gboolean delivered;
} Report;

static void
report_free (Report *report)
{
  g_object_unref (report->message);
  g_object_unref (report->server);
  g_free (report->id);
  g_free (report->reason);
  g_free (report);
}

static gboolean
report_work (HubRecords *records, gpointer data, GError **error)
{
  Report *report = data;
  g_autoptr (FhirResource) message = NULL;

  if (!hub_records_find (records, "Communication", report->id, &message, error))
    return FALSE;
  if (message == NULL || g_strcmp0 (fhir_resource_path_text (message, "identifier.0.system"),
                                    HUB_RECORDS_IDENTIFIER) != 0)
    {
      g_set_error_literal (error, HUB_ERROR, 404, "There is no such message");
      return FALSE;
    }
  return hub_notify_queue_remove (((HubRecordsLocal *) records)->connection, report->id, error) &&
         hub_notify_message_mark (records, report->id, report->delivered ? "completed" : "not-done",
                                  report->reason, error);
}

static void
reported_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Report *report = data;
  g_autoptr (GError) error = NULL;

  if (hub_records_run_finish (result, &error))
    hub_reply_text (report->message, 200, "application/json", g_strdup ("{}"));
  else
    hub_reply_error (report->message, error);
  soup_server_message_unpause (report->message);
  report_free (report);
}

/* Whoever signs nothing good is not heard for the rest of the minute: each try costs the hub a look
 * at its secret. The message service has an address of its own. */
static gboolean
may_try (Reports *self, const char *host)
{
  gint64 minute = g_get_monotonic_time () / G_TIME_SPAN_MINUTE;

  if (minute != self->minute || g_hash_table_size (self->wrong) >= MAX_HOSTS)
    g_hash_table_remove_all (self->wrong);
  self->minute = minute;
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->wrong, host)) < MAX_WRONG;
}

static void
count_wrong (Reports *self, const char *host)
{
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (self->wrong, host)) + 1;

  g_hash_table_replace (self->wrong, g_strdup (host), GUINT_TO_POINTER (count));
}

static gboolean
is_signed (Reports *self, SoupServerMessage *message, const char *body, gsize length)
{
  HubNotifyConfig *config = hub_notify_get_config (self->server);

  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    {
      HubNotifyBackEnd *way = config->back_ends[i];

      if (way != NULL && way->interface == &hub_notify_webhook &&
          hub_notify_webhook_is_signed (way, soup_server_message_get_request_headers (message),
                                        body, length,
                                        base_clock_now (hub_server_get_clock (self->server))))
        return TRUE;
    }
  return FALSE;
}

/* The service's own words are not shown: one sentence says what it means for the clinic. */
static gboolean
parse_report (const char *text, gsize length, Report *report)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root = json_parser_load_from_data (parser, text, (gssize) length, NULL)
                       ? json_parser_get_root (parser)
                       : NULL;
  JsonObject *object =
      root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  const char *id = NULL, *status = NULL;

  if (object == NULL)
    return FALSE;
  id = json_object_get_string_member_with_default (object, "id", NULL);
  status = json_object_get_string_member_with_default (object, "status", NULL);
  report->delivered = g_strcmp0 (status, "delivered") == 0;
  if (id == NULL || !fhir_id_is_valid (id) ||
      !(report->delivered || g_strcmp0 (status, "failed") == 0))
    return FALSE;
  report->id = g_strdup (id);
  if (!report->delivered)
    report->reason = g_strdup ("The message service reports that it did not arrive: the number may "
                               "be wrong, or the telephone off.");
  return TRUE;
}

static void
state_handler (SoupServer *soup,
               SoupServerMessage *message,
               const char *path,
               GHashTable *query,
               gpointer data)
{
  Reports *self = data;
  g_autofree char *host = hub_proxy_dup_host (self->server, message);
  g_autoptr (GBytes) body =
      soup_message_body_flatten (soup_server_message_get_request_body (message));
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  Report *report;

  if (g_strcmp0 (soup_server_message_get_method (message), "POST") != 0)
    hub_reply_outcome (message, 405, "A report is sent with POST");
  else if (hub_reply_too_large (message))
    hub_reply_outcome (message, 413, "This is too long for a report");
  else if (!may_try (self, host))
    hub_reply_outcome (message, 429, "Too many reports were not signed: wait a minute");
  else if (!is_signed (self, message, text, length))
    {
      count_wrong (self, host);
      hub_reply_outcome (message, 401, "This report is not signed by the message service");
    }
  else
    {
      report = g_new0 (Report, 1);
      report->server = g_object_ref (self->server);
      report->message = g_object_ref (message);
      if (!parse_report (text, length, report))
        {
          hub_reply_outcome (message, 422, "A report has an id, and as status delivered or failed");
          report_free (report);
          return;
        }
      soup_server_message_pause (message);
      hub_records_run_async (self->server, TRUE, report_work, report, reported_cb, report);
    }
}

static void
reports_free (gpointer data)
{
  Reports *self = data;

  g_hash_table_unref (self->wrong);
  g_free (self);
}

void
hub_notify_attach_report (HubServer *server)
{
  Reports *self = g_new0 (Reports, 1);
  SoupServer *soup = hub_server_get_soup (server);

  self->server = server;
  self->wrong = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_object_set_data_full (G_OBJECT (server), DATA_KEY, self, reports_free);
  hub_reply_limit_bodies (soup, "/notify", MAX_BODY);
  soup_server_add_handler (soup, "/notify/state", state_handler, self, NULL);
}
