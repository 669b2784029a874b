/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-medicines-page.h"

#include <glib/gi18n.h>

#include "care-medicines.h"
#include "care-reconcile.h"
#include "chart-medicine-row.h"
#include "chart-reconcile-dialog.h"
#include "chart-stop-dialog.h"
#include "workspace-alert.h"
#include "workspace-line-layout.h"
#include "workspace-list-top.h"
#include "workspace-list.h"
#include "workspace-toast.h"

/**
 * ChartMedicinesPage:
 *
 * Medicines by state, never mixed, each line whole: it wraps and is never cut. A medicine of which
 * two sources speak is one row with both, and what differs is said (see ChartMedicineRow). They are
 * read when the page is seen, with the ingredients of the formulary.
 */

struct _ChartMedicinesPage
{
  WorkspaceChartPage parent_instance;

  CareMedicines *medicines;
  GtkSingleSelection *selection;
  GCancellable *reading;
  char *target; /* to be selected when the list has come */

  AdwToastOverlay *toasts;
  GtkLabel *note_label;
  GtkLabel *reconciled_label;
  GtkButton *immunizations_button; /* they belong to another page */
  GtkLabel *conflicts_label;
  GtkLabel *absence_label;
  GtkWidget *absence_box, *absent_button;
  GtkWidget *none_button;
  GtkWidget *reconcile_button;
  GtkStack *stack;
  GtkListView *view;
  AdwStatusPage *absent_page;
};

G_DEFINE_FINAL_TYPE (ChartMedicinesPage, chart_medicines_page, WORKSPACE_TYPE_CHART_PAGE)

static const char *const headings[CARE_N_MEDICINE_STATES] = {
  [CARE_MEDICINE_ACTIVE] = N_ ("Active"),
  [CARE_MEDICINE_ON_HOLD] = N_ ("Suspended"),
  [CARE_MEDICINE_UNKNOWN] = N_ ("Status Not Known"),
  [CARE_MEDICINE_DRAFT] = N_ ("Drafts"),
  [CARE_MEDICINE_FORBIDDEN] = N_ ("Not to Be Given"),
  [CARE_MEDICINE_SUPPLIED] = N_ ("Supplied, Not Ordered or Reported Here"),
  [CARE_MEDICINE_NOT_TAKEN] = N_ ("Not Taken"),
  [CARE_MEDICINE_STOPPED] = N_ ("Stopped"),
  [CARE_MEDICINE_COMPLETED] = N_ ("Completed"),
  [CARE_MEDICINE_WITHHELD] = N_ ("Entries That Cannot Be Shown"),
};

static WorkspacePatient *
patient_of (ChartMedicinesPage *self)
{
  return workspace_chart_page_get_patient (WORKSPACE_CHART_PAGE (self));
}

static CareContext *
context_of (ChartMedicinesPage *self)
{
  return workspace_session_get_context (workspace_patient_get_session (patient_of (self)));
}

static ClinicalContent *
content_of (ChartMedicinesPage *self)
{
  StoreContent *content =
      workspace_session_get_content (workspace_patient_get_session (patient_of (self)));

  return content ? CLINICAL_CONTENT (content) : NULL;
}

/* ---- the list ---- */

static void
setup_cb (ChartMedicinesPage *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, chart_medicine_row_new ());
}

static void
bind_cb (ChartMedicinesPage *self, GtkListItem *item)
{
  CareMedicine *medicine = gtk_list_item_get_item (item);
  g_autofree char *words = care_medicine_dup_words (medicine);

  chart_medicine_row_set_medicine (CHART_MEDICINE_ROW (gtk_list_item_get_child (item)), medicine);
  chart_medicine_row_offer_stop (CHART_MEDICINE_ROW (gtk_list_item_get_child (item)), medicine);
  gtk_list_item_set_accessible_label (item, words);
}

static void
setup_header_cb (ChartMedicinesPage *self, GtkListHeader *header)
{
  workspace_list_add_title (header);
}

static void
bind_header_cb (ChartMedicinesPage *self, GtkListHeader *header)
{
  CareMedicine *first = gtk_list_header_get_item (header);
  g_autofree char *text = g_strdup_printf ("%s · %u", _ (headings[care_medicine_get_state (first)]),
                                           gtk_list_header_get_n_items (header));

  gtk_label_set_label (GTK_LABEL (gtk_list_header_get_child (header)), text);
}

static int
compare_states (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return (int) care_medicine_get_state ((CareMedicine *) a) -
         (int) care_medicine_get_state ((CareMedicine *) b);
}

