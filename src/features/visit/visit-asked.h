/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "care-visit-message.h"

G_BEGIN_DECLS

/* How a request for one picture stands. */
typedef enum
{
  VISIT_ASKED_NOTHING,
  VISIT_ASKED_WAITING, /* for the patient's answer */
  VISIT_ASKED_AGREED,  /* and the Consent is on record */
  VISIT_ASKED_REFUSED,
  VISIT_ASKED_FAILED, /* visit_asked_get_problem () says why */
} VisitAskedState;

/* Returns: FALSE where there is no connection */
typedef gboolean (*VisitAskedSend) (gpointer data, const CareVisitMessage *message);

/* What is asked of one visit's patient: a picture out of the call, and measurements.
 *
 * signal "changed" (): a getter answers differently
 * signal "measured" (): something came that was not here yet */
#define VISIT_TYPE_ASKED (visit_asked_get_type ())
G_DECLARE_FINAL_TYPE (VisitAsked, visit_asked, VISIT, ASKED, GObject)

VisitAsked *visit_asked_new (VisitAskedSend send, gpointer data);
void visit_asked_close (VisitAsked *self);
gboolean visit_asked_take (VisitAsked *self, const CareVisitMessage *message);
void visit_asked_say_again (VisitAsked *self);

gboolean visit_asked_begin_picture (VisitAsked *self);
void visit_asked_end_picture (VisitAsked *self);
void visit_asked_lose_picture (VisitAsked *self, const char *problem);
VisitAskedState visit_asked_get_picture (VisitAsked *self);
const char *visit_asked_get_request (VisitAsked *self);
const char *visit_asked_get_consent (VisitAsked *self);
const char *visit_asked_get_problem (VisitAsked *self);

void visit_asked_begin_measures (VisitAsked *self, guint kinds);
void visit_asked_end_measures (VisitAsked *self);
guint visit_asked_get_kinds (VisitAsked *self);
guint visit_asked_get_n_sets (VisitAsked *self);
const CareVisitMessage *visit_asked_get_set (VisitAsked *self, guint position);
void visit_asked_finish_set (VisitAsked *self, const char *id);

G_END_DECLS
