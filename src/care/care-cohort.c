/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-cohort.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-command.h"
#include "store-setting.h"

/**
 * CareCohort:
 *
 * A saved list of patients: a name and rules. Those that ship are made here; a user's own stand in
 * the store's settings, a key file each, and are kept over a restart.
 */

#define PREFIX "patients.list/"
#define LIST   "list"

/* The code sets of the lists that ship, and the pages they were read from. */

/* HL7 Vulcan RWD 1.0.0, ValueSet ExampleHbA1cTestCodes,
 * https://hl7.org/fhir/uv/vulcan-rwd/ValueSet-ExampleHbA1cTestCodes.json */
#define HBA1C                                                                                      \
  "http://loinc.org|41995-2,http://loinc.org|4548-4,http://loinc.org|71875-9,"                     \
  "http://loinc.org|17855-8,http://loinc.org|96595-4,http://loinc.org|4549-2,"                     \
  "http://loinc.org|17856-6,http://loinc.org|59261-8,http://loinc.org|62388-4"

/* 73211009 and 44054006: HL7 CRMI, ValueSet example-diabetes-grouper,
 * https://build.fhir.org/ig/HL7/crmi-ig/ValueSet-example-diabetes-grouper.html; 46635009: ValueSet
 * hs-diabetes-type, https://build.fhir.org/ig/e-medlab/healthsense/ValueSet-hs-diabetes-type.html.
 * The hundred narrower codes below 73211009 are not among them, and the screen says so. */
#define DIABETES                                                                                   \
  "http://snomed.info/sct|73211009,http://snomed.info/sct|44054006,http://snomed.info/"            \
  "sct|46635009"

struct _CareCohort
{
  GObject parent_instance;

  char *id, *name, *source;
  gboolean shipped;
  GPtrArray *rules;
};

G_DEFINE_FINAL_TYPE (CareCohort, care_cohort, G_TYPE_OBJECT)

static void
rule_free (gpointer data)
{
  CareCohortRule *rule = data;

  g_free (rule->codes);
  g_free (rule->text);
  g_free (rule);
}

static void
care_cohort_finalize (GObject *object)
{
  CareCohort *self = CARE_COHORT (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->source);
  g_ptr_array_unref (self->rules);
  G_OBJECT_CLASS (care_cohort_parent_class)->finalize (object);
}

static void
care_cohort_class_init (CareCohortClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = care_cohort_finalize;
}

static void
care_cohort_init (CareCohort *self)
{
  self->rules = g_ptr_array_new_with_free_func (rule_free);
}

/* @id: (nullable): NULL: it gets one when it is saved */
CareCohort *
care_cohort_new (const char *id, const char *name)
{
  CareCohort *self = g_object_new (CARE_TYPE_COHORT, NULL);

  self->id = g_strdup (id);
  self->name = g_strdup (name);
  return self;
}

const char *
care_cohort_get_id (CareCohort *self)
{
  return self->id;
}

const char *
care_cohort_get_name (CareCohort *self)
{
  return self->name;
}

/* (nullable): which codes a list that ships counts, and where they were read, in a sentence. */
const char *
care_cohort_get_source (CareCohort *self)
{
  return self->source;
}

/* It came with Bedside and is not changed; a user's own is. */
gboolean
care_cohort_get_shipped (CareCohort *self)
{
  return self->shipped;
}

/* (transfer none) (element-type CareCohortRule) */
GPtrArray *
care_cohort_get_rules (CareCohort *self)
{
  return self->rules;
}

void
care_cohort_add_rule (CareCohort *self,
                      CareCohortKind kind,
                      const char *codes,
                      const char *text,
                      int low,
                      int high,
                      int months)
{
  CareCohortRule *rule = g_new0 (CareCohortRule, 1);

  rule->kind = kind;
  rule->codes = codes && *codes ? g_strdup (codes) : NULL;
  rule->text = text && *text ? g_strdup (text) : NULL;
  rule->low = MAX (low, 0);
  rule->high = MAX (high, 0);
  rule->months = MAX (months, 0);
  g_ptr_array_add (self->rules, rule);
}

/* ---- in words ---- */

