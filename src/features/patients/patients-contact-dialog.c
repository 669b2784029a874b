/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patients-contact-dialog.h"

#include <glib/gi18n.h>

#include "care-channel.h"
#include "care-contact.h"
#include "care-entry.h"
#include "care-row.h"
#include "workspace-text.h"
#include "workspace-toast.h"

/* The first is none of them. */
static const char *const relationships[] = { NULL, "PRN", "CHILD", "SPS", "SIB", "FRND" };

struct _PatientsContactDialog
{
  AdwDialog parent_instance;

  WorkspaceSession *session;
  GCancellable *cancellable;
  char *patient_id;
  char *phone, *address, *email; /* as recorded; NULL: none */
  CareConsentState said[CARE_N_CHANNELS];
  guint first[CARE_N_CHANNELS]; /* the CareConsentState that is offered first */
  gboolean was_read, is_busy;
  gboolean corrects; /* number or address, which rest for an Undo */

  AdwToastOverlay *toasts;
  GtkButton *save_button;
  GtkLabel *name_label;
  AdwEntryRow *phone_row;
  AdwEntryRow *address_row;
  AdwEntryRow *email_row;
  AdwComboRow *said_rows[CARE_N_CHANNELS];
  GtkListBox *proxy_list;
  AdwExpanderRow *add_row;
  AdwEntryRow *proxy_name_row;
  AdwComboRow *relationship_row;
  AdwEntryRow *proxy_phone_row;
  GtkWidget *add_button;
  GtkLabel *problem_label;
};

enum
{
  SIGNAL_CORRECTED,
  SIGNAL_NOTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PatientsContactDialog, patients_contact_dialog, ADW_TYPE_DIALOG)

static CareContext *
context_of (PatientsContactDialog *self)
{
  return workspace_session_get_context (self->session);
}

/* (transfer full) */
static char *
dup_text (AdwEntryRow *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
}

/* An emptied line means nothing was said about it: nobody is made unreachable by a slip. */
static gboolean
differs (AdwEntryRow *row, const char *there)
{
  g_autofree char *text = dup_text (row);

  return *text && g_strcmp0 (text, there) != 0;
}

/* What was chosen now: as recorded is nothing new, and so is "not asked". */
static CareConsentState
get_said (PatientsContactDialog *self, CareChannel channel)
{
  guint selected = adw_combo_row_get_selected (self->said_rows[channel]);
  guint chosen = selected != GTK_INVALID_LIST_POSITION ? selected + self->first[channel]
                                                       : CARE_CONSENT_NOT_ASKED;

  return chosen == (guint) self->said[channel] || chosen > CARE_CONSENT_REFUSED
             ? CARE_CONSENT_NOT_ASKED
             : (CareConsentState) chosen;
}

/* Who was asked is not "not asked" again: that is offered only as long as it is so. */
static void
offer (PatientsContactDialog *self, CareChannel channel, CareConsentState recorded)
{
  /* in the order of CareConsentState */
  const char *const words[] = { _ ("Not asked"), _ ("Agrees"), _ ("Does not agree"), NULL };
  guint first = recorded == CARE_CONSENT_NOT_ASKED ? CARE_CONSENT_NOT_ASKED : CARE_CONSENT_GIVEN;

  if (first != self->first[channel] || !adw_combo_row_get_model (self->said_rows[channel]))
    {
      g_autoptr (GtkStringList) said = gtk_string_list_new (words + first);

      self->first[channel] = first;
      adw_combo_row_set_model (self->said_rows[channel], G_LIST_MODEL (said));
    }
}

static gboolean
changes_ways (PatientsContactDialog *self)
{
  return differs (self->email_row, self->email) ||
         get_said (self, CARE_CHANNEL_SMS) != CARE_CONSENT_NOT_ASKED ||
         get_said (self, CARE_CHANNEL_EMAIL) != CARE_CONSENT_NOT_ASKED;
}

static gboolean
changes_contact (PatientsContactDialog *self)
{
  return differs (self->phone_row, self->phone) || differs (self->address_row, self->address);
}

