/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-supply-ask.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-command.h"
#include "care-prescription-private.h"
#include "care-prescription-weight.h"
#include "care-safety.h"
#include "care-second-factor.h"
#include "care-signature.h"
#include "care-summary-private.h"
#include "care-supply-ask-private.h"
#include "care-supply.h"
#include "clinical-dose.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "fhir-query.h"
#include "fhir-reference.h"
#include "store-resource.h"
#include "store-search.h"

/* What waits for a prescriber's word: a renewal that a patient or a pharmacy asks for, and what a
 * pharmacy asks before it hands something out. Each is read with the prescription that it is about
 * and, where approving it signs a new one, with what every check says of that now. */

#define OPEN "requested,received,accepted,ready,in-progress,on-hold"

void
care_supply_ask_free (CareSupplyAsk *self)
{
  g_free (self->task_id);
  g_free (self->patient_id);
  g_free (self->patient);
  g_free (self->born);
  g_free (self->medicine);
  g_free (self->dosage);
  g_free (self->supply);
  g_free (self->from);
  g_free (self->words);
  g_free (self->what);
  g_free (self->problem);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  g_clear_pointer (&self->controlled, clinical_controlled_free);
  g_free (self->seen);
  g_free (self);
}

void
care_supply_approval_free (CareSupplyApproval *self)
{
  g_free (self->task_id);
  g_free (self->seen);
  g_clear_pointer (&self->reasons, g_hash_table_unref);
  g_free (self);
}

/**
 * care_supply_ask_is_code:
 * @code: (nullable): of CARE_SYSTEM_TASK
 *
 * Returns: whether a Task of this code is answered by approving or refusing it
 */
gboolean
care_supply_ask_is_code (const char *code)
{
  return g_strcmp0 (code, CARE_SUPPLY_RENEWAL) == 0 || g_strcmp0 (code, CARE_SUPPLY_CHANGE) == 0;
}

static FhirResource *
read_reference (StoreConnection *connection, const char *reference, const char *expected)
{
  g_autofree char *type = NULL, *id = NULL;

  if (!reference || !fhir_reference_split (reference, &type, &id) || strcmp (type, expected) != 0)
    return NULL;
  return store_resource_get (connection, type, id, NULL);
}

/* ---- whether it can be signed again as it stands ---- */

static gboolean
is_stopped (FhirResource *request)
{
  static const char *const ended[] = { "cancelled", "stopped", "entered-in-error", NULL };
  const char *status = fhir_resource_path_text (request, "status");

  return status && g_strv_contains (ended, status);
}

static gboolean
is_signed (FhirResource *request)
{
  const char *status = fhir_resource_path_text (request, "status");

  return (g_strcmp0 (status, "active") == 0 || g_strcmp0 (status, "completed") == 0) &&
         g_strcmp0 (fhir_resource_path_text (request, "intent"), "order") == 0;
}

static gboolean
says_one_thing (FhirResource *request)
{
  const FhirElement *dosages = fhir_resource_path (request, "dosageInstruction");

  fhir_element_foreach (dosage, dosages)
    if (!clinical_dosage_agrees (dosage))
      return FALSE;
  return fhir_element_get_length (dosages) > 0;
}

static gboolean
has_dates (FhirResource *request)
{
  fhir_element_foreach (dosage, fhir_resource_path (request, "dosageInstruction"))
    if (fhir_element_path (dosage, "timing.repeat.boundsPeriod") ||
        fhir_element_path (dosage, "timing.event"))
      return TRUE;
  return FALSE;
}

/* Whether an order is what somebody has prescribed in the place of another: whatever became of it
 * since, but no draft and no mistake. */
static gboolean
takes_place_of (FhirResource *order, const char *prior)
{
  static const char *const none[] = { "draft", "entered-in-error", NULL };
  const char *status = fhir_resource_path_text (order, "status");

  return g_strcmp0 (fhir_resource_path_text (order, "priorPrescription.reference"), prior) == 0 &&
         !(status && g_strv_contains (none, status));
}

