/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-locale.h"
#include "chart-entry-dialog.h"
#include "display-find.h"
#include "display-fits.h"
#include "workspace-feature.h"

/* The smallest window, 360 pixels wide, with text twice as large, in the language of the
 * environment: every page and pane that a feature offers, and the dialogs that open from them, lie
 * within their window. */

#define WIDTH  360
#define HEIGHT 740
#define DPI    96

#define JANE "'subject':{'reference':'Patient/jane'}"

static const char *const chart[] = {
  "{'resourceType':'Patient','id':'jane','name':[{'family':'Featherstonehaugh-Cholmondeley','given'"
  ":['Wilhelmina','Alexandra']}],'birthDate':'1961-03-12','gender':'female','identifier':[{'value':"
  "'943 476 5919'}],'telecom':[{'system':'phone','value':'+44 1632 960 714'}],'address':[{'text':"
  "'27 Anchor Close, Westhaven'}]}",
  "{'resourceType':'AllergyIntolerance','id':'pen','clinicalStatus':{'coding':[{'code':'active'}]},"
  "'criticality':'high','code':{'text':'Phenoxymethylpenicillin'},'patient':{'reference':"
  "'Patient/jane'},'reaction':[{'manifestation':[{'text':'Anaphylaxis'}]}]}",
  "{'resourceType':'Condition','id':'c1'," JANE ",'code':{'text':'Diabetes mellitus type 2'},"
  "'onsetDateTime':'2019-04','clinicalStatus':{'coding':[{'code':'active'}]}}",
  "{'resourceType':'MedicationRequest','id':'m1','status':'active','intent':'order','authoredOn':"
  "'2026-01-05','requester':{'display':'Dr Ada Stone'},'medicationCodeableConcept':{'text':"
  "'hydrochlorothiazide 12.5 MG Oral Capsule'},'dosageInstruction':[{'text':'1 capsule once a "
  "day'}],'dispenseRequest':{'numberOfRepeatsAllowed':3}," JANE "}",
  "{'resourceType':'MedicationStatement','id':'s1','status':'active','medicationCodeableConcept':"
  "{'text':'Prednisone 5 mg'},'informationSource':{'reference':'Patient/jane'}," JANE "}",
  "{'resourceType':'MedicationRequest','id':'old','status':'stopped','intent':'order','authoredOn':"
  "'2024-01-05','statusReason':{'text':'Dry cough'},'medicationCodeableConcept':{'text':'ramipril "
  "5 mg'}," JANE "}",
  "{'resourceType':'Immunization','id':'i1','status':'completed','vaccineCode':{'text':'Influenza'}"
  ",'patient':{'reference':'Patient/jane'},'occurrenceDateTime':'2025-10-01'}",
  "{'resourceType':'Goal','id':'g1','lifecycleStatus':'active','description':{'text':'Walk half an "
  "hour a day'}," JANE "}",
  "{'resourceType':'DocumentReference','id':'d1','status':'current','date':'2026-10-05T08:00:00Z',"
  "'type':{'text':'Letter'},'content':[{'attachment':{'title':'Rheumatologisches Konsil','contentTy"
  "pe':'text/plain','data':'UGF0aWVudCBjYWxsZWQu'}}]," JANE "}",
  "{'resourceType':'Appointment','id':'b1','status':'booked','start':'2026-11-22T09:20:00Z','end':"
  "'2026-11-22T09:40:00Z','reasonCode':[{'text':'Sore throat'}],'participant':[{'actor':{"
  "'reference':'Patient/jane'},'status':'accepted'},{'actor':{'reference':'Practitioner/doctor'},"
  "'status':'accepted'}]}",
  "{'resourceType':'Encounter','id':'e1','status':'arrived','class':{'code':'VR'},'appointment':[{"
  "'reference':'Appointment/b1'}],'extension':[{'url':'https://bedside.health/fhir/"
  "StructureDefinition/visit-waiting-since','valueInstant':'2026-11-22T08:56:00Z'},{'url':'https://"
  "bedside.health/fhir/StructureDefinition/visit-stated-location','valueString':'27 Anchor Close'},"
  "{'url':'https://bedside.health/fhir/StructureDefinition/visit-callback-number','valueString':"
  "'+44 1632 960714'}]," JANE "}",
  "{'resourceType':'Task','id':'t1','status':'requested','intent':'order','priority':'urgent','for'"
  ":{'reference':'Patient/jane'},'description':'Telephone the pharmacy','authoredOn':"
  "'2026-11-22T08:50:00Z','owner':{'reference':'Practitioner/doctor'}}",
};

