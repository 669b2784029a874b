/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-notify.h"

#include <string.h>

#include "hub-notify-booking.h"
#include "hub-notify-message.h"
#include "hub-notify-outbox.h"
#include "hub-notify-queue.h"
#include "hub-notify-report.h"
#include "hub-reply.h"

/* Messages to patients: works off the queue, and hears what became of them. Each message goes
 * through three steps: it is looked at whether it may still go and the try is written down; the
 * back end is asked; what it said is written down. A hub that is killed between them tries again
 * with the same id. */

#define DATA_KEY   "hub-notify"
#define CONFIG_KEY "hub-notify-config"
#define MOST_BUSY  4 /* messages at a time */
#define SETTLE_MS  100
#define AGAIN_MS   30000 /* after the records could not be read or written */

typedef struct
{
  HubServer *server; /* owns this */
  HubNotifyConfig *config;
  GHashTable *busy; /* ids */
  GCancellable *cancellable;
  StoreDatabase *store;
  GSourceFunc look; /* looks through the queue */
  guint timer;
  guint queued; /* when it was last looked at */
  gboolean looking, again;
  gboolean begun; /* what was found at the start was tried */
} Notify;

/* One message and one try. */
typedef struct
{
  Notify *notify; /* gone where @cancellable is cancelled */
  GCancellable *cancellable;
  HubNotifyConfig *config;
  char *id;
  HubNotifyRow *row; /* NULL: it is not to go */
  HubNotifyResult *result;
} Try;

typedef struct
{
  GPtrArray *rows;
} Look;

static HubRecordsLocal *
local_of (HubRecords *records)
{
  return (HubRecordsLocal *) records;
}

static void
try_free (Try *try)
{
  g_clear_pointer (&try->row, hub_notify_row_free);
  g_clear_pointer (&try->result, hub_notify_result_free);
  g_object_unref (try->cancellable);
  hub_notify_config_unref (try->config);
  g_free (try->id);
  g_free (try);
}

/* Whether the hub still runs; else what is open was written down and is found again. */
static gboolean
is_over (Try *try)
{
  return g_cancellable_is_cancelled (try->cancellable);
}

static void
schedule (Notify *self, guint ms)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (ms, self->look, self);
}

/* A store that cannot be written to now is not asked again at once. */
static void
end_try (Try *try, gboolean fine)
{
  if (!is_over (try))
    {
      g_hash_table_remove (try->notify->busy, try->id);
      schedule (try->notify, fine ? 0 : AGAIN_MS);
    }
  try_free (try);
}

/* ---- the third step: what became of it ---- */

static gboolean
later (HubRecords *records, Try *try, HubNotifyRow *row, GError **error)
{
  StoreConnection *connection = local_of (records)->connection;
  gint64 now = base_clock_now (records->clock);
  gint64 wait = try->result->after > 0 ? try->result->after * G_USEC_PER_SEC
                                       : hub_notify_queue_delay (row->notice.id, row->tries);
  g_autofree char *reason = NULL;

  if (now + wait < row->until)
    {
      row->next = now + wait;
      return hub_notify_queue_save (connection, row, error) &&
             hub_notify_message_mark (records, try->id, "preparation", try->result->reason, error);
    }
  reason = g_strdup_printf ("Given up after %u tries. %s", row->tries, try->result->reason);
  return hub_notify_queue_remove (connection, try->id, error) &&
         hub_notify_message_mark (records, try->id, "not-done", reason, error);
}

static gboolean
settle_work (HubRecords *records, gpointer data, GError **error)
{
  Try *try = data;
  StoreConnection *connection = local_of (records)->connection;
  g_autoptr (HubNotifyRow) row = hub_notify_queue_load (connection, try->id);
  const char *status = NULL;

  if (row == NULL)
    return TRUE;
  switch (try->result->outcome)
    {
    case HUB_NOTIFY_LATER:
      return later (records, try, row, error);
    case HUB_NOTIFY_HANDED_OVER:
      status = "in-progress";
      break;
    case HUB_NOTIFY_DELIVERED:
      status = "completed";
      break;
    case HUB_NOTIFY_REFUSED:
      status = "not-done";
      break;
    }
  return hub_notify_queue_remove (connection, try->id, error) &&
         hub_notify_message_mark (records, try->id, status, try->result->reason, error);
}

static void
settled_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Try *try = data;
  g_autoptr (GError) error = NULL;
  gboolean fine = hub_records_run_finish (result, &error);

  if (!fine)
    g_critical ("What became of a message could not be written down: %s", error->message);
  end_try (try, fine);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Try *try = data;
  g_autoptr (GError) error = NULL;

  try->result = hub_notify_send_finish (result, &error);
  if (is_over (try))
    {
      try_free (try);
      return;
    }
  if (try->result == NULL)
    try->result = hub_notify_result_new (HUB_NOTIFY_LATER, 0, error->message);
  hub_records_run_async (try->notify->server, TRUE, settle_work, try, settled_cb, try);
}

