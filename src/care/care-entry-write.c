/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-entry-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-journal.h"
#include "care-summary-private.h"
#include "fhir-date.h"
#include "fhir-reference.h"
#include "store-journal.h"
#include "store-resource.h"

/* Adding and changing entries. Each change is the resource, a Provenance that says who and why, the
 * journal's group and an audit row, in one transaction; it rests for ten seconds so that it can be
 * undone. Only what a person changed is written: the rest of the resource stays as it was. */

static const char *const writers[] = { "prescriber", "nurse", "admin", NULL };
static const char *const cover_writers[] = { "prescriber", "nurse", "admin", "reception", NULL };

/**
 * care_entry_may_write:
 *
 * Returns: whether whoever acts may add and change entries of this kind; else @error says who may
 */
gboolean
care_entry_may_write (CareContext *context, CareEntryKind kind, GError **error)
{
  return care_require_role (context, "change the record",
                            kind == CARE_ENTRY_COVERAGE ? cover_writers : writers, error);
}

/* Removes every form of a choice element beside its field's own. */
static void
remove_choice (FhirBuilder *builder, FhirResource *before, const char *parent, const char *element)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;
  gsize length = strlen (element);

  fhir_member_iter_init (&iter, *parent ? fhir_resource_path (before, parent)
                                        : fhir_resource_get_root (before));
  while (fhir_member_iter_next (&iter, &name, &value))
    {
      const char *plain = *name == '_' ? name + 1 : name;

      if (strncmp (plain, element, length) == 0 && g_ascii_isupper (plain[length]))
        {
          g_autofree char *path = *parent ? g_strconcat (parent, ".", name, NULL) : g_strdup (name);

          fhir_builder_remove (builder, path);
        }
    }
}

static void
remove_other_forms (FhirBuilder *builder, FhirResource *before, const CareField *field)
{
  const char *dot = strrchr (field->path, '.');
  g_autofree char *parent = dot ? g_strndup (field->path, dot - field->path) : g_strdup ("");

  if (field->element && before)
    remove_choice (builder, before, parent, field->element);
}

/* One of a list is emptied where it stands, so that the others stay what and where they are. */
static void
clear (FhirBuilder *builder, FhirResource *before, const char *path)
{
  const char *last = strrchr (path, '.');
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;

  if (!before || !last || !g_ascii_isdigit (last[1]))
    {
      fhir_builder_remove (builder, path);
      return;
    }
  fhir_member_iter_init (&iter, fhir_resource_path (before, path));
  while (fhir_member_iter_next (&iter, &name, &value))
    {
      g_autofree char *member = g_strconcat (path, ".", name, NULL);

      fhir_builder_remove (builder, member);
    }
}

/* The words of a concept, and its coding only where that was chosen for these very words. */
static void
set_concept (FhirBuilder *builder,
             FhirResource *before,
             const CareField *field,
             const char *text,
             const char *coding)
{
  g_auto (GStrv) parts = coding ? g_strsplit (coding, "|", 3) : NULL;
  g_autofree char *path = g_strconcat (field->path, ".text", NULL);

  clear (builder, before, field->path);
  if (parts && g_strv_length (parts) == 3 && g_str_equal (parts[2], text))
    fhir_builder_set_coding (builder, field->path, parts[0], parts[1], parts[2]);
  fhir_builder_set (builder, path, text);
}

static void
set_choice (FhirBuilder *builder, FhirResource *before, const CareField *field, const char *code)
{
  const char *label = NULL;

  if (!field->system)
    {
      fhir_builder_set (builder, field->path, code);
      return;
    }
  for (const CareFieldChoice *choice = field->choices; choice->code; choice++)
    if (g_str_equal (choice->code, code))
      label = choice->label;
  clear (builder, before, field->path);
  fhir_builder_set_coding (builder, field->path, field->system, code, label);
}

/* An empty list or object is no FHIR: what a removed leaf leaves behind goes too. */
static void
remove_field (FhirBuilder *builder, const CareField *field)
{
  g_autofree char *path = g_strdup (field->path);

  /* A reaction without a manifestation is none. */
  if (g_str_has_suffix (path, ".manifestation.0") &&
      fhir_builder_get_length (builder, "reaction.0.manifestation") < 2)
    strcpy (path, "reaction.0");
  fhir_builder_remove (builder, path);
  for (char *dot = strrchr (path, '.'); dot; dot = strrchr (path, '.'))
    {
      *dot = '\0';
      fhir_builder_prune (builder, path);
    }
}

