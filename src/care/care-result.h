/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct _CareResult CareResult;

/* What may be done with what a record says. Only the first is read, drawn and judged. */
typedef enum
{
  CARE_RESULT_CURRENT,
  CARE_RESULT_WITHHELD,  /* a modifier that Bedside does not know may turn its meaning around */
  CARE_RESULT_ERROR,     /* entered in error: struck */
  CARE_RESULT_CANCELLED, /* never measured */
  CARE_RESULT_REPLACED,  /* another observation says that it stands instead */
} CareResultState;

typedef enum
{
  CARE_RESULT_OTHER,
  CARE_RESULT_VITAL,
  CARE_RESULT_LABORATORY,
  CARE_RESULT_REPORT,
  CARE_RESULT_APART, /* social history and surveys: shown only within their panel */
} CareResultKind;

/* Who has looked at a result, or has to. */
typedef struct
{
  char *task;      /* id of the Task; NULL: none */
  gboolean open;   /* it waits for somebody */
  gboolean stale;  /* the result changed since it was reviewed */
  gboolean unsent; /* no server has it yet: it can be undone */
  char *group;     /* of the journal, while it is unsent */
  char *who;       /* who reviewed it, or whose it is to do */
  char *when;      /* of the review */
  char *outcome;   /* what was written */
  gint64 since_us; /* open: waits since; 0: not recorded */
} CareReview;

/* One result: a reading, a panel of readings, or a report. Strings that are absent are NULL. */
struct _CareResult
{
  char *reference; /* "Observation/1"; of a component its observation's */
  char *version;   /* as the record stood when it was read */
  char *key;       /* same key, same kind of reading: "system|code", or its name */
  char *loinc;
  char *name;
  CareResultKind kind;
  CareResultState state;
  char *status; /* FHIR's own word */

  char *value;  /* as it was sent, with its unit: "6.8 mmol/L", "120/80 mmHg" */
  char *absent; /* why there is no value; NULL where there is one */
  char *literal, *comparator, *unit, *ucum;
  char *range;          /* that it came with, in words */
  char *low, *high;     /* of it, where its unit is the value's */
  char *flag;           /* "H", "HH"…; NULL: in range, or nothing to judge by */
  gboolean flag_is_own; /* Bedside compared it; the laboratory did not say */
  char *critical;       /* why it is red, in words; NULL: it is not */
  char *limit;          /* the critical limit that was asked, or that there is none */
  char *note;           /* the laboratory's comment, a report's conclusion, why it is withheld */
  char *before;         /* what an earlier version of it said */
  char *replaced_by;    /* reference */

  char *date;     /* in words */
  gint64 time_us; /* G_MININT64: not recorded, or not readable */

  GPtrArray *parts; /* CareResult: members and components; NULL: none */
  guint missing;    /* members that are named and are not on this computer */
  gboolean circular;
  gboolean in_panel;            /* a panel or report shows it too */
  gboolean by_patient;          /* measured by the patient, and by nobody of the clinic */
  char *order;                  /* reference of the order that it answers */
  char *orderer, *orderer_name; /* of what is critical: who ordered it */
  CareReview review;
};

CareResult *care_result_new (void);
CareResult *care_result_ref (CareResult *self);
void care_result_unref (CareResult *self);
gboolean care_result_is_final (const CareResult *self);
gboolean care_result_is_partial (const CareResult *self);
gboolean care_result_is_current (const CareResult *self);
const char *care_result_get_gravest_flag (const CareResult *self);
const CareResult *care_result_get_critical (const CareResult *self);
gboolean care_result_is_unread (const CareResult *self);
gboolean care_result_is_red (const CareResult *self);
gboolean care_result_still_waits (const CareResult *self);
double care_result_get_number (const CareResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CareResult, care_result_unref)

G_END_DECLS
