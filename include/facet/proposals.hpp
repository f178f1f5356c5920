// SPDX-License-Identifier: Apache-2.0
// The ways to propose where a face may be.
#pragma once

namespace facet {

// Who proposes the windows that LNet looks at (paper 3.1).
enum class Proposals {
  // Peaks of LNet's own tag evidence over an image pyramid; LNet_s corrects their place and size.
  evidence,
  // The paper's way: EdgeBoxes' 500 windows, ranked by LNet's mean response inside each over its
  // size; density peaks decide which windows stand for a face of their own. Windows are boxes as
  // they are; scores are mean responses, with a threshold of their own.
  // It needs the plugin libfacet_edgeboxes.so, which links OpenCV's ximgproc: the file that the
  // environment variable FACET_EDGEBOXES_PLUGIN names, else one beside the executable or the
  // library that facet is linked into, or in ../lib/facet seen from there. It is loaded by the
  // first photo that asks for it; Error(unsupported) says what is missing.
  edgeboxes,
};

}  // namespace facet
