/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-entry-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "chart-entry-form.h"
#include "chart-labels.h"
#include "workspace-alert.h"
#include "workspace-text.h"

/**
 * ChartEntryDialog:
 *
 * One problem, allergy, immunization and so on: every field (what is not recorded says so), what
 * else is recorded that no field has, notes, the versions with who changed what and why, and what
 * may become of it. Changing it is a second page of the same dialog.
 */

struct _ChartEntryDialog
{
  AdwDialog parent_instance;

  WorkspacePatient *patient;
  char *reference;
  CareEntry *entry;
  const CareEntryAct *act; /* the one under way */

  AdwNavigationView *navigation;
  AdwNavigationPage *detail_page;
  gboolean change_at_once; /* what was typed before is gone on with */
  GtkButton *change_button;
  GtkButton *undo_button;
  GtkLabel *name_label;
  GtkLabel *title_label;
  GtkLabel *state_label;
  AdwPreferencesGroup *fields_group;
  AdwPreferencesGroup *more_group;
  AdwPreferencesGroup *notes_group;
  AdwPreferencesGroup *versions_group;
  AdwWrapBox *acts_box;
};

enum
{
  SIGNAL_DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChartEntryDialog, chart_entry_dialog, ADW_TYPE_DIALOG)

static CareContext *
context_of (ChartEntryDialog *self)
{
  return workspace_session_get_context (workspace_patient_get_session (self->patient));
}

static void
show_state (ChartEntryDialog *self, const char *text, gboolean wrong)
{
  const char *classes[] = { wrong ? "error" : "warning", NULL };

  gtk_label_set_label (self->state_label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->state_label), text && *text);
  gtk_widget_set_css_classes (GTK_WIDGET (self->state_label), classes);
  if (wrong && text)
    gtk_accessible_announce (GTK_ACCESSIBLE (self->state_label), text,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
finish (ChartEntryDialog *self, const char *sentence, const char *reference)
{
  g_signal_emit (self, signals[SIGNAL_DONE], 0, sentence, reference);
  adw_dialog_force_close (ADW_DIALOG (self));
}

/* ---- acts ---- */

static void
acted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartEntryDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  const CareEntryAct *act = g_steal_pointer (&self->act);

  if (care_entry_command_finish (result, &error))
    finish (self, _ (act->done), self->reference);
  else
    show_state (self, error->message, TRUE);
}

static void
do_act (ChartEntryDialog *self, const CareEntryAct *act, const char *reason)
{
  self->act = act;
  care_entry_act_async (context_of (self), self->entry, act->name, reason, NULL, acted_cb,
                        g_object_ref (self));
}

static void
reason_changed_cb (GtkEditable *row, AdwAlertDialog *dialog)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (row)));

  adw_alert_dialog_set_response_enabled (dialog, "do", *text != '\0');
}

static void
reason_given_cb (AdwAlertDialog *dialog, const char *response, ChartEntryDialog *self)
{
  GtkEditable *row = g_object_get_data (G_OBJECT (dialog), "reason");
  const CareEntryAct *act = g_object_get_data (G_OBJECT (dialog), "act");

  if (g_str_equal (response, "do"))
    do_act (self, act, gtk_editable_get_text (row));
}

static void
ask_reason (ChartEntryDialog *self, const CareEntryAct *act)
{
  const char *label = _ (act->label);
  gsize length = strlen (label) - (g_str_has_suffix (label, "…") ? strlen ("…") : 0);
  g_autofree char *heading = g_strndup (label, length); /* the dots said that a question follows */
  AdwDialog *dialog = adw_alert_dialog_new (heading, care_entry_get_title (self->entry));
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *row = g_object_new (ADW_TYPE_ENTRY_ROW, "title", _ ("Why"), NULL);

  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), group);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "do",
                                  _ ("_Confirm"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "do",
                                            ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_response_enabled (ADW_ALERT_DIALOG (dialog), "do", FALSE);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_object_set_data (G_OBJECT (dialog), "reason", row);
  g_object_set_data (G_OBJECT (dialog), "act", (gpointer) act);
  g_signal_connect_object (row, "changed", G_CALLBACK (reason_changed_cb), dialog, 0);
  g_signal_connect_object (dialog, "response", G_CALLBACK (reason_given_cb), self, 0);
  adw_dialog_set_focus (dialog, row);
  workspace_alert_present (dialog, GTK_WIDGET (self));
}

static void
act_clicked_cb (GtkButton *button, ChartEntryDialog *self)
{
  const CareEntryAct *act = g_object_get_data (G_OBJECT (button), "act");

  if (self->act)
    return;
  if (act->needs_reason)
    ask_reason (self, act);
  else
    do_act (self, act, NULL);
}

