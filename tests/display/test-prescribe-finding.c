/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-find.h"
#include "prescribe-form.h"

/* What the checks say has its way out beside it. */

#define METHOTREXATE "105585" /* 2.5 mg tablets */
#define CHILD        "2022-03-12"

typedef struct
{
  DisplayFixture display;
  const char *birth_date;
  CarePrescriptionDraft *draft;
  PrescribeSheet *sheet;
  PrescribeForm *form;
  GtkWidget *window;
} Fixture;

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autofree char *patient =
      g_strdup_printf ("{'resourceType':'Patient','id':'jane','birthDate':'%s'}", self->birth_date);

  care_fixture_put (connection, patient);
  care_fixture_put (
      connection,
      "{'resourceType':'AllergyIntolerance','id':'pen','clinicalStatus':{'coding':[{'code':'active'"
      "}]},'criticality':'high','code':{'text':'Penicillin'},'patient':{'reference':'Patient/"
      "jane'}}");
  return TRUE;
}

static void
open_form (Fixture *self, const char *birth_date, const char *rxcui)
{
  const StoreDrug *drug;
  GtkWidget *toasts = adw_toast_overlay_new ();

  display_fixture_set_up (&self->display, NULL);
  self->birth_date = birth_date;
  g_assert_true (store_database_write (self->display.care.database, BASE_LANE_PERSON, put_patient,
                                       self, NULL));
  drug = store_content_get_drug (self->display.care.content, rxcui);
  self->draft = care_prescription_draft_new ("d1", "jane", "Practitioner/doctor", NULL);
  care_prescription_draft_set_drug (self->draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  g_object_set (self->draft, "dose-value", "1", "frequency", 1, "quantity", "8", NULL);
  self->sheet =
      prescribe_sheet_new (self->display.care.doctor, self->display.care.content, self->draft);
  self->form = g_object_new (PRESCRIBE_TYPE_FORM, NULL);
  prescribe_form_set_context (self->form, self->display.care.doctor,
                              workspace_session_get_lock (self->display.session));
  prescribe_form_set_sheet (self->form, self->sheet);
  self->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, NULL);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (toasts), GTK_WIDGET (self->form));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self->window), toasts);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 400, 1400);
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
close_form (Fixture *self)
{
  prescribe_sheet_close (self->sheet);
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_clear_object (&self->sheet);
  g_clear_object (&self->draft);
  display_fixture_tear_down (&self->display, NULL);
}

static gboolean
is_weekly_choice (GtkWidget *widget, const char *text)
{
  GListModel *model =
      GTK_IS_DROP_DOWN (widget) ? gtk_drop_down_get_model (GTK_DROP_DOWN (widget)) : NULL;

  return GTK_IS_STRING_LIST (model) &&
         g_strcmp0 (gtk_string_list_get_string (GTK_STRING_LIST (model), 0), text) == 0;
}

static gboolean
is_ready (gpointer form)
{
  return prescribe_form_is_ready (form);
}

/* Methotrexate every day cannot be signed, whatever the reason. The way out is one choice: once a
 * week, on a day with a name. */
static void
test_weekly (void)
{
  Fixture self = { 0 };
  GtkWidget *choice;
  g_autofree char *days = NULL, *unit = NULL;

  open_form (&self, "1961-03-12", METHOTREXATE);
  display_assert_label (self.form, "It cannot be signed like this");
  choice = display_wait_for (self.form, is_weekly_choice, "Change to once a week, on…");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (choice), 2);
  g_object_get (self.draft, "days", &days, "period-unit", &unit, NULL);
  g_assert_cmpstr (days, ==, "tue");
  g_assert_cmpstr (unit, ==, "wk");
  g_assert_true (display_spin (is_ready, self.form));
  display_assert_none (self.form, is_weekly_choice, "Change to once a week, on…");
  close_form (&self);
}

static gboolean
has_weight (gpointer sheet)
{
  const CarePrescriptionFacts *facts = prescribe_sheet_get_facts (sheet);

  return facts != NULL && facts->weight_problem == NULL && facts->weight != NULL;
}

static gboolean
is_save (GtkWidget *widget, const char *text)
{
  return display_is_button (widget, text) && gtk_widget_get_sensitive (widget);
}

static gboolean
is_unit_row (GtkWidget *widget, const char *text)
{
  return ADW_IS_COMBO_ROW (widget) && display_is_row (widget, text);
}

static gboolean
is_value_row (GtkWidget *widget, const char *text)
{
  return ADW_IS_ENTRY_ROW (widget) && display_is_row (widget, text);
}

static void
choose_unit (GtkWidget *dialog, const char *unit)
{
  GtkWidget *row = display_wait_for (dialog, is_unit_row, "Unit");
  GListModel *units = adw_combo_row_get_model (ADW_COMBO_ROW (row));

  for (guint i = 0; i < g_list_model_get_n_items (units); i++)
    if (g_str_equal (gtk_string_list_get_string (GTK_STRING_LIST (units), i), unit))
      adw_combo_row_set_selected (ADW_COMBO_ROW (row), i);
}

/* The dose of a child's amoxicillin is not checked without a weight, and not to be signed. The
 * weight is entered here, with a unit, and the checks run again with it. */
static void
test_weight (void)
{
  Fixture self = { 0 };
  GtkWidget *dialog, *value;

  open_form (&self, CHILD, "308189");
  display_press (self.form, "Enter the Weight…");
  dialog =
      GTK_WIDGET (adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self.window)));
  display_type (dialog, "Weight, measured now", "150");
  g_assert_null (display_find (dialog, is_save, "_Save")); /* no unit yet */
  choose_unit (dialog, "kg");
  value = display_wait_for (dialog, is_value_row, "Weight, measured now");
  g_signal_emit_by_name (display_wait_for (dialog, is_save, "_Save"), "clicked");
  /* the answer is about this value and this unit: neither is edited meanwhile */
  g_assert_false (gtk_widget_get_sensitive (value));
  g_assert_false (gtk_widget_get_sensitive (display_wait_for (dialog, is_unit_row, "Unit")));
  display_assert_label (dialog, "This is an unusual weight at this age.");
  g_assert_true (gtk_widget_get_sensitive (value));
  display_type (dialog, "Weight, measured now", "15");
  g_signal_emit_by_name (display_wait_for (dialog, is_save, "_Save"), "clicked");
  g_assert_true (display_spin (has_weight, self.sheet));
  close_form (&self);
}

/* Why, by which page, and where in the chart. */
static void
test_says_where_from (void)
{
  Fixture self = { 0 };

  open_form (&self, "1961-03-12", "308191");
  display_assert_label (self.form, "enicillin");
  display_wait_for (self.form, display_is_button, "Show in the Chart");
  close_form (&self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/prescribe/finding/weekly", test_weekly);
  g_test_add_func ("/prescribe/finding/weight", test_weight);
  g_test_add_func ("/prescribe/finding/says-where-from", test_says_where_from);
  return g_test_run ();
}
