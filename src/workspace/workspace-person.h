/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

#include "workspace-types.h"

G_BEGIN_DECLS

/* Enough of a patient to be told from another: what a search shows. */
#define WORKSPACE_TYPE_PERSON (workspace_person_get_type ())
G_DECLARE_FINAL_TYPE (WorkspacePerson, workspace_person, WORKSPACE, PERSON, GObject)

WorkspacePerson *workspace_person_new (FhirResource *patient, const char *today, GTimeZone *zone);
void workspace_person_take_mark (WorkspacePerson *self, char *mark, const char *icon_name);
void workspace_person_set_recent (WorkspacePerson *self, gboolean recent);
const char *workspace_person_get_id (WorkspacePerson *self);
const char *workspace_person_get_name (WorkspacePerson *self);
const char *workspace_person_get_born (WorkspacePerson *self);
const char *workspace_person_get_sex (WorkspacePerson *self);
const char *workspace_person_get_identifier (WorkspacePerson *self);
const char *workspace_person_get_address (WorkspacePerson *self);
const char *workspace_person_get_mark (WorkspacePerson *self);
gboolean workspace_person_is_recent (WorkspacePerson *self);

G_END_DECLS
