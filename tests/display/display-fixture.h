/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "care-fixture.h"
#include "feature-table.h"
#include "workspace-feature.h"
#include "workspace-patient-window.h"
#include "workspace-session.h"

/* The clinic of care-fixture.h with a session and all features, on a real display. */
typedef struct
{
  CareFixture care;
  WorkspaceSession *session;
} DisplayFixture;

#define DISPLAY_WAIT_SECONDS 20

static inline void
display_fixture_set_up (DisplayFixture *fixture, gconstpointer data)
{
  care_fixture_set_up (&fixture->care, data);
  fixture->session = workspace_session_new (fixture->care.doctor);
  workspace_session_set_content (fixture->session, fixture->care.content);
  for (const FeatureType *type = feature_table; *type; type++)
    {
      g_autoptr (WorkspaceFeature) feature = g_object_new ((*type) (), NULL);
      workspace_session_add_feature (fixture->session, feature);
    }
}

static inline gboolean
display_wake (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static inline gboolean
display_spin (gboolean (*condition) (gpointer data), gpointer data)
{
  gint64 end = g_get_monotonic_time () + DISPLAY_WAIT_SECONDS * G_USEC_PER_SEC;
  guint wake = g_timeout_add (20, display_wake, NULL);
  gboolean met = condition (data);

  while (!met && g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, TRUE);
      met = condition (data);
    }
  g_source_remove (wake);
  return met;
}

/* The first mapped label below @widget whose text has @text in it. */
static inline GtkWidget *
display_find_label (GtkWidget *widget, const char *text)
{
  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = display_find_label (child, text);
      if (found)
        return found;
    }
  return NULL;
}

typedef struct
{
  gpointer widget;
  const char *text;
} DisplayLabel;

static inline gboolean
display_has_label (gpointer data)
{
  DisplayLabel *label = data;

  return display_find_label (label->widget, label->text) != NULL;
}

static inline void
display_assert_label (gpointer widget, const char *text)
{
  if (!display_spin (display_has_label, &(DisplayLabel) { widget, text }))
    g_error ("no label says “%s”", text);
}

/* The first of @type in @widget, or itself. */
static inline GtkWidget *
display_find_child (GtkWidget *widget, GType type)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = display_find_child (child, type);

      if (found)
        return found;
    }
  return NULL;
}

static inline gboolean
display_is_in_sight (gpointer data)
{
  DisplayLabel *label = data;
  GtkWidget *found = display_find_label (label->widget, label->text);
  graphene_rect_t bounds;

  return found && gtk_widget_compute_bounds (found, label->widget, &bounds) &&
         graphene_rect_get_y (&bounds) >= 0;
}

static inline gboolean
display_has_passed (gpointer end)
{
  return g_get_monotonic_time () > *(gint64 *) end;
}

/* The label that says @text is not cut off at the top of @widget, once all came to rest. */
static inline void
display_assert_in_sight (gpointer widget, const char *text)
{
  gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 2;

  g_assert_true (display_spin (display_has_passed, &end));
  if (!display_spin (display_is_in_sight, &(DisplayLabel) { widget, text }))
    g_error ("“%s” is out of sight: scrolled to %g", text,
             GTK_IS_SCROLLABLE (widget) ? gtk_adjustment_get_value (gtk_scrollable_get_vadjustment (
                                              GTK_SCROLLABLE (widget)))
                                        : 0);
}

static inline void
display_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Four hold it: the fixture and its three contexts. Whoever else does still waits for an answer. */
static inline gboolean
display_is_let_go (gpointer database)
{
  return G_OBJECT (database)->ref_count <= 4;
}

static inline void
display_fixture_tear_down (DisplayFixture *fixture, gconstpointer data)
{
  display_settle ();
  g_clear_object (&fixture->session);
  g_assert_true (display_spin (display_is_let_go, fixture->care.database));
  display_settle ();
  care_fixture_tear_down (&fixture->care, data);
}

static inline void
display_add (const char *path, void (*test) (DisplayFixture *, gconstpointer))
{
  g_test_add (path, DisplayFixture, NULL, display_fixture_set_up, test, display_fixture_tear_down);
}
