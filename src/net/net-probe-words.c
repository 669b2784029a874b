/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "net-probe-private.h"

/* What an answer, or none, means: a sentence, and what to do about it. A certificate that does not
 * hold is explained and never passed over: who goes on past it may be talking to anybody. */

static void
conclude (NetProbe *probe, NetProbeKind kind, char *sentence, const char *advice)
{
  probe->kind = kind;
  g_free (probe->sentence);
  probe->sentence = sentence;
  g_set_str (&probe->advice, advice);
}

static const char *
ask_for_address (void)
{
  return _ ("Ask whoever runs the server for its FHIR address. It often ends in /fhir or /r4.");
}

static const char *
sign_in_to_network (void)
{
  return _ ("Check the address. In a network that wants you to sign in first, as a hotel’s or a "
            "guests’, open any page in your browser, sign in there, and try again.");
}

/* ---- certificates --------------------------------------------------------------------------- */

static char *
dup_day (GDateTime *when)
{
  return when != NULL ? g_date_time_format (when, "%d-%b-%Y") : g_strdup ("?");
}

static gboolean
is_own_authority (GTlsCertificate *certificate)
{
  g_autofree char *subject = g_tls_certificate_get_subject_name (certificate);
  g_autofree char *issuer = g_tls_certificate_get_issuer_name (certificate);

  return subject != NULL && g_strcmp0 (subject, issuer) == 0;
}

static char *
dup_names (GTlsCertificate *certificate)
{
  g_autoptr (GPtrArray) names = g_tls_certificate_get_dns_names (certificate);
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; names != NULL && i < MIN (names->len, 3); i++)
    {
      gsize length;
      const char *name = g_bytes_get_data (names->pdata[i], &length);

      g_string_append_printf (list, "%s%.*s", i > 0 ? ", " : "", (int) length, name);
    }
  return list->len > 0 && g_utf8_validate (list->str, -1, NULL) ? g_strdup (list->str)
                                                                : g_strdup (_ ("another computer"));
}

static void
judge_expired (NetProbe *probe, GTlsCertificate *certificate)
{
  g_autoptr (GDateTime) until = g_tls_certificate_get_not_valid_after (certificate);
  g_autofree char *day = dup_day (until);

  conclude (probe, NET_PROBE_CERTIFICATE,
            g_strdup_printf (_ ("The server’s certificate ran out on %s."), day),
            _ ("Tell whoever runs the server: it needs a new certificate. Check this computer’s "
               "date as well. Nothing is sent until the certificate is good."));
}

static void
judge_early (NetProbe *probe, GTlsCertificate *certificate)
{
  g_autoptr (GDateTime) from = g_tls_certificate_get_not_valid_before (certificate);
  g_autofree char *day = dup_day (from);

  conclude (probe, NET_PROBE_CERTIFICATE,
            g_strdup_printf (_ ("The server’s certificate is good only from %s on."), day),
            _ ("As a rule this computer’s clock is wrong: set its date. If it is right, tell "
               "whoever runs the server."));
}

static void
judge_identity (NetProbe *probe, GUri *uri, GTlsCertificate *certificate)
{
  g_autofree char *names = dup_names (certificate);

  conclude (probe, NET_PROBE_CERTIFICATE,
            g_strdup_printf (_ ("The server’s certificate is for %s, not for %s."), names,
                             g_uri_get_host (uri)),
            _ ("Check the address letter by letter. If it is right, tell whoever runs the server. "
               "Nothing is sent to it."));
}

static void
judge_authority (NetProbe *probe, GTlsCertificate *certificate)
{
  conclude (probe, NET_PROBE_CERTIFICATE,
            g_strdup (is_own_authority (certificate)
                          ? _ ("The server vouches for itself: nobody else has signed its "
                               "certificate.")
                          : _ ("The server’s certificate was signed by nobody whom this computer "
                               "trusts.")),
            _ ("Tell the clinic’s administrator. A clinic that has an authority of its own gives "
               "Bedside the authority’s certificate, as a file, with --authority. Nothing is sent "
               "to the server until then."));
}

