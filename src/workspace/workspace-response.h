/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void workspace_response_set (AdwAlertDialog *dialog,
                             const char *response,
                             const char *who,
                             gboolean ready);

G_END_DECLS
