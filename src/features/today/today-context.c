/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-context.h"

#include <glib/gi18n.h>

#include "care-summary.h"

#include "today-hand-over.h"

/* What one wants to know before opening the selected patient. Reading is cancelled when the
 * selection moves on, and an answer is shown only for the patient it was asked for. Once the
 * sign-in has run out no chart opens, and nothing of one is shown here either; where the patient is
 * and the number to call stay, because a visit that cannot be held is telephoned. */

#define PROBLEMS_SHOWN 6

struct _TodayContext
{
  AdwBin parent_instance;

  WorkspaceSession *session;
  CareDayRow *row;
  GCancellable *cancellable;

  GtkLabel *name_label;
  GtkLabel *allergies_label;
  GtkLabel *problems_label;
  GtkLabel *visit_label;
  GtkLabel *place_label;
  GtkLabel *intake_label;
  GtkWidget *hand_over_button;
};

G_DEFINE_FINAL_TYPE (TodayContext, today_context, ADW_TYPE_BIN)

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text && *text);
}

static char *
list_problems (CareSummary *summary)
{
  GListModel *problems = care_summary_get_list (summary, CARE_LIST_PROBLEMS);
  g_autoptr (GString) text = g_string_new (NULL);
  guint active = 0;

  for (guint i = 0; i < g_list_model_get_n_items (problems); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (problems, i);
      if (g_strcmp0 (care_row_get_text (row, CARE_ROW_GROUP), "Active") != 0 ||
          ++active > PROBLEMS_SHOWN)
        continue;
      g_string_append_printf (text, "%s%s", text->len ? " · " : "", care_row_get_title (row));
    }
  if (active == 0)
    return g_strdup (care_summary_get_problems_line (summary));
  if (active > PROBLEMS_SHOWN)
    g_string_append_printf (text, ngettext (" · %u more", " · %u more", active - PROBLEMS_SHOWN),
                            active - PROBLEMS_SHOWN);
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static char *
describe_last_visit (CareSummary *summary)
{
  GListModel *visits = care_summary_get_list (summary, CARE_LIST_VISITS);

  for (guint i = 0; i < g_list_model_get_n_items (visits); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (visits, i);
      const char *date = care_row_get_text (row, CARE_ROW_DATE);
      if (g_strcmp0 (care_row_get_text (row, CARE_ROW_GROUP), "Past") == 0 && date)
        return g_strdup_printf (_ ("Last visit %s: %s"), date,
                                care_row_get_text (row, CARE_ROW_SUBTITLE));
    }
  return g_strdup (_ ("No earlier visit recorded here"));
}

static char *
describe_place (CareDayRow *row)
{
  const char *place = care_day_row_get_location (row);
  const char *number = care_day_row_get_callback_number (row);

  if (!place && !number)
    return NULL;
  return g_strdup_printf (_ ("The patient is now: %s · call back on %s"),
                          place ? place : _ ("a place not said"),
                          number ? number : _ ("no number given"));
}

/* What the nurse did, for who comes next. */
static char *
describe_intake (CareDayRow *row)
{
  const char *intake = care_day_row_get_intake (row);
  const char *nurse = care_day_row_get_intake_by (row);

  /* Translators: a nurse's name, what the nurse wrote */
  return intake
             ? g_strdup_printf (_ ("Intake by %s: %s"), nurse ? nurse : _ ("a colleague"), intake)
             : NULL;
}

/* Where the patient reads in another language than this screen is in: a greeting, or an
 * interpreter, can be prepared. */
static const char *
describe_language (CareDayRow *row)
{
  static const struct
  {
    const char *tag, *sentence;
  } languages[] = {
    { "en", N_ ("The patient reads the visit's page in English.") },
    { "de", N_ ("The patient reads the visit's page in German.") },
    { "es", N_ ("The patient reads the visit's page in Spanish.") },
    { "fr", N_ ("The patient reads the visit's page in French.") },
    { "ja", N_ ("The patient reads the visit's page in Japanese.") },
  };
  const char *tag = care_day_row_get_language (row);
  const char *own = g_get_language_names ()[0];

  if (*own == 'C')
    own = "en";
  if (!tag || strncmp (own, tag, strlen (tag)) == 0)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    if (g_str_equal (languages[i].tag, tag))
      return _ (languages[i].sentence);
  return NULL;
}

static char *
describe_person (CareDayRow *row)
{
  g_autofree char *place = describe_place (row);
  const char *language = describe_language (row);

  if (!place || !language)
    return place ? g_steal_pointer (&place) : g_strdup (language);
  return g_strconcat (place, "\n", language, NULL);
}

/* Nothing of the chart, and why. */
static gboolean
is_locked (TodayContext *self)
{
  if (!workspace_lock_check (workspace_session_get_lock (self->session)))
    return FALSE;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  set_text (self->allergies_label, NULL);
  set_text (self->problems_label,
            _ ("Nothing of the chart is shown: your sign-in has ended. Connect "
               "to the network to see it again."));
  set_text (self->visit_label, NULL);
  set_text (self->intake_label, NULL);
  return TRUE;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TodayContext) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CareSummary) summary = care_summary_load_finish (result, &error);

  if (!summary)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        set_text (self->problems_label, error->message);
      return;
    }
  if (!self->row ||
      g_strcmp0 (care_summary_get_patient_id (summary), care_day_row_get_patient_id (self->row)) !=
          0 ||
      is_locked (self))
    return;
  g_autofree char *problems = list_problems (summary);
  g_autofree char *visit = describe_last_visit (summary);
  const char *allergies = care_summary_get_allergies_line (summary);
  gboolean listed = care_summary_get_allergy_state (summary) == CARE_ALLERGIES_LISTED;
  g_autofree char *line =
      listed ? g_strdup_printf (_ ("Allergies  %s"), allergies) : g_strdup (allergies);

  set_text (self->allergies_label, line);
  set_text (self->problems_label, problems);
  set_text (self->visit_label, visit);
  if (listed)
    gtk_widget_add_css_class (GTK_WIDGET (self->allergies_label), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->allergies_label), "error");
}

