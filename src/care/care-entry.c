/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-entry-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-summary-private.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-decimal.h"
#include "fhir-reference.h"

/* One entry of the record, read for a person: its fields, its state, what may become of it. */

struct _CareEntry
{
  GObject parent_instance;
  CareEntryKind kind;
  CareEntryState state;
  gboolean can_undo;
  char *reference, *version, *title, *withheld;
  GHashTable *values, *words; /* by field name */
  GPtrArray *notes, *more;
  GListStore *versions;
};

G_DEFINE_FINAL_TYPE (CareEntry, care_entry, G_TYPE_OBJECT)

static void
care_entry_finalize (GObject *object)
{
  CareEntry *self = CARE_ENTRY (object);

  g_free (self->reference);
  g_free (self->version);
  g_free (self->title);
  g_free (self->withheld);
  g_hash_table_unref (self->values);
  g_hash_table_unref (self->words);
  g_ptr_array_unref (self->notes);
  g_clear_pointer (&self->more, g_ptr_array_unref);
  g_clear_object (&self->versions);
  G_OBJECT_CLASS (care_entry_parent_class)->finalize (object);
}

static void
care_entry_class_init (CareEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = care_entry_finalize;
}

static void
care_entry_init (CareEntry *self)
{
  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->words = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->notes = g_ptr_array_new_with_free_func (g_free);
}

static gboolean
is_social (FhirResource *resource)
{
  const FhirElement *categories = fhir_resource_path (resource, "category");

  fhir_element_foreach (category, categories)
    if (fhir_concept_has_code (category, NULL, "social-history"))
      return TRUE;
  return FALSE;
}

/**
 * care_entry_kind_of:
 * @kind: (out): of which kind it is
 *
 * Returns: FALSE where it is none of them
 */
gboolean
care_entry_kind_of (FhirResource *resource, CareEntryKind *kind)
{
  for (guint i = 0; i < CARE_N_ENTRY_KINDS; i++)
    if (g_str_equal (care_entry_table (i)->type, fhir_resource_get_type (resource)))
      {
        *kind = i;
        return i != CARE_ENTRY_SOCIAL || is_social (resource);
      }
  return FALSE;
}

/* "No known allergies" is an entry of its own, and none of the others. */
gboolean
care_entry_is_none_known (CareEntryKind kind, FhirResource *resource)
{
  return (kind == CARE_ENTRY_ALLERGY && care_chart_allergy_is_none_known (resource)) ||
         (kind == CARE_ENTRY_PROBLEM && care_chart_problem_is_none_known (resource));
}

CareEntryState
care_entry_state_of (FhirResource *resource)
{
  static const char *const ended[] = { "inactive",  "resolved", "remission", "completed",
                                       "cancelled", "rejected", "revoked",   NULL };
  static const char *const ends[] = { "CarePlan", "Goal", "Device", "Coverage", "Flag", NULL };
  const char *type = fhir_resource_get_type (resource);
  const char *clinical =
      fhir_concept_get_code (fhir_resource_path (resource, "clinicalStatus"), NULL);
  const char *life = fhir_resource_path_text (resource, "lifecycleStatus");

  if (care_chart_is_error (resource) || g_strcmp0 (life, "entered-in-error") == 0)
    return CARE_ENTRY_ERROR;
  if (fhir_concept_has_code (fhir_resource_path (resource, "verificationStatus"), NULL, "refuted"))
    return CARE_ENTRY_REFUTED;
  if (!clinical && g_strv_contains (ends, type))
    clinical = life ? life : fhir_resource_path_text (resource, "status");
  return clinical && g_strv_contains (ended, clinical) ? CARE_ENTRY_ENDED : CARE_ENTRY_ACTIVE;
}

/**
 * care_entry_field_value:
 *
 * Returns: (transfer full) (nullable): what the form holds for a field: the words of a concept, the
 *   code of a choice, else the text; NULL where nothing is recorded
 */
char *
care_entry_field_value (FhirResource *resource, const CareField *field)
{
  const FhirElement *element = fhir_resource_path (resource, field->path);

  if (field->type == CARE_FIELD_CONCEPT)
    return care_chart_concept (resource, field->path);
  if (field->type == CARE_FIELD_CHOICE && field->system)
    return g_strdup (fhir_concept_get_code (element, field->system));
  return g_strdup (fhir_element_get_text (element));
}

static char *
words_of_choice (FhirResource *resource, const CareField *field, const char *value)
{
  for (const CareFieldChoice *choice = field->choices; value && choice->code; choice++)
    if (g_str_equal (choice->code, value))
      return g_strdup (_ (choice->label));
  /* A code that the form does not offer still says something. */
  return field->system ? care_chart_concept (resource, field->path) : g_strdup (value);
}

