/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "note-shortcuts.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "care-note.h"
#include "care-phrase.h"
#include "fhir-date.h"
#include "note-facts.h"
#include "workspace-alert.h"

/* ".soap" and a space becomes a template, ".lungs" one's own phrase, ".problems" a fact of the
 * chart; "/rx" asks for the form of a prescription. A command that would open nothing is not there:
 * its word stays. */

typedef struct
{
  const char *name, *title, *text; /* title and text are to be translated */
} Template;

static const Template templates[] = {
  { "soap", N_ ("SOAP"),
    N_ ("Subjective:\n\n\nObjective:\n{vitals}\n\nAssessment:\n{problems}\n\nPlan:\n") },
  { "call", N_ ("Telephone call"),
    N_ ("Telephone call with {name}, {age}, on {today}.\nReason:\n\nAdvice given:\n\nNext "
        "step:\n") },
  { "medicines-review", N_ ("Medicines review"),
    N_ ("Allergies: {allergies}\nMedicines:\n{medicines}\n\nTaken as written:\n\nChanges:\n") },
};

static const struct
{
  const char *keyword, *title;
} commands[] = {
  { "rx", N_ ("Prescription") },
  { "problem", N_ ("Problem") },
  { "task", N_ ("Task") },
};

struct _NoteShortcuts
{
  GObject parent_instance;

  GtkWidget *pane; /* not owned: it owns this */
  GtkTextView *view;
  GtkMenuButton *button;
  WorkspacePatient *patient;
  GHashTable *phrases; /* NULL until they were read */
  gboolean filled;     /* the menu, with these phrases */
  GQueue ended;        /* GtkTextMark: after each word that was just ended */
  guint source;
};

G_DEFINE_FINAL_TYPE (NoteShortcuts, note_shortcuts, G_TYPE_OBJECT)

static guint said_signal, order_signal;

static CareContext *
get_context (NoteShortcuts *self)
{
  return workspace_session_get_context (workspace_patient_get_session (self->patient));
}

static char *
dup_text_of (NoteShortcuts *self, const char *name)
{
  const char *own = self->phrases ? g_hash_table_lookup (self->phrases, name) : NULL;

  if (own)
    return g_strdup (own);
  for (gsize i = 0; i < G_N_ELEMENTS (templates); i++)
    if (g_str_equal (templates[i].name, name))
      return g_strdup (_ (templates[i].text));
  return g_strv_contains (note_facts_list (), name) ? g_strdup_printf ("{%s}", name) : NULL;
}

/* (transfer full) (nullable) */
static char *
dup_expansion (NoteShortcuts *self, const char *name)
{
  CareSummary *summary = workspace_patient_get_summary (self->patient);
  g_autofree char *text = dup_text_of (self, name);
  g_autoptr (GDateTime) now = base_clock_dup_now (care_context_get_clock (get_context (self)));
  g_autofree char *day = g_date_time_format (now, "%Y-%m-%d");
  g_autofree char *today = fhir_date_format (day, NULL);

  return text ? note_facts_expand (text, summary, today) : NULL;
}

static void
insert (NoteShortcuts *self, GtkTextIter *start, GtkTextIter *end, const char *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);

  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete (buffer, start, end);
  gtk_text_buffer_insert (buffer, start, text, -1);
  gtk_text_buffer_end_user_action (buffer);
}

/* ---- while typing ---- */

static gboolean
is_offered (NoteShortcuts *self, const char *keyword)
{
  return workspace_session_find_composer (workspace_patient_get_session (self->patient), keyword) !=
         NULL;
}

/* The word goes with the space that ended it: what is ordered stands in its place. */
static void
run_command (NoteShortcuts *self, const char *name, GtkTextIter *start, GtkTextIter *end)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].keyword, name) && is_offered (self, name))
      {
        gtk_text_iter_forward_char (end);
        insert (self, start, end, "");
        g_signal_emit (self, order_signal, 0, commands[i].keyword);
      }
}

static void
expand_word (NoteShortcuts *self, GtkTextIter *start, GtkTextIter *end)
{
  g_autofree char *word = gtk_text_iter_get_text (start, end);
  g_autofree char *text = NULL;

  if (*word == '/')
    {
      run_command (self, word + 1, start, end);
      return;
    }
  text = *word == '.' ? dup_expansion (self, word + 1) : NULL;
  if (text)
    insert (self, start, end, text);
}

static void
look_at_word (NoteShortcuts *self, GtkTextMark *mark)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextIter start, end;

  gtk_text_buffer_get_iter_at_mark (buffer, &end, mark);
  start = end;
  while (gtk_text_iter_backward_char (&start))
    if (g_unichar_isspace (gtk_text_iter_get_char (&start)))
      {
        gtk_text_iter_forward_char (&start);
        break;
      }
  if (!gtk_text_iter_equal (&start, &end))
    expand_word (self, &start, &end);
}

