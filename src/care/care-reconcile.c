/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-reconcile-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-command.h"
#include "store-draft.h"

/* The answers of one author about the medicines of one patient, on disk from the first key on. An
 * answer belongs to the entries as they were read: where one of them has changed since, the
 * question is open again. */

struct _CareReconciliation
{
  GObject parent_instance;

  CareContext *context;
  char *patient_id;
  GListStore *rows;    /* CareMedicine: what is asked */
  GHashTable *answers; /* key and versions -> CareReconcileAnswer */
  gboolean found;      /* something was on disk */
};

G_DEFINE_FINAL_TYPE (CareReconciliation, care_reconciliation, G_TYPE_OBJECT)

static void
answer_free (gpointer data)
{
  CareReconcileAnswer *self = data;

  g_free (self->holds);
  g_free (self->dosage);
  g_free (self->reason);
  g_free (self->speaker);
  g_free (self);
}

static void
care_reconciliation_finalize (GObject *object)
{
  CareReconciliation *self = CARE_RECONCILIATION (object);

  g_clear_object (&self->context);
  g_free (self->patient_id);
  g_clear_object (&self->rows);
  g_clear_pointer (&self->answers, g_hash_table_unref);
  G_OBJECT_CLASS (care_reconciliation_parent_class)->finalize (object);
}

static void
care_reconciliation_class_init (CareReconciliationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = care_reconciliation_finalize;
}

static void
care_reconciliation_init (CareReconciliation *self)
{
  self->rows = g_list_store_new (CARE_TYPE_MEDICINE);
  self->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, answer_free);
}

/* (transfer full): going through the medicines of a patient, nothing answered yet. */
CareReconciliation *
care_reconciliation_new (CareContext *context, const char *patient_id)
{
  CareReconciliation *self = g_object_new (CARE_TYPE_RECONCILIATION, NULL);

  self->context = g_object_ref (context);
  self->patient_id = g_strdup (patient_id);
  return self;
}

/* ---- who said so ---- */

static const CareReconcileSpeaker speakers[] = {
  { "patient", N_ ("The patient") },
  { "relative", N_ ("A relative or carer") },
  { "pharmacy", N_ ("The pharmacy") },
  { "packages", N_ ("The packages themselves, seen") },
  { "record", N_ ("Another organisation’s record") },
  { "author", N_ ("I decided it") },
};

/* (transfer none): who may have said so, the usual one first. */
const CareReconcileSpeaker *
care_reconcile_get_speakers (gsize *n)
{
  *n = G_N_ELEMENTS (speakers);
  return speakers;
}

const char *
care_reconcile_speaker_label (const char *code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (speakers); i++)
    if (g_strcmp0 (speakers[i].code, code) == 0)
      return _ (speakers[i].label);
  return _ (speakers[0].label);
}

/* ---- answers ---- */

/* Each entry with its version: "MedicationRequest/a@1 MedicationStatement/b@3". */
static char *
question_of (CareMedicine *row)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < care_medicine_get_n_sides (row); i++)
    {
      const CareMedicineSide *side = care_medicine_get_side (row, i);

      g_string_append_printf (out, "%s%s@%s", i ? " " : "", side->reference,
                              side->version ? side->version : "");
    }
  return g_string_free_and_steal (g_steal_pointer (&out));
}

static CareReconcileAnswer *
get (CareReconciliation *self, CareMedicine *row)
{
  g_autofree char *question = question_of (row);
  CareReconcileAnswer *answer = g_hash_table_lookup (self->answers, question);

  if (!answer)
    {
      answer = g_new0 (CareReconcileAnswer, 1);
      answer->speaker = g_strdup (speakers[0].code);
      g_hash_table_insert (self->answers, g_steal_pointer (&question), answer);
    }
  return answer;
}

/* What is asked: what anybody takes. What is over, cannot be shown, or has no name here, is not. */
void
care_reconciliation_set_medicines (CareReconciliation *self, CareMedicines *medicines)
{
  GListModel *all = care_medicines_get_rows (medicines);

  g_list_store_remove_all (self->rows);
  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (CareMedicine) row = g_list_model_get_item (all, i);

      if (care_medicine_is_current (row) && care_medicine_is_named (row))
        g_list_store_append (self->rows, row);
    }
}

/* (transfer none): CareMedicine: one question each. */
GListModel *
care_reconciliation_get_rows (CareReconciliation *self)
{
  return G_LIST_MODEL (self->rows);
}

/* (transfer none): never NULL; CARE_RECONCILE_OPEN where nothing was answered. */
const CareReconcileAnswer *
care_reconciliation_get_answer (CareReconciliation *self, CareMedicine *row)
{
  return get (self, row);
}

void
care_reconciliation_set_act (CareReconciliation *self, CareMedicine *row, CareReconcileAct act)
{
  get (self, row)->act = act;
}

void
care_reconciliation_set_holds (CareReconciliation *self, CareMedicine *row, const char *reference)
{
  g_set_str (&get (self, row)->holds, reference);
}

