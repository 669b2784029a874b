/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-resource.h"

#include <stdlib.h>
#include <string.h>

#include "fhir-private.h"

struct _FhirResource
{
  gatomicrefcount references;
  char *text;
  gsize length;
  yyjson_doc *document;
};

G_DEFINE_QUARK (fhir_error, fhir_error)

/* The resource types of FHIR R4 (4.0.1), http://hl7.org/fhir/R4/resourcelist.html, sorted. */
/* clang-format off */
static const char *const known_types[] = {
  "Account", "ActivityDefinition", "AdverseEvent", "AllergyIntolerance", "Appointment",
  "AppointmentResponse", "AuditEvent", "Basic", "Binary", "BiologicallyDerivedProduct",
  "BodyStructure", "Bundle", "CapabilityStatement", "CarePlan", "CareTeam", "CatalogEntry",
  "ChargeItem", "ChargeItemDefinition", "Claim", "ClaimResponse", "ClinicalImpression",
  "CodeSystem", "Communication", "CommunicationRequest", "CompartmentDefinition", "Composition",
  "ConceptMap", "Condition", "Consent", "Contract", "Coverage", "CoverageEligibilityRequest",
  "CoverageEligibilityResponse", "DetectedIssue", "Device", "DeviceDefinition", "DeviceMetric",
  "DeviceRequest", "DeviceUseStatement", "DiagnosticReport", "DocumentManifest",
  "DocumentReference", "EffectEvidenceSynthesis", "Encounter", "Endpoint", "EnrollmentRequest",
  "EnrollmentResponse", "EpisodeOfCare", "EventDefinition", "Evidence", "EvidenceVariable",
  "ExampleScenario", "ExplanationOfBenefit", "FamilyMemberHistory", "Flag", "Goal",
  "GraphDefinition", "Group", "GuidanceResponse", "HealthcareService", "ImagingStudy",
  "Immunization", "ImmunizationEvaluation", "ImmunizationRecommendation", "ImplementationGuide",
  "InsurancePlan", "Invoice", "Library", "Linkage", "List", "Location", "Measure",
  "MeasureReport", "Media", "Medication", "MedicationAdministration", "MedicationDispense",
  "MedicationKnowledge", "MedicationRequest", "MedicationStatement", "MedicinalProduct",
  "MedicinalProductAuthorization", "MedicinalProductContraindication",
  "MedicinalProductIndication", "MedicinalProductIngredient", "MedicinalProductInteraction",
  "MedicinalProductManufactured", "MedicinalProductPackaged", "MedicinalProductPharmaceutical",
  "MedicinalProductUndesirableEffect", "MessageDefinition", "MessageHeader", "MolecularSequence",
  "NamingSystem", "NutritionOrder", "Observation", "ObservationDefinition",
  "OperationDefinition", "OperationOutcome", "Organization", "OrganizationAffiliation",
  "Parameters", "Patient", "PaymentNotice", "PaymentReconciliation", "Person", "PlanDefinition",
  "Practitioner", "PractitionerRole", "Procedure", "Provenance", "Questionnaire",
  "QuestionnaireResponse", "RelatedPerson", "RequestGroup", "ResearchDefinition",
  "ResearchElementDefinition", "ResearchStudy", "ResearchSubject", "RiskAssessment",
  "RiskEvidenceSynthesis", "Schedule", "SearchParameter", "ServiceRequest", "Slot", "Specimen",
  "SpecimenDefinition", "StructureDefinition", "StructureMap", "Subscription", "Substance",
  "SubstanceNucleicAcid", "SubstancePolymer", "SubstanceProtein",
  "SubstanceReferenceInformation", "SubstanceSourceMaterial", "SubstanceSpecification",
  "SupplyDelivery", "SupplyRequest", "Task", "TerminologyCapabilities", "TestReport",
  "TestScript", "ValueSet", "VerificationResult", "VisionPrescription",
};
/* clang-format on */

static int
compare_names (const void *a, const void *b)
{
  return strcmp (a, *(const char *const *) b);
}

/**
 * fhir_resource_type_is_known:
 *
 * Returns: whether @type is a resource type of FHIR R4 (4.0.1)
 */
gboolean
fhir_resource_type_is_known (const char *type)
{
  return bsearch (type, known_types, G_N_ELEMENTS (known_types), sizeof *known_types,
                  compare_names) != NULL;
}

/**
 * fhir_resource_list_types:
 * @n: (out): how many there are
 *
 * Returns: (transfer none) (array length=n): the resource types of FHIR R4, sorted
 */
const char *const *
fhir_resource_list_types (gsize *n)
{
  *n = G_N_ELEMENTS (known_types);
  return known_types;
}

