/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-secret-file.h"

static gboolean
is_private (const char *path, guint mode)
{
  struct stat status = { .st_mode = S_IFREG | mode };

  return base_secret_file_is_private (path, &status);
}

static void
test_own (void)
{
  static const guint others[] = { 0640, 0604, 0620, 0602, 0440, 0444, 0610 };

  g_unsetenv ("CREDENTIALS_DIRECTORY");
  g_assert_true (is_private ("/etc/bedside/hub.key", 0600));
  g_assert_true (is_private ("/etc/bedside/hub.key", 0400));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (is_private ("/etc/bedside/hub.key", others[i]));
}

/* A dynamic user's credential shows as 0440: the list's mask stands where the group's would. */
static void
test_credential (void)
{
  static const guint others[] = { 0640, 0404, 0444, 0460, 0660 };
  static const char *const elsewhere[] = { "/etc/bedside/hub.key", "/run/credentials/hub/b/hub.key",
                                           "/run/credentials/hub/../hub.key", "/run/credentials" };

  g_setenv ("CREDENTIALS_DIRECTORY", "/run/credentials/hub", TRUE);
  g_assert_true (is_private ("/run/credentials/hub/hub.key", 0440));
  g_assert_true (is_private ("/run/credentials/./hub//hub.key", 0440));
  g_assert_true (is_private ("/run/credentials/hub/hub.key", 0400));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (is_private ("/run/credentials/hub/hub.key", others[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (elsewhere); i++)
    g_assert_false (is_private (elsewhere[i], 0440));
  g_setenv ("CREDENTIALS_DIRECTORY", "", TRUE);
  g_assert_false (is_private ("hub.key", 0440));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/secret-file/own", test_own);
  g_test_add_func ("/base/secret-file/credential", test_credential);
  return g_test_run ();
}