static void
apply_field (FhirBuilder *builder, FhirResource *before, const CareField *field, GHashTable *values)
{
  g_autofree char *key = g_strdup_printf ("%s|coding", field->name);
  const char *text = g_hash_table_lookup (values, field->name);
  const char *coding = g_hash_table_lookup (values, key);
  g_autofree char *old = before ? care_entry_field_value (before, field) : NULL;

  if (g_strcmp0 (old, text) == 0 && !coding)
    return;
  if (!text)
    {
      remove_field (builder, field);
      return;
    }
  remove_other_forms (builder, before, field);
  if (field->type == CARE_FIELD_CONCEPT)
    set_concept (builder, before, field, text, coding);
  else if (field->type == CARE_FIELD_CHOICE)
    set_choice (builder, before, field, text);
  else
    fhir_builder_set (builder, field->path, text);
}

/* What stands only beside another field is taken out before that field is: afterwards the next of
 * the list stands in its place. */
static void
apply_fields (FhirBuilder *builder,
              FhirResource *before,
              const CareEntryTable *table,
              GHashTable *values)
{
  for (int with_need = 1; with_need >= 0; with_need--)
    for (gsize i = 0; i < table->n_fields; i++)
      if ((table->fields[i].needs != NULL) == with_need)
        apply_field (builder, before, &table->fields[i], values);
}

static void
apply_set (FhirBuilder *builder, FhirResource *before, const CareEntrySet *set, const char *today)
{
  if (g_str_has_suffix (set->path, "*"))
    {
      g_autofree char *element = g_strndup (set->path, strlen (set->path) - 1);

      if (before)
        remove_choice (builder, before, "", element);
    }
  else if (!set->code)
    fhir_builder_remove (builder, set->path);
  else if (set->system)
    {
      fhir_builder_remove (builder, set->path);
      fhir_builder_set_coding (builder, set->path, set->system, set->code, NULL);
    }
  else
    fhir_builder_set (builder, set->path,
                      g_str_equal (set->code, CARE_ENTRY_TODAY) ? today : set->code);
}

static void
add_note (FhirBuilder *builder, CareContext *context, const char *now, const char *text)
{
  gsize n = fhir_builder_get_length (builder, "note");
  const char *parts[][2] = {
    { "authorReference.reference", care_context_get_user_reference (context) },
    { "authorReference.display", care_context_get_user_name (context) },
    { "time", now },
    { "text", text },
  };

  for (gsize i = 0; text && *text && i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *path = g_strdup_printf ("note.%" G_GSIZE_FORMAT ".%s", n, parts[i][0]);

      fhir_builder_set (builder, path, parts[i][1]);
    }
}

static FhirBuilder *
new_entry (CareContext *context,
           const CareEntryTable *table,
           const char *patient_id,
           const char *now,
           const char *today)
{
  g_autofree char *id = base_id_new (base_clock_now (care_context_get_clock (context)));
  g_autofree char *patient = g_strconcat ("Patient/", patient_id, NULL);
  g_autofree char *subject = g_strconcat (table->subject, ".reference", NULL);
  FhirBuilder *builder = fhir_builder_new (table->type, id);

  for (gsize i = 0; i < G_N_ELEMENTS (table->defaults) && table->defaults[i].path; i++)
    apply_set (builder, NULL, &table->defaults[i], today);
  fhir_builder_set (builder, subject, patient);
  if (table->recorded)
    fhir_builder_set (builder, table->recorded, now);
  if (table->recorder)
    {
      g_autofree char *reference = g_strconcat (table->recorder, ".reference", NULL);
      g_autofree char *display = g_strconcat (table->recorder, ".display", NULL);

      fhir_builder_set (builder, reference, care_context_get_user_reference (context));
      fhir_builder_set (builder, display, care_context_get_user_name (context));
    }
  return builder;
}

