/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-hand-over.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "care-visit-hand-over.h"

#include "today-clinicians.h"
#include "today-notice.h"
#include "workspace-alert.h"
#include "workspace-toast.h"

/* A question to a colleague and its answer: one dialog, and a line above the day for each visit
 * that this clinician is asked to take over. */

typedef struct
{
  GtkWidget *page;
  WorkspaceSession *session;
  TodayLobby *lobby; /* NULL: of an answer */
  GtkBox *box;       /* NULL: of a question */
  GtkWidget *line;   /* of an answer on its way; else NULL */
  char *encounter, *name;
  GListStore *people; /* of CareRow: who can be asked */
  GtkDropDown *choice;
} Act;

static Act *
act_new (GtkWidget *page, WorkspaceSession *session)
{
  Act *act = g_new0 (Act, 1);

  act->page = g_object_ref (page);
  act->session = g_object_ref (session);
  return act;
}

static void
act_free (gpointer data)
{
  Act *act = data;

  g_object_unref (act->page);
  g_object_unref (act->session);
  g_clear_object (&act->lobby);
  g_clear_object (&act->box);
  g_clear_object (&act->line);
  g_clear_object (&act->people);
  g_free (act->encounter);
  g_free (act->name);
  g_free (act);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Act, act_free)

static void
act_closure_free (gpointer data, GClosure *closure)
{
  act_free (data);
}

/* ---- asking ---- */

/* Whether there is somebody to hand over. */
gboolean
today_hand_over_may (CareDayRow *row)
{
  static const char *const open[] = { "waiting", "in-visit", "interrupted", NULL };

  return row && care_day_row_get_encounter (row) &&
         g_strv_contains (open, care_day_row_get_status (row));
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Act) act = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (!care_visit_command_finish (result, &error))
    {
      workspace_toast_say (act->page, error->message);
      return;
    }
  /* Translators: %s is a clinician's name */
  text = g_strdup_printf (_ ("%s is asked. The visit stays yours until they accept."), act->name);
  workspace_toast_say (act->page, text);
}

static void
response_cb (Act *act, const char *response)
{
  guint chosen = gtk_drop_down_get_selected (act->choice);
  g_autoptr (CareRow) row = NULL;
  Act *next;

  if (!g_str_equal (response, "ask") || chosen == GTK_INVALID_LIST_POSITION)
    return;
  row = g_list_model_get_item (G_LIST_MODEL (act->people), chosen);
  next = act_new (act->page, act->session);
  next->name = g_strdup (care_row_get_title (row));
  care_visit_ask_hand_over_async (workspace_session_get_context (act->session), act->encounter,
                                  care_row_get_text (row, CARE_ROW_REFERENCE), asked_cb, next);
}

static void
present (Act *act)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Hand Over the Visit"), NULL);
  guint count = g_list_model_get_n_items (G_LIST_MODEL (act->people));
  g_autofree char *body = NULL;

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (act->people), i);

      gtk_string_list_append (names, care_row_get_title (row));
    }
  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"));
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  act->choice = GTK_DROP_DOWN (gtk_drop_down_new (G_LIST_MODEL (g_object_ref (names)), NULL));
  gtk_accessible_update_property (GTK_ACCESSIBLE (act->choice), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Colleague"), -1);
  /* Translators: %s is a patient's name */
  body = g_strdup_printf (_ ("Who sees %s? Those whose workstation is connected now can be asked."),
                          act->name);
  if (count > 0)
    {
      adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "ask", _ ("_Ask"));
      adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "ask",
                                                ADW_RESPONSE_SUGGESTED);
      adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "ask");
    }
  adw_alert_dialog_set_body (ADW_ALERT_DIALOG (dialog),
                             count > 0 ? body
                                       : _ ("No colleague's workstation is connected now. Ask "
                                            "somebody by phone to open this visit and take it."));
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), GTK_WIDGET (act->choice));
  gtk_widget_set_visible (GTK_WIDGET (act->choice), count > 0);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), act, act_closure_free,
                         G_CONNECT_SWAPPED);
  workspace_alert_present (dialog, act->page);
}