static void
open_cb (TodayContext *self)
{
  if (self->row)
    workspace_session_open_patient (self->session, care_day_row_get_patient_id (self->row), "show",
                                    NULL);
}

static void
today_context_dispose (GObject *object)
{
  TodayContext *self = TODAY_CONTEXT (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), TODAY_TYPE_CONTEXT);
  g_clear_object (&self->row);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (today_context_parent_class)->dispose (object);
}

static void
today_context_class_init (TodayContextClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = today_context_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/today/today-context.ui");
  gtk_widget_class_bind_template_child (widget_class, TodayContext, name_label);
  gtk_widget_class_bind_template_child (widget_class, TodayContext, allergies_label);
  gtk_widget_class_bind_template_child (widget_class, TodayContext, problems_label);
  gtk_widget_class_bind_template_child (widget_class, TodayContext, visit_label);
  gtk_widget_class_bind_template_child (widget_class, TodayContext, place_label);
  gtk_widget_class_bind_template_child (widget_class, TodayContext, intake_label);
  gtk_widget_class_bind_template_child (widget_class, TodayContext, hand_over_button);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
}

static void
today_context_init (TodayContext *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static void
read_chart (TodayContext *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  care_summary_load_async (workspace_session_get_database (self->session),
                           care_day_row_get_patient_id (self->row),
                           workspace_session_get_clock (self->session), self->cancellable,
                           loaded_cb, g_object_ref (self));
}

static void
lock_changed_cb (TodayContext *self)
{
  if (self->row && !is_locked (self))
    read_chart (self);
}

void
today_context_set_session (TodayContext *self, WorkspaceSession *session)
{
  g_return_if_fail (TODAY_IS_CONTEXT (self));

  g_set_object (&self->session, session);
  g_signal_connect_object (workspace_session_get_lock (session), "notify::text",
                           G_CALLBACK (lock_changed_cb), self, G_CONNECT_SWAPPED);
}

/* @row: (nullable): whose context to show. */
void
today_context_set_row (TodayContext *self, CareDayRow *row)
{
  g_return_if_fail (TODAY_IS_CONTEXT (self));

  gboolean same =
      row && self->row &&
      g_strcmp0 (care_day_row_get_patient_id (row), care_day_row_get_patient_id (self->row)) == 0;
  g_set_object (&self->row, row);
  gtk_widget_set_visible (GTK_WIDGET (self), row != NULL);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (!row)
    return;
  g_autofree char *place = describe_person (row);
  gtk_label_set_label (self->name_label, care_day_row_get_name (row));
  set_text (self->place_label, place);
  gtk_widget_set_visible (self->hand_over_button, today_hand_over_may (row));
  if (is_locked (self))
    return;
  g_autofree char *intake = describe_intake (row);
  set_text (self->intake_label, intake);
  if (!same)
    {
      set_text (self->allergies_label, NULL);
      set_text (self->problems_label, _ ("Reading the chart…"));
      set_text (self->visit_label, NULL);
    }
  read_chart (self);
}
