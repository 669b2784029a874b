/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-link.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "fhir-date.h"
#include "net-fhir-client.h"

#include "workspace-alert.h"
#include "workspace-code.h"

/* A link for a patient, made by the hub, which forgets it: what is shown here is the only copy. The
 * hub does not send this one, and that is said. */

typedef struct
{
  GtkWidget *page;
  WorkspaceSession *session;
  NetFhirClient *client;
  char *what; /* "SMITH, Jane, 09:20" */
} Making;

static void
making_free (Making *making)
{
  g_object_unref (making->page);
  g_object_unref (making->session);
  g_clear_object (&making->client);
  g_free (making->what);
  g_free (making);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Making, making_free)

static void
response_cb (AdwAlertDialog *dialog, const char *response, gpointer data)
{
  const char *url = g_object_get_data (G_OBJECT (dialog), "url");

  if (g_str_equal (response, "copy"))
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (dialog)), url);
}

/* @ended: whether the hub took back the links that were made before */
static void
show_link (Making *making, const char *url, const char *expires, gboolean ended)
{
  AdwDialog *dialog = adw_alert_dialog_new (_ ("A New Link"), NULL);
  GtkWidget *label = gtk_label_new (url), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *code = workspace_code_new (url);
  g_autofree char *until =
      expires ? fhir_date_format (expires, workspace_session_get_zone (making->session)) : NULL;

  adw_alert_dialog_format_body (
      ADW_ALERT_DIALOG (dialog),
      ended ? _ ("%s. The link is good until %s, and is shown only now. Bedside does not send it: "
                 "copy it into a message to the patient, or let their telephone read the code. "
                 "Links that were made before have ended: "
                 "whoever has one needs this one.")
            : _ ("%s. The link is good until %s, and is shown only now. Bedside does not send it: "
                 "copy it into a message to the patient, or let their telephone read the code. A "
                 "link that was made before stays good "
                 "until it ends."),
      making->what, until ? until : "–");
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_CHAR);
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  _ ("The link"), -1);
  if (code)
    gtk_box_append (GTK_BOX (box), code);
  gtk_box_append (GTK_BOX (box), label);
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), box);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "close", _ ("_Close"), "copy",
                                  _ ("Co_py the Link"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "copy",
                                            ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "copy");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "close");
  g_object_set_data_full (G_OBJECT (dialog), "url", g_strdup (url), g_free);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), NULL);
  workspace_alert_present (dialog, making->page);
}

static void
show_failure (GtkWidget *page, const char *reason)
{
  AdwDialog *dialog = adw_alert_dialog_new (_ ("No Link Was Made"), NULL);

  adw_alert_dialog_format_body (ADW_ALERT_DIALOG (dialog),
                                _ ("The clinic’s server makes the links, and gave none: %s"),
                                reason);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "close", _ ("_Close"), NULL);
  workspace_alert_present (dialog, page);
}

static const FhirElement *
find_part (FhirResource *parameters, const char *name, const char *value)
{
  fhir_element_foreach (part, parameters ? fhir_resource_path (parameters, "parameter") : NULL)
    if (g_strcmp0 (fhir_element_path_text (part, "name"), name) == 0)
      return fhir_element_path (part, value);
  return NULL;
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Making) making = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (NetAnswer) answer =
      net_fhir_client_send_finish (NET_FHIR_CLIENT (source), result, &error);
  FhirResource *parameters = answer ? answer->resource : NULL;
  const char *url = fhir_element_get_text (find_part (parameters, "url", "valueUrl"));

  if (url)
    show_link (making, url,
               fhir_element_get_text (find_part (parameters, "expires", "valueInstant")),
               fhir_element_is_true (find_part (parameters, "others-ended", "valueBoolean")));
  else
    show_failure (making->page, error ? error->message : _ ("it answered without one"));
}

/* (transfer full) (nullable): for the hub, which may stand in front of another server. */
NetFhirClient *
workspace_link_dup_client (WorkspaceSession *session, GError **error)
{
  GObject *net = workspace_session_get_net (session);
  const char *hub = workspace_session_get_server (session);
  g_autofree char *base = hub ? g_strconcat (hub, "/fhir", NULL) : NULL;

  if (net && base)
    return net_fhir_client_new (base, NET_SESSION (net), error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, _ ("not connected"));
  return NULL;
}

/**
 * workspace_link_make:
 * @page: where it is shown
 * @path: of the operation that makes it: "Patient/1/$medicines-link"
 * @what: for whom and for what
 */
void
workspace_link_make (GtkWidget *page, WorkspaceSession *session, const char *path, const char *what)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NetFhirClient) client = workspace_link_dup_client (session, &error);
  const NetRequest request = { .method = "POST", .path = path };
  Making *making;

  if (!client)
    {
      show_failure (page, error->message);
      return;
    }
  making = g_new0 (Making, 1);
  making->page = g_object_ref (page);
  making->session = g_object_ref (session);
  making->client = g_object_ref (client);
  making->what = g_strdup (what);
  net_fhir_client_send_async (client, &request, NULL, made_cb, making);
}

/* ---- a link that ends others ---- */

typedef struct
{
  GtkWidget *page;
  WorkspaceSession *session;
  char *path, *what;
} Asking;

static void
asking_free (gpointer data, GClosure *closure)
{
  Asking *asking = data;

  g_object_unref (asking->page);
  g_object_unref (asking->session);
  g_free (asking->path);
  g_free (asking->what);
  g_free (asking);
}

static void
asked_cb (AdwAlertDialog *dialog, const char *response, Asking *asking)
{
  if (g_str_equal (response, "make"))
    workspace_link_make (asking->page, asking->session, asking->path, asking->what);
}

/**
 * workspace_link_ask:
 * @who: for whom it is
 * @ends: what the link does to those that were made before
 *
 * workspace_link_make (), once somebody has said so.
 */
void
workspace_link_ask (GtkWidget *page,
                    WorkspaceSession *session,
                    const char *path,
                    const char *what,
                    const char *who,
                    const char *ends)
{
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Make a New Link?"), NULL);
  Asking *asking = g_new0 (Asking, 1);

  asking->page = g_object_ref (page);
  asking->session = g_object_ref (session);
  asking->path = g_strdup (path);
  asking->what = g_strdup (what);
  adw_alert_dialog_format_body (ADW_ALERT_DIALOG (dialog), "%s\n\n%s", who, ends);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "make",
                                  _ ("_Make a Link"), NULL);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (asked_cb), asking, asking_free, 0);
  workspace_alert_present (dialog, page);
}
