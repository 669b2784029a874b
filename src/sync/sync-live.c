/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-live.h"

#include <stdlib.h>
#include <string.h>

#include "fhir-builder.h"
#include "fhir-reference.h"
#include "net-error.h"
#include "net-socket.h"

/* R4 Subscriptions Backport 1.1.0, channel type websocket: a Subscription that the server keeps, a
 * token for one connection, "bind-with-token", then notices. Events are counted; a gap means that
 * something was missed. Lives on the main thread. */

#define TOPIC         "https://bedside.health/fhir/SubscriptionTopic/clinic"
#define BACKPORT      "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
#define PAYLOAD_MAX   ((gsize) 16 * 1024 * 1024)
#define RETRY_SECONDS 60
#define ASKED_SECONDS 1 /* until it is known what the server offers */

struct _SyncLive
{
  GObject parent_instance;
  NetFhirClient *client;
  SyncCapability *capability;
  NetSocket *socket;
  GCancellable *cancellable; /* set while started */
  char *subscription;        /* the server's id of it */
  char *token;
  gint64 count;
  gboolean up;
  gboolean asking; /* a request is under way */
  guint retry;
};

enum
{
  SIGNAL_UP,
  SIGNAL_DOWN,
  SIGNAL_HEARD,
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SyncLive, sync_live, G_TYPE_OBJECT)

static gboolean
on_retry (gpointer data)
{
  SyncLive *self = data;

  self->retry = 0;
  sync_live_wake (self);
  return G_SOURCE_REMOVE;
}

static void
set_up (SyncLive *self, gboolean up)
{
  gboolean was = self->up;

  self->up = up;
  if (up)
    g_signal_emit (self, signals[SIGNAL_UP], 0);
  else if (was)
    g_signal_emit (self, signals[SIGNAL_DOWN], 0);
}

static void
drop_socket (SyncLive *self)
{
  if (self->socket == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->socket, self);
  net_socket_close (self->socket);
  g_clear_object (&self->socket);
}

/* A server without subscriptions is asked again now and then; until then the engine polls. */
static void
try_later (SyncLive *self, guint seconds)
{
  drop_socket (self);
  set_up (self, FALSE);
  if (self->retry == 0 && self->cancellable != NULL)
    self->retry = g_timeout_add_seconds (seconds, on_retry, self);
}

static const FhirElement *
find_parameter (FhirResource *parameters, const char *name)
{
  fhir_element_foreach (parameter, fhir_resource_path (parameters, "parameter"))
    if (g_strcmp0 (fhir_element_path_text (parameter, "name"), name) == 0)
      return parameter;
  return NULL;
}

/* A value of whatever type: servers differ in which they take for text and numbers. */
static const char *
parameter_text (FhirResource *parameters, const char *name)
{
  const FhirElement *parameter = find_parameter (parameters, name);
  FhirMemberIter iter;
  const char *member;
  const FhirElement *value;

  if (parameter == NULL)
    return NULL;
  fhir_member_iter_init (&iter, parameter);
  while (fhir_member_iter_next (&iter, &member, &value))
    if (g_str_has_prefix (member, "value"))
      return fhir_element_get_text (value);
  return NULL;
}

static void
take_event (const FhirElement *entry, GPtrArray *resources, GPtrArray *references)
{
  const FhirElement *element = fhir_element_get (entry, "resource");
  const char *method = fhir_element_path_text (entry, "request.method");
  const char *url = fhir_element_path_text (entry, "fullUrl");
  FhirResource *resource = element != NULL ? fhir_resource_new_from_element (element, NULL) : NULL;
  g_autofree char *type = NULL;
  g_autofree char *id = NULL;

  if (resource != NULL && fhir_resource_get_id (resource) != NULL &&
      g_strcmp0 (method, "DELETE") != 0)
    {
      g_ptr_array_add (resources, resource);
      return;
    }
  g_clear_pointer (&resource, fhir_resource_unref);
  if (url == NULL || !fhir_reference_split (url, &type, &id))
    {
      g_clear_pointer (&type, g_free);
      g_clear_pointer (&id, g_free);
      url = fhir_element_path_text (entry, "request.url");
    }
  if (type != NULL || (url != NULL && fhir_reference_split (url, &type, &id)))
    g_ptr_array_add (references, g_strdup_printf ("%s/%s", type, id));
}

