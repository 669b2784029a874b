/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-people.h"

#include <glib/gi18n.h>

#include "visit-person-consent.h"
#include "visit-person-patience.h"

/* Who is in a visit beside the patient. The hub decides who may come and whom the pages meet; the
 * clinician lets in, puts aside and sends away; each person's connection is VisitPerson's. */

#define GREETING_SECONDS 3

struct _VisitPeople
{
  GObject parent_instance;

  GListStore *persons;
  WorkspaceSession *session;
  char *stun;
  GStrv turn;
  gboolean relay_only, loopback, camera, microphone;
  gboolean alone, alone_by_patient;
  gboolean alone_unsaid, alone_wanted;
  guint greeting; /* until the hub has told who is there */
  guint joined;   /* bits by role: whose joining was told */
  /* HOLD or DISMISS that no connection took, by role; HELLO: nothing */
  CareVisitMessageType unsaid[CARE_VISIT_ROLE_INTERPRETER + 1];
};

enum
{
  SEND,
  CHANGED,
  JOINED,
  LEFT,
  REFUSED,
  FAILED,
  GREETED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GType
get_item_type (GListModel *model)
{
  return VISIT_TYPE_PERSON;
}

static guint
get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (VISIT_PEOPLE (model)->persons));
}

static gpointer
get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (VISIT_PEOPLE (model)->persons), position);
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (VisitPeople,
                               visit_people,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* ---- to the hub ---- */

static gboolean
send (VisitPeople *self, const CareVisitMessage *message)
{
  gboolean sent = FALSE;

  g_signal_emit (self, signals[SEND], 0, message, &sent);
  return sent;
}

static void
fail (VisitPeople *self, const char *sentence)
{
  g_signal_emit (self, signals[FAILED], 0, sentence);
}

/* What parts people is kept until the hub hears it; what brings them together is not: meanwhile
 * another may stand there. */
static void
decide (VisitPeople *self, CareVisitMessageType type, CareVisitRole to)
{
  CareVisitMessage message = { .type = type, .to = to };
  gboolean keep = type == CARE_SIGNAL_HOLD || type == CARE_SIGNAL_DISMISS;
  gboolean sent = send (self, &message);

  self->unsaid[to] = !sent && keep ? type : CARE_SIGNAL_HELLO;
  if (!sent)
    fail (self, keep ? _ ("There is no connection to the hub. It is done as soon as there is one.")
                     : _ ("There is no connection to the hub."));
}

/**
 * visit_people_say_again:
 *
 * There is a connection to the hub: it hears what it has missed.
 */
void
visit_people_say_again (VisitPeople *self)
{
  CareVisitMessage alone = { .type = CARE_SIGNAL_ALONE, .on = self->alone_wanted };

  if (self->alone_unsaid)
    self->alone_unsaid = !send (self, &alone);
  for (guint role = 0; role < G_N_ELEMENTS (self->unsaid); role++)
    {
      CareVisitMessage message = { .type = self->unsaid[role], .to = role };

      if (message.type != CARE_SIGNAL_HELLO && send (self, &message))
        self->unsaid[role] = CARE_SIGNAL_HELLO;
    }
}

static void
offer_cb (VisitPerson *person, guint epoch, const char *sdp, VisitPeople *self)
{
  CareVisitMessage message = { .type = CARE_SIGNAL_OFFER,
                               .to = visit_person_get_role (person),
                               .epoch = epoch,
                               .sdp = (char *) sdp };

  send (self, &message);
}

static void
candidate_cb (
    VisitPerson *person, guint epoch, guint mline, const char *candidate, VisitPeople *self)
{
  CareVisitMessage message = { .type = CARE_SIGNAL_CANDIDATE,
                               .to = visit_person_get_role (person),
                               .epoch = epoch,
                               .mline = mline,
                               .candidate = (char *) candidate };

  send (self, &message);
}

static void
renew_cb (VisitPerson *person, guint epoch, VisitPeople *self)
{
  CareVisitMessage message = { .type = CARE_SIGNAL_RENEW,
                               .to = visit_person_get_role (person),
                               .epoch = epoch };

  send (self, &message);
}

static void
refused_cb (VisitPerson *person, const char *reason, VisitPeople *self)
{
  /* the patient does not see and hear either who could not prove to be who they are */
  decide (self, CARE_SIGNAL_HOLD, visit_person_get_role (person));
  g_signal_emit (self, signals[REFUSED], 0, person, reason);
}

/* In the call is who was let in and is here; for the record a line that breaks for a moment is no
 * leaving, so it is told when the hub says so. */
static void
person_changed_cb (VisitPerson *person, VisitPeople *self)
{
  guint bit = 1u << visit_person_get_role (person);
  gboolean in =
      visit_person_is_present (person) && visit_person_get_state (person) == CARE_VISIT_PERSON_IN;

  if (in != ((self->joined & bit) != 0))
    {
      self->joined ^= bit;
      g_signal_emit (self, signals[in ? JOINED : LEFT], 0, person);
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- persons ---- */

static VisitPerson *
find (VisitPeople *self, CareVisitRole role)
{
  for (guint i = 0; i < get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr (VisitPerson) person = get_item (G_LIST_MODEL (self), i);

      if (visit_person_get_role (person) == role)
        return person;
    }
  return NULL;
}

static VisitPerson *
add (VisitPeople *self, CareVisitRole role)
{
  g_autoptr (VisitPerson) person = visit_person_new (role, self->loopback);

  visit_person_set_session (person, self->session);
  visit_person_set_devices (person, self->camera, self->microphone);
  visit_person_set_ice (person, self->stun, (const char *const *) self->turn, self->relay_only);
  g_signal_connect (person, "offer", G_CALLBACK (offer_cb), self);
  g_signal_connect (person, "candidate", G_CALLBACK (candidate_cb), self);
  g_signal_connect (person, "renew", G_CALLBACK (renew_cb), self);
  visit_person_watch_patience (person);
  g_signal_connect_swapped (person, "lost", G_CALLBACK (fail), self);
  g_signal_connect (person, "refused", G_CALLBACK (refused_cb), self);
  g_signal_connect (person, "changed", G_CALLBACK (person_changed_cb), self);
  g_list_store_append (self->persons, person);
  return person;
}

static void
remove_person (VisitPeople *self, VisitPerson *person)
{
  guint position;

  g_signal_handlers_disconnect_by_data (person, self);
  visit_person_set_wanted (person, FALSE);
  visit_person_forget (person);
  if (g_list_store_find (self->persons, person, &position))
    g_list_store_remove (self->persons, position);
}

static void
items_changed_cb (VisitPeople *self, guint position, guint removed, guint added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
take_person (VisitPeople *self, const CareVisitMessage *message)
{
  VisitPerson *person = find (self, message->role);

  if (person == NULL && !message->present)
    return;
  if (person == NULL)
    person = add (self, message->role);
  g_object_ref (person);
  visit_person_take (person, message);
  /* who was in stays on the screen while their page is away; who never was goes */
  if (!message->present && message->state == CARE_VISIT_PERSON_WAITING)
    remove_person (self, person);
  g_object_unref (person);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
take_alone (VisitPeople *self, const CareVisitMessage *message)
{
  self->alone = message->on;
  self->alone_by_patient = message->role == CARE_VISIT_ROLE_PATIENT;
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * visit_people_take:
 * @message: from the hub
 *
 * Returns: whether it was of a guest or an interpreter
 */
gboolean
visit_people_take (VisitPeople *self, const CareVisitMessage *message)
{
  VisitPerson *person;

  if (message->type == CARE_SIGNAL_PERSON && care_visit_role_is_invited (message->role))
    take_person (self, message);
  else if (message->type == CARE_SIGNAL_ALONE)
    take_alone (self, message);
  else if (!care_visit_role_is_invited (message->role))
    return FALSE;
  else if ((person = find (self, message->role)) == NULL)
    return TRUE;
  else if (message->type == CARE_SIGNAL_ANSWER)
    visit_person_take_answer (person, message);
  else if (message->type == CARE_SIGNAL_CANDIDATE)
    visit_person_take_candidate (person, message);
  else if (message->type == CARE_SIGNAL_MEDIA)
    visit_person_take_media (person, message);
  else if (message->type == CARE_SIGNAL_RENEW)
    visit_person_renew (person);
  return TRUE;
}

static gboolean
greeted_cb (gpointer data)
{
  VisitPeople *self = data;

  self->greeting = 0;
  g_signal_emit (self, signals[GREETED], 0);
  return G_SOURCE_REMOVE;
}

/**
 * visit_people_await:
 *
 * The hub has let us in and tells now who is there. Nothing says that it has told all: who is not
 * there after a while is not.
 */
void
visit_people_await (VisitPeople *self)
{
  g_clear_handle_id (&self->greeting, g_source_remove);
  self->greeting = g_timeout_add_seconds (GREETING_SECONDS, greeted_cb, self);
}

/* Whether somebody with @role was let in and is here. */
gboolean
visit_people_is_in (VisitPeople *self, CareVisitRole role)
{
  return (self->joined & 1u << role) != 0;
}

/* ---- object ---- */

static void
visit_people_dispose (GObject *object)
{
  VisitPeople *self = VISIT_PEOPLE (object);

  if (self->persons != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->persons, self);
      while (get_n_items (G_LIST_MODEL (self)) > 0)
        {
          g_autoptr (VisitPerson) person = get_item (G_LIST_MODEL (self), 0);

          remove_person (self, person);
        }
    }
  g_clear_handle_id (&self->greeting, g_source_remove);
  g_clear_object (&self->persons);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (visit_people_parent_class)->dispose (object);
}

static void
visit_people_finalize (GObject *object)
{
  VisitPeople *self = VISIT_PEOPLE (object);

  g_free (self->stun);
  g_strfreev (self->turn);
  G_OBJECT_CLASS (visit_people_parent_class)->finalize (object);
}

static guint
new_signal (const char *name, guint count, GType a, GType b)
{
  return g_signal_new (name, VISIT_TYPE_PEOPLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                       count, a, b);
}

static void
visit_people_class_init (VisitPeopleClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = visit_people_dispose;
  G_OBJECT_CLASS (klass)->finalize = visit_people_finalize;
  signals[SEND] = g_signal_new ("send", VISIT_TYPE_PEOPLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_BOOLEAN, 1, G_TYPE_POINTER);
  signals[CHANGED] = new_signal ("changed", 0, G_TYPE_NONE, G_TYPE_NONE);
  signals[JOINED] = new_signal ("joined", 1, VISIT_TYPE_PERSON, G_TYPE_NONE);
  signals[LEFT] = new_signal ("left", 1, VISIT_TYPE_PERSON, G_TYPE_NONE);
  signals[FAILED] = new_signal ("failed", 1, G_TYPE_STRING, G_TYPE_NONE);
  signals[GREETED] = new_signal ("greeted", 0, G_TYPE_NONE, G_TYPE_NONE);
  signals[REFUSED] = new_signal ("refused", 2, VISIT_TYPE_PERSON, G_TYPE_STRING);
}

static void
visit_people_init (VisitPeople *self)
{
  self->persons = g_list_store_new (VISIT_TYPE_PERSON);
  self->camera = self->microphone = TRUE;
  g_signal_connect_swapped (self->persons, "items-changed", G_CALLBACK (items_changed_cb), self);
}

VisitPeople *
visit_people_new (gboolean loopback)
{
  VisitPeople *self = g_object_new (VISIT_TYPE_PEOPLE, NULL);

  self->loopback = loopback;
  return self;
}

/* ---- with the call ---- */

static void
want (VisitPeople *self, gboolean wanted)
{
  for (guint i = 0; i < get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr (VisitPerson) person = get_item (G_LIST_MODEL (self), i);

      visit_person_set_wanted (person, wanted);
    }
}

/* The clinician calls: who was let in is in the call too. */
void
visit_people_call (VisitPeople *self)
{
  want (self, TRUE);
}

/* The clinician's side of every call ends. */
void
visit_people_hang_up (VisitPeople *self)
{
  want (self, FALSE);
}

/* Puts everybody who is in aside: the clinician's call with them ends. */
void
visit_people_hold_all (VisitPeople *self)
{
  for (guint i = 0; i < get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr (VisitPerson) person = get_item (G_LIST_MODEL (self), i);

      if (visit_person_get_state (person) == CARE_VISIT_PERSON_IN)
        visit_people_hold (self, person);
      else
        visit_person_set_wanted (person, FALSE);
    }
}

void
visit_people_hurry (VisitPeople *self)
{
  for (guint i = 0; i < get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr (VisitPerson) person = get_item (G_LIST_MODEL (self), i);

      visit_person_hurry (person);
    }
}

/**
 * visit_people_set_ice:
 *
 * As media_call_set_ice(), for each of them.
 */
void
visit_people_set_ice (VisitPeople *self,
                      const char *stun,
                      const char *const *turn,
                      gboolean relay_only)
{
  g_set_str (&self->stun, stun);
  g_strfreev (self->turn);
  self->turn = g_strdupv ((GStrv) turn);
  self->relay_only = relay_only;
  for (guint i = 0; i < get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr (VisitPerson) person = get_item (G_LIST_MODEL (self), i);

      visit_person_set_ice (person, stun, turn, relay_only);
    }
}

/* The visit belongs to another place now: nothing of it goes on here. */
void
visit_people_lose (VisitPeople *self)
{
  while (get_n_items (G_LIST_MODEL (self)) > 0)
    {
      g_autoptr (VisitPerson) person = get_item (G_LIST_MODEL (self), 0);

      remove_person (self, person);
    }
  g_clear_handle_id (&self->greeting, g_source_remove);
  self->joined = 0;
  self->alone = self->alone_unsaid = FALSE;
  memset (self->unsaid, 0, sizeof self->unsaid);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Before anybody comes. */
void
visit_people_set_session (VisitPeople *self, WorkspaceSession *session)
{
  g_set_object (&self->session, session);
}

void
visit_people_set_devices (VisitPeople *self, gboolean camera, gboolean microphone)
{
  self->camera = camera;
  self->microphone = microphone;
  for (guint i = 0; i < get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr (VisitPerson) person = get_item (G_LIST_MODEL (self), i);

      visit_person_set_devices (person, camera, microphone);
    }
}

/* ---- what the clinician decides ---- */

/**
 * visit_people_admit:
 *
 * Lets somebody in, or in again, and calls them.
 */
void
visit_people_admit (VisitPeople *self, VisitPerson *person)
{
  decide (self, CARE_SIGNAL_ADMIT, visit_person_get_role (person));
  visit_person_set_wanted (person, TRUE);
}

void
visit_people_hold (VisitPeople *self, VisitPerson *person)
{
  visit_person_set_wanted (person, FALSE);
  decide (self, CARE_SIGNAL_HOLD, visit_person_get_role (person));
}

void
visit_people_dismiss (VisitPeople *self, VisitPerson *person)
{
  visit_person_set_wanted (person, FALSE);
  decide (self, CARE_SIGNAL_DISMISS, visit_person_get_role (person));
}

void
visit_people_ask_quiet (VisitPeople *self, VisitPerson *person)
{
  CareVisitMessage message = { .type = CARE_SIGNAL_QUIET, .to = visit_person_get_role (person) };

  if (!send (self, &message))
    fail (self, _ ("There is no connection to the hub."));
}

/**
 * visit_people_set_alone:
 * @alone: whether the guest waits aside; the hub parts the others from the guest too
 */
void
visit_people_set_alone (VisitPeople *self, gboolean alone)
{
  CareVisitMessage message = { .type = CARE_SIGNAL_ALONE, .on = alone };

  self->alone_wanted = alone;
  self->alone_unsaid = !send (self, &message);
  if (self->alone_unsaid)
    fail (self, _ ("There is no connection to the hub. It is done as soon as there is one."));
}

gboolean
visit_people_is_alone (VisitPeople *self)
{
  return self->alone;
}

gboolean
visit_people_is_alone_by_patient (VisitPeople *self)
{
  return self->alone && self->alone_by_patient;
}

gboolean
visit_people_has (VisitPeople *self, CareVisitRole role)
{
  VisitPerson *person = find (self, role);

  return person != NULL && visit_person_is_present (person);
}

/**
 * visit_people_is_calling:
 *
 * Returns: whether a call with any of them runs
 */
gboolean
visit_people_is_calling (VisitPeople *self)
{
  for (guint i = 0; i < get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr (VisitPerson) person = get_item (G_LIST_MODEL (self), i);

      if (visit_person_is_calling (person))
        return TRUE;
    }
  return FALSE;
}
