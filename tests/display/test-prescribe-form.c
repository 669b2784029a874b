/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display-fixture.h"
#include "prescribe-form.h"
#include "prescribe-more.h"
#include "prescribe-sheet-private.h"
#include "prescribe-shorthand.h"
#include "workspace-finding-row.h"

/* The form of one prescription: whole dosages in one line, what was taken before, further steps,
 * supply both ways and dose by weight. With BEDSIDE_SHOTS set, each case leaves a picture there. */

#define PREDNISONE_LIKE "308192" /* amoxicillin 500 mg tablets: counted, and nothing interrupts */

typedef struct
{
  DisplayFixture display;
  CarePrescriptionDraft *draft;
  PrescribeSheet *sheet;
  GtkWidget *window;
  PrescribeForm *form;
  const char *birth_date, *extra; /* (nullable): a further record */
} Fixture;

static gboolean
put_records (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autofree char *patient = g_strdup_printf (
      "{'resourceType':'Patient','id':'jane','birthDate':'%s','communication':[{'language':{"
      "'coding':[{'code':'de'}]}}],'name':[{'family':'Smith','given':['Jane']}]}",
      self->birth_date);

  care_fixture_put (connection, patient);
  if (self->extra != NULL)
    care_fixture_put (connection, self->extra);
  return TRUE;
}

static gboolean
has_facts (gpointer data)
{
  return prescribe_sheet_get_facts (data) != NULL;
}

static void
open_form (Fixture *self, const char *birth_date, const char *extra, int width)
{
  const StoreDrug *drug;

  display_fixture_set_up (&self->display, NULL);
  self->birth_date = birth_date;
  self->extra = extra;
  g_assert_true (store_database_write (self->display.care.database, BASE_LANE_PERSON, put_records,
                                       self, NULL));
  drug = store_content_get_drug (self->display.care.content, PREDNISONE_LIKE);
  self->draft = care_prescription_draft_new ("d1", "jane", "Practitioner/doctor", NULL);
  care_prescription_draft_set_drug (self->draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  self->sheet =
      prescribe_sheet_new (self->display.care.doctor, self->display.care.content, self->draft);
  self->form = g_object_new (PRESCRIBE_TYPE_FORM, NULL);
  prescribe_form_set_context (self->form, self->display.care.doctor,
                              workspace_session_get_lock (self->display.session));
  prescribe_form_set_sheet (self->form, self->sheet);
  self->window = g_object_new (ADW_TYPE_WINDOW, NULL);
  adw_window_set_content (ADW_WINDOW (self->window), GTK_WIDGET (self->form));
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, 1500);
  gtk_window_present (GTK_WINDOW (self->window));
  g_assert_true (display_spin (has_facts, self->sheet));
}

static void
shoot_now (Fixture *self, const char *folder, const char *name)
{
  g_autoptr (GdkPaintable) paintable = NULL;
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree char *path = NULL;
  GtkSnapshot *snapshot;
  gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC;

  display_spin (display_has_passed, &end);
  paintable = gtk_widget_paintable_new (self->window);
  snapshot = gtk_snapshot_new ();
  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (self->window),
                          gtk_widget_get_height (self->window));
  node = gtk_snapshot_free_to_node (snapshot);
  texture =
      gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (self->window)), node, NULL);
  path = g_strdup_printf ("%s/%s.png", folder, name);
  gdk_texture_save_to_png (texture, path);
}

/* The top of the form and its end. */
static void
shoot (Fixture *self, const char *name)
{
  const char *folder = g_getenv ("BEDSIDE_SHOTS");
  GtkWidget *pane = display_find_child (GTK_WIDGET (self->form), GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *place = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (pane));
  g_autofree char *end = g_strconcat (name, "-end", NULL);

  if (folder == NULL)
    return;
  shoot_now (self, folder, name);
  gtk_adjustment_set_value (place, gtk_adjustment_get_upper (place));
  shoot_now (self, folder, end);
  gtk_adjustment_set_value (place, 0);
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

static GtkWidget *
find_row (GtkWidget *widget, const char *title)
{
  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (ADW_IS_ENTRY_ROW (widget) &&
      g_str_has_prefix (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, title);

      if (found)
        return found;
    }
  return NULL;
}

/* The entry that is called @title; what the checks say above may begin in the same way. */
static GtkWidget *
row_of (Fixture *self, const char *title)
{
  GtkWidget *row = find_row (GTK_WIDGET (self->form), title);

  if (row == NULL)
    g_error ("no entry is called “%s”", title);
  return row;
}

static void
type_and_enter (GtkWidget *row, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (row), text);
  g_signal_emit_by_name (row, "apply");
}

