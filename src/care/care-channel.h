/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"
#include "fhir-resource.h"

G_BEGIN_DECLS

/* The ways by which the clinic writes to a patient, each only with the patient's own consent. */
typedef enum
{
  CARE_CHANNEL_SMS,
  CARE_CHANNEL_EMAIL,
} CareChannel;
#define CARE_N_CHANNELS 2

typedef enum
{
  CARE_CONSENT_NOT_ASKED, /* or asked for another number or address */
  CARE_CONSENT_GIVEN,
  CARE_CONSENT_REFUSED, /* or taken back */
} CareConsentState;

/* What was said about one channel. */
typedef struct
{
  CareConsentState state;
  char *address; /* that it was said for; NULL where nothing was */
  char *when;    /* FHIR dateTime, likewise */
} CareConsent;

#define CARE_CHANNEL_MEDIUM   "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode"
#define CARE_CONSENT_CATEGORY "https://bedside.health/fhir/consent-category"
#define CARE_CONSENT_MESSAGES "visit-messages"

/* What is sent by them stands as a Communication of this category, about the Appointment. */
#define CARE_MESSAGE_CATEGORY "https://bedside.health/fhir/communication-category"
#define CARE_MESSAGE_LINK     "visit-link"
#define CARE_MESSAGE_ADDRESS  "https://bedside.health/fhir/StructureDefinition/message-contact-point"

const char *care_channel_get_name (CareChannel channel);
const char *care_channel_get_medium (CareChannel channel);
gboolean care_channel_parse (const char *name, CareChannel *channel);
char *care_channel_dup_address (FhirResource *patient, CareChannel channel, const char *today);
char *care_channel_dup_valid (CareChannel channel, const char *address);
FhirResource *care_channel_correct (FhirResource *patient,
                                    CareChannel channel,
                                    const char *address,
                                    const char *today);
gboolean care_channel_same (CareChannel channel, const char *one, const char *other);

gboolean care_message_is_link (FhirResource *communication);
gboolean care_consent_is_for_messages (FhirResource *consent);
FhirResource *care_consent_find (StoreConnection *connection,
                                 const char *patient_id,
                                 CareChannel channel,
                                 GError **error);
FhirResource *care_consent_build (FhirResource *before,
                                  const char *id,
                                  const char *patient_id,
                                  CareChannel channel,
                                  const char *address,
                                  gboolean given,
                                  const char *now);
CareConsent *care_consent_read (StoreConnection *connection,
                                const char *patient_id,
                                CareChannel channel,
                                const char *address,
                                GError **error);
gboolean care_consent_set (StoreConnection *connection,
                           CareContext *context,
                           const char *patient_id,
                           CareChannel channel,
                           const char *address,
                           gboolean given,
                           GError **error);
void care_consent_free (CareConsent *self);

/* What somebody at the desk wrote down about all ways at once. */
typedef struct
{
  const char *email;                      /* NULL: as it is recorded */
  CareConsentState said[CARE_N_CHANNELS]; /* NOT_ASKED: nothing new */
} CareChannelWord;

gboolean care_channel_save (StoreConnection *connection,
                            CareContext *context,
                            const char *patient_id,
                            const CareChannelWord *word,
                            GError **error);
void care_channel_save_async (CareContext *context,
                              const char *patient_id,
                              const CareChannelWord *word,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean care_channel_save_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareConsent, care_consent_free)

G_END_DECLS