static void
take_notice (SyncLive *self, FhirResource *bundle, FhirResource *status)
{
  g_autoptr (GPtrArray) resources =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autoptr (GPtrArray) references = g_ptr_array_new_with_free_func (g_free);
  const char *type = parameter_text (status, "type");
  const char *count_text = parameter_text (status, "events-since-subscription-start");
  gint64 count = count_text != NULL ? g_ascii_strtoll (count_text, NULL, 10) : 0;
  const FhirElement *entries = fhir_resource_path (bundle, "entry");
  gboolean missed;

  if (g_strcmp0 (type, "handshake") == 0)
    {
      self->count = count;
      set_up (self, TRUE);
      return;
    }
  fhir_element_foreach (entry, entries)
    if (entry != fhir_element_first (entries))
      take_event (entry, resources, references);
  missed = count != self->count + (gint64) (fhir_element_get_length (entries) - 1);
  self->count = count;
  if (resources->len + references->len > 0)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0, resources, references);
  if (missed)
    g_signal_emit (self, signals[SIGNAL_UP], 0);
  else
    g_signal_emit (self, signals[SIGNAL_HEARD], 0);
}

static void
on_message (NetSocket *socket, const char *text, SyncLive *self)
{
  g_autoptr (FhirResource) bundle = fhir_resource_parse (text, -1, NULL);
  const FhirElement *first =
      bundle != NULL ? fhir_resource_path (bundle, "entry.0.resource") : NULL;
  g_autoptr (FhirResource) status =
      first != NULL ? fhir_resource_new_from_element (first, NULL) : NULL;

  g_object_ref (self);
  if (status != NULL && strcmp (fhir_resource_get_type (status), "Parameters") == 0)
    take_notice (self, bundle, status);
  g_object_unref (self);
}

static void
on_open (NetSocket *socket, SyncLive *self)
{
  g_autofree char *text = g_strconcat ("bind-with-token ", self->token, NULL);

  net_socket_send (socket, text);
}

/* The token was good for that one connection: begin again with a new one. */
static void
on_closed (NetSocket *socket, const char *sentence, gboolean again, SyncLive *self)
{
  g_debug ("The channel for changes closed: %s", sentence);
  try_later (self, 1);
}

static void
connect_bound_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SyncLive) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (NetAnswer) answer =
      net_fhir_client_send_finish (NET_FHIR_CLIENT (source), result, &error);
  FhirResource *parameters = answer != NULL ? answer->resource : NULL;
  const char *token = parameters != NULL ? parameter_text (parameters, "token") : NULL;
  const char *url = parameters != NULL ? parameter_text (parameters, "websocket-url") : NULL;

  self->asking = FALSE;
  if (self->cancellable == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (token == NULL || url == NULL)
    {
      gboolean gone = error == NULL || g_error_matches (error, NET_ERROR, NET_ERROR_NOT_FOUND) ||
                      g_error_matches (error, NET_ERROR, NET_ERROR_GONE) ||
                      g_error_matches (error, NET_ERROR, NET_ERROR_FORBIDDEN);

      if (gone)
        g_clear_pointer (&self->subscription, g_free);
      try_later (self, gone ? 2 : 5);
      return;
    }
  g_set_str (&self->token, token);
  self->socket = net_socket_new (url, NULL);
  net_socket_set_max_payload (self->socket, PAYLOAD_MAX);
  g_signal_connect (self->socket, "open", G_CALLBACK (on_open), self);
  g_signal_connect (self->socket, "message", G_CALLBACK (on_message), self);
  g_signal_connect (self->socket, "closed", G_CALLBACK (on_closed), self);
  net_socket_open (self->socket);
}

static void
ask_token (SyncLive *self)
{
  g_autofree char *path =
      g_strdup_printf ("Subscription/%s/$get-ws-binding-token", self->subscription);
  const NetRequest request = { .method = "GET", .path = path };

  self->asking = TRUE;
  net_fhir_client_send_async (self->client, &request, self->cancellable, connect_bound_cb,
                              g_object_ref (self));
}

static void
connect_subscribed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SyncLive) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (NetAnswer) answer =
      net_fhir_client_send_finish (NET_FHIR_CLIENT (source), result, &error);
  const char *slash =
      answer != NULL && answer->location != NULL ? strchr (answer->location, '/') : NULL;

  self->asking = FALSE;
  if (self->cancellable == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (slash != NULL)
    g_set_str (&self->subscription, slash + 1);
  else if (answer != NULL && answer->resource != NULL)
    g_set_str (&self->subscription, fhir_resource_get_id (answer->resource));
  if (self->subscription != NULL)
    ask_token (self);
  else
    try_later (self, g_error_matches (error, NET_ERROR, NET_ERROR_OFFLINE) ? 5 : RETRY_SECONDS);
}

