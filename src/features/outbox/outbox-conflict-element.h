/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What a person takes of one element. */
typedef enum
{
  OUTBOX_CHOICE_NONE,
  OUTBOX_CHOICE_MINE,
  OUTBOX_CHOICE_THEIRS,
} OutboxChoice;

/* One element in which two versions of a record differ. Property "choice" (int, OutboxChoice). */
#define OUTBOX_TYPE_CONFLICT_ELEMENT (outbox_conflict_element_get_type ())
G_DECLARE_FINAL_TYPE (
    OutboxConflictElement, outbox_conflict_element, OUTBOX, CONFLICT_ELEMENT, GObject)

OutboxConflictElement *outbox_conflict_element_new (const char *key, const char *label);
void outbox_conflict_element_take_sides (OutboxConflictElement *self,
                                         char *base,
                                         char *mine,
                                         char *theirs);
const char *outbox_conflict_element_get_key (OutboxConflictElement *self);
const char *outbox_conflict_element_get_label (OutboxConflictElement *self);
const char *outbox_conflict_element_get_base (OutboxConflictElement *self);
const char *outbox_conflict_element_get_mine (OutboxConflictElement *self);
const char *outbox_conflict_element_get_theirs (OutboxConflictElement *self);
OutboxChoice outbox_conflict_element_get_choice (OutboxConflictElement *self);
void outbox_conflict_element_set_choice (OutboxConflictElement *self, OutboxChoice choice);
char *outbox_conflict_element_dup_result (OutboxConflictElement *self);

G_END_DECLS
