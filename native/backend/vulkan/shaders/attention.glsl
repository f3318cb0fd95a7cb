// What the passes of attention share. The query heads of one group read the same keys, so they are taken together: row
// r of group g is head g · per + r % per of token r / per, with `per` query heads to a group. A workgroup holds kFew rows
// (or keys) still and lets kMany keys (or rows) pass by; products of the two are made 32 columns at a time through
// shared memory. Sums over a head's columns are owned by threads: thread i has columns i, i + THREADS, …
//
// Before this file: THREADS (constant 0), HEAD (constant 1: columns of a head); Parameters with heads, groups.

const uint kFew = 16, kMany = 32, kPart = 32;
const uint kScores = kFew * kMany / THREADS;              // per thread
const uint kColumns = (HEAD + THREADS - 1) / THREADS;     // per thread

shared float few_part[kFew * (kPart + 1)];
shared float many_part[kMany * (kPart + 1)];

// A matrix with heads side by side: of queries, whose rows are those above, or of keys.
struct Side {
  Floats values;
  uint stride;
  bool queries;
};

uint per_group() { return heads / groups; }
uint token_of(uint r) { return r / per_group(); }
uint head_of(uint group, uint r) { return group * per_group() + r % per_group(); }

uint place(Side side, uint group, uint r) {
  return side.queries ? token_of(r) * side.stride + head_of(group, r) * HEAD : r * side.stride + group * HEAD;
}

// scores[j] = few[e / kMany] · many[e % kMany] with e = thread + THREADS · j; rows beyond their counts give 0.
void tile_product(uint group, Side few, uint few0, uint few_count, Side many, uint many0, uint many_count,
                  out float scores[kScores]) {
  uint thread = gl_LocalInvocationID.x;
  [[unroll]] for (uint j = 0; j < kScores; ++j) scores[j] = 0.0;
  for (uint begin = 0; begin < HEAD; begin += kPart) {
    barrier();
    for (uint i = thread; i < kFew * kPart; i += THREADS) {
      uint r = i / kPart, c = i % kPart;
      bool inside = r < few_count && begin + c < HEAD;
      few_part[r * (kPart + 1) + c] = inside ? few.values.v[place(few, group, few0 + r) + begin + c] : 0.0;
    }
    for (uint i = thread; i < kMany * kPart; i += THREADS) {
      uint r = i / kPart, c = i % kPart;
      bool inside = r < many_count && begin + c < HEAD;
      many_part[r * (kPart + 1) + c] = inside ? many.values.v[place(many, group, many0 + r) + begin + c] : 0.0;
    }
    barrier();
    for (uint c = 0; c < kPart; ++c) {
      [[unroll]] for (uint j = 0; j < kScores; ++j) {
        uint e = thread + THREADS * j;
        scores[j] += few_part[e / kMany * (kPart + 1) + c] * many_part[e % kMany * (kPart + 1) + c];
      }
    }
  }
}
