/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "pharmacy-counter.h"

G_BEGIN_DECLS

char *pharmacy_page_dup (PharmacyCounter *counter);
SoupServer *
pharmacy_page_serve (PharmacyCounter *counter, const char *secret, guint port, GError **error);

G_END_DECLS