static void
judge_certificate (NetProbe *probe, GUri *uri, const NetProbeAnswer *answer)
{
  if (answer->certificate == NULL)
    conclude (probe, NET_PROBE_CERTIFICATE,
              g_strdup (_ ("No encrypted connection to the server can be made.")),
              _ ("Check the address, and its port if it has one. If it is right, tell whoever runs "
                 "the server."));
  else if (answer->wrong & G_TLS_CERTIFICATE_EXPIRED)
    judge_expired (probe, answer->certificate);
  else if (answer->wrong & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    judge_early (probe, answer->certificate);
  else if (answer->wrong & G_TLS_CERTIFICATE_BAD_IDENTITY)
    judge_identity (probe, uri, answer->certificate);
  else if (answer->wrong & G_TLS_CERTIFICATE_UNKNOWN_CA)
    judge_authority (probe, answer->certificate);
  else
    conclude (probe, NET_PROBE_CERTIFICATE,
              g_strdup (answer->wrong & G_TLS_CERTIFICATE_REVOKED
                            ? _ ("The server’s certificate was withdrawn.")
                            : _ ("The server’s certificate is not safe enough.")),
              _ ("Tell whoever runs the server: it needs a new certificate. Nothing is sent to "
                 "it."));
}

/* ---- no answer ------------------------------------------------------------------------------ */

void
net_probe_judge_failure (
    NetProbe *probe, GUri *uri, const NetProbeAnswer *answer, guint patience_s, const GError *error)
{
  const char *host = g_uri_get_host (uri);

  if (error->domain == G_TLS_ERROR)
    judge_certificate (probe, uri, answer);
  else if (error->domain == G_RESOLVER_ERROR ||
           g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND))
    conclude (probe, NET_PROBE_UNKNOWN,
              g_strdup_printf (_ ("No computer of the name %s was found."), host),
              _ ("Check how it is written, and whether this computer has a network."));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    conclude (probe, NET_PROBE_SLOW,
              g_strdup_printf (ngettext ("The server said nothing for %u second.",
                                         "The server said nothing for %u seconds.", patience_s),
                               patience_s),
              _ ("Try again. If it stays so, tell whoever looks after the network or the server."));
  else
    conclude (probe, NET_PROBE_SILENT, g_strdup_printf (_ ("Nothing answers at %s."), host),
              _ ("Check the address, and its port if it has one. If it is right, the server may be "
                 "off: tell whoever runs it."));
}

/* ---- an answer ------------------------------------------------------------------------------ */

/* The host alone: a whole address may hold what is nobody else's business. */
static void
judge_redirect (NetProbe *probe, GUri *uri, const NetProbeAnswer *answer)
{
  g_autoptr (GUri) to = answer->location != NULL ? g_uri_parse_relative (uri, answer->location,
                                                                         SOUP_HTTP_URI_FLAGS, NULL)
                                                 : NULL;
  const char *host = to != NULL ? g_uri_get_host (to) : NULL;

  if (host != NULL && g_strcmp0 (host, g_uri_get_host (uri)) != 0)
    conclude (probe, NET_PROBE_LEADS_AWAY,
              g_strdup_printf (_ ("This address leads on to another server, %s. Bedside does not "
                                  "follow it there."),
                               host),
              sign_in_to_network ());
  else
    conclude (probe, NET_PROBE_LEADS_AWAY,
              g_strdup (_ ("The server has its records at another address than this.")),
              ask_for_address ());
}

static const char *
name_version (const char *version)
{
  static const struct
  {
    const char *begin, *name;
  } names[] = { { "0.", "DSTU1" }, { "1.", "DSTU2" }, { "3.", "STU3" },
                { "4.1", "R4B" },  { "4.3", "R4B" },  { "4.0", "R4" },
                { "4", "R4" },     { "5.", "R5" },    { "6.", "R6" } };

  for (gsize i = 0; version != NULL && i < G_N_ELEMENTS (names); i++)
    if (g_str_has_prefix (version, names[i].begin))
      return names[i].name;
  return NULL;
}

static void
judge_version (NetProbe *probe)
{
  const char *name = name_version (probe->version);

  if (g_strcmp0 (name, "R4") == 0 || g_strcmp0 (name, "R4B") == 0)
    {
      probe->kind = NET_PROBE_READY;
      return;
    }
  if (name != NULL)
    conclude (probe, NET_PROBE_VERSION,
              g_strdup_printf (_ ("This server speaks FHIR %s (%s). Bedside needs FHIR R4."), name,
                               probe->version),
              _ ("Ask whoever runs the server: many have an R4 address beside the other one."));
  else
    conclude (probe, NET_PROBE_VERSION,
              g_strdup (_ ("This server does not say which version of FHIR it speaks. Bedside "
                           "needs FHIR R4.")),
              ask_for_address ());
}