/* What another form of a choice element says: onsetAge, valueQuantity. */
static char *
words_of_other (FhirResource *resource, const CareField *field)
{
  const char *dot = strrchr (field->path, '.');
  g_autofree char *parent = dot ? g_strndup (field->path, dot - field->path) : NULL;
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  fhir_member_iter_init (&iter, parent ? fhir_resource_path (resource, parent)
                                       : fhir_resource_get_root (resource));
  while (field->element && fhir_member_iter_next (&iter, &name, &value))
    {
      const char *start = fhir_element_path_text (value, "start");
      const char *number = fhir_element_path_text (value, "value");
      const char *unit = fhir_element_path_text (value, "unit");

      if (!g_str_has_prefix (name, field->element) ||
          !g_ascii_isupper (name[strlen (field->element)]))
        continue;
      if (number)
        {
          g_autofree char *shown = fhir_decimal_format (number, NULL);
          return g_strdup_printf ("%s %s", shown, unit ? unit : "");
        }
      if (start || fhir_element_get_text (value))
        return g_strdup (start ? start : fhir_element_get_text (value));
    }
  return NULL;
}

static char *
words_of_field (FhirResource *resource, const CareField *field, const char *value, GTimeZone *zone)
{
  g_autofree char *other = NULL;
  FhirDate date;

  if (field->type == CARE_FIELD_CHOICE)
    return words_of_choice (resource, field, value);
  if (!value)
    value = other = words_of_other (resource, field);
  if ((field->type == CARE_FIELD_DATE || field->type == CARE_FIELD_PAST) && value &&
      fhir_date_parse (value, &date))
    return fhir_date_format (value, zone);
  return g_strdup (value);
}

/* A plan without a title is named by what kind it is, else by what is done. */
static char *
name_of_plan (FhirResource *resource)
{
  fhir_element_foreach (category, fhir_resource_path (resource, "category"))
    {
      char *words = fhir_concept_dup_text (category);

      if (words)
        return words;
    }
  fhir_element_foreach (activity, fhir_resource_path (resource, "activity"))
    {
      const FhirElement *detail = fhir_element_get (activity, "detail");
      char *words = fhir_concept_dup_text (fhir_element_get (detail, "code"));

      if (words || fhir_element_path_text (detail, "description"))
        return words ? words : g_strdup (fhir_element_path_text (detail, "description"));
    }
  return NULL;
}

/* All that a relative had. */
static char *
name_of_conditions (FhirResource *resource)
{
  g_autoptr (GString) out = g_string_new (NULL);

  fhir_element_foreach (condition, fhir_resource_path (resource, "condition"))
    {
      g_autofree char *name = fhir_concept_dup_text (fhir_element_get (condition, "code"));

      if (name)
        g_string_append_printf (out, "%s%s", out->len ? ", " : "", name);
    }
  return out->len ? g_string_free_and_steal (g_steal_pointer (&out)) : NULL;
}

/* No date is a name. */
static char *
name_of_fields (const CareEntryTable *table, FhirResource *resource)
{
  char *title = NULL;

  for (gsize i = 0; i < table->n_fields && !title; i++)
    if (table->fields[i].type == CARE_FIELD_TEXT || table->fields[i].type == CARE_FIELD_CONCEPT)
      title = care_entry_field_value (resource, &table->fields[i]);
  return title;
}

char *
care_entry_title_of (CareEntryKind kind, FhirResource *resource)
{
  const CareEntryTable *table = care_entry_table (kind);
  g_autofree char *relative = NULL, *title = kind == CARE_ENTRY_FAMILY
                                                 ? name_of_conditions (resource)
                                                 : name_of_fields (table, resource);

  if (kind == CARE_ENTRY_FAMILY)
    {
      relative =
          words_of_choice (resource, &table->fields[0],
                           fhir_concept_get_code (fhir_resource_path (resource, "relationship"),
                                                  NULL));
      return g_strdup_printf ("%s: %s", relative ? relative : _ ("Relative"),
                              title ? title : _ ("condition not named"));
    }
  if (kind == CARE_ENTRY_PLAN && !title)
    title = name_of_plan (resource);
  if (kind == CARE_ENTRY_DEVICE && !title)
    title = g_strdup (fhir_resource_path_text (resource, "deviceName.0.name"));
  return title ? g_steal_pointer (&title)
               : g_strdup_printf (_ ("%s without a name"), _ (table->title));
}

static void
read_notes (CareEntry *self, FhirResource *resource, GTimeZone *zone)
{
  const FhirElement *notes = fhir_resource_path (resource, "note");

  fhir_element_foreach (note, notes)
    {
      const char *text = fhir_element_path_text (note, "text");
      const char *time = fhir_element_path_text (note, "time");
      const char *author = fhir_element_path_text (note, "authorReference.display");
      g_autofree char *date = time ? fhir_date_format (time, zone) : NULL;

      if (!author)
        author = fhir_element_path_text (note, "authorString");
      if (text)
        g_ptr_array_add (self->notes,
                         date && author   ? g_strdup_printf ("%s\n%s, %s", text, author, date)
                         : date || author ? g_strdup_printf ("%s\n%s", text, date ? date : author)
                                          : g_strdup (text));
    }
  g_ptr_array_add (self->notes, NULL);
}

