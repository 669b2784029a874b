/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-order-set.h"
#include "care-prescription-group.h"
#include "display-find.h"
#include "prescribe-desk.h"
#include "prescribe-drafts.h"
#include "prescribe-form.h"
#include "prescribe-search.h"
#include "prescribe-view.h"
#include "workspace-commands.h"

/* Several drugs in one sheet: warfarin and metronidazole, which the checks find to interact when
 * both are written and neither is signed. With BEDSIDE_SHOTS set, each case leaves a picture. */

#define WARFARIN      "855332"
#define METRONIDAZOLE "311681"

typedef struct
{
  DisplayFixture display;
  WorkspacePatient *patient;
  PrescribeDesk *desk;
  GtkWidget *window, *pane;
} Fixture;

static gboolean
put_patient (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection,
                    "{'resourceType':'Patient','id':'jane','birthDate':'1961-03-12','gender':"
                    "'male','communication':[{'language':{'coding':[{'code':'de'}]}}],"
                    "'name':[{'family':'Smith','given':['Jane']}]}");
  return TRUE;
}

static void
open_pane (Fixture *self)
{
  GtkWidget *toasts;

  self->patient = workspace_patient_new (self->display.session, "jane");
  self->desk = prescribe_desk_of (self->patient);
  self->pane = prescribe_view_new (self->patient, self->display.care.content);
  self->window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, NULL);
  toasts = adw_toast_overlay_new ();
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (toasts), self->pane);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self->window), toasts);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 460, 1000);
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  display_fixture_set_up (&self->display, NULL);
  care_fixture_write (&self->display.care, put_patient);
  open_pane (self);
}

static void
close_pane (Fixture *self)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_clear_object (&self->patient);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  close_pane (self);
  display_fixture_tear_down (&self->display, NULL);
}

