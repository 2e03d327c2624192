# rq_embed(TARGET HEADER file...): the files' bytes as part of the target, behind the function that HEADER, of some module, declares:
#   std::span<const EmbeddedFile> rq::MODULE::embedded_files();
function(rq_embed target header)
  string(REGEX REPLACE "/.*" "" module "${header}")
  set(data "")
  set(symbols "")
  set(entries "")
  set(index 0)
  foreach(path ${ARGN})
    cmake_path(ABSOLUTE_PATH path BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
    cmake_path(GET path FILENAME name)
    string(APPEND data "rq_embedded_${index}:\n.incbin \"${path}\"\n")
    string(APPEND symbols "extern const char rq_embedded_${index}[];\n")
    math(EXPR next "${index} + 1")
    string(APPEND entries "      {\"${name}\", {rq_embedded_${index}, rq_embedded_${next}}},\n")
    list(APPEND paths "${path}")
    set(index ${next})
  endforeach()
  string(APPEND symbols "extern const char rq_embedded_${index}[];\n")
  set(output "${CMAKE_CURRENT_BINARY_DIR}/embedded_files.cpp")
  file(CONFIGURE OUTPUT "${output}" @ONLY CONTENT [=[
// Written by cmake/Embed.cmake.
#include "@header@"

__asm__(R"(.pushsection .rodata
@data@rq_embedded_@index@:
.popsection
)");
extern "C" {
@symbols@}

std::span<const rq::EmbeddedFile> rq::@module@::embedded_files() {
  static const rq::EmbeddedFile files[] = {
@entries@  };
  return files;
}
]=])
  set_source_files_properties("${output}" PROPERTIES OBJECT_DEPENDS "${paths}")
  target_sources(${target} PRIVATE "${output}")
endfunction()