/**
 * care_entry_put_provenance:
 * @activity: of v3-DataOperation: "CREATE", "UPDATE" or "NULLIFY"
 * @reason: (nullable): why, in the person's own words
 *
 * Says who changed @target, when and why.
 */
gboolean
care_entry_put_provenance (
    CareWrite *write, const char *target, const char *activity, const char *reason, GError **error)
{
  BaseClock *clock = care_context_get_clock (write->context);
  g_autofree char *now = base_clock_dup_instant (clock);
  g_autoptr (FhirBuilder) builder = care_write_provenance (write->context, target, now);

  fhir_builder_set_coding (builder, "activity",
                           "http://terminology.hl7.org/CodeSystem/v3-DataOperation", activity,
                           NULL);
  fhir_builder_set (builder, "reason.0.text", reason);
  return care_write_put_builder (write, builder, error);
}

/* Reads what is to be changed; refuses where it moved since the person read it. */
static FhirResource *
read_for_change (StoreConnection *connection,
                 const char *reference,
                 const char *version,
                 CareEntryKind *kind,
                 GError **error)
{
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) resource = NULL;

  if (!fhir_reference_split (reference, &type, &id) ||
      !(resource = care_read (connection, type, id, error)))
    return NULL;
  if (!care_entry_kind_of (resource, kind) || care_chart_is_opaque (resource))
    g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
                 _ ("Bedside cannot change this entry safely. Change it where it was written."));
  else if (version && g_strcmp0 (version, fhir_resource_get_version (resource)) != 0)
    g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
                 _ ("It was changed elsewhere while you had it open. Open it again; what you typed "
                    "is still in the form."));
  else
    return g_steal_pointer (&resource);
  return NULL;
}

static const CareEntryAct *
find_act (CareEntryKind kind, const char *name)
{
  gsize n;
  const CareEntryAct *acts = care_entry_kind_get_acts (kind, &n);

  for (gsize i = 0; i < n; i++)
    if (g_str_equal (acts[i].name, name))
      return &acts[i];
  return NULL;
}

/* Refutes an entry that what is being written contradicts. */
static gboolean
refute (CareWrite *write, CareEntryKind kind, FhirResource *other, const char *why, GError **error)
{
  const CareEntryAct *act = find_act (kind, "refute");
  g_autofree char *reference = fhir_resource_dup_reference (other);
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (other);

  for (gsize i = 0; i < G_N_ELEMENTS (act->sets) && act->sets[i].path; i++)
    apply_set (builder, other, &act->sets[i], NULL);
  return care_write_put_builder (write, builder, error) &&
         care_entry_put_provenance (write, reference, "UPDATE", why, error);
}

static gboolean
is_same_name (const char *a, const char *b)
{
  g_autofree char *x = g_utf8_casefold (a, -1), *y = g_utf8_casefold (b, -1);

  return g_str_equal (x, y);
}

/* The same thing twice on a list of problems or allergies is a mistake; and an allergy cannot stand
 * beside "no known allergies", which is refuted with it. The other way round a person must first
 * say what is wrong with the allergy. */
static gboolean
settle_list (
    CareWrite *write, CareEntryKind kind, FhirResource *added, const char *name, GError **error)
{
  gboolean none = care_entry_is_none_known (kind, added);
  const CareEntryTable *table = care_entry_table (kind);
  g_autoptr (GPtrArray) all = NULL;

  if (kind != CARE_ENTRY_PROBLEM && kind != CARE_ENTRY_ALLERGY)
    return TRUE;
  all = store_resource_list (write->connection, write->patient, table->type, error);
  for (guint i = 0; all && i < all->len; i++)
    {
      FhirResource *other = all->pdata[i];
      g_autofree char *title = care_entry_title_of (kind, other);

      if (care_entry_state_of (other) != CARE_ENTRY_ACTIVE)
        continue;
      if (is_same_name (title, name))
        {
          g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
                       _ ("“%s” is on the list already. Change that entry instead."), title);
          return FALSE;
        }
      if (none && !care_entry_is_none_known (kind, other))
        {
          g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
                       _ ("“%s” is on the list. Resolve or refute it before you say that there is "
                          "none."),
                       title);
          return FALSE;
        }
      if (!none && care_entry_is_none_known (kind, other) &&
          !refute (write, kind, other, name, error))
        return FALSE;
    }
  return all != NULL;
}

