/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-key.h"
#include "care-lease.h"
#include "care-types.h"

G_BEGIN_DECLS

/* Who acts, in which store, by which clock. All of it stays but when the server last took the
 * sign-in. */
#define CARE_TYPE_CONTEXT (care_context_get_type ())
G_DECLARE_FINAL_TYPE (CareContext, care_context, CARE, CONTEXT, GObject)

CareContext *care_context_new (StoreDatabase *store,
                               BaseClock *clock,
                               const char *user_reference,
                               const char *user_name,
                               const char *role);
StoreDatabase *care_context_get_store (CareContext *self);
BaseClock *care_context_get_clock (CareContext *self);
const char *care_context_get_user_reference (CareContext *self);
const char *care_context_get_user_name (CareContext *self);
const char *care_context_get_role (CareContext *self);
gboolean care_context_get_journal (CareContext *self);
void care_context_set_signed_in (CareContext *self, gint64 signed_in);
gint64 care_context_get_signed_in (CareContext *self);
void care_context_set_lease_length (CareContext *self, gint64 length);
gint64 care_context_get_lease_length (CareContext *self);
gboolean care_context_check_lease (CareContext *self, GError **error);
void care_context_audit (CareContext *self,
                         const char *action,
                         const char *patient_id,
                         const char *reference,
                         const char *detail);

/* Where the user's key is kept. Called on a thread that may wait: the keyring may ask for its
 * password. Makes the key at the first time. */
typedef BaseKey *(*CareKeySource) (gpointer data, GError **error);

void care_context_set_key_source (CareContext *self,
                                  CareKeySource source,
                                  gpointer data,
                                  GDestroyNotify destroy);
gboolean care_context_load_key (CareContext *self, GError **error);
gboolean care_context_needs_key (CareContext *self);
BaseKey *care_context_dup_key (CareContext *self);

/* Where the secret of the user's second factor is kept: both are called on a thread that may wait.
 * @secret: (out): NULL where none is kept. */
typedef gboolean (*CareSecretLoad) (gpointer data, char **secret, GError **error);
typedef gboolean (*CareSecretSave) (gpointer data, const char *secret, GError **error);

void care_context_set_secret_place (CareContext *self,
                                    CareSecretLoad load,
                                    CareSecretSave save,
                                    gpointer data,
                                    GDestroyNotify destroy);
gboolean care_context_load_secret (CareContext *self, char **secret, GError **error);
gboolean care_context_save_secret (CareContext *self, const char *secret, GError **error);
void care_context_set_factor (CareContext *self, CareSecondFactor *factor);
CareSecondFactor *care_context_get_factor (CareContext *self);

G_END_DECLS
