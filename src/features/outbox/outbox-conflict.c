/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox-conflict.h"

#include <glib/gi18n.h>
#include <string.h>

#include "clinical-drug-name.h"
#include "fhir-concept.h"
#include "fhir-name.h"
#include "outbox-conflict-words.h"
#include "store-resource.h"
#include "workspace-time.h"

/**
 * OutboxConflict:
 *
 * Nothing is chosen in advance, also where only one side changed an element: two changes that look
 * unrelated may be a dose and a stop (H3). A person reads both and says which stands.
 */

struct _OutboxConflict
{
  GObject parent_instance;

  char *group;
  char *type;
  char *id;
  char *patient;
  char *patient_name;
  char *title;
  char *mine_who;
  char *theirs_who;
  gint64 mine_when;
  gint64 theirs_when;
  gboolean whole; /* one side was deleted: one of the two stands as it is */
  GListStore *elements;
  GPtrArray *same; /* char*: "Substance: penicillin" */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OutboxConflict, outbox_conflict, G_TYPE_OBJECT)

static void
outbox_conflict_finalize (GObject *object)
{
  OutboxConflict *self = OUTBOX_CONFLICT (object);

  g_free (self->group);
  g_free (self->type);
  g_free (self->id);
  g_free (self->patient);
  g_free (self->patient_name);
  g_free (self->title);
  g_free (self->mine_who);
  g_free (self->theirs_who);
  g_object_unref (self->elements);
  g_ptr_array_unref (self->same);
  G_OBJECT_CLASS (outbox_conflict_parent_class)->finalize (object);
}