static gboolean
select_reference (ChartMedicinesPage *self, const char *reference)
{
  GListModel *rows = G_LIST_MODEL (self->selection);

  for (guint i = 0; rows && i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareMedicine) medicine = g_list_model_get_item (rows, i);

      if (care_medicine_has_reference (medicine, reference))
        {
          gtk_list_view_scroll_to (self->view, i, GTK_LIST_SCROLL_SELECT, NULL);
          return TRUE;
        }
    }
  return FALSE;
}

static void
show_rows (ChartMedicinesPage *self)
{
  CareMedicine *before =
      self->selection ? gtk_single_selection_get_selected_item (self->selection) : NULL;
  g_autofree char *reference =
      before ? g_strdup (care_medicine_get_side (before, 0)->reference) : NULL;
  GListModel *rows = care_medicines_get_rows (self->medicines);
  GtkSortListModel *sorted = gtk_sort_list_model_new (g_object_ref (rows), NULL);
  g_autoptr (GtkSorter) sections = GTK_SORTER (gtk_custom_sorter_new (compare_states, NULL, NULL));

  gtk_sort_list_model_set_section_sorter (sorted, sections);
  g_clear_object (&self->selection);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (sorted));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  gtk_stack_set_visible_child_name (self->stack,
                                    g_list_model_get_n_items (rows) > 0 ? "rows" : "absent");
  if (reference)
    select_reference (self, reference);
  else if (!self->target)
    workspace_list_top_show (self->view);
}

static void
show_conflicts (ChartMedicinesPage *self)
{
  guint n = care_medicines_get_n_conflicts (self->medicines);
  g_autofree char *text = g_strdup_printf (ngettext ("≠ Sources differ on %u medicine",
                                                     "≠ Sources differ on %u medicines", n),
                                           n);

  workspace_chart_page_show_note (self->conflicts_label, n > 0 ? text : NULL);
}

static gboolean
has_current (ChartMedicinesPage *self)
{
  GListModel *rows = care_medicines_get_rows (self->medicines);

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareMedicine) row = g_list_model_get_item (rows, i);

      if (care_medicine_is_current (row))
        return TRUE;
    }
  return FALSE;
}

/* That there is none stands once: above what else is listed, or in its place. */
static void
show_absence (ChartMedicinesPage *self)
{
  const char *absence = care_medicines_get_absence (self->medicines);
  gboolean empty = g_list_model_get_n_items (care_medicines_get_rows (self->medicines)) == 0;
  gboolean recorded = care_medicines_is_recorded (self->medicines);
  gboolean may_say = !has_current (self) && care_reconcile_may_say_none (self->medicines, NULL);
  g_autofree char *why = recorded && absence ? g_markup_escape_text (absence, -1) : NULL;

  gtk_label_set_label (self->absence_label, absence ? absence : "");
  gtk_widget_set_visible (self->absence_box, absence && !empty);
  gtk_widget_set_visible (self->none_button, may_say);
  adw_status_page_set_title (self->absent_page,
                             recorded ? _ ("No Medicines Taken") : _ ("No Medicines Recorded"));
  adw_status_page_set_description (self->absent_page, why);
  gtk_widget_set_visible (self->absent_button, may_say);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartMedicinesPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CareMedicines) medicines = care_medicines_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !self->view)
    return;
  if (!medicines)
    {
      gtk_stack_set_visible_child_name (self->stack, "absent");
      adw_status_page_set_title (self->absent_page, error->message);
      adw_status_page_set_description (self->absent_page, NULL);
      gtk_widget_set_visible (self->absent_button, FALSE);
      return;
    }
  g_set_object (&self->medicines, medicines);
  gtk_label_set_label (self->reconciled_label, care_medicines_get_reconciled (medicines));
  gtk_widget_set_visible (self->reconcile_button, has_current (self));
  show_absence (self);
  show_conflicts (self);
  show_rows (self);
  if (self->target)
    select_reference (self, self->target);
  g_clear_pointer (&self->target, g_free);
}

