/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-entry-form.h"

#include <glib/gi18n.h>

#include "chart-labels.h"

/**
 * ChartEntryForm:
 *
 * The form of one kind of entry, made from the table of its fields (care-entry). What is typed is
 * on disk a quarter of a second later and is found again; closing it asks nothing. Names that this
 * clinic used before are offered with their codes.
 */

#define GATHER_MS 250

struct _ChartEntryForm
{
  AdwNavigationPage parent_instance;

  WorkspacePatient *patient;
  CareEntryKind kind;
  CareEntry *entry; /* NULL: a new one */
  GHashTable *values;
  GHashTable *original; /* what they were when the form came */
  char *draft;
  GPtrArray *rows; /* by index of the field */
  guint save_source;
  gboolean is_loading, is_saving, is_done;
  GCancellable *suggesting;
  GPtrArray *suggestions; /* rows under the name */

  GtkWidget *header_bar;
  GtkButton *save_button;
  GtkLabel *name_label;
  GtkLabel *error_label;
  GtkLabel *state_label;
  AdwPreferencesGroup *first_group;
  AdwPreferencesGroup *suggestions_group;
  AdwPreferencesGroup *fields_group;
  AdwPreferencesGroup *note_group;
  AdwEntryRow *note_row;
};

enum
{
  SIGNAL_SAVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChartEntryForm, chart_entry_form, ADW_TYPE_NAVIGATION_PAGE)

static CareContext *
context_of (ChartEntryForm *self)
{
  return workspace_session_get_context (workspace_patient_get_session (self->patient));
}

static void
show_error (ChartEntryForm *self, const char *text)
{
  gtk_label_set_label (self->error_label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), text != NULL);
  if (text)
    gtk_accessible_announce (GTK_ACCESSIBLE (self->error_label), text,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

/* ---- the draft ---- */

static void
draft_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartEntryForm) self = user_data;
  g_autoptr (GError) error = NULL;

  if (self->is_done)
    return;
  if (care_entry_command_finish (result, &error))
    gtk_label_set_label (self->state_label, _ ("Draft, on disk"));
  else
    {
      g_autofree char *text = g_strdup_printf (_ ("Not on disk yet: %s"), error->message);
      show_error (self, text);
    }
}

/* Only what was typed, so that a draft found again next week does not bring back what others have
 * changed since. An empty text is a value that was taken away. */
static GHashTable *
typed_new (ChartEntryForm *self)
{
  GHashTable *typed = care_entry_values_new (NULL);
  GHashTableIter iter;
  gpointer name, text;

  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, &name, &text))
    if (g_strcmp0 (g_hash_table_lookup (self->original, name), text) != 0)
      g_hash_table_insert (typed, g_strdup (name), g_strdup (text));
  g_hash_table_iter_init (&iter, self->original);
  while (g_hash_table_iter_next (&iter, &name, &text))
    if (!g_hash_table_contains (self->values, name))
      g_hash_table_insert (typed, g_strdup (name), g_strdup (""));
  return typed;
}

static void
save_draft (gpointer user_data)
{
  ChartEntryForm *self = user_data;
  g_autoptr (GHashTable) typed = typed_new (self);

  self->save_source = 0;
  care_entry_save_draft_async (context_of (self), self->draft,
                               workspace_patient_get_id (self->patient), typed,
                               gtk_editable_get_text (GTK_EDITABLE (self->note_row)),
                               draft_saved_cb, g_object_ref (self));
}

static void
clear_fault (ChartEntryForm *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    gtk_widget_remove_css_class (self->rows->pdata[i], "error");
}

static void
changed_cb (ChartEntryForm *self)
{
  if (self->is_loading || self->is_done)
    return;
  show_error (self, NULL);
  clear_fault (self);
  if (self->save_source == 0)
    self->save_source = g_timeout_add_once (GATHER_MS, save_draft, self);
}

/* ---- fields ---- */

static const CareField *
field_of (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), "field");
}

static void
clear_suggestions (ChartEntryForm *self)
{
  g_cancellable_cancel (self->suggesting);
  g_clear_object (&self->suggesting);
  for (guint i = 0; i < self->suggestions->len; i++)
    adw_preferences_group_remove (self->suggestions_group, self->suggestions->pdata[i]);
  g_ptr_array_set_size (self->suggestions, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->suggestions_group), FALSE);
}

static guint
count_choices (const CareField *field)
{
  guint n = 0;

  while (field->choices[n].code)
    n++;
  return n;
}

