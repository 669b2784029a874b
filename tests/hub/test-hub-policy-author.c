/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy-records.h"

#include <string.h>

/* Whose a record is: what somebody signed or answers for is nobody else's. */

/* What somebody signed is stopped by others, never rewritten under their name. */
static void
test_signed_by_another (HubFixture *fixture, gconstpointer data)
{
#define ORDER(requester, status, dose)                                                             \
  "{\"resourceType\":\"MedicationRequest\",\"id\":\"m1\",\"status\":\"" status                     \
  "\",\"subject\":{\"reference\":\"Patient/p1\"},\"requester\":{\"reference\":\"" requester        \
  "\"},\"dosageInstruction\":[{\"text\":\"" dose "\"}]}"
  static const struct
  {
    const char *user, *body;
    guint status;
  } cases[] = {
    { "prescriber", ORDER ("Practitioner/d9", "active", "100"), 403 },
    { "prescriber", ORDER (HUB_FIXTURE_PRACTITIONER, "active", "10"), 403 },
    { "prescriber", ORDER ("Practitioner/d9", "stopped", "10"), 200 },
    { "nurse", ORDER ("Practitioner/d9", "active", "10"), 403 },
  };

  policy_records_put (fixture, "MedicationRequest/m1", ORDER ("Practitioner/d9", "active", "10"));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, cases[i].user, "PUT /fhir/MedicationRequest/m1", NULL,
                            cases[i].body);

      g_test_message ("%s: %s", cases[i].user, cases[i].body);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
#undef ORDER
}

#define ORDER(requester, more)                                                                     \
  "{\"resourceType\":\"MedicationRequest\",\"id\":\"m1\",\"subject\":{\"reference\":\"Patient/"    \
  "p1\"}" requester more "}"
#define BY(reference) ",\"requester\":{\"reference\":\"" reference "\"}"
#define NAMED         ",\"requester\":{\"display\":\"Dr Ada Stone\"}"
#define ACTIVE        ",\"status\":\"active\""
#define REPORTED      ",\"reportedBoolean\":true"
#define NOTES(more)   ",\"note\":[{\"text\":\"with food\"}" more "]"

