/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-request.h"

#include "fhir-search-parameter.h"

/* /fhir/metadata: what the hub answers, and nothing else. */

static const char *
type_word (FhirSearchType type)
{
  static const char *const words[] = {
    [FHIR_SEARCH_TOKEN] = "token",       [FHIR_SEARCH_STRING] = "string",
    [FHIR_SEARCH_DATE] = "date",         [FHIR_SEARCH_REFERENCE] = "reference",
    [FHIR_SEARCH_QUANTITY] = "quantity", [FHIR_SEARCH_NUMBER] = "number",
    [FHIR_SEARCH_URI] = "uri",           [FHIR_SEARCH_COMPOSITE] = "composite",
    [FHIR_SEARCH_SPECIAL] = "special"
  };

  return words[type];
}

/* What is searched, and what comes along, is asked of the table that searches are read with. */
static void
append_parameters (GString *out, const char *type)
{
  g_auto (GStrv) names = fhir_search_parameter_list_names (type);

  for (guint i = 0; names[i] != NULL; i++)
    g_string_append_printf (out, "%s{\"name\":\"%s\",\"type\":\"%s\"}", i > 0 ? "," : "", names[i],
                            type_word (fhir_search_parameter_type (type, names[i], NULL)));
}

/* @target: (nullable): only references that may point at this type */
static gboolean
append_references (
    GString *out, const char *member, const char *type, const char *target, gboolean begun)
{
  g_auto (GStrv) names = fhir_search_parameter_list_names (type);

  for (guint i = 0; names[i] != NULL; i++)
    if (fhir_search_parameter_is_includable (type, names[i]) &&
        (target == NULL || fhir_search_parameter_has_target (type, names[i], target)))
      {
        g_string_append_printf (out, begun ? ",\"%s:%s\"" : ",\"%s\":[\"%s:%s\"",
                                begun ? type : member, begun ? names[i] : type, names[i]);
        begun = TRUE;
      }
  return begun;
}

static void
append_includes (GString *out, const char *type)
{
  gsize n;
  const char *const *types = fhir_resource_list_types (&n);
  gboolean begun = append_references (out, "searchInclude", type, NULL, FALSE);

  g_string_append (out, begun ? "]" : "");
  begun = FALSE;
  for (gsize i = 0; i < n; i++)
    begun = append_references (out, "searchRevInclude", types[i], type, begun);
  g_string_append (out, begun ? "]" : "");
}

typedef struct
{
  const char *type; /* NULL: of every type */
  const char *name, *definition;
} Operation;

#define CORE     "http://hl7.org/fhir/OperationDefinition/"
#define BULK     "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/"
#define BACKPORT "http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/"

static const Operation operations[] = {
  { NULL, "validate", CORE "Resource-validate" },
  { "Patient", "everything", CORE "Patient-everything" },
  { "Patient", "export", BULK "patient-export" },
  { "Group", "export", BULK "group-export" },
  { "Subscription", "get-ws-binding-token", BACKPORT "backport-subscription-get-ws-binding-token" },
  { "Subscription", "status", BACKPORT "backport-subscription-status" },
};

static void
append_operations (GString *out, const char *type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++)
    if (operations[i].type == NULL || g_str_equal (operations[i].type, type))
      g_string_append_printf (out, "%s{\"name\":\"%s\",\"definition\":\"%s\"}", i > 0 ? "," : "",
                              operations[i].name, operations[i].definition);
}

static void
append_type (GString *out, const char *type)
{
  static const char *const interactions[] = { "read",         "vread",  "update",
                                              "patch",        "delete", "history-instance",
                                              "history-type", "create", "search-type" };

  g_string_append_printf (out, "{\"type\":\"%s\",\"interaction\":[", type);
  for (gsize i = 0; i < G_N_ELEMENTS (interactions); i++)
    g_string_append_printf (out, "%s{\"code\":\"%s\"}", i > 0 ? "," : "", interactions[i]);
  g_string_append (
      out,
      "],\"versioning\":\"versioned-update\",\"readHistory\":true,\"updateCreate\":true,"
      "\"conditionalCreate\":true,\"conditionalRead\":\"full-support\",\"conditionalUpdate\":true,"
      "\"conditionalDelete\":\"single\",\"referencePolicy\":[\"literal\",\"local\"],"
      "\"searchParam\":[");
  append_parameters (out, type);
  g_string_append_c (out, ']');
  append_includes (out, type);
  g_string_append (out, ",\"operation\":[");
  append_operations (out, type);
  g_string_append (out, "]}");
}

/**
 * hub_request_capability:
 *
 * Returns: (transfer full): the CapabilityStatement as JSON
 */
char *
hub_request_capability (HubServer *server)
{
  const char *base_url = hub_server_get_base_url (server);
  g_autofree char *today = base_clock_dup_today (hub_server_get_clock (server));
  GString *out = g_string_sized_new (256 * 1024);
  gsize n;
  const char *const *types = fhir_resource_list_types (&n);

  g_string_append_printf (
      out,
      "{\"resourceType\":\"CapabilityStatement\",\"status\":\"active\",\"date\":\"%s\",\"kind\":"
      "\"instance\","
      "\"software\":{\"name\":\"bedside-hub\",\"version\":\"" BEDSIDE_VERSION "\"},"
      "\"implementation\":{\"description\":\"Bedside hub\",\"url\":\"%s/fhir\"},"
      "\"fhirVersion\":\"4.0.1\",\"format\":[\"application/"
      "fhir+json\",\"json\"],\"patchFormat\":[\"application/json-patch+json\"],"
      "\"instantiates\":[\"http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data\"],"
      "\"rest\":[{\"mode\":\"server\","
      "\"security\":{\"service\":[{\"coding\":[{\"system\":"
      "\"http://terminology.hl7.org/CodeSystem/"
      "restful-security-service\",\"code\":\"SMART-on-FHIR\"}]}],"
      "\"extension\":[{\"url\":\"http://fhir-registry.smarthealthit.org/StructureDefinition/"
      "oauth-uris\","
      "\"extension\":[{\"url\":\"authorize\",\"valueUri\":\"%s/auth/authorize\"},"
      "{\"url\":\"token\",\"valueUri\":\"%s/auth/token\"}]}]},"
      "\"interaction\":[{\"code\":\"transaction\"},{\"code\":\"batch\"},{\"code\":\"history-"
      "system\"}],"
      "\"searchParam\":[{\"name\":\"_has\",\"type\":\"special\",\"documentation\":\"_has:Type:"
      "reference:parameter, over one reference\"}],"
      "\"operation\":[{\"name\":\"export\",\"definition\":\"" BULK "export\"}],"
      "\"resource\":[",
      today, base_url, base_url, base_url);
  for (gsize i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_type (out, types[i]);
    }
  g_string_append (out, "]}]}");
  return g_string_free_and_steal (out);
}