static void
outbox_conflict_class_init (OutboxConflictClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = outbox_conflict_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", OUTBOX_TYPE_CONFLICT, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
outbox_conflict_init (OutboxConflict *self)
{
  self->elements = g_list_store_new (OUTBOX_TYPE_CONFLICT_ELEMENT);
  self->same = g_ptr_array_new_with_free_func (g_free);
}

static void
choice_cb (OutboxConflict *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
append (OutboxConflict *self, OutboxConflictElement *element)
{
  g_signal_connect_object (element, "notify::choice", G_CALLBACK (choice_cb), self,
                           G_CONNECT_SWAPPED);
  g_list_store_append (self->elements, element);
}

static void
add_difference (OutboxConflict *self,
                const OutboxConflictWords *words,
                const SyncDifference *difference)
{
  g_autofree char *label =
      outbox_conflict_words_dup_label (words, difference->name, difference->listed);
  g_autoptr (OutboxConflictElement) element = outbox_conflict_element_new (difference->key, label);
  char *base = NULL, *mine = NULL, *theirs = NULL;

  outbox_conflict_words_dup_sides (words, difference, &base, &mine, &theirs);
  outbox_conflict_element_take_sides (element, base, mine, theirs);
  append (self, element);
}

/* One side was deleted: there is nothing to put together. */
static void
add_whole (OutboxConflict *self, const SyncConflict *conflict)
{
  g_autoptr (OutboxConflictElement) element =
      outbox_conflict_element_new (NULL, _ ("The whole record"));
  const char *mine = conflict->mine ? _ ("keep it as you wrote it") : _ ("delete it");
  const char *theirs = conflict->theirs ? _ ("keep it as the server has it") : _ ("delete it");

  self->whole = TRUE;
  outbox_conflict_element_take_sides (element, NULL, g_strdup (mine), g_strdup (theirs));
  append (self, element);
}

static gboolean
differs (const SyncConflict *conflict, const char *member)
{
  for (guint i = 0; i < conflict->differences->len; i++)
    {
      const SyncDifference *difference = conflict->differences->pdata[i];
      const char *open = strchr (difference->name, '[');
      gsize length = open ? (gsize) (open - difference->name) : strlen (difference->name);

      if (strncmp (difference->name, member, length) == 0 &&
          (member[length] == '\0' || (open && g_ascii_isupper (member[length]))))
        return TRUE;
    }
  return FALSE;
}

/* "medicationCodeableConcept" is the element "medication[x]". */
static char *
dup_choice_name (const char *member)
{
  static const char *const types[] = { "CodeableConcept", "Reference", "Quantity",
                                       "DateTime",        "Date",      "Period",
                                       "String",          "Boolean",   "Age",
                                       "Range",           "Integer" };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (member, types[i]) && strlen (member) > strlen (types[i]))
      return g_strdup_printf ("%.*s[x]", (int) (strlen (member) - strlen (types[i])), member);
  return g_strdup (member);
}

static void
add_same (OutboxConflict *self, const OutboxConflictWords *words, const SyncConflict *conflict)
{
  static const char *const hidden[] = { "resourceType", "id",        "meta",    "text",
                                        "contained",    "extension", "subject", "patient",
                                        "language",     NULL };
  FhirMemberIter iter;
  const char *member;
  const FhirElement *value;

  if (!conflict->mine || !conflict->theirs)
    return;
  fhir_member_iter_init (&iter, fhir_resource_get_root (conflict->mine));
  while (fhir_member_iter_next (&iter, &member, &value))
    {
      if (*member == '_' || g_strv_contains (hidden, member) || differs (conflict, member))
        continue;
      g_autofree char *name = dup_choice_name (member);
      g_autofree char *label = outbox_conflict_words_dup_label (words, name, NULL);
      g_autofree char *text = outbox_conflict_words_dup_value (words, name, value);
      if (text && *text)
        g_ptr_array_add (self->same, g_strdup_printf ("%s: %s", label, text));
    }
}

/* "Prescription: amoxicillin 500 mg capsule" */
static char *
dup_title (const SyncConflict *conflict)
{
  FhirResource *record = conflict->mine ? conflict->mine : conflict->theirs;
  g_autofree char *kind = outbox_conflict_words_dup_kind (conflict->type);
  g_autofree char *what = NULL;
  gboolean drug = g_str_has_prefix (conflict->type, "Medication");

  what = fhir_concept_dup_text (
      fhir_resource_path (record, drug ? "medicationCodeableConcept" : "code"));
  if (what && drug)
    {
      g_autofree char *name = clinical_drug_name (what);
      return g_strdup_printf ("%s: %s", kind, name);
    }
  return what ? g_strdup_printf ("%s: %s", kind, what) : g_steal_pointer (&kind);
}

static char *
dup_patient_name (StoreConnection *connection, const char *patient)
{
  g_autoptr (FhirResource) resource =
      patient ? store_resource_get (connection, "Patient", patient, NULL) : NULL;

  return resource ? fhir_human_name_format (fhir_resource_path (resource, "name")) : NULL;
}

/* Inside a StoreWork. */
OutboxConflict *
outbox_conflict_new (StoreConnection *connection, const SyncConflict *conflict, GTimeZone *zone)
{
  OutboxConflict *self = g_object_new (OUTBOX_TYPE_CONFLICT, NULL);
  const OutboxConflictWords words = { connection, conflict->type, zone };

  self->group = g_strdup (conflict->group);
  self->type = g_strdup (conflict->type);
  self->id = g_strdup (conflict->id);
  self->patient = g_strdup (conflict->patient);
  self->patient_name = dup_patient_name (connection, conflict->patient);
  self->title = dup_title (conflict);
  self->mine_who = g_strdup (conflict->mine_who);
  self->theirs_who = g_strdup (conflict->theirs_who);
  self->mine_when = conflict->mine_when;
  self->theirs_when = conflict->theirs_when;
  for (guint i = 0; i < conflict->differences->len; i++)
    add_difference (self, &words, conflict->differences->pdata[i]);
  if (!conflict->mine || !conflict->theirs)
    add_whole (self, conflict);
  add_same (self, &words, conflict);
  return self;
}

const char *
outbox_conflict_get_group (OutboxConflict *self)
{
  return self->group;
}

const char *
outbox_conflict_get_record_type (OutboxConflict *self)
{
  return self->type;
}

const char *
outbox_conflict_get_record_id (OutboxConflict *self)
{
  return self->id;
}

/* (nullable) */
const char *
outbox_conflict_get_patient (OutboxConflict *self)
{
  return self->patient;
}

const char *
outbox_conflict_get_title (OutboxConflict *self)
{
  return self->title;
}

/* (nullable) */
const char *
outbox_conflict_get_patient_name (OutboxConflict *self)
{
  return self->patient_name;
}

static char *
dup_heading (const char *side, const char *who, gint64 when, gint64 now, GTimeZone *zone)
{
  g_autofree char *clock = when > 0 ? workspace_time_moment (when, now, zone) : NULL;

  if (who && clock)
    return g_strdup_printf ("%s · %s · %s", side, who, clock);
  if (clock)
    return g_strdup_printf ("%s · %s", side, clock);
  return g_strdup (side);
}

/* (transfer full): "Mine · Dr Ada Stone · 09:41" */
char *
outbox_conflict_dup_mine_heading (OutboxConflict *self, gint64 now, GTimeZone *zone)
{
  return dup_heading (_ ("Mine"), self->mine_who, self->mine_when, now, zone);
}

/* (transfer full): "Theirs · author not recorded · 09:52" */
char *
outbox_conflict_dup_theirs_heading (OutboxConflict *self, gint64 now, GTimeZone *zone)
{
  return dup_heading (_ ("Theirs"), self->theirs_who ? self->theirs_who : _ ("author not recorded"),
                      self->theirs_when, now, zone);
}

/* (transfer none): of OutboxConflictElement. */
GListModel *
outbox_conflict_get_elements (OutboxConflict *self)
{
  return G_LIST_MODEL (self->elements);
}

/* (transfer full): what both say alike, "Substance: penicillin" each. */
GStrv
outbox_conflict_dup_same (OutboxConflict *self)
{
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

  for (guint i = 0; i < self->same->len; i++)
    g_strv_builder_add (lines, self->same->pdata[i]);
  return g_strv_builder_end (lines);
}

/* TRUE: one side was deleted, and one of the two stands as it is. */
gboolean
outbox_conflict_is_whole (OutboxConflict *self)
{
  return self->whole;
}

void
outbox_conflict_choose_all (OutboxConflict *self, OutboxChoice choice)
{
  g_return_if_fail (OUTBOX_IS_CONFLICT (self));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->elements)); i++)
    {
      g_autoptr (OutboxConflictElement) element =
          g_list_model_get_item (G_LIST_MODEL (self->elements), i);
      outbox_conflict_element_set_choice (element, choice);
    }
}