/* Nobody's order becomes another's, whichever way round; and others only end one. */
static void
test_order_stays_whose_it_is (HubFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *stored, *body;
    guint status;
  } cases[] = {
    /* what somebody else is told to have ordered is not made their order */
    { ORDER (BY ("Practitioner/d9"), ACTIVE REPORTED), ORDER (BY ("Practitioner/d9"), ACTIVE),
      403 },
    { ORDER (BY (HUB_FIXTURE_PRACTITIONER), ACTIVE REPORTED),
      ORDER (BY (HUB_FIXTURE_PRACTITIONER), ACTIVE), 403 },
    { ORDER ("", ACTIVE), ORDER (BY ("Practitioner/d9"), ACTIVE), 403 },
    { ORDER ("", ACTIVE), ORDER (NAMED, ACTIVE), 403 },
    { ORDER ("", ACTIVE), ORDER (BY (HUB_FIXTURE_PRACTITIONER), ACTIVE), 200 },
    { ORDER (NAMED, ACTIVE), ORDER (BY ("Practitioner/d9"), ACTIVE), 403 },
    { ORDER (BY ("Practitioner/d9"), ACTIVE), ORDER ("", ACTIVE), 403 },
    /* others end it, and say why */
    { ORDER (BY ("Practitioner/d9"), ",\"status\":\"stopped\""),
      ORDER (BY ("Practitioner/d9"), ACTIVE), 403 },
    { ORDER (BY ("Practitioner/d9"), ",\"status\":\"draft\""),
      ORDER (BY ("Practitioner/d9"), ACTIVE), 403 },
    { ORDER (BY ("Practitioner/d9"), ACTIVE), ORDER (BY ("Practitioner/d9"), ""), 403 },
    { ORDER (BY ("Practitioner/d9"), ACTIVE),
      ORDER (BY ("Practitioner/d9"),
             ACTIVE ",\"modifierExtension\":[{\"url\":\"urn:x\",\"valueBoolean\":true}]"),
      403 },
    { ORDER (BY ("Practitioner/d9"), ACTIVE),
      ORDER (BY ("Practitioner/d9"),
             ACTIVE ",\"contained\":[{\"resourceType\":\"Medication\",\"id\":\"m\"}]"),
      403 },
    { ORDER (BY ("Practitioner/d9"), ACTIVE NOTES ("")),
      ORDER (BY ("Practitioner/d9"), ACTIVE ",\"note\":[{\"text\":\"twice\"}]"), 403 },
    { ORDER (BY ("Practitioner/d9"), ACTIVE NOTES ("")), ORDER (BY ("Practitioner/d9"), ACTIVE),
      403 },
    { ORDER (BY ("Practitioner/d9"), ACTIVE NOTES ("")),
      ORDER (BY ("Practitioner/d9"),
             ",\"status\":\"cancelled\",\"statusReason\":{\"text\":\"rash\"}" NOTES (
                 ",{\"text\":\"rash\"}")),
      200 },
    /* one's own is one's own */
    { ORDER (BY (HUB_FIXTURE_PRACTITIONER), ",\"status\":\"stopped\""),
      ORDER (BY (HUB_FIXTURE_PRACTITIONER), ACTIVE NOTES ("")), 200 },
  };
  g_autoptr (HubAnswer) posted =
      hub_fixture_send (fixture, "prescriber", "POST /fhir/MedicationRequest", NULL,
                        ORDER (NAMED, ACTIVE));

  g_assert_cmpuint (posted->status, ==, 403);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) stored =
          hub_fixture_send (fixture, "admin", "PUT /fhir/MedicationRequest/m1", NULL,
                            cases[i].stored);
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, "prescriber", "PUT /fhir/MedicationRequest/m1", NULL,
                            cases[i].body);

      g_test_message ("%s to %s: %s", cases[i].stored, cases[i].body, answer->text);
      g_assert_cmpuint (stored->status, <, 300);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
}

#undef ORDER
#undef BY
#undef NAMED
#undef ACTIVE
#undef REPORTED
#undef NOTES

/* Whoever writes the record says who did, and that is nobody else. */
static void
test_provenance_in_own_name (HubFixture *fixture, gconstpointer data)
{
#define AGENT(reference) "{\"who\":{\"reference\":\"" reference "\"}}"
#define SAID(target, agents, more)                                                                 \
  "{\"resourceType\":\"Provenance\",\"target\":[{\"reference\":\"" target                          \
  "\"}],\"recorded\":\"2026-11-22T09:00:00Z\",\"agent\":[" agents "]" more "}"
  static const struct
  {
    const char *user, *body;
    guint status;
  } cases[] = {
    { "nurse", SAID ("Condition/c1", AGENT (HUB_FIXTURE_NURSE), ""), 201 },
    { "nurse", SAID ("Condition/c1", AGENT (HUB_FIXTURE_NURSE) "," AGENT ("Organization/o1"), ""),
      201 },
    /* another's name: alone, beside her own, as a bare name, and behind her */
    { "nurse", SAID ("Condition/c1", AGENT (HUB_FIXTURE_PRACTITIONER), ""), 403 },
    { "nurse",
      SAID ("Condition/c1", AGENT (HUB_FIXTURE_NURSE) "," AGENT (HUB_FIXTURE_PRACTITIONER), ""),
      403 },
    { "nurse", SAID ("Condition/c1", "{\"who\":{\"display\":\"Dr Ada Stone\"}}", ""), 403 },
    { "nurse",
      SAID ("Condition/c1",
            "{\"who\":{\"reference\":\"" HUB_FIXTURE_NURSE
            "\"},\"onBehalfOf\":{\"reference\":\"" HUB_FIXTURE_PRACTITIONER "\"}}",
            ""),
      403 },
    { "nurse", SAID ("Condition/c1", AGENT ("Organization/o1"), ""), 403 },
    { "nurse", SAID ("Condition/c1", "", ""), 403 },
    { "nurse",
      SAID ("Condition/c1", AGENT (HUB_FIXTURE_NURSE),
            ",\"signature\":[{\"who\":{\"reference\":\"" HUB_FIXTURE_PRACTITIONER "\"}}]"),
      403 },
    /* what she may not write she did not write */
    { "nurse", SAID ("MedicationRequest/m1", AGENT (HUB_FIXTURE_NURSE), ""), 403 },
    { "prescriber", SAID ("MedicationRequest/m1", AGENT (HUB_FIXTURE_PRACTITIONER), ""), 201 },
    { "prescriber", SAID ("Condition/c1", AGENT (HUB_FIXTURE_NURSE), ""), 403 },
    { "reception", SAID ("Coverage/c1", AGENT (HUB_FIXTURE_RECEPTION), ""), 201 },
    { "reception", SAID ("Condition/c1", AGENT (HUB_FIXTURE_RECEPTION), ""), 403 },
    { "patient", SAID ("Condition/c1", AGENT ("Patient/p1"), ""), 403 },
    { "admin", SAID ("Condition/c1", AGENT (HUB_FIXTURE_NURSE), ""), 201 },
  };

  policy_records_add (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, cases[i].user, "POST /fhir/Provenance", NULL, cases[i].body);

      g_test_message ("%s: %s: %s", cases[i].user, cases[i].body, answer->text);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
#undef SAID
#undef AGENT
}

