/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "care-visit-message.h"

/* One frame of a visit's signalling, as hub and workstation read it. What was read can be written
 * and read again, and is the same then. */

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CareVisitMessage) message =
      care_visit_message_parse ((const char *) data, (gssize) size, &error);
  g_autoptr (CareVisitMessage) again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *same = NULL;

  g_assert_true ((message == NULL) == (error != NULL));
  g_assert_true (error == NULL || g_utf8_validate (error->message, -1, NULL));
  if (message == NULL)
    return 0;
  text = care_visit_message_serialise (message);
  again = care_visit_message_parse (text, -1, &error);
  if (again == NULL && g_error_matches (error, CARE_VISIT_ERROR, CARE_VISIT_ERROR_SIZE))
    return 0; /* escaped it is longer */
  g_assert_no_error (error);
  g_assert_cmpint (again->type, ==, message->type);
  same = care_visit_message_serialise (again);
  g_assert_cmpstr (text, ==, same);
  return 0;
}
