/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-view.h"

#include <glib/gi18n.h>

#include "care-prescription-group.h"
#include "prescribe-desk.h"
#include "prescribe-drafts.h"
#include "prescribe-form.h"
#include "prescribe-group.h"
#include "prescribe-hand-over.h"
#include "prescribe-keep-dialog.h"
#include "prescribe-list.h"
#include "prescribe-search.h"
#include "prescribe-sheet.h"
#include "prescribe-signing.h"
#include "prescribe-take-set.h"
#include "prescribe-undo.h"
#include "workspace-link.h"
#include "workspace-toast.h"

/* The prescription pane: what was signed and where it is, the drug search, and the form. It moves
 * from one to the next, and signs, all that is written here at once. What is written in a note is
 * written there alone, until it is asked for here. */

struct _PrescribeView
{
  AdwBin parent_instance;

  WorkspacePatient *patient;
  CareContext *context;
  StoreContent *content;
  PrescribeDesk *desk;
  PrescribeSheet *sheet; /* (nullable): of those on the desk, the one in the form */
  GSimpleActionGroup *actions;
  gboolean adding; /* what is chosen in the search is one more */

  GtkStack *stack;
  PrescribeDrafts *drafts;
  GtkLabel *notice_label;
  PrescribeList *list;
  PrescribeSearch *search;
  PrescribeForm *form;
};

G_DEFINE_FINAL_TYPE (PrescribeView, prescribe_view, ADW_TYPE_BIN)

/* ---- from one page to the next ---- */

static void
set_enabled (PrescribeView *self, const char *action, gboolean enabled)
{
  GAction *found = g_action_map_lookup_action (G_ACTION_MAP (self->actions), action);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (found), enabled);
}

static void
ready_cb (PrescribeView *self)
{
  set_enabled (self, "prescribe-sign", prescribe_form_is_ready (self->form));
}

static GPtrArray *
dup_sheets (PrescribeView *self)
{
  return prescribe_desk_dup_sheets_at (self->desk, self);
}

/* What was not taken over of an order set stands above the form until something else is done. */
static void
show_notice (PrescribeView *self, const char *text)
{
  gtk_label_set_label (self->notice_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->notice_label), text != NULL);
  if (text != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), text,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
update_actions (PrescribeView *self)
{
  set_enabled (self, "prescribe-keep", self->sheet != NULL);
  set_enabled (self, "prescribe-next", prescribe_desk_get_sheets (self->desk)->len > 1);
}

/* @sheet: (nullable): to be in the form */
static void
open_sheet (PrescribeView *self, PrescribeSheet *sheet)
{
  g_set_object (&self->sheet, sheet);
  prescribe_form_set_sheet (self->form, sheet);
  if (sheet != NULL)
    {
      prescribe_form_fill (self->form);
      prescribe_desk_put (self->desk, sheet, self);
    }
  update_actions (self);
}

static PrescribeSheet *
sheet_of (PrescribeView *self, CarePrescriptionDraft *draft)
{
  PrescribeSheet *sheet = prescribe_desk_find (self->desk, care_prescription_draft_get_id (draft));

  return sheet != NULL ? g_object_ref (sheet)
                       : prescribe_sheet_new (self->context, self->content, draft);
}

static void
show_sheet (PrescribeView *self)
{
  CarePrescriptionDraft *draft = prescribe_sheet_get_draft (self->sheet);

  gtk_stack_set_visible_child_name (self->stack,
                                    care_prescription_draft_get_drug_code (draft) != NULL
                                        ? "form"
                                        : "search");
}

/* Goes on here with what is written in a note, or was left there. */
static void
adopt (PrescribeView *self)
{
  PrescribeSheet *sheet = prescribe_desk_get_sheet (self->desk);

  if (sheet == NULL || sheet == self->sheet || prescribe_sheet_is_signing (sheet))
    return;
  open_sheet (self, sheet);
  show_sheet (self);
}