static GtkWidget *
shorthand_row (Fixture *self)
{
  return row_of (self, "Whole dosage");
}

static void
assert_draft (Fixture *self, const char *text)
{
  g_autofree char *now = care_prescription_draft_dup_text (self->draft, NULL);

  g_assert_cmpstr (now, ==, text);
}

static GtkWidget *
find_button (GtkWidget *widget, const char *label)
{
  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, label);

      if (found)
        return found;
    }
  return NULL;
}

static void
press (Fixture *self, const char *label)
{
  GtkWidget *button = find_button (GTK_WIDGET (self->form), label);

  if (button == NULL)
    g_error ("no button says “%s”", label);
  g_signal_emit_by_name (button, "clicked");
}

/* What was understood stands there before it is taken; Enter takes it, into every row. */
static void
test_shorthand (void)
{
  Fixture self = { 0 };

  open_form (&self, "1961-03-12", NULL, 700);
  prescribe_form_start (self.form);
  gtk_editable_set_text (GTK_EDITABLE (shorthand_row (&self)), "1 t bd 7d prn pain");
  display_assert_label (self.form, "1 tablet - twice a day - as required for pain - for 7 days");
  display_assert_label (self.form, "up to 2 tablets a day");
  assert_draft (&self, NULL);
  shoot (&self, "form-echo");
  g_signal_emit_by_name (shorthand_row (&self), "apply");
  assert_draft (&self, "Take 1 tablet - twice a day - oral - as required for pain - for 7 days");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row_of (&self, "Dose"))), ==, "1");
  display_assert_label (self.form, "14 tablets are needed for 7 days");
  display_assert_label (self.form, "The patient reads: Einnehmen: 1 Tablette, 2-mal am Tag");
  shoot (&self, "form-taken");
  close_form (&self);
}

static gboolean
is_ready (gpointer data)
{
  return prescribe_form_is_ready (data);
}

/* What was found is of the dose that it was found for: a change takes the signature away until the
 * checks have answered again. */
static void
test_changed_is_not_signed (void)
{
  Fixture self = { 0 };
  guint checked;

  open_form (&self, "1961-03-12", NULL, 700);
  type_and_enter (shorthand_row (&self), "1 t bd 7d");
  g_object_set (self.draft, "quantity", "14", "quantity-unit", "tablet", NULL);
  g_assert_true (display_spin (is_ready, self.form));
  checked = prescribe_sheet_get_checked (self.sheet);
  g_assert_cmpuint (checked, >, 0);
  gtk_editable_set_text (GTK_EDITABLE (row_of (&self, "Dose")), "40");
  g_assert_nonnull (prescribe_sheet_get_findings (self.sheet)); /* they stay in sight */
  g_assert_false (prescribe_form_is_ready (self.form));
  g_assert_cmpuint (prescribe_sheet_get_checked (self.sheet), ==, 0);
  gtk_editable_set_text (GTK_EDITABLE (row_of (&self, "Dose")), "1");
  g_assert_true (display_spin (is_ready, self.form));
  g_assert_cmpuint (prescribe_sheet_get_checked (self.sheet), >, checked);
  close_form (&self);
}

/* ---- how often the checks run ---- */

static void (*real_rules) (void);
static int n_checks; /* atomic: they run in a thread */
static GMutex held;  /* a check waits while somebody has it */

