# rq_embed(TARGET HEADER file...): the files' bytes as part of the target, behind the function that HEADER declares:
#   std::span<const EmbeddedFile> embedded_files();
# Called as a script, it writes that source: cmake -D OUTPUT=... -D HEADER=... -D FILES=a;b -P Embed.cmake
if(CMAKE_SCRIPT_MODE_FILE)
  set(arrays "")
  set(entries "")
  set(index 0)
  foreach(file ${FILES})
    file(READ "${file}" bytes HEX)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
    cmake_path(GET file FILENAME name)
    string(APPEND arrays "constexpr unsigned char kBytes${index}[] = {${bytes}};\n")
    string(APPEND entries "    {\"${name}\", {reinterpret_cast<const char*>(kBytes${index}), sizeof kBytes${index}}},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  file(WRITE "${OUTPUT}" "// Written by cmake/Embed.cmake.\n#include \"${HEADER}\"\n\nnamespace {\n${arrays}}  // namespace\n\n"
    "std::span<const rq::serve::EmbeddedFile> rq::serve::embedded_files() {\n"
    "  static const rq::serve::EmbeddedFile files[] = {\n${entries}  };\n  return files;\n}\n")
  return()
endif()

function(rq_embed target header)
  set(output "${CMAKE_CURRENT_BINARY_DIR}/embedded_files.cpp")
  set(paths "")
  foreach(file ${ARGN})
    list(APPEND paths "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
  endforeach()
  add_custom_command(OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" -D "OUTPUT=${output}" -D "HEADER=${header}" -D "FILES=${paths}" -P "${CMAKE_SOURCE_DIR}/cmake/Embed.cmake"
    DEPENDS ${paths} "${CMAKE_SOURCE_DIR}/cmake/Embed.cmake" VERBATIM)
  target_sources(${target} PRIVATE "${output}")
endfunction()