void
care_reconciliation_set_dosage (CareReconciliation *self, CareMedicine *row, const char *text)
{
  g_set_str (&get (self, row)->dosage, text);
}

void
care_reconciliation_set_reason (CareReconciliation *self, CareMedicine *row, const char *text)
{
  g_set_str (&get (self, row)->reason, text);
}

void
care_reconciliation_set_speaker (CareReconciliation *self, CareMedicine *row, const char *code)
{
  g_set_str (&get (self, row)->speaker, code);
}

static gboolean
is_blank (const char *text)
{
  return !text || text[strspn (text, " \t\r\n")] == '\0';
}

/* Word for word; where both are silent on something, that is no difference. */
static gboolean
is_alike (const CareMedicineFact *a, const CareMedicineFact *b)
{
  return a->side.state == b->side.state && g_strcmp0 (a->code, b->code) == 0 &&
         g_strcmp0 (a->side.name, b->side.name) == 0 &&
         g_strcmp0 (a->side.dose, b->side.dose) == 0 &&
         g_strcmp0 (a->side.route, b->side.route) == 0 &&
         g_strcmp0 (a->side.frequency, b->side.frequency) == 0 &&
         g_strcmp0 (a->side.dosage, b->side.dosage) == 0;
}

static gboolean
says_the_same (const CareMedicineFact *a, const CareMedicineFact *b)
{
  for (CareAspect aspect = 0; aspect < CARE_N_ASPECTS; aspect++)
    if (care_medicine_compare (a, b, aspect) != CARE_AGREEMENT_SAME)
      return is_alike (a, b);
  return TRUE;
}

/**
 * care_reconcile_needs_choice:
 *
 * Returns: whether "continue" could mean several things: two entries do not surely say the same, be
 *   they of one source or of two
 */
gboolean
care_reconcile_needs_choice (CareMedicine *row)
{
  guint n = care_medicine_get_n_sides (row);

  if (care_medicine_is_twice (row))
    return TRUE;
  for (guint i = 0; i < n; i++)
    for (guint j = i + 1; j < n; j++)
      if (!says_the_same (care_medicine_get_fact (row, i), care_medicine_get_fact (row, j)))
        return TRUE;
  return FALSE;
}

/* What is over cannot be what is continued. */
gboolean
care_reconcile_may_hold (const CareMedicineSide *side)
{
  return care_medicine_state_is_current (side->state);
}

/* Whether every entry goes on as it stands. */
gboolean
care_reconcile_is_all (CareMedicine *row, const CareReconcileAnswer *answer)
{
  return answer->act == CARE_RECONCILE_CONTINUE && care_medicine_is_twice (row) &&
         g_strcmp0 (answer->holds, CARE_RECONCILE_HOLDS_ALL) == 0;
}

/* The entry that a "continue" means: the one that was chosen; else the first, where all say the
 * same. */
const CareMedicineFact *
care_reconcile_find_holding (CareMedicine *row, const CareReconcileAnswer *answer)
{
  gboolean needs_choice = care_reconcile_needs_choice (row);

  for (guint i = 0; i < care_medicine_get_n_sides (row); i++)
    {
      const CareMedicineSide *side = care_medicine_get_side (row, i);

      if (care_reconcile_may_hold (side) &&
          (!needs_choice || g_strcmp0 (side->reference, answer->holds) == 0))
        return care_medicine_get_fact (row, i);
    }
  return NULL;
}

gboolean
care_reconcile_check_answer (CareMedicine *row, const CareReconcileAnswer *answer, GError **error)
{
  const char *name = care_medicine_get_name (row);
  const char *fault = NULL;

  if (answer->act == CARE_RECONCILE_OPEN)
    fault = _ ("“%s” is not answered yet.");
  else if (answer->act == CARE_RECONCILE_CONTINUE && !care_reconcile_find_holding (row, answer) &&
           !care_reconcile_is_all (row, answer))
    fault = _ ("The sources differ on “%s”. Choose which one is right.");
  else if (answer->act == CARE_RECONCILE_CHANGE && is_blank (answer->dosage))
    fault = _ ("Write how “%s” is taken.");
  else if (answer->act == CARE_RECONCILE_STOP && is_blank (answer->reason))
    fault = _ ("Write why “%s” is stopped.");
  if (!fault)
    return TRUE;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, CARE_ERROR, CARE_ERROR_MISSING, fault, name);
#pragma GCC diagnostic pop
  return FALSE;
}

/* Whether the answer about a medicine is whole; else what is missing. */
gboolean
care_reconciliation_check (CareReconciliation *self, CareMedicine *row, GError **error)
{
  return care_reconcile_check_answer (row, get (self, row), error);
}

/* (transfer full) (nullable): the answer about a medicine in words. */
char *
care_reconciliation_dup_words (CareReconciliation *self, CareMedicine *row)
{
  return care_reconcile_dup_words (row, get (self, row));
}

guint
care_reconciliation_get_n_open (CareReconciliation *self)
{
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->rows)); i++)
    {
      g_autoptr (CareMedicine) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);

      n += !care_reconciliation_check (self, row, NULL);
    }
  return n;
}

