/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-clinic.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* Pharmacies that sign up to the list, by what src/hub/DIRECTORY.md says. */

#define NAME "\"name\":\"Mill Lane Pharmacy\""
#define REST                                                                                       \
  "\"registration\":\"GB-1234\",\"phone\":\"+44 20 7946 0300\",\"address\":{\"line\":\"81 Mill "   \
  "Lane\",\"city\":\"Harbour\",\"postalCode\":\"HB5 2EF\"},\"supply\":[\"pick-up\",\"mail\"]"
#define POSITION "\"position\":{\"latitude\":51.5,\"longitude\":-0.12}"
#define HOURS                                                                                      \
  "\"hours\":[{\"days\":[\"mon\",\"tue\"],\"from\":\"08:00\",\"to\":\"20:00\"},{\"days\":["        \
  "\"sat\"],\"from\":\"10:00\",\"to\":\"24:00\"}]"
#define GOOD "{" NAME "," REST "," POSITION "," HOURS "}"

typedef struct
{
  VisitClinic *clinic;
  char *admin;
} Case;

static void
set_up (Case *self, gconstpointer data)
{
  g_autoptr (HubUser) user = hub_user_new ("admin", "Admin", HUB_ROLE_ADMIN, NULL);
  g_autoptr (HubTokens) tokens = NULL;
  g_autoptr (GError) error = NULL;

  self->clinic = visit_clinic_new ();
  hub_access_put_user (self->clinic->access, user, NULL);
  tokens = hub_access_issue (self->clinic->access, "admin", &error);
  g_assert_no_error (error);
  self->admin = g_strdup (tokens->access_token);
}

static void
tear_down (Case *self, gconstpointer data)
{
  visit_clinic_free (self->clinic);
  g_free (self->admin);
}

static JsonNode *
ask (Case *self,
     const char *method,
     const char *below,
     const char *token,
     const char *body,
     guint wanted)
{
  g_autofree char *url = g_strconcat (hub_server_get_base_url (self->clinic->server),
                                      "/directory/pharmacies", below, NULL);
  guint status;
  g_autofree char *answer = visit_clinic_ask (self->clinic, method, url, token, body, &status);
  g_autoptr (GError) error = NULL;
  JsonNode *node;

  g_test_message ("%s %s %s: %u %s", method, below, body ? body : "", status, answer);
  g_assert_cmpuint (status, ==, wanted);
  node = json_from_string (answer, &error);
  g_assert_no_error (error);
  return node;
}

static const char *
text (JsonNode *answer, const char *name)
{
  return json_object_get_string_member_with_default (json_node_get_object (answer), name, NULL);
}

static void
tell (Case *self, const char *below, const char *token, const char *body, guint wanted)
{
  g_autoptr (JsonNode) answer = ask (self, "POST", below, token, body, wanted);
}

static guint
count (Case *self, const char *type, const char *query)
{
  g_autoptr (GPtrArray) ids = visit_clinic_find (self->clinic, type, query);

  return ids->len;
}

#define PHARMACIES "type=https://bedside.health/fhir/organization-type|pharmacy"

static void
test_an_administrator_lists_it (Case *self, gconstpointer data)
{
  g_autoptr (JsonNode) waiting = ask (self, "POST", "", NULL, GOOD, 202);
  g_autofree char *below = g_strconcat ("/", text (waiting, "id"), NULL);
  g_autofree char *approve = g_strconcat (below, "/approve", NULL);
  g_autoptr (JsonNode) state = NULL;
  g_autoptr (JsonNode) listed = NULL;
  g_autoptr (FhirResource) organization = NULL;
  g_autoptr (FhirResource) service = NULL;
  g_autoptr (FhirResource) place = NULL;
  g_autofree char *id = NULL;

  g_assert_cmpstr (text (waiting, "status"), ==, "waiting");
  g_assert_cmpuint (count (self, "Organization", PHARMACIES), ==, 2); /* none of it yet */
  tell (self, approve, self->admin, "{}", 200);
  tell (self, approve, self->admin, "{}", 200); /* twice is once */
  g_assert_cmpuint (count (self, "Organization", PHARMACIES), ==, 3);
  state = ask (self, "GET", below, text (waiting, "secret"), NULL, 200);
  g_assert_cmpstr (text (state, "status"), ==, "listed");
  organization = visit_clinic_get (self->clinic, "Organization", text (state, "organization"));
  g_assert_cmpstr (fhir_resource_path_text (organization, "name"), ==, "Mill Lane Pharmacy");
  id = g_strconcat ("place-", text (waiting, "id"), NULL);
  place = visit_clinic_get (self->clinic, "Location", id);
  g_assert_cmpfloat_with_epsilon (fhir_element_get_double (fhir_resource_path (place,
                                                                               "position.latitude"),
                                                           0),
                                  51.5, 1e-9);
  g_free (id);
  id = g_strconcat ("counter-", text (waiting, "id"), NULL);
  service = visit_clinic_get (self->clinic, "HealthcareService", id);
  g_assert_cmpstr (fhir_resource_path_text (service, "availableTime.0.availableStartTime"), ==,
                   "08:00:00");
  g_assert_cmpstr (fhir_resource_path_text (service, "characteristic.1.coding.0.code"), ==, "mail");
  /* and a patient may choose it */
  g_free (visit_clinic_wait (self->clinic));
  g_free (visit_clinic_page (self->clinic, "GET", "medicines", NULL, NULL));
  g_assert_nonnull (strstr (self->clinic->said->str, "\"Mill Lane Pharmacy\""));
  listed = ask (self, "GET", "", self->admin, NULL, 200);
  g_assert_cmpuint (json_array_get_length (
                        json_object_get_array_member (json_node_get_object (listed), "pharmacies")),
                    ==, 1);
}

