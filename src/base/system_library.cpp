// SPDX-License-Identifier: Apache-2.0
#include "base/system_library.hpp"

#include <dlfcn.h>

#include <utility>

#include "facet/error.hpp"

namespace facet::detail {

SystemLibrary::SystemLibrary(const char* file, std::string needs)
    : needs_(std::move(needs)), library_(dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE)) {
  if (library_ == nullptr) fail(dlerror());
}

void SystemLibrary::fail(const char* reason) const {
  throw Error(ErrorCode::unsupported,
              needs_ + ": " + (reason == nullptr ? "it cannot be loaded" : reason));
}

void* SystemLibrary::address_of(const char* name) const {
  void* address = dlsym(library_, name);
  if (address == nullptr) fail(dlerror());
  return address;
}

}  // namespace facet::detail