/* Those who are there, without oneself. */
static void
people_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Act *act = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListStore) all = today_clinicians_load_finish (result, &error);
  const char *own = care_context_get_user_reference (workspace_session_get_context (act->session));

  if (!all)
    {
      workspace_toast_say (act->page, error->message);
      act_free (act);
      return;
    }
  act->people = g_list_store_new (CARE_TYPE_ROW);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (all)); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (all), i);
      const char *reference = care_row_get_text (row, CARE_ROW_REFERENCE);

      if (g_strcmp0 (reference, own) != 0 && today_lobby_has_person (act->lobby, reference))
        g_list_store_append (act->people, row);
    }
  present (act);
}

/**
 * today_hand_over_ask:
 * @lobby: who is there
 *
 * Asks whom the visit of @row is to be handed over to.
 */
void
today_hand_over_ask (GtkWidget *page, WorkspaceSession *session, TodayLobby *lobby, CareDayRow *row)
{
  Act *act;

  if (!today_hand_over_may (row))
    return;
  act = act_new (page, session);
  act->lobby = g_object_ref (lobby);
  act->encounter = g_strdup (care_day_row_get_encounter (row));
  act->name = g_strdup (care_day_row_get_name (row));
  today_clinicians_load_async (workspace_session_get_database (session), NULL, people_cb, act);
}

/* ---- being asked ---- */

/* What a button knows. It stands in the page, so it does not hold it. */
typedef struct
{
  GWeakRef page;
  WorkspaceSession *session;
  char *name; /* of the patient */
} Asked;

static void
asked_free (gpointer data)
{
  Asked *asked = data;

  g_weak_ref_clear (&asked->page);
  g_object_unref (asked->session);
  g_free (asked->name);
  g_free (asked);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Act) act = user_data;
  g_autoptr (GError) error = NULL;

  if (!care_visit_command_finish (result, &error))
    {
      gtk_widget_set_sensitive (act->line, TRUE);
      workspace_toast_say (act->page, error->message);
    }
  else if (act->name)
    {
      /* Translators: %s is a patient's name */
      g_autofree char *text = g_strdup_printf (_ ("%s is your patient now."), act->name);

      workspace_toast_say (act->page, text);
    }
}

static void
answer (GtkButton *button, gboolean accept)
{
  const char *task = g_object_get_data (G_OBJECT (button), "task");
  Asked *asked = g_object_get_data (G_OBJECT (button), "asked");
  g_autoptr (GtkWidget) page = g_weak_ref_get (&asked->page);
  Act *next;

  if (!page)
    return;
  next = act_new (page, asked->session);
  next->name = accept ? g_strdup (asked->name) : NULL;
  next->line = g_object_ref (gtk_widget_get_parent (GTK_WIDGET (button)));
  gtk_widget_set_sensitive (next->line, FALSE);
  care_visit_answer_hand_over_async (workspace_session_get_context (asked->session), task, accept,
                                     answered_cb, next);
}

static void
accept_cb (GtkButton *button)
{
  answer (button, TRUE);
}

static void
decline_cb (GtkButton *button)
{
  answer (button, FALSE);
}

static GtkWidget *
make_button (const char *label, GCallback callback, Act *shown, CareRow *row)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);
  Asked *asked = g_new0 (Asked, 1);

  g_weak_ref_init (&asked->page, shown->page);
  asked->session = g_object_ref (shown->session);
  asked->name = g_strdup (care_row_get_title (row));
  g_object_set_data_full (G_OBJECT (button), "asked", asked, asked_free);
  g_object_set_data_full (G_OBJECT (button), "task",
                          g_strdup (care_row_get_text (row, CARE_ROW_REFERENCE)), g_free);
  g_signal_connect (button, "clicked", callback, NULL);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  return button;
}

static GtkWidget *
make_line (Act *act, CareRow *row)
{
  GtkWidget *line = adw_wrap_box_new ();
  GtkWidget *accept = make_button (_ ("_Accept"), G_CALLBACK (accept_cb), act, row);
  GtkWidget *decline = make_button (_ ("De_cline"), G_CALLBACK (decline_cb), act, row);
  /* Translators: a clinician's name, a patient's name */
  g_autofree char *text =
      g_strdup_printf (_ ("%s asks you to take over %s."),
                       care_row_get_text (row, CARE_ROW_SUBTITLE), care_row_get_title (row));
  GtkWidget *label = gtk_label_new (text);

  adw_wrap_box_set_child_spacing (ADW_WRAP_BOX (line), 8);
  adw_wrap_box_set_line_spacing (ADW_WRAP_BOX (line), 6);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (accept, "suggested-action");
  gtk_accessible_update_property (GTK_ACCESSIBLE (accept), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (decline), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text, -1);
  adw_wrap_box_append (ADW_WRAP_BOX (line), label);
  adw_wrap_box_append (ADW_WRAP_BOX (line), accept);
  adw_wrap_box_append (ADW_WRAP_BOX (line), decline);
  g_object_set_data_full (G_OBJECT (line), "task",
                          g_strdup (care_row_get_text (row, CARE_ROW_REFERENCE)), g_free);
  return line;
}

