/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patients-register-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-form.h"
#include "care-registration.h"
#include "care-row.h"
#include "workspace-form.h"
#include "workspace-person-search.h"
#include "workspace-text.h"

#define SETTLE_MS 250

static const char *const sexes[] = { "unknown", "female", "male", "other" };

struct _PatientsRegisterDialog
{
  AdwDialog parent_instance;

  WorkspaceSession *session;
  GCancellable *cancellable; /* of the search for who may be the same */
  GStrv similar;             /* ids of those that are shown */
  guint look_source;
  gboolean has_same; /* one of them has the same identifier */
  gboolean looking, is_done;
  WorkspaceForm *form; /* what is typed, kept until somebody is registered */

  GtkButton *register_button;
  AdwEntryRow *family_row;
  AdwEntryRow *given_row;
  AdwEntryRow *born_row;
  AdwComboRow *sex_row;
  AdwEntryRow *identifier_row;
  AdwEntryRow *phone_row;
  AdwEntryRow *address_row;
  AdwEntryRow *email_row;
  AdwSwitchRow *sms_row;
  AdwSwitchRow *email_agrees_row;
  GtkWidget *again_box;
  GtkWidget *similar_box;
  GtkListBox *similar_list;
  GtkCheckButton *answer_button;
  GtkLabel *problem_label;
};

enum
{
  SIGNAL_REGISTERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PatientsRegisterDialog, patients_register_dialog, ADW_TYPE_DIALOG)

/* ---- what was typed ---- */

typedef struct
{
  char *family, *given, *born, *identifier, *phone, *address, *email;
  const char *sex;
} Typed;

static void
typed_clear (Typed *typed)
{
  g_free (typed->family);
  g_free (typed->given);
  g_free (typed->born);
  g_free (typed->identifier);
  g_free (typed->phone);
  g_free (typed->address);
  g_free (typed->email);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Typed, typed_clear)

/* (transfer full) (nullable): NULL where nothing was typed. */
static char *
dup_text (AdwEntryRow *row)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));

  return *text ? g_steal_pointer (&text) : NULL;
}

/* (transfer full) (nullable): YYYY-MM-DD, read as the search for patients reads a birth date. */
static char *
dup_born (PatientsRegisterDialog *self)
{
  g_autofree char *text = dup_text (self->born_row);
  g_autofree char *query = text ? workspace_person_search_dup_query (text) : NULL;

  return query && g_str_has_prefix (query, "birthdate=") ? g_strdup (query + strlen ("birthdate="))
                                                         : NULL;
}

static Typed
read_form (PatientsRegisterDialog *self)
{
  return (Typed) {
    .family = dup_text (self->family_row),
    .given = dup_text (self->given_row),
    .born = dup_born (self),
    .identifier = dup_text (self->identifier_row),
    .phone = dup_text (self->phone_row),
    .address = dup_text (self->address_row),
    .email = dup_text (self->email_row),
    .sex = sexes[MIN (adw_combo_row_get_selected (self->sex_row), G_N_ELEMENTS (sexes) - 1)],
  };
}

static CareRegistration
registration_of (const Typed *typed)
{
  return (CareRegistration) {
    .family = typed->family,
    .given = typed->given,
    .birth_date = typed->born,
    .sex = typed->sex,
    .identifier = typed->identifier,
    .phone = typed->phone,
    .address = typed->address,
    .email = typed->email,
  };
}

static const char *
get_problem (PatientsRegisterDialog *self, const Typed *typed)
{
  g_autofree char *today = workspace_session_dup_today (self->session);

  if (!typed->family && !typed->given)
    return _ ("Write the name.");
  if (!*gtk_editable_get_text (GTK_EDITABLE (self->born_row)))
    return _ ("Write the birth date.");
  if (!typed->born)
    return _ ("This is no date. Write it as 12-Mar-1961.");
  if (strcmp (typed->born, today) > 0)
    return _ ("This birth date is in the future.");
  if (self->has_same)
    return _ ("Somebody has this identifier. Open that chart, or correct the identifier.");
  return NULL;
}

