/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-unfinished.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-command.h"
#include "care-entry.h"
#include "care-journal.h"
#include "care-prescription-private.h"
#include "care-prescription-stage.h"
#include "care-reconcile-private.h"
#include "care-summary-private.h"
#include "care-supply.h"
#include "care-write.h"
#include "fhir-name.h"
#include "fhir-reference.h"
#include "store-resource.h"

/* What somebody began and did not end: drafts of every kind, and orders that no server has. All of
 * it is on disk already, so nothing is ever asked about saving. */

#define EXCERPT_CHARS 160

void
care_unfinished_free (CareUnfinished *self)
{
  g_free (self->id);
  g_free (self->patient);
  g_free (self->patient_name);
  g_free (self->problem);
  g_free (self->title);
  g_free (self->excerpt);
  g_free (self->missing);
  g_free (self->stage);
  g_free (self->target);
  g_free (self);
}

gboolean
care_unfinished_can_open (const CareUnfinished *self)
{
  return self->target != NULL && (self->patient_name != NULL || self->of_clinic);
}

/* (transfer full) (nullable): one line of it */
static char *
dup_excerpt (const char *text)
{
  g_autofree char *line = g_strstrip (g_strdelimit (g_strdup (text ? text : ""), "\r\n\t", ' '));

  if (*line == '\0')
    return NULL;
  if (g_utf8_strlen (line, -1) <= EXCERPT_CHARS)
    return g_steal_pointer (&line);
  g_autofree char *start = g_utf8_substring (line, 0, EXCERPT_CHARS);
  return g_strconcat (start, "…", NULL);
}

/* ---- the patient ---- */

static FhirResource *
get_reference (StoreConnection *connection, const char *reference)
{
  g_autofree char *type = NULL, *id = NULL;

  if (!reference || !fhir_reference_split (reference, &type, &id))
    return NULL;
  return store_resource_get (connection, type, id, NULL);
}

/* A draft stays where it was written: it is not moved to another chart without a person. */
static char *
dup_merged (StoreConnection *connection, FhirResource *patient)
{
  fhir_element_foreach (link, fhir_resource_path (patient, "link"))
    {
      g_autoptr (FhirResource) other = NULL;
      g_autofree char *name = NULL;

      if (g_strcmp0 (fhir_element_path_text (link, "type"), "replaced-by") != 0)
        continue;
      other = get_reference (connection, fhir_element_path_text (link, "other.reference"));
      name = other ? fhir_human_name_format (fhir_resource_path (other, "name"))
                   : g_strdup (_ ("another chart"));
      return g_strdup_printf (_ ("This chart was merged into %s: write there what still holds, "
                                 "then discard this."),
                              name);
    }
  return NULL;
}

static void
read_patient (StoreConnection *connection, CareUnfinished *self)
{
  g_autoptr (FhirResource) patient =
      self->patient ? store_resource_get (connection, "Patient", self->patient, NULL) : NULL;

  if (!self->patient)
    self->problem = g_strdup (_ ("It names no patient."));
  else if (!patient)
    self->problem = g_strdup (_ ("This chart is no longer on this computer."));
  else
    {
      self->patient_name = fhir_human_name_format (fhir_resource_path (patient, "name"));
      self->problem = dup_merged (connection, patient);
    }
}

/* ---- one kind after the other ---- */

typedef struct
{
  StoreConnection *connection;
  ClinicalContent *content; /* (nullable) */
} Reading;

static void
read_note (const Reading *reading, const StoreDraft *draft, CareUnfinished *self)
{
  self->title = g_strdup (_ ("Visit note"));
  self->excerpt = dup_excerpt (draft->body);
  self->missing = g_strdup (_ ("Not signed"));
  self->target = g_strdup ("note");
  self->resumes = TRUE;
}

static void
read_prescription (const Reading *reading, const StoreDraft *draft, CareUnfinished *self)
{
  g_autoptr (CarePrescriptionDraft) form =
      care_prescription_draft_new_from_body (draft->id, draft->patient, draft->author,
                                             draft->encounter, draft->body, NULL);
  const char *name = form ? care_prescription_draft_get_drug_name (form) : NULL;
  g_autoptr (GError) problem = NULL;

  self->title = name ? g_strdup_printf (_ ("Prescription: %s"), name)
                     : g_strdup (_ ("Prescription without a medicine"));
  self->excerpt = form ? care_prescription_draft_dup_text (form, NULL) : NULL;
  self->missing = form && !care_prescription_draft_is_complete (form, &problem)
                      ? g_strdup_printf (_ ("Not signed. %s"), problem->message)
                      : g_strdup (_ ("Not signed"));
  self->stage =
      g_strdup (form ? care_prescription_stage_of (reading->connection, form, reading->content)
                     : CARE_STAGE_DRAFT);
  self->target = g_strdup ("prescribe");
  self->resumes = TRUE;
}

