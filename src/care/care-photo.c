/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-photo.h"

#include <string.h>

#include "care-command.h"
#include "care-summary-private.h"
#include "care-write.h"
#include "fhir-reference.h"
#include "store-resource.h"

/* The patient's portrait, as far as its bytes are on this computer. They come from elsewhere and
 * are not looked at here: whoever draws them does so in a process of its own. Nothing is fetched,
 * least of all from a host that the record names. */

static gboolean
is_image (const char *content_type)
{
  return !content_type || g_str_has_prefix (content_type, "image/");
}

/* (transfer full) (nullable): the Binary that @url names, where it is one of our own server's. */
static FhirResource *
read_binary (StoreConnection *connection, const FhirElement *attachment, const char *own_server)
{
  g_autoptr (FhirResource) binary = NULL;
  const char *url = fhir_element_path_text (attachment, "url");
  g_autofree char *type = NULL, *id = NULL;

  if (!url)
    return NULL;
  if (strstr (url, "://"))
    {
      if (!own_server || !g_str_has_prefix (url, own_server))
        return NULL;
      url += strlen (own_server);
      if (*url != '/' && !g_str_has_suffix (own_server, "/"))
        return NULL;
      url += *url == '/';
    }
  if (!g_str_has_prefix (url, "Binary/") || !fhir_reference_split (url, &type, &id))
    return NULL;
  binary = store_resource_get (connection, type, id, NULL);
  return binary && is_image (fhir_resource_path_text (binary, "contentType"))
             ? g_steal_pointer (&binary)
             : NULL;
}

static GBytes *
decode (const char *data)
{
  gsize length = 0;
  guchar *bytes = NULL;

  if (!data || strlen (data) > CARE_PHOTO_MAX / 3 * 4 + 4)
    return NULL;
  bytes = g_base64_decode (data, &length);
  if (length == 0 || length > CARE_PHOTO_MAX)
    {
      g_free (bytes);
      return NULL;
    }
  return g_bytes_new_take (bytes, length);
}

/**
 * care_photo_load:
 * @own_server: (nullable): the FHIR base of the server that this store is a copy of
 *
 * Returns: (transfer full): the bytes of the first picture of the patient that is here; empty where
 *   there is none, or none that is small enough
 */
GBytes *
care_photo_load (StoreConnection *connection,
                 const char *patient_id,
                 const char *own_server,
                 GError **error)
{
  g_autoptr (FhirResource) patient = care_read (connection, "Patient", patient_id, error);
  const FhirElement *photos = patient ? fhir_resource_path (patient, "photo") : NULL;

  if (!patient)
    return NULL;
  if (!care_chart_is_opaque (patient))
    fhir_element_foreach (photo, photos)
      {
        const char *data = fhir_element_path_text (photo, "data");
        g_autoptr (FhirResource) binary = NULL;
        GBytes *bytes;

        if (!is_image (fhir_element_path_text (photo, "contentType")))
          continue;
        if (!data && (binary = read_binary (connection, photo, own_server)))
          data = fhir_resource_path_text (binary, "data");
        bytes = decode (data);
        if (bytes)
          return bytes;
      }
  return g_bytes_new (NULL, 0);
}

static gboolean
load_work (StoreConnection *connection, CareCommand *command, GError **error)
{
  command->free_result = (GDestroyNotify) g_bytes_unref;
  command->result = care_photo_load (connection, command->texts[0], command->texts[1], error);
  return command->result != NULL;
}

void
care_photo_load_async (CareContext *context,
                       const char *patient_id,
                       const char *own_server,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  CareCommand *command = care_command_new (context, load_work, patient_id, NULL);

  command->texts[1] = g_strdup (own_server);
  care_command_read (command, care_context_get_store (context), care_photo_load_async, cancellable,
                     callback, user_data);
}

GBytes *
care_photo_load_finish (GAsyncResult *result, GError **error)
{
  return care_command_finish_result (result, error);
}