#define COVER(id, requester, owner, more)                                                          \
  "{\"resourceType\":\"Task\",\"id\":\"" id "\",\"status\":\"in-progress\",\"intent\":\"order\","  \
  "\"code\":{\"coding\":[{\"system\":\"https://"                                                   \
  "bedside.health/fhir/task\",\"code\":\"cover\"}]},\"requester\":{\"reference\":\"" requester     \
  "\"},\"owner\":{\"reference\":\"" owner                                                          \
  "\"},\"restriction\":{\"period\":{\"start\":\"2026-11-20T08:00:00Z\",\"end\":"                   \
  "\"2026-11-24T08:00:00Z\"}}" more "}"
#define ANSWERED(target, who, behalf, recorded, more)                                              \
  "{\"resourceType\":\"Provenance\",\"target\":[{\"reference\":\"" target                          \
  "\"}],\"recorded\":\"" recorded "\",\"agent\":[{\"who\":{\"reference\":\"" who                   \
  "\"},\"onBehalfOf\":{\"reference\":\"" behalf "\"}}]" more "}"
#define DURING "2026-11-22T09:00:00Z"

/* H18: one says of oneself that one is absent, and only who was asked to stand in answers for the
 * absent one, then, and signs nothing. */
static void
test_cover (HubFixture *fixture, gconstpointer data)
{
  static const PolicyCase cases[] = {
    /* nobody has asked her yet */
    { "nurse", "POST /fhir/Provenance",
      ANSWERED ("Task/t1", HUB_FIXTURE_NURSE, HUB_FIXTURE_PRACTITIONER, DURING, ""), 403 },
    { "nurse", "PUT /fhir/Task/a1", COVER ("a1", HUB_FIXTURE_PRACTITIONER, HUB_FIXTURE_NURSE, ""),
      403 },
    { "prescriber", "PUT /fhir/Task/a1",
      COVER ("a1", HUB_FIXTURE_PRACTITIONER, HUB_FIXTURE_PRACTITIONER, ""), 403 },
    { "prescriber", "PUT /fhir/Task/a1",
      COVER ("a1", HUB_FIXTURE_PRACTITIONER, HUB_FIXTURE_NURSE,
             ",\"for\":{\"reference\":\"Patient/p1\"}"),
      403 },
    { "prescriber", "PUT /fhir/Task/a1",
      COVER ("a1", HUB_FIXTURE_PRACTITIONER, HUB_FIXTURE_NURSE, ""), 201 },
    /* now she answers for him: a task, while he is away, in her own name, unsigned */
    { "nurse", "POST /fhir/Provenance",
      ANSWERED ("Task/t1", HUB_FIXTURE_NURSE, HUB_FIXTURE_PRACTITIONER, DURING, ""), 201 },
    { "nurse", "POST /fhir/Provenance",
      ANSWERED ("Task/t1", HUB_FIXTURE_NURSE, HUB_FIXTURE_PRACTITIONER, "2026-11-19T09:00:00Z", ""),
      403 },
    { "nurse", "POST /fhir/Provenance",
      ANSWERED ("Task/t1", HUB_FIXTURE_NURSE, HUB_FIXTURE_RECEPTION, DURING, ""), 403 },
    { "nurse", "POST /fhir/Provenance",
      ANSWERED ("Condition/c1", HUB_FIXTURE_NURSE, HUB_FIXTURE_PRACTITIONER, DURING, ""), 403 },
    { "nurse", "POST /fhir/Provenance",
      ANSWERED ("Task/t1", HUB_FIXTURE_NURSE, HUB_FIXTURE_PRACTITIONER, DURING,
                ",\"signature\":[{\"who\":{\"reference\":\"" HUB_FIXTURE_NURSE "\"}}]"),
      403 },
    /* nor behind a task something that is none */
    { "nurse", "POST /fhir/Provenance",
      ANSWERED ("Task/t1\"},{\"reference\":\"Condition/c1", HUB_FIXTURE_NURSE,
                HUB_FIXTURE_PRACTITIONER, DURING, ""),
      403 },
    { "nurse", "POST /fhir/Provenance",
      ANSWERED ("Task/t1\"},{\"reference\":\"Task/t2", HUB_FIXTURE_NURSE, HUB_FIXTURE_PRACTITIONER,
                DURING, ""),
      201 },
    { "prescriber", "POST /fhir/Provenance",
      ANSWERED ("Task/t1", HUB_FIXTURE_PRACTITIONER, HUB_FIXTURE_NURSE, DURING, ""), 403 },
    /* who stands in neither ends the absence nor hands it on */
    { "nurse", "PUT /fhir/Task/a1", COVER ("a1", HUB_FIXTURE_NURSE, HUB_FIXTURE_RECEPTION, ""),
      403 },
    { "prescriber", "PUT /fhir/Task/a1",
      COVER ("a1", HUB_FIXTURE_PRACTITIONER, HUB_FIXTURE_RECEPTION, ""), 403 },
    { "nurse", "PUT /fhir/Task/t1", COVER ("t1", HUB_FIXTURE_NURSE, HUB_FIXTURE_RECEPTION, ""),
      403 },
  };

  policy_records_add (fixture);
  policy_records_ask (fixture, cases, G_N_ELEMENTS (cases));
}