static guint
count (OutboxConflict *self, OutboxChoice choice)
{
  guint counted = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->elements)); i++)
    {
      g_autoptr (OutboxConflictElement) element =
          g_list_model_get_item (G_LIST_MODEL (self->elements), i);
      counted += outbox_conflict_element_get_choice (element) == choice;
    }
  return counted;
}

/* The one side that is chosen everywhere; OUTBOX_CHOICE_NONE: none is, or both are. */
OutboxChoice
outbox_conflict_get_all (OutboxConflict *self)
{
  guint n_elements = g_list_model_get_n_items (G_LIST_MODEL (self->elements));

  if (n_elements > 0 && count (self, OUTBOX_CHOICE_MINE) == n_elements)
    return OUTBOX_CHOICE_MINE;
  if (n_elements > 0 && count (self, OUTBOX_CHOICE_THEIRS) == n_elements)
    return OUTBOX_CHOICE_THEIRS;
  return OUTBOX_CHOICE_NONE;
}

/* TRUE when every element has its choice. */
gboolean
outbox_conflict_is_complete (OutboxConflict *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->elements)) > 0 &&
         count (self, OUTBOX_CHOICE_NONE) == 0;
}

/* TRUE when something of both sides is chosen: a version that nobody wrote so. */
gboolean
outbox_conflict_is_mixed (OutboxConflict *self)
{
  return count (self, OUTBOX_CHOICE_MINE) > 0 && count (self, OUTBOX_CHOICE_THEIRS) > 0;
}

/* (transfer full): what becomes of the choice made so far, in one sentence. */
char *
outbox_conflict_dup_consequence (OutboxConflict *self)
{
  guint left = count (self, OUTBOX_CHOICE_NONE);

  if (left > 0)
    return g_strdup_printf (ngettext ("%u is not chosen yet.", "%u are not chosen yet.", left),
                            left);
  if (outbox_conflict_is_mixed (self) && g_str_equal (self->type, "MedicationRequest"))
    return g_strdup (_ ("A prescription put together of two versions waits for your signature "
                        "before it is sent."));
  if (outbox_conflict_get_all (self) == OUTBOX_CHOICE_THEIRS)
    return g_strdup (_ ("What you wrote is given up, and nothing is sent."));
  return g_strdup (_ ("This replaces what the server has."));
}

/* (transfer full): as sync_engine_decide_elements_async () takes it: key → SyncSide. */
GHashTable *
outbox_conflict_dup_choices (OutboxConflict *self)
{
  GHashTable *choices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->elements)); i++)
    {
      g_autoptr (OutboxConflictElement) element =
          g_list_model_get_item (G_LIST_MODEL (self->elements), i);
      OutboxChoice choice = outbox_conflict_element_get_choice (element);
      SyncSide side = choice == OUTBOX_CHOICE_MINE ? SYNC_SIDE_MINE : SYNC_SIDE_THEIRS;

      if (choice != OUTBOX_CHOICE_NONE)
        g_hash_table_insert (choices, g_strdup (outbox_conflict_element_get_key (element)),
                             GINT_TO_POINTER (side));
    }
  return choices;
}

/* (transfer full): the set of what a decision has to name; it is another one when a side moved. */
GHashTable *
outbox_conflict_dup_keys (OutboxConflict *self)
{
  GHashTable *keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->elements)); i++)
    {
      g_autoptr (OutboxConflictElement) element =
          g_list_model_get_item (G_LIST_MODEL (self->elements), i);
      if (outbox_conflict_element_get_key (element))
        g_hash_table_add (keys, g_strdup (outbox_conflict_element_get_key (element)));
    }
  return keys;
}
