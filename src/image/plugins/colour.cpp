// SPDX-License-Identifier: Apache-2.0
// libfacet_colour.so: pixels of other colour spaces brought to sRGB, by Little CMS.
#include <lcms2.h>

#include <array>
#include <cmath>
#include <limits>

#include "image/plugins/colour_plugin.hpp"
#include "image/plugins/plugin_side.hpp"

namespace facet::plugin {
namespace {

using detail::kFacetColourPluginVersion;

struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
struct DeleteTransform {
  void operator()(void* transform) const { cmsDeleteTransform(transform); }
};
struct FreeCurve {
  void operator()(cmsToneCurve* curve) const { cmsFreeToneCurve(curve); }
};
struct DeleteContext {
  void operator()(cmsContext context) const { cmsDeleteContext(context); }
};
using Context = std::unique_ptr<_cmsContext_struct, DeleteContext>;
using Profile = std::unique_ptr<void, CloseProfile>;
using Transform = std::unique_ptr<void, DeleteTransform>;
using Curve = std::unique_ptr<cmsToneCurve, FreeCurve>;

// Light of 1 is what is to be shown as white: 203 candelas a square metre, as ITU-R BT.2408 sets
// it. What is brighter is shown as white.
double light_of_pq(double value) {
  constexpr double m1 = 0.1593017578125;
  constexpr double m2 = 78.84375;
  constexpr double c1 = 0.8359375;
  constexpr double c2 = 18.8515625;
  constexpr double c3 = 18.6875;
  const double root = std::pow(value, 1 / m2);
  return std::pow(std::max(root - c1, 0.0) / (c2 - c3 * root), 1 / m1) * 10'000 / 203;
}

// White is at three quarters of the signal there. The eye's power of 1.2 for a screen of 1000
// candelas is taken channel by channel.
double light_of_hlg(double value) {
  constexpr double a = 0.17883277;
  constexpr double b = 0.28466892;
  constexpr double c = 0.55991073;
  const auto scene = [&](double signal) {
    return signal <= 0.5 ? signal * signal / 3 : (std::exp((signal - c) / a) + b) / 12;
  };
  return std::pow(scene(value) / scene(0.75), 1.2);
}

template <typename Light>
Curve tabulated(cmsContext context, const Light& light) {
  constexpr cmsUInt32Number size = 4096;
  std::vector<float> values(size);
  for (cmsUInt32Number i = 0; i < size; ++i) {
    values[i] = static_cast<float>(std::min(light(i / (size - 1.0)), 1.0));
  }
  return Curve(cmsBuildTabulatedToneCurveFloat(context, size, values.data()));
}

Curve srgb_curve(cmsContext context) {
  const std::array<cmsFloat64Number, 5> parameters = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92,
                                                      0.04045};
  return Curve(cmsBuildParametricToneCurve(context, 4, parameters.data()));
}

Curve curve_of(cmsContext context, const FacetColourSpace& space) {
  switch (space.transfer) {
    case 0:
      return Curve(cmsBuildGamma(context, space.gamma));
    case 4:
      return Curve(cmsBuildGamma(context, 2.2));
    case 5:
      return Curve(cmsBuildGamma(context, 2.8));
    case 8:
      return Curve(cmsBuildGamma(context, 1));
    case 16:
      return tabulated(context, light_of_pq);
    case 18:
      return tabulated(context, light_of_hlg);
    default:
      // What television's curves encode is shown on screens that differ little from sRGB's.
      return srgb_curve(context);
  }
}

Profile rgb_profile(cmsContext context, const cmsCIExyY& white, const cmsCIExyYTRIPLE& primaries,
                    const Curve& curve) {
  std::array<cmsToneCurve*, 3> curves = {curve.get(), curve.get(), curve.get()};
  if (!curve) return nullptr;
  return Profile(cmsCreateRGBProfileTHR(context, &white, &primaries, curves.data()));
}

Profile profile_of(cmsContext context, const FacetColourSpace& space) {
  if (space.profile != nullptr) {
    if (space.profile_size > std::numeric_limits<cmsUInt32Number>::max()) return nullptr;
    return Profile(cmsOpenProfileFromMemTHR(context, space.profile,
                                            static_cast<cmsUInt32Number>(space.profile_size)));
  }
  const double* xy = space.chromaticities;
  const cmsCIExyYTRIPLE primaries = {{xy[2], xy[3], 1}, {xy[4], xy[5], 1}, {xy[6], xy[7], 1}};
  return rgb_profile(context, {xy[0], xy[1], 1}, primaries, curve_of(context, space));
}

cmsUInt32Number format_of(int values) {
  return values == 1 ? TYPE_GRAY_8 : values == 3 ? TYPE_RGB_8 : TYPE_CMYK_8;
}

int values_of(cmsHPROFILE profile) {
  switch (cmsGetColorSpace(profile)) {
    case cmsSigGrayData:
      return 1;
    case cmsSigRgbData:
      return 3;
    case cmsSigCmykData:
      return 4;
    default:
      return 0;
  }
}

class Conversion {
 public:
  Conversion(const FacetColourSpace& space, int values);
  void convert(const std::uint8_t* from, std::uint8_t* rgb, std::size_t count) const;

