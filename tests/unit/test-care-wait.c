/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-wait.h"

#include <glib.h>
#include <string.h>

#define AT(hour, minute) ((gint64) ((hour) * 60 + (minute)) * G_TIME_SPAN_MINUTE + G_TIME_SPAN_DAY)

typedef struct
{
  const char *about;
  gint64 now;
  CareWaitVisit visits[4];
  gint64 at; /* of "me"; 0: nothing is said */
  guint minutes;
  gboolean late, open;
} Case;

static const Case cases[] = {
  { "on time", AT (9, 0), { { "me", AT (9, 20), 15, CARE_WAIT_HERE, 0 } }, AT (9, 20), 20, 0, 0 },
  { "nobody before, and the time has come",
    AT (9, 22),
    { { "me", AT (9, 20), 15, CARE_WAIT_HERE, 0 } },
    AT (9, 22),
    0,
    0,
    0 },
  { "nobody came for me",
    AT (9, 40),
    { { "me", AT (9, 20), 15, CARE_WAIT_HERE, 0 } },
    AT (9, 40),
    0,
    1,
    0 },
  { "the one before began late and is within its time",
    AT (9, 15),
    { { "a", AT (9, 0), 20, CARE_WAIT_RUNNING, AT (9, 10) },
      { "me", AT (9, 20), 15, CARE_WAIT_HERE, 0 } },
    AT (9, 30),
    15,
    1,
    0 },
  { "the one before is over its time: never a time that is past",
    AT (9, 45),
    { { "a", AT (9, 0), 20, CARE_WAIT_RUNNING, AT (9, 0) },
      { "me", AT (9, 20), 15, CARE_WAIT_HERE, 0 } },
    AT (9, 50),
    5,
    1,
    1 },
  { "over its time, but mine is later",
    AT (9, 25),
    { { "a", AT (9, 0), 20, CARE_WAIT_RUNNING, AT (9, 0) },
      { "me", AT (10, 0), 15, CARE_WAIT_BOOKED, 0 } },
    AT (10, 0),
    35,
    0,
    0 },
  { "somebody waits before me, somebody after, somebody went",
    AT (9, 30),
    { { "b", AT (9, 10), 15, CARE_WAIT_HERE, 0 },
      { "me", AT (9, 20), 15, CARE_WAIT_HERE, 0 },
      { "c", AT (9, 25), 15, CARE_WAIT_HERE, 0 },
      { "a", AT (9, 0), 15, CARE_WAIT_OVER, 0 } },
    AT (9, 45),
    15,
    1,
    0 },
  { "who is late by ten minutes does not count any more",
    AT (9, 30),
    { { "b", AT (9, 20), 15, CARE_WAIT_BOOKED, 0 }, { "me", AT (9, 35), 15, CARE_WAIT_HERE, 0 } },
    AT (9, 35),
    5,
    0,
    0 },
  { "who may still come does",
    AT (9, 26),
    { { "b", AT (9, 20), 15, CARE_WAIT_BOOKED, 0 }, { "me", AT (9, 35), 15, CARE_WAIT_HERE, 0 } },
    AT (9, 41),
    15,
    1,
    0 },
  { "at the same time: one after the other",
    AT (9, 0),
    { { "b", AT (9, 20), 10, CARE_WAIT_BOOKED, 0 }, { "me", AT (9, 20), 15, CARE_WAIT_BOOKED, 0 } },
    AT (9, 30),
    30,
    1,
    0 },
  { "being seen",
    AT (9, 0),
    { { "me", AT (9, 0), 15, CARE_WAIT_RUNNING, AT (9, 0) } },
    0,
    0,
    0,
    0 },
  { "the clinician said so: later than reckoned",
    AT (9, 10),
    { { "b", AT (9, 0), 15, CARE_WAIT_HERE, 0, .told = AT (9, 30) },
      { "me", AT (9, 20), 15, CARE_WAIT_HERE, 0 } },
    AT (9, 45),
    35,
    1,
    0 },
  { "what was said and is past does not count",
    AT (9, 20),
    { { "me", AT (9, 20), 15, CARE_WAIT_HERE, 0, .told = AT (9, 15) } },
    AT (9, 20),
    0,
    0,
    0 },
  { "how long the one before takes is known once it was said",
    AT (9, 45),
    { { "a", AT (9, 0), 20, CARE_WAIT_RUNNING, AT (9, 0) },
      { "me", AT (9, 20), 15, CARE_WAIT_HERE, 0, .told = AT (10, 0) } },
    AT (10, 0),
    15,
    1,
    0 },
  { "who was with the nurse comes before all others",
    AT (9, 30),
    { { "late", AT (10, 0), 10, CARE_WAIT_HERE, 0, .ready = TRUE },
      { "me", AT (9, 20), 15, CARE_WAIT_HERE, 0 } },
    AT (9, 40),
    10,
    1,
    0 },
  { "no time", AT (9, 0), { { "me", 0, 15, CARE_WAIT_HERE, 0 } }, 0, 0, 0, 0 },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *one = &cases[i];
      CareWaitEstimate estimate;
      gsize n = 0;

      while (n < G_N_ELEMENTS (one->visits) && one->visits[n].id)
        n++;
      g_test_message ("%s", one->about);
      gboolean said = care_wait_estimate (one->visits, n, "me", one->now, &estimate);
      g_assert_cmpint (said, ==, one->at != 0);
      g_assert_cmpint (estimate.at, ==, one->at);
      g_assert_cmpuint (estimate.minutes, ==, one->minutes);
      g_assert_cmpint (estimate.late, ==, one->late);
      g_assert_cmpint (estimate.open, ==, one->open);
    }
}