static void
show_acts (ChartEntryDialog *self)
{
  const CareEntryAct *act;

  for (gsize i = 0; (act = care_entry_get_act (self->entry, i)); i++)
    {
      GtkWidget *button = gtk_button_new_with_label (_ (act->label));

      g_object_set_data (G_OBJECT (button), "act", (gpointer) act);
      g_signal_connect (button, "clicked", G_CALLBACK (act_clicked_cb), self);
      adw_wrap_box_append (self->acts_box, button);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->acts_box), care_entry_get_act (self->entry, 0) != NULL);
}

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartEntryDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (care_entry_command_finish (result, &error))
    finish (self, _ ("Undone"), NULL);
  else
    show_state (self, error->message, TRUE);
}

static void
undo_cb (ChartEntryDialog *self)
{
  care_entry_undo_async (context_of (self), self->reference, NULL, undone_cb, g_object_ref (self));
}

/* ---- reading ---- */

/* One stop of the keyboard, which says both. */
static void
add_line (AdwPreferencesGroup *group, const char *title, const char *words)
{
  g_autofree char *name = g_strdup_printf ("%s: %s", title, words);
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title,
                                 "subtitle", words, NULL);

  gtk_widget_add_css_class (row, "property");
  chart_labels_name (row, name);
  adw_preferences_group_add (group, row);
}

static void
show_fields (ChartEntryDialog *self)
{
  gsize n;
  const CareField *fields = care_entry_kind_get_fields (care_entry_get_kind (self->entry), &n);

  for (gsize i = 0; i < n && !care_entry_get_withheld (self->entry); i++)
    {
      const char *words = care_entry_get_words (self->entry, fields[i].name);

      add_line (self->fields_group, _ (fields[i].label), words ? words : _ ("Not recorded"));
    }
}

/* What no field of the form has: it is read here and changed where it was written. */
static void
show_more (ChartEntryDialog *self)
{
  const char *const *more = care_entry_get_more (self->entry);

  for (gsize i = 0; more && more[i]; i += 2)
    add_line (self->more_group, more[i], more[i + 1]);
  gtk_widget_set_visible (GTK_WIDGET (self->more_group), more && more[0]);
}

static void
show_notes (ChartEntryDialog *self)
{
  const char *const *notes = care_entry_get_notes (self->entry);

  for (guint i = 0; notes[i]; i++)
    {
      g_auto (GStrv) lines = g_strsplit (notes[i], "\n", -1);
      guint n = g_strv_length (lines);

      /* The last line says who and when. */
      if (n > 1)
        {
          g_autofree char *last = g_steal_pointer (&lines[n - 1]);
          g_autofree char *text = g_strjoinv ("\n", lines);

          add_line (self->notes_group, last, text);
        }
      else
        add_line (self->notes_group, _ ("Author not recorded"), notes[i]);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->notes_group), notes[0] != NULL);
}

static void
show_versions (ChartEntryDialog *self)
{
  GListModel *versions = care_entry_get_versions (self->entry);
  guint n = g_list_model_get_n_items (versions);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CareRow) version = g_list_model_get_item (versions, i);
      const char *date = care_row_get_text (version, CARE_ROW_DATE);
      const char *why = care_row_get_text (version, CARE_ROW_DETAIL);
      g_autofree char *title = g_strdup_printf ("%s, %s", date ? date : _ ("date not recorded"),
                                                care_row_get_title (version));
      g_autofree char *words =
          why ? g_strdup_printf ("%s\n“%s”", care_row_get_text (version, CARE_ROW_SUBTITLE), why)
              : g_strdup (care_row_get_text (version, CARE_ROW_SUBTITLE));

      add_line (self->versions_group, title, words);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->versions_group), n > 0);
}

/* ---- changing ---- */

static void
form_saved_cb (ChartEntryDialog *self, const char *reference)
{
  finish (self, self->entry ? _ ("Entry changed") : _ ("Entry added"), reference);
}

static AdwNavigationPage *
form_new (ChartEntryDialog *self, CareEntryKind kind)
{
  AdwNavigationPage *form = chart_entry_form_new (self->patient, kind, self->entry);

  g_signal_connect_object (form, "saved", G_CALLBACK (form_saved_cb), self, G_CONNECT_SWAPPED);
  return form;
}

static void
change_cb (ChartEntryDialog *self)
{
  if (self->entry)
    adw_navigation_view_push (self->navigation, form_new (self, care_entry_get_kind (self->entry)));
}