/* DSTU2 calls its statement a Conformance. (transfer full) (nullable) */
static char *
dup_member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_dup_string (node)
             : NULL;
}

/* Servers of old answer in XML, whatever they are asked for. */
static gboolean
judge_xml (NetProbe *probe, const NetProbeAnswer *answer)
{
  static const char version[] = "<fhirVersion value=\"";
  const char *at = strstr (answer->text, version);
  const char *end = at != NULL ? strchr (at + strlen (version), '"') : NULL;

  if (end == NULL || end - at > 64 ||
      (strstr (answer->text, "<Conformance") == NULL &&
       strstr (answer->text, "<CapabilityStatement") == NULL))
    return FALSE;
  at += strlen (version);
  probe->version = g_strndup (at, (gsize) (end - at));
  judge_version (probe);
  if (probe->kind == NET_PROBE_READY)
    conclude (probe, NET_PROBE_STRANGE,
              g_strdup (_ ("This server answers in XML only. Bedside needs JSON.")),
              _ ("Ask whoever runs the server to turn on FHIR’s JSON."));
  return TRUE;
}

/* Whether it was one, of whatever version. */
static gboolean
judge_statement (NetProbe *probe, const NetProbeAnswer *answer)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *type = NULL;
  JsonNode *root = NULL;

  if (json_parser_load_from_data (parser, answer->text, (gssize) answer->length, NULL))
    root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return judge_xml (probe, answer);
  type = dup_member (json_node_get_object (root), "resourceType");
  if (g_strcmp0 (type, "CapabilityStatement") != 0 && g_strcmp0 (type, "Conformance") != 0)
    return FALSE;
  probe->version = dup_member (json_node_get_object (root), "fhirVersion");
  judge_version (probe);
  if (probe->kind != NET_PROBE_READY)
    return TRUE;
  probe->statement = fhir_resource_parse (answer->text, (gssize) answer->length, NULL);
  return probe->statement != NULL;
}

static gboolean
is_web_page (const NetProbeAnswer *answer)
{
  const char *at = answer->text;
  g_autofree char *begin = NULL;

  while (g_ascii_isspace (*at))
    at++;
  begin = g_ascii_strdown (at, 14);
  return g_strcmp0 (answer->type, "text/html") == 0 || g_str_has_prefix (begin, "<!doctype html") ||
         g_str_has_prefix (begin, "<html");
}

static void
judge_refusal (NetProbe *probe, const NetProbeAnswer *answer)
{
  if (answer->status == 511)
    conclude (probe, NET_PROBE_WEB_PAGE,
              g_strdup (_ ("The network that this computer is in wants you to sign in first.")),
              sign_in_to_network ());
  else if (answer->status == 401 || answer->status == 403 || answer->status == 407)
    conclude (probe, NET_PROBE_CLOSED,
              g_strdup (_ ("The server does not say what it is before somebody signs in.")),
              _ ("Ask whoever runs the server to let Bedside read its description, at /metadata, "
                 "without a sign-in."));
  else if (answer->status == 404 || answer->status == 410)
    conclude (probe, NET_PROBE_STRANGE,
              g_strdup (_ ("There is a server at this address, and no FHIR.")), ask_for_address ());
  else if (answer->status >= 500)
    conclude (probe, NET_PROBE_FAULT, g_strdup (_ ("The server has a fault of its own.")),
              _ ("Try again in a few minutes. If it goes on, tell whoever runs the server."));
  else
    conclude (probe, NET_PROBE_STRANGE,
              g_strdup (_ ("The server answered in a way that a FHIR server does not.")),
              ask_for_address ());
}

void
net_probe_judge (NetProbe *probe, GUri *uri, const NetProbeAnswer *answer)
{
  gboolean good = answer->status >= 200 && answer->status < 300;

  if (answer->status >= 300 && answer->status < 400)
    judge_redirect (probe, uri, answer);
  else if (!good)
    judge_refusal (probe, answer);
  else if (is_web_page (answer))
    conclude (probe, NET_PROBE_WEB_PAGE,
              g_strdup (_ ("There is a web page at this address, and no FHIR server.")),
              sign_in_to_network ());
  else if (!judge_statement (probe, answer))
    conclude (probe, NET_PROBE_STRANGE,
              g_strdup (_ ("The server answered in a way that a FHIR server does not.")),
              ask_for_address ());
}