static void
choice_changed_cb (GtkWidget *row, GParamSpec *pspec, ChartEntryForm *self)
{
  const CareField *field = field_of (row);
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (row));

  if (self->is_loading)
    return;
  /* After the choices may stand what the entry says in a code that the form does not offer. */
  if (selected > count_choices (field) && selected != GTK_INVALID_LIST_POSITION)
    care_entry_set_value (self->values, field->name,
                          g_hash_table_lookup (self->original, field->name));
  else
    care_entry_set_value (self->values, field->name,
                          selected == 0 || selected == GTK_INVALID_LIST_POSITION
                              ? NULL
                              : field->choices[selected - 1].code);
  changed_cb (self);
}

static gboolean
is_offered (const CareField *field, const char *code)
{
  for (const CareFieldChoice *choice = field->choices; code && choice->code; choice++)
    if (g_str_equal (choice->code, code))
      return TRUE;
  return FALSE;
}

static GtkWidget *
choice_row_new (ChartEntryForm *self, const CareField *field)
{
  g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);
  g_autoptr (GtkListItemFactory) shown = chart_labels_choices_new (FALSE);
  g_autoptr (GtkListItemFactory) listed = chart_labels_choices_new (TRUE);
  const char *said = self->entry ? care_entry_get_words (self->entry, field->name) : NULL;

  gtk_string_list_append (words, _ ("Not recorded"));
  for (const CareFieldChoice *choice = field->choices; choice->code; choice++)
    gtk_string_list_append (words, _ (choice->label));
  if (said && !is_offered (field, care_entry_get_value (self->entry, field->name)))
    gtk_string_list_append (words, said);
  /* below its title what is chosen has room: "Not…" may be "not known" or "not recorded" */
  return g_object_new (ADW_TYPE_COMBO_ROW, "title", _ (field->label), "model", words, "factory",
                       shown, "list-factory", listed, "use-subtitle", TRUE, NULL);
}

/* What an entry says in another way than the form asks for it, "12 years", stands in the title: it
 * stays unless something is typed. */
static GtkWidget *
entry_row_new (ChartEntryForm *self, const CareField *field)
{
  gboolean date = field->type == CARE_FIELD_DATE || field->type == CARE_FIELD_PAST;
  const char *said = self->entry && !care_entry_get_value (self->entry, field->name)
                         ? care_entry_get_words (self->entry, field->name)
                         : NULL;
  g_autofree char *title =
      said   ? g_strdup_printf (_ ("%s (now: %s)"), _ (field->label), said)
      : date ? g_strdup_printf (_ ("%s (2019, 2019-04 or 2019-04-30)"), _ (field->label))
             : g_strdup (_ (field->label));

  return g_object_new (ADW_TYPE_ENTRY_ROW, "title", title, "use-markup", FALSE, "tooltip-text",
                       title, NULL);
}

static void
show_choice (ChartEntryForm *self, GtkWidget *row, const CareField *field, const char *value)
{
  guint n = g_list_model_get_n_items (adw_combo_row_get_model (ADW_COMBO_ROW (row)));
  guint own = count_choices (field) + 1, selected = 0;

  for (guint i = 0; value && field->choices[i].code; i++)
    if (g_str_equal (field->choices[i].code, value))
      selected = i + 1;
  if (selected == 0 && n > own &&
      g_strcmp0 (value, g_hash_table_lookup (self->original, field->name)) == 0)
    selected = own;
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), selected);
}

static void
show_values (ChartEntryForm *self)
{
  self->is_loading = TRUE;
  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = self->rows->pdata[i];
      const CareField *field = field_of (row);
      const char *value = g_hash_table_lookup (self->values, field->name);

      if (ADW_IS_COMBO_ROW (row))
        show_choice (self, row, field, value);
      else
        gtk_editable_set_text (GTK_EDITABLE (row), value ? value : "");
    }
  self->is_loading = FALSE;
}

/* ---- suggestions ---- */

static void
suggestion_cb (GtkWidget *row, ChartEntryForm *self)
{
  CareRow *chosen = g_object_get_data (G_OBJECT (row), "suggestion");
  GtkWidget *name = self->rows->pdata[0];
  const char *code = care_row_get_text (chosen, CARE_ROW_CODE);

  self->is_loading = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (name), care_row_get_title (chosen));
  self->is_loading = FALSE;
  if (code)
    care_entry_set_coding (self->values, field_of (name)->name,
                           care_row_get_text (chosen, CARE_ROW_DETAIL), code,
                           care_row_get_title (chosen));
  else
    care_entry_set_value (self->values, field_of (name)->name, care_row_get_title (chosen));
  gtk_widget_grab_focus (name);
  clear_suggestions (self);
  changed_cb (self);
}

