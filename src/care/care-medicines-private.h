/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-medicines.h"
#include "care-summary-private.h"

G_BEGIN_DECLS

#define CARE_LIST_EXAMPLE_CODES "http://terminology.hl7.org/CodeSystem/list-example-use-codes"
#define CARE_LIST_EMPTY_REASONS "http://terminology.hl7.org/CodeSystem/list-empty-reason"
#define CARE_SYSTEM_LIST        "https://bedside.health/fhir/list"
#define CARE_LIST_CONTINUED_AS  "https://bedside.health/fhir/continued-as" /* of an entry */
#define CARE_LIST_RECONCILED    "medication-reconciliation"

/* Each statement that was written with Bedside has it: no other is changed by Bedside. */
#define CARE_SYSTEM_STATEMENT_ID "https://bedside.health/fhir/statement-id"

/* A side with what it is compared by. */
typedef struct
{
  CareMedicineSide side;
  FhirResource *resource;
  gboolean is_named; /* else its name is a sentence that it has none */
  char *code;        /* RxNorm, or NULL */
  char *key;         /* one medicine: its ingredients, else its name */
  char *bucket;      /* one source */
  char *amount_unit; /* of @amount, or NULL where one dose is not known as a number */
  double amount;
  char *form;              /* of what @code names, or NULL */
  gboolean slow;           /* of another release than plain, by its form or its name */
  gboolean is_prohibition; /* also where it is over, and forbids nothing any more */
  char *often;             /* "3 times a day", of the frequency, or NULL */
  gboolean as_needed;
  char *when; /* FHIR event timing code, or NULL */
  char *needed_for;
  int duration_days; /* 0: not said */
  gint64 sort;
} CareMedicineFact;

/* Where facts come from, and what has been asked already. */
typedef struct
{
  CareChart *chart;
  ClinicalContent *content; /* NULL: medicines are compared by name alone */
  GHashTable *keys;         /* text -> key */
  GHashTable *names;        /* reference of a person or organisation -> name, "" where unknown */
} CareMedicineReader;

void care_medicine_fact_free (CareMedicineFact *self);
CareMedicineFact *care_medicine_read (CareMedicineReader *reader, FhirResource *resource);
void care_medicine_read_dosage (CareMedicineFact *fact,
                                CareMedicineReader *reader,
                                FhirResource *resource);
char *care_medicine_read_key (CareMedicineReader *reader, FhirResource *resource);
const char *care_medicine_read_name (CareMedicineReader *reader, const FhirElement *reference);
gboolean care_medicine_state_is_current (CareMedicineState state);
CareAgreement
care_medicine_compare (const CareMedicineFact *a, const CareMedicineFact *b, CareAspect aspect);
char *care_medicine_dup_day (CareChart *chart, const char *date);
gboolean care_medicine_is_none_known (FhirResource *statement);
gboolean care_medicine_is_written_here (FhirResource *statement);

CareMedicineSupply *
care_medicine_supply_of (CareMedicineReader *reader, GPtrArray *facts, GPtrArray *dispenses);
void care_medicine_supply_free (CareMedicineSupply *self);
const char *care_dispense_date (FhirResource *dispense);

/* (transfer full): a row of facts, which it takes. */
CareMedicine *care_medicine_new (GPtrArray *facts, CareMedicineSupply *supply);
void care_medicine_set_reconciled (CareMedicine *self, const char *words);
const CareMedicineFact *care_medicine_get_fact (CareMedicine *self, guint index);

/* What the list as a whole says: what it means where nothing is current, and who last went through
 * it. */
typedef struct
{
  char *absence;        /* or NULL */
  gboolean is_recorded; /* anything at all was ever written */
  FhirResource *list;   /* the last reconciliation, or NULL */
  char *reconciled; /* "Last reconciled 22-Nov-2026 09:00 by Dr Ada Stone", or that it never was */
} CareMedicinesNote;

gboolean care_medicines_note_read (CareMedicinesNote *self,
                                   CareChart *chart,
                                   GPtrArray *requests,
                                   GPtrArray *statements,
                                   GError **error);
void care_medicines_note_clear (CareMedicinesNote *self);
char *care_medicines_note_dup_decision (CareMedicinesNote *self, const CareMedicineFact *fact);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CareMedicinesNote, care_medicines_note_clear)

/* The rows of a patient's facts and of what was handed out, appended to @rows. */
void care_medicine_join (CareMedicineReader *reader,
                         GPtrArray *facts,
                         GPtrArray *dispenses,
                         GListStore *rows);

G_END_DECLS
