/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-route.h"

#include <glib/gi18n.h>

#include "fhir-concept.h"
#include "fhir-date.h"

/* To whom a critical result goes: to who ordered it; to the cover while that one is absent; to
 * every doctor where nobody stands in, nobody knows who ordered it, or nobody answered in time. */

void
care_rota_free (CareRota *self)
{
  g_clear_pointer (&self->covers, g_ptr_array_unref);
  g_clear_pointer (&self->staff, g_ptr_array_unref);
  g_free (self);
}

/* Whether what is recorded of a person's role leaves the answer to a critical result to others: the
 * desk may not even read it. Of a role in other words nothing is assumed. */
static gboolean
is_no_clinician (FhirResource *role)
{
  static const char *const clinicians[] = { "prescriber", "nurse", "admin" };
  const FhirElement *code = fhir_resource_path (role, "code");

  for (gsize i = 0; i < G_N_ELEMENTS (clinicians); i++)
    if (fhir_concept_has_code (code, CARE_SYSTEM_ROLE, clinicians[i]))
      return FALSE;
  return fhir_concept_get_code (code, CARE_SYSTEM_ROLE) != NULL;
}

static gboolean
is_active (FhirResource *resource)
{
  return !fhir_resource_path (resource, "active") ||
         fhir_element_is_true (fhir_resource_path (resource, "active"));
}

/* Who has one role of a clinician is one, whatever else they do. */
static gboolean
may_answer (GPtrArray *roles, const char *person)
{
  gboolean other = FALSE;

  for (guint i = 0; i < roles->len; i++)
    {
      FhirResource *role = roles->pdata[i];

      if (!is_active (role) ||
          g_strcmp0 (fhir_resource_path_text (role, "practitioner.reference"), person) != 0)
        continue;
      if (!is_no_clinician (role))
        return TRUE;
      other = TRUE;
    }
  return !other;
}

/* (transfer full) (nullable) */
CareRota *
care_rota_load (StoreConnection *connection, GError **error)
{
  g_autoptr (CareRota) self = g_new0 (CareRota, 1);
  g_autoptr (GPtrArray) people =
      care_cover_find_all (connection, "Practitioner", "_count=500", error);
  g_autoptr (GPtrArray) roles =
      people ? care_cover_find_all (connection, "PractitionerRole", "_count=500", error) : NULL;

  self->covers = roles ? care_cover_list (connection, error) : NULL;
  self->staff = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; self->covers && i < people->len; i++)
    {
      g_autofree char *person = fhir_resource_dup_reference (people->pdata[i]);

      if (is_active (people->pdata[i]) && may_answer (roles, person))
        g_ptr_array_add (self->staff, g_steal_pointer (&person));
    }
  return self->covers ? g_steal_pointer (&self) : NULL;
}

void
care_route_free (CareRoute *self)
{
  g_free (self->orderer);
  g_free (self->orderer_name);
  g_free (self->cover);
  g_free (self->cover_name);
  g_free (self);
}

static gboolean
stands (const CareCover *cover, gint64 at_us)
{
  return cover->from_us <= at_us && at_us < cover->until_us;
}

/* Of several the one that was said last: the list is the newest first. */
static const CareCover *
find_absence (GPtrArray *covers, const char *who, gint64 at_us)
{
  for (guint i = 0; covers && i < covers->len; i++)
    {
      const CareCover *cover = covers->pdata[i];

      if (stands (cover, at_us) && g_strcmp0 (cover->who, who) == 0)
        return cover;
    }
  return NULL;
}

/* Who stands in for @absence in the end: a cover who is absent too hands it on. NULL: nobody, or
 * they stand in for one another in a circle. @chain: (nullable): gets every absence on the way. */
static const CareCover *
follow (GPtrArray *covers, const CareCover *absence, gint64 at_us, GPtrArray *chain)
{
  for (guint steps = 0; steps < covers->len; steps++)
    {
      const CareCover *next = absence->cover ? find_absence (covers, absence->cover, at_us) : NULL;

      if (chain)
        g_ptr_array_add (chain, (gpointer) absence);
      if (!next)
        return absence->cover ? absence : NULL;
      absence = next;
    }
  return NULL;
}

/* Whether all who work here have said that they are absent. Where nobody is known nothing is said
 * of them. */
static gboolean
is_nobody_there (const CareRota *rota, gint64 now_us)
{
  for (guint i = 0; i < rota->staff->len; i++)
    if (!find_absence (rota->covers, rota->staff->pdata[i], now_us))
      return FALSE;
  return rota->staff->len > 0;
}

/**
 * care_route_find:
 * @orderer: (nullable): reference of who ordered it
 * @name: (nullable): of that one
 * @since_us: since when it waits; 0: not recorded, and then the wait is over
 *
 * Returns: (transfer full)
 */
