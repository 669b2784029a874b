/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-secret-file.h"

/* systemd gives a service's user a credential by an access control list, whose mask stat shows as
 * the group's: 0440. Nobody else comes into the folder, which is that user's alone
 * (systemd.exec(5), CREDENTIALS). */
static gboolean
is_credential (const char *path)
{
  const char *credentials = g_getenv ("CREDENTIALS_DIRECTORY");
  g_autofree char *whole = g_canonicalize_filename (path, NULL);
  g_autofree char *folder = g_path_get_dirname (whole);
  g_autofree char *given = NULL;

  if (!credentials || !g_path_is_absolute (credentials))
    return FALSE;
  given = g_canonicalize_filename (credentials, NULL);
  return g_str_equal (folder, given);
}

/**
 * base_secret_file_is_private:
 * @path: a file with a secret in it
 * @status: what stat (2) or fstat (2) says of it
 *
 * Returns: whether only its owner may read and write it, or it is a credential that systemd gave to
 *   this service, which nobody may write
 */
gboolean
base_secret_file_is_private (const char *path, const struct stat *status)
{
  if (!(status->st_mode & 077))
    return TRUE;
  return (status->st_mode & 0777) == 0440 && is_credential (path);
}
