// SPDX-License-Identifier: Apache-2.0
#include "image/colour_profiles.hpp"

#include <lcms2.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace facet::detail::test {
namespace {

constexpr cmsCIExyY kD65 = {0.3127, 0.3290, 1};

Bytes saved(cmsHPROFILE profile) {
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(profile, nullptr, &size);
  Bytes bytes(size);
  cmsSaveProfileToMem(profile, bytes.data(), &size);
  cmsCloseProfile(profile);
  return bytes;
}

Bytes rgb_profile(const cmsCIExyYTRIPLE& primaries, cmsToneCurve* curve, double version = 4.3) {
  std::array<cmsToneCurve*, 3> curves = {curve, curve, curve};
  cmsHPROFILE profile = cmsCreateRGBProfile(&kD65, &primaries, curves.data());
  cmsSetProfileVersion(profile, version);
  cmsFreeToneCurve(curve);
  return saved(profile);
}

cmsToneCurve* srgb_curve() {
  const std::array<double, 5> parameters = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  return cmsBuildParametricToneCurve(nullptr, 4, parameters.data());
}

constexpr cmsCIExyYTRIPLE kSrgb = {{0.64, 0.33, 1}, {0.30, 0.60, 1}, {0.15, 0.06, 1}};
constexpr cmsCIExyYTRIPLE kP3 = {{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}};
constexpr cmsCIExyYTRIPLE kAdobe = {{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};

// Lab of an amount of each ink.
cmsInt32Number lab_of_ink(const cmsUInt16Number* ink, cmsUInt16Number* out, void* /*cargo*/) {
  const auto share = [&](int i) { return ink[i] / 65535.0; };
  const double paper = 1 - 0.85 * share(3);
  cmsCIELab lab;
  lab.L = 100 * paper * (1 - 0.4 * share(0)) * (1 - 0.5 * share(1)) * (1 - 0.1 * share(2));
  lab.a = paper * (-35 * share(0) + 70 * share(1) - 5 * share(2));
  lab.b = paper * (-45 * share(0) - 5 * share(1) + 85 * share(2));
  cmsFloat2LabEncoded(out, &lab);
  return 1;
}

}  // namespace

Bytes srgb_profile() {
  return rgb_profile(kSrgb, srgb_curve());
}

Bytes srgb_table_profile() {
  std::array<cmsUInt16Number, 1024> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double value = static_cast<double>(i) / (table.size() - 1);
    const double light = value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    table[i] = static_cast<cmsUInt16Number>(std::lround(light * 65535));
  }
  return rgb_profile(kSrgb, cmsBuildTabulatedToneCurve16(nullptr, table.size(), table.data()), 2.1);
}

Bytes display_p3_profile() {
  return rgb_profile(kP3, srgb_curve());
}

Bytes adobe_rgb_profile() {
  return rgb_profile(kAdobe, cmsBuildGamma(nullptr, 563 / 256.0), 2.1);
}

Bytes grey_profile(double gamma) {
  cmsToneCurve* curve = cmsBuildGamma(nullptr, gamma);
  cmsHPROFILE profile = cmsCreateGrayProfile(cmsD50_xyY(), curve);
  cmsFreeToneCurve(curve);
  return saved(profile);
}

Bytes cmyk_profile() {
  cmsHPROFILE profile = cmsCreateProfilePlaceholder(nullptr);
  cmsSetProfileVersion(profile, 2.4);
  cmsSetDeviceClass(profile, cmsSigOutputClass);
  cmsSetColorSpace(profile, cmsSigCmykData);
  cmsSetPCS(profile, cmsSigLabData);
  cmsWriteTag(profile, cmsSigMediaWhitePointTag, cmsD50_XYZ());
  cmsPipeline* table = cmsPipelineAlloc(nullptr, 4, 3);
  cmsStage* stage = cmsStageAllocCLut16bit(nullptr, 9, 4, 3, nullptr);
  cmsStageSampleCLut16bit(stage, lab_of_ink, nullptr, 0);
  cmsPipelineInsertStage(table, cmsAT_END, stage);
  cmsWriteTag(profile, cmsSigAToB0Tag, table);
  cmsPipelineFree(table);
  return saved(profile);
}

std::array<int, 3> by_lcms(const Bytes& profile, std::span<const std::uint8_t> values) {
  cmsHPROFILE from =
      cmsOpenProfileFromMem(profile.data(), static_cast<cmsUInt32Number>(profile.size()));
  cmsHPROFILE to = cmsCreate_sRGBProfile();
  const bool ink = values.size() == 4;
  const cmsUInt32Number format = ink                  ? TYPE_CMYK_FLT
                                 : values.size() == 1 ? TYPE_GRAY_FLT
                                                      : TYPE_RGB_FLT;
  cmsHTRANSFORM transform =
      cmsCreateTransform(from, format, to, TYPE_RGB_FLT, INTENT_RELATIVE_COLORIMETRIC,
                         cmsFLAGS_NOOPTIMIZE | (ink ? cmsFLAGS_BLACKPOINTCOMPENSATION : 0));
  std::vector<float> pixel;
  // In floating point, amounts of ink go to 100.
  for (const std::uint8_t value : values) pixel.push_back(value * (ink ? 100.0F : 1.0F) / 255);
  std::array<float, 3> rgb{};
  cmsDoTransform(transform, pixel.data(), rgb.data(), 1);
  cmsDeleteTransform(transform);
  cmsCloseProfile(from);
  cmsCloseProfile(to);
  std::array<int, 3> result{};
  for (std::size_t i = 0; i < 3; ++i) {
    result[i] = static_cast<int>(std::lround(std::clamp(rgb[i], 0.0F, 1.0F) * 255));
  }
  return result;
}

}  // namespace facet::detail::test
