/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prescribe-feature.h"

#include <glib/gi18n.h>

#include "care-order-set.h"
#include "care-prescription.h"
#include "prescribe-composer.h"
#include "prescribe-view.h"
#include "workspace-commands.h"

/* Writing, signing and following prescriptions. It also lets signed ones go when their ten seconds
 * of Undo are over, whichever window they were signed in and whatever happened since. */

#define RELEASE_MS     (CARE_UNDO_US / 1000 + 200)
#define UPKEEP_SECONDS 30

struct _PrescribeFeature
{
  WorkspaceFeature parent_instance;
  WorkspaceSession *session; /* not owned: it owns this */
  guint release_source;
  gboolean release_again; /* something changed since it was set */
  guint upkeep_source;
  GPtrArray *sets; /* (nullable) CareOrderSet: those of the clinic, for the palette */
};

G_DEFINE_FINAL_TYPE (PrescribeFeature, prescribe_feature, WORKSPACE_TYPE_FEATURE)

static const WorkspaceOffer offers[] = {
  { WORKSPACE_PLACE_SIDE_BOTTOM, "prescribe", N_ ("Prescribe"), "list-add-symbolic", "<Alt>p", 20 },
};

static const WorkspaceCommand commands[] = {
  { WORKSPACE_SCOPE_PATIENT, "win.show::prescribe", N_ ("Prescriptions"), "<Alt>p" },
  { WORKSPACE_SCOPE_PATIENT, "win.prescribe-new", N_ ("Write a Prescription"),
    "<Control><Shift>p" },
  { WORKSPACE_SCOPE_PATIENT, "win.prescribe-add", N_ ("Prescribe Another Drug Beside It"),
    "<Control><Alt>a" },
  { WORKSPACE_SCOPE_PATIENT, "win.prescribe-next", N_ ("Next of the Unsigned Prescriptions"),
    "<Control><Alt>n" },
  { WORKSPACE_SCOPE_PATIENT, "win.prescribe-sets", N_ ("Prescribe by an Order Set…"),
    "<Control><Alt>o" },
  { WORKSPACE_SCOPE_PATIENT, "win.prescribe-keep", N_ ("Save as an Order Set…"),
    "<Control><Alt>k" },
  { WORKSPACE_SCOPE_PATIENT, "win.medicines-link", N_ ("Make a Link to the Patient’s Medicines…"),
    "<Control><Alt>m" },
  { WORKSPACE_SCOPE_PATIENT, "win.prescribe-sign", N_ ("Sign the Prescription…"),
    "<Control><Shift>g" },
};

static GtkWidget *
create_patient_widget (WorkspaceFeature *feature,
                       const WorkspaceOffer *offer,
                       WorkspacePatient *patient)
{
  return prescribe_view_new (patient, workspace_session_get_content (
                                          workspace_patient_get_session (patient)));
}

static const char *const composers[] = { "rx", NULL };

/* Only who may sign one writes one under a note. */
static WorkspaceComposer *
create_composer (WorkspaceFeature *feature,
                 const char *keyword,
                 WorkspacePatient *patient,
                 const char *encounter_id,
                 const char *draft_id)
{
  static const char *const prescribers[] = { "prescriber", "admin", NULL };
  CareContext *context = workspace_session_get_context (workspace_patient_get_session (patient));

  if (!g_strv_contains (prescribers, care_context_get_role (context)))
    return NULL;
  return prescribe_composer_new (patient, encounter_id,
                                 workspace_session_get_content (
                                     workspace_patient_get_session (patient)));
}

static const char *
claims (WorkspaceFeature *feature, const char *reference)
{
  return g_str_has_prefix (reference, "MedicationRequest/") ? "prescribe" : NULL;
}

static void
release_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!care_prescription_command_finish (result, &error))
    g_warning ("Signed prescriptions could not be let go: %s", error->message);
}

static gboolean
release_timeout_cb (gpointer data)
{
  PrescribeFeature *self = data;

  self->release_source = 0;
  if (self->release_again)
    self->release_source = g_timeout_add (RELEASE_MS, release_timeout_cb, self);
  self->release_again = FALSE;
  care_prescription_release_due_async (workspace_session_get_context (self->session), NULL,
                                       release_cb, NULL);
  return G_SOURCE_REMOVE;
}

