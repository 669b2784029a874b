/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "care-cohort.h"
#include "fhir-date.h"
#include "store-people.h"

/* Who belongs to a list, in sets of numbers. Each rule sorts everybody into yes, no and not known:
 * who has no HbA1c here may have one that was never read from the server. Who meets all rules is in
 * the list; who might, if more were here, is counted beside it and never left out in silence. What
 * carries a modifier that Bedside does not know proves nothing: it may say the opposite. */

void
care_cohort_found_free (CareCohortFound *self)
{
  g_clear_pointer (&self->people, g_ptr_array_unref);
  g_free (self->missing);
  g_free (self);
}

#define LIVING "active:not=false&deceased:not=true"

/* ---- sets: gint64, ascending ---- */

static gint64
at (const GArray *set, guint i)
{
  return g_array_index (set, gint64, i);
}

typedef enum
{
  SET_BOTH,
  SET_EITHER,
  SET_FIRST_ONLY,
} SetOperation;

/* (transfer full) */
static GArray *
combine (const GArray *a, const GArray *b, SetOperation operation)
{
  GArray *result = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint i = 0, j = 0;

  while (i < a->len || j < b->len)
    {
      gboolean first = i < a->len && (j >= b->len || at (a, i) <= at (b, j));
      gboolean second = j < b->len && (i >= a->len || at (b, j) <= at (a, i));
      gint64 number = first ? at (a, i) : at (b, j);

      i += first;
      j += second;
      if ((operation == SET_BOTH && first && second) || operation == SET_EITHER ||
          (operation == SET_FIRST_ONLY && first && !second))
        g_array_append_val (result, number);
    }
  return result;
}

static void
take (GArray **set, GArray *other)
{
  g_array_unref (*set);
  *set = other;
}

/* ---- the store's answer to one rule ---- */

typedef struct
{
  StoreConnection *connection;
  const CareCohortReach *reach;
  const char *today;
  const char *const *only;
  GCancellable *cancellable;
  GPtrArray *missing; /* types, once each */
  GArray **doubtful;  /* of the rule that is read: who has only what may mean the opposite */
  gboolean withheld;  /* somebody cannot be judged for that */
} Finding;

/* (transfer full): @today, so many months and years ago, YYYY-MM-DD. */
static char *
date_before (const char *today, int years, int months)
{
  g_auto (GStrv) parts = g_strsplit (today, "-", 3);
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) g_ascii_strtoll (parts[2], NULL, 10),
                  (GDateMonth) g_ascii_strtoll (parts[1], NULL, 10),
                  (GDateYear) g_ascii_strtoll (parts[0], NULL, 10));
  g_date_subtract_months (&date, (guint) (MIN (years, 200) * 12 + MIN (months, 1200)));
  return g_strdup_printf ("%04d-%02d-%02d", g_date_get_year (&date), g_date_get_month (&date),
                          g_date_get_day (&date));
}

static gboolean
add_found (Finding *self, const char *type, const char *query, GArray **found, GError **error)
{
  g_autoptr (GArray) more = NULL;
  g_autoptr (GArray) doubtful = NULL;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  more = store_people_search (self->connection, type, query, self->only, &doubtful, error);
  if (!more)
    return FALSE;
  take (found, combine (*found, more, SET_EITHER));
  take (self->doubtful, combine (*self->doubtful, doubtful, SET_EITHER));
  return TRUE;
}

/* By code, by words, or both: either is enough. The words of a list that ships only name its codes.
 */
static gboolean
add_by_code (Finding *self,
             const char *type,
             const char *parameter,
             const CareCohortRule *rule,
             const char *rest,
             GArray **found,
             GError **error)
{
  const char *value = rule->codes ? rule->codes : rule->text;
  g_autofree char *escaped = g_uri_escape_string (value ? value : "", "|,", TRUE);
  g_autofree char *query =
      g_strdup_printf ("%s%s=%s%s", parameter, rule->codes ? "" : ":text", escaped, rest);

  return !value || add_found (self, type, query, found, error);
}

#define CURRENT_PROBLEM                                                                            \
  "&clinical-status:not=inactive,remission,resolved"                                               \
  "&verification-status:not=refuted,entered-in-error"
