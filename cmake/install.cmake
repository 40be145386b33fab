# Install tree: headers, library, CMake package, pkg-config.
include(CMakePackageConfigHelpers)
install(TARGETS gli gli_dependencies EXPORT gli-targets)
install(DIRECTORY core/include/gli DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/include/gli/algorithms.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/gli)
