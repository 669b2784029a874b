/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-measured.h"
#include "hub-signal-room-private.h"

/* What a clinician asks of the patient: one picture out of the call, or measurements. Each request
 * has an id of the workstation's; an answer counts only for the request that stands now, comes only
 * from the patient's own page, and only once. What the patient measured is kept until a clinician
 * has dealt with it, whichever socket was cut meanwhile. */

#define MAX_SETS 8

static HubSignalPeer *
clinician_of (HubSignalRoom *self)
{
  return self->peers[CARE_VISIT_ROLE_CLINICIAN];
}

static gboolean
is_same (const CareVisitMessage *message, const CareVisitMessage *other)
{
  return message != NULL && g_strcmp0 (message->id, other->id) == 0;
}

static void
send_if_greeted (HubSignalRoom *self, CareVisitRole to, const CareVisitMessage *message)
{
  HubSignalPeer *peer = self->peers[to];

  if (message != NULL && peer != NULL && peer->greeted)
    hub_signal_peer_send (peer, message);
}

/* ---- a picture ---- */

/*
 * hub_signal_asked_drop_picture:
 *
 * Nobody asks for a picture any more: an answer that comes now is to nothing.
 */
void
hub_signal_asked_drop_picture (HubSignalRoom *self)
{
  HubSignalAsked *asked = &self->asked;
  CareVisitMessage over = { .type = CARE_SIGNAL_PICTURE };

  g_clear_pointer (&asked->answer, care_visit_message_free);
  if (asked->picture == NULL)
    return;
  over.id = asked->picture->id;
  send_if_greeted (self, CARE_VISIT_ROLE_PATIENT, &over);
  g_clear_pointer (&asked->picture, care_visit_message_free);
}

/* The same request again, after the line was cut, is the same request. */
static void
ask_picture (HubSignalPeer *peer, const CareVisitMessage *message)
{
  HubSignalRoom *self = peer->room;
  HubSignalAsked *asked = &self->asked;

  if (!message->on)
    {
      if (is_same (asked->picture, message))
        hub_signal_asked_drop_picture (self);
      return;
    }
  if (is_same (asked->answer, message))
    hub_signal_peer_send (peer, asked->answer);
  else if (is_same (asked->picture, message))
    send_if_greeted (self, CARE_VISIT_ROLE_PATIENT, asked->picture);
  else if (self->state != HUB_SIGNAL_ADMITTED)
    hub_signal_peer_send_error (peer, "The patient is not in the call");
  else
    {
      hub_signal_asked_drop_picture (self);
      asked->picture = care_visit_message_copy (message);
      send_if_greeted (self, CARE_VISIT_ROLE_PATIENT, asked->picture);
    }
}

/* "de/1": language and version of what was read. */
static gboolean
read_wording (const char *wording, char **language, gint64 *version)
{
  if (wording == NULL || !g_ascii_islower (wording[0]) || !g_ascii_islower (wording[1]) ||
      wording[2] != '/' || !g_ascii_isdigit (wording[3]) ||
      (wording[4] != '\0' && (!g_ascii_isdigit (wording[4]) || wording[5] != '\0')))
    return FALSE;
  *language = g_strndup (wording, 2);
  *version = g_ascii_strtoll (wording + 3, NULL, 10);
  return *version > 0;
}

/*
 * hub_signal_asked_answered:
 * @answer: with the Consent, or with why it is not on record
 *
 * The clinician is told of the answer only now that it stands in the record.
 */
void
hub_signal_asked_answered (HubSignalRoom *self, const CareVisitMessage *answer)
{
  HubSignalAsked *asked = &self->asked;

  if (!is_same (asked->picture, answer) || self->state == HUB_SIGNAL_ENDED)
    return; /* taken back meanwhile */
  hub_signal_asked_drop_picture (self);
  asked->answer = care_visit_message_copy (answer);
  send_if_greeted (self, CARE_VISIT_ROLE_CLINICIAN, asked->answer);
}

static void
answer_picture (HubSignalPeer *peer, const CareVisitMessage *message)
{
  HubSignalRoom *self = peer->room;
  HubSignalAsked *asked = &self->asked;
  CareVisitMessage over = { .type = CARE_SIGNAL_PICTURE, .id = message->id };
  g_autofree char *language = NULL;
  gint64 version;

  /* too late, of an older request, or twice: the page closes its question */
  if (!is_same (asked->picture, message) || asked->picture->present)
    {
      hub_signal_peer_send (peer, &over);
      return;
    }
  if (!read_wording (message->wording, &language, &version))
    {
      hub_signal_peer_send_error (peer, "It is not said what was read before the answer");
      return;
    }
  asked->picture->present = TRUE; /* it is being written */
  hub_signal_picture_write (self, message, language, version);
}

/* ---- measurements ---- */

static void
ask_measures (HubSignalPeer *peer, const CareVisitMessage *message)
{
  HubSignalRoom *self = peer->room;
  HubSignalAsked *asked = &self->asked;
  g_autoptr (GError) error = NULL;
  guint kinds = 0;

  if (*message->kinds != '\0' && !care_measured_parse_kinds (message->kinds, &kinds, &error))
    {
      hub_signal_peer_send_error (peer, error->message);
      return;
    }
  /* said again by a workstation that does not know yet of the answer */
  for (guint i = 0; kinds != 0 && asked->sets != NULL && i < asked->sets->len; i++)
    if (is_same (asked->sets->pdata[i], message))
      return;
  if (kinds == 0 && !is_same (asked->measure, message))
    return;
  g_clear_pointer (&asked->measure, care_visit_message_free);
  if (kinds != 0)
    asked->measure = care_visit_message_copy (message);
  send_if_greeted (self, CARE_VISIT_ROLE_PATIENT, message);
}

