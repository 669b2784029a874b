/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-demo-private.h"
#include "hub-generate.h"

#define HUB_GENERATE_MAX_VISITS 40
#define HUB_GENERATE_YEAR       365.25

/* Chance that is the same for the same seed and patient, whoever was made before. */
typedef struct
{
  guint64 state;
} HubChance;

void hub_chance_begin (HubChance *self, const char *seed, guint number);
double hub_chance_next (HubChance *self);                    /* from 0 up to below 1 */
int hub_chance_between (HubChance *self, int low, int high); /* both may come */
double hub_chance_around (HubChance *self, double middle, double spread);
const char *hub_chance_pick (HubChance *self, char **items);

/* A made-up person before anything is written down. Days count from today, as in clinic.ini. */
typedef struct
{
  guint number;
  gboolean female;
  int age_days;
  double weight_factor, height_factor;
  char *language, *family, *given, *own_family, *own_given;
} HubPerson;

void hub_person_make (HubPerson *self, GKeyFile *names, HubChance *chance, guint number);
void hub_person_clear (HubPerson *self);
void hub_person_write (const HubPerson *self, GKeyFile *names, HubChance *chance, GString *out);
double hub_person_age_at (const HubPerson *self, int day);
double hub_person_weight_at (const HubPerson *self, int day);
double hub_person_height_at (const HubPerson *self, int day);
void hub_person_write_allergies (const HubPerson *self, HubChance *chance, GString *out);
void hub_person_write_vaccines (const HubPerson *self, HubChance *chance, GString *out);

void hub_generate_write_chart (
    GKeyFile *blocks, const HubPerson *person, HubChance *chance, HubDepth depth, GString *out);
