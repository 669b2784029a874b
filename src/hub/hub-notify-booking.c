/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-notify-booking.h"

#include "fhir-date.h"
#include "hub-notify-send.h"
#include "hub-notify.h"
#include "hub-records-local.h"
#include "hub-reply.h"
#include "store-setting.h"

/* Where the site wishes it (at-booking), whoever books need not think of the link: a patient who
 * agreed to messages gets it when the visit is booked, and again when it is moved to another time.
 * Without their word nothing is sent, and reception does it by hand as before. What is booked by
 * the hundred is an import, and nobody is written to. */

#define DATA_KEY "hub-notify-booking"
#define AT_ONCE  20
#define TOLD     "booked-link/"

typedef struct
{
  HubServer *server; /* which owns this */
  StoreDatabase *store;
  HubUser *user;
} Booking;

typedef struct
{
  HubServer *server;
  HubUser *user;
  GPtrArray *ids;
} Work;

static void
work_free (Work *work)
{
  g_object_unref (work->server);
  hub_user_unref (work->user);
  g_ptr_array_unref (work->ids);
  g_free (work);
}

static gboolean
is_to_come (FhirResource *appointment, gint64 now)
{
  return g_strcmp0 (fhir_resource_path_text (appointment, "status"), "booked") == 0 &&
         fhir_date_begin (fhir_resource_path_text (appointment, "start")) > now;
}

/* The first way that the patient agreed to. That there is none is no failure. */
static gboolean
send_one (HubRecords *records, Work *work, const char *id, gboolean *sent, GError **error)
{
  HubNotifyConfig *config = hub_notify_get_config (work->server);

  for (gsize channel = 0; channel < CARE_N_CHANNELS && !*sent; channel++)
    {
      g_autoptr (GError) refused = NULL;

      if (config->back_ends[channel] == NULL)
        continue;
      *sent = hub_notify_send_unasked (records, work->server, work->user, id, channel, &refused);
      if (!*sent && refused->domain != HUB_ERROR)
        {
          g_propagate_error (error, g_steal_pointer (&refused));
          return FALSE;
        }
    }
  return TRUE;
}

/* Once for each time at which the visit is to begin. */
static gboolean
tell (HubRecords *records, Work *work, const char *id, GError **error)
{
  StoreConnection *connection = ((HubRecordsLocal *) records)->connection;
  g_autoptr (FhirResource) appointment = hub_records_get (records, "Appointment", id, NULL);
  g_autofree char *name = g_strconcat (TOLD, id, NULL);
  g_autofree char *told = store_setting_get (connection, name);
  const char *start = appointment != NULL ? fhir_resource_path_text (appointment, "start") : NULL;
  gboolean sent = FALSE;

  if (start == NULL || g_strcmp0 (told, start) == 0 ||
      !is_to_come (appointment, base_clock_now (records->clock)))
    return TRUE;
  return send_one (records, work, id, &sent, error) &&
         (!sent || store_setting_set (connection, name, start, error));
}

static gboolean
tell_work (HubRecords *records, gpointer data, GError **error)
{
  Work *work = data;

  for (guint i = 0; i < work->ids->len; i++)
    if (!tell (records, work, work->ids->pdata[i], error))
      return FALSE;
  return TRUE;
}

static void
told_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Work *work = data;
  g_autoptr (GError) error = NULL;

  if (hub_records_run_finish (result, &error))
    hub_notify_look (work->server);
  else
    g_log (G_LOG_DOMAIN, hub_reply_log_level (error),
           "The link to a visit that was booked could not be sent: %s", error->message);
  work_free (work);
}

static void
changed_cb (StoreDatabase *store, GPtrArray *changes, gpointer data)
{
  Booking *self = data;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  Work *work;

  for (guint i = 0; i < changes->len; i++)
    {
      const StoreChange *change = changes->pdata[i];

      if (g_str_equal (change->type, "Appointment"))
        g_ptr_array_add (ids, g_strdup (change->id));
    }
  if (ids->len == 0 || ids->len > AT_ONCE)
    return;
  work = g_new0 (Work, 1);
  work->server = g_object_ref (self->server);
  work->user = hub_user_ref (self->user);
  work->ids = g_steal_pointer (&ids);
  hub_records_run_async (self->server, TRUE, tell_work, work, told_cb, work);
}

static void
booking_free (gpointer data)
{
  Booking *self = data;

  g_signal_handlers_disconnect_by_data (self->store, self);
  g_object_unref (self->store);
  hub_user_unref (self->user);
  g_free (self);
}

/* After hub_notify_attach(), where the site wishes it. */
void
hub_notify_attach_booking (HubServer *server)
{
  Booking *self = g_new0 (Booking, 1);

  self->server = server;
  self->store = g_object_ref (hub_server_get_store (server));
  self->user = hub_user_new ("hub", "Bedside hub", HUB_ROLE_ADMIN, NULL);
  g_object_set_data_full (G_OBJECT (server), DATA_KEY, self, booking_free);
  g_signal_connect (self->store, "changed", G_CALLBACK (changed_cb), self);
}
