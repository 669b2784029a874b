/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-clock.h"

#include "fhir-resource.h"

G_BEGIN_DECLS

/* The demo clinic: made-up patients with coherent histories, told relative to today. */
GPtrArray *hub_demo_resources (BaseClock *clock, const char *seed, GError **error);
char *hub_demo_id (const char *seed, const char *kind, const char *key);
char **hub_demo_staff (GError **error);
char *hub_demo_staff_role (const char *key);
char *hub_demo_staff_name (const char *key);

G_END_DECLS
