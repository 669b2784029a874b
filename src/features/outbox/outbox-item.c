/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox-item.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-prescription.h"
#include "workspace-time.h"

struct _OutboxItem
{
  GObject parent_instance;

  char *group;
  char *patient;
  char *name;
  char *type;
  char *state;
  char *reason;
  gint64 created;
  int priority;
  guint changes;
  gboolean in_conflict;
};

G_DEFINE_FINAL_TYPE (OutboxItem, outbox_item, G_TYPE_OBJECT)

/* What people call a resource, the one that names a group first. */
static const struct
{
  const char *type, *words;
} types[] = {
  { "MedicationRequest", N_ ("Prescription") },
  { "DocumentReference", N_ ("Note") },
  { "Encounter", N_ ("Visit") },
  { "Task", N_ ("Task") },
  { "AllergyIntolerance", N_ ("Allergy") },
  { "Condition", N_ ("Problem") },
  { "Observation", N_ ("Reading") },
  { "Appointment", N_ ("Booking") },
  { "Patient", N_ ("Personal details") },
};

static guint
rank (const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i].type, type))
      return i;
  return G_N_ELEMENTS (types);
}

/* The state that asks most of a person stands for the group. */
static guint
urgency (const char *state)
{
  static const char *const states[] = {
    "done", "waiting", "sending", "unknown", "held", "refused"
  };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_equal (states[i], state))
      return i;
  return G_N_ELEMENTS (states);
}

static void
outbox_item_finalize (GObject *object)
{
  OutboxItem *self = OUTBOX_ITEM (object);

  g_free (self->group);
  g_free (self->patient);
  g_free (self->name);
  g_free (self->type);
  g_free (self->state);
  g_free (self->reason);
  G_OBJECT_CLASS (outbox_item_parent_class)->finalize (object);
}

static void
outbox_item_class_init (OutboxItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = outbox_item_finalize;
}

static void
outbox_item_init (OutboxItem *self)
{
}

/* @patient_name: (nullable) */
OutboxItem *
outbox_item_new (const StoreJournalEntry *entry, const char *patient_name, gboolean in_conflict)
{
  OutboxItem *self = g_object_new (OUTBOX_TYPE_ITEM, NULL);

  self->group = g_strdup (entry->group);
  self->patient = g_strdup (entry->patient);
  self->name = g_strdup (patient_name);
  self->type = g_strdup (entry->type);
  self->state = g_strdup (entry->state);
  self->reason = g_strdup (entry->reason);
  self->created = entry->created_us;
  self->priority = entry->priority;
  self->changes = 1;
  self->in_conflict = in_conflict;
  return self;
}

/* Another change of the same group. */
void
outbox_item_add (OutboxItem *self, const StoreJournalEntry *entry)
{
  g_return_if_fail (OUTBOX_IS_ITEM (self));

  self->changes++;
  self->created = MIN (self->created, entry->created_us);
  self->priority = MAX (self->priority, entry->priority);
  if (rank (entry->type) < rank (self->type))
    g_set_str (&self->type, entry->type);
  if (urgency (entry->state) > urgency (self->state))
    g_set_str (&self->state, entry->state);
  if (entry->reason && !self->reason)
    self->reason = g_strdup (entry->reason);
}

const char *
outbox_item_get_group (OutboxItem *self)
{
  return self->group;
}

/* (nullable): the patient's id. */
const char *
outbox_item_get_patient (OutboxItem *self)
{
  return self->patient;
}

/* (transfer full): "Prescription for SMITH, Jane". */
char *
outbox_item_dup_title (OutboxItem *self)
{
  guint index = rank (self->type);
  const char *words = index < G_N_ELEMENTS (types) ? _ (types[index].words) : self->type;

  return self->name ? g_strdup_printf (_ ("%s for %s"), words, self->name) : g_strdup (words);
}

/* A signature rests while it can be undone, and then leaves by itself. */
static gboolean
is_resting (OutboxItem *self)
{
  return g_str_equal (self->state, "held") && self->reason &&
         g_str_has_prefix (self->reason, "undo");
}

static gboolean
is_not_sent (OutboxItem *self, gint64 now)
{
  return g_str_equal (self->type, "MedicationRequest") && now - self->created >= CARE_NOT_SENT_US;
}

static gboolean
is_in_state (OutboxItem *self, const char *state)
{
  return g_str_equal (self->state, state);
}

/* Where it stands among what waits (H24); NULL where it does not wait for its turn. */
static const char *
get_lane (OutboxItem *self)
{
  if (!is_in_state (self, "waiting") && !is_in_state (self, "sending"))
    return NULL;
  if (g_str_equal (self->type, "Binary") || g_str_equal (self->type, "Media"))
    return _ ("goes last, so that nothing waits for it");
  if (self->priority > 0)
    return _ ("goes before all else");
  return self->patient ? _ ("in this patient’s order") : NULL;
}

