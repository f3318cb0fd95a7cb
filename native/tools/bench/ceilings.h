#pragma once

/// What this machine can do at best, measured: the yardstick for everything else the bench measures.
namespace hone::bench {

struct Ceilings {
  double float_ops = 0;   ///< multiplications and additions of float32 per second, from registers
  double byte_ops = 0;    ///< the same of int8 products summed in int32
  double read_bytes = 0;  ///< bytes per second that all threads together read from memory
};

/// With the instruction set that the CPU backend uses, on `threads` threads at once; about two seconds.
Ceilings measure_ceilings(unsigned threads);

}  // namespace hone::bench