static void
put_reading (StoreConnection *connection,
             const char *code,
             const char *name,
             const char *unit,
             guint number,
             const char *flag)
{
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'Observation','id':'%s-%u','status':'final','category':[{'coding':[{'code':"
      "'laboratory'}]}],'code':{'coding':[{'system':'http://loinc.org','code':'%s'}],'text':'%s'},"
      "'effectiveDateTime':'2026-%02u-20T08:00:00Z','valueQuantity':{'value':%u.5,'unit':'%s',"
      "'system':'http://unitsofmeasure.org','code':'%s'},'interpretation':[{'coding':[{'code':"
      "'%s'}]}],'referenceRange':[{'low':{'value':3,'unit':'%s'},'high':{'value':5,'unit':'%s'}}]"
      "," JANE "}",
      code, number, code, name, number + 3, number, unit, unit, flag, unit, unit);

  care_fixture_put (connection, json);
}

static gboolean
put_chart (StoreConnection *connection, gpointer data, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (chart); i++)
    care_fixture_put (connection, chart[i]);
  for (guint i = 1; i < 7; i++)
    {
      put_reading (connection, "2823-3", "Potassium", "mmol/L", i, i > 4 ? "HH" : "N");
      put_reading (connection, "29463-7", "Body weight", "kg", i, "N");
    }
  return store_draft_save (connection, "task-new Patient/jane Practitioner/doctor", "task", "jane",
                           "Practitioner/doctor", NULL, "Ring the son", error);
}

/* What slides in stands still for a moment too: only what is there again counts. */
static char *
dup_lasting_faults (GtkWidget *window)
{
  g_autofree char *faults = NULL;

  for (int i = 0; i < 3; i++)
    {
      display_wait_still (window);
      g_free (faults);
      faults = display_fits_dup_faults (window);
      if (!faults)
        break;
    }
  return g_steal_pointer (&faults);
}

static void
look_at (GtkWidget *window, const char *what, GString *wrong)
{
  g_autofree char *faults = dup_lasting_faults (window);

  if (faults)
    g_string_append_printf (wrong, "# %s\n%s", what, faults);
  if (gtk_widget_get_width (window) > WIDTH) /* it grew with what is in it */
    {
      g_string_append_printf (wrong, "# %s\n#   too wide", what);
      display_fits_chain (window, wrong);
      g_string_append_c (wrong, '\n');
    }
}

static void
assert_none (GString *wrong)
{
  if (wrong->len == 0)
    return;
  g_printerr ("%s", wrong->str);
  g_test_fail ();
}

static void
set_size (GtkWidget *window)
{
  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, HEIGHT);
  gtk_window_present (GTK_WINDOW (window));
}

/* ---- the patient's window ---- */

static GtkWidget *
open_patient (DisplayFixture *fixture)
{
  care_fixture_write (&fixture->care, put_chart);
  GtkWidget *window = GTK_WIDGET (workspace_patient_window_new (NULL, fixture->session, "jane"));

  set_size (window);
  display_assert_label (window, "Phenoxymethylpenicillin");
  return window;
}

static void
test_pages (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (GString) wrong = g_string_new (NULL);
  GtkWidget *window = open_patient (fixture);
  GListModel *features = workspace_session_get_features (fixture->session);

  for (guint i = 0; i < g_list_model_get_n_items (features); i++)
    {
      g_autoptr (WorkspaceFeature) feature = g_list_model_get_item (features, i);
      gsize n_offers = 0;
      const WorkspaceOffer *offers = workspace_feature_get_offers (feature, &n_offers);

      for (gsize n = 0; n < n_offers; n++)
        {
          if (offers[n].place == WORKSPACE_PLACE_CLINIC)
            continue;
          workspace_patient_window_show (WORKSPACE_PATIENT_WINDOW (window), offers[n].id);
          look_at (window, offers[n].id, wrong);
        }
    }
  gtk_window_destroy (GTK_WINDOW (window));
  assert_none (wrong);
}

static AdwDialog *
dialog_of (gpointer window)
{
  return adw_application_window_get_visible_dialog (window);
}

/* What is closed before it was drawn has nothing to look at, and libadwaita 1.7 keeps its contents.
 */
static gboolean
is_drawn (gpointer window)
{
  AdwDialog *dialog = dialog_of (window);

  return dialog && gtk_widget_get_mapped (GTK_WIDGET (dialog)) &&
         gtk_widget_get_mapped (adw_dialog_get_child (dialog)) &&
         gtk_widget_get_height (adw_dialog_get_child (dialog)) > 0;
}

static gboolean
has_no_dialog (gpointer window)
{
  return !dialog_of (window);
}

static void
look_at_dialog (GtkWidget *window, const char *what, GString *wrong)
{
  if (!display_spin (is_drawn, window))
    g_error ("%s opens no dialog", what);
  look_at (window, what, wrong);
  adw_dialog_force_close (dialog_of (window));
  g_assert_true (display_spin (has_no_dialog, window));
}

static void
test_dialogs (DisplayFixture *fixture, gconstpointer data)
{
  static const char *const actions[] = { "find",     "palette",   "keys",          "print",
                                         "task-new", "visit-end", "visit-devices", "photograph" };
  g_autoptr (GString) wrong = g_string_new (NULL);
  GtkWidget *window = open_patient (fixture);

  display_wait_still (window);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_action_group_activate_action (G_ACTION_GROUP (window), actions[i], NULL);
      look_at_dialog (window, actions[i], wrong);
    }
  gtk_window_destroy (GTK_WINDOW (window));
  assert_none (wrong);
}