/* Each check asks for the rules once. */
static ClinicalRules *
counted_rules (ClinicalContent *content)
{
  g_atomic_int_inc (&n_checks);
  g_mutex_lock (&held);
  g_mutex_unlock (&held);
  return ((ClinicalRules * (*) (ClinicalContent *) ) real_rules) (content);
}

static void
count_checks (Fixture *self)
{
  ClinicalContentInterface *content = CLINICAL_CONTENT_GET_IFACE (self->display.care.content);

  if (content->dup_rules != counted_rules)
    real_rules = (void (*) (void)) content->dup_rules;
  content->dup_rules = counted_rules;
  g_atomic_int_set (&n_checks, 0);
}

static gboolean
is_checked (gpointer data)
{
  return prescribe_sheet_get_checked (data) > 0;
}

static gboolean
is_asked (gpointer data)
{
  return g_atomic_int_get (&n_checks) >= GPOINTER_TO_INT (data);
}

static gboolean
finds (PrescribeSheet *sheet, const char *words)
{
  GPtrArray *findings = prescribe_sheet_get_findings (sheet);

  for (guint i = 0; findings != NULL && i < findings->len; i++)
    {
      const char *sentence = ((ClinicalFinding *) findings->pdata[i])->sentence;

      if (strstr (sentence, words) != NULL)
        return TRUE;
      g_test_message ("found: %s", sentence);
    }
  return FALSE;
}

/* Somebody types for more than a second: that is one check, and one more for each time that the
 * machine itself let the draft rest. */
static void
test_typing_is_checked_once (void)
{
  Fixture self = { 0 };
  gint64 end, before;
  int most = 1;

  open_form (&self, "1961-03-12", NULL, 700);
  type_and_enter (shorthand_row (&self), "1 t bd 7d");
  g_assert_true (display_spin (is_checked, self.sheet));
  count_checks (&self);
  end = g_get_monotonic_time () + 12 * G_USEC_PER_SEC / 10;
  before = g_get_monotonic_time ();
  for (int i = 0; g_get_monotonic_time () < end; i++)
    {
      gtk_editable_set_text (GTK_EDITABLE (row_of (&self, "Dose")), i % 2 == 0 ? "2" : "3");
      g_main_context_iteration (NULL, FALSE);
      g_usleep (10000);
      most += g_get_monotonic_time () - before > 250 * G_TIME_SPAN_MILLISECOND;
      before = g_get_monotonic_time ();
    }
  gtk_editable_set_text (GTK_EDITABLE (row_of (&self, "Dose")), "40");
  g_assert_cmpuint (prescribe_sheet_get_checked (self.sheet), ==, 0);
  g_assert_true (display_spin (is_checked, self.sheet));
  g_assert_cmpint (g_atomic_int_get (&n_checks), >=, 1);
  g_assert_cmpint (g_atomic_int_get (&n_checks), <=, most);
  g_assert_true (finds (self.sheet, "20000 mg"));
  close_form (&self);
}

/* While a check runs no other one does; what was changed meanwhile is checked after it. */
static void
test_one_check_at_a_time (void)
{
  Fixture self = { 0 };
  gint64 end;

  open_form (&self, "1961-03-12", NULL, 700);
  type_and_enter (shorthand_row (&self), "1 t bd 7d");
  g_assert_true (display_spin (is_checked, self.sheet));
  count_checks (&self);
  g_mutex_lock (&held);
  gtk_editable_set_text (GTK_EDITABLE (row_of (&self, "Dose")), "2");
  g_assert_true (display_spin (is_asked, GINT_TO_POINTER (1)));
  gtk_editable_set_text (GTK_EDITABLE (row_of (&self, "Dose")), "40");
  end = g_get_monotonic_time () + G_USEC_PER_SEC;
  display_spin (display_has_passed, &end);
  g_assert_cmpint (g_atomic_int_get (&n_checks), ==, 1);
  g_assert_cmpuint (prescribe_sheet_get_checked (self.sheet), ==, 0);
  g_mutex_unlock (&held);
  g_assert_true (display_spin (is_checked, self.sheet));
  g_assert_cmpint (g_atomic_int_get (&n_checks), ==, 2);
  g_assert_true (finds (self.sheet, "20000 mg"));
  close_form (&self);
}