static void
suggested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartEntryForm) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) names = care_entry_suggest_finish (result, &error);
  guint n = names ? g_list_model_get_n_items (names) : 0;

  if (!names || self->is_done)
    return; /* cancelled by the next letter; without suggestions the form works as well */
  clear_suggestions (self);
  for (guint i = 0; i < n; i++)
    {
      CareRow *name = g_list_model_get_item (names, i);
      const char *code = care_row_get_text (name, CARE_ROW_CODE);
      g_autofree char *words =
          code ? g_strdup_printf (_ ("With the code %s"), code) : g_strdup (_ ("Without a code"));
      GtkWidget *row =
          g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                        care_row_get_title (name), "subtitle", words, "activatable", TRUE, NULL);

      g_object_set_data_full (G_OBJECT (row), "suggestion", name, g_object_unref);
      g_signal_connect (row, "activated", G_CALLBACK (suggestion_cb), self);
      adw_preferences_group_add (self->suggestions_group, row);
      g_ptr_array_add (self->suggestions, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->suggestions_group), n > 0);
}

static void
suggest (ChartEntryForm *self, const char *letters)
{
  g_cancellable_cancel (self->suggesting);
  g_clear_object (&self->suggesting);
  if (g_utf8_strlen (letters, -1) < 2)
    {
      clear_suggestions (self);
      return;
    }
  self->suggesting = g_cancellable_new ();
  care_entry_suggest_async (context_of (self), self->kind, letters, self->suggesting, suggested_cb,
                            g_object_ref (self));
}

static void
text_changed_cb (GtkWidget *row, ChartEntryForm *self)
{
  const CareField *field = field_of (row);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));

  if (self->is_loading)
    return;
  care_entry_set_value (self->values, field->name, text);
  if (row == self->rows->pdata[0] && field->type == CARE_FIELD_CONCEPT)
    suggest (self, text);
  changed_cb (self);
}

/* ---- saving ---- */

static void
draft_removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!care_entry_command_finish (result, &error))
    g_warning ("The draft of an entry that was saved is still there: %s", error->message);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartEntryForm) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *reference = care_entry_save_finish (result, &error);

  self->is_saving = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button), TRUE);
  if (!reference)
    {
      show_error (self, error->message);
      return;
    }
  self->is_done = TRUE;
  care_entry_remove_draft_async (context_of (self), self->draft, draft_removed_cb, NULL);
  g_signal_emit (self, signals[SIGNAL_SAVED], 0, reference);
}

/* Puts the cursor where something is missing. */
static void
show_fault (ChartEntryForm *self, const char *name)
{
  clear_fault (self);
  for (guint i = 0; i < self->rows->len; i++)
    {
      if (g_strcmp0 (field_of (self->rows->pdata[i])->name, name) != 0)
        continue;
      gtk_widget_add_css_class (self->rows->pdata[i], "error");
      gtk_widget_grab_focus (self->rows->pdata[i]);
    }
}

static void
save_cb (ChartEntryForm *self)
{
  g_autofree char *today = NULL;
  const char *fault = NULL;
  g_autoptr (GError) error = NULL;

  if (self->is_saving || self->is_done)
    return;
  today = workspace_session_dup_today (workspace_patient_get_session (self->patient));
  if (!care_entry_values_check (self->kind, self->values, today, &fault, &error))
    {
      show_fault (self, fault);
      show_error (self, error->message);
      return;
    }
  g_clear_handle_id (&self->save_source, g_source_remove);
  self->is_saving = TRUE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button), FALSE);
  care_entry_save_async (context_of (self), self->kind, workspace_patient_get_id (self->patient),
                         self->entry, self->values,
                         gtk_editable_get_text (GTK_EDITABLE (self->note_row)), NULL, saved_cb,
                         g_object_ref (self));
}

/* ---- object ---- */

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartEntryForm) self = user_data;
  g_autofree char *note = NULL;
  g_autoptr (GHashTable) typed = care_entry_load_draft_finish (result, &note);
  GHashTableIter iter;
  gpointer name, text;

  if (!typed || self->is_done || self->save_source != 0)
    return;
  g_hash_table_iter_init (&iter, typed);
  while (g_hash_table_iter_next (&iter, &name, &text))
    care_entry_set_value (self->values, name, text);
  show_values (self);
  self->is_loading = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->note_row), note ? note : "");
  self->is_loading = FALSE;
  gtk_label_set_label (self->state_label, _ ("Found again on disk"));
}

static void
add_rows (ChartEntryForm *self)
{
  gsize n;
  const CareField *fields = care_entry_kind_get_fields (self->kind, &n);

  for (gsize i = 0; i < n; i++)
    {
      gboolean choice = fields[i].type == CARE_FIELD_CHOICE;
      GtkWidget *row =
          choice ? choice_row_new (self, &fields[i]) : entry_row_new (self, &fields[i]);

      g_object_set_data (G_OBJECT (row), "field", (gpointer) &fields[i]);
      if (choice)
        chart_labels_name (row, _ (fields[i].label));
      if (choice)
        g_signal_connect (row, "notify::selected", G_CALLBACK (choice_changed_cb), self);
      else
        {
          g_signal_connect (row, "changed", G_CALLBACK (text_changed_cb), self);
          g_signal_connect_swapped (row, "entry-activated", G_CALLBACK (save_cb), self);
        }
      adw_preferences_group_add (i == 0 ? self->first_group : self->fields_group, row);
      g_ptr_array_add (self->rows, row);
    }
}

