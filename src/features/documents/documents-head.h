/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "fhir-resource.h"

G_BEGIN_DECLS

/* What the head of a C-CDA document says of it, as printed. What is not said is NULL. */
typedef struct
{
  FhirResource *subject; /* as a Patient: names, birth date, sex, identifiers */
  guint n_subjects;
  char *title, *kind;
  char *author, *organization; /* of who wrote it */
  char *custodian;
  char *date;            /* FHIR dateTime */
  char *confidentiality; /* "N", "R", "V" … */
} DocumentsHead;

void documents_head_free (DocumentsHead *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocumentsHead, documents_head_free)

DocumentsHead *documents_head_read (GBytes *xml, GError **error);
char *documents_head_dup_date (const char *digits);

G_END_DECLS
