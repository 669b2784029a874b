/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-report-facts.h"

#include <adwaita.h>
#include <gst/gst.h>
#include <libsoup/soup.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "net-error.h"
#include "store-draft.h"
#include "store-journal.h"

/* Finds what AppReport has fields for. What windows and session know is read at once; disk, store
 * and hardware on a thread. */

#define MEGABYTE    (G_GUINT64_CONSTANT (1) << 20)
#define MOST_LISTED 10000

/* ---- at once ---- */

static void
add_program (AppReport *report)
{
  const char *const *languages = g_get_language_names ();
  g_autofree char *language = g_strndup (languages[0], strcspn (languages[0], "_.@"));

  app_report_set_version (report, APP_REPORT_PROGRAM_VERSION, BEDSIDE_VERSION);
  app_report_set_word (report, APP_REPORT_PROGRAM_LANGUAGE,
                       g_str_equal (language, "C") ? "en" : language);
  app_report_set_flag (report, APP_REPORT_PROGRAM_SANDBOXED,
                       g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS));
}

static void
add_library (AppReport *report, AppReportField field, guint major, guint minor, guint micro)
{
  g_autofree char *version = g_strdup_printf ("%u.%u.%u", major, minor, micro);

  app_report_set_version (report, field, version);
}

static void
add_libraries (AppReport *report)
{
  guint major, minor, micro, nano;

  gst_version (&major, &minor, &micro, &nano);
  add_library (report, APP_REPORT_LIBRARY_GSTREAMER, major, minor, micro);
  add_library (report, APP_REPORT_LIBRARY_GLIB, glib_major_version, glib_minor_version,
               glib_micro_version);
  add_library (report, APP_REPORT_LIBRARY_GTK, gtk_get_major_version (), gtk_get_minor_version (),
               gtk_get_micro_version ());
  add_library (report, APP_REPORT_LIBRARY_ADWAITA, adw_get_major_version (),
               adw_get_minor_version (), adw_get_micro_version ());
  add_library (report, APP_REPORT_LIBRARY_SOUP, soup_get_major_version (),
               soup_get_minor_version (), soup_get_micro_version ());
}

static void
add_display (AppReport *report, GtkWidget *window)
{
  GdkDisplay *display = gtk_widget_get_display (window);
  AdwStyleManager *style = adw_style_manager_get_for_display (display);
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (window));
  int dpi = -1;

  g_object_get (gtk_settings_get_for_display (display), "gtk-xft-dpi", &dpi, NULL);
  app_report_set_word (report, APP_REPORT_DISPLAY_KIND, G_OBJECT_TYPE_NAME (display));
  app_report_set_word (report, APP_REPORT_DISPLAY_RENDERER,
                       renderer ? G_OBJECT_TYPE_NAME (renderer) : NULL);
  app_report_set_count (report, APP_REPORT_DISPLAY_MONITORS,
                        g_list_model_get_n_items (gdk_display_get_monitors (display)));
  app_report_set_count (report, APP_REPORT_DISPLAY_SCALE_PERCENT,
                        100 * (guint) gtk_widget_get_scale_factor (window));
  if (dpi > 0)
    app_report_set_count (report, APP_REPORT_DISPLAY_TEXT_PERCENT,
                          (guint) (dpi * 100.0 / (96 * 1024) + 0.5));
  app_report_set_flag (report, APP_REPORT_DISPLAY_DARK, adw_style_manager_get_dark (style));
  app_report_set_flag (report, APP_REPORT_DISPLAY_HIGH_CONTRAST,
                       adw_style_manager_get_high_contrast (style));
}

/* @settings: (nullable): where they are not installed */
static void
add_settings (AppReport *report, GSettings *settings)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;

  if (!settings)
    return;
  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (char **key = keys; *key; key++)
    {
      g_autoptr (GVariant) value = g_settings_get_value (settings, *key);
      app_report_add_setting (report, *key, value);
    }
}

/* @server: (nullable): as it was given, whatever else stands in the address */
static void
add_server (AppReport *report, const char *server)
{
  g_autoptr (GUri) uri = server ? g_uri_parse (server, G_URI_FLAGS_PARSE_RELAXED, NULL) : NULL;

  app_report_set_flag (report, APP_REPORT_SERVER_NAMED, server != NULL);
  if (!uri)
    return;
  app_report_set_flag (report, APP_REPORT_SERVER_ENCRYPTED,
                       g_str_equal (g_uri_get_scheme (uri), "https"));
  app_report_set_host (report, g_uri_get_host (uri));
}

static const char *
name_error (int code)
{
  switch (code)
    {
    case SYNC_STATUS_NO_ERROR:
      return "none";
    case NET_ERROR_OFFLINE:
      return "offline";
    case NET_ERROR_UNAUTHORIZED:
      return "unauthorized";
    case NET_ERROR_FORBIDDEN:
      return "forbidden";
    case NET_ERROR_NOT_FOUND:
      return "not found";
    case NET_ERROR_GONE:
      return "gone";
    case NET_ERROR_CONFLICT:
      return "conflict";
    case NET_ERROR_REFUSED:
      return "refused";
    case NET_ERROR_THROTTLED:
      return "throttled";
    case NET_ERROR_SERVER:
      return "server";
    case NET_ERROR_PROTOCOL:
      return "protocol";
    case NET_ERROR_OTHER_STORE:
      return "other store";
    default:
      return "other";
    }
}

