# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions of the running workstation by its bus name, as a notification or a desktop's shell uses them."""
NAME, PATH = "health.bedside.Workstation", "/health/bedside/Workstation"
WINDOWS_AT_MOST = 24


def _call(path, method, parameters, milliseconds):
    from gi.repository import Gio
    return Gio.bus_get_sync(Gio.BusType.SESSION).call_sync(NAME, path, "org.gtk.Actions", method, parameters, None,
                                                           Gio.DBusCallFlags.NONE, milliseconds)


def _pages_windows():
    """The paths of the windows that have pages, the oldest first: other ones, as that of the lock, count on as well."""
    from gi.repository import GLib
    for number in range(1, WINDOWS_AT_MOST):
        try:
            names = _call(f"{PATH}/window/{number}", "List", None, 20000).unpack()[0]
        except GLib.Error:
            continue
        if "show" in names:
            yield f"{PATH}/window/{number}"


def activate(name, target=None, window=1, milliseconds=20000):
    """ "app.…" of the program, "win.…" of a window: 1 is the clinic's, 2 that of the chart that was opened first."""
    from gi.repository import GLib
    group, name = name.split(".")
    path = PATH if group == "app" else dict(enumerate(_pages_windows(), 1))[window]
    parameters = [GLib.Variant("s", target)] if target is not None else []
    _call(path, "Activate", GLib.Variant("(sava{sv})", (name, parameters, {})), milliseconds)
