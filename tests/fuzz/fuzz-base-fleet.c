/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "base-fleet.h"

/* The administrator's file, as anything: taken, or refused with a reason that can be shown. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GPtrArray) remarks = base_fleet_remarks_new ();
  g_autoptr (BaseFleet) fleet = base_fleet_parse ((const char *) data, size, remarks);
  gboolean refused = FALSE;

  for (guint i = 0; i < remarks->len; i++)
    {
      const BaseFleetRemark *remark = remarks->pdata[i];

      g_assert_true (g_utf8_validate (remark->text, -1, NULL));
      refused |= remark->refused;
    }
  g_assert_true ((fleet == NULL) == refused);
  g_assert_true (fleet == NULL || base_fleet_has (fleet, BASE_FLEET_ADMINISTRATOR_NAME));
  return 0;
}
