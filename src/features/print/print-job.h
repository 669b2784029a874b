/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "print-layout.h"

G_BEGIN_DECLS

/* The margins and the paper that a document is made for until somebody chooses another. */
GtkPageSetup *print_page_setup_new (void);

/* Asks for a printer and prints. The number of pages comes back; 0 where it was called off. */
void print_job_print_async (CareContext *context,
                            CarePaper *paper,
                            const PrintStamp *stamp,
                            GtkWindow *parent,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
/* Makes a PDF without any printer; @target is written whole or not at all. */
void print_job_export_async (CareContext *context,
                             CarePaper *paper,
                             const PrintStamp *stamp,
                             GFile *target,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
const char *print_job_why_not_saved (GError *error);
/* -1 with an error whose message is a sentence to show. */
int print_job_finish (GAsyncResult *result, GError **error);

G_END_DECLS