static void
add_minutes (AppReport *report, AppReportField field, gint64 since, gint64 now)
{
  if (since > 0)
    app_report_set_count (report, field, (guint64) MAX (now - since, 0) / G_TIME_SPAN_MINUTE);
}

static void
add_sync (AppReport *report, SyncStatus *status, gint64 now)
{
  static const char *const states[] = { "offline", "at work", "all is read and sent",
                                        "needs a person" };
  static const char *const suspicions[] = { "no", "lost its records", "set back" };

  app_report_set_word (report, APP_REPORT_SYNC_STATE, states[sync_status_get_state (status)]);
  app_report_set_flag (report, APP_REPORT_SYNC_PUSHED, sync_status_get_live (status));
  app_report_set_count (report, APP_REPORT_SYNC_WAITING, sync_status_get_waiting (status));
  app_report_set_count (report, APP_REPORT_SYNC_HELD, sync_status_get_held (status));
  app_report_set_count (report, APP_REPORT_SYNC_REFUSED, sync_status_get_refused (status));
  app_report_set_count (report, APP_REPORT_SYNC_CONFLICTS, sync_status_get_conflicts (status));
  add_minutes (report, APP_REPORT_SYNC_OLDEST_MINUTES, sync_status_get_since (status), now);
  add_minutes (report, APP_REPORT_SYNC_READ_MINUTES, sync_status_get_last_pull (status), now);
  app_report_set_word (report, APP_REPORT_SYNC_SUSPICION,
                       suspicions[sync_status_get_suspicion (status)]);
  app_report_set_word (report, APP_REPORT_SYNC_LAST_ERROR,
                       name_error (sync_status_get_last_error (status)));
  app_report_set_count (report, APP_REPORT_SERVER_LIMITS,
                        g_strv_length ((char **) sync_status_get_notes (status)));
}

static void
add_session (AppReport *report, WorkspaceSession *session)
{
  static const char *const levels[] = { "not tested", "green", "amber", "red" };
  SyncEngine *engine = workspace_session_get_engine (session);
  WorkspaceCheck *check = workspace_session_get_check (session);
  gint64 now = base_clock_now (workspace_session_get_clock (session));

  app_report_set_word (report, APP_REPORT_SESSION_ROLE,
                       care_context_get_role (workspace_session_get_context (session)));
  app_report_set_flag (report, APP_REPORT_SESSION_LOCKED,
                       workspace_lock_check (workspace_session_get_lock (session)) != NULL);
  app_report_set_flag (report, APP_REPORT_SESSION_CALL,
                       workspace_session_get_call_patient (session) != NULL);
  app_report_set_flag (report, APP_REPORT_SERVER_HUB,
                       workspace_session_get_server (session) != NULL);
  app_report_set_word (report, APP_REPORT_CHECK_LEVEL, levels[workspace_check_get_level (check)]);
  if (engine)
    add_sync (report, sync_engine_get_status (engine), now);
}

/* ---- on a thread ---- */

typedef struct
{
  AppReport *report;
  StoreDatabase *database; /* (nullable) */
  StoreContent *content;   /* (nullable) */
  char *author;
  gint64 now;
} Gather;

static void
gather_free (gpointer data)
{
  Gather *self = data;

  g_clear_object (&self->report);
  g_clear_object (&self->database);
  g_clear_object (&self->content);
  g_free (self->author);
  g_free (self);
}

static void
add_system (AppReport *report)
{
  g_autofree char *name = g_get_os_info (G_OS_INFO_KEY_ID);
  g_autofree char *version = g_get_os_info (G_OS_INFO_KEY_VERSION_ID);
  long pages = sysconf (_SC_PHYS_PAGES), page = sysconf (_SC_PAGESIZE);
  struct utsname kernel;

  app_report_set_word (report, APP_REPORT_SYSTEM_NAME, name);
  app_report_set_version (report, APP_REPORT_SYSTEM_VERSION, version);
  app_report_set_count (report, APP_REPORT_SYSTEM_PROCESSORS, g_get_num_processors ());
  if (pages > 0 && page > 0)
    app_report_set_count (report, APP_REPORT_SYSTEM_MEMORY_MB,
                          (guint64) pages * (guint64) page / MEGABYTE);
  if (uname (&kernel) != 0)
    return;
  app_report_set_version (report, APP_REPORT_SYSTEM_KERNEL, kernel.release);
  app_report_set_word (report, APP_REPORT_SYSTEM_MACHINE, kernel.machine);
}

static gboolean
add_hardware (AppReport *report, AppReportField field, guint card, const char *what)
{
  g_autofree char *path = g_strdup_printf ("/sys/class/drm/card%u/device/%s", card, what);
  g_autofree char *code = NULL;

  if (!g_file_get_contents (path, &code, NULL, NULL))
    return FALSE;
  app_report_set_hardware (report, field, g_strstrip (code));
  return TRUE;
}

