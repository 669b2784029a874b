/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-result.h"

#include "clinical-critical.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static const gsize texts[] = {
  offsetof (CareResult, reference),    offsetof (CareResult, version),
  offsetof (CareResult, key),          offsetof (CareResult, loinc),
  offsetof (CareResult, name),         offsetof (CareResult, status),
  offsetof (CareResult, value),        offsetof (CareResult, absent),
  offsetof (CareResult, literal),      offsetof (CareResult, comparator),
  offsetof (CareResult, unit),         offsetof (CareResult, ucum),
  offsetof (CareResult, range),        offsetof (CareResult, low),
  offsetof (CareResult, high),         offsetof (CareResult, flag),
  offsetof (CareResult, critical),     offsetof (CareResult, limit),
  offsetof (CareResult, note),         offsetof (CareResult, before),
  offsetof (CareResult, replaced_by),  offsetof (CareResult, date),
  offsetof (CareResult, order),        offsetof (CareResult, orderer),
  offsetof (CareResult, orderer_name), offsetof (CareResult, review.task),
  offsetof (CareResult, review.group), offsetof (CareResult, review.who),
  offsetof (CareResult, review.when),  offsetof (CareResult, review.outcome),
};

CareResult *
care_result_new (void)
{
  CareResult *self = g_atomic_rc_box_new0 (CareResult);

  self->time_us = G_MININT64;
  return self;
}

CareResult *
care_result_ref (CareResult *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  CareResult *self = data;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (G_STRUCT_MEMBER (char *, self, texts[i]));
  g_clear_pointer (&self->parts, g_ptr_array_unref);
}

void
care_result_unref (CareResult *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/* TRUE when the laboratory will not change it, unless it corrects it. */
gboolean
care_result_is_final (const CareResult *self)
{
  static const char *const words[] = { "final", "amended", "corrected", "appended", NULL };

  return self->status && g_strv_contains (words, self->status);
}

/* TRUE when more of it is to come, or was named and is not here. */
gboolean
care_result_is_partial (const CareResult *self)
{
  static const char *const words[] = { "registered", "partial", "preliminary", NULL };

  return self->missing > 0 || self->circular ||
         (self->status && g_strv_contains (words, self->status));
}

gboolean
care_result_is_current (const CareResult *self)
{
  return self->state == CARE_RESULT_CURRENT;
}

static int
gravity_of (const char *flag)
{
  if (!flag)
    return 0;
  return clinical_critical_is_flag (flag) ? 2 : 1;
}

/* (nullable): the flag of it or of whichever part has the gravest. */
const char *
care_result_get_gravest_flag (const CareResult *self)
{
  const char *worst = care_result_is_current (self) ? self->flag : NULL;

  for (guint i = 0; care_result_is_current (self) && self->parts && i < self->parts->len; i++)
    {
      const char *flag = care_result_get_gravest_flag (self->parts->pdata[i]);

      if (gravity_of (flag) > gravity_of (worst))
        worst = flag;
    }
  return worst;
}

/* (nullable): what of it is past a critical limit: itself or a part. */
const CareResult *
care_result_get_critical (const CareResult *self)
{
  if (!care_result_is_current (self))
    return NULL;
  if (self->critical)
    return self;
  for (guint i = 0; self->parts && i < self->parts->len; i++)
    {
      const CareResult *critical = care_result_get_critical (self->parts->pdata[i]);

      if (critical)
        return critical;
    }
  return NULL;
}

/* What somebody still has to look at. Vital signs are taken by whoever looks at them: they count
 * only when they are critical, or when somebody asked for it. */
gboolean
care_result_is_unread (const CareResult *self)
{
  if (!care_result_is_current (self))
    return FALSE;
  if (self->review.open || self->review.stale)
    return TRUE;
  if (self->review.task)
    return FALSE;
  return self->kind == CARE_RESULT_LABORATORY || self->kind == CARE_RESULT_REPORT ||
         self->kind == CARE_RESULT_OTHER || care_result_get_critical (self) != NULL;
}

/* A red item: critical, and nobody has closed it (hazard H18). */
gboolean
care_result_is_red (const CareResult *self)
{
  return care_result_get_critical (self) != NULL && care_result_is_unread (self);
}

/* What a newer one does not hide: what somebody was asked to look at, what changed since, and what
 * is critical. */
gboolean
care_result_still_waits (const CareResult *self)
{
  return care_result_is_red (self) ||
         (care_result_is_current (self) && (self->review.open || self->review.stale));
}

/* NAN where it is no plain number: "< 5" has no place on a line. */
double
care_result_get_number (const CareResult *self)
{
  char *end = NULL;
  double number = self->literal && !self->comparator ? g_ascii_strtod (self->literal, &end) : NAN;

  return end && end != self->literal && *end == '\0' && isfinite (number) ? number : NAN;
}
