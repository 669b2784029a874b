/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-release.h"

G_BEGIN_DECLS

/* Encounter extension, one for each picture: valueInstant. */
#define CARE_VISIT_PICTURE_KEPT "visit-picture-kept"

/* A picture out of a visit's call. */
typedef struct
{
  const char *encounter_id;
  const char *patient_id; /* under whose name it was looked at */
  const char *request;    /* what the patient agreed to, by its id: one picture */
  const char *consent;    /* reference of the Consent that says so */
  const char *site;       /* where on the body, in words; may be empty */
  const char *note;       /* may be empty */
  CareSensitivity sensitivity;
  const char *content_type;
  GBytes *bytes;
} CareVisitPicture;

gboolean care_visit_picture_keep (StoreConnection *connection,
                                  CareContext *context,
                                  const CareVisitPicture *picture,
                                  char **reference,
                                  GError **error);
void care_visit_picture_keep_async (CareContext *context,
                                    const CareVisitPicture *picture,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
char *care_visit_picture_keep_finish (GAsyncResult *result, GError **error);

G_END_DECLS