static void
shoot (Fixture *self, const char *name)
{
  const char *folder = g_getenv ("BEDSIDE_SHOTS");
  g_autoptr (GdkPaintable) paintable = NULL;
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree char *path = NULL;
  GtkSnapshot *snapshot;
  gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC;

  if (folder == NULL)
    return;
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

static void
run (Fixture *self, const char *action)
{
  g_action_group_activate_action (G_ACTION_GROUP (self->window), action, NULL);
}

static gboolean
drug_is_found (gpointer search)
{
  return display_find_child (search, GTK_TYPE_LIST_BOX_ROW) != NULL;
}

/* Chooses what is found first in the search, which is shown. */
static void
choose (Fixture *self, const char *typed)
{
  GtkWidget *search = display_find_child (self->pane, PRESCRIBE_TYPE_SEARCH), *row;

  g_assert_true (gtk_widget_get_mapped (search));
  gtk_editable_set_text (GTK_EDITABLE (display_find_child (search, GTK_TYPE_SEARCH_ENTRY)), typed);
  g_assert_true (display_spin (drug_is_found, search));
  row = display_find_child (search, GTK_TYPE_LIST_BOX_ROW);
  g_signal_emit_by_name (gtk_widget_get_ancestor (row, GTK_TYPE_LIST_BOX), "row-activated", row);
}

static PrescribeSheet *
sheet_at (Fixture *self, guint index)
{
  GPtrArray *sheets = prescribe_desk_get_sheets (self->desk);

  g_assert_cmpuint (sheets->len, >, index);
  return sheets->pdata[index];
}

static void
write_dose (Fixture *self, guint index)
{
  g_object_set (prescribe_sheet_get_draft (sheet_at (self, index)), "dose-value", "1", "frequency",
                1, "duration-days", 7, "quantity", "7", NULL);
}

/* Warfarin, then metronidazole beside it. */
static void
write_both (Fixture *self)
{
  run (self, "prescribe-new");
  choose (self, "warfarin 5 mg");
  write_dose (self, 0);
  run (self, "prescribe-add");
  choose (self, "metronidazole 500");
  write_dose (self, 1);
  g_assert_cmpuint (prescribe_desk_get_sheets (self->desk)->len, ==, 2);
}

/* (nullable): what needs a reason of a sheet, once its checks have answered. */
static const ClinicalFinding *
get_match (PrescribeSheet *sheet)
{
  GPtrArray *findings = prescribe_sheet_get_findings (sheet);

  for (guint i = 0; findings != NULL && i < findings->len; i++)
    if (clinical_finding_needs_reason (findings->pdata[i]))
      return findings->pdata[i];
  return NULL;
}

static gboolean
both_match (gpointer data)
{
  Fixture *self = data;

  return prescribe_sheet_get_checked (sheet_at (self, 0)) != 0 &&
         prescribe_sheet_get_checked (sheet_at (self, 1)) != 0 &&
         get_match (sheet_at (self, 0)) != NULL && get_match (sheet_at (self, 1)) != NULL;
}

static gboolean
can_be_signed (gpointer data)
{
  Fixture *self = data;

  return g_action_group_get_action_enabled (G_ACTION_GROUP (self->window), "prescribe-sign");
}

static gboolean
is_reason (GtkWidget *widget, const char *text)
{
  return GTK_IS_ENTRY (widget) &&
         g_strcmp0 (gtk_entry_get_placeholder_text (GTK_ENTRY (widget)), text) == 0;
}

static void
type_reason (Fixture *self, const char *text)
{
  GtkWidget *entry = display_wait_for (self->pane, is_reason, "Reason for prescribing it anyway");

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

static gboolean
count_requests (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) found =
      store_search_ids (connection, "MedicationRequest", "patient=Patient/jane", error);
  g_autoptr (GPtrArray) issues =
      store_search_ids (connection, "DetectedIssue", "patient=Patient/jane", error);

  ((guint *) data)[0] = found->len;
  ((guint *) data)[1] = issues->len;
  return TRUE;
}

static gboolean
are_signed (gpointer data)
{
  Fixture *self = data;
  guint n[2] = { 0 };

  g_assert_true (store_database_read (self->display.care.database, count_requests, n, NULL));
  return n[0] == 2 && n[1] == 2 && prescribe_desk_get_sheets (self->desk)->len == 0;
}

static gboolean
has_no_open_draft (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *care = data;
  g_autoptr (GPtrArray) drafts =
      care_prescription_list_drafts (connection, care->doctor, "jane", error);

  g_assert_cmpuint (drafts->len, ==, 0);
  return TRUE;
}

/* Each is checked beside the other before either is signed; what is answered at one is answered at
 * the other; both are read once more and signed in one act. */
static void
test_signed_together (Fixture *self, gconstpointer data)
{
  CarePrescriptionDraft *warfarin;
  AdwDialog *dialog;
  gint64 end;

  write_both (self);
  g_assert_true (display_spin (both_match, self));
  display_assert_label (self->pane, "metronidazole together with warfarin");
  display_assert_label (self->pane, "Shown below");
  g_assert_false (can_be_signed (self));
  shoot (self, "several-match");
  type_reason (self, "INR on day 3");
  g_assert_true (display_spin (can_be_signed, self));
  run (self, "prescribe-next");
  display_assert_label (self->pane, "warfarin together with metronidazole");
  g_assert_true (display_spin (can_be_signed, self));
  shoot (self, "several-ready");
  run (self, "prescribe-sign");
  display_assert_label (self->window, "For SMITH, Jane");
  display_assert_label (self->window, "The patient reads: Einnehmen: 1 Tablette");
  shoot (self, "several-dialog");
  dialog = adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self->window));
  warfarin = g_object_ref (prescribe_sheet_get_draft (sheet_at (self, 0)));
  g_signal_emit_by_name (dialog, "response::sign", "sign");
  /* what is being signed stays as it was read: nobody edits it, and it is not signed again */
  g_assert_false (gtk_widget_get_sensitive (display_find_child (self->pane, PRESCRIBE_TYPE_FORM)));
  g_assert_false (can_be_signed (self));
  g_object_set (warfarin, "note", "late", NULL);
  g_object_unref (warfarin);
  g_assert_true (display_spin (are_signed, self));
  end = g_get_monotonic_time () + G_USEC_PER_SEC / 2; /* longer than a draft rests */
  display_spin (display_has_passed, &end);
  care_fixture_read (&self->display.care, has_no_open_draft);
  adw_dialog_force_close (dialog);
}

