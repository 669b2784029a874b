/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-entry.h"
#include "care-write.h"

G_BEGIN_DECLS

#define CARE_ENTRY_TODAY "@today"

/* One kind of entry: its resource and its form. */
typedef struct
{
  const char *type, *title, *plural;
  const char *subject;             /* the element that names the patient */
  const char *recorded, *recorder; /* elements that say when and by whom, or NULL */
  gboolean no_note;                /* FHIR gives it none */
  CareEntrySet defaults[4];        /* of a new one */
  const CareField *fields;
  gsize n_fields;
  struct
  {
    const char *display, *system, *code;
  } none; /* says that the patient has none of it; or nothing */
} CareEntryTable;

const CareEntryTable *care_entry_table (CareEntryKind kind);
const CareEntryAct *care_entry_kind_get_acts (CareEntryKind kind, gsize *n);
CareEntryState care_entry_state_of (FhirResource *resource);
gboolean care_entry_is_none_known (CareEntryKind kind, FhirResource *resource);
gboolean care_entry_can_undo (StoreConnection *connection, FhirResource *resource);
char *care_entry_field_value (FhirResource *resource, const CareField *field);
GPtrArray *care_entry_read_more (StoreConnection *connection,
                                 CareEntryKind kind,
                                 FhirResource *resource,
                                 GTimeZone *zone);
char *care_entry_title_of (CareEntryKind kind, FhirResource *resource);
gboolean care_entry_put_provenance (
    CareWrite *write, const char *target, const char *activity, const char *reason, GError **error);
GListStore *care_entry_versions (StoreConnection *connection,
                                 CareEntryKind kind,
                                 FhirResource *resource,
                                 BaseClock *clock,
                                 GError **error);

G_END_DECLS
