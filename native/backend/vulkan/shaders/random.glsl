// The counter-based generator of core/random.h, in two halves of 32 bits: (low, high).

uvec2 multiply64(uvec2 a, uvec2 b) {
  uint high, low;
  umulExtended(a.x, b.x, high, low);
  return uvec2(low, high + a.x * b.y + a.y * b.x);
}

uvec2 add64(uvec2 a, uvec2 b) {
  uint carry;
  uint low = uaddCarry(a.x, b.x, carry);
  return uvec2(low, a.y + b.y + carry);
}

uvec2 shifted_xor(uvec2 z, uint bits) { return z ^ uvec2((z.x >> bits) | (z.y << (32 - bits)), z.y >> bits); }

uvec2 mix64(uvec2 z) {
  z = multiply64(shifted_xor(z, 30), uvec2(0x1ce4e5b9u, 0xbf58476du));
  z = multiply64(shifted_xor(z, 27), uvec2(0x133111ebu, 0x94d049bbu));
  return shifted_xor(z, 31);
}

// The 24 bits that random_uniform is made of. `counter` is row · columns + column.
uint random24(uvec2 key, uint row, uint columns, uint column) {
  uvec2 counter;
  umulExtended(row, columns, counter.y, counter.x);
  counter = add64(counter, uvec2(column, 0));
  uvec2 golden = uvec2(0x7f4a7c15u, 0x9e3779b9u);
  uvec2 stream = add64(multiply64(counter, golden), uvec2(0xd192ed03u, 0xd1b54a32u));
  return mix64(mix64(add64(key, golden)) ^ stream).y >> 8;
}
