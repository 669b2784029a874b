/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-server.h"

#include "hub-copies.h"
#include "hub-ice.h"
#include "hub-records.h"
#include "hub-upstream.h"
#include "store-audit.h"

/* The hub's HTTP side: one SoupServer on the loopback device, and the modules that answer on it. */

#define AUDIT_DELAY_MS 500
#define AUDIT_BATCH    1024 /* each makes the readers read their pages anew */

typedef struct
{
  char *action, *who, *patient, *reference, *detail;
} AuditRow;

struct _HubServer
{
  GObject parent_instance;
  StoreDatabase *store;
  HubCopies *copies;     /* NULL: this hub is alone */
  HubUpstream *upstream; /* in the store's place */
  BaseClock *clock;
  HubAccess *access;
  SoupServer *soup;
  HubIce *ice; /* NULL: neither STUN nor TURN servers */
  char *base_url, *public_url;
  gboolean demo;
  GPtrArray *audit; /* AuditRow*, not yet written */
  guint audit_source;
};

G_DEFINE_FINAL_TYPE (HubServer, hub_server, G_TYPE_OBJECT)

static void
audit_row_free (gpointer data)
{
  AuditRow *row = data;

  g_free (row->action);
  g_free (row->who);
  g_free (row->patient);
  g_free (row->reference);
  g_free (row->detail);
  g_free (row);
}

static gboolean
write_audit (StoreConnection *connection, gpointer data, GError **error)
{
  GPtrArray *rows = data;

  for (guint i = 0; i < rows->len; i++)
    {
      const AuditRow *row = rows->pdata[i];

      if (!store_audit_append (connection, row->action, row->who, row->patient, row->reference,
                               row->detail, error))
        return FALSE;
    }
  return TRUE;
}

static void
audit_written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!store_database_write_finish (STORE_DATABASE (source), result, &error))
    g_critical ("The audit chain could not be written: %s", error->message);
}

static void
flush_audit (HubServer *self)
{
  GPtrArray *rows = self->audit;

  g_clear_handle_id (&self->audit_source, g_source_remove);
  if (rows->len == 0)
    return;
  self->audit = g_ptr_array_new_with_free_func (audit_row_free);
  store_database_write_async (self->store, BASE_LANE_BATCH, write_audit, rows,
                              (GDestroyNotify) g_ptr_array_unref, NULL, audit_written_cb, NULL);
}

static gboolean
flush_audit_cb (gpointer data)
{
  HubServer *self = data;

  self->audit_source = 0;
  flush_audit (self);
  return G_SOURCE_REMOVE;
}

static void
hub_server_dispose (GObject *object)
{
  HubServer *self = HUB_SERVER (object);

  g_clear_handle_id (&self->audit_source, g_source_remove);
  g_clear_object (&self->soup);
  g_clear_object (&self->access);
  g_clear_object (&self->store);
  g_clear_object (&self->copies);
  g_clear_object (&self->upstream);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->ice, hub_ice_unref);

  G_OBJECT_CLASS (hub_server_parent_class)->dispose (object);
}

static void
hub_server_finalize (GObject *object)
{
  HubServer *self = HUB_SERVER (object);

  g_ptr_array_unref (self->audit);
  g_free (self->base_url);
  g_free (self->public_url);

  G_OBJECT_CLASS (hub_server_parent_class)->finalize (object);
}

static void
hub_server_class_init (HubServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = hub_server_dispose;
  object_class->finalize = hub_server_finalize;
}

static void
hub_server_init (HubServer *self)
{
  self->audit = g_ptr_array_new_with_free_func (audit_row_free);
  self->soup = soup_server_new ("server-header", "bedside-hub", NULL);
}

/**
 * hub_server_new:
 *
 * Returns: (transfer full): a server that listens once it is started
 */
HubServer *
hub_server_new (StoreDatabase *store, BaseClock *clock, HubAccess *access)
{
  HubServer *self = g_object_new (HUB_TYPE_SERVER, NULL);

  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->access = g_object_ref (access);
  return self;
}

/**
 * hub_server_new_upstream:
 *
 * Returns: (transfer full): a server that keeps nothing and stands in front of another one
 */
