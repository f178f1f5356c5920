// SPDX-License-Identifier: Apache-2.0
// Libraries of the system that are loaded when they are first needed, because most people do
// without them.
#pragma once

#include <string>

namespace facet::detail {

// Stays loaded for as long as the process lives: the libraries that it brings do not all like to be
// unloaded.
class SystemLibrary {
 public:
  // `needs` says what needs it and where it comes from: "PostgreSQL needs libpq.so.5 (Debian: apt
  // install libpq5)". Throws Error(unsupported), which begins so.
  SystemLibrary(const char* file, std::string needs);

  // Sets a pointer to the function of that name. Throws Error(unsupported).
  template <typename Function>
  void find(Function& function, const char* name) const {
    function = reinterpret_cast<Function>(address_of(name));
  }

  [[noreturn]] void fail(const char* reason) const;

 private:
  void* address_of(const char* name) const;

  std::string needs_;
  void* library_;
};

}  // namespace facet::detail
