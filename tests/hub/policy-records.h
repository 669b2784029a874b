/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-fixture.h"

/* Two patients with a record each, and whoever asks for what of it. */

G_BEGIN_DECLS

#define policy_test(path, function)                                                                \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, function, hub_fixture_tear_down)

typedef struct
{
  const char *user, *request, *body;
  guint status;
} PolicyCase;

void policy_records_put (HubFixture *fixture, const char *path, const char *body);
void policy_records_add (HubFixture *fixture);
void policy_records_ask (HubFixture *fixture, const PolicyCase *cases, gsize n);

G_END_DECLS
