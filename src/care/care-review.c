/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-review.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-command.h"
#include "care-cover.h"
#include "care-journal.h"
#include "care-results-private.h"
#include "care-task-private.h"
#include "care-write.h"
#include "fhir-concept.h"
#include "fhir-observation.h"
#include "fhir-query.h"
#include "fhir-reference.h"
#include "store-draft.h"
#include "store-resource.h"
#include "store-search.h"

/* Answering a result: the Task that says who looked at it and what was decided, what follows from
 * it (what to tell the patient, an order, a call), and the Provenance of both, in one transaction.
 * It rests ten seconds before it may leave, and can be undone until it has. */

#define DRAFT_KIND "review"

static const char *const reviewers[] = { "prescriber", "nurse", "admin", NULL };
static const char *const orderers[] = { "prescriber", "admin", NULL };

/* One review on its way into the record. */
typedef struct
{
  CareWrite write;
  const CareReviewRequest *request;
  FhirResource *resource; /* what is reviewed */
  CareResult *result;
  gboolean is_red;
  GPtrArray *targets; /* references of what was written */
} Review;

static void
review_clear (Review *self)
{
  care_write_clear (&self->write);
  g_clear_pointer (&self->resource, fhir_resource_unref);
  g_clear_pointer (&self->result, care_result_unref);
  g_clear_pointer (&self->targets, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Review, review_clear)

static gboolean
is_blank (const char *text)
{
  return !text || strspn (text, " \t\r\n") == strlen (text);
}

static gboolean
put (Review *self, FhirBuilder *builder, GError **error)
{
  g_autoptr (FhirResource) resource = fhir_builder_end (builder);

  g_ptr_array_add (self->targets, fhir_resource_dup_reference (resource));
  return care_write_put (&self->write, resource, error);
}

static char *
new_id (Review *self)
{
  return base_id_new (base_clock_now (care_context_get_clock (self->write.context)));
}

static char *
now (Review *self)
{
  return base_clock_dup_instant (care_context_get_clock (self->write.context));
}

/* ---- may it be reviewed ---- */

static gboolean
check (Review *self, GError **error)
{
  g_autofree char *patient = care_patient_of (self->resource);
  g_autofree char *stamp = care_result_dup_stamp (self->result);
  const char *problem = NULL;
  int code = CARE_ERROR_STATE;

  if (g_strcmp0 (patient, self->request->patient_id) != 0)
    problem = _ ("This result belongs to another patient.");
  else if (self->result->state == CARE_RESULT_WITHHELD)
    problem = _ ("What cannot be shown safely cannot be reviewed here.");
  else if (!care_result_is_current (self->result))
    problem = _ ("The laboratory has withdrawn this result.");
  else if (g_strcmp0 (stamp, self->request->stamp) != 0)
    problem = _ ("The result has changed while you read it. Look at it again.");
  else if (is_blank (self->request->text) &&
           (self->is_red || self->request->action == CARE_REVIEW_TELL))
    {
      code = CARE_ERROR_MISSING;
      problem = self->is_red ? _ ("A critical result is closed by writing what was done.")
                             : _ ("The message is empty.");
    }
  if (problem)
    g_set_error_literal (error, CARE_ERROR, code, problem);
  return problem == NULL;
}

/* ---- what follows ---- */

static gboolean
put_order (Review *self, GError **error)
{
  g_autofree char *id = new_id (self), *authored = now (self);
  g_autofree char *patient = g_strconcat ("Patient/", self->request->patient_id, NULL);
  CareContext *context = self->write.context;
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("ServiceRequest", id);

  fhir_builder_set_many (builder, "status", "active", "intent", "order", "priority",
                         self->is_red ? "urgent" : "routine", "subject.reference", patient,
                         "authoredOn", authored, "requester.reference",
                         care_context_get_user_reference (context), "requester.display",
                         care_context_get_user_name (context), NULL);
  if (g_str_has_prefix (self->request->reference, "Observation/"))
    fhir_builder_set (builder, "reasonReference.0.reference", self->request->reference);
  else
    fhir_builder_set (builder, "supportingInfo.0.reference", self->request->reference);
  fhir_builder_set_element (builder, "code", fhir_resource_path (self->resource, "code"));
  fhir_builder_set (builder, "occurrenceDateTime", self->request->due_date);
  if (!is_blank (self->request->text))
    fhir_builder_set (builder, "note.0.text", self->request->text);
  return put (self, builder, error);
}

static gboolean
put_task (Review *self, const char *code, const char *form, char **task_id, GError **error)
{
  /* Others read it in their own locale: with the digits of the record. */
  g_autofree char *value = self->result->value ? fhir_observation_dup_value (self->resource) : NULL;
  g_autofree char *what =
      g_strdup_printf ("%s%s%s", self->result->name, value ? " " : "", value ? value : "");
  g_autofree char *first = g_strdup_printf (form, what);
  g_autofree char *text = g_strstrip (g_strdup (self->request->text ? self->request->text : ""));
  g_autofree char *words = *text ? g_strdup_printf ("%s. %s", first, text) : g_strdup (first);
  g_autofree char *id = NULL;

  if (!care_task_put (&self->write, code, words, self->request->reference,
                      self->is_red ? "asap" : "routine", self->request->due_date, &id, error))
    return FALSE;
  g_ptr_array_add (self->targets, g_strconcat ("Task/", id, NULL));
  if (task_id)
    *task_id = g_steal_pointer (&id);
  return TRUE;
}

/* Nothing carries words to a patient: they are prepared, and a task stands until somebody has told
 * them. */
static gboolean
put_tell (Review *self, GError **error)
{
  g_autofree char *id = new_id (self), *task_id = NULL;
  g_autofree char *patient = g_strconcat ("Patient/", self->request->patient_id, NULL);
  g_autofree char *text = g_strstrip (g_strdup (self->request->text));
  CareContext *context = self->write.context;
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Communication", id);

  if (!put_task (self, CARE_TASK_TELL, _ ("Tell the patient: %s"), &task_id, error))
    return FALSE;
  g_autofree char *task = g_strconcat ("Task/", task_id, NULL);
  fhir_builder_set_many (builder, "status", "preparation", "basedOn.0.reference", task,
                         "subject.reference", patient, "about.0.reference",
                         self->request->reference, "sender.reference",
                         care_context_get_user_reference (context), "sender.display",
                         care_context_get_user_name (context), "recipient.0.reference", patient,
                         "payload.0.contentString", text, NULL);
  return put (self, builder, error);
}

/* Only who may order orders; anyone else asks for it. */
static gboolean
put_follow_up (Review *self, GError **error)
{
  switch (self->request->action)
    {
    case CARE_REVIEW_DONE:
      return TRUE;
    case CARE_REVIEW_TELL:
      return put_tell (self, error);
    case CARE_REVIEW_REPEAT:
      return g_strv_contains (orderers, care_context_get_role (self->write.context))
                 ? put_order (self, error)
                 : put_task (self, "repeat-result", _ ("Order it again: %s"), NULL, error);
    case CARE_REVIEW_CALL:
      return put_task (self, "call-patient", _ ("Call the patient: %s"), NULL, error);
    }
  return FALSE;
}

/* ---- the review itself ---- */

/* The open Task about it, if somebody made one: the red one first. */
static gboolean
find_task (Review *self, FhirResource **found, GError **error)
{
  g_autofree char *text = g_strdup_printf (
      "focus=%s&status=requested,received,accepted,ready,in-progress,on-hold&_count=50",
      self->request->reference);
  g_autoptr (FhirQuery) query = fhir_query_parse ("Task", text, FALSE, error);
  g_autoptr (StoreSearch) search =
      query ? store_search (self->write.connection, query, error) : NULL;

  for (guint i = 0; search && i < search->matches->len; i++)
    {
      FhirResource *task = search->matches->pdata[i];
      const FhirElement *code = fhir_resource_path (task, "code");
      gboolean red = fhir_concept_has_code (code, CARE_SYSTEM_TASK, "critical-result");

      if (red || (!*found && fhir_concept_has_code (code, CARE_SYSTEM_TASK, "review-result")))
        {
          g_clear_pointer (found, fhir_resource_unref);
          *found = fhir_resource_ref (task);
          self->is_red |= red;
        }
    }
  return search != NULL;
}

static FhirBuilder *
builder_of_review (Review *self, FhirResource *open, const char *at)
{
  g_autofree char *id = open ? NULL : new_id (self);
  g_autofree char *patient = g_strconcat ("Patient/", self->request->patient_id, NULL);
  FhirBuilder *builder;

  if (open)
    return fhir_builder_new_from (open);
  builder = fhir_builder_new ("Task", id);
  fhir_builder_set_many (builder, "intent", "order", "priority", self->is_red ? "stat" : "routine",
                         "focus.reference", self->request->reference, "for.reference", patient,
                         "authoredOn", at, "requester.reference",
                         care_context_get_user_reference (self->write.context), NULL);
  fhir_builder_set_coding (builder, "code", CARE_SYSTEM_TASK,
                           self->is_red ? "critical-result" : "review-result", NULL);
  return builder;
}

static void
add_coded (FhirBuilder *builder, const char *list, const char *code, const char *text)
{
  gsize position = fhir_builder_get_length (builder, list);
  g_autofree char *type = g_strdup_printf ("%s.%" G_GSIZE_FORMAT ".type", list, position);
  g_autofree char *value = g_strdup_printf ("%s.%" G_GSIZE_FORMAT ".valueString", list, position);

  fhir_builder_set_coding (builder, type, CARE_SYSTEM_TASK, code, NULL);
  fhir_builder_set (builder, value, text);
}

static char *
dup_outcome (const CareReviewRequest *request)
{
  static const char *const words[] = { N_ ("Reviewed"), N_ ("The patient is to be told"),
                                       N_ ("To be repeated"), N_ ("The patient is to be called") };
  const char *first = _ (words[request->action]);
  g_autofree char *text = g_strstrip (g_strdup (request->text ? request->text : ""));

  return *text ? g_strdup_printf ("%s: %s", first, text) : g_strdup (first);
}

static gboolean
put_review (Review *self, FhirResource *open, GError **error)
{
  g_autofree char *at = now (self), *outcome = dup_outcome (self->request);
  g_autoptr (FhirBuilder) builder = builder_of_review (self, open, at);

  fhir_builder_set_many (builder, "status", "completed", "lastModified", at, "owner.reference",
                         care_context_get_user_reference (self->write.context), "owner.display",
                         care_context_get_user_name (self->write.context), NULL);
  /* a result that changes afterwards was not reviewed as it stands then */
  add_coded (builder, "input", "reviewed-version", self->request->stamp);
  add_coded (builder, "output", "outcome", outcome);
  return put (self, builder, error);
}

/* Who says so of themselves: their name stands beside what they wrote; and of a critical result,
 * for whom they stood in. */
static gboolean
put_provenance (Review *self, GError **error)
{
  g_autofree char *at = now (self);
  g_autoptr (FhirBuilder) builder =
      care_write_provenance (self->write.context, self->targets->pdata[0], at);

  for (guint i = 1; i < self->targets->len; i++)
    {
      g_autofree char *path = g_strdup_printf ("target.%u.reference", i);

      fhir_builder_set (builder, path, self->targets->pdata[i]);
    }
  fhir_builder_set_many (builder, "entity.0.role", "source", "entity.0.what.reference",
                         self->request->reference, NULL);
  if (self->is_red)
    {
      g_autofree char *orderer =
          care_cover_dup_orderer (self->write.connection, self->resource, NULL);

      if (!care_cover_add_behalf (self->write.connection, self->write.context, orderer, builder,
                                  error))
        return FALSE;
    }
  return care_write_put_builder (&self->write, builder, error);
}

static gboolean
remove_draft (Review *self, GError **error)
{
  g_autofree char *id = g_strdup_printf (DRAFT_KIND " %s %s", self->request->reference,
                                         care_context_get_user_reference (self->write.context));
  g_autoptr (StoreDraft) draft = store_draft_load (self->write.connection, id, NULL);

  return !draft || store_draft_remove (self->write.connection, id, error);
}

/**
 * care_review_write:
 * @group: (out) (optional): what care_review_undo() takes
 *
 * Writes that a result was looked at and what comes of it. A critical one needs words (hazard H18);
 * what changed since it was read, was withdrawn or cannot be shown is refused.
 */
gboolean
care_review_write (StoreConnection *connection,
                   CareContext *context,
                   const CareReviewRequest *request,
                   char **group,
                   GError **error)
{
  g_auto (Review) self = { .request = request };
  g_autoptr (FhirResource) open = NULL;

  if (!care_require_role (context, "review a result", reviewers, error))
    return FALSE;
  care_write_init (&self.write, connection, context, request->patient_id, CARE_PRIORITY_NORMAL);
  self.targets = g_ptr_array_new_with_free_func (g_free);
  self.write.hold = CARE_HOLD_UNDO;
  self.result = care_results_read_one (connection, request->patient_id, request->reference,
                                       care_context_get_clock (context), &self.resource, error);
  if (!self.result)
    return FALSE;
  self.is_red = care_result_get_critical (self.result) != NULL;
  if (!find_task (&self, &open, error) || !check (&self, error))
    return FALSE;
  if (self.is_red)
    self.write.priority = CARE_PRIORITY_PRESCRIPTION;
  if (!put_review (&self, open, error) || !put_follow_up (&self, error) ||
      !put_provenance (&self, error) || !remove_draft (&self, error) ||
      !care_write_audit (&self.write, "write", request->reference,
                         self.is_red ? "reviewed, critical" : "reviewed", error))
    return FALSE;
  if (group)
    *group = g_strdup (self.write.group);
  return TRUE;
}

/* ---- taking it back ---- */

/**
 * care_review_undo:
 * @group: from care_review_write()
 *
 * Takes a review back, with what followed from it. CARE_ERROR_TOO_LATE once it is on its way.
 */
gboolean
care_review_undo (StoreConnection *connection,
                  CareContext *context,
                  const char *group,
                  GError **error)
{
  g_autoptr (GPtrArray) entries = care_journal_open (connection, error);
  const StoreJournalEntry *first = NULL;
  g_autofree char *reference = NULL;
  g_auto (CareWrite) write = { 0 };

  if (!entries || !care_require_role (context, "take back a review", reviewers, error))
    return FALSE;
  for (guint i = 0; i < entries->len && !first; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];

      first = g_str_equal (entry->group, group) ? entry : NULL;
    }
  if (!care_journal_withdraw (connection, entries, group, error))
    return FALSE;
  reference = g_strconcat (first->type, "/", first->id, NULL);
  care_write_init (&write, connection, context, first->patient, CARE_PRIORITY_NORMAL);
  return care_write_audit (&write, "undo", reference, "review of a result", error);
}