/* "entry:PATIENT:ABOUT:AUTHOR", where ABOUT is "Condition/1", or "Condition" of a new one. */
static void
read_entry (const Reading *reading, const StoreDraft *draft, CareUnfinished *self)
{
  g_auto (GStrv) parts = g_strsplit (draft->id, ":", 4);
  const char *about = g_strv_length (parts) == 4 ? parts[2] : "";
  const char *slash = strchr (about, '/');
  g_autofree char *type = slash ? g_strndup (about, (gsize) (slash - about)) : g_strdup (about);
  CareEntryKind kind;
  gboolean known = care_entry_kind_of_type (type, &kind);

  self->title = g_strdup (known ? care_entry_kind_get_title (kind) : _ ("Entry of the record"));
  self->missing =
      g_strdup (slash ? _ ("The change is not saved") : _ ("The new entry is not saved"));
  if (known)
    self->target = slash ? g_strdup (about) : g_strconcat (type, "/", NULL);
  self->resumes = TRUE;
}

/* "review REFERENCE AUTHOR" */
static void
read_review (const Reading *reading, const StoreDraft *draft, CareUnfinished *self)
{
  g_auto (GStrv) parts = g_strsplit (draft->id, " ", 3);
  const char *about = g_strv_length (parts) == 3 ? parts[1] : NULL;
  g_autoptr (FhirResource) result = get_reference (reading->connection, about);
  g_autofree char *name = result ? care_chart_concept (result, "code") : NULL;

  self->title = name ? g_strdup_printf (_ ("Answer to a result: %s"), name)
                     : g_strdup (_ ("Answer to a result that is not here"));
  self->excerpt = dup_excerpt (draft->body);
  self->missing = g_strdup (_ ("The result is not answered"));
  self->target = g_strdup (result ? about : NULL);
}

/* "task-outcome Task/1 AUTHOR", "task-new Patient/1 AUTHOR" */
static void
read_task (const Reading *reading, const StoreDraft *draft, CareUnfinished *self)
{
  gboolean is_new = g_str_has_prefix (draft->id, "task-new ");

  self->title = g_strdup (is_new ? _ ("New task") : _ ("Outcome of a red task"));
  self->excerpt = dup_excerpt (draft->body);
  self->missing = g_strdup (is_new ? _ ("The task is not added") : _ ("The task is not closed"));
  self->target = g_strdup ("tasks");
  self->resumes = TRUE;
}

/* "addendum:DocumentReference/1:AUTHOR" */
static void
read_addendum (const Reading *reading, const StoreDraft *draft, CareUnfinished *self)
{
  g_auto (GStrv) parts = g_strsplit (draft->id, ":", 3);

  self->title = g_strdup (_ ("Addendum to a note"));
  self->excerpt = dup_excerpt (draft->body);
  self->missing = g_strdup (_ ("Not signed"));
  self->target = g_strdup (g_strv_length (parts) == 3 ? parts[1] : NULL);
}

static void
read_reconciliation (const Reading *reading, const StoreDraft *draft, CareUnfinished *self)
{
  self->title = g_strdup (_ ("Reconciliation of medicines"));
  self->missing = g_strdup (_ ("Not signed"));
  self->target = g_strdup ("medicines");
}

/* "form:NAME:ABOUT:AUTHOR" of the desk, where ABOUT is empty for something new. */
static void
read_form (const Reading *reading, const StoreDraft *draft, CareUnfinished *self)
{
  g_auto (GStrv) parts = g_strsplit (draft->id, ":", 4);
  const char *name = g_strv_length (parts) == 4 ? parts[1] : "";

  g_clear_pointer (&self->problem, g_free);
  self->of_clinic = TRUE;
  self->title = g_strdup (g_str_equal (name, "registration") ? _ ("Registration of a person")
                          : g_str_equal (name, "booking")    ? _ ("Booking of a visit")
                                                             : _ ("Form of the clinic"));
  self->missing = g_strdup (_ ("Not saved"));
  if (*name && *parts[2] == '\0')
    self->target = g_strdup (name);
}