/* (transfer full): what state it is in, since when, and in which lane. */
char *
outbox_item_dup_state (OutboxItem *self, gint64 now, GTimeZone *zone)
{
  g_autofree char *clock = workspace_time_moment (self->created, now, zone);
  g_autofree char *span = workspace_time_span (now - self->created);
  const char *words = _ ("Waiting to be sent");

  if (g_str_equal (self->state, "refused"))
    words = _ ("Refused by the server");
  else if (is_resting (self) && !is_not_sent (self, now))
    words = _ ("Signed: leaves by itself in a few seconds");
  else if (g_str_equal (self->state, "held") && !is_resting (self))
    words = self->in_conflict ? _ ("Changed by two people: choose one")
                              : _ ("Held: needs you again before it is sent");
  else if (is_not_sent (self, now))
    words = _ ("NOT SENT: TELL THE PATIENT");
  else if (g_str_equal (self->state, "sending"))
    words = _ ("Being sent");
  else if (g_str_equal (self->state, "unknown"))
    words = _ ("Sent, the answer was lost: asking the server");
  const char *lane = get_lane (self);
  g_autofree char *since = g_strdup_printf (_ ("%s · since %s (%s)"), words, clock, span);
  return lane ? g_strdup_printf ("%s · %s", since, lane) : g_steal_pointer (&since);
}

/* (nullable) */
const char *
outbox_item_get_reason (OutboxItem *self)
{
  static const char *const marks[] = { "review: ", "conflict: ", "sent:" };

  if (is_resting (self) || self->reason == NULL || g_str_has_prefix (self->reason, marks[2]))
    return NULL;
  for (gsize i = 0; i < 2; i++)
    if (g_str_has_prefix (self->reason, marks[i]))
      return self->reason + strlen (marks[i]);
  return self->reason;
}

/* (transfer full) (nullable): why it waits, in the server's words where it said something. */
char *
outbox_item_dup_why (OutboxItem *self)
{
  const char *reason = outbox_item_get_reason (self);

  if (reason && is_in_state (self, "refused"))
    return g_strdup_printf (_ ("The server says: “%s”"), reason);
  return g_strdup (reason);
}

/* (nullable): what a person does next; NULL where it goes on by itself. */
const char *
outbox_item_get_advice (OutboxItem *self, gint64 now)
{
  if (is_in_state (self, "refused"))
    return _ ("Correct it in the chart, then send it again. If it is not needed any more, give it "
              "up.");
  if (self->in_conflict && is_in_state (self, "held"))
    return self->reason ? NULL : _ ("Read both versions and choose what stands.");
  if (is_in_state (self, "held") && !is_resting (self))
    return _ ("Look at the chart, then sign it again, or cancel it there.");
  if (is_in_state (self, "unknown"))
    return _ ("Nothing to do: the server is asked what it has before anything is sent again.");
  return is_not_sent (self, now) ? _ ("Print it or telephone if it cannot wait.") : NULL;
}

/* TRUE when it does not go on by itself, or somebody has to be told. */
gboolean
outbox_item_needs_person (OutboxItem *self, gint64 now)
{
  return g_str_equal (self->state, "refused") ||
         (g_str_equal (self->state, "held") && !is_resting (self)) || is_not_sent (self, now);
}

const char *
outbox_item_get_style (OutboxItem *self, gint64 now)
{
  /* two versions are both safe: that is no alarm (law 8) */
  if (self->in_conflict && is_in_state (self, "held"))
    return "warning";
  return outbox_item_needs_person (self, now) ? "error" : "dimmed";
}

const char *
outbox_item_get_icon_name (OutboxItem *self, gint64 now)
{
  if (outbox_item_needs_person (self, now))
    return "dialog-warning-symbolic";
  return g_str_equal (self->state, "unknown") ? "dialog-question-symbolic"
                                              : "bedside-clock-symbolic";
}

gboolean
outbox_item_may_retry (OutboxItem *self)
{
  return g_str_equal (self->state, "refused");
}

/* TRUE: a person may decide that it is never sent. */
gboolean
outbox_item_may_give_up (OutboxItem *self)
{
  return is_in_state (self, "refused");
}

/* TRUE: the chart changed since the signature, and only a new one lets it go (H2). */
gboolean
outbox_item_may_sign (OutboxItem *self)
{
  return is_in_state (self, "held") && !is_resting (self) && !self->in_conflict &&
         g_str_equal (self->type, "MedicationRequest");
}

gboolean
outbox_item_is_in_conflict (OutboxItem *self)
{
  return self->in_conflict;
}
