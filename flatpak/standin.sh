#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# standin.sh key | compose OUT | export OUT BRANCH: a runtime and an SDK under GNOME's names, made of Debian 13 packages.
# `key` says by what a stand-in is known. `compose` is for root and wants mmdebstrap; it leaves OUT/platform and OUT/sdk. `export`
# makes OUT/repo of them, with org.gnome.Platform//BRANCH and org.gnome.Sdk//BRANCH, and is for the user who will build.
# What had to be made otherwise than Debian has it is said where it is done.
set -euo pipefail
SELF=$(realpath "$0") COMMAND=$1 OUT=$(realpath -m "${2:-.}") SUITE=trixie TRIPLET=x86_64-linux-gnu
step() { printf '[standin %ds] %s\n' "$SECONDS" "$*" >&2; }

# What org.gnome.Platform has of it, as far as Bedside wants it. platform-sonames.txt is what keeps this honest.
PLATFORM=(
  ca-certificates locales libgtk-4-1 libgtk-4-bin libgtk-4-media-gstreamer libadwaita-1-0 adwaita-icon-theme hicolor-icon-theme
  gsettings-desktop-schemas dconf-gsettings-backend gvfs-libs libgdk-pixbuf2.0-bin librsvg2-common shared-mime-info fontconfig
  fonts-cantarell fonts-dejavu-core fonts-noto-color-emoji glib-networking libsoup-3.0-0 libjson-glib-1.0-0 libsecret-1-0
  libnotify4 libgtksourceview-5-0 libenchant-2-2 hunspell-en-us libsqlite3-0 libxml2 libcurl4t64 libopenjp2-7 liblcms2-2 libtiff6
  gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-nice gstreamer1.0-gl
  gstreamer1.0-gtk4 gstreamer1.0-pulseaudio gstreamer1.0-pipewire libgl1-mesa-dri libegl-mesa0 libglx-mesa0 libegl1 libgl1
  libgles2 libpulse0 libpipewire-0.3-0t64 libasound2-plugins libgirepository-1.0-1 libatspi2.0-0t64 at-spi2-common
  xdg-user-dirs flatpak-xdg-utils xkb-data tzdata p11-kit-modules python3-minimal
)
SDK=(
  build-essential meson ninja-build cmake pkgconf gettext ccache patch python3 blueprint-compiler libgtk-4-dev libadwaita-1-dev
  libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev libgstreamer-plugins-bad1.0-dev libsoup-3.0-dev libjson-glib-dev
  libsecret-1-dev libgtksourceview-5-dev libenchant-2-dev libicu-dev libxml2-dev libcurl4-openssl-dev libssl-dev libopenjp2-7-dev
  liblcms2-dev libtiff-dev libjpeg-dev desktop-file-utils appstream appstream-compose gtk-update-icon-cache libglib2.0-dev-bin
  libxml2-utils
)

archive_of() { # the archive this machine is set up with
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Label: $1" | head -1
}

