# Device tests run on PoCL through the OpenCL plugin, where there is one: they find it by
# GLI_BACKEND_PATH. Some run again on a device that the environment makes different.
if(TARGET gli_opencl)
  set(GLI_DEVICE_ENVIRONMENT "GLI_BACKEND_PATH=$<TARGET_FILE_DIR:gli_opencl>")
else()
  set(GLI_DEVICE_ENVIRONMENT "GLI_BACKEND_PATH=$ENV{GLI_BACKEND_PATH}")
endif()

# stem again as stem_suffix, with further variables in its environment
function(gli_add_variant stem suffix)
  if(TARGET ${stem})
    add_test(NAME ${stem}_${suffix} COMMAND ${stem})
    get_test_property(${stem} ENVIRONMENT environment)
    get_test_property(${stem} FAIL_REGULAR_EXPRESSION failing)
    set_tests_properties(${stem}_${suffix} PROPERTIES TIMEOUT 300
      SKIP_RETURN_CODE 77 SKIP_REGULAR_EXPRESSION "Tested: 0 " FAIL_REGULAR_EXPRESSION "${failing}"
      ENVIRONMENT "${environment};${ARGN}")
  endif()
endfunction()

foreach(stem IN ITEMS test_primitives test_mirror test_parity test_frontiers test_faults test_backends
             test_kept)
  if(TARGET ${stem})
    set_property(TEST ${stem} APPEND PROPERTY ENVIRONMENT ${GLI_DEVICE_ENVIRONMENT})
    set_tests_properties(${stem} PROPERTIES SKIP_RETURN_CODE 77 SKIP_REGULAR_EXPRESSION "Tested: 0 ")
  endif()
endforeach()
if(TARGET test_faults)
  target_sources(test_faults PRIVATE device/faulty_driver.c)
endif()
foreach(size IN ITEMS 8 64 256)
  gli_add_variant(test_primitives group_${size} GLI_OPENCL_GROUP_SIZE=${size})
endforeach()
gli_add_variant(test_parity group_64 GLI_OPENCL_GROUP_SIZE=64)
gli_add_variant(test_frontiers group_64 GLI_OPENCL_GROUP_SIZE=64)
gli_add_variant(test_parity masked GLI_OPENCL_MASK=fp64,atomic64)
# FOR_ITEMS with strides, and rows built on the device
gli_add_variant(test_parity gpu GLI_OPENCL_MASK=cpu GLI_OPENCL_GROUP_SIZE=64)
foreach(stem IN ITEMS test_faults test_parity test_parity_group_64 test_parity_masked test_parity_gpu) # the long runs
  if(TEST ${stem})
    set_tests_properties(${stem} PROPERTIES TIMEOUT 1800)
  endif()
endforeach()
