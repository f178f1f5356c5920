// SPDX-License-Identifier: Apache-2.0
// What the library's own rooms see of an encoded photo.
#pragma once

#include "facet/encoded_photo.hpp"
#include "image/photo_decoder.hpp"

namespace facet::detail {

struct EncodedPhotoAccess {
  static PhotoDecoder& decoder(EncodedPhoto& photo) { return *photo.decoder_; }
};

inline PhotoDecoder& decoder_of(EncodedPhoto& photo) {
  return EncodedPhotoAccess::decoder(photo);
}

}  // namespace facet::detail
