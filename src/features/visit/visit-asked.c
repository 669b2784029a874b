/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-asked.h"

#include <glib/gi18n.h>

#include "care-measured.h"

/* Each request has an id of its own, and only an answer with the id of the request that stands is
 * one: what comes late, twice or to an older request changes nothing. What the patient measured
 * stays here until somebody has accepted it or left it out; the hub keeps it until then too. */

struct _VisitAsked
{
  GObject parent_instance;

  VisitAskedSend send; /* NULL once it is closed */
  gpointer data;

  VisitAskedState picture;
  char *request, *consent, *problem;
  char *untaken; /* a request that was given up and that the hub still has; NULL: none */

  char *measure;    /* id of the request; NULL: nothing is asked */
  guint kinds;      /* of it */
  GPtrArray *sets;  /* of CareVisitMessage */
  GHashTable *done; /* ids that were dealt with */
};

enum
{
  CHANGED,
  MEASURED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (VisitAsked, visit_asked, G_TYPE_OBJECT)

static void
visit_asked_finalize (GObject *object)
{
  VisitAsked *self = VISIT_ASKED (object);

  g_free (self->request);
  g_free (self->consent);
  g_free (self->problem);
  g_free (self->untaken);
  g_free (self->measure);
  g_ptr_array_unref (self->sets);
  g_hash_table_unref (self->done);

  G_OBJECT_CLASS (visit_asked_parent_class)->finalize (object);
}

static void
visit_asked_class_init (VisitAskedClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = visit_asked_finalize;
  signals[CHANGED] = g_signal_new ("changed", VISIT_TYPE_ASKED, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[MEASURED] = g_signal_new ("measured", VISIT_TYPE_ASKED, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 0);
}

static void
visit_asked_init (VisitAsked *self)
{
  self->sets = g_ptr_array_new_with_free_func ((GDestroyNotify) care_visit_message_free);
  self->done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

VisitAsked *
visit_asked_new (VisitAskedSend send, gpointer data)
{
  VisitAsked *self = g_object_new (VISIT_TYPE_ASKED, NULL);

  self->send = send;
  self->data = data;
  return self;
}

/* The line is gone: nothing is sent any more. */
void
visit_asked_close (VisitAsked *self)
{
  visit_asked_lose_picture (self, _ ("The line to the patient was closed. No picture was kept."));
  self->send = NULL;
}

static gboolean
send (VisitAsked *self, CareVisitMessage *message)
{
  return self->send != NULL && self->send (self->data, message);
}

static void
changed (VisitAsked *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- a picture ---- */

static void
say_picture (VisitAsked *self, const char *id, gboolean on)
{
  CareVisitMessage message = { .type = CARE_SIGNAL_PICTURE, .id = (char *) id, .on = on };

  if (!send (self, &message) && !on)
    g_set_str (&self->untaken, id);
}

static void
set_picture (VisitAsked *self, VisitAskedState state, const char *consent, const char *problem)
{
  self->picture = state;
  g_set_str (&self->consent, consent);
  g_set_str (&self->problem, problem);
  changed (self);
}

/**
 * visit_asked_begin_picture:
 *
 * Asks for one picture.
 *
 * Returns: FALSE where that is asked already
 */
gboolean
visit_asked_begin_picture (VisitAsked *self)
{
  if (self->picture == VISIT_ASKED_WAITING)
    return FALSE;
  g_free (self->request);
  self->request = g_uuid_string_random ();
  say_picture (self, self->request, TRUE);
  set_picture (self, VISIT_ASKED_WAITING, NULL, NULL);
  return TRUE;
}

/**
 * visit_asked_end_picture:
 *
 * The picture is kept or not: what the patient agreed to is used up.
 */
void
visit_asked_end_picture (VisitAsked *self)
{
  if (self->picture == VISIT_ASKED_WAITING)
    say_picture (self, self->request, FALSE);
  if (self->picture == VISIT_ASKED_NOTHING)
    return;
  g_clear_pointer (&self->request, g_free);
  set_picture (self, VISIT_ASKED_NOTHING, NULL, NULL);
}

/**
 * visit_asked_lose_picture:
 * @problem: why nobody waits for the answer any more, in words
 */
void
visit_asked_lose_picture (VisitAsked *self, const char *problem)
{
  if (self->picture != VISIT_ASKED_WAITING)
    return;
  say_picture (self, self->request, FALSE);
  set_picture (self, VISIT_ASKED_FAILED, NULL, problem);
}

static void
take_answer (VisitAsked *self, const CareVisitMessage *message)
{
  if (self->picture != VISIT_ASKED_WAITING || g_strcmp0 (message->id, self->request) != 0)
    return;
  if (message->on && message->consent != NULL)
    set_picture (self, VISIT_ASKED_AGREED, message->consent, NULL);
  else if (message->on || message->text != NULL)
    set_picture (self, VISIT_ASKED_FAILED, NULL,
                 _ ("The patient’s answer could not be put on record. Ask again."));
  else
    set_picture (self, VISIT_ASKED_REFUSED, NULL, NULL);
}

VisitAskedState
visit_asked_get_picture (VisitAsked *self)
{
  return self->picture;
}

/* (nullable): the id of the request that stands */
const char *
visit_asked_get_request (VisitAsked *self)
{
  return self->request;
}

/* (nullable): reference of the Consent to it */
const char *
visit_asked_get_consent (VisitAsked *self)
{
  return self->consent;
}

const char *
visit_asked_get_problem (VisitAsked *self)
{
  return self->problem;
}

/* ---- measurements ---- */

static void
say_measures (VisitAsked *self, const char *kinds)
{
  CareVisitMessage message = { .type = CARE_SIGNAL_MEASURE,
                               .id = self->measure,
                               .kinds = (char *) kinds };

  send (self, &message);
}

/**
 * visit_asked_begin_measures:
 * @kinds: bits 1 << CareMeasuredKind; takes the place of what was asked before
 */
void
visit_asked_begin_measures (VisitAsked *self, guint kinds)
{
  g_autofree char *text = care_measured_dup_kinds (kinds);

  if (kinds == 0)
    return;
  g_free (self->measure);
  self->measure = g_uuid_string_random ();
  self->kinds = kinds;
  say_measures (self, text);
  changed (self);
}

void
visit_asked_end_measures (VisitAsked *self)
{
  if (self->kinds == 0)
    return;
  self->kinds = 0;
  say_measures (self, "");
  g_clear_pointer (&self->measure, g_free);
  changed (self);
}

/* What is asked and not answered. */
guint
visit_asked_get_kinds (VisitAsked *self)
{
  return self->kinds;
}

static void
say_taken (VisitAsked *self, const char *id)
{
  CareVisitMessage message = { .type = CARE_SIGNAL_TAKEN, .id = (char *) id };

  send (self, &message);
}

static gboolean
find_set (VisitAsked *self, const char *id, guint *position)
{
  for (guint i = 0; i < self->sets->len; i++)
    if (g_strcmp0 (visit_asked_get_set (self, i)->id, id) == 0)
      {
        *position = i;
        return TRUE;
      }
  return FALSE;
}

/* The hub repeats what it does not know to be dealt with. */
static void
take_set (VisitAsked *self, const CareVisitMessage *message)
{
  g_autoptr (GPtrArray) values = care_measured_parse (message->values, NULL);
  guint position;

  if (values == NULL || message->at == NULL || *message->id == '\0' ||
      find_set (self, message->id, &position))
    return;
  if (g_hash_table_contains (self->done, message->id))
    {
      say_taken (self, message->id);
      return;
    }
  g_ptr_array_add (self->sets, care_visit_message_copy (message));
  if (g_strcmp0 (message->id, self->measure) == 0)
    {
      self->kinds = 0;
      g_clear_pointer (&self->measure, g_free);
    }
  changed (self);
  g_signal_emit (self, signals[MEASURED], 0);
}

guint
visit_asked_get_n_sets (VisitAsked *self)
{
  return self->sets->len;
}

const CareVisitMessage *
visit_asked_get_set (VisitAsked *self, guint position)
{
  return self->sets->pdata[position];
}

/**
 * visit_asked_finish_set:
 *
 * What came to this request is in the record, or was left out.
 */
void
visit_asked_finish_set (VisitAsked *self, const char *id)
{
  g_autofree char *kept = g_strdup (id); /* it may be the set's own */
  guint position;

  if (!find_set (self, kept, &position))
    return;
  g_ptr_array_remove_index (self->sets, position);
  say_taken (self, kept);
  g_hash_table_add (self->done, g_steal_pointer (&kept));
  changed (self);
}

/* ---- the line ---- */

/**
 * visit_asked_take:
 *
 * Returns: whether @message was about what is asked of the patient
 */
gboolean
visit_asked_take (VisitAsked *self, const CareVisitMessage *message)
{
  if (message->type == CARE_SIGNAL_AGREE)
    take_answer (self, message);
  else if (message->type == CARE_SIGNAL_MEASURED)
    take_set (self, message);
  else
    return FALSE;
  return TRUE;
}

/**
 * visit_asked_say_again:
 *
 * There is a connection again, perhaps to a hub that was started anew.
 */
void
visit_asked_say_again (VisitAsked *self)
{
  g_autofree char *untaken = g_steal_pointer (&self->untaken);
  g_autofree char *text = care_measured_dup_kinds (self->kinds);

  if (untaken != NULL)
    say_picture (self, untaken, FALSE);
  if (self->kinds != 0)
    say_measures (self, text);
}
