/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a portal answers to a request. */
typedef enum
{
  FAKE_PORTAL_GRANT,
  FAKE_PORTAL_REFUSE, /* somebody said no */
  FAKE_PORTAL_END,    /* it ended without an answer */
  FAKE_PORTAL_WAIT,   /* until fake_portal_answer (), or for ever */
  FAKE_PORTAL_GARBAGE,
  FAKE_PORTAL_ELSEWHERE, /* as portals of old: under another handle than the one that was asked for
                          */
  FAKE_PORTAL_ERROR,
} FakePortalMood;

/* The desktop's portals for camera and background, on a bus of their own. */
typedef struct
{
  GTestDBus *bus;
  GDBusConnection *portal, *ours;

  FakePortalMood mood;
  gboolean present;  /* a camera */
  int remote;        /* handed out as PipeWire's; -1: none */
  GVariant *results; /* (nullable): of what is granted */

  guint asked, opened, closed;
  char *handle;      /* of the last request */
  GVariant *options; /* of the last request */
  char *method;
} FakePortal;

void fake_portal_set_up (FakePortal *self);
void fake_portal_tear_down (FakePortal *self);
void fake_portal_leave (FakePortal *self);
void fake_portal_answer (FakePortal *self, guint response);
void fake_portal_set_present (FakePortal *self, gboolean present);
void fake_portal_settle (FakePortal *self);

G_END_DECLS
