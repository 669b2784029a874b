/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pharmacy-page.h"

#include <string.h>

/* The counter's page: what waits, as text. It asks for nothing from elsewhere and runs no script;
 * who does not know its secret finds nothing. */

#define MAX_FORM 2048

#define STYLE                                                                                      \
  ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;"         \
  "margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}"                     \
  "th,td{text-align:start;padding:.5rem .75rem .5rem 0;border-bottom:1px solid color-mix(in srgb," \
  "currentColor 20%,transparent);vertical-align:top}"                                              \
  "@media(max-width:36rem){table,tbody,tr,td{display:block}thead{display:none}"                    \
  "tr{border-bottom:1px solid;padding:.5rem 0}td{border:0;padding:0}}"

static void
add_cell (GString *page, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text ? text : "not recorded", -1);

  g_string_append_printf (page, "<td>%s</td>", escaped);
}

static void
add_line (GString *page, const PharmacyLine *line)
{
  g_autofree char *state =
      line->problem ? g_strdup_printf ("%s. It did not go on: %s", line->state, line->problem)
                    : g_strdup (line->state);

  g_string_append (page, "<tr>");
  add_cell (page, line->patient);
  add_cell (page, line->medicine);
  add_cell (page, line->dosage);
  add_cell (page, state);
  g_string_append (page, "</tr>");
}

static void
add_codes (GString *page, PharmacyCounter *counter)
{
  g_autoptr (GPtrArray) codes = pharmacy_counter_dup_codes (counter);

  for (guint i = 0; i < codes->len; i++)
    {
      g_autofree char *escaped = g_markup_escape_text (codes->pdata[i], -1);

      g_string_append_printf (page, "<p>%s</p>", escaped);
    }
  g_string_append (page, "<p><a href=\"code\">Take a patient's code</a></p>");
}

/**
 * pharmacy_page_dup:
 *
 * Returns: (transfer full): the page, as HTML
 */
char *
pharmacy_page_dup (PharmacyCounter *counter)
{
  g_autoptr (GPtrArray) lines = pharmacy_counter_dup_lines (counter);
  GString *page =
      g_string_new ("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                    "<meta name=\"viewport\" content=\"width=device-width\">"
                    "<meta http-equiv=\"refresh\" content=\"2\"><title>Pharmacy counter</title>"
                    "<style>" STYLE "</style></head><body><h1>Pharmacy counter</h1>"
                    "<p>A counter for trying things out. No certification is claimed.</p>");

  if (lines->len == 0)
    g_string_append (page, "<p>Nothing is waiting.</p>");
  else
    g_string_append (page, "<table><thead><tr><th scope=\"col\">Patient</th><th "
                           "scope=\"col\">Medicine</th><th scope=\"col\">How to take it</th><th "
                           "scope=\"col\">State</th></tr></thead><tbody>");
  for (guint i = 0; i < lines->len; i++)
    add_line (page, lines->pdata[i]);
  if (lines->len > 0)
    g_string_append (page, "</tbody></table>");
  add_codes (page, counter);
  g_string_append (page, "</body></html>");
  return g_string_free_and_steal (page);
}

/* Where a code is typed or scanned: without the other page's renewal, which would empty the field.
 * @said: (nullable): what is wrong with the last one */
static char *
dup_code_page (const char *said)
{
  g_autofree char *escaped = said ? g_markup_escape_text (said, -1) : NULL;
  GString *page = g_string_new (
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\"><title>A patient's code</title>"
      "<style>" STYLE "</style></head><body><h1>A patient's code</h1>");

  if (escaped)
    g_string_append_printf (page, "<p role=\"alert\">%s</p>", escaped);
  g_string_append (page, "<form method=\"post\" action=\"code\"><label>Code, typed or scanned "
                         "<input name=\"code\" size=\"60\" maxlength=\"200\" autocomplete=\"off\" "
                         "autofocus required></label> <button>Take it</button></form>"
                         "<p><a href=\"./\">Back to the counter</a></p></body></html>");
  return g_string_free_and_steal (page);
}

static void
answer (SoupServerMessage *message, guint status, char *page)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_message_headers_append (headers, "Content-Security-Policy",
                               "default-src 'none'; style-src 'unsafe-inline'; "
                               "frame-ancestors 'none'; base-uri 'none'; form-action 'self'");
  soup_message_headers_append (headers, "Cache-Control", "no-store");
  soup_message_headers_append (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_append (headers, "X-Content-Type-Options", "nosniff");
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "text/html; charset=utf-8", SOUP_MEMORY_TAKE, page,
                                    strlen (page));
}

/* (transfer full) (nullable): the field of the form; NULL where there is none, or too much. */
static char *
dup_field (SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
  gsize length = 0;
  const char *data = bytes ? g_bytes_get_data (bytes, &length) : NULL;
  g_autofree char *text = length > 0 && length <= MAX_FORM ? g_strndup (data, length) : NULL;
  g_autoptr (GHashTable) form = text ? soup_form_decode (text) : NULL;

  return form ? g_strdup (g_hash_table_lookup (form, "code")) : NULL;
}

static void
take_code (PharmacyCounter *counter, SoupServerMessage *message)
{
  g_autofree char *code = dup_field (message);
  g_autoptr (GError) error = NULL;

  if (pharmacy_counter_take_code (counter, code, &error))
    answer (message, SOUP_STATUS_OK,
            dup_code_page ("It is shown to the network: what comes of it stands at the counter."));
  else
    answer (message, SOUP_STATUS_BAD_REQUEST, dup_code_page (error->message));
}

static void
page_cb (SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer data)
{
  const char *root = g_object_get_data (G_OBJECT (server), "path");
  const char *method = soup_server_message_get_method (message);
  g_autofree char *code = g_strconcat (root, "code", NULL);

  if (strcmp (path, root) == 0 && strcmp (method, "GET") == 0)
    answer (message, SOUP_STATUS_OK, pharmacy_page_dup (data));
  else if (strcmp (path, code) == 0 && strcmp (method, "GET") == 0)
    answer (message, SOUP_STATUS_OK, dup_code_page (NULL));
  else if (strcmp (path, code) == 0 && strcmp (method, "POST") == 0)
    take_code (data, message);
  else
    soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
}

/**
 * pharmacy_page_serve:
 * @counter: outlives the server
 * @secret: without which nobody reads the page
 * @port: 0: any that is free
 *
 * Returns: (transfer full) (nullable): a server of the page on the loopback device
 */
SoupServer *
pharmacy_page_serve (PharmacyCounter *counter, const char *secret, guint port, GError **error)
{
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);

  g_object_set_data_full (G_OBJECT (server), "path", g_strdup_printf ("/%s/", secret), g_free);
  soup_server_add_handler (server, NULL, page_cb, counter, NULL);
  return soup_server_listen (server, address, 0, error) ? g_steal_pointer (&server) : NULL;
}
