/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-signature.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-command.h"
#include "care-signing-key.h"
#include "fhir-canonical.h"
#include "fhir-reference.h"
#include "store-resource.h"
#include "store-search.h"

/* What a signature covers, and whether it still fits. What is signed is the whole order as it was
 * shown, in its one text, but for id and meta, which are the server's: one that chooses ids of its
 * own must not undo a signature. Our identifier, made with the prescription, is in it, and so no
 * signature fits another prescription. */

#define VERSIONS_MAX  50
#define SIGNATURE_MAX 8192

/**
 * care_signature_dup_payload:
 *
 * Returns: (transfer full): the text that is signed
 */
char *
care_signature_dup_payload (FhirResource *resource)
{
  static const char *const without[] = { "id", "meta", NULL };

  return fhir_canonical_json (fhir_resource_get_root (resource), without);
}

/**
 * care_signature_dup_jws_by:
 * @when: the moment of the signature
 * @factor: (nullable): the second factor that it was signed by, too
 *
 * Returns: (transfer full) (nullable): a detached JWS over @resource
 */
char *
care_signature_dup_jws_by (BaseKey *key,
                           FhirResource *resource,
                           const char *when,
                           const CareJwsFactor *factor,
                           GError **error)
{
  g_autofree char *payload = care_signature_dup_payload (resource);

  return care_jws_sign (key, when, factor, payload, error);
}

/* As care_signature_dup_jws_by(), by the key alone. */
char *
care_signature_dup_jws (BaseKey *key, FhirResource *resource, const char *when, GError **error)
{
  return care_signature_dup_jws_by (key, resource, when, NULL, error);
}

/* ---- one signature ---- */

static CareJws *
read_jws (const FhirElement *signature)
{
  const char *data = fhir_element_path_text (signature, "data");
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!data || strlen (data) > SIGNATURE_MAX)
    return NULL;
  text = (char *) g_base64_decode (data, &length);
  text = g_realloc (text, length + 1);
  text[length] = '\0';
  return strlen (text) == length ? care_jws_parse (text) : NULL;
}

static CareSignatureState
verify_one (StoreConnection *connection, const FhirElement *signature, FhirResource *request)
{
  const char *who = fhir_element_path_text (signature, "who.reference");
  g_autoptr (CareJws) jws = read_jws (signature);
  g_autoptr (FhirResource) basic = NULL;
  g_autoptr (BaseKey) key = NULL;
  g_autofree char *payload = NULL;

  if (!jws || !who ||
      g_strcmp0 (who, fhir_resource_path_text (request, "requester.reference")) != 0 ||
      g_strcmp0 (jws->when, fhir_element_path_text (signature, "when")) != 0)
    return CARE_SIGNATURE_BROKEN;
  basic = care_signing_key_find (connection, who, jws->key_id);
  key = basic ? care_signing_key_read (basic, NULL) : NULL;
  if (!key)
    return CARE_SIGNATURE_UNKNOWN;
  payload = care_signature_dup_payload (request);
  return care_jws_verify (jws, key, payload) ? CARE_SIGNATURE_GOOD : CARE_SIGNATURE_BROKEN;
}

/**
 * care_signature_verify:
 * @provenance: of which each signature is looked at
 *
 * Returns: whether a signature of @request's own prescriber fits exactly what @request says
 */
CareSignatureState
care_signature_verify (StoreConnection *connection, FhirResource *provenance, FhirResource *request)
{
  CareSignatureState state = CARE_SIGNATURE_NONE;

  fhir_element_foreach (signature, fhir_resource_path (provenance, "signature"))
    {
      const char *format = fhir_element_path_text (signature, "sigFormat");
      CareSignatureState one = g_strcmp0 (format, CARE_SIGNATURE_FORMAT) == 0
                                   ? verify_one (connection, signature, request)
                                   : CARE_SIGNATURE_CONFIRMED;

      if (one == CARE_SIGNATURE_GOOD)
        return one;
      state = MAX (state, one);
    }
  return state;
}

/**
 * care_signature_is_by_ended_key:
 *
 * What a key signed before it was ended stays signed; new signatures of it are not taken.
 *
 * Returns: whether a signature of @provenance was made with a key that the administrator has ended
 */
gboolean
care_signature_is_by_ended_key (StoreConnection *connection, FhirResource *provenance)
{
  fhir_element_foreach (signature, fhir_resource_path (provenance, "signature"))
    {
      const char *who = fhir_element_path_text (signature, "who.reference");
      g_autoptr (CareJws) jws = who ? read_jws (signature) : NULL;
      g_autoptr (FhirResource) basic =
          jws ? care_signing_key_find (connection, who, jws->key_id) : NULL;

      if (basic && care_signing_key_is_ended (basic))
        return TRUE;
    }
  return FALSE;
}