/**
 * care_entry_save:
 * @reference: (nullable): an entry to change; NULL for a new one
 * @version: (nullable): the version that the person read
 * @note: (nullable): added to its notes
 * @saved: (out) (optional): its reference
 *
 * Adds an entry, or changes one. Errors of CARE_ERROR say what is missing, or that the entry moved.
 */
gboolean
care_entry_save (StoreConnection *connection,
                 CareContext *context,
                 CareEntryKind kind,
                 const char *patient_id,
                 const char *reference,
                 const char *version,
                 GHashTable *values,
                 const char *note,
                 char **saved,
                 GError **error)
{
  const CareEntryTable *table = care_entry_table (kind);
  BaseClock *clock = care_context_get_clock (context);
  g_autofree char *now = base_clock_dup_instant (clock), *today = base_clock_dup_today (clock);
  g_autoptr (FhirResource) before = NULL, after = NULL;
  g_autoptr (FhirBuilder) builder = NULL;
  g_autofree char *target = NULL, *name = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!care_entry_may_write (context, kind, error) ||
      !care_entry_values_check (kind, values, today, NULL, error))
    return FALSE;
  if (reference && !(before = read_for_change (connection, reference, version, &kind, error)))
    return FALSE;
  builder =
      before ? fhir_builder_new_from (before) : new_entry (context, table, patient_id, now, today);
  apply_fields (builder, before, table, values);
  if (!table->no_note)
    add_note (builder, context, now, note);
  after = fhir_builder_end (builder);
  target = fhir_resource_dup_reference (after);
  name = care_entry_title_of (kind, after);
  care_write_init (&write, connection, context, patient_id, CARE_PRIORITY_NORMAL);
  write.hold = CARE_HOLD_UNDO;
  if ((!before && !settle_list (&write, kind, after, name, error)) ||
      !care_write_put (&write, after, error) ||
      !care_entry_put_provenance (&write, target, before ? "UPDATE" : "CREATE", NULL, error) ||
      !care_write_audit (&write, "write", target, before ? "changed" : "added", error))
    return FALSE;
  if (saved)
    *saved = g_steal_pointer (&target);
  return TRUE;
}

/**
 * care_entry_act:
 * @version: (nullable): the version that the person read
 * @act: name of a CareEntryAct
 * @reason: (nullable): why
 *
 * Resolves, refutes, reopens an entry, or marks it as entered in error.
 */
gboolean
care_entry_act (StoreConnection *connection,
                CareContext *context,
                const char *reference,
                const char *version,
                const char *act,
                const char *reason,
                GError **error)
{
  CareEntryKind kind = CARE_ENTRY_PROBLEM;
  g_autoptr (FhirResource) before = read_for_change (connection, reference, version, &kind, error);
  const CareEntryAct *found = before ? find_act (kind, act) : NULL;
  g_autofree char *today = base_clock_dup_today (care_context_get_clock (context));
  g_autofree char *patient = before ? care_patient_of (before) : NULL;
  g_autoptr (FhirBuilder) builder = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!before || !care_entry_may_write (context, kind, error))
    return FALSE;
  if (!found || (found->from & care_entry_state_of (before)) == 0)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_STATE,
                   _ ("This cannot be done to it as it is now."));
      return FALSE;
    }
  if (found->needs_reason && (!reason || strspn (reason, " \t\r\n") == strlen (reason)))
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING, _ ("Write why."));
      return FALSE;
    }
  builder = fhir_builder_new_from (before);
  for (gsize i = 0; i < G_N_ELEMENTS (found->sets) && found->sets[i].path; i++)
    apply_set (builder, before, &found->sets[i], today);
  fhir_builder_prune (builder, "period");
  care_write_init (&write, connection, context, patient, CARE_PRIORITY_NORMAL);
  write.hold = CARE_HOLD_UNDO;
  return care_write_put_builder (&write, builder, error) &&
         care_entry_put_provenance (&write, reference,
                                    g_str_equal (act, "error") ? "NULLIFY" : "UPDATE", reason,
                                    error) &&
         care_write_audit (&write, "write", reference, act, error);
}
