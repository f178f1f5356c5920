# SPDX-License-Identifier: Apache-2.0
# Run by cpack before it packs: what dpkg-shlibdeps finds of libfacet.so and of the plugins.
# A plugin whose libraries are missing is passed over by facet, so the package that holds the plugins
# recommends those libraries and depends on none. The library's are asked here too because cpack,
# where it asks itself, adds scripts that call ldconfig, which Debian's policy has a trigger for.
if(NOT CPACK_GENERATOR STREQUAL DEB OR NOT CPACK_DEBIAN_PLUGINS_PACKAGE_NAME)
  return()
endif()
set(build ${CPACK_PACKAGE_DIRECTORY}/..)
set(work ${build}/packaging/shlibdeps)
file(MAKE_DIRECTORY ${work}/debian)
file(WRITE ${work}/debian/control "Source: facet\n\nPackage: facet\nArchitecture: any\n")

# The packages that these files need, as a list, into `result`.
function(find_packages result)
  set(arguments)
  foreach(file ${ARGN})
    list(APPEND arguments -e${file})
  endforeach()
  execute_process(COMMAND dpkg-shlibdeps -O --ignore-missing-info ${arguments}
                  WORKING_DIRECTORY ${work} OUTPUT_VARIABLE found ERROR_VARIABLE said
                  RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "dpkg-shlibdeps: ${said}")
  endif()
  string(REGEX REPLACE "^shlibs:Depends=([^\n]*)\n$" "\\1" found "${found}")
  string(REPLACE ", " ";" found "${found}")
  set(${result} "${found}" PARENT_SCOPE)
endfunction()

function(set_field component field)
  list(JOIN ARGN ", " text)
  set(CPACK_DEBIAN_${component}_PACKAGE_${field} "${text}" PARENT_SCOPE)
endfunction()

find_packages(of_library ${build}/libfacet.so)
set_field(LIBRARY DEPENDS ${of_library})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SHLIBDEPS OFF)

file(GLOB plugins ${build}/libfacet_*.so)
# EdgeBoxes, videos and networks of others bring many libraries each, and few ask for them.
set(rare ${plugins})
list(FILTER rare INCLUDE REGEX "edgeboxes|video|onnx_engine")
list(REMOVE_ITEM plugins ${rare})
find_packages(of_plugins ${plugins})
set(runtime ${of_plugins})
list(FILTER runtime INCLUDE REGEX "^lib(c6|gcc-s1|stdc\\+\\+6) ")
list(REMOVE_ITEM of_plugins ${runtime})
set_field(PLUGINS DEPENDS ${runtime})
set_field(PLUGINS RECOMMENDS ${of_plugins})
if(rare)
  find_packages(of_rare ${rare})
  list(FILTER of_rare INCLUDE REGEX "^lib(opencv-contrib|opencv-dnn|avformat|swscale)")
  set_field(PLUGINS SUGGESTS ${of_rare})
endif()
set(CPACK_DEBIAN_PLUGINS_PACKAGE_SHLIBDEPS OFF)
