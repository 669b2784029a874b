/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base-totp.h"
#include "hub-reply.h"
#include "hub-second-factor-private.h"
#include "hub-second-factor.h"

/* POST /auth/second-factor, a Parameters with "secret" and "code": a prescriber sets up their own.
 * Who has one already adds "old", what it shows now, or "password". GET says whether there is one.
 * The answers are FHIR, for that is what a workstation reads. */

#define PATH       "/auth/second-factor"
#define BODY_LIMIT (16 * 1024)

typedef struct
{
  HubServer *server;
  SoupServerMessage *message;
  HubUser *user;
  char *secret, *code, *old, *password;
  gboolean allowed; /* the password was right */
  gboolean has;     /* there is one now */
  guint status;     /* of a refusal; 0: none */
  const char *sentence;
} Setting;

static void
setting_free (Setting *self)
{
  g_object_unref (self->message);
  hub_user_unref (self->user);
  g_free (self->secret);
  g_free (self->code);
  g_free (self->old);
  g_free (self->password);
  g_free (self);
}

static void
answer (Setting *self, const GError *error)
{
  if (error)
    hub_reply_error (self->message, error);
  else if (self->status != 0)
    hub_reply_outcome (self->message, self->status, self->sentence);
  else
    hub_reply_text (self->message, 200, HUB_FHIR_JSON,
                    g_strdup_printf ("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":"
                                     "\"set\",\"valueBoolean\":%s}]}",
                                     self->has ? "true" : "false"));
  soup_server_message_unpause (self->message);
  setting_free (self);
}

/* What is refused is kept all the same: the guard counts. */
static gboolean
refuse (Setting *self, guint status, const char *sentence)
{
  self->status = status;
  self->sentence = sentence;
  return TRUE;
}

static gboolean
refuse_code (Setting *self, BaseTotpAnswer answer)
{
  return answer == BASE_TOTP_LOCKED
             ? refuse (self, 429,
                       "Too many wrong digits: the second factor is closed for a quarter of an "
                       "hour. Then try again.")
         : answer == BASE_TOTP_USED
             ? refuse (self, 403, "These six digits were used already. Wait for the next ones.")
             : refuse (self, 403,
                       "These six digits are not right. Wait for the next ones, and see that "
                       "the clocks of the telephone and of this computer are right.");
}

static gboolean
set_work (StoreConnection *connection, gpointer data, GError **error)
{
  Setting *self = data;
  const char *who = self->user->reference;
  gint64 now = base_clock_now (store_connection_get_clock (connection)), step = 0;
  g_autofree char *kept = hub_second_factor_dup_secret (connection, who);
  gboolean same = g_strcmp0 (kept, self->secret) == 0;
  BaseTotpAnswer tried;

  self->has = kept != NULL;
  if (kept && !same && !self->allowed)
    {
      if (!self->old)
        return refuse (self, 409,
                       "There is a second factor already. Send what it shows now, too, or the "
                       "password.");
      if (!hub_second_factor_try (connection, who, kept, self->old, now, &tried, NULL, error))
        return FALSE;
      if (tried != BASE_TOTP_GOOD)
        return refuse_code (self, tried);
    }
  if (!same && !hub_second_factor_begin (connection, who, error))
    return FALSE;
  if (!hub_second_factor_try (connection, who, self->secret, self->code, now, &tried, &step, error))
    return FALSE;
  if (tried != BASE_TOTP_GOOD)
    return refuse_code (self, tried);
  self->has = TRUE;
  return same || hub_second_factor_keep (connection, who, self->secret, step,
                                         kept ? "replaced by another" : "set up", error);
}

static void
set_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  store_database_write_finish (STORE_DATABASE (source), result, &error);
  answer (data, error);
}

static void
start_setting (Setting *self)
{
  store_database_write_async (hub_server_get_store (self->server), BASE_LANE_PERSON, set_work, self,
                              NULL, NULL, set_cb, self);
}

/* 401 would tell the workstation that its sign-in has ended. */
static void
password_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Setting *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (HubUser) user = hub_access_check_password_finish (HUB_ACCESS (source), result, &error);

  self->allowed = user != NULL;
  if (user)
    start_setting (self);
  else if (error->code == 401)
    {
      refuse (self, 403, "The password is wrong.");
      answer (self, NULL);
    }
  else
    answer (self, error);
}

static gboolean
look_work (StoreConnection *connection, gpointer data, GError **error)
{
  Setting *self = data;
  g_autofree char *kept = hub_second_factor_dup_secret (connection, self->user->reference);

  self->has = kept != NULL;
  return TRUE;
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  store_database_read_finish (STORE_DATABASE (source), result, &error);
  answer (data, error);
}

static char *
dup_part (FhirResource *parameters, const char *name)
{
  fhir_element_foreach (part, fhir_resource_path (parameters, "parameter"))
    if (g_strcmp0 (fhir_element_path_text (part, "name"), name) == 0)
      return g_strdup (fhir_element_path_text (part, "valueString"));
  return NULL;
}

static gboolean
read_body (Setting *self)
{
  g_autoptr (GBytes) body =
      soup_message_body_flatten (soup_server_message_get_request_body (self->message));
  g_autoptr (FhirResource) parameters =
      fhir_resource_parse (g_bytes_get_data (body, NULL), (gssize) g_bytes_get_size (body), NULL);

  if (!parameters || strcmp (fhir_resource_get_type (parameters), "Parameters") != 0)
    return FALSE;
  self->secret = dup_part (parameters, "secret");
  self->code = dup_part (parameters, "code");
  self->old = dup_part (parameters, "old");
  self->password = dup_part (parameters, "password");
  return base_totp_is_secret (self->secret) && strlen (self->secret) <= 128 &&
         !strchr (self->secret, ' ') && base_totp_is_code (self->code);
}

/* Whoever may sign, and is somebody. */
static HubUser *
authenticate (HubServer *server, SoupServerMessage *message)
{
  g_autoptr (HubUser) user = hub_access_authenticate (hub_server_get_access (server), message);

  if (user == NULL)
    hub_reply_outcome (message, 401, "Sign in to set up a second factor");
  else if (user->reference == NULL || !g_str_has_prefix (user->reference, "Practitioner/"))
    hub_reply_outcome (message, 403, "Only who signs prescriptions has a second factor");
  else
    return g_steal_pointer (&user);
  return NULL;
}

static void
handler (SoupServer *soup,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer data)
{
  const char *method = soup_server_message_get_method (message);
  gboolean get = strcmp (method, "GET") == 0;
  HubUser *user;
  Setting *self;

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Cache-Control",
                                "no-store");
  user = authenticate (data, message);
  if (user == NULL)
    return;
  self = g_new0 (Setting, 1);
  self->server = data;
  self->message = g_object_ref (message);
  self->user = user;
  soup_server_message_pause (message);
  if (get)
    store_database_read_async (hub_server_get_store (data), look_work, self, NULL, NULL, looked_cb,
                               self);
  else if (strcmp (method, "POST") != 0 || hub_reply_too_large (message) || !read_body (self))
    {
      refuse (self, 400,
              "POST Parameters with a secret in base32, of 128 bits or more, and the six digits "
              "that it shows now");
      answer (self, NULL);
    }
  else if (self->password)
    hub_access_check_password_async (hub_server_get_access (data), user->name, self->password,
                                     password_cb, self);
  else
    start_setting (self);
}

void
hub_second_factor_attach (HubServer *server)
{
  SoupServer *soup = hub_server_get_soup (server);

  hub_reply_limit_bodies (soup, PATH, BODY_LIMIT);
  soup_server_add_handler (soup, PATH, handler, server, NULL);
}
