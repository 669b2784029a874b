/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "care-row.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

/* What a clinician keeps about a patient beside medicines, results and notes. */
typedef enum
{
  CARE_ENTRY_PROBLEM,
  CARE_ENTRY_ALLERGY,
  CARE_ENTRY_IMMUNIZATION,
  CARE_ENTRY_PROCEDURE,
  CARE_ENTRY_FAMILY,
  CARE_ENTRY_SOCIAL,
  CARE_ENTRY_PLAN,
  CARE_ENTRY_GOAL,
  CARE_ENTRY_DEVICE,
  CARE_ENTRY_COVERAGE,
  CARE_ENTRY_ALERT,
} CareEntryKind;
#define CARE_N_ENTRY_KINDS (CARE_ENTRY_ALERT + 1)

typedef enum
{
  CARE_FIELD_TEXT,
  CARE_FIELD_CONCEPT, /* words, with a coding where one was chosen: see care_entry_set_coding () */
  CARE_FIELD_CHOICE,
  CARE_FIELD_DATE, /* YYYY, YYYY-MM or YYYY-MM-DD */
  CARE_FIELD_PAST, /* a date that is not later than today */
} CareFieldType;

typedef struct
{
  const char *code, *label; /* the label is to be translated */
} CareFieldChoice;

/* One question of a form. */
typedef struct
{
  const char *name, *label; /* the label is to be translated */
  CareFieldType type;
  gboolean required;
  const CareFieldChoice *choices; /* ended by a NULL code */
  const char *needs;              /* only where this other field has a value */
  /* where it stands in the resource: */
  const char *path, *system;
  const char *element; /* of a choice element, "onset": a new value takes the place of any other */
} CareField;

typedef enum
{
  CARE_ENTRY_ACTIVE = 1,
  CARE_ENTRY_ENDED = 2,
  CARE_ENTRY_REFUTED = 4,
  CARE_ENTRY_ERROR = 8,
} CareEntryState;

typedef struct
{
  const char *path, *system, *code;
} CareEntrySet;

/* What may become of an entry beside a change of its fields. */
typedef struct
{
  const char *name, *label, *done; /* to be translated */
  gboolean needs_reason;
  guint from; /* CareEntryState */
  CareEntrySet sets[4];
} CareEntryAct;

const char *care_entry_kind_get_type_name (CareEntryKind kind);
gboolean care_entry_kind_of_type (const char *type, CareEntryKind *kind);
const char *care_entry_kind_get_title (CareEntryKind kind);
const char *care_entry_kind_get_plural (CareEntryKind kind);
const CareField *care_entry_kind_get_fields (CareEntryKind kind, gsize *n);
gboolean care_entry_kind_takes_notes (CareEntryKind kind);
gboolean care_entry_kind_of (FhirResource *resource, CareEntryKind *kind);

/* One entry as it was read: what a detail page shows. Immutable, may cross threads. */
#define CARE_TYPE_ENTRY (care_entry_get_type ())
G_DECLARE_FINAL_TYPE (CareEntry, care_entry, CARE, ENTRY, GObject)

CareEntry *care_entry_load (StoreConnection *connection,
                            const char *reference,
                            BaseClock *clock,
                            GError **error);
CareEntryKind care_entry_get_kind (CareEntry *self);
CareEntryState care_entry_get_state (CareEntry *self);
const char *care_entry_get_reference (CareEntry *self);
const char *care_entry_get_version (CareEntry *self);
const char *care_entry_get_title (CareEntry *self);
const char *care_entry_get_value (CareEntry *self, const char *field);
const char *care_entry_get_words (CareEntry *self, const char *field);
const char *care_entry_get_withheld (CareEntry *self);
const char *const *care_entry_get_more (CareEntry *self);
const char *const *care_entry_get_notes (CareEntry *self);
GListModel *care_entry_get_versions (CareEntry *self);
gboolean care_entry_get_can_undo (CareEntry *self);
const CareEntryAct *care_entry_get_act (CareEntry *self, gsize index);

/* What a form holds: texts by field name. */
GHashTable *care_entry_values_new (CareEntry *entry);
void care_entry_set_value (GHashTable *values, const char *field, const char *text);
void care_entry_set_coding (GHashTable *values,
                            const char *field,
                            const char *system,
                            const char *code,
                            const char *display);
void care_entry_values_set_defaults (GHashTable *values, CareEntryKind kind);
gboolean care_entry_values_set_none (GHashTable *values, CareEntryKind kind);
gboolean care_entry_values_check (
    CareEntryKind kind, GHashTable *values, const char *today, const char **fault, GError **error);
gboolean care_entry_may_write (CareContext *context, CareEntryKind kind, GError **error);

gboolean care_entry_save (StoreConnection *connection,
                          CareContext *context,
                          CareEntryKind kind,
                          const char *patient_id,
                          const char *reference,
                          const char *version,
                          GHashTable *values,
                          const char *note,
                          char **saved,
                          GError **error);
gboolean care_entry_act (StoreConnection *connection,
                         CareContext *context,
                         const char *reference,
                         const char *version,
                         const char *act,
                         const char *reason,
                         GError **error);
gboolean care_entry_undo (StoreConnection *connection,
                          CareContext *context,
                          const char *reference,
                          GError **error);
GListStore *care_entry_list (StoreConnection *connection,
                             const char *patient_id,
                             BaseClock *clock,
                             const CareEntryKind *kinds,
                             gsize n_kinds,
                             GError **error);

void care_entry_load_async (CareContext *context,
                            const char *reference,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
CareEntry *care_entry_load_finish (GAsyncResult *result, GError **error);
void care_entry_save_async (CareContext *context,
                            CareEntryKind kind,
                            const char *patient_id,
                            CareEntry *entry,
                            GHashTable *values,
                            const char *note,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
char *care_entry_save_finish (GAsyncResult *result, GError **error);
void care_entry_act_async (CareContext *context,
                           CareEntry *entry,
                           const char *act,
                           const char *reason,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
void care_entry_undo_async (CareContext *context,
                            const char *reference,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean care_entry_command_finish (GAsyncResult *result, GError **error);
void care_entry_list_async (CareContext *context,
                            const char *patient_id,
                            const CareEntryKind *kinds,
                            gsize n_kinds,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
GListModel *care_entry_list_finish (GAsyncResult *result, GError **error);

/* Drafts of the form. */
char *care_entry_dup_draft_id (CareContext *context,
                               CareEntryKind kind,
                               const char *patient_id,
                               const char *reference);
void care_entry_save_draft_async (CareContext *context,
                                  const char *id,
                                  const char *patient_id,
                                  GHashTable *values,
                                  const char *note,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
void care_entry_remove_draft_async (CareContext *context,
                                    const char *id,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
void care_entry_load_draft_async (CareContext *context,
                                  const char *id,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
GHashTable *care_entry_load_draft_finish (GAsyncResult *result, char **note);

/* Names that the clinic has used before, for the first letters of one. */
GListStore *care_entry_suggest (StoreConnection *connection,
                                CareEntryKind kind,
                                const char *letters,
                                GError **error);
void care_entry_suggest_async (CareContext *context,
                               CareEntryKind kind,
                               const char *letters,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
GListModel *care_entry_suggest_finish (GAsyncResult *result, GError **error);

G_END_DECLS