#define NOTE(id, author, status, words, more)                                                      \
  NOTE_THAT_IS ("current", id, author, status, words, more)
#define NOTE_THAT_IS(state, id, author, status, words, more)                                       \
  "{\"resourceType\":\"DocumentReference\",\"id\":\"" id "\",\"status\":\"" state "\","            \
  "\"docStatus\":\"" status "\",\"subject\":{\"reference\":\"Patient/p1\"},\"type\":{\"coding\":"  \
  "[{\"system\":\"http://loinc.org\",\"code\":\"11506-3\"}]},\"author\":[{\"reference\":\"" author \
  "\"}],\"content\":[{\"attachment\":{\"contentType\":\"text/plain\",\"data\":\"" words            \
  "\"}}]" more "}"
#define SUPERSEDED(id, author)  NOTE_THAT_IS ("superseded", id, author, "final", "Qg==", "")
#define ERROR(id, author, more) NOTE_THAT_IS ("entered-in-error", id, author, "final", "RA==", more)
#define VOUCHED(by)             ",\"authenticator\":{\"reference\":\"" by "\"}"
#define APPENDS(target)                                                                            \
  ",\"relatesTo\":[{\"code\":\"appends\",\"target\":{\"reference\":\"" target "\"}}]"
#define REQUEST(id, status, requester, owner, focus)                                               \
  "{\"resourceType\":\"Task\",\"id\":\"" id "\",\"status\":\"" status "\",\"intent\":\"order\","   \
  "\"code\":{\"coding\":[{\"system\":\"https://bedside.health/fhir/"                               \
  "task\",\"code\":\"co-sign\"}]},"                                                                \
  "\"for\":{\"reference\":\"Patient/p1\"},\"focus\":{\"reference\":\"" focus "\"},\"requester\":{" \
  "\"reference\":\"" requester "\"},\"owner\":{\"reference\":\"" owner "\"}}"
