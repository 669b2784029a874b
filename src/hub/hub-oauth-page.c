/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-oauth-page.h"

#include <string.h>

#include "hub-reply.h"

/* Two plain pages without script. The form carries the client's question along, and the hub checks
 * it again when it comes back. The words are in the person's language and not in the hub's: so they
 * stand in a table here. */

typedef struct
{
  const char *language;
  const char *name, *password, *button;
  const char *wrong, *wait;
  const char *faults[2]; /* HubOauthFault */
} Words;

static const Words table[] = {
  { "en",
    "Name",
    "Password",
    "Sign in",
    "Name or password is wrong.",
    "Too many wrong passwords. Wait a minute, then try again.",
    { "This program asked for a sign-in in a way that the hub does not allow: it must name itself "
      "and be called back at http://127.0.0.1. Nothing was given to it.",
      "A sign-in starts with GET." } },
  { "de",
    "Name",
    "Passwort",
    "Anmelden",
    "Name oder Passwort ist falsch.",
    "Zu viele falsche Passwörter. Warten Sie eine Minute, und versuchen Sie es dann erneut.",
    { "Dieses Programm hat auf eine Weise um eine Anmeldung gebeten, die der Server nicht erlaubt: "
      "Es muss sich nennen und unter http://127.0.0.1 zurückgerufen werden. Es hat nichts "
      "erhalten.",
      "Eine Anmeldung beginnt mit GET." } },
  { "es",
    "Nombre",
    "Contraseña",
    "Iniciar sesión",
    "El nombre o la contraseña no es correcto.",
    "Demasiadas contraseñas equivocadas. Espere un minuto y vuelva a intentarlo.",
    { "Este programa pidió un inicio de sesión de una forma que el servidor no permite: debe "
      "nombrarse y recibir la respuesta en http://127.0.0.1. No se le dio nada.",
      "Un inicio de sesión empieza con GET." } },
  { "fr",
    "Nom",
    "Mot de passe",
    "Se connecter",
    "Le nom ou le mot de passe est faux.",
    "Trop de mots de passe faux. Attendez une minute, puis réessayez.",
    { "Ce programme a demandé une connexion d’une manière que le serveur ne permet pas : il doit "
      "se nommer et être rappelé à http://127.0.0.1. Rien ne lui a été donné.",
      "Une connexion commence par GET." } },
  { "ja",
    "名前",
    "パスワード",
    "サインイン",
    "名前またはパスワードが違います。",
    "パスワードの誤りが多すぎます。1分待ってから、もう一度お試しください。",
    { "このプログラムは、サーバーが許可しない方法でサインインを求めました。プログラムは自分の名前を"
      "示し、"
      "http://127.0.0.1 で応答を受け取る必要があります。何も渡されていません。",
      "サインインは GET で始まります。" } },
};

/* (nullable): @tag is a BCP 47 tag, as in "de-CH" */
static const Words *
find_words (const char *tag)
{
  gsize length = strcspn (tag, "-_");

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (length == strlen (table[i].language) &&
        g_ascii_strncasecmp (tag, table[i].language, length) == 0)
      return &table[i];
  return NULL;
}

/* The first of the browser's that there are words for. */
static const Words *
words_of_browser (SoupServerMessage *message)
{
  const char *header =
      soup_message_headers_get_list (soup_server_message_get_request_headers (message),
                                     "Accept-Language");
  GSList *tags = header != NULL ? soup_header_parse_quality_list (header, NULL) : NULL;
  const Words *words = NULL;

  for (GSList *tag = tags; tag != NULL && words == NULL; tag = tag->next)
    words = find_words (tag->data);
  soup_header_free_list (tags);
  return words != NULL ? words : &table[0];
}

/* OpenID Connect Core 1.0, 3.1.2.1: ui_locales has tags, the best first, with spaces between. */
static const Words *
words_for (SoupServerMessage *message, GHashTable *fields)
{
  const char *asked = fields != NULL ? g_hash_table_lookup (fields, "ui_locales") : NULL;
  g_auto (GStrv) tags = g_strsplit (asked != NULL ? asked : "", " ", 8);

  for (char **tag = tags; *tag != NULL; tag++)
    if (find_words (*tag) != NULL)
      return find_words (*tag);
  return words_of_browser (message);
}

static const char head[] =
    "<!DOCTYPE html><html lang=\"%s\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
    "<title>Bedside</title><style>"
    ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:24rem;"
    "margin:12vh auto;padding:0 1rem}label{display:block;margin-top:1rem}"
    "input{font:inherit;width:100%;padding:.5rem;box-sizing:border-box}"
    "button{font:inherit;margin-top:1.5rem;padding:.5rem 1.5rem}p[role=alert]{color:#c01c28}"
    "</style></head><body><main><h1>Bedside</h1>";
static const char tail[] = "</main></body></html>";

/* The members of the question that the form hands back. */
static const char *const carried[] = {
  "response_type", "client_id",      "redirect_uri",          "scope",     "state",
  "aud",           "code_challenge", "code_challenge_method", "ui_locales"
};

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

static GString *
begin (const Words *words)
{
  const char *at = strstr (head, "%s");
  GString *page = g_string_new_len (head, at - head);

  g_string_append (page, words->language);
  g_string_append (page, at + strlen ("%s"));
  return page;
}

void
hub_oauth_page_fault (SoupServerMessage *message,
                      guint status,
                      GHashTable *fields,
                      HubOauthFault fault)
{
  const Words *words = words_for (message, fields);
  GString *page = begin (words);

  g_string_append (page, "<p role=\"alert\">");
  append_escaped (page, words->faults[fault]);
  g_string_append (page, "</p>");
  send (message, status, page);
}

/**
 * hub_oauth_page_sign_in:
 * @fields: the client's question
 * @sentence: (nullable): why the last try failed; what a password may fail with is said in the
 *   person's language instead
 */
void
hub_oauth_page_sign_in (SoupServerMessage *message,
                        guint status,
                        GHashTable *fields,
                        const char *sentence)
{
  const Words *words = words_for (message, fields);
  GString *page = begin (words);
  const char *hint = g_hash_table_lookup (fields, "user");

  if (hint == NULL)
    hint = g_hash_table_lookup (fields, "login_hint");
  if (sentence != NULL)
    {
      g_string_append (page, "<p role=\"alert\">");
      append_escaped (page, status == 401 ? words->wrong : status == 429 ? words->wait : sentence);
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
  g_string_append_printf (
      page, "<label>%s <input name=\"user\" autocomplete=\"username\" required value=\"",
      words->name);
  append_escaped (page, hint != NULL ? hint : "");
  g_string_append_printf (page,
                          "\"></label><label>%s <input name=\"password\" type=\"password\" "
                          "autocomplete=\"current-password\" required></label>"
                          "<button>%s</button></form>",
                          words->password, words->button);
  send (message, status, page);
}
