/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "care-channel.h"

G_BEGIN_DECLS

/* How a message leaves the clinic's house. A back end takes one message and says what became of
 * it; waiting, trying again and giving up is the queue's. The same message may come again after a
 * crash: @id is the same then, and a back end that can tells the other side. */

/* One message. */
typedef struct
{
  char *id; /* of its Communication, and the idempotency key */
  CareChannel channel;
  char *to;       /* care_channel_dup_valid () */
  char *subject;  /* one line */
  char *text;     /* UTF-8 */
  char *language; /* "de" */
  char *link;     /* that stands in the text */
  gint64 written; /* µs since 1970 */
} HubNotice;

typedef enum
{
  HUB_NOTIFY_HANDED_OVER, /* taken; whether it arrives may be told later */
  HUB_NOTIFY_DELIVERED,   /* taken, and nobody will tell more */
  HUB_NOTIFY_LATER,       /* not now */
  HUB_NOTIFY_REFUSED,     /* never */
} HubNotifyOutcome;

typedef struct
{
  HubNotifyOutcome outcome;
  gint64 after; /* seconds that the other side asks to wait; 0 where it does not say */
  char *reason; /* a sentence, for what was not taken */
} HubNotifyResult;

typedef struct _HubNotifyBackEnd HubNotifyBackEnd;

typedef struct
{
  const char *name;        /* in the configuration */
  const char *const *keys; /* that it knows there, beside `way` */
  gboolean reaches_out;    /* messages leave this machine, and so must the links in them */
  /* reads its keys of @group; NULL and a sentence where they are no good */
  HubNotifyBackEnd *(*open) (GKeyFile *file, const char *group, GError **error);
  void (*send) (HubNotifyBackEnd *self, const HubNotice *notice, GTask *task);
  void (*free) (HubNotifyBackEnd *self);
} HubNotifyInterface;

struct _HubNotifyBackEnd
{
  const HubNotifyInterface *interface;
};

extern const HubNotifyInterface hub_notify_command, hub_notify_outbox, hub_notify_smtp,
    hub_notify_webhook;

char *hub_notify_dup_json (const HubNotice *notice);
void hub_notice_free (HubNotice *self);
HubNotifyResult *hub_notify_result_new (HubNotifyOutcome outcome, gint64 after, const char *reason);
void hub_notify_result_free (HubNotifyResult *self);
void hub_notify_back_end_free (HubNotifyBackEnd *self);

/* On the main loop. @notice must last until @callback. A GError means that nothing is known. */
void hub_notify_send_async (HubNotifyBackEnd *self,
                            const HubNotice *notice,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
HubNotifyResult *hub_notify_send_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubNotice, hub_notice_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubNotifyResult, hub_notify_result_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubNotifyBackEnd, hub_notify_back_end_free)

G_END_DECLS