static void
test_an_administrator_refuses_it (Case *self, gconstpointer data)
{
  g_autoptr (JsonNode) waiting = ask (self, "POST", "", NULL, GOOD, 202);
  g_autofree char *below = g_strconcat ("/", text (waiting, "id"), NULL);
  g_autofree char *refuse = g_strconcat (below, "/refuse", NULL);
  g_autofree char *approve = g_strconcat (below, "/approve", NULL);
  g_autoptr (JsonNode) state = NULL;

  tell (self, refuse, self->admin, "{}", 422);
  tell (self, refuse, self->admin, "{\"reason\":\"no such registration\"}", 200);
  tell (self, approve, self->admin, "{}", 409);
  state = ask (self, "GET", below, text (waiting, "secret"), NULL, 200);
  g_assert_cmpstr (text (state, "status"), ==, "refused");
  g_assert_cmpstr (text (state, "reason"), ==, "no such registration");
  g_assert_cmpuint (count (self, "Organization", PHARMACIES), ==, 2);
}

static void
test_nobody_else_decides (Case *self, gconstpointer data)
{
  g_autoptr (JsonNode) waiting = ask (self, "POST", "", NULL, GOOD, 202);
  g_autofree char *below = g_strconcat ("/", text (waiting, "id"), NULL);
  g_autofree char *approve = g_strconcat (below, "/approve", NULL);
  const char *const others[] = { self->clinic->doctor, self->clinic->nurse, self->clinic->reception,
                                 self->clinic->pharmacy };

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      tell (self, approve, others[i], "{}", 403);
      json_node_unref (ask (self, "GET", "", others[i], NULL, 403));
      json_node_unref (ask (self, "GET", below, others[i], NULL, 404));
    }
  tell (self, approve, NULL, "{}", 401);
  tell (self, approve, text (waiting, "secret"), "{}", 401);
  json_node_unref (ask (self, "GET", "", NULL, NULL, 401));
  json_node_unref (ask (self, "GET", below, NULL, NULL, 401));
  json_node_unref (ask (self, "GET", below, "guess", NULL, 404));
  json_node_unref (ask (self, "GET", "/none", text (waiting, "secret"), NULL, 404));
  g_assert_cmpuint (count (self, "Organization", PHARMACIES), ==, 2);
}

static void
test_what_is_wrong_is_named (Case *self, gconstpointer data)
{
  const struct
  {
    const char *body, *word;
  } cases[] = {
    { "{" REST "," HOURS "}", "name" },
    { "{" NAME "," REST "}", "hours" },
    { "{" NAME "," REST "," HOURS ",\"active\":true}", "active" },
    { "{\"name\":\"Two\\nlines\"," REST "," HOURS "}", "name" },
    { "{\"name\":{\"$ne\":1}," REST "," HOURS "}", "name" },
    { "{" NAME "," REST "," HOURS ",\"position\":{\"latitude\":91,\"longitude\":0}}", "latitude" },
    { "{" NAME "," REST "," HOURS ",\"position\":{\"latitude\":\"1\",\"longitude\":0}}",
      "latitude" },
    { "{" NAME "," REST "," HOURS ",\"position\":[]}", "position" },
    { "{" NAME "," REST "," HOURS ",\"email\":\"<a@b>\"}", "email" },
    { "{" NAME "," REST ",\"hours\":[{\"days\":[\"mon\"],\"from\":\"20:00\",\"to\":\"08:00\"}]}",
      "hours" },
    { "{" NAME "," REST ",\"hours\":[{\"days\":[\"may\"],\"from\":\"08:00\",\"to\":\"20:00\"}]}",
      "hours" },
    { "{" NAME "," REST ",\"hours\":[{\"days\":[\"mon\"],\"from\":\"08:60\",\"to\":\"20:00\"}]}",
      "hours" },
    { "{" NAME "," REST ",\"hours\":[7]}", "hours" },
    { "[]", "object" },
    { "{", "object" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) answer = ask (self, "POST", "", NULL, cases[i].body, 422);

      g_assert_nonnull (strstr (text (answer, "error"), cases[i].word));
    }
}