HubServer *
hub_server_new_upstream (HubUpstream *upstream, BaseClock *clock, HubAccess *access)
{
  HubServer *self = g_object_new (HUB_TYPE_SERVER, NULL);

  self->upstream = g_object_ref (upstream);
  self->clock = g_object_ref (clock);
  self->access = g_object_ref (access);
  return self;
}

/**
 * hub_server_start:
 * @port: 0 for any free one
 *
 * Opens the port on the loopback device and lets every module add what it answers.
 */
gboolean
hub_server_start (HubServer *self, guint port, GError **error)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  g_autoslist (GUri) uris = NULL;

  if (!soup_server_listen (self->soup, address, 0, error))
    return FALSE;
  uris = soup_server_get_uris (self->soup);
  self->base_url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  /* No request is taken before the main loop runs, so the modules may come after the port. */
  for (const HubModule *module = self->upstream != NULL ? hub_upstream_modules : hub_modules;
       *module != NULL; module++)
    (*module) (self);
  return TRUE;
}

/**
 * hub_server_stop:
 *
 * Closes the port and hands the last audit rows to the store, whose own close waits for them.
 */
void
hub_server_stop (HubServer *self)
{
  soup_server_disconnect (self->soup);
  flush_audit (self);
}

SoupServer *
hub_server_get_soup (HubServer *self)
{
  return self->soup;
}

StoreDatabase *
hub_server_get_store (HubServer *self)
{
  return self->store;
}

BaseClock *
hub_server_get_clock (HubServer *self)
{
  return self->clock;
}

HubUpstream *
hub_server_get_upstream (HubServer *self)
{
  return self->upstream;
}

HubAccess *
hub_server_get_access (HubServer *self)
{
  return self->access;
}

const char *
hub_server_get_base_url (HubServer *self)
{
  return self->base_url;
}

HubCopies *
hub_server_get_copies (HubServer *self)
{
  return self->copies;
}

/**
 * hub_server_set_copies:
 * @copies: (nullable):
 *
 * Before hub_server_start().
 */
void
hub_server_set_copies (HubServer *self, HubCopies *copies)
{
  g_set_object (&self->copies, copies);
}

const char *
hub_server_get_public_url (HubServer *self)
{
  return self->public_url != NULL ? self->public_url : self->base_url;
}

/**
 * hub_server_set_public_url:
 * @url: (nullable): of what stands in front of the loopback port, without a slash at its end
 */
void
hub_server_set_public_url (HubServer *self, const char *url)
{
  g_set_str (&self->public_url, url);
}

HubIce *
hub_server_get_ice (HubServer *self)
{
  return self->ice;
}

void
hub_server_set_ice (HubServer *self, HubIce *ice)
{
  g_clear_pointer (&self->ice, hub_ice_unref);
  self->ice = ice != NULL ? hub_ice_ref (ice) : NULL;
}

gboolean
hub_server_get_demo (HubServer *self)
{
  return self->demo;
}

/**
 * hub_server_set_demo:
 * @demo: whether sign-in approves by itself, for the demo clinic only
 */
void
hub_server_set_demo (HubServer *self, gboolean demo)
{
  self->demo = demo;
}

/**
 * hub_server_audit:
 * @patient: (nullable): the patient's id; it is stored as a pseudonym, so put it nowhere else
 * @detail: (nullable): what else a reader of the chain needs
 */
void
hub_server_audit (HubServer *self,
                  const char *action,
                  const char *who,
                  const char *patient,
                  const char *reference,
                  const char *detail)
{
  AuditRow *row;

  if (self->upstream != NULL)
    {
      hub_upstream_audit (self->upstream, action, who, patient, reference, detail);
      return;
    }
  row = g_new (AuditRow, 1);
  row->action = g_strdup (action);
  row->who = g_strdup (who);
  row->patient = g_strdup (patient);
  row->reference = g_strdup (reference);
  row->detail = g_strdup (detail);
  g_ptr_array_add (self->audit, row);
  if (self->audit->len >= AUDIT_BATCH)
    flush_audit (self);
  else if (self->audit_source == 0)
    self->audit_source = g_timeout_add (AUDIT_DELAY_MS, flush_audit_cb, self);
}
