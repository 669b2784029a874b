/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-clinic-window.h"

#include <glib/gi18n.h>

#include "workspace-commands.h"
#include "workspace-downtime-banner.h"
#include "workspace-feature.h"
#include "workspace-keys.h"
#include "workspace-page.h"
#include "workspace-page-stack.h"
#include "workspace-palette.h"
#include "workspace-search-dialog.h"
#include "workspace-toast.h"

/**
 * AppClinicWindow:
 *
 * The day, the people and what waits to be sent. It appears before anything is read: the first
 * frame needs neither the store nor the network. Its pages come from the features, one row each; a
 * feature that is not there leaves no row.
 */

struct _AppClinicWindow
{
  AdwApplicationWindow parent_instance;

  WorkspaceSession *session;
  GPtrArray *entries; /* Entry, in order */

  AdwToastOverlay *toasts;
  GtkStack *state;
  AdwStatusPage *opening_page;
  AdwStatusPage *failed_page;
  GtkWidget *choose_button;
  AdwOverlaySplitView *split;
  AdwWindowTitle *account_title;
  AdwWindowTitle *page_title;
  GtkListBox *pages;
  GtkStack *page_stack;
  WorkspaceDowntimeBanner *downtime;
  AdwBanner *suspect_banner;
  GtkImage *status_icon;
  GtkLabel *status_label;
  GtkProgressBar *progress_bar;
  char *progress; /* (nullable): what stands in place of the status meanwhile */
};

G_DEFINE_FINAL_TYPE (AppClinicWindow, app_clinic_window, ADW_TYPE_APPLICATION_WINDOW)

typedef struct
{
  WorkspaceFeature *feature; /* the session holds it */
  const WorkspaceOffer *offer;
  GtkWidget *row;
  GtkLabel *count;
} Entry;

static int
entry_compare (gconstpointer a, gconstpointer b)
{
  const Entry *first = *(Entry *const *) a;
  const Entry *second = *(Entry *const *) b;

  return first->offer->order - second->offer->order;
}

static Entry *
find_entry (AppClinicWindow *self, const char *id)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];
      if (g_str_equal (entry->offer->id, id))
        return entry;
    }
  return NULL;
}

static void
page_activated_cb (AppClinicWindow *self, GtkListBoxRow *row)
{
  app_clinic_window_show_page (self, g_object_get_data (G_OBJECT (row), "offer"));
  if (adw_overlay_split_view_get_collapsed (self->split))
    adw_overlay_split_view_set_show_sidebar (self->split, FALSE);
}

static void
update_count (AppClinicWindow *self, WorkspacePage *page)
{
  const char *id = g_object_get_data (G_OBJECT (page), "offer");
  Entry *entry = find_entry (self, id);
  guint count = workspace_page_get_count (page);
  g_autofree char *text = g_strdup_printf ("%u", count);
  g_autofree char *spoken = count > 0 ? g_strdup_printf ("%s, %u", _ (entry->offer->title), count)
                                      : g_strdup (_ (entry->offer->title));

  gtk_label_set_label (entry->count, text);
  gtk_widget_set_visible (GTK_WIDGET (entry->count), count > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry->row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken, -1);
}

static void
count_cb (AppClinicWindow *self, GParamSpec *pspec, WorkspacePage *page)
{
  update_count (self, page);
}

static void
add_row (AppClinicWindow *self, Entry *entry)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *label = gtk_label_new (_ (entry->offer->title));

  entry->row = gtk_list_box_row_new ();
  entry->count = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (entry->count), "count");
  gtk_widget_set_valign (GTK_WIDGET (entry->count), GTK_ALIGN_CENTER);
  gtk_widget_set_visible (GTK_WIDGET (entry->count), FALSE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (entry->offer->icon_name));
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (entry->count));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (entry->row), box);
  g_object_set_data (G_OBJECT (entry->row), "offer", (gpointer) entry->offer->id);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry->row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (entry->offer->title), -1);
  gtk_list_box_append (self->pages, entry->row);
}

