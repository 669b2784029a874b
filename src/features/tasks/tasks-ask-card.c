/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks-ask-card.h"

#include <glib/gi18n.h>

#include "workspace-finding-row.h"
#include "workspace-text.h"

/* Patient, drug, dose and what the checks say of it, who asks and in which words. What the checks
 * interrupt for is answered on the card before it can be taken together with others; what cannot be
 * approved says what to do instead. */

struct _TasksAskCard
{
  AdwBin parent_instance;

  char *task_id, *seen;
  gboolean can_approve;
  GPtrArray *findings; /* rows that need an answer */
  GtkCheckButton *check;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TasksAskCard, tasks_ask_card, ADW_TYPE_BIN)

/* Ready to be approved: nothing stands in the way but the tick. */
static gboolean
is_answered (TasksAskCard *self)
{
  for (guint i = 0; i < self->findings->len; i++)
    if (!workspace_finding_row_is_answered (self->findings->pdata[i]))
      return FALSE;
  return self->can_approve;
}

/* A tick that is there before anything was read is for what has nothing to be read: a renewal of
 * which every check has answered that it found nothing. */
static gboolean
is_plain (const CareSupplyAsk *ask)
{
  /* a controlled drug is signed when its prescriber says so: 21 CFR 1311.140 (a) (2) */
  if (ask->controlled && ask->controlled->state == CLINICAL_CONTROLLED)
    return FALSE;
  for (guint i = 0; ask->findings && i < ask->findings->len; i++)
    if (((ClinicalFinding *) ask->findings->pdata[i])->answer != CLINICAL_NOT_FOUND)
      return FALSE;
  return ask->is_renewal && !ask->problem;
}

static void
emit_changed (TasksAskCard *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* A reason that was typed makes it one of those that are approved; without it, it is none. */
static void
reason_cb (TasksAskCard *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->check), is_answered (self));
  gtk_check_button_set_active (self->check, is_answered (self));
  emit_changed (self);
}

static void
add_text_row (GtkWidget *list, const char *text, const char *css_class)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  if (!text || !*text)
    return;
  workspace_text_append (box, text, css_class);
  g_object_set (box, "margin-start", 12, "margin-end", 12, "margin-top", 8, "margin-bottom", 8,
                NULL);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
}

static char *
dup_name (const CareSupplyAsk *ask)
{
  if (!ask->patient)
    return g_strdup (_ ("A patient who is not on this computer yet"));
  /* Translators: a person: "SMITH, Jane · born 12-Mar-1961" */
  return ask->born ? g_strdup_printf (_ ("%s · born %s"), ask->patient, ask->born)
                   : g_strdup (ask->patient);
}

static void
add_order (TasksAskCard *self, GtkWidget *list, const CareSupplyAsk *ask)
{
  g_autofree char *name = dup_name (ask);
  const char *medicine = ask->medicine ? ask->medicine : _ ("A prescription");
  g_autofree char *spoken = g_strdup_printf (_ ("Approve for %s: %s"), name, medicine);
  g_autofree char *subtitle =
      ask->supply ? g_strdup_printf ("%s\n%s", ask->dosage ? ask->dosage : "", ask->supply) : NULL;
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", medicine,
                                 "subtitle-lines", 0, "title-lines", 0, NULL);

  self->check = GTK_CHECK_BUTTON (gtk_check_button_new ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken, -1);
  g_signal_connect_object (self->check, "toggled", G_CALLBACK (emit_changed), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle ? subtitle : "");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), GTK_WIDGET (self->check));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), GTK_WIDGET (self->check));
  gtk_list_box_append (GTK_LIST_BOX (list), row);
}

static void
add_asked (GtkWidget *list, const CareSupplyAsk *ask)
{
  GtkWidget *row =
      g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", ask->from, "subtitle-lines",
                    0, "title-lines", 0, "activatable", FALSE, "focusable", FALSE, NULL);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), ask->words ? ask->words : "");
  gtk_list_box_append (GTK_LIST_BOX (list), row);
}

/* What was found and what was not checked, each; what found nothing, by number. */
static void
add_findings (TasksAskCard *self, GtkWidget *list, const CareSupplyAsk *ask)
{
  guint n_clear = 0;
  g_autofree char *clear = NULL;

  for (guint i = 0; ask->findings && i < ask->findings->len; i++)
    {
      const ClinicalFinding *finding = ask->findings->pdata[i];
      GtkWidget *row;

      if (finding->answer == CLINICAL_NOT_FOUND)
        {
          n_clear++;
          continue;
        }
      row = workspace_finding_row_new (finding, NULL, G_CALLBACK (reason_cb), self);
      gtk_list_box_append (GTK_LIST_BOX (list), row);
      if (clinical_finding_needs_reason (finding))
        g_ptr_array_add (self->findings, row);
    }
  clear = g_strdup_printf (ngettext ("%u check found nothing", "%u checks found nothing", n_clear),
                           n_clear);
  add_text_row (list, n_clear > 0 ? clear : NULL, "dimmed");
}