static void
read_fields (CareEntry *self, FhirResource *resource, GTimeZone *zone)
{
  const CareEntryTable *table = care_entry_table (self->kind);

  for (gsize i = 0; i < table->n_fields; i++)
    {
      const CareField *field = &table->fields[i];
      char *value = care_entry_field_value (resource, field);
      char *words = words_of_field (resource, field, value, zone);

      if (value)
        g_hash_table_insert (self->values, (gpointer) field->name, value);
      if (words)
        g_hash_table_insert (self->words, (gpointer) field->name, words);
    }
}

/**
 * care_entry_load:
 * @reference: "Condition/1"
 *
 * Returns: (transfer full) (nullable): the entry as it is now. One that carries a modifier which
 * may turn its meaning around has no values, and care_entry_get_withheld () says why
 */
CareEntry *
care_entry_load (StoreConnection *connection,
                 const char *reference,
                 BaseClock *clock,
                 GError **error)
{
  g_autoptr (CareEntry) self = g_object_new (CARE_TYPE_ENTRY, NULL);
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) resource = NULL;
  g_autoptr (GDateTime) now = base_clock_dup_now (clock);

  if (!fhir_reference_split (reference, &type, &id) ||
      !(resource = care_read (connection, type, id, error)))
    {
      if (error && !*error)
        g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("This entry is not here."));
      return NULL;
    }
  if (!care_entry_kind_of (resource, &self->kind))
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
                   _ ("Bedside cannot change this kind of entry."));
      return NULL;
    }
  self->reference = g_strdup (reference);
  self->version = g_strdup (fhir_resource_get_version (resource));
  self->state = care_entry_state_of (resource);
  self->can_undo = care_entry_can_undo (connection, resource);
  if (care_chart_is_opaque (resource))
    {
      self->title = g_strdup (_ ("Entry that Bedside cannot show safely"));
      self->withheld = g_strdup (
          _ ("It carries a modifier that may change its meaning. Read it where it was written."));
      g_ptr_array_add (self->notes, NULL);
      self->versions = g_list_store_new (CARE_TYPE_ROW);
      return g_steal_pointer (&self);
    }
  self->title = care_entry_title_of (self->kind, resource);
  read_fields (self, resource, g_date_time_get_timezone (now));
  self->more =
      care_entry_read_more (connection, self->kind, resource, g_date_time_get_timezone (now));
  g_ptr_array_add (self->more, NULL);
  read_notes (self, resource, g_date_time_get_timezone (now));
  self->versions = care_entry_versions (connection, self->kind, resource, clock, error);
  return self->versions ? g_steal_pointer (&self) : NULL;
}

CareEntryKind
care_entry_get_kind (CareEntry *self)
{
  return self->kind;
}

CareEntryState
care_entry_get_state (CareEntry *self)
{
  return self->state;
}

const char *
care_entry_get_reference (CareEntry *self)
{
  return self->reference;
}

const char *
care_entry_get_version (CareEntry *self)
{
  return self->version;
}

const char *
care_entry_get_title (CareEntry *self)
{
  return self->title;
}

/**
 * care_entry_get_value:
 * @field: name of a field
 *
 * Returns: (nullable): what a form holds for it
 */
const char *
care_entry_get_value (CareEntry *self, const char *field)
{
  return g_hash_table_lookup (self->values, field);
}

/**
 * care_entry_get_words:
 * @field: name of a field
 *
 * Returns: (nullable): the same for reading; NULL is "not recorded"
 */
const char *
care_entry_get_words (CareEntry *self, const char *field)
{
  return g_hash_table_lookup (self->words, field);
}

/**
 * care_entry_get_more:
 *
 * Returns: (nullable) (array zero-terminated=1): a label and words, one after the other, of what no
 *   field has; NULL where it is withheld
 */
const char *const *
care_entry_get_more (CareEntry *self)
{
  return self->more ? (const char *const *) self->more->pdata : NULL;
}

/**
 * care_entry_get_withheld:
 *
 * Returns: (nullable): why nothing of it is shown, and nothing may be changed
 */
const char *
care_entry_get_withheld (CareEntry *self)
{
  return self->withheld;
}

/**
 * care_entry_get_notes:
 *
 * Returns: (array zero-terminated=1): its notes, each with author and date in its last line
 */
const char *const *
care_entry_get_notes (CareEntry *self)
{
  return (const char *const *) self->notes->pdata;
}

/**
 * care_entry_get_versions:
 *
 * Returns: (transfer none): CareRow, newest first: title who, date when, subtitle what, detail why
 */
GListModel *
care_entry_get_versions (CareEntry *self)
{
  return G_LIST_MODEL (self->versions);
}

/**
 * care_entry_get_can_undo:
 *
 * Returns: whether its newest change was made here and has not left
 */
gboolean
care_entry_get_can_undo (CareEntry *self)
{
  return self->can_undo;
}

/**
 * care_entry_get_act:
 * @index: from 0
 *
 * Returns: (nullable): what may become of it now; NULL after the last
 */
const CareEntryAct *
care_entry_get_act (CareEntry *self, gsize index)
{
  gsize n;
  const CareEntryAct *acts = care_entry_kind_get_acts (self->kind, &n);

  for (gsize i = 0; !self->withheld && i < n; i++)
    if ((acts[i].from & self->state) != 0 && index-- == 0)
      return &acts[i];
  return NULL;
}