static gboolean
has_one (gpointer data)
{
  Fixture *self = data;

  return prescribe_desk_get_sheets (self->desk)->len == 1 &&
         prescribe_sheet_get_checked (sheet_at (self, 0)) != 0;
}

/* What is thrown away is gone from the checks of the other too. */
static void
test_discarded (Fixture *self, gconstpointer data)
{
  write_both (self);
  g_assert_true (display_spin (both_match, self));
  display_press (self->pane, "_Discard");
  g_assert_true (display_spin (has_one, self));
  g_assert_null (get_match (sheet_at (self, 0)));
  display_assert_label (self->pane, "warfarin sodium 5 mg");
  g_assert_true (display_spin (can_be_signed, self));
}

static gboolean
count_drafts (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) drafts =
      store_draft_list (connection, "Practitioner/doctor", "jane", error);

  *(guint *) data = drafts->len;
  return TRUE;
}

static gboolean
both_on_disk (gpointer data)
{
  Fixture *self = data;
  guint n = 0;

  g_assert_true (store_database_read (self->display.care.database, count_drafts, &n, NULL));
  return n == 2;
}

static gboolean
has_two (gpointer data)
{
  return prescribe_desk_get_sheets (((Fixture *) data)->desk)->len == 2;
}

/* Discarded by mistake it comes back as it was, the other beside it, and on disk. */
static void
test_discard_undone (Fixture *self, gconstpointer data)
{
  g_autofree char *id = NULL, *dose = NULL;
  PrescribeSheet *sheet;

  write_both (self);
  g_assert_true (display_spin (both_match, self));
  id = g_strdup (care_prescription_draft_get_id (prescribe_sheet_get_draft (sheet_at (self, 1))));
  display_press (self->pane, "_Discard");
  g_assert_true (display_spin (has_one, self));
  display_assert_label (self->window, "Discarded: metronidazole");
  shoot (self, "discarded");
  display_press (self->window, "_Undo");
  g_assert_true (display_spin (has_two, self));
  sheet = prescribe_desk_find (self->desk, id);
  g_assert_nonnull (sheet);
  g_object_get (prescribe_sheet_get_draft (sheet), "dose-value", &dose, NULL);
  g_assert_cmpstr (dose, ==, "1");
  display_assert_label (self->pane, "metronidazole together with warfarin");
  g_assert_true (display_spin (both_on_disk, self));
  g_assert_true (display_spin (both_match, self));
}

/* The window was closed, or the program was killed: both are there again, and what was not looked
 * at since is not signed. */
static void
test_kept (Fixture *self, gconstpointer data)
{
  write_both (self);
  g_assert_true (display_spin (both_on_disk, self));
  close_pane (self);
  display_settle ();
  open_pane (self);
  g_assert_true (display_spin (has_two, self));
  display_assert_label (self->pane, "You have not looked at it yet.");
}

/* ---- order sets ---- */

typedef struct
{
  Fixture *fixture;
  GListStore *items;
} Palette;

static gboolean
palette_has_set (gpointer data)
{
  Palette *palette = data;

  g_list_store_remove_all (palette->items);
  workspace_commands_add_named (palette->items, palette->fixture->display.session,
                                WORKSPACE_SCOPE_PATIENT);
  return g_list_model_get_n_items (G_LIST_MODEL (palette->items)) == 1;
}

static gboolean
put_set (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *care = data;
  g_autoptr (GPtrArray) drafts = g_ptr_array_new_with_free_func (g_object_unref);
  static const char *const codes[] = { WARFARIN, METRONIDAZOLE };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      const StoreDrug *drug = store_content_get_drug (care->content, codes[i]);
      CarePrescriptionDraft *draft =
          care_prescription_draft_new ("d", "somebody", "Practitioner/doctor", NULL);

      care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                        drug->ingredient_codes, drug->strength, drug->form,
                                        drug->route, NULL);
      g_object_set (draft, "dose-value", "2", "frequency", 1, "duration-days", 5, "quantity", "10",
                    NULL);
      g_ptr_array_add (drafts, draft);
    }
  return care_order_set_save (connection, care->doctor, "Clot and abscess", drafts, error);
}

