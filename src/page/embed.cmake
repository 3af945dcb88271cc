# SPDX-License-Identifier: GPL-3.0-or-later
# Write OUT, a C file with the bytes of all ASSETS by name: the array of src/page/assets.h.
set(arrays "")
set(entries "")
set(number 0)
foreach(asset IN LISTS ASSETS)
  get_filename_component(name ${asset} NAME)
  file(READ ${asset} bytes HEX)
  string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND arrays "static const unsigned char asset_${number}[] = {\n${bytes}0};\n")
  string(APPEND entries "    {\"${name}\", asset_${number}, sizeof asset_${number} - 1},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUT} "/* Made by the build from the files of src/page/assets. */
#include \"page/assets.h\"

${arrays}
const struct rit_asset rit_assets[] = {\n${entries}    {0},\n};\n")
