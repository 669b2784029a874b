/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-second-factor.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base-totp.h"
#include "care-prescription-private.h"
#include "care-safety.h"
#include "care-signature.h"
#include "clinical-drug-name.h"
#include "fhir-reference.h"
#include "store-audit.h"
#include "store-resource.h"
#include "store-setting.h"

/* Who signs a controlled drug shows that the telephone is theirs, too: six digits, good for one
 * list of one patient. They are looked at here, without the network; the server that knows the
 * secret looks at them once more when the order arrives, for they are in its signature. */

void
care_second_factor_free (CareSecondFactor *self)
{
  g_clear_pointer (&self->proof, care_jws_factor_free);
  g_free (self->patient);
  g_free (self);
}

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, CARE_ERROR, CARE_ERROR_FACTOR, sentence);
  return FALSE;
}

/* ---- taking a code ---- */

typedef struct
{
  CareContext *context;
  const char *secret, *code;
  gboolean fresh; /* a new secret: nothing was used of it */
  BaseTotpAnswer answer;
  gint64 step;
} Try;

/* What was wrong is kept, too: this transaction is never undone. */
static gboolean
try_work (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const words[] = { "code taken", "wrong code", "used code",
                                       "code while closed" };
  Try *self = data;
  g_autofree char *kept = store_setting_get (connection, CARE_SETTING_FACTOR_GUARD), *text = NULL;
  BaseTotpGuard guard;

  base_totp_guard_read (&guard, self->fresh ? NULL : kept);
  self->answer =
      base_totp_try (&guard, self->secret, self->code,
                     base_clock_now (care_context_get_clock (self->context)), &self->step);
  text = base_totp_guard_dup_text (&guard);
  return store_setting_set (connection, CARE_SETTING_FACTOR_GUARD, text, error) &&
         store_audit_append (connection, "second-factor",
                             care_context_get_user_reference (self->context), NULL, NULL,
                             words[self->answer], error);
}

static gboolean
try_code (Try *self, GError **error)
{
  if (!store_database_write (care_context_get_store (self->context), BASE_LANE_PERSON, try_work,
                             self, error))
    return FALSE;
  switch (self->answer)
    {
    case BASE_TOTP_GOOD:
      return TRUE;
    case BASE_TOTP_WRONG:
      return refuse (error,
                     _ ("These six digits are not right. Wait for the next ones, and see that "
                        "the clocks of the telephone and of this computer are right."));
    case BASE_TOTP_USED:
      return refuse (error, _ ("These six digits were used already. Wait for the next ones."));
    case BASE_TOTP_LOCKED:
      break;
    }
  return refuse (error, _ ("Too many wrong digits: the second factor is closed for a quarter of an "
                           "hour. Then try again."));
}

/**
 * care_second_factor_accept:
 * @code: as it was typed
 *
 * Looks at the code, and uses it up. Blocks: for worker threads, before a transaction begins.
 *
 * Returns: (transfer full) (nullable): what is signed by it: care_context_set_factor()
 */
CareSecondFactor *
care_second_factor_accept (CareContext *context, const char *code, GError **error)
{
  g_autofree char *secret = NULL, *plain = g_strstrip (g_strdup (code));
  const char *none = NULL;
  Try try = { .context = context, .code = plain };
  CareSecondFactor *self;

  if (!care_context_load_secret (context, &secret, error))
    return NULL;
  if (!secret)
    {
      refuse (error, _ ("You have no second factor on this computer yet. Set it up in Preferences, "
                        "then sign this."));
      return NULL;
    }
  try.secret = secret;
  if (!try_code (&try, error))
    return NULL;
  self = g_new0 (CareSecondFactor, 1);
  self->proof = care_jws_factor_new (try.step, plain, &none);
  return self;
}

/**
 * care_second_factor_set_list:
 * @patient: (nullable): id; NULL where it is more than one
 * @numbers: of all that is signed at once
 *
 * Says what the code is for, before the first of it is signed. Where the user showed none, nothing
 * happens.
 */
