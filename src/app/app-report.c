/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-report.h"

#include <string.h>

/**
 * AppReport:
 *
 * What is sent to somebody who is to find a fault. It can name no patient, because there is nothing
 * to write a name into: whatever is set has to be of the kind of its field, a word has to be one of
 * those that stand here, and what is not is left out. The one exception is the server's host, which
 * is written only when a person says so.
 */

#define MAX_WORDS   20
#define MAX_VERSION 20

typedef enum
{
  KIND_COUNT,
  KIND_FLAG,
  KIND_VERSION,
  KIND_WORD,
  KIND_HARDWARE, /* "0x8086" */
} Kind;

typedef struct
{
  const char *section, *name;
  Kind kind;
  const char *words[MAX_WORDS]; /* of a KIND_WORD */
} Field;

static const Field fields[APP_REPORT_N_FIELDS] = {
  { "Bedside", "version", KIND_VERSION },
  { "Bedside", "language", KIND_WORD, { "en", "de", "es", "fr", "ja" } },
  { "Bedside", "in a sandbox", KIND_FLAG },
  { "Computer",
    "system",
    KIND_WORD,
    { "debian", "ubuntu", "fedora", "rhel", "centos", "arch", "opensuse-leap",
      "opensuse-tumbleweed", "linuxmint", "pop", "nixos", "alpine", "org.gnome.Platform",
      "org.freedesktop.platform" } },
  { "Computer", "version of the system", KIND_VERSION },
  { "Computer", "kernel", KIND_VERSION },
  { "Computer", "processor kind", KIND_WORD, { "x86_64", "aarch64", "armv7l", "riscv64" } },
  { "Computer", "processors", KIND_COUNT },
  { "Computer", "memory in MB", KIND_COUNT },
  { "Computer", "free on the disk of the records in MB", KIND_COUNT },
  { "Display", "kind", KIND_WORD, { "GdkWaylandDisplay", "GdkX11Display", "GdkBroadwayDisplay" } },
  { "Display",
    "drawn by",
    KIND_WORD,
    { "GskVulkanRenderer", "GskGLRenderer", "GskNglRenderer", "GskCairoRenderer" } },
  { "Display", "graphics maker", KIND_HARDWARE },
  { "Display", "graphics device", KIND_HARDWARE },
  { "Display", "monitors", KIND_COUNT },
  { "Display", "scale in percent", KIND_COUNT },
  { "Display", "size of text in percent", KIND_COUNT },
  { "Display", "dark", KIND_FLAG },
  { "Display", "high contrast", KIND_FLAG },
  { "Libraries", "GLib", KIND_VERSION },
  { "Libraries", "GTK", KIND_VERSION },
  { "Libraries", "libadwaita", KIND_VERSION },
  { "Libraries", "libsoup", KIND_VERSION },
  { "Libraries", "GStreamer", KIND_VERSION },
  { "Clinical content",
    "state",
    KIND_WORD,
    { "ready", "past its date", "missing", "empty", "damaged" } },
  { "Clinical content", "age in days", KIND_COUNT },
  { "Server", "one is named", KIND_FLAG },
  { "Server", "encrypted", KIND_FLAG },
  { "Server", "is a Bedside hub", KIND_FLAG },
  { "Server", "things it cannot do", KIND_COUNT },
  { "Work", "records are open", KIND_FLAG },
  { "Work",
    "role",
    KIND_WORD,
    { "prescriber", "nurse", "reception", "admin", "pharmacy", "patient" } },
  { "Work", "sign-in has run out", KIND_FLAG },
  { "Work", "a call is going on", KIND_FLAG },
  { "Sync",
    "state",
    KIND_WORD,
    { "offline", "at work", "all is read and sent", "needs a person" } },
  { "Sync", "changes are pushed", KIND_FLAG },
  { "Sync", "waiting", KIND_COUNT },
  { "Sync", "held", KIND_COUNT },
  { "Sync", "refused", KIND_COUNT },
  { "Sync", "conflicts", KIND_COUNT },
  { "Sync", "oldest that waits, minutes ago", KIND_COUNT },
  { "Sync", "all was read, minutes ago", KIND_COUNT },
  { "Sync", "server in doubt", KIND_WORD, { "no", "lost its records", "set back" } },
  { "Sync",
    "last error",
    KIND_WORD,
    { "none", "offline", "unauthorized", "forbidden", "not found", "gone", "conflict", "refused",
      "throttled", "server", "protocol", "other store", "other" } },
  { "Store", "size in MB", KIND_COUNT },
  { "Store", "waiting that were tried before", KIND_COUNT },
  { "Store", "sent without an answer", KIND_COUNT },
  { "Store", "drafts", KIND_COUNT },
  { "Self-test", "result", KIND_WORD, { "not tested", "green", "amber", "red" } },
};

struct _AppReport
{
  GObject parent_instance;

  char *values[APP_REPORT_N_FIELDS]; /* NULL: not known */
  GString *settings;
  char *host;
};

G_DEFINE_FINAL_TYPE (AppReport, app_report, G_TYPE_OBJECT)

static void
app_report_finalize (GObject *object)
{
  AppReport *self = APP_REPORT (object);

  for (gsize i = 0; i < APP_REPORT_N_FIELDS; i++)
    g_free (self->values[i]);
  g_string_free (self->settings, TRUE);
  g_free (self->host);
  G_OBJECT_CLASS (app_report_parent_class)->finalize (object);
}

