/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-describe.h"

G_BEGIN_DECLS

HubDescription *hub_describe_dosages (
    const char *text, gssize length, const char *only_type, const char *language, GError **error);

G_END_DECLS