/* Pages are few and read asynchronously, so all are made: their counts stand in the list. */
static void
add_page (AppClinicWindow *self, WorkspaceFeature *feature, const WorkspaceOffer *offer)
{
  GtkWidget *page = workspace_feature_create_clinic_page (feature, offer, self->session);

  g_object_set_data (G_OBJECT (page), "offer", (gpointer) offer->id);
  gtk_stack_add_named (self->page_stack, page, offer->id);
  if (WORKSPACE_IS_PAGE (page))
    {
      g_signal_connect_object (page, "notify::count", G_CALLBACK (count_cb), self,
                               G_CONNECT_SWAPPED);
      update_count (self, WORKSPACE_PAGE (page));
    }
}

static void
gather (AppClinicWindow *self, WorkspaceFeature *feature)
{
  gsize n_offers = 0;
  const WorkspaceOffer *offers = workspace_feature_get_offers (feature, &n_offers);

  for (gsize i = 0; i < n_offers; i++)
    if (offers[i].place == WORKSPACE_PLACE_CLINIC)
      {
        Entry *entry = g_new0 (Entry, 1);
        entry->offer = &offers[i];
        entry->feature = feature;
        g_ptr_array_add (self->entries, entry);
      }
  workspace_feature_add_clinic_actions (feature, G_ACTION_MAP (self), self->session);
}

static void
fill (AppClinicWindow *self)
{
  GListModel *features = workspace_session_get_features (self->session);

  for (guint i = 0; i < g_list_model_get_n_items (features); i++)
    {
      g_autoptr (WorkspaceFeature) feature = g_list_model_get_item (features, i);
      gather (self, feature);
    }
  g_ptr_array_sort (self->entries, entry_compare);
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = self->entries->pdata[i];
      add_row (self, entry);
      add_page (self, entry->feature, entry->offer);
    }
  if (self->entries->len > 0)
    app_clinic_window_show_page (self, ((Entry *) self->entries->pdata[0])->offer->id);
}

static void
update_status (AppClinicWindow *self)
{
  gboolean connected = workspace_session_get_connected (self->session);
  gboolean trouble = workspace_session_get_refused (self->session) > 0;
  const char *icon = trouble     ? "dialog-warning-symbolic"
                     : connected ? "network-transmit-receive-symbolic"
                                 : "network-offline-symbolic";

  gtk_label_set_label (self->status_label, self->progress && connected
                                               ? self->progress
                                               : workspace_session_get_sync_text (self->session));
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), self->progress && connected);
  gtk_image_set_from_icon_name (self->status_icon, icon);
  if (trouble)
    gtk_widget_add_css_class (GTK_WIDGET (self->status_icon), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->status_icon), "warning");
}

static void
back_cb (AppClinicWindow *self, const char *sentence)
{
  app_clinic_window_add_toast (self, sentence);
}

/* ---- actions ---- */

static void
show_action (GSimpleAction *action, GVariant *target, gpointer widget)
{
  app_clinic_window_show_page (APP_CLINIC_WINDOW (widget), g_variant_get_string (target, NULL));
}

static void
palette_action (GSimpleAction *action, GVariant *target, gpointer widget)
{
  AppClinicWindow *self = APP_CLINIC_WINDOW (widget);

  if (self->session)
    adw_dialog_present (workspace_palette_new (self->session, NULL), widget);
}

static void
keys_action (GSimpleAction *action, GVariant *target, gpointer widget)
{
  AppClinicWindow *self = APP_CLINIC_WINDOW (widget);

  if (self->session)
    adw_dialog_present (workspace_keys_new (self->session, WORKSPACE_SCOPE_CLINIC), widget);
}

static void
toggle_pages_action (GSimpleAction *action, GVariant *target, gpointer widget)
{
  AppClinicWindow *self = APP_CLINIC_WINDOW (widget);

  adw_overlay_split_view_set_show_sidebar (self->split,
                                           !adw_overlay_split_view_get_show_sidebar (self->split));
}

static void
find_action (GSimpleAction *action, GVariant *target, gpointer widget)
{
  AppClinicWindow *self = APP_CLINIC_WINDOW (widget);

  if (self->session)
    adw_dialog_present (workspace_search_dialog_new (self->session, NULL), widget);
}

