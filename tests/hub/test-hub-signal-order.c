/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-signal-room-private.h"

#include "hub-signal.h"

#include <string.h>
#include <sys/socket.h>

/* A room in every order in which its people come, go, are cut off and come back, and in which the
 * record, time and restarts reach it: against a small model of what has to be. Sockets are real,
 * but what they say is said without a network, so that time is the test's. */

#define LENGTH 3
#define SLOW   4 /* for who asks for it */
#define LONG   12
#define CHANCE 1500

/* P, C, D: the patient, a clinician, another one comes; p, c: is cut off; a, h, e: the clinician
 * admits, holds, ends; r, q, t, l, o: the record says in progress, on hold, waits (again), left,
 * over; 1: ten minutes pass; R: the hub is started anew */
static const char events[] = "PpCDcaheqrtlo1R";

typedef struct
{
  BaseClock *clock;
  HubUser *doctor, *other;
  HubSignalRoom *room;
  GPtrArray *sockets; /* both ends, of GObject */
  char *path;
  /* what has to be */
  HubSignalState state;
  HubVisitState record;
  gboolean patient, clinician, reported;
} Fixture;

static gboolean
is_begun (HubVisitState record)
{
  return record == HUB_VISIT_IN_PROGRESS || record == HUB_VISIT_HELD;
}

/* ---- sockets ---- */

static GIOStream *
stream_of (int fd)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, NULL);

  return G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
}

static SoupWebsocketConnection *
new_socket (Fixture *self)
{
  g_autoptr (GUri) uri = g_uri_parse ("ws://127.0.0.1/", G_URI_FLAGS_NONE, NULL);
  g_autoptr (GIOStream) near = NULL;
  SoupWebsocketConnection *socket;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
  near = stream_of (fds[0]);
  g_ptr_array_add (self->sockets, stream_of (fds[1]));
  socket =
      soup_websocket_connection_new (near, uri, SOUP_WEBSOCKET_CONNECTION_SERVER, NULL, NULL, NULL);
  g_ptr_array_add (self->sockets, socket);
  return socket;
}

static void
say (SoupWebsocketConnection *socket, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  g_signal_emit_by_name (socket, "message", SOUP_WEBSOCKET_DATA_TEXT, bytes);
}

static void
come (Fixture *self, CareVisitRole role, HubUser *user)
{
  SoupWebsocketConnection *socket = new_socket (self);
  HubSignalPeer *before = self->room->peers[role];
  SoupWebsocketConnection *old = before != NULL ? g_object_ref (before->socket) : NULL;

  hub_signal_room_enter (self->room, role, user, NULL, socket);
  /* never two in a visit as the same person */
  g_assert_true (self->room->peers[role]->socket == socket);
  g_assert_true (old == NULL ||
                 soup_websocket_connection_get_state (old) != SOUP_WEBSOCKET_STATE_OPEN);
  g_clear_object (&old);
  say (socket, role == CARE_VISIT_ROLE_PATIENT ? "{\"type\":\"hello\",\"role\":\"patient\"}"
                                               : "{\"type\":\"hello\",\"role\":\"clinician\"}");
}

static void
cut_off (Fixture *self, CareVisitRole role)
{
  if (self->room->peers[role] != NULL)
    g_signal_emit_by_name (self->room->peers[role]->socket, "closed");
}

static void
clinician_says (Fixture *self, const char *text)
{
  if (self->room->peers[CARE_VISIT_ROLE_CLINICIAN] != NULL)
    say (self->room->peers[CARE_VISIT_ROLE_CLINICIAN]->socket, text);
}

/* ---- what has to be ---- */

static void
expect_record (Fixture *self, HubVisitState record)
{
  gboolean ready = is_begun (self->record) && record == HUB_VISIT_ARRIVED;

  self->record = record;
  if (!is_begun (record))
    self->reported = FALSE;
  if (record == HUB_VISIT_OVER)
    {
      self->state = HUB_SIGNAL_ENDED;
      self->clinician = FALSE;
    }
  else if (ready && self->state != HUB_SIGNAL_ENDED)
    self->state = HUB_SIGNAL_WAITING;
}

