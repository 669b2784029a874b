/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-people.h"

#define ROLES (CARE_VISIT_ROLE_INTERPRETER + 1)

static gboolean
may (CareVisitRole from, CareVisitMessageType type, CareVisitRole to)
{
  CareVisitMessage message = { .type = type, .to = to };

  return care_visit_message_may_go (from, &message);
}

/* Of each pair exactly one offers and the other answers. */
static void
test_one_of_two_offers (void)
{
  for (guint from = CARE_VISIT_ROLE_CLINICIAN; from < ROLES; from++)
    for (guint to = CARE_VISIT_ROLE_CLINICIAN; to < ROLES; to++)
      {
        g_assert_true (may (from, CARE_SIGNAL_OFFER, to) == (from < to));
        g_assert_true (may (from, CARE_SIGNAL_ANSWER, to) == (to < from));
        g_assert_true (may (from, CARE_SIGNAL_CANDIDATE, to) == (from != to));
      }
}

static void
test_only_the_clinician_lets_in (void)
{
  const CareVisitMessageType types[] = { CARE_SIGNAL_ADMIT, CARE_SIGNAL_HOLD, CARE_SIGNAL_QUIET };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    for (guint from = CARE_VISIT_ROLE_NONE; from < ROLES; from++)
      for (guint to = CARE_VISIT_ROLE_CLINICIAN; to < ROLES; to++)
        g_assert_true (may (from, types[i], to) ==
                       (from == CARE_VISIT_ROLE_CLINICIAN && to >= CARE_VISIT_ROLE_GUEST));
}

static void
test_who_sends_away (void)
{
  for (guint from = CARE_VISIT_ROLE_NONE; from < ROLES; from++)
    for (guint to = CARE_VISIT_ROLE_CLINICIAN; to < ROLES; to++)
      g_assert_true (may (from, CARE_SIGNAL_DISMISS, to) ==
                     ((from == CARE_VISIT_ROLE_CLINICIAN && to >= CARE_VISIT_ROLE_GUEST) ||
                      (from == CARE_VISIT_ROLE_PATIENT && to == CARE_VISIT_ROLE_GUEST)));
  g_assert_true (may (CARE_VISIT_ROLE_PATIENT, CARE_SIGNAL_ALONE, CARE_VISIT_ROLE_NONE));
  g_assert_false (may (CARE_VISIT_ROLE_GUEST, CARE_SIGNAL_ALONE, CARE_VISIT_ROLE_NONE));
}

/* What is the patient's or the clinic's alone is nobody's who was invited, named or not. */
static void
test_the_invited_have_no_patients_rights (void)
{
  const CareVisitMessageType types[] = {
    CARE_SIGNAL_CHAT,    CARE_SIGNAL_WAITING, CARE_SIGNAL_ADMIT,   CARE_SIGNAL_HOLD,
    CARE_SIGNAL_SLATE,   CARE_SIGNAL_ENDED,   CARE_SIGNAL_ALONE,   CARE_SIGNAL_MEDICINES,
    CARE_SIGNAL_PEER,    CARE_SIGNAL_PERSON,  CARE_SIGNAL_CONNECT, CARE_SIGNAL_PART,
    CARE_SIGNAL_DISMISS, CARE_SIGNAL_QUIET,   CARE_SIGNAL_ESTIMATE
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    for (guint from = CARE_VISIT_ROLE_GUEST; from < ROLES; from++)
      for (guint to = CARE_VISIT_ROLE_NONE; to < ROLES; to++)
        g_assert_false (may (from, types[i], to));
}

static void
test_what_is_said_of_a_person_comes_back (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CareVisitMessage) message = care_visit_message_new (CARE_SIGNAL_PERSON);
  g_autoptr (CareVisitMessage) again = NULL;
  g_autoptr (CareVisitMessage) nobody = NULL;
  g_autofree char *text = NULL;

  message->role = CARE_VISIT_ROLE_INTERPRETER;
  message->present = TRUE;
  message->state = CARE_VISIT_PERSON_ASIDE;
  message->name = g_strdup ("Łucja");
  message->number = g_strdup ("4711");
  message->language = g_strdup ("pl");
  text = care_visit_message_serialise (message);
  again = care_visit_message_parse (text, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (again->role, ==, CARE_VISIT_ROLE_INTERPRETER);
  g_assert_cmpint (again->state, ==, CARE_VISIT_PERSON_ASIDE);
  g_assert_cmpstr (again->name, ==, "Łucja");
  g_assert_cmpstr (again->number, ==, "4711");
  g_assert_cmpstr (again->language, ==, "pl");
  g_assert_null (again->relation);
  nobody = care_visit_message_parse ("{\"type\":\"dismiss\",\"to\":\"everybody\"}", -1, &error);
  g_assert_null (nobody);
  g_assert_error (error, CARE_VISIT_ERROR, CARE_VISIT_ERROR_SCHEMA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/care-visit-people/one-of-two-offers", test_one_of_two_offers);
  g_test_add_func ("/care-visit-people/only-the-clinician-lets-in",
                   test_only_the_clinician_lets_in);
  g_test_add_func ("/care-visit-people/who-sends-away", test_who_sends_away);
  g_test_add_func ("/care-visit-people/no-patients-rights",
                   test_the_invited_have_no_patients_rights);
  g_test_add_func ("/care-visit-people/a-person-comes-back",
                   test_what_is_said_of_a_person_comes_back);
  return g_test_run ();
}
