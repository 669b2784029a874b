/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One line of a clinical list, ready to show. Strings that are absent are NULL. */
#define CARE_TYPE_ROW (care_row_get_type ())
G_DECLARE_FINAL_TYPE (CareRow, care_row, CARE, ROW, GObject)

typedef enum
{
  CARE_ROW_TITLE = 1,
  CARE_ROW_SUBTITLE,
  CARE_ROW_DATE,
  CARE_ROW_STATUS,
  CARE_ROW_SEVERITY,
  CARE_ROW_VALUE,
  CARE_ROW_UNIT,
  CARE_ROW_FLAG,
  CARE_ROW_REFERENCE,
  CARE_ROW_GROUP,
  CARE_ROW_DETAIL,
  CARE_ROW_CODE,
  CARE_ROW_REVIEW, /* ready words: that somebody still has to look at it */
  CARE_ROW_MARK,   /* ready words: what makes the line doubtful */
} CareRowProperty;
#define CARE_N_ROW_TEXTS (CARE_ROW_MARK + 1)

/* Pairs of CareRowProperty and text, ended by 0. */
CareRow *care_row_new (gint64 sort, ...);
CareRow *care_row_new_marked (CareRow *row, const char *mark);
const char *care_row_get_text (CareRow *self, CareRowProperty property);
const char *care_row_get_title (CareRow *self);
const char *care_row_get_reference (CareRow *self);
gint64 care_row_get_sort (CareRow *self);

G_END_DECLS
