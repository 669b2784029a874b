/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "visit-person.h"

G_BEGIN_DECLS

/* How long a call with a guest or an interpreter may be without a connection. */
void visit_person_watch_patience (VisitPerson *self);
gboolean visit_person_is_given_up (VisitPerson *self);

G_END_DECLS