#define CURRENT_ORDER     "status=active,on-hold"
#define CURRENT_STATEMENT "status=active,on-hold,intended"
#define MEASURED          "&status=final,preliminary,amended,corrected&data-absent-reason:missing=true"
#define OPEN_REVIEW                                                                                \
  "code=" CARE_SYSTEM_TASK "|review-result," CARE_SYSTEM_TASK "|critical-result"                   \
  "&status=draft,requested,received,accepted,ready,in-progress,on-hold"

/* A medicine is named in the order itself, or by a record of its own. */
static gboolean
find_medicine (Finding *self,
               const char *type,
               const char *current,
               const CareCohortRule *rule,
               GArray **found,
               GError **error)
{
  return add_by_code (self, type, "code", rule, current, found, error) &&
         add_by_code (self, type, "medication:Medication.code", rule, current, found, error);
}

/* Who certainly has it; for the rules that ask for nobody's having it, see is_absence(). */
static gboolean
find_rule (Finding *self, const CareCohortRule *rule, GArray **found, GError **error)
{
  g_autofree char *since = date_before (self->today, 0, rule->months);
  g_autofree char *youngest = date_before (self->today, rule->low, 0);
  g_autofree char *oldest = date_before (self->today, rule->high + 1, 0);
  g_autofree char *query = NULL;

  switch (rule->kind)
    {
    case CARE_COHORT_CONDITION:
      return add_by_code (self, "Condition", "code", rule, CURRENT_PROBLEM, found, error);
    case CARE_COHORT_MEDICINE:
      return find_medicine (self, "MedicationRequest", "&" CURRENT_ORDER, rule, found, error) &&
             find_medicine (self, "MedicationStatement", "&" CURRENT_STATEMENT, rule, found, error);
    case CARE_COHORT_AGE:
      query = rule->high > 0 ? g_strdup_printf ("birthdate=le%s&birthdate=gt%s", youngest, oldest)
                             : g_strdup_printf ("birthdate=le%s", youngest);
      return add_found (self, "Patient", query, found, error);
    case CARE_COHORT_NO_RESULT:
      query = g_strdup_printf ("&date=ge%s" MEASURED, since);
      return add_by_code (self, "Observation", "code", rule, query, found, error);
    case CARE_COHORT_NOT_SEEN:
      query =
          g_strdup_printf ("date=ge%s&status=arrived,triaged,in-progress,onleave,finished", since);
      return add_found (self, "Encounter", query, found, error);
    case CARE_COHORT_OLD_ORDER:
      query = g_strdup_printf (CURRENT_ORDER "&authoredon=lt%s", since);
      return add_found (self, "MedicationRequest", query, found, error);
    case CARE_COHORT_UNREAD:
      return add_found (self, "Task", OPEN_REVIEW, found, error);
    case CARE_COHORT_N_KINDS:
      break;
    }
  g_return_val_if_reached (FALSE);
}

/* Whose current medicine is named by a record of its own that does not say what was asked for, or
 * whose order does not say since when: it may be the one. */
static gboolean
find_unsaid (Finding *self, const CareCohortRule *rule, GArray **found, GError **error)
{
  if (rule->kind == CARE_COHORT_OLD_ORDER)
    return add_found (self, "MedicationRequest", CURRENT_ORDER "&authoredon:missing=true", found,
                      error);
  return rule->kind != CARE_COHORT_MEDICINE ||
         (add_found (self, "MedicationRequest", CURRENT_ORDER "&medication:missing=false", found,
                     error) &&
          add_found (self, "MedicationStatement", CURRENT_STATEMENT "&medication:missing=false",
                     found, error));
}

static gboolean
is_absence (const CareCohortRule *rule)
{
  return rule->kind == CARE_COHORT_NO_RESULT || rule->kind == CARE_COHORT_NOT_SEEN;
}

/* Whose records a rule reads. */
static const char *const *
types_of (const CareCohortRule *rule)
{
  static const char *const types[][3] = {
    { "Condition" }, { "MedicationRequest", "MedicationStatement" },
    { "Patient" },   { "Observation" },
    { "Encounter" }, { "MedicationRequest" },
    { "Task" },
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (types) == CARE_COHORT_N_KINDS);
  return types[rule->kind];
}