 private:
  Context context_{cmsCreateContext(nullptr, nullptr)};
  Transform transform_;
  std::size_t values_;
};

Conversion::Conversion(const FacetColourSpace& space, int values)
    : values_(static_cast<std::size_t>(values)) {
  if (!context_) throw std::bad_alloc();
  const Profile from = profile_of(context_.get(), space);
  if (!from) throw Unreadable("its colour profile is damaged");
  const int own = values_of(from.get());
  if (own != values) {
    const std::array<const char*, 5> names = {"other colours", "grey", "", "RGB", "CMYK"};
    throw Unreadable("its colour profile is one of " +
                     std::string(names.at(static_cast<std::size_t>(own))) +
                     ", but the photo is one of " + names.at(values_));
  }
  const Profile to(cmsCreate_sRGBProfileTHR(context_.get()));
  transform_.reset(cmsCreateTransformTHR(context_.get(), from.get(), format_of(values), to.get(),
                                         TYPE_RGB_8, INTENT_RELATIVE_COLORIMETRIC,
                                         cmsFLAGS_NOCACHE | cmsFLAGS_BLACKPOINTCOMPENSATION));
  if (!transform_) throw Unreadable("its colour profile is damaged");
}

void Conversion::convert(const std::uint8_t* from, std::uint8_t* rgb, std::size_t count) const {
  constexpr std::size_t most = 1U << 20U;  // its counts are of 32 bits
  while (count > 0) {
    const std::size_t part = std::min(count, most);
    cmsDoTransform(transform_.get(), from, rgb, static_cast<cmsUInt32Number>(part));
    from += part * values_;
    rgb += part * 3;
    count -= part;
  }
}

void* open(const FacetColourSpace* space, std::int32_t values, FacetReason* reason) {
  try {
    if (values != 1 && values != 3 && values != 4) throw Unreadable("unknown kind of pixels");
    return std::make_unique<Conversion>(*space, values).release();
  } catch (const std::bad_alloc&) {
    set_reason(reason, "not enough memory");
  } catch (const std::exception& error) {
    set_reason(reason, error.what());
  }
  return nullptr;
}

void convert(const void* conversion, const std::uint8_t* from, std::uint8_t* rgb,
             std::size_t count) {
  static_cast<const Conversion*>(conversion)->convert(from, rgb, count);
}

void close(void* conversion) {
  delete static_cast<Conversion*>(conversion);
}

}  // namespace
}  // namespace facet::plugin

extern "C" [[gnu::visibility("default")]] const FacetColourPlugin* facet_colour_plugin() {
  static const std::string library = "lcms2 " + std::to_string(cmsGetEncodedCMMversion() / 1000) +
                                     "." + std::to_string(cmsGetEncodedCMMversion() % 1000 / 10);
  static const FacetColourPlugin plugin = {facet::plugin::kFacetColourPluginVersion,
                                           library.c_str(), facet::plugin::open,
                                           facet::plugin::convert, facet::plugin::close};
  return &plugin;
}