/* (transfer full): the words, or the codes without their systems. */
static char *
name_of (const CareCohortRule *rule)
{
  g_auto (GStrv) codes = g_strsplit (rule->codes ? rule->codes : "", ",", -1);

  if (rule->text)
    return g_strdup (rule->text);
  for (guint i = 0; codes[i]; i++)
    {
      const char *bar = strchr (codes[i], '|');

      if (bar)
        memmove (codes[i], bar + 1, strlen (bar));
    }
  return g_strjoinv (", ", codes);
}

static char *
age_words (const CareCohortRule *rule)
{
  if (rule->high == 0)
    return g_strdup_printf (_ ("is %d years or older"), rule->low);
  return g_strdup_printf (_ ("is %d to %d years old"), rule->low, rule->high);
}

static char *
rule_words (const CareCohortRule *rule)
{
  g_autofree char *name = name_of (rule);

  switch (rule->kind)
    {
    case CARE_COHORT_CONDITION:
      return g_strdup_printf (_ ("has the problem %s"), name);
    case CARE_COHORT_MEDICINE:
      return g_strdup_printf (_ ("takes %s"), name);
    case CARE_COHORT_AGE:
      return age_words (rule);
    case CARE_COHORT_NO_RESULT:
      return g_strdup_printf (ngettext ("has no result of %s in %d month",
                                        "has no result of %s in %d months", rule->months),
                              name, rule->months);
    case CARE_COHORT_NOT_SEEN:
      return g_strdup_printf (ngettext ("had no visit in %d month", "had no visit in %d months",
                                        rule->months),
                              rule->months);
    case CARE_COHORT_OLD_ORDER:
      return g_strdup_printf (ngettext ("has a medicine ordered more than %d month ago",
                                        "has a medicine ordered more than %d months ago",
                                        rule->months),
                              rule->months);
    case CARE_COHORT_UNREAD:
      return g_strdup (_ ("has a result that waits to be looked at"));
    case CARE_COHORT_N_KINDS:
      break;
    }
  g_return_val_if_reached (NULL);
}

static char *
dup_words (CareCohort *self, gboolean framing_alone)
{
  g_autoptr (GString) words = g_string_new (NULL);

  for (guint i = 0; i < self->rules->len; i++)
    {
      g_autofree char *one = rule_words (self->rules->pdata[i]);

      if (!framing_alone || care_cohort_is_framing (self, self->rules->pdata[i]))
        g_string_append_printf (words, "%s%s", words->len > 0 ? "; " : "", one);
    }
  return g_string_free_and_steal (g_steal_pointer (&words));
}

/* (transfer full): what it asks for, "has the problem diabetes; had no visit in 12 months". */
char *
care_cohort_dup_words (CareCohort *self)
{
  return dup_words (self, FALSE);
}

static gboolean
says_who (const CareCohortRule *rule)
{
  return rule->kind == CARE_COHORT_CONDITION || rule->kind == CARE_COHORT_MEDICINE ||
         rule->kind == CARE_COHORT_AGE;
}

/**
 * care_cohort_is_framing:
 *
 * Returns: whether @rule says of whom the list tells a part: who they are, in a list that also asks
 *   what was done or not done
 */
gboolean
care_cohort_is_framing (CareCohort *self, const CareCohortRule *rule)
{
  gboolean asks_more = FALSE;

  for (guint i = 0; i < self->rules->len; i++)
    asks_more |= !says_who (self->rules->pdata[i]);
  return asks_more && says_who (rule);
}

/* (transfer full) (nullable): "has the problem diabetes"; NULL: the list tells a part of all. */
char *
care_cohort_dup_frame (CareCohort *self)
{
  g_autofree char *words = dup_words (self, TRUE);

  return *words ? g_steal_pointer (&words) : NULL;
}

/* ---- as text ---- */

static const char *const kind_names[] = { "condition", "medicine",  "age",   "no-result",
                                          "not-seen",  "old-order", "unread" };

G_STATIC_ASSERT (G_N_ELEMENTS (kind_names) == CARE_COHORT_N_KINDS);

