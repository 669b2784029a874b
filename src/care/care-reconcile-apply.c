/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-reconcile-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-id.h"
#include "care-prescription-private.h"

/* What one answer writes. A statement that was written with Bedside says from now on what was
 * found. Any other stays as it was sent, whoever is its source, and an order of ours changes by its
 * own verb alone: beside them a statement is made. */

static const char *const prescribers[] = { "prescriber", "admin", NULL };
static const char *const writers[] = { "prescriber", "nurse", "admin", NULL };

static gboolean
is_own_statement (const CareMedicineFact *fact)
{
  return !fact->side.is_order && care_medicine_is_written_here (fact->resource);
}

/* An order of ours that is not over: stopping the medicine stops it. */
gboolean
care_reconcile_is_own_order (const CareMedicineSide *side)
{
  return side->is_order && side->origin == CARE_MEDICINE_OURS &&
         care_medicine_state_is_current (side->state);
}

static gboolean
has_own_order (CareMedicine *row)
{
  for (guint i = 0; i < care_medicine_get_n_sides (row); i++)
    if (care_reconcile_is_own_order (care_medicine_get_side (row, i)))
      return TRUE;
  return FALSE;
}

/**
 * care_reconcile_may_act:
 *
 * Returns: whether whoever acts may do this to the medicine; else @error says who may
 */
gboolean
care_reconcile_may_act (CareContext *context,
                        CareMedicine *row,
                        CareReconcileAct act,
                        GError **error)
{
  if (act == CARE_RECONCILE_STOP && row && has_own_order (row))
    return care_require_role (context, "stop a prescription", prescribers, error);
  return care_require_role (context, "reconcile medicines", writers, error);
}

/* ---- words ---- */

/* The source; or, where it says two things, which of them. */
static const char *
words_of (CareMedicine *row, const CareMedicineSide *side)
{
  for (guint i = 0; i < care_medicine_get_n_sides (row); i++)
    {
      const CareMedicineSide *other = care_medicine_get_side (row, i);

      if (other != side && side->dosage && g_strcmp0 (other->source, side->source) == 0)
        return side->dosage;
    }
  return side->source;
}

/**
 * care_reconcile_dup_words:
 *
 * Returns: (transfer full): what was decided, and who said so
 */
char *
care_reconcile_dup_words (CareMedicine *row, const CareReconcileAnswer *answer)
{
  const char *who = care_reconcile_speaker_label (answer->speaker);
  const CareMedicineFact *holds = care_reconcile_find_holding (row, answer);

  switch (answer->act)
    {
    case CARE_RECONCILE_OPEN:
      break;
    case CARE_RECONCILE_CONTINUE:
      return holds && care_reconcile_needs_choice (row)
                 /* Translators: "continued as in “Our prescription” (The patient)" */
                 ? g_strdup_printf (_ ("continued as in “%s” (%s)"), words_of (row, &holds->side),
                                    who)
                 : g_strdup_printf (_ ("continued (%s)"), who);
    case CARE_RECONCILE_CHANGE:
      return g_strdup_printf (_ ("taken otherwise: %s (%s)"), answer->dosage, who);
    case CARE_RECONCILE_STOP:
      return g_strdup_printf (_ ("stopped: %s (%s)"), answer->reason, who);
    case CARE_RECONCILE_NOT_TAKEN:
      return answer->reason && *answer->reason
                 ? g_strdup_printf (_ ("not taken: %s (%s)"), answer->reason, who)
                 : g_strdup_printf (_ ("not taken (%s)"), who);
    }
  return NULL;
}

/* ---- statements ---- */

static void
set_speaker (FhirBuilder *builder, CareWrite *write, const CareReconcileAnswer *answer)
{
  g_autofree char *patient = g_strconcat ("Patient/", write->patient, NULL);

  fhir_builder_remove (builder, "informationSource");
  if (g_strcmp0 (answer->speaker, "patient") == 0)
    fhir_builder_set (builder, "informationSource.reference", patient);
  else if (g_strcmp0 (answer->speaker, "author") == 0)
    fhir_builder_set_many (builder, "informationSource.reference",
                           care_context_get_user_reference (write->context),
                           "informationSource.display", care_context_get_user_name (write->context),
                           NULL);
  else
    fhir_builder_set (builder, "informationSource.display",
                      care_reconcile_speaker_label (answer->speaker));
}

/* What goes on has not ended; an end that is still to come was planned, and stays. */
static void
clear_end (FhirBuilder *builder, const CareMedicineFact *before, const char *today)
{
  const char *end = fhir_resource_path_text (before->resource, "effectivePeriod.end");

  if (!end || (!care_medicine_state_is_over (before->side.state) &&
               strncmp (end, today, MIN (strlen (end), strlen (today))) >= 0))
    return;
  fhir_builder_remove (builder, "effectivePeriod.end");
  fhir_builder_prune (builder, "effectivePeriod");
}

