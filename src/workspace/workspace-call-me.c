/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-call-me.h"

#include <glib/gi18n.h>
#include <string.h>

/* The number is dialled by whatever answers `tel:` here, or copied; both take the request, so that
 * colleagues see that somebody is about to call, and the patient reads it. */

struct _WorkspaceCallMe
{
  AdwBin parent_instance;

  WorkspaceSession *session;
  char *task, *number;
  gboolean taken;

  GtkLabel *title_label;
  GtkLabel *about_label;
  GtkButton *call_button;
  GtkWidget *copy_button;
  GtkWidget *done_button;
};

G_DEFINE_FINAL_TYPE (WorkspaceCallMe, workspace_call_me, ADW_TYPE_BIN)

static const char *
step_words (const char *step)
{
  static const struct
  {
    const char *step, *words;
  } steps[] = {
    { "verify", N_ ("stands at the date of birth") },
    { "details", N_ ("stands at place and number") },
    { "devices", N_ ("stands at the device test") },
    { "consent", N_ ("stands at the device test") },
    { "waiting", N_ ("is in the waiting room") },
    { "call", N_ ("is in the call") },
    { "medicines", N_ ("stands at the medicines") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (g_strcmp0 (step, steps[i].step) == 0)
      return _ (steps[i].words);
  return NULL;
}

/**
 * workspace_call_me_describe:
 * @now: µs since 1970
 *
 * Returns: (transfer full): the number, since when, where the patient stands, and whether anybody
 *   knows that it is the patient
 */
char *
workspace_call_me_describe (const CareCallMe *call, gint64 now)
{
  gint64 minutes = MAX (now - call->asked, 0) / G_TIME_SPAN_MINUTE;
  g_autofree char *since =
      g_strdup_printf (ngettext ("for %d min", "for %d min", (gulong) minutes), (int) minutes);
  g_autoptr (GStrvBuilder) parts = g_strv_builder_new ();
  g_autofree char *taken = NULL;

  g_strv_builder_add (parts, call->number ? call->number : _ ("no number given"));
  g_strv_builder_add (parts, since);
  if (step_words (call->step))
    g_strv_builder_add (parts, step_words (call->step));
  if (!call->known)
    g_strv_builder_add (parts, _ ("date of birth not typed: ask who it is"));
  if (call->taken)
    {
      taken = call->taken_by ? g_strdup_printf (_ ("%s calls"), call->taken_by)
                             : g_strdup (_ ("somebody calls"));
      g_strv_builder_add (parts, taken);
    }
  g_auto (GStrv) words = g_strv_builder_end (parts);
  return g_strjoinv (" · ", words);
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WorkspaceCallMe) self = user_data;
  g_autoptr (GError) error = NULL;

  /* What is done leaves the list by the store's own word. */
  if (care_call_me_end_finish (result, &error))
    return;
  self->taken = FALSE;
  gtk_widget_set_sensitive (self->done_button, TRUE);
  gtk_label_set_label (self->about_label, error->message);
}

static void
take (WorkspaceCallMe *self)
{
  if (self->taken)
    return;
  self->taken = TRUE;
  care_call_me_end_async (workspace_session_get_context (self->session), self->task, NULL, ended_cb,
                          g_object_ref (self));
}

static void
launched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WorkspaceCallMe) self = user_data;

  /* Without a telephone on this computer the number is ready to be typed elsewhere. */
  if (!gtk_uri_launcher_launch_finish (GTK_URI_LAUNCHER (source), result, NULL))
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->number);
}

static void
call_cb (WorkspaceCallMe *self)
{
  g_autoptr (GString) uri = g_string_new ("tel:");
  g_autoptr (GtkUriLauncher) launcher = NULL;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  for (const char *at = self->number; *at; at++)
    if (g_ascii_isdigit (*at) || (*at == '+' && uri->len == strlen ("tel:")))
      g_string_append_c (uri, *at);
  launcher = gtk_uri_launcher_new (uri->str);
  gtk_uri_launcher_launch (launcher, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL,
                           launched_cb, g_object_ref (self));
  take (self);
}

static void
copy_cb (WorkspaceCallMe *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->number);
  take (self);
}

static void
done_action (GtkWidget *widget, const char *name, GVariant *outcome)
{
  WorkspaceCallMe *self = WORKSPACE_CALL_ME (widget);

  gtk_widget_set_sensitive (self->done_button, FALSE);
  care_call_me_end_async (workspace_session_get_context (self->session), self->task,
                          g_variant_get_string (outcome, NULL), ended_cb, g_object_ref (self));
}

static void
workspace_call_me_dispose (GObject *object)
{
  WorkspaceCallMe *self = WORKSPACE_CALL_ME (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), WORKSPACE_TYPE_CALL_ME);
  g_clear_object (&self->session);
  g_clear_pointer (&self->task, g_free);
  g_clear_pointer (&self->number, g_free);
  G_OBJECT_CLASS (workspace_call_me_parent_class)->dispose (object);
}

static void
workspace_call_me_class_init (WorkspaceCallMeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workspace_call_me_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/workspace/workspace-call-me.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkspaceCallMe, title_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceCallMe, about_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceCallMe, call_button);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceCallMe, copy_button);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceCallMe, done_button);
  gtk_widget_class_bind_template_callback (widget_class, call_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_install_action (widget_class, "call.done", "s", done_action);
}

static void
workspace_call_me_init (WorkspaceCallMe *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

const char *
workspace_call_me_get_task (WorkspaceCallMe *self)
{
  g_return_val_if_fail (WORKSPACE_IS_CALL_ME (self), NULL);

  return self->task;
}

/**
 * workspace_call_me_update:
 * @call: the same task as the line's
 * @now: µs since 1970
 *
 * Says what is so now; focus and an open menu stay.
 */
void
workspace_call_me_update (WorkspaceCallMe *self, const CareCallMe *call, gint64 now)
{
  const char *name = call->name ? call->name : _ ("A patient");
  g_autofree char *title = g_strdup_printf (_ ("%s asks to be called"), name);
  g_autofree char *about = workspace_call_me_describe (call, now);
  g_autofree char *button =
      call->number ? g_strdup_printf (_ ("Call %s"), call->number) : g_strdup (_ ("Call"));

  g_return_if_fail (WORKSPACE_IS_CALL_ME (self));

  g_set_str (&self->number, call->number ? call->number : "");
  self->taken |= call->taken; /* this one's own request may still be on its way */
  gtk_label_set_label (self->title_label, title);
  gtk_label_set_label (self->about_label, about);
  gtk_button_set_label (self->call_button, button);
  gtk_widget_set_sensitive (GTK_WIDGET (self->call_button), call->number != NULL);
  gtk_widget_set_sensitive (self->copy_button, call->number != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, about, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->copy_button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->done_button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, name, -1);
}

GtkWidget *
workspace_call_me_new (WorkspaceSession *session, const CareCallMe *call, gint64 now)
{
  WorkspaceCallMe *self = g_object_new (WORKSPACE_TYPE_CALL_ME, NULL);

  self->session = g_object_ref (session);
  self->task = g_strdup (call->task);
  workspace_call_me_update (self, call, now);
  return GTK_WIDGET (self);
}