static gboolean
first_is_checked (gpointer data)
{
  return prescribe_sheet_get_checked (sheet_at (data, 0)) != 0;
}

/* Chosen by its name, it is there whole, checked against itself, and not to be signed before each
 * of it was looked at. */
static void
test_order_set (Fixture *self, gconstpointer data)
{
  g_autofree char *dose = NULL;

  care_fixture_write (&self->display.care, put_set);
  run (self, "prescribe-sets");
  display_assert_label (self->pane, "Clot and abscess");
  shoot (self, "set-search");
  choose (self, "abscess");
  g_assert_true (has_two (self));
  g_object_get (prescribe_sheet_get_draft (sheet_at (self, 1)), "dose-value", &dose, NULL);
  g_assert_cmpstr (dose, ==, "2");
  g_assert_true (display_spin (both_match, self));
  type_reason (self, "INR on day 3");
  display_assert_label (self->pane, "You have not looked at it yet.");
  g_assert_true (display_spin (first_is_checked, self));
  g_assert_false (can_be_signed (self));
  shoot (self, "set-taken");
  run (self, "prescribe-next");
  g_assert_true (display_spin (can_be_signed, self));
}

static void
start_feature (Fixture *self)
{
  GListModel *features = workspace_session_get_features (self->display.session);

  for (guint i = 0; i < g_list_model_get_n_items (features); i++)
    {
      g_autoptr (WorkspaceFeature) feature = g_list_model_get_item (features, i);

      if (g_str_equal (workspace_feature_get_id (feature), "prescribe"))
        workspace_feature_start (feature, self->display.session);
    }
}

/* By its name, from the palette. */
static void
test_by_name (Fixture *self, gconstpointer data)
{
  g_autoptr (GListStore) items = g_list_store_new (WORKSPACE_TYPE_COMMAND_ITEM);
  g_autoptr (WorkspaceCommandItem) item = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;

  care_fixture_write (&self->display.care, put_set);
  start_feature (self);
  g_assert_true (display_spin (palette_has_set, &(Palette) { self, items }));
  item = g_list_model_get_item (G_LIST_MODEL (items), 0);
  g_assert_cmpstr (workspace_command_item_get_title (item), ==, "Prescribe Clot and abscess");
  g_assert_true (g_action_parse_detailed_name (workspace_command_item_get_action (item), &name,
                                               &target, NULL));
  g_action_group_activate_action (G_ACTION_GROUP (self->window), name + strlen ("win."), target);
  g_assert_true (display_spin (has_two, self));
}

static gboolean
has_set (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) sets = care_order_set_list (connection, error);

  *(guint *) data = sets->len;
  return TRUE;
}

static gboolean
set_is_there (gpointer data)
{
  Fixture *self = data;
  guint n = 0;

  g_assert_true (store_database_read (self->display.care.database, has_set, &n, NULL));
  return n == 1;
}

/* Made of what is in the sheet, under a name. */
static void
test_kept_as_set (Fixture *self, gconstpointer data)
{
  AdwDialog *dialog;

  write_both (self);
  run (self, "prescribe-keep");
  display_assert_label (self->window, "Save as Order Set?");
  dialog = adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self->window));
  g_assert_false (adw_alert_dialog_get_response_enabled (ADW_ALERT_DIALOG (dialog), "save"));
  display_type (self->window, "Name of the order set", "Clot");
  g_assert_true (adw_alert_dialog_get_response_enabled (ADW_ALERT_DIALOG (dialog), "save"));
  shoot (self, "set-keep");
  g_signal_emit_by_name (dialog, "response::save", "save");
  adw_dialog_force_close (dialog);
  g_assert_true (display_spin (set_is_there, self));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
#define TEST(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)
  TEST ("/prescribe/group/signed-together", test_signed_together);
  TEST ("/prescribe/group/discarded", test_discarded);
  TEST ("/prescribe/group/discard-undone", test_discard_undone);
  TEST ("/prescribe/group/kept", test_kept);
  TEST ("/prescribe/group/order-set", test_order_set);
  TEST ("/prescribe/group/by-name", test_by_name);
  TEST ("/prescribe/group/kept-as-set", test_kept_as_set);
#undef TEST
  return g_test_run ();
}
