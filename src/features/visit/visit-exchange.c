/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-exchange.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>

#define TICK_MS      500
#define MOST_LETTERS 200
#define MOST_LINES   1000
/* The page says at once that it has a message: after so long the hub is to carry it. */
#define ANSWER_US (4 * G_USEC_PER_SEC)
/* So many messages of the patient's at once, and then so many a second; the hub limits its own. */
#define BURST      40
#define PER_SECOND 2
/* So many lines of any kind at once, and then so many a second. A file of 20 MB needs 160. */
#define LINES_BURST      1000
#define LINES_PER_SECOND 200
/* Where the path is narrow files get this part of it, and this at least: sound comes first. Where
 * nobody knows how narrow it is, they get little. */
#define PART         4
#define LEAST_RATE   ((guint64) 4 * 1024)
#define UNKNOWN_RATE ((guint64) 16 * 1024)

/* One message, as both sides know it. */
typedef struct
{
  CareVisitMessage *message;
  gboolean got;   /* the other side has said that it has it */
  gint64 said_us; /* when it was last said over the channel; 0: it is not waited for */
} Letter;

/* What the patient's page may send now. */
typedef struct
{
  double allowance;
  gint64 allowed_us;
} Bucket;

struct _VisitExchange
{
  GObject parent_instance;

  MediaChannel *channel;
  MediaTransfers *transfers;
  GtkStringList *chat;
  GHashTable *ids;
  GPtrArray *letters; /* of Letter: the last ones, both ways */
  char *life;
  VisitExchangeHub hub;
  gpointer data;
  guint tick;
  gboolean open;
  gboolean greeted; /* the page has said hello since the channel opened */
  gboolean flooded; /* it has sent too much since then: nothing more is read */
  Bucket messages;  /* of chat that is new */
  Bucket lines;
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_ARRIVED,
  SIGNAL_STOPPED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VisitExchange, visit_exchange, G_TYPE_OBJECT)

static void
letter_free (gpointer data)
{
  Letter *letter = data;

  care_visit_message_free (letter->message);
  g_free (letter);
}

static void
changed (VisitExchange *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
send_message (VisitExchange *self, const MediaChannelMessage *message)
{
  g_autofree char *line = media_channel_message_write (message);

  media_channel_send_line (self->channel, line);
}

static gboolean
is_own (const Letter *letter)
{
  return letter->message->role == CARE_VISIT_ROLE_CLINICIAN;
}

/* ---- chat ---- */

static void
say (VisitExchange *self, Letter *letter)
{
  letter->said_us = is_own (letter) && !letter->got ? g_get_monotonic_time () : 0;
  send_message (self, &(MediaChannelMessage) { .type = MEDIA_CHANNEL_CHAT,
                                               .id = letter->message->id,
                                               .text = letter->message->text,
                                               .at = letter->message->at,
                                               .own = !is_own (letter) });
}

static gboolean
give_to_hub (VisitExchange *self, Letter *letter)
{
  if (!self->hub (self->data, letter->message))
    return FALSE;
  letter->said_us = 0;
  return TRUE;
}

/* Keeps a message once. Returns: (transfer none) (nullable): NULL where it is here already */
static Letter *
keep (VisitExchange *self, const CareVisitMessage *message)
{
  g_autofree char *line = NULL;
  Letter *letter;
  guint lines = g_list_model_get_n_items (G_LIST_MODEL (self->chat));

  if (message->id != NULL && !g_hash_table_add (self->ids, g_strdup (message->id)))
    return NULL;
  letter = g_new0 (Letter, 1);
  letter->message = care_visit_message_copy (message);
  if (letter->message->id == NULL)
    letter->message->id = g_uuid_string_random ();
  if (self->letters->len >= MOST_LETTERS)
    g_ptr_array_remove_index (self->letters, 0);
  g_ptr_array_add (self->letters, letter);
  line = g_strdup_printf (is_own (letter) ? _ ("You: %s") : _ ("Patient: %s"), message->text);
  if (lines >= MOST_LINES)
    gtk_string_list_remove (self->chat, 0);
  gtk_string_list_append (self->chat, line);
  return letter;
}

static gboolean
is_too_much (Bucket *bucket, double burst, double per_second)
{
  gint64 now = g_get_monotonic_time ();
  double seconds = (double) (now - bucket->allowed_us) / (double) G_USEC_PER_SEC;

  bucket->allowance = MIN (burst, bucket->allowance + per_second * seconds);
  bucket->allowed_us = now;
  if (bucket->allowance < 1)
    return TRUE;
  bucket->allowance -= 1;
  return FALSE;
}

static char *
dup_now (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  return g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
}

/* Whoever is at the other end of this channel is the patient, whatever the message says. */
static void
take_line_of_chat (VisitExchange *self, const MediaChannelMessage *said)
{
  g_autoptr (CareVisitMessage) message = NULL;

  if (!g_hash_table_contains (self->ids, said->id) &&
      is_too_much (&self->messages, BURST, PER_SECOND))
    return;
  message = care_visit_message_new (CARE_SIGNAL_CHAT);
  message->role = CARE_VISIT_ROLE_PATIENT;
  message->id = g_strdup (said->id);
  message->text = g_strdup (said->text);
  message->at = dup_now ();
  keep (self, message);
  send_message (self, &(MediaChannelMessage) { .type = MEDIA_CHANNEL_GOT, .id = said->id });
  changed (self);
}

static void
take_got (VisitExchange *self, const char *id)
{
  for (guint i = 0; i < self->letters->len; i++)
    {
      Letter *letter = self->letters->pdata[i];

      if (is_own (letter) && g_strcmp0 (letter->message->id, id) == 0)
        {
          letter->got = TRUE;
          letter->said_us = 0;
        }
    }
}

/* A page that was loaded anew knows nothing of what was written. It comes by a channel of its own,
 * so one greeting is answered in each: the answer may be long. */
static void
greet_back (VisitExchange *self, gboolean fresh)
{
  if (self->greeted)
    return;
  self->greeted = TRUE;
  for (guint i = 0; i < self->letters->len; i++)
    {
      Letter *letter = self->letters->pdata[i];

      if (fresh || (is_own (letter) && !letter->got))
        say (self, letter);
    }
  if (fresh)
    media_transfers_show_again (self->transfers);
}

static gboolean
is_flood (VisitExchange *self)
{
  if (self->flooded)
    return TRUE;
  self->flooded = is_too_much (&self->lines, LINES_BURST, LINES_PER_SECOND);
  if (self->flooded)
    {
      g_debug ("The patient's page sends too much: its channel is closed");
      media_channel_detach (self->channel);
    }
  return self->flooded;
}

static void
take_line (VisitExchange *self, const char *line)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MediaChannelMessage) message = media_channel_message_parse (line, &error);

  if (message == NULL)
    g_debug ("The patient's page sent what is no message: %s", error->message);
  else if (message->type == MEDIA_CHANNEL_CHAT)
    take_line_of_chat (self, message);
  else if (message->type == MEDIA_CHANNEL_GOT)
    take_got (self, message->id);
  else if (message->type == MEDIA_CHANNEL_HELLO)
    greet_back (self, message->on);
  else
    media_transfers_take_message (self->transfers, message);
}