static void
test_signing_up_has_limits (Case *self, gconstpointer data)
{
  g_autofree char *large = g_strnfill (20000, ' ');
  g_autofree char *body = g_strconcat (large, GOOD, NULL);

  tell (self, "", NULL, GOOD, 202);
  tell (self, "", NULL, GOOD, 409); /* waits already */
  tell (self, "", NULL, body, 413);
  json_node_unref (ask (self, "PUT", "", NULL, GOOD, 405));
  json_node_unref (ask (self, "GET", "/a/b/c", self->admin, NULL, 404));
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *other = g_strdup_printf (
          "{\"name\":\"Pharmacy %u\",\"registration\":\"X-%u\",\"phone\":\"12345\",\"address\":{"
          "\"line\":\"1 "
          "Road\",\"city\":\"Town\",\"postalCode\":\"T%u1\"},\"supply\":[\"pick-up\"]," HOURS "}",
          i, i, i);

      tell (self, "", NULL, other, 202);
    }
  tell (self, "", NULL, GOOD, 429);
  base_clock_advance (self->clinic->clock, 2 * G_TIME_SPAN_HOUR);
  tell (self, "", NULL, GOOD, 409);
}

static JsonObject *
find_entry (JsonNode *listed, const char *id)
{
  JsonArray *all = json_object_get_array_member (json_node_get_object (listed), "pharmacies");

  for (guint i = 0; i < json_array_get_length (all); i++)
    if (g_strcmp0 (json_object_get_string_member (json_array_get_object_element (all, i), "id"),
                   id) == 0)
      return json_array_get_object_element (all, i);
  return NULL;
}

static gboolean
is_like (JsonNode *listed, const char *id, const char *other)
{
  JsonArray *like = json_object_get_array_member (find_entry (listed, id), "like");

  for (guint i = 0; i < json_array_get_length (like); i++)
    if (g_str_equal (json_array_get_string_element (like, i), other))
      return TRUE;
  return FALSE;
}

/* Who posts another's registration first keeps nobody out, and the administrator sees both. */
static void
test_likeness_is_shown (Case *self, gconstpointer data)
{
  static const char squat[] =
      "{\"name\":\"Better Pills\",\"registration\":\"gb 1234\",\"phone\":\"12345\",\"address\":{"
      "\"line\":\"1 Road\",\"city\":\"Town\",\"postalCode\":\"T1\"},\"supply\":[\"pick-up\"]," HOURS
      "}";
  g_autoptr (JsonNode) first = ask (self, "POST", "", NULL, squat, 202);
  g_autoptr (JsonNode) second = ask (self, "POST", "", NULL, GOOD, 202);
  g_autoptr (JsonNode) both = ask (self, "GET", "", self->admin, NULL, 200);
  g_autoptr (JsonNode) after = NULL;
  g_autofree char *approve = g_strdup_printf ("/%s/approve", text (second, "id"));
  g_autofree char *reference = g_strdup_printf ("Organization/pharmacy-%s", text (second, "id"));

  g_assert_true (is_like (both, text (first, "id"), text (second, "id")));
  g_assert_true (is_like (both, text (second, "id"), text (first, "id")));
  g_assert_false (is_like (both, text (first, "id"), text (first, "id")));
  tell (self, approve, self->admin, "{}", 200);
  after = ask (self, "GET", "", self->admin, NULL, 200);
  g_assert_true (is_like (after, text (first, "id"), reference));
  g_assert_false (is_like (after, text (first, "id"), text (second, "id")));
  g_assert_false (is_like (after, text (second, "id"), reference)); /* that is itself */
}

static void
test_what_waits_is_forgotten (Case *self, gconstpointer data)
{
  g_autoptr (JsonNode) waiting = ask (self, "POST", "", NULL, GOOD, 202);
  g_autofree char *below = g_strconcat ("/", text (waiting, "id"), NULL);

  base_clock_advance (self->clinic->clock, 29 * G_TIME_SPAN_DAY);
  tell (self, "", NULL, GOOD, 409);
  base_clock_advance (self->clinic->clock, 2 * G_TIME_SPAN_DAY);
  tell (self, "", NULL, GOOD, 202);
  json_node_unref (ask (self, "GET", below, text (waiting, "secret"), NULL, 404));
}

#define ADD(path, function) g_test_add (path, Case, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/hub-directory/an-administrator-lists-it", test_an_administrator_lists_it);
  ADD ("/hub-directory/an-administrator-refuses-it", test_an_administrator_refuses_it);
  ADD ("/hub-directory/nobody-else-decides", test_nobody_else_decides);
  ADD ("/hub-directory/what-is-wrong-is-named", test_what_is_wrong_is_named);
  ADD ("/hub-directory/signing-up-has-limits", test_signing_up_has_limits);
  ADD ("/hub-directory/likeness-is-shown", test_likeness_is_shown);
  ADD ("/hub-directory/what-waits-is-forgotten", test_what_waits_is_forgotten);
  return g_test_run ();
}
