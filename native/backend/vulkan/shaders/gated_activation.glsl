// a(z) and its slope; KIND counts as ops::ActivationKind.

layout(constant_id = 1) const uint KIND = 0;

struct Activation {
  float value, slope;
};

Activation activate(float z) {
  if (KIND == 0) {  // silu
    float sigmoid = 1.0 / (1.0 + exp(-z));
    return Activation(z * sigmoid, sigmoid * (1.0 + z * (1.0 - sigmoid)));
  }
  if (KIND == 1) {  // relu2
    float positive = max(z, 0.0);
    return Activation(positive * positive, 2.0 * positive);
  }
  // gelu_tanh; beyond ±12 tanh is ±1 in float32, and a driver's tanh may overflow there.
  const float c = 0.7978845608;
  float tau = tanh(clamp(c * (z + 0.044715 * z * z * z), -12.0, 12.0));
  float slope = 0.5 * (1.0 + tau) + 0.5 * z * (1.0 - tau * tau) * c * (1.0 + 0.134145 * z * z);
  return Activation(0.5 * z * (1.0 + tau), slope);
}
