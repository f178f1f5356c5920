// SPDX-License-Identifier: Apache-2.0
// Names of XMP that photo programs have in common.
#pragma once

#include <array>
#include <span>

namespace facet::detail {

struct XmpNamespace {
  const char* uri;
  const char* prefix;
};

struct Xmp {
  static constexpr const char* dublin_core = "http://purl.org/dc/elements/1.1/";
  static constexpr const char* digikam = "http://www.digikam.org/ns/1.0/";
  static constexpr const char* lightroom = "http://ns.adobe.com/lightroom/1.0/";
  static constexpr const char* microsoft_photo = "http://ns.microsoft.com/photo/1.0/";
  static constexpr const char* media_pro = "http://ns.iview-multimedia.com/mediapro/1.0/";
  // Regions by the Metadata Working Group: digiKam, Lightroom, Picasa.
  static constexpr const char* regions = "http://www.metadataworkinggroup.com/schemas/regions/";
  static constexpr const char* area = "http://ns.adobe.com/xmp/sType/Area#";
  static constexpr const char* dimensions = "http://ns.adobe.com/xap/1.0/sType/Dimensions#";
  // Regions by Microsoft: Windows Live Photo Gallery.
  static constexpr const char* photo = "http://ns.microsoft.com/photo/1.2/";
  static constexpr const char* region_info = "http://ns.microsoft.com/photo/1.2/t/RegionInfo#";
  static constexpr const char* region = "http://ns.microsoft.com/photo/1.2/t/Region#";
  // What facet did to the file, so that it takes away nothing else.
  static constexpr const char* facet = "urn:facet:xmp:1/";
};

inline std::span<const XmpNamespace> xmp_namespaces() {
  static constexpr std::array all = {
      XmpNamespace{Xmp::dublin_core, "dc"},
      XmpNamespace{Xmp::digikam, "digiKam"},
      XmpNamespace{Xmp::lightroom, "lr"},
      XmpNamespace{Xmp::regions, "mwg-rs"},
      XmpNamespace{Xmp::microsoft_photo, "MicrosoftPhoto"},
      XmpNamespace{Xmp::media_pro, "mediapro"},
      XmpNamespace{Xmp::area, "stArea"},
      XmpNamespace{Xmp::dimensions, "stDim"},
      XmpNamespace{Xmp::photo, "MP"},
      XmpNamespace{Xmp::region_info, "MPRI"},
      XmpNamespace{Xmp::region, "MPReg"},
      XmpNamespace{Xmp::facet, "facet"},
  };
  return all;
}

}  // namespace facet::detail
