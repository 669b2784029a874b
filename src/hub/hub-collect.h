/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-request.h"

G_BEGIN_DECLS

gboolean hub_collect (HubRequest *request);

G_END_DECLS
