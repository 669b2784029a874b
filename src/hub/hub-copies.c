/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-copies.h"

#include <string.h>

#include "base-id.h"
#include "hub-reply.h"
#include "net-http.h"

/* Copies ask each other every second whether they live. Which of the addresses is its own a copy
 * learns in the same way: it listens on the loopback device, behind something that it does not
 * know. The owner of a visit is the living copy whose address gives the highest digest with the
 * visit's id (rendezvous hashing): when one goes, only its own visits move. */

#define PATH      "/copies/alive"
#define PROBE_MS  1000
#define TIMEOUT_S 2
#define MISSES    2 /* so that one slow answer moves nobody */

typedef struct
{
  char *url;
  gboolean alive, self, asked;
  guint misses;
} Copy;

struct _HubCopies
{
  GObject parent_instance;
  GPtrArray *copies; /* of Copy */
  char *id;          /* of this process */
  SoupSession *http;
  guint source;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HubCopies, hub_copies, G_TYPE_OBJECT)

static void
copy_free (gpointer data)
{
  Copy *copy = data;

  g_free (copy->url);
  g_free (copy);
}

static void
hub_copies_finalize (GObject *object)
{
  HubCopies *self = HUB_COPIES (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_object (&self->http);
  g_ptr_array_unref (self->copies);
  g_free (self->id);

  G_OBJECT_CLASS (hub_copies_parent_class)->finalize (object);
}

static void
hub_copies_class_init (HubCopiesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hub_copies_finalize;
  signals[CHANGED] = g_signal_new ("changed", HUB_TYPE_COPIES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
hub_copies_init (HubCopies *self)
{
  self->copies = g_ptr_array_new_with_free_func (copy_free);
  self->id = base_id_new_token ();
  self->http = net_http_session_new ();
  soup_session_set_timeout (self->http, TIMEOUT_S);
}

static Copy *
find (HubCopies *self, const char *url)
{
  for (guint i = 0; i < self->copies->len; i++)
    if (g_str_equal (((Copy *) self->copies->pdata[i])->url, url))
      return self->copies->pdata[i];
  return NULL;
}

/* ---- who lives ------------------------------------------------------------------------------ */

static void
set_alive (HubCopies *self, Copy *copy, gboolean alive)
{
  if (copy->alive == alive)
    return;
  copy->alive = alive;
  g_message (alive ? "The copy at %s is there"
                   : "The copy at %s is gone: its visits come here or "
                     "to another",
             copy->url);
  g_signal_emit (self, signals[CHANGED], 0);
}

typedef struct
{
  HubCopies *copies;
  SoupMessage *message;
  char *url;
} Probe;

static void
probed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Probe *probe = data;
  g_autoptr (GBytes) body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);
  Copy *copy = find (probe->copies, probe->url);
  g_autofree char *text = body != NULL && soup_message_get_status (probe->message) == 200
                              ? g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body))
                              : NULL;

  copy->asked = FALSE;
  copy->misses = text != NULL ? 0 : copy->misses + 1;
  if (text != NULL && g_str_equal (text, probe->copies->id))
    copy->self = TRUE;
  else if (text != NULL || copy->misses >= MISSES)
    set_alive (probe->copies, copy, text != NULL);
  g_object_unref (probe->message);
  g_object_unref (probe->copies);
  g_free (probe->url);
  g_free (probe);
}

static void
ask (HubCopies *self, Copy *copy)
{
  g_autofree char *address = g_strconcat (copy->url, PATH, NULL);
  Probe *probe = g_new (Probe, 1);

  copy->asked = TRUE;
  probe->copies = g_object_ref (self);
  probe->message = soup_message_new ("GET", address);
  probe->url = g_strdup (copy->url);
  soup_message_add_flags (probe->message, SOUP_MESSAGE_NO_REDIRECT);
  soup_session_send_and_read_async (self->http, probe->message, G_PRIORITY_DEFAULT, NULL, probed_cb,
                                    probe);
}

static gboolean
probe_cb (gpointer data)
{
  HubCopies *self = data;

  for (guint i = 0; i < self->copies->len; i++)
    {
      Copy *copy = self->copies->pdata[i];

      if (!copy->self && !copy->asked)
        ask (self, copy);
    }
  return G_SOURCE_CONTINUE;
}

static void
alive_handler (SoupServer *soup,
               SoupServerMessage *message,
               const char *path,
               GHashTable *query,
               gpointer data)
{
  hub_reply_text (message, 200, "text/plain", g_strdup (HUB_COPIES (data)->id));
}

/**
 * hub_copies_note_lost:
 *
 * A copy that did not take a visit's socket is gone until it answers again.
 */
void
hub_copies_note_lost (HubCopies *self, const char *url)
{
  Copy *copy = find (self, url);

  copy->misses = MISSES;
  set_alive (self, copy, FALSE);
}

/* ---- whose a visit is ----------------------------------------------------------------------- */

static char *
score_of (const Copy *copy, const char *visit)
{
  g_autofree char *text = g_strconcat (copy->url, "|", visit, NULL);

  return base_sha256_hex (text, -1);
}

/**
 * hub_copies_find_owner:
 *
 * Returns: (transfer none) (nullable): the address of the copy that @visit belongs to; NULL where
 * that is this one
 */
const char *
hub_copies_find_owner (HubCopies *self, const char *visit)
{
  g_autofree char *best = NULL;
  const Copy *owner = NULL;

  for (guint i = 0; i < self->copies->len; i++)
    {
      const Copy *copy = self->copies->pdata[i];
      g_autofree char *score = score_of (copy, visit);

      if ((copy->alive || copy->self) && (best == NULL || strcmp (score, best) > 0))
        {
          owner = copy;
          g_set_str (&best, score);
        }
    }
  return owner != NULL && !owner->self ? owner->url : NULL;
}

/**
 * hub_copies_new:
 * @urls: addresses joined by commas, this copy's own among them
 */
HubCopies *
hub_copies_new (const char *urls, GError **error)
{
  g_autoptr (HubCopies) self = g_object_new (HUB_TYPE_COPIES, NULL);
  g_auto (GStrv) parts = g_strsplit (urls, ",", 0);

  for (char **part = parts; *part != NULL; part++)
    {
      g_autoptr (GUri) uri = net_http_parse_url (g_strstrip (*part), error);
      Copy *copy;

      if (uri == NULL)
        {
          g_prefix_error (error, "--copies, “%s”: ", *part);
          return NULL;
        }
      copy = g_new0 (Copy, 1);
      copy->url = g_strdup (*part);
      while (g_str_has_suffix (copy->url, "/"))
        copy->url[strlen (copy->url) - 1] = '\0';
      g_ptr_array_add (self->copies, copy);
    }
  return g_steal_pointer (&self);
}

/**
 * hub_copies_attach:
 *
 * Begins to ask, and to answer.
 */
void
hub_copies_attach (HubCopies *self, HubServer *server)
{
  soup_server_add_handler (hub_server_get_soup (server), PATH, alive_handler, self, NULL);
  self->source = g_timeout_add (PROBE_MS, probe_cb, self);
  probe_cb (self);
}
