/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-weight-dialog.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "care-weight.h"
#include "clinical-dose.h"
#include "fhir-quantity.h"
#include "workspace-toast.h"

/* A weight that was measured now, in a unit that was chosen (H11): nothing is guessed of either,
 * and what is hard to believe is asked about once more. */

typedef struct
{
  GtkWidget *parent;
  CareContext *context;
  char *patient;
  void (*saved) (gpointer data);
  GObject *data;

  AdwDialog *dialog;
  GtkEditable *value_row;
  AdwComboRow *unit_row;
  GtkLabel *problem_label;
  GtkWidget *save_button;
  gboolean sure; /* it was asked about what is typed now */
} Weight;

static void
weight_free (gpointer data)
{
  Weight *self = data;

  g_object_unref (self->parent);
  g_object_unref (self->context);
  g_clear_object (&self->data);
  g_free (self->patient);
  g_free (self);
}

static const char *
get_unit (Weight *self)
{
  guint at = adw_combo_row_get_selected (self->unit_row);

  return at > 0 && at != GTK_INVALID_LIST_POSITION ? care_weight_list_units ()[at - 1] : NULL;
}

static void
show_problem (Weight *self, const char *text)
{
  gtk_label_set_label (self->problem_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), text != NULL);
  if (text != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self->problem_label), text,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

/* Another value is another question. */
static void
changed_cb (Weight *self)
{
  self->sure = FALSE;
  show_problem (self, NULL);
  gtk_button_set_label (GTK_BUTTON (self->save_button), _ ("_Save"));
  gtk_widget_set_sensitive (self->save_button,
                            get_unit (self) != NULL &&
                                *gtk_editable_get_text (self->value_row) != '\0');
}

/* What is being saved is not edited: the answer is about what stands here. */
static void
set_saving (Weight *self, gboolean saving)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->value_row), !saving);
  gtk_widget_set_sensitive (GTK_WIDGET (self->unit_row), !saving);
  gtk_widget_set_sensitive (self->save_button, !saving);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AdwDialog) dialog = user_data;
  Weight *self = g_object_get_data (G_OBJECT (dialog), "weight");
  g_autoptr (GError) error = NULL;

  if (care_weight_save_finish (result, &error))
    {
      if (self->saved != NULL)
        self->saved (self->data);
      workspace_toast_say (self->parent, _ ("The weight is in the record."));
      adw_dialog_close (dialog);
      return;
    }
  set_saving (self, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->value_row)); /* where it was */
  show_problem (self, error->message);
  self->sure = g_error_matches (error, CARE_ERROR, CARE_ERROR_FINDINGS);
  if (self->sure)
    gtk_button_set_label (GTK_BUTTON (self->save_button), _ ("It _Is Right: Save"));
}

static void
save_cb (Weight *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *value = NULL;

  if (!gtk_widget_get_sensitive (self->save_button))
    return;
  if (!clinical_dose_parse (gtk_editable_get_text (self->value_row), localeconv ()->decimal_point,
                            &value, &error))
    {
      show_problem (self, error->message);
      return;
    }
  set_saving (self, TRUE); /* once */
  care_weight_save_async (self->context, self->patient, value, get_unit (self), self->sure,
                          saved_cb, g_object_ref (self->dialog));
}

static GtkWidget *
rows_new (Weight *self)
{
  GtkWidget *group = adw_preferences_group_new (), *value = adw_entry_row_new (),
            *unit = adw_combo_row_new ();
  g_autoptr (GtkStringList) units = gtk_string_list_new (NULL);

  gtk_string_list_append (units, _ ("Choose the unit"));
  for (const char *const *one = care_weight_list_units (); *one != NULL; one++)
    gtk_string_list_append (units, fhir_quantity_get_spoken_unit (*one));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (value), _ ("Weight, measured now"));
  adw_entry_row_set_input_purpose (ADW_ENTRY_ROW (value), GTK_INPUT_PURPOSE_NUMBER);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (unit), _ ("Unit"));
  adw_combo_row_set_model (ADW_COMBO_ROW (unit), G_LIST_MODEL (units));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), value);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), unit);
  self->value_row = GTK_EDITABLE (value);
  self->unit_row = ADW_COMBO_ROW (unit);
  g_signal_connect_swapped (value, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (value, "entry-activated", G_CALLBACK (save_cb), self);
  g_signal_connect_swapped (unit, "notify::selected", G_CALLBACK (changed_cb), self);
  return group;
}

static GtkWidget *
content_new (Weight *self)
{
  GtkWidget *view = adw_toolbar_view_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12),
            *problem = gtk_label_new (NULL);

  self->save_button = gtk_button_new_with_mnemonic (_ ("_Save"));
  gtk_widget_add_css_class (self->save_button, "suggested-action");
  g_signal_connect_swapped (self->save_button, "clicked", G_CALLBACK (save_cb), self);
  gtk_label_set_wrap (GTK_LABEL (problem), TRUE);
  gtk_label_set_xalign (GTK_LABEL (problem), 0);
  gtk_widget_add_css_class (problem, "warning");
  gtk_widget_set_visible (problem, FALSE);
  self->problem_label = GTK_LABEL (problem);
  gtk_box_append (GTK_BOX (box), rows_new (self));
  gtk_box_append (GTK_BOX (box), problem);
  gtk_box_append (GTK_BOX (box), self->save_button);
  g_object_set (box, "margin-start", 16, "margin-end", 16, "margin-top", 8, "margin-bottom", 16,
                NULL);
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view), box);
  return view;
}

void
prescribe_weight_dialog_present (GtkWidget *parent,
                                 CareContext *context,
                                 const char *patient_id,
                                 void (*saved) (gpointer data),
                                 GObject *data)
{
  AdwDialog *dialog = adw_dialog_new ();
  Weight *self = g_new0 (Weight, 1);

  self->parent = g_object_ref (parent);
  self->context = g_object_ref (context);
  self->patient = g_strdup (patient_id);
  self->saved = saved;
  self->data = data != NULL ? g_object_ref (data) : NULL;
  self->dialog = dialog;
  g_object_set_data_full (G_OBJECT (dialog), "weight", self, weight_free);
  adw_dialog_set_title (dialog, _ ("Weight"));
  adw_dialog_set_content_width (dialog, 380);
  adw_dialog_set_child (dialog, content_new (self));
  changed_cb (self);
  adw_dialog_set_focus (dialog, GTK_WIDGET (self->value_row));
  adw_dialog_present (dialog, parent);
}
