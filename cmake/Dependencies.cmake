# What the program is built on: libtorch and Arrow from the wheels in .venv, the rest from Debian packages (packages.txt).

file(GLOB RORQUAL_SITE_PACKAGES "${RORQUAL_VENV}/lib/python3*/site-packages")
if(NOT EXISTS "${RORQUAL_SITE_PACKAGES}/torch")
  message(FATAL_ERROR "No torch wheel in ${RORQUAL_VENV}: run ./rorqual, which installs it.")
endif()

# libtorch, as plain imported targets: the wheel's own TorchConfig.cmake looks for far more than a program needs.
set(torch_root "${RORQUAL_SITE_PACKAGES}/torch")
add_library(libtorch INTERFACE)
target_include_directories(libtorch SYSTEM INTERFACE "${torch_root}/include" "${torch_root}/include/torch/csrc/api/include")
target_link_directories(libtorch INTERFACE "${torch_root}/lib")
target_compile_options(libtorch INTERFACE -fopenmp)  # at::parallel_for is a template over OpenMP
target_link_options(libtorch INTERFACE -fopenmp)
target_link_libraries(libtorch INTERFACE -ltorch -ltorch_cpu -lc10)
target_link_options(libtorch INTERFACE "-Wl,-rpath,${torch_root}/lib")
if(EXISTS "${torch_root}/lib/libtorch_cuda.so")
  # Only its static registrars need it: nothing of ours names a CUDA symbol.
  target_link_options(libtorch INTERFACE "-Wl,--no-as-needed" "-ltorch_cuda" "-lc10_cuda" "-Wl,--as-needed")
endif()

# fmt alone, out of torch's include folder, so that modules without torch cannot see the rest of it; src/base/fmt.cpp compiles it once.
file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/include")
file(CREATE_LINK "${torch_root}/include/fmt" "${CMAKE_BINARY_DIR}/include/fmt" SYMBOLIC)
add_library(fmt INTERFACE)
target_include_directories(fmt SYSTEM INTERFACE "${CMAKE_BINARY_DIR}/include")

find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(OpenSSL REQUIRED COMPONENTS Crypto SSL)
find_package(ZLIB REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(Threads REQUIRED)
find_package(GTest REQUIRED)

# Arrow and Parquet, out of the pyarrow wheel. libparquet carries and shows an OpenSSL of its own; the system's has to be found before it,
# or the two are mixed and HTTPS ends in a crash. Options stand before every library on the linker's line.
set(arrow_root "${RORQUAL_SITE_PACKAGES}/pyarrow")
file(GLOB arrow_library "${arrow_root}/libarrow.so.*")
file(GLOB parquet_library "${arrow_root}/libparquet.so.*")
add_library(parquet INTERFACE)
target_include_directories(parquet SYSTEM INTERFACE "${arrow_root}/include")
target_link_libraries(parquet INTERFACE "${parquet_library}" "${arrow_library}")
target_link_options(parquet INTERFACE "${OPENSSL_SSL_LIBRARY}" "${OPENSSL_CRYPTO_LIBRARY}" "-Wl,-rpath,${arrow_root}")

# The filter of system calls for programs that a model wrote.
find_package(PkgConfig REQUIRED)
pkg_check_modules(seccomp REQUIRED IMPORTED_TARGET libseccomp)

# The HTTP server. Its layout depends on these: they are what Debian's library was built with.
add_library(httplib INTERFACE)
target_compile_definitions(httplib INTERFACE CPPHTTPLIB_OPENSSL_SUPPORT CPPHTTPLIB_ZLIB_SUPPORT CPPHTTPLIB_BROTLI_SUPPORT)
target_link_libraries(httplib INTERFACE cpp-httplib OpenSSL::SSL OpenSSL::Crypto Threads::Threads)

# The layout of flowcharts, its engine linked and not looked for among the system's plug-ins.
pkg_check_modules(graphviz_libraries REQUIRED IMPORTED_TARGET libgvc libcgraph)
find_library(graphviz_dot gvplugin_dot_layout PATH_SUFFIXES graphviz REQUIRED)
cmake_path(GET graphviz_dot PARENT_PATH graphviz_plugins)
add_library(graphviz INTERFACE)
target_link_libraries(graphviz INTERFACE PkgConfig::graphviz_libraries "${graphviz_dot}")
target_link_options(graphviz INTERFACE "-Wl,-rpath,${graphviz_plugins}")
