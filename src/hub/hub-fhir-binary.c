/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-request.h"

#include <string.h>

#include "fhir-builder.h"
#include "fhir-reference.h"
#include "hub-reply.h"

/* Binary, http://hl7.org/fhir/R4/binary.html: its bytes as they are, for whoever does not ask for
 * FHIR by name, and out of any body that is not FHIR by its own word. */

#define CONTEXT "X-Security-Context"

static const char *
request_header (HubRequest *self, const char *name)
{
  return soup_message_headers_get_list (soup_server_message_get_request_headers (self->message),
                                        name);
}

static gboolean
is_fhir_json (const char *type)
{
  return g_str_equal (type, "application/fhir+json") || g_str_equal (type, "application/json") ||
         g_str_equal (type, "application/json+fhir") || g_str_equal (type, "text/json");
}

/* ---- reading -------------------------------------------------------------------------------- */

/* "application/pdf" fits "application/pdf", "application" and a star, and two stars. */
static gboolean
fits (const char *wanted, const char *type)
{
  gsize length = strcspn (wanted, ";");
  gsize major = strcspn (type, "/");

  while (length > 0 && wanted[length - 1] == ' ')
    length--;
  if (length == 3 && strncmp (wanted, "*/*", 3) == 0)
    return TRUE;
  if (length == major + 2 && strncmp (wanted, type, major + 1) == 0 && wanted[length - 1] == '*')
    return TRUE;
  return length == strcspn (type, "; ") && g_ascii_strncasecmp (wanted, type, length) == 0;
}

/* A header is sent as it is stored, so it must be one: type and parameters, nothing else. */
static const char *
type_of (FhirResource *binary)
{
  const char *type = fhir_resource_path_text (binary, "contentType");

  if (type != NULL &&
      g_regex_match_simple ("^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+( *; *[A-Za-z0-9_-]+="
                            "[A-Za-z0-9\"'():/?._+-]+)*$",
                            type, G_REGEX_DOLLAR_ENDONLY, 0))
    return type;
  return "application/octet-stream";
}

typedef enum
{
  WANTS_BYTES,
  WANTS_FHIR,
  WANTS_OTHER,
} Wish;

static Wish
wish_of (HubRequest *self, const char *type)
{
  const char *accept = request_header (self, "Accept");
  const char *query = g_uri_get_query (soup_server_message_get_uri (self->message));
  GSList *list;
  Wish wish = WANTS_OTHER;

  if (query != NULL && strstr (query, "_format=") != NULL)
    return strstr (query, "json") != NULL ? WANTS_FHIR : WANTS_OTHER;
  if (accept == NULL)
    return WANTS_BYTES;
  list = soup_header_parse_quality_list (accept, NULL); /* the dearest first */
  for (GSList *item = list; item != NULL && wish == WANTS_OTHER; item = item->next)
    if (is_fhir_json (item->data))
      wish = WANTS_FHIR;
    else if (fits (item->data, type))
      wish = WANTS_BYTES;
  soup_header_free_list (list);
  return wish;
}

static void
answer_bytes (HubRequest *self, FhirResource *binary)
{
  const char *context = fhir_resource_path_text (binary, "securityContext.reference");
  const char *data = fhir_resource_path_text (binary, "data");
  gsize length = 0;
  guchar *bytes = data != NULL ? g_base64_decode (data, &length) : NULL;

  if (context != NULL && context[strcspn (context, "\r\n")] == '\0')
    hub_request_set_header (self, CONTEXT, context);
  /* What somebody stored may be a page with a script: it must not run as if the hub had made it. */
  hub_request_set_header (self, "X-Content-Type-Options", "nosniff");
  hub_request_set_header (self, "Content-Security-Policy", "sandbox; default-src 'none'");
  hub_request_set_header (self, "Content-Disposition", "attachment");
  soup_server_message_set_response (self->message, type_of (binary), SOUP_MEMORY_TAKE,
                                    (const char *) bytes, length);
  soup_server_message_set_status (self->message, 200, NULL);
}

