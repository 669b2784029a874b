/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-supply-ask.h"

#include <string.h>

#include "base-id.h"
#include "care-supply-ask.h"
#include "care-supply.h"
#include "fhir-builder.h"
#include "fhir-concept.h"
#include "fhir-reference.h"
#include "hub-policy.h"
#include "hub-reply.h"
#include "hub-same.h"
#include "store-audit.h"
#include "store-resource.h"

/* A pharmacy asks by its own order, and makes no Task of its own: one that it owned would open
 * somebody's record to it (hub-reach.c). The hub makes the Task that a prescriber answers, and
 * writes the answer to the order, in the transaction in which either was said. */

#define MOST 20 /* questions about one order: then they have a telephone */

static const struct
{
  const char *kind, *code, *priority, *words;
} kinds[] = {
  { CARE_SUPPLY_KIND_DOSE, CARE_SUPPLY_CHANGE, "urgent",
    "A pharmacy asks whether a dose is meant" },
  { CARE_SUPPLY_KIND_SUBSTITUTE, CARE_SUPPLY_CHANGE, "urgent",
    "A pharmacy asks to hand out another product" },
  { CARE_SUPPLY_KIND_STOCK, CARE_SUPPLY_CHANGE, "urgent", "A pharmacy has none of a medicine" },
  { CARE_SUPPLY_KIND_RENEWAL, CARE_SUPPLY_RENEWAL, "routine", "A pharmacy asks for a renewal" },
};

static int
kind_of (FhirResource *dispense)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (fhir_concept_has_code (fhir_resource_path (dispense, "businessStatus"), CARE_SYSTEM_TASK,
                               kinds[i].kind))
      return (int) i;
  return -1;
}

/**
 * hub_supply_ask_is_one:
 *
 * Returns: whether a pharmacy's order asks a prescriber for something: while it waits, or, for a
 *   renewal, when it has handed out all
 */
gboolean
hub_supply_ask_is_one (FhirResource *dispense)
{
  int kind = kind_of (dispense);
  CareSupplyStep step = care_supply_step_of (dispense);

  return kind >= 0 &&
         step == (g_str_equal (kinds[kind].code, CARE_SUPPLY_RENEWAL) ? CARE_SUPPLY_STEP_DONE
                                                                      : CARE_SUPPLY_STEP_WAITS);
}

static gboolean
refuse (GError **error, int status, const char *sentence)
{
  g_set_error_literal (error, HUB_ERROR, status, sentence);
  return FALSE;
}

static gboolean
put (StoreConnection *connection, FhirResource *task, const char *detail, GError **error)
{
  g_autofree char *reference = fhir_resource_dup_reference (task);
  g_autofree char *patient = hub_policy_dup_patient (task);
  g_auto (StorePut) out = { 0 };

  return store_resource_put (connection, task, STORE_PUT_DEFAULT, NULL, &out, error) &&
         store_audit_append (connection, "write", "hub", patient, reference, detail, error);
}

/* The id comes of the order, of the kind of question and of its words: an answer takes the place of
 * the kind in businessStatus, and the id still tells what was asked. @n: how often it was before */
static char *
dup_id (FhirResource *dispense, int kind, guint n)
{
  g_autofree char *seed =
      g_strdup_printf ("%s %s %s %u", fhir_resource_get_id (dispense), kinds[kind].kind,
                       fhir_resource_path_text (dispense, "statusReason.text"), n);
  g_autofree char *digest = base_sha256_hex (seed, -1);

  return g_strdup_printf ("asked-%.32s", digest);
}

/* (transfer full) (nullable): an id for the question; NULL while the same waits for its answer, or
 * was asked too often. */
static char *
dup_free_id (StoreConnection *connection, FhirResource *dispense, int kind)
{
  for (guint n = 0; n < MOST; n++)
    {
      g_autofree char *id = dup_id (dispense, kind, n);
      g_autoptr (FhirResource) known = store_resource_get (connection, "Task", id, NULL);

      if (known == NULL)
        return g_steal_pointer (&id);
      if (care_supply_step_of (known) < CARE_SUPPLY_STEP_DONE)
        return NULL;
    }
  return NULL;
}

/**
 * hub_supply_ask_raise:
 * @dispense: of which hub_supply_ask_is_one()
 *
 * Makes the Task that a prescriber answers: one, until it was answered.
 */
