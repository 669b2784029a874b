/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-measures-dialog.h"

#include <glib/gi18n.h>

#include "care-measured.h"
#include "fhir-date.h"
#include "visit-controller-private.h"
#include "workspace-text.h"
#include "workspace-time.h"

/* Asks the patient for measurements, and shows what they sent: a draft, of which a clinician takes
 * what is right into the record and leaves out the rest. */

struct _VisitMeasuresDialog
{
  AdwDialog parent_instance;

  VisitController *controller;
  char *shown;       /* which sets, by their ids */
  GPtrArray *groups; /* of the sets that are shown, not owned */
  GtkCheckButton *kinds[CARE_N_MEASURED];

  AdwWindowTitle *title;
  GtkBox *sets_box;
  AdwPreferencesGroup *ask_group;
  GtkWidget *ask_button;
  AdwPreferencesGroup *asked_group;
  AdwPreferencesRow *asked_row;
};

G_DEFINE_FINAL_TYPE (VisitMeasuresDialog, visit_measures_dialog, ADW_TYPE_DIALOG)

static GtkCheckButton *
add_check (AdwPreferencesGroup *group, const char *title, const char *value, gboolean active)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check = gtk_check_button_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), active);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  if (value != NULL)
    {
      GtkWidget *label = gtk_label_new (value);

      gtk_widget_add_css_class (label, "numeric");
      gtk_widget_add_css_class (label, "heading");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
    }
  adw_preferences_group_add (group, row);
  return GTK_CHECK_BUTTON (check);
}

/* ---- what was sent ---- */

/* One set, with a check for each kind that is in it. */
typedef struct
{
  VisitMeasuresDialog *dialog; /* not owned: it owns the group that owns this */
  char *id;
  GtkCheckButton *checks[CARE_N_MEASURED];
  GtkWidget *add_button;
} Draft;

static void
draft_free (gpointer data)
{
  Draft *draft = data;

  g_free (draft->id);
  g_free (draft);
}

static guint
accepted_of (Draft *draft)
{
  guint accepted = 0;

  for (guint i = 0; i < CARE_N_MEASURED; i++)
    if (draft->checks[i] != NULL && gtk_check_button_get_active (draft->checks[i]))
      accepted |= 1u << i;
  return accepted;
}

/* The dialog may have been open for long: what became of the set elsewhere is looked at. */
static void
finish (Draft *draft, guint accepted)
{
  VisitController *controller = draft->dialog->controller;
  VisitAsked *asked = visit_controller_get_asked (controller);
  guint count = asked != NULL ? visit_asked_get_n_sets (asked) : 0;

  for (guint i = 0; i < count; i++)
    if (g_strcmp0 (visit_asked_get_set (asked, i)->id, draft->id) == 0)
      {
        visit_controller_add_measured (controller, visit_asked_get_set (asked, i), accepted);
        return;
      }
}

static void
add_cb (Draft *draft)
{
  gtk_widget_set_sensitive (draft->add_button, FALSE);
  finish (draft, accepted_of (draft));
}

static void
leave_out_cb (Draft *draft)
{
  finish (draft, 0);
}

static void
check_cb (Draft *draft)
{
  gtk_widget_set_sensitive (draft->add_button, accepted_of (draft) != 0);
}

static void
add_values (Draft *draft, AdwPreferencesGroup *group, const CareVisitMessage *set)
{
  g_autoptr (GPtrArray) values = care_measured_parse (set->values, NULL);

  for (guint i = 0; values != NULL && i < values->len; i++)
    {
      const CareMeasured *one = values->pdata[i];
      g_autofree char *value = care_measured_dup_value (one);

      draft->checks[one->kind] =
          add_check (group, care_measured_kind_label (one->kind), value, TRUE);
      g_signal_connect_swapped (draft->checks[one->kind], "toggled", G_CALLBACK (check_cb), draft);
    }
}

static GtkWidget *
make_buttons (Draft *draft)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *out = gtk_button_new_with_mnemonic (_ ("_Leave All Out"));

  draft->add_button = gtk_button_new_with_mnemonic (_ ("_Add to the Record"));
  gtk_widget_add_css_class (draft->add_button, "suggested-action");
  gtk_widget_set_halign (box, GTK_ALIGN_END);
  gtk_widget_set_margin_top (box, 12);
  gtk_box_append (GTK_BOX (box), out);
  gtk_box_append (GTK_BOX (box), draft->add_button);
  g_signal_connect_swapped (out, "clicked", G_CALLBACK (leave_out_cb), draft);
  g_signal_connect_swapped (draft->add_button, "clicked", G_CALLBACK (add_cb), draft);
  return box;
}

static GtkWidget *
make_set (VisitMeasuresDialog *self, const CareVisitMessage *set)
{
  GtkWidget *group = adw_preferences_group_new ();
  Draft *draft = g_new0 (Draft, 1);
  g_autoptr (GDateTime) now =
      base_clock_dup_now (care_context_get_clock (self->controller->context));
  g_autofree char *when =
      workspace_time_of_day (fhir_date_begin (set->at), g_date_time_get_timezone (now));
  /* Translators: %s is a time of day */
  g_autofree char *title = g_strdup_printf (_ ("Sent at %s"), when);

  draft->dialog = self;
  draft->id = g_strdup (set->id);
  g_object_set_data_full (G_OBJECT (group), "draft", draft, draft_free);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_description (
      ADW_PREFERENCES_GROUP (group),
      _ ("Typed by the patient. What is added is marked as measured by the patient; what you leave "
         "out is not kept."));
  add_values (draft, ADW_PREFERENCES_GROUP (group), set);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), make_buttons (draft));
  return group;
}

