/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "udp-relay.h"

#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define QUEUE_US (300 * 1000)

typedef struct
{
  gint64 due_us;
  gssize length;
  char data[2048];
} Packet;

/* One end: a socket that it sends to, and the packets on their way to it. */
typedef struct
{
  int socket;
  guint port;
  struct sockaddr_in owner; /* where the end really listens; port 0 until known */
  GQueue waiting;           /* Packet, in the order of due times */
  gint64 link_free_us, last_due_us;
  guint64 bytes; /* delivered to it */
} End;

struct _UdpRelay
{
  GMutex lock;
  GThread *thread;
  GRand *random;
  End ends[2];
  UdpRelayPath path;
  GArray *plan; /* UdpRelayStep, those to come */
  gsize steps_done;
  gint64 plan_us;
  guint queue_drops;
  gboolean stopping;
};

static void
accept_packet (UdpRelay *self, End *from, End *to, gint64 now)
{
  Packet *packet = g_new (Packet, 1);
  gint64 start = MAX (now, to->link_free_us);

  packet->length = recv (from->socket, packet->data, sizeof packet->data, MSG_DONTWAIT);
  if (packet->length <= 0 || self->path.blackout ||
      g_rand_double_range (self->random, 0, 100) < self->path.loss_percent)
    {
      g_free (packet);
      return;
    }
  if (self->path.bps > 0)
    {
      if (start - now > QUEUE_US)
        {
          self->queue_drops++;
          g_free (packet);
          return;
        }
      start += packet->length * 8 * G_USEC_PER_SEC / self->path.bps;
      to->link_free_us = start;
    }
  packet->due_us = start + self->path.delay_ms * 1000;
  if (self->path.jitter_ms > 0)
    packet->due_us += g_rand_int_range (self->random, 0, (gint32) self->path.jitter_ms * 1000);
  to->last_due_us = packet->due_us = MAX (packet->due_us, to->last_due_us);
  g_queue_push_tail (&to->waiting, packet);
}

/* What goes to an end leaves from the socket that this end knows, as an answer would. */
static gint64
deliver (UdpRelay *self, End *to, gint64 now)
{
  Packet *packet;

  while ((packet = g_queue_peek_head (&to->waiting)) != NULL && packet->due_us <= now)
    {
      if (to->owner.sin_port != 0)
        sendto (to->socket, packet->data, (gsize) packet->length, MSG_DONTWAIT,
                (struct sockaddr *) &to->owner, sizeof to->owner);
      to->bytes += (guint64) packet->length;
      g_free (g_queue_pop_head (&to->waiting));
    }
  return packet != NULL ? packet->due_us - now : 20000;
}

static void
follow_plan (UdpRelay *self, gint64 now)
{
  while (self->plan->len > 0 &&
         now >= self->plan_us + g_array_index (self->plan, UdpRelayStep, 0).at_ms * 1000)
    {
      self->path = g_array_index (self->plan, UdpRelayStep, 0).path;
      g_array_remove_index (self->plan, 0);
      self->steps_done++;
    }
}

static gpointer
run (gpointer data)
{
  UdpRelay *self = data;
  struct pollfd polls[2] = { { self->ends[0].socket, POLLIN, 0 },
                             { self->ends[1].socket, POLLIN, 0 } };
  gint64 wait_us = 0;
  gboolean stopping = FALSE;

  while (!stopping)
    {
      struct timespec time = { 0, wait_us * 1000 };
      gint64 now;

      ppoll (polls, 2, &time, NULL);
      g_mutex_lock (&self->lock);
      now = g_get_monotonic_time ();
      follow_plan (self, now);
      for (int i = 0; i < 2; i++)
        if (polls[i].revents & POLLIN)
          accept_packet (self, &self->ends[i], &self->ends[1 - i], now);
      wait_us = MIN (deliver (self, &self->ends[0], now), deliver (self, &self->ends[1], now));
      stopping = self->stopping;
      g_mutex_unlock (&self->lock);
    }
  return NULL;
}

static void
open_end (End *end)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;

  end->socket = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (end->socket, (struct sockaddr *) &address, length), ==, 0);
  getsockname (end->socket, (struct sockaddr *) &address, &length);
  end->port = ntohs (address.sin_port);
  g_queue_init (&end->waiting);
}

UdpRelay *
udp_relay_new (void)
{
  UdpRelay *self = g_new0 (UdpRelay, 1);

  g_mutex_init (&self->lock);
  self->random = g_rand_new_with_seed (5);
  self->plan = g_array_new (FALSE, FALSE, sizeof (UdpRelayStep));
  open_end (&self->ends[0]);
  open_end (&self->ends[1]);
  self->thread = g_thread_new ("udp-relay", run, self);
  return self;
}

void
udp_relay_free (UdpRelay *self)
{
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);
  for (int i = 0; i < 2; i++)
    {
      close (self->ends[i].socket);
      g_queue_clear_full (&self->ends[i].waiting, g_free);
    }
  g_rand_free (self->random);
  g_array_unref (self->plan);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
udp_relay_set_path (UdpRelay *self, const UdpRelayPath *path)
{
  g_mutex_lock (&self->lock);
  self->path = *path;
  g_mutex_unlock (&self->lock);
}

/* The path follows @steps, in the order of their times, from now on; what was planned before is
 * forgotten. */
void
udp_relay_set_plan (UdpRelay *self, const UdpRelayStep *steps, gsize n_steps)
{
  g_mutex_lock (&self->lock);
  g_array_set_size (self->plan, 0);
  g_array_append_vals (self->plan, steps, (guint) n_steps);
  self->steps_done = 0;
  self->plan_us = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
}

gsize
udp_relay_get_steps_done (UdpRelay *self)
{
  gsize done;

  g_mutex_lock (&self->lock);
  done = self->steps_done;
  g_mutex_unlock (&self->lock);
  return done;
}

/* Returns how much reached @to so far. */
guint64
udp_relay_get_bytes (UdpRelay *self, UdpRelayEnd to)
{
  guint64 bytes;

  g_mutex_lock (&self->lock);
  bytes = self->ends[to].bytes;
  g_mutex_unlock (&self->lock);
  return bytes;
}

/* Returns what the other end is told instead of @candidate, an end's own; NULL for one that would
 * go around the relay. */
char *
udp_relay_route (UdpRelay *self, UdpRelayEnd owner, const char *candidate)
{
  g_auto (GStrv) fields = g_strsplit (candidate, " ", -1);
  End *end = &self->ends[owner];

  if (g_strv_length (fields) < 8 || g_ascii_strcasecmp (fields[2], "udp") != 0 ||
      strcmp (fields[4], "127.0.0.1") != 0)
    return NULL;
  g_mutex_lock (&self->lock);
  end->owner = (struct sockaddr_in) { .sin_family = AF_INET,
                                      .sin_addr.s_addr = htonl (INADDR_LOOPBACK),
                                      .sin_port = htons ((guint16) atoi (fields[5])) };
  g_mutex_unlock (&self->lock);
  g_free (fields[5]);
  fields[5] = g_strdup_printf ("%u", self->ends[1 - owner].port);
  return g_strjoinv (" ", fields);
}

guint
udp_relay_get_queue_drops (UdpRelay *self)
{
  guint drops;

  g_mutex_lock (&self->lock);
  drops = self->queue_drops;
  g_mutex_unlock (&self->lock);
  return drops;
}
