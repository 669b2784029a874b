/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-wait.h"

#include <string.h>

#include "care-extension.h"
#include "fhir-date.h"

/* Policy of a waiting room, not clinical facts. */
#define LATE_US         (5 * G_TIME_SPAN_MINUTE)  /* less is not called late */
#define STEP_US         (5 * G_TIME_SPAN_MINUTE)  /* nobody can tell more exactly */
#define GRACE_US        (10 * G_TIME_SPAN_MINUTE) /* so late somebody may still come */
#define REST_US         (5 * G_TIME_SPAN_MINUTE)  /* of a visit that is over its time */
#define DEFAULT_MINUTES 15

/* Who is seen first: who was with the nurse already, then by the planned time. */
static int
compare (const CareWaitVisit *a, const CareWaitVisit *b)
{
  if (a->ready != b->ready)
    return a->ready ? -1 : 1;
  if (a->start != b->start)
    return a->start < b->start ? -1 : 1;
  return strcmp (a->id, b->id);
}

/* Whether @other is seen before @one, as far as it takes time at all. */
static gboolean
is_before (const CareWaitVisit *other, const CareWaitVisit *one, gint64 now)
{
  if (compare (other, one) >= 0)
    return FALSE;
  return other->state == CARE_WAIT_HERE ||
         (other->state == CARE_WAIT_BOOKED && other->start > now - GRACE_US);
}

static const CareWaitVisit *
find (const CareWaitVisit *visits, gsize n_visits, const char *id)
{
  for (gsize i = 0; i < n_visits; i++)
    if (g_str_equal (visits[i].id, id))
      return &visits[i];
  return NULL;
}

/* When the clinician is free of the visit that runs. */
static gint64
end_of_running (const CareWaitVisit *visits, gsize n_visits, gint64 now, gboolean *open)
{
  gint64 end = now;

  for (gsize i = 0; i < n_visits; i++)
    if (visits[i].state == CARE_WAIT_RUNNING)
      {
        gint64 planned = visits[i].began + visits[i].minutes * G_TIME_SPAN_MINUTE;

        *open = *open || planned <= now;
        end = MAX (end, planned <= now ? now + REST_US : planned);
      }
  return end;
}

/* Until when the clinician said to be busy, to whoever has not been seen yet. */
static gint64
told_of (const CareWaitVisit *visits, gsize n_visits)
{
  gint64 told = 0;

  for (gsize i = 0; i < n_visits; i++)
    if (visits[i].state == CARE_WAIT_HERE || visits[i].state == CARE_WAIT_BOOKED)
      told = MAX (told, visits[i].told);
  return told;
}

/* The next in line after what was planned at (@start, @id). */
static const CareWaitVisit *
find_next (const CareWaitVisit *visits,
           gsize n_visits,
           const CareWaitVisit *one,
           const CareWaitVisit *last,
           gint64 now)
{
  const CareWaitVisit *next = NULL;

  for (gsize i = 0; i < n_visits; i++)
    {
      const CareWaitVisit *other = &visits[i];

      if (!is_before (other, one, now) || (last && !is_before (last, other, G_MININT64 / 2)))
        continue;
      if (!next || compare (other, next) < 0)
        next = other;
    }
  return next;
}

/**
 * care_wait_estimate:
 * @visits: of one clinician, in any order
 * @id: of the appointment that is asked about
 * @out: (out): when its turn comes
 *
 * The visit that runs takes the time that it was planned for; once it is over that, five minutes
 * more from now, again and again. What the clinician said about it counts where that is later. Who
 * is here or may still come before takes the planned time. Nobody is told a time before the planned
 * one.
 *
 * Returns: FALSE where there is nothing to say: it runs or is over, or has no time
 */
