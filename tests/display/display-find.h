/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "display-fixture.h"

/* What is on the screen, found as a person would: by what it is and what stands on it; waited for,
 * since it may come only when something was read. */

typedef gboolean (*DisplayFits) (GtkWidget *widget, const char *text);

typedef struct
{
  gpointer within;
  DisplayFits fits;
  const char *text;
  GtkWidget *found;
} DisplaySearch;

/* (nullable): the first mapped widget in @widget that fits */
static inline GtkWidget *
display_find (GtkWidget *widget, DisplayFits fits, const char *text)
{
  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (fits (widget, text))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = display_find (child, fits, text);

      if (found)
        return found;
    }
  return NULL;
}

static inline gboolean
display_search (gpointer data)
{
  DisplaySearch *asked = data;

  asked->found = display_find (asked->within, asked->fits, asked->text);
  return asked->found != NULL;
}

static inline gboolean
display_search_fails (gpointer data)
{
  return !display_search (data);
}

static inline GtkWidget *
display_wait_for (gpointer within, DisplayFits fits, const char *text)
{
  DisplaySearch asked = { within, fits, text };

  if (!display_spin (display_search, &asked))
    g_error ("there is no “%s”", text);
  return asked.found;
}

/* A dialog that closes fades for a moment, with all that it holds. */
static inline void
display_assert_none (gpointer within, DisplayFits fits, const char *text)
{
  if (!display_spin (display_search_fails, &(DisplaySearch) { within, fits, text }))
    g_error ("there is “%s”", text);
}

static inline gboolean
display_has_no_label (gpointer data)
{
  return !display_has_label (data);
}

static inline void
display_assert_gone (gpointer within, const char *text)
{
  if (!display_spin (display_has_no_label, &(DisplayLabel) { within, text }))
    g_error ("“%s” is still there", text);
}

static inline gboolean
display_is_button (GtkWidget *widget, const char *text)
{
  return GTK_IS_BUTTON (widget) &&
         g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), text) == 0;
}

static inline gboolean
display_is_row (GtkWidget *widget, const char *text)
{
  return ADW_IS_PREFERENCES_ROW (widget) &&
         g_str_has_prefix (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), text);
}

static inline gboolean
display_is_entry (GtkWidget *widget, const char *text)
{
  return ADW_IS_ENTRY_ROW (widget) && display_is_row (widget, text);
}

static inline void
display_press (gpointer within, const char *label)
{
  g_signal_emit_by_name (display_wait_for (within, display_is_button, label), "clicked");
}

static inline void
display_type (gpointer within, const char *title, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (display_wait_for (within, display_is_entry, title)), text);
}

static inline gboolean
display_has_no_dialog (gpointer window)
{
  return adw_window_get_visible_dialog (window) == NULL;
}