/* What ends gets its end, and keeps its beginning. */
static void
set_end (FhirBuilder *builder, const CareMedicineFact *before, const char *today)
{
  const char *start =
      before ? fhir_resource_path_text (before->resource, "effectiveDateTime") : NULL;

  if (start)
    {
      fhir_builder_remove (builder, "effectiveDateTime");
      fhir_builder_set (builder, "effectivePeriod.start", start);
    }
  fhir_builder_set (builder, "effectivePeriod.end", today);
}

/* The dosage as the entry that holds has it, whole; or in the words that were typed: codes that say
 * something else go with the old words. @holds: (nullable): whose dosage it takes over */
static void
set_dosage (FhirBuilder *builder, const CareMedicineFact *holds, const CareReconcileAnswer *answer)
{
  const FhirElement *dosage;

  if (answer->act == CARE_RECONCILE_CHANGE)
    {
      fhir_builder_remove (builder, "dosage");
      fhir_builder_set (builder, "dosage.0.text", answer->dosage);
      return;
    }
  if (!holds)
    return;
  dosage = fhir_resource_path (holds->resource, "dosageInstruction");
  dosage = dosage ? dosage : fhir_resource_path (holds->resource, "dosage");
  fhir_builder_remove (builder, "dosage");
  if (dosage)
    fhir_builder_set_element (builder, "dosage", dosage);
}

/* "5 mg" and "10 mg" are names of their own: the medicine is the one of the entry that holds. */
static void
set_medicine (FhirBuilder *builder, const CareMedicineFact *fact)
{
  static const char *const names[] = { "medicationCodeableConcept", "medicationReference" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    fhir_builder_remove (builder, names[i]);
  if (fhir_resource_path (fact->resource, "medicationCodeableConcept"))
    fhir_builder_set_element (builder, "medicationCodeableConcept",
                              fhir_resource_path (fact->resource, "medicationCodeableConcept"));
  else if (fhir_resource_path_text (fact->resource, "medicationReference.reference") &&
           *fhir_resource_path_text (fact->resource, "medicationReference.reference") != '#')
    fhir_builder_set_element (builder, "medicationReference",
                              fhir_resource_path (fact->resource, "medicationReference"));
  else
    fhir_builder_set (builder, "medicationCodeableConcept.text", fact->side.name);
}

/* A statement goes on as the entry does that is right: what rests keeps resting. */
static const char *
status_of (const CareReconcileAnswer *answer, const CareMedicineFact *as)
{
  static const char *const statuses[CARE_N_RECONCILE_ACTS] = { NULL, "active", "active", "stopped",
                                                               "not-taken" };

  if (answer->act != CARE_RECONCILE_CONTINUE)
    return statuses[answer->act];
  if (as->side.state == CARE_MEDICINE_ON_HOLD)
    return "on-hold";
  return g_strcmp0 (fhir_resource_path_text (as->resource, "status"), "intended") == 0 ? "intended"
                                                                                       : "active";
}

/* The entry whose medicine and dosage are taken over: where somebody said that it is right, and in
 * a statement that is new. Nobody was asked about entries that say the same. */
static const CareMedicineFact *
find_model (CareMedicine *row, const CareReconcileAnswer *answer, const CareMedicineFact *before)
{
  const CareMedicineFact *holds = care_reconcile_find_holding (row, answer);

  return answer->act == CARE_RECONCILE_CONTINUE && holds != before &&
                 (!before || care_reconcile_needs_choice (row))
             ? holds
             : NULL;
}

/* @before: (nullable): the entry that changes */
static void
set_answer (FhirBuilder *builder,
            CareWrite *write,
            CareMedicine *row,
            const CareReconcileAnswer *answer,
            const CareMedicineFact *before)
{
  BaseClock *clock = care_context_get_clock (write->context);
  const CareMedicineFact *holds = care_reconcile_find_holding (row, answer);
  g_autofree char *now = base_clock_dup_instant (clock), *today = base_clock_dup_today (clock);

  fhir_builder_set_many (builder, "status", status_of (answer, holds ? holds : before),
                         "dateAsserted", now, NULL);
  fhir_builder_remove (builder, "statusReason");
  if (answer->reason && *answer->reason)
    fhir_builder_set (builder, "statusReason.0.text", answer->reason);
  set_speaker (builder, write, answer);
  set_dosage (builder, find_model (row, answer, before), answer);
  if (answer->act == CARE_RECONCILE_STOP)
    set_end (builder, before, today);
  else if (answer->act != CARE_RECONCILE_NOT_TAKEN && before)
    clear_end (builder, before, today);
}

static gboolean
put_new (CareWrite *write,
         CareMedicine *row,
         const CareReconcileAnswer *answer,
         GPtrArray *written,
         GError **error)
{
  gint64 now = base_clock_now (care_context_get_clock (write->context));
  g_autofree char *id = base_id_new (now),
                  *patient = g_strconcat ("Patient/", write->patient, NULL);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("MedicationStatement", id);
  const CareMedicineFact *holds = care_reconcile_find_holding (row, answer);

  fhir_builder_set_many (builder, "identifier.0.system", CARE_SYSTEM_STATEMENT_ID,
                         "identifier.0.value", id, "subject.reference", patient, NULL);
  set_medicine (builder, holds ? holds : care_medicine_get_fact (row, 0));
  set_answer (builder, write, row, answer, NULL);
  for (guint i = 0; i < care_medicine_get_n_sides (row); i++)
    {
      g_autofree char *path = g_strdup_printf ("derivedFrom.%u.reference", i);

      fhir_builder_set (builder, path, care_medicine_get_side (row, i)->reference);
    }
  g_ptr_array_add (written, g_strconcat ("MedicationStatement/", id, NULL));
  return care_write_put_builder (write, builder, error);
}

/* Of two entries of one source one is right: the other must not say the same a second time. */
static gboolean
is_superseded (CareMedicine *row, const CareReconcileAnswer *answer, const CareMedicineFact *fact)
{
  const CareMedicineFact *holds = care_reconcile_find_holding (row, answer);

  return answer->act == CARE_RECONCILE_CONTINUE && holds && holds != fact &&
         care_medicine_state_is_current (fact->side.state) &&
         g_str_equal (holds->bucket, fact->bucket);
}

static gboolean
put_changed (CareWrite *write,
             CareMedicine *row,
             const CareMedicineFact *fact,
             const CareReconcileAnswer *answer,
             GError **error)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (fact->resource);
  CareReconcileAnswer ended = { .act = CARE_RECONCILE_STOP, .speaker = answer->speaker };
  const CareMedicineFact *model = NULL;

  if (is_superseded (row, answer, fact))
    answer = &ended;
  model = find_model (row, answer, fact);
  if (model)
    set_medicine (builder, model);
  set_answer (builder, write, row, answer, fact);
  return care_write_put_builder (write, builder, error);
}

