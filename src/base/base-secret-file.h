/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/stat.h>

G_BEGIN_DECLS

gboolean base_secret_file_is_private (const char *path, const struct stat *status);

G_END_DECLS