static void
expect_word (Fixture *self, HubSignalState state)
{
  if (!self->clinician || self->state == HUB_SIGNAL_ENDED)
    return;
  self->state = state;
  if (state == HUB_SIGNAL_ENDED)
    self->clinician = FALSE;
}

static void
check (Fixture *self)
{
  HubSignalRoom *room = self->room;

  if (room->state != self->state)
    g_error ("%s: the room is in state %d, and not in %d", self->path, room->state, self->state);
  if ((room->peers[CARE_VISIT_ROLE_PATIENT] != NULL) != self->patient)
    g_error ("%s: the patient %s there", self->path, self->patient ? "is not" : "is");
  if ((room->peers[CARE_VISIT_ROLE_CLINICIAN] != NULL) != self->clinician)
    g_error ("%s: a clinician %s there", self->path, self->clinician ? "is not" : "is");
  g_assert_true (room->peers[CARE_VISIT_ROLE_GUEST] == NULL);
  g_assert_cmpint (hub_signal_room_is_open (room), ==, self->state != HUB_SIGNAL_ENDED);
}

/* Ten minutes: a visit that nobody of the clinic is in is told once; one who waited and is gone is
 * told at most once; nothing is told of one that is over. */
static void
pass_ten_minutes (Fixture *self)
{
  guint reports = 0, left = 0, expected;

  for (guint i = 0; i <= HUB_SIGNAL_INTERRUPTED; i++)
    {
      HubSignalWish wish = hub_signal_room_tick (self->room);

      reports += wish == HUB_SIGNAL_REPORT_INTERRUPTED;
      left += wish == HUB_SIGNAL_MARK_LEFT;
    }
  if (self->clinician)
    self->reported = FALSE;
  expected = self->state != HUB_SIGNAL_ENDED && is_begun (self->record) && !self->clinician &&
             !self->reported;
  if (reports != expected)
    g_error ("%s: told %u times that it is interrupted, and not %u", self->path, reports, expected);
  self->reported = self->reported || expected;
  if (left >
      (self->state != HUB_SIGNAL_ENDED && self->record == HUB_VISIT_ARRIVED && !self->patient))
    g_error ("%s: told %u times that the patient left", self->path, left);
}

/* What is in memory is lost; what the record says is not. */
static void
restart (Fixture *self)
{
  hub_signal_room_free (self->room);
  self->room = hub_signal_room_new ("e", self->clock, NULL);
  hub_signal_room_set_record (self->room, self->record, "p");
  self->patient = self->clinician = self->reported = FALSE;
  self->state = self->record == HUB_VISIT_OVER          ? HUB_SIGNAL_ENDED
                : self->record == HUB_VISIT_HELD        ? HUB_SIGNAL_HELD
                : self->record == HUB_VISIT_IN_PROGRESS ? HUB_SIGNAL_ADMITTED
                                                        : HUB_SIGNAL_WAITING;
}

static void
set_record (Fixture *self, HubVisitState record)
{
  hub_signal_room_set_record (self->room, record, "p");
  expect_record (self, record);
}

static void
act (Fixture *self, char event)
{
  switch (event)
    {
    case 'P':
      come (self, CARE_VISIT_ROLE_PATIENT, NULL);
      self->patient = TRUE;
      break;
    case 'p':
      cut_off (self, CARE_VISIT_ROLE_PATIENT);
      self->patient = FALSE;
      break;
    case 'C':
    case 'D':
      come (self, CARE_VISIT_ROLE_CLINICIAN, event == 'C' ? self->doctor : self->other);
      /* a visit that is over has nothing to say to a clinician, and never begins again by that */
      self->clinician = self->state != HUB_SIGNAL_ENDED;
      break;
    case 'c':
      cut_off (self, CARE_VISIT_ROLE_CLINICIAN);
      self->clinician = FALSE;
      break;
    case 'a':
      clinician_says (self, "{\"type\":\"admit\"}");
      expect_word (self, HUB_SIGNAL_ADMITTED);
      break;
    case 'h':
      clinician_says (self, "{\"type\":\"hold\"}");
      expect_word (self, HUB_SIGNAL_HELD);
      break;
    case 'e':
      clinician_says (self, "{\"type\":\"ended\"}");
      expect_word (self, HUB_SIGNAL_ENDED);
      break;
    case 'r':
      set_record (self, HUB_VISIT_IN_PROGRESS);
      break;
    case 'q':
      set_record (self, HUB_VISIT_HELD);
      break;
    case 't':
      set_record (self, HUB_VISIT_ARRIVED);
      break;
    case 'l':
      set_record (self, HUB_VISIT_LEFT);
      break;
    case 'o':
      set_record (self, HUB_VISIT_OVER);
      break;
    case '1':
      pass_ten_minutes (self);
      break;
    default:
      restart (self);
      break;
    }
}

