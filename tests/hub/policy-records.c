/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy-records.h"

void
policy_records_put (HubFixture *fixture, const char *path, const char *body)
{
  g_autofree char *request = g_strconcat ("PUT /fhir/", path, NULL);
  g_autoptr (HubAnswer) answer = hub_fixture_send (fixture, "admin", request, NULL, body);

  g_assert_cmpuint (answer->status, ==, 201);
}

void
policy_records_add (HubFixture *fixture)
{
  policy_records_put (fixture, "Patient/p1", "{\"resourceType\":\"Patient\",\"id\":\"p1\"}");
  policy_records_put (fixture, "Patient/p2", "{\"resourceType\":\"Patient\",\"id\":\"p2\"}");
  policy_records_put (
      fixture, "Observation/o1",
      "{\"resourceType\":\"Observation\",\"id\":\"o1\",\"subject\":{\"reference\":\"Patient/"
      "p1\"}}");
  policy_records_put (
      fixture, "Observation/o2",
      "{\"resourceType\":\"Observation\",\"id\":\"o2\",\"subject\":{\"reference\":\"Patient/"
      "p2\"}}");
  policy_records_put (fixture, "Organization/o1",
                      "{\"resourceType\":\"Organization\",\"id\":\"o1\"}");
  policy_records_put (fixture, "Task/t1",
                      "{\"resourceType\":\"Task\",\"id\":\"t1\",\"for\":{\"reference\":\"Patient/"
                      "p1\"},\"owner\":{\"reference\":\"" HUB_FIXTURE_PHARMACY "\"}}");
  policy_records_put (fixture, "Task/t2",
                      "{\"resourceType\":\"Task\",\"id\":\"t2\",\"for\":{\"reference\":\"Patient/"
                      "p2\"},\"owner\":{\"reference\":\"Organization/o2\"}}");
}

/* Asks for each in turn, and is answered so. */
void
policy_records_ask (HubFixture *fixture, const PolicyCase *cases, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (HubAnswer) answer =
          hub_fixture_send (fixture, cases[i].user, cases[i].request, NULL, cases[i].body);

      g_test_message ("%" G_GSIZE_FORMAT " %s: %s: %s: %s", i, cases[i].user, cases[i].request,
                      cases[i].body != NULL ? cases[i].body : "", answer->text);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
}