/**
 * hub_request_answer_binary:
 *
 * Answers a read of a Binary with its bytes, or with FHIR where that is asked for.
 */
void
hub_request_answer_binary (HubRequest *self, FhirResource *binary)
{
  switch (wish_of (self, type_of (binary)))
    {
    case WANTS_FHIR:
      hub_request_answer_stored (self, 200, binary);
      break;
    case WANTS_BYTES:
      if (!hub_request_answer_unchanged (self, binary))
        answer_bytes (self, binary);
      break;
    case WANTS_OTHER:
      hub_request_refuse (self, 406,
                          "This Binary is of another type: ask for any, or for it as "
                          "application/fhir+json");
      break;
    }
}

/* ---- writing -------------------------------------------------------------------------------- */

static gboolean
check_context (HubRequest *self, const char *context, GError **error)
{
  const char *base = hub_server_get_base_url (self->server);
  g_autofree char *own = g_strconcat (base, "/fhir/", NULL);
  g_autofree char *type = NULL;
  g_autofree char *id = NULL;

  if (g_str_has_prefix (context, own))
    context += strlen (own);
  if (fhir_reference_split (context, &type, &id))
    return TRUE;
  g_set_error (error, HUB_ERROR, 400,
               CONTEXT " “%s” is no reference to a resource here, as Patient/1", context);
  return FALSE;
}

/* Whether the body is the resource in JSON, and not bytes of some type. JSON that is no resource
 * may be what is to be kept. */
static gboolean
is_resource (const char *type, GBytes *body)
{
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  g_autoptr (FhirResource) resource = NULL;

  if (type == NULL || g_str_equal (type, "application/fhir+json") ||
      g_str_equal (type, "application/json+fhir"))
    return TRUE;
  if (!is_fhir_json (type) || text == NULL)
    return FALSE;
  resource = fhir_resource_parse (text, (gssize) length, NULL);
  return resource != NULL && strcmp (fhir_resource_get_type (resource), "Binary") == 0;
}

static FhirResource *
make_binary (HubRequest *self, const char *type, const char *context)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Binary", self->id);
  gsize length;
  const guchar *bytes = g_bytes_get_data (self->body, &length);
  g_autofree char *data = length > 0 ? g_base64_encode (bytes, length) : NULL;

  fhir_builder_set_many (builder, "contentType", type, "securityContext.reference", context, "data",
                         data, NULL);
  return fhir_builder_end (builder);
}

/**
 * hub_request_read_binary:
 * @resource: (out) (transfer full) (nullable): the Binary that the body is the content of; NULL
 *   where the body is the resource itself, in JSON
 *
 * Looks at the body of a write to Binary.
 */
gboolean
hub_request_read_binary (HubRequest *self, FhirResource **resource, GError **error)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (self->message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);
  const char *context = request_header (self, CONTEXT);

  *resource = NULL;
  if (type != NULL && (g_str_has_suffix (type, "fhir+xml") || g_str_has_suffix (type, "xml+fhir")))
    {
      g_set_error (error, HUB_ERROR, 415,
                   "Send the resource as application/fhir+json; “%s” is not read here", type);
      return FALSE;
    }
  if (!hub_request_take_body (self, error))
    return FALSE;
  if (is_resource (type, self->body))
    {
      if (context == NULL)
        return TRUE;
      g_set_error (error, HUB_ERROR, 400,
                   CONTEXT
                   " goes with plain bytes: a Binary in JSON has its securityContext inside");
      return FALSE;
    }
  if (context != NULL && !check_context (self, context, error))
    return FALSE;
  *resource = make_binary (self, soup_message_headers_get_one (headers, "Content-Type"), context);
  /* Who sent bytes wants no base64 back, unless they say so. */
  self->minimal = !hub_request_prefers (self, "return=representation");
  return TRUE;
}