/**
 * care_supply_ask_problem_of_successor:
 *
 * A prescription that was renewed is not renewed a second time: its successor is. And what was
 * stopped after it was renewed is not taken up again by way of the one before.
 *
 * Returns: (nullable): a sentence; NULL where nothing took its place
 */
const char *
care_supply_ask_problem_of_successor (StoreConnection *connection, FhirResource *request)
{
  g_autofree char *own = fhir_resource_dup_reference (request);
  g_autofree char *patient = care_patient_of (request);
  g_autofree char *query = g_strdup_printf ("patient=Patient/%s", patient ? patient : "-");
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "MedicationRequest", query, NULL);
  const char *problem = NULL;

  for (guint i = 0; ids && i < ids->len; i++)
    {
      g_autoptr (FhirResource) other =
          store_resource_get (connection, "MedicationRequest", ids->pdata[i], NULL);

      if (!other || !takes_place_of (other, own))
        continue;
      if (!is_stopped (other))
        return _ ("It was renewed already.");
      problem = _ ("It was stopped. Write a new prescription if it is to be taken.");
    }
  return problem;
}

/* (nullable): a sentence */
static const char *
problem_of_renewal (StoreConnection *connection, FhirResource *request, const CareSupply *supply)
{
  const char *problem;

  if (is_stopped (request))
    return _ ("It was stopped. Write a new prescription if it is to be taken.");
  if (!is_signed (request))
    return _ ("It is no signed prescription. Write one.");
  if (care_signature_check (connection, request, FALSE) == CARE_SIGNATURE_BROKEN)
    return care_signature_words (CARE_SIGNATURE_BROKEN);
  problem = care_supply_ask_problem_of_successor (connection, request);
  if (problem)
    return problem;
  if (supply && care_supply_is_open (supply))
    return _ ("A pharmacy still has it. Answer when it is handed out, or cancel it there first.");
  if (!says_one_thing (request))
    return _ ("The text and the codes of this prescription say different things. Write it again.");
  if (has_dates (request))
    return _ ("It was meant for certain days, which are over. Write a new prescription.");
  if (care_prescription_rests_on_weight (request) ||
      fhir_resource_path (request, "supportingInformation"))
    return _ ("Its dose was worked out of a weight. Write it again with the weight of today.");
  if (!fhir_resource_path (request, "medicationCodeableConcept"))
    return _ ("It names its medicine in a way that cannot be renewed here. Write it again.");
  return NULL;
}

/* ---- the order as it would be signed ---- */

/**
 * care_supply_ask_renewed:
 * @id: of the new one
 *
 * Returns: (transfer full): the same medicine, dosage and supply under a new number, in the name of
 *   who acts
 */
