/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-request.h"

#include <string.h>

#include "fhir-search-parameter.h"
#include "hub-generation.h"

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

/* Of each type, in the order of fhir_resource_list_types(), the references that may come along. */
static GPtrArray *
list_includable (void)
{
  GPtrArray *lists = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  gsize n;
  const char *const *types = fhir_resource_list_types (&n);

  for (gsize i = 0; i < n; i++)
    {
      g_auto (GStrv) names = fhir_search_parameter_list_names (types[i]);
      g_autoptr (GStrvBuilder) found = g_strv_builder_new ();

      for (guint j = 0; names[j] != NULL; j++)
        if (fhir_search_parameter_is_includable (types[i], names[j]))
          g_strv_builder_add (found, names[j]);
      g_ptr_array_add (lists, g_strv_builder_end (found));
    }
  return lists;
}

/* @target: (nullable): only references that may point at this type */
static gboolean
append_references (GString *out,
                   const char *member,
                   const char *type,
                   const char *const *names,
                   const char *target,
                   gboolean begun)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (target == NULL || fhir_search_parameter_has_target (type, names[i], target))
      {
        g_string_append_printf (out, begun ? ",\"%s:%s\"" : ",\"%s\":[\"%s:%s\"",
                                begun ? type : member, begun ? names[i] : type, names[i]);
        begun = TRUE;
      }
  return begun;
}

/* @place: of the type among all */
static void
append_includes (GString *out, gsize place, GPtrArray *includable)
{
  gsize n;
  const char *const *types = fhir_resource_list_types (&n);
  gboolean begun =
      append_references (out, "searchInclude", types[place], includable->pdata[place], NULL, FALSE);

  g_string_append (out, begun ? "]" : "");
  begun = FALSE;
  for (gsize i = 0; i < n; i++)
    begun = append_references (out, "searchRevInclude", types[i], includable->pdata[i],
                               types[place], begun);
  g_string_append (out, begun ? "]" : "");
}

typedef struct
{
  const char *type; /* NULL: of every type */
  const char *name, *definition;
} Operation;

#define CORE       "http://hl7.org/fhir/OperationDefinition/"
#define BULK       "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/"
#define GENERATION "https://bedside.health/fhir/StructureDefinition/store-generation"
#define BACKPORT   "http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/"

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
append_type (GString *out, gsize place, GPtrArray *includable)
{
  static const char *const interactions[] = { "read",         "vread",  "update",
                                              "patch",        "delete", "history-instance",
                                              "history-type", "create", "search-type" };
  gsize n;
  const char *type = fhir_resource_list_types (&n)[place];

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
  append_includes (out, place, includable);
  g_string_append (out, ",\"operation\":[");
  append_operations (out, type);
  g_string_append (out, "]}");
}

static char *
make_capability (const char *base_url, const char *today, const char *generation)
{
  g_autoptr (GPtrArray) includable = list_includable ();
  GString *out = g_string_sized_new (256 * 1024);
  gsize n;

  fhir_resource_list_types (&n);
  g_string_append_printf (
      out,
      "{\"resourceType\":\"CapabilityStatement\",\"status\":\"active\",\"date\":\"%s\",\"kind\":"
      "\"instance\","
      "\"software\":{\"name\":\"bedside-hub\",\"version\":\"" BEDSIDE_VERSION "\"},"
      "\"implementation\":{%s%s%s\"description\":\"Bedside hub\",\"url\":\"%s/fhir\"},"
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
      "reference:parameter, over one reference\"},{\"name\":\"_sort\",\"type\":\"special\","
      "\"documentation\":\"up to 3 parameters whose type is date, string, number, token or uri; by "
      "one of the latter three what has up to 5000 matches\"}],"
      "\"operation\":[{\"name\":\"export\",\"definition\":\"" BULK "export\"}],"
      "\"resource\":[",
      today,
      generation != NULL ? "\"extension\":[{\"url\":\"" GENERATION "\",\"valueString\":\"" : "",
      generation != NULL ? generation : "", generation != NULL ? "\"}]," : "", base_url, base_url,
      base_url);
  for (gsize i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_type (out, i, includable);
    }
  g_string_append (out, "]}]}");
  return g_string_free_and_steal (out);
}

/* Made once a day: it is the largest text that the hub answers with, and the first that every
 * workstation asks for. */
typedef struct
{
  char *today, *text;
} Capability;

static void
capability_free (Capability *self)
{
  g_free (self->today);
  g_free (self->text);
  g_free (self);
}

/**
 * hub_request_capability:
 *
 * Returns: (transfer full): the CapabilityStatement as JSON
 */
char *
hub_request_capability (HubServer *server)
{
  static const char key[] = "hub-capability";
  g_autofree char *today = base_clock_dup_today (hub_server_get_clock (server));
  Capability *kept = g_object_get_data (G_OBJECT (server), key);

  if (kept == NULL || strcmp (kept->today, today) != 0)
    {
      kept = g_new0 (Capability, 1);
      kept->text =
          make_capability (hub_server_get_base_url (server), today, hub_generation_get (server));
      kept->today = g_steal_pointer (&today);
      g_object_set_data_full (G_OBJECT (server), key, kept, (GDestroyNotify) capability_free);
    }
  return g_strdup (kept->text);
}
