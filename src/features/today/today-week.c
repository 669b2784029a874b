/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-week.h"

#include <glib/gi18n.h>

#include "fhir-date.h"

#include "workspace-text.h"

#include "today-schedule.h"
#include "today-words.h"

#define DAYS      7
#define SETTLE_MS 50

struct _TodayWeek
{
  AdwBin parent_instance;

  WorkspaceSession *session;
  GCancellable *cancellable;
  GPtrArray *rows;    /* CareDayRow that are shown */
  char *practitioner; /* whose visits; NULL: everyone's */
  int offset;         /* weeks from this one */
  guint reload_source;
  gboolean shown;

  GtkLabel *title_label;
  GtkWidget *this_button;
  GtkBox *days;
};

G_DEFINE_FINAL_TYPE (TodayWeek, today_week, ADW_TYPE_BIN)

/* ---- reading a week ---- */

typedef struct
{
  TodayWeek *self;
  BaseClock *clock;
  char *dates[DAYS];
  GListStore *days[DAYS]; /* of CareDayRow */
  int offset;
} Week;

static void
week_free (gpointer data)
{
  Week *week = data;

  for (guint i = 0; i < DAYS; i++)
    {
      g_free (week->dates[i]);
      g_clear_object (&week->days[i]);
    }
  g_object_unref (week->clock);
  g_object_unref (week->self);
  g_free (week);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Week, week_free)

static gboolean
read_week (StoreConnection *connection, gpointer data, GError **error)
{
  Week *week = data;

  for (guint i = 0; i < DAYS; i++)
    {
      week->days[i] = care_day_load (connection, week->dates[i], week->clock, error);
      if (!week->days[i])
        return FALSE;
    }
  return TRUE;
}

/* ---- showing it ---- */

static void
add_item (GMenu *menu, const char *label, const char *action, const char *target)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", target);
  g_menu_append_item (menu, item);
}

static GMenuModel *
menu_new (TodayWeek *self, CareDayRow *row)
{
  const char *appointment = care_day_row_get_appointment (row);
  gint64 now = base_clock_now (workspace_session_get_clock (self->session));
  GMenu *menu = g_menu_new ();

  if (care_day_row_get_patient_id (row))
    add_item (menu, _ ("_Open Chart"), "today.open", care_day_row_get_patient_id (row));
  if (today_schedule_may_change (row))
    {
      add_item (menu, _ ("_Move…"), "today.move", appointment);
      add_item (menu, _ ("_Cancel…"), "today.cancel", appointment);
    }
  if (today_schedule_may_miss (row, now))
    add_item (menu, _ ("Did _Not Come"), "today.missed", appointment);
  return G_MENU_MODEL (menu);
}

static GtkWidget *
label_new (const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, class);
  return label;
}

/* One visit: time, name and, unless it is simply booked, where it stands. */
static GtkWidget *
visit_new (TodayWeek *self, CareDayRow *row)
{
  gint64 now = base_clock_now (workspace_session_get_clock (self->session));
  g_autofree char *words = today_words_line (NULL, row, now);
  g_auto (TodayStatus) status =
      today_words_status (care_day_row_get_status (row), care_day_row_get_waiting_since (row), now);
  g_autoptr (GMenuModel) menu = menu_new (self, row);
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_box_append (GTK_BOX (line), label_new (care_day_row_get_time (row), "numeric"));
  if (status.icon && !today_schedule_may_change (row))
    {
      GtkWidget *icon = gtk_image_new_from_icon_name (status.icon);
      gtk_image_set_pixel_size (GTK_IMAGE (icon), 14);
      gtk_box_append (GTK_BOX (line), icon);
    }
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), label_new (care_day_row_get_name (row), "week-name"));
  gtk_menu_button_set_child (GTK_MENU_BUTTON (button), box);
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), menu);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, words,
                                  -1);
  return button;
}

static char *
dup_heading (const char *date)
{
  g_autofree char *noon = g_strconcat (date, "T12:00:00Z", NULL);
  g_autoptr (GDateTime) day = g_date_time_new_from_iso8601 (noon, NULL);

  /* Translators: weekday, day and month of a column's heading; the year stands above */
  /* xgettext:no-c-format */
  return g_date_time_format (day, C_ ("day heading", "%a %d-%b"));
}