static void
app_report_class_init (AppReportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = app_report_finalize;
}

static void
app_report_init (AppReport *self)
{
  self->settings = g_string_new (NULL);
}

AppReport *
app_report_new (void)
{
  return g_object_new (APP_TYPE_REPORT, NULL);
}

static gboolean
is_of (AppReportField field, Kind kind)
{
  return field < APP_REPORT_N_FIELDS && fields[field].kind == kind;
}

void
app_report_set_count (AppReport *self, AppReportField field, guint64 count)
{
  g_return_if_fail (APP_IS_REPORT (self) && is_of (field, KIND_COUNT));

  g_free (self->values[field]);
  self->values[field] = g_strdup_printf ("%" G_GUINT64_FORMAT, count);
}

void
app_report_set_flag (AppReport *self, AppReportField field, gboolean flag)
{
  g_return_if_fail (APP_IS_REPORT (self) && is_of (field, KIND_FLAG));

  g_set_str (&self->values[field], flag ? "yes" : "no");
}

/* Numbers with dots, up to four of up to five digits: what follows is cut off, whatever it is. */
static char *
dup_numbers (const char *version)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *at = version;

  for (guint parts = 0; at && parts < 4; parts++)
    {
      gsize digits = strspn (at, "0123456789");
      if (digits == 0 || digits > 5)
        break;
      if (parts > 0)
        g_string_append_c (text, '.');
      g_string_append_len (text, at, digits);
      at = at[digits] == '.' ? at + digits + 1 : NULL;
    }
  return text->len > 0 && text->len <= MAX_VERSION ? g_strdup (text->str) : NULL;
}

/* @version: (nullable): of a program or library */
void
app_report_set_version (AppReport *self, AppReportField field, const char *version)
{
  g_return_if_fail (APP_IS_REPORT (self) && is_of (field, KIND_VERSION));

  g_free (self->values[field]);
  self->values[field] = dup_numbers (version);
}

/* @word: (nullable): one that is none of the field's reads "another" */
void
app_report_set_word (AppReport *self, AppReportField field, const char *word)
{
  const char *known = word ? "another" : NULL;

  g_return_if_fail (APP_IS_REPORT (self) && is_of (field, KIND_WORD));

  for (gsize i = 0; word && i < MAX_WORDS && fields[field].words[i]; i++)
    if (g_str_equal (fields[field].words[i], word))
      known = fields[field].words[i];
  g_set_str (&self->values[field], known);
}

/* @code: (nullable): "0x" and four hexadecimal digits, as the kernel writes it */
void
app_report_set_hardware (AppReport *self, AppReportField field, const char *code)
{
  g_return_if_fail (APP_IS_REPORT (self) && is_of (field, KIND_HARDWARE));

  if (code && strlen (code) == 6 && g_str_has_prefix (code, "0x") &&
      strspn (code + 2, "0123456789abcdefABCDEF") == 4)
    g_set_str (&self->values[field], code);
}

/* @key: of the program's own schema. Of a text only whether there is one is said: it may be the
 * name of somebody's camera, or the path of a file. */
void
app_report_add_setting (AppReport *self, const char *key, GVariant *value)
{
  g_return_if_fail (APP_IS_REPORT (self));

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    g_string_append_printf (self->settings, "%s: %s\n", key,
                            *g_variant_get_string (value, NULL) ? "set" : "not set");
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    g_string_append_printf (self->settings, "%s: %s\n", key,
                            g_variant_get_boolean (value) ? "yes" : "no");
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT32))
    g_string_append_printf (self->settings, "%s: %d\n", key, g_variant_get_int32 (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    g_string_append_printf (self->settings, "%s: %u\n", key, g_variant_get_uint32 (value));
}

/* @host: (nullable): the server's name, without path, port or user; written only when asked for */
void
app_report_set_host (AppReport *self, const char *host)
{
  gboolean plain = host && *host && strlen (host) <= 253;

  g_return_if_fail (APP_IS_REPORT (self));

  for (const char *at = host; plain && *at; at++)
    plain = g_ascii_isalnum (*at) || strchr (".-:", *at);
  g_set_str (&self->host, plain ? host : NULL);
}

static void
append_section (GString *text, const char *section)
{
  g_string_append_printf (text, "\n%s\n", section);
}

/**
 * app_report_dup_text:
 * @with_host: whether the server's name stands in it
 *
 * Returns: (transfer full): the report, in English: it is for whoever looks for the fault
 */
char *
app_report_dup_text (AppReport *self, gboolean with_host)
{
  GString *text = g_string_new ("Bedside diagnostic report\n");
  const char *section = NULL;

  for (gsize i = 0; i < APP_REPORT_N_FIELDS; i++)
    {
      if (g_strcmp0 (section, fields[i].section) != 0)
        append_section (text, section = fields[i].section);
      g_string_append_printf (text, "%s: %s\n", fields[i].name,
                              self->values[i] ? self->values[i] : "not known");
      if (i == APP_REPORT_SERVER_NAMED)
        g_string_append_printf (text, "name: %s\n",
                                with_host && self->host ? self->host : "left out");
    }
  append_section (text, "Settings");
  g_string_append (text, self->settings->str);
  return g_string_free (text, FALSE);
}
