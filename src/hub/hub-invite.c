/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-invite.h"

#include "base-id.h"
#include "fhir-builder.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "hub-records.h"
#include "hub-reply.h"
#include "hub-visit.h"

/* Invitations are Tasks of status `draft`, so that they are nobody's work, one for each visit and
 * role: a new link makes the one before it void. A Task knows hashes alone, and so do its readers.
 * The same in an own store and in front of another server. */

#define LIFETIME    (4 * G_TIME_SPAN_HOUR)
#define CODE        "invite"
#define LINK_SYSTEM HUB_RECORDS_IDENTIFIER "/invite-link"
#define SKEW        G_TIME_SPAN_MINUTE /* between the clocks of copies of a hub */

void
hub_invite_free (HubInvite *self)
{
  g_free (self->encounter);
  g_free (self->patient);
  g_free (self->link);
  g_free (self->session);
  g_free (self->name);
  g_free (self->number);
  g_free (self->language);
  g_free (self->relation);
  g_free (self->by);
  g_free (self->let_in);
  g_clear_pointer (&self->task, fhir_resource_unref);
  g_free (self);
}

/* What of an invitation is an input of its Task. */
static char **
text_of (HubInvite *self, const char *name)
{
  const struct
  {
    const char *name;
    char **text;
  } texts[] = {
    { "session", &self->session },   { "name", &self->name },         { "number", &self->number },
    { "language", &self->language }, { "relation", &self->relation }, { "invited-by", &self->by },
    { "let-in", &self->let_in },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_strcmp0 (name, texts[i].name) == 0)
      return texts[i].text;
  return NULL;
}

static const char *const text_names[] = { "session",  "name",       "number", "language",
                                          "relation", "invited-by", "let-in" };

static char *
name_of (const char *encounter, CareVisitRole role)
{
  return g_strdup_printf (CODE "-%s-%s", encounter, care_visit_role_name (role));
}

/* ---- reading ---- */

static void
read_task (HubInvite *self, FhirResource *task)
{
  const char *encounter = fhir_resource_path_text (task, "focus.reference");
  const char *patient = fhir_resource_path_text (task, "for.reference");
  const char *end = fhir_resource_path_text (task, "restriction.period.end");
  FhirDate date;
  gint64 high;

  self->task = fhir_resource_ref (task);
  self->encounter = g_strdup (encounter != NULL && g_str_has_prefix (encounter, "Encounter/")
                                  ? encounter + strlen ("Encounter/")
                                  : NULL);
  self->patient = g_strdup (patient != NULL && g_str_has_prefix (patient, "Patient/")
                                ? patient + strlen ("Patient/")
                                : NULL);
  if (end != NULL && fhir_date_parse (end, &date))
    fhir_date_bounds (&date, &self->expires, &high);
  fhir_element_foreach (item, fhir_resource_path (task, "identifier"))
    if (g_strcmp0 (fhir_element_path_text (item, "system"), LINK_SYSTEM) == 0)
      g_set_str (&self->link, fhir_element_path_text (item, "value"));
  fhir_element_foreach (input, fhir_resource_path (task, "input"))
    {
      const FhirElement *type = fhir_element_get (input, "type");
      const char *text = fhir_element_path_text (input, "valueString");

      if (fhir_concept_has_code (type, HUB_VISIT_TASK_SYSTEM, "role"))
        self->role = care_visit_role_from_name (text);
      for (gsize i = 0; i < G_N_ELEMENTS (text_names); i++)
        if (fhir_concept_has_code (type, HUB_VISIT_TASK_SYSTEM, text_names[i]))
          g_set_str (text_of (self, text_names[i]), text);
    }
}

/* A poor server answers a search with what was not asked for, so it is looked at again. */
static gboolean
has_identifier (FhirResource *task, const char *system, const char *value)
{
  fhir_element_foreach (item, fhir_resource_path (task, "identifier"))
    if (g_strcmp0 (fhir_element_path_text (item, "system"), system) == 0 &&
        g_strcmp0 (fhir_element_path_text (item, "value"), value) == 0)
      return TRUE;
  return FALSE;
}