/* What is still unsent after fifteen minutes becomes a task, even where nothing else happens. */
static gboolean
upkeep_cb (gpointer data)
{
  if (PRESCRIBE_FEATURE (data)->release_source == 0)
    release_timeout_cb (data);
  return G_SOURCE_CONTINUE;
}

/* ---- order sets by name ---- */

static void
sets_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PrescribeFeature) self = user_data;
  GPtrArray *sets = care_order_set_list_finish (result, NULL);

  if (sets == NULL)
    return;
  g_clear_pointer (&self->sets, g_ptr_array_unref);
  self->sets = sets;
}

static void
read_sets (PrescribeFeature *self)
{
  care_order_set_list_async (workspace_session_get_context (self->session), sets_read_cb,
                             g_object_ref (self));
}

static void
add_to_palette (WorkspaceFeature *feature, WorkspaceScope scope, GListStore *list)
{
  PrescribeFeature *self = PRESCRIBE_FEATURE (feature);

  for (guint i = 0; scope == WORKSPACE_SCOPE_PATIENT && self->sets != NULL && i < self->sets->len;
       i++)
    {
      const CareOrderSet *set = self->sets->pdata[i];
      g_autofree char *title = g_strdup_printf (_ ("Prescribe %s"), set->title);
      g_autofree char *action = g_strconcat ("win.prescribe-set::", set->id, NULL);
      g_autoptr (WorkspaceCommandItem) item =
          workspace_command_item_new (title, _ ("Order set of the clinic"), action, NULL, NULL);

      g_list_store_append (list, item);
    }
}

/* Whatever rests for Undo, a prescription or an entry of the record, comes with its Provenance, but
 * for what reception writes. A reading that brings many must not push the moment away again and
 * again. */
static void
store_changed_cb (PrescribeFeature *self, GPtrArray *changes)
{
  static const char *const resting[] = { "Provenance", "Appointment", "Patient", NULL };

  for (guint i = 0; i < changes->len; i++)
    {
      const StoreChange *change = g_ptr_array_index (changes, i);

      if (g_str_equal (change->type, "PlanDefinition"))
        read_sets (self);
      if (!g_strv_contains (resting, change->type))
        continue;
      if (self->release_source == 0)
        self->release_source = g_timeout_add (RELEASE_MS, release_timeout_cb, self);
      else
        self->release_again = TRUE;
      return;
    }
}

static void
start (WorkspaceFeature *feature, WorkspaceSession *session)
{
  PrescribeFeature *self = PRESCRIBE_FEATURE (feature);

  self->session = session;
  g_signal_connect_object (workspace_session_get_database (session), "changed",
                           G_CALLBACK (store_changed_cb), self, G_CONNECT_SWAPPED);
  self->upkeep_source = g_timeout_add_seconds (UPKEEP_SECONDS, upkeep_cb, self);
  read_sets (self);
  release_timeout_cb (self); /* what rested when the program last ended */
}

static void
prescribe_feature_dispose (GObject *object)
{
  PrescribeFeature *self = PRESCRIBE_FEATURE (object);

  g_clear_handle_id (&self->release_source, g_source_remove);
  g_clear_handle_id (&self->upkeep_source, g_source_remove);
  g_clear_pointer (&self->sets, g_ptr_array_unref);

  G_OBJECT_CLASS (prescribe_feature_parent_class)->dispose (object);
}

static void
prescribe_feature_class_init (PrescribeFeatureClass *klass)
{
  WorkspaceFeatureClass *feature_class = WORKSPACE_FEATURE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = prescribe_feature_dispose;
  feature_class->id = "prescribe";
  feature_class->composers = composers;
  feature_class->create_composer = create_composer;
  feature_class->offers = offers;
  feature_class->n_offers = G_N_ELEMENTS (offers);
  feature_class->commands = commands;
  feature_class->n_commands = G_N_ELEMENTS (commands);
  feature_class->create_patient_widget = create_patient_widget;
  feature_class->add_to_palette = add_to_palette;
  feature_class->claims = claims;
  feature_class->start = start;
}

static void
prescribe_feature_init (PrescribeFeature *self)
{
}
