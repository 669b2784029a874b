/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-welcome-connect.h"

#include "net-probe.h"

#include "app-scan-dialog.h"
#include "app-server-report.h"

/**
 * AppWelcomeConnect:
 *
 * An answer belongs to the address that was asked: another letter in the row, *Cancel* or going
 * back end the question, and what comes afterwards is not shown.
 */

struct _AppWelcomeConnect
{
  AdwNavigationPage parent_instance;

  GCancellable *cancellable; /* while the server is asked */
  NetProbe *probe;           /* of the address in the row, or NULL */

  AdwEntryRow *address_row;
  GtkStack *stack;
  GtkWidget *ask_button;
  GtkWidget *cancel_button;
  GtkWidget *again_button;
  GtkWidget *use_button;
  GtkLabel *trouble_label;
  GtkLabel *advice_label;
  GtkListBox *lines;
};

enum
{
  SIGNAL_USE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AppWelcomeConnect, app_welcome_connect, ADW_TYPE_NAVIGATION_PAGE)

static void
stop_asking (AppWelcomeConnect *self)
{
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->probe, net_probe_free);
}

/* ---- the answer ---- */

static GtkWidget *
make_row (const AppServerLine *line)
{
  static const struct
  {
    const char *icon, *style;
  } looks[] = {
    [APP_SERVER_LINE_GOOD] = { "object-select-symbolic", "success" },
    [APP_SERVER_LINE_NOTE] = { "dialog-information-symbolic", "accent" },
    [APP_SERVER_LINE_MISSING] = { "dialog-warning-symbolic", "warning" },
  };
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", looks[line->kind].icon,
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_widget_add_css_class (icon, looks[line->kind].style);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), line->sentence);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (line->detail)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), line->detail);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  return row;
}

static void
show_report (AppWelcomeConnect *self)
{
  g_autoptr (GPtrArray) report = app_server_report_new (self->probe);

  gtk_list_box_remove_all (self->lines);
  for (guint i = 0; i < report->len; i++)
    gtk_list_box_append (self->lines, make_row (report->pdata[i]));
  gtk_widget_set_sensitive (self->use_button, self->probe->signs_in);
  gtk_stack_set_visible_child_name (self->stack, "report");
  gtk_widget_grab_focus (self->probe->signs_in ? self->use_button : GTK_WIDGET (self->lines));
}

static void
show_trouble (AppWelcomeConnect *self)
{
  gtk_label_set_label (self->trouble_label, self->probe->sentence);
  gtk_label_set_label (self->advice_label, self->probe->advice ? self->probe->advice : "");
  gtk_widget_set_visible (GTK_WIDGET (self->advice_label), self->probe->advice != NULL);
  gtk_stack_set_visible_child_name (self->stack, "trouble");
  gtk_accessible_announce (GTK_ACCESSIBLE (self), self->probe->sentence,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
  gtk_widget_grab_focus (self->again_button);
  gtk_label_select_region (self->trouble_label, 0, 0); /* it had the focus for a moment */
}

static void
probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppWelcomeConnect) self = user_data;
  g_autoptr (NetProbe) probe = net_probe_finish (result, NULL);

  if (!probe || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  stop_asking (self);
  self->probe = g_steal_pointer (&probe);
  if (self->probe->kind == NET_PROBE_READY)
    show_report (self);
  else
    show_trouble (self);
}

/* ---- the question ---- */

static void
changed_cb (AppWelcomeConnect *self)
{
  g_autofree char *text =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->address_row))));

  stop_asking (self);
  gtk_stack_set_visible_child_name (self->stack, "ask");
  gtk_widget_set_sensitive (self->ask_button, *text != '\0');
}

static void
ask_cb (AppWelcomeConnect *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->address_row));

  if (!gtk_widget_get_sensitive (self->ask_button) || self->cancellable)
    return;
  stop_asking (self);
  self->cancellable = g_cancellable_new ();
  gtk_stack_set_visible_child_name (self->stack, "busy");
  gtk_widget_grab_focus (self->cancel_button);
  net_probe_async (text, NET_PROBE_PATIENCE_S, self->cancellable, probed_cb, g_object_ref (self));
}

static void
cancel_cb (AppWelcomeConnect *self)
{
  stop_asking (self);
  gtk_stack_set_visible_child_name (self->stack, "ask");
  gtk_widget_grab_focus (GTK_WIDGET (self->address_row));
}

/* It stands in the row as if it had been typed: a person reads it there and presses the button. */
static void
scanned_cb (AppWelcomeConnect *self, const char *server)
{
  gtk_editable_set_text (GTK_EDITABLE (self->address_row), server);
  gtk_widget_grab_focus (self->ask_button);
}

static void
scan_cb (AppWelcomeConnect *self)
{
  AppScanDialog *dialog = app_scan_dialog_new (NULL);

  g_signal_connect_object (dialog, "found", G_CALLBACK (scanned_cb), self, G_CONNECT_SWAPPED);
  adw_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (self));
}

static void
use_cb (AppWelcomeConnect *self)
{
  if (self->probe && self->probe->signs_in)
    g_signal_emit (self, signals[SIGNAL_USE], 0, self->probe->server);
}

/* ---- object ---- */

static void
app_welcome_connect_hidden (AdwNavigationPage *page)
{
  stop_asking (APP_WELCOME_CONNECT (page));
}

static void
app_welcome_connect_shown (AdwNavigationPage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (APP_WELCOME_CONNECT (page)->address_row));
}

static void
app_welcome_connect_dispose (GObject *object)
{
  AppWelcomeConnect *self = APP_WELCOME_CONNECT (object);

  stop_asking (self);
  adw_navigation_page_set_child (ADW_NAVIGATION_PAGE (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), APP_TYPE_WELCOME_CONNECT);
  G_OBJECT_CLASS (app_welcome_connect_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/app/app-welcome-connect.ui");
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeConnect, address_row);
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeConnect, stack);
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeConnect, ask_button);
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeConnect, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeConnect, again_button);
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeConnect, use_button);
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeConnect, trouble_label);
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeConnect, advice_label);
  gtk_widget_class_bind_template_child (widget_class, AppWelcomeConnect, lines);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, ask_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, scan_cb);
  gtk_widget_class_bind_template_callback (widget_class, use_cb);
}

static void
app_welcome_connect_class_init (AppWelcomeConnectClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = app_welcome_connect_dispose;
  ADW_NAVIGATION_PAGE_CLASS (klass)->hidden = app_welcome_connect_hidden;
  ADW_NAVIGATION_PAGE_CLASS (klass)->shown = app_welcome_connect_shown;
  bind_template (GTK_WIDGET_CLASS (klass));

  signals[SIGNAL_USE] = g_signal_new ("use", APP_TYPE_WELCOME_CONNECT, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
app_welcome_connect_init (AppWelcomeConnect *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* (transfer floating): @address: (nullable): filled in; nothing is asked before a person says so */
AdwNavigationPage *
app_welcome_connect_new (const char *address)
{
  AppWelcomeConnect *self = g_object_new (APP_TYPE_WELCOME_CONNECT, NULL);

  if (address)
    gtk_editable_set_text (GTK_EDITABLE (self->address_row), address);
  return ADW_NAVIGATION_PAGE (self);
}