static void
update (PatientsContactDialog *self)
{
  g_autofree char *name = dup_text (self->proxy_name_row);

  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button),
                            self->was_read && !self->is_busy &&
                                (changes_contact (self) || changes_ways (self)));
  gtk_widget_set_sensitive (self->add_button, self->was_read && !self->is_busy && *name);
}

static void
say_problem (PatientsContactDialog *self, const char *problem)
{
  gtk_label_set_label (self->problem_label, problem ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
}

/* ---- what is recorded ---- */

static GtkWidget *
row_new (CareRow *proxy)
{
  GtkWidget *row = adw_action_row_new ();
  gboolean over = care_row_get_text (proxy, CARE_ROW_SEVERITY) != NULL;
  const char *since = care_row_get_text (proxy, CARE_ROW_DATE);
  const char *about = care_row_get_text (proxy, CARE_ROW_SUBTITLE);
  g_autofree char *from = since && !over ? g_strdup_printf (_ ("since %s"), since) : NULL;
  g_autoptr (GStrvBuilder) parts = g_strv_builder_new ();

  if (about && *about)
    g_strv_builder_add (parts, about);
  if (over)
    g_strv_builder_add (parts, _ ("no longer"));
  else if (from)
    g_strv_builder_add (parts, from);
  g_auto (GStrv) words = g_strv_builder_end (parts);
  g_autofree char *subtitle = g_strjoinv (" · ", words);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), care_row_get_title (proxy));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (over)
    {
      gtk_widget_add_css_class (row, "dimmed");
      return row;
    }
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_End"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, _ ("From Today On No Longer"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  care_row_get_title (proxy), -1);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", care_row_get_reference (proxy));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "contact.end-proxy");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

/* A line that somebody is writing in stays theirs; every other says what is recorded now. */
static void
show_line (AdwEntryRow *row, char **shown, const char *there)
{
  if (!differs (row, *shown))
    gtk_editable_set_text (GTK_EDITABLE (row), there ? there : "");
  g_set_str (shown, there);
}

/* What was said about a number holds for that number: with another one nobody was asked. */
static void
show_said (PatientsContactDialog *self, CareContact *contact)
{
  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    {
      CareConsent *consent = contact->consents[i];
      CareConsentState touched =
          self->was_read ? get_said (self, (CareChannel) i) : CARE_CONSENT_NOT_ASKED;

      adw_action_row_set_subtitle (ADW_ACTION_ROW (self->said_rows[i]),
                                   contact->ways[i] ? contact->ways[i] : _ ("none recorded"));
      self->said[i] = consent->state;
      offer (self, (CareChannel) i, consent->state);
      adw_combo_row_set_selected (self->said_rows[i],
                                  (touched ? touched : consent->state) - self->first[i]);
    }
}

static void
show_contact (PatientsContactDialog *self, CareContact *contact)
{
  guint n_proxies = g_list_model_get_n_items (G_LIST_MODEL (contact->proxies));

  gtk_label_set_label (self->name_label, contact->name);
  show_line (self->phone_row, &self->phone, contact->phone);
  show_line (self->address_row, &self->address, contact->address);
  show_line (self->email_row, &self->email, contact->email);
  show_said (self, contact);
  self->was_read = TRUE;
  gtk_list_box_remove_all (self->proxy_list);
  for (guint i = 0; i < n_proxies; i++)
    {
      g_autoptr (CareRow) proxy = g_list_model_get_item (G_LIST_MODEL (contact->proxies), i);
      gtk_list_box_append (self->proxy_list, row_new (proxy));
    }
  if (n_proxies == 0)
    {
      GtkWidget *row = adw_action_row_new ();
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Nobody is recorded"));
      gtk_widget_add_css_class (row, "dimmed");
      gtk_list_box_append (self->proxy_list, row);
    }
  update (self);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PatientsContactDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CareContact) contact = care_contact_read_finish (result, &error);

  if (contact)
    show_contact (self, contact);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    say_problem (self, error->message);
}

static void
reload (PatientsContactDialog *self)
{
  care_contact_read_async (context_of (self), self->patient_id, self->cancellable, read_cb,
                           g_object_ref (self));
}

