/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hub-demo-private.h"

/* A continuous glucose sensor: two weeks of readings up to now, with meals, nights and the hours in
 * which it was silent, which are said and not left to be guessed. Codes of HL7's CGM guide. */

#define DAYS      14
#define DAY       (24 * 60)
#define READING   "99504-3"
#define SENSOR    "Continuous glucose sensor, upper arm"
#define LABEL     "Glucose (sensor)"
#define UNIT      "mg/dL"
#define N_MEALS   3
#define MEAL_LAST 300 /* minutes after which a meal is no longer seen */

/* What a day looks like, by kind of diabetes. mg/dL and minutes; made up, and no model of anybody.
 */
typedef struct
{
  const char *name;
  double base, dawn, night_low, rise[N_MEALS];
  int peak; /* minutes from a meal to its top */
} Course;

static const Course courses[] = {
  { "type1", 118, 34, 58, { 78, 62, 104 }, 55 },
  { "type2", 132, 30, 0, { 66, 76, 120 }, 80 },
};

typedef struct
{
  const Course *course;
  guint32 salt;
  int interval, gap_day, gap_start, gap_length;
} Sensor;

/* Between -1 and 1, the same for the same numbers. */
static double
chance (const Sensor *sensor, int day, int what)
{
  guint32 x = sensor->salt ^ ((guint32) day * 2654435761u) ^ ((guint32) what * 40503u);

  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  x ^= x >> 16;
  return (double) x / G_MAXUINT32 * 2 - 1;
}

static double
after_meal (const Sensor *sensor, int day, int meal, int minute)
{
  static const int times[N_MEALS] = { 7 * 60 + 25, 12 * 60 + 40, 19 * 60 + 5 };
  int start = times[meal] + (int) (35 * chance (sensor, day, 10 + meal));
  double top = sensor->course->rise[meal] * (1 + 0.35 * chance (sensor, day, 20 + meal));
  double t = (minute - start) / (double) sensor->course->peak;

  if (minute < start || minute > start + MEAL_LAST)
    return 0;
  return top * t * exp (1 - t);
}

/* Some nights it falls, and is back by morning. */
static double
night_fall (const Sensor *sensor, int day, int minute)
{
  double depth = sensor->course->base - sensor->course->night_low;
  double away = (minute - (2 * 60 + 50)) / 45.0;

  if (sensor->course->night_low <= 0 || chance (sensor, day, 30) < 0.55)
    return 0;
  return -depth * exp (-away * away);
}

static double
glucose_at (const Sensor *sensor, int day, int minute)
{
  double dawn = (minute - 6 * 60 - 30) / 95.0;
  double value = sensor->course->base + 12 * chance (sensor, day, 1);

  value += sensor->course->dawn * exp (-dawn * dawn);
  for (int meal = 0; meal < N_MEALS; meal++)
    value += after_meal (sensor, day, meal, minute);
  value += night_fall (sensor, day, minute);
  value += 4 * chance (sensor, day, 1000 + minute / 15) + 7 * sin (minute / 47.0 + day);
  return CLAMP (round (value), 41, 399);
}

/* Days are counted back from today, minutes from their midnights. */
static gboolean
is_silent (const Sensor *sensor, int day, int minute)
{
  int since = (day - sensor->gap_day) * DAY + minute - sensor->gap_start;

  return since >= 0 && since < sensor->gap_length;
}

static FhirBuilder *
observation (HubDemo *demo,
             const char *group,
             const char *patient,
             const char *code,
             const char *name,
             const char *part,
             guint number)
{
  FhirBuilder *builder = hub_demo_builder (demo, "Observation", group, part, number);

  fhir_builder_set_many (builder, "status", "final", "subject.reference", patient, NULL);
  fhir_builder_set_coding (builder, "category.0",
                           "http://terminology.hl7.org/CodeSystem/observation-category",
                           "laboratory", NULL);
  fhir_builder_set_coding (builder, "code", HUB_DEMO_LOINC, code, name);
  return builder;
}

static void
add_reading (HubDemo *demo,
             const char *group,
             const char *patient,
             GDateTime *when,
             double value,
             guint number)
{
  FhirBuilder *builder =
      observation (demo, group, patient, READING, LABEL, "glucose-reading", number);
  g_autofree char *text = g_date_time_format (when, "%Y-%m-%dT%H:%M:%S%:z");
  g_autofree char *literal = g_strdup_printf ("%d", (int) value);

  fhir_builder_set_many (builder, "effectiveDateTime", text, "device.display", SENSOR, NULL);
  hub_demo_set_quantity (builder, "valueQuantity", literal, UNIT, UNIT);
  hub_demo_add (demo, builder);
}

static void
add_silence (
    HubDemo *demo, const char *group, const char *patient, const Sensor *sensor, const char *why)
{
  FhirBuilder *builder = observation (demo, group, patient, READING, LABEL, "glucose-silence", 0);
  g_autofree char *start = hub_demo_instant (demo, sensor->gap_day, sensor->gap_start);
  int over = sensor->gap_start + sensor->gap_length;
  g_autofree char *end = hub_demo_instant (demo, sensor->gap_day + over / DAY, over % DAY);

  fhir_builder_set_many (builder, "effectivePeriod.start", start, "effectivePeriod.end", end,
                         "device.display", SENSOR, "note.0.text", why, NULL);
  fhir_builder_set_coding (builder, "dataAbsentReason",
                           "http://terminology.hl7.org/CodeSystem/data-absent-reason", "error",
                           NULL);
  fhir_builder_set (builder, "dataAbsentReason.text", why);
  hub_demo_add (demo, builder);
}

