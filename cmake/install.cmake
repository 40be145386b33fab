# The install tree: library, headers, a CMake package (find_package(gli)) and pkg-config (gli.pc).
include(CMakePackageConfigHelpers)
install(TARGETS gli gli_dependencies EXPORT gli-targets)
install(DIRECTORY core/include/gli DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/include/gli/algorithms.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/gli)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/gli)
install(EXPORT gli-targets NAMESPACE gli:: DESTINATION ${package_dir})
configure_package_config_file(cmake/gli-config.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/gli-config.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/gli-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/gli-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/gli-config-version.cmake
        DESTINATION ${package_dir})

configure_file(cmake/gli.pc.in ${CMAKE_CURRENT_BINARY_DIR}/gli.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/gli.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