FhirResource *
care_supply_ask_renewed (CareContext *context,
                         FhirResource *request,
                         const char *id,
                         GPtrArray *issues)
{
  static const char *const kept[] = { "medicationCodeableConcept", "subject",  "reasonCode",
                                      "reasonReference",           "note",     "dosageInstruction",
                                      "dispenseRequest",           "category", "substitution" };
  g_autofree char *now = base_clock_dup_instant (care_context_get_clock (context));
  g_autofree char *prior = fhir_resource_dup_reference (request);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("MedicationRequest", id);

  fhir_builder_set_many (builder, "identifier.0.system", CARE_SYSTEM_PRESCRIPTION_ID,
                         "identifier.0.value", id, "status", "active", "intent", "order",
                         "authoredOn", now, "requester.reference",
                         care_context_get_user_reference (context), "requester.display",
                         care_context_get_user_name (context), "priorPrescription.reference", prior,
                         NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    if (fhir_resource_path (request, kept[i]))
      fhir_builder_set_element (builder, kept[i], fhir_resource_path (request, kept[i]));
  fhir_builder_remove (builder, "dispenseRequest.validityPeriod");
  fhir_builder_remove (builder, "dispenseRequest.performer");
  for (guint i = 0; i < issues->len; i++)
    {
      g_autofree char *path = g_strdup_printf ("detectedIssue.%u.reference", i);
      g_autofree char *reference = fhir_resource_dup_reference (issues->pdata[i]);

      fhir_builder_set (builder, path, reference);
    }
  return fhir_builder_end (builder);
}

/**
 * care_supply_ask_check:
 *
 * Returns: (transfer full) (element-type ClinicalFinding) (nullable): what the checks say of a
 *   renewal: against the chart without the prescription that it takes the place of
 */
GPtrArray *
care_supply_ask_check (StoreConnection *connection,
                       FhirResource *request,
                       ClinicalContent *content,
                       GError **error)
{
  g_autofree char *patient = care_patient_of (request);
  g_autoptr (ClinicalOrder) order = NULL;

  if (!content)
    {
      g_set_error (error, CARE_ERROR, CARE_ERROR_FINDINGS,
                   _ ("The list of medicines is not there, so nothing could be checked."));
      return NULL;
    }
  order = care_safety_order_of (request, content, NULL, NULL);
  return care_prescription_check_order (connection, patient ? patient : "",
                                        fhir_resource_get_id (request), order, content, error);
}

/* ---- reading one ---- */

static char *
dup_supply (FhirResource *request)
{
  const char *value = fhir_resource_path_text (request, "dispenseRequest.quantity.value");
  const FhirElement *repeats =
      fhir_resource_path (request, "dispenseRequest.numberOfRepeatsAllowed");
  g_autofree char *amount =
      value
          ? clinical_dose_amount (value, fhir_resource_path_text (request,
                                                                  "dispenseRequest.quantity.unit"))
          : NULL;
  gint64 n = CLAMP (fhir_element_get_integer (repeats, 0), 0, G_MAXINT);

  if (!amount)
    return g_strdup (_ ("How much is handed out is not recorded"));
  if (n == 0)
    return g_strdup_printf (_ ("Supply %s, no repeats"), amount);
  return g_strdup_printf (ngettext ("Supply %s, %d repeat", "Supply %s, %d repeats", (gulong) n),
                          amount, (int) n);
}

static void
read_order (CareSupplyAsk *self, StoreConnection *connection, FhirResource *request)
{
  CareChart chart = { .connection = connection };

  self->medicine = care_chart_medicine (&chart, request);
  self->dosage = clinical_dosage_display (fhir_resource_path (request, "dosageInstruction"), NULL);
  self->supply = dup_supply (request);
}

static void
read_patient (CareSupplyAsk *self, StoreConnection *connection, FhirResource *task)
{
  g_autoptr (FhirResource) patient =
      read_reference (connection, fhir_resource_path_text (task, "for.reference"), "Patient");
  const char *born = patient ? fhir_resource_path_text (patient, "birthDate") : NULL;

  self->patient_id = care_patient_of (task);
  self->patient = patient ? fhir_human_name_format (fhir_resource_path (patient, "name")) : NULL;
  self->born = born ? fhir_date_format (born, NULL) : NULL;
}

static char *
dup_from (StoreConnection *connection, FhirResource *task)
{
  const char *reference = fhir_resource_path_text (task, "requester.reference");
  g_autoptr (FhirResource) pharmacy = read_reference (connection, reference, "Organization");
  const char *name = pharmacy ? fhir_resource_path_text (pharmacy, "name")
                              : fhir_resource_path_text (task, "requester.display");

  if (reference && g_str_has_prefix (reference, "Patient/"))
    return g_strdup (_ ("The patient"));
  return g_strdup (name ? name : _ ("Who asks is not recorded"));
}

static const char *
what_of (FhirResource *task, gboolean is_renewal)
{
  static const struct
  {
    const char *kind, *words;
  } kinds[] = {
    { CARE_SUPPLY_KIND_DOSE, N_ ("Approving tells the pharmacy that the dose is meant as it is "
                                 "written.") },
    { CARE_SUPPLY_KIND_SUBSTITUTE,
      N_ ("Approving tells the pharmacy that it may hand out the other "
          "product.") },
    { CARE_SUPPLY_KIND_STOCK, N_ ("Approving tells the pharmacy that the patient can wait.") },
  };
  const FhirElement *status = fhir_resource_path (task, "businessStatus");

  if (is_renewal)
    return _ ("Approving signs a new prescription that takes the place of this one.");
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (fhir_concept_has_code (status, CARE_SYSTEM_TASK, kinds[i].kind))
      return _ (kinds[i].words);
  return _ ("Approving tells the pharmacy that you agree.");
}

/* All that was read, in one line of hexadecimal: another version, another finding, another name. */
static char *
dup_seen (const CareSupplyAsk *self, FhirResource *task, FhirResource *request)
{
  g_autoptr (GString) all = g_string_new (fhir_resource_get_version (task));
  g_autofree char *digest = request ? care_prescription_dup_digest (request) : NULL;

  g_string_append_printf (all, "\n%s\n%s\n%s", digest ? digest : "",
                          self->problem ? self->problem : "", self->what);
  if (self->controlled)
    g_string_append_printf (all, "\n%s", self->controlled->sentence);
  for (guint i = 0; self->findings && i < self->findings->len; i++)
    {
      const ClinicalFinding *finding = self->findings->pdata[i];
      g_autofree char *key = clinical_finding_dup_key (finding);

      if (finding->answer == CLINICAL_FOUND || clinical_finding_needs_reason (finding) ||
          finding->blocks)
        g_string_append_printf (all, "\n%s %s", key, finding->sentence);
    }
  return base_sha256_hex (all->str, (gssize) all->len);
}

/* @self: of a Task whose prescription is here */
static gboolean
read_renewal (CareSupplyAsk *self,
              StoreConnection *connection,
              FhirResource *request,
              ClinicalContent *content,
              GError **error)
{
  g_autoptr (CareSupply) supply =
      care_supply_load (connection, fhir_resource_get_id (request), error);
  g_autofree char *today = base_clock_dup_today (store_connection_get_clock (connection));
  const char *problem = supply ? problem_of_renewal (connection, request, supply) : NULL;

  if (!supply)
    return FALSE;
  self->problem = g_strdup (problem);
  if (problem)
    return TRUE;
  self->controlled = care_second_factor_of_request (connection, request, content, today);
  self->findings = care_supply_ask_check (connection, request, content, error);
  for (guint i = 0; self->findings && i < self->findings->len; i++)
    if (((ClinicalFinding *) self->findings->pdata[i])->blocks)
      g_set_str (&self->problem, ((ClinicalFinding *) self->findings->pdata[i])->sentence);
  return self->findings != NULL;
}

/**
 * care_supply_ask_read:
 * @task: of a code of care_supply_ask_is_code ()
 * @content: (nullable): without it nothing can be checked, and a renewal cannot be approved
 *
 * Returns: (transfer full) (nullable): what is asked, with all that is needed to answer
 */
CareSupplyAsk *
care_supply_ask_read (StoreConnection *connection,
                      FhirResource *task,
                      ClinicalContent *content,
                      GError **error)
{
  g_autoptr (CareSupplyAsk) self = g_new0 (CareSupplyAsk, 1);
  const FhirElement *code = fhir_resource_path (task, "code");
  const char *reason = fhir_resource_path_text (task, "reasonCode.text");
  g_autoptr (FhirResource) request =
      read_reference (connection, fhir_resource_path_text (task, "focus.reference"),
                      "MedicationRequest");
  g_autoptr (GError) unchecked = NULL;

  self->task_id = g_strdup (fhir_resource_get_id (task));
  self->is_renewal = fhir_concept_has_code (code, CARE_SYSTEM_TASK, CARE_SUPPLY_RENEWAL);
  self->since = care_chart_time (fhir_resource_path_text (task, "authoredOn"));
  self->from = dup_from (connection, task);
  self->words = g_strdup (reason ? reason : fhir_resource_path_text (task, "description"));
  self->what = g_strdup (what_of (task, self->is_renewal));
  read_patient (self, connection, task);
  if (!request)
    self->problem = g_strdup (_ ("The prescription itself is not on this computer yet."));
  else if (!care_supply_is_of (request, task))
    self->problem = g_strdup (_ ("It names a prescription of another patient. Refuse it."));
  else
    {
      read_order (self, connection, request);
      if (self->is_renewal && !read_renewal (self, connection, request, content, &unchecked))
        self->problem = g_strdup (unchecked->message);
      else if (!self->is_renewal && is_stopped (request))
        self->problem = g_strdup (_ ("It was stopped meanwhile. Refuse it."));
    }
  self->seen = dup_seen (self, task, request);
  return g_steal_pointer (&self);
}

static int
compare_oldest (gconstpointer a, gconstpointer b)
{
  const CareSupplyAsk *one = *(CareSupplyAsk *const *) a, *other = *(CareSupplyAsk *const *) b;

  if (one->since != other->since)
    return one->since < other->since ? -1 : 1;
  return strcmp (one->task_id, other->task_id);
}

static gboolean
add_page (StoreConnection *connection,
          FhirQuery *query,
          ClinicalContent *content,
          GPtrArray *list,
          char **cursor,
          GError **error)
{
  g_autoptr (StoreSearch) search = store_search (connection, query, error);

  for (guint i = 0; search && i < search->matches->len; i++)
    {
      CareSupplyAsk *ask =
          care_supply_ask_read (connection, search->matches->pdata[i], content, error);

      if (!ask)
        return FALSE;
      g_ptr_array_add (list, ask);
    }
  *cursor = search ? g_steal_pointer (&search->next_cursor) : NULL;
  return search != NULL;
}

/**
 * care_supply_ask_list:
 * @patient_id: (nullable): only about this patient
 *
 * Returns: (transfer full) (element-type CareSupplyAsk) (nullable): what waits for a prescriber's
 *   word, what waits longest first
 */
GPtrArray *
care_supply_ask_list (StoreConnection *connection,
                      BaseClock *clock,
                      const char *patient_id,
                      ClinicalContent *content,
                      GError **error)
{
  g_autofree char *text =
      g_strdup_printf ("code=" CARE_SYSTEM_TASK "|" CARE_SUPPLY_RENEWAL "," CARE_SYSTEM_TASK
                       "|" CARE_SUPPLY_CHANGE "&status=" OPEN "&_count=200%s%s",
                       patient_id ? "&patient=Patient/" : "", patient_id ? patient_id : "");
  g_autoptr (FhirQuery) query = fhir_query_parse ("Task", text, FALSE, error);
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify) care_supply_ask_free);
  char *cursor = NULL;

  if (!query)
    return NULL;
  do
    {
      g_free (query->cursor);
      query->cursor = cursor;
      if (!add_page (connection, query, content, list, &cursor, error))
        return NULL;
    }
  while (cursor);
  g_ptr_array_sort (list, compare_oldest);
  return g_steal_pointer (&list);
}

static gboolean
list_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  c->free_result = (GDestroyNotify) g_ptr_array_unref;
  c->result = care_supply_ask_list (connection, c->clock, c->texts[0],
                                    c->objects[0] ? CLINICAL_CONTENT (c->objects[0]) : NULL, error);
  return c->result != NULL;
}

void
care_supply_ask_list_async (CareContext *context,
                            const char *patient_id,
                            ClinicalContent *content,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  CareCommand *command = care_command_new (context, list_work, NULL);

  command->texts[0] = g_strdup (patient_id);
  command->objects[0] = content ? g_object_ref (G_OBJECT (content)) : NULL;
  care_command_read (command, care_context_get_store (context), care_supply_ask_list_async,
                     cancellable, callback, user_data);
}

/* (transfer full) (element-type CareSupplyAsk) (nullable) */
GPtrArray *
care_supply_ask_list_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}
