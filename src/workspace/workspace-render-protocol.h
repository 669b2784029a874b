/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

/* Between the workstation and bedside-render. The program is started with the kind of the file
 * ("pdf", "image") as its argument and the file as descriptor 3. It answers once when it has opened
 * it, then once for each request. Both are on one machine, so numbers are in its byte order. */

#define WORKSPACE_RENDER_FILE 3

typedef enum
{
  WORKSPACE_RENDER_STATUS_OK = 0,
  WORKSPACE_RENDER_STATUS_BROKEN = 1,
  WORKSPACE_RENDER_STATUS_PASSWORD = 2,
} WorkspaceRenderStatus;

typedef struct
{
  uint32_t page;  /* from 0 */
  uint32_t width; /* in pixels, at most WORKSPACE_RENDER_MAX_WIDTH */
} WorkspaceRenderRequest;

/* After it come height * width * 4 bytes of cairo's ARGB32, then n_text bytes of UTF-8. The first
 * answer has neither; its @pages counts them. */
typedef struct
{
  uint32_t status;
  uint32_t pages;
  uint32_t width, height;
  uint32_t n_text;
} WorkspaceRenderAnswer;

/* The workstation trusts no number beyond these. */
#define WORKSPACE_RENDER_MAX_WIDTH  4096
#define WORKSPACE_RENDER_MAX_HEIGHT 16384
#define WORKSPACE_RENDER_MAX_TEXT   (1024 * 1024)
#define WORKSPACE_RENDER_MAX_PAGES  100000