/* ---- the first step: may it go, and that it is tried ---- */

static gboolean
stop (HubRecords *records, const char *id, const char *obstacle, GError **error)
{
  return hub_notify_queue_remove (local_of (records)->connection, id, error) &&
         hub_notify_message_mark (records, id, "stopped", obstacle, error);
}

static gboolean
prepare_work (HubRecords *records, gpointer data, GError **error)
{
  Try *try = data;
  StoreConnection *connection = local_of (records)->connection;
  g_autoptr (HubNotifyRow) row = hub_notify_queue_load (connection, try->id);
  g_autofree char *obstacle = NULL;

  if (row == NULL)
    return TRUE;
  obstacle = hub_notify_queue_dup_obstacle (connection, row);
  if (obstacle != NULL)
    return stop (records, try->id, obstacle, error);
  row->tries++;
  row->next = base_clock_now (records->clock) + hub_notify_queue_delay (row->notice.id, row->tries);
  if (!hub_notify_queue_save (connection, row, error))
    return FALSE;
  try->row = g_steal_pointer (&row);
  return TRUE;
}

static void
prepared_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Try *try = data;
  g_autoptr (GError) error = NULL;
  gboolean fine = hub_records_run_finish (result, &error);
  HubNotifyBackEnd *way;

  if (!fine)
    g_critical ("A message could not be prepared: %s", error->message);
  if (!fine || is_over (try) || try->row == NULL)
    {
      end_try (try, fine);
      return;
    }
  way = try->config->back_ends[try->row->notice.channel];
  if (way != NULL)
    {
      hub_notify_send_async (way, &try->row->notice, try->cancellable, sent_cb, try);
      return;
    }
  /* The configuration is another one than when it was written. */
  try->result = hub_notify_result_new (HUB_NOTIFY_REFUSED, 0,
                                       "This hub has no way for such messages any more.");
  hub_records_run_async (try->notify->server, TRUE, settle_work, try, settled_cb, try);
}

static void
start_try (Notify *self, const char *id)
{
  Try *try = g_new0 (Try, 1);

  try->notify = self;
  try->config = hub_notify_config_ref (self->config);
  try->cancellable = g_object_ref (self->cancellable);
  try->id = g_strdup (id);
  g_hash_table_add (self->busy, g_strdup (id));
  hub_records_run_async (self->server, TRUE, prepare_work, try, prepared_cb, try);
}

/* ---- looking through the queue ---- */

/* Whoever may not be written to any more is not kept waiting for their turn: a consent that is
 * taken back stops a message at once. */
static gboolean
look_work (HubRecords *records, gpointer data, GError **error)
{
  Look *look = data;
  StoreConnection *connection = local_of (records)->connection;
  g_autoptr (GPtrArray) all = hub_notify_queue_list (connection, error);

  if (all == NULL)
    return FALSE;
  g_clear_pointer (&look->rows, g_ptr_array_unref);
  look->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) hub_notify_row_free);
  while (all->len > 0)
    {
      HubNotifyRow *row = g_ptr_array_steal_index (all, 0);
      g_autofree char *obstacle = hub_notify_queue_dup_obstacle (connection, row);

      if (obstacle == NULL)
        g_ptr_array_add (look->rows, row);
      else
        {
          g_autoptr (HubNotifyRow) stopped = row;

          if (!stop (records, stopped->notice.id, obstacle, error))
            return FALSE;
        }
    }
  return TRUE;
}

/* A hub that starts tries at once: whatever was wrong may have been put right meanwhile. */
static void
take_rows (Notify *self, GPtrArray *rows)
{
  gint64 now = base_clock_now (hub_server_get_clock (self->server));
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < rows->len; i++)
    {
      HubNotifyRow *row = rows->pdata[i];

      if (g_hash_table_contains (self->busy, row->notice.id))
        continue;
      if ((row->next > now && self->begun) || g_hash_table_size (self->busy) >= MOST_BUSY)
        next = MIN (next, row->next);
      else
        start_try (self, row->notice.id);
    }
  self->begun = TRUE;
  if (next > now && next != G_MAXINT64)
    schedule (self, (guint) MIN ((next - now) / 1000 + 1, 3600 * 1000));
}