static gboolean
words_ended_cb (gpointer data)
{
  NoteShortcuts *self = data;
  GtkTextMark *mark;

  self->source = 0;
  while ((mark = g_queue_pop_head (&self->ended)))
    {
      look_at_word (self, mark);
      gtk_text_buffer_delete_mark (gtk_text_view_get_buffer (self->view), mark);
    }
  return G_SOURCE_REMOVE;
}

/* A single space or new line ends a word; a text that is pasted or loaded ends none. */
static void
inserted_cb (NoteShortcuts *self, GtkTextIter *location, const char *text, int length)
{
  GtkTextIter end = *location;

  if (length != 1 || (*text != ' ' && *text != '\n'))
    return;
  gtk_text_iter_backward_char (&end);
  g_queue_push_tail (&self->ended,
                     gtk_text_buffer_create_mark (gtk_text_view_get_buffer (self->view), NULL, &end,
                                                  TRUE));
  if (self->source == 0)
    self->source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, words_ended_cb, self, NULL);
}

/* ---- the menu ---- */

static void
append_item (GMenu *menu, const char *title, const char *action, const char *name)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (title, NULL);

  g_menu_item_set_action_and_target (item, action, "s", name);
  g_menu_append_item (menu, item);
}

static void
append_phrases (NoteShortcuts *self, GMenu *menu)
{
  g_autoptr (GMenu) own = g_menu_new (), remove = g_menu_new ();
  g_autoptr (GList) names = self->phrases ? g_hash_table_get_keys (self->phrases) : NULL;

  names = g_list_sort (names, (GCompareFunc) g_utf8_collate);
  for (GList *name = names; name; name = name->next)
    {
      g_autofree char *title = g_strconcat (".", name->data, NULL);

      append_item (own, title, "note.insert", name->data);
      append_item (remove, title, "note.remove-phrase", name->data);
    }
  g_menu_append (own, _ ("Save the Selection as a Phrase…"), "note.save-phrase");
  if (names)
    g_menu_append_submenu (own, _ ("Remove a Phrase"), G_MENU_MODEL (remove));
  g_menu_append_section (menu, _ ("My Phrases"), G_MENU_MODEL (own));
}

static void
append_orders (NoteShortcuts *self, GMenu *menu)
{
  g_autoptr (GMenu) orders = g_menu_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *title =
          g_strdup_printf ("%s (/%s)", _ (commands[i].title), commands[i].keyword);

      if (is_offered (self, commands[i].keyword))
        append_item (orders, title, "note.order", commands[i].keyword);
    }
  if (g_menu_model_get_n_items (G_MENU_MODEL (orders)) > 0)
    g_menu_append_section (menu, _ ("Orders"), G_MENU_MODEL (orders));
}

static void
order_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_signal_emit (data, order_signal, 0, g_variant_get_string (parameter, NULL));
}

/* When it is opened, and again only after the phrases changed: GTK 4.18 keeps each section of each
 * menu for ever. */
static void
fill_menu_cb (GtkMenuButton *button, gpointer data)
{
  NoteShortcuts *self = data;
  g_autoptr (GMenu) menu = g_menu_new (), built_in = g_menu_new (), facts = g_menu_new ();

  if (self->filled)
    return;
  self->filled = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (templates); i++)
    {
      g_autofree char *title =
          g_strdup_printf ("%s (.%s)", _ (templates[i].title), templates[i].name);

      append_item (built_in, title, "note.insert", templates[i].name);
    }
  g_menu_append_section (menu, _ ("Templates"), G_MENU_MODEL (built_in));
  for (const char *const *name = note_facts_list (); *name; name++)
    {
      g_autofree char *title = g_strconcat (".", *name, NULL);

      append_item (facts, title, "note.insert", *name);
    }
  g_menu_append_submenu (menu, _ ("From the Chart"), G_MENU_MODEL (facts));
  g_menu_append (menu, _ ("The Last Note, Marked as Carried Forward"), "note.carry-forward");
  append_orders (self, menu);
  append_phrases (self, menu);
  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
}

static void
insert_at_cursor (NoteShortcuts *self, const char *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);

  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_insert_at_cursor (buffer, text, -1);
  gtk_text_buffer_end_user_action (buffer);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
insert_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autofree char *text = dup_expansion (data, g_variant_get_string (parameter, NULL));

  if (text)
    insert_at_cursor (data, text);
}

/* ---- the last note ---- */

static void
carried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (NoteShortcuts) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = care_note_carry_forward_finish (result, &error);

  if (!self->pane) /* the window was closed meanwhile */
    return;
  if (text)
    insert_at_cursor (self, text);
  else
    g_signal_emit (self, said_signal, 0, error->message);
}