static void
count_cb (guint *n)
{
  (*n)++;
}

/* A drug is a dozen properties: they are one change, and one check. */
static void
test_drug_is_one_change (void)
{
  Fixture self = { 0 };
  guint n_changes = 0;
  gint64 end;

  open_form (&self, "1961-03-12", NULL, 700);
  g_assert_true (display_spin (is_checked, self.sheet));
  count_checks (&self);
  g_signal_connect_swapped (self.sheet, "changed", G_CALLBACK (count_cb), &n_changes);
  prescribe_sheet_choose_drug (self.sheet,
                               store_content_get_drug (self.display.care.content, PREDNISONE_LIKE));
  g_assert_cmpuint (n_changes, ==, 1);
  g_assert_cmpuint (prescribe_sheet_get_checked (self.sheet), ==, 0);
  g_assert_true (display_spin (is_checked, self.sheet));
  end = g_get_monotonic_time () + G_USEC_PER_SEC;
  display_spin (display_has_passed, &end);
  g_assert_cmpint (g_atomic_int_get (&n_checks), ==, 1);
  g_assert_cmpuint (prescribe_sheet_get_checked (self.sheet), >, 0);
  close_form (&self);
}

static void
test_nothing_is_guessed (void)
{
  static const struct
  {
    const char *typed, *says;
  } cases[] = {
    { "1 t bd with luck", "Not understood: “with luck”" },
    { "MS 5 mg bd", "morphine sulfate or magnesium sulfate" },
    { "1,000 mg bd", "cannot be read for certain" },
    { "500mg", "does not yet say how often" },
    { "999999999 t bd", "So many at once cannot be meant" },
    { "1 t bd \xe2\x80\xae<b>", "each has been read as the other" },
  };
  Fixture self = { 0 };

  open_form (&self, "1961-03-12", NULL, 700);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      type_and_enter (shorthand_row (&self), cases[i].typed);
      display_assert_label (self.form, cases[i].says);
      assert_draft (&self, NULL);
    }
  type_and_enter (shorthand_row (&self), "10U QD");
  assert_draft (&self, "Take 10 units - once a day - oral");
  close_form (&self);
}

#define BEFORE(text)                                                                               \
  "{'resourceType':'MedicationRequest','id':'m','status':'completed','intent':'order',"            \
  "'authoredOn':'2026-03-12T09:00:00Z','requester':{'reference':'Practitioner/x','display':'Dr "   \
  "X'}"                                                                                            \
  ",'subject':{'reference':'Patient/jane'},'medicationCodeableConcept':{'coding':[{'system':"      \
  "'http://www.nlm.nih.gov/research/umls/rxnorm','code':'" PREDNISONE_LIKE "'}]},"                 \
  "'dosageInstruction':[{'text':'" text "','timing':{'repeat':{'frequency':3,'period':1,"          \
  "'periodUnit':'d','boundsDuration':{'value':5,'unit':'days','code':'d'}}},'doseAndRate':[{"      \
  "'doseQuantity':{'value':1,'unit':'tablet'}}]}],'dispenseRequest':{'quantity':{'value':15,"      \
  "'unit':'tablets'},'numberOfRepeatsAllowed':2}}"

static void
test_same_again (void)
{
  Fixture self = { 0 };
  g_autofree char *quantity = NULL;
  int repeats;

  open_form (&self, "1961-03-12", BEFORE ("1 tab tid 5 days"), 700);
  display_assert_label (self.form, "Last time, 12-Mar-2026");
  shoot (&self, "form-before");
  press (&self, "Same Again");
  assert_draft (&self, "Take 1 tablet - 3 times a day - oral - for 5 days");
  g_object_get (self.draft, "quantity", &quantity, "repeats", &repeats, NULL);
  g_assert_cmpstr (quantity, ==, "15");
  g_assert_cmpint (repeats, ==, 2);
  display_assert_label (self.form, "15 tablets for 5 days");
  close_form (&self);
}

