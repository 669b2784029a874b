/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-keep-dialog.h"

#include <glib/gi18n.h>

#include "care-order-set.h"
#include "clinical-drug-name.h"
#include "fhir-text.h"
#include "workspace-alert.h"
#include "workspace-text.h"
#include "workspace-toast.h"

/* Asks for the name of an order set and saves what is in the sheet as one: everything that goes
 * into it is read here first, since the whole clinic will have it. */

typedef struct
{
  GtkWidget *parent; /* where it is said how it went */
  CareContext *context;
  GPtrArray *drafts; /* CarePrescriptionDraft */
  GPtrArray *sets;   /* (nullable) CareOrderSet: those that there are, once they are read */
  AdwAlertDialog *dialog;
  GtkEditable *name;
  GtkWidget *hint;
} Keep;

static void
keep_free (gpointer data)
{
  Keep *self = data;

  g_clear_object (&self->parent);
  g_clear_object (&self->context);
  g_clear_pointer (&self->drafts, g_ptr_array_unref);
  g_clear_pointer (&self->sets, g_ptr_array_unref);
  g_free (self);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) parent = user_data;
  g_autoptr (GError) error = NULL;

  workspace_toast_say (parent, care_order_set_command_finish (result, &error)
                                   ? _ ("The order set is saved.")
                                   : error->message);
}

static void
response_cb (AdwAlertDialog *dialog, const char *response, Keep *self)
{
  if (g_str_equal (response, "save"))
    care_order_set_save_async (self->context, gtk_editable_get_text (self->name), self->drafts,
                               saved_cb, g_object_ref (self->parent));
}

static gboolean
is_taken (Keep *self, const char *name)
{
  g_autofree char *folded = fhir_fold (name);

  for (guint i = 0; self->sets != NULL && i < self->sets->len; i++)
    {
      g_autofree char *other = fhir_fold (((CareOrderSet *) self->sets->pdata[i])->title);

      if (g_str_equal (other, folded))
        return TRUE;
    }
  return FALSE;
}

/* A set of the same name is replaced, and never unsaid. */
static void
name_changed_cb (Keep *self)
{
  g_autofree char *name = fhir_text_tidy (gtk_editable_get_text (self->name));
  gboolean taken = name != NULL && is_taken (self, name);

  adw_alert_dialog_set_response_enabled (self->dialog, "save", name != NULL);
  adw_alert_dialog_set_response_label (self->dialog, "save", taken ? _ ("_Replace") : _ ("_Save"));
  adw_alert_dialog_set_response_appearance (self->dialog, "save",
                                            taken ? ADW_RESPONSE_DESTRUCTIVE
                                                  : ADW_RESPONSE_SUGGESTED);
  gtk_widget_set_visible (self->hint, taken);
}

/* The dialog that waits for it, or NULL where it was closed meanwhile. */
static void
sets_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AdwDialog) dialog = user_data;
  Keep *self = g_object_get_data (G_OBJECT (dialog), "keep");
  GPtrArray *sets = care_order_set_list_finish (result, NULL);

  if (self == NULL || sets == NULL || gtk_widget_get_root (GTK_WIDGET (dialog)) == NULL)
    {
      g_clear_pointer (&sets, g_ptr_array_unref);
      return;
    }
  self->sets = sets;
  name_changed_cb (self);
}

static void
append_drafts (GtkWidget *box, GPtrArray *drafts)
{
  for (guint i = 0; i < drafts->len; i++)
    {
      g_autofree char *drug =
          clinical_drug_name (care_prescription_draft_get_drug_name (drafts->pdata[i]));
      g_autofree char *text = care_prescription_draft_dup_text (drafts->pdata[i], NULL);
      g_autofree char *reason = NULL, *indication = NULL;

      g_object_get (drafts->pdata[i], "reason", &reason, NULL);
      indication = reason != NULL ? g_strdup_printf (_ ("For: %s"), reason) : NULL;
      workspace_text_append (box, drug, "heading");
      workspace_text_append (box, text, NULL);
      workspace_text_append (box, indication, NULL);
    }
}

static GtkWidget *
content_new (Keep *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *list = gtk_list_box_new (),
            *name = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (name), _ ("Name of the order set"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (name), TRUE);
  adw_entry_row_set_max_length (ADW_ENTRY_ROW (name), CARE_ORDER_SET_MAX_TITLE);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), name);
  gtk_box_append (GTK_BOX (box), list);
  self->name = GTK_EDITABLE (name);
  self->hint = gtk_label_new (_ ("There is an order set of this name. It will be replaced."));
  gtk_label_set_wrap (GTK_LABEL (self->hint), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->hint), 0);
  gtk_widget_add_css_class (self->hint, "warning");
  gtk_box_append (GTK_BOX (box), self->hint);
  append_drafts (box, self->drafts);
  g_signal_connect_swapped (name, "changed", G_CALLBACK (name_changed_cb), self);
  return box;
}

/**
 * prescribe_keep_dialog_present:
 * @drafts: (element-type CarePrescriptionDraft): what care_order_set_may_save () allows is saved,
 *   and what it does not is said
 */
void
prescribe_keep_dialog_present (GtkWidget *parent, CareContext *context, GPtrArray *drafts)
{
  g_autoptr (GError) error = NULL;
  AdwDialog *dialog;
  Keep *self;

  if (!care_order_set_may_save (context, drafts, &error))
    {
      workspace_toast_say (parent, error->message);
      return;
    }
  dialog = adw_alert_dialog_new (
      _ ("Save as Order Set?"),
      _ ("Everybody who prescribes in the clinic will find it. Notes to the pharmacist stay here: "
         "they may be about this patient. Read whether anything else is."));
  self = g_new0 (Keep, 1);
  self->parent = g_object_ref (parent);
  self->context = g_object_ref (context);
  self->drafts = g_ptr_array_ref (drafts);
  self->dialog = ADW_ALERT_DIALOG (dialog);
  adw_alert_dialog_add_responses (self->dialog, "cancel", _ ("_Cancel"), "save", _ ("_Save"), NULL);
  adw_alert_dialog_set_default_response (self->dialog, "save");
  adw_alert_dialog_set_close_response (self->dialog, "cancel");
  adw_alert_dialog_set_extra_child (self->dialog, content_new (self));
  g_object_set_data_full (G_OBJECT (dialog), "keep", self, keep_free);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), self);
  name_changed_cb (self);
  care_order_set_list_async (context, sets_read_cb, g_object_ref (dialog));
  workspace_alert_present (dialog, parent);
  gtk_widget_grab_focus (GTK_WIDGET (self->name));
}
