/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

/* A resource as a person would read it. */
typedef struct
{
  GString *text;
  GPtrArray *warnings;   /* char*: what must not be overlooked, with where it stands */
  GPtrArray *unknown;    /* char*: elements that FHIR R4 does not have */
  guint shown, left_out; /* entries of bundles */
} HubDescription;

HubDescription *
hub_describe (const char *text, gssize length, const char *only_type, GError **error);
void hub_description_free (HubDescription *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubDescription, hub_description_free)

G_END_DECLS
