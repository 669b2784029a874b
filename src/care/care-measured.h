/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a patient may be asked to measure at home. The names travel: append only. */
typedef enum
{
  CARE_MEASURED_BLOOD_PRESSURE,
  CARE_MEASURED_PULSE,
  CARE_MEASURED_TEMPERATURE,
  CARE_MEASURED_WEIGHT,
  CARE_MEASURED_SATURATION,
  CARE_MEASURED_GLUCOSE,
  CARE_N_MEASURED,
} CareMeasuredKind;

typedef enum
{
  CARE_MEASURED_ERROR_SYNTAX,
  CARE_MEASURED_ERROR_RANGE,
} CareMeasuredError;

#define CARE_MEASURED_ERROR (care_measured_error_quark ())
GQuark care_measured_error_quark (void);

/* One measurement, in the unit in which it was typed. */
typedef struct
{
  CareMeasuredKind kind;
  char *value;  /* a decimal with a point; of a blood pressure the systolic one */
  char *second; /* the diastolic one; NULL: of anything else */
  const char *ucum;
} CareMeasured;

const char *care_measured_kind_name (CareMeasuredKind kind);
const char *care_measured_kind_label (CareMeasuredKind kind);
gboolean care_measured_parse_kinds (const char *text, guint *kinds, GError **error);
char *care_measured_dup_kinds (guint kinds);

GPtrArray *care_measured_parse (const char *text, GError **error);
void care_measured_free (CareMeasured *self);
char *care_measured_dup_value (const CareMeasured *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareMeasured, care_measured_free)

G_END_DECLS
