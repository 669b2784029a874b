/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-key.h"
#include "care-write.h"

G_BEGIN_DECLS

/* The public half of a prescriber's key, where everybody who verifies finds it: a Basic of its own,
 * written in the prescriber's own name, which nobody changes. A second computer has a second key;
 * old ones stay, for what they signed. */
#define CARE_SYSTEM_SIGNING_KEY "https://bedside.health/fhir/signing-key"
#define CARE_SYSTEM_BASIC       "https://bedside.health/fhir/basic"
#define CARE_BASIC_SIGNING_KEY  "signing-key"

gboolean care_signing_key_is (FhirResource *resource);
gboolean care_signing_key_is_of (FhirResource *basic, const char *who);
gboolean care_signing_key_is_ended (FhirResource *basic);
BaseKey *care_signing_key_read (FhirResource *basic, GError **error);
FhirResource *care_signing_key_find (StoreConnection *connection, const char *who, const char *id);
gboolean care_signing_key_has_any (StoreConnection *connection, const char *who);
gboolean care_signing_key_publish (CareWrite *write, GError **error);

G_END_DECLS