gboolean
care_second_factor_set_list (CareContext *context,
                             const char *patient,
                             const char *const *numbers,
                             GError **error)
{
  CareSecondFactor *factor = care_context_get_factor (context);

  if (!factor)
    return TRUE;
  if (factor->proof->list[0])
    return g_strv_equal ((const char *const *) factor->proof->list, numbers) ||
           refuse (error, _ ("These six digits were used already. Wait for the next ones."));
  if (!patient || g_strv_length ((GStrv) numbers) > CARE_JWS_LIST_MAX)
    return refuse (error,
                   _ ("Controlled drugs are signed for one patient at a time, each list with "
                      "digits of its own."));
  g_strfreev (factor->proof->list);
  factor->proof->list = g_strdupv ((GStrv) numbers);
  g_set_str (&factor->patient, patient);
  return TRUE;
}

/* (transfer none) (nullable): what goes into the signature of @request */
const CareJwsFactor *
care_second_factor_proof_for (CareContext *context, FhirResource *request)
{
  CareSecondFactor *factor = care_context_get_factor (context);
  const char *number = care_signature_get_number (request);
  g_autofree char *patient = care_patient_of (request);

  return factor && number && g_strv_contains ((const char *const *) factor->proof->list, number) &&
                 g_strcmp0 (patient, factor->patient) == 0
             ? factor->proof
             : NULL;
}

/**
 * care_second_factor_allows:
 * @request: about to be signed
 *
 * As with the key: a server's own context, which keeps no secrets of its users, asks for none.
 *
 * Returns: FALSE with CARE_ERROR_FACTOR where it is a controlled drug and the user did not show the
 *   second factor for it
 */
gboolean
care_second_factor_allows (CareWrite *write,
                           FhirResource *request,
                           ClinicalContent *content,
                           GError **error)
{
  g_autofree char *today = base_clock_dup_today (care_context_get_clock (write->context));
  g_autoptr (ClinicalControlled) controlled = NULL;

  if (!care_context_needs_key (write->context) ||
      care_second_factor_proof_for (write->context, request))
    return TRUE;
  controlled = care_second_factor_of_request (write->connection, request, content, today);
  if (controlled->state != CLINICAL_CONTROLLED)
    return TRUE;
  g_set_error (error, CARE_ERROR, CARE_ERROR_FACTOR,
               _ ("%s Sign it with the six digits of your second factor."), controlled->sentence);
  return FALSE;
}

/* ---- which drugs ---- */

static FhirResource *
resolve (const char *reference, gpointer connection)
{
  g_autofree char *type = NULL, *id = NULL;

  return connection && fhir_reference_split (reference, &type, &id)
             ? store_resource_get (connection, type, id, NULL)
             : NULL;
}

/**
 * care_second_factor_of_request:
 * @connection: (nullable): where a Medication is that the order refers to
 *
 * Returns: (transfer full): whether it is of a controlled drug
 */
ClinicalControlled *
care_second_factor_of_request (StoreConnection *connection,
                               FhirResource *request,
                               ClinicalContent *content,
                               const char *today)
{
  g_autoptr (ClinicalOrder) order =
      content ? care_safety_order_of (request, content, resolve, connection) : NULL;
  g_autofree char *name = order && order->name ? clinical_drug_name (order->name) : NULL;

  return clinical_controlled_new (content, name ? name : _ ("this drug"),
                                  order ? order->ingredients : NULL, today);
}

/**
 * care_second_factor_of_draft:
 *
 * Returns: (transfer full): as care_second_factor_of_request(), of what it will be
 */
