/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-supply-end.h"

#include "base-id.h"
#include "care-supply.h"
#include "care-task-private.h"
#include "fhir-builder.h"

/* What ending an order means for a pharmacy that has it. The order is over at once, here; whether
 * the pharmacy can still stop is its to say, and stands in the chart until it has said so. */

static gboolean
ask_to_stop (CareWrite *write,
             FhirResource *request,
             FhirResource *dispense,
             const char *reason,
             GError **error)
{
  BaseClock *clock = care_context_get_clock (write->context);
  g_autofree char *id = base_id_new (base_clock_now (clock));
  g_autofree char *now = base_clock_dup_instant (clock);
  g_autofree char *focus = fhir_resource_dup_reference (request);
  g_autofree char *about = fhir_resource_dup_reference (dispense);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Task", id);

  fhir_builder_set_many (builder, "status", "requested", "intent", "order", "priority", "urgent",
                         "description", "Do not hand this out: the prescription is cancelled",
                         "focus.reference", focus, "basedOn.0.reference", about, "for.reference",
                         fhir_resource_path_text (request, "subject.reference"), "authoredOn", now,
                         "lastModified", now, "requester.reference",
                         care_context_get_user_reference (write->context), "owner.reference",
                         fhir_resource_path_text (dispense, "owner.reference"), NULL);
  fhir_builder_set (builder, "owner.display", fhir_resource_path_text (dispense, "owner.display"));
  fhir_builder_set (builder, "reasonCode.text", reason);
  fhir_builder_set_coding (builder, "code", CARE_SYSTEM_TASK, CARE_SUPPLY_CANCEL, NULL);
  return care_write_put_builder (write, builder, error);
}

/* What was handed out is with the patient, who alone can leave it untaken. */
static gboolean
ask_to_call (CareWrite *write, FhirResource *request, GError **error)
{
  g_autofree char *focus = fhir_resource_dup_reference (request);

  return care_task_put (write, CARE_SUPPLY_CALL,
                        "A prescription was cancelled after it had been handed out: call the "
                        "patient",
                        focus, "urgent", NULL, NULL, error);
}

/**
 * care_supply_end:
 * @request: as it was before it ended
 * @status: "cancelled", or "stopped" of what was taken
 *
 * Adds to what ends an order what a pharmacy, or the clinic, has to do about it: nothing where no
 * pharmacy has it; once, however often it is asked for.
 */
gboolean
care_supply_end (
    CareWrite *write, FhirResource *request, const char *status, const char *reason, GError **error)
{
  g_autoptr (CareSupply) supply =
      care_supply_load (write->connection, fhir_resource_get_id (request), error);
  CareSupplyFacts facts;

  if (!supply)
    return FALSE;
  care_supply_read (supply, request, &facts);
  if (facts.ended || supply->cancel)
    return TRUE;
  if (care_supply_is_open (supply))
    return ask_to_stop (write, request, supply->dispense, reason, error);
  /* a medicine that is stopped after it was taken for a while is no mistake to call about */
  return (facts.handed_out == 0 && !facts.partly) || !g_str_equal (status, "cancelled") ||
         ask_to_call (write, request, error);
}
