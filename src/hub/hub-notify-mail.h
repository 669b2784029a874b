/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-notify-back-end.h"

G_BEGIN_DECLS

char *hub_notify_mail (const HubNotice *notice, const char *from, const char *name);
char *hub_notify_mail_encode_word (const char *text);

G_END_DECLS
