/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#define LAST_REFERENCE_SECONDS 60

static inline gboolean
last_reference_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Drops the reference of @object that is ours, and waits for the others: an answer that was
 * cancelled, or a thread that comes to its end, may hold one for a moment on a busy machine, which
 * g_assert_finalize_object() takes for a leak. Aborts with the type's name after a minute. */
static inline void
last_reference_drop (gpointer object)
{
  const char *type = G_OBJECT_TYPE_NAME (object);
  gint64 end = g_get_monotonic_time () + LAST_REFERENCE_SECONDS * G_USEC_PER_SEC;
  guint tick;

  g_object_add_weak_pointer (object, &object);
  g_object_unref (object);
  if (object == NULL)
    return;
  tick = g_timeout_add (10, last_reference_tick, NULL);
  while (object != NULL && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
  if (object != NULL)
    g_error ("%s still has %u references", type, G_OBJECT (object)->ref_count);
}
