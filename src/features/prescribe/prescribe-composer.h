/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-content.h"
#include "workspace-composer.h"
#include "workspace-patient.h"

G_BEGIN_DECLS

/* A prescription written and signed under a note. */
#define PRESCRIBE_TYPE_COMPOSER (prescribe_composer_get_type ())
G_DECLARE_FINAL_TYPE (PrescribeComposer, prescribe_composer, PRESCRIBE, COMPOSER, WorkspaceComposer)

WorkspaceComposer *
prescribe_composer_new (WorkspacePatient *patient, const char *encounter_id, StoreContent *content);

G_END_DECLS
