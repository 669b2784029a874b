/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-patient-media.h"

#include <glib/gi18n.h>

/* A patient who is not seen or not heard, and why, in words for the clinician: a dark picture alone
 * looks like a bad connection. */

typedef struct
{
  const char *why, *sentence;
} Words;

void
visit_patient_media_take (VisitPatientMedia *self, const CareVisitMessage *message)
{
  self->no_picture = !message->video;
  self->no_sound = !message->audio;
  g_set_str (&self->why_no_picture, message->no_video);
  g_set_str (&self->why_no_sound, message->no_audio);
}

/* Whoever comes next says it anew. */
void
visit_patient_media_clear (VisitPatientMedia *self)
{
  g_clear_pointer (&self->why_no_picture, g_free);
  g_clear_pointer (&self->why_no_sound, g_free);
  self->no_picture = self->no_sound = FALSE;
}

/* The last of @words is for a device that its owner switched off. */
static const char *
say (const Words *words, const char *why)
{
  while (words->why != NULL && g_strcmp0 (words->why, why) != 0)
    words++;
  return _ (words->sentence);
}

/**
 * visit_patient_media_say_picture:
 *
 * Returns: (nullable): why the patient is not seen; NULL where they send a picture
 */
const char *
visit_patient_media_say_picture (const VisitPatientMedia *self)
{
  static const Words words[] = {
    { "denied", N_ ("The patient's browser does not allow the camera. Their page says what to "
                    "press; you hear them, and they see you.") },
    { "denied-system", N_ ("The patient's device does not allow the camera. Their page says what "
                           "to change; you hear them, and they see you.") },
    { "none", N_ ("The patient has no camera. You hear them, and they see you.") },
    { "taken", N_ ("Another program has the patient's camera. You hear them, and they see you.") },
    { "in-app",
      N_ ("The patient opened the link inside another app, which has no camera. Their page "
          "says how to open it in a browser.") },
    { "insecure", N_ ("The patient opened the link without a secure connection, so their browser "
                      "gives no camera. Send them a new link.") },
    { NULL, N_ ("The patient's camera is off. You hear them.") },
  };

  return self->no_picture ? say (words, self->why_no_picture) : NULL;
}

/**
 * visit_patient_media_say_sound:
 *
 * Returns: (nullable): why the patient is not heard; NULL where they send sound
 */
const char *
visit_patient_media_say_sound (const VisitPatientMedia *self)
{
  static const Words words[] = {
    { "denied", N_ ("The patient's browser does not allow the microphone. Their page says what to "
                    "press; until then, ring them.") },
    { "denied-system", N_ ("The patient's device does not allow the microphone. Their page says "
                           "what to change; until then, ring them.") },
    { "none", N_ ("The patient has no microphone. Ring them, or write to them.") },
    { "taken", N_ ("Another program has the patient's microphone, perhaps a phone call. Write to "
                   "them, or ring.") },
    { "in-app", N_ ("The patient opened the link inside another app, which has no microphone. Ring "
                    "them.") },
    { "insecure", N_ ("The patient opened the link without a secure connection, so their browser "
                      "gives no microphone. Send them a new link, or ring.") },
    { NULL, N_ ("The patient is muted. You do not hear them.") },
  };

  return self->no_sound ? say (words, self->why_no_sound) : NULL;
}