/**
 * hub_invite_is_task:
 *
 * Returns: whether @task says that it is an invitation: those are the hub's alone to write
 */
gboolean
hub_invite_is_task (FhirResource *task)
{
  if (g_strcmp0 (fhir_resource_get_type (task), "Task") != 0)
    return FALSE;
  fhir_element_foreach (item, fhir_resource_path (task, "identifier"))
    if (g_strcmp0 (fhir_element_path_text (item, "system"), LINK_SYSTEM) == 0)
      return TRUE;
  return fhir_concept_has_code (fhir_resource_path (task, "code"), HUB_VISIT_TASK_SYSTEM, CODE);
}

/* Whether it is as the hub writes them: no other task opens a visit, and none for longer than an
 * invitation lasts. */
static gboolean
is_genuine (HubInvite *self, FhirResource *encounter, gint64 now)
{
  gint64 written = fhir_date_begin (fhir_resource_path_text (self->task, "lastModified"));
  const char *subject = fhir_resource_path_text (encounter, "subject.reference");
  const char *patient = fhir_resource_path_text (self->task, "for.reference");

  return g_strcmp0 (fhir_resource_path_text (self->task, "status"), "draft") == 0 &&
         subject != NULL && g_strcmp0 (subject, patient) == 0 && written <= now + SKEW &&
         self->expires <= written + LIFETIME;
}

/* @out: (out) (nullable): NULL where there is none */
static gboolean
find (HubRecords *records, const char *system, const char *value, HubInvite **out, GError **error)
{
  g_autofree char *query = g_strdup_printf ("identifier=%s|%s", system, value);
  g_autoptr (GPtrArray) found = hub_records_search (records, "Task", query, error);

  *out = NULL;
  for (guint i = 0; found != NULL && i < found->len && *out == NULL; i++)
    if (has_identifier (found->pdata[i], system, value) &&
        fhir_concept_has_code (fhir_resource_path (found->pdata[i], "code"), HUB_VISIT_TASK_SYSTEM,
                               CODE))
      {
        *out = g_new0 (HubInvite, 1);
        read_task (*out, found->pdata[i]);
      }
  return found != NULL;
}

static HubInvite *
refuse (GError **error)
{
  g_set_error_literal (error, HUB_ERROR, 404, "There is no such link");
  return NULL;
}

/**
 * hub_invite_load:
 * @error: HUB_ERROR 404 alike for a link that never was, one that expired and one that was revoked
 *   or replaced; 410 where the visit is over
 *
 * Returns: (transfer full) (nullable): the invitation that the link belongs to
 */
HubInvite *
hub_invite_load (HubRecords *records, const char *token, GError **error)
{
  g_autofree char *hash = hub_join_hash (token);
  g_autoptr (HubInvite) self = NULL;
  g_autoptr (FhirResource) encounter = NULL;

  if (!find (records, LINK_SYSTEM, hash, &self, error))
    return NULL;
  if (self == NULL || self->link == NULL || self->encounter == NULL ||
      !care_visit_role_is_invited (self->role) || base_clock_now (records->clock) >= self->expires)
    return refuse (error);
  encounter = hub_records_get (records, "Encounter", self->encounter, error);
  if (encounter == NULL)
    return NULL;
  if (!is_genuine (self, encounter, base_clock_now (records->clock)))
    return refuse (error);
  if (hub_visit_get_state (encounter) == HUB_VISIT_OVER)
    {
      g_set_error_literal (error, HUB_ERROR, 410, "This visit has ended");
      return NULL;
    }
  return g_steal_pointer (&self);
}

/* ---- writing ---- */

