// Product of four signed bytes with four signed bytes, summed. With HONE_DOT by the instruction made for it.

#ifdef HONE_DOT
#extension GL_EXT_spirv_intrinsics : require
spirv_instruction(extensions = ["SPV_KHR_integer_dot_product"], capabilities = [6018, 6019], id = 4450)
int signed_dot(uint a, uint b, spirv_literal int format);
#define dot4(a, b) signed_dot(a, b, 0)
#else
int dot4(uint a, uint b) {
  ivec4 left = ivec4(int(a) << 24, int(a) << 16, int(a) << 8, int(a)) >> 24;
  ivec4 right = ivec4(int(b) << 24, int(b) << 16, int(b) << 8, int(b)) >> 24;
  ivec4 product = left * right;
  return product.x + product.y + product.z + product.w;
}
#endif

// Codes 0 to 3, one to a byte, as the weights code - 1 in signed bytes.
uint signed_weights(uint codes) { return ((codes | 0x80808080u) - 0x01010101u) ^ 0x80808080u; }