/* ---- reading ---- */

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartEntryDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  CareEntryState state;
  gboolean may_write;

  g_clear_object (&self->entry);
  self->entry = care_entry_load_finish (result, &error);
  if (!self->entry)
    {
      show_state (self, error->message, TRUE);
      return;
    }
  state = care_entry_get_state (self->entry);
  adw_navigation_page_set_title (self->detail_page,
                                 care_entry_kind_get_title (care_entry_get_kind (self->entry)));
  gtk_label_set_label (self->title_label, care_entry_get_title (self->entry));
  show_state (self,
              care_entry_get_withheld (self->entry) ? care_entry_get_withheld (self->entry)
              : state == CARE_ENTRY_ERROR           ? _ ("Entered in error")
              : state == CARE_ENTRY_REFUTED         ? _ ("Refuted")
              : state == CARE_ENTRY_ENDED           ? _ ("No longer active")
                                                    : NULL,
              FALSE);
  may_write = care_entry_may_write (context_of (self), care_entry_get_kind (self->entry), NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->change_button),
                          may_write && !care_entry_get_withheld (self->entry) &&
                              state != CARE_ENTRY_ERROR);
  gtk_widget_set_visible (GTK_WIDGET (self->undo_button),
                          may_write && care_entry_get_can_undo (self->entry));
  show_fields (self);
  show_more (self);
  show_notes (self);
  chart_labels_name (GTK_WIDGET (self->fields_group), care_entry_get_title (self->entry));
  chart_labels_name (GTK_WIDGET (self->more_group), _ ("Also Recorded"));
  chart_labels_name (GTK_WIDGET (self->notes_group), _ ("Notes"));
  chart_labels_name (GTK_WIDGET (self->versions_group), C_ ("versions of an entry", "History"));
  if (may_write)
    show_acts (self);
  show_versions (self);
  if (self->change_at_once && gtk_widget_get_visible (GTK_WIDGET (self->change_button)))
    change_cb (self);
  self->change_at_once = FALSE;
}

/* ---- object ---- */

/* At once, not when it has faded: whoever opens the form again finds what was typed. */
static void
chart_entry_dialog_closed (AdwDialog *dialog)
{
  ChartEntryDialog *self = CHART_ENTRY_DIALOG (dialog);
  AdwNavigationPage *page =
      self->navigation ? adw_navigation_view_get_visible_page (self->navigation) : NULL;

  if (page && CHART_IS_ENTRY_FORM (page))
    chart_entry_form_keep (CHART_ENTRY_FORM (page));
}

static void
chart_entry_dialog_dispose (GObject *object)
{
  ChartEntryDialog *self = CHART_ENTRY_DIALOG (object);

  g_clear_object (&self->entry);
  g_clear_object (&self->patient);
  g_clear_pointer (&self->reference, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), CHART_TYPE_ENTRY_DIALOG);
  G_OBJECT_CLASS (chart_entry_dialog_parent_class)->dispose (object);
}

static void
chart_entry_dialog_class_init (ChartEntryDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chart_entry_dialog_dispose;
  ADW_DIALOG_CLASS (klass)->closed = chart_entry_dialog_closed;
  signals[SIGNAL_DONE] = g_signal_new ("done", CHART_TYPE_ENTRY_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/chart/chart-entry-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ChartEntryDialog, navigation);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryDialog, detail_page);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryDialog, change_button);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryDialog, undo_button);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryDialog, name_label);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryDialog, title_label);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryDialog, state_label);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryDialog, fields_group);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryDialog, more_group);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryDialog, notes_group);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryDialog, versions_group);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryDialog, acts_box);
  gtk_widget_class_bind_template_callback (widget_class, change_cb);
  gtk_widget_class_bind_template_callback (widget_class, undo_cb);
}

static void
chart_entry_dialog_init (ChartEntryDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

static ChartEntryDialog *
dialog_new (WorkspacePatient *patient)
{
  ChartEntryDialog *self = g_object_new (CHART_TYPE_ENTRY_DIALOG, NULL);
  g_autofree char *name = workspace_patient_dup_name (patient);

  self->patient = g_object_ref (patient);
  gtk_label_set_label (self->name_label, name);
  return self;
}

/* (transfer floating): shows one entry. */
AdwDialog *
chart_entry_dialog_new (WorkspacePatient *patient, const char *reference)
{
  ChartEntryDialog *self = dialog_new (patient);

  self->reference = g_strdup (reference);
  care_entry_load_async (context_of (self), reference, NULL, loaded_cb, g_object_ref (self));
  return ADW_DIALOG (self);
}

/* (transfer floating): the form of an entry, once it was read, with what was typed in it. */
AdwDialog *
chart_entry_dialog_new_change (WorkspacePatient *patient, const char *reference)
{
  AdwDialog *self = chart_entry_dialog_new (patient, reference);

  CHART_ENTRY_DIALOG (self)->change_at_once = TRUE;
  return self;
}

/* (transfer floating): the form of a new entry. */
AdwDialog *
chart_entry_dialog_new_add (WorkspacePatient *patient, CareEntryKind kind)
{
  ChartEntryDialog *self = dialog_new (patient);
  AdwNavigationPage *form = form_new (self, kind);

  adw_navigation_view_replace (self->navigation, &form, 1);
  return ADW_DIALOG (self);
}
