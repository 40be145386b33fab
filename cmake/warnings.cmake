# The house's warnings and the sanitizers, for every target of ours. gli_target_warnings(test NOT_COUNTED) for what is
# no part of the library: line coverage does not ask for it, and counters and optimisation quadruple the time that
# compiling Criterion's assertions takes.
function(gli_target_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes> $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>)
  if(GLI_WARNINGS_AS_ERRORS)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(GLI_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${GLI_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${GLI_SANITIZE})
  endif()
  if(GLI_COVERAGE)
    # Counters that threads share lose counts, of which gcov may make negative numbers: whoever reads them takes such a
    # line for one that was not reached. Atomic ones take tests 4 to 5 times as long.
    if(NOT "NOT_COUNTED" IN_LIST ARGN)
      target_compile_options(${target} PRIVATE --coverage -fprofile-update=single -O1 -g)
    endif()
    target_link_options(${target} PUBLIC --coverage)
  endif()
endfunction()
