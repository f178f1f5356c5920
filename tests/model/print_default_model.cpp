// SPDX-License-Identifier: Apache-2.0
// Prints where the default model lies; stands for an installed program.
#include <iostream>

#include "facet/error.hpp"
#include "facet/model.hpp"

int main() {
  try {
    std::cout << facet::Model::find_default().string();
    return 0;
  } catch (const facet::Error& error) {
    std::cout << error.what();
    return error.code() == facet::ErrorCode::not_found ? 2 : 3;
  }
}
