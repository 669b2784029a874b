/* SPDX-License-Identifier: GPL-3.0-or-later */
/* As src/base/pch/gio.h, for the files that handle media. */
#include <gio/gio.h>
#include <gst/gst.h>