static GtkWidget *
button_new (const char *label, const char *spoken, const char *action, const char *task_id)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", task_id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  /* a button is labelled by its child, which would stand before the name that is set here */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  gtk_widget_add_css_class (button, "small-button");
  return button;
}

static void
add_buttons (GtkWidget *box, const CareSupplyAsk *ask, gboolean may_answer)
{
  GtkWidget *buttons = adw_wrap_box_new ();
  g_autofree char *name = dup_name (ask);
  g_autofree char *refuse = g_strdup_printf (_ ("Refuse for %s"), name);
  g_autofree char *anew = g_strdup_printf (_ ("Refuse, and write another for %s"), name);
  g_autofree char *open = g_strdup_printf (_ ("Open the chart of %s"), name);

  adw_wrap_box_set_child_spacing (ADW_WRAP_BOX (buttons), 8);
  adw_wrap_box_set_line_spacing (ADW_WRAP_BOX (buttons), 6);
  if (may_answer)
    adw_wrap_box_append (ADW_WRAP_BOX (buttons),
                         button_new (_ ("Refuse…"), refuse, "ask.refuse", ask->task_id));
  if (may_answer && ask->medicine)
    adw_wrap_box_append (ADW_WRAP_BOX (buttons),
                         button_new (_ ("Write Anew…"), anew, "ask.change", ask->task_id));
  if (ask->patient_id)
    adw_wrap_box_append (ADW_WRAP_BOX (buttons),
                         button_new (_ ("Open Chart"), open, "ask.open", ask->task_id));
  gtk_box_append (GTK_BOX (box), buttons);
}

/* ---- the object ---- */

static void
tasks_ask_card_finalize (GObject *object)
{
  TasksAskCard *self = TASKS_ASK_CARD (object);

  g_free (self->task_id);
  g_free (self->seen);
  g_ptr_array_unref (self->findings);
  G_OBJECT_CLASS (tasks_ask_card_parent_class)->finalize (object);
}

static void
tasks_ask_card_class_init (TasksAskCardClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tasks_ask_card_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", TASKS_TYPE_ASK_CARD, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tasks_ask_card_init (TasksAskCard *self)
{
  self->findings = g_ptr_array_new ();
}

/**
 * tasks_ask_card_new:
 * @may_answer: whether who looks is one who may approve
 *
 * Returns: (transfer floating): with a tick where there is nothing to be read
 */
GtkWidget *
tasks_ask_card_new (const CareSupplyAsk *ask, gboolean may_answer)
{
  TasksAskCard *self = g_object_new (TASKS_TYPE_ASK_CARD, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *list = gtk_list_box_new ();
  g_autofree char *name = dup_name (ask);

  self->task_id = g_strdup (ask->task_id);
  self->seen = g_strdup (ask->seen);
  self->can_approve = may_answer && !ask->problem;
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  workspace_text_append (box, name, "heading");
  gtk_box_append (GTK_BOX (box), list);
  add_order (self, list, ask);
  add_asked (list, ask);
  if (ask->controlled)
    add_text_row (list, ask->controlled->sentence,
                  ask->controlled->state == CLINICAL_CONTROLLED_NOT_LISTED ? "dimmed" : "warning");
  add_findings (self, list, ask);
  add_text_row (list, ask->problem, "error");
  add_text_row (list, ask->problem ? NULL : ask->what, "dimmed");
  add_buttons (box, ask, may_answer);
  gtk_widget_set_sensitive (GTK_WIDGET (self->check), is_answered (self));
  gtk_check_button_set_active (self->check, may_answer && is_plain (ask));
  adw_bin_set_child (ADW_BIN (self), box);
  return GTK_WIDGET (self);
}

const char *
tasks_ask_card_get_task_id (TasksAskCard *self)
{
  return self->task_id;
}

/* Whether it is among those that are approved. */
gboolean
tasks_ask_card_is_taken (TasksAskCard *self)
{
  return gtk_check_button_get_active (self->check) && is_answered (self);
}

/* (transfer full): as it was read, with the reasons that were given */
CareSupplyApproval *
tasks_ask_card_dup_approval (TasksAskCard *self)
{
  CareSupplyApproval *approval = g_new0 (CareSupplyApproval, 1);

  approval->task_id = g_strdup (self->task_id);
  approval->seen = g_strdup (self->seen);
  approval->reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < self->findings->len; i++)
    {
      GtkWidget *row = self->findings->pdata[i];
      char *reason = workspace_finding_row_dup_reason (row);

      if (reason)
        g_hash_table_insert (approval->reasons, g_strdup (workspace_finding_row_get_key (row)),
                             reason);
    }
  return approval;
}