#define COSIGN(id, target, who)                                                                    \
  "{\"resourceType\":\"Provenance\",\"id\":\"" id "\",\"target\":[{\"reference\":\"" target        \
  "\"}],"                                                                                          \
  "\"recorded\":\"2026-11-22T09:00:00Z\",\"agent\":[{\"type\":{\"coding\":[{\"system\":"           \
  "\"http://terminology.hl7.org/CodeSystem/"                                                       \
  "provenance-participant-type\",\"code\":\"verifier\"}]},"                                        \
  "\"who\":{\"reference\":\"" who "\"}}],\"signature\":[{\"type\":[{\"system\":"                   \
  "\"urn:iso-astm:E1762-95:2013\",\"code\":\"1.2.840.10065.1.12.1.5\"}],\"when\":"                 \
  "\"2026-11-22T09:00:00Z\",\"who\":{\"reference\":\"" who "\"}}]}"
#define DOCTOR HUB_FIXTURE_PRACTITIONER
#define NURSE  HUB_FIXTURE_NURSE

typedef struct
{
  const char *user, *path, *body;
  guint status;
} Write; /* PUT where the path names an id, else POST */

static void
send_all (HubFixture *fixture, const Write *cases, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      gboolean named = strchr (cases[i].path, '/') != NULL;
      g_autofree char *request =
          g_strconcat (named ? "PUT /fhir/" : "POST /fhir/", cases[i].path, NULL);
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, cases[i].user, request, NULL, cases[i].body);

      g_test_message ("%" G_GSIZE_FORMAT " %s: %s: %s: %s", i, cases[i].user, cases[i].path,
                      cases[i].body, answer->text);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
}

