/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A bad network between two ends of a call on this computer: each end is told the relay's port
 * instead of the other's. Needs no rights; every figure may be changed while packets flow. */
typedef enum
{
  UDP_RELAY_NEAR, /* the clinic */
  UDP_RELAY_FAR,  /* the patient */
} UdpRelayEnd;

typedef struct
{
  double loss_percent;
  guint delay_ms; /* each way */
  guint bps; /* 0: no limit; else a queue of 300 ms stands before it, and drops what does not fit */
  gboolean blackout;
  guint jitter_ms; /* up to so much more, at random; packets keep their order */
} UdpRelayPath;

/* From so many milliseconds after the plan's beginning the path is like this. */
typedef struct
{
  guint at_ms;
  UdpRelayPath path;
} UdpRelayStep;

typedef struct _UdpRelay UdpRelay;

UdpRelay *udp_relay_new (void);
void udp_relay_free (UdpRelay *self);
void udp_relay_set_path (UdpRelay *self, const UdpRelayPath *path);
void udp_relay_set_plan (UdpRelay *self, const UdpRelayStep *steps, gsize n_steps);
gsize udp_relay_get_steps_done (UdpRelay *self);
char *udp_relay_route (UdpRelay *self, UdpRelayEnd owner, const char *candidate);
guint udp_relay_get_queue_drops (UdpRelay *self);
guint64 udp_relay_get_bytes (UdpRelay *self, UdpRelayEnd to);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (UdpRelay, udp_relay_free)

G_END_DECLS
