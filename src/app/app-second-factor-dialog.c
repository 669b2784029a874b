/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-second-factor-dialog.h"

#include <glib/gi18n.h>

#include "base-totp.h"
#include "care-second-factor.h"
#include "fhir-builder.h"
#include "net-error.h"
#include "net-fhir-client.h"
#include "workspace-code.h"

/* The clinic's server takes the secret first, for it looks at the digits of each order; then this
 * computer keeps it. Where the server is another one it knows nothing of it, and that is said. */

struct _AppSecondFactorDialog
{
  AdwDialog parent_instance;

  WorkspaceSession *session;
  NetFhirClient *client; /* NULL where there is no hub */
  gboolean offline;      /* nobody knows what the server is */
  char *clinic;          /* what the authenticator calls it */
  char *secret;          /* as it is shown as a code; NULL while what is typed is none */
  gboolean asking, had;  /* @had: there is one on this computer already */
  guint come_source;

  GtkLabel *state_label;
  GtkLabel *where_label;
  GtkLabel *fault_label;
  AdwBin *code_bin;
  GtkEditable *secret_row;
  GtkEditable *code_row;
  GtkEditable *old_row;
  GtkWidget *set_up_button;
};

G_DEFINE_FINAL_TYPE (AppSecondFactorDialog, app_second_factor_dialog, ADW_TYPE_DIALOG)

static CareContext *
context_of (AppSecondFactorDialog *self)
{
  return workspace_session_get_context (self->session);
}

static char *
dup_typed (GtkEditable *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (row)));
}

static void
show_fault (AppSecondFactorDialog *self, const char *text)
{
  gtk_label_set_label (self->fault_label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->fault_label), text != NULL);
  if (text)
    gtk_accessible_announce (GTK_ACCESSIBLE (self->fault_label), text,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
update_cb (AppSecondFactorDialog *self)
{
  g_autofree char *code = dup_typed (self->code_row), *old = dup_typed (self->old_row);
  gboolean answered = !gtk_widget_get_visible (GTK_WIDGET (self->old_row)) || *old;

  gtk_widget_set_sensitive (self->set_up_button,
                            self->secret && base_totp_is_code (code) && answered && !self->asking);
  /* what the server is asked about is what this computer keeps when it has answered */
  gtk_widget_set_sensitive (GTK_WIDGET (self->secret_row), !self->asking);
  gtk_widget_set_sensitive (GTK_WIDGET (self->code_row), !self->asking);
  gtk_widget_set_sensitive (GTK_WIDGET (self->old_row), !self->asking);
}

/* In capitals and without gaps, as it is kept and compared. */
static char *
dup_plain (const char *typed)
{
  g_autoptr (GBytes) bytes = base_totp_is_secret (typed) ? base_unbase32 (typed) : NULL;

  return bytes ? base_base32 (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : NULL;
}

static void
secret_cb (AppSecondFactorDialog *self)
{
  g_autofree char *typed = dup_typed (self->secret_row), *uri = NULL;
  GtkWidget *code = NULL;

  g_free (self->secret);
  self->secret = dup_plain (typed);
  if (self->secret)
    {
      uri = base_totp_dup_uri (self->secret, self->clinic,
                               care_context_get_user_name (context_of (self)));
      code = workspace_code_new (uri);
    }
  if (code)
    gtk_accessible_update_property (GTK_ACCESSIBLE (code), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    _ ("QR code of the secret"), -1);
  adw_bin_set_child (self->code_bin, code);
  update_cb (self);
}

/* ---- setting it up ---- */

static void
end_asking (AppSecondFactorDialog *self, const char *fault)
{
  self->asking = FALSE;
  show_fault (self, fault);
  update_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->code_row));
}

static void
enrolled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppSecondFactorDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean good = care_second_factor_enrol_finish (result, &error);

  if (!self->state_label)
    return;
  if (good)
    {
      self->asking = FALSE;
      adw_dialog_close (ADW_DIALOG (self));
      return;
    }
  if (self->had)
    gtk_widget_set_visible (GTK_WIDGET (self->old_row), TRUE);
  end_asking (self, error->message);
}

/* @allowed: the server has taken it */
static void
enrol (AppSecondFactorDialog *self, gboolean allowed)
{
  g_autofree char *code = dup_typed (self->code_row), *old = dup_typed (self->old_row);

  care_second_factor_enrol_async (context_of (self), self->secret, code, *old ? old : NULL, allowed,
                                  enrolled_cb, g_object_ref (self));
}

static void
registered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppSecondFactorDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (NetAnswer) answer =
      net_fhir_client_send_finish (NET_FHIR_CLIENT (source), result, &error);

  if (!self->state_label)
    return;
  /* a hub in front of another server has no records of ours, and no secrets */
  if (answer || net_error_get_status (error) == 404)
    {
      enrol (self, answer != NULL);
      return;
    }
  if (net_error_get_status (error) == 409)
    {
      gtk_widget_set_visible (GTK_WIDGET (self->old_row), TRUE);
      end_asking (self, _ ("You have a second factor already. Type what it shows now, or your "
                           "password, too."));
      gtk_widget_grab_focus (GTK_WIDGET (self->old_row));
      return;
    }
  end_asking (self, error->message);
}

static FhirResource *
parameters_new (AppSecondFactorDialog *self)
{
  g_autofree char *code = dup_typed (self->code_row), *old = dup_typed (self->old_row);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Parameters", NULL);

  fhir_builder_set_many (builder, "parameter.0.name", "secret", "parameter.0.valueString",
                         self->secret, "parameter.1.name", "code", "parameter.1.valueString", code,
                         NULL);
  if (*old)
    fhir_builder_set_many (builder, "parameter.2.name",
                           base_totp_is_code (old) ? "old" : "password", "parameter.2.valueString",
                           old, NULL);
  return fhir_builder_end (builder);
}