gboolean
hub_supply_ask_raise (StoreConnection *connection,
                      FhirResource *request,
                      FhirResource *dispense,
                      GError **error)
{
  int kind = kind_of (dispense);
  g_autofree char *id = dup_free_id (connection, dispense, kind);
  g_autofree char *now = base_clock_dup_instant (store_connection_get_clock (connection));
  g_autofree char *focus = fhir_resource_dup_reference (request);
  g_autofree char *order = fhir_resource_dup_reference (dispense);
  g_autoptr (FhirBuilder) builder = NULL;
  g_autoptr (FhirResource) task = NULL;

  if (id == NULL)
    return TRUE;
  builder = fhir_builder_new ("Task", id);
  fhir_builder_set_many (builder, "status", "requested", "intent", "proposal", "priority",
                         kinds[kind].priority, "description", kinds[kind].words, "focus.reference",
                         focus, "basedOn.0.reference", order, "for.reference",
                         fhir_resource_path_text (request, "subject.reference"), "authoredOn", now,
                         "lastModified", now, NULL);
  fhir_builder_set (builder, "requester.reference",
                    fhir_resource_path_text (dispense, "owner.reference"));
  fhir_builder_set (builder, "requester.display",
                    fhir_resource_path_text (dispense, "owner.display"));
  fhir_builder_set (builder, "reasonCode.text",
                    fhir_resource_path_text (dispense, "statusReason.text"));
  fhir_builder_set_coding (builder, "code", CARE_SYSTEM_TASK, kinds[kind].code, NULL);
  fhir_builder_set_coding (builder, "businessStatus", CARE_SYSTEM_TASK, kinds[kind].kind, NULL);
  task = fhir_builder_end (builder);
  return put (connection, task, kinds[kind].code, error);
}

/**
 * hub_supply_ask_is_answer:
 *
 * Returns: whether @task holds a prescriber's answer
 */
gboolean
hub_supply_ask_is_answer (FhirResource *task)
{
  const FhirElement *status = fhir_resource_path (task, "businessStatus");

  return fhir_concept_has_code (status, CARE_SYSTEM_TASK, CARE_SUPPLY_APPROVED) ||
         fhir_concept_has_code (status, CARE_SYSTEM_TASK, CARE_SUPPLY_DECLINED);
}

static gboolean
is_ask (FhirResource *task)
{
  return care_supply_ask_is_code (
      fhir_concept_get_code (fhir_resource_path (task, "code"), CARE_SYSTEM_TASK));
}

/**
 * hub_supply_ask_closes:
 * @before: (nullable): as it is stored
 *
 * Returns: whether this answers what is asked of a prescriber, or makes it look answered
 */
gboolean
hub_supply_ask_closes (FhirResource *before, FhirResource *task)
{
  CareSupplyStep was = before != NULL ? care_supply_step_of (before) : CARE_SUPPLY_STEP_NONE;
  CareSupplyStep is = care_supply_step_of (task);

  if (!is_ask (task) && (before == NULL || !is_ask (before)))
    return FALSE;
  return (is >= CARE_SUPPLY_STEP_DONE && was != is) ||
         (hub_supply_ask_is_answer (task) &&
          (before == NULL || !hub_supply_ask_is_answer (before)));
}

/**
 * hub_supply_ask_stays:
 * @before: (nullable): as it is stored
 *
 * What was asked is what is answered, whoever writes: about whom, which prescription and in which
 * words is never changed, and an answer is given once.
 */
gboolean
hub_supply_ask_stays (FhirResource *before, FhirResource *task, GError **error)
{
  static const char *const asked[] = {
    "code", "focus", "for", "basedOn", "requester", "reasonCode"
  };
  static const char *const others[] = { "meta", "text", NULL };

  if (before == NULL || !is_ask (before))
    return TRUE;
  if ((hub_supply_ask_is_answer (before) ||
       care_supply_step_of (before) >= CARE_SUPPLY_STEP_DONE) &&
      !hub_same_but_for (before, task, others))
    return refuse (error, 409, "This was answered: an answer that comes later changes nothing.");
  for (gsize i = 0; i < G_N_ELEMENTS (asked); i++)
    if (!hub_same_at (before, task, asked[i]))
      return refuse (error, 403, "What is asked about a prescription stays as it was asked.");
  return hub_supply_ask_is_answer (task) || hub_same_at (before, task, "businessStatus") ||
         refuse (error, 403, "What is asked about a prescription stays as it was asked.");
}

