/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-visit.h"

G_BEGIN_DECLS

void hub_patient_attach (HubServer *server);
void hub_patient_forget_sessions (HubServer *server, GPtrArray *sessions);

G_END_DECLS
