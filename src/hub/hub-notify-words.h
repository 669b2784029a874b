/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a message to a patient may say of a visit: all of it, and nothing else. */
typedef struct
{
  const char *clinic; /* NULL: "Your clinic" */
  const char *phone;  /* NULL: no line on whom to call */
  GDateTime *start;   /* in the clinic's own time; NULL where it is not known */
  const char *link;
} HubNotifyFacts;

const char *hub_notify_words_language (const char *wanted);
char *hub_notify_words_subject (const char *language, const HubNotifyFacts *facts);
char *hub_notify_words_text (const char *language, gboolean brief, const HubNotifyFacts *facts);
char *hub_notify_words_time (const char *language, GDateTime *start);

G_END_DECLS