static gboolean
has_line (GtkBox *box, const char *task)
{
  for (GtkWidget *line = gtk_widget_get_first_child (GTK_WIDGET (box)); line;
       line = gtk_widget_get_next_sibling (line))
    if (g_strcmp0 (g_object_get_data (G_OBJECT (line), "task"), task) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_asked (GListModel *rows, const char *task)
{
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (rows, i);

      if (g_strcmp0 (care_row_get_text (row, CARE_ROW_REFERENCE), task) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Lines that stand stay as they are: somebody may have the focus on one. */
static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Act) act = user_data;
  g_autoptr (GListStore) rows = care_visit_list_hand_overs_finish (result, NULL);
  GtkWidget *line = gtk_widget_get_first_child (GTK_WIDGET (act->box));
  guint count = rows ? g_list_model_get_n_items (G_LIST_MODEL (rows)) : 0;

  if (!rows)
    return; /* what is shown was true a moment ago */
  while (line)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (line);

      if (!is_asked (G_LIST_MODEL (rows), g_object_get_data (G_OBJECT (line), "task")))
        gtk_box_remove (act->box, line);
      line = next;
    }
  for (guint i = 0; i < count; i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (rows), i);

      if (has_line (act->box, care_row_get_text (row, CARE_ROW_REFERENCE)))
        continue;
      gtk_box_append (act->box, make_line (act, row));
      today_notice_asked (act->page);
    }
  gtk_widget_set_visible (GTK_WIDGET (act->box), count > 0);
}

/**
 * today_hand_over_show:
 * @box: gets a line for each visit that this clinician is asked to take over
 */
void
today_hand_over_show (GtkWidget *page, WorkspaceSession *session, GtkBox *box)
{
  Act *act = act_new (page, session);

  act->box = g_object_ref (box);
  care_visit_list_hand_overs_async (workspace_session_get_context (session), NULL, listed_cb, act);
}

/* ---- running late ---- */

/**
 * today_late_menu:
 *
 * Returns: (transfer full): how late one is, each with the action "today.late"
 */
GMenuModel *
today_late_menu (void)
{
  static const int minutes[] = { 5, 10, 15, 20, 30, 45, 60 };
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) back = g_menu_new ();
  g_autoptr (GMenuItem) none = g_menu_item_new (_ ("Not Late Any More"), NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (minutes); i++)
    {
      g_autofree char *label =
          g_strdup_printf (ngettext ("%d Minute", "%d Minutes", (gulong) minutes[i]), minutes[i]);
      g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

      g_menu_item_set_action_and_target (item, "today.late", "i", minutes[i]);
      g_menu_append_item (menu, item);
    }
  g_menu_item_set_action_and_target (none, "today.late", "i", 0);
  g_menu_append_item (back, none);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (back));
  return G_MENU_MODEL (menu);
}

static void
told_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Act) act = user_data;
  g_autoptr (GError) error = NULL;
  guint told = care_visit_tell_late_finish (result, &error);
  g_autofree char *text = NULL;

  if (error)
    {
      workspace_toast_say (act->page, error->message);
      return;
    }
  text =
      told > 0
          ? g_strdup_printf (ngettext ("%u patient who waits or comes next sees the new time.",
                                       "%u patients who wait or come next see the new time.", told),
                             told)
          : g_strdup (_ ("Nobody waits for you or comes within three hours."));
  workspace_toast_say (act->page, text);
}

/**
 * today_late_tell:
 * @minutes: until this clinician is free; 0: not late any more
 */
void
today_late_tell (GtkWidget *page, WorkspaceSession *session, int minutes)
{
  care_visit_tell_late_async (workspace_session_get_context (session), minutes, told_cb,
                              act_new (page, session));
}