/**
 * fhir_id_is_valid:
 *
 * Returns: whether @id is a FHIR id: 1 to 64 of A-Z a-z 0-9 - .
 */
gboolean
fhir_id_is_valid (const char *id)
{
  gsize length = strspn (id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");

  return length >= 1 && length <= 64 && id[length] == '\0';
}

static gboolean
check_member_names (yyjson_val *object, GError **error)
{
  g_autoptr (GHashTable) seen = NULL;
  yyjson_obj_iter iter = yyjson_obj_iter_with (object);
  yyjson_val *key;
  const char *few[12];
  gsize n = 0;

  if (yyjson_obj_size (object) > G_N_ELEMENTS (few))
    seen = g_hash_table_new (g_str_hash, g_str_equal);
  while ((key = yyjson_obj_iter_next (&iter)) != NULL)
    {
      const char *name = yyjson_get_str (key);
      gboolean twice = FALSE;

      if (seen != NULL)
        twice = !g_hash_table_add (seen, (gpointer) name);
      else
        {
          for (gsize i = 0; i < n && !twice; i++)
            twice = strcmp (few[i], name) == 0;
          few[n++] = name;
        }
      if (twice)
        {
          g_set_error (error, FHIR_ERROR, FHIR_ERROR_DUPLICATE,
                       "The key “%s” stands twice in one object", name);
          return FALSE;
        }
    }
  return TRUE;
}

static gsize
children_of (yyjson_val *value)
{
  return yyjson_is_obj (value) ? 2 * yyjson_obj_size (value) : yyjson_arr_size (value);
}

/* Checks what parsing JSON leaves open: @levels that may still nest, keys named twice, and U+0000,
 * which would cut a text short for everybody who reads it up to its zero byte. */
gboolean
fhir_value_check (yyjson_val *value, guint levels, GError **error)
{
  yyjson_val *child = value + 1;

  if (levels == 0)
    {
      g_set_error (error, FHIR_ERROR, FHIR_ERROR_LIMIT, "Nested deeper than %u levels",
                   FHIR_MAX_DEPTH);
      return FALSE;
    }
  if (yyjson_is_str (value) && strlen (yyjson_get_str (value)) != yyjson_get_len (value))
    {
      g_set_error (error, FHIR_ERROR, FHIR_ERROR_VALUE, "A text holds the character U+0000");
      return FALSE;
    }
  if (yyjson_is_obj (value) && !check_member_names (value, error))
    return FALSE;
  /* Of an object, a key and its value stand one after the other; a key is checked as a text. */
  for (gsize left = children_of (value); left > 0; left--)
    {
      if (!fhir_value_check (child, levels - 1, error))
        return FALSE;
      child = unsafe_yyjson_get_next (child);
    }
  return TRUE;
}

static gboolean
check_resource (yyjson_val *root, GError **error)
{
  yyjson_val *type = yyjson_obj_get (root, "resourceType"), *id = yyjson_obj_get (root, "id");

  if (!yyjson_is_obj (root) || !yyjson_is_str (type))
    g_set_error (error, FHIR_ERROR, FHIR_ERROR_STRUCTURE,
                 "Not a FHIR resource: it has no “resourceType”");
  else if (!fhir_resource_type_is_known (yyjson_get_str (type)))
    g_set_error (error, FHIR_ERROR, FHIR_ERROR_STRUCTURE, "“%s” is not a resource type of FHIR R4",
                 yyjson_get_str (type));
  else if (id != NULL && (!yyjson_is_str (id) || !fhir_id_is_valid (yyjson_get_str (id))))
    g_set_error (error, FHIR_ERROR, FHIR_ERROR_VALUE,
                 "The id is not 1 to 64 letters, digits, “-” and “.”");
  else
    return TRUE;
  return FALSE;
}

/* A bundle may nest deeper than what it holds: a resource that could be stored can be
 * answered too. */
static guint
levels_of (yyjson_val *root)
{
  gboolean is_bundle = yyjson_equals_str (yyjson_obj_get (root, "resourceType"), "Bundle");

  return is_bundle ? FHIR_MAX_DEPTH + 16 : FHIR_MAX_DEPTH;
}

static FhirResource *
resource_take (char *text, gsize length, gboolean is_ours, GError **error)
{
  yyjson_read_err problem;
  yyjson_doc *document = yyjson_read_opts (text, length, FHIR_READ_FLAGS, NULL, &problem);
  yyjson_val *root = yyjson_doc_get_root (document);
  FhirResource *self;

  if (document == NULL)
    g_set_error (error, FHIR_ERROR, FHIR_ERROR_SYNTAX, "Not JSON at byte %" G_GSIZE_FORMAT ": %s",
                 problem.pos, problem.msg);
  if (document == NULL || (!is_ours && !fhir_value_check (root, levels_of (root), error)) ||
      !check_resource (root, error))
    {
      yyjson_doc_free (document);
      g_free (text);
      return NULL;
    }
  self = g_new0 (FhirResource, 1);
  g_atomic_ref_count_init (&self->references);
  self->text = text;
  self->length = length;
  self->document = document;
  return self;
}

/* A resource of a text that this program wrote of parts already checked: no limits, as they would
 * only turn a large answer into a crash. Takes @text. */
FhirResource *
fhir_resource_take_written (char *text, gsize length, GError **error)
{
  return resource_take (text, length, TRUE, error);
}

/**
 * fhir_resource_parse:
 * @text: JSON, UTF-8
 * @length: bytes of @text, or -1 where it ends with a zero byte
 *
 * Refuses what is no JSON, names a key twice, nests past %FHIR_MAX_DEPTH, is larger than
 * %FHIR_MAX_BYTES, or names no R4 resource type. Unknown elements are kept.
 *
 * Returns: (transfer full) (nullable): the resource
 */
FhirResource *
fhir_resource_parse (const char *text, gssize length, GError **error)
{
  gsize bytes = length < 0 ? strlen (text) : (gsize) length;
  char *copy;

  if (bytes > FHIR_MAX_BYTES)
    {
      g_set_error (error, FHIR_ERROR, FHIR_ERROR_LIMIT, "Larger than %u MiB",
                   FHIR_MAX_BYTES / 1024 / 1024);
      return NULL;
    }
  copy = g_malloc (bytes + 1);
  memcpy (copy, text, bytes);
  copy[bytes] = '\0';
  return resource_take (copy, bytes, FALSE, error);
}

/**
 * fhir_resource_new_from_element:
 * @element: an object inside another resource: a bundle's entry, a contained resource
 *
 * Returns: (transfer full) (nullable): that object as a resource of its own
 */
FhirResource *
fhir_resource_new_from_element (const FhirElement *element, GError **error)
{
  gsize length;
  char *text;

  if (fhir_element_get_kind (element) != FHIR_KIND_OBJECT)
    {
      g_set_error (error, FHIR_ERROR, FHIR_ERROR_STRUCTURE, "Not a FHIR resource: not an object");
      return NULL;
    }
  text = fhir_element_dup_json (element);
  length = strlen (text);
  return resource_take (text, length, FALSE, error);
}

FhirResource *
fhir_resource_ref (FhirResource *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
fhir_resource_unref (FhirResource *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  yyjson_doc_free (self->document);
  g_free (self->text);
  g_free (self);
}

const FhirElement *
fhir_resource_get_root (FhirResource *self)
{
  return ELEMENT (yyjson_doc_get_root (self->document));
}

/**
 * fhir_resource_get_text:
 * @length: (out) (optional): bytes of the text
 *
 * Returns: (transfer none): the JSON as it came, zero-terminated
 */
const char *
fhir_resource_get_text (FhirResource *self, gsize *length)
{
  if (length != NULL)
    *length = self->length;
  return self->text;
}

const char *
fhir_resource_get_type (FhirResource *self)
{
  return fhir_resource_path_text (self, "resourceType");
}

/**
 * fhir_resource_get_id:
 *
 * Returns: (transfer none) (nullable): the logical id; a resource that was never stored may have
 * none
 */
const char *
fhir_resource_get_id (FhirResource *self)
{
  return fhir_resource_path_text (self, "id");
}

/**
 * fhir_resource_get_version:
 *
 * Returns: (transfer none) (nullable): meta.versionId, opaque
 */
const char *
fhir_resource_get_version (FhirResource *self)
{
  return fhir_resource_path_text (self, "meta.versionId");
}

const char *
fhir_resource_get_updated (FhirResource *self)
{
  return fhir_resource_path_text (self, "meta.lastUpdated");
}

/**
 * fhir_resource_dup_reference:
 *
 * Returns: (transfer full): "Type/id"
 */
char *
fhir_resource_dup_reference (FhirResource *self)
{
  return g_strconcat (fhir_resource_get_type (self), "/", fhir_resource_get_id (self), NULL);
}

const char *
fhir_resource_path_text (FhirResource *self, const char *path)
{
  return fhir_element_path_text (fhir_resource_get_root (self), path);
}

const FhirElement *
fhir_resource_path (FhirResource *self, const char *path)
{
  return fhir_element_path (fhir_resource_get_root (self), path);
}