/* It went to a note, which signs it; or a note let go of one. */
static void
moved_cb (PrescribeView *self)
{
  g_autoptr (GPtrArray) left = NULL;

  if (self->sheet != NULL && !prescribe_desk_is_at (self->desk, self->sheet, self))
    {
      open_sheet (self, NULL);
      gtk_stack_set_visible_child_name (self->stack, "list");
    }
  left = prescribe_desk_dup_sheets_at (self->desk, NULL);
  if (left->len > 0)
    {
      open_sheet (self, left->pdata[0]);
      show_sheet (self);
    }
  update_actions (self);
}

static void
show_search (PrescribeView *self)
{
  gtk_stack_set_visible_child_name (self->stack, "search");
  prescribe_search_start (self->search);
}

static void
show_form (PrescribeView *self)
{
  gtk_stack_set_visible_child_name (self->stack, "form");
  prescribe_form_start (self->form);
}

static void
new_cb (PrescribeView *self)
{
  g_autoptr (GPtrArray) sheets = dup_sheets (self);

  self->adding = FALSE;
  if (self->sheet == NULL && sheets->len > 0)
    open_sheet (self, prescribe_group_next (sheets, self->sheet));
  if (self->sheet == NULL)
    adopt (self);
  if (self->sheet != NULL)
    gtk_stack_set_visible_child_name (self->stack, "form");
  else
    show_search (self);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show", "s", "prescribe");
}

static gboolean
may_add (PrescribeView *self, guint n)
{
  g_autoptr (GPtrArray) sheets = dup_sheets (self);
  g_autofree char *sentence = NULL;

  if (sheets->len + n <= CARE_GROUP_MAX)
    return TRUE;
  sentence = g_strdup_printf (ngettext ("%d prescription can be written at once at most.",
                                        "%d prescriptions can be written at once at most.",
                                        CARE_GROUP_MAX),
                              CARE_GROUP_MAX);
  show_notice (self, sentence);
  return FALSE;
}

/* One more, beside what is in the form. */
static void
add_cb (PrescribeView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show", "s", "prescribe");
  if (!may_add (self, 1))
    return;
  self->adding = TRUE;
  prescribe_search_clear (self->search);
  show_search (self);
}

static void
sets_cb (PrescribeView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show", "s", "prescribe");
  self->adding = TRUE;
  gtk_stack_set_visible_child_name (self->stack, "search");
  prescribe_search_start_sets (self->search);
}

static void
draft_chosen_cb (PrescribeView *self, PrescribeSheet *sheet)
{
  g_autofree char *drug = prescribe_sheet_dup_drug (sheet);

  show_notice (self, NULL);
  open_sheet (self, sheet);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), drug,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
  if (care_prescription_draft_get_drug_code (prescribe_sheet_get_draft (sheet)) != NULL)
    show_form (self);
  else
    show_search (self);
}

static void
next_cb (PrescribeView *self)
{
  g_autoptr (GPtrArray) sheets = dup_sheets (self);
  PrescribeSheet *sheet = prescribe_group_next (sheets, self->sheet);

  if (sheet != NULL && sheet != self->sheet)
    draft_chosen_cb (self, sheet);
}

static void
show_rest (PrescribeView *self)
{
  g_autoptr (GPtrArray) sheets = dup_sheets (self);

  self->adding = FALSE;
  show_notice (self, NULL);
  if (sheets->len > 0)
    {
      open_sheet (self, prescribe_group_next (sheets, self->sheet));
      show_sheet (self);
    }
  else
    gtk_stack_set_visible_child_name (self->stack, "list");
}

static void
chosen_cb (PrescribeView *self, const StoreDrug *drug)
{
  if (self->sheet == NULL || self->adding)
    {
      g_autoptr (CarePrescriptionDraft) draft = prescribe_draft_new (self->patient, 0);
      g_autoptr (PrescribeSheet) sheet = sheet_of (self, draft);

      open_sheet (self, sheet);
    }
  self->adding = FALSE;
  show_notice (self, NULL);
  prescribe_sheet_choose_drug (self->sheet, drug);
  prescribe_form_fill (self->form);
  prescribe_search_clear (self->search);
  show_form (self);
}