/* (transfer full): a key file. */
char *
care_cohort_to_text (CareCohort *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_set_string (file, LIST, "name", self->name);
  for (guint i = 0; i < self->rules->len; i++)
    {
      const CareCohortRule *rule = self->rules->pdata[i];
      g_autofree char *group = g_strdup_printf ("rule %u", i + 1);

      g_key_file_set_string (file, group, "kind", kind_names[rule->kind]);
      if (rule->codes)
        g_key_file_set_string (file, group, "codes", rule->codes);
      if (rule->text)
        g_key_file_set_string (file, group, "text", rule->text);
      g_key_file_set_integer (file, group, "low", rule->low);
      g_key_file_set_integer (file, group, "high", rule->high);
      g_key_file_set_integer (file, group, "months", rule->months);
    }
  return g_key_file_to_data (file, NULL, NULL);
}

static void
read_rule (CareCohort *self, GKeyFile *file, const char *group)
{
  g_autofree char *kind = g_key_file_get_string (file, group, "kind", NULL);
  g_autofree char *codes = g_key_file_get_string (file, group, "codes", NULL);
  g_autofree char *text = g_key_file_get_string (file, group, "text", NULL);

  for (int i = 0; i < CARE_COHORT_N_KINDS; i++)
    if (g_strcmp0 (kind, kind_names[i]) == 0)
      care_cohort_add_rule (self, (CareCohortKind) i, codes, text,
                            g_key_file_get_integer (file, group, "low", NULL),
                            g_key_file_get_integer (file, group, "high", NULL),
                            g_key_file_get_integer (file, group, "months", NULL));
}

/* (transfer full) (nullable): NULL where the text is none, or where a rule is of a kind that this
 * version does not know: a list that leaves a rule out would show people who do not belong. */
CareCohort *
care_cohort_new_from_text (const char *id, const char *text)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (CareCohort) self = NULL;
  g_autofree char *name = NULL;
  g_auto (GStrv) groups = NULL;
  guint n_rules = 0;

  if (!g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, NULL))
    return NULL;
  name = g_key_file_get_string (file, LIST, "name", NULL);
  self = name ? care_cohort_new (id, name) : NULL;
  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; self && groups[i]; i++)
    if (g_str_has_prefix (groups[i], "rule "))
      {
        read_rule (self, file, groups[i]);
        n_rules++;
      }
  return self && n_rules > 0 && n_rules == self->rules->len ? g_steal_pointer (&self) : NULL;
}

/* ---- those that ship ---- */

static void
add_shipped (GListStore *lists, CareCohort *cohort, const char *source)
{
  cohort->shipped = TRUE;
  cohort->source = g_strdup (source);
  g_list_store_append (lists, cohort);
  g_object_unref (cohort);
}

static void
add_all_shipped (GListStore *lists)
{
  CareCohort *diabetes = care_cohort_new ("diabetes-hba1c", _ ("Diabetes, no HbA1c in a year"));
  CareCohort *unseen = care_cohort_new ("not-seen", _ ("Not seen in a year"));
  CareCohort *medicines = care_cohort_new ("old-orders", _ ("Medicines to review"));
  CareCohort *unread = care_cohort_new ("unread", _ ("Results not looked at"));

  care_cohort_add_rule (diabetes, CARE_COHORT_CONDITION, DIABETES, _ ("diabetes (by code)"), 0, 0,
                        0);
  care_cohort_add_rule (diabetes, CARE_COHORT_NO_RESULT, HBA1C, "HbA1c", 0, 0, 12);
  care_cohort_add_rule (unseen, CARE_COHORT_NOT_SEEN, NULL, NULL, 0, 0, 12);
  care_cohort_add_rule (medicines, CARE_COHORT_OLD_ORDER, NULL, NULL, 0, 0, 12);
  care_cohort_add_rule (unread, CARE_COHORT_UNREAD, NULL, NULL, 0, 0, 0);
  add_shipped (lists, diabetes,
               _ ("Diabetes: SNOMED CT 73211009, 44054006 and 46635009; narrower codes, and words "
                  "without a code, are not counted. HbA1c: nine LOINC codes (HL7 Vulcan RWD "
                  "1.0.0)."));
  add_shipped (lists, unseen, NULL);
  add_shipped (lists, medicines,
               _ ("A year is this clinic’s habit, not a rule for every medicine."));
  add_shipped (lists, unread, NULL);
}