static void
run (Fixture *self, const char *order)
{
  self->room = hub_signal_room_new ("e", self->clock, NULL);
  self->state = HUB_SIGNAL_WAITING;
  self->record = HUB_VISIT_ARRIVED;
  self->patient = self->clinician = self->reported = FALSE;
  hub_signal_room_set_record (self->room, HUB_VISIT_ARRIVED, "p");
  for (gsize i = 0; order[i] != '\0'; i++)
    {
      g_autofree char *path = g_strndup (order, i + 1);

      self->path = path;
      act (self, order[i]);
      check (self);
    }
  hub_signal_room_free (self->room);
  for (guint i = 0; i < self->sockets->len; i++)
    if (G_IS_IO_STREAM (self->sockets->pdata[i]))
      g_io_stream_close (self->sockets->pdata[i], NULL, NULL);
  g_ptr_array_set_size (self->sockets, 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 11, 22, 9, 0, 0);

  self->clock = base_clock_new_at (now);
  self->doctor = hub_user_new ("doctor", "Dr Ada Stone", HUB_ROLE_PRESCRIBER, "Practitioner/d");
  self->other = hub_user_new ("other", "Dr Ben Hill", HUB_ROLE_PRESCRIBER, "Practitioner/o");
  self->sockets = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_ptr_array_unref (self->sockets);
  hub_user_unref (self->doctor);
  hub_user_unref (self->other);
  g_object_unref (self->clock);
}

/* Some that matter and are longer: lost, taken up, and lost once more; ended, and everybody comes
 * again; handed from one to the other and back; readied while cut off. */
static void
test_chosen_orders (Fixture *self, gconstpointer data)
{
  static const char *const orders[] = {
    "PCar1",     "PCarpc1Cac1", "r1C1c1",      "rPC1c11C1c1", "PCareoPCaPC1", "PCaDaCaDc1",
    "PCarcqtPD", "PCarpctPDa",  "PlPlP1p1tP1", "PCarR1PCac1", "PCaR1trR1RC1", "PCahpPaR1",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    run (self, orders[i]);
}

static void
test_every_order (Fixture *self, gconstpointer data)
{
  gsize n = strlen (events), total = 1, length = g_test_slow () ? SLOW : LENGTH;
  char order[SLOW + 1] = { 0 };

  for (gsize i = 0; i < length; i++)
    total *= n;
  for (gsize number = 0; number < total; number++)
    {
      gsize rest = number;

      for (gsize i = 0; i < length; i++, rest /= n)
        order[i] = events[rest % n];
      run (self, order);
    }
  g_test_message ("%" G_GSIZE_FORMAT " orders of %d", total, (int) length);
}

static void
test_long_orders (Fixture *self, gconstpointer data)
{
  char order[LONG + 1] = { 0 };

  for (guint turn = 0; turn < CHANCE; turn++)
    {
      for (gsize i = 0; i < LONG; i++)
        do
          order[i] = events[g_test_rand_int_range (0, (gint32) strlen (events))];
        while (i + 2 < LONG && strchr ("eo", order[i]) != NULL); /* the end only at the end */
      run (self, order);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/hub-signal-order/every", Fixture, NULL, set_up, test_every_order, tear_down);
  g_test_add ("/hub-signal-order/chosen", Fixture, NULL, set_up, test_chosen_orders, tear_down);
  g_test_add ("/hub-signal-order/long", Fixture, NULL, set_up, test_long_orders, tear_down);
  return g_test_run ();
}
