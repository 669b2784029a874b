/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the hub tells every clinic window about the waiting rooms, a moment after it changed: who is
 * there, and how much nobody has read. No word that anybody wrote is in it. */

#define CARE_LOBBY_MAX_VISITS 1000

typedef struct
{
  char *encounter;
  gboolean here; /* the patient's page is connected */
  guint unread;  /* messages of the patient that no clinician's window has shown */
} CareLobbyVisit;

typedef struct
{
  GPtrArray *visits; /* of CareLobbyVisit */
  GPtrArray *people; /* of char*: "Practitioner/1" whose workstation is connected */
} CareLobby;

CareLobby *care_lobby_new (void);
void care_lobby_free (CareLobby *self);
void care_lobby_add_visit (CareLobby *self, const char *encounter, gboolean here, guint unread);
void care_lobby_add_person (CareLobby *self, const char *reference);
const CareLobbyVisit *care_lobby_find (const CareLobby *self, const char *encounter);
gboolean care_lobby_has_person (const CareLobby *self, const char *reference);
CareLobby *care_lobby_parse (const char *text, gssize length);
char *care_lobby_serialise (const CareLobby *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareLobby, care_lobby_free)

G_END_DECLS