static void
set_up_cb (AppSecondFactorDialog *self)
{
  g_autoptr (FhirResource) body = NULL;
  NetRequest request = { .method = "POST", .path = "second-factor" };

  if (!gtk_widget_get_sensitive (self->set_up_button))
    return;
  if (self->offline)
    {
      show_fault (self,
                  _ ("Connect to the clinic’s server first: it has to know the secret, too."));
      return;
    }
  self->asking = TRUE;
  show_fault (self, NULL);
  update_cb (self);
  if (!self->client)
    {
      enrol (self, FALSE);
      return;
    }
  body = parameters_new (self);
  request.body = body;
  net_fhir_client_send_async (self->client, &request, NULL, registered_cb, g_object_ref (self));
}

/* ---- object ---- */

static gboolean
since_work (StoreConnection *connection, gpointer data, GError **error)
{
  *(char **) data = care_second_factor_dup_since (connection);
  return TRUE;
}

static void
show_state (AppSecondFactorDialog *self)
{
  g_autofree char *since = NULL, *text = NULL;

  store_database_read (workspace_session_get_database (self->session), since_work, &since, NULL);
  text = since ? g_strdup_printf (_ ("Set up on this computer since %s. Another one takes its "
                                     "place."),
                                  since)
               : g_strdup (_ ("Not set up on this computer yet"));
  self->had = since != NULL;
  gtk_label_set_label (self->state_label, text);
  gtk_label_set_label (
      self->where_label,
      self->client || self->offline
          ? _ ("The clinic’s server keeps the secret too, and looks at the digits of "
               "each prescription. No certification for the electronic prescribing of "
               "controlled drugs is claimed.")
          : _ ("Only this computer looks at the digits: the server that it works with "
               "does not. No certification for the electronic prescribing of controlled "
               "drugs is claimed."));
}

static void
app_second_factor_dialog_dispose (GObject *object)
{
  AppSecondFactorDialog *self = APP_SECOND_FACTOR_DIALOG (object);

  g_clear_handle_id (&self->come_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), APP_TYPE_SECOND_FACTOR_DIALOG);
  g_clear_object (&self->session);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (app_second_factor_dialog_parent_class)->dispose (object);
}

static void
app_second_factor_dialog_finalize (GObject *object)
{
  AppSecondFactorDialog *self = APP_SECOND_FACTOR_DIALOG (object);

  g_free (self->clinic);
  g_free (self->secret);
  G_OBJECT_CLASS (app_second_factor_dialog_parent_class)->finalize (object);
}

static void
app_second_factor_dialog_class_init (AppSecondFactorDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = app_second_factor_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = app_second_factor_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/app/app-second-factor-dialog.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, AppSecondFactorDialog, name)
  CHILD (state_label);
  CHILD (where_label);
  CHILD (fault_label);
  CHILD (code_bin);
  CHILD (secret_row);
  CHILD (code_row);
  CHILD (old_row);
  CHILD (set_up_button);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, secret_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_cb);
  gtk_widget_class_bind_template_callback (widget_class, set_up_cb);
}

/* A dialog that comes from below focuses its first field once it has come, whatever it was asked
 * for. What is typed first are the digits, not over the secret: that takes no focus until then. */
#define COME_MS 600

static void
come_cb (gpointer data)
{
  AppSecondFactorDialog *self = data;

  GtkStateFlags flags = gtk_widget_get_state_flags (GTK_WIDGET (self->code_row));

  self->come_source = 0;
  if (!(flags & GTK_STATE_FLAG_FOCUS_WITHIN)) /* what was typed by now would be selected */
    gtk_widget_grab_focus (GTK_WIDGET (self->code_row));
  gtk_widget_set_can_focus (GTK_WIDGET (self->secret_row), TRUE);
}

static void
map_cb (AppSecondFactorDialog *self)
{
  if (!self->come_source)
    self->come_source = g_timeout_add_once (COME_MS, come_cb, self);
}

static void
app_second_factor_dialog_init (AppSecondFactorDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_can_focus (GTK_WIDGET (self->secret_row), FALSE);
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
}

/* (transfer full) (nullable) */
static NetFhirClient *
client_new (WorkspaceSession *session)
{
  const char *hub = workspace_session_get_server (session);
  GObject *net = workspace_session_get_net (session);
  g_autofree char *base = hub ? g_strconcat (hub, "/auth", NULL) : NULL;

  return base && net ? net_fhir_client_new (base, NET_SESSION (net), NULL) : NULL;
}

/**
 * app_second_factor_dialog_new:
 * @clinic: what the authenticator is to call it
 *
 * Returns: (transfer floating)
 */
AdwDialog *
app_second_factor_dialog_new (WorkspaceSession *session, const char *clinic)
{
  AppSecondFactorDialog *self = g_object_new (APP_TYPE_SECOND_FACTOR_DIALOG, NULL);
  g_autofree char *secret = base_totp_new_secret (), *grouped = base_totp_dup_grouped (secret);

  self->session = g_object_ref (session);
  self->client = client_new (session);
  self->offline = workspace_session_get_net (session) == NULL;
  self->clinic = g_strdup (clinic);
  show_state (self);
  gtk_editable_set_text (self->secret_row, grouped);
  adw_dialog_set_focus (ADW_DIALOG (self), GTK_WIDGET (self->code_row));
  return ADW_DIALOG (self);
}