static void
carry_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  NoteShortcuts *self = data;

  care_note_carry_forward_async (get_context (self), workspace_patient_get_id (self->patient),
                                 carried_cb, g_object_ref (self));
}

/* ---- one's own phrases ---- */

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (NoteShortcuts) self = user_data;
  g_autoptr (GError) error = NULL;
  GHashTable *phrases = care_phrase_list_finish (result, &error);

  if (error)
    g_signal_emit (self, said_signal, 0, error->message);
  if (!phrases)
    return;
  g_clear_pointer (&self->phrases, g_hash_table_unref);
  self->phrases = phrases;
  self->filled = FALSE;
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (NoteShortcuts) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!care_phrase_save_finish (result, &error))
    g_signal_emit (self, said_signal, 0, error->message);
  else
    care_phrase_list_async (get_context (self), listed_cb, g_object_ref (self));
}

static void
remove_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  care_phrase_save_async (get_context (data), g_variant_get_string (parameter, NULL), "", saved_cb,
                          g_object_ref (data));
}

typedef struct
{
  NoteShortcuts *self;
  char *text;
  GtkEditable *entry;
} Naming;

static void
named_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Naming *naming = user_data;
  g_autoptr (NoteShortcuts) self = naming->self;
  g_autofree char *text = naming->text;
  const char *answer = adw_alert_dialog_choose_finish (ADW_ALERT_DIALOG (source), result);

  if (g_str_equal (answer, "save"))
    care_phrase_save_async (get_context (self), gtk_editable_get_text (naming->entry), text,
                            saved_cb, g_object_ref (self));
}

static void
save_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  NoteShortcuts *self = data;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  AdwDialog *dialog;
  GtkWidget *entry;
  Naming *naming;
  GtkTextIter start, end;

  if (!gtk_text_buffer_get_selection_bounds (buffer, &start, &end))
    {
      g_signal_emit (self, said_signal, 0, _ ("Select the words that are to become a phrase."));
      return;
    }
  dialog = adw_alert_dialog_new (_ ("Save as a Phrase"),
                                 _ ("Typing a dot and this name inserts it. {problems} and the "
                                    "like in it are filled from the chart."));
  entry = gtk_entry_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Name of the phrase"), -1);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), entry);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "save",
                                  _ ("_Save"), NULL);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "save");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  naming = g_new0 (Naming, 1);
  naming->self = g_object_ref (self);
  naming->text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  naming->entry = GTK_EDITABLE (entry);
  adw_alert_dialog_choose (ADW_ALERT_DIALOG (dialog), self->pane, NULL, named_cb, naming);
  workspace_alert_wrap (dialog, self->pane);
}

/* ---- */

static void
note_shortcuts_dispose (GObject *object)
{
  NoteShortcuts *self = NOTE_SHORTCUTS (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_queue_clear (&self->ended); /* the buffer has the marks */
  self->pane = NULL;
  if (self->button)
    gtk_menu_button_set_create_popup_func (self->button, NULL, NULL, NULL);
  g_clear_object (&self->view);
  g_clear_object (&self->button);
  g_clear_object (&self->patient);
  g_clear_pointer (&self->phrases, g_hash_table_unref);
  G_OBJECT_CLASS (note_shortcuts_parent_class)->dispose (object);
}

static void
note_shortcuts_class_init (NoteShortcutsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = note_shortcuts_dispose;
  said_signal = g_signal_new ("said", NOTE_TYPE_SHORTCUTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 1, G_TYPE_STRING);
  order_signal = g_signal_new ("order", NOTE_TYPE_SHORTCUTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
note_shortcuts_init (NoteShortcuts *self)
{
}

/**
 * note_shortcuts_new:
 * @pane: gets the actions "note.…"
 */
NoteShortcuts *
note_shortcuts_new (GtkWidget *pane,
                    GtkTextView *view,
                    GtkMenuButton *button,
                    WorkspacePatient *patient)
{
  static const GActionEntry entries[] = {
    { "insert", insert_cb, "s" },        { "order", order_cb, "s" },
    { "carry-forward", carry_cb },       { "save-phrase", save_cb },
    { "remove-phrase", remove_cb, "s" },
  };
  NoteShortcuts *self = g_object_new (NOTE_TYPE_SHORTCUTS, NULL);
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();

  self->pane = pane;
  self->view = g_object_ref (view);
  self->button = g_object_ref (button);
  self->patient = g_object_ref (patient);
  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (pane, "note", G_ACTION_GROUP (actions));
  g_signal_connect_object (gtk_text_view_get_buffer (view), "insert-text", G_CALLBACK (inserted_cb),
                           self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  gtk_menu_button_set_create_popup_func (button, fill_menu_cb, self, NULL);
  care_phrase_list_async (get_context (self), listed_cb, g_object_ref (self));
  return self;
}