/* Whether answers were found on disk. */
gboolean
care_reconciliation_is_found (CareReconciliation *self)
{
  return self->found;
}

/* ---- on disk ---- */

static const char *const act_names[CARE_N_RECONCILE_ACTS] = { "open", "continue", "change", "stop",
                                                              "not-taken" };

static void
set_text (GKeyFile *file, const char *group, const char *name, const char *text)
{
  if (text && *text)
    g_key_file_set_string (file, group, name, text);
}

/**
 * care_reconciliation_dup_body:
 *
 * Returns: (transfer full): the answers as they are kept, and as care_reconcile_sign () takes them
 */
char *
care_reconciliation_dup_body (CareReconciliation *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  GHashTableIter iter;
  gpointer question, value;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->answers);
  while (g_hash_table_iter_next (&iter, &question, &value))
    {
      const CareReconcileAnswer *answer = value;
      g_autofree char *group = g_strdup_printf ("answer %u", n);

      if (answer->act == CARE_RECONCILE_OPEN && is_blank (answer->dosage) &&
          is_blank (answer->reason))
        continue;
      n++;
      set_text (file, group, "of", question);
      set_text (file, group, "act", act_names[answer->act]);
      set_text (file, group, "holds", answer->holds);
      set_text (file, group, "dosage", answer->dosage);
      set_text (file, group, "reason", answer->reason);
      set_text (file, group, "speaker", answer->speaker);
    }
  return g_key_file_to_data (file, NULL, NULL);
}

/* The answers of care_reconciliation_dup_body (). */
void
care_reconciliation_read_body (CareReconciliation *self, const char *body)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) groups = NULL;

  if (!body || !g_key_file_load_from_data (file, body, strlen (body), G_KEY_FILE_NONE, NULL))
    return;
  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i]; i++)
    {
      CareReconcileAnswer *answer = g_new0 (CareReconcileAnswer, 1);
      g_autofree char *act = g_key_file_get_string (file, groups[i], "act", NULL);
      char *question = g_key_file_get_string (file, groups[i], "of", NULL);

      for (gsize j = 0; j < G_N_ELEMENTS (act_names); j++)
        if (g_strcmp0 (act_names[j], act) == 0)
          answer->act = (CareReconcileAct) j;
      answer->holds = g_key_file_get_string (file, groups[i], "holds", NULL);
      answer->dosage = g_key_file_get_string (file, groups[i], "dosage", NULL);
      answer->reason = g_key_file_get_string (file, groups[i], "reason", NULL);
      answer->speaker = g_key_file_get_string (file, groups[i], "speaker", NULL);
      g_hash_table_insert (self->answers, question ? question : g_strdup (""), answer);
      self->found = TRUE;
    }
}

/* (transfer full): one draft for each author and patient. */
char *
care_reconcile_dup_draft_id (const char *author, const char *patient_id)
{
  return g_strdup_printf ("reconcile:%s:%s", patient_id, author);
}

static char *
dup_draft_id (CareReconciliation *self)
{
  return care_reconcile_dup_draft_id (care_context_get_user_reference (self->context),
                                      self->patient_id);
}

static gboolean
save_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  return store_draft_save (connection, c->texts[0], CARE_DRAFT_RECONCILE, c->texts[1],
                           care_context_get_user_reference (c->context), NULL, c->texts[2], error);
}

void
care_reconciliation_save_async (CareReconciliation *self,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autofree char *id = dup_draft_id (self);
  g_autofree char *body = care_reconciliation_dup_body (self);

  care_command_write (care_command_new (self->context, save_work, id, self->patient_id, body, NULL),
                      care_reconciliation_save_async, NULL, callback, user_data);
}

static gboolean
load_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  g_autoptr (StoreDraft) draft = store_draft_load (connection, c->texts[0], NULL);

  c->free_result = g_free;
  c->result = g_strdup (draft ? draft->body : "");
  return TRUE;
}

/* In line behind what is being saved. */
void
care_reconciliation_load_async (CareReconciliation *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autofree char *id = dup_draft_id (self);

  care_command_write (care_command_new (self->context, load_work, id, NULL),
                      care_reconciliation_load_async, cancellable, callback, user_data);
}

gboolean
care_reconciliation_load_finish (CareReconciliation *self, GAsyncResult *result, GError **error)
{
  g_autofree char *body = care_command_finish_result (result, error);

  care_reconciliation_read_body (self, body);
  return body != NULL;
}

static gboolean
discard_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  g_autoptr (StoreDraft) draft = store_draft_load (connection, c->texts[0], NULL);

  return !draft || store_draft_remove (connection, c->texts[0], error);
}

/* Forgets the answers. */
void
care_reconciliation_discard_async (CareReconciliation *self,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autofree char *id = dup_draft_id (self);

  g_hash_table_remove_all (self->answers);
  self->found = FALSE;
  care_command_write (care_command_new (self->context, discard_work, id, NULL),
                      care_reconciliation_discard_async, NULL, callback, user_data);
}

gboolean
care_reconcile_command_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