static gboolean
is_whole (Finding *self, const CareCohortRule *rule)
{
  for (const char *const *type = types_of (rule); *type; type++)
    if (!g_hash_table_contains (self->reach->whole, *type))
      return FALSE;
  return TRUE;
}

/* Says what there is too little of. */
static void
note_missing (Finding *self, const CareCohortRule *rule)
{
  const char *type = types_of (rule)[0]; /* a second kind of medicine counts with the first */

  if (!g_ptr_array_find_with_equal_func (self->missing, type, g_str_equal, NULL))
    g_ptr_array_add (self->missing, (gpointer) type);
}

/* (transfer full) (nullable): whose records are not here, or do not say it, among @all. */
static GArray *
find_unread (Finding *self,
             const CareCohortRule *rule,
             const GArray *all,
             const GArray *found,
             GError **error)
{
  g_autoptr (GArray) unsaid = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) unknown = NULL;
  g_autoptr (GArray) others = NULL;

  if (rule->kind == CARE_COHORT_AGE)
    return store_people_search (self->connection, "Patient", "birthdate:missing=true", self->only,
                                NULL, error);
  if (!find_unsaid (self, rule, &unsaid, error))
    return NULL;
  unknown = combine (unsaid, found, SET_FIRST_ONLY);
  if (!is_whole (self, rule))
    {
      others = combine (all, found, SET_FIRST_ONLY);
      take (&others, combine (others, self->reach->charts, SET_FIRST_ONLY));
      take (&unknown, combine (unknown, others, SET_EITHER));
    }
  else if (unknown->len == 0)
    return g_steal_pointer (&unknown);
  note_missing (self, rule);
  return g_steal_pointer (&unknown);
}

/* (transfer full) (nullable): of whom it is not known, among @all. */
static GArray *
find_unknown (Finding *self,
              const CareCohortRule *rule,
              const GArray *all,
              const GArray *found,
              GError **error)
{
  g_autoptr (GArray) unread = find_unread (self, rule, all, found, error);
  g_autoptr (GArray) doubtful = combine (*self->doubtful, found, SET_FIRST_ONLY);

  take (&doubtful, combine (doubtful, all, SET_BOTH));
  self->withheld |= doubtful->len > 0;
  return unread ? combine (unread, doubtful, SET_EITHER) : NULL;
}

/* Narrows @sure to who meets the rule, and @possible to who may. */
static gboolean
apply (Finding *self,
       const CareCohortRule *rule,
       const GArray *all,
       GArray **sure,
       GArray **possible,
       GError **error)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) doubtful = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) unknown = NULL;
  g_autoptr (GArray) yes = NULL;
  g_autoptr (GArray) maybe = NULL;

  self->doubtful = &doubtful;
  if (!find_rule (self, rule, &found, error))
    return FALSE;
  unknown = find_unknown (self, rule, all, found, error);
  if (!unknown)
    return FALSE;
  if (is_absence (rule))
    {
      maybe = combine (all, found, SET_FIRST_ONLY);
      yes = combine (maybe, unknown, SET_FIRST_ONLY);
    }
  else
    {
      yes = g_array_ref (found);
      maybe = combine (found, unknown, SET_EITHER);
    }
  take (sure, combine (*sure, yes, SET_BOTH));
  take (possible, combine (*possible, maybe, SET_BOTH));
  return TRUE;
}

/* Of how many the list tells a part: of everybody, whoever was asked about. What is missing here is
 * missing in the list as well, which names it. */
