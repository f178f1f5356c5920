# SPDX-License-Identifier: Apache-2.0
# Files as parts of a program: an assembler source that includes them, and a table of them in C++.

# The sources of all files below `folder` and of some more files, into `result`.
function(embed_files result folder)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${folder} ${folder}/*)
  set(sources)
  foreach(file ${files})
    list(APPEND sources ${folder}/${file})
  endforeach()
  foreach(file ${ARGN})
    get_filename_component(name ${file} NAME)
    list(APPEND files ${name})
    list(APPEND sources ${file})
  endforeach()

  find_program(GZIP gzip)
  set(work ${CMAKE_CURRENT_BINARY_DIR}/embedded)
  file(MAKE_DIRECTORY ${work})
  set(assembler "/* SPDX-License-Identifier: Apache-2.0 */\n    .section .rodata\n")
  set(names)
  set(table)
  set(packed)
  set(index 0)
  foreach(file source IN ZIP_LISTS files sources)
    set(gz ${work}/${index}.gz)
    if(GZIP)
      # -n: the same content gives the same bytes.
      add_custom_command(OUTPUT ${gz} COMMAND sh -c "\"$1\" -9nc \"$2\" > \"$3\"" sh ${GZIP}
                                              ${source} ${gz}
                         DEPENDS ${source} VERBATIM)
      list(APPEND packed ${gz})
    else()
      file(WRITE ${gz} "")
    endif()
    string(APPEND assembler "    .global facet_file_${index}, facet_file_${index}_end\n"
                            "    .global facet_packed_${index}, facet_packed_${index}_end\n"
                            "facet_file_${index}:\n    .incbin \"${source}\"\n"
                            "facet_file_${index}_end:\n    .byte 0\n"
                            "facet_packed_${index}:\n    .incbin \"${gz}\"\n"
                            "facet_packed_${index}_end:\n    .byte 0\n")
    string(APPEND names "extern const char facet_file_${index}[], facet_file_${index}_end[];\n"
                        "extern const char facet_packed_${index}[], facet_packed_${index}_end[];\n")
    string(APPEND table "    {\"${file}\", text(facet_file_${index}, facet_file_${index}_end),\n"
                        "     text(facet_packed_${index}, facet_packed_${index}_end)},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  # Programs need no executable stack.
  string(APPEND assembler "    .section .note.GNU-stack,\"\",%progbits\n")

  file(CONFIGURE OUTPUT ${work}/files.S CONTENT "${assembler}" @ONLY)
  file(CONFIGURE OUTPUT ${work}/files.cpp CONTENT "// SPDX-License-Identifier: Apache-2.0
#include <array>

#include \"service/page_files.hpp\"

extern \"C\" {
${names}}

namespace facet::server {
namespace {

std::string_view text(const char* first, const char* end) {
  return {first, static_cast<std::size_t>(end - first)};
}

}  // namespace

std::span<const EmbeddedFile> embedded_files() {
  static const std::array<EmbeddedFile, ${index}> files = {{
${table}  }};
  return files;
}

}  // namespace facet::server
" @ONLY)
  set_source_files_properties(${work}/files.S PROPERTIES OBJECT_DEPENDS "${sources};${packed}")
  set(${result} ${work}/files.S ${work}/files.cpp PARENT_SCOPE)
endfunction()