static void
update (PatientsRegisterDialog *self)
{
  g_auto (Typed) typed = read_form (self);
  const char *problem = get_problem (self, &typed);
  gboolean asked = self->similar && self->similar[0];
  gboolean answered = !asked || gtk_check_button_get_active (self->answer_button);

  gtk_label_set_label (self->problem_label, problem ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
  gtk_widget_set_visible (self->similar_box, asked);
  gtk_widget_set_visible (GTK_WIDGET (self->answer_button), !self->has_same);
  gtk_widget_set_sensitive (GTK_WIDGET (self->register_button),
                            !problem && answered && !self->looking && self->look_source == 0 &&
                                !self->is_done);
}

/* ---- who may be the same ---- */

static void
open_cb (GtkButton *button, PatientsRegisterDialog *self)
{
  workspace_session_open_patient (self->session, g_object_get_data (G_OBJECT (button), "patient"),
                                  "show", NULL);
}

static GtkWidget *
row_new (PatientsRegisterDialog *self, CareRow *similar)
{
  const char *born = care_row_get_text (similar, CARE_ROW_DATE);
  const char *identifier = care_row_get_text (similar, CARE_ROW_VALUE);
  g_autofree char *about =
      g_strjoin (" · ", care_row_get_text (similar, CARE_ROW_SUBTITLE),
                 born ? born : _ ("birth date not recorded"), identifier, NULL);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_Open"));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), care_row_get_title (similar));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), about);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  care_row_get_title (similar), -1);
  g_object_set_data_full (G_OBJECT (button), "patient", g_strdup (care_row_get_reference (similar)),
                          g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (open_cb), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

/* Whoever else is shown has not been answered yet. */
static void
show_similar (PatientsRegisterDialog *self, GListModel *rows)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  guint n_rows = g_list_model_get_n_items (rows);

  gtk_list_box_remove_all (self->similar_list);
  self->has_same = FALSE;
  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (rows, i);

      g_strv_builder_add (ids, care_row_get_reference (row));
      self->has_same |= g_strcmp0 (care_row_get_text (row, CARE_ROW_SEVERITY), "same") == 0;
      gtk_list_box_append (self->similar_list, row_new (self, row));
    }
  GStrv fresh = g_strv_builder_end (ids);
  if (!self->similar ||
      !g_strv_equal ((const char *const *) fresh, (const char *const *) self->similar))
    {
      gtk_check_button_set_active (self->answer_button, FALSE);
      if (n_rows > 0)
        gtk_accessible_announce (GTK_ACCESSIBLE (self->similar_list),
                                 _ ("Somebody here may be the same person."),
                                 GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
    }
  g_strfreev (self->similar);
  self->similar = fresh;
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PatientsRegisterDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListStore) rows = care_registration_list_similar_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->looking = FALSE;
  if (rows)
    show_similar (self, G_LIST_MODEL (rows));
  update (self);
  if (error)
    {
      gtk_label_set_label (self->problem_label, error->message);
      gtk_widget_set_visible (GTK_WIDGET (self->problem_label), TRUE);
    }
}

static void
look (gpointer user_data)
{
  PatientsRegisterDialog *self = user_data;
  g_auto (Typed) typed = read_form (self);
  CareRegistration registration = registration_of (&typed);

  self->look_source = 0;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->looking = TRUE;
  care_registration_list_similar_async (workspace_session_get_context (self->session),
                                        &registration, self->cancellable, found_cb,
                                        g_object_ref (self));
}

static void
typed_cb (PatientsRegisterDialog *self)
{
  if (self->form)
    workspace_form_changed (self->form);
}

static void
changed_cb (PatientsRegisterDialog *self)
{
  typed_cb (self);
  g_clear_handle_id (&self->look_source, g_source_remove);
  self->look_source = g_timeout_add_once (SETTLE_MS, look, self);
  update (self);
}

/* ---- registering ---- */

static void
registered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PatientsRegisterDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = care_registration_write_finish (result, &error);

  if (id)
    {
      g_auto (Typed) typed = read_form (self);
      g_autofree char *name =
          g_strjoin (" ", typed.given ? typed.given : "", typed.family ? typed.family : "", NULL);
      workspace_form_forget (self->form);
      g_signal_emit (self, signals[SIGNAL_REGISTERED], 0, id, g_strstrip (name));
      adw_dialog_force_close (ADW_DIALOG (self));
      return;
    }
  self->is_done = FALSE;
  update (self);
  gtk_label_set_label (self->problem_label, error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), TRUE);
}