/* ---- an order and all its signatures ---- */

/* @renamed: whether a server may have given other ids to what is referred to */
static gboolean
is_same (const FhirElement *one, const FhirElement *other, gboolean renamed)
{
  FhirMemberIter iter;
  const char *name;
  const FhirElement *value;
  gsize members = 0, others = 0, i = 0;

  if (!renamed)
    return one && other && fhir_element_equal (one, other);
  if (fhir_element_get_kind (one) != fhir_element_get_kind (other))
    return FALSE;
  if (fhir_element_get_kind (one) == FHIR_KIND_ARRAY)
    {
      if (fhir_element_get_length (one) != fhir_element_get_length (other))
        return FALSE;
      fhir_element_foreach (item, one)
        if (!is_same (item, fhir_element_at (other, i++), TRUE))
          return FALSE;
      return TRUE;
    }
  if (fhir_element_get_kind (one) != FHIR_KIND_OBJECT)
    return fhir_element_equal (one, other);
  fhir_member_iter_init (&iter, other);
  while (fhir_member_iter_next (&iter, &name, &value))
    others++;
  fhir_member_iter_init (&iter, one);
  while (fhir_member_iter_next (&iter, &name, &value))
    {
      const FhirElement *same = fhir_element_get (other, name);

      members++;
      if (!same || (strcmp (name, "reference") != 0 && !is_same (value, same, TRUE)))
        return FALSE;
    }
  return members == others;
}

/* Whether a list still begins with all that it held. */
static gboolean
is_added_to (const FhirElement *before, const FhirElement *after, gboolean renamed)
{
  gsize i = 0;

  fhir_element_foreach (element, before)
    {
      const FhirElement *same = fhir_element_at (after, i++);

      if (!same || !is_same (element, same, renamed))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_over (FhirResource *request)
{
  static const char *const over[] = { "cancelled", "stopped", "completed", "entered-in-error",
                                      NULL };
  const char *status = fhir_resource_path_text (request, "status");

  return status && g_strv_contains (over, status);
}

static gboolean
is_kept_at (const char *name, FhirResource *as_signed, FhirResource *request, gboolean renamed)
{
  static const char *const servers[] = { "id", "meta", "text", NULL };
  static const char *const ends[] = { "status", "statusReason", NULL };
  static const char *const lists[] = { "identifier", "note", "detectedIssue", "eventHistory",
                                       NULL };
  const FhirElement *before = fhir_resource_path (as_signed, name),
                    *after = fhir_resource_path (request, name);

  if (g_strv_contains (servers, name) || (g_strv_contains (ends, name) && is_over (request)))
    return TRUE;
  if (g_strv_contains (lists, name))
    return is_added_to (before, after, renamed);
  return before && after && is_same (before, after, renamed);
}

/**
 * care_signature_keeps:
 * @renamed: whether a server may have given other ids to what is referred to
 *
 * Returns: whether what was signed still stands: it may have ended, and notes may have been added
 */
gboolean
care_signature_keeps (FhirResource *as_signed, FhirResource *request, gboolean renamed)
{
  FhirResource *const both[] = { as_signed, request };

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    {
      FhirMemberIter iter;
      const char *name;
      const FhirElement *value;

      fhir_member_iter_init (&iter, fhir_resource_get_root (both[i]));
      while (fhir_member_iter_next (&iter, &name, &value))
        if (!is_kept_at (name, as_signed, request, renamed))
          return FALSE;
    }
  return TRUE;
}

static GPtrArray *
list_provenances (StoreConnection *connection, const char *id)
{
  g_autofree char *query = g_strdup_printf ("target=MedicationRequest/%s", id);
  g_autoptr (GPtrArray) ids = store_search_ids (connection, "Provenance", query, NULL);
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);

  for (guint i = 0; ids && i < ids->len; i++)
    {
      FhirResource *provenance = store_resource_get (connection, "Provenance", ids->pdata[i], NULL);

      if (provenance)
        g_ptr_array_add (list, provenance);
    }
  return list;
}

static CareSignatureState
verify_any (StoreConnection *connection, GPtrArray *provenances, FhirResource *request)
{
  CareSignatureState state = CARE_SIGNATURE_NONE;

  for (guint i = 0; i < provenances->len && state != CARE_SIGNATURE_GOOD; i++)
    {
      CareSignatureState one = care_signature_verify (connection, provenances->pdata[i], request);

      state = one == CARE_SIGNATURE_GOOD ? one : MAX (state, one);
    }
  return state;
}

/**
 * care_signature_list_factors:
 * @request: as it stands
 *
 * Returns: (transfer full) (element-type CareJws): the signatures of its prescriber that fit it and
 *   were made by a second factor, too. Whether that is right only who knows the secret can tell
 */
GPtrArray *
care_signature_list_factors (StoreConnection *connection, FhirResource *request)
{
  g_autoptr (GPtrArray) provenances = list_provenances (connection, fhir_resource_get_id (request));
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) care_jws_free);

  for (guint i = 0; i < provenances->len; i++)
    fhir_element_foreach (signature, fhir_resource_path (provenances->pdata[i], "signature"))
      {
        const char *format = fhir_element_path_text (signature, "sigFormat");
        g_autoptr (CareJws) jws =
            g_strcmp0 (format, CARE_SIGNATURE_FORMAT) == 0 ? read_jws (signature) : NULL;

        if (jws && jws->factor &&
            verify_one (connection, signature, request) == CARE_SIGNATURE_GOOD)
          g_ptr_array_add (found, g_steal_pointer (&jws));
      }
  return found;
}