typedef struct
{
  Notify *notify;
  GCancellable *cancellable;
  Look look;
} Looking;

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Looking *looking = data;
  Notify *self = looking->notify;
  g_autoptr (GError) error = NULL;
  gboolean fine = hub_records_run_finish (result, &error);

  if (!fine)
    g_critical ("The queue of messages could not be read: %s", error->message);
  if (!g_cancellable_is_cancelled (looking->cancellable))
    {
      self->looking = FALSE;
      if (fine)
        self->queued = looking->look.rows->len;
      if (fine)
        take_rows (self, looking->look.rows);
      if (!fine)
        schedule (self, AGAIN_MS);
      else if (self->again)
        schedule (self, SETTLE_MS);
      self->again = FALSE;
    }
  g_clear_pointer (&looking->look.rows, g_ptr_array_unref);
  g_object_unref (looking->cancellable);
  g_free (looking);
}

static gboolean
look_cb (gpointer data)
{
  Notify *self = data;
  Looking *looking;

  self->timer = 0;
  if (self->looking)
    {
      self->again = TRUE;
      return G_SOURCE_REMOVE;
    }
  self->looking = TRUE;
  looking = g_new0 (Looking, 1);
  looking->notify = self;
  looking->cancellable = g_object_ref (self->cancellable);
  hub_records_run_async (self->server, TRUE, look_work, &looking->look, looked_cb, looking);
  return G_SOURCE_REMOVE;
}

/* What decides whether a message may go. */
static void
changed_cb (StoreDatabase *store, GPtrArray *changes, gpointer data)
{
  const char *const types[] = { "Appointment", "Consent", "Patient", NULL };
  Notify *self = data;

  for (guint i = 0; self->queued > 0 && i < changes->len; i++)
    if (g_strv_contains (types, ((StoreChange *) changes->pdata[i])->type))
      {
        schedule (self, SETTLE_MS);
        return;
      }
}

/* ---- GET /outbox: of the demo clinic only ---- */

/* A page of another site that has its own name point here is not this machine's user. */
static gboolean
is_local (SoupServerMessage *message)
{
  const char *host =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Host");
  gsize length = host != NULL ? strcspn (host, ":") : 0;

  return (length == strlen ("127.0.0.1") && strncmp (host, "127.0.0.1", length) == 0) ||
         (length == strlen ("localhost") && strncmp (host, "localhost", length) == 0);
}

static void
outbox_handler (SoupServer *soup,
                SoupServerMessage *message,
                const char *path,
                GHashTable *query,
                gpointer data)
{
  Notify *self = data;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *page = is_local (message) ? hub_notify_outbox_dup_page (self->config) : NULL;

  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "Content-Security-Policy",
                                "default-src 'none'; style-src 'self'; base-uri 'none'; "
                                "form-action 'none'; frame-ancestors 'none'");
  if (page == NULL)
    hub_reply_text (message, 404, "text/plain", g_strdup ("There is nothing here\n"));
  else
    hub_reply_text (message, 200, "text/html; charset=utf-8", g_steal_pointer (&page));
}

/* ---- the module ---- */

void
hub_notify_set_config (HubServer *server, HubNotifyConfig *config)
{
  g_object_set_data_full (G_OBJECT (server), CONFIG_KEY, hub_notify_config_ref (config),
                          (GDestroyNotify) hub_notify_config_unref);
}

/* Returns: (nullable): */
HubNotifyConfig *
hub_notify_get_config (HubServer *server)
{
  return g_object_get_data (G_OBJECT (server), CONFIG_KEY);
}

static void
notify_free (gpointer data)
{
  Notify *self = data;

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->store, self);
  g_object_unref (self->store);
  g_object_unref (self->cancellable);
  g_hash_table_unref (self->busy);
  hub_notify_config_unref (self->config);
  g_free (self);
}

/**
 * hub_notify_look:
 *
 * Looks through the queue now: somebody has put something in, or a test has turned the clock.
 */
void
hub_notify_look (HubServer *server)
{
  Notify *self = g_object_get_data (G_OBJECT (server), DATA_KEY);

  if (self != NULL)
    schedule (self, 0);
}

void
hub_notify_attach (HubServer *server)
{
  HubNotifyConfig *config = hub_notify_get_config (server);
  SoupServer *soup = hub_server_get_soup (server);
  Notify *self;

  if (config == NULL)
    return;
  self = g_new0 (Notify, 1);
  self->server = server;
  self->config = hub_notify_config_ref (config);
  self->store = g_object_ref (hub_server_get_store (server));
  self->busy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cancellable = g_cancellable_new ();
  self->look = look_cb;
  g_object_set_data_full (G_OBJECT (server), DATA_KEY, self, notify_free);
  g_signal_connect (self->store, "changed", G_CALLBACK (changed_cb), self);
  hub_notify_attach_report (server);
  if (config->at_booking)
    hub_notify_attach_booking (server);
  soup_server_add_handler (soup, "/outbox", outbox_handler, self, NULL);
  schedule (self, 0);
}
