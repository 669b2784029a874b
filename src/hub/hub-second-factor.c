/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-second-factor.h"

#include <stdio.h>
#include <string.h>

#include "base-id.h"
#include "base-totp.h"
#include "care-second-factor.h"
#include "care-signature.h"
#include "fhir-date.h"
#include "hub-reply.h"
#include "hub-second-factor-private.h"
#include "store-audit.h"
#include "store-setting.h"

/* The second factor of prescribers, as the hub looks at it. It has each one's secret, in its
 * encrypted store, so that nobody's own computer is the only one that says that the digits were
 * right. An order of a controlled drug brings them in its signature (care-jws), when the network
 * allows it: so they are compared with the moment of the signature, and not with now. A step of
 * thirty seconds signs one list of one patient. */

#define SECRET "second-factor/"
#define GUARD  "second-factor-guard/"
#define STEP   "second-factor-step/"

/* How far the moment of a signature may be from its digits: they are typed before, the keyring may
 * ask for its password between, and two clocks differ. */
#define BEFORE 3
#define AFTER  6

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, HUB_ERROR, 403, sentence);
  return FALSE;
}

static char *
get (StoreConnection *connection, const char *prefix, const char *who)
{
  g_autofree char *name = g_strconcat (prefix, who, NULL);

  return store_setting_get (connection, name);
}

static gboolean
set (StoreConnection *connection,
     const char *prefix,
     const char *who,
     const char *value,
     GError **error)
{
  g_autofree char *name = g_strconcat (prefix, who, NULL);

  return store_setting_set (connection, name, value, error);
}

/* @step: (out): the first that counts: with those before it was proved that the secret is theirs
 *
 * (transfer full) (nullable) */
static char *
get_secret (StoreConnection *connection, const char *who, gint64 *step)
{
  g_autofree char *kept = get (connection, SECRET, who);
  char *space = kept ? strchr (kept, ' ') : NULL;

  if (!space)
    return NULL;
  *space = '\0';
  *step = g_ascii_strtoll (space + 1, NULL, 10);
  return g_steal_pointer (&kept);
}

static void
read_guard (StoreConnection *connection, const char *who, BaseTotpGuard *guard)
{
  g_autofree char *kept = get (connection, GUARD, who);

  base_totp_guard_read (guard, kept);
}

static gboolean
keep_guard (StoreConnection *connection,
            const char *who,
            const BaseTotpGuard *guard,
            GError **error)
{
  g_autofree char *text = base_totp_guard_dup_text (guard);

  return set (connection, GUARD, who, text, error);
}

static gboolean
audit (StoreConnection *connection, const char *who, const char *what, GError **error)
{
  return store_audit_append (connection, "second-factor", who, NULL, NULL, what, error);
}

/* ---- setting it up ---- */

/* (transfer full) (nullable) */
char *
hub_second_factor_dup_secret (StoreConnection *connection, const char *who)
{
  gint64 step = 0;

  return get_secret (connection, who, &step);
}

/* Another secret: nothing was used of it. A lock stays: it is somebody's, and not a secret's. */
gboolean
hub_second_factor_begin (StoreConnection *connection, const char *who, GError **error)
{
  BaseTotpGuard guard;

  read_guard (connection, who, &guard);
  guard.last_step = 0;
  return keep_guard (connection, who, &guard, error);
}

/* @answer: (out); @step: (out) (optional): of a good one */
gboolean
hub_second_factor_try (StoreConnection *connection,
                       const char *who,
                       const char *secret,
                       const char *code,
                       gint64 now,
                       BaseTotpAnswer *answer,
                       gint64 *step,
                       GError **error)
{
  BaseTotpGuard guard;

  read_guard (connection, who, &guard);
  *answer = base_totp_try (&guard, secret, code, now, step);
  return keep_guard (connection, who, &guard, error) &&
         (*answer == BASE_TOTP_GOOD ||
          audit (connection, who,
                 *answer == BASE_TOTP_LOCKED ? "digits while it was closed" : "wrong digits",
                 error));
}

/* @step: of the digits that proved it: later ones count */
gboolean
hub_second_factor_keep (StoreConnection *connection,
                        const char *who,
                        const char *secret,
                        gint64 step,
                        const char *what,
                        GError **error)
{
  g_autofree char *kept = g_strdup_printf ("%s %" G_GINT64_FORMAT, secret, step + 1);

  return set (connection, SECRET, who, kept, error) && audit (connection, who, what, error);
}

/* ---- orders ---- */

/* What a step signed: a patient, and a list. */
static char *
dup_use (FhirResource *request, const CareJwsFactor *proof)
{
  g_autofree char *list = g_strjoinv ("\n", proof->list), *digest = base_sha256_hex (list, -1);
  const char *patient = fhir_resource_path_text (request, "subject.reference");

  return g_strdup_printf ("%s %s", patient ? patient : "?", digest);
}

static gboolean
is_near (const CareJws *jws, gint64 first, gint64 now)
{
  gint64 signed_at = base_totp_step (fhir_date_begin (jws->when)), step = jws->factor->step;

  return step >= first && step <= now + AFTER && signed_at >= step - BEFORE &&
         signed_at <= step + AFTER;
}

