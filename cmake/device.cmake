# device/: kernel sources become text in libgli, and the algorithms that have a device form a table.
# Both are found by their files, device/<family>/<name>.c and .cl: no line here. All of it happens
# while configuring (which a changed .cl asks for), since libgli and its tests compile the result in
# two folders, and CMake's build rules are known in one.
file(GLOB_RECURSE GLI_DEVICE_SOURCES CONFIGURE_DEPENDS device/*.c)
file(GLOB_RECURSE GLI_DEVICE_KERNELS CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/device device/*.cl)

# The bytes of a text file as a C initialiser, NUL at the end.
function(gli_bytes_of file bytes_out)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "0x0a," "0x0a,\n" bytes "${bytes}")
  set(${bytes_out} "${bytes}0" PARENT_SCOPE)
endfunction()

gli_bytes_of(${CMAKE_CURRENT_SOURCE_DIR}/device/dialect.h GLI_DIALECT_BYTES)
set(GLI_TEXT_ARRAYS "")
set(GLI_TEXT_ENTRIES "")
set(number 0)
foreach(kernel IN LISTS GLI_DEVICE_KERNELS)
  gli_bytes_of(${CMAKE_CURRENT_SOURCE_DIR}/device/${kernel} bytes)
  string(REGEX REPLACE "\\.cl$" "" stem ${kernel})
  string(APPEND GLI_TEXT_ARRAYS "static const char text_${number}[] = {\n${bytes}};\n")
  string(APPEND GLI_TEXT_ENTRIES "    {\"${stem}\", text_${number}},\n")
  math(EXPR number "${number} + 1")
endforeach()

set(stems "")
foreach(source IN LISTS GLI_DEVICE_SOURCES)
  get_filename_component(stem ${source} NAME_WE)
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/core/include/gli/algorithms/${stem}.h)
    list(APPEND stems ${stem})
  endif()
endforeach()
list(SORT stems COMPARE STRING)
set(GLI_DEVICE_DECLARATIONS "")
set(GLI_DEVICE_ENTRIES "")
foreach(stem IN LISTS stems)
  string(APPEND GLI_DEVICE_DECLARATIONS "extern const gli__device_algorithm gli__device_${stem};\n")
  string(APPEND GLI_DEVICE_ENTRIES "    {\"${stem}\", &gli__device_${stem}},\n")
endforeach()

configure_file(cmake/device_tables.c.in ${CMAKE_CURRENT_BINARY_DIR}/device_tables.c @ONLY)
list(APPEND GLI_SOURCES ${GLI_DEVICE_SOURCES} ${CMAKE_CURRENT_BINARY_DIR}/device_tables.c)
