// SPDX-License-Identifier: Apache-2.0
// Finds faces in photos as people have them: too dark, hazy, in coloured light, lying on their
// side.
//
//   levels clearly off? stretch them ─► look ─► strong faces? done
//       nothing found ─► look again with the levels stretched, then with the shadows lit up
//       faces that touch? look around them again, with those that were found covered up
//       nothing found, a weak face, or one that LNet_s sees more clearly when it is turned
//           ─► look again at the photo turned by 90, 180, 270 degrees
//
// Where the strongest face of a look is in doubt, another word on it counts, too
// (second_opinion.hpp).
//
// A photo with usual levels and a strong face that touches no other is looked at once, as it is.
#pragma once

#include <vector>

#include "facet/image.hpp"
#include "facet/proposals.hpp"
#include "facet/turns.hpp"
#include "localise/localiser.hpp"
#include "localise/second_opinion.hpp"

namespace facet::detail {

struct SearchRequest {
  float min_face = 40;
  int max_faces = 50;
  bool at_least_one = false;  // the strongest window even where none reaches the threshold
  float threshold = 0;        // score from which a window is a face
  Proposals proposals = Proposals::evidence;
  Turns turns = Turns::automatic;
};

// As Localiser::boxes(), which looks once: candidates of the look that found a face, strongest
// first, also those below the threshold; the first look's where no look found one. A box lies in
// the photo as it was given, whatever turn found it. Windows by EdgeBoxes are looked for once, in
// the photo as it is. `opinion` may be none.
std::vector<ScoredBox> search_faces(Localiser& localiser, const ImageView& photo,
                                    const SearchRequest& request, SecondOpinion* opinion = nullptr);

}  // namespace facet::detail
