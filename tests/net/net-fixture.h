/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

/* A server on this machine whose handler the test writes. */
SoupServer *net_fixture_listen (SoupServerCallback handler, gpointer data, char **url);

/* Runs the main context until @condition holds; fails after 20 s. */
#define net_fixture_wait(condition)                                                                \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 _end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;                                   \
    guint _tick = g_timeout_add (5, net_fixture_tick, NULL);                                       \
    while (!(condition))                                                                           \
      {                                                                                            \
        g_assert_cmpint (g_get_monotonic_time (), <, _end);                                        \
        g_main_context_iteration (NULL, TRUE);                                                     \
      }                                                                                            \
    g_source_remove (_tick);                                                                       \
  }                                                                                                \
  G_STMT_END

gboolean net_fixture_tick (gpointer unused);
void net_fixture_answer (SoupServerMessage *message, guint status, const char *body);

/* For a GAsyncReadyCallback: keeps the result. */
void net_fixture_keep (GObject *source, GAsyncResult *result, gpointer data);