static gboolean
count_frame (const Finding *finding, CareCohort *cohort, CareCohortFound *found, GError **error)
{
  g_autoptr (GPtrArray) missing = g_ptr_array_new ();
  Finding whole = *finding;
  GPtrArray *rules = care_cohort_get_rules (cohort);
  g_autoptr (GArray) all = NULL;
  g_autoptr (GArray) sure = NULL;
  g_autoptr (GArray) possible = NULL;

  whole.only = NULL;
  whole.missing = missing;
  all = store_people_search (whole.connection, "Patient", LIVING, NULL, NULL, error);
  if (!all)
    return FALSE;
  sure = g_array_ref (all);
  possible = g_array_ref (all);
  for (guint i = 0; i < rules->len; i++)
    if (care_cohort_is_framing (cohort, rules->pdata[i]) &&
        !apply (&whole, rules->pdata[i], all, &sure, &possible, error))
      return FALSE;
  found->n_framed = sure->len;
  found->n_unframed = possible->len - sure->len;
  return TRUE;
}

/* ---- the list ---- */

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

static gboolean
contains (const GArray *set, gint64 number)
{
  return set->len > 0 &&
         bsearch (&number, set->data, set->len, sizeof (gint64), compare_numbers) != NULL;
}

/* So few are looked up one by one. */
#define FEW 64

static int
compare_people (gconstpointer a, gconstpointer b)
{
  const StorePerson *x = *(StorePerson *const *) a, *y = *(StorePerson *const *) b;
  int order = strcmp (x->name, y->name);

  return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

static GPtrArray *
few_people (StoreConnection *connection, const GArray *sure, GError **error)
{
  g_autoptr (GPtrArray) people =
      g_ptr_array_new_with_free_func ((GDestroyNotify) store_person_free);

  for (guint i = 0; i < sure->len; i++)
    {
      g_autoptr (GError) failure = NULL;
      StorePerson *person = store_people_get (connection, at (sure, i), &failure);

      if (failure)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
      if (person)
        g_ptr_array_add (people, person);
    }
  g_ptr_array_sort (people, compare_people);
  return g_steal_pointer (&people);
}

/* (transfer full) (nullable): @sure as people, by name. */
static GPtrArray *
many_people (StoreConnection *connection, const GArray *sure, GError **error)
{
  g_autoptr (GPtrArray) everybody = store_people_list (connection, error);
  GPtrArray *people;

  if (!everybody)
    return NULL;
  people = g_ptr_array_new_with_free_func ((GDestroyNotify) store_person_free);
  for (guint i = 0; i < everybody->len; i++)
    {
      StorePerson *person = everybody->pdata[i];

      if (contains (sure, person->number))
        g_ptr_array_add (people, g_steal_pointer (&everybody->pdata[i]));
    }
  return people;
}

/**
 * care_cohort_find:
 * @today: YYYY-MM-DD
 * @only: (nullable): ids of the patients who are asked about, after a change; NULL: everybody
 *
 * Who has died or is not active is in no list. Inside a StoreWork.
 *
 * Returns: (transfer full) (nullable): who belongs
 */
CareCohortFound *
care_cohort_find (StoreConnection *connection,
                  CareCohort *cohort,
                  const CareCohortReach *reach,
                  const char *today,
                  const char *const *only,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (CareCohortFound) self = g_new0 (CareCohortFound, 1);
  g_autoptr (GPtrArray) missing = g_ptr_array_new ();
  Finding finding = { connection, reach, today, only, cancellable, missing, NULL, FALSE };
  GPtrArray *rules = care_cohort_get_rules (cohort);
  g_autoptr (GArray) all = store_people_search (connection, "Patient", LIVING, only, NULL, error);
  g_autoptr (GArray) sure = all ? g_array_ref (all) : NULL;
  g_autoptr (GArray) possible = all ? g_array_ref (all) : NULL;

  if (!all)
    return NULL;
  for (guint i = 0; i < rules->len; i++)
    if (!apply (&finding, rules->pdata[i], all, &sure, &possible, error))
      return NULL;
  if (!count_frame (&finding, cohort, self, error))
    return NULL;
  self->n_unjudged = possible->len - sure->len;
  self->withheld = finding.withheld;
  self->people = sure->len <= FEW ? few_people (connection, sure, error)
                                  : many_people (connection, sure, error);
  g_ptr_array_add (missing, NULL);
  self->missing = missing->len > 1 ? g_strjoinv (" ", (char **) missing->pdata) : NULL;
  return self->people ? g_steal_pointer (&self) : NULL;
}
