/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-fleet.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base-locale.h"
#include "base-portal.h"

/**
 * AppFleet:
 *
 * A file that is wrong is never in force in part: its last good copy is, or, where there is none,
 * nothing opens. Otherwise a slip of the administrator would quietly take every rule away.
 */

#define SYSTEM_PATH  "/etc/bedside/fleet.conf"
#define SANDBOX_PATH "/app/fleet/fleet.conf"

struct _AppFleet
{
  GObject parent_instance;

  AppFleetState state;
  char *problem;    /* (nullable) */
  BaseFleet *fleet; /* (nullable) */
  char *folder;     /* where the file lies, or should */
};

G_DEFINE_FINAL_TYPE (AppFleet, app_fleet, G_TYPE_OBJECT)

/* ---- reading ---- */

/* (transfer full): the first remark that refuses, with its line. */
static char *
dup_first_refusal (GPtrArray *remarks)
{
  for (guint i = 0; i < remarks->len; i++)
    {
      const BaseFleetRemark *remark = remarks->pdata[i];

      if (remark->refused && remark->line > 0)
        return g_strdup_printf (_ ("line %u: %s"), remark->line, remark->text);
      if (remark->refused)
        return g_strdup (remark->text);
    }
  return g_strdup ("");
}

/* (transfer full) (nullable): with @why set where it is NULL. */
static BaseFleet *
read_file (const char *path, char **text, char **why)
{
  g_autoptr (GPtrArray) remarks = base_fleet_remarks_new ();
  g_autoptr (GError) error = NULL;
  BaseFleet *fleet;
  gsize length = 0;

  if (!g_file_get_contents (path, text, &length, &error))
    {
      *why = g_strdup (error->message);
      return NULL;
    }
  fleet = base_fleet_parse (*text, length, remarks);
  for (guint i = 0; i < remarks->len; i++)
    {
      const BaseFleetRemark *remark = remarks->pdata[i];
      if (!remark->refused)
        g_message ("%s:%u: %s", path, remark->line, remark->text);
    }
  if (!fleet)
    *why = dup_first_refusal (remarks);
  return fleet;
}

/* That the copy cannot be kept is no reason not to work under the file itself. */
static void
keep (const char *text, const char *kept_path)
{
  g_autofree char *folder = g_path_get_dirname (kept_path);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0700);
  if (!g_file_set_contents_full (kept_path, text, -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                 &error))
    g_message ("cannot keep a copy of the administrator’s file: %s", error->message);
}

/* (transfer full): what to type into a terminal of this computer */
char *
app_fleet_dup_check_command (const char *path, gboolean sandboxed)
{
  g_autofree char *quoted = strpbrk (path, " '\"\\$") ? g_shell_quote (path) : g_strdup (path);

  return g_strdup_printf ("%s --check-config %s",
                          sandboxed ? "flatpak run health.bedside.Workstation" : "bedside", quoted);
}

static void
read_kept (AppFleet *self, const char *path, const char *kept_path, const char *why)
{
  g_autofree char *text = NULL;
  g_autofree char *no_copy = NULL;
  g_autofree char *command = app_fleet_dup_check_command (path, base_portal_is_sandboxed ());

  self->fleet = read_file (kept_path, &text, &no_copy);
  self->state = self->fleet ? APP_FLEET_KEPT : APP_FLEET_REFUSED;
  if (self->fleet)
    self->problem =
        g_strdup_printf (_ ("The file that sets up this computer, %s, cannot be used (%s). What it "
                            "said before stays "
                            "in force. Tell %s."),
                         path, why,
                         base_fleet_get_text (self->fleet, BASE_FLEET_ADMINISTRATOR_NAME));
  else
    self->problem = g_strdup_printf (
        _ ("The file that sets up this computer, %s, cannot be used (%s). Nothing opens until it "
           "is put right: what it forbids is not known. Ask whoever looks after this computer to "
           "run: %s"),
        path, why, command);
}

static void
app_fleet_finalize (GObject *object)
{
  AppFleet *self = APP_FLEET (object);

  g_clear_pointer (&self->fleet, base_fleet_unref);
  g_free (self->problem);
  g_free (self->folder);
  G_OBJECT_CLASS (app_fleet_parent_class)->finalize (object);
}

static void
app_fleet_class_init (AppFleetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = app_fleet_finalize;
}

static void
app_fleet_init (AppFleet *self)
{
}

/* Only what is surely not there sets nothing. A link to nowhere, or a folder that may not be
 * entered, is a file that cannot be read: what it forbids is not known. */
static gboolean
is_absent (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  GStatBuf status;

  if (g_lstat (path, &status) == 0 || errno != ENOENT)
    return FALSE;
  return g_stat (folder, &status) == 0 || (g_lstat (folder, &status) != 0 && errno == ENOENT);
}

/* @path: the administrator's file, which need not be there; @kept_path: its last good copy. */
AppFleet *
app_fleet_new (const char *path, const char *kept_path)
{
  AppFleet *self = g_object_new (APP_TYPE_FLEET, NULL);
  g_autofree char *text = NULL;
  g_autofree char *why = NULL;

  self->folder = g_path_get_dirname (path);
  if (is_absent (path))
    return self;
  self->fleet = read_file (path, &text, &why);
  if (self->fleet)
    {
      self->state = APP_FLEET_GOOD;
      keep (text, kept_path);
    }
  else
    read_kept (self, path, kept_path, why);
  return self;
}