gboolean
care_wait_estimate (
    const CareWaitVisit *visits, gsize n_visits, const char *id, gint64 now, CareWaitEstimate *out)
{
  const CareWaitVisit *one = find (visits, n_visits, id);
  const CareWaitVisit *other = NULL;
  gint64 at, told;

  memset (out, 0, sizeof *out);
  if (!one || one->start == 0 || (one->state != CARE_WAIT_BOOKED && one->state != CARE_WAIT_HERE))
    return FALSE;
  at = end_of_running (visits, n_visits, now, &out->open);
  told = told_of (visits, n_visits);
  out->said = told > now;
  at = MAX (at, told);
  while ((other = find_next (visits, n_visits, one, other, now)))
    {
      /* who has not come yet does not come before the planned time */
      if (other->state == CARE_WAIT_BOOKED)
        at = MAX (at, other->start);
      at += other->minutes * G_TIME_SPAN_MINUTE;
    }
  out->at = MAX (at, one->start);
  out->late = out->at - one->start >= LATE_US;
  out->open = out->open && out->late && !out->said;
  out->minutes = (guint) ((out->at - now + STEP_US - 1) / STEP_US * (STEP_US / G_TIME_SPAN_MINUTE));
  if (out->at - now < STEP_US)
    out->minutes = 0;
  return TRUE;
}

/* ---- from the records ---- */

static gint64
instant_of (const char *text)
{
  FhirDate parsed;
  gint64 low = 0, high;

  if (text && fhir_date_parse (text, &parsed))
    fhir_date_bounds (&parsed, &low, &high);
  return low;
}

/* The line of the history that says so; else the end of its last line, for a status gets its line
 * when it is left. */
static gint64
began_of (FhirResource *encounter)
{
  const char *began = NULL, *last = NULL;

  fhir_element_foreach (line, fhir_resource_path (encounter, "statusHistory"))
    {
      if (!began && g_strcmp0 (fhir_element_path_text (line, "status"), "in-progress") == 0)
        began = fhir_element_path_text (line, "period.start");
      last = fhir_element_path_text (line, "period.end");
    }
  if (!began)
    began = last;
  return instant_of (began ? began : fhir_resource_path_text (encounter, "period.start"));
}

static CareWaitState
state_of (FhirResource *appointment, FhirResource *encounter)
{
  static const char *const here[] = { "arrived", "triaged", NULL };
  static const char *const running[] = { "in-progress", "onleave", NULL };
  static const char *const over[] = { "cancelled", "noshow",    "entered-in-error",
                                      "waitlist",  "fulfilled", NULL };
  const char *status = encounter ? fhir_resource_path_text (encounter, "status") : NULL;
  const char *booking = fhir_resource_path_text (appointment, "status");

  if (status && g_strv_contains (here, status))
    return CARE_WAIT_HERE;
  if (status && g_strv_contains (running, status))
    return CARE_WAIT_RUNNING;
  if (status && !g_str_equal (status, "planned"))
    return CARE_WAIT_OVER;
  return booking && !g_strv_contains (over, booking) ? CARE_WAIT_BOOKED : CARE_WAIT_OVER;
}

/**
 * care_wait_read:
 * @encounter: (nullable): the visit that @appointment became
 * @out: (out): borrows the appointment's id
 */
void
care_wait_read (FhirResource *appointment, FhirResource *encounter, CareWaitVisit *out)
{
  const char *minutes = fhir_resource_path_text (appointment, "minutesDuration");
  gint64 end = instant_of (fhir_resource_path_text (appointment, "end"));

  out->id = fhir_resource_get_id (appointment);
  out->start = instant_of (fhir_resource_path_text (appointment, "start"));
  out->minutes = minutes ? (int) g_ascii_strtoll (minutes, NULL, 10) : DEFAULT_MINUTES;
  if (end > out->start)
    out->minutes = (int) ((end - out->start) / G_TIME_SPAN_MINUTE);
  out->minutes = CLAMP (out->minutes, 1, 24 * 60);
  out->state = state_of (appointment, encounter);
  out->ready = out->state == CARE_WAIT_HERE && care_extension (encounter, "visit-intake") != NULL;
  out->told = instant_of (
      fhir_element_path_text (care_extension (appointment, "running-late-until"), "valueInstant"));
  out->began = out->state == CARE_WAIT_RUNNING ? began_of (encounter) : 0;
}