/* ---- one's own ---- */

static char *
prefix_of (CareContext *context)
{
  return g_strconcat (PREFIX, care_context_get_user_reference (context), "/", NULL);
}

typedef struct
{
  GListStore *lists;
  gsize skip;
} Reading;

static void
read_own (const char *name, const char *value, gpointer data)
{
  Reading *reading = data;
  g_autoptr (CareCohort) cohort = care_cohort_new_from_text (name + reading->skip, value);

  if (cohort)
    g_list_store_append (reading->lists, cohort);
}

static int
compare_lists (gconstpointer a, gconstpointer b, gpointer data)
{
  const CareCohort *x = a, *y = b;

  if (x->shipped != y->shipped)
    return x->shipped ? -1 : 1;
  return x->shipped ? 0 : g_utf8_collate (x->name, y->name);
}

/**
 * care_cohort_list:
 *
 * Returns: (transfer full) (nullable): CareCohort: those that ship, then the user's own
 */
GListStore *
care_cohort_list (StoreConnection *connection, CareContext *context, GError **error)
{
  g_autoptr (GListStore) lists = g_list_store_new (CARE_TYPE_COHORT);
  g_autofree char *prefix = prefix_of (context);
  Reading reading = { lists, strlen (prefix) };

  add_all_shipped (lists);
  if (!store_setting_foreach (connection, prefix, read_own, &reading, error))
    return NULL;
  g_list_store_sort (lists, compare_lists, NULL);
  return g_steal_pointer (&lists);
}

static gboolean
is_complete (CareCohort *self, GError **error)
{
  const char *missing = NULL;

  if (!self->name || !*self->name)
    missing = _ ("Give the list a name.");
  else if (self->rules->len == 0)
    missing = _ ("Say who belongs to the list: add a condition.");
  if (missing)
    g_set_error_literal (error, CARE_ERROR, CARE_ERROR_MISSING, missing);
  return !missing;
}

/**
 * care_cohort_save:
 *
 * Keeps a list; one without an id gets one.
 */
gboolean
care_cohort_save (StoreConnection *connection,
                  CareContext *context,
                  CareCohort *cohort,
                  GError **error)
{
  g_autofree char *prefix = prefix_of (context), *text = care_cohort_to_text (cohort);
  g_autofree char *name = NULL;

  if (!is_complete (cohort, error))
    return FALSE;
  if (!cohort->id)
    cohort->id = base_id_new (base_clock_now (care_context_get_clock (context)));
  name = g_strconcat (prefix, cohort->id, NULL);
  return store_setting_set (connection, name, text, error);
}

/* ---- from the main thread ---- */

static gboolean
list_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->free_result = g_object_unref;
  c->result = care_cohort_list (connection, c->context, error);
  return c->result != NULL;
}

/* In line behind what is being saved. */
void
care_cohort_list_async (CareContext *context,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  care_command_write (care_command_new (context, list_work, NULL), care_cohort_list_async,
                      cancellable, callback, user_data);
}

GListStore *
care_cohort_list_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
save_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return care_cohort_save (connection, c->context, CARE_COHORT (c->objects[0]), error);
}

void
care_cohort_save_async (CareContext *context,
                        CareCohort *cohort,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  CareCommand *command = care_command_new (context, save_work, NULL);

  command->objects[0] = g_object_ref (G_OBJECT (cohort));
  care_command_write (command, care_cohort_save_async, NULL, callback, user_data);
}

static gboolean
remove_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  g_autofree char *prefix = prefix_of (c->context);
  g_autofree char *name = g_strconcat (prefix, c->texts[0], NULL);

  return store_setting_delete (connection, name, error);
}

/* Forgets the list; saving the same again is its Undo. */
void
care_cohort_remove_async (CareContext *context,
                          CareCohort *cohort,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  care_command_write (care_command_new (context, remove_work, cohort->id, NULL),
                      care_cohort_remove_async, NULL, callback, user_data);
}

gboolean
care_cohort_command_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
