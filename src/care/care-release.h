/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "fhir-builder.h"

G_BEGIN_DECLS

/* What whoever takes a picture says of it (hazard H22). */
typedef enum
{
  CARE_SENSITIVITY_NOT_ASKED,
  CARE_SENSITIVITY_ORDINARY,
  CARE_SENSITIVITY_SENSITIVE, /* intimate, or such that it must not be come upon */
} CareSensitivity;

void care_release_label (FhirBuilder *builder, CareSensitivity sensitivity);
gboolean care_release_is_kept (FhirResource *resource);
gboolean care_release_set_kept (StoreConnection *connection,
                                CareContext *context,
                                const char *reference,
                                gboolean kept,
                                GError **error);
void care_release_set_kept_async (CareContext *context,
                                  const char *reference,
                                  gboolean kept,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean care_release_set_kept_finish (GAsyncResult *result, GError **error);

G_END_DECLS