static void
add_graphics (AppReport *report)
{
  for (guint card = 0; card < 4; card++)
    if (add_hardware (report, APP_REPORT_DISPLAY_GPU_MAKER, card, "vendor") &&
        add_hardware (report, APP_REPORT_DISPLAY_GPU_DEVICE, card, "device"))
      return;
}

static void
add_disk (AppReport *report, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) space =
      g_file_query_filesystem_info (file, G_FILE_ATTRIBUTE_FILESYSTEM_FREE, NULL, NULL);
  g_autoptr (GFileInfo) size =
      g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL, NULL);

  if (space)
    app_report_set_count (report, APP_REPORT_SYSTEM_DISK_FREE_MB,
                          g_file_info_get_attribute_uint64 (space,
                                                            G_FILE_ATTRIBUTE_FILESYSTEM_FREE) /
                              MEGABYTE);
  if (size)
    app_report_set_count (report, APP_REPORT_STORE_SIZE_MB,
                          (guint64) g_file_info_get_size (size) / MEGABYTE);
}

static void
add_content (AppReport *report, StoreContent *content, gint64 now)
{
  static const char *const states[] = { "ready", "past its date", "missing", "empty", "damaged" };
  g_autofree char *day = store_content_dup_day (content);
  g_autoptr (GDateTime) today = g_date_time_new_from_unix_utc (now / G_USEC_PER_SEC);
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *noon = day ? g_strconcat (day, "T00:00:00", NULL) : NULL;
  g_autoptr (GDateTime) made = noon ? g_date_time_new_from_iso8601 (noon, utc) : NULL;

  app_report_set_word (report, APP_REPORT_CONTENT_STATE,
                       states[store_content_get_state (content, NULL)]);
  if (made && g_date_time_compare (today, made) >= 0)
    app_report_set_count (report, APP_REPORT_CONTENT_AGE_DAYS,
                          (guint64) (g_date_time_difference (today, made) / G_TIME_SPAN_DAY));
}

/* Counts, and looks at nothing else of an entry or a draft. */
static gboolean
count_work (StoreConnection *connection, gpointer data, GError **error)
{
  Gather *self = data;
  g_autoptr (GPtrArray) waiting = store_journal_list (connection, "waiting", MOST_LISTED, error);
  g_autoptr (GPtrArray) unknown =
      waiting ? store_journal_list (connection, "unknown", MOST_LISTED, error) : NULL;
  g_autoptr (GPtrArray) drafts =
      unknown ? store_draft_list (connection, self->author, NULL, error) : NULL;
  guint again = 0;

  if (!drafts)
    return FALSE;
  for (guint i = 0; i < waiting->len; i++)
    again += ((const StoreJournalEntry *) waiting->pdata[i])->attempts > 0;
  app_report_set_count (self->report, APP_REPORT_STORE_TRIED_AGAIN, again);
  app_report_set_count (self->report, APP_REPORT_STORE_UNANSWERED, unknown->len);
  app_report_set_count (self->report, APP_REPORT_STORE_DRAFTS, drafts->len);
  return TRUE;
}

/* What cannot be read stays "not known", and the report says that. */
static void
gather_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Gather *self = data;

  add_system (self->report);
  add_graphics (self->report);
  add_disk (self->report,
            self->database ? store_database_get_path (self->database) : g_get_user_data_dir ());
  if (self->content)
    add_content (self->report, self->content, self->now);
  if (self->database)
    store_database_read (self->database, count_work, self, NULL);
  g_task_return_pointer (task, g_object_ref (self->report), g_object_unref);
}

/**
 * app_report_facts_gather_async:
 * @window: (nullable): on whose display; @settings: (nullable); @server: (nullable): its address
 * @session: (nullable): where somebody works
 */
void
app_report_facts_gather_async (GtkWidget *window,
                               GSettings *settings,
                               const char *server,
                               WorkspaceSession *session,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Gather *gather = g_new0 (Gather, 1);

  gather->report = app_report_new ();
  add_program (gather->report);
  add_libraries (gather->report);
  if (window)
    add_display (gather->report, window);
  add_settings (gather->report, settings);
  add_server (gather->report, server);
  app_report_set_flag (gather->report, APP_REPORT_SESSION_OPEN, session != NULL);
  if (session)
    {
      CareContext *context = workspace_session_get_context (session);
      StoreContent *content = workspace_session_get_content (session);

      add_session (gather->report, session);
      gather->database = g_object_ref (workspace_session_get_database (session));
      gather->content = content ? g_object_ref (content) : NULL;
      gather->author = g_strdup (care_context_get_user_reference (context));
      gather->now = base_clock_now (workspace_session_get_clock (session));
    }
  g_task_set_source_tag (task, app_report_facts_gather_async);
  g_task_set_task_data (task, gather, gather_free);
  g_task_run_in_thread (task, gather_thread);
}

/* (transfer full) */
AppReport *
app_report_facts_gather_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
