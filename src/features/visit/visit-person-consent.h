/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "visit-person.h"

G_BEGIN_DECLS

/* What was said of the person behind a role: it is theirs alone, and goes with them. */
void visit_person_set_consent (VisitPerson *self, const char *agreed, const char *on_record);
const char *visit_person_get_agreed (VisitPerson *self);
const char *visit_person_get_on_record (VisitPerson *self);
guint visit_person_get_identity (VisitPerson *self);
void visit_person_forget (VisitPerson *self);

G_END_DECLS