static void
line_cb (VisitExchange *self, const char *line)
{
  if (!is_flood (self))
    take_line (self, line);
}

/* ---- the channel ---- */

static void
hand_over (VisitExchange *self, gint64 before)
{
  for (guint i = 0; i < self->letters->len; i++)
    {
      Letter *letter = self->letters->pdata[i];

      if (letter->said_us != 0 && letter->said_us <= before)
        give_to_hub (self, letter);
    }
}

static gboolean
tick_cb (gpointer data)
{
  VisitExchange *self = data;
  gint64 now = g_get_monotonic_time ();

  media_transfers_tick (self->transfers, now);
  hand_over (self, now - ANSWER_US);
  return G_SOURCE_CONTINUE;
}

static void
open_cb (VisitExchange *self, gboolean open)
{
  self->open = open;
  g_clear_handle_id (&self->tick, g_source_remove);
  if (open)
    {
      self->greeted = self->flooded = FALSE;
      self->tick = g_timeout_add (TICK_MS, tick_cb, self);
      send_message (self, &(MediaChannelMessage) { .type = MEDIA_CHANNEL_HELLO, .id = self->life });
    }
  media_transfers_set_open (self->transfers, open);
  if (!open)
    hand_over (self, G_MAXINT64);
  changed (self);
}

static void
send_line (const char *line, gpointer data)
{
  media_channel_send_line (VISIT_EXCHANGE (data)->channel, line);
}

static void
send_bytes (GBytes *bytes, gpointer data)
{
  media_channel_send_bytes (VISIT_EXCHANGE (data)->channel, bytes);
}

static gsize
get_waiting (gpointer data)
{
  return media_channel_get_waiting (VISIT_EXCHANGE (data)->channel);
}

/* Once: a file that is taken out of the chart again has not come again. */
static void
transfer_changed_cb (MediaTransfer *transfer, VisitExchange *self)
{
  if (media_transfer_get_state (transfer) != MEDIA_TRANSFER_DONE)
    return;
  g_signal_handlers_disconnect_by_func (transfer, transfer_changed_cb, self);
  g_signal_emit (self, signals[SIGNAL_ARRIVED], 0, transfer);
}

static void
offered_cb (VisitExchange *self, MediaTransfer *transfer)
{
  g_signal_connect_object (transfer, "changed", G_CALLBACK (transfer_changed_cb), self, 0);
}

static void
stopped_cb (VisitExchange *self, MediaTransfer *card)
{
  g_signal_emit (self, signals[SIGNAL_STOPPED], 0, card);
}

/* ---- object ---- */

static void
visit_exchange_dispose (GObject *object)
{
  visit_exchange_close (VISIT_EXCHANGE (object));
  G_OBJECT_CLASS (visit_exchange_parent_class)->dispose (object);
}