/* ---- changing it ---- */

static void
end_save (PatientsContactDialog *self, const GError *error)
{
  self->is_busy = FALSE;
  if (!error)
    {
      g_signal_emit (self, signals[self->corrects ? SIGNAL_CORRECTED : SIGNAL_NOTED], 0);
      adw_dialog_force_close (ADW_DIALOG (self));
      return;
    }
  say_problem (self, error->message);
  update (self);
}

static void
ways_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PatientsContactDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  care_channel_save_finish (result, &error);
  end_save (self, error);
}

static void
save_ways (PatientsContactDialog *self)
{
  g_autofree char *email = dup_text (self->email_row);
  CareChannelWord word = { .email = differs (self->email_row, self->email) ? email : NULL };

  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    word.said[i] = get_said (self, (CareChannel) i);
  care_channel_save_async (context_of (self), self->patient_id, &word, ways_saved_cb,
                           g_object_ref (self));
}

/* The number first: what the patient says about text messages is about the one that is right. */
static void
corrected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PatientsContactDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (care_contact_command_finish (result, &error) && changes_ways (self))
    {
      g_autofree char *phone = dup_text (self->phone_row), *address = dup_text (self->address_row);

      /* Written already, whatever comes of the rest. */
      g_set_str (&self->phone, *phone ? phone : self->phone);
      g_set_str (&self->address, *address ? address : self->address);
      save_ways (self);
    }
  else
    end_save (self, error);
}

static void
save_cb (PatientsContactDialog *self)
{
  g_autofree char *phone = dup_text (self->phone_row), *address = dup_text (self->address_row);

  if (!gtk_widget_get_sensitive (GTK_WIDGET (self->save_button)))
    return;
  self->is_busy = TRUE;
  gboolean corrects = changes_contact (self);
  /* A second try of what was written only in part corrects as well. */
  self->corrects |= corrects;
  update (self);
  if (!corrects)
    {
      save_ways (self);
      return;
    }
  /* what nobody touched may have been corrected elsewhere meanwhile */
  care_contact_correct_async (context_of (self), self->patient_id,
                              differs (self->phone_row, self->phone) ? phone : NULL,
                              differs (self->address_row, self->address) ? address : NULL,
                              corrected_cb, g_object_ref (self));
}

/* The newest is what can be taken back: none waits behind an older one. */
static void
say (PatientsContactDialog *self, const char *words, const char *reference)
{
  adw_toast_overlay_dismiss_all (self->toasts);
  workspace_toast_add (self->toasts, words, "contact.undo-proxy", reference);
}

/* @reference: (nullable): of the proxy that was changed; NULL: @error says why not */
static void
take_proxy (PatientsContactDialog *self,
            const char *words,
            const char *reference,
            const GError *error)
{
  self->is_busy = FALSE;
  if (!self->toasts) /* closed meanwhile */
    return;
  say_problem (self, error ? error->message : NULL);
  if (!error)
    say (self, words, reference);
  reload (self);
}

static void
added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PatientsContactDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *reference = care_contact_add_proxy_finish (result, &error);

  if (reference && self->toasts)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->proxy_name_row), "");
      gtk_editable_set_text (GTK_EDITABLE (self->proxy_phone_row), "");
      adw_expander_row_set_expanded (self->add_row, FALSE);
    }
  take_proxy (self, _ ("Added."), reference, error);
}

static void
add_cb (PatientsContactDialog *self)
{
  g_autofree char *name = dup_text (self->proxy_name_row);
  g_autofree char *phone = dup_text (self->proxy_phone_row);
  guint selected = adw_combo_row_get_selected (self->relationship_row);
  const CareProxy proxy = {
    .name = name,
    .relationship = selected < G_N_ELEMENTS (relationships) ? relationships[selected] : NULL,
    .phone = phone,
  };

  self->is_busy = TRUE;
  update (self);
  care_contact_add_proxy_async (context_of (self), self->patient_id, &proxy, added_cb,
                                g_object_ref (self));
}

