/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "documents-head.h"
#include "documents-narrative.h"

/* A clinical document from anywhere: what is read of it is text, and there is not more of it than
 * the document can hold. */

static void
check_text (const char *text)
{
  g_assert_true (!text || g_utf8_validate (text, -1, NULL));
}

static void
check_head (GBytes *xml)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DocumentsHead) head = documents_head_read (xml, &error);

  g_assert_true ((head == NULL) == (error != NULL));
  if (!head)
    return;
  check_text (head->title);
  check_text (head->kind);
  check_text (head->author);
  check_text (head->organization);
  check_text (head->custodian);
  check_text (head->date);
  check_text (head->confidentiality);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) xml = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (DocumentsNarrative) narrative = documents_narrative_parse (xml, &error);
  g_autofree char *plain = NULL;

  g_assert_true ((narrative == NULL) == (error != NULL));
  check_head (xml);
  if (!narrative)
    return 0;
  check_text (narrative->title);
  check_text (narrative->subject);
  check_text (narrative->born);
  for (guint i = 0; i < narrative->blocks->len; i++)
    {
      const DocumentsBlock *block = narrative->blocks->pdata[i];

      check_text (block->lead);
      check_text (block->text);
    }
  plain = documents_narrative_dup_plain (narrative);
  check_text (plain);
  return 0;
}
