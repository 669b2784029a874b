/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

G_BEGIN_DECLS

/* When somebody's turn comes: reckoned from the planned times and the visit that runs, the same for
 * the patient's page and the day's list. */

typedef enum
{
  CARE_WAIT_BOOKED,  /* has not come yet */
  CARE_WAIT_HERE,    /* waits */
  CARE_WAIT_RUNNING, /* is being seen */
  CARE_WAIT_OVER,    /* takes no time any more */
} CareWaitState;

/* One visit of one clinician. Instants in µs since 1970. */
typedef struct
{
  const char *id; /* of the appointment; borrowed */
  gint64 start;   /* as planned; 0: not known */
  int minutes;    /* as planned */
  CareWaitState state;
  gint64 began;   /* of one that runs */
  gint64 told;    /* until when the clinician said to be busy; 0: nothing was said */
  gboolean ready; /* a nurse has seen the patient: the next before all others */
} CareWaitVisit;

typedef struct
{
  gint64 at;     /* never before now */
  guint minutes; /* from now, in steps of five, rounded up; 0: a few minutes at most */
  gboolean late; /* noticeably after the planned time */
  gboolean open; /* the visit that runs is over its time: nobody knows when it ends */
  gboolean said; /* the clinician has said how long it takes */
} CareWaitEstimate;

gboolean care_wait_estimate (
    const CareWaitVisit *visits, gsize n_visits, const char *id, gint64 now, CareWaitEstimate *out);
void care_wait_read (FhirResource *appointment, FhirResource *encounter, CareWaitVisit *out);

G_END_DECLS