static char *
ids_of (VisitAsked *asked)
{
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint i = 0; asked != NULL && i < visit_asked_get_n_sets (asked); i++)
    g_string_append_printf (ids, "%s ", visit_asked_get_set (asked, i)->id);
  return g_string_free_and_steal (g_steal_pointer (&ids));
}

/* What is checked stays so while the same sets stand. */
static void
update_sets (VisitMeasuresDialog *self, VisitAsked *asked)
{
  g_autofree char *ids = ids_of (asked);
  GtkWidget *child;

  if (!g_set_str (&self->shown, ids))
    return;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->sets_box))) != NULL)
    gtk_box_remove (self->sets_box, child);
  for (guint i = 0; asked != NULL && i < visit_asked_get_n_sets (asked); i++)
    gtk_box_append (self->sets_box, make_set (self, visit_asked_get_set (asked, i)));
  gtk_widget_set_visible (GTK_WIDGET (self->sets_box), *ids != '\0');
}

/* ---- what is asked ---- */

static guint
chosen_kinds (VisitMeasuresDialog *self)
{
  guint kinds = 0;

  for (guint i = 0; i < CARE_N_MEASURED; i++)
    if (gtk_check_button_get_active (self->kinds[i]))
      kinds |= 1u << i;
  return kinds;
}

static char *
dup_list (guint kinds)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < CARE_N_MEASURED; i++)
    if (kinds & (1u << i))
      g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "",
                              care_measured_kind_label (i));
  return g_string_free_and_steal (g_steal_pointer (&list));
}

static void
update (VisitMeasuresDialog *self)
{
  VisitAsked *asked = visit_controller_get_asked (self->controller);
  guint kinds = asked != NULL ? visit_asked_get_kinds (asked) : 0;
  g_autofree char *list = dup_list (kinds);

  update_sets (self, asked);
  gtk_widget_set_visible (GTK_WIDGET (self->asked_group), kinds != 0);
  gtk_widget_set_visible (GTK_WIDGET (self->ask_group), kinds == 0);
  gtk_widget_set_visible (self->ask_button, kinds == 0);
  gtk_widget_set_sensitive (self->ask_button, asked != NULL && chosen_kinds (self) != 0);
  adw_preferences_row_set_title (self->asked_row, list);
}

static void
ask_cb (VisitMeasuresDialog *self)
{
  VisitAsked *asked = visit_controller_get_asked (self->controller);

  if (asked == NULL)
    return;
  visit_asked_begin_measures (asked, chosen_kinds (self));
  g_signal_emit_by_name (self->controller, "notice",
                         visit_controller_get_patient_here (self->controller)
                             ? _ ("The patient’s page asks for the measurements now.")
                             : _ ("The patient’s page asks for the measurements when it is here."));
}

static void
take_back_cb (VisitMeasuresDialog *self)
{
  VisitAsked *asked = visit_controller_get_asked (self->controller);

  if (asked != NULL)
    visit_asked_end_measures (asked);
}

static void
visit_measures_dialog_dispose (GObject *object)
{
  VisitMeasuresDialog *self = VISIT_MEASURES_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), VISIT_TYPE_MEASURES_DIALOG);
  g_clear_object (&self->controller);
  g_clear_pointer (&self->shown, g_free);

  G_OBJECT_CLASS (visit_measures_dialog_parent_class)->dispose (object);
}

static void
visit_measures_dialog_class_init (VisitMeasuresDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = visit_measures_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/visit/visit-measures-dialog.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, VisitMeasuresDialog, name)
  CHILD (title);
  CHILD (sets_box);
  CHILD (ask_group);
  CHILD (ask_button);
  CHILD (asked_group);
  CHILD (asked_row);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, ask_cb);
  gtk_widget_class_bind_template_callback (widget_class, take_back_cb);
}

static void
visit_measures_dialog_init (VisitMeasuresDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
  for (guint i = 0; i < CARE_N_MEASURED; i++)
    {
      self->kinds[i] = add_check (self->ask_group, care_measured_kind_label (i), NULL, FALSE);
      g_signal_connect_swapped (self->kinds[i], "toggled", G_CALLBACK (update), self);
    }
}

/**
 * visit_measures_dialog_new:
 *
 * Returns: (transfer floating): a dialog about what @controller's patient measures
 */
VisitMeasuresDialog *
visit_measures_dialog_new (VisitController *controller)
{
  VisitMeasuresDialog *self = g_object_new (VISIT_TYPE_MEASURES_DIALOG, NULL);
  g_autofree char *name = workspace_patient_dup_name (visit_controller_get_patient (controller));

  self->controller = g_object_ref (controller);
  adw_window_title_set_subtitle (self->title, name);
  g_signal_connect_object (controller, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return self;
}