/* Whether an answer is what was just written to @task, and not what it said before. */
static gboolean
is_answered_now (StoreConnection *connection, FhirResource *task)
{
  g_autoptr (GPtrArray) history =
      store_resource_history (connection, "Task", fhir_resource_get_id (task), 2, NULL);
  const StoreVersion *last = history != NULL && history->len > 1 ? history->pdata[1] : NULL;

  return hub_supply_ask_is_answer (task) &&
         (last == NULL || last->resource == NULL || !hub_supply_ask_is_answer (last->resource));
}

/* Whether @task asks what the order asks now, and not what it asked before. */
static gboolean
asks_this (FhirResource *order, FhirResource *task)
{
  int kind = kind_of (order);

  if (g_strcmp0 (fhir_resource_path_text (order, "statusReason.text"),
                 fhir_resource_path_text (task, "reasonCode.text")) != 0)
    return FALSE;
  for (guint n = 0; n < MOST; n++)
    {
      g_autofree char *id = dup_id (order, kind, n);

      if (g_strcmp0 (id, fhir_resource_get_id (task)) == 0)
        return TRUE;
    }
  return FALSE;
}

/* (transfer full) (nullable): the pharmacy's order, where it still waits for this answer */
static FhirResource *
read_order (StoreConnection *connection, FhirResource *request, FhirResource *task)
{
  const char *reference = fhir_resource_path_text (task, "basedOn.0.reference");
  g_autofree char *type = NULL;
  g_autofree char *id = NULL;
  g_autofree char *focus = fhir_resource_dup_reference (request);
  g_autoptr (FhirResource) order = NULL;

  if (reference == NULL || !fhir_reference_split (reference, &type, &id) ||
      strcmp (type, "Task") != 0)
    return NULL;
  order = store_resource_get (connection, type, id, NULL);
  if (order == NULL || !care_supply_is_of (request, order) || !hub_supply_ask_is_one (order) ||
      !asks_this (order, task) ||
      !fhir_concept_has_code (fhir_resource_path (order, "code"), CARE_SYSTEM_TASK,
                              CARE_SUPPLY_DISPENSE) ||
      g_strcmp0 (fhir_resource_path_text (order, "focus.reference"), focus) != 0)
    return NULL;
  return g_steal_pointer (&order);
}

/**
 * hub_supply_ask_answer:
 * @task: that a prescriber has just answered, or somebody changed
 *
 * Tells the pharmacy, by its own order, what was answered and in which words.
 */
gboolean
hub_supply_ask_answer (StoreConnection *connection,
                       FhirResource *request,
                       FhirResource *task,
                       GError **error)
{
  const char *answer =
      fhir_concept_get_code (fhir_resource_path (task, "businessStatus"), CARE_SYSTEM_TASK);
  const char *words = fhir_resource_path_text (task, "statusReason.text");
  g_autofree char *now = base_clock_dup_instant (store_connection_get_clock (connection));
  g_autoptr (FhirResource) order =
      is_answered_now (connection, task) ? read_order (connection, request, task) : NULL;
  g_autoptr (FhirBuilder) builder = NULL;
  g_autoptr (FhirResource) after = NULL;

  if (order == NULL)
    return TRUE;
  builder = fhir_builder_new_from (order);
  fhir_builder_set (builder, "lastModified", now);
  fhir_builder_remove (builder, "businessStatus");
  fhir_builder_set_coding (builder, "businessStatus", CARE_SYSTEM_TASK, answer, NULL);
  if (words != NULL)
    {
      gsize n = fhir_builder_get_length (builder, "note");
      g_autofree char *text = g_strdup_printf ("note.%" G_GSIZE_FORMAT ".text", n);
      g_autofree char *time = g_strdup_printf ("note.%" G_GSIZE_FORMAT ".time", n);

      fhir_builder_set_many (builder, text, words, time, now, NULL);
    }
  after = fhir_builder_end (builder);
  return put (connection, after, answer, error);
}
