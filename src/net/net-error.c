/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-error.h"

#include <glib/gi18n.h>
#include <libsoup/soup.h>
#include <string.h>

#include "fhir-said.h"

/* The one place where an HTTP status, an OperationOutcome or a broken connection becomes words. A
 * sentence says what happened and what to do next; a bare code is never shown. */

#define RETRY_AFTER_MAX 3600u

typedef struct
{
  guint retry_after;
  guint status;
  gboolean answer_lost;
  gboolean too_large;
} NetErrorPrivate;

static void
net_error_private_init (NetErrorPrivate *priv)
{
}

static void
net_error_private_copy (const NetErrorPrivate *from, NetErrorPrivate *to)
{
  *to = *from;
}

static void
net_error_private_clear (NetErrorPrivate *priv)
{
}

G_DEFINE_EXTENDED_ERROR (NetError, net_error)

typedef struct
{
  guint status;
  NetError code;
  const char *sentence;
} Mapping;

static const Mapping mappings[] = {
  { 401, NET_ERROR_UNAUTHORIZED,
    N_ ("Your sign-in has ended. Sign in again; everything you wrote is kept.") },
  { 403, NET_ERROR_FORBIDDEN,
    N_ ("Your account may not do this. Ask the clinic's administrator, or a colleague who may.") },
  { 404, NET_ERROR_NOT_FOUND, N_ ("The server does not have this record.") },
  { 405, NET_ERROR_REFUSED, N_ ("The server does not offer this operation.") },
  { 406, NET_ERROR_REFUSED, N_ ("The server cannot answer in the form that Bedside reads.") },
  { 408, NET_ERROR_SERVER, N_ ("The server took too long. It is tried again by itself.") },
  { 409, NET_ERROR_CONFLICT,
    N_ ("Somebody else changed this record first. Both versions are kept.") },
  { 410, NET_ERROR_GONE, N_ ("This record has been deleted on the server.") },
  { 412, NET_ERROR_CONFLICT,
    N_ ("Somebody else changed this record first. Both versions are kept.") },
  { 413, NET_ERROR_REFUSED,
    N_ ("The server refuses something this large. Send it in smaller parts.") },
  { 429, NET_ERROR_THROTTLED,
    N_ ("The server is busy and asked to wait. It is tried again by itself.") },
};

static guint
parse_retry_after (const char *text)
{
  guint64 seconds = 0;

  if (text == NULL)
    return 0;
  if (g_ascii_string_to_unsigned (text, 10, 0, RETRY_AFTER_MAX, &seconds, NULL))
    return (guint) seconds;
  if (*text != '\0' && g_ascii_isdigit (*text))
    return RETRY_AFTER_MAX;

  g_autoptr (GDateTime) when = soup_date_time_new_from_http_string (text);
  gint64 left = when != NULL ? g_date_time_to_unix (when) - g_get_real_time () / G_USEC_PER_SEC : 0;

  return (guint) CLAMP (left, 0, (gint64) RETRY_AFTER_MAX);
}

static const Mapping *
find_mapping (guint status)
{
  static const Mapping refused = {
    400, NET_ERROR_REFUSED,
    N_ ("The server refused this. It is set aside; correct it or ask "
        "for help with it.")
  };
  static const Mapping server = {
    500, NET_ERROR_SERVER,
    N_ ("The server has a fault of its own. It is tried again by itself; "
        "if it goes on, tell whoever runs the server.")
  };
  static const Mapping strange = { 0, NET_ERROR_PROTOCOL,
                                   N_ ("The server answered in a way that a FHIR server does not. "
                                       "Check the server's address.") };

  for (gsize i = 0; i < G_N_ELEMENTS (mappings); i++)
    if (mappings[i].status == status)
      return &mappings[i];
  if (status >= 400 && status < 500)
    return &refused;
  return status >= 500 && status < 600 ? &server : &strange;
}

/* What the server said about it, first error first; NULL where it said nothing readable. */
static const char *
outcome_text (FhirResource *outcome)
{
  if (outcome == NULL || g_strcmp0 (fhir_resource_get_type (outcome), "OperationOutcome") != 0)
    return NULL;
  fhir_element_foreach (issue, fhir_resource_path (outcome, "issue"))
    {
      const char *text = fhir_element_path_text (issue, "details.text");

      if (text == NULL)
        text = fhir_element_path_text (issue, "diagnostics");
      if (text != NULL && *text != '\0')
        return text;
    }
  return NULL;
}

/* Some servers say 400 where 413 is meant. */
static gboolean
is_about_size (const char *said)
{
  g_autofree char *folded = said != NULL ? g_ascii_strdown (said, -1) : NULL;

  return folded != NULL &&
         (strstr (folded, "too large") != NULL || strstr (folded, "too big") != NULL);
}