/* Whatever the hour: no promise lies in the past, and none before the planned time. */
static void
test_never_past (void)
{
  const CareWaitVisit visits[] = {
    { "a", AT (9, 0), 20, CARE_WAIT_RUNNING, AT (9, 3) },
    { "b", AT (9, 20), 20, CARE_WAIT_BOOKED, 0 },
    { "me", AT (9, 40), 20, CARE_WAIT_HERE, 0 },
  };

  for (int minute = 0; minute < 24 * 60; minute += 7)
    {
      CareWaitEstimate estimate;

      g_assert_true (care_wait_estimate (visits, 3, "me", AT (0, minute), &estimate));
      g_assert_cmpint (estimate.at, >=, AT (0, minute));
      g_assert_cmpint (estimate.at, >=, AT (9, 40));
    }
}

static FhirResource *
resource_of (const char *json)
{
  g_auto (GStrv) parts = g_strsplit (json, "'", -1);
  g_autofree char *text = g_strjoinv ("\"", parts);
  g_autoptr (GError) error = NULL;
  FhirResource *resource = fhir_resource_parse (text, -1, &error);

  g_assert_no_error (error);
  return resource;
}

static void
test_read (void)
{
  g_autoptr (FhirResource) appointment =
      resource_of ("{'resourceType':'Appointment','id':'a','status':'booked','start':"
                   "'2026-11-22T09:00:00Z','end':'2026-11-22T09:25:00Z','minutesDuration':15}");
  g_autoptr (FhirResource) cancelled =
      resource_of ("{'resourceType':'Appointment','id':'a','status':'cancelled','start':"
                   "'2026-11-22T09:00:00Z'}");
  /* as the hub and a workstation write it: a status gets its line when it is left */
  g_autoptr (FhirResource) running = resource_of (
      "{'resourceType':'Encounter','status':'in-progress','period':{'start':'2026-11-22T08:50:00Z'}"
      ",'statusHistory':[{'status':'arrived','period':{'start':'2026-11-22T08:50:00Z','end':"
      "'2026-11-22T09:05:00Z'}}]}");
  g_autoptr (FhirResource) held = resource_of (
      "{'resourceType':'Encounter','status':'onleave','statusHistory':[{'status':'in-progress',"
      "'period':{'start':'2026-11-22T09:02:00Z','end':'2026-11-22T09:10:00Z'}}]}");
  CareWaitVisit visit;

  care_wait_read (appointment, NULL, &visit);
  g_assert_cmpint (visit.minutes, ==, 25);
  g_assert_cmpint (visit.state, ==, CARE_WAIT_BOOKED);
  care_wait_read (appointment, running, &visit);
  g_assert_cmpint (visit.state, ==, CARE_WAIT_RUNNING);
  g_assert_cmpint (visit.began, ==, visit.start + 5 * G_TIME_SPAN_MINUTE);
  care_wait_read (appointment, held, &visit);
  g_assert_cmpint (visit.state, ==, CARE_WAIT_RUNNING);
  g_assert_cmpint (visit.began, ==, visit.start + 2 * G_TIME_SPAN_MINUTE);
  care_wait_read (cancelled, NULL, &visit);
  g_assert_cmpint (visit.state, ==, CARE_WAIT_OVER);
  g_assert_cmpint (visit.minutes, ==, 15);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/care/wait/cases", test_cases);
  g_test_add_func ("/care/wait/never-past", test_never_past);
  g_test_add_func ("/care/wait/read", test_read);
  return g_test_run ();
}
