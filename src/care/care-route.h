/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-cover.h"

G_BEGIN_DECLS

/* For how long a critical result waits for one person before every doctor is asked. The clinic's
 * own rule; source: unverified. */
#define CARE_ROUTE_WAIT_MINUTES 30

typedef enum
{
  CARE_ROUTE_ORDERER,   /* who ordered it is not known to be absent */
  CARE_ROUTE_COVER,     /* absent, and somebody stands in */
  CARE_ROUTE_UNCOVERED, /* absent, and nobody does: every doctor is asked */
  CARE_ROUTE_UNKNOWN,   /* nobody knows who ordered it: every doctor is asked */
} CareRouteKind;

/* Who works here, and who is absent when. Immutable, may cross threads. */
typedef struct
{
  GPtrArray *covers; /* CareCover, what was said last first */
  GPtrArray *staff;  /* references of all who are known here and may answer */
} CareRota;

/* To whom a critical result goes at one moment (hazard H18). Strings belong to it. */
typedef struct
{
  CareRouteKind kind;
  gboolean late;                /* nobody answered in time: every doctor is asked as well */
  gboolean nobody;              /* all who are asked have said that they are absent */
  char *orderer, *orderer_name; /* NULL: not known */
  gint64 until_us;              /* until when the orderer is absent; 0: is not */
  char *cover, *cover_name;     /* of CARE_ROUTE_COVER */
} CareRoute;

CareRota *care_rota_load (StoreConnection *connection, GError **error);
void care_rota_free (CareRota *self);
void care_route_free (CareRoute *self);
CareRoute *care_route_find (
    const CareRota *rota, const char *orderer, const char *name, gint64 since_us, gint64 now_us);
GPtrArray *
care_route_dup_chain (GPtrArray *covers, const char *absent, const char *user, gint64 at_us);
gboolean care_route_asks_all (const CareRoute *self);
gboolean care_route_is_for (const CareRoute *self, const char *user, const char *role);
char *care_route_dup_words (const CareRoute *self, const char *user, GTimeZone *zone);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareRota, care_rota_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareRoute, care_route_free)

G_END_DECLS