/* Each drug of the set is a draft of its own; the first is shown, and the others wait to be. */
static void
set_chosen_cb (PrescribeView *self, const CareOrderSet *set)
{
  g_autofree char *notice = NULL;
  PrescribeSheet *first;

  if (!may_add (self, set->items->len))
    return;
  self->adding = FALSE;
  first = prescribe_take_set (set, self->patient, self->content, self->desk, self, &notice);
  prescribe_search_clear (self->search);
  show_notice (self, notice);
  if (first == NULL)
    return;
  open_sheet (self, first);
  show_form (self);
}

static void
set_found_cb (GtkWidget *widget, const CareOrderSet *set)
{
  set_chosen_cb (PRESCRIBE_VIEW (widget), set);
}

/* By its name, from the palette. */
static void
set_cb (PrescribeView *self, GVariant *id)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show", "s", "prescribe");
  prescribe_take_set_find (self->context, g_variant_get_string (id, NULL), GTK_WIDGET (self),
                           set_found_cb);
}

static void
change_drug_cb (PrescribeView *self)
{
  self->adding = FALSE;
  show_search (self);
}

static void
discarded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrescribeView) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!care_prescription_command_finish (result, &error))
    g_warning ("A draft could not be removed: %s", error->message);
}

/* What else is written stays. */
static void
drop_sheet (PrescribeView *self, PrescribeSheet *dropped)
{
  g_autoptr (PrescribeSheet) sheet = g_object_ref (dropped);

  if (sheet == self->sheet)
    open_sheet (self, NULL);
  prescribe_sheet_close (sheet);
  prescribe_desk_remove (self->desk, sheet);
}

static void
discard_cb (PrescribeView *self)
{
  if (self->sheet != NULL)
    {
      g_autoptr (PrescribeSheet) sheet = g_object_ref (self->sheet);
      const char *id = care_prescription_draft_get_id (prescribe_sheet_get_draft (sheet));

      drop_sheet (self, sheet);
      care_prescription_discard_async (self->context, id, NULL, discarded_cb, g_object_ref (self));
      prescribe_undo_offer (GTK_WIDGET (self), self->desk, self->content, sheet);
    }
  show_rest (self);
}

/* Escape leaves the search; it throws nothing away that was written. */
static void
search_cancel_cb (PrescribeView *self)
{
  self->adding = FALSE;
  if (self->sheet != NULL &&
      care_prescription_draft_get_drug_code (prescribe_sheet_get_draft (self->sheet)) != NULL)
    show_form (self);
  else if (self->sheet != NULL)
    discard_cb (self);
  else
    show_rest (self);
}

/* ---- signing ---- */

static void
signed_cb (GtkWidget *widget, GPtrArray *sheets)
{
  PrescribeView *self = PRESCRIBE_VIEW (widget);

  for (guint i = 0; i < sheets->len; i++)
    drop_sheet (self, sheets->pdata[i]);
  if (self->sheet == NULL)
    show_rest (self);
  workspace_toast_say (GTK_WIDGET (self), sheets->len == 1
                                              ? _ ("Signed. It leaves in ten seconds.")
                                              : _ ("Signed. They leave in ten seconds."));
}

/* Who may not sign asks who may. */
static void
handed_over_cb (GtkWidget *widget, GPtrArray *sheets)
{
  PrescribeView *self = PRESCRIBE_VIEW (widget);

  for (guint i = 0; i < sheets->len; i++)
    drop_sheet (self, sheets->pdata[i]);
  if (self->sheet == NULL)
    show_rest (self);
  workspace_toast_say (widget, _ ("It waits for the signature. Nothing is ordered yet."));
}

static void
sign_cb (PrescribeView *self)
{
  g_autoptr (GPtrArray) sheets = dup_sheets (self);

  if (self->sheet == NULL || !prescribe_form_is_ready (self->form))
    return;
  if (prescribe_hand_over_is_for (self->context))
    prescribe_hand_over_ask (GTK_WIDGET (self), self->context, sheets, handed_over_cb);
  else
    prescribe_signing_ask (GTK_WIDGET (self), self->patient, self->content, sheets, signed_cb);
}

