/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-oauth-page.h"

#include <string.h>

#include "hub-reply.h"

/* Two plain pages without script. The form carries the client's question along, and the hub checks
 * it again when it comes back. */

static const char head[] =
    "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
    "<title>Bedside</title><style>"
    ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:24rem;"
    "margin:12vh auto;padding:0 1rem}label{display:block;margin-top:1rem}"
    "input{font:inherit;width:100%;padding:.5rem;box-sizing:border-box}"
    "button{font:inherit;margin-top:1.5rem;padding:.5rem 1.5rem}p[role=alert]{color:#c01c28}"
    "</style></head><body><main><h1>Bedside</h1>";
static const char tail[] = "</main></body></html>";

/* The members of the question that the form hands back. */
static const char *const carried[] = { "response_type",  "client_id",
                                       "redirect_uri",   "scope",
                                       "state",          "aud",
                                       "code_challenge", "code_challenge_method" };

static void
send (SoupServerMessage *message, guint status, GString *page)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  g_string_append (page, tail);
  soup_message_headers_replace (
      headers, "Content-Security-Policy",
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; "
      "base-uri 'none'");
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  hub_reply_text (message, status, "text/html; charset=utf-8", g_string_free_and_steal (page));
}

static void
append_escaped (GString *page, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *escaped = g_markup_escape_text (valid, -1);

  g_string_append (page, escaped);
}

/**
 * hub_oauth_page_fault:
 * @sentence: what happened and what to do
 */
void
hub_oauth_page_fault (SoupServerMessage *message, guint status, const char *sentence)
{
  GString *page = g_string_new (head);

  g_string_append (page, "<p role=\"alert\">");
  append_escaped (page, sentence);
  g_string_append (page, "</p>");
  send (message, status, page);
}

/**
 * hub_oauth_page_sign_in:
 * @fields: the client's question
 * @sentence: (nullable): why the last try failed
 */
void
hub_oauth_page_sign_in (SoupServerMessage *message,
                        guint status,
                        GHashTable *fields,
                        const char *sentence)
{
  GString *page = g_string_new (head);
  const char *hint = g_hash_table_lookup (fields, "user");

  if (hint == NULL)
    hint = g_hash_table_lookup (fields, "login_hint");
  if (sentence != NULL)
    {
      g_string_append (page, "<p role=\"alert\">");
      append_escaped (page, sentence);
      g_string_append (page, "</p>");
    }
  g_string_append (page, "<form method=\"post\" action=\"/auth/authorize\">");
  for (gsize i = 0; i < G_N_ELEMENTS (carried); i++)
    {
      const char *value = g_hash_table_lookup (fields, carried[i]);

      g_string_append_printf (page, "<input type=\"hidden\" name=\"%s\" value=\"", carried[i]);
      append_escaped (page, value != NULL ? value : "");
      g_string_append (page, "\">");
    }
  g_string_append (page,
                   "<label>Name <input name=\"user\" autocomplete=\"username\" required value=\"");
  append_escaped (page, hint != NULL ? hint : "");
  g_string_append (page, "\"></label><label>Password <input name=\"password\" type=\"password\" "
                         "autocomplete=\"current-password\" required></label>"
                         "<button>Sign in</button></form>");
  send (message, status, page);
}
