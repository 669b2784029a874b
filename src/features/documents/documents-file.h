/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GBytes *documents_file_read (GFile *file, char **name, GCancellable *cancellable, GError **error);

G_END_DECLS
