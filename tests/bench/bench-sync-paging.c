/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <libsoup/soup.h>
#include <stdio.h>
#include <string.h>

/* bench-sync-paging BASE TYPE[?QUERY]…: what a sync is measured against. Reads the same pages one
 * after the other with libsoup and does nothing with them: no JSON, no store. Finds the next link
 * by its letters. The token is in BEDSIDE_TEST_FHIR_TOKEN. Prints one JSON object. */

#define NEXT "\"relation\":\"next\",\"url\":\""

typedef struct
{
  SoupSession *session;
  char *bearer;
  gsize pages, bytes, entries;
} Paging;

static GBytes *
get (Paging *self, const char *url)
{
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr (GError) error = NULL;
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  GBytes *body;

  soup_message_headers_append (headers, "Authorization", self->bearer);
  soup_message_headers_append (headers, "Accept", "application/fhir+json");
  body = soup_session_send_and_read (self->session, message, NULL, &error);
  if (body == NULL || soup_message_get_status (message) != 200)
    {
      g_printerr ("bench-sync-paging: %s: %u %s\n", url, soup_message_get_status (message),
                  error != NULL ? error->message : "");
      g_clear_pointer (&body, g_bytes_unref);
    }
  return body;
}

static gsize
count (const char *text, gsize length, const char *word)
{
  const char *at = text, *end = text + length;
  gsize found = 0;

  while ((at = memmem (at, (gsize) (end - at), word, strlen (word))) != NULL)
    {
      at += strlen (word);
      found++;
    }
  return found;
}

/* (transfer full) (nullable) */
static char *
dup_next (const char *text, gsize length)
{
  const char *at = memmem (text, length, NEXT, strlen (NEXT));
  const char *end;

  if (at == NULL)
    return NULL;
  at += strlen (NEXT);
  end = memchr (at, '"', (gsize) (text + length - at));
  return end != NULL ? g_strndup (at, (gsize) (end - at)) : NULL;
}

static gboolean
walk (Paging *self, const char *base, const char *what)
{
  g_autofree char *url = g_strdup_printf ("%s/%s", base, what);

  while (url != NULL)
    {
      g_autoptr (GBytes) body = get (self, url);
      gsize length;
      const char *text;

      if (body == NULL)
        return FALSE;
      text = g_bytes_get_data (body, &length);
      self->pages++;
      self->bytes += length;
      self->entries += count (text, length, "\"fullUrl\":");
      g_free (url);
      url = dup_next (text, length);
    }
  return TRUE;
}

int
main (int argc, char *argv[])
{
  Paging self = { .session = soup_session_new () };
  gint64 start = g_get_monotonic_time ();
  gboolean done = argc > 2;

  self.bearer = g_strconcat ("Bearer ", g_getenv ("BEDSIDE_TEST_FHIR_TOKEN"), NULL);
  for (int i = 2; done && i < argc; i++)
    done = walk (&self, argv[1], argv[i]);
  if (done)
    printf ("{\"seconds\": %.4f, \"pages\": %zu, \"bytes\": %zu, \"entries\": %zu}\n",
            (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC, self.pages, self.bytes,
            self.entries);
  g_free (self.bearer);
  g_object_unref (self.session);
  return done ? 0 : 1;
}