/* Text and codes that differ are both shown, and are not signed again. */
static void
test_not_again (void)
{
  Fixture self = { 0 };

  open_form (&self, "1961-03-12", BEFORE ("1 tablet once a day for 5 days"), 700);
  display_assert_label (self.form,
                        "1 tablet once a day for 5 days (coded: 1 tablet - 3 times a day - for 5 "
                        "days)");
  display_assert_label (self.form, "Its text and its codes say different things");
  g_assert_null (find_button (GTK_WIDGET (self.form), "Same Again"));
  close_form (&self);
}

static void
test_taper (void)
{
  Fixture self = { 0 };

  open_form (&self, "1961-03-12", NULL, 700);
  type_and_enter (shorthand_row (&self), "4 t daily 5d then 2 t daily 5d");
  assert_draft (&self,
                "Take 4 tablets - once a day - oral - for 5 days, then Take 2 tablets - once "
                "a day - oral - for 5 days");
  type_and_enter (row_of (&self, "Next step"), "1 daily 5d");
  display_assert_label (self.form, "35 tablets are needed for 15 days");
  press (&self, "Supply 35 tablets");
  display_assert_label (self.form, "35 tablets for 15 days");
  shoot (&self, "form-taper");
  {
    GtkWidget *label = display_find_label (GTK_WIDGET (self.form), "Take 2 tablets - once a day");
    GtkWidget *row = gtk_widget_get_ancestor (label, ADW_TYPE_ACTION_ROW);

    g_signal_emit_by_name (display_find_child (row, GTK_TYPE_BUTTON), "clicked");
  }
  assert_draft (&self,
                "Take 4 tablets - once a day - oral - for 5 days, then Take 1 tablet - once a "
                "day - oral - for 5 days");
  close_form (&self);
}

/* The other way round: of a quantity the days. */
static void
test_supply (void)
{
  Fixture self = { 0 };
  int days;

  open_form (&self, "1961-03-12", NULL, 700);
  type_and_enter (shorthand_row (&self), "1.5 t bd");
  gtk_editable_set_text (GTK_EDITABLE (row_of (&self, "Quantity to supply")), "21");
  display_assert_label (self.form, "21 tablets last 7 days");
  press (&self, "Set 7 Days");
  g_object_get (self.draft, "duration-days", &days, NULL);
  g_assert_cmpint (days, ==, 7);
  gtk_editable_set_text (GTK_EDITABLE (row_of (&self, "Quantity to supply")), "10");
  display_assert_label (self.form, "21 tablets are needed for 7 days, 10 tablets are written");
  close_form (&self);
}

static void
test_weekly_day (void)
{
  Fixture self = { 0 };
  GtkWidget *label, *row;

  open_form (&self, "1961-03-12", NULL, 700);
  g_assert_null (display_find_label (GTK_WIDGET (self.form), "On which day of the week"));
  type_and_enter (shorthand_row (&self), "4 t weekly");
  display_assert_label (self.form, "On which day of the week");
  label = display_find_label (GTK_WIDGET (self.form), "On which day of the week");
  row = gtk_widget_get_ancestor (label, ADW_TYPE_COMBO_ROW);
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 1);
  assert_draft (&self, "Take 4 tablets - once a week - on Monday - oral");
  display_assert_label (self.form, "4 tablets a week, not every day");
  close_form (&self);
}

#define WEIGHT(date)                                                                               \
  "{'resourceType':'Observation','id':'w','status':'final','subject':{'reference':'Patient/jane'}" \
  ",'code':{'coding':[{'system':'http://loinc.org','code':'29463-7'}]},'effectiveDateTime':'" date \
  "','valueQuantity':{'value':12.4,'unit':'kg','system':'http://unitsofmeasure.org','code':'kg'}}"
#define HEAVIER                                                                                    \
  "{'resourceType':'Observation','id':'w2','status':'final','subject':{'reference':'Patient/jane'" \
  "},'code':{'coding':[{'system':'http://loinc.org','code':'29463-7'}]},'effectiveDateTime':"      \
  "'2026-11-21','valueQuantity':{'value':12.9,'unit':'kg','system':'http://unitsofmeasure.org',"   \
  "'code':'kg'}}"

