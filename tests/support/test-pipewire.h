/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A PipeWire with one camera, which gives PipeWire's own test picture, in a folder of its own. */
typedef struct
{
  char *folder;
  GSubprocess *daemon, *manager;
} TestPipewire;

void test_pipewire_start (TestPipewire *self, gboolean camera);
int test_pipewire_connect (TestPipewire *self);
void test_pipewire_stop (TestPipewire *self);

G_END_DECLS
