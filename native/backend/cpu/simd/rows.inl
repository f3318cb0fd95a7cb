// The row loops, written so that a compiler turns them into vectors: fixed lanes for sums, no branches, no calls.
// Included by one file per instruction set inside its own anonymous namespace. It calls nothing from the standard
// library: an inline function compiled for AVX2 could otherwise be the one the linker keeps for every machine.

constexpr int kLanes = 16;

inline float to_float(int32_t bits) { return __builtin_bit_cast(float, bits); }
inline int32_t to_bits(float value) { return __builtin_bit_cast(int32_t, value); }

/// e^x within 1e-7 relative. x = n ln2 + r with |r| <= ln2 / 2, a polynomial of degree 6 in r, then the exponent
/// field. The argument is clamped to -87 … 87, so that neither the result nor its inverse is subnormal. Clamping the
/// bits, as whole numbers, keeps compilers from computing both sides of a choice of floats; value - value brings back
/// the NaN that it loses.
inline float exp_of(float value) {
  const int32_t bits = to_bits(value), size = bits & 0x7fffffff, limit = to_bits(87.0f);
  const float x = to_float((size < limit ? size : limit) | (bits & ~0x7fffffff));
  const float shifted = x * 1.44269504f + 12582912.0f;  // 1.5 * 2^23: the low bits now hold round(x / ln2)
  const float n = shifted - 12582912.0f;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = (p * r * r + r) + (1.0f + (value - value));
  return p * to_float((to_bits(shifted) - 0x4b400000 + 127) << 23);
}

/// Adds the lanes in halves: 8, 4, 2, 1.
template <class T>
inline T fold(T* lanes) {
  for (int half = kLanes / 2; half > 0; half /= 2) {
    for (int j = 0; j < half; ++j) lanes[j] += lanes[j + half];
  }
  return lanes[0];
}

inline float largest_lane(float* lanes) {
  for (int half = kLanes / 2; half > 0; half /= 2) {
    for (int j = 0; j < half; ++j) lanes[j] = lanes[j + half] > lanes[j] ? lanes[j + half] : lanes[j];
  }
  return lanes[0];
}

double sum_squares(const float* x, int64_t n) {
  double lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int j = 0; j < kLanes; ++j) lanes[j] += static_cast<double>(x[i + j]) * x[i + j];
  }
  for (int j = 0; i < n; ++i, ++j) lanes[j] += static_cast<double>(x[i]) * x[i];
  return fold(lanes);
}

double dot3(const float* a, const float* b, const float* c, int64_t n) {
  double lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int j = 0; j < kLanes; ++j) lanes[j] += static_cast<double>(a[i + j]) * b[i + j] * c[i + j];
  }
  for (int j = 0; i < n; ++i, ++j) lanes[j] += static_cast<double>(a[i]) * b[i] * c[i];
  return fold(lanes);
}

float dot(const float* a, const float* b, int64_t n) {
  float lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int j = 0; j < kLanes; ++j) lanes[j] += a[i + j] * b[i + j];
  }
  for (int j = 0; i < n; ++i, ++j) lanes[j] += a[i] * b[i];
  return fold(lanes);
}

float largest(const float* x, int64_t n) {
  float lanes[kLanes];
  for (int j = 0; j < kLanes; ++j) lanes[j] = x[0];
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int j = 0; j < kLanes; ++j) lanes[j] = x[i + j] > lanes[j] ? x[i + j] : lanes[j];
  }
  for (int j = 0; i < n; ++i, ++j) lanes[j] = x[i] > lanes[j] ? x[i] : lanes[j];
  return largest_lane(lanes);
}

// Magnitudes are ordered like their bits; NaN is above all.
float largest_magnitude(const float* x, int64_t n) {
  int32_t lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int j = 0; j < kLanes; ++j) {
      const int32_t size = to_bits(x[i + j]) & 0x7fffffff;
      lanes[j] = size > lanes[j] ? size : lanes[j];
    }
  }
  for (int j = 0; i < n; ++i, ++j) {
    const int32_t size = to_bits(x[i]) & 0x7fffffff;
    lanes[j] = size > lanes[j] ? size : lanes[j];
  }
  int32_t result = lanes[0];
  for (int j = 1; j < kLanes; ++j) result = lanes[j] > result ? lanes[j] : result;
  return to_float(result);
}

float exponentials(float* x, float shift, int64_t n) {
  float lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int j = 0; j < kLanes; ++j) {
      const float e = exp_of(x[i + j] - shift);
      x[i + j] = e;
      lanes[j] += e;
    }
  }
  for (int j = 0; i < n; ++i, ++j) {
    x[i] = exp_of(x[i] - shift);
    lanes[j] += x[i];
  }
  return fold(lanes);
}

void softmax_backward(float* __restrict dp, const float* __restrict p, float correction, float scale, int64_t n) {
  for (int64_t i = 0; i < n; ++i) dp[i] = scale * p[i] * (dp[i] - correction);
}

void scale(float* __restrict x, float factor, int64_t n) {
  for (int64_t i = 0; i < n; ++i) x[i] *= factor;
}

void add(float* __restrict y, const float* __restrict x, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] += x[i];
}

void add_scaled(float* __restrict y, const float* __restrict x, float factor, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] += factor * x[i];
}

void scale_bias(float* __restrict y, float factor, const float* __restrict bias, int64_t n) {
  if (bias) {
    for (int64_t i = 0; i < n; ++i) y[i] = y[i] * factor + bias[i];
  } else {
    scale(y, factor, n);
  }
}

