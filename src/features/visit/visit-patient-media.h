/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-visit-message.h"

G_BEGIN_DECLS

/* What the patient's page says of the patient's camera and microphone. */
typedef struct
{
  gboolean no_picture, no_sound;
  char *why_no_picture, *why_no_sound; /* (nullable): codes of the device test */
} VisitPatientMedia;

void visit_patient_media_take (VisitPatientMedia *self, const CareVisitMessage *message);
void visit_patient_media_clear (VisitPatientMedia *self);
const char *visit_patient_media_say_picture (const VisitPatientMedia *self);
const char *visit_patient_media_say_sound (const VisitPatientMedia *self);

G_END_DECLS
