/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "hub-records.h"

G_BEGIN_DECLS

/* What a pharmacy says of itself that wants to be listed: DIRECTORY.md. All of it was checked. */
typedef struct
{
  char *name, *registration, *phone, *email; /* email: NULL where it gave none */
  char *line, *city, *postal_code, *country; /* country: NULL as well */
  gboolean has_position;
  double latitude, longitude;
  gboolean modes[3]; /* by the place in hub_supply_modes */
  GPtrArray *hours;  /* HubListingHours */
} HubListing;

typedef struct
{
  gboolean days[7]; /* from Monday */
  char *from, *to;  /* "08:30"; "24:00" ends a day */
} HubListingHours;

HubListing *hub_listing_read (JsonNode *node, GError **error);
void hub_listing_free (HubListing *self);
char *hub_listing_put (HubRecords *records, HubListing *self, const char *id, GError **error);
void hub_listing_write_like (GHashTable *entries,
                             GPtrArray *organizations,
                             const char *id,
                             JsonBuilder *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HubListing, hub_listing_free)

G_END_DECLS
