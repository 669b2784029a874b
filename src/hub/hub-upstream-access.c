/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fhir-reference.h"
#include "hub-reply.h"
#include "hub-upstream.h"
#include "net-error.h"
#include "net-http.h"

/* Whom a clinician's token stands for: the other server gave it, so that server is asked, at its
 * introspection endpoint (RFC 7662) or, where it has none, at its userinfo endpoint (OpenID
 * Connect Core 5.3). */

#define ANSWER_MAX ((gsize) 256 * 1024)

static JsonNode *
read_object (GBytes *body)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  g_autoptr (JsonNode) root = json_from_string (text, NULL);

  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? g_steal_pointer (&root) : NULL;
}

/* Returns: (nullable): an object that came with 200; else @status says what came, 0 for nothing */
static JsonNode *
fetch (HubUpstream *self, SoupMessage *message, const char *bearer, guint *status)
{
  g_autofree char *value = g_strconcat ("Bearer ", bearer, NULL);
  g_autoptr (GBytes) body = NULL;

  *status = 0;
  if (bearer != NULL && *bearer != '\0')
    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                  value);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Accept",
                                "application/json");
  body = net_http_send (hub_upstream_get_http (self), message, ANSWER_MAX, NULL, NULL);
  if (body == NULL)
    return NULL;
  *status = soup_message_get_status (message);
  return *status == 200 ? read_object (body) : NULL;
}

static gboolean
nobody_knows (HubUpstream *self, GError **error)
{
  g_set_error (
      error, HUB_ERROR, 503,
      "The server with the clinic's records, %s, cannot be asked who this is. Try again in "
      "a moment.",
      hub_upstream_get_url (self));
  return FALSE;
}

/**
 * hub_upstream_configure:
 *
 * Waits.
 *
 * Returns: (transfer full) (nullable): the server's SMART configuration, an object
 */
JsonNode *
hub_upstream_configure (HubUpstream *self, GError **error)
{
  g_autofree char *url =
      g_strconcat (hub_upstream_get_url (self), "/.well-known/smart-configuration", NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  guint status;
  JsonNode *root = fetch (self, message, NULL, &status);

  if (root != NULL)
    return root;
  if (status != 0 && status < 500)
    g_set_error (error, HUB_ERROR, 404,
                 "The server with the clinic's records, %s, does not say how to sign in there",
                 hub_upstream_get_url (self));
  else
    nobody_knows (self, error);
  return NULL;
}

/* Another server's people are clinicians where they are practitioners; only a Bedside hub says
 * more.
 */
static HubRole
role_of (const char *said, const char *reference)
{
  HubRole role = said != NULL ? hub_role_from_name (said) : HUB_ROLE_NONE;
  g_autofree char *type = NULL;
  g_autofree char *id = NULL;

  if (role != HUB_ROLE_NONE)
    return role;
  if (reference == NULL || !fhir_reference_split (reference, &type, &id))
    return HUB_ROLE_NONE;
  if (g_str_equal (type, "Practitioner") || g_str_equal (type, "PractitionerRole"))
    return HUB_ROLE_PRESCRIBER;
  return g_str_equal (type, "Patient") ? HUB_ROLE_PATIENT : HUB_ROLE_NONE;
}

static HubUser *
read_user (JsonNode *root)
{
  const char *reference = hub_upstream_member (root, "fhirUser");
  const char *name = hub_upstream_member (root, "username");
  const char *display = hub_upstream_member (root, "name");
  HubRole role;

  if (reference == NULL)
    reference = hub_upstream_member (root, "profile");
  if (name == NULL)
    name = hub_upstream_member (root, "sub");
  if (name == NULL)
    name = reference;
  role = role_of (hub_upstream_member (root, "role"), reference);
  if (name == NULL || role == HUB_ROLE_NONE)
    return NULL;
  return hub_user_new (name, display != NULL ? display : name, role, reference);
}

static SoupMessage *
make_question (const char *url, const char *token)
{
  g_autoptr (GUri) uri = url != NULL ? net_http_parse_url (url, NULL) : NULL;

  return uri != NULL ? soup_message_new_from_encoded_form ("POST", url,
                                                           soup_form_encode ("token", token, NULL))
                     : NULL;
}

static gboolean
introspect (
    HubUpstream *self, const char *url, const char *token, HubGuestAnswer *out, GError **error)
{
  g_autofree char *own = hub_upstream_dup_token (self, error);
  g_autoptr (SoupMessage) message = make_question (url, token);
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;
  guint status = 0;

  if (own == NULL || message == NULL)
    return own == NULL ? FALSE : nobody_knows (self, error);
  root = fetch (self, message, own, &status);
  if (root == NULL)
    {
      g_debug ("Introspection answered %u", status);
      return nobody_knows (self, error);
    }
  object = json_node_get_object (root);
  if (!json_object_get_boolean_member_with_default (object, "active", FALSE))
    return TRUE;
  out->user = read_user (root);
  out->expires =
      json_object_get_int_member_with_default (object, "exp", 0) * (gint64) G_USEC_PER_SEC;
  return TRUE;
}

static gboolean
ask_userinfo (
    HubUpstream *self, const char *url, const char *token, HubGuestAnswer *out, GError **error)
{
  g_autoptr (GUri) uri = net_http_parse_url (url, error);
  g_autoptr (SoupMessage) message = uri != NULL ? soup_message_new_from_uri ("GET", uri) : NULL;
  g_autoptr (JsonNode) root = NULL;
  guint status;

  if (message == NULL)
    return FALSE;
  root = fetch (self, message, token, &status);
  if (root == NULL && status != 401 && status != 403)
    return nobody_knows (self, error);
  out->user = root != NULL ? read_user (root) : NULL;
  return TRUE;
}

/**
 * hub_upstream_recognise:
 * @out: (out): user NULL where the token is good for nobody
 *
 * Waits.
 *
 * Returns: FALSE where nobody knows
 */
gboolean
hub_upstream_recognise (HubUpstream *self, const char *token, HubGuestAnswer *out, GError **error)
{
  g_autoptr (JsonNode) configuration = hub_upstream_configure (self, error);

  *out = (HubGuestAnswer) { 0 };
  if (configuration == NULL)
    return FALSE;
  if (hub_upstream_member (configuration, "introspection_endpoint") != NULL)
    return introspect (self, hub_upstream_member (configuration, "introspection_endpoint"), token,
                       out, error);
  if (hub_upstream_member (configuration, "userinfo_endpoint") != NULL)
    return ask_userinfo (self, hub_upstream_member (configuration, "userinfo_endpoint"), token, out,
                         error);
  g_set_error (error, HUB_ERROR, 503,
               "The server with the clinic's records, %s, does not say whom a token stands for: it "
               "offers neither introspection_endpoint nor userinfo_endpoint",
               hub_upstream_get_url (self));
  return FALSE;
}
