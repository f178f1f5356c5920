// SPDX-License-Identifier: Apache-2.0
// Prints what facet says about photos: the shortest program.
#include <facet/facet.hpp>
#include <iostream>

int main(int argc, char** argv) try {
  facet::Predictor predictor(facet::Model::load_default());
  for (int i = 1; i < argc; ++i) {
    for (const facet::Face& face : predictor.predict(facet::read_image(argv[i])).faces) {
      std::cout << argv[i] << ": a face of " << face.box.width << "x" << face.box.height
                << " pixels, labelled as smiling with probability " << face["Smiling"].probability
                << '\n';
    }
  }
} catch (const facet::Error& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