ClinicalControlled *
care_second_factor_of_draft (CarePrescriptionDraft *draft,
                             ClinicalContent *content,
                             const char *today)
{
  g_autoptr (FhirResource) outline = care_prescription_outline (draft);
  g_autoptr (ClinicalControlled) self =
      outline ? care_second_factor_of_request (NULL, outline, content, today) : NULL;
  g_autoptr (GPtrArray) ingredients = care_prescription_draft_dup_ingredients (draft);
  const char *name = care_prescription_draft_get_drug_name (draft);
  g_autofree char *drug = name ? clinical_drug_name (name) : NULL;

  if (self && self->state == CLINICAL_CONTROLLED)
    return g_steal_pointer (&self);
  return clinical_controlled_new (content, drug ? drug : _ ("this drug"), ingredients, today);
}

/* ---- setting it up ---- */

/* (transfer full) (nullable): the day; NULL where this computer has none */
char *
care_second_factor_dup_since (StoreConnection *connection)
{
  return store_setting_get (connection, CARE_SETTING_FACTOR_SINCE);
}

static gboolean
since_work (StoreConnection *connection, gpointer data, GError **error)
{
  CareContext *context = data;
  g_autofree char *today = base_clock_dup_today (care_context_get_clock (context));

  return store_setting_set (connection, CARE_SETTING_FACTOR_SINCE, today, error) &&
         store_audit_append (connection, "second-factor", care_context_get_user_reference (context),
                             NULL, NULL, "set up", error);
}

/* Whoever has the one before may take another. */
static gboolean
has_old (CareContext *context, const char *kept, const char *old, GError **error)
{
  Try try = { .context = context, .secret = kept, .code = old };

  if (!old || !*old)
    return refuse (error, _ ("You have a second factor already. Type the six digits that it shows "
                             "now, too."));
  return try_code (&try, error);
}

/**
 * care_second_factor_enrol:
 * @secret: in base32
 * @code: what the telephone shows now
 * @old: (nullable): what the second factor shows that is to be replaced
 * @allowed: whether the server, which knows it too, has taken it already: then @old does not matter
 *
 * Blocks. From now on this computer asks for the codes of @secret.
 */
gboolean
care_second_factor_enrol (CareContext *context,
                          const char *secret,
                          const char *code,
                          const char *old,
                          gboolean allowed,
                          GError **error)
{
  g_autofree char *kept = NULL;
  Try try = { .context = context, .secret = secret, .code = code, .fresh = TRUE };

  if (!base_totp_is_secret (secret))
    return refuse (error, _ ("This is no secret of a second factor: it has 26 or more letters and "
                             "digits."));
  if (!care_context_load_secret (context, &kept, error))
    return FALSE;
  if (kept && !allowed && g_strcmp0 (kept, secret) != 0 && !has_old (context, kept, old, error))
    return FALSE;
  try.fresh = g_strcmp0 (kept, secret) != 0;
  return try_code (&try, error) && care_context_save_secret (context, secret, error) &&
         store_database_write (care_context_get_store (context), BASE_LANE_PERSON, since_work,
                               context, error);
}

typedef struct
{
  char *secret, *code, *old;
  gboolean allowed;
} Enrolment;

static void
enrolment_free (gpointer data)
{
  Enrolment *self = data;

  g_free (self->secret);
  g_free (self->code);
  g_free (self->old);
  g_free (self);
}

static void
enrol_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Enrolment *self = data;
  g_autoptr (GError) error = NULL;

  if (care_second_factor_enrol (source, self->secret, self->code, self->old, self->allowed, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
care_second_factor_enrol_async (CareContext *context,
                                const char *secret,
                                const char *code,
                                const char *old,
                                gboolean allowed,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (context, NULL, callback, user_data);
  Enrolment *self = g_new0 (Enrolment, 1);

  self->secret = g_strdup (secret);
  self->code = g_strdup (code);
  self->old = g_strdup (old);
  self->allowed = allowed;
  g_task_set_source_tag (task, care_second_factor_enrol_async);
  g_task_set_task_data (task, self, enrolment_free);
  g_task_run_in_thread (task, enrol_thread);
}

gboolean
care_second_factor_enrol_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
