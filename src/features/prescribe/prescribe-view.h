/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "store-content.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

#define PRESCRIBE_TYPE_VIEW (prescribe_view_get_type ())
G_DECLARE_FINAL_TYPE (PrescribeView, prescribe_view, PRESCRIBE, VIEW, AdwBin)

GtkWidget *prescribe_view_new (WorkspacePatient *patient, StoreContent *content);

G_END_DECLS
