/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-directory.h"

#include <string.h>

#include "base-id.h"
#include "fhir-date.h"
#include "hub-directory-private.h"
#include "hub-patient-directory.h"
#include "hub-patient-private.h"
#include "hub-proxy.h"
#include "hub-records-local.h"
#include "hub-reply.h"
#include "store-setting.h"

/* Pharmacies sign up to the list that patients choose from: DIRECTORY.md. What somebody outside has
 * posted stays apart from the records, where no workstation reads it, until an administrator has
 * approved it. */

#define DATA_KEY     "hub-directory"
#define PATH         "/directory/pharmacies"
#define PREFIX       "directory/"
#define MAX_BODY     (16 * 1024)
#define MAX_BRACKETS 128
#define MAX_WAITING  100 /* for an administrator */
#define MAX_SIGN_UPS 5   /* an address and hour */
#define MAX_ASKED    60  /* an address and minute */
#define MAX_HOSTS    10000
#define MAX_REASON   300
#define KEPT_DAYS    90 /* what was decided */
#define WAITING_DAYS 30 /* what nobody decided: else who signs up often enough closes the list */

typedef struct
{
  HubServer *server;             /* owns this */
  GHashTable *asked, *signed_up; /* address -> how often in this minute, in this hour */
  gint64 minute, hour;
} Directory;

typedef enum
{
  SIGN_UP,
  SHOW,
  LIST,
  APPROVE,
  REFUSE,
} Action;

typedef struct
{
  HubServer *server;
  SoupServerMessage *message;
  Action action;
  char *id, *secret; /* secret: hash of what the pharmacy shows; NULL: an administrator asks */
  char *who;
  JsonNode *body;
  HubListing *listing;

  guint status;
  char *text;
} Call;

static void
call_free (Call *call)
{
  g_clear_pointer (&call->body, json_node_unref);
  g_clear_pointer (&call->listing, hub_listing_free);
  g_object_unref (call->message);
  g_object_unref (call->server);
  g_free (call->id);
  g_free (call->secret);
  g_free (call->who);
  g_free (call->text);
  g_free (call);
}

static void
answer (Call *call, guint status, JsonBuilder *out)
{
  g_autoptr (JsonNode) root = json_builder_get_root (out);

  call->status = status;
  g_free (call->text);
  call->text = json_to_string (root, FALSE);
}

static gboolean
answer_error (Call *call, guint status, const char *sentence)
{
  g_autoptr (JsonBuilder) out = json_builder_new ();

  json_builder_begin_object (out);
  hub_reply_add_text (out, "error", sentence);
  json_builder_end_object (out);
  answer (call, status, out);
  return TRUE;
}

/* ---- what is kept of a sign-up ---- */

static const char *
text_of (JsonObject *entry, const char *name)
{
  return json_object_get_string_member_with_default (entry, name, NULL);
}

static gboolean
has_status (JsonObject *entry, const char *status)
{
  return g_strcmp0 (text_of (entry, "status"), status) == 0;
}

static JsonObject *
load (StoreConnection *connection, const char *id)
{
  g_autofree char *name = g_strconcat (PREFIX, id, NULL);
  g_autofree char *text = store_setting_get (connection, name);
  g_autoptr (JsonNode) root = text != NULL ? json_from_string (text, NULL) : NULL;

  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_dup_object (root) : NULL;
}

static gboolean
save (StoreConnection *connection, const char *id, JsonObject *entry, GError **error)
{
  g_autofree char *name = g_strconcat (PREFIX, id, NULL);
  g_autoptr (JsonNode) root = json_node_alloc ();
  g_autofree char *text = NULL;

  json_node_init_object (root, entry);
  text = json_to_string (root, FALSE);
  return store_setting_set (connection, name, text, error);
}

/* ---- signing up ---- */

typedef struct
{
  JsonNode *body;        /* what is posted now */
  gint64 before, posted; /* what was decided earlier, or waits since earlier, is forgotten */
  guint waiting;
  gboolean twice;
  GPtrArray *old; /* names of settings */
} Look;

static gboolean
is_over (JsonObject *entry, const Look *look)
{
  const char *received = text_of (entry, "received"), *decided = text_of (entry, "decided");

  if (has_status (entry, "waiting"))
    return received == NULL || fhir_date_begin (received) < look->posted;
  return decided != NULL && fhir_date_begin (decided) < look->before;
}

static void
look_cb (const char *name, const char *value, gpointer data)
{
  Look *look = data;
  g_autoptr (JsonNode) root = json_from_string (value, NULL);
  JsonObject *entry =
      root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;

  if (entry == NULL || is_over (entry, look))
    g_ptr_array_add (look->old, g_strdup (name));
  else if (has_status (entry, "waiting"))
    {
      look->waiting++;
      look->twice |= json_node_equal (json_object_get_member (entry, "listing"), look->body);
    }
}

