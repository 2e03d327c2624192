# rq_module(NAME [TORCH] LINK target... [TEST_LINK target...] [ONLY regex] [EXCEPT regex])
#   A static library from src/NAME/**/*.cpp (those whose path matches), and NAME_test from the *_test.cpp beside them.
#   TORCH lets it see libtorch, through one precompiled header that all such modules share; without it, torch's headers
#   are not on the include path at all.
#
# Targets for whole sets: `tests` builds every test, `tests_without_torch` those that the sanitizers run on.
add_custom_target(tests)
add_custom_target(tests_without_torch)

add_library(warnings INTERFACE)
target_compile_options(warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow=local -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wimplicit-fallthrough -Wcast-align -Wformat=2 -Wundef -Wdouble-promotion -Wextra-semi
  -Wno-maybe-uninitialized)  # g++ 12 warns of std::variant's own moves

function(rq_module name)
  cmake_parse_arguments(ARG "TORCH" "ONLY;EXCEPT" "LINK;TEST_LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  if(ARG_ONLY)
    list(FILTER sources INCLUDE REGEX "${ARG_ONLY}")
  endif()
  if(ARG_EXCEPT)
    list(FILTER sources EXCLUDE REGEX "${ARG_EXCEPT}")
  endif()
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}/src")
  target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE warnings)
  if(ARG_TORCH)
    target_link_libraries(${name} PUBLIC libtorch)
    rq_share_torch_headers(${name})
  endif()

  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${name} ${ARG_TEST_LINK} warnings GTest::gtest_main)
    add_dependencies(tests ${name}_test)
    set(labels unit)
    if(ARG_TORCH)
      rq_share_torch_headers(${name}_test)
      list(APPEND labels torch)
    else()
      add_dependencies(tests_without_torch ${name}_test)
    endif()
    add_test(NAME ${name} COMMAND ${name}_test --gtest_brief=1 WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
    # As the program does for itself: OpenMP's threads must not spin for one that has no core.
    set_tests_properties(${name} PROPERTIES LABELS "${labels}" TIMEOUT 120 ENVIRONMENT GOMP_SPINCOUNT=1000)
  endif()
endfunction()

# ATen and the autograd function cost 13 s a file: they are parsed once and shared.
function(rq_share_torch_headers target)
  target_compile_options(${target} PRIVATE -Wno-double-promotion)  # ATen's scalar overloads take double
  if(target STREQUAL tensor)
    target_precompile_headers(${target} PRIVATE <ATen/ATen.h> <torch/csrc/autograd/custom_function.h>)
  else()
    target_precompile_headers(${target} REUSE_FROM tensor)
  endif()
endfunction()
