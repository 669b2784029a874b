/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A piece of JSON text that was not parsed: it is only cut along brackets and strings, so that one
 * bad entry of a bundle does not spoil the others. */
typedef struct
{
  const char *at, *end;
} HubSpan;

gboolean hub_span_read (HubSpan *rest, HubSpan *value);
gboolean hub_span_open (HubSpan *value, char bracket);
gboolean hub_span_next_item (HubSpan *list, HubSpan *value);
gboolean hub_span_next_member (HubSpan *object, HubSpan *name, HubSpan *value);
gboolean hub_span_is_string (const HubSpan *value, const char *text);
char *hub_span_dup_string (const HubSpan *value);
gboolean hub_span_is_blank (const HubSpan *rest);

G_END_DECLS
