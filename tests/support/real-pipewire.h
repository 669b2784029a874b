/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A PipeWire with one camera, which gives PipeWire's own test picture, in a folder of its own. */
typedef struct
{
  char *folder;
  GSubprocess *daemon, *manager;
} RealPipewire;

void real_pipewire_start (RealPipewire *self, gboolean camera);
int real_pipewire_connect (RealPipewire *self);
void real_pipewire_stop (RealPipewire *self);

G_END_DECLS
