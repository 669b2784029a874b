/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"

G_BEGIN_DECLS

/* A list of patients saved as a question, asked again whenever it is looked at. */

typedef enum
{
  CARE_COHORT_CONDITION, /* has a problem that is not over */
  CARE_COHORT_MEDICINE,  /* takes a medicine */
  CARE_COHORT_AGE,       /* is from low to high years old */
  CARE_COHORT_NO_RESULT, /* has no result of this kind in so many months */
  CARE_COHORT_NOT_SEEN,  /* had no visit in so many months */
  CARE_COHORT_OLD_ORDER, /* has a medicine whose order is older than so many months */
  CARE_COHORT_UNREAD,    /* has a result that waits for somebody to look at it */
  CARE_COHORT_N_KINDS,
} CareCohortKind;

/* All rules of a list have to be met. */
typedef struct
{
  CareCohortKind kind;
  char *codes;   /* nullable: "system|code,system|code" */
  char *text;    /* nullable: words that the record says; as well as codes: either is enough */
  int low, high; /* years; high 0: no end */
  int months;
} CareCohortRule;

#define CARE_TYPE_COHORT (care_cohort_get_type ())
G_DECLARE_FINAL_TYPE (CareCohort, care_cohort, CARE, COHORT, GObject)

CareCohort *care_cohort_new (const char *id, const char *name);
CareCohort *care_cohort_new_from_text (const char *id, const char *text);
char *care_cohort_to_text (CareCohort *self);
const char *care_cohort_get_id (CareCohort *self);
const char *care_cohort_get_name (CareCohort *self);
const char *care_cohort_get_source (CareCohort *self);
gboolean care_cohort_get_shipped (CareCohort *self);
GPtrArray *care_cohort_get_rules (CareCohort *self);
void care_cohort_add_rule (CareCohort *self,
                           CareCohortKind kind,
                           const char *codes,
                           const char *text,
                           int low,
                           int high,
                           int months);
char *care_cohort_dup_words (CareCohort *self);
gboolean care_cohort_is_framing (CareCohort *self, const CareCohortRule *rule);
char *care_cohort_dup_frame (CareCohort *self);

/* The lists of a user: those that ship, then their own by name. */
GListStore *care_cohort_list (StoreConnection *connection, CareContext *context, GError **error);
void care_cohort_list_async (CareContext *context,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
GListStore *care_cohort_list_finish (GAsyncResult *result, GError **error);
gboolean care_cohort_save (StoreConnection *connection,
                           CareContext *context,
                           CareCohort *cohort,
                           GError **error);
void care_cohort_save_async (CareContext *context,
                             CareCohort *cohort,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
void care_cohort_remove_async (CareContext *context,
                               CareCohort *cohort,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean care_cohort_command_finish (GAsyncResult *result, GError **error);

/* What of the server's records is here. A list whose answer hangs on what is not says so. */
typedef struct
{
  GHashTable *whole; /* types of which everything is here */
  GArray *charts;    /* gint64, ascending: patients whose chart is here whole */
} CareCohortReach;

typedef struct
{
  GPtrArray *people; /* StorePerson, by name */
  guint n_unjudged;  /* may belong, but their records are not here, or prove nothing */
  guint n_framed;    /* of how many: who meets the rules that frame the list, of everybody */
  guint n_unframed;  /* may be among these, but their records are not here */
  char *missing;     /* nullable: types that are not all here, "Observation Encounter" */
  gboolean withheld; /* somebody cannot be judged for what cannot be shown safely */
} CareCohortFound;

void care_cohort_found_free (CareCohortFound *self);
CareCohortFound *care_cohort_find (StoreConnection *connection,
                                   CareCohort *cohort,
                                   const CareCohortReach *reach,
                                   const char *today,
                                   const char *const *only,
                                   GCancellable *cancellable,
                                   GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareCohortFound, care_cohort_found_free)

G_END_DECLS
