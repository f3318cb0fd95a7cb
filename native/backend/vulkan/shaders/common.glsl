// What every shader begins with. Tensors come as addresses; a view is an address and a stride in elements.

#extension GL_EXT_buffer_reference : require
#extension GL_EXT_buffer_reference_uvec2 : require
#extension GL_EXT_control_flow_attributes : require

layout(buffer_reference, std430, buffer_reference_align = 4) buffer Floats { float v[]; };
layout(buffer_reference, std430, buffer_reference_align = 4) buffer Integers { int v[]; };
layout(buffer_reference, std430, buffer_reference_align = 4) buffer Words { uint v[]; };

// `base` and `rows` times `bytes` further, with all 64 bits of the sum.
uvec2 address_of_row(uvec2 base, uint row, uint bytes) {
  uint high, low, carry;
  umulExtended(row, bytes, high, low);
  low = uaddCarry(base.x, low, carry);
  return uvec2(low, base.y + high + carry);
}
