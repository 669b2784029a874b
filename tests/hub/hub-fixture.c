/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-fixture.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void
add_user (HubFixture *self, HubRole role, const char *reference)
{
  const char *name = hub_role_get_name (role);
  g_autoptr (HubUser) user = hub_user_new (name, NULL, role, reference);

  hub_access_put_user (self->data->access, user, NULL);
}

void
hub_fixture_set_up (HubFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("bedside-hub-XXXXXX", &error);
  g_assert_no_error (error);
  self->clock = base_clock_new ();
  self->data = hub_data_open (self->folder, NULL, self->clock, &error);
  g_assert_no_error (error);
  add_user (self, HUB_ROLE_PRESCRIBER, HUB_FIXTURE_PRACTITIONER);
  add_user (self, HUB_ROLE_NURSE, HUB_FIXTURE_NURSE);
  add_user (self, HUB_ROLE_RECEPTION, HUB_FIXTURE_RECEPTION);
  add_user (self, HUB_ROLE_PATIENT, "Patient/" HUB_FIXTURE_PATIENT);
  add_user (self, HUB_ROLE_PHARMACY, HUB_FIXTURE_PHARMACY);
  add_user (self, HUB_ROLE_ADMIN, NULL);
  self->server = hub_server_new (self->data->store, self->clock, self->data->access);
  hub_server_start (self->server, 0, &error);
  g_assert_no_error (error);
  self->session = soup_session_new ();
}

static int
remove_one (const char *path, const struct stat *status, int kind, struct FTW *walk)
{
  return remove (path);
}

void
hub_fixture_tear_down (HubFixture *self, gconstpointer data)
{
  g_clear_object (&self->session);
  hub_server_stop (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->data, hub_data_close);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&self->clock);
  nftw (self->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  g_clear_pointer (&self->folder, g_free);
}

char *
hub_fixture_token (HubFixture *self, const char *user)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HubTokens) tokens = hub_access_issue (self->data->access, user, &error);

  g_assert_no_error (error);
  return g_steal_pointer (&tokens->access_token);
}

static void
add_headers (SoupMessage *message, const char *headers)
{
  g_auto (GStrv) lines = g_strsplit (headers != NULL ? headers : "", "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) parts = g_strsplit (*line, ": ", 2);

      if (g_strv_length (parts) == 2)
        soup_message_headers_replace (soup_message_get_request_headers (message), parts[0],
                                      parts[1]);
    }
}

typedef struct
{
  GBytes *bytes;
  GError *error;
  gboolean done;
} Wait;

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Wait *wait = data;

  wait->bytes = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &wait->error);
  wait->done = TRUE;
}

HubAnswer *
hub_fixture_send (
    HubFixture *self, const char *user, const char *request, const char *headers, const char *body)
{
  g_auto (GStrv) words = g_strsplit (request, " ", 2);
  g_autofree char *url = g_str_has_prefix (words[1], "http")
                             ? g_strdup (words[1])
                             : g_strconcat (hub_server_get_base_url (self->server), words[1], NULL);
  HubAnswer *answer = g_new0 (HubAnswer, 1);
  Wait wait = { 0 };
  gsize length;
  const char *text;

  answer->message = soup_message_new (words[0], url);
  soup_message_add_flags (answer->message, SOUP_MESSAGE_NO_REDIRECT);
  if (user != NULL)
    {
      g_autofree char *token = hub_fixture_token (self, user);
      g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);

      soup_message_headers_replace (soup_message_get_request_headers (answer->message),
                                    "Authorization", bearer);
    }
  if (body != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

      soup_message_set_request_body_from_bytes (answer->message, "application/fhir+json", bytes);
    }
  add_headers (answer->message, headers);
  soup_session_send_and_read_async (self->session, answer->message, G_PRIORITY_DEFAULT, NULL,
                                    sent_cb, &wait);
  while (!wait.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (wait.error);
  text = g_bytes_get_data (wait.bytes, &length);
  answer->text = g_strndup (text != NULL ? text : "", length);
  answer->status = soup_message_get_status (answer->message);
  answer->resource = length > 0 ? fhir_resource_parse (answer->text, (gssize) length, NULL) : NULL;
  g_bytes_unref (wait.bytes);
  return answer;
}

void
hub_answer_free (HubAnswer *answer)
{
  g_free (answer->text);
  g_clear_pointer (&answer->resource, fhir_resource_unref);
  g_object_unref (answer->message);
  g_free (answer);
}

const char *
hub_answer_header (HubAnswer *answer, const char *name)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (answer->message), name);
}

char *
hub_answer_sentence (HubAnswer *answer)
{
  return g_strdup (answer->resource != NULL
                       ? fhir_resource_path_text (answer->resource, "issue.diagnostics")
                       : NULL);
}