static void
add_input (FhirBuilder *builder, const char *name, const char *text)
{
  gsize at = fhir_builder_get_length (builder, "input");
  g_autofree char *type = g_strdup_printf ("input.%" G_GSIZE_FORMAT ".type", at);
  g_autofree char *value = g_strdup_printf ("input.%" G_GSIZE_FORMAT ".valueString", at);

  if (text == NULL)
    return;
  fhir_builder_set_coding (builder, type, HUB_VISIT_TASK_SYSTEM, name, NULL);
  fhir_builder_set (builder, value, text);
}

static FhirBuilder *
begin_task (HubRecords *records, HubInvite *self)
{
  g_autofree char *focus = g_strconcat ("Encounter/", self->encounter, NULL);
  g_autofree char *subject = g_strconcat ("Patient/", self->patient, NULL);
  g_autofree char *now = base_clock_dup_instant (records->clock);
  g_autofree char *id = base_id_new (base_clock_now (records->clock));
  FhirBuilder *builder;

  if (self->task != NULL)
    return fhir_builder_new_from (self->task);
  builder = fhir_builder_new ("Task", id);
  fhir_builder_set_many (builder, "intent", "order", "description",
                         "An invitation to a video visit", "authoredOn", now, "focus.reference",
                         focus, "encounter.reference", focus, "for.reference", subject, NULL);
  fhir_builder_set_coding (builder, "code", HUB_VISIT_TASK_SYSTEM, CODE, NULL);
  return builder;
}

/**
 * hub_invite_save:
 * @detail: what happened, for the audit
 */
gboolean
hub_invite_save (HubRecords *records, HubInvite *self, const char *detail, GError **error)
{
  g_autoptr (FhirBuilder) builder = begin_task (records, self);
  g_autofree char *name = name_of (self->encounter, self->role);
  g_autofree char *now = base_clock_dup_instant (records->clock);
  g_autoptr (GDateTime) end = g_date_time_new_from_unix_utc_usec (self->expires);
  g_autofree char *until = g_date_time_format (end, "%Y-%m-%dT%H:%M:%SZ");
  g_autoptr (FhirResource) task = NULL;

  fhir_builder_remove (builder, "identifier");
  fhir_builder_set_many (builder, "identifier.0.system", HUB_RECORDS_IDENTIFIER,
                         "identifier.0.value", name, "lastModified", now, "restriction.period.end",
                         until, "status", self->link != NULL ? "draft" : "cancelled", NULL);
  if (self->link != NULL)
    fhir_builder_set_many (builder, "identifier.1.system", LINK_SYSTEM, "identifier.1.value",
                           self->link, NULL);
  fhir_builder_remove (builder, "input");
  add_input (builder, "role", care_visit_role_name (self->role));
  for (gsize i = 0; i < G_N_ELEMENTS (text_names); i++)
    add_input (builder, text_names[i], *text_of (self, text_names[i]));
  task = fhir_builder_end (builder);
  return hub_records_put (records, self->task, task, "hub", self->patient, detail, NULL, error);
}

static gboolean
is_open (HubRecords *records, const char *encounter, char **patient, GError **error)
{
  g_autoptr (GError) local = NULL;
  HubVisitState state = hub_visit_load_state (records, encounter, patient, &local);

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (state != HUB_VISIT_OVER && *patient != NULL)
    return TRUE;
  g_set_error_literal (error, HUB_ERROR, 409, "This visit is not one to invite anybody to");
  return FALSE;
}

/**
 * hub_invite_create:
 * @records: in a work that writes
 * @role: guest or interpreter
 * @by: "clinic" or "patient"
 * @expires: (out) (optional): when the link ends, in microseconds since 1970
 *
 * Makes a link; one that was made before for the same visit and role is void from now on.
 *
 * Returns: (transfer full) (nullable): the token, which is kept nowhere else
 */
