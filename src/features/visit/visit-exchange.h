/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-visit-message.h"
#include "media-quality.h"
#include "media-channel.h"
#include "media-transfers.h"

G_BEGIN_DECLS

/* Sends by the hub. Returns: FALSE where there is no connection */
typedef gboolean (*VisitExchangeHub) (gpointer data, const CareVisitMessage *message);

/**
 * VisitExchange:
 *
 * What clinician and patient write and send to each other: over the call's data channel while it is
 * open, by the hub else (chat only). A message is told apart by its id, so that one that comes by
 * both ways is one.
 *
 * Signals: "changed" (); "arrived" (MediaTransfer *): a file from the patient is whole; "stopped"
 * (MediaTransfer *): the patient took away what was shown
 */
#define VISIT_TYPE_EXCHANGE (visit_exchange_get_type ())
G_DECLARE_FINAL_TYPE (VisitExchange, visit_exchange, VISIT, EXCHANGE, GObject)

VisitExchange *visit_exchange_new (VisitExchangeHub hub, gpointer data);
void visit_exchange_close (VisitExchange *self);
MediaChannel *visit_exchange_get_channel (VisitExchange *self);
MediaTransfers *visit_exchange_get_transfers (VisitExchange *self);
GListModel *visit_exchange_get_chat (VisitExchange *self);
gboolean visit_exchange_is_open (VisitExchange *self);
gboolean visit_exchange_send_chat (VisitExchange *self, const char *text);
void visit_exchange_take_chat (VisitExchange *self, const CareVisitMessage *message);
void visit_exchange_hub_is_open (VisitExchange *self);
void visit_exchange_set_quality (VisitExchange *self, const MediaQuality *quality);

G_END_DECLS
