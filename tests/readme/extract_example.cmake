# SPDX-License-Identifier: Apache-2.0
# Writes the first block of C++ in a page to a file of its own.
# Usage: cmake -DPAGE=README.md -DSOURCE=example.cpp -P extract_example.cmake
file(READ ${PAGE} text)
string(FIND "${text}" "```cpp\n" start)
if(start EQUAL -1)
  message(FATAL_ERROR "${PAGE}: no block of C++")
endif()
math(EXPR start "${start} + 7")
string(SUBSTRING "${text}" ${start} -1 text)
string(FIND "${text}" "```" length)
string(SUBSTRING "${text}" 0 ${length} code)
file(WRITE ${SOURCE} "${code}")