CareRoute *
care_route_find (
    const CareRota *rota, const char *orderer, const char *name, gint64 since_us, gint64 now_us)
{
  CareRoute *self = g_new0 (CareRoute, 1);
  const CareCover *absence = orderer ? find_absence (rota->covers, orderer, now_us) : NULL;
  const CareCover *last = absence ? follow (rota->covers, absence, now_us, NULL) : NULL;

  self->late = now_us - since_us >= CARE_ROUTE_WAIT_MINUTES * 60 * G_USEC_PER_SEC;
  self->orderer = g_strdup (orderer);
  self->orderer_name = g_strdup (name ? name : absence ? absence->who_name : NULL);
  self->until_us = absence ? absence->until_us : 0;
  self->kind = !orderer   ? CARE_ROUTE_UNKNOWN
               : !absence ? CARE_ROUTE_ORDERER
               : last     ? CARE_ROUTE_COVER
                          : CARE_ROUTE_UNCOVERED;
  if (last)
    {
      self->cover = g_strdup (last->cover);
      self->cover_name = g_strdup (last->cover_name);
    }
  self->nobody = is_nobody_there (rota, now_us);
  return self;
}

/**
 * care_route_dup_chain:
 *
 * Returns: (transfer container) (nullable) (element-type CareCover): the absences that lead from
 *   @absent to @user at that moment; NULL where @user does not stand in
 */
GPtrArray *
care_route_dup_chain (GPtrArray *covers, const char *absent, const char *user, gint64 at_us)
{
  g_autoptr (GPtrArray) chain = g_ptr_array_new ();
  const CareCover *absence = find_absence (covers, absent, at_us);
  const CareCover *last = absence ? follow (covers, absence, at_us, chain) : NULL;

  return last && g_strcmp0 (last->cover, user) == 0 ? g_steal_pointer (&chain) : NULL;
}

gboolean
care_route_asks_all (const CareRoute *self)
{
  return self->late || self->kind == CARE_ROUTE_UNCOVERED || self->kind == CARE_ROUTE_UNKNOWN;
}

/* Whether it needs this person now. @role: of that one, as care_context_get_role (). */
gboolean
care_route_is_for (const CareRoute *self, const char *user, const char *role)
{
  return g_strcmp0 (self->orderer, user) == 0 || g_strcmp0 (self->cover, user) == 0 ||
         (care_route_asks_all (self) && g_strcmp0 (role, "prescriber") == 0);
}

/* ---- words ---- */

static char *
dup_moment (gint64 instant, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (instant / G_USEC_PER_SEC);
  g_autofree char *text = g_date_time_format (utc, "%Y-%m-%dT%H:%M:00Z");

  return fhir_date_format (text, zone);
}

static char *
dup_absent (const CareRoute *self, const char *user, const char *name, GTimeZone *zone)
{
  g_autofree char *until = dup_moment (self->until_us, zone);
  const char *cover = self->cover_name ? self->cover_name : self->cover;

  if (self->kind == CARE_ROUTE_UNCOVERED)
    return g_strdup_printf (_ ("For %s, absent until %s. Nobody stands in: every doctor is asked."),
                            name, until);
  if (g_strcmp0 (self->cover, user) == 0)
    return g_strdup_printf (_ ("For %s, absent until %s. You stand in."), name, until);
  return g_strdup_printf (_ ("For %s, absent until %s. %s stands in."), name, until, cover);
}

static char *
dup_first (const CareRoute *self, const char *user, GTimeZone *zone)
{
  const char *name = self->orderer_name ? self->orderer_name : self->orderer;

  if (self->kind == CARE_ROUTE_UNKNOWN)
    return g_strdup (_ ("It is not recorded who ordered it: every doctor is asked."));
  if (self->kind != CARE_ROUTE_ORDERER)
    return dup_absent (self, user, name, zone);
  if (g_strcmp0 (self->orderer, user) == 0)
    return g_strdup (_ ("You ordered it."));
  return g_strdup_printf (_ ("For %s, who ordered it."), name);
}

/* (transfer full): for whom it is, and why it is here, a sentence a line. */
char *
care_route_dup_words (const CareRoute *self, const char *user, GTimeZone *zone)
{
  g_autofree char *first = dup_first (self, user, zone);
  g_autoptr (GString) text = g_string_new (first);

  if (self->late && (self->kind == CARE_ROUTE_ORDERER || self->kind == CARE_ROUTE_COVER))
    {
      g_string_append_c (text, '\n');
      g_string_append_printf (text,
                              _ ("Nobody has answered for %d minutes: every doctor is asked."),
                              CARE_ROUTE_WAIT_MINUTES);
    }
  if (self->nobody)
    g_string_append_printf (text, "\n%s",
                            _ ("NOBODY IS THERE: all who work here have said that they are absent. "
                               "Call one of them."));
  return g_string_free_and_steal (g_steal_pointer (&text));
}