/* Where the file lies on this computer. The environment names another only where there is none, so
 * that nobody gets rid of a rule by it. */
AppFleet *
app_fleet_load (void)
{
  const char *path = base_portal_is_sandboxed () ? SANDBOX_PATH : SYSTEM_PATH;
  const char *other = g_getenv ("BEDSIDE_FLEET");
  g_autofree char *kept = g_build_filename (g_get_user_state_dir (), "bedside", "fleet.conf", NULL);

  if (other && is_absent (path))
    path = other;
  return app_fleet_new (path, kept);
}

/* ---- what it says ---- */

AppFleetState
app_fleet_get_state (AppFleet *self)
{
  return self->state;
}

/* (nullable): why the file itself is not in force, and what to do. */
const char *
app_fleet_get_problem (AppFleet *self)
{
  return self->problem;
}

/* (transfer none) (nullable) */
BaseFleet *
app_fleet_get (AppFleet *self)
{
  return self->fleet;
}

gboolean
app_fleet_is_set (AppFleet *self, BaseFleetKey key)
{
  return base_fleet_has (self->fleet, key);
}

/* (transfer full) (nullable): whom to ask about what cannot be changed; NULL without a file. */
char *
app_fleet_dup_set_by (AppFleet *self)
{
  const char *name = base_fleet_get_text (self->fleet, BASE_FLEET_ADMINISTRATOR_NAME);
  const char *contact = base_fleet_get_text (self->fleet, BASE_FLEET_ADMINISTRATOR_CONTACT);

  if (!name)
    return NULL;
  return contact ? g_strdup_printf (_ ("Set by %s (%s)"), name, contact)
                 : g_strdup_printf (_ ("Set by %s"), name);
}

/* (transfer full) (nullable): the certificates of the clinic's own authority. A name without a
 * folder lies beside the administrator's file. */
char *
app_fleet_dup_authority (AppFleet *self)
{
  const char *name = base_fleet_get_text (self->fleet, BASE_FLEET_AUTHORITY);

  return name ? g_canonicalize_filename (name, self->folder) : NULL;
}

/* Before the first string is looked up and before there is a second thread. */
void
app_fleet_apply_language (AppFleet *self)
{
  const char *language = base_fleet_get_text (self->fleet, BASE_FLEET_LANGUAGE);

  if (language)
    base_locale_use_language (language);
}

/* ---- bedside --check-config ---- */

static void
print_remark (const char *path, const BaseFleetRemark *remark, GPrintFunc print)
{
  g_autofree char *place =
      remark->line > 0 ? g_strdup_printf ("%s:%u", path, remark->line) : g_strdup (path);
  g_autofree char *line = remark->refused
                              ? g_strdup_printf (_ ("%s: error: %s\n"), place, remark->text)
                              : g_strdup_printf (_ ("%s: warning: %s\n"), place, remark->text);

  print (line);
}

/* Whether the file that it names is there too. What a sandbox was only lent comes without what lies
 * beside it, and that is not known to be missing. */
static gboolean
check_authority (BaseFleet *fleet, const char *path, GPrintFunc print)
{
  const char *name = base_fleet_get_text (fleet, BASE_FLEET_AUTHORITY);
  g_autofree char *whole = g_canonicalize_filename (path, NULL);
  g_autofree char *folder = g_path_get_dirname (whole);
  g_autofree char *file = g_canonicalize_filename (name ? name : "", folder);
  GList *certificates = name ? g_tls_certificate_list_new_from_file (file, NULL) : NULL;
  gboolean lent = g_str_has_prefix (whole, "/run/") && !g_file_test (file, G_FILE_TEST_EXISTS);
  g_autofree char *text =
      g_strdup_printf (_ ("authority: %s holds no certificate of an authority. Put the file there, "
                          "in PEM: it begins with BEGIN CERTIFICATE."),
                       file);
  const BaseFleetRemark remark = { 0, !lent, text };
  gboolean found = certificates != NULL;

  g_list_free_full (certificates, g_object_unref);
  if (name && !found)
    print_remark (path, &remark, print);
  return !name || found || lent;
}

/* Says what is wrong with a file, line by line. Returns the exit status: 0 where it can be used. */
int
app_fleet_check_file (const char *path, GPrintFunc print)
{
  g_autoptr (GPtrArray) remarks = base_fleet_remarks_new ();
  g_autoptr (BaseFleet) fleet = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *end = NULL;
  gsize length = 0;
  gboolean good;

  if (!g_file_get_contents (path, &text, &length, &error))
    {
      end = g_strconcat (error->message, "\n", NULL);
      print (end);
      return 1;
    }
  fleet = base_fleet_parse (text, length, remarks);
  for (guint i = 0; i < remarks->len; i++)
    print_remark (path, remarks->pdata[i], print);
  good = fleet && check_authority (fleet, path, print);
  end = good ? g_strdup_printf (_ ("%s can be used.\n"), path)
             : g_strdup_printf (_ ("%s cannot be used, and would change nothing.\n"), path);
  print (end);
  return good ? 0 : 1;
}
