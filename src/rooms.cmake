# SPDX-License-Identifier: GPL-3.0-or-later
# A room is a folder of src/ built as one static library. It sees the public headers, src/ and exactly
# the rooms it names, so that the layers of docs/tour.md are kept by the linker.

# rit_room(NAME USES room-or-library ...): all .c files below src/NAME.
function(rit_room name)
  cmake_parse_arguments(ROOM "" "" "USES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.c)
  if(NOT sources)
    return()
  endif()
  add_library(rit_${name} STATIC ${sources})
  target_include_directories(rit_${name} PUBLIC ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)
  foreach(used IN LISTS ROOM_USES)
    if(TARGET rit_${used})
      target_link_libraries(rit_${name} PUBLIC rit_${used})
    elseif(TARGET ${used} OR used STREQUAL "m")
      target_link_libraries(rit_${name} PUBLIC ${used})
    endif()
  endforeach()
endfunction()

# rit_family(ROOM HEADER TYPE LIST HEAD): one member per .c file in src/ROOM itself (not in its subfolders), each
# exporting `const struct TYPE TYPE_<file name>`; writes the NULL-terminated array LIST, which HEADER declares, of
# pointers to what all members begin with, a struct HEAD.
function(rit_family room header type list head)
  file(GLOB members CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${room}/*.c)
  list(SORT members)
  set(declarations "")
  set(entries "")
  foreach(member IN LISTS members)
    get_filename_component(name ${member} NAME_WE)
    string(APPEND declarations "extern const struct ${type} ${type}_${name};\n")
    string(APPEND entries "    (const struct ${head} *)&${type}_${name},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${list}.c CONTENT
"/* Made by the build from the files of src/${room}. */
#include <${header}>

${declarations}
const struct ${head} *const ${list}[] = {
${entries}    0,
};
")
  target_sources(rit_${room} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${list}.c)
endfunction()

# rit_version_text(VARIABLE): the project's version, with the git revision where this is a checkout. Configuring again
# follows every commit.
function(rit_version_text variable)
  set(text ${PROJECT_VERSION})
  find_package(Git QUIET)
  if(GIT_FOUND AND EXISTS ${CMAKE_SOURCE_DIR}/.git)
    execute_process(COMMAND ${GIT_EXECUTABLE} -C ${CMAKE_SOURCE_DIR} describe --always --abbrev=12 --exclude=*
                    OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    execute_process(COMMAND ${GIT_EXECUTABLE} -C ${CMAKE_SOURCE_DIR} rev-parse --absolute-git-dir
                    OUTPUT_VARIABLE folder OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(revision)
      set(text "${text} (git ${revision})")
    endif()
    if(EXISTS ${folder}/logs/HEAD)
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/logs/HEAD)
    endif()
  endif()
  set(${variable} ${text} PARENT_SCOPE)
endfunction()
