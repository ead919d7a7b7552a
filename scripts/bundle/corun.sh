#!/bin/sh
# Starts Corun from the folder in which it was unpacked.
here=$(dirname -- "$(readlink -f -- "$0")")

# A loader of this machine's own fits its driver best.
if ! { ldconfig -p 2> /dev/null || /sbin/ldconfig -p 2> /dev/null; } | grep -q 'libvulkan\.so\.1 .*x86-64'; then
  export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$here/lib"
fi

# Some containers have NVIDIA's driver where no Vulkan loader looks.
nvidia=/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json
if [ -z "${VK_DRIVER_FILES-}${VK_ICD_FILENAMES-}" ] && [ -e "$nvidia" ] && ! ls /usr/share/vulkan/icd.d/nvidia*.json /etc/vulkan/icd.d/nvidia*.json > /dev/null 2>&1; then
  export VK_DRIVER_FILES="$nvidia"
fi

exec "$here/node" "$here/app/dist/cli/main.js" "$@"
