/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What a diagnostic report may say, and nothing else. Each is a number, yes or no, a version, or
 * one of a few words that stand in the program: there is no field that takes a text. */
typedef enum
{
  APP_REPORT_PROGRAM_VERSION,
  APP_REPORT_PROGRAM_LANGUAGE,
  APP_REPORT_PROGRAM_SANDBOXED,
  APP_REPORT_SYSTEM_NAME,
  APP_REPORT_SYSTEM_VERSION,
  APP_REPORT_SYSTEM_KERNEL,
  APP_REPORT_SYSTEM_MACHINE,
  APP_REPORT_SYSTEM_PROCESSORS,
  APP_REPORT_SYSTEM_MEMORY_MB,
  APP_REPORT_SYSTEM_DISK_FREE_MB,
  APP_REPORT_DISPLAY_KIND,
  APP_REPORT_DISPLAY_RENDERER,
  APP_REPORT_DISPLAY_GPU_MAKER,
  APP_REPORT_DISPLAY_GPU_DEVICE,
  APP_REPORT_DISPLAY_MONITORS,
  APP_REPORT_DISPLAY_SCALE_PERCENT,
  APP_REPORT_DISPLAY_TEXT_PERCENT,
  APP_REPORT_DISPLAY_DARK,
  APP_REPORT_DISPLAY_HIGH_CONTRAST,
  APP_REPORT_LIBRARY_GLIB,
  APP_REPORT_LIBRARY_GTK,
  APP_REPORT_LIBRARY_ADWAITA,
  APP_REPORT_LIBRARY_SOUP,
  APP_REPORT_LIBRARY_GSTREAMER,
  APP_REPORT_CONTENT_STATE,
  APP_REPORT_CONTENT_AGE_DAYS,
  APP_REPORT_SERVER_NAMED,
  APP_REPORT_SERVER_ENCRYPTED,
  APP_REPORT_SERVER_HUB,
  APP_REPORT_SERVER_LIMITS,
  APP_REPORT_SESSION_OPEN,
  APP_REPORT_SESSION_ROLE,
  APP_REPORT_SESSION_LOCKED,
  APP_REPORT_SESSION_CALL,
  APP_REPORT_SYNC_STATE,
  APP_REPORT_SYNC_PUSHED,
  APP_REPORT_SYNC_WAITING,
  APP_REPORT_SYNC_HELD,
  APP_REPORT_SYNC_REFUSED,
  APP_REPORT_SYNC_CONFLICTS,
  APP_REPORT_SYNC_OLDEST_MINUTES,
  APP_REPORT_SYNC_READ_MINUTES,
  APP_REPORT_SYNC_SUSPICION,
  APP_REPORT_SYNC_LAST_ERROR,
  APP_REPORT_STORE_SIZE_MB,
  APP_REPORT_STORE_TRIED_AGAIN,
  APP_REPORT_STORE_UNANSWERED,
  APP_REPORT_STORE_DRAFTS,
  APP_REPORT_CHECK_LEVEL,
  APP_REPORT_N_FIELDS
} AppReportField;

#define APP_TYPE_REPORT (app_report_get_type ())
G_DECLARE_FINAL_TYPE (AppReport, app_report, APP, REPORT, GObject)

AppReport *app_report_new (void);
void app_report_set_count (AppReport *self, AppReportField field, guint64 count);
void app_report_set_flag (AppReport *self, AppReportField field, gboolean flag);
void app_report_set_version (AppReport *self, AppReportField field, const char *version);
void app_report_set_word (AppReport *self, AppReportField field, const char *word);
void app_report_set_hardware (AppReport *self, AppReportField field, const char *code);
void app_report_add_setting (AppReport *self, const char *key, GVariant *value);
void app_report_set_host (AppReport *self, const char *host);
char *app_report_dup_text (AppReport *self, gboolean with_host);

G_END_DECLS
