/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-types.h"
#include "care-wait.h"

G_BEGIN_DECLS

/* One booked visit of a day. Properties, all read-only: appointment, encounter, patient-id, name,
 * time, reason, status ("booked", "waiting", "in-visit", "interrupted", "done", "missed"),
 * waiting-since (µs since 1970, 0 when not waiting), device-test (of a visit that is over: what the
 * patient answered about it), device-test-level ("ok", "amber", "failed", "unknown"), location,
 * callback-number, identity, birth-date, clinician (nullable: all have the same), intake,
 * intake-by, language (nullable: that the patient's page is read in), link (nullable: of a booked
 * visit, what became of the messages with its link), link-level (as device-test-level), sort. */
#define CARE_TYPE_DAY_ROW (care_day_row_get_type ())
G_DECLARE_FINAL_TYPE (CareDayRow, care_day_row, CARE, DAY_ROW, GObject)

const char *care_day_row_get_appointment (CareDayRow *self);
const char *care_day_row_get_encounter (CareDayRow *self);
const char *care_day_row_get_patient_id (CareDayRow *self);
const char *care_day_row_get_name (CareDayRow *self);
const char *care_day_row_get_time (CareDayRow *self);
const char *care_day_row_get_reason (CareDayRow *self);
const char *care_day_row_get_status (CareDayRow *self);
gint64 care_day_row_get_waiting_since (CareDayRow *self);
const char *care_day_row_get_device_test (CareDayRow *self);
const char *care_day_row_get_device_test_level (CareDayRow *self);
const char *care_day_row_get_location (CareDayRow *self);
const char *care_day_row_get_callback_number (CareDayRow *self);
const char *care_day_row_get_identity (CareDayRow *self);
const char *care_day_row_get_intake (CareDayRow *self);
const char *care_day_row_get_intake_by (CareDayRow *self);
const char *care_day_row_get_clinician (CareDayRow *self);
const char *care_day_row_get_language (CareDayRow *self);
const char *care_day_row_get_link (CareDayRow *self);
const char *care_day_row_get_link_level (CareDayRow *self);
gboolean care_day_row_is_withheld (CareDayRow *self);
const char *care_day_row_get_practitioner (CareDayRow *self);
gboolean care_day_row_is_with (CareDayRow *self, const char *practitioner);
gint64 care_day_row_get_start (CareDayRow *self);
int care_day_row_get_minutes (CareDayRow *self);
void care_day_row_read_wait (CareDayRow *self, CareWaitVisit *out);

GListStore *
care_day_load (StoreConnection *connection, const char *date, BaseClock *clock, GError **error);
void care_day_load_async (StoreDatabase *store,
                          const char *date,
                          BaseClock *clock,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
GListStore *care_day_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