/* Returns: (nullable): why it is not taken */
static const char *
check_measured (HubSignalAsked *asked, const CareVisitMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) values = care_measured_parse (message->values, &error);
  guint kinds;

  if (values == NULL || !care_measured_parse_kinds (asked->measure->kinds, &kinds, NULL))
    return "What was measured is not written as it must be";
  for (guint i = 0; i < values->len; i++)
    if (!(kinds & (1u << ((CareMeasured *) values->pdata[i])->kind)))
      return "Something was measured that nobody asked for";
  return NULL;
}

static void
take_measured (HubSignalPeer *peer, const CareVisitMessage *message)
{
  HubSignalRoom *self = peer->room;
  HubSignalAsked *asked = &self->asked;
  CareVisitMessage over = { .type = CARE_SIGNAL_MEASURE, .id = message->id, .kinds = (char *) "" };
  const char *refusal;
  CareVisitMessage *kept;

  for (guint i = 0; asked->sets != NULL && i < asked->sets->len; i++)
    if (is_same (asked->sets->pdata[i], message))
      {
        hub_signal_peer_send (peer, asked->sets->pdata[i]); /* it has not heard that it arrived */
        return;
      }
  /* nobody asks, or asks for something else by now */
  if (!is_same (asked->measure, message))
    {
      hub_signal_peer_send (peer, &over);
      return;
    }
  refusal = check_measured (asked, message);
  if (refusal != NULL)
    {
      hub_signal_peer_send_error (peer, refusal);
      return;
    }
  if (asked->sets == NULL)
    asked->sets = g_ptr_array_new_with_free_func ((GDestroyNotify) care_visit_message_free);
  if (asked->sets->len >= MAX_SETS)
    {
      hub_signal_peer_send_error (peer, "The clinic has not looked at the ones before yet");
      return;
    }
  g_clear_pointer (&asked->measure, care_visit_message_free);
  kept = care_visit_message_copy (message);
  g_free (kept->at);
  kept->at = base_clock_dup_instant (self->clock);
  g_ptr_array_add (asked->sets, kept);
  hub_signal_peer_send (peer, kept);
  send_if_greeted (self, CARE_VISIT_ROLE_CLINICIAN, kept);
}

static void
forget_measured (HubSignalRoom *self, const CareVisitMessage *message)
{
  GPtrArray *sets = self->asked.sets;

  for (guint i = 0; sets != NULL && i < sets->len; i++)
    if (is_same (sets->pdata[i], message))
      {
        g_ptr_array_remove_index (sets, i);
        return;
      }
}

/* ---- the room ---- */

/*
 * hub_signal_asked_handle:
 * @message: one that its sender may send
 *
 * Returns: whether it was about what is asked of the patient, and is dealt with
 */
gboolean
hub_signal_asked_handle (HubSignalPeer *peer, const CareVisitMessage *message)
{
  gboolean named = message->id != NULL && *message->id != '\0';

  switch (message->type)
    {
    case CARE_SIGNAL_PICTURE:
    case CARE_SIGNAL_AGREE:
    case CARE_SIGNAL_MEASURE:
    case CARE_SIGNAL_MEASURED:
    case CARE_SIGNAL_TAKEN:
      break;
    default:
      return FALSE;
    }
  if (!named)
    hub_signal_peer_send_error (peer, "A request has an id");
  else if (message->type == CARE_SIGNAL_PICTURE)
    ask_picture (peer, message);
  else if (message->type == CARE_SIGNAL_AGREE)
    answer_picture (peer, message);
  else if (message->type == CARE_SIGNAL_MEASURE)
    ask_measures (peer, message);
  else if (message->type == CARE_SIGNAL_MEASURED)
    take_measured (peer, message);
  else
    forget_measured (peer->room, message);
  return TRUE;
}

/*
 * hub_signal_asked_note:
 * @message: what went between clinician and patient
 *
 * Without a call there is nothing to take a picture of.
 */
void
hub_signal_asked_note (HubSignalRoom *self, const CareVisitMessage *message)
{
  if (message->type == CARE_SIGNAL_HANGUP || message->type == CARE_SIGNAL_HOLD ||
      (message->type == CARE_SIGNAL_PHONE && message->on))
    hub_signal_asked_drop_picture (self);
}

/* What a socket that has said hello is told. */
void
hub_signal_asked_greet (HubSignalPeer *peer)
{
  HubSignalAsked *asked = &peer->room->asked;

  if (peer->role == CARE_VISIT_ROLE_PATIENT)
    {
      if (asked->picture != NULL && !asked->picture->present)
        hub_signal_peer_send (peer, asked->picture);
      if (asked->measure != NULL)
        hub_signal_peer_send (peer, asked->measure);
    }
  if (peer != clinician_of (peer->room))
    return;
  if (asked->answer != NULL)
    hub_signal_peer_send (peer, asked->answer);
  for (guint i = 0; asked->sets != NULL && i < asked->sets->len; i++)
    hub_signal_peer_send (peer, asked->sets->pdata[i]);
}

void
hub_signal_asked_clear (HubSignalRoom *self)
{
  g_clear_pointer (&self->asked.picture, care_visit_message_free);
  g_clear_pointer (&self->asked.answer, care_visit_message_free);
  g_clear_pointer (&self->asked.measure, care_visit_message_free);
  g_clear_pointer (&self->asked.sets, g_ptr_array_unref);
}
