/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-id.h"
#include "care-supply-ask-private.h"
#include "care-supply.h"
#include "fhir-builder.h"

/* Where a renewal goes. It belongs to no visit on whose page a patient chooses a pharmacy: it goes
 * to the one that asks for it, or else to the one that had the prescription which it renews. */

static gboolean
is_organization (const char *reference)
{
  return reference && g_str_has_prefix (reference, "Organization/");
}

/* (nullable): what names the pharmacy in @ask or in @last: "requester" or "owner" */
static FhirResource *
find_pharmacy (FhirResource *ask, FhirResource *last, const char **member)
{
  CareSupplyStep step = care_supply_step_of (last);

  *member = "requester";
  if (is_organization (fhir_resource_path_text (ask, "requester.reference")))
    return ask;
  *member = "owner";
  /* whoever turned it away, or lost it again, is not asked once more */
  return step != CARE_SUPPLY_STEP_NONE && step != CARE_SUPPLY_STEP_REFUSED &&
                 step != CARE_SUPPLY_STEP_GONE &&
                 is_organization (fhir_resource_path_text (last, "owner.reference"))
             ? last
             : NULL;
}

/* As the server names a patient's choice: however it comes about, one of a prescription. */
static char *
dup_id (FhirResource *renewed)
{
  g_autofree char *digest = base_sha256_hex (fhir_resource_get_id (renewed), -1);

  return g_strdup_printf ("dispense-%.32s", digest);
}

/**
 * care_supply_ask_send:
 * @ask: what is approved
 * @last: (nullable): by which a pharmacy had the prescription before
 * @renewed: what takes its place
 *
 * Asks a pharmacy to hand out a renewal, in the transaction in which it is signed. Nothing where no
 * pharmacy is known: then it is for the prescriber to print.
 */
gboolean
care_supply_ask_send (
    CareWrite *write, FhirResource *ask, FhirResource *last, FhirResource *renewed, GError **error)
{
  const char *member;
  FhirResource *from = find_pharmacy (ask, last, &member);
  const FhirElement *pharmacy = from ? fhir_resource_path (from, member) : NULL;
  const char *owner = pharmacy ? fhir_element_path_text (pharmacy, "reference") : NULL;
  g_autofree char *id = dup_id (renewed), *focus = fhir_resource_dup_reference (renewed);
  const char *now = fhir_resource_path_text (renewed, "authoredOn");
  g_autoptr (FhirBuilder) builder = NULL;

  if (!owner)
    return TRUE;
  builder = fhir_builder_new ("Task", id);
  fhir_builder_set_many (builder, "status", "requested", "intent", "order", "focus.reference",
                         focus, "for.reference",
                         fhir_resource_path_text (renewed, "subject.reference"), "authoredOn", now,
                         "lastModified", now, "requester.reference",
                         care_context_get_user_reference (write->context), "owner.reference", owner,
                         NULL);
  fhir_builder_set (builder, "owner.display", fhir_element_path_text (pharmacy, "display"));
  fhir_builder_set_coding (builder, "code", CARE_SYSTEM_TASK, CARE_SUPPLY_DISPENSE, NULL);
  /* picked up, or brought to where it was brought before */
  if (last && g_strcmp0 (owner, fhir_resource_path_text (last, "owner.reference")) == 0 &&
      fhir_resource_path (last, "input"))
    fhir_builder_set_element (builder, "input", fhir_resource_path (last, "input"));
  return care_write_put_builder (write, builder, error);
}
