# SPDX-License-Identifier: GPL-3.0-or-later
# ScaLAPACK, which large matrices are diagonalised with: any library of that kind, as long as it is for the MPI of this
# program. Sites call it scalapack, Debian scalapack-openmpi and scalapack-mpich, Intel mkl_scalapack_lp64.
set(SCALAPACK_LIBRARIES "" CACHE STRING "ScaLAPACK with LAPACK and BLAS, as paths or -l options with a ; between them; OFF: none")

# rit_scalapack(VARIABLE): makes the target rit_scalapack and says the library's name, or says nothing if there is none
# that links.
function(rit_scalapack variable)
  set(${variable} "" PARENT_SCOPE)
  if(SCALAPACK_LIBRARIES STREQUAL "OFF")
    return()
  endif()
  set(folder ${CMAKE_BINARY_DIR}/scalapack)
  file(WRITE ${folder}/probe.c
"#include <mpi.h>
int Csys2blacs_handle(MPI_Comm);
void pdsyevd_(void), pdpotrf_(void), dsyevd_(void), pdgemr2d_(void);
int main(int argc, char **argv)
{
    if (argc > 1) {
        pdsyevd_();
        pdpotrf_();
        dsyevd_();
        pdgemr2d_();
        return Csys2blacs_handle(MPI_COMM_WORLD);
    }
    return 0;
}
")
  string(TOLOWER "${MPI_C_LIBRARIES}" mpi)
  set(own openmpi)
  if(mpi MATCHES "mpich")
    set(own mpich)
  endif()
  get_filename_component(beside "${MPI_C_LIBRARIES}" DIRECTORY)
  foreach(name IN ITEMS given scalapack-${own} scalapack mkl)
    set(libraries "")
    if(name STREQUAL given)
      set(libraries ${SCALAPACK_LIBRARIES})
    elseif(SCALAPACK_LIBRARIES)
      continue()
    elseif(name STREQUAL mkl)
      find_library(RIT_MKL mkl_scalapack_lp64 HINTS ENV MKLROOT PATH_SUFFIXES lib lib/intel64)
      if(RIT_MKL)
        get_filename_component(mkl ${RIT_MKL} DIRECTORY)
        set(blacs intelmpi)
        if(own STREQUAL openmpi)
          set(blacs openmpi)
        endif()
        set(libraries ${RIT_MKL} -L${mkl} -lmkl_intel_lp64 -lmkl_sequential -lmkl_core -lmkl_blacs_${blacs}_lp64 -lpthread -lm -ldl)
      endif()
    else()
      pkg_check_modules(RIT_PC_${name} QUIET ${name})
      if(RIT_PC_${name}_FOUND)
        set(libraries ${RIT_PC_${name}_LINK_LIBRARIES})
      else()
        find_library(RIT_LIB_${name} ${name} HINTS ${beside})
        find_library(RIT_LAPACK NAMES openblas lapack)
        if(RIT_LIB_${name} AND RIT_LAPACK)
          set(libraries ${RIT_LIB_${name}} ${RIT_LAPACK})
        endif()
      endif()
    endif()
    if(NOT libraries)
      continue()
    endif()
    try_compile(linked_${name} ${folder}/${name} ${folder}/probe.c LINK_LIBRARIES ${libraries} MPI::MPI_C
                OUTPUT_VARIABLE said COPY_FILE ${folder}/probe)
    if(linked_${name})
      rit_count_mpis(${folder}/probe loaded)
      list(LENGTH loaded mpis)
      if(mpis LESS 2)
        add_library(rit_scalapack INTERFACE)
        target_link_libraries(rit_scalapack INTERFACE ${libraries} ${CMAKE_DL_LIBS})
        set(${variable} "${libraries}" PARENT_SCOPE)
        return()
      endif()
      set(said "it would load two MPIs: ${loaded}")
    endif()
    if(name STREQUAL given)
      message(FATAL_ERROR "SCALAPACK_LIBRARIES (${libraries}) cannot be linked with ${MPI_C_LIBRARIES}: ${said}")
    endif()
  endforeach()
endfunction()
