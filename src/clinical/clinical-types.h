/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ClinicalDosage ClinicalDosage;
typedef struct _ClinicalFinding ClinicalFinding;
typedef struct _ClinicalContent ClinicalContent;

typedef enum
{
  CLINICAL_ERROR_MISSING,   /* a part that the sentence needs is not there */
  CLINICAL_ERROR_NUMBER,    /* a typed number that can be read in two ways, or not at all */
  CLINICAL_ERROR_STRUCTURE, /* a dosage whose parts contradict each other or are not understood */
  CLINICAL_ERROR_CONTENT,   /* a content table that cannot be read */
  CLINICAL_ERROR_LANGUAGE,  /* no words in that language */
} ClinicalError;

#define CLINICAL_ERROR (clinical_error_quark ())
GQuark clinical_error_quark (void);

G_END_DECLS