static void
visit_exchange_finalize (GObject *object)
{
  VisitExchange *self = VISIT_EXCHANGE (object);

  g_clear_object (&self->channel);
  g_clear_object (&self->transfers);
  g_clear_object (&self->chat);
  g_hash_table_unref (self->ids);
  g_ptr_array_unref (self->letters);
  g_free (self->life);
  G_OBJECT_CLASS (visit_exchange_parent_class)->finalize (object);
}

static void
visit_exchange_class_init (VisitExchangeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = visit_exchange_dispose;
  object_class->finalize = visit_exchange_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", VISIT_TYPE_EXCHANGE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ARRIVED] = g_signal_new ("arrived", VISIT_TYPE_EXCHANGE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, MEDIA_TYPE_TRANSFER);
  signals[SIGNAL_STOPPED] = g_signal_new ("stopped", VISIT_TYPE_EXCHANGE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, MEDIA_TYPE_TRANSFER);
}

static void
visit_exchange_init (VisitExchange *self)
{
  const MediaTransfersWay way = { send_line, send_bytes, get_waiting };

  self->chat = gtk_string_list_new (NULL);
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->letters = g_ptr_array_new_with_free_func (letter_free);
  self->life = g_uuid_string_random ();
  self->messages.allowance = BURST;
  self->lines.allowance = LINES_BURST;
  self->channel = media_channel_new ();
  self->transfers = media_transfers_new (&way, self);
  g_signal_connect_swapped (self->channel, "open", G_CALLBACK (open_cb), self);
  g_signal_connect_swapped (self->channel, "line", G_CALLBACK (line_cb), self);
  g_signal_connect_swapped (self->channel, "bytes", G_CALLBACK (media_transfers_take_bytes),
                            self->transfers);
  g_signal_connect_swapped (self->channel, "drained", G_CALLBACK (media_transfers_drained),
                            self->transfers);
  g_signal_connect_swapped (self->transfers, "changed", G_CALLBACK (changed), self);
  g_signal_connect_swapped (self->transfers, "offered", G_CALLBACK (offered_cb), self);
  g_signal_connect_swapped (self->transfers, "stopped", G_CALLBACK (stopped_cb), self);
}

VisitExchange *
visit_exchange_new (VisitExchangeHub hub, gpointer data)
{
  VisitExchange *self = g_object_new (VISIT_TYPE_EXCHANGE, NULL);

  self->hub = hub;
  self->data = data;
  return self;
}

static gboolean
no_hub (gpointer data, const CareVisitMessage *message)
{
  return FALSE;
}

/* The line to the patient is closed: what was not kept goes with it. */
void
visit_exchange_close (VisitExchange *self)
{
  self->hub = no_hub;
  self->open = FALSE;
  g_clear_handle_id (&self->tick, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->channel, self);
  g_signal_handlers_disconnect_by_data (self->channel, self->transfers);
  g_signal_handlers_disconnect_by_data (self->transfers, self);
  media_channel_detach (self->channel);
  media_transfers_set_open (self->transfers, FALSE);
}

MediaChannel *
visit_exchange_get_channel (VisitExchange *self)
{
  return self->channel;
}

MediaTransfers *
visit_exchange_get_transfers (VisitExchange *self)
{
  return self->transfers;
}

/* (transfer none) (element-type GtkStringObject) */
GListModel *
visit_exchange_get_chat (VisitExchange *self)
{
  return G_LIST_MODEL (self->chat);
}

/* Whether files can pass now. */
gboolean
visit_exchange_is_open (VisitExchange *self)
{
  return self->open;
}

/**
 * visit_exchange_send_chat:
 *
 * Returns: FALSE where there is no way to the patient: keep the text
 */
gboolean
visit_exchange_send_chat (VisitExchange *self, const char *text)
{
  g_autoptr (CareVisitMessage) message = care_visit_message_new (CARE_SIGNAL_CHAT);
  gboolean open = visit_exchange_is_open (self);

  message->role = CARE_VISIT_ROLE_CLINICIAN;
  message->text = g_strdup (text);
  message->id = g_uuid_string_random ();
  message->at = dup_now ();
  if (!open && !self->hub (self->data, message))
    return FALSE;
  {
    Letter *letter = keep (self, message);

    if (open)
      say (self, letter);
  }
  changed (self);
  return TRUE;
}

/**
 * visit_exchange_take_chat:
 * @message: from the hub, which repeats what it does not know to have arrived
 */
void
visit_exchange_take_chat (VisitExchange *self, const CareVisitMessage *message)
{
  keep (self, message);
  changed (self);
}

/* What waited for a way. */
void
visit_exchange_hub_is_open (VisitExchange *self)
{
  if (!visit_exchange_is_open (self))
    hand_over (self, G_MAXINT64);
}

/* Files never push the voice aside. */
void
visit_exchange_set_quality (VisitExchange *self, const MediaQuality *quality)
{
  guint64 rate = 0;

  if (quality->verdict != MEDIA_VERDICT_GOOD)
    rate = quality->out.available_kbps < 0
               ? UNKNOWN_RATE
               : MAX (LEAST_RATE, (guint64) quality->out.available_kbps * 125 / PART);
  media_transfers_set_rate (self->transfers, rate);
}
