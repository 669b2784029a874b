/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-controller-private.h"

/* What the record says of the visit, for those who show it. */

const char *
visit_controller_get_place (VisitController *self)
{
  return self->facts != NULL ? self->facts->place : NULL;
}

const char *
visit_controller_get_number (VisitController *self)
{
  return self->facts != NULL ? self->facts->number : NULL;
}

const char *
visit_controller_get_reason (VisitController *self)
{
  return self->facts != NULL ? self->facts->reason : NULL;
}

/* (nullable): what a nurse did before, and who that was. */
const char *
visit_controller_get_intake (VisitController *self)
{
  return self->facts != NULL ? self->facts->intake : NULL;
}

const char *
visit_controller_get_device_test (VisitController *self)
{
  return self->facts != NULL ? self->facts->device_test : NULL;
}

const char *
visit_controller_get_device_level (VisitController *self)
{
  return self->facts != NULL ? self->facts->device_level : "unknown";
}

/* Whether the patient said that they would rather be rung. A page of somebody who did takes no
 * video before they say so there. */
gboolean
visit_controller_wants_phone (VisitController *self)
{
  return self->facts != NULL && self->facts->wants_phone;
}

const char *
visit_controller_get_identity (VisitController *self)
{
  return self->facts != NULL ? self->facts->identity : NULL;
}

/**
 * visit_controller_is_eventful:
 *
 * Returns: whether a guest or an interpreter took part, the call was lost, a picture of it was
 *   kept, or it was held by phone
 */
gboolean
visit_controller_is_eventful (VisitController *self)
{
  return self->facts != NULL && (self->facts->is_eventful || self->facts->phone_start != 0);
}

gint64
visit_controller_get_waiting_since (VisitController *self)
{
  return self->facts != NULL ? self->facts->waiting_since : 0;
}