/* The forms stand in a window of their own: of a dialog that was closed libadwaita 1.7 sometimes
 * keeps what was in it, and with it the store. */
static void
look_at_form (WorkspacePatient *patient, const char *type, GString *wrong)
{
  GtkWidget *window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, NULL);
  g_autoptr (AdwDialog) dialog = NULL;
  g_autoptr (GtkWidget) form = NULL;
  CareEntryKind kind;

  g_assert_true (care_entry_kind_of_type (type, &kind));
  dialog = g_object_ref_sink (chart_entry_dialog_new_add (patient, kind));
  form = g_object_ref (adw_dialog_get_child (dialog));
  adw_dialog_set_child (dialog, NULL);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), form);
  set_size (window);
  look_at (window, type, wrong);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_entries (DisplayFixture *fixture, gconstpointer data)
{
  static const char *const types[] = { "Condition",   "AllergyIntolerance",
                                       "Flag",        "Immunization",
                                       "Procedure",   "FamilyMemberHistory",
                                       "Observation", "Goal",
                                       "CarePlan",    "Device",
                                       "Coverage" };
  g_autoptr (GString) wrong = g_string_new (NULL);
  GtkWidget *window = open_patient (fixture);

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    look_at_form (workspace_patient_window_get_patient (WORKSPACE_PATIENT_WINDOW (window)),
                  types[i], wrong);
  gtk_window_destroy (GTK_WINDOW (window));
  assert_none (wrong);
}

/* ---- the clinic's pages ---- */

static void
test_clinic (DisplayFixture *fixture, gconstpointer data)
{
  g_autoptr (GString) wrong = g_string_new (NULL);
  GListModel *features = workspace_session_get_features (fixture->session);

  care_fixture_write (&fixture->care, put_chart);
  for (guint i = 0; i < g_list_model_get_n_items (features); i++)
    {
      g_autoptr (WorkspaceFeature) feature = g_list_model_get_item (features, i);
      gsize n_offers = 0;
      const WorkspaceOffer *offers = workspace_feature_get_offers (feature, &n_offers);

      for (gsize n = 0; n < n_offers; n++)
        {
          if (offers[n].place != WORKSPACE_PLACE_CLINIC)
            continue;
          GtkWidget *window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, NULL);
          adw_application_window_set_content (
              ADW_APPLICATION_WINDOW (window),
              workspace_feature_create_clinic_page (feature, &offers[n], fixture->session));
          set_size (window);
          look_at (window, offers[n].id, wrong);
          gtk_window_destroy (GTK_WINDOW (window));
        }
    }
  assert_none (wrong);
}

int
main (int argc, char *argv[])
{
  base_locale_start ("/nowhere");
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (
      G_LOG_LEVEL_CRITICAL); /* a window that is too small warns: it is named here */
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 2 * DPI * PANGO_SCALE,
                "gtk-enable-animations", FALSE, NULL);
  display_add ("/workspace/feature/narrow-pages", test_pages);
  display_add ("/workspace/feature/narrow-dialogs", test_dialogs);
  display_add ("/workspace/feature/narrow-entries", test_entries);
  display_add ("/workspace/feature/narrow-clinic", test_clinic);
  return g_test_run ();
}
