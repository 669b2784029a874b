/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* From here on the process reads what it has and what it may open, and writes to its pipes. */
void documents_render_cage (void);