/* ---- the patient was told ---- */

/**
 * care_review_put_told:
 * @task_id: of a Task CARE_TASK_TELL that is closed or opened again in @write
 *
 * Says of the words that the task is about that the patient has them, or has not.
 */
gboolean
care_review_put_told (CareWrite *write, const char *task_id, gboolean told, GError **error)
{
  g_autofree char *at = base_clock_dup_instant (care_context_get_clock (write->context));
  g_autofree char *text = g_strdup_printf ("based-on=Task/%s&_count=9", task_id);
  g_autoptr (FhirQuery) query = fhir_query_parse ("Communication", text, FALSE, error);
  g_autoptr (StoreSearch) search = query ? store_search (write->connection, query, error) : NULL;

  if (!search)
    return FALSE;
  for (guint i = 0; i < search->matches->len; i++)
    {
      FhirResource *words = search->matches->pdata[i];

      if (g_strcmp0 (fhir_resource_path_text (words, "status"),
                     told ? "preparation" : "completed") != 0)
        continue;
      g_autoptr (FhirBuilder) builder = fhir_builder_new_from (words);
      fhir_builder_set (builder, "status", told ? "completed" : "preparation");
      fhir_builder_remove (builder, "sent");
      if (told)
        fhir_builder_set (builder, "sent", at);
      if (!care_write_put_builder (write, builder, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- off the main thread ---- */

static gboolean
write_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  CareReviewRequest request = {
    command->texts[0], command->texts[1], command->texts[2], (CareReviewAction) command->number,
    command->texts[3], command->texts[4],
  };
  char *group = NULL;

  if (!care_review_write (connection, command->context, &request, &group, error))
    return FALSE;
  command->result = group;
  command->free_result = g_free;
  return TRUE;
}

void
care_review_write_async (CareContext *context,
                         const CareReviewRequest *request,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  CareCommand *command = care_command_new (context, write_work, request->patient_id,
                                           request->reference, request->stamp, NULL);

  command->texts[3] = g_strdup (request->text);
  command->texts[4] = g_strdup (request->due_date);
  command->number = (int) request->action;
  care_command_write (command, care_review_write_async, NULL, callback, user_data);
}

/* (transfer full) (nullable): the group, for care_review_undo_async() */
char *
care_review_write_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
undo_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_review_undo (connection, command->context, command->texts[0], error);
}

void
care_review_undo_async (CareContext *context,
                        const char *group,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  care_command_write (care_command_new (context, undo_work, group, NULL), care_review_undo_async,
                      NULL, callback, user_data);
}

gboolean
care_review_undo_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}

static gboolean
draft_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  const char *author = care_context_get_user_reference (command->context);
  g_autofree char *id = g_strdup_printf (DRAFT_KIND " %s %s", command->texts[1], author);
  g_autoptr (StoreDraft) before = store_draft_load (connection, id, NULL);

  if (is_blank (command->texts[2]))
    return !before || store_draft_remove (connection, id, error);
  return store_draft_save (connection, id, DRAFT_KIND, command->texts[0], author, NULL,
                           command->texts[2], error);
}

/* @text: empty when there is nothing left to keep */
void
care_review_draft_async (CareContext *context,
                         const char *patient_id,
                         const char *reference,
                         const char *text)
{
  care_command_write (care_command_new (context, draft_work, patient_id, reference, text, NULL),
                      care_review_draft_async, NULL, NULL, NULL);
}

static gboolean
load_draft_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  g_autofree char *id = g_strdup_printf (DRAFT_KIND " %s %s", command->texts[0],
                                         care_context_get_user_reference (command->context));
  g_autoptr (StoreDraft) draft = store_draft_load (connection, id, NULL);

  command->result = g_strdup (draft ? draft->body : "");
  command->free_result = g_free;
  return TRUE;
}

void
care_review_load_draft_async (CareContext *context,
                              const char *reference,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  care_command_read (care_command_new (context, load_draft_work, reference, NULL),
                     care_context_get_store (context), care_review_load_draft_async, NULL, callback,
                     user_data);
}

/* (transfer full) (nullable): what was typed before; empty when nothing was */
char *
care_review_load_draft_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}