typedef struct
{
  PatientsContactDialog *dialog;
  char *reference;
} Ending;

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Ending *ending = user_data;
  g_autoptr (GError) error = NULL;

  care_contact_command_finish (result, &error);
  take_proxy (ending->dialog, _ ("Ended."), ending->reference, error);
  g_object_unref (ending->dialog);
  g_free (ending->reference);
  g_free (ending);
}

static void
end_proxy_action (GtkWidget *widget, const char *name, GVariant *reference)
{
  PatientsContactDialog *self = PATIENTS_CONTACT_DIALOG (widget);
  Ending *ending = g_new0 (Ending, 1);

  self->is_busy = TRUE;
  update (self);
  ending->dialog = g_object_ref (self);
  ending->reference = g_variant_dup_string (reference, NULL);
  care_contact_end_proxy_async (context_of (self), ending->reference, ended_cb, ending);
}

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PatientsContactDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  care_entry_command_finish (result, &error);
  if (!self->toasts)
    return;
  say (self, error ? error->message : _ ("Undone: it is as it was."), NULL);
  reload (self);
}

static void
undo_proxy_action (GtkWidget *widget, const char *name, GVariant *reference)
{
  PatientsContactDialog *self = PATIENTS_CONTACT_DIALOG (widget);

  care_entry_undo_async (context_of (self), g_variant_get_string (reference, NULL), NULL, undone_cb,
                         g_object_ref (self));
}

/* ---- object ---- */

static void
patients_contact_dialog_dispose (GObject *object)
{
  PatientsContactDialog *self = PATIENTS_CONTACT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), PATIENTS_TYPE_CONTACT_DIALOG);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_pointer (&self->patient_id, g_free);
  g_clear_pointer (&self->phone, g_free);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->email, g_free);
  G_OBJECT_CLASS (patients_contact_dialog_parent_class)->dispose (object);
}

static void
bind_said (GtkWidgetClass *klass, CareChannel channel, const char *name)
{
  gtk_widget_class_bind_template_child_full (klass, name, FALSE,
                                             G_STRUCT_OFFSET (PatientsContactDialog, said_rows) +
                                                 (gssize) channel *
                                                     (gssize) sizeof (AdwComboRow *));
}

static void
patients_contact_dialog_class_init (PatientsContactDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = patients_contact_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/patients/patients-contact-dialog.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PatientsContactDialog, name)
  CHILD (toasts);
  CHILD (save_button);
  CHILD (name_label);
  CHILD (phone_row);
  CHILD (address_row);
  CHILD (email_row);
  CHILD (proxy_list);
  CHILD (add_row);
  CHILD (proxy_name_row);
  CHILD (relationship_row);
  CHILD (proxy_phone_row);
  CHILD (add_button);
  CHILD (problem_label);
#undef CHILD
  bind_said (widget_class, CARE_CHANNEL_SMS, "sms_said_row");
  bind_said (widget_class, CARE_CHANNEL_EMAIL, "email_said_row");
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);

  signals[SIGNAL_CORRECTED] = g_signal_new ("corrected", PATIENTS_TYPE_CONTACT_DIALOG,
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_NOTED] = g_signal_new ("noted", PATIENTS_TYPE_CONTACT_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_install_action (widget_class, "contact.end-proxy", "s", end_proxy_action);
  gtk_widget_class_install_action (widget_class, "contact.undo-proxy", "s", undo_proxy_action);
}

static void
patients_contact_dialog_init (PatientsContactDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

AdwDialog *
patients_contact_dialog_new (WorkspaceSession *session, const char *patient_id)
{
  PatientsContactDialog *self = g_object_new (PATIENTS_TYPE_CONTACT_DIALOG, NULL);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (relationships); i++)
    gtk_string_list_append (names, relationships[i]
                                       ? care_contact_relationship_name (relationships[i])
                                       : _ ("Not said"));
  adw_combo_row_set_model (self->relationship_row, G_LIST_MODEL (names));
  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    offer (self, (CareChannel) i, CARE_CONSENT_NOT_ASKED);
  self->session = g_object_ref (session);
  self->patient_id = g_strdup (patient_id);
  reload (self);
  return ADW_DIALOG (self);
}
