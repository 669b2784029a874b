/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-export-private.h"

#include <string.h>

#include "fhir-reference.h"
#include "hub-page.h"
#include "hub-reply.h"

/* What a kick-off asks for: in the query of a GET, or in the Parameters of a POST, which may name
 * patients besides, since an id of a patient belongs in no URL. */

typedef struct
{
  const char *name;
  const char *const *values; /* where Parameters say it */
} Parameter;

static const char *const words[] = { "valueString", "valueCode", "valueUri", NULL };
static const char *const times[] = { "valueInstant", "valueDateTime", "valueDate", NULL };
static const char *const references[] = { "valueReference.reference", NULL };

static const Parameter parameters[] = {
  { "_outputFormat", words },
  { "_since", times },
  { "_type", words },
  { "patient", references },
};

static gboolean
read_types (HubExportJob *job, const char *text, GError **error)
{
  g_auto (GStrv) types = NULL;

  if (text == NULL)
    return TRUE;
  types = g_strsplit (text, ",", -1);
  job->types = g_ptr_array_new_with_free_func (g_free);
  for (char **type = types; *type != NULL; type++)
    if (!fhir_resource_type_is_known (*type))
      {
        g_set_error (error, HUB_ERROR, 400, "“_type”: “%s” is no resource type of FHIR R4", *type);
        return FALSE;
      }
    else if (!g_ptr_array_find_with_equal_func (job->types, *type, g_str_equal, NULL))
      g_ptr_array_add (job->types, g_strdup (*type));
  return TRUE;
}

static gboolean
check_format (const char *format, GError **error)
{
  static const char *const known[] = { "application/fhir+ndjson", "application/ndjson", "ndjson",
                                       NULL };

  /* “+” stands for a space in a query, and hardly anyone minds. */
  if (format == NULL || g_strv_contains (known, format) ||
      g_str_equal (format, "application/fhir ndjson"))
    return TRUE;
  g_set_error (error, HUB_ERROR, 400, "“_outputFormat=%s”: an export is application/fhir+ndjson",
               format);
  return FALSE;
}

static gboolean
add_patient (HubExportJob *job, const char *own, const char *reference, GError **error)
{
  g_autofree char *type = NULL;
  g_autofree char *id = NULL;
  const char *local = g_str_has_prefix (reference, own) ? reference + strlen (own) : reference;

  if (!job->place.of_patients)
    {
      g_set_error (error, HUB_ERROR, 400,
                   "“patient” goes with an export of patients or of a group, not with one of all");
      return FALSE;
    }
  if (!fhir_reference_split (local, &type, &id) || strcmp (type, "Patient") != 0)
    {
      g_set_error (error, HUB_ERROR, 400,
                   "“patient”: “%s” is no reference to a patient here, as Patient/1", reference);
      return FALSE;
    }
  if (job->asked == NULL)
    job->asked = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (job->asked, g_steal_pointer (&id));
  return TRUE;
}

static const Parameter *
find_parameter (const char *name)
{
  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (parameters); i++)
    if (strcmp (parameters[i].name, name) == 0)
      return &parameters[i];
  return NULL;
}

static const char *
value_of (const FhirElement *element, const Parameter *parameter)
{
  for (const char *const *path = parameter->values; *path != NULL; path++)
    if (fhir_element_path_text (element, *path) != NULL)
      return fhir_element_path_text (element, *path);
  return NULL;
}

/* One of the Parameters joins what was read before: a list of types may come in several. */
static gboolean
add_parameter (GHashTable *read, const FhirElement *element, GError **error)
{
  const char *name = fhir_element_path_text (element, "name");
  const Parameter *parameter = find_parameter (name);
  const char *value = parameter != NULL ? value_of (element, parameter) : NULL;
  const char *before = parameter != NULL ? g_hash_table_lookup (read, name) : NULL;

  if (parameter == NULL)
    g_set_error (error, HUB_ERROR, 400, "“%s” is not supported for an export",
                 name != NULL ? name : "a parameter without a name");
  else if (value == NULL || *value == '\0')
    g_set_error (error, HUB_ERROR, 400, "“%s” must have a value, as %s", name,
                 parameter->values[0]);
  else if (before != NULL && strcmp (name, "_type") != 0)
    g_set_error (error, HUB_ERROR, 400, "“%s” must have one value", name);
  else
    {
      g_hash_table_insert (read, g_strdup (name),
                           before != NULL ? g_strconcat (before, ",", value, NULL)
                                          : g_strdup (value));
      return TRUE;
    }
  return FALSE;
}

static GHashTable *
read_body (HubRequest *request, HubExportJob *job, GError **error)
{
  g_autoptr (GHashTable) read = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *own = g_strconcat (hub_server_get_base_url (request->server), "/fhir/", NULL);
  g_autoptr (FhirResource) body = NULL;
  gsize length;
  const char *text;

  if (!hub_request_read_body (request, error))
    return NULL;
  text = g_bytes_get_data (request->body, &length);
  if (length == 0) /* all that is there */
    return g_steal_pointer (&read);
  body = fhir_resource_parse (text, (gssize) length, error);
  if (body == NULL)
    return NULL;
  if (strcmp (fhir_resource_get_type (body), "Parameters") != 0)
    {
      g_set_error (error, HUB_ERROR, 400, "An export is asked for with Parameters, not with a %s",
                   fhir_resource_get_type (body));
      return NULL;
    }
  fhir_element_foreach (parameter, fhir_resource_path (body, "parameter"))
    {
      const char *name = fhir_element_path_text (parameter, "name");
      const char *patient = value_of (parameter, find_parameter ("patient"));
      gboolean of_patient = g_strcmp0 (name, "patient") == 0 && patient != NULL;

      if (!(of_patient ? add_patient (job, own, patient, error)
                       : add_parameter (read, parameter, error)))
        return NULL;
    }
  return g_steal_pointer (&read);
}

static GHashTable *
read_query (const char *query, gboolean is_post, GError **error)
{
  static const char *const known[] = { "_outputFormat", "_since", "_type", NULL };
  static const char *const none[] = { NULL };

  return is_post ? hub_page_read_query (query, none, "the URL of a POST: put it in the Parameters",
                                        error)
                 : hub_page_read_query (query, known, "an export", error);
}

/**
 * hub_export_read_ask:
 * @query: what stood behind the question mark
 *
 * Reads what a kick-off asks for into the job. What the hub does not know is refused.
 */
gboolean
hub_export_read_ask (HubRequest *request, const char *query, HubExportJob *job, GError **error)
{
  gboolean is_post = g_str_equal (soup_server_message_get_method (request->message), "POST");
  g_autoptr (GHashTable) asked = read_query (query, is_post, error);

  if (asked != NULL && is_post)
    {
      g_hash_table_unref (asked);
      asked = read_body (request, job, error);
    }
  return asked != NULL && check_format (g_hash_table_lookup (asked, "_outputFormat"), error) &&
         hub_page_read_since (asked, &job->place.since_us, error) &&
         read_types (job, g_hash_table_lookup (asked, "_type"), error);
}
