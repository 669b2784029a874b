/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-write.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

/* What makes a document a note that somebody signed, and an addendum one to it. */
gboolean care_note_is_signed (FhirResource *document);
char *care_note_dup_appended (FhirResource *document);
char *care_note_dup_owner (StoreConnection *connection, FhirResource *document);
FhirResource *
care_note_read_signed (StoreConnection *connection, const char *reference, GError **error);
gboolean care_note_check_writer (CareContext *context, const char *act, GError **error);
FhirBuilder *care_note_signature (CareContext *context,
                                  FhirResource *signed_resource,
                                  const char *when,
                                  gboolean is_author);

G_END_DECLS
