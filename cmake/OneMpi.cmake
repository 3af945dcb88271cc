# SPDX-License-Identifier: GPL-3.0-or-later
# Two MPIs in one program compile, link and start, and then hang or crash: an HDF5 that was built for another MPI brings
# its own. So a program that uses both is linked here, and what it would load is counted.

# rit_count_mpis(PROGRAM VARIABLE): the MPIs that a program would load.
function(rit_count_mpis program variable)
  execute_process(COMMAND ldd ${program} OUTPUT_VARIABLE loaded ERROR_QUIET)
  string(REGEX MATCHALL "libmpi(ch)?(_[a-z]+)?\\.so[.0-9]*" names "${loaded}")
  list(REMOVE_DUPLICATES names)
  set(${variable} "${names}" PARENT_SCOPE)
endfunction()

# rit_one_mpi(): stops with a sentence if HDF5 and MPI do not go together.
function(rit_one_mpi)
  set(folder ${CMAKE_BINARY_DIR}/one-mpi)
  file(WRITE ${folder}/probe.c
"#include <hdf5.h>
#include <mpi.h>
int main(void)
{
    int yes;
    return MPI_Initialized(&yes) + H5open();
}
")
  try_compile(linked ${folder} ${folder}/probe.c LINK_LIBRARIES hdf5::hdf5 MPI::MPI_C OUTPUT_VARIABLE said
              COPY_FILE ${folder}/probe)
  if(NOT linked)
    message(FATAL_ERROR "HDF5 (${HDF5_C_LIBRARIES}) and MPI (${MPI_C_LIBRARIES}) cannot be linked into one program. "
                        "Is that HDF5 for another MPI? A serial HDF5 goes with every one.\n${said}")
  endif()
  rit_count_mpis(${folder}/probe names)
  list(LENGTH names count)
  if(count GREATER 1)
    list(JOIN names " and " names)
    message(FATAL_ERROR "Two MPIs would be in one program: it would load ${names}. MPI is ${MPI_C_LIBRARIES}, and HDF5 "
                        "(${HDF5_C_LIBRARIES}) was built for the other. Name a serial HDF5, or one for this MPI, by "
                        "-DHDF5_ROOT=FOLDER or -DHDF5_C_COMPILER_EXECUTABLE=h5cc; or the other MPI by "
                        "-DMPI_C_COMPILER=mpicc; and delete ${CMAKE_BINARY_DIR}/CMakeCache.txt first.")
  endif()
endfunction()