// x and y may be the same row, so no restrict here; the compiler checks for overlap.
void normalise(float* y, const float* x, const float* w, float rho, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] = x[i] * rho * w[i];
}

void normalise_backward(float* dx, const float* x, const float* w, const float* dy, float rho, float pull,
                        bool accumulate, int64_t n) {
  if (accumulate) {
    for (int64_t i = 0; i < n; ++i) dx[i] += rho * (dy[i] * w[i] - x[i] * pull);
  } else {
    for (int64_t i = 0; i < n; ++i) dx[i] = rho * (dy[i] * w[i] - x[i] * pull);
  }
}

inline float sigmoid(float z) { return 1.0f / (1.0f + exp_of(-z)); }

/// GELU by way of (1 + tanh(t)) / 2 = e s with e = exp(2t), s = 1 / (1 + e), and 1 - tanh² = 4 e s²: products where
/// tanh itself would lose its digits to cancellation.
constexpr float kGelu = 0.7978845608f;
inline float gelu_exp(float z) { return exp_of(2.0f * kGelu * (z + 0.044715f * z * z * z)); }

inline float positive(float z) { return z > 0.0f ? z : 0.0f; }

void gate(ops::ActivationKind kind, float* y, const float* gate, const float* up, int64_t n) {
  switch (kind) {
    case ops::ActivationKind::silu:
      for (int64_t i = 0; i < n; ++i) y[i] = gate[i] * sigmoid(gate[i]) * up[i];
      return;
    case ops::ActivationKind::relu2:
      for (int64_t i = 0; i < n; ++i) y[i] = positive(gate[i]) * positive(gate[i]) * up[i];
      return;
    case ops::ActivationKind::gelu_tanh:
      for (int64_t i = 0; i < n; ++i) {
        const float z = gate[i], e = gelu_exp(z);
        y[i] = z * (e * (1.0f / (1.0f + e))) * up[i];
      }
      return;
  }
}

// dgate may be gate and dup may be up: every element is read before it is written.
void gate_backward(ops::ActivationKind kind, float* dgate, float* dup, const float* gate, const float* up,
                   const float* dy, int64_t n) {
  switch (kind) {
    case ops::ActivationKind::silu:
      for (int64_t i = 0; i < n; ++i) {
        const float z = gate[i], u = up[i], e = exp_of(-z), s = 1.0f / (1.0f + e);
        dup[i] = dy[i] * (z * s);
        dgate[i] = dy[i] * u * (s * (1.0f + z * (e * s)));  // e s is 1 - s without its cancellation
      }
      return;
    case ops::ActivationKind::relu2:
      for (int64_t i = 0; i < n; ++i) {
        const float p = positive(gate[i]), u = up[i];
        dup[i] = dy[i] * (p * p);
        dgate[i] = dy[i] * u * (2.0f * p);
      }
      return;
    case ops::ActivationKind::gelu_tanh:
      for (int64_t i = 0; i < n; ++i) {
        const float z = gate[i], u = up[i];
        const float e = gelu_exp(z), t = 1.0f / (1.0f + e), s = e * t;
        dup[i] = dy[i] * (z * s);
        dgate[i] = dy[i] * u * (s + 2.0f * z * (s * t) * kGelu * (1.0f + 0.134145f * z * z));
      }
      return;
  }
}

void rotate_halves(float* __restrict first, float* __restrict second, const float* __restrict cosine,
                   const float* __restrict sine, float sign, int64_t n) {
  for (int64_t j = 0; j < n; ++j) {
    const float a = first[j], b = second[j], c = cosine[j], s = sign * sine[j];
    first[j] = a * c - b * s;
    second[j] = a * s + b * c;
  }
}

void rotate_pairs(float* __restrict x, const float* __restrict cosine, const float* __restrict sine, float sign,
                  int64_t n) {
  for (int64_t j = 0; j < n; ++j) {
    const float a = x[2 * j], b = x[2 * j + 1], c = cosine[j], s = sign * sine[j];
    x[2 * j] = a * c - b * s;
    x[2 * j + 1] = a * s + b * c;
  }
}

// Adding 1.5 * 2^23 leaves the rounded number in the low bits.
void split(const float* __restrict x, float to_integer, int8_t* __restrict high, int8_t* __restrict low, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const int32_t value = to_bits(x[i] * to_integer + 12582912.0f) - 0x4b400000;
    const int32_t upper = (value + 128) >> 8;
    high[i] = static_cast<int8_t>(upper);
    low[i] = static_cast<int8_t>(value - upper * 256);
  }
}

void adamw(float* __restrict w, const float* __restrict g, float* __restrict m, float* __restrict v,
           const RowKernels::Moments& moments, int64_t n) {
  const RowKernels::Moments t = moments;
  for (int64_t i = 0; i < n; ++i) {
    const float gradient = t.gradient_scale * g[i];
    m[i] = t.beta1 * m[i] + (1.0f - t.beta1) * gradient;
    v[i] = t.beta2 * v[i] + (1.0f - t.beta2) * gradient * gradient;
    w[i] = w[i] * t.decay - t.rate * (m[i] * t.correction1) / (__builtin_sqrtf(v[i] * t.correction2) + t.epsilon);
  }
}

constexpr RowKernels kRowKernels = {
    sum_squares,        dot3,          dot,           largest,      largest_magnitude, exponentials,
    softmax_backward,   scale,         add,           add_scaled,   scale_bias,        normalise,
    normalise_backward, gate,          gate_backward, rotate_halves, rotate_pairs,     split,
    adamw};