static void
ask_by_weight (Fixture *self, const char *unit, const char *per_kg)
{
  GtkWidget *more = display_find_child (GTK_WIDGET (self->form), PRESCRIBE_TYPE_MORE);
  GtkWidget *expander = display_find_child (more, ADW_TYPE_EXPANDER_ROW);

  g_object_set (self->draft, "dose-unit", unit, NULL);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (expander), TRUE);
  display_assert_label (self->form, "mg for each kg");
  gtk_editable_set_text (GTK_EDITABLE (row_of (self, "mg for each kg")), per_kg);
  gtk_editable_set_text (GTK_EDITABLE (row_of (self, "Rounded to a multiple of")), "20");
}

/* H11: the inputs are shown; a weight that is too old gives no dose. */
static void
test_weight (void)
{
  Fixture self = { 0 };
  g_autofree char *dose = NULL, *note = NULL, *reference = NULL;

  open_form (&self, "2024-03-12", WEIGHT ("2026-11-20"), 700);
  ask_by_weight (&self, "mg", "15");
  display_assert_label (self.form,
                        "15 mg for each kg at 12.4 kg (20-Nov-2026) is 186 mg, rounded to "
                        "180 mg");
  shoot (&self, "form-weight");
  press (&self, "Use This Dose");
  g_object_get (self.draft, "dose-value", &dose, "weight-note", &note, "weight-reference",
                &reference, NULL);
  g_assert_cmpstr (dose, ==, "180");
  g_assert_cmpstr (reference, ==, "Observation/w");
  g_assert_nonnull (strstr (note, "12.4 kg"));
  /* a dose typed by hand is not one of that weight */
  gtk_editable_set_text (GTK_EDITABLE (row_of (&self, "Dose")), "200");
  g_clear_pointer (&note, g_free);
  g_object_get (self.draft, "weight-note", &note, NULL);
  g_assert_null (note);
  close_form (&self);
}

static gboolean
put_heavier (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, HEAVIER);
  return TRUE;
}

/* The child was weighed again: the dose of the weight before is not signed. */
static void
test_another_weight (void)
{
  Fixture self = { 0 };
  g_autofree char *problem = NULL;

  open_form (&self, "2024-03-12", WEIGHT ("2026-11-20"), 700);
  ask_by_weight (&self, "mg", "15");
  press (&self, "Use This Dose");
  g_object_set (self.draft, "frequency", 3, "duration-days", 5, "quantity", "2700", "quantity-unit",
                "mg", NULL);
  problem = prescribe_sheet_dup_problem (self.sheet);
  g_assert_cmpstr (problem, ==, "The checks have not answered yet.");
  care_fixture_write (&self.display.care, put_heavier);
  prescribe_sheet_read_again (self.sheet);
  display_assert_label (self.form, "Its dose was worked out of a weight");
  g_assert_false (prescribe_form_is_ready (self.form));
  close_form (&self);
}

static gboolean
shows_findings (PrescribeForm *form)
{
  GObject *list =
      gtk_widget_get_template_child (GTK_WIDGET (form), PRESCRIBE_TYPE_FORM, "findings_list");

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (list)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (workspace_finding_row_get_key (row) != NULL)
      return TRUE;
  return FALSE;
}

/* The rows of one drug's findings never stand under another: a reason is written there. */
static void
test_another_sheet (void)
{
  Fixture self = { 0 };
  CarePrescriptionDraft *draft;
  PrescribeSheet *sheet;

  open_form (&self, "1961-03-12", NULL, 700);
  g_assert_true (display_spin (is_checked, self.sheet));
  g_assert_true (shows_findings (self.form));
  draft = care_prescription_draft_new ("d2", "jane", "Practitioner/doctor", NULL);
  sheet = prescribe_sheet_new (self.display.care.doctor, self.display.care.content, draft);
  prescribe_form_set_sheet (self.form, sheet);
  g_assert_false (shows_findings (self.form));
  prescribe_form_set_sheet (self.form, self.sheet);
  g_assert_true (shows_findings (self.form));
  prescribe_form_set_sheet (self.form, NULL);
  g_assert_false (shows_findings (self.form));
  prescribe_form_set_sheet (self.form, self.sheet);
  prescribe_sheet_close (sheet);
  g_clear_object (&sheet);
  g_clear_object (&draft);
  close_form (&self);
}

