/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void today_notice_waiting (GtkWidget *page);
void today_notice_written (GtkWidget *page);
void today_notice_asked (GtkWidget *page);
void today_notice_call (GtkWidget *page);

G_END_DECLS