/* A signed note is of who signed it, stays what it is, and is only added to. */
static void
test_signed_note (HubFixture *fixture, gconstpointer data)
{
  static const Write cases[] = {
    { "nurse", "DocumentReference/n", NOTE ("n", DOCTOR, "final", "QQ==", ""), 403 },
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "preliminary", "QQ==", ""), 201 },
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "final", "Qg==", ""), 200 },
    /* not even by its author, and not by way of another state */
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "final", "Qw==", ""), 403 },
    { "prescriber", "DocumentReference/n", NOTE ("n", DOCTOR, "final", "Qg==", ""), 403 },
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "preliminary", "Qg==", ""), 403 },
    /* nor in what hides it: a state, a modifier, what it contains; its answer was lost: once more
     */
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "amended", "Qg==", ""), 403 },
    { "nurse", "DocumentReference/n", SUPERSEDED ("n", NURSE), 403 },
    { "prescriber", "DocumentReference/n", SUPERSEDED ("n", NURSE), 403 },
    { "prescriber", "DocumentReference/n",
      NOTE ("n", NURSE, "final",
            "Qg==", ",\"modifierExtension\":[{\"url\":\"urn:x\",\"valueBoolean\":true}]"),
      403 },
    { "prescriber", "DocumentReference/n",
      NOTE ("n", NURSE, "final",
            "Qg==", ",\"contained\":[{\"resourceType\":\"Practitioner\",\"id\":\"x\"}]"),
      403 },
    { "prescriber", "DocumentReference/n",
      NOTE ("n", NURSE, "final", "Qg==",
            ",\"text\":{\"status\":\"additional\",\"div\":\"<div "
            "xmlns=\\\"http://www.w3.org/1999/xhtml\\\">x</div>\"}"),
      403 },
    { "prescriber", "DocumentReference/n", NOTE ("n", NURSE, "final", "Qg==", ""), 200 },
    /* nobody vouches for it unasked */
    { "nurse", "DocumentReference/v", NOTE ("v", NURSE, "final", "Qg==", VOUCHED (DOCTOR)), 403 },
    { "nurse", "DocumentReference/v",
      NOTE ("v", NURSE, "final", "Qg==", ",\"authenticator\":{\"display\":\"Dr Ada Stone\"}"),
      403 },
    { "nurse", "DocumentReference/v", NOTE ("v", NURSE, "preliminary", "Qg==", VOUCHED (DOCTOR)),
      201 },
    { "nurse", "DocumentReference/v", NOTE ("v", NURSE, "final", "Qg==", VOUCHED (DOCTOR)), 403 },
    { "nurse", "DocumentReference/v", NOTE ("v", NURSE, "final", "Qg==", VOUCHED (NURSE)), 200 },
    /* addenda: in one's own name, to a note that is signed */
    { "prescriber", "DocumentReference/a",
      NOTE ("a", DOCTOR, "final", "RA==", APPENDS ("DocumentReference/n")), 201 },
    { "prescriber", "DocumentReference/b",
      NOTE ("b", NURSE, "final", "RA==", APPENDS ("DocumentReference/n")), 403 },
    { "prescriber", "DocumentReference/b",
      NOTE ("b", DOCTOR, "final", "RA==", APPENDS ("DocumentReference/none")), 403 },
    { "reception", "DocumentReference/b", NOTE ("b", HUB_FIXTURE_RECEPTION, "final", "RA==", ""),
      403 },
    /* its author withdraws it, once, and says nothing else by that */
    { "prescriber", "DocumentReference/n", NOTE ("n", NURSE, "entered-in-error", "Qg==", ""), 403 },
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "entered-in-error", "Qw==", ""), 403 },
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "entered-in-error", "Qg==", ""), 200 },
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "entered-in-error", "Qg==", ""), 200 },
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "entered-in-error", "Qw==", ""), 403 },
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "final", "Qg==", ""), 403 },
    { "prescriber", "DocumentReference/a", ERROR ("a", DOCTOR, APPENDS ("DocumentReference/n")),
      200 },
    { "prescriber", "DocumentReference/a",
      NOTE ("a", DOCTOR, "final", "RA==", APPENDS ("DocumentReference/n")), 403 },
  };

  policy_records_add (fixture);
  send_all (fixture, cases, G_N_ELEMENTS (cases));
}

