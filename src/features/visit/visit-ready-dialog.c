/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-ready-dialog.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "workspace-alert.h"

/* The nurse's part is done: what was done is written for the doctor, and the patient waits again,
 * before all others. */

#define HEIGHT 120

static char *
dup_text (GtkTextBuffer *buffer)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
}

static void
text_changed_cb (AdwAlertDialog *dialog, GtkTextBuffer *buffer)
{
  g_autofree char *text = dup_text (buffer);

  adw_alert_dialog_set_response_enabled (dialog, "ready", *text != '\0');
}

static void
response_cb (AdwAlertDialog *dialog, const char *response, VisitController *controller)
{
  GtkTextBuffer *buffer = g_object_get_data (G_OBJECT (dialog), "buffer");
  g_autofree char *text = dup_text (buffer);

  if (g_str_equal (response, "ready"))
    visit_controller_ready (controller, text);
}

static GtkWidget *
make_entry (AdwAlertDialog *dialog)
{
  GtkWidget *view = gtk_text_view_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));

  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What was done"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), HEIGHT);
  gtk_widget_add_css_class (scrolled, "card");
  g_object_set_data_full (G_OBJECT (dialog), "buffer", g_object_ref (buffer), g_object_unref);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (text_changed_cb), dialog,
                           G_CONNECT_SWAPPED);
  return scrolled;
}

/**
 * visit_ready_dialog_present:
 *
 * Asks what was done. Nothing is sent without a word of it.
 */
void
visit_ready_dialog_present (VisitController *controller, GtkWidget *parent)
{
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (
      _ ("Ready for the Doctor"),
      _ ("The call ends, and the patient waits again, before all others. Write what was done and "
         "measured: the doctor reads it before the visit goes on.")));

  adw_alert_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "ready", _ ("_Ready"), NULL);
  adw_alert_dialog_set_response_appearance (dialog, "ready", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_response_enabled (dialog, "ready", FALSE);
  adw_alert_dialog_set_close_response (dialog, "cancel");
  adw_alert_dialog_set_extra_child (dialog, make_entry (dialog));
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), controller, 0);
  workspace_alert_present (ADW_DIALOG (dialog), parent);
}
