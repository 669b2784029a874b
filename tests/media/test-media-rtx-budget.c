/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-rtx-budget.h"

static guint
take_for (MediaRtxBudget *budget, gint64 from_us, gint64 to_us, guint step_us)
{
  guint granted = 0;

  for (gint64 now = from_us; now < to_us; now += step_us)
    granted += media_rtx_budget_take (budget, 1200, now);
  return granted;
}

/* A storm of requests gets a quarter of the rate, whatever its size. */
static void
test_storm (void)
{
  g_autoptr (MediaRtxBudget) budget = media_rtx_budget_new ();
  guint granted;

  media_rtx_budget_set_rate (budget, 500000);
  granted = take_for (budget, 1, 10 * G_USEC_PER_SEC, 100);
  g_assert_cmpuint (granted * 1200 * 8, <=, 500000 / 4 * 10 + 500000 / 4 / 2 + 1200 * 8);
  g_assert_cmpuint (granted * 1200 * 8, >=, 500000 / 4 * 9);
  g_assert_cmpuint (media_rtx_budget_steal_refusals (budget), ==, 100000 - granted);
  g_assert_cmpuint (media_rtx_budget_steal_refusals (budget), ==, 0);
}

static void
test_few_are_served (void)
{
  g_autoptr (MediaRtxBudget) budget = media_rtx_budget_new ();

  g_assert_cmpuint (take_for (budget, 1, 10 * G_USEC_PER_SEC, 200000), ==, 50);
  g_assert_cmpuint (media_rtx_budget_steal_refusals (budget), ==, 0);
}

/* Even at the lowest rate one packet can be sent again now and then. */
static void
test_never_starved (void)
{
  g_autoptr (MediaRtxBudget) budget = media_rtx_budget_new ();

  media_rtx_budget_set_rate (budget, 60000);
  g_assert_cmpuint (take_for (budget, 1, 10 * G_USEC_PER_SEC, 1000), >=, 10);
}

static void
test_clock_steps_back (void)
{
  g_autoptr (MediaRtxBudget) budget = media_rtx_budget_new ();

  take_for (budget, G_USEC_PER_SEC, 2 * G_USEC_PER_SEC, 1000);
  g_assert_cmpuint (take_for (budget, 1, 1000, 100), <=, 1);
}

/* On a real rtprtxsend: requests pass at first and are dropped once the budget is spent. */
static void
test_on_an_element (void)
{
  g_autoptr (MediaRtxBudget) budget = media_rtx_budget_new ();
  g_autoptr (GstElement) send = gst_object_ref_sink (gst_element_factory_make ("rtprtxsend", NULL));
  g_autoptr (GstPad) pad = gst_element_get_static_pad (send, "src");

  media_rtx_budget_attach (budget, send);
  gst_element_set_state (send, GST_STATE_PAUSED);
  for (int i = 0; i < 100; i++)
    gst_pad_send_event (pad,
                        gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM,
                                              gst_structure_new ("GstRTPRetransmissionRequest",
                                                                 "seqnum", G_TYPE_UINT, i, "ssrc",
                                                                 G_TYPE_UINT, 1, NULL)));
  g_assert_cmpuint (media_rtx_budget_steal_refusals (budget), >, 50);
  gst_pad_send_event (pad, gst_event_new_reconfigure ());
  g_assert_cmpuint (media_rtx_budget_steal_refusals (budget), ==, 0);
  gst_element_set_state (send, GST_STATE_NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/media/rtx-budget/storm", test_storm);
  g_test_add_func ("/media/rtx-budget/few-are-served", test_few_are_served);
  g_test_add_func ("/media/rtx-budget/never-starved", test_never_starved);
  g_test_add_func ("/media/rtx-budget/clock-steps-back", test_clock_steps_back);
  g_test_add_func ("/media/rtx-budget/on-an-element", test_on_an_element);
  return g_test_run ();
}