char *
hub_invite_create (HubRecords *records,
                   const char *encounter,
                   CareVisitRole role,
                   const char *by,
                   gint64 *expires,
                   GError **error)
{
  g_autofree char *name = name_of (encounter, role);
  g_autofree char *token = base_id_new_token ();
  g_autofree char *patient = NULL;
  g_autoptr (HubInvite) self = NULL;

  if (!is_open (records, encounter, &patient, error) ||
      !find (records, HUB_RECORDS_IDENTIFIER, name, &self, error))
    return NULL;
  if (self == NULL)
    self = g_new0 (HubInvite, 1);
  g_set_str (&self->encounter, encounter);
  g_set_str (&self->patient, patient);
  self->role = role;
  for (gsize i = 0; i < G_N_ELEMENTS (text_names); i++)
    g_clear_pointer (text_of (self, text_names[i]), g_free);
  g_set_str (&self->by, by);
  g_free (self->link);
  self->link = hub_join_hash (token);
  self->expires = base_clock_now (records->clock) + LIFETIME;
  if (!hub_invite_save (records, self, "invitation", error))
    return NULL;
  if (expires != NULL)
    *expires = self->expires;
  return g_steal_pointer (&token);
}

/**
 * hub_invite_revoke:
 * @session: (nullable): only where the link's session is still this one
 * @who: for the audit
 *
 * Makes the link of that visit and role void; where there is none that is as good.
 */
gboolean
hub_invite_revoke (HubRecords *records,
                   const char *encounter,
                   CareVisitRole role,
                   const char *session,
                   const char *who,
                   GError **error)
{
  g_autofree char *name = name_of (encounter, role);
  g_autofree char *detail = g_strconcat ("invitation revoked by ", who, NULL);
  g_autoptr (HubInvite) self = NULL;

  if (!find (records, HUB_RECORDS_IDENTIFIER, name, &self, error))
    return FALSE;
  if (self == NULL || self->link == NULL ||
      (session != NULL && g_strcmp0 (session, self->session) != 0))
    return TRUE;
  g_clear_pointer (&self->link, g_free);
  g_clear_pointer (&self->session, g_free);
  return hub_invite_save (records, self, detail, error);
}

/**
 * hub_invite_set_let_in:
 *
 * Keeps that whoever has @session was let in, or is not in any more: a hub that is started anew
 * then need not ask again. Of another session nothing is kept.
 */
gboolean
hub_invite_set_let_in (HubRecords *records,
                       const char *encounter,
                       CareVisitRole role,
                       const char *session,
                       gboolean let_in,
                       GError **error)
{
  g_autofree char *name = name_of (encounter, role);
  g_autoptr (HubInvite) self = NULL;

  if (!find (records, HUB_RECORDS_IDENTIFIER, name, &self, error))
    return FALSE;
  if (self == NULL || self->link == NULL || g_strcmp0 (self->session, session) != 0 ||
      !g_set_str (&self->let_in, let_in ? session : NULL))
    return TRUE;
  return hub_invite_save (records, self, let_in ? "let in" : "not in any more", error);
}

/**
 * hub_invite_is_of:
 * @is_of: (out): whether the link of that visit and role is good, and taken up by @session
 */
gboolean
hub_invite_is_of (HubRecords *records,
                  const char *encounter,
                  CareVisitRole role,
                  const char *session,
                  gboolean *is_of,
                  GError **error)
{
  g_autofree char *name = name_of (encounter, role);
  g_autoptr (HubInvite) self = NULL;

  if (!find (records, HUB_RECORDS_IDENTIFIER, name, &self, error))
    return FALSE;
  *is_of = self != NULL && self->link != NULL && g_strcmp0 (self->session, session) == 0;
  return TRUE;
}

/**
 * hub_invite_add_session:
 *
 * Returns: (transfer full): the cookie of the session, which is the only one from now on
 */
char *
hub_invite_add_session (HubInvite *self)
{
  char *cookie = base_id_new_token ();

  g_free (self->session);
  self->session = hub_join_hash (cookie);
  return cookie;
}

/**
 * hub_invite_dup_url:
 *
 * Returns: (transfer full): the link that a guest or an interpreter opens
 */
char *
hub_invite_dup_url (HubServer *server, const char *token)
{
  return g_strconcat (hub_server_get_public_url (server), "/guest/", token, NULL);
}