static FhirResource *
make_subscription (void)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Subscription", NULL);

  fhir_builder_set_many (builder, "meta.profile.0", BACKPORT "backport-subscription", "status",
                         "requested", "reason", "Changes of records for a workstation", "criteria",
                         TOPIC, "channel.type", "websocket", "channel.payload",
                         "application/fhir+json", "channel._payload.extension.0.url",
                         BACKPORT "backport-payload-content",
                         "channel._payload.extension.0.valueCode", "full-resource", NULL);
  return fhir_builder_end (builder);
}

static void
subscribe (SyncLive *self)
{
  g_autoptr (FhirResource) subscription = make_subscription ();
  const NetRequest request = { .method = "POST", .path = "Subscription", .body = subscription };

  self->asking = TRUE;
  net_fhir_client_send_async (self->client, &request, self->cancellable, connect_subscribed_cb,
                              g_object_ref (self));
}

/* Nothing is written to a server that does not offer to take it. One that does not describe itself
 * is tried. */
static void
begin (SyncLive *self)
{
  if (!sync_capability_was_asked (self->capability))
    try_later (self, ASKED_SECONDS);
  else if (sync_capability_get (self->capability, SYNC_FEATURE_SUBSCRIPTION, NULL) ==
           SYNC_ANSWER_NO)
    try_later (self, RETRY_SECONDS);
  else if (self->subscription != NULL)
    ask_token (self);
  else
    subscribe (self);
}

static void
sync_live_dispose (GObject *object)
{
  SyncLive *self = SYNC_LIVE (object);

  sync_live_stop (self);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (sync_live_parent_class)->dispose (object);
}

static void
sync_live_finalize (GObject *object)
{
  SyncLive *self = SYNC_LIVE (object);

  g_clear_pointer (&self->subscription, g_free);
  g_clear_pointer (&self->token, g_free);
  g_clear_pointer (&self->capability, sync_capability_unref);

  G_OBJECT_CLASS (sync_live_parent_class)->finalize (object);
}

static void
sync_live_class_init (SyncLiveClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sync_live_dispose;
  object_class->finalize = sync_live_finalize;

  signals[SIGNAL_UP] =
      g_signal_new ("up", SYNC_TYPE_LIVE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_DOWN] =
      g_signal_new ("down", SYNC_TYPE_LIVE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_HEARD] = g_signal_new ("heard", SYNC_TYPE_LIVE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CHANGED] =
      g_signal_new ("changed", SYNC_TYPE_LIVE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                    2, G_TYPE_PTR_ARRAY, G_TYPE_PTR_ARRAY);
}

static void
sync_live_init (SyncLive *self)
{
}

/**
 * sync_live_new:
 * @subscription: (nullable): the id of one made earlier
 */
SyncLive *
sync_live_new (NetFhirClient *client, SyncCapability *capability, const char *subscription)
{
  SyncLive *self = g_object_new (SYNC_TYPE_LIVE, NULL);

  self->client = g_object_ref (client);
  self->capability = sync_capability_ref (capability);
  self->subscription = g_strdup (subscription);
  return self;
}

void
sync_live_start (SyncLive *self)
{
  if (self->cancellable != NULL)
    return;
  self->cancellable = g_cancellable_new ();
  self->retry = g_idle_add_full (G_PRIORITY_DEFAULT, on_retry, self, NULL);
}

/**
 * sync_live_wake:
 *
 * Ends a pause: the network seems to be back.
 */
void
sync_live_wake (SyncLive *self)
{
  if (self->cancellable == NULL || self->socket != NULL || self->asking)
    return;
  g_clear_handle_id (&self->retry, g_source_remove);
  begin (self);
}

void
sync_live_stop (SyncLive *self)
{
  g_clear_handle_id (&self->retry, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  drop_socket (self);
  self->up = FALSE;
}

gboolean
sync_live_is_up (SyncLive *self)
{
  return self->up;
}

const char *
sync_live_get_subscription (SyncLive *self)
{
  return self->subscription;
}
