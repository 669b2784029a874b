/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void workspace_alert_wrap (AdwDialog *alert, GtkWidget *parent);
void workspace_alert_present (AdwDialog *alert, GtkWidget *parent);

G_END_DECLS
