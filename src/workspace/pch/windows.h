/* SPDX-License-Identifier: GPL-3.0-or-later */
/* As src/base/pch/gio.h, for the files with a window in them. */
#include <adwaita.h>