/* The author asks a colleague; the colleague signs or answers, and nobody else. */
static void
test_co_signature (HubFixture *fixture, gconstpointer data)
{
  static const Write cases[] = {
    { "nurse", "DocumentReference/n", NOTE ("n", NURSE, "final", "Qg==", ""), 201 },
    { "nurse", "DocumentReference/o", NOTE ("o", NURSE, "preliminary", "Qg==", ""), 201 },
    /* nobody asked */
    { "prescriber", "Provenance", COSIGN ("s", "DocumentReference/n", DOCTOR), 403 },
    /* asking for another's note, in another's name, of oneself, of no one, for a draft */
    { "prescriber", "Task/q", REQUEST ("q", "requested", DOCTOR, NURSE, "DocumentReference/n"),
      403 },
    { "prescriber", "Task/q", REQUEST ("q", "requested", NURSE, DOCTOR, "DocumentReference/n"),
      403 },
    { "nurse", "Task/q", REQUEST ("q", "requested", NURSE, NURSE, "DocumentReference/n"), 403 },
    { "nurse", "Task/q", REQUEST ("q", "requested", NURSE, "Patient/p1", "DocumentReference/n"),
      403 },
    { "nurse", "Task/q", REQUEST ("q", "requested", NURSE, DOCTOR, "DocumentReference/o"), 403 },
    { "nurse", "Task/q", REQUEST ("q", "completed", NURSE, DOCTOR, "DocumentReference/n"), 403 },
    { "patient", "Task/q", REQUEST ("q", "requested", "Patient/p1", DOCTOR, "DocumentReference/n"),
      403 },
    { "nurse", "Task/q", REQUEST ("q", "requested", NURSE, DOCTOR, "DocumentReference/n"), 201 },
    { "nurse", "Task/q", REQUEST ("q", "requested", NURSE, DOCTOR, "DocumentReference/n"), 200 },
    /* who is not asked, and asking somebody else by the same request */
    { "nurse", "Task/q", REQUEST ("q", "completed", NURSE, DOCTOR, "DocumentReference/n"), 403 },
    { "nurse", "Task/q",
      REQUEST ("q", "requested", NURSE, "Practitioner/d9", "DocumentReference/n"), 403 },
    { "prescriber", "Task/q", REQUEST ("q", "cancelled", NURSE, DOCTOR, "DocumentReference/n"),
      403 },
    { "prescriber", "Provenance", COSIGN ("s", "DocumentReference/n", NURSE), 403 },
    /* what was asked for */
    { "prescriber", "Provenance", COSIGN ("s", "DocumentReference/n", DOCTOR), 201 },
    { "prescriber", "Task/q", REQUEST ("q", "completed", NURSE, DOCTOR, "DocumentReference/n"),
      200 },
    { "prescriber", "Task/q", REQUEST ("q", "rejected", NURSE, DOCTOR, "DocumentReference/n"),
      403 },
    /* a request that was sent back or taken back opens nothing */
    { "nurse", "DocumentReference/m", NOTE ("m", NURSE, "final", "Qg==", ""), 201 },
    { "nurse", "Task/r", REQUEST ("r", "requested", NURSE, DOCTOR, "DocumentReference/m"), 201 },
    { "prescriber", "Task/r", REQUEST ("r", "rejected", NURSE, DOCTOR, "DocumentReference/m"),
      200 },
    { "prescriber", "Provenance", COSIGN ("t", "DocumentReference/m", DOCTOR), 403 },
    { "nurse", "Task/u", REQUEST ("u", "requested", NURSE, DOCTOR, "DocumentReference/m"), 201 },
    { "nurse", "Task/u", REQUEST ("u", "cancelled", NURSE, DOCTOR, "DocumentReference/m"), 200 },
    { "prescriber", "Provenance", COSIGN ("t", "DocumentReference/m", DOCTOR), 403 },
    /* no other task becomes one */
    { "prescriber", "Task/t1", REQUEST ("t1", "requested", NURSE, DOCTOR, "DocumentReference/m"),
      403 },
  };

  policy_records_add (fixture);
  send_all (fixture, cases, G_N_ELEMENTS (cases));
}

/* A client whose answer was lost says it once more; another may not say it after. */
static void
test_provenance_twice (HubFixture *fixture, gconstpointer data)
{
  static const char body[] =
      "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"request\":{\"method\":"
      "\"PUT\",\"url\":\"Provenance/v1\"},\"resource\":{\"resourceType\":\"Provenance\",\"id\":"
      "\"v1\",\"target\":[{\"reference\":\"Coverage/c1\"}],\"agent\":[{\"who\":{\"reference\":"
      "\"" HUB_FIXTURE_RECEPTION "\"}}]}}]}";
  static const struct
  {
    const char *user;
    guint status;
  } cases[] = { { "reception", 200 }, { "reception", 200 }, { "nurse", 403 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, cases[i].user, "POST /fhir", NULL, body);

      g_test_message ("%s: %s", cases[i].user, answer->text);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  policy_test ("/hub/policy/signed-by-another", test_signed_by_another);
  policy_test ("/hub/policy/order", test_order_stays_whose_it_is);
  policy_test ("/hub/policy/provenance", test_provenance_in_own_name);
  policy_test ("/hub/policy/provenance-twice", test_provenance_twice);
  policy_test ("/hub/policy/cover", test_cover);
  policy_test ("/hub/policy/signed-note", test_signed_note);
  policy_test ("/hub/policy/co-signature", test_co_signature);
  return g_test_run ();
}
