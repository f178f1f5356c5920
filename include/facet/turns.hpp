// SPDX-License-Identifier: Apache-2.0
// Faces in photos that lie on their side or stand on their head.
#pragma once

namespace facet {

// Whether LNet also looks at a photo turned by 90, 180 and 270 degrees.
enum class Turns {
  // Where nothing was found, or what was found seems to lie on its side or head; the turn with the
  // clearest face stands.
  automatic,
  none,  // never
  all,   // always, and faces of all turns are found: four times the work
};

}  // namespace facet