/**
 * net_error_new_from_response:
 * @status: an HTTP status
 * @retry_after: (nullable): the header's text, seconds or an HTTP date
 * @outcome: (nullable): the OperationOutcome of the body
 *
 * Returns: (transfer full) (nullable): NULL for 2xx, else an error in domain NET_ERROR
 */
GError *
net_error_new_from_response (guint status, const char *retry_after, FhirResource *outcome)
{
  const Mapping *mapping;
  const char *said;
  GError *error;
  guint seconds;

  if (status >= 200 && status < 300)
    return NULL;
  mapping = find_mapping (status);
  seconds = parse_retry_after (retry_after);
  said = outcome_text (outcome);
  if (said != NULL)
    {
      g_autofree char *words = fhir_said_dup (said);

      error = g_error_new (NET_ERROR, mapping->code, _ ("%s The server says: “%s”"),
                           _ (mapping->sentence), words);
    }
  else
    error = g_error_new_literal (NET_ERROR, mapping->code, _ (mapping->sentence));
  if (seconds > 0 && status == 503)
    error->code = NET_ERROR_THROTTLED;
  net_error_get_private (error)->retry_after = seconds;
  net_error_get_private (error)->status = status;
  net_error_get_private (error)->too_large =
      status == 413 || (status == 400 && is_about_size (said));
  /* A server that fails may have failed after it committed. */
  net_error_get_private (error)->answer_lost =
      mapping->code == NET_ERROR_SERVER && seconds == 0 && status != 501;
  return error;
}

/**
 * net_error_new_from_transport:
 * @transport: what GIO or libsoup said
 * @sent: whether the request's headers had left: then nobody knows whether it was done
 *
 * Returns: (transfer full): a cancellation stays what it is; all else is of domain NET_ERROR
 */
GError *
net_error_new_from_transport (const GError *transport, gboolean sent)
{
  GError *error;

  if (g_error_matches (transport, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      transport->domain == NET_ERROR)
    return g_error_copy (transport);
  if (transport->domain == G_TLS_ERROR)
    error =
        g_error_new_literal (NET_ERROR, NET_ERROR_PROTOCOL,
                             _ ("The server could not prove who it is, so nothing was sent. Tell "
                                "whoever looks after the network."));
  else if (sent)
    error = g_error_new_literal (
        NET_ERROR, NET_ERROR_OFFLINE,
        _ ("The connection was cut before the server answered. Bedside asks the "
           "server what it has before sending anything again."));
  else
    error =
        g_error_new_literal (NET_ERROR, NET_ERROR_OFFLINE,
                             _ ("The server cannot be reached. Everything is kept on this computer "
                                "and sent when it can be reached again."));
  net_error_get_private (error)->answer_lost = sent && transport->domain != G_TLS_ERROR;
  return error;
}

/**
 * net_error_set_protocol:
 * @sent: whether the answer to a request that may have been carried out is what could not be read
 */
void
net_error_set_protocol (GError **error, gboolean sent, const char *format, ...)
{
  g_autoptr (GError) made = NULL;
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  made = g_error_new_literal (NET_ERROR, NET_ERROR_PROTOCOL, text);
  net_error_get_private (made)->answer_lost = sent;
  g_propagate_error (error, g_steal_pointer (&made));
}

/**
 * net_error_set_other_store:
 *
 * The server has been given other records than those that the request was meant for, and did
 * nothing.
 */
void
net_error_set_other_store (GError **error)
{
  g_set_error_literal (error, NET_ERROR, NET_ERROR_OTHER_STORE,
                       _ ("The server’s records were exchanged since they were last read here. "
                          "Nothing was read from it or sent to it."));
}

/**
 * net_error_get_retry_after:
 *
 * Returns: seconds that the server asked to wait, at most an hour; 0 where it did not say
 */
guint
net_error_get_retry_after (const GError *error)
{
  return error->domain == NET_ERROR ? net_error_get_private (error)->retry_after : 0;
}

/**
 * net_error_is_answer_lost:
 *
 * Returns: whether the server may have carried out the request although this error came back: ask
 * it before sending again
 */
gboolean
net_error_is_answer_lost (const GError *error)
{
  return error->domain == NET_ERROR && net_error_get_private (error)->answer_lost;
}

/**
 * net_error_get_status:
 *
 * Returns: the HTTP status that came; 0 where no answer did
 */
guint
net_error_get_status (const GError *error)
{
  return error->domain == NET_ERROR ? net_error_get_private (error)->status : 0;
}

/**
 * net_error_is_too_large:
 *
 * Returns: whether the server refused the request for its size
 */
gboolean
net_error_is_too_large (const GError *error)
{
  return error->domain == NET_ERROR && net_error_get_private (error)->too_large;
}