/* ---- one medicine ---- */

/* An order that holds says itself what is taken; whatever else was found needs a statement. */
static gboolean
needs_statement (CareMedicine *row, const CareReconcileAnswer *answer)
{
  const CareMedicineFact *holds = care_reconcile_find_holding (row, answer);

  if (answer->act == CARE_RECONCILE_CONTINUE)
    return holds && !care_reconcile_is_own_order (&holds->side);
  if (answer->act != CARE_RECONCILE_STOP)
    return TRUE;
  for (guint i = 0; i < care_medicine_get_n_sides (row); i++)
    {
      const CareMedicineSide *side = care_medicine_get_side (row, i);

      if (care_medicine_state_is_current (side->state) && !care_reconcile_is_own_order (side))
        return TRUE;
    }
  return FALSE;
}

/* What has ended already keeps its end and its reason; nor does it go on with the others. */
static gboolean
stays (CareMedicine *row, const CareReconcileAnswer *answer, const CareMedicineFact *fact)
{
  CareMedicineState state = fact->side.state;

  if (answer->act == CARE_RECONCILE_STOP)
    return state == CARE_MEDICINE_STOPPED || state == CARE_MEDICINE_COMPLETED;
  return care_reconcile_is_all (row, answer) && care_medicine_state_is_over (state);
}

gboolean
care_reconcile_apply (CareWrite *write,
                      CareMedicine *row,
                      const CareReconcileAnswer *answer,
                      GPtrArray *written,
                      GError **error)
{
  gboolean said = FALSE;

  if (!care_reconcile_may_act (write->context, row, answer->act, error))
    return FALSE;
  for (guint i = 0; i < care_medicine_get_n_sides (row); i++)
    {
      const CareMedicineFact *fact = care_medicine_get_fact (row, i);

      if (stays (row, answer, fact))
        continue;
      if (is_own_statement (fact))
        {
          if (!put_changed (write, row, fact, answer, error))
            return FALSE;
          g_ptr_array_add (written, g_strdup (fact->side.reference));
          said = TRUE;
        }
      else if (answer->act == CARE_RECONCILE_STOP && care_reconcile_is_own_order (&fact->side))
        {
          if (!care_prescription_end (write, fact->resource, "stopped", answer->reason, error))
            return FALSE;
          g_ptr_array_add (written, g_strdup (fact->side.reference));
        }
    }
  return said || !needs_statement (row, answer) || put_new (write, row, answer, written, error);
}