static void
read_other (const Reading *reading, const StoreDraft *draft, CareUnfinished *self)
{
  self->title = g_strdup (_ ("Something of a kind that this program does not know"));
  self->excerpt = dup_excerpt (draft->body);
  self->missing = g_strdup (_ ("Not ended"));
}

static const struct
{
  const char *kind;
  void (*read) (const Reading *reading, const StoreDraft *draft, CareUnfinished *self);
} kinds[] = {
  { "note", read_note },
  { "addendum", read_addendum },
  { CARE_DRAFT_PRESCRIPTION, read_prescription },
  { CARE_DRAFT_RECONCILE, read_reconciliation },
  { "entry", read_entry },
  { "review", read_review },
  { "task", read_task },
  { "form", read_form },
  { NULL, read_other }, /* none is left out */
};

static CareUnfinished *
read_draft (const Reading *reading, const StoreDraft *draft)
{
  CareUnfinished *self = g_new0 (CareUnfinished, 1);
  gsize i = 0;

  self->id = g_strdup (draft->id);
  self->patient = g_strdup (draft->patient);
  self->since_us = draft->updated_us;
  self->is_draft = TRUE;
  read_patient (reading->connection, self);
  while (kinds[i].kind && g_strcmp0 (kinds[i].kind, draft->kind) != 0)
    i++;
  kinds[i].read (reading, draft, self);
  return self;
}

/* ---- what no server has ---- */

static char *
dup_order_title (FhirResource *order)
{
  gboolean is_medicine = g_str_equal (fhir_resource_get_type (order), "MedicationRequest");
  g_autofree char *name =
      care_chart_concept (order, is_medicine ? "medicationCodeableConcept" : "code");

  if (!name)
    return g_strdup (_ ("Order"));
  return g_strdup_printf (is_medicine ? _ ("Prescription: %s") : _ ("Order: %s"), name);
}

static char *
dup_stage (StoreConnection *connection, GPtrArray *journal, FhirResource *order)
{
  g_autoptr (CareDelivery) delivery =
      care_delivery_of (connection, order, journal,
                        base_clock_now (store_connection_get_clock (connection)));

  return g_strdup (care_delivery_state_get_nick (delivery->state));
}

/* An order is one, however many records it is: its Provenance and the like are not listed. */
static void
add_unsent (StoreConnection *connection,
            GPtrArray *journal,
            const StoreJournalEntry *entry,
            GPtrArray *list)
{
  g_autofree char *reference = g_strconcat (entry->type, "/", entry->id, NULL);
  g_autoptr (FhirResource) order = NULL;
  CareUnfinished *self;

  if (!g_str_equal (entry->type, "MedicationRequest") &&
      !g_str_equal (entry->type, "ServiceRequest"))
    return;
  for (guint i = 0; i < list->len; i++)
    if (g_str_equal (((CareUnfinished *) list->pdata[i])->id, reference))
      return;
  order = store_resource_get (connection, entry->type, entry->id, NULL);
  self = g_new0 (CareUnfinished, 1);
  self->id = g_strdup (reference);
  self->patient = g_strdup (entry->patient);
  self->since_us = entry->created_us;
  self->title = order ? dup_order_title (order) : g_strdup (_ ("Order"));
  self->missing = g_strdup (_ ("Signed, and not at the server: see the outbox"));
  if (order && g_str_equal (entry->type, "MedicationRequest"))
    self->stage = dup_stage (connection, journal, order);
  self->target = g_steal_pointer (&reference);
  read_patient (connection, self);
  g_ptr_array_add (list, self);
}

/* ---- the list ---- */

/* By patient, those without a chart first; what waits longest first. */
static int
compare (gconstpointer a, gconstpointer b)
{
  const CareUnfinished *x = *(CareUnfinished *const *) a, *y = *(CareUnfinished *const *) b;
  int names = g_strcmp0 (x->patient_name, y->patient_name);

  if (names == 0)
    names = g_strcmp0 (x->patient, y->patient);
  if (names != 0)
    return names;
  return (x->since_us > y->since_us) - (x->since_us < y->since_us);
}

/**
 * care_unfinished_list:
 * @patient_id: (nullable): only what is about this patient
 * @content: (nullable): the clinical content, which says of a prescription whether it is checked
 *
 * Returns: (transfer full) (nullable) (element-type CareUnfinished): what the user began, by
 * patient
 */