/* ---- what the two weeks come to ------------------------------------------------------------- */

typedef struct
{
  GArray *values; /* double */
  guint expected;
} Readings;

/* The share of readings from @low up to below @high, in percent. */
static double
share (const Readings *readings, double low, double high)
{
  guint count = 0;

  for (guint i = 0; i < readings->values->len; i++)
    {
      double value = g_array_index (readings->values, double, i);

      count += value >= low && value < high;
    }
  return 100.0 * count / readings->values->len;
}

static double
mean_of (const Readings *readings)
{
  double sum = 0;

  for (guint i = 0; i < readings->values->len; i++)
    sum += g_array_index (readings->values, double, i);
  return sum / readings->values->len;
}

static double
deviation_of (const Readings *readings, double mean)
{
  double sum = 0;

  for (guint i = 0; i < readings->values->len; i++)
    sum += pow (g_array_index (readings->values, double, i) - mean, 2);
  return sqrt (sum / (readings->values->len - 1));
}

/* Formulae: Battelino 2019 and Bergenstal 2018, as the project's standards page gives them. */
static void
add_summary (HubDemo *demo, const char *group, const char *patient, const Readings *readings)
{
  double mean = mean_of (readings);
  const struct
  {
    const char *code, *name, *unit, *ucum;
    double value;
  } figures[] = {
    { "97507-8", "Mean glucose (sensor)", UNIT, UNIT, mean },
    { "97506-0", "Glucose management indicator", "%", "%", 3.31 + 0.02392 * mean },
    { "97510-2", "Glucose in target range (sensor)", "%", "%", share (readings, 70, 181) },
    { "104641-6", "Glucose low (sensor)", "%", "%", share (readings, 54, 70) },
    { "104642-4", "Glucose very low (sensor)", "%", "%", share (readings, 0, 54) },
    { "104640-8", "Glucose high (sensor)", "%", "%", share (readings, 181, 251) },
    { "104639-0", "Glucose very high (sensor)", "%", "%", share (readings, 251, 1000) },
    { "104638-2", "Glucose variation (sensor)", "%", "%",
      100 * deviation_of (readings, mean) / mean },
    { "104637-4", "Sensor active", "%", "%", 100.0 * readings->values->len / readings->expected },
  };
  g_autofree char *start = hub_demo_now (demo, -DAYS * DAY);
  g_autofree char *end = hub_demo_now (demo, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (figures); i++)
    {
      FhirBuilder *builder = observation (demo, group, patient, figures[i].code, figures[i].name,
                                          "glucose-summary", (guint) i);
      char literal[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_formatd (literal, sizeof literal, "%.2f", figures[i].value);
      fhir_builder_set_many (builder, "effectivePeriod.start", start, "effectivePeriod.end", end,
                             NULL);
      hub_demo_set_quantity (builder, "valueQuantity", literal, figures[i].unit, figures[i].ucum);
      hub_demo_add (demo, builder);
    }
}

static gboolean
read_sensor (HubDemo *demo, const char *group, char **f, Sensor *sensor)
{
  g_autofree char *salt = g_strdup_printf ("%s/%s", demo->seed, group);

  sensor->course = g_str_equal (f[1], courses[0].name) ? &courses[0] : &courses[1];
  sensor->salt = g_str_hash (salt);
  sensor->interval = atoi (f[0]);
  sensor->gap_day = atoi (f[2]);
  sensor->gap_start = atoi (f[3]);
  sensor->gap_length = atoi (f[4]);
  return sensor->interval > 0;
}

/* By the calendar: a day on which the clock is set has other than 24 hours. */
static int
days_between (GDateTime *from, GDateTime *to)
{
  GDateTime *ends[] = { from, to };
  guint32 days[2];

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      GDate date;

      g_date_clear (&date, 1);
      g_date_set_dmy (&date, (GDateDay) g_date_time_get_day_of_month (ends[i]),
                      (GDateMonth) g_date_time_get_month (ends[i]),
                      (GDateYear) g_date_time_get_year (ends[i]));
      days[i] = g_date_get_julian (&date);
    }
  return (int) days[1] - (int) days[0];
}

/* sensor = minutes between readings | course | day, minute and minutes of its silence | why */
void
hub_demo_add_sensor (HubDemo *demo, const char *group, const char *patient)
{
  g_auto (GStrv) f = hub_demo_fields (demo, group, "sensor", 0, 6);
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  Readings readings = { values, 0 };
  Sensor sensor;
  int minutes = g_date_time_get_hour (demo->now) * 60 + g_date_time_get_minute (demo->now);

  if (f == NULL || !read_sensor (demo, group, f, &sensor))
    return;
  readings.expected = (guint) (DAYS * DAY / sensor.interval);
  g_autoptr (GDateTime) last =
      g_date_time_add_seconds (demo->now, -60.0 * (minutes % sensor.interval) -
                                              g_date_time_get_seconds (demo->now));
  for (int i = (int) readings.expected - 1; i >= 0; i--)
    {
      g_autoptr (GDateTime) when = g_date_time_add_minutes (last, -i * sensor.interval);
      int minute = g_date_time_get_hour (when) * 60 + g_date_time_get_minute (when);
      int day = days_between (demo->now, when);
      double value = glucose_at (&sensor, day, minute);

      if (is_silent (&sensor, day, minute))
        continue;
      g_array_append_val (values, value);
      add_reading (demo, group, patient, when, value, (guint) i);
    }
  add_silence (demo, group, patient, &sensor, f[5]);
  add_summary (demo, group, patient, &readings);
}
