/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-visit-message.h"

G_BEGIN_DECLS

/* Who may do what with whom in a visit of more than two. A visit has one person of each role, so
 * the role is the person's id: of two pages the one with the lower role offers, and the workstation
 * offers to each page. */

gboolean care_visit_role_is_invited (CareVisitRole role);
gboolean care_visit_message_may_go (CareVisitRole from, const CareVisitMessage *message);

G_END_DECLS
