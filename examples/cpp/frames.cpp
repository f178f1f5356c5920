// SPDX-License-Identifier: Apache-2.0
// Frames of a camera or of OpenCV (BGR, padded rows) from several threads, each with a deadline;
// nothing is copied.
#include <chrono>
#include <cstdint>
#include <facet/facet.hpp>
#include <iostream>
#include <thread>
#include <vector>

namespace {

// Stands for a camera: a photo as a BGR frame whose rows end with padding.
struct Frame {
  int width;
  int height;
  std::ptrdiff_t stride;
  std::vector<std::uint8_t> bytes;
};

Frame frame_of(const facet::Image& photo) {
  Frame frame{photo.width, photo.height, photo.width * 3 + 16, {}};
  frame.bytes.resize(static_cast<std::size_t>(frame.stride * frame.height));
  for (int y = 0; y < photo.height; ++y) {
    for (int x = 0; x < photo.width; ++x) {
      for (int c = 0; c < 3; ++c) {
        frame.bytes[static_cast<std::size_t>(y * frame.stride + x * 3 + c)] =
            photo.row(y)[x * 3 + 2 - c];
      }
    }
  }
  return frame;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) throw facet::Error(facet::ErrorCode::invalid_argument, "usage: frames PHOTO");
  const Frame frame = frame_of(facet::read_image(argv[1]));
  facet::PredictorPool pool(facet::Model::load_default(), 2);
  std::vector<std::jthread> threads;
  std::vector<facet::PhotoResult> results(4);
  for (facet::PhotoResult& result : results) {
    threads.emplace_back([&] {
      facet::PredictOptions options;
      options.locate.limits.deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
      result = pool.predict(facet::ImageView(frame.bytes, frame.width, frame.height,
                                             facet::PixelFormat::bgr, frame.stride),
                            options);
    });
  }
  threads.clear();  // waits
  std::cout << results.front().faces.size() << " faces, the same in every thread: "
            << (results.front().faces.at(0).box == results.back().faces.at(0).box ? "yes" : "no")
            << '\n';
} catch (const facet::Error& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