static void
keep_cb (PrescribeView *self)
{
  g_autoptr (GPtrArray) sheets = dup_sheets (self);
  g_autoptr (GPtrArray) drafts = prescribe_group_dup_drafts (sheets);

  prescribe_keep_dialog_present (GTK_WIDGET (self), self->context, drafts);
}

/* Between visits the patient sees what is prescribed, and asks for more of it. */
static void
link_cb (PrescribeView *self)
{
  const char *id = workspace_patient_get_id (self->patient);
  g_autofree char *path = g_strdup_printf ("Patient/%s/$medicines-link", id);
  g_autofree char *name = workspace_patient_dup_name (self->patient);
  g_autofree char *what =
      g_strdup_printf (_ ("To the medicines of %s, who types the date of birth there, sees what is "
                          "prescribed and how it stands, and can ask for a renewal"),
                       name);
  g_autofree char *who = g_strdup_printf (_ ("Medicines of %s"), name);

  gtk_widget_activate_action (GTK_WIDGET (self), "win.show", "s", "prescribe");
  workspace_link_ask (GTK_WIDGET (self), workspace_patient_get_session (self->patient), path, what,
                      who,
                      _ ("A link to them that was made before ends at once: whoever has one needs "
                         "the new one."));
}

/* ---- what was begun before ---- */

/* What was left unsigned the last time, the newest in the form; each is to be looked at again. */
static void
found_drafts_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrescribeView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) drafts = care_prescription_list_drafts_finish (result, &error);
  PrescribeSheet *newest = NULL;

  for (guint i = 0; drafts != NULL && self->stack != NULL && i < drafts->len; i++)
    {
      g_autoptr (PrescribeSheet) sheet = NULL;

      if (prescribe_desk_find (self->desk, care_prescription_draft_get_id (drafts->pdata[i])))
        continue;
      sheet = sheet_of (self, drafts->pdata[i]);
      prescribe_desk_put (self->desk, sheet, self);
      newest = sheet;
    }
  if (newest == NULL || self->sheet != NULL)
    return;
  open_sheet (self, newest);
  show_sheet (self);
}

static void
resumed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrescribeView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CarePrescriptionDraft) draft = care_prescription_load_draft_finish (result, &error);
  g_autoptr (PrescribeSheet) sheet = NULL;

  if (draft == NULL)
    {
      workspace_toast_say (GTK_WIDGET (self),
                           error != NULL ? error->message : _ ("This draft is no longer there."));
      return;
    }
  sheet = sheet_of (self, draft);
  open_sheet (self, sheet);
  show_sheet (self);
}

/* Goes on with this very draft: what is in the form now stays beside it. */
static void
resume_cb (PrescribeView *self, const char *draft)
{
  PrescribeSheet *sheet = prescribe_desk_find (self->desk, draft);

  if (sheet != NULL)
    {
      open_sheet (self, sheet);
      show_sheet (self);
    }
  else if (strpbrk (draft, ": ") == NULL) /* the others name their kind */
    care_prescription_load_draft_async (self->context, draft, resumed_cb, g_object_ref (self));
}

/* ---- object ---- */

static void
prescribe_view_root (GtkWidget *widget)
{
  PrescribeView *self = PRESCRIBE_VIEW (widget);
  g_auto (GStrv) names = NULL;
  GtkRoot *root;

  GTK_WIDGET_CLASS (prescribe_view_parent_class)->root (widget);

  root = gtk_widget_get_root (widget);
  names = g_action_group_list_actions (G_ACTION_GROUP (self->actions));
  for (char **name = names; G_IS_ACTION_MAP (root) && *name != NULL; name++)
    g_action_map_add_action (G_ACTION_MAP (root),
                             g_action_map_lookup_action (G_ACTION_MAP (self->actions), *name));
}