static void
chart_medicines_page_show (WorkspaceChartPage *page, CareSummary *summary)
{
  ChartMedicinesPage *self = CHART_MEDICINES_PAGE (page);
  guint n_immunizations =
      g_list_model_get_n_items (care_summary_get_list (summary, CARE_LIST_IMMUNIZATIONS));
  g_autofree char *label =
      g_strdup_printf (ngettext ("%u immunization stands in History",
                                 "%u immunizations stand in History", n_immunizations),
                       n_immunizations);

  gtk_button_set_label (self->immunizations_button, label);
  gtk_label_set_wrap (GTK_LABEL (gtk_button_get_child (self->immunizations_button)), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->immunizations_button), n_immunizations > 0);
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  care_medicines_load_async (context_of (self), workspace_patient_get_id (patient_of (self)),
                             content_of (self), self->reading, loaded_cb, g_object_ref (self));
}

static void
chart_medicines_page_show_as_of (WorkspaceChartPage *page, const char *as_of)
{
  workspace_chart_page_show_note (CHART_MEDICINES_PAGE (page)->note_label, as_of);
}

static gboolean
chart_medicines_page_show_target (WorkspacePage *page, const char *reference)
{
  ChartMedicinesPage *self = CHART_MEDICINES_PAGE (page);

  if (!select_reference (self, reference))
    g_set_str (&self->target, reference); /* the list is on its way */
  return TRUE;
}

/* ---- going through it ---- */

static void
add_toast (ChartMedicinesPage *self, const char *sentence, const char *undo_reference)
{
  workspace_toast_add (self->toasts, sentence, "medicines.undo", undo_reference);
}

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartMedicinesPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (care_reconcile_command_finish (result, &error))
    add_toast (self, _ ("Undone. Your answers are kept"), NULL);
  else
    add_toast (self, error->message, NULL);
}

static void
undo (GtkWidget *widget, const char *action, GVariant *target)
{
  ChartMedicinesPage *self = CHART_MEDICINES_PAGE (widget);

  care_reconcile_undo_async (context_of (self), g_variant_get_string (target, NULL), undone_cb,
                             g_object_ref (self));
}

static void
none_signed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartMedicinesPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *reference = care_reconcile_sign_finish (result, &error);

  add_toast (self, reference ? _ ("Recorded that none is known") : error->message, reference);
}

/* "None known" is said by a person and has their name on it; an empty list does not say it. */
static void
record_none (GtkWidget *widget, const char *action, GVariant *target)
{
  ChartMedicinesPage *self = CHART_MEDICINES_PAGE (widget);

  care_reconcile_sign_async (context_of (self), workspace_patient_get_id (patient_of (self)), "",
                             content_of (self), none_signed_cb, g_object_ref (self));
}

static void
signed_cb (ChartMedicinesPage *self, const char *reference)
{
  add_toast (self, _ ("Medicines reconciled"), reference);
}

static void
reconcile (GtkWidget *widget, const char *action, GVariant *target)
{
  ChartMedicinesPage *self = CHART_MEDICINES_PAGE (widget);
  g_autoptr (GError) error = NULL;
  AdwDialog *dialog;

  if (!self->medicines)
    return;
  if (!care_reconcile_may_act (context_of (self), NULL, CARE_RECONCILE_OPEN, &error))
    {
      add_toast (self, error->message, NULL);
      return;
    }
  dialog = chart_reconcile_dialog_new (patient_of (self));
  g_signal_connect_object (dialog, "signed", G_CALLBACK (signed_cb), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

/* ---- stopping one ---- */

static void
stop_undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartMedicinesPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!self->toasts)
    return;
  add_toast (self,
             care_medicine_stop_undo_finish (result, &error) ? _ ("Undone. Nothing was stopped")
                                                             : error->message,
             NULL);
}

static void
undo_stop (GtkWidget *widget, const char *action, GVariant *target)
{
  ChartMedicinesPage *self = CHART_MEDICINES_PAGE (widget);

  care_medicine_stop_undo_async (context_of (self), g_variant_get_string (target, NULL),
                                 stop_undone_cb, g_object_ref (self));
}

static void
stopped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartMedicinesPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *reference = care_medicine_stop_finish (result, &error);

  if (!self->toasts)
    return;
  if (reference)
    workspace_toast_add (self->toasts, _ ("Stopped. It leaves in ten seconds"),
                         "medicines.undo-stop", reference);
  else
    add_toast (self, error->message, NULL);
}