static void
search_action (GSimpleAction *action, GVariant *target, gpointer widget)
{
  AppClinicWindow *self = APP_CLINIC_WINDOW (widget);
  GtkWidget *page = gtk_stack_get_visible_child (self->page_stack);

  if (!WORKSPACE_IS_PAGE (page) || !workspace_page_start_search (WORKSPACE_PAGE (page)))
    palette_action (action, target, widget);
}

static const GActionEntry window_actions[] = {
  { .name = "show", .activate = show_action, .parameter_type = "s" },
  { .name = "palette", .activate = palette_action },
  { .name = "keys", .activate = keys_action },
  { .name = "toggle-pages", .activate = toggle_pages_action },
  { .name = "search", .activate = search_action },
  { .name = "find", .activate = find_action },
};

static gboolean
close_request (GtkWindow *window)
{
  /* The last clinic window ends the program, and what is signed but not sent stands between (H1).
   */
  g_action_group_activate_action (G_ACTION_GROUP (gtk_window_get_application (window)), "quit",
                                  NULL);
  return TRUE;
}

/* ---- object ---- */

static void
app_clinic_window_dispose (GObject *object)
{
  AppClinicWindow *self = APP_CLINIC_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), APP_TYPE_CLINIC_WINDOW);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_object (&self->session);
  g_clear_pointer (&self->progress, g_free);
  G_OBJECT_CLASS (app_clinic_window_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/app/app-clinic-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AppClinicWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, AppClinicWindow, state);
  gtk_widget_class_bind_template_child (widget_class, AppClinicWindow, opening_page);
  gtk_widget_class_bind_template_child (widget_class, AppClinicWindow, failed_page);
  gtk_widget_class_bind_template_child (widget_class, AppClinicWindow, choose_button);
  gtk_widget_class_bind_template_child (widget_class, AppClinicWindow, split);
  gtk_widget_class_bind_template_child (widget_class, AppClinicWindow, account_title);
  gtk_widget_class_bind_template_child (widget_class, AppClinicWindow, page_title);
  gtk_widget_class_bind_template_child (widget_class, AppClinicWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, AppClinicWindow, page_stack);
  gtk_widget_class_bind_template_child (widget_class, AppClinicWindow, downtime);
  gtk_widget_class_bind_template_child (widget_class, AppClinicWindow, suspect_banner);
  gtk_widget_class_bind_template_child (widget_class, AppClinicWindow, status_icon);
  gtk_widget_class_bind_template_child (widget_class, AppClinicWindow, status_label);
  gtk_widget_class_bind_template_child (widget_class, AppClinicWindow, progress_bar);
  gtk_widget_class_bind_template_callback (widget_class, page_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
}

static void
app_clinic_window_class_init (AppClinicWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = app_clinic_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = close_request;
  g_type_ensure (WORKSPACE_TYPE_DOWNTIME_BANNER);
  bind_template (widget_class);
}

static void
app_clinic_window_init (AppClinicWindow *self)
{
  self->entries = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_action_map_add_action_entries (G_ACTION_MAP (self), window_actions,
                                   G_N_ELEMENTS (window_actions), self);
}

AppClinicWindow *
app_clinic_window_new (GtkApplication *application)
{
  return g_object_new (APP_TYPE_CLINIC_WINDOW, "application", application, NULL);
}

