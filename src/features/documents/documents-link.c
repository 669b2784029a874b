/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-link.h"

#include <glib/gi18n.h>

#include "fhir-date.h"
#include "net-error.h"
#include "net-health-link.h"
#include "workspace-network.h"

/**
 * DocumentsLink:
 *
 * Anybody can write a link. So the host that would be asked is shown first, and that it learns the
 * name of whoever asks.
 */

struct _DocumentsLink
{
  AdwBin parent_instance;

  WorkspaceSession *session;
  NetHealthLink *link;
  GCancellable *cancellable;
  gboolean is_fetching;

  AdwActionRow *label_row, *host_row, *expires_row;
  GtkLabel *note_label;
  AdwPasswordEntryRow *passcode_row;
  GtkWidget *passcode_list;
  GtkLabel *problem_label;
  GtkWidget *fetch_button;
  AdwSpinner *spinner;
};

enum
{
  SIGNAL_FETCHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DocumentsLink, documents_link, ADW_TYPE_BIN)

static gint64
now_of (DocumentsLink *self)
{
  return base_clock_now (workspace_session_get_clock (self->session)) / G_USEC_PER_SEC;
}

static gboolean
is_expired (DocumentsLink *self)
{
  return self->link->expires > 0 && self->link->expires < now_of (self);
}

/* (nullable): why it is not to be followed, or NULL */
static const char *
find_obstacle (DocumentsLink *self)
{
  if (is_expired (self))
    return _ ("The link has expired. Ask whoever shared it for a new one.");
  if (!workspace_network_get_allowed (self->session))
    return _ ("In this network your administrator does not allow Bedside to fetch anything.");
  return NULL;
}

/* ---- what it says ---- */

static char *
dup_expiry (DocumentsLink *self)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (self->link->expires);
  g_autofree char *instant = utc ? g_date_time_format_iso8601 (utc) : NULL;

  if (self->link->expires == 0 || !instant)
    return g_strdup (_ ("it does not say"));
  return fhir_date_format (instant, workspace_session_get_zone (self->session));
}

static void
update (DocumentsLink *self)
{
  const char *passcode = gtk_editable_get_text (GTK_EDITABLE (self->passcode_row));
  gboolean is_ready = self->link && (!self->link->has_passcode || *passcode);

  gtk_widget_set_visible (GTK_WIDGET (self->spinner), self->is_fetching);
  gtk_widget_set_sensitive (self->fetch_button,
                            is_ready && !self->is_fetching && !find_obstacle (self));
}

static void
say (DocumentsLink *self, const char *problem)
{
  gtk_label_set_label (self->problem_label, problem ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
}

static void
show (DocumentsLink *self)
{
  const char *who = care_context_get_user_name (workspace_session_get_context (self->session));
  g_autofree char *expiry = dup_expiry (self);
  g_autofree char *note = g_strdup_printf (
      _ ("Nothing has been fetched yet. If you fetch it, %s learns that %s asked."),
      self->link->host, who);

  adw_action_row_set_subtitle (self->label_row,
                               self->link->label ? self->link->label : _ ("it does not say"));
  adw_action_row_set_subtitle (self->host_row, self->link->host);
  adw_action_row_set_subtitle (self->expires_row, expiry);
  gtk_label_set_label (self->note_label, note);
  gtk_widget_set_visible (self->passcode_list, self->link->has_passcode);
  say (self, find_obstacle (self));
  update (self);
}

/* ---- following it ---- */

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DocumentsLink) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = net_health_link_fetch_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->is_fetching = FALSE;
  gtk_editable_set_text (GTK_EDITABLE (self->passcode_row), "");
  update (self);
  if (files)
    {
      g_signal_emit (self, signals[SIGNAL_FETCHED], 0, files);
      return;
    }
  say (self, error->message);
  if (g_error_matches (error, NET_ERROR, NET_ERROR_UNAUTHORIZED))
    gtk_widget_grab_focus (GTK_WIDGET (self->passcode_row));
}

static void
fetch_cb (DocumentsLink *self)
{
  const char *who = care_context_get_user_name (workspace_session_get_context (self->session));

  if (!gtk_widget_get_sensitive (self->fetch_button))
    return;
  say (self, NULL);
  self->is_fetching = TRUE;
  net_health_link_fetch_async (self->link, who,
                               gtk_editable_get_text (GTK_EDITABLE (self->passcode_row)),
                               self->cancellable, fetched_cb, g_object_ref (self));
  update (self);
}

/* ---- object ---- */

static void
documents_link_dispose (GObject *object)
{
  DocumentsLink *self = DOCUMENTS_LINK (object);

  g_cancellable_cancel (self->cancellable);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), DOCUMENTS_TYPE_LINK);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_pointer (&self->link, net_health_link_free);
  G_OBJECT_CLASS (documents_link_parent_class)->dispose (object);
}

static void
documents_link_class_init (DocumentsLinkClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = documents_link_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/documents/documents-link.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, DocumentsLink, name)
  CHILD (label_row);
  CHILD (host_row);
  CHILD (expires_row);
  CHILD (note_label);
  CHILD (passcode_list);
  CHILD (passcode_row);
  CHILD (problem_label);
  CHILD (fetch_button);
  CHILD (spinner);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, fetch_cb);
  gtk_widget_class_bind_template_callback (widget_class, update);
  signals[SIGNAL_FETCHED] = g_signal_new ("fetched", DOCUMENTS_TYPE_LINK, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
}

static void
documents_link_init (DocumentsLink *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* FALSE with a sentence where it is no link. */
gboolean
documents_link_show (DocumentsLink *self,
                     WorkspaceSession *session,
                     const char *link,
                     GError **error)
{
  NetHealthLink *parsed = net_health_link_parse (link, error);

  if (!parsed)
    return FALSE;
  g_clear_pointer (&self->link, net_health_link_free);
  self->link = parsed;
  g_set_object (&self->session, session);
  show (self);
  return TRUE;
}

/* (transfer full): what a file of it is called */
char *
documents_link_dup_name (DocumentsLink *self)
{
  return self->link->label ? g_strjoin (" · ", self->link->label, self->link->host, NULL)
                           : g_strdup (self->link->host);
}