static void
stop_response_cb (AdwDialog *dialog, const char *response, ChartMedicinesPage *self)
{
  g_autofree char *reason = chart_stop_dialog_dup_reason (dialog);

  if (g_str_equal (response, "stop"))
    care_medicine_stop_async (context_of (self), workspace_patient_get_id (patient_of (self)),
                              g_object_get_data (G_OBJECT (dialog), "reference"), reason,
                              content_of (self), stopped_cb, g_object_ref (self));
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartMedicinesPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CareMedicineStop) stop = care_medicine_stop_look_finish (result, &error);
  AdwDialog *dialog;

  if (!self->toasts || !gtk_widget_get_root (GTK_WIDGET (self)))
    return;
  if (!stop)
    {
      add_toast (self, error->message, NULL);
      return;
    }
  dialog = chart_stop_dialog_new (patient_of (self), stop);
  g_object_set_data_full (G_OBJECT (dialog), "reference", g_strdup (stop->reference), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (stop_response_cb), self, 0);
  /* an alert is as narrow as its buttons; this one is read line by line */
  if (gtk_widget_get_width (GTK_WIDGET (self)) > 640)
    gtk_widget_set_size_request (adw_alert_dialog_get_extra_child (ADW_ALERT_DIALOG (dialog)), 420,
                                 -1);
  workspace_alert_present (dialog, GTK_WIDGET (self));
}

/* What a pharmacy has is read when it is asked, not when the list was. */
static void
stop (GtkWidget *widget, const char *action, GVariant *target)
{
  ChartMedicinesPage *self = CHART_MEDICINES_PAGE (widget);

  care_medicine_stop_look_async (context_of (self), workspace_patient_get_id (patient_of (self)),
                                 g_variant_get_string (target, NULL), content_of (self), NULL,
                                 looked_cb, g_object_ref (self));
}

static void
chart_medicines_page_dispose (GObject *object)
{
  ChartMedicinesPage *self = CHART_MEDICINES_PAGE (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->target, g_free);
  adw_bin_set_child (ADW_BIN (self), NULL); /* it must not keep what the template frees */
  gtk_widget_dispose_template (GTK_WIDGET (object), CHART_TYPE_MEDICINES_PAGE);
  g_clear_object (&self->selection);
  g_clear_object (&self->medicines);
  G_OBJECT_CLASS (chart_medicines_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *klass)
{
  gtk_widget_class_set_template_from_resource (
      klass, "/health/bedside/features/chart/chart-medicines-page.ui");
  gtk_widget_class_bind_template_child (klass, ChartMedicinesPage, toasts);
  gtk_widget_class_bind_template_child (klass, ChartMedicinesPage, note_label);
  gtk_widget_class_bind_template_child (klass, ChartMedicinesPage, reconciled_label);
  gtk_widget_class_bind_template_child (klass, ChartMedicinesPage, immunizations_button);
  gtk_widget_class_bind_template_child (klass, ChartMedicinesPage, conflicts_label);
  gtk_widget_class_bind_template_child (klass, ChartMedicinesPage, absence_label);
  gtk_widget_class_bind_template_child (klass, ChartMedicinesPage, absence_box);
  gtk_widget_class_bind_template_child (klass, ChartMedicinesPage, absent_button);
  gtk_widget_class_bind_template_child (klass, ChartMedicinesPage, none_button);
  gtk_widget_class_bind_template_child (klass, ChartMedicinesPage, reconcile_button);
  gtk_widget_class_bind_template_child (klass, ChartMedicinesPage, stack);
  gtk_widget_class_bind_template_child (klass, ChartMedicinesPage, view);
  gtk_widget_class_bind_template_child (klass, ChartMedicinesPage, absent_page);
  gtk_widget_class_bind_template_callback (klass, setup_cb);
  gtk_widget_class_bind_template_callback (klass, bind_cb);
  gtk_widget_class_bind_template_callback (klass, setup_header_cb);
  gtk_widget_class_bind_template_callback (klass, bind_header_cb);
}

static void
chart_medicines_page_class_init (ChartMedicinesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_LINE_LAYOUT);
  G_OBJECT_CLASS (klass)->dispose = chart_medicines_page_dispose;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show = chart_medicines_page_show;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show_as_of = chart_medicines_page_show_as_of;
  WORKSPACE_PAGE_CLASS (klass)->show_target = chart_medicines_page_show_target;
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "medicines.reconcile", NULL, reconcile);
  gtk_widget_class_install_action (widget_class, "medicines.none-known", NULL, record_none);
  gtk_widget_class_install_action (widget_class, "medicines.undo", "s", undo);
  gtk_widget_class_install_action (widget_class, "medicines.stop", "s", stop);
  gtk_widget_class_install_action (widget_class, "medicines.undo-stop", "s", undo_stop);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_r, GDK_ALT_MASK, "medicines.reconcile",
                                       NULL);
}

static void
chart_medicines_page_init (ChartMedicinesPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
