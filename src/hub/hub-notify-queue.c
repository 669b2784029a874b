/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-notify-queue.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "store-resource.h"
#include "store-setting.h"

/* Messages that nobody has taken yet, each a setting named after its Communication, so that a hub
 * that is killed goes on where it was. The link stands in it, for the message needs it: the store
 * is encrypted, and the row goes as soon as the message is handed over. */

#define PREFIX    "notice/"
#define FIRST_TRY (30 * G_TIME_SPAN_SECOND)
#define LAST_TRY  G_TIME_SPAN_HOUR

static void
clear_notice (HubNotice *notice)
{
  g_free (notice->id);
  g_free (notice->to);
  g_free (notice->subject);
  g_free (notice->text);
  g_free (notice->language);
  g_free (notice->link);
}

void
hub_notify_row_free (HubNotifyRow *row)
{
  clear_notice (&row->notice);
  g_free (row->appointment);
  g_free (row->patient);
  g_free (row);
}

typedef struct
{
  const char *name;
  gsize offset;
} Member;

#define MEMBER(name, path) { name, G_STRUCT_OFFSET (HubNotifyRow, path) }
static const Member texts[] = {
  MEMBER ("id", notice.id),
  MEMBER ("to", notice.to),
  MEMBER ("subject", notice.subject),
  MEMBER ("text", notice.text),
  MEMBER ("language", notice.language),
  MEMBER ("link", notice.link),
  MEMBER ("appointment", appointment),
  MEMBER ("patient", patient),
};
static const Member times[] = {
  MEMBER ("written", notice.written),
  MEMBER ("next", next),
  MEMBER ("until", until),
};
#undef MEMBER

gboolean
hub_notify_queue_save (StoreConnection *connection, HubNotifyRow *row, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *name = g_strconcat (PREFIX, row->notice.id, NULL);
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      json_builder_set_member_name (builder, texts[i].name);
      json_builder_add_string_value (builder, G_STRUCT_MEMBER (char *, row, texts[i].offset));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    {
      json_builder_set_member_name (builder, times[i].name);
      json_builder_add_int_value (builder, G_STRUCT_MEMBER (gint64, row, times[i].offset));
    }
  json_builder_set_member_name (builder, "channel");
  json_builder_add_string_value (builder, care_channel_get_name (row->notice.channel));
  json_builder_set_member_name (builder, "tries");
  json_builder_add_int_value (builder, row->tries);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  return store_setting_set (connection, name, text, error);
}

static HubNotifyRow *
parse (const char *text)
{
  g_autoptr (JsonNode) root = json_from_string (text, NULL);
  JsonObject *object;
  g_autoptr (HubNotifyRow) row = NULL;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  object = json_node_get_object (root);
  row = g_new0 (HubNotifyRow, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *value = json_object_get_string_member_with_default (object, texts[i].name, NULL);

      if (value == NULL)
        return NULL;
      G_STRUCT_MEMBER (char *, row, texts[i].offset) = g_strdup (value);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    G_STRUCT_MEMBER (gint64, row, times[i].offset) =
        json_object_get_int_member_with_default (object, times[i].name, 0);
  row->tries = (guint) json_object_get_int_member_with_default (object, "tries", 0);
  if (!care_channel_parse (json_object_get_string_member_with_default (object, "channel", NULL),
                           &row->notice.channel))
    return NULL;
  return g_steal_pointer (&row);
}

/* Returns: (transfer full) (nullable): NULL where it is not there any more */
HubNotifyRow *
hub_notify_queue_load (StoreConnection *connection, const char *id)
{
  g_autofree char *name = g_strconcat (PREFIX, id, NULL);
  g_autofree char *text = store_setting_get (connection, name);

  return text != NULL ? parse (text) : NULL;
}

static void
add_row (const char *name, const char *value, gpointer data)
{
  HubNotifyRow *row = parse (value);

  if (row != NULL)
    g_ptr_array_add (data, row);
  else
    g_critical ("A queued message cannot be read: %s", name);
}

/* Returns: (transfer full) (nullable): of HubNotifyRow */
GPtrArray *
hub_notify_queue_list (StoreConnection *connection, GError **error)
{
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) hub_notify_row_free);

  if (!store_setting_foreach (connection, PREFIX, add_row, rows, error))
    return NULL;
  return g_steal_pointer (&rows);
}

