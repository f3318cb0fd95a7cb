#include "quant/q45_k.h"

#include "core/float16.h"
#include "quant/rounding.h"

#include <algorithm>
#include <cmath>

namespace hone::quant {

EncodedGroups encode_groups(const ScaleMinSearch& search, const float* x) {
  EncodedGroups out{};
  ScaleMin groups[8];
  float weights[256];
  for (int j = 0; j < 8; ++j) {
    const float* group = x + 32 * j;
    float squares = 0;
    for (int i = 0; i < 32; ++i) squares = squares + group[i] * group[i];
    const float base = std::sqrt(squares / 32.0f);
    for (int i = 0; i < 32; ++i) weights[32 * j + i] = base + std::fabs(group[i]);
  }
  for (int j = 0; j < 8; j += kScaleMinGroups) {
    search_scale_min(search, x + 32 * j, weights + 32 * j, 32, out.codes + 32 * j, groups + j);
  }
  float largest_scale = 0, largest_minimum = 0;
  for (const ScaleMin& group : groups) {
    largest_scale = std::max(largest_scale, group.scale);
    largest_minimum = std::max(largest_minimum, group.minimum);
  }

  const float inverse_scale = largest_scale > 0 ? 63.0f / largest_scale : 0.0f;
  const float inverse_minimum = largest_minimum > 0 ? 63.0f / largest_minimum : 0.0f;
  out.d = f16_from_f32(largest_scale / 63.0f);
  out.dmin = f16_from_f32(largest_minimum / 63.0f);
  const float d = f32_from_f16(out.d), dmin = f32_from_f16(out.dmin);
  for (int j = 0; j < 8; ++j) {
    const int scale = round_even(inverse_scale * groups[j].scale, 0, 63);
    const int minimum = round_even(inverse_minimum * groups[j].minimum, 0, 63);
    if (j < 4) {
      out.scales[j] = static_cast<uint8_t>(scale);
      out.scales[j + 4] = static_cast<uint8_t>(minimum);
    } else {
      out.scales[j + 4] = static_cast<uint8_t>((scale & 15) | (minimum & 15) << 4);
      out.scales[j - 4] = static_cast<uint8_t>(out.scales[j - 4] | (scale >> 4) << 6);
      out.scales[j] = static_cast<uint8_t>(out.scales[j] | (minimum >> 4) << 6);
    }
    // The codes again, now against what the decoder will multiply with.
    const float step = d * static_cast<float>(scale);
    if (step == 0) continue;
    const float shift = dmin * static_cast<float>(minimum);
    for (int i = 32 * j; i < 32 * j + 32; ++i) {
      out.codes[i] = static_cast<uint8_t>(round_even((x[i] + shift) / step, 0, search.largest_code));
    }
  }
  return out;
}

}  // namespace hone::quant