/* Whether an earlier version was signed, and still stands. */
static gboolean
was_signed (StoreConnection *connection,
            GPtrArray *provenances,
            FhirResource *request,
            const char *id,
            gboolean renamed)
{
  g_autoptr (GPtrArray) history =
      store_resource_history (connection, "MedicationRequest", id, VERSIONS_MAX, NULL);

  for (guint i = 0; history && i < history->len; i++)
    {
      StoreVersion *version = history->pdata[i];

      if (version->resource && care_signature_keeps (version->resource, request, renamed) &&
          verify_any (connection, provenances, version->resource) == CARE_SIGNATURE_GOOD)
        return TRUE;
    }
  return FALSE;
}

/**
 * care_signature_check:
 * @request: a MedicationRequest
 * @renamed: whether a server chooses ids of its own: then what the order refers to may have got
 *   another one, and the order too. For what is only shown
 *
 * Returns: whether what stands there is what its prescriber signed
 */
CareSignatureState
care_signature_check (StoreConnection *connection, FhirResource *request, gboolean renamed)
{
  const char *id = fhir_resource_get_id (request),
             *own = fhir_resource_path_text (request, "identifier.0.value");
  g_autoptr (GPtrArray) provenances = list_provenances (connection, id);
  CareSignatureState state = verify_any (connection, provenances, request);

  if (state != CARE_SIGNATURE_BROKEN && state != CARE_SIGNATURE_UNKNOWN)
    return state;
  if (was_signed (connection, provenances, request, id, renamed) ||
      (renamed && own && strcmp (own, id) != 0 &&
       was_signed (connection, provenances, request, own, TRUE)))
    return CARE_SIGNATURE_GOOD;
  return state;
}

/**
 * care_signature_words:
 *
 * Returns: (transfer none) (nullable): what has to be said of it; NULL where there is nothing to
 * say
 */
const char *
care_signature_words (CareSignatureState state)
{
  switch (state)
    {
    case CARE_SIGNATURE_NONE:
      return NULL;
    case CARE_SIGNATURE_CONFIRMED:
      return _ ("Confirmed by a signed-in prescriber, without a key");
    case CARE_SIGNATURE_GOOD:
      return _ ("Signature verified");
    case CARE_SIGNATURE_UNKNOWN:
      return _ ("Signed with a key that is not known here: the signature could not be verified");
    case CARE_SIGNATURE_BROKEN:
      return _ ("SIGNATURE VOID: this was changed after it was signed");
    }
  return NULL;
}

static gboolean
check_work (StoreConnection *connection, CareCommand *c, GError **error)
{
  g_autoptr (FhirResource) request =
      store_resource_get (connection, "MedicationRequest", c->texts[0], error);

  c->number = request ? (int) care_signature_check (connection, request, TRUE) : 0;
  c->result = GINT_TO_POINTER (c->number + 1);
  return request != NULL;
}

/**
 * care_signature_check_async:
 *
 * Verifies before something is done with an order: printing it, above all.
 */
void
care_signature_check_async (CareContext *context,
                            const char *request_id,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  care_command_read (care_command_new (context, check_work, request_id, NULL),
                     care_context_get_store (context), care_signature_check_async, cancellable,
                     callback, user_data);
}

CareSignatureState
care_signature_check_finish (GAsyncResult *result, GError **error)
{
  gpointer state = care_command_finish_result (result, error);

  return state ? (CareSignatureState) (GPOINTER_TO_INT (state) - 1) : CARE_SIGNATURE_BROKEN;
}

/**
 * care_signature_get_number:
 *
 * Returns: (nullable): by which @request is one prescription, wherever it is
 */
const char *
care_signature_get_number (FhirResource *request)
{
  fhir_element_foreach (identifier, fhir_resource_path (request, "identifier"))
    if (g_strcmp0 (fhir_element_path_text (identifier, "system"), CARE_SYSTEM_PRESCRIPTION_ID) == 0)
      return fhir_element_path_text (identifier, "value");
  return NULL;
}
