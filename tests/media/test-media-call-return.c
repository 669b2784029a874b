/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "last-reference.h"
#include "media-call.h"
#include "media-patient.h"
#include "udp-relay.h"

/* How soon pictures come back after the path was gone, where signalling lived on: as in a visit,
 * each wish for a fresh connection is granted. The time is printed; that they come back is
 * asserted.
 */

typedef struct
{
  MediaSources *sources;
  MediaCall *call;
  MediaPatient *patient;
  UdpRelay *relay;
  int shown; /* pictures shown to the clinic; atomic */
  guint epoch, renewals;
} Fixture;

static GstPadProbeReturn
count_probe (GstPad *pad, GstPadProbeInfo *info, gpointer counter)
{
  g_atomic_int_inc ((int *) counter);
  return GST_PAD_PROBE_OK;
}

static GstElement *
make_sink (int *counter)
{
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");

  g_object_set (sink, "async", FALSE, NULL);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, count_probe, counter, NULL);
  return sink;
}

static GstElement *
make_screen (gpointer data)
{
  return make_sink (&((Fixture *) data)->shown);
}

static GstElement *
make_speaker (gpointer data)
{
  static int heard;

  return make_sink (&heard);
}

static char *
route (gpointer relay, gboolean to_patient, const char *candidate)
{
  return udp_relay_route (relay, to_patient ? UDP_RELAY_NEAR : UDP_RELAY_FAR, candidate);
}

/* As visit-line does. */
static void
renew_cb (MediaCall *call, const char *reason, Fixture *fixture)
{
  fixture->renewals++;
  media_call_renew (call, ++fixture->epoch);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->relay = udp_relay_new ();
  fixture->sources = MEDIA_SOURCES (media_test_sources_new (TRUE));
  fixture->call = media_call_new (fixture->sources, make_screen, fixture, NULL);
  fixture->patient = media_patient_new (fixture->call);
  fixture->patient->route = route;
  fixture->patient->route_data = fixture->relay;
  media_call_set_speaker (fixture->call, make_speaker, fixture, NULL);
  media_call_set_loopback (fixture->call, TRUE);
  g_signal_connect (fixture->call, "needs-renew", G_CALLBACK (renew_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  media_call_stop (fixture->call);
  media_patient_free (fixture->patient);
  last_reference_drop (fixture->call);
  last_reference_drop (fixture->sources);
  udp_relay_free (fixture->relay);
}

static gboolean
both_see (gpointer data)
{
  Fixture *fixture = data;

  return g_atomic_int_get (&fixture->shown) >= 5 &&
         g_atomic_int_get (&fixture->patient->clocked) +
                 g_atomic_int_get (&fixture->patient->plain) >=
             5;
}

static gboolean
never (gpointer data)
{
  return FALSE;
}

/* The state follows the pictures by a tick. */
static gboolean
is_live (gpointer data)
{
  return media_call_get_state (((Fixture *) data)->call) == MEDIA_CALL_LIVE;
}

static void
forget (Fixture *fixture)
{
  g_atomic_int_set (&fixture->shown, 0);
  g_atomic_int_set (&fixture->patient->clocked, 0);
  g_atomic_int_set (&fixture->patient->plain, 0);
}

static void
test_return (Fixture *fixture, gconstpointer data)
{
  const UdpRelayPath dark = { 0, 0, 0, TRUE }, bright = { 0 };
  guint seconds = GPOINTER_TO_UINT (data);
  gint64 returned;

  media_call_start (fixture->call, ++fixture->epoch);
  g_assert_true (media_test_wait (both_see, fixture, 30));
  udp_relay_set_path (fixture->relay, &dark);
  media_test_wait (never, fixture, seconds);
  forget (fixture);
  udp_relay_set_path (fixture->relay, &bright);
  returned = g_get_monotonic_time ();
  g_assert_true (media_test_wait (both_see, fixture, 60));
  g_test_message ("after %u s of nothing and %u fresh connections: pictures at both ends %.2f s "
                  "after the path was back",
                  seconds, fixture->renewals,
                  (double) (g_get_monotonic_time () - returned) / G_USEC_PER_SEC);
  g_assert_true (media_test_wait (is_live, fixture, 60));
}

int
main (int argc, char **argv)
{
  static const guint seconds[] = { 4, 8, 14, 40 };

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  for (gsize i = 0; i < G_N_ELEMENTS (seconds); i++)
    {
      g_autofree char *name = g_strdup_printf ("/media/return/%u-s", seconds[i]);

      /* the longer ones are for who asks for them */
      if (seconds[i] <= 8 || g_test_slow ())
        g_test_add (name, Fixture, GUINT_TO_POINTER (seconds[i]), set_up, test_return, tear_down);
    }
  return g_test_run ();
}
