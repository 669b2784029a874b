/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "fhir-date.h"
#include "net-fhir-client.h"
#include "visit-controller-private.h"
#include "visit-one-call.h"
#include "visit-person-consent.h"

/* Guest and interpreter in a visit: letting them in, inviting them, and their stays in the record.
 */

/**
 * visit_controller_get_people:
 *
 * Returns: (transfer none) (nullable): NULL while there is no line to the hub
 */
VisitPeople *
visit_controller_get_people (VisitController *self)
{
  return self->line != NULL ? visit_line_get_people (self->line) : NULL;
}

gboolean
visit_controller_is_alone (VisitController *self)
{
  return self->line != NULL && visit_people_is_alone (visit_line_get_people (self->line));
}

/**
 * visit_controller_has_guest:
 *
 * Returns: whether there is a guest to speak without
 */
gboolean
visit_controller_has_guest (VisitController *self)
{
  return self->line != NULL &&
         visit_people_has (visit_line_get_people (self->line), CARE_VISIT_ROLE_GUEST);
}

void
visit_controller_set_alone (VisitController *self, gboolean alone)
{
  if (self->line != NULL)
    visit_people_set_alone (visit_line_get_people (self->line), alone);
}

/**
 * visit_controller_admit_person:
 *
 * Lets in an interpreter, or a guest about whom it was said already who agreed.
 */
void
visit_controller_admit_person (VisitController *self, VisitPerson *person)
{
  if (self->line == NULL)
    return;
  visit_one_call_take (self);
  visit_people_admit (visit_line_get_people (self->line), person);
}

/**
 * visit_controller_admit_guest:
 * @agreed: (nullable): who agreed: "patient", or the reference of who speaks for the patient
 * @on_record: (nullable): the reference of the guest, who is on record as speaking for the patient
 */
void
visit_controller_admit_guest (VisitController *self,
                              VisitPerson *person,
                              const char *agreed,
                              const char *on_record)
{
  visit_person_set_consent (person, agreed, on_record);
  visit_controller_admit_person (self, person);
}

/**
 * visit_controller_knows_who_agreed:
 *
 * Returns: whether @person may be let in without asking again
 */
gboolean
visit_controller_knows_who_agreed (VisitPerson *person)
{
  return visit_person_get_role (person) != CARE_VISIT_ROLE_GUEST ||
         visit_person_get_agreed (person) != NULL || visit_person_get_on_record (person) != NULL;
}

/* ---- the record ---- */

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VisitController) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!care_visit_command_finish (result, &error))
    g_signal_emit_by_name (self, "failed", error->message);
}

static void
joined_cb (VisitController *self, VisitPerson *person)
{
  const CareVisitGuest guest = {
    .role = visit_person_get_role (person),
    .name = visit_person_get_name (person),
    .number = visit_person_get_number (person),
    .language = visit_person_get_language (person),
    .relation = visit_person_get_relation (person),
    .person = visit_person_get_on_record (person),
    .agreed = visit_person_get_agreed (person),
  };

  care_visit_guest_join_async (self->context, self->encounter, &guest, NULL, written_cb,
                               g_object_ref (self));
}

static void
left_cb (VisitController *self, VisitPerson *person)
{
  care_visit_guest_leave_async (self->context, self->encounter, visit_person_get_role (person),
                                FALSE, NULL, written_cb, g_object_ref (self));
}

static void
refused_cb (VisitController *self, VisitPerson *person, const char *reason)
{
  g_autofree char *reference = g_strconcat ("Encounter/", self->encounter, NULL);

  care_context_audit (self->context, "call-refused", workspace_patient_get_id (self->patient),
                      reference, reason);
}

static void
tidied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!care_visit_command_finish (result, &error))
    g_debug ("A stay that is over was not ended: %s", error->message);
}

/* Who left while the chart was closed has no stay that goes on. */
static void
greeted_cb (VisitController *self, VisitPeople *people)
{
  if (!visit_controller_is_open (self))
    return;
  for (guint role = CARE_VISIT_ROLE_GUEST; role <= CARE_VISIT_ROLE_INTERPRETER; role++)
    if (!visit_people_is_in (people, role))
      care_visit_guest_leave_async (self->context, self->encounter, role, FALSE, NULL, tidied_cb,
                                    NULL);
}

static void
failed_cb (VisitController *self, const char *sentence)
{
  g_signal_emit_by_name (self, "failed", sentence);
}

