# SPDX-License-Identifier: Apache-2.0
# Debian packages by `cpack -G DEB`: one for each component of the install rules. scripts/package
# builds them as they should be; docs/packages.md says what is in each.
set(FACET_PACKAGE_MAINTAINER "facet developers <developers@facet.invalid>"
    CACHE STRING "Who is named as maintainer of the packages")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME facet)
set(CPACK_PACKAGE_VENDOR facet)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_VERBATIM_VARIABLES ON)
# What cpack runs first: dependencies are only known then.
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/dependencies.cmake)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${FACET_PACKAGE_MAINTAINER})
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Where a library of ours is asked for by another package of ours.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_BINARY_DIR})

set(same_version "(= ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})")
# As Debian's policy wants it: the library's name and its soname's version.
set(library_package libfacet${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
set(about "facet finds faces in photos and gives forty attributes of each, with
probabilities, on an ordinary processor and offline. An attribute is what
labellers ticked when they looked at photos, not a truth about a person.")

set(CPACK_COMPONENTS_ALL)
# A component of the install rules as a package. Lines of `text` are kept, below 80 columns.
function(facet_package component name section summary text)
  string(TOUPPER ${component} key)
  set(CPACK_DEBIAN_${key}_DESCRIPTION "${summary}\n${about}\n\n${text}" PARENT_SCOPE)
  set(CPACK_DEBIAN_${key}_PACKAGE_NAME ${name} PARENT_SCOPE)
  set(CPACK_DEBIAN_${key}_PACKAGE_SECTION ${section} PARENT_SCOPE)
  set(CPACK_COMPONENTS_ALL ${CPACK_COMPONENTS_ALL} ${component} PARENT_SCOPE)

  set(copyright copyright)
  if(component STREQUAL models)
    set(copyright copyright.models)
  endif()
  set(documents ${CMAKE_INSTALL_DATADIR}/doc/${name})
  install(FILES ${PROJECT_SOURCE_DIR}/packaging/${copyright} DESTINATION ${documents}
          COMPONENT ${component} RENAME copyright EXCLUDE_FROM_ALL)
  install(FILES ${CMAKE_BINARY_DIR}/packaging/changelog.gz
                ${CMAKE_BINARY_DIR}/packaging/changelog.Debian.gz
          DESTINATION ${documents} COMPONENT ${component} EXCLUDE_FROM_ALL)
endfunction()

# The date is the commit's: the same tree gives the same packages.
set(date "Thu, 01 Jan 1970 00:00:00 +0000")
if(GIT_FOUND)
  execute_process(COMMAND ${GIT_EXECUTABLE} -C ${PROJECT_SOURCE_DIR} log -1 --format=%cD
                  OUTPUT_VARIABLE commit_date OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(commit_date)
    set(date "${commit_date}")
  endif()
endif()
file(WRITE ${CMAKE_BINARY_DIR}/packaging/changelog.Debian
     "facet (${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) bookworm; urgency=medium

  * Built from the sources of facet ${PROJECT_VERSION} (${FACET_REVISION}); changelog.gz
    says what changed.

 -- ${FACET_PACKAGE_MAINTAINER}  ${date}
")
find_program(GZIP gzip)
if(GZIP)
  foreach(file ${CMAKE_BINARY_DIR}/packaging/changelog.Debian ${PROJECT_SOURCE_DIR}/CHANGELOG.md)
    set(target changelog.gz)
    if(file MATCHES Debian)
      set(target changelog.Debian.gz)
    endif()
    execute_process(COMMAND ${GZIP} -9nc ${file}
                    OUTPUT_FILE ${CMAKE_BINARY_DIR}/packaging/${target})
  endforeach()
endif()

facet_package(command facet contrib/graphics "finds faces in photos and describes them"
"This package holds the command. It needs a model, which
facet-models-noncommercial brings. To teach attributes of one's own, and for
all that researchers need, install facet-research.")
set(CPACK_DEBIAN_COMMAND_PACKAGE_RECOMMENDS
    "facet-models-noncommercial, facet-plugins ${same_version}, facet-research ${same_version}")
set(CPACK_DEBIAN_COMMAND_PACKAGE_SUGGESTS "libexempi8, libpq5")

facet_package(library ${library_package} libs "library that finds faces in photos and describes them"
"This package holds the shared library.")
file(WRITE ${CMAKE_BINARY_DIR}/packaging/shlibs
     "libfacet ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR} ${library_package} (>= ${PROJECT_VERSION})\n")
file(WRITE ${CMAKE_BINARY_DIR}/packaging/triggers "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${CMAKE_BINARY_DIR}/packaging/shlibs
                                               ${CMAKE_BINARY_DIR}/packaging/triggers)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_RECOMMENDS "facet-plugins ${same_version}")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SUGGESTS "facet-models-noncommercial")

facet_package(development libfacet-dev libdevel "headers of the facet library"
"This package holds the headers, and files for CMake and pkg-config. They need
C++20 and its standard library, nothing else.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "${library_package} ${same_version}")

facet_package(plugins facet-plugins graphics "further photo formats and drawing for facet"
"This package holds parts that facet loads when they are first asked for: HEIC,
AVIF, TIFF, GIF, JPEG XL, the previews of RAW photos, colours other than sRGB,
videos, drawing, EdgeBoxes, and ONNX models for facet eval frechet. Each works
where its library is, which this package recommends or suggests; facet says
which is missing.")
install(FILES ${PROJECT_SOURCE_DIR}/packaging/lintian-overrides.plugins RENAME facet-plugins
        DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides COMPONENT plugins EXCLUDE_FROM_ALL)

facet_package(models facet-models-noncommercial non-free/graphics "models of facet (non-commercial research only)"
"This package holds the weights. They are for non-commercial research only, as
are the data that they were trained on.")
set(CPACK_DEBIAN_MODELS_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_MODELS_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_MODELS_PACKAGE_ENHANCES "facet, ${library_package}")

if(TARGET facet_python)
  facet_package(python python3-facet contrib/python "finds faces in photos and describes them (Python)"
"This package holds the Python package facet: photos as files, Pillow images or
NumPy arrays, tables for pandas, and estimators for scikit-learn. It needs a
model, which facet-models-noncommercial brings.")
  set(CPACK_DEBIAN_PYTHON_PACKAGE_ARCHITECTURE all)
  set(CPACK_DEBIAN_PYTHON_PACKAGE_SHLIBDEPS OFF)
  set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS
      "${library_package} (>= ${PROJECT_VERSION}), python3, python3-cffi-backend, python3-numpy")
  set(CPACK_DEBIAN_PYTHON_PACKAGE_RECOMMENDS "facet-models-noncommercial")
  set(CPACK_DEBIAN_PYTHON_PACKAGE_SUGGESTS "python3-pandas, python3-pil, python3-sklearn")
  set(CPACK_DEBIAN_PYTHON_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/packaging/python/postinst
                                                ${PROJECT_SOURCE_DIR}/packaging/python/prerm)
endif()

if(TARGET facet-server)
  facet_package(server facet-server contrib/web "serves facet over HTTP, with a page"
"This package holds the server: photos are described, an index of photos is
searched and corrected, over HTTP and in a page. It listens on this machine
alone unless it is told otherwise.")
  set(CPACK_DEBIAN_SERVER_PACKAGE_RECOMMENDS
      "facet ${same_version}, facet-models-noncommercial, facet-plugins ${same_version}")
  set(CPACK_DEBIAN_SERVER_PACKAGE_SUGGESTS "libpq5")
endif()

if(FACET_RESEARCH)
  facet_package(research facet-research contrib/science "teaches, trains and measures facet's models"
"This package holds the commands for researchers: facet teach, data, train,
eval, bench and model export. The command facet turns into it when it is asked
for one of them.")
  set(CPACK_DEBIAN_RESEARCH_PACKAGE_DEPENDS "facet ${same_version}")
endif()

include(CPack)