gboolean
hub_notify_queue_remove (StoreConnection *connection, const char *id, GError **error)
{
  g_autofree char *name = g_strconcat (PREFIX, id, NULL);

  return store_setting_delete (connection, name, error);
}

/**
 * hub_notify_queue_delay:
 * @tries: how often it was tried
 *
 * Returns: µs until the next try: twice as long each time, up to an hour, and for each message
 *   somewhat other, so that a server that comes back is not met by all at once
 */
gint64
hub_notify_queue_delay (const char *id, guint tries)
{
  gint64 delay = FIRST_TRY << MIN (MAX (tries, 1) - 1, 8);

  delay = MIN (delay, LAST_TRY);
  return delay + delay / 100 * (gint64) (g_str_hash (id) % 25);
}

/* ---- may it still go? ---- */

static gboolean
is_open (FhirResource *appointment)
{
  const char *const open[] = { "booked", "arrived", "checked-in", "pending", NULL };
  const char *status = appointment != NULL ? fhir_resource_path_text (appointment, "status") : NULL;

  return status != NULL && g_strv_contains (open, status);
}

/* A link that was shown on a screen meanwhile ends those before it. */
static gboolean
is_live (StoreConnection *connection, const char *link)
{
  const char *slash = strrchr (link, '/');
  g_autofree char *hash = hub_join_hash (slash != NULL ? slash + 1 : link);
  g_autofree char *name = g_strconcat ("join/", hash, NULL);
  g_autofree char *there = store_setting_get (connection, name);

  return there != NULL;
}

/**
 * hub_notify_queue_dup_obstacle:
 *
 * What was true when the message was written is asked again before each try.
 *
 * Returns: (transfer full) (nullable): why it must not go; NULL where it may
 */
char *
hub_notify_queue_dup_obstacle (StoreConnection *connection, HubNotifyRow *row)
{
  g_autoptr (FhirResource) patient = store_resource_get (connection, "Patient", row->patient, NULL);
  g_autoptr (FhirResource) appointment =
      store_resource_get (connection, "Appointment", row->appointment, NULL);
  g_autofree char *today = base_clock_dup_today (store_connection_get_clock (connection));
  g_autofree char *address =
      patient != NULL ? care_channel_dup_address (patient, row->notice.channel, today) : NULL;
  g_autoptr (CareConsent) consent =
      care_consent_read (connection, row->patient, row->notice.channel, row->notice.to, NULL);
  g_autoptr (GError) gone = NULL;
  g_autoptr (FhirResource) message =
      store_resource_get (connection, "Communication", row->notice.id, &gone);

  if (message == NULL && g_error_matches (gone, STORE_ERROR, STORE_ERROR_GONE))
    return g_strdup ("The message was deleted.");
  if (!is_open (appointment))
    return g_strdup ("The visit is not to be held any more.");
  if (!is_live (connection, row->notice.link))
    return g_strdup ("A newer link was made, and this one opens nothing any more.");
  if (!care_channel_same (row->notice.channel, address, row->notice.to))
    return g_strdup (row->notice.channel == CARE_CHANNEL_SMS
                         ? "The patient has another number now."
                         : "The patient has another e-mail address now.");
  if (consent == NULL || consent->state == CARE_CONSENT_NOT_ASKED)
    return g_strdup ("No agreement of the patient to be written to stands in the record.");
  if (consent->state == CARE_CONSENT_REFUSED)
    return g_strdup ("The patient does not agree to be written to any more.");
  return NULL;
}