/* What is still being gathered goes to disk before the form goes. */
void
chart_entry_form_keep (ChartEntryForm *self)
{
  g_return_if_fail (CHART_IS_ENTRY_FORM (self));

  if (self->save_source == 0)
    return;
  g_clear_handle_id (&self->save_source, g_source_remove);
  save_draft (self);
}

void
chart_entry_form_save (ChartEntryForm *self)
{
  g_return_if_fail (CHART_IS_ENTRY_FORM (self));

  save_cb (self);
}

/* In a page that has a head and says whose it is. */
void
chart_entry_form_set_inline (ChartEntryForm *self)
{
  g_return_if_fail (CHART_IS_ENTRY_FORM (self));

  gtk_widget_set_visible (self->header_bar, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->name_label), FALSE);
}

/* Once it is to be seen. */
void
chart_entry_form_start (ChartEntryForm *self)
{
  g_return_if_fail (CHART_IS_ENTRY_FORM (self));

  gtk_widget_grab_focus (self->rows->pdata[0]);
}

static void
chart_entry_form_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (chart_entry_form_parent_class)->unmap (widget);
  chart_entry_form_keep (CHART_ENTRY_FORM (widget));
}

static void
chart_entry_form_dispose (GObject *object)
{
  ChartEntryForm *self = CHART_ENTRY_FORM (object);

  g_clear_handle_id (&self->save_source, g_source_remove);
  g_cancellable_cancel (self->suggesting);
  g_clear_object (&self->suggesting);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->suggestions, g_ptr_array_unref);
  g_clear_pointer (&self->values, g_hash_table_unref);
  g_clear_pointer (&self->original, g_hash_table_unref);
  g_clear_pointer (&self->draft, g_free);
  g_clear_object (&self->entry);
  g_clear_object (&self->patient);
  gtk_widget_dispose_template (GTK_WIDGET (self), CHART_TYPE_ENTRY_FORM);
  G_OBJECT_CLASS (chart_entry_form_parent_class)->dispose (object);
}

static void
chart_entry_form_class_init (ChartEntryFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chart_entry_form_dispose;
  widget_class->unmap = chart_entry_form_unmap;
  signals[SIGNAL_SAVED] = g_signal_new ("saved", CHART_TYPE_ENTRY_FORM, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/chart/chart-entry-form.ui");
  gtk_widget_class_bind_template_child (widget_class, ChartEntryForm, header_bar);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryForm, save_button);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryForm, name_label);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryForm, error_label);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryForm, state_label);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryForm, first_group);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryForm, suggestions_group);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryForm, fields_group);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryForm, note_group);
  gtk_widget_class_bind_template_child (widget_class, ChartEntryForm, note_row);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

static void
chart_entry_form_init (ChartEntryForm *self)
{
  self->rows = g_ptr_array_new ();
  self->suggestions = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* (transfer floating): @entry: NULL for a new one. */
AdwNavigationPage *
chart_entry_form_new (WorkspacePatient *patient, CareEntryKind kind, CareEntry *entry)
{
  ChartEntryForm *self = g_object_new (CHART_TYPE_ENTRY_FORM, NULL);
  g_autofree char *name = workspace_patient_dup_name (patient);
  const char *reference = entry ? care_entry_get_reference (entry) : NULL;
  GtkWidget *groups[] = { GTK_WIDGET (self->first_group), GTK_WIDGET (self->fields_group),
                          GTK_WIDGET (self->note_group) };

  self->patient = g_object_ref (patient);
  self->kind = kind;
  self->entry = entry ? g_object_ref (entry) : NULL;
  self->values = care_entry_values_new (entry);
  self->original = care_entry_values_new (entry);
  if (!entry)
    {
      care_entry_values_set_defaults (self->values, kind);
      care_entry_values_set_defaults (self->original, kind);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->note_group), care_entry_kind_takes_notes (kind));
  self->draft = care_entry_dup_draft_id (context_of (self), kind,
                                         workspace_patient_get_id (patient), reference);
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), care_entry_kind_get_title (kind));
  gtk_label_set_label (self->name_label, name);
  add_rows (self);
  show_values (self);
  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    chart_labels_name (groups[i], care_entry_kind_get_title (kind));
  chart_labels_name (GTK_WIDGET (self->suggestions_group), _ ("Used Here Before"));
  care_entry_load_draft_async (context_of (self), self->draft, NULL, loaded_cb,
                               g_object_ref (self));
  return ADW_NAVIGATION_PAGE (self);
}
