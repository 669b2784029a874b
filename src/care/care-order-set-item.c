/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-order-set-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-prescription-private.h"
#include "fhir-text.h"

/* One prescription of an order set: an ActivityDefinition that the PlanDefinition contains. Drug,
 * dosage and quantity stand in its own elements; for what else a MedicationRequest says it has
 * dynamic values, each a literal of FHIRPath. Source: the structures ActivityDefinition and
 * PlanDefinition of FHIR R4, https://hl7.org/fhir/r4/activitydefinition.html */

#define REPEATS      "dispenseRequest.numberOfRepeatsAllowed"
#define REASON       "reasonCode.text"
#define SUBSTITUTION "substitution.allowedBoolean"
#define WHY_NOT      "substitution.reason.text"

#define MAX_REPEATS 12 /* as far as the form goes */

void
care_order_set_item_free (CareOrderSetItem *self)
{
  g_free (self->code);
  g_free (self->name);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  g_free (self->problem);
  g_free (self->text);
  g_free (self->quantity);
  g_free (self->quantity_unit);
  g_free (self->reason);
  g_free (self->substitution_reason);
  g_free (self);
}

/* ---- literals of FHIRPath ---- */

/* (transfer full): a text in quotes */
static char *
quote (const char *text)
{
  g_autoptr (GString) out = g_string_new ("'");

  for (const char *at = text; *at; at++)
    if (*at == '\n')
      g_string_append (out, "\\n");
    else
      g_string_append_printf (out, "%s%c", *at == '\'' || *at == '\\' ? "\\" : "", *at);
  g_string_append_c (out, '\'');
  return g_string_free_and_steal (g_steal_pointer (&out));
}

/* (transfer full) (nullable): NULL where it is no plain text: nothing is computed here */
static char *
unquote (const char *literal)
{
  gsize length = literal ? strlen (literal) : 0;
  g_autoptr (GString) out = g_string_new (NULL);

  if (length < 2 || literal[0] != '\'' || literal[length - 1] != '\'')
    return NULL;
  for (const char *at = literal + 1; at < literal + length - 1; at++)
    if (*at == '\'')
      return NULL;
    else if (*at != '\\')
      g_string_append_c (out, *at);
    else if (++at < literal + length - 1 && strchr ("'\\\"/", *at))
      g_string_append_c (out, *at);
    else if (*at == 'n' && at < literal + length - 1)
      g_string_append_c (out, '\n');
    else
      return NULL;
  return out->len > 0 ? g_string_free_and_steal (g_steal_pointer (&out)) : NULL;
}

/* ---- writing ---- */

static void
set_value (FhirBuilder *builder, const char *at, const char *path, const char *literal)
{
  g_autofree char *values = g_strconcat (at, ".dynamicValue", NULL);
  g_autofree char *value =
      g_strdup_printf ("%s.%" G_GSIZE_FORMAT, values, fhir_builder_get_length (builder, values));
  g_autofree char *name = g_strconcat (value, ".path", NULL),
                  *language = g_strconcat (value, ".expression.language", NULL),
                  *expression = g_strconcat (value, ".expression.expression", NULL);

  fhir_builder_set_many (builder, name, path, language, "text/fhirpath", expression, literal, NULL);
}

static void
set_text (FhirBuilder *builder, const char *at, const char *path, const char *text)
{
  g_autofree char *literal = text ? quote (text) : NULL;

  if (literal)
    set_value (builder, at, path, literal);
}

static void
write_rest (FhirBuilder *builder, const char *at, CarePrescriptionDraft *draft)
{
  g_autofree char *quantity = NULL, *unit = NULL, *reason = NULL, *why = NULL;
  g_autofree char *value = g_strconcat (at, ".quantity.value", NULL),
                  *of = g_strconcat (at, ".quantity.unit", NULL), *count = NULL;
  gboolean fixed;
  int repeats;

  g_object_get (draft, "quantity", &quantity, "quantity-unit", &unit, "repeats", &repeats,
                "no-substitution", &fixed, "substitution-reason", &why, "reason", &reason, NULL);
  if (quantity)
    {
      fhir_builder_set_decimal (builder, value, quantity);
      fhir_builder_set (builder, of, unit);
    }
  count = g_strdup_printf ("%d", repeats);
  set_value (builder, at, REPEATS, count);
  set_text (builder, at, REASON, reason);
  if (fixed)
    {
      set_value (builder, at, SUBSTITUTION, "false");
      set_text (builder, at, WHY_NOT, why);
    }
}

