// SPDX-License-Identifier: Apache-2.0
// Usage: test_make_clip PHOTO CLIP: two seconds of a photo, then one of grey.
#include <cstdlib>
#include <exception>
#include <iostream>

#include "facet/image.hpp"
#include "photos/video_clip.hpp"

int main(int count, char** arguments) {
  if (count != 3) return EXIT_FAILURE;
  try {
    facet::Image photo = facet::read_image(arguments[1]);
    facet::Image grey = photo;
    for (std::uint8_t& value : grey.pixels) value = 128;
    std::vector<facet::Image> frames(20, photo);
    frames.insert(frames.end(), 10, grey);
    facet::detail::test::write_clip(arguments[2], frames);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
