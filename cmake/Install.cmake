# SPDX-License-Identifier: GPL-3.0-or-later
# `make install`: everything one needs without the sources, below PREFIX. The prefix may still change in `cmake --install --prefix`;
# what names it (job scripts, module files) is written then.
include(GNUInstallDirs)
set(data ${CMAKE_INSTALL_DATADIR}/ritardando)
set(manual ${CMAKE_BINARY_DIR}/manual)

# Manual pages and completions say what --help says: the build asks the table of commands.
file(GLOB commands CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/src/cli ${CMAKE_SOURCE_DIR}/src/cli/*.c)
set(pages ${manual}/ritardando.1)
foreach(command IN LISTS commands)
  string(REPLACE ".c" ".1" page ${command})
  string(REPLACE "_" "-" page ${page})
  list(APPEND pages ${manual}/ritardando-${page})
endforeach()
set(completions ${manual}/ritardando.bash ${manual}/_ritardando ${manual}/ritardando.fish)
file(MAKE_DIRECTORY ${manual})
add_custom_command(OUTPUT ${pages} ${completions} COMMAND manual ${manual} DEPENDS manual)
add_custom_target(manual-pages ALL DEPENDS ${pages} ${completions})

install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${manual}/ritardando.bash RENAME ritardando DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${manual}/_ritardando DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${manual}/ritardando.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

install(DIRECTORY configs jobs slurm analysis python DESTINATION ${data} USE_SOURCE_PERMISSIONS
        PATTERN "__pycache__" EXCLUDE PATTERN "slurm/profile" EXCLUDE)
install(FILES README.md CHANGELOG.md CONTRIBUTING.md CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
foreach(module IN ITEMS ritardando.lua ritardando.tcl)
  install(FILES cmake/modulefile/${module}.in DESTINATION ${data}/modulefiles/ritardando)
endforeach()

set(RIT_VERSION ${PROJECT_VERSION})
configure_file(cmake/AtHome.cmake.in ${CMAKE_BINARY_DIR}/AtHome.cmake @ONLY)
install(SCRIPT ${CMAKE_BINARY_DIR}/AtHome.cmake)