/* A form that is not to be seen shows nothing to anybody. */
static void
test_looked (void)
{
  Fixture self = { 0 };
  CarePrescriptionDraft *draft;
  PrescribeSheet *sheet;

  open_form (&self, "1961-03-12", NULL, 700);
  g_assert_true (prescribe_sheet_get_looked (self.sheet));
  gtk_widget_set_visible (GTK_WIDGET (self.form), FALSE);
  draft = care_prescription_draft_new ("d2", "jane", "Practitioner/doctor", NULL);
  sheet = prescribe_sheet_new (self.display.care.doctor, self.display.care.content, draft);
  prescribe_form_set_sheet (self.form, sheet);
  g_assert_false (prescribe_sheet_get_looked (sheet));
  gtk_widget_set_visible (GTK_WIDGET (self.form), TRUE);
  g_assert_true (prescribe_sheet_get_looked (sheet));
  prescribe_form_set_sheet (self.form, self.sheet);
  prescribe_sheet_close (sheet);
  g_clear_object (&sheet);
  g_clear_object (&draft);
  close_form (&self);
}

static void
test_old_weight (void)
{
  Fixture self = { 0 };

  open_form (&self, "2024-03-12", WEIGHT ("2026-06-01"), 700);
  ask_by_weight (&self, "mg", "15");
  display_assert_label (self.form, "The weight is older than three months: weigh again.");
  g_assert_false (gtk_widget_get_sensitive (find_button (GTK_WIDGET (self.form), "Use This Dose")));
  close_form (&self);
}

static void
test_narrow (void)
{
  Fixture self = { 0 };
  int least = 0;

  open_form (&self, "1961-03-12", BEFORE ("1 tab tid 5 days"), 360);
  type_and_enter (shorthand_row (&self), "1-2 t q4-6h prn pain max 8 a day 7d then 1 t daily 5d");
  shoot (&self, "form-narrow");
  gtk_widget_measure (GTK_WIDGET (self.form), GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL,
                      NULL);
  g_assert_cmpint (least, <=, 360);
  close_form (&self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  if (g_getenv ("BEDSIDE_DARK") != NULL)
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                        ADW_COLOR_SCHEME_FORCE_DARK);
  g_test_add_func ("/prescribe/form/shorthand", test_shorthand);
  g_test_add_func ("/prescribe/form/changed-is-not-signed", test_changed_is_not_signed);
  g_test_add_func ("/prescribe/form/typing-is-checked-once", test_typing_is_checked_once);
  g_test_add_func ("/prescribe/form/one-check-at-a-time", test_one_check_at_a_time);
  g_test_add_func ("/prescribe/form/drug-is-one-change", test_drug_is_one_change);
  g_test_add_func ("/prescribe/form/nothing-is-guessed", test_nothing_is_guessed);
  g_test_add_func ("/prescribe/form/same-again", test_same_again);
  g_test_add_func ("/prescribe/form/not-again", test_not_again);
  g_test_add_func ("/prescribe/form/taper", test_taper);
  g_test_add_func ("/prescribe/form/supply", test_supply);
  g_test_add_func ("/prescribe/form/weekly-day", test_weekly_day);
  g_test_add_func ("/prescribe/form/weight", test_weight);
  g_test_add_func ("/prescribe/form/old-weight", test_old_weight);
  g_test_add_func ("/prescribe/form/another-weight", test_another_weight);
  g_test_add_func ("/prescribe/form/another-sheet", test_another_sheet);
  g_test_add_func ("/prescribe/form/looked", test_looked);
  g_test_add_func ("/prescribe/form/narrow", test_narrow);
  return g_test_run ();
}