GPtrArray *
care_unfinished_list (StoreConnection *connection,
                      CareContext *context,
                      const char *patient_id,
                      ClinicalContent *content,
                      GError **error)
{
  const Reading reading = { connection, content };
  g_autoptr (GPtrArray) drafts =
      store_draft_list (connection, care_context_get_user_reference (context), patient_id, error);
  g_autoptr (GPtrArray) journal = drafts ? care_journal_open (connection, error) : NULL;
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify) care_unfinished_free);

  for (guint i = 0; journal && i < drafts->len; i++)
    {
      const StoreDraft *draft = drafts->pdata[i];

      /* kept for Undo alone: the order itself is in the journal */
      if (g_strcmp0 (draft->kind, CARE_DRAFT_SIGNED) != 0 &&
          g_strcmp0 (draft->kind, CARE_DRAFT_RECONCILE_SIGNED) != 0)
        g_ptr_array_add (list, read_draft (&reading, draft));
    }
  for (guint i = 0; journal && i < journal->len; i++)
    {
      const StoreJournalEntry *entry = journal->pdata[i];

      if (!patient_id || g_strcmp0 (entry->patient, patient_id) == 0)
        add_unsent (connection, journal, entry, list);
    }
  g_ptr_array_sort (list, compare);
  return journal ? g_steal_pointer (&list) : NULL;
}

/* ---- discarding ---- */

/**
 * care_unfinished_discard:
 *
 * Returns: (transfer full) (nullable): what was thrown away, for care_unfinished_restore ()
 */
StoreDraft *
care_unfinished_discard (StoreConnection *connection,
                         CareContext *context,
                         const char *draft_id,
                         GError **error)
{
  g_autoptr (StoreDraft) draft = store_draft_load (connection, draft_id, error);

  if (!draft)
    return NULL;
  if (g_strcmp0 (draft->author, care_context_get_user_reference (context)) != 0)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_AUTHOR,
                           _ ("Somebody else wrote this: only they discard it."));
      return NULL;
    }
  if (!store_draft_remove (connection, draft_id, error))
    return NULL;
  return g_steal_pointer (&draft);
}

/* What was begun anew meanwhile stays, and this one is not put over it. */
gboolean
care_unfinished_restore (StoreConnection *connection, const StoreDraft *draft, GError **error)
{
  g_autoptr (StoreDraft) there = store_draft_load (connection, draft->id, NULL);

  if (there)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                           _ ("It was begun anew meanwhile: what was discarded cannot come back."));
      return FALSE;
    }
  return store_draft_save (connection, draft->id, draft->kind, draft->patient, draft->author,
                           draft->encounter, draft->body, error);
}

/* ---- off the main thread ---- */

static gboolean
list_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = (GDestroyNotify) g_ptr_array_unref;
  command->result =
      care_unfinished_list (connection, command->context, command->texts[0],
                            command->objects[0] ? CLINICAL_CONTENT (command->objects[0]) : NULL,
                            error);
  return command->result != NULL;
}

void
care_unfinished_list_async (CareContext *context,
                            const char *patient_id,
                            ClinicalContent *content,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  CareCommand *command = care_command_new (context, list_work, patient_id, NULL);

  command->objects[0] = content ? g_object_ref (G_OBJECT (content)) : NULL;
  care_command_read (command, care_context_get_store (context), care_unfinished_list_async,
                     cancellable, callback, user_data);
}

GPtrArray *
care_unfinished_list_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
discard_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = (GDestroyNotify) store_draft_free;
  command->result =
      care_unfinished_discard (connection, command->context, command->texts[0], error);
  return command->result != NULL;
}

void
care_unfinished_discard_async (CareContext *context,
                               const char *draft_id,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  care_command_write (care_command_new (context, discard_work, draft_id, NULL),
                      care_unfinished_discard_async, NULL, callback, user_data);
}

StoreDraft *
care_unfinished_discard_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}

static gboolean
restore_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  return care_unfinished_restore (connection, command->result, error);
}

/* @draft: (transfer full) */
void
care_unfinished_restore_async (CareContext *context,
                               StoreDraft *draft,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  CareCommand *command = care_command_new (context, restore_work, NULL);

  command->result = draft;
  command->free_result = (GDestroyNotify) store_draft_free;
  care_command_write (command, care_unfinished_restore_async, NULL, callback, user_data);
}

gboolean
care_unfinished_restore_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish (result, error);
}