static GtkWidget *
day_new (TodayWeek *self, const char *date, GListModel *rows, gboolean today)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *heading = dup_heading (date);
  GtkWidget *title =
      g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, "label",
                    heading, "xalign", 0.0, "wrap", TRUE, "margin-bottom", 4, NULL);
  guint shown = 0;

  gtk_widget_add_css_class (title, "heading");
  if (today)
    gtk_widget_add_css_class (title, "accent");
  gtk_box_append (GTK_BOX (box), title);
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareDayRow) row = g_list_model_get_item (rows, i);

      if (self->practitioner && !care_day_row_is_with (row, self->practitioner))
        continue;
      shown++;
      g_ptr_array_add (self->rows, g_object_ref (row));
      gtk_box_append (GTK_BOX (box), visit_new (self, row));
    }
  if (shown == 0)
    gtk_box_append (GTK_BOX (box), label_new (_ ("No visits"), "dimmed"));
  return box;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Week) week = user_data;
  g_autoptr (GError) error = NULL;
  TodayWeek *self = week->self;
  GtkWidget *child = NULL;

  if (!store_database_read_finish (STORE_DATABASE (source), result, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        gtk_label_set_label (self->title_label, error->message);
      return;
    }
  if (week->offset != self->offset)
    return;
  g_autofree char *today = workspace_session_dup_today (self->session);
  g_autofree char *first = fhir_date_format (week->dates[0], NULL);
  g_autofree char *last = fhir_date_format (week->dates[DAYS - 1], NULL);
  g_autofree char *title = g_strdup_printf (_ ("%s to %s"), first, last);
  gtk_label_set_label (self->title_label, title);
  workspace_text_keep_dates_of (self->title_label);
  gtk_widget_set_sensitive (self->this_button, self->offset != 0);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->days))))
    gtk_box_remove (self->days, child);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < DAYS; i++)
    gtk_box_append (self->days, day_new (self, week->dates[i], G_LIST_MODEL (week->days[i]),
                                         g_str_equal (week->dates[i], today)));
}

static void
reload (gpointer user_data)
{
  TodayWeek *self = user_data;
  g_autofree char *today = workspace_session_dup_today (self->session);
  g_autofree char *noon = g_strconcat (today, "T12:00:00Z", NULL);
  g_autoptr (GDateTime) now = g_date_time_new_from_iso8601 (noon, NULL);
  g_autoptr (GDateTime) monday =
      g_date_time_add_days (now, 1 - g_date_time_get_day_of_week (now) + DAYS * self->offset);
  Week *week = g_new0 (Week, 1);

  self->reload_source = 0;
  week->self = g_object_ref (self);
  week->clock = g_object_ref (workspace_session_get_clock (self->session));
  week->offset = self->offset;
  for (int i = 0; i < DAYS; i++)
    {
      g_autoptr (GDateTime) day = g_date_time_add_days (monday, i);
      week->dates[i] = g_date_time_format (day, "%Y-%m-%d");
    }
  store_database_read_async (workspace_session_get_database (self->session), read_week, week, NULL,
                             self->cancellable, loaded_cb, week);
}

static void
reload_soon (TodayWeek *self)
{
  if (self->shown && self->session && self->reload_source == 0)
    self->reload_source = g_timeout_add_once (SETTLE_MS, reload, self);
}

static void
go (TodayWeek *self, int offset)
{
  self->offset = offset;
  reload_soon (self);
}

static void
before_cb (TodayWeek *self)
{
  go (self, self->offset - 1);
}

static void
this_cb (TodayWeek *self)
{
  go (self, 0);
}

static void
after_cb (TodayWeek *self)
{
  go (self, self->offset + 1);
}

/* ---- object ---- */

static void
today_week_dispose (GObject *object)
{
  TodayWeek *self = TODAY_WEEK (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->reload_source, g_source_remove);
  /* The bin must not keep a child that the template frees. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), TODAY_TYPE_WEEK);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->practitioner, g_free);
  G_OBJECT_CLASS (today_week_parent_class)->dispose (object);
}

static void
today_week_class_init (TodayWeekClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = today_week_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/features/today/today-week.ui");
  gtk_widget_class_bind_template_child (widget_class, TodayWeek, title_label);
  gtk_widget_class_bind_template_child (widget_class, TodayWeek, this_button);
  gtk_widget_class_bind_template_child (widget_class, TodayWeek, days);
  gtk_widget_class_bind_template_callback (widget_class, before_cb);
  gtk_widget_class_bind_template_callback (widget_class, this_cb);
  gtk_widget_class_bind_template_callback (widget_class, after_cb);
}

static void
today_week_init (TodayWeek *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Once. */
void
today_week_set_session (TodayWeek *self, WorkspaceSession *session)
{
  g_return_if_fail (TODAY_IS_WEEK (self));

  g_set_object (&self->session, session);
  g_signal_connect_object (workspace_session_get_database (session), "changed",
                           G_CALLBACK (reload_soon), self, G_CONNECT_SWAPPED);
}

/* @practitioner: (nullable): "Practitioner/1" whose visits are shown; NULL: everyone's. */
void
today_week_set_practitioner (TodayWeek *self, const char *practitioner)
{
  g_return_if_fail (TODAY_IS_WEEK (self));

  if (g_set_str (&self->practitioner, practitioner))
    reload_soon (self);
}

/* A week that nobody looks at is not read. */
void
today_week_show (TodayWeek *self, gboolean shown)
{
  g_return_if_fail (TODAY_IS_WEEK (self));

  self->shown = shown;
  reload_soon (self);
}

/* (transfer none) (nullable): the visit of @appointment, where it is shown. */
CareDayRow *
today_week_find (TodayWeek *self, const char *appointment)
{
  g_return_val_if_fail (TODAY_IS_WEEK (self), NULL);

  for (guint i = 0; i < self->rows->len; i++)
    if (g_strcmp0 (care_day_row_get_appointment (self->rows->pdata[i]), appointment) == 0)
      return self->rows->pdata[i];
  return NULL;
}
