/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-second-factor.h"

#include <glib/gi18n.h>

#include "base-totp.h"
#include "workspace-response.h"
#include "workspace-text.h"

/* The six digits that a controlled drug is signed with, asked where it is read once more: what they
 * sign stands above them, and so does what they mean (21 CFR 1311.140 (a) (3) and (4)). Where
 * nobody could say whether a drug is one they may be typed, and need not be. */

#define ANSWERED "second-factor-answered"
#define ENTRY    "second-factor-entry"
#define NEEDED   "second-factor-needed"
#define ASKED_BY "second-factor-question"
#define RESPONSE "second-factor-response"

/**
 * workspace_second_factor_append_line:
 * @controlled: (nullable)
 *
 * Says at a prescription whether its drug is a controlled one, or that nobody looked. That it is
 * not in the table is said quietly.
 */
void
workspace_second_factor_append_line (GtkWidget *box, const ClinicalControlled *controlled)
{
  if (controlled)
    workspace_text_append (box, controlled->sentence,
                           controlled->state == CLINICAL_CONTROLLED_NOT_LISTED ? "dim-label"
                                                                               : "warning");
}

static gboolean
is_one (const ClinicalControlled *controlled, ClinicalControlledState state)
{
  return controlled && controlled->state == state;
}

static gboolean
has (GPtrArray *controlled, ClinicalControlledState state)
{
  for (guint i = 0; controlled && i < controlled->len; i++)
    if (is_one (controlled->pdata[i], state))
      return TRUE;
  return FALSE;
}

/* Whether one of them needs the digits. */
gboolean
workspace_second_factor_is_asked (GPtrArray *controlled)
{
  return has (controlled, CLINICAL_CONTROLLED);
}

/* ---- the question ---- */

typedef struct
{
  GtkWidget *question; /* not owned: the entry is within it */
  WorkspaceSecondFactorChanged changed;
  gpointer data;
} Asked;

static void
asked_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

static void
set_answered (GtkWidget *question, const char *typed)
{
  gboolean needed = g_object_get_data (G_OBJECT (question), NEEDED) != NULL;
  gboolean answered = base_totp_is_code (typed) || (!needed && *typed == '\0');

  g_object_set_data (G_OBJECT (question), ANSWERED, GINT_TO_POINTER (answered));
}

static void
typed_cb (GtkEditable *entry, Asked *asked)
{
  g_autofree char *typed = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  set_answered (asked->question, typed);
  asked->changed (asked->question, asked->data);
}

static GtkWidget *
entry_new (GtkWidget *question,
           gboolean needed,
           WorkspaceSecondFactorChanged changed,
           gpointer data)
{
  GtkWidget *entry = adw_entry_row_new ();
  const char *title = needed ? _ ("Six digits of your second factor")
                             : _ ("Six digits of your second factor, if it is one");
  Asked *asked = g_new0 (Asked, 1);

  asked->question = question;
  asked->changed = changed;
  asked->data = data;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), title);
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (entry), TRUE);
  adw_entry_row_set_max_length (ADW_ENTRY_ROW (entry), BASE_TOTP_DIGITS);
  adw_entry_row_set_input_purpose (ADW_ENTRY_ROW (entry), GTK_INPUT_PURPOSE_DIGITS);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_signal_connect_data (entry, "changed", G_CALLBACK (typed_cb), asked, asked_free, 0);
  g_object_set_data (G_OBJECT (question), ENTRY, entry);
  return entry;
}

/* Its substance is that of 21 CFR 1311.140 (a) (3). */
static char *
dup_statement (CareContext *context)
{
  return g_strdup_printf (
      _ ("By typing these digits now you sign the controlled drugs above, as you would by hand, "
         "and "
         "allow them to be sent to the pharmacy and dispensed. Only %s, whose digits they are, may "
         "type them."),
      care_context_get_user_name (context));
}

/* Whether there is one is known when the keyring has answered, which may ask its user first: so it
 * stands there always, for who has none yet or another telephone. */
static void
append_set_up (GtkWidget *question)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("Set _Up the Second Factor…"));

  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "app.second-factor");
  gtk_box_append (GTK_BOX (question), button);
}

/**
 * workspace_second_factor_question_new:
 * @controlled: (element-type ClinicalControlled): of all that is signed; members may be NULL
 * @changed: called whenever something was typed
 *
 * Returns: (transfer floating) (nullable): NULL where none needs it and all were looked up
 */
GtkWidget *
workspace_second_factor_question_new (CareContext *context,
                                      GPtrArray *controlled,
                                      WorkspaceSecondFactorChanged changed,
                                      gpointer data)
{
  gboolean needed = has (controlled, CLINICAL_CONTROLLED);
  GtkWidget *box, *list;
  g_autofree char *statement = NULL;

  if (!needed && !has (controlled, CLINICAL_CONTROLLED_NOT_CHECKED))
    return NULL;
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  list = gtk_list_box_new ();
  g_object_set_data (G_OBJECT (box), NEEDED, GINT_TO_POINTER (needed));
  set_answered (box, "");
  statement = needed ? dup_statement (context) : NULL;
  /* the digits take the focus, and what stands at the top may have scrolled out of sight */
  for (guint i = 0; i < controlled->len; i++)
    if (is_one (controlled->pdata[i], CLINICAL_CONTROLLED))
      workspace_second_factor_append_line (box, controlled->pdata[i]);
  workspace_text_append (box, statement, NULL);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), entry_new (box, needed, changed, data));
  gtk_box_append (GTK_BOX (box), list);
  append_set_up (box);
  return box;
}

/* Whether six digits were typed, or need not be. */
gboolean
workspace_second_factor_is_answered (GtkWidget *question)
{
  return !question || g_object_get_data (G_OBJECT (question), ANSWERED) != NULL;
}

/* (transfer full) (nullable): what was typed; NULL where nothing was */
char *
workspace_second_factor_dup_code (GtkWidget *question)
{
  GtkEditable *entry = question ? g_object_get_data (G_OBJECT (question), ENTRY) : NULL;
  g_autofree char *typed = entry ? g_strstrip (g_strdup (gtk_editable_get_text (entry))) : NULL;

  return typed && *typed ? g_steal_pointer (&typed) : NULL;
}

/* ---- in a dialog of its own ---- */

static void
update_response (GtkWidget *question, gpointer dialog)
{
  const char *response = g_object_get_data (G_OBJECT (question), RESPONSE);

  workspace_response_set (ADW_ALERT_DIALOG (dialog), response, "second-factor",
                          workspace_second_factor_is_answered (question));
}

/**
 * workspace_second_factor_new:
 * @dialog: with @response among its responses, which cannot be chosen until the digits are typed
 *
 * Returns: (transfer floating) (nullable): as workspace_second_factor_question_new(): to be put
 *   below what is signed
 */
GtkWidget *
workspace_second_factor_new (CareContext *context,
                             GPtrArray *controlled,
                             AdwAlertDialog *dialog,
                             const char *response)
{
  GtkWidget *question =
      workspace_second_factor_question_new (context, controlled, update_response, dialog);

  if (!question)
    return NULL;
  g_object_set_data_full (G_OBJECT (question), RESPONSE, g_strdup (response), g_free);
  g_object_set_data_full (G_OBJECT (dialog), ASKED_BY, g_object_ref_sink (question),
                          g_object_unref);
  update_response (question, dialog);
  return question;
}

/* (transfer full) (nullable): what was typed in @dialog */
char *
workspace_second_factor_dup_code_of (AdwAlertDialog *dialog)
{
  return workspace_second_factor_dup_code (g_object_get_data (G_OBJECT (dialog), ASKED_BY));
}