/* The @index-th prescription of the set. */
gboolean
care_order_set_write_item (FhirBuilder *builder,
                           guint index,
                           CarePrescriptionDraft *draft,
                           GError **error)
{
  g_autofree char *at = g_strdup_printf ("contained.%u", index),
                  *action = g_strdup_printf ("action.%u", index),
                  *id = g_strdup_printf ("order-%u", index + 1), *canonical = NULL;
  g_autofree char *type = g_strconcat (at, ".resourceType", NULL),
                  *own_id = g_strconcat (at, ".id", NULL),
                  *status = g_strconcat (at, ".status", NULL),
                  *kind = g_strconcat (at, ".kind", NULL),
                  *product = g_strconcat (at, ".productCodeableConcept", NULL),
                  *text = g_strconcat (product, ".text", NULL),
                  *dosage = g_strconcat (at, ".dosage", NULL),
                  *title = g_strconcat (action, ".title", NULL),
                  *definition = g_strconcat (action, ".definitionCanonical", NULL);
  const char *name = care_prescription_draft_get_drug_name (draft);
  g_autoptr (GPtrArray) steps = care_prescription_draft_dup_steps (draft);

  fhir_builder_set_many (builder, type, "ActivityDefinition", own_id, id, status, "active", kind,
                         "MedicationRequest", NULL);
  fhir_builder_set_coding (builder, product, CARE_SYSTEM_RXNORM,
                           care_prescription_draft_get_drug_code (draft), name);
  fhir_builder_set (builder, text, name);
  if (!clinical_dosage_steps_to_fhir (steps, builder, dosage, error))
    return FALSE;
  write_rest (builder, at, draft);
  canonical = g_strconcat ("#", id, NULL);
  fhir_builder_set_many (builder, title, name, definition, canonical, NULL);
  return TRUE;
}

/* ---- reading ---- */

static const FhirElement *
find_definition (FhirResource *plan, const FhirElement *action)
{
  const char *canonical = fhir_element_path_text (action, "definitionCanonical");

  if (!canonical || *canonical != '#')
    return NULL;
  fhir_element_foreach (item, fhir_resource_path (plan, "contained"))
    if (g_strcmp0 (fhir_element_path_text (item, "id"), canonical + 1) == 0 &&
        g_strcmp0 (fhir_element_path_text (item, "resourceType"), "ActivityDefinition") == 0 &&
        g_strcmp0 (fhir_element_path_text (item, "kind"), "MedicationRequest") == 0)
      return item;
  return NULL;
}

static void
read_value (CareOrderSetItem *self, const char *path, const char *literal)
{
  g_autofree char *text = unquote (literal);

  if (g_strcmp0 (path, REPEATS) == 0)
    self->repeats =
        (int) CLAMP (g_ascii_strtoll (literal ? literal : "0", NULL, 10), 0, MAX_REPEATS);
  else if (g_strcmp0 (path, REASON) == 0 && text)
    g_set_str (&self->reason, text);
  else if (g_strcmp0 (path, SUBSTITUTION) == 0 && g_strcmp0 (literal, "false") == 0)
    self->no_substitution = TRUE;
  else if (g_strcmp0 (path, WHY_NOT) == 0 && text)
    g_set_str (&self->substitution_reason, text);
  else if (!self->problem)
    self->problem =
        g_strdup (_ ("This order set says more about it than the form can hold. Look closely."));
}

static void
read_definition (CareOrderSetItem *self, const FhirElement *definition)
{
  const FhirElement *dosages = fhir_element_get (definition, "dosage");
  g_autofree char *name =
      fhir_text_tidy (fhir_element_path_text (definition, "productCodeableConcept.text"));

  self->code =
      g_strdup (fhir_concept_get_code (fhir_element_get (definition, "productCodeableConcept"),
                                       CARE_SYSTEM_RXNORM));
  if (name)
    g_set_str (&self->name, name);
  self->text = clinical_dosage_display (dosages, NULL);
  self->steps = care_prescription_read_steps (dosages, &self->problem);
  self->quantity = g_strdup (fhir_element_path_text (definition, "quantity.value"));
  self->quantity_unit = g_strdup (fhir_element_path_text (definition, "quantity.unit"));
  fhir_element_foreach (value, fhir_element_get (definition, "dynamicValue"))
    read_value (self, fhir_element_path_text (value, "path"),
                fhir_element_path_text (value, "expression.expression"));
}

/* (transfer full): what is no prescription that can be read is kept by name, so that it is said. */
CareOrderSetItem *
care_order_set_read_item (FhirResource *plan, const FhirElement *action)
{
  CareOrderSetItem *self = g_new0 (CareOrderSetItem, 1);
  const FhirElement *definition = find_definition (plan, action);

  self->name = fhir_text_tidy (fhir_element_path_text (action, "title"));
  if (definition)
    read_definition (self, definition);
  if (!self->name)
    self->name = g_strdup (_ ("A part without a name"));
  return self;
}

/**
 * care_order_set_fill:
 * @draft: its drug is chosen already
 *
 * Writes into @draft what the set says of its dosage and supply.
 *
 * Returns: FALSE with an error that says what must be written anew; the rest is written
 */
gboolean
care_order_set_fill (const CareOrderSetItem *item, CarePrescriptionDraft *draft, GError **error)
{
  g_object_set (draft, "repeats", item->repeats, "reason", item->reason, "no-substitution",
                item->no_substitution, "substitution-reason", item->substitution_reason, NULL);
  if (!item->steps)
    {
      g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE,
                           item->problem ? item->problem : _ ("It has no dosage: write it."));
      return FALSE;
    }
  if (!care_prescription_draft_take (draft, item->steps, error))
    return FALSE;
  if (item->quantity && item->quantity_unit)
    g_object_set (draft, "quantity", item->quantity, "quantity-unit", item->quantity_unit, NULL);
  if (item->problem)
    g_set_error_literal (error, CARE_ERROR, CARE_ERROR_STATE, item->problem);
  return item->problem == NULL;
}