static gboolean
look_around (StoreConnection *connection, BaseClock *clock, Look *look, GError **error)
{
  g_autoptr (GPtrArray) old = g_ptr_array_new_with_free_func (g_free);

  look->old = old;
  look->before = base_clock_now (clock) - KEPT_DAYS * G_TIME_SPAN_DAY;
  look->posted = base_clock_now (clock) - WAITING_DAYS * G_TIME_SPAN_DAY;
  if (!store_setting_foreach (connection, PREFIX, look_cb, look, error))
    return FALSE;
  for (guint i = 0; i < old->len; i++)
    if (!store_setting_delete (connection, old->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
keep (HubRecords *records, Call *call, GError **error)
{
  g_autofree char *id = base_id_new (base_clock_now (records->clock));
  g_autofree char *secret = base_id_new_token ();
  g_autofree char *hash = base_sha256_hex (secret, -1);
  g_autofree char *now = base_clock_dup_instant (records->clock);
  g_autoptr (JsonObject) entry = json_object_new ();
  g_autoptr (JsonBuilder) out = json_builder_new ();

  json_object_set_string_member (entry, "status", "waiting");
  json_object_set_string_member (entry, "secret", hash);
  json_object_set_string_member (entry, "received", now);
  json_object_set_member (entry, "listing", json_node_copy (call->body));
  if (!save (hub_records_local_get_connection (records), id, entry, error) ||
      !hub_records_audit (records, "write", "directory", NULL, NULL, "a pharmacy signed up", error))
    return FALSE;
  json_builder_begin_object (out);
  hub_reply_add_text (out, "id", id);
  hub_reply_add_text (out, "secret", secret);
  hub_reply_add_text (out, "status", "waiting");
  json_builder_end_object (out);
  answer (call, 202, out);
  return TRUE;
}

/* The very same twice is once. One that differs anywhere waits beside the other, whose registration
 * it may be. */
static gboolean
sign_up (HubRecords *records, Call *call, GError **error)
{
  Look look = { .body = call->body };

  if (!look_around (hub_records_local_get_connection (records), records->clock, &look, error))
    return FALSE;
  if (look.twice)
    return answer_error (call, 409, "This pharmacy has signed up already, and waits for an answer");
  if (look.waiting >= MAX_WAITING)
    return answer_error (call, 503, "Too many wait for an answer. Sign up again another day");
  return keep (records, call, error);
}

/* ---- reading ---- */

static void
write_members (const char *id, JsonObject *entry, gboolean whole, JsonBuilder *out)
{
  const char *const names[] = { "status", "received", "decided", "reason", "organization" };

  hub_reply_add_text (out, "id", id);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    hub_reply_add_text (out, names[i], text_of (entry, names[i]));
  if (whole)
    {
      json_builder_set_member_name (out, "listing");
      json_builder_add_value (out, json_node_copy (json_object_get_member (entry, "listing")));
    }
}

static void
list_cb (const char *name, const char *value, gpointer data)
{
  g_autoptr (JsonNode) root = json_from_string (value, NULL);

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    g_hash_table_insert (data, g_strdup (name + strlen (PREFIX)), json_node_dup_object (root));
}

static gint
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
list (HubRecords *records, Call *call, GError **error)
{
  g_autoptr (GHashTable) entries =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_object_unref);
  g_autoptr (GPtrArray) organizations =
      hub_records_search (records, "Organization", "type=" HUB_ORGANIZATION_TYPE "|pharmacy",
                          error);
  g_autoptr (GPtrArray) ids = NULL;
  g_autoptr (JsonBuilder) out = json_builder_new ();

  if (organizations == NULL || !store_setting_foreach (hub_records_local_get_connection (records),
                                                       PREFIX, list_cb, entries, error))
    return FALSE;
  ids = g_hash_table_get_keys_as_ptr_array (entries);
  g_ptr_array_sort (ids, compare_ids);
  json_builder_begin_object (out);
  json_builder_set_member_name (out, "pharmacies");
  json_builder_begin_array (out);
  for (guint i = 0; i < ids->len; i++)
    {
      json_builder_begin_object (out);
      write_members (ids->pdata[i], g_hash_table_lookup (entries, ids->pdata[i]), TRUE, out);
      hub_listing_write_like (entries, organizations, ids->pdata[i], out);
      json_builder_end_object (out);
    }
  json_builder_end_array (out);
  json_builder_end_object (out);
  answer (call, 200, out);
  return TRUE;
}

/* Who does not know the secret is told as much of a sign-up that is there as of one that is not. */
static gboolean
show (Call *call, JsonObject *entry)
{
  g_autoptr (JsonBuilder) out = NULL;
  const char *secret = entry != NULL ? text_of (entry, "secret") : NULL;

  if (entry == NULL || (call->secret != NULL &&
                        (secret == NULL || !base_equal_constant_time (call->secret, secret))))
    return answer_error (call, 404, "There is no such sign-up, or this is not its secret");
  out = json_builder_new ();
  json_builder_begin_object (out);
  write_members (call->id, entry, call->secret == NULL, out);
  json_builder_end_object (out);
  answer (call, 200, out);
  return TRUE;
}

/* ---- deciding ---- */

static gboolean
approve (HubRecords *records, Call *call, JsonObject *entry, GError **error)
{
  g_autoptr (HubListing) listing =
      hub_listing_read (json_object_get_member (entry, "listing"), error);
  g_autofree char *organization =
      listing != NULL ? hub_listing_put (records, listing, call->id, error) : NULL;

  if (organization == NULL)
    return FALSE;
  json_object_set_string_member (entry, "status", "listed");
  json_object_set_string_member (entry, "organization", organization);
  return TRUE;
}

static gboolean
decide (HubRecords *records, Call *call, JsonObject *entry, GError **error)
{
  const char *wanted = call->action == APPROVE ? "listed" : "refused";
  g_autofree char *now = base_clock_dup_instant (records->clock);
  g_autofree char *reason = NULL;
  JsonObject *body = call->body != NULL && JSON_NODE_HOLDS_OBJECT (call->body)
                         ? json_node_get_object (call->body)
                         : NULL;

  if (has_status (entry, wanted))
    return show (call, entry);
  if (!has_status (entry, "waiting"))
    return answer_error (call, 409, "This was decided already, and otherwise");
  if (call->action == REFUSE)
    {
      JsonNode *node = body != NULL ? json_object_get_member (body, "reason") : NULL;

      reason = node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                       json_node_get_value_type (node) == G_TYPE_STRING
                   ? hub_patient_plain_text (json_node_get_string (node), MAX_REASON)
                   : NULL;
      if (reason == NULL)
        return answer_error (call, 422, "Say why, in “reason”");
      json_object_set_string_member (entry, "reason", reason);
      json_object_set_string_member (entry, "status", wanted);
    }
  else if (!approve (records, call, entry, error))
    return FALSE;
  json_object_set_string_member (entry, "decided", now);
  return save (hub_records_local_get_connection (records), call->id, entry, error) &&
         hub_records_audit (records, "write", call->who, NULL, NULL,
                            call->action == APPROVE ? "a pharmacy was listed"
                                                    : "a pharmacy was refused",
                            error) &&
         show (call, entry);
}

static gboolean
work (HubRecords *records, gpointer data, GError **error)
{
  Call *call = data;
  g_autoptr (JsonObject) entry = NULL;

  if (call->action == SIGN_UP)
    return sign_up (records, call, error);
  if (call->action == LIST)
    return list (records, call, error);
  entry = load (hub_records_local_get_connection (records), call->id);
  if (call->action == SHOW || entry == NULL)
    return show (call, entry);
  return decide (records, call, entry, error);
}

/* ---- asking ---- */

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Call *call = data;
  g_autoptr (GError) error = NULL;

  if (!hub_records_run_finish (result, &error))
    {
      g_warning ("The directory was answered %u: %s", hub_reply_status_of (error), error->message);
      answer_error (call, hub_reply_status_of (error), "This could not be done. Try again later");
    }
  hub_reply_text (call->message, call->status, "application/json", g_steal_pointer (&call->text));
  soup_server_message_unpause (call->message);
  call_free (call);
}

static void
run (Call *call)
{
  soup_server_message_pause (call->message);
  hub_records_run_async (call->server, call->action != SHOW && call->action != LIST, work, call,
                         done_cb, call);
}

static void
refuse (Call *call, guint status, const char *sentence)
{
  answer_error (call, status, sentence);
  if (status == 401)
    soup_message_headers_replace (soup_server_message_get_response_headers (call->message),
                                  "WWW-Authenticate", "Bearer realm=\"bedside\"");
  hub_reply_text (call->message, status, "application/json", g_steal_pointer (&call->text));
  call_free (call);
}

static guint
count (GHashTable *table, gint64 *since, gint64 now, const char *host)
{
  guint times;

  if (*since != now || g_hash_table_size (table) >= MAX_HOSTS)
    g_hash_table_remove_all (table);
  *since = now;
  times = GPOINTER_TO_UINT (g_hash_table_lookup (table, host)) + 1;
  g_hash_table_replace (table, g_strdup (host), GUINT_TO_POINTER (times));
  return times;
}

static void
begin_sign_up (Directory *self, Call *call)
{
  g_autofree char *host = hub_proxy_dup_host (self->server, call->message);
  gint64 hour = base_clock_now (hub_server_get_clock (self->server)) / G_TIME_SPAN_HOUR;
  g_autoptr (GError) error = NULL;

  call->action = SIGN_UP;
  call->body = hub_patient_read_body (call->message, MAX_BRACKETS);
  call->listing = hub_listing_read (call->body, &error);
  if (call->listing == NULL)
    refuse (call, 422, error->message);
  else if (count (self->signed_up, &self->hour, hour, host) > MAX_SIGN_UPS)
    refuse (call, 429, "That was often in a short time. Sign up again in an hour");
  else
    run (call);
}

/* An administrator's, who has no secret and needs none. */
static void
begin_decision (Directory *self, Call *call)
{
  g_autoptr (HubUser) user =
      hub_access_authenticate (hub_server_get_access (self->server), call->message);

  if (user == NULL)
    refuse (call, 401, "Say who you are: Authorization: Bearer TOKEN");
  else if (user->role != HUB_ROLE_ADMIN)
    refuse (call, 403, "Only an administrator may do this");
  else
    {
      call->who = g_strdup (user->name);
      if (call->action == APPROVE || call->action == REFUSE)
        call->body = hub_patient_read_body (call->message, MAX_BRACKETS);
      run (call);
    }
}

static void
begin_show (Directory *self, Call *call)
{
  g_autoptr (HubUser) user =
      hub_access_authenticate (hub_server_get_access (self->server), call->message);
  const char *header =
      soup_message_headers_get_one (soup_server_message_get_request_headers (call->message),
                                    "Authorization");

  call->action = SHOW;
  if (user != NULL && user->role == HUB_ROLE_ADMIN)
    call->who = g_strdup (user->name);
  else if (header == NULL || g_ascii_strncasecmp (header, "Bearer ", 7) != 0)
    {
      refuse (call, 401, "Show the secret that you got: Authorization: Bearer SECRET");
      return;
    }
  else
    call->secret = base_sha256_hex (header + 7 + strspn (header + 7, " "), -1);
  run (call);
}

/* @parts: what comes below PATH: nothing, or an id, or an id and what to do with it */
static void
route (Directory *self, Call *call, char **parts)
{
  const char *method = soup_server_message_get_method (call->message);
  gboolean get = g_str_equal (method, "GET"), post = g_str_equal (method, "POST");
  guint length = g_strv_length (parts);

  call->id = length > 0 && fhir_id_is_valid (parts[0]) ? g_strdup (parts[0]) : NULL;
  if ((length > 0 && call->id == NULL) || length > 2 ||
      (length == 2 && !g_str_equal (parts[1], "approve") && !g_str_equal (parts[1], "refuse")))
    refuse (call, 404, "There is nothing here");
  else if ((!get && !post) || (length == 1 && !get) || (length == 2 && !post))
    refuse (call, 405, "This is not done in that way");
  else if (length == 0 && post)
    begin_sign_up (self, call);
  else if (length == 1)
    begin_show (self, call);
  else
    {
      call->action = length == 0 ? LIST : g_str_equal (parts[1], "approve") ? APPROVE : REFUSE;
      begin_decision (self, call);
    }
}

static void
handler (SoupServer *soup,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer data)
{
  Directory *self = data;
  g_autofree char *host = hub_proxy_dup_host (self->server, message);
  gint64 minute = base_clock_now (hub_server_get_clock (self->server)) / G_TIME_SPAN_MINUTE;
  const char *below = path + strlen (PATH);
  g_auto (GStrv) parts = g_strsplit (below + (*below == '/' ? 1 : 0), "/", 4);
  Call *call = g_new0 (Call, 1);

  call->server = g_object_ref (self->server);
  call->message = g_object_ref (message);
  hub_patient_set_headers (message);
  if (hub_reply_too_large (message))
    refuse (call, 413, "This is too large");
  else if (count (self->asked, &self->minute, minute, host) > MAX_ASKED)
    refuse (call, 429, "That was often in a short time. Try again in a minute");
  else if (*below != '\0' && *below != '/')
    refuse (call, 404, "There is nothing here");
  else
    route (self, call, parts);
}

static void
directory_free (gpointer data)
{
  Directory *self = data;

  g_hash_table_unref (self->asked);
  g_hash_table_unref (self->signed_up);
  g_free (self);
}

void
hub_directory_attach (HubServer *server)
{
  Directory *self = g_new0 (Directory, 1);
  SoupServer *soup = hub_server_get_soup (server);

  self->server = server;
  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->signed_up = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_object_set_data_full (G_OBJECT (server), DATA_KEY, self, directory_free);
  hub_reply_limit_bodies (soup, PATH, MAX_BODY);
  soup_server_add_handler (soup, PATH, handler, self, NULL);
}
