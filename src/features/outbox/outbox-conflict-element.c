/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox-conflict-element.h"

#include <glib/gi18n.h>

struct _OutboxConflictElement
{
  GObject parent_instance;

  char *key;
  char *label;
  char *base;
  char *mine;
  char *theirs;
  OutboxChoice choice;
};

typedef enum
{
  PROP_CHOICE = 1,
} OutboxConflictElementProperty;

static GParamSpec *properties[PROP_CHOICE + 1];

G_DEFINE_FINAL_TYPE (OutboxConflictElement, outbox_conflict_element, G_TYPE_OBJECT)

static void
outbox_conflict_element_finalize (GObject *object)
{
  OutboxConflictElement *self = OUTBOX_CONFLICT_ELEMENT (object);

  g_free (self->key);
  g_free (self->label);
  g_free (self->base);
  g_free (self->mine);
  g_free (self->theirs);
  G_OBJECT_CLASS (outbox_conflict_element_parent_class)->finalize (object);
}

static void
outbox_conflict_element_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch ((OutboxConflictElementProperty) id)
    {
    case PROP_CHOICE:
      g_value_set_int (value, OUTBOX_CONFLICT_ELEMENT (object)->choice);
      break;
    }
}

static void
outbox_conflict_element_class_init (OutboxConflictElementClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = outbox_conflict_element_finalize;
  object_class->get_property = outbox_conflict_element_get_property;
  properties[PROP_CHOICE] =
      g_param_spec_int ("choice", NULL, NULL, OUTBOX_CHOICE_NONE, OUTBOX_CHOICE_THEIRS,
                        OUTBOX_CHOICE_NONE,
                        G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
outbox_conflict_element_init (OutboxConflictElement *self)
{
}

/* @key: what a decision names this element by. @label: in words. */
OutboxConflictElement *
outbox_conflict_element_new (const char *key, const char *label)
{
  OutboxConflictElement *self = g_object_new (OUTBOX_TYPE_CONFLICT_ELEMENT, NULL);

  self->key = g_strdup (key);
  self->label = g_strdup (label);
  return self;
}

/* All (nullable): that version does not have the element. */
void
outbox_conflict_element_take_sides (OutboxConflictElement *self,
                                    char *base,
                                    char *mine,
                                    char *theirs)
{
  g_return_if_fail (OUTBOX_IS_CONFLICT_ELEMENT (self));

  self->base = base;
  self->mine = mine;
  self->theirs = theirs;
}

const char *
outbox_conflict_element_get_key (OutboxConflictElement *self)
{
  return self->key;
}

const char *
outbox_conflict_element_get_label (OutboxConflictElement *self)
{
  return self->label;
}

/* (nullable): what both started from; NULL also where that is not known any more. */
const char *
outbox_conflict_element_get_base (OutboxConflictElement *self)
{
  return self->base;
}

/* "not recorded" where this side has none: nothing is an answer that a person can choose. */
const char *
outbox_conflict_element_get_mine (OutboxConflictElement *self)
{
  return self->mine ? self->mine : _ ("not recorded");
}

const char *
outbox_conflict_element_get_theirs (OutboxConflictElement *self)
{
  return self->theirs ? self->theirs : _ ("not recorded");
}

OutboxChoice
outbox_conflict_element_get_choice (OutboxConflictElement *self)
{
  g_return_val_if_fail (OUTBOX_IS_CONFLICT_ELEMENT (self), OUTBOX_CHOICE_NONE);

  return self->choice;
}

void
outbox_conflict_element_set_choice (OutboxConflictElement *self, OutboxChoice choice)
{
  g_return_if_fail (OUTBOX_IS_CONFLICT_ELEMENT (self));

  if (self->choice == choice)
    return;
  self->choice = choice;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHOICE]);
}

/* (transfer full) (nullable): what will stand; NULL: not chosen yet. */
char *
outbox_conflict_element_dup_result (OutboxConflictElement *self)
{
  g_return_val_if_fail (OUTBOX_IS_CONFLICT_ELEMENT (self), NULL);

  switch (self->choice)
    {
    case OUTBOX_CHOICE_NONE:
      return NULL;
    case OUTBOX_CHOICE_MINE:
      return g_strdup (outbox_conflict_element_get_mine (self));
    case OUTBOX_CHOICE_THEIRS:
      return g_strdup (outbox_conflict_element_get_theirs (self));
    }
  g_return_val_if_reached (NULL);
}
