/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-timeline.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

/* Resources of a bundle that are looked at. */
#define CARE_RECEIVED_MAX 5000

/* A FHIR resource or bundle that came from elsewhere, read as a record is and put into none. */
typedef struct
{
  FhirResource *subject;     /* (nullable): the Patient, where there is only one */
  guint n_subjects;          /* whose records it holds */
  FhirResource *composition; /* (nullable): of a document */
  CareTimeline *timeline;    /* (nullable): of one subject */
  GHashTable *names;         /* "Practitioner/1" -> what those that may be authors are called */
  guint n_resources, n_events, n_nested, n_unread, n_passed_over;
} CareReceived;

void care_received_free (CareReceived *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareReceived, care_received_free)

char *care_received_dup_name (CareReceived *self, const char *type, const char *id);
CareReceived *care_received_read (FhirResource *resource, BaseClock *clock, GError **error);

G_END_DECLS