static void
register_cb (PatientsRegisterDialog *self)
{
  g_auto (Typed) typed = read_form (self);
  CareRegistration registration = registration_of (&typed);

  registration.agrees[CARE_CHANNEL_SMS] = adw_switch_row_get_active (self->sms_row);
  registration.agrees[CARE_CHANNEL_EMAIL] = adw_switch_row_get_active (self->email_agrees_row);
  if (!gtk_widget_get_sensitive (GTK_WIDGET (self->register_button)))
    return;
  self->is_done = TRUE;
  update (self);
  care_registration_write_async (workspace_session_get_context (self->session), &registration,
                                 (const char *const *) self->similar, NULL, registered_cb,
                                 g_object_ref (self));
}

/* ---- what was typed before ---- */

static const char *const names[] = { "family", "given",   "born", "identifier",
                                     "phone",  "address", "email" };

static AdwEntryRow *
get_row (PatientsRegisterDialog *self, gsize i)
{
  AdwEntryRow *rows[] = { self->family_row, self->given_row,   self->born_row, self->identifier_row,
                          self->phone_row,  self->address_row, self->email_row };

  G_STATIC_ASSERT (G_N_ELEMENTS (rows) == G_N_ELEMENTS (names));
  return rows[i];
}

static GHashTable *
read_values (gpointer widget)
{
  PatientsRegisterDialog *self = widget;
  GHashTable *values = care_form_values_new ();
  guint sex = adw_combo_row_get_selected (self->sex_row);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    care_form_set (values, names[i], gtk_editable_get_text (GTK_EDITABLE (get_row (self, i))));
  if (sex > 0 && sex < G_N_ELEMENTS (sexes))
    care_form_set (values, "sex", sexes[sex]);
  return values;
}

static void
fill_values (gpointer widget, GHashTable *values)
{
  PatientsRegisterDialog *self = widget;
  const char *sex = g_hash_table_lookup (values, "sex");

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *text = g_hash_table_lookup (values, names[i]);
      gtk_editable_set_text (GTK_EDITABLE (get_row (self, i)), text ? text : "");
    }
  for (guint i = 0; i < G_N_ELEMENTS (sexes); i++)
    if (g_strcmp0 (sex, sexes[i]) == 0)
      adw_combo_row_set_selected (self->sex_row, i);
  gtk_widget_set_visible (self->again_box, TRUE);
}

static void
anew_cb (PatientsRegisterDialog *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_editable_set_text (GTK_EDITABLE (get_row (self, i)), "");
  adw_combo_row_set_selected (self->sex_row, 0);
  adw_switch_row_set_active (self->sms_row, FALSE);
  adw_switch_row_set_active (self->email_agrees_row, FALSE);
  workspace_form_forget (self->form);
  gtk_widget_set_visible (self->again_box, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->family_row));
}

/* ---- object ---- */

static void
patients_register_dialog_dispose (GObject *object)
{
  PatientsRegisterDialog *self = PATIENTS_REGISTER_DIALOG (object);

  g_clear_handle_id (&self->look_source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->form)
    workspace_form_close (self->form);
  g_clear_object (&self->form);
  gtk_widget_dispose_template (GTK_WIDGET (self), PATIENTS_TYPE_REGISTER_DIALOG);
  g_clear_pointer (&self->similar, g_strfreev);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (patients_register_dialog_parent_class)->dispose (object);
}

static void
patients_register_dialog_class_init (PatientsRegisterDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = patients_register_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/patients/patients-register-dialog.ui");
#define CHILD(name)                                                                                \
  gtk_widget_class_bind_template_child (widget_class, PatientsRegisterDialog, name)
  CHILD (register_button);
  CHILD (family_row);
  CHILD (given_row);
  CHILD (born_row);
  CHILD (sex_row);
  CHILD (identifier_row);
  CHILD (phone_row);
  CHILD (address_row);
  CHILD (email_row);
  CHILD (sms_row);
  CHILD (email_agrees_row);
  CHILD (again_box);
  CHILD (similar_box);
  CHILD (similar_list);
  CHILD (answer_button);
  CHILD (problem_label);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
  gtk_widget_class_bind_template_callback (widget_class, anew_cb);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, register_cb);

  signals[SIGNAL_REGISTERED] =
      g_signal_new ("registered", PATIENTS_TYPE_REGISTER_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
patients_register_dialog_init (PatientsRegisterDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

AdwDialog *
patients_register_dialog_new (WorkspaceSession *session)
{
  PatientsRegisterDialog *self = g_object_new (PATIENTS_TYPE_REGISTER_DIALOG, NULL);

  self->session = g_object_ref (session);
  self->form = workspace_form_new (workspace_session_get_context (session), "registration", NULL,
                                   read_values, fill_values, self);
  update (self);
  return ADW_DIALOG (self);
}