void
visit_controller_watch_people (VisitController *self)
{
  VisitPeople *people = visit_line_get_people (self->line);

  g_signal_connect_object (people, "joined", G_CALLBACK (joined_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (people, "left", G_CALLBACK (left_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (people, "refused", G_CALLBACK (refused_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (people, "greeted", G_CALLBACK (greeted_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (people, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
}

/* ---- an interpreter on a telephone ---- */

const char *
visit_controller_get_speakerphone (VisitController *self)
{
  return self->facts != NULL ? self->facts->speakerphone : NULL;
}

void
visit_controller_begin_speakerphone (VisitController *self,
                                     const char *name,
                                     const char *number,
                                     const char *language)
{
  const CareVisitGuest guest = { .role = CARE_VISIT_ROLE_INTERPRETER,
                                 .name = name,
                                 .number = number,
                                 .language = language,
                                 .speakerphone = TRUE };

  if (self->encounter != NULL)
    care_visit_guest_join_async (self->context, self->encounter, &guest, NULL, written_cb,
                                 g_object_ref (self));
}

void
visit_controller_end_speakerphone (VisitController *self)
{
  if (self->encounter != NULL)
    care_visit_guest_leave_async (self->context, self->encounter, CARE_VISIT_ROLE_INTERPRETER, TRUE,
                                  NULL, written_cb, g_object_ref (self));
}

/* ---- invitations ---- */

static const char *
find_part (FhirResource *parameters, const char *name, const char *value)
{
  fhir_element_foreach (part,
                        parameters != NULL ? fhir_resource_path (parameters, "parameter") : NULL)
    if (g_strcmp0 (fhir_element_path_text (part, "name"), name) == 0)
      return fhir_element_path_text (part, value);
  return NULL;
}

static void
invited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  VisitController *self = g_task_get_source_object (task);
  WorkspaceSession *session = workspace_patient_get_session (self->patient);
  GError *error = NULL;
  g_autoptr (NetAnswer) answer =
      net_fhir_client_send_finish (NET_FHIR_CLIENT (source), result, &error);
  const char *url = answer != NULL ? find_part (answer->resource, "url", "valueUrl") : NULL;
  const char *expires =
      answer != NULL ? find_part (answer->resource, "expires", "valueInstant") : NULL;

  if (error != NULL)
    g_task_return_error (task, error);
  else if (url == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s",
                             _ ("The hub answered without a link."));
  else
    {
      if (expires != NULL)
        g_object_set_data_full (G_OBJECT (task), "until",
                                fhir_date_format (expires, workspace_session_get_zone (session)),
                                g_free);
      g_task_return_pointer (task, g_strdup (url), g_free);
    }
}

/**
 * visit_controller_invite_async:
 * @role: guest or interpreter
 *
 * Asks the hub for a link; one that was made before for this role is void from then on.
 */
void
visit_controller_invite_async (VisitController *self,
                               CareVisitRole role,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  WorkspaceSession *session = workspace_patient_get_session (self->patient);
  GObject *net = workspace_session_get_net (session);
  const char *hub = workspace_session_get_server (session);
  g_autofree char *base = hub != NULL ? g_strconcat (hub, "/fhir", NULL) : NULL;
  g_autofree char *path = g_strdup_printf ("Encounter/%s/$invite?role=%s", self->encounter,
                                           care_visit_role_name (role));
  const NetRequest request = { .method = "POST", .path = path };
  g_autoptr (NetFhirClient) client = NULL;
  GError *error = NULL;

  g_task_set_source_tag (task, visit_controller_invite_async);
  if (net == NULL || base == NULL || self->encounter == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "%s",
                               _ ("There is no connection to the hub."));
      return;
    }
  client = net_fhir_client_new (base, NET_SESSION (net), &error);
  if (client == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  net_fhir_client_send_async (client, &request, NULL, invited_cb, g_steal_pointer (&task));
}

/**
 * visit_controller_invite_finish:
 * @until: (out) (nullable): when the link ends, in words
 *
 * Returns: (transfer full) (nullable): the link
 */
char *
visit_controller_invite_finish (GAsyncResult *result, char **until, GError **error)
{
  *until = g_strdup (g_object_get_data (G_OBJECT (result), "until"));
  return g_task_propagate_pointer (G_TASK (result), error);
}