/* Once, when the store is open and it is known who works. */
void
app_clinic_window_set_session (AppClinicWindow *self, WorkspaceSession *session)
{
  g_return_if_fail (APP_IS_CLINIC_WINDOW (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  adw_window_title_set_subtitle (self->account_title, care_context_get_user_name (
                                                          workspace_session_get_context (session)));
  g_signal_connect_object (session, "notify::sync-text", G_CALLBACK (update_status), self,
                           G_CONNECT_SWAPPED);
  workspace_downtime_banner_set_session (self->downtime, session);
  fill (self);
  update_status (self);
  workspace_commands_install (GTK_WIDGET (self), session, WORKSPACE_SCOPE_CLINIC);
  gtk_stack_set_visible_child_name (self->state, "work");
}

/* Something goes on that takes longer than a blink; @title says what. */
void
app_clinic_window_show_opening (AppClinicWindow *self, const char *title)
{
  g_return_if_fail (APP_IS_CLINIC_WINDOW (self));

  adw_status_page_set_title (self->opening_page, title);
  gtk_stack_set_visible_child_name (self->state, "opening");
}

static void
show_stopped (AppClinicWindow *self, const char *icon, const char *title, const char *sentence)
{
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  adw_status_page_set_icon_name (self->failed_page, icon);
  adw_status_page_set_title (self->failed_page, title);
  adw_status_page_set_description (self->failed_page, escaped);
  gtk_stack_set_visible_child_name (self->state, "failed");
}

/* What failed and what to do next, in words a nurse can act on. */
void
app_clinic_window_show_failure (AppClinicWindow *self, const char *title, const char *sentence)
{
  g_return_if_fail (APP_IS_CLINIC_WINDOW (self));

  show_stopped (self, "dialog-error-symbolic", title, sentence);
}

/* Nothing failed: the server has to take the sign-in first. */
void
app_clinic_window_show_sign_in (AppClinicWindow *self, const char *title, const char *sentence)
{
  g_return_if_fail (APP_IS_CLINIC_WINDOW (self));

  show_stopped (self, "dialog-password-symbolic", title, sentence);
}

/* The first start: a person is asked where to work. @welcome: (transfer floating) */
void
app_clinic_window_show_welcome (AppClinicWindow *self, GtkWidget *welcome)
{
  g_return_if_fail (APP_IS_CLINIC_WINDOW (self));

  GtkWidget *before = gtk_stack_get_child_by_name (self->state, "welcome");

  if (before)
    gtk_stack_remove (self->state, before);
  gtk_stack_add_named (self->state, welcome, "welcome");
  gtk_stack_set_visible_child_name (self->state, "welcome");
}

/* Whether a person who is stuck may go back and choose another place to work. */
void
app_clinic_window_set_may_choose (AppClinicWindow *self, gboolean may)
{
  g_return_if_fail (APP_IS_CLINIC_WINDOW (self));

  gtk_widget_set_visible (self->choose_button, may);
}

/* Shows the page of a clinic offer. */
void
app_clinic_window_show_page (AppClinicWindow *self, const char *id)
{
  g_return_if_fail (APP_IS_CLINIC_WINDOW (self));

  Entry *entry = find_entry (self, id);
  if (!entry)
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  workspace_page_stack_show (self->page_stack, id);
  gtk_list_box_select_row (self->pages, GTK_LIST_BOX_ROW (entry->row));
  adw_window_title_set_title (self->page_title, _ (entry->offer->title));
}

/* @text: (nullable): how far the first reading has come; NULL: it is over. @fraction: negative
 * where it is not known. */
void
app_clinic_window_set_progress (AppClinicWindow *self, const char *text, double fraction)
{
  g_return_if_fail (APP_IS_CLINIC_WINDOW (self));

  g_set_str (&self->progress, text);
  if (text && fraction >= 0)
    gtk_progress_bar_set_fraction (self->progress_bar, fraction);
  else if (text)
    gtk_progress_bar_pulse (self->progress_bar);
  if (self->session)
    update_status (self);
}

/* The server may be another than the one that the records here came from: nothing is read or sent
 * until a person has decided. @title: (nullable): NULL: it is trusted */
void
app_clinic_window_show_suspect (AppClinicWindow *self, const char *title)
{
  g_return_if_fail (APP_IS_CLINIC_WINDOW (self));

  if (title)
    adw_banner_set_title (self->suspect_banner, title);
  adw_banner_set_revealed (self->suspect_banner, title != NULL);
}

/* A sentence that stays until it is closed, with one thing to do about it. */
void
app_clinic_window_add_notice (AppClinicWindow *self,
                              const char *text,
                              const char *button,
                              const char *action)
{
  g_return_if_fail (APP_IS_CLINIC_WINDOW (self));

  AdwToast *toast = workspace_toast_new (text);
  adw_toast_set_timeout (toast, 0);
  adw_toast_set_button_label (toast, button);
  adw_toast_set_action_name (toast, action);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
app_clinic_window_add_toast (AppClinicWindow *self, const char *text)
{
  g_return_if_fail (APP_IS_CLINIC_WINDOW (self));

  adw_toast_overlay_add_toast (self->toasts, workspace_toast_new (text));
}