/* Uses it up: FALSE where it signed another list, or another patient's. */
static gboolean
use (StoreConnection *connection,
     FhirResource *request,
     const char *who,
     const CareJwsFactor *proof,
     GError **error)
{
  g_autofree char *step = g_strdup_printf ("%s/%" G_GINT64_FORMAT, who, proof->step);
  g_autofree char *before = get (connection, STEP, step), *now = dup_use (request, proof);

  if (before)
    return strcmp (before, now) == 0 ||
           refuse (error, "These digits of the second factor signed another list: each controlled "
                          "drug is signed with digits of its own, for one patient. Sign it again.");
  return set (connection, STEP, step, now, error);
}

/* The first that is right. */
static gboolean
check_proofs (StoreConnection *connection,
              HubEntryContext *context,
              FhirResource *request,
              GPtrArray *signatures,
              GError **error)
{
  const char *who = fhir_resource_path_text (request, "requester.reference");
  gint64 first = 0, now_us = base_clock_now (store_connection_get_clock (connection));
  g_autofree char *secret = get_secret (connection, who, &first);
  const char *number = care_signature_get_number (request);
  BaseTotpGuard guard;

  if (!secret)
    return refuse (error,
                   "This prescriber has set up no second factor at this server. Set it up in "
                   "Preferences, then sign this prescription again.");
  read_guard (connection, who, &guard);
  if (now_us < guard.locked_until)
    return refuse (error, "Too many wrong digits: the second factor is closed for a quarter of an "
                          "hour. Then try again.");
  for (guint i = 0; i < signatures->len; i++)
    {
      const CareJws *jws = signatures->pdata[i];

      if (is_near (jws, first, base_totp_step (now_us)) && number &&
          g_strv_contains ((const char *const *) jws->factor->list, number) &&
          base_totp_fits (secret, jws->factor->step, jws->factor->code))
        return use (connection, request, who, jws->factor, error);
    }
  g_set_str (&context->wrong_factor, who);
  return refuse (error, "The digits of the second factor do not fit this prescription: sign it "
                        "again with the digits that the telephone shows now.");
}

/* That nobody could look stays on record. */
static gboolean
note_unchecked (StoreConnection *connection, FhirResource *request, GError **error)
{
  g_autofree char *reference = fhir_resource_dup_reference (request);

  return store_audit_append (connection, "second-factor",
                             fhir_resource_path_text (request, "requester.reference"), NULL,
                             reference, "not checked whether it is a controlled drug", error);
}

/**
 * hub_second_factor_allows:
 * @context: its content says which drugs are controlled; where digits were wrong it gets whose
 * @request: an order whose signature with a key fits
 *
 * Runs in a StoreWork.
 *
 * Returns: FALSE where it is of a controlled drug, and its prescriber did not show the second
 * factor
 */
gboolean
hub_second_factor_allows (StoreConnection *connection,
                          HubEntryContext *context,
                          FhirResource *request,
                          GError **error)
{
  g_autofree char *today = base_clock_dup_today (store_connection_get_clock (connection));
  g_autoptr (ClinicalControlled) controlled =
      care_second_factor_of_request (connection, request, context->content, today);
  g_autoptr (GPtrArray) signatures = care_signature_list_factors (connection, request);

  if (controlled->state == CLINICAL_CONTROLLED && signatures->len == 0)
    return refuse (error, "This is a controlled drug: sign it with the six digits of the second "
                          "factor.");
  if (controlled->state == CLINICAL_CONTROLLED)
    return check_proofs (connection, context, request, signatures, error);
  return controlled->state == CLINICAL_CONTROLLED_NOT_LISTED ||
         note_unchecked (connection, request, error);
}

/* In a transaction of its own: that of the order is undone. */
static gboolean
count_work (StoreConnection *connection, gpointer data, GError **error)
{
  const char *who = data;
  gint64 now = base_clock_now (store_connection_get_clock (connection));
  BaseTotpGuard guard;

  read_guard (connection, who, &guard);
  base_totp_count_wrong (&guard, now);
  return keep_guard (connection, who, &guard, error) &&
         audit (connection, who,
                guard.locked_until > now ? "wrong digits, closed for a while" : "wrong digits",
                error);
}

/**
 * hub_second_factor_note_wrong:
 *
 * Counts wrong digits. Blocks: for worker threads.
 */
void
hub_second_factor_note_wrong (StoreDatabase *store, const char *who)
{
  g_autoptr (GError) error = NULL;

  if (!store_database_write (store, BASE_LANE_PERSON, count_work, (gpointer) who, &error))
    g_warning ("wrong digits of a second factor were not counted: %s", error->message);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!store_database_write_finish (STORE_DATABASE (source), result, &error))
    g_warning ("wrong digits of a second factor were not counted: %s", error->message);
}

/* From the main thread. */
void
hub_second_factor_note_wrong_async (StoreDatabase *store, const char *who)
{
  store_database_write_async (store, BASE_LANE_PERSON, count_work, g_strdup (who), g_free, NULL,
                              counted_cb, NULL);
}

/**
 * hub_second_factor_reset:
 *
 * The administrator's: whoever lost the telephone sets up another one as if it were the first.
 */
gboolean
hub_second_factor_reset (StoreConnection *connection, const char *who, GError **error)
{
  g_autofree char *secret = g_strconcat (SECRET, who, NULL);
  g_autofree char *guard = g_strconcat (GUARD, who, NULL);

  return store_setting_delete (connection, secret, error) &&
         store_setting_delete (connection, guard, error) &&
         audit (connection, who, "reset by the administrator", error);
}