compose() {
  local main security check='[check-valid-until=no]' sources platform free
  main=$(archive_of Debian) security=$(archive_of Debian-Security)
  free=$(df --output=avail -BM "$OUT" | tail -1 | tr -dc 0-9)
  [ "$free" -ge 7000 ] || { echo "standin.sh: needs 7 GB free in $OUT, there are $free MB" >&2; exit 1; }
  sources=("deb $check $main $SUITE main" "deb $check $main $SUITE-updates main")
  [ -z "$security" ] || sources+=("deb $check $security $SUITE-security main")
  printf -v platform '%s,' "${PLATFORM[@]}"
  rm -rf --one-file-system platform sdk
  mkdir platform
  # Only usr and etc, and nothing mounted below them: /proc of the build would fill the disk.
  mmdebstrap --mode=root --variant=apt --components=main --quiet \
    --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/info/*' --dpkgopt='path-exclude=/usr/share/gtk-doc/*' \
    --include="${platform%,}" \
    --customize-hook='for l in en_US de_DE fr_FR es_ES ja_JP; do chroot "$1" localedef -i $l -f UTF-8 $l.UTF-8; done' \
    --customize-hook="cp -ax \"\$1/usr\" \"\$1/etc\" '$OUT/platform/'" \
    --customize-hook="chroot \"\$1\" apt-get -qq -y install ${SDK[*]} >/dev/null" \
    $SUITE sdk "${sources[@]}"
  for k in platform sdk; do strip_etc $k; done
  step "composed: platform $(du -sh platform | cut -f1), sdk $(du -sh sdk/usr | cut -f1)"
}

strip_etc() { # strip_etc platform|sdk: usr/etc as a runtime has it
  local root=$1 u=$1/usr e=$1/usr/etc
  mv "$root/etc" "$e"
  find "$root" -mindepth 1 -maxdepth 1 ! -name usr -exec rm -rf --one-file-system {} +
  # flatpak gives its own of these, or the machine's
  rm -rf "$e"/{apt,dpkg,init.d,rc?.d,cron.*,pam.d,systemd,default,skel,kernel,ssh,update-motd.d,ssl/private} \
    "$e"/{passwd,group,shadow,gshadow,subuid,subgid}{,-} \
    "$e"/{fstab,mtab,hostname,hosts,resolv.conf,machine-id,localtime,timezone,environment,motd,issue,issue.net,.pwd.lock} \
    "$u"/{games,local,src} "$u"/lib/{systemd,udev}
  # It writes ld.so.conf with /app/lib where there is an empty one, and looks for ldconfig in /usr/bin.
  : >"$e/ld.so.conf"
  rm -rf "$e/ld.so.cache" "$e/ld.so.conf.d"
  ln -sf ../sbin/ldconfig "$u/bin/ldconfig"
  # With either of these meson chooses lib/TRIPLET or lib64 below /app, where nothing is looked for.
  rm -rf "$e/debian_version" "$u/lib64"
  ln -s lib "$u/lib64"
  ln -sf $TRIPLET/ld-linux-x86-64.so.2 "$u/lib/"
  printf 'passwd: files\ngroup: files\nhosts: files dns\nnetworks: files\nprotocols: files\nservices: files\n' >"$e/nsswitch.conf"
  printf '%s\n' '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">' \
    '<fontconfig><dir>/app/share/fonts</dir><dir>/run/host/fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>' \
    >"$e/fonts/conf.d/50-flatpak.conf"
  mkdir "$root/files"
  find "$u" \( -type b -o -type c -o -type p -o -type s \) -delete
  chmod -R u+rwX,go+rX "$u"
}

export_one() { # export_one Platform|Sdk BRANCH
  local root=${1,,} branch=$2
  printf '%s\n' '[Runtime]' "name=org.gnome.$1" "runtime=org.gnome.Platform/x86_64/$branch" "sdk=org.gnome.Sdk/x86_64/$branch" '' \
    '[Environment]' GI_TYPELIB_PATH=/app/lib/girepository-1.0 \
    "GST_PLUGIN_SYSTEM_PATH=/app/lib/gstreamer-1.0:/usr/lib/extensions/gstreamer-1.0:/usr/lib/$TRIPLET/gstreamer-1.0" \
    XDG_DATA_DIRS=/app/share:/usr/share:/usr/share/runtime/share:/run/host/user-share:/run/host/share >"$root/metadata"
  if [ "$1" = Sdk ]; then
    mkdir -p sdk/usr/etc/flatpak-builder
    echo '{"cflags":"-O2 -g","cxxflags":"-O2 -g","cppflags":"","ldflags":"-L/app/lib -Wl,-z,relro,-z,now"}' >sdk/usr/etc/flatpak-builder/defaults.json
  fi
  flatpak build-export --runtime --disable-sandbox --no-update-summary --arch=x86_64 repo "$root" "$branch" >/dev/null
  rm -rf "$root"
  step "exported org.gnome.$1//$branch"
}

case $COMMAND in
  key) sha256sum <"$SELF" | cut -c1-12;;
  compose) mkdir -p "$OUT"; cd "$OUT"; compose;;
  export)
    cd "$OUT"
    rm -rf repo
    ostree init --mode=bare-user-only --repo=repo # no compression, and installing it is hard links
    for k in Platform Sdk; do export_one $k "$3"; done
    flatpak build-update-repo --no-update-appstream repo >/dev/null
    step "repo $(du -sh repo | cut -f1)";;
  *) echo "usage: standin.sh key | compose OUT | export OUT BRANCH" >&2; exit 2;;
esac