static void
prescribe_view_dispose (GObject *object)
{
  PrescribeView *self = PRESCRIBE_VIEW (object);

  if (self->desk != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->desk, self);
      prescribe_desk_leave (self->desk, self);
    }
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PRESCRIBE_TYPE_VIEW);
  g_clear_object (&self->sheet);
  g_clear_object (&self->desk);
  g_clear_object (&self->actions);
  g_clear_object (&self->patient);
  g_clear_object (&self->context);
  g_clear_object (&self->content);

  G_OBJECT_CLASS (prescribe_view_parent_class)->dispose (object);
}

static void
prescribe_view_class_init (PrescribeViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = prescribe_view_dispose;
  widget_class->root = prescribe_view_root;
  g_type_ensure (PRESCRIBE_TYPE_DRAFTS);
  g_type_ensure (PRESCRIBE_TYPE_LIST);
  g_type_ensure (PRESCRIBE_TYPE_SEARCH);
  g_type_ensure (PRESCRIBE_TYPE_FORM);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/prescribe/prescribe-view.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PrescribeView, name)
  CHILD (stack);
  CHILD (drafts);
  CHILD (notice_label);
  CHILD (list);
  CHILD (search);
  CHILD (form);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, ready_cb);
  gtk_widget_class_bind_template_callback (widget_class, change_drug_cb);
  gtk_widget_class_bind_template_callback (widget_class, discard_cb);
  gtk_widget_class_bind_template_callback (widget_class, draft_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, set_chosen_cb);
}

static void
prescribe_view_init (PrescribeView *self)
{
  static const struct
  {
    const char *name;
    void (*run) (PrescribeView *self);
  } actions[] = {
    { "prescribe-new", new_cb },   { "prescribe-sign", sign_cb }, { "prescribe-add", add_cb },
    { "prescribe-next", next_cb }, { "prescribe-keep", keep_cb }, { "prescribe-sets", sets_cb },
    { "medicines-link", link_cb },
  };

  g_autoptr (GSimpleAction) named = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->actions = g_simple_action_group_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autoptr (GSimpleAction) action = g_simple_action_new (actions[i].name, NULL);

      g_signal_connect_object (action, "activate", G_CALLBACK (actions[i].run), self,
                               G_CONNECT_SWAPPED);
      g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (action));
    }
  named = g_simple_action_new ("prescribe-set", G_VARIANT_TYPE_STRING);
  g_signal_connect_object (named, "activate", G_CALLBACK (set_cb), self, G_CONNECT_SWAPPED);
  g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (named));
  set_enabled (self, "prescribe-sign", FALSE);
  set_enabled (self, "prescribe-keep", FALSE);
  set_enabled (self, "prescribe-next", FALSE);
}

/**
 * prescribe_view_new:
 * @content: (nullable): the formulary; without it the search says so, and nothing is prescribed
 *
 * Returns: (transfer floating): the prescription pane of @patient's window
 */
GtkWidget *
prescribe_view_new (WorkspacePatient *patient, StoreContent *content)
{
  PrescribeView *self = g_object_new (PRESCRIBE_TYPE_VIEW, NULL);

  self->patient = g_object_ref (patient);
  self->context =
      g_object_ref (workspace_session_get_context (workspace_patient_get_session (patient)));
  g_set_object (&self->content, content);
  self->desk = g_object_ref (prescribe_desk_of (patient));
  g_signal_connect_object (self->desk, "moved", G_CALLBACK (moved_cb), self, G_CONNECT_SWAPPED);
  prescribe_search_set_content (self->search, content);
  prescribe_search_set_context (self->search, self->context);
  prescribe_search_offer_sets (self->search);
  prescribe_drafts_set_desk (self->drafts, self->desk, self);
  prescribe_drafts_set_least (self->drafts, 1);
  prescribe_form_set_desk (self->form, self->desk, self);
  prescribe_form_set_context (self->form, self->context,
                              workspace_session_get_lock (workspace_patient_get_session (patient)));
  prescribe_list_set_patient (self->list, patient);
  g_signal_connect_object (patient, "request::resume", G_CALLBACK (resume_cb), self,
                           G_CONNECT_SWAPPED);
  care_prescription_list_drafts_async (self->context, workspace_patient_get_id (patient),
                                       found_drafts_cb, g_object_ref (self));
  return GTK_WIDGET (self);
}
